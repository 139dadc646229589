"""Texts and typed columns of somebody's table as whole numbers, in DuckDB's SQL, exactly as the library reads them.

What a pattern here does not accept is not thereby wrong: it is left to the careful reader of `makegood.records`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ..rules.language.model import Kind
from ..rules.working_time import DAY, EARLIEST, LATEST, Zone, day_number
from .columns import TEXTS

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?"
_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_OFFSET = r"(Z|[+-](0\d|1[0-4]):[0-5]\d)"
_MONEY = r"£?(\d{1,3}(,\d{3}){1,3}|\d{1,12})(\.\d{1,2})?"
_NUMBER = r"-?(\d{1,15}|\d{1,7}\.\d{1,7})"
SPACES = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288))
)
"""What Python strips from the ends of a text."""

FIRST_DAY, LAST_DAY = day_number(date(EARLIEST, 1, 1)), day_number(date(LATEST, 12, 31))
"""The days that the careful reader accepts; so that instants lie between the first's begin and the last's end, UTC."""

_OUR_TIMES = day_number(date(1970, 1, 1)) * DAY, day_number(date(2060, 1, 1)) * DAY

FAR = 2**52 // 1_000_000
"""Up to how many seconds before and after 1970 a timestamp's microseconds are exact in floating point."""


@dataclass(frozen=True, kw_only=True)
class Converted:
    """A column as SQL: its value, null when there is none, and whether the text was not understood.

    `far` is given where a type holds more than the careful reader accepts: whether a value does, such as infinity.
    """

    value: str
    odd: str = ""
    far: str = ""

    @property
    def tests(self) -> list[str]:
        """The tests of which one holds where the careful reader has to decide."""
        return [test for test in (self.odd, self.far) if test]


