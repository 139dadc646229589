"""Calendars as text: from YAML, iCalendar or CSV to `Calendar` values."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping as AnyMapping
from datetime import date, timedelta
from itertools import pairwise

from ..errors import Finding, Place, PledgeError, Severity, did_you_mean
from ..working_time import WEEKDAYS, Calendar, Hours, day_number, day_of, every_day, union
from . import grammar
from .nodes import Reading
from .phrases import Phrase, PhraseError, is_name
from .text import Listing, Mapping, Node, Scalar, parse, read_json

_ALL_DAY: Hours = ((0, 86_400),)
_MOST_DAYS = 366 * 400


def read_calendar(text: str, file: str = "<text>", *, calendars: AnyMapping[str, Calendar] | None = None) -> Calendar:
    """Read a calendar from YAML or JSON text. Raises `PledgeError` with all findings.

    >>> text = "calendar: c\\nopen: {monday to friday: 09:00 to 17:00}\\ncomplete: 2026-01-01 to 2026-12-31"
    >>> read_calendar(text).name
    'c'
    """
    reading = Reading()
    calendar = read_calendar_node(reading, parse(text, file), calendars or {}, None)
    errors = [finding for finding in reading.findings if finding.severity is Severity.ERROR]
    if errors or calendar is None:
        raise PledgeError(errors)
    return calendar


def read_calendar_node(
    reading: Reading, node: Node, known: AnyMapping[str, Calendar], name: str | None
) -> Calendar | None:
    """Read a calendar that stands in a pledge (under `name`) or in a file of its own."""
    fields = reading.fields(node, grammar.CALENDAR, "a calendar")
    own_name = reading.text(fields.get("calendar")) or name or ""
    if not is_name(own_name):
        reading.wrong(node, "a calendar without a name", "calendar: our-hours", code="missing-key")
    title, source = reading.text(fields.get("title")), reading.text(fields.get("source"))
    before = len(reading.findings)
    if "union of" in fields:
        parts = [part for item in reading.items(fields["union of"]) if (part := _other(reading, item, known))]
        try:
            return union(own_name, parts, title=title, source=source) if parts else None
        except ValueError as error:
            reading.wrong(fields["union of"], str(error), code="calendar")
            return None
    hours = _hours_of_week(reading, fields.get("open"), node)
    closed = _closed_days(reading, fields.get("closed"))
    first, last = _complete(reading, fields.get("complete"), node)
    for item in reading.items(fields.get("closed as in")):
        other = _other(reading, item, known)
        if other:
            closed = {**other.closed, **closed}
            first, last = max(first, other.first), min(last, other.last)
    zone = reading.zone_of(fields.get("zone"), "Europe/London")
    if len(reading.findings) > before:
        return None
    calendar = Calendar(
        name=own_name, zone=zone, hours=hours, closed=closed, first=first, last=last, title=title, source=source
    )
    if not any(calendar.is_open(day) for day in range(first, last + 1)):
        reading.wrong(
            node, f"calendar {own_name} is never open", "at least one open day in its range", code="never-open"
        )
        return None
    return calendar


def calendars_in(node: Node) -> list[str]:
    """The names of the calendars that a calendar rests on."""
    entries = node.entries if isinstance(node, Mapping) else {}
    named = [entries[key] for key in ("union of", "closed as in") if key in entries]
    items = [item for each in named for item in (each.items if isinstance(each, Listing) else [each])]
    return [item.text.strip() for item in items if isinstance(item, Scalar)]


def _other(reading: Reading, node: Node, known: AnyMapping[str, Calendar]) -> Calendar | None:
    name = reading.text(node)
    if name not in known:
        reading.wrong(
            node,
            f"there is no calendar “{name[:60]}”",
            "a calendar that is known",
            did_you_mean(name, known),
            "unknown-name",
        )
    return known.get(name)


def _complete(reading: Reading, node: Node | None, calendar: Node) -> tuple[int, int]:
    text = reading.text(node)
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)", text)
    try:
        days = [day_number(date.fromisoformat(part)) for part in found.groups()] if found else []
    except ValueError:
        days = []
    if not days or days[1] < days[0] or days[1] - days[0] > _MOST_DAYS:
        reading.wrong(
            node or calendar,
            "no range for which the calendar is complete",
            "complete: 2015-01-01 to 2028-12-31",
            code="missing-key" if node is None else "value",
        )
        return 0, 0
    return days[0], days[1]


def _hours_of_week(reading: Reading, node: Node | None, calendar: Node) -> tuple[Hours, ...]:
    if node is None:
        reading.wrong(
            calendar, "a calendar without opening windows", "open: {monday to friday: all day}", code="missing-key"
        )
    week: list[Hours] = [()] * 7
    if node is not None and not isinstance(node, Mapping):
        reading.wrong(
            node, "opening windows without weekdays", "open: {monday to friday: 09:00 to 17:00}", code="shape"
        )
        return tuple(week)
    for key, item in (node.entries if isinstance(node, Mapping) else {}).items():
        days = _weekdays(key)
        if not days:
            reading.wrong(
                item, f"“{key[:40]}” is no weekday", "monday, or monday to friday", did_you_mean(key, WEEKDAYS)
            )
        for day in days:
            if week[day]:
                reading.wrong(item, f"{WEEKDAYS[day]} a second time", "each weekday once", code="overlap")
            week[day] = _windows(reading, item)
    return tuple(week)


def _weekdays(text: str) -> list[int]:
    first, _, last = text.lower().partition(" to ")
    if text.lower() == "every day":
        return list(range(7))
    if first not in WEEKDAYS or (last and last not in WEEKDAYS):
        return []
    start = WEEKDAYS.index(first)
    end = WEEKDAYS.index(last) if last else start
    return [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]


def _windows(reading: Reading, node: Node) -> Hours:
    text = reading.text(node)
    if text == "all day":
        return _ALL_DAY
    windows: list[tuple[int, int]] = []
    for part in text.split(","):
        try:
            phrase = Phrase(part.strip(), reading.names)
            opens = phrase.time()
            phrase.need("to")
            closes = phrase.time()
            phrase.end()
        except PhraseError as error:
            reading.wrong(node, error.found, "windows such as 09:00 to 12:30, 13:00 to 17:00, or all day", error.mend)
            return ()
        if closes <= opens:
            reading.wrong(
                node,
                f"a window “{part.strip()}” that closes before it opens",
                "a window within one day",
                "split it at midnight: 22:00 to 24:00, and 00:00 to 06:00 the day after",
            )
            return ()
        windows.append((opens, closes))
    windows.sort()
    if any(later[0] < earlier[1] for earlier, later in pairwise(windows)):
        reading.wrong(node, f"windows that overlap: {text[:60]}", "windows one after another", code="overlap")
    return tuple(windows)


def _closed_days(reading: Reading, node: Node | None) -> dict[int, str]:
    closed: dict[int, str] = {}
    pairs: list[tuple[Node, str, str]] = []
    if isinstance(node, Mapping):
        pairs = [(item, key, reading.text(item)) for key, item in node.entries.items()]
    elif isinstance(node, Listing):
        for item in node.items:
            day, _, why = reading.text(item).partition(" ")
            pairs.append((item, day, why))
    elif isinstance(node, Scalar) and node.text:
        reading.wrong(node, "closed days that are no list", "- 2026-12-25 Christmas Day", code="shape")
    for item, day, why in pairs:
        first, _, last = day.partition("..")
        try:
            begin = date.fromisoformat(first)
            end = date.fromisoformat(last) if last else begin
            if not (len(first) == 10 and begin <= end and (end - begin).days < 400):
                raise ValueError
        except ValueError:
            reading.wrong(
                item,
                f"“{day[:40]}” is no day",
                "2026-12-25 Christmas Day, or 2026-12-21..2027-01-01 Christmas holidays",
                code="date",
            )
            continue
        for number in range(day_number(begin), day_number(end) + 1):
            closed[number] = why or "closed"
    return closed


# --- from other formats -------------------------------------------------------------------------------


def calendar_from_gov_uk(text: str, division: str, name: str, *, file: str = "<text>", source: str = "") -> Calendar:
    """A working-day calendar from GOV.UK's bank-holiday JSON: Monday to Friday, complete for whole years listed.

    Raises `PledgeError` when the text has not that shape.
    """
    told = read_json(text, file)
    try:
        events = told[division]["events"]
        closed = {day_number(date.fromisoformat(event["date"])): str(event["title"]) for event in events}
        years = sorted({int(event["date"][:4]) for event in events})
        first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    except (ValueError, KeyError, TypeError, IndexError):
        lacking = isinstance(told, dict) and division not in told
        raise PledgeError(
            [
                Finding(
                    place=Place(file=file),
                    code="calendar",
                    found=f"no bank holidays of GOV.UK's shape for {division[:60]}",
                    expected="{division: {events: [{title, date}]}}, each date such as 2026-12-25",
                    mend=did_you_mean(division, told) if lacking else "",
                )
            ]
        ) from None
    return Calendar(
        name=name,
        zone="Europe/London",
        hours=every_day(_ALL_DAY, range(5)),
        closed=closed,
        first=day_number(first),
        last=day_number(last),
        source=source,
    )


def closed_days_from_ics(text: str, file: str = "<text>") -> dict[date, str]:
    """Closed days from an iCalendar file: all-day events only, since a day off is a date and never an instant.

    An event of several days closes each (DTEND is excluded, as RFC 5545 says). Repeating events are refused,
    because their days are not stated. Raises `PledgeError`.
    """
    closed: dict[date, str] = {}
    findings: list[Finding] = []
    event: dict[str, str] | None = None
    for number, line in enumerate(re.sub(r"\r?\n[ \t]", "", text.removeprefix("\ufeff")).splitlines(), start=1):
        head, _, value = line.partition(":")
        key = head.split(";")[0].upper()
        if line.upper() == "BEGIN:VEVENT":
            event = {"line": str(number)}
        elif line.upper() == "END:VEVENT" and event is not None:
            closed.update(_days_of_event(event, file, findings))
            event = None
        elif event is not None and key in ("DTSTART", "DTEND", "SUMMARY", "RRULE"):
            event[key] = value.strip()
    if not closed and not findings:
        findings.append(
            Finding(
                place=Place(file=file),
                code="calendar",
                found="no all-day events",
                expected="an iCalendar file with VEVENTs",
            )
        )
    if findings:
        raise PledgeError(findings)
    return closed


def _days_of_event(event: dict[str, str], file: str, findings: list[Finding]) -> dict[date, str]:
    place = Place(file=file, line=int(event["line"]))
    if "RRULE" in event:
        findings.append(
            Finding(
                place=place,
                code="calendar",
                found="an event that repeats by rule",
                expected="each day stated",
                mend="export the days one by one",
            )
        )
        return {}
    if not re.fullmatch(r"\d{8}", event.get("DTSTART", "")):
        return {}
    try:
        first = date.fromisoformat(event["DTSTART"])
        end = date.fromisoformat(event["DTEND"]) if re.fullmatch(r"\d{8}", event.get("DTEND", "")) else first
    except ValueError:
        findings.append(Finding(place=place, code="date", found="a day that does not exist"))
        return {}
    length = min(max((end - first).days, 1), 400)
    why = event.get("SUMMARY", "closed").replace("\\,", ",").replace("\\;", ";").replace("\\n", " ")
    return {first + timedelta(days=offset): why for offset in range(length)}


def closed_days_from_csv(text: str, file: str = "<text>") -> dict[date, str]:
    """Closed days from CSV with a column `date` (ISO) and, if there is one, `name`. Raises `PledgeError`."""
    closed: dict[date, str] = {}
    findings: list[Finding] = []
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if "date" not in (rows.fieldnames or ()):
        findings.append(
            Finding(place=Place(file=file), code="calendar", found="no column “date”", expected="date,name")
        )
    else:
        for row in rows:
            try:
                closed[date.fromisoformat((row["date"] or "").strip())] = (row.get("name") or "closed").strip()
            except ValueError:
                findings.append(
                    Finding(
                        place=Place(file=file, line=rows.line_num),
                        code="date",
                        found=f"“{row['date']}” is no date",
                        expected="such as 2026-12-25",
                    )
                )
    if findings:
        raise PledgeError(findings)
    return closed


def closed_days_of_file(text: str, file: str, division: str) -> dict[date, str]:
    """Closed days from a file by its ending: .ics, .csv, or GOV.UK's .json (of one division). Raises `PledgeError`."""
    if file.lower().endswith(".ics"):
        return closed_days_from_ics(text, file)
    if file.lower().endswith(".json"):
        calendar = calendar_from_gov_uk(text, division, division, file=file)
        return {day_of(day): why for day, why in calendar.closed.items()}
    return closed_days_from_csv(text, file)
