"""Medians and other ranks over journeys, with exact intervals, by the places of sorted values.

Every engine has its own quantile; places in an order they all have. Only the few values wanted are fetched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp, floor, lgamma, log, sqrt

import narwhals.stable.v2 as nw

from ...program.build import Frame, whole
from ...sureness import Interval
from ..measure import Definition, Measure
from ..store import Store
from .ratios import grouped, lacking

RANKED = "exact (order statistics)"
_TAIL = 0.025
_VALUE = "value ranked"
_Place = tuple[int, str, int]
"""Which grouping, the group there, and the place among its sorted values."""

_KEYS = ["which", "group"]
_BINS = 4_096
_FAR = 12
"""So many standard deviations from the middle of a binomial distribution nothing is left that could be seen."""


@dataclass(frozen=True, kw_only=True)
class Rank:
    """A measure that is the value below which a share of the journeys lies: 0.5 for the median.

    Between two journeys the value is interpolated: among n sorted values it stands at place 1 + share * (n - 1).
    """

    definition: Definition
    share: float


@dataclass(frozen=True, kw_only=True)
class _Group:
    key: tuple[int, str]
    n: int
    unknown: int


def ranks(
    rows: Frame,
    value: str,
    wanted: Sequence[Rank],
    *,
    store: Store,
    by: Sequence[str],
    known: Collection[str],
    per: float = 1,
) -> list[Measure]:
    """Every rank of a column over all rows, each a journey, then by each value of each column of `by`.

    `per` is how much of the column makes one of the measure's unit: microseconds of a day, say. Rows without a value
    count as unknown. What `by` and `known` mean is as for `ratios.told`.
    """
    measures = [
        Measure(definition=each.definition, value=None, n=0, lacks=lacks)
        for each in wanted
        if (lacks := lacking(each.definition, known))
    ]
    able = [each for each in wanted if not lacking(each.definition, known)]
    if not able:
        return measures
    columns = [column for column in by if column in known]
    plain = rows.select(*columns, nw.col(value).cast(nw.Float64).alias(_VALUE), rows=nw.lit(1.0))
    binned = _binned(grouped(plain, columns, "rows", [_VALUE], store), plain, store)
    bins = store.keep(binned.group_by(*_KEYS, "bin").agg(values=nw.len()))
    groups = _groups(bins, store)
    places = {(*each.key, place) for each in groups for place in _places(each.n, able)}
    values = {key: found / per for key, found in _values(binned, bins, places, store).items()}
    store.drop(bins)
    for group in groups:
        by_group = {columns[group.key[0] - 1]: group.key[1]} if group.key[0] else {}
        measures += [_measure(each, group, values, by_group) for each in able]
    return measures


def _binned(frame: Frame, plain: Frame, store: Store) -> Frame:
    """With `bin`: all values are put into bins of equal width; null where there is no value."""
    value = nw.col(_VALUE)
    (ends,) = store.rows(plain.select(least=value.min(), most=value.max()))
    least, most = (float(ends[end] or 0) for end in ("least", "most"))
    place = ((value - least) * (_BINS / (most - least))).floor().cast(nw.Int64) if most > least else whole(0)
    return frame.with_columns(bin=nw.when(~value.is_null()).then(place))


def _groups(bins: Frame, store: Store) -> list[_Group]:
    """All rows, then the groups of each column, those with most rows first, then by name."""
    values = nw.col("values").cast(nw.Int64)
    known = nw.when(~nw.col("bin").is_null()).then(values)
    counted = bins.group_by(*_KEYS).agg(rows=values.sum(), n=known.sum())
    rows = sorted(store.rows(counted), key=lambda row: (int(row["which"]), -int(row["rows"]), str(row["group"])))
    found = [
        _Group(key=(int(row["which"]), str(row["group"])), n=n, unknown=int(row["rows"]) - n)
        for row in rows
        for n in (int(row["n"] or 0),)
    ]
    return found or [_Group(key=(0, ""), n=0, unknown=0)]


def _values(binned: Frame, bins: Frame, wanted: set[_Place], store: Store) -> dict[_Place, float]:
    """The values at some places of the sorted values of some groups.

    Only those in a bin that holds a wanted place are sorted.
    """
    places = store.frame(
        {"which": nw.Int64, "group": nw.String, "place": nw.Int64},
        [{"which": which, "group": group, "place": place} for which, group, place in sorted(wanted)],
    )
    upto = nw.col("values").cum_sum().over(*_KEYS, order_by="bin").cast(nw.Int64)
    known = bins.filter(~nw.col("bin").is_null()).with_columns(upto=upto)
    before = nw.col("place") - (nw.col("upto") - nw.col("values").cast(nw.Int64))
    inside = known.join(places, on=_KEYS).with_columns(nth=before)
    inside = inside.filter(nw.col("nth") > 0, nw.col("place") <= nw.col("upto"))
    inside = store.keep(inside.select(*_KEYS, "bin", "place", "nth"))
    few = store.keep(binned.join(inside.select(*_KEYS, "bin").unique(), on=[*_KEYS, "bin"], how="semi"))
    nth = nw.col(_VALUE).cum_count().over(*_KEYS, "bin", order_by=_VALUE).cast(nw.Int64)
    rows = store.rows(few.with_columns(nth=nth).join(inside, on=[*_KEYS, "bin", "nth"]))
    store.drop(few, inside, places)
    return {(int(row["which"]), str(row["group"]), int(row["place"])): float(row[_VALUE]) for row in rows}


def _places(n: int, wanted: Sequence[Rank]) -> set[int]:
    places = {place for each in wanted for place in (*_between(n, each.share), *(_ends(n, each.share) or ()))}
    return places if n else set()


def _between(n: int, share: float) -> tuple[int, int]:
    """The places below and above the one that is wanted, the same where it is whole."""
    at = 1 + share * (n - 1)
    return floor(at + 1e-9), ceil(at - 1e-9)


def _measure(
    rank: Rank, group: _Group, values: Mapping[_Place, float], by: Mapping[str, str]
) -> Measure:  # fmt: skip
    if not group.n:
        nothing = (f"{rank.definition.of} of which it is known",)
        return Measure(definition=rank.definition, value=None, n=0, unknown=group.unknown, by=by, lacks=nothing)
    low, high = (values[*group.key, place] for place in _between(group.n, rank.share))
    part = rank.share * (group.n - 1) % 1 if low != high else 0.0
    ends = _ends(group.n, rank.share)
    return Measure(
        definition=rank.definition,
        value=low + part * (high - low),
        n=group.n,
        unknown=group.unknown,
        interval=Interval(values[*group.key, ends[0]], values[*group.key, ends[1]]) if ends else None,
        method=RANKED if ends else "",
        by=by,
    )


@lru_cache(maxsize=1024)
def _ends(n: int, share: float) -> tuple[int, int] | None:
    """The places between which the true rank lies at least 95 times in 100; `None` with too few values.

    Source: W. J. Conover, Practical nonparametric statistics, confidence intervals for quantiles.

    >>> _ends(5, 0.5), _ends(10, 0.5)
    (None, (2, 9))
    """
    middle, spread = n * share, sqrt(n * share * (1 - share))
    first, last = max(0, floor(middle - _FAR * spread)), min(n, ceil(middle + _FAR * spread))
    below, low, high = 0.0, 0, 0  # `below`: how likely it is that at most so many values lie below the true rank
    ways = lgamma(n + 1) - lgamma(first + 1) - lgamma(n - first + 1)
    likely = exp(ways + first * log(share) + (n - first) * log(1 - share))  # that exactly so many do
    for count in range(first, last + 1):
        below += likely
        likely *= (n - count) / (count + 1) * share / (1 - share)
        if below <= _TAIL:
            low = count + 1
        if below >= 1 - _TAIL:
            high = count + 1
            break
    return (low, high) if low and 0 < high <= n else None
