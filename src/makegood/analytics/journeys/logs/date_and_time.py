"""A date in one column and a time of day in another, as SQL for one ISO text that is then read as any other is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ....rules.language.nodes import Reading
from ....rules.language.text import Node
from ...conversions import text

_HOUR = re.compile(r"%-?[HI]")
_DATE = re.compile(r"%-?[dmYybBj]")
_ZONE = re.compile(r"%[zZ]")

_MIDNIGHT = r"[T ](0?0:00(:00([.,]0+)?)?|12:00(:00)? ?[Aa][Mm])$"
_NO_DAY = r"^(1899-12-3[01]|3[01]/12/1899|12/3[01]/1899)[T ]"
"""What a spreadsheet puts behind a date alone, and before a time of day alone."""

_NO_DAYS = "DATE '1899-12-30', DATE '1899-12-31', DATE '1900-01-01', DATE '1970-01-01'"
"""Days that stand in typed columns where only a time of day was meant."""


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two columns: its type in the file, and its value as SQL, null where nothing is given."""

    kind: str
    value: str

    @property
    def is_local(self) -> bool:
        """Whether it holds dates with times of day, as a clock shows them."""
        return self.kind.startswith("TIMESTAMP") and self.kind not in ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS")

    @property
    def is_clock(self) -> bool:
        """Whether it holds times of day. That Parquet files often say such are UTC, tells nothing: no day, no zone."""
        return self.kind in ("TIME", "TIME_NS", "TIME WITH TIME ZONE")


def patterns(format: str) -> tuple[str, str]:
    """A strptime pattern's part for the date and its part for the time of day; empty where ISO is meant.

    >>> patterns("%d/%m/%Y %H:%M"), patterns("%d.%m.%y")
    (('%d/%m/%Y', '%H:%M'), ('%d.%m.%y', ''))
    """
    found = _HOUR.search(format)
    at = found.start() if found else len(format)
    return format[:at].rstrip(" ,T"), format[at:].strip()


def check_format(reading: Reading, node: Node, format: str) -> None:
    """Note where a pattern cannot be parted into one for the column of dates and one for that of times."""
    date, time = patterns(format)
    expected = "first the date, then the time of day, such as %d/%m/%Y %H:%M"
    if _ZONE.search(format):
        reading.wrong(node, f"“{format}” with an offset, where date and time stand in two columns", expected)
    elif _DATE.search(time) or (date and not _DATE.search(date)):
        reading.wrong(node, f"“{format}”, where date and time stand in two columns", expected)


def unfit(date: Half, time: Half) -> str:
    """Why the types of two columns hold no date and no time of day; empty where they may."""
    if not (date.kind in ("VARCHAR", "DATE") or date.is_local):
        return f"the file has no dates there but the type {date.kind}"
    if not (time.kind == "VARCHAR" or time.is_clock or time.is_local):
        return f"the file has no times of day there but the type {time.kind}"
    return ""


def joined(date: Half, time: Half, format: str) -> str:
    """The two columns as one ISO text; one of another form, or null, where either is not what it should be."""
    for_date, for_time = patterns(format)
    day = _day(date, for_date)
    return f"(({day}) || ' ' || ({_clock(time, day, for_time)}))"


def _day(date: Half, pattern: str) -> str:
    """A date as 2026-03-02. A spreadsheet's midnight behind it means nothing; another time of day makes it no date."""
    if date.is_local:
        midnight = f"{date.value}::TIMESTAMP::TIME = TIME '00:00:00'"
        return f"CASE WHEN isfinite({date.value}) AND {midnight} THEN {date.value}::DATE::VARCHAR END"
    if date.kind != "VARCHAR":
        return f"{date.value}::VARCHAR"
    bare = f"regexp_replace({date.value}, {text(_MIDNIGHT)}, '')"
    return f"strftime(try_strptime({bare}, {text(pattern)}), '%Y-%m-%d')" if pattern else bare


def _clock(time: Half, day: str, pattern: str) -> str:
    """A time of day as 09:10, with seconds where there are any. A day before it counts only if it is the date's own."""
    if time.is_local:
        own = f"{time.value}::DATE IN ({_NO_DAYS}, try_cast({day} AS DATE))"
        return f"CASE WHEN isfinite({time.value}) AND {own} THEN {time.value}::TIMESTAMP::TIME::VARCHAR END"
    if time.kind != "VARCHAR":
        return f"{time.value}::TIME::VARCHAR"
    bare = f"regexp_replace({time.value}, {text(_NO_DAY)}, '')"
    if pattern:
        return f"strftime(try_strptime({bare}, {text(pattern)}), '%H:%M:%S.%f')"
    return f"regexp_replace({bare}, '^(\\d:)', '0\\1')"
