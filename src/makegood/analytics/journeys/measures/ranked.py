"""Medians and other ranks over journeys, with exact intervals, by the places of sorted values.

Every engine has its own quantile; places in an order they all have. Only the few values wanted are fetched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp, floor, lgamma, log, sqrt

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ...sureness import Interval
from ..measure import Definition, Measure
from ..store import Store
from .ratios import MOST_GROUPS, lacking

RANKED = "exact (order statistics)"
_TAIL = 0.025
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
    name: str
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
    for column in ("", *(column for column in by if column in known)) if able else ():
        group = nw.col(column) if column else nw.lit("")
        frame = rows.select(group.alias("group"), nw.col(value).cast(nw.Float64).alias("value"))
        frame = frame.filter(~nw.col("group").is_null())
        groups = _groups(frame, store) or ([] if column else [_Group(name="", n=0, unknown=0)])
        wanted_places = {(each.name, place) for each in groups for place in _places(each.n, able)}
        values = {key: found / per for key, found in _values(frame, wanted_places, store).items()}
        for found in groups:
            measures += [_measure(each, found, values, {column: found.name} if column else {}) for each in able]
    return measures


def _groups(frame: Frame, store: Store) -> list[_Group]:
    """The groups with most rows, those first."""
    counted = frame.group_by("group").agg(nw.len().alias("rows"), nw.col("value").count().alias("n"))
    rows = store.rows(counted.sort("rows", "group", descending=[True, False]).head(MOST_GROUPS))
    return [
        _Group(name=str(row["group"]), n=int(row["n"]), unknown=int(row["rows"]) - int(row["n"])) for row in rows
    ]  # fmt: skip


def _values(frame: Frame, wanted: set[tuple[str, int]], store: Store) -> dict[tuple[str, int], float]:
    """The values at some places of the sorted values of some groups."""
    places = store.frame(
        {"group": nw.String, "place": nw.Int64},
        [{"group": group, "place": place} for group, place in sorted(wanted)],
    )
    frame = frame.filter(~nw.col("value").is_null())
    place = nw.col("value").cum_count().over("group", order_by=["value"]).cast(nw.Int64)
    rows = store.rows(frame.with_columns(place=place).join(places, on=["group", "place"], how="inner"))
    return {(str(row["group"]), int(row["place"])): float(row["value"]) for row in rows}


def _places(n: int, wanted: Sequence[Rank]) -> set[int]:
    places = {place for each in wanted for place in (*_between(n, each.share), *(_ends(n, each.share) or ()))}
    return places if n else set()


def _between(n: int, share: float) -> tuple[int, int]:
    """The places below and above the one that is wanted, the same where it is whole."""
    at = 1 + share * (n - 1)
    return floor(at + 1e-9), ceil(at - 1e-9)


def _measure(
    rank: Rank, group: _Group, values: Mapping[tuple[str, int], float], by: Mapping[str, str]
) -> Measure:  # fmt: skip
    if not group.n:
        nothing = (f"{rank.definition.of} of which it is known",)
        return Measure(definition=rank.definition, value=None, n=0, unknown=group.unknown, by=by, lacks=nothing)
    low, high = (values[group.name, place] for place in _between(group.n, rank.share))
    part = rank.share * (group.n - 1) % 1 if low != high else 0.0
    ends = _ends(group.n, rank.share)
    return Measure(
        definition=rank.definition,
        value=low + part * (high - low),
        n=group.n,
        unknown=group.unknown,
        interval=Interval(values[group.name, ends[0]], values[group.name, ends[1]]) if ends else None,
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
    for count in range(first, last + 1):
        below += exp(
            lgamma(n + 1)
            - lgamma(count + 1)
            - lgamma(n - count + 1)
            + count * log(share)
            + (n - count) * log(1 - share)
        )
        if below <= _TAIL:
            low = count + 1
        if below >= 1 - _TAIL:
            high = count + 1
            break
    return (low, high) if low and 0 < high <= n else None