def name(column: str) -> str:
    """A column's name in SQL."""
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """A constant text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def stripped(column: str) -> str:
    """A text without the spaces at its ends; null when nothing is left."""
    # Trimming by a list of characters is slow, and hardly ever needed.
    return f"CASE WHEN {plain(column)} THEN {column} ELSE nullif(trim({column}, {text(SPACES)}), '') END"


def plain(column: str) -> str:
    """Whether a text begins and ends with a printable ASCII character that is no space."""
    return f"({column} >= '!' AND {column} < chr(127) AND ord(({column})[-1]) BETWEEN 33 AND 126)"


def seconds_of(timestamp: str) -> str:
    """Whole seconds since 1970 of a timestamp, cut down. It is exact up to `FAR`."""
    return f"floor(epoch_us({timestamp}) / 1000000)::BIGINT"


def _within(column: str, kind: str = "", new_year: str = "") -> str:
    """Whether a time or date, typed or as text, lies in the years that the careful reader accepts."""
    return f"{column} >= {kind}'{EARLIEST}{new_year}' AND {column} < {kind}'{LATEST + 1}{new_year}'"


def local_to_utc(zone: Zone) -> str:
    """A macro `to_utc(local)`: the instant of local seconds since 1970, the later of two; null far from our times."""
    first, last = _OUR_TIMES
    changes = zone.changes(first, last)
    leaves: list[tuple[int, str]] = [(first, f"l - ({changes[0][1]})")]
    before = changes[0][1]
    for at, offset in changes[1:]:
        if offset > before:
            leaves.append((at + before, str(at)))
        leaves.append((at + offset, f"l - ({offset})"))
        before = offset
    # A macro's argument is put in wherever it stands; a lambda's is worked out once.
    return (
        f"CREATE OR REPLACE TEMP MACRO to_utc(local) AS list_transform([local], lambda l: CASE WHEN"
        f" l >= {first + 2 * DAY} AND l < {last - 2 * DAY} THEN {_tree(leaves)} END)[1]"
    )


def earlier_utc(zone: Zone) -> str:
    """A macro `earlier_utc(local)`: of local seconds since 1970 that occurred twice the earlier instant; else null."""
    changes = zone.changes(*_OUR_TIMES)
    leaves, days = [(changes[0][0], "NULL::BIGINT")], {0}
    for (_, before), (at, offset) in pairwise(changes):
        if offset < before:
            leaves += [(at + offset, f"l - ({before})"), (at + before, "NULL")]
            days |= {(at + offset) // DAY, (at + before) // DAY}
    # Hardly any time is of such a day, and a look into a list of days is cheap.
    of_them = f"local // {DAY} IN ({', '.join(map(str, sorted(days)))})"
    tree = f"list_transform([local], lambda l: {_tree(leaves)})[1]"
    return f"CREATE OR REPLACE TEMP MACRO earlier_utc(local) AS CASE WHEN {of_them} THEN {tree} END"


def offset_at(zone: Zone) -> str:
    """A macro `offset_at(utc)`: by how many seconds the zone's clock was ahead at an instant in seconds since 1970.

    Beyond the times of `local_to_utc` it is the first or last offset.
    """
    leaves = [(at, str(offset)) for at, offset in zone.changes(*_OUR_TIMES)]
    tree = _tree(leaves)
    return f"CREATE OR REPLACE TEMP MACRO offset_at(utc) AS list_transform([utc], lambda l: {tree})[1]"


def _tree(leaves: list[tuple[int, str]]) -> str:
    if len(leaves) == 1:
        return leaves[0][1]
    middle = len(leaves) // 2
    return f"CASE WHEN l < {leaves[middle][0]} THEN {_tree(leaves[:middle])} ELSE {_tree(leaves[middle:])} END"


def instant(column: str, kind: str, *, zoned: bool) -> Converted:
    """A column of instants as UTC seconds; `zoned` when times without an offset have a zone (`to_utc`)."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return Converted(value=seconds_of(column), far=f"NOT ({_within(column, 'TIMESTAMPTZ', '-01-01 00:00:00+00')})")
    if kind.startswith("TIMESTAMP"):
        if not zoned:
            return Converted(value="NULL::BIGINT", odd=f"{column} IS NOT NULL")
        local = f"to_utc({seconds_of(f'{column}::TIMESTAMP')})"
        return Converted(value=local, odd=f"({column} IS NOT NULL AND {local} IS NULL)")
    if kind != "VARCHAR":
        return Converted(value="NULL::BIGINT", odd=f"{column} IS NOT NULL")
    given = f"({stripped(column)})"
    whole = rf"^{_DATE}[T ]{_CLOCK}"
    fixed = seconds_of(f"try_cast({given} AS TIMESTAMPTZ)")
    value = f"CASE WHEN regexp_matches({given}, '{whole}{_OFFSET}$') AND {_within(given)} THEN {fixed} "
    if zoned:
        local = seconds_of(f"try_cast({given} AS TIMESTAMP)")
        value += f"WHEN regexp_matches({given}, '{whole}$') THEN to_utc({local}) "
    value += "END"
    return Converted(value=value, odd=f"({given} IS NOT NULL AND {value} IS NULL)")


def detail(column: str, kind: str, meant: Kind, *, zoned: bool) -> Converted:
    """A column that holds a detail: text, or whole numbers; numbers stay text until their decimals are known."""
    if meant in TEXTS:
        if kind == "BOOLEAN":
            return Converted(value=f"CASE WHEN {column} THEN 'yes' WHEN NOT {column} THEN 'no' END")
        return Converted(value=stripped(column if kind == "VARCHAR" else f"{column}::VARCHAR"))
    if meant is Kind.INSTANT:
        return instant(column, kind, zoned=zoned)
    if meant is Kind.DATE and kind == "DATE":
        return Converted(
            value=f"({column} - DATE '1970-01-01')::BIGINT", far=f"NOT ({_within(column, 'DATE', '-01-01')})"
        )
    given = f"({stripped(column if kind == 'VARCHAR' else f'{column}::VARCHAR')})"
    match meant:
        case Kind.DATE:
            day = f"(try_cast({given} AS DATE) - DATE '1970-01-01')::BIGINT"
            value = f"CASE WHEN regexp_matches({given}, '^{_DATE}$') AND {_within(given)} THEN {day} END"
        case Kind.MONEY:
            plain = f"replace(ltrim({given}, '£'), ',', '')"
            value = (
                f"CASE WHEN regexp_matches({given}, '^{_MONEY}$') THEN (({plain})::DECIMAL(18, 2) * 100)::BIGINT END"
            )
        case _:
            value = f"CASE WHEN regexp_matches({given}, '^{_NUMBER}$') THEN {given} END"
    return Converted(value=value, odd=f"({given} IS NOT NULL AND {value} IS NULL)")
