"""Working-time examples of other libraries, our answers, and the conventions that explain each difference.

A convention is a rule in a sentence, when it applies, and what it gives when it is carried out with our calendars.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from math import floor
from pathlib import Path

from makegood.rules.working_time import (
    DAY,
    WEEKDAYS,
    Calendar,
    Hours,
    day_number,
    day_of,
    seconds_of,
    zone_named,
)
from makegood.schemes import CALENDARS

NATIONS = {"England": "england-and-wales", "Scotland": "scotland", "Northern Ireland": "northern-ireland"}
SECONDS = {"hour": Decimal(3600), "minute": Decimal(60), "second": Decimal(1), "millisecond": Decimal("0.001")}
SERVICE = frozenset(SECONDS)


@dataclass(frozen=True, kw_only=True)
class Example:
    """One example of a library: so much working time from a start, and the result that the library expects.

    `expected` is a date, or a local time without offset. `back` says that time is taken off, also where it is none.
    """

    name: str
    calendar: Calendar
    unit: str
    amount: Decimal
    start: str
    expected: str
    back: bool

    @property
    def at(self) -> int:
        """The start, cut down to the whole second."""
        return _instant(self.calendar, self.start)

    @property
    def day(self) -> int:
        """The local day of the start."""
        return zone_named(self.calendar.zone).day(self.at)

    @property
    def seconds(self) -> Decimal:
        """The amount of a service limit in seconds."""
        return self.amount * SECONDS[self.unit]

    @property
    def in_hours(self) -> bool:
        """Whether the start lies inside an opening window."""
        return self.calendar.add_service(self.at, 0) == self.at


@dataclass(frozen=True)
class Convention:
    """A rule that some libraries follow and we do not: its name, its words, when it applies, what it gives."""

    name: str
    words: str
    applies: Callable[[Example], bool]
    answer: Callable[[Example], str]


# --- reading -----------------------------------------------------------------------------------------


def _instant(calendar: Calendar, local: str) -> int:
    naive = datetime.fromisoformat(local).replace(tzinfo=UTC)
    return zone_named(calendar.zone).instant(seconds_of(naive), later=False)


def _time(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _hours(text: str) -> tuple[Hours, ...]:
    """Windows of each weekday; one that runs over midnight is split there."""
    days: list[list[tuple[int, int]]] = [[] for _ in WEEKDAYS]
    for name, windows in json.loads(text).items():
        weekday = next(index for index, each in enumerate(WEEKDAYS) if each.startswith(name))
        for opens, closes in ((_time(opens), _time(closes)) for opens, closes in windows):
            if closes > opens:
                days[weekday].append((opens, closes))
            else:
                days[weekday].append((opens, DAY))
                days[(weekday + 1) % 7].append((0, closes))
    return tuple(tuple(sorted(windows)) for windows in days)


@cache
def _calendar(zone: str, hours: str, holidays: str, year: int) -> Calendar:
    return Calendar(
        name=f"{hours} {holidays}",
        zone="UTC" if zone.startswith("local") else zone,
        hours=_hours(hours),
        closed={day_number(date.fromisoformat(day)): "holiday" for day in json.loads(holidays)},
        first=day_number(date(year - 2, 1, 1)),
        last=day_number(date(year + 2, 12, 31)),
    )


@cache
def examples(file: Path) -> tuple[Example, ...]:
    """The examples of one of the files, in its order."""
    return tuple(_read(file))


def _read(file: Path) -> Iterator[Example]:
    with file.open(encoding="utf-8", newline="") as text:
        for line, row in enumerate(csv.DictReader(text), start=1):
            if "working_days" in row:
                yield Example(
                    name=f"{file.stem}-{line:03}",
                    calendar=CALENDARS[NATIONS[row["nation"]]],
                    unit="day",
                    amount=Decimal(row["working_days"]),
                    start=row["received"],
                    expected=row["due_date"],
                    back=False,
                )
            elif "working_hours" in row:
                yield _of_hours(row, f"{file.stem}-{line:03}")
            else:
                amount = Decimal(row["amount"])
                yield Example(
                    name=row["case_id"],
                    calendar=_calendar(row["tz"], row["weekly_hours"], row["holidays"], int(row["start"][:4])),
                    unit=row["unit"],
                    amount=amount,
                    start=row["start"],
                    expected=row["expected"],
                    back=amount < 0 or (not amount and "subtracting" in row["source_ref"]),
                )


def _of_hours(row: dict[str, str], name: str) -> Example:
    return Example(
        name=name,
        calendar=_opening_hours(row["nation"], row["weekly_hours"]),
        unit="hour",
        amount=Decimal(row["working_hours"]),
        start=row["start_local"],
        expected=row["due_local"],
        back=False,
    )


@cache
def _opening_hours(nation: str, hours: str) -> Calendar:
    """Opening hours with the closed days of the shipped calendar of a nation."""
    shipped = CALENDARS[NATIONS[nation]]
    return replace(shipped, name=f"{nation} {hours}", hours=_hours(hours))


# --- our answer --------------------------------------------------------------------------------------


def ours(example: Example) -> str:
    """What our calendars give: the date of the last day for a limit in days, a local time for one in hours."""
    calendar = example.calendar
    if example.unit == "calendar_day_roll_forward":
        return day_of(calendar.next_open(example.day + int(example.amount))).isoformat()
    if example.unit not in SERVICE:
        return day_of(_days_on(calendar, example.day, int(example.amount))).isoformat()
    return _local(calendar, _service(example))


def _days_on(calendar: Calendar, day: int, count: int) -> int:
    """So many open days after a day, or before it; the day itself is day 0, open or closed."""
    if count < 0:
        return calendar.nth_open_day(calendar.opened_up_to(day - 1) + 1 + count)
    return calendar.add(day, count)


def _service(example: Example) -> int:
    return example.calendar.add_service(example.at, int(example.seconds))


def _local(calendar: Calendar, at: int, rest: Decimal = Decimal(0)) -> str:
    local = datetime.fromtimestamp(zone_named(calendar.zone).local(at), UTC) + timedelta(seconds=float(rest))
    text = local.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return text.removesuffix(".000")


# --- their conventions -------------------------------------------------------------------------------


def _rolled(example: Example) -> int:
    """The result, moved from a closing time to the next opening (what arrives then is received there)."""
    return example.calendar.add_service(_service(example), 0)


def _ends_at_closing(example: Example) -> bool:
    return example.unit in SERVICE and bool(example.amount) and _rolled(example) != _service(example)


def _fraction(text: str) -> Decimal:
    return Decimal("0." + text.split(".")[1]) if "." in text else Decimal(0)


def _has_fraction(example: Example) -> bool:
    return example.unit in SERVICE and bool(_fraction(example.start) or example.seconds % 1)


def _with_fraction(example: Example) -> str:
    total = _fraction(example.start) + example.seconds
    whole = floor(total)
    calendar = example.calendar
    return _local(calendar, calendar.add_service(calendar.add_service(example.at, whole), 0), total - whole)


def _window_before(example: Example) -> tuple[int, int]:
    """The last opening window that was over by the start."""
    return example.calendar.windows_between(example.at - 21 * DAY, example.at)[-1]


def _day_and_time(calendar: Calendar, day: int, time_of: int) -> str:
    zone = zone_named(calendar.zone)
    return _local(calendar, zone.instant(day * DAY + zone.local(time_of) % DAY, later=False))


def _same_time_of_day(example: Example) -> str:
    calendar = example.calendar
    return _day_and_time(calendar, _days_on(calendar, example.day, int(example.amount)), example.at)


def _from_next_opening(example: Example) -> str:
    calendar = example.calendar
    opening = calendar.add_service(example.at, 0)
    day = zone_named(calendar.zone).day(opening)
    return _day_and_time(calendar, _days_on(calendar, day, int(example.amount)), opening)


def _from_window_before(example: Example, *, closing: bool) -> str:
    calendar = example.calendar
    opens, closes = _window_before(example)
    day = zone_named(calendar.zone).day(opens)
    return _day_and_time(calendar, _days_on(calendar, day, int(example.amount)), closes if closing else opens)


def _closed_too(calendar: Calendar, day: date) -> Calendar:
    return replace(calendar, closed={**calendar.closed, day_number(day): "holiday"})


def _in_days(example: Example) -> bool:
    return example.unit == "day"


ON_THE_NEXT_OPENING = Convention(
    "closing time is the next opening",
    "Time that runs out exactly at closing time ends at the next opening. With us it ends at closing time.",
    lambda example: _ends_at_closing(example) and not example.back,
    lambda example: _local(example.calendar, _rolled(example)),
)
BACK_TO_THE_OPENING = Convention(
    "counted back, an opening stays an opening",
    "Time taken off that reaches exactly to an opening ends there. With us it is the closing time before, "
    "between which and the opening no service time runs.",
    lambda example: _ends_at_closing(example) and example.back,
    lambda example: _local(example.calendar, _rolled(example)),
)
NOTHING_TAKEN_OFF = Convention(
    "nothing taken off goes back",
    "Taking off no time at all, outside hours, goes back to the last closing time. "
    "With us no time at all, outside hours, is the next opening, whichever way one counts.",
    lambda example: example.unit in SERVICE and not example.amount and example.back and not example.in_hours,
    lambda example: _local(example.calendar, _window_before(example)[1]),
)
FRACTIONS = Convention(
    "fractions of a second",
    "Fractions of a second count. With us an instant is cut down to the whole second.",
    _has_fraction,
    _with_fraction,
)
FROM_THE_NEXT_OPENING = Convention(
    "days from the next opening",
    "Days that are counted from outside hours are counted from the next opening, and end at its time of day. With us "
    "the day of the start is day 0 at whatever time, unless the pledge says “cut-off” or “start on a closed day”.",
    lambda example: _in_days(example) and not example.back and not example.in_hours,
    _from_next_opening,
)
BACK_FROM_THE_OPENING = Convention(
    "days back from the window before, at its opening",
    "Days that are taken off outside hours are counted from the day of the last window, and end at its opening time.",
    lambda example: _in_days(example) and example.back and not example.in_hours,
    lambda example: _from_window_before(example, closing=False),
)
BACK_FROM_THE_CLOSING = Convention(
    "days back from the window before, at its closing",
    "Days that are taken off outside hours are counted from the last closing time, and end at its time of day.",
    lambda example: _in_days(example) and example.back and not example.in_hours,
    lambda example: _from_window_before(example, closing=True),
)
TIME_OF_DAY_KEPT = Convention(
    "days keep the time of day",
    "A limit in days ends at the time of day of the start. With us it ends with the day, or at the time that the "
    "pledge names; the day is the same.",
    lambda example: _in_days(example) and "T" in example.expected,
    _same_time_of_day,
)
HOLIDAY_LEFT_OUT = Convention(
    "a holiday that the row leaves out",
    "The row lost the holiday of its test, 27 February 2015, which the next row of the same test has.",
    lambda example: example.name == "moment_business_time_js-061",
    lambda example: ours(replace(example, calendar=_closed_too(example.calendar, date(2015, 2, 27)))),
)

SOURCES: dict[str, tuple[str, tuple[Convention, ...]]] = {
    "alaveteli-foi-uk": ("Alaveteli, freedom of information in the UK", ()),
    "business-time-ruby": (
        "business_time (Ruby)",
        (
            NOTHING_TAKEN_OFF,
            BACK_TO_THE_OPENING,
            FROM_THE_NEXT_OPENING,
            BACK_FROM_THE_OPENING,
            TIME_OF_DAY_KEPT,
        ),
    ),
    "dayjs-business-time-js": ("dayjs-business-time (JavaScript)", (BACK_TO_THE_OPENING, TIME_OF_DAY_KEPT)),
    "moment-business-time-js": (
        "moment-business-time (JavaScript)",
        (FRACTIONS, BACK_TO_THE_OPENING, HOLIDAY_LEFT_OUT),
    ),
    "pandas-business-hour": ("pandas BusinessHour", (ON_THE_NEXT_OPENING, BACK_TO_THE_OPENING)),
    "uk-consensus-days-sample": ("UK working days: NumPy, pandas and a plain loop agreed", ()),
    "uk-consensus-hours-sample": ("UK opening hours: workclock and businesstimedelta agreed", ()),
    "zendesk-biz-ruby": ("biz (Ruby)", (FROM_THE_NEXT_OPENING, BACK_FROM_THE_CLOSING, TIME_OF_DAY_KEPT)),
}
"""For each file its name for people, and the conventions of that library in the order in which they are asked."""


def convention_of(example: Example, conventions: tuple[Convention, ...]) -> Convention | None:
    """The first of a library's conventions that applies to an example; `None` when it does as we do."""
    return next((each for each in conventions if each.applies(example)), None)


