"""How sure a figure from past cases is: intervals that hold 95 times in 100, and words for few cases.

Nothing here is drawn by chance from outside: resampling has a fixed seed, so the same cases give the same interval.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

FEW = 30
"""Below so many decided cases a share is told with a warning in words."""
LEAST_WEEKS = 8
"""Below so many weeks nothing is said about how sure a yearly cost is."""
RESAMPLES = 2_000
YEAR = 365
_SEED = 20_26
_Z = 1.959963984540054  # the normal quantile that leaves 2.5 % on either side


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of an interval; the true value lies between them 95 times in 100."""

    low: float
    high: float


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

    Whole weeks are drawn, because failures come together: a storm, a strike, a crew away. `None` below
    `LEAST_WEEKS` weeks. Percentile bootstrap, 2,000 resamples, fixed seed.

    >>> by_resampled_weeks([100] * 10)
    Interval(low=1000.0, high=1000.0)
    """
    if len(weekly) < LEAST_WEEKS:
        return None
    totals = sorted(sum(map(weekly.__getitem__, drawn)) for drawn in _draws(len(weekly)))
    cut = RESAMPLES // 40
    return Interval(float(totals[cut - 1]), float(totals[-cut]))


@lru_cache(maxsize=4)
def _draws(weeks: int) -> tuple[tuple[int, ...], ...]:
    """The same draws for every series of so many weeks, so that two pledges are compared over the same weeks."""
    chance = random.Random(_SEED)  # noqa: S311 - a fixed seed is wanted: the same cases, the same interval
    return tuple(tuple(chance.choices(range(weeks), k=weeks)) for _ in range(RESAMPLES))


def one_way(there: int, back: int) -> bool:
    """Whether changes in one direction outweigh those in the other by more than chance: 95 times in 100.

    Wilson's interval of one direction's share among the changes leaves out one half (McNemar's test).

    >>> one_way(9, 1), one_way(3, 1)
    (True, False)
    """
    interval = wilson(there, there + back)
    return interval is not None and not interval.low <= 0.5 <= interval.high
