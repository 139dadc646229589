"""A lazy frame that grows column by column, and the values that stand for its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

import narwhals.stable.v2 as nw

from ...rules.working_time import DAY, Zone
from ..columns import LARGEST, Extent, NotCompiled

Frame = nw.LazyFrame[Any]


class Tables(Protocol):
    """Where the engine in use keeps what a program needs."""

    def table(self, columns: Mapping[str, Sequence[int | None]]) -> Frame:
        """Columns of whole numbers, the first without nulls, as a frame."""

    def settled(self, frame: Frame) -> Frame:
        """The same rows, worked out so far, for more to be built on them."""


T = TypeVar("T")
Gap = tuple[nw.Expr, str]
"""When something is missing, and its name."""

MOST_ROWS = 2_000_000
MOST_CHANGES = 2_000
MOST_STEPS = 300
"""What has more takes an engine seconds to prepare, however few the cases."""

_LARGE, _STRETCH = 100, 60
"""A program of more steps than the first is carried out in stretches: engines nest queries only so deep."""

_EXACT = 2**52


_YES, _NO = nw.lit(True, dtype=nw.Boolean), nw.lit(False, dtype=nw.Boolean)


def whole(value: int) -> nw.Expr:
    """A whole number as a constant."""
    return nw.lit(value, dtype=nw.Int64)


def nothing() -> nw.Expr:
    """The missing whole number."""
    return nw.lit(None, dtype=nw.Int64)


def always(*, holds: bool = True) -> nw.Expr:
    """True (or false) for every row."""
    return _YES if holds else _NO


def floor_divided(value: nw.Expr, by: int, most: int) -> nw.Expr:
    """Whole-number division rounding down, negative values included; `most` bounds the absolute value."""
    if by == 1:
        return value
    if most >= _EXACT:
        check_size(most)
        return value // by
    # Engines differ in how whole numbers divide; a quotient in floating point, rounded down, is exact up to 2**52.
    return (value / by).floor().cast(nw.Int64)


def check_size(most: int) -> int:
    """The same bound, if whole numbers of 64 bits hold it with room to spare. Raises `NotCompiled`."""
    if most > LARGEST:
        raise NotCompiled("sums or numbers too large for whole numbers of 64 bits")
    return most


def chosen_by(index: nw.Expr, values: Sequence[nw.Expr | None]) -> nw.Expr:
    """The value whose place is `index`; null where there is none."""
    chain: Any = None
    for place, value in enumerate(values):
        if value is None:
            continue
        condition = index == place
        chain = (nw.when(condition) if chain is None else chain.when(condition)).then(value)
    return nothing() if chain is None else chain.otherwise(None)


def when_all(parts: Iterable[nw.Expr]) -> nw.Expr:
    """All of some tests."""
    found: nw.Expr | None = None
    for part in parts:
        if part is not _YES:
            found = part if found is None else found & part
    return always() if found is None else found


def when_any(parts: Iterable[nw.Expr]) -> nw.Expr:
    """Any of some tests."""
    found: nw.Expr | None = None
    for part in parts:
        if part is not _NO:
            found = part if found is None else found | part
    return always(holds=False) if found is None else found


def guarded(guard: nw.Expr, gaps: Iterable[Gap]) -> list[Gap]:
    """The same gaps, only where `guard` holds."""
    return [(guard if when is _YES else guard & when, name) for when, name in gaps]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A whole number of each case (an instant, a day or a sum), null where missing; `gaps` then say what is.

    `low` and `high` bound it. `opens` is the opening of a window that ends there, `day` the local day if it is known,
    and `opened` by calendar the open days up to that day.
    """

    at: nw.Expr
    low: int
    high: int
    gaps: list[Gap] = field(default_factory=list)
    opens: nw.Expr | None = None
    day: nw.Expr | None = None
    opened: Mapping[str, nw.Expr] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Truth:
    """A test of each case: true, false, or null where it cannot be told; `gaps` then say what is missing."""

    holds: nw.Expr
    gaps: list[Gap] = field(default_factory=list)

    @property
    def told(self) -> list[Gap]:
        """What is missing, where it cannot be told."""
        return guarded(self.holds.is_null(), self.gaps)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Step:
    """Columns that a program adds: one that is worked out, or a row looked up by it in a table."""

    value: nw.Expr
    uses: frozenset[str]
    gives: tuple[str, ...]
    table: Mapping[str, Sequence[int | None]] | None = None


