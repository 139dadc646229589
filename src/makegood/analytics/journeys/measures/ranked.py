"""Medians and other ranks over journeys, with exact intervals, by the places of sorted values.

Every engine has its own quantile; places in an order they all have. Only the few values wanted are fetched.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
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
_KEYS = ["value", "which", "group"]
_Key = tuple[int, int, str]
"""Which value, which grouping, and the group there."""
_Place = tuple[int, int, str, int]
"""The same, and the place among its sorted values."""

_BINS = 512
_FAR = 12
"""So many standard deviations from the middle of a binomial distribution nothing is left that could be seen."""


@dataclass(frozen=True, kw_only=True)
class Rank:
    """A measure that is the number below which a share of the journeys lies: 0.5 for the median.

    It is of the value called `value`, and `per` is how much of that makes one of the measure's unit: microseconds of a
    day, say. Of some values a journey has none, such as a wait where there was one contact: then (`may_lack`) those
    without it are left out, not told as unknown. Between two journeys the number is interpolated: among n sorted ones
    it stands at place 1 + share * (n - 1).
    """

    definition: Definition
    share: float
    value: str
    per: float = 1
    may_lack: bool = False


@dataclass(frozen=True, kw_only=True)
class _Group:
    """How many rows of a group have the value and have it not, and in order how many have it in each bin."""

    key: _Key
    n: int
    unknown: int
    bins: Sequence[tuple[int, int]]

    def inside(self, places: Collection[int]) -> Iterator[Mapping[str, int | str]]:
        """For each place among the group's sorted values its bin, and which of the bin's values it is."""
        ends = list(accumulate(count for _, count in self.bins))
        for place in places:
            at = bisect_left(ends, place)
            nth = place - (ends[at - 1] if at else 0)
            yield {**dict(zip(_KEYS, self.key, strict=True)), "bin": self.bins[at][0], "place": place, "nth": nth}


def ranks(
    rows: Frame,
    values: Mapping[str, nw.Expr],
    wanted: Sequence[Rank],
    *,
    store: Store,
    by: Sequence[str],
    known: Collection[str],
) -> list[Measure]:
    """Every rank of some values over all rows, each a journey, then by each value of each column of `by`.

    Rows without a value count as unknown, unless they may lack it. What `by` and `known` mean is as for `ratios.told`.
    All values are put into bins and counted; then only those are sorted that share a bin with one that is wanted.
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
    names = list(dict.fromkeys(each.value for each in able))
    binned = _binned(rows, [values[name] for name in names], columns, store)
    groups = _groups(binned, len(names), store)
    ours = {name: [each for each in able if each.value == name] for name in names}
    found = _values(
        binned, {group.key: (group, _places(group.n, ours[names[group.key[0]]])) for group in groups}, store
    )
    for group in groups:
        value, which, name = group.key
        by_group = {columns[which - 1]: name} if which else {}
        measures += [
            _measure(each, group, found, by_group)
            for each in ours[names[value]]
            if group.n or not (each.may_lack and by_group)
        ]
    return measures


def _binned(rows: Frame, values: Sequence[nw.Expr], columns: Sequence[str], store: Store) -> Frame:
    """The rows once more for each value and grouping, with `bin`: null where there is no value.

    The fourth root of how far a value lies above the least says its bin: it grows with the value, and one journey that
    took years does not press all others into one bin.
    """
    told = rows.select(*columns, **{f"{_VALUE} {at}": each.cast(nw.Float64) for at, each in enumerate(values)})
    names = [f"{_VALUE} {at}" for at in range(len(values))]
    (ends,) = store.rows(
        told.select(nw.col(*names).min().name.suffix(" least"), nw.col(*names).max().name.suffix(" most"))
    )
    sides = []
    for at, each in enumerate(names):
        least, most = (float(ends[f"{each} {end}"] or 0) for end in ("least", "most"))
        far = (nw.col(each) - least).sqrt().sqrt() * (_BINS / sqrt(sqrt(most - least)) if most > least else 0.0)
        placed = nw.when(~nw.col(each).is_null()).then(far.floor().cast(nw.Int64))
        sides.append(told.select(*columns, nw.col(each).alias(_VALUE), value=whole(at), bin=placed, rows=nw.lit(1.0)))
    both = nw.concat(sides) if len(sides) > 1 else sides[0]
    return grouped(both, columns, "rows", [_VALUE, "value", "bin"], store)


def _groups(binned: Frame, values: int, store: Store) -> list[_Group]:
    """For each value all rows, then the groups of each column, those with most rows first, then by name."""
    counted = store.columns(binned.group_by(*_KEYS, "bin").agg(rows=nw.len()))
    found: dict[_Key, list[tuple[int | None, int]]] = defaultdict(list)
    for value, which, group, place, count in zip(*(counted[each] for each in (*_KEYS, "bin", "rows")), strict=True):
        if group is not None:
            found[value, which, group].append((place, count))
    groups = [
        _Group(
            key=key,
            n=sum(count for place, count in bins if place is not None),
            unknown=sum(count for place, count in bins if place is None),
            bins=sorted((place, count) for place, count in bins if place is not None),
        )
        for key, bins in found.items()
    ]
    groups.sort(key=lambda each: (*each.key[:2], -each.n - each.unknown, each.key[2]))
    return groups or [_Group(key=(value, 0, ""), n=0, unknown=0, bins=()) for value in range(values)]


def _values(
    binned: Frame, wanted: Mapping[_Key, tuple[_Group, Collection[int]]], store: Store
) -> dict[_Place, float]:  # fmt: skip
    """The values at some places of the sorted values of some groups."""
    kinds = {
        "value": nw.Int64,
        "which": nw.Int64,
        "group": nw.String,
        "bin": nw.Int64,
        "place": nw.Int64,
        "nth": nw.Int64,
    }
    inside = store.frame(kinds, [row for group, places in wanted.values() for row in group.inside(sorted(places))])
    few = binned.join(inside.select(*_KEYS, "bin"), on=[*_KEYS, "bin"], how="semi")
    nth = nw.col(_VALUE).cum_count().over(*_KEYS, "bin", order_by=_VALUE).cast(nw.Int64)
    rows = store.rows(few.with_columns(nth=nth).join(inside, on=[*_KEYS, "bin", "nth"]))
    store.drop(inside)
    return {(row["value"], row["which"], row["group"], row["place"]): float(row[_VALUE]) for row in rows}


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
    unknown = 0 if rank.may_lack else group.unknown
    if not group.n:
        nothing = (f"{rank.definition.of} of which it is known",)
        return Measure(definition=rank.definition, value=None, n=0, unknown=unknown, by=by, lacks=nothing)
    low, high = (values[*group.key, place] / rank.per for place in _between(group.n, rank.share))
    part = rank.share * (group.n - 1) % 1 if low != high else 0.0
    ends = _ends(group.n, rank.share)
    return Measure(
        definition=rank.definition,
        value=low + part * (high - low),
        n=group.n,
        unknown=unknown,
        interval=Interval(*(values[*group.key, end] / rank.per for end in ends)) if ends else None,
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
