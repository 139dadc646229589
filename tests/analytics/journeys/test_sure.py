"""How sure a measure of journeys is: intervals that are right, the same each time, and silent with too little."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from makegood.analytics.journeys.measures.avoidable import kappa
from makegood.analytics.journeys.measures.sure import LEAST_BLOCKS, exact, quotient, resampled


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # R. G. Newcombe, Two-sided confidence intervals for the single proportion, 1998, method 5.
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0000, 0.1684),
        (1, 29, 0.0009, 0.1776),
        # By hand: 1 - 0.025 ** (1 / 10), and its mirror image.
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
    ],
)
def test_a_share_has_the_published_exact_interval(count: int, of: int, low: float, high: float) -> None:
    interval = exact(count, of)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


@given(some.integers(1, 3_000_000).flatmap(lambda of: some.tuples(some.integers(0, of), some.just(of))))
def test_the_exact_interval_holds_the_share_and_mirrors_that_of_the_others(share: tuple[int, int]) -> None:
    count, of = share
    interval, others = exact(count, of), exact(of - count, of)
    assert interval is not None
    assert others is not None
    assert 0 <= interval.low <= count / of <= interval.high <= 1
    assert (1 - others.high, 1 - others.low) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_no_journeys_have_no_interval() -> None:
    assert exact(0, 0) is None
    assert resampled([]) is None
    assert resampled([(0, 0)] * 20) is None


def test_blocks_without_anything_do_not_count_towards_the_least() -> None:
    some_blocks = [(3.0, 1.0)] * (LEAST_BLOCKS - 1)
    assert resampled([*some_blocks, (0, 0), (0, 0)]) is None
    assert resampled([*some_blocks, (3, 1)]) is not None


def test_the_same_blocks_always_give_the_same_interval() -> None:
    blocks = [(float(place % 7), 2.0) for place in range(30)]
    first = resampled(blocks)
    assert first is not None
    assert resampled(list(blocks)) == first
    assert first.low < sum(over for over, _ in blocks) / 60 < first.high


def test_an_interval_is_wider_where_blocks_differ_more() -> None:
    even, odd = resampled([(4, 1), (5, 1)] * 20), resampled([(0, 1), (9, 1)] * 20)
    assert even is not None
    assert odd is not None
    assert odd.high - odd.low > 5 * (even.high - even.low)


def test_nothing_is_said_when_many_draws_give_no_value() -> None:
    assert resampled([(1, 0)] * 20 + [(1, 1)]) is None


def test_any_value_of_sums_can_be_resampled() -> None:
    interval = resampled([(2, 0, 0, 2), (1, 1, 1, 1)] * 20, kappa)
    assert interval is not None
    assert interval.low < 0.5 < interval.high


def test_the_true_ratio_lies_in_the_interval_about_95_times_in_100() -> None:
    chance = random.Random(4)
    held, tries = 0, 300
    for _ in range(tries):
        # A block has 1 to 6 journeys, each of 1 to 8 contacts: 4.5 for each on average.
        journeys = [chance.randint(1, 6) for _ in range(60)]
        blocks = [(float(sum(chance.randint(1, 8) for _ in range(number))), float(number)) for number in journeys]
        interval = resampled(blocks)
        assert interval is not None
        held += interval.low <= 4.5 <= interval.high
    assert 0.90 <= held / tries <= 0.98


def test_what_is_divided_by_nothing_has_no_value() -> None:
    assert quotient((3, 0)) is None
    assert quotient((3, 2)) == 1.5
