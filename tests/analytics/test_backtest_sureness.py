"""How sure: intervals that are right, the same each time, and honest about few cases."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as some

from makegood.analytics.sureness import LEAST_WEEKS, MOST_WEEKS, Unsure, by_resampled_weeks, one_way, unsure, wilson


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Agresti and Coull, 1998; Brown, Cai and DasGupta, 2001; and by hand.
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_a_share_has_the_published_interval(count: int, of: int, low: float, high: float) -> None:
    interval = wilson(count, of)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


@given(some.integers(1, 5000).flatmap(lambda of: some.tuples(some.integers(0, of), some.just(of))))
def test_the_interval_holds_the_share_and_stays_between_none_and_all(share: tuple[int, int]) -> None:
    count, of = share
    interval = wilson(count, of)
    assert interval is not None
    assert 0 <= interval.low <= count / of <= interval.high <= 1


def test_no_cases_have_no_interval() -> None:
    assert wilson(0, 0) is None
    assert not one_way(0, 0)


def test_the_same_weeks_always_give_the_same_interval() -> None:
    weekly = [0, 500, 120, 0, 0, 9_000, 40, 310, 0, 75]
    first = by_resampled_weeks(weekly)
    assert first is not None
    assert by_resampled_weeks(list(weekly)) == first
    assert first.low < sum(weekly) < first.high


def test_steady_weeks_are_sure_and_one_storm_makes_a_cost_unsure() -> None:
    steady, stormy = by_resampled_weeks([1000] * 52), by_resampled_weeks([0] * 51 + [52_000])
    assert steady is not None
    assert stormy is not None
    assert (steady.low, steady.high) == (52_000, 52_000)
    assert stormy.low == 0
    assert stormy.high >= 104_000


def test_too_few_weeks_have_no_interval() -> None:
    assert by_resampled_weeks([100] * (LEAST_WEEKS - 1)) is None
    assert by_resampled_weeks([100] * LEAST_WEEKS) is not None


def test_two_series_are_compared_over_the_same_drawn_weeks() -> None:
    weekly = [random.Random(7).randrange(90_000) for _ in range(60)]
    once, twice, less = (by_resampled_weeks([times * pence for pence in weekly]) for times in (1, 2, -1))
    assert once is not None
    assert twice is not None
    assert less is not None
    assert (twice.low, twice.high) == (2 * once.low, 2 * once.high)
    assert (less.low, less.high) == (-once.high, -once.low)


def test_an_interval_stays_as_it_was_from_one_release_to_the_next() -> None:
    interval = by_resampled_weeks([number * number * 7919 % 10_007 for number in range(61)])
    assert interval is not None
    assert (interval.low, interval.high) == (258_201, 346_067)


def test_many_weeks_take_little_memory() -> None:
    weekly = list(range(MOST_WEEKS))
    tracemalloc.start()
    try:
        assert by_resampled_weeks(weekly) is not None
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_more_weeks_than_a_promise_is_built_on_have_no_interval() -> None:
    assert by_resampled_weeks([100] * (MOST_WEEKS + 1)) is None


@pytest.mark.parametrize(
    ("weeks", "with_cases", "why"),
    [
        (LEAST_WEEKS - 1, 7, Unsure.SHORT), (LEAST_WEEKS, 8, None), (52, 26, None), (52, 25, Unsure.SPARSE),
        (MOST_WEEKS, 900, None), (MOST_WEEKS + 1, 1_041, Unsure.LONG),
    ],
)  # fmt: skip
def test_it_is_said_why_nothing_is_sure(weeks: int, with_cases: int, why: Unsure | None) -> None:
    assert unsure(weeks, with_cases) is why


@pytest.mark.parametrize(("there", "back", "sure"), [(5, 0, True), (3, 0, False), (10, 8, False), (60, 30, True)])
def test_a_direction_is_only_claimed_when_the_interval_allows(there: int, back: int, *, sure: bool) -> None:
    assert one_way(there, back) is sure
    assert one_way(back, there) is sure