def theirs(example: Example, conventions: tuple[Convention, ...]) -> str:
    """What our calendars give by a library's conventions."""
    convention = convention_of(example, conventions)
    return convention.answer(example) if convention else ours(example)


# --- tables ------------------------------------------------------------------------------------------


def tables(folder: Path) -> str:
    """The tables of the page: each source with how many examples agree, and each convention with its examples."""
    lines = [
        "| source | examples | same answer | same day, at a time of day | another convention | unexplained |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    used: Counter[tuple[Convention, str]] = Counter()
    totals = Counter[str]()
    for stem, (title, conventions) in SOURCES.items():
        counts = Counter[str]()
        for example in examples(folder / f"{stem}.csv"):
            kind = _kind(example, conventions, used, title)
            counts.update([kind, "all"])
        lines.append(_line(title, counts))
        totals.update(counts)
    lines += [_line("**all**", totals), "", "| convention | where, and how many examples |", "|---|---|"]
    for name in dict.fromkeys(convention for convention, _ in used):
        where = ", ".join(f"{title} {count}" for (each, title), count in used.items() if each is name)
        lines.append(f"| **{name.name}**: {name.words} | {where} |")
    return "\n".join(lines)


def _kind(
    example: Example, conventions: tuple[Convention, ...], used: Counter[tuple[Convention, str]], title: str
) -> str:
    if ours(example) == example.expected:
        return "same"
    convention = convention_of(example, conventions)
    if convention is None or convention.answer(example) != example.expected:
        return "unexplained"
    used[convention, title] += 1
    return "day" if convention is TIME_OF_DAY_KEPT else "other"


def _line(title: str, counts: Counter[str]) -> str:
    shown = [str(counts[kind]) for kind in ("all", "same", "day", "other", "unexplained")]
    return f"| {title} | {' | '.join(shown)} |"
