"""A lazy frame that grows column by column, and the values that stand for its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import narwhals.stable.v2 as nw

from ...rules.working_time import DAY, Zone
from ..columns import Extent, NotCompiled

Frame = nw.LazyFrame[Any]
TableMaker = Callable[[Mapping[str, Sequence[int | None]]], Frame]
"""Turns columns of whole numbers, the first without nulls, into a frame of the engine in use."""

T = TypeVar("T")
Gap = tuple[nw.Expr, str]
"""When something is missing, and its name."""

MOST_ROWS = 2_000_000
MOST_CHANGES = 2_000
_EXACT = 2**52
_WHOLE = 2**62


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
    if most > _WHOLE:
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


class Build:
    """A frame under construction."""

    def __init__(self, frame: Frame, make_table: TableMaker, extent: Extent, as_of: int, zone: Zone) -> None:
        self.frame, self.make_table, self.extent, self.as_of, self.zone = frame, make_table, extent, as_of, zone
        self._made = 0
        self._waiting: dict[int, list[nw.Expr]] = {}
        self._step_of: dict[str, int] = {}
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for each key."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept

    def let(self, value: nw.Expr) -> nw.Expr:
        """Put a value in a column of its own, so that what is built on it works it out once."""
        self._made += 1
        name = f"v{self._made}"
        self._step_of[name] = step = 1 + max((self._step_of.get(each, 0) for each in _columns_in(value)), default=0)
        self._waiting.setdefault(step, []).append(value.alias(name))
        return nw.col(name)

    def finished(self) -> Frame:
        """The frame with all columns so far: those that do not need one another are added in one step."""
        for step in sorted(self._waiting):
            self.frame = self.frame.with_columns(*self._waiting[step])
        self._waiting.clear()
        self._step_of.clear()
        return self.frame

    def let_moment(self, moment: Moment) -> Moment:
        """The same moment in a column of its own."""
        return replace(moment, at=self.let(moment.at))

    def look_up(self, key: nw.Expr, table: Mapping[str, Sequence[int | None]], name: Hashable = None) -> list[nw.Expr]:
        """The row of a table whose first column equals `key`: its further columns, null where there is no row."""
        if name is not None and ("row", name) in self._kept:
            found: list[nw.Expr] = self._kept["row", name]
            return found
        columns = list(table)
        if len(table[columns[0]]) > MOST_ROWS:
            raise NotCompiled("dates too far apart")
        self._made += 1
        names = {column: f"t{self._made}.{column}" for column in columns}
        key_name = f"k{self._made}"
        self.frame = (
            self.finished()
            .with_columns(key.alias(key_name))
            .join(
                self.make_table({names[column]: table[column] for column in columns}),
                left_on=key_name,
                right_on=names[columns[0]],
                how="left",
            )
        )
        found = [nw.col(names[column]) for column in columns[1:]]
        if name is not None:
            self._kept["row", name] = found
        return found

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


_COLUMN = re.compile(r"col\((v\d+)\)")


def _columns_in(value: nw.Expr) -> list[str]:
    """The columns made by `let` that a value is built on, as its representation names them."""
    return _COLUMN.findall(repr(value))


def _tree(at: nw.Expr, changes: Sequence[tuple[int, int]]) -> nw.Expr:
    if len(changes) == 1:
        return whole(changes[0][1])
    middle = len(changes) // 2
    return nw.when(at < changes[middle][0]).then(_tree(at, changes[:middle])).otherwise(_tree(at, changes[middle:]))