class Build:
    """A program under construction: steps that add columns to a frame, of which only those needed are carried out."""

    def __init__(self, frame: Frame, tables: Tables, extent: Extent, as_of: int, zone: Zone) -> None:
        self.tables, self.extent, self.as_of, self.zone = tables, extent, as_of, zone
        self._frame = frame
        self._steps: list[_Step] = []
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for each key."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept

    def let(self, value: nw.Expr) -> nw.Expr:
        """Put a value in a column of its own, so that what is built on it works it out once."""

        def make() -> nw.Expr:
            name = f"v{len(self._steps)}"
            self._add(_Step(value=value, uses=_columns_in(value), gives=(name,)))
            return nw.col(name)

        return self.once(("let", repr(value)), make)

    def let_moment(self, moment: Moment) -> Moment:
        """The same moment in a column of its own."""
        return replace(moment, at=self.let(moment.at))

    def look_up(self, key: nw.Expr, table: Mapping[str, Sequence[int | None]], name: Hashable = None) -> list[nw.Expr]:
        """The row of a table whose first column equals `key`: its further columns, null where there is no row.

        With a `name`, the row is looked up once.
        """
        if name is not None:
            return self.once(("row", name), lambda: self.look_up(key, table))
        first, *others = table
        if len(table[first]) > MOST_ROWS:
            raise NotCompiled("dates too far apart")
        prefix = f"t{len(self._steps)}"
        gives = tuple(f"{prefix}.{column}" for column in others)
        named = {f"{prefix}.key": table[first]} | {f"{prefix}.{column}": table[column] for column in others}
        self._add(_Step(value=key, uses=_columns_in(key), gives=gives, table=named))
        return [nw.col(column) for column in gives]

    def _add(self, step: _Step) -> None:
        if len(self._steps) == MOST_STEPS:
            raise NotCompiled("so many pauses, extensions or conditions at once")
        self._steps.append(step)

    def rows(self, shown: nw.Expr, columns: Mapping[str, nw.Expr]) -> Frame:
        """The frame of these columns, for the cases for which `shown` holds."""
        values = [value.alias(column) for column, value in columns.items()]
        needed = _columns_in(shown).union(*map(_columns_in, values))
        return self._with_steps(needed).filter(shown).select(*values)

    def _with_steps(self, needed: frozenset[str]) -> Frame:
        """The frame with the columns that are needed, carrying along at each step only what is still used."""
        waiting: list[_Step] = []
        live = needed
        for step in reversed(self._steps):
            if live.intersection(step.gives):
                waiting.insert(0, step)
                live |= step.uses
        # All tables before all steps: DuckDB looks again at every step so far whenever a table is made.
        tables = {step.gives: self._table(step, live) for step in waiting if step.table is not None}
        there = live.difference(*(step.gives for step in waiting))
        frame = self._frame.select(*sorted(there))
        large, since = len(waiting) > _LARGE, 0
        while waiting:
            ready = [step for step in waiting if step.table is None and step.uses <= there]
            ready = ready or [next(step for step in waiting if step.uses <= there)]
            waiting = [step for step in waiting if step not in ready]
            later = needed.union(*(step.uses for step in waiting))
            gives = later.intersection(*(step.gives for step in ready))
            frame = _carried_out(frame, ready, sorted(there & later), sorted(gives), tables.get(ready[0].gives))
            there = (there | {name for step in ready for name in step.gives}) & later
            since += len(ready)
            if large and waiting and since >= _STRETCH:
                frame, since = self.tables.settled(frame), 0
        return frame

    def _table(self, step: _Step, live: frozenset[str]) -> Frame:
        """The table of a step, without the columns that nothing uses."""
        table = step.table or {}
        return self.tables.table(
            {name: values for name, values in table.items() if name in live or name not in step.gives}
        )

    # --- local time --------------------------------------------------------------------------------------

    def offset(self, moment: Moment, zone: Zone | None = None) -> nw.Expr:
        """Seconds to add to an instant to get local time."""
        zone = zone or self.zone
        changes = zone.changes(moment.low, max(moment.high, moment.low + 1))
        if len(changes) > MOST_CHANGES:
            raise NotCompiled("dates too far apart")
        return _tree(moment.at, changes)

    def local(self, moment: Moment, zone: Zone | None = None) -> Moment:
        """Local wall-clock seconds of an instant."""
        return Moment(
            at=moment.at + self.offset(moment, zone), low=moment.low - DAY, high=moment.high + DAY, gaps=moment.gaps
        )

    def day(self, moment: Moment, zone: Zone | None = None, *, where: nw.Expr | None = None) -> Moment:
        """The local day number of an instant; with `where`, only worked out where that holds."""
        if moment.day is not None and zone is None:
            at = moment.day
        else:
            at = self.once(
                ("day", id(moment.at), zone and zone.name, id(where)),
                lambda: (self._day(moment, zone, where), moment, where),
            )[0]
        zone = zone or self.zone
        return Moment(at=at, low=zone.day(moment.low), high=zone.day(moment.high), gaps=moment.gaps)

    def _day(self, moment: Moment, zone: Zone | None, where: nw.Expr | None) -> nw.Expr:
        local = self.local(moment, zone)
        day = floor_divided(local.at, DAY, max(abs(local.low), abs(local.high)))
        return self.let(day if where is None else nw.when(where).then(day).otherwise(nothing()))


def _carried_out(frame: Frame, steps: list[_Step], carried: list[str], gives: list[str], table: Frame | None) -> Frame:
    """The frame with the columns of steps that need nothing of one another, and those that are still carried along."""
    if table is None:
        return frame.select(*carried, *(step.value.alias(step.gives[0]) for step in steps))
    key = f"key {steps[0].gives[0]}"
    keyed = frame.select(*carried, steps[0].value.alias(key))
    first = steps[0].gives[0].partition(".")[0]
    return keyed.join(table, left_on=key, right_on=f"{first}.key", how="left").select(*carried, *gives)


_COLUMN = re.compile(r"col\(([^()]*)\)")


def _columns_in(value: nw.Expr) -> frozenset[str]:
    """The columns that a value is built on, as its representation names them."""
    return frozenset(_COLUMN.findall(repr(value)))


def _tree(at: nw.Expr, changes: Sequence[tuple[int, int]]) -> nw.Expr:
    if len(changes) == 1:
        return whole(changes[0][1])
    middle = len(changes) // 2
    return nw.when(at < changes[middle][0]).then(_tree(at, changes[:middle])).otherwise(_tree(at, changes[middle:]))
