"""Small tables in which the library itself has worked out what falls on each day: deadlines, open days, seasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ...rules.conditions import Clock, Reckoner, View
from ...rules.facts import Case
from ...rules.working_time import DAY, Calendar, OutOfRange, Zone, day_number, day_of
from ..columns import NotCompiled
from .build import MOST_ROWS

FIRST_DAY, LAST_DAY = day_number(date.min), day_number(date.max)


@dataclass(frozen=True, kw_only=True)
class DayTable:
    """For each key (day * lines + line, and a half for a start after the cut-off): what a limit gives from there.

    `due` is the deadline and `day` its day, `opens` the opening of a window, `zero` day 0 and `last` the day on which
    it lands, `why` the place in `reasons` of what is missing where there is no deadline. Then for each calendar by name
    the open days up to the deadline's day.
    """

    columns: dict[str, list[int | None]]
    reasons: list[str]
    low: int
    high: int


def days_between(first: int, last: int) -> range:
    """All day numbers between two, kept within the years 1 to 9999. Raises `NotCompiled` when they are too many."""
    days = range(max(first, FIRST_DAY), min(last, LAST_DAY) + 1)
    if len(days) > MOST_ROWS:
        raise NotCompiled("dates too far apart")
    return days


def starting_on(day: int, zone: Zone, *, late: bool) -> tuple[View, Clock]:
    """A case whose clock starts on a local day: at its first instant, or at its last when `late`."""
    local = day * DAY + (DAY - 1 if late else 0)
    start = zone.instant(local, later=late)
    return View(Case(id=""), start), Clock(start)


def with_date(detail: str, day: int) -> tuple[View, Clock]:
    """A case whose date detail is a day."""
    return View(Case(id="", details={detail: day_of(day).isoformat()}), 0), Clock(0)


def day_table(
    reckoners: Sequence[Reckoner], days: range, halves: int, zone: Zone, put: Callable[[int, bool], tuple[View, Clock]],
    calendars: Iterable[Calendar],
) -> DayTable:  # fmt: skip
    """What each of several limits gives from each day; `put` makes the case for a day and half."""
    keys: list[int | None] = []
    columns: dict[str, list[int | None]] = {name: [] for name in ("key", "due", "day", "opens", "zero", "last", "why")}
    columns["key"] = keys
    reasons: list[str] = []
    lines = len(reckoners)
    if len(days) * lines * halves > MOST_ROWS:
        raise NotCompiled("dates too far apart")
    for day in days:
        for half in range(halves):
            for line, reckon in enumerate(reckoners):
                view, clock = put(day, bool(half))
                due, why = _reckoned(reckon, view, clock, reasons)
                keys.append((day * halves + half) * lines + line)
                columns["due"].append(due)
                columns["day"].append(None if due is None else zone.day(due))
                columns["why"].append(why)
                columns["opens"].append(clock.opens)
                zero, last = _basis(clock) if due is not None else (None, None)
                columns["zero"].append(zero)
                columns["last"].append(last)
    for calendar in calendars:
        columns[f"opened {calendar.name}"] = [
            calendar.opened_up_to(day) if day is not None and calendar.first <= day <= calendar.last else None
            for day in columns["day"]
        ]
    dues = [due for due in columns["due"] if due is not None]
    return DayTable(columns=columns, reasons=reasons, low=min(dues, default=0), high=max(dues, default=0))


def _reckoned(reckon: Reckoner, view: View, clock: Clock, reasons: list[str]) -> tuple[int | None, int | None]:
    try:
        due = reckon(view, clock)
        if isinstance(due, int):
            return due, None
        reason = ", ".join(due)
    except OutOfRange as error:
        reason = str(error)
    except (OverflowError, ValueError):
        return None, None
    if reason not in reasons:
        reasons.append(reason)
    return None, reasons.index(reason)


def _basis(clock: Clock) -> tuple[int | None, int | None]:
    if clock.basis and clock.basis[0] == "days":
        _, _, _, zero, last, *_ = clock.basis
        return zero, last
    return None, None


def opened_table(calendar: Calendar) -> dict[str, list[int | None]]:
    """For each day of a calendar's range: the open days up to it, and 1 when it is open itself."""
    days = range(calendar.first, calendar.last + 1)
    return {
        "day": list(days),
        "opened": [calendar.opened_up_to(day) for day in days],
        "open": [int(calendar.is_open(day)) for day in days],
    }


