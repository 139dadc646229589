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
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

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
    resampled,
)

MOST_GROUPS = 200
"""Of a grouping with more values than that, only those with most rows are told."""

_AT_ONCE = 256
"""So many sums are drawn again together: it saves time, and all of a large grouping would take much memory."""


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
    by: Mapping[str, str]
    blocks: Sequence[Block]


def _drawn(groups: Sequence[_Group], quantities: Sequence[Quantity], of: int) -> Mapping[Column, Sequence[float]]:
    """The totals in all draws of what the quantities of some groups are worked out from."""
    names = dict.fromkeys(name for each in quantities if not each.exact for name in each.sums)
    enough = [group.blocks for group in groups if len(group.blocks) >= LEAST_BLOCKS]
    return drawn(_of_all([block[name] for block in blocks], of) for blocks in enough for name in names)


def _of_all(sums: Sequence[float], of: int) -> Column:
    """Blocks that a group is missing from are drawn as empty ones."""
    return (*sums, *[0.0] * (of - len(sums)))


def lacking(definition: Definition, known: Collection[str]) -> tuple[str, ...]:
    """The columns that a measure needs and the log does not have."""
    return tuple(column for column in definition.needs if column not in known)


def _lacks(quantity: Quantity, known: Collection[str]) -> tuple[str, ...]:
    return (*lacking(quantity.definition, known), *quantity.lacks)


def _lacking(quantity: Quantity, lacks: tuple[str, ...]) -> Measure:
    return Measure(definition=quantity.definition, value=None, n=0, by=quantity.by, lacks=lacks)


Block = Mapping[str, float]
"""The sums over a block's rows, by name; how many rows under `_ROWS`, which block it is under `_NUMBER`."""

_ROWS, _NUMBER = "", "#"


def _summed(rows: Frame, sums: Mapping[str, nw.Expr], keys: Sequence[str]) -> Frame:
    """The sums of each combination of keys. Their names may be names of columns too: here they go by number."""
    each = {f"sum_{place}": expression.cast(nw.Float64) for place, expression in enumerate(sums.values())}
    counted = {"rows": nw.lit(1.0), **each}
    return rows.select(*keys, **counted).group_by(*keys).agg(nw.col(*counted).sum())


def grouped(rows: Frame, columns: Sequence[str], count: str, carried: Sequence[str], store: Store) -> Frame:
    """The rows, and once more those of each column's groups with most rows: all groupings at once take one pass.

    `which` is 0 for all rows, 1 for those grouped by the first column and so on, and `group` is the value there. A row
    stands for as many as it has in `count`. The columns `carried` are there too.
    """
    sides = [rows.select(*carried, which=whole(0), group=nw.lit(""))]
    many = store.rows(rows.select(nw.col(*columns).n_unique()))[0] if columns else {}
    for place, column in enumerate(columns, start=1):
        named = rows.filter(~nw.col(column).is_null())
        if (many[column] or 0) > MOST_GROUPS:  # of no rows at all it is null
            most = named.group_by(column).agg(nw.col(count).sum())
            most = most.sort(count, column, descending=[True, False]).head(MOST_GROUPS)
            named = named.join(most.select(column), on=column, how="semi")
        sides.append(named.select(*carried, which=whole(place), group=nw.col(column).cast(nw.String)))
    return nw.concat(sides)


def _groups(parts: Frame, names: Sequence[str], columns: Sequence[str], store: Store) -> list[_Group]:
    """All rows, then the groups of each column, those with most rows first, then by name."""
    inside = {"rows": _ROWS, **{f"sum_{place}": name for place, name in enumerate(names)}}
    frame = grouped(parts, columns, "rows", ["block", *inside], store)
    found: dict[tuple[int, str], list[Block]] = defaultdict(list)
    found[0, ""] = []
    rows = store.rows(frame.group_by("which", "group", "block").agg(nw.col(*inside).sum()))
    for row in sorted(rows, key=lambda row: int(row["block"])):
        block = {name: float(row[short] or 0) for short, name in inside.items()}
        found[int(row["which"]), str(row["group"])].append({**block, _NUMBER: float(row["block"])})
    sizes = {key: sum(block[_ROWS] for block in blocks) for key, blocks in found.items()}
    return [
        _Group({columns[which - 1]: group} if which else {}, found[which, group])
        for which, group in sorted(found, key=lambda key: (key[0], -sizes[key], key[1]))
    ]


def _measure(quantity: Quantity, group: _Group, of: int, totals: Mapping[Column, Sequence[float]]) -> Measure:
    blocks = group.blocks
    parts = [tuple(block[name] for name in quantity.sums) for block in blocks]
    n, unknown = _count(blocks, quantity.n), _count(blocks, quantity.unknown)
    told_of = parts and (n or not unknown)  # a total of nothing but unknown rows is no 0
    value = quantity.value([sum(part) for part in zip(*parts, strict=True)]) if told_of else None
    interval, method = (None, "") if value is None else _sure(quantity, parts, of, totals)
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
        parts=_parts(quantity, blocks),
    )


def _parts(quantity: Quantity, blocks: Sequence[Block]) -> Parts:
    """In arrays, which take little room: there may be thousands of measures."""
    sums = tuple(array("d", [block[name] for block in blocks]) for name in quantity.sums)
    return Parts(blocks=array("q", [int(block[_NUMBER]) for block in blocks]), sums=sums, value=quantity.value)


def _count(blocks: Sequence[Block], name: str) -> int:
    return round(sum(block[name] for block in blocks)) if name else 0


def _sure(
    quantity: Quantity, parts: list[tuple[float, ...]], of: int, totals: Mapping[Column, Sequence[float]]
) -> tuple[Interval | None, str]:
    """The interval and by which method; blocks that the group is missing from are drawn as empty ones."""
    if quantity.exact:
        count, whole = (round(sum(part)) for part in zip(*parts, strict=True))
        return exact(count, whole), EXACT
    missing = [(0.0,) * len(quantity.sums)] * (of - len(parts))
    interval = resampled([*parts, *missing], quantity.value, totals)
    if interval and quantity.definition.unit == "share" and interval.low == interval.high in (0, 1):
        # Drawing again what never varies would call it certain. Each block tells at least as much as one journey.
        some = sum(1 for part in parts if any(part))
        return exact(round(interval.low * some), some), EXACT
    if interval and interval.low == interval.high == 0 and parts:
        return none_seen(round(sum(part[1] for part in parts)) if len(quantity.sums) == 2 else len(parts)), NONE_SEEN
    return interval, RESAMPLED if interval else ""
