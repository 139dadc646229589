"""How sure: intervals that are right, the same each time, and honest about few cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from makegood.analytics.sureness import LEAST_WEEKS, by_resampled_weeks, one_way, wilson


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


@pytest.mark.parametrize(("there", "back", "sure"), [(5, 0, True), (3, 0, False), (10, 8, False), (60, 30, True)])
def test_a_direction_is_only_claimed_when_the_interval_allows(there: int, back: int, *, sure: bool) -> None:
    assert one_way(there, back) is sure
    assert one_way(back, there) is sure
