"""Measures that are worked out from sums over rows, all of them in one pass for each grouping.

A module of measures makes a frame with a row for each contact, journey or item, gives names to what is summed over it,
and says for each measure from which sums its value comes:

    sums = {
        "coded": nw.col("view").is_not_null(),
        "uncoded": nw.col("view").is_null(),
        "avoidable": nw.col("view") * nw.col("weight"),
        ...
    }
    quantities = [Quantity(definition=AVOIDABLE, sums=("avoidable", "weight"), n="coded", unknown="uncoded")]
    told(frame, sums, quantities, store=store, by=by, known=journeys.log.known)
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter

import narwhals.stable.v2 as nw

from ...program.build import Frame, whole
from ...sureness import Interval
from ..measure import Definition, Measure, Parts
from ..store import Store
from .sure import (
    EXACT,
    LEAST_BLOCKS,
    NONE_SEEN,
    RESAMPLED,
    Column,
    Value,
    drawn,
    exact,
    none_seen,
    quotient,
    resampled_columns,
    telling_blocks,
)

MOST_GROUPS = 200
"""Of a grouping with more values than that, only those with most rows are told."""

_AT_ONCE = 256
"""So many sums are drawn again together: it saves time, and all of a large grouping would take much memory."""

_EXACT, _DIGITS = 2**53, 12
"""Whole numbers below the first are exact, in whatever order they are added; of others so many digits are."""


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """How a measure comes from named sums.

    - `sums`: from which sums `value` works it out; a plain quotient takes the two, over and under.
    - `n`, `unknown`: the sums that count the rows on which it rests, and those of which it could not be told.
    - `exact`: it is the share of rows that have something, each row a journey: `sums` are two counts of rows. Its
      interval is exact; that of any other quantity is resampled over blocks of journeys.
    - `by`: labels beside those of the grouping, such as the reason that is counted.
    - `lacks`: what it lacks in this log beside the columns that its definition needs; nothing, as a rule.
    - `without`: what it lacks, in words, where the rows on which it rests give no value.
    """

    definition: Definition
    sums: tuple[str, ...]
    n: str
    unknown: str = ""
    value: Value = quotient
    exact: bool = False
    by: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    without: str = ""


def told(
    rows: Frame,
    sums: Mapping[str, nw.Expr],
    quantities: Sequence[Quantity],
    *,
    store: Store,
    by: Sequence[str],
    known: Collection[str],
) -> list[Measure]:
    """Every quantity over all rows, then by each value of each column of `by`.

    `rows` has the columns that the sums and `by` name, and `block`, which all rows of a journey share. A sum adds up
    numbers, or counts the rows where a condition holds; null adds nothing. `known` are the columns that the log has: a
    quantity whose definition needs another has no value and says what it lacks, once, and a column of `by` that the
    log does not have groups nothing. Rows that have no value in a column are in no group of it. The rows are read once,
    whatever is grouped: they need not be kept for this.
    """
    unable = {place: lacks for place, each in enumerate(quantities) if (lacks := _lacks(each, known))}
    measures = [_lacking(quantities[place], lacks) for place, lacks in unable.items()]
    able = [each for place, each in enumerate(quantities) if place not in unable]
    if not able:
        return measures
    wanted = {name for each in able for name in (*each.sums, each.n, each.unknown) if name}
    taken = {name: expression for name, expression in sums.items() if name in wanted}
    columns = [column for column in by if column in known]
    parts = _summed(rows, taken, ["block", *columns])
    parts = store.keep(parts) if columns else parts
    groups = _groups(parts, list(taken), columns, store)
    if columns:
        store.drop(parts)
    of = len(groups[0].blocks)
    at_once = max(1, _AT_ONCE // len(taken))
    for some in (groups[place : place + at_once] for place in range(0, len(groups), at_once)):
        totals = _drawn(some, able, of)
        measures += [_measure(each, group, of, totals) for group in some for each in able]
    return measures


@dataclass(frozen=True)
class _Group:
    """What was summed over the rows of a group: `sums` by name, one for each of the `blocks` in which it has rows."""

    by: Mapping[str, str]
    blocks: Sequence[int]
    sums: Mapping[str, Column]

    @cached_property
    def totals(self) -> Mapping[str, float]:
        """The sums over all blocks."""
        return {name: sum(column) for name, column in self.sums.items()}

    def of_all(self, name: str, of: int) -> Column:
        """A sum over each of all blocks; those that the group is missing from are drawn as empty ones."""
        column = self.sums[name]
        return (*column, *[0.0] * (of - len(column)))


def _drawn(groups: Sequence[_Group], quantities: Sequence[Quantity], of: int) -> Mapping[Column, Sequence[float]]:
    """The totals in all draws of what the quantities of some groups are worked out from."""
    names = dict.fromkeys(name for each in quantities if not each.exact for name in each.sums)
    enough = [group for group in groups if len(group.blocks) >= LEAST_BLOCKS]
    return drawn(group.of_all(name, of) for group in enough for name in names)


def lacking(definition: Definition, known: Collection[str]) -> tuple[str, ...]:
    """The columns that a measure needs and the log does not have."""
    return tuple(column for column in definition.needs if column not in known)


def _lacks(quantity: Quantity, known: Collection[str]) -> tuple[str, ...]:
    return (*lacking(quantity.definition, known), *quantity.lacks)


def _lacking(quantity: Quantity, lacks: tuple[str, ...]) -> Measure:
    return Measure(definition=quantity.definition, value=None, n=0, by=quantity.by, lacks=lacks)


def _summed(rows: Frame, sums: Mapping[str, nw.Expr], keys: Sequence[str]) -> Frame:
    """The sums of each combination of keys. Their names may be names of columns too: here they go by number."""
    each = {f"sum_{place}": expression.cast(nw.Float64) for place, expression in enumerate(sums.values())}
    counted = {"rows": nw.lit(1.0), **each}
    return rows.select(*keys, **counted).group_by(*keys).agg(nw.col(*counted).sum())


def grouped(rows: Frame, columns: Sequence[str], count: str, carried: Sequence[str], store: Store) -> Frame:
    """The rows, and once more those of each column's groups with most rows: all groupings at once take one pass.

    `which` is 0 for all rows, 1 for those grouped by the first column and so on, and `group` is the value there. A row
    stands for as many as it has in `count`. The columns `carried` are there too. Rows without a value in a column may
    be there with null for a group: who reads few rows in the end leaves them out there.
    """
    sides = [rows.select(*carried, which=whole(0), group=nw.lit(""))]
    many = store.rows(rows.select(nw.col(*columns).n_unique()))[0] if columns else {}
    for place, column in enumerate(columns, start=1):
        told = rows
        if (many[column] or 0) > MOST_GROUPS:  # of no rows at all it is null
            most = rows.filter(~nw.col(column).is_null()).group_by(column).agg(nw.col(count).sum())
            most = most.sort(count, column, descending=[True, False]).head(MOST_GROUPS)
            told = rows.join(most.select(column), on=column, how="semi")
        sides.append(told.select(*carried, which=whole(place), group=nw.col(column).cast(nw.String)))
    return nw.concat(sides)


def _groups(parts: Frame, names: Sequence[str], columns: Sequence[str], store: Store) -> list[_Group]:
    """All rows, then the groups of each column, those with most rows first, then by name."""
    inside = ["rows", *(f"sum_{place}" for place in range(len(names)))]
    frame = grouped(parts, columns, "rows", ["block", *inside], store)
    told = store.columns(frame.group_by("which", "group", "block").agg(nw.col(*inside).sum()))
    told_rows = zip(*(told[column] for column in ("which", "group", "block", *inside)), strict=True)
    rows = sorted(row for row in told_rows if row[1] is not None)
    found: list[tuple[tuple[int, float, str], _Group]] = []
    for (which, group), of_group in groupby(rows, key=itemgetter(0, 1)):
        _, _, blocks, counts, *sums = zip(*of_group, strict=True)
        by = {columns[which - 1]: group} if which else {}
        of_names = {name: tuple(map(_settled, column)) for name, column in zip(names, sums, strict=True)}
        found.append(((which, -sum(counts), group), _Group(by, blocks, of_names)))
    found.sort(key=itemgetter(0))
    return [group for _, group in found] or [_Group({}, (), dict.fromkeys(names, ()))]


def _settled(value: float | None) -> float:
    """A sum as it is told. Engines add up in any order, which changes the last bits of what is no whole number."""
    if not value or (value % 1 == 0 and abs(value) < _EXACT):
        return value or 0.0
    return float(f"{value:.{_DIGITS}g}")


def _measure(quantity: Quantity, group: _Group, of: int, totals: Mapping[Column, Sequence[float]]) -> Measure:
    n, unknown = _count(group, quantity.n), _count(group, quantity.unknown)
    told_of = group.blocks and (n or not unknown)  # a total of nothing but unknown rows is no 0
    value = quantity.value([group.totals[name] for name in quantity.sums]) if told_of else None
    interval, method = (None, "") if value is None else _sure(quantity, group, of, totals)
    nothing = (n and quantity.without) or f"{quantity.definition.of} of which it is known"
    return Measure(
        definition=quantity.definition,
        value=value,
        n=n,
        unknown=unknown,
        interval=interval,
        method=method,
        by={**group.by, **quantity.by},
        lacks=(nothing,) if value is None else (),
        parts=_parts(quantity, group),
    )


def _parts(quantity: Quantity, group: _Group) -> Parts:
    """In arrays, which take little room: there may be thousands of measures."""
    sums = tuple(array("d", group.sums[name]) for name in quantity.sums)
    return Parts(blocks=array("q", group.blocks), sums=sums, value=quantity.value)


def _count(group: _Group, name: str) -> int:
    return round(group.totals[name]) if name else 0


def _sure(
    quantity: Quantity, group: _Group, of: int, totals: Mapping[Column, Sequence[float]]
) -> tuple[Interval | None, str]:
    """The interval and by which method."""
    if quantity.exact:
        count, whole = (round(group.totals[name]) for name in quantity.sums)
        return exact(count, whole), EXACT
    columns = [group.of_all(name, of) for name in quantity.sums]
    interval = resampled_columns(columns, quantity.value, totals)
    if interval and quantity.definition.unit == "share" and interval.low == interval.high in (0, 1):
        # Drawing again what never varies would call it certain. Each block tells at least as much as one journey.
        some = telling_blocks(columns)
        return exact(round(interval.low * some), some), EXACT
    if interval and interval.low == interval.high == 0 and group.blocks:
        seen = round(group.totals[quantity.sums[1]]) if len(columns) == 2 else len(group.blocks)
        return none_seen(seen), NONE_SEEN
    return interval, RESAMPLED if interval else ""
