"""How sure a measure of journeys is: whole blocks of journeys drawn again, or the exact interval of a share.

Contacts come in journeys, so a quantity by contact is resampled by journeys; a share of journeys has an exact interval.
Nothing is drawn by chance from outside: the seed is fixed, so the same journeys give the same interval.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import exp, lgamma, log, log1p
from operator import itemgetter
from struct import Struct
from typing import Any

from ...sureness import Interval

RESAMPLED = "bootstrap over journeys"
EXACT = "exact (Clopper-Pearson)"
NONE_SEEN = "exact for none seen (Poisson)"
LEAST_BLOCKS = 8
"""Below so many blocks that say anything, nothing is said about how sure a quantity is."""
DRAWS = 1_000
_SEED = 20_26
_LEAST_DRAWS = 950  # so many draws must give a value at all
_TAIL = 0.025
_CLOSE = 1e-8
"""A step so small beside where it begins is the last: each one doubles the digits that are right."""

Sums = Sequence[float]
Value = Callable[[Sums], float | None]
Column = tuple[float, ...]
"""One sum over each block."""
Draw = Callable[[Sequence[Any]], tuple[Any, ...]]

_LARGEST = 2**64
_NONE: Mapping[Column, Sequence[float]] = {}


def quotient(sums: Sums) -> float | None:
    """The first sum over the second; `None` when that is 0.

    >>> quotient((9, 2)), quotient((9, 0))
    (4.5, None)
    """
    over, under = sums
    return over / under if under else None


def resampled(
    blocks: Sequence[Sums], value: Value = quotient, totals: Mapping[Column, Sequence[float]] = _NONE
) -> Interval | None:
    """The interval of a value worked out from sums over blocks of journeys, had other such blocks been met.

    Each block holds the same sums of its journeys, `(over, under)` for a plain ratio; the value is worked out from the
    sums of all blocks. Blocks are drawn with replacement, 1,000 times, the same draws for any equally many blocks, so
    that two measures are resampled alike; percentiles 2.5 and 97.5. Blocks of which all sums are 0 are drawn too: a
    group may be missing from them. `None` when fewer than `LEAST_BLOCKS` others are there, or when more than 1 draw
    in 20 gives no value. With fewer than some 20 blocks such intervals are a little too narrow. `totals` may hold what
    `drawn` gave for the columns of the blocks.

    >>> resampled([(9, 2)] * 10)
    Interval(low=4.5, high=4.5)
    """
    return resampled_columns(list(zip(*blocks, strict=True)), value, totals)


def resampled_columns(
    columns: Sequence[Column], value: Value = quotient, totals: Mapping[Column, Sequence[float]] = _NONE
) -> Interval | None:
    """The same, given the blocks sum by sum."""
    if telling_blocks(columns) < LEAST_BLOCKS:
        return None
    known = totals if all(column in totals for column in columns) else drawn(columns)
    totals_drawn = [known[column] for column in columns]
    if value is quotient:  # most are, and a call for each draw takes as long as all the rest
        over, under = totals_drawn
        return _middle([x / y for x, y in zip(over, under, strict=True) if y])
    return _middle([each for each in map(value, zip(*totals_drawn, strict=True)) if each is not None])


def telling_blocks(columns: Sequence[Column]) -> int:
    """How many blocks say anything: not all of their sums are 0."""
    return sum(map(any, zip(*columns, strict=True)))


def _middle(values: list[float]) -> Interval | None:
    values.sort()
    if len(values) < _LEAST_DRAWS:
        return None
    cut = round(len(values) * _TAIL)
    return Interval(float(values[cut - 1]), float(values[-cut]))


def drawn(columns: Iterable[Column]) -> dict[Column, Sequence[float]]:
    """The totals of each sum in all draws, all sums of equally many blocks. Some hundred at once take little time.

    >>> set(drawn([(2.0,) * 10])[(2.0,) * 10])
    {20}
    """
    wanted = dict.fromkeys(columns)
    together = [column for column in wanted if _is_whole(column)]
    totals: dict[Column, Sequence[float]] = {
        column: [sum(draw(column)) for draw in _draws(len(column))] for column in wanted.keys() - set(together)
    }
    return totals | dict(zip(together, _added_together(together), strict=True))


def _is_whole(column: Column) -> bool:
    """Whether all are whole numbers from 0 of which no total needs more than a place's 64 bits."""
    return max(column) * len(column) < _LARGEST and all(each >= 0 and each % 1 == 0 for each in column)


def _added_together(columns: Sequence[Column]) -> Iterable[Sequence[float]]:
    """The totals of columns of whole numbers: one long number for each block holds them all, so one addition adds all.

    As digits stand side by side in a number of many digits; none ever carries into the next.
    """
    if not columns:
        return ()
    places = Struct(f"<{len(columns)}Q")
    rows = (places.pack(*map(int, block)) for block in zip(*columns, strict=True))
    blocks = [int.from_bytes(row, "little") for row in rows]
    added = (sum(draw(blocks)).to_bytes(places.size, "little") for draw in _draws(len(blocks)))
    return zip(*map(places.unpack, added), strict=True)


@lru_cache(maxsize=8)  # all measures of a log have the same number of blocks
def _draws(blocks: int) -> tuple[Draw, ...]:
    chance = random.Random(_SEED)  # noqa: S311 - a fixed seed is wanted: the same journeys, the same interval
    return tuple(itemgetter(*chance.choices(range(blocks), k=blocks)) for _ in range(DRAWS))


def exact(count: int, of: int) -> Interval | None:
    """The exact interval of a share, `count` of `of` independent journeys; `None` when there are none.

    Source: C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits, Biometrika 26, 1934.

    >>> interval = exact(10, 100)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.049, 0.1762)
    """
    if not of:
        return None
    low = 0.0 if count == 0 else _quantile(_TAIL, count, of - count + 1)
    high = 1.0 if count == of else _quantile(1 - _TAIL, count + 1, of - count)
    return Interval(low, high)


def _quantile(share: float, a: float, b: float) -> float:
    """Where the beta distribution reaches a share: by Newton's way, and by halving where that would lead astray."""
    low, high, near = 0.0, 1.0, a / (a + b)
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    while low < near < high:
        above = _beta(near, a, b) - share
        low, high = (low, near) if above >= 0 else (near, high)
        step = above / exp(scale + (a - 1) * log(near) + (b - 1) * log1p(-near))
        if abs(step) <= _CLOSE * near:
            return near - step
        near = near - step if low < near - step < high else (low + high) / 2
    return near


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction where that converges quickly."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's way of working out a continued fraction; see W. H. Press and others, Numerical recipes, 6.4."""
    tiny, close = 1e-300, 1e-15
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    result = d
    m = 0
    while True:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            result *= c * d
        if abs(c * d - 1) < close:
            return result


def none_seen(of: int) -> Interval | None:
    """How often something may come for each of so many, of which none came: exact for events that come by chance alone.

    Drawing again what never came would call it certain. Source: the Poisson distribution; 2.5 % lie above.

    >>> round(none_seen(100).high, 4)
    0.0369
    """
    return Interval(low=0.0, high=-log(0.025) / of) if of else None