def nth_table(
    calendar: Calendar, times: Sequence[int], zone: Zone
) -> tuple[dict[str, list[int | None]], tuple[int, int]]:
    """For each number of open days and each of some times of day: that time on the day that reaches the number."""
    count = calendar.opened_up_to(calendar.last)
    keys: list[int | None] = []
    dues: list[int | None] = []
    for number in range(1, count + 1):
        day = calendar.nth_open_day(number)
        for line, time in enumerate(times):
            keys.append(number * len(times) + line)
            dues.append(zone.instant(day * DAY + time, later=True))
    return {"key": keys, "due": dues}, _bounds(dues)


def _bounds(values: Iterable[int | None]) -> tuple[int, int]:
    known = [value for value in values if value is not None]
    return min(known, default=0), max(known, default=0)


def landing_table(
    days: range, landings: Sequence[tuple[int, Calendar | None]], zone: Zone
) -> tuple[dict[str, list[int | None]], tuple[int, int]]:
    """For each day on which a limit lands and each of some (time of day, calendar to roll forward in): the deadline."""
    keys: list[int | None] = []
    dues: list[int | None] = []
    if len(days) * len(landings) > MOST_ROWS:
        raise NotCompiled("dates too far apart")
    for day in days:
        for line, (time, rolling) in enumerate(landings):
            keys.append(day * len(landings) + line)
            try:
                rolled = rolling.next_open(day) if rolling else day
                dues.append(zone.instant(rolled * DAY + time, later=True))
            except OutOfRange:
                dues.append(None)
    return {"key": keys, "due": dues}, _bounds(dues)


def window_tables(
    calendar: Calendar, zone: Zone
) -> tuple[dict[str, list[int | None]], dict[str, list[int | None]], int]:
    """Opening windows by day and by service time; the third value is the seconds of a bucket of service time.

    By day: `before`, the service seconds before the day, then for each window its opening and closing. By bucket:
    for each window that lies in it the service seconds before it, its opening and its length. Absent windows are null.
    """
    edge = (calendar.first - 2) * DAY, (calendar.last + 3) * DAY
    spans = calendar.windows_between(*edge)
    by_day: dict[int, list[tuple[int, int]]] = {}
    for opens, closes in spans:
        by_day.setdefault(zone.day(opens), []).append((opens, closes))
    width = max((len(parts) for parts in by_day.values()), default=1)
    days = range(calendar.first, calendar.last + 1)
    table: dict[str, list[int | None]] = {"day": list(days), "before": []}
    table.update({f"{what}{place}": [] for place in range(width) for what in ("opens", "closes")})
    total = 0
    for day in days:
        table["before"].append(total)
        parts = by_day.get(day, [])
        for place in range(width):
            part: tuple[int | None, int | None] = parts[place] if place < len(parts) else (None, None)
            table[f"opens{place}"].append(part[0])
            table[f"closes{place}"].append(part[1])
        total += sum(closes - opens for opens, closes in parts)
    bucket = max(min((closes - opens for opens, closes in spans), default=DAY), 900)
    return table, _buckets(spans, bucket), bucket


def _buckets(spans: Sequence[tuple[int, int]], bucket: int) -> dict[str, list[int | None]]:
    """The windows that each bucket of service time (the seconds from n*bucket+1 to (n+1)*bucket) lies in."""
    inside: dict[int, list[tuple[int, int, int]]] = {}
    before = 0
    for opens, closes in spans:
        length = closes - opens
        for number in range(before // bucket, (before + length - 1) // bucket + 1):
            inside.setdefault(number, []).append((before, opens, length))
        before += length
    width = max((len(parts) for parts in inside.values()), default=1)
    table: dict[str, list[int | None]] = {"bucket": []}
    table.update({f"{what}{place}": [] for place in range(width) for what in ("before", "opens", "length")})
    for number, parts in sorted(inside.items()):
        table["bucket"].append(number)
        for place in range(width):
            row: tuple[int | None, ...] = parts[place] if place < len(parts) else (None, None, None)
            for what, value in zip(("before", "opens", "length"), row, strict=True):
                table[f"{what}{place}"].append(value)
    return table
