"""How sure a figure from past cases is: intervals that hold 95 times in 100, and words for few cases.

Nothing here is drawn by chance from outside: resampling has a fixed seed, so the same cases give the same interval.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import sqrt

FEW = 30
"""Below so many decided cases a share is told with a warning in words."""
LEAST_WEEKS = 8
"""Below so many weeks nothing is said about how sure a yearly cost is."""
MOST_WEEKS = 1_040
"""Beyond so many weeks, twenty years, nothing is said of it either: a promise is not built on them."""
RESAMPLES = 2_000
YEAR = 365
_SEED = 20_26
_Z = 1.959963984540054  # the normal quantile that leaves 2.5 % on either side


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of an interval; the true value lies between them 95 times in 100."""

    low: float
    high: float


class Unsure(StrEnum):
    """Why a yearly cost, and how sure it is, cannot be said."""

    SHORT = "too few weeks"
    SPARSE = "too many weeks without a case"
    LONG = "too many weeks"


def unsure(weeks: int, with_cases: int) -> Unsure | None:
    """Why so many weeks, some of them with cases, say nothing of a yearly cost; `None` when they do.

    >>> unsure(52, 50), unsure(520, 53)
    (None, <Unsure.SPARSE: 'too many weeks without a case'>)
    """
    if weeks < LEAST_WEEKS:
        return Unsure.SHORT
    if weeks > MOST_WEEKS:
        return Unsure.LONG
    return Unsure.SPARSE if 2 * with_cases < weeks else None


def wilson(count: int, of: int) -> Interval | None:
    """Wilson's score interval for a share, as if the cases were independent; `None` when there are none.

    Source: E. B. Wilson, Probable inference, 1927.

    >>> interval = wilson(10, 100)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0552, 0.1744)
    """
    if not of:
        return None
    share, square = count / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return Interval(0.0 if count == 0 else middle - half, 1.0 if count == of else middle + half)


def by_resampled_weeks(weekly: Sequence[int]) -> Interval | None:
    """The interval of a total, had the same number of weeks been drawn from these weeks again and again.

    Whole weeks are drawn, because failures come together: a storm, a strike, a crew away. Series of equally many
    weeks are drawn alike, so that two pledges are compared over the same weeks. `None` below `LEAST_WEEKS` and
    beyond `MOST_WEEKS` weeks. Percentile bootstrap, 2,000 resamples, fixed seed.

    >>> by_resampled_weeks([100] * 10)
    Interval(low=1000.0, high=1000.0)
    """
    return _resampled(tuple(weekly)) if LEAST_WEEKS <= len(weekly) <= MOST_WEEKS else None


@lru_cache(maxsize=128)  # tables, figures and the report each ask for the same intervals
def _resampled(weekly: tuple[int, ...]) -> Interval:
    # Which places are drawn depends on the seed and on how many there are, never on what stands there.
    chance = random.Random(_SEED)  # noqa: S311 - a fixed seed is wanted: the same cases, the same interval
    totals = sorted(sum(chance.choices(weekly, k=len(weekly))) for _ in range(RESAMPLES))
    cut = RESAMPLES // 40
    return Interval(float(totals[cut - 1]), float(totals[-cut]))


def one_way(there: int, back: int) -> bool:
    """Whether changes in one direction outweigh those in the other by more than chance: 95 times in 100.

    Wilson's interval of one direction's share among the changes leaves out one half (McNemar's test).

    >>> one_way(9, 1), one_way(3, 1)
    (True, False)
    """
    interval = wilson(there, there + back)
    return interval is not None and not interval.low <= 0.5 <= interval.high
