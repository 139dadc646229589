"""Zones, calendars and counting, tried by themselves."""

import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from makegood.rules import Calendar, read_calendar
from makegood.rules.working_time import (
    DAY,
    OutOfRange,
    day_number,
    day_of,
    every_day,
    seconds_of,
    union,
    zone_named,
)
from makegood.schemes import CALENDARS
from tests.rules.judging import ALWAYS, OFFICE, SHIFTS

ENGLAND = CALENDARS["england-and-wales"]
LONDON = zone_named("Europe/London")


def instant(text: str) -> int:
    return seconds_of(datetime.fromisoformat(text))


def naive_add(calendar: Calendar, day: date, count: int) -> date:
    """Step day by day and look each up: what counting working days means."""
    while count:
        day += timedelta(days=1)
        if calendar.hours[day.weekday()] and day_number(day) not in calendar.closed:
            count -= 1
    return day


# --- counting days ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["2026-05-22", "2026-05-23", "2026-12-24", "2027-02-28", "2024-02-29"])
def test_one_to_four_hundred_working_days_are_what_stepping_day_by_day_gives(start: str) -> None:
    day = date.fromisoformat(start)
    for count in range(1, 401):
        assert day_of(ENGLAND.add(day_number(day), count)) == naive_add(ENGLAND, day, count)


def test_adding_nothing_stays_on_the_day_even_if_it_is_closed() -> None:
    saturday = day_number(date(2026, 5, 23))
    assert ENGLAND.add(saturday, 0) == saturday


def test_between_leaves_out_the_first_day_and_includes_the_last() -> None:
    friday, tuesday = day_number(date(2026, 5, 22)), day_number(date(2026, 5, 26))
    assert ENGLAND.between(friday, tuesday) == 1
    assert ENGLAND.between(friday, tuesday - 1) == 0
    assert ENGLAND.between(friday, friday) == 0
    assert ENGLAND.between(tuesday, friday) == 0


def test_the_next_open_day_is_the_day_itself_when_it_is_open() -> None:
    friday, saturday = day_number(date(2026, 5, 22)), day_number(date(2026, 5, 23))
    assert ENGLAND.next_open(friday) == friday
    assert day_of(ENGLAND.next_open(saturday)) == date(2026, 5, 26)


def test_why_a_day_is_closed_is_said() -> None:
    days = {2: "weekend", 4: "Early May bank holiday", 5: None}
    assert {day: ENGLAND.why_closed(day_number(date(2026, 5, day))) for day in days} == days


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2029, 1, 1)])
def test_days_outside_the_complete_range_are_never_guessed(day: date) -> None:
    number = day_number(day)
    for ask in (ENGLAND.is_open, ENGLAND.opened_up_to, ENGLAND.next_open):
        with pytest.raises(OutOfRange):
            ask(number)
    with pytest.raises(OutOfRange):
        ENGLAND.add(number, 1)
    with pytest.raises(OutOfRange):
        ENGLAND.add_service(number * DAY + 12 * 3600, 60)


def test_a_count_that_ends_after_the_range_is_never_a_date() -> None:
    with pytest.raises(OutOfRange):
        ENGLAND.add(day_number(date(2028, 12, 20)), 20)
    last = day_number(date(2028, 12, 29))
    assert ENGLAND.add(day_number(date(2028, 12, 28)), 1) == last


def test_a_union_is_complete_where_all_its_parts_are() -> None:
    short = Calendar(
        name="short", zone=ENGLAND.zone, hours=ENGLAND.hours, closed={ENGLAND.first + 400: "x"},
        first=ENGLAND.first + 365, last=ENGLAND.last - 366,
    )  # fmt: skip
    both = union("both", [ENGLAND, short])
    assert (both.first, both.last) == (short.first, short.last)
    assert both.closed.keys() == ENGLAND.closed.keys() | short.closed.keys()
    assert union("both", [short, ENGLAND]) == both


def test_calendars_with_other_hours_have_no_union() -> None:
    with pytest.raises(ValueError, match="same"):
        union("x", [ENGLAND, OFFICE])


def test_the_closed_days_of_a_union_are_those_of_any_part() -> None:
    kingdom = CALENDARS["united-kingdom"]
    parts = [CALENDARS[name] for name in ("england-and-wales", "scotland", "northern-ireland")]
    for day in range(kingdom.first, kingdom.last + 1):
        assert kingdom.is_open(day) == all(part.is_open(day) for part in parts)


def test_no_year_of_the_shipped_calendars_is_empty_of_holidays() -> None:
    for name in ("england-and-wales", "scotland", "northern-ireland"):
        calendar = CALENDARS[name]
        years = {day_of(day).year for day in calendar.closed}
        assert years == set(range(2015, 2029))
        assert (day_of(calendar.first), day_of(calendar.last)) == (date(2015, 1, 1), date(2028, 12, 31))


# --- service time -----------------------------------------------------------------------------------------------


def minutes_open(calendar: Calendar, at: int) -> bool:
    local = LONDON.datetime(at)
    day = day_number(local.date())
    second = local.hour * 3600 + local.minute * 60 + local.second
    return calendar.is_open(day) and any(opens <= second < closes for opens, closes in calendar.hours[local.weekday()])


@pytest.mark.parametrize("calendar", [OFFICE, SHIFTS, ALWAYS], ids=lambda calendar: calendar.name)
@pytest.mark.parametrize("start", ["2026-03-27T16:20+00:00", "2026-10-23T16:20+01:00", "2026-05-23T09:00+01:00"])
def test_service_time_is_what_stepping_minute_by_minute_gives(calendar: Calendar, start: str) -> None:
    at, found, run = instant(start), {}, 0
    ask = {30, 60, 210, 480, 481, 960, 1500}
    now = at
    while run < max(ask):
        if minutes_open(calendar, now):
            run += 1
            if run in ask:
                found[run] = now + 60
        now += 60
    assert {minutes: calendar.add_service(at, minutes * 60) for minutes in ask} == found


def test_around_the_clock_as_midnight_to_midnight_loses_nothing() -> None:
    start = instant("2026-03-28T10:00+00:00")
    assert ALWAYS.add_service(start, 30 * DAY) == start + 30 * DAY
    assert all(closes == after for closes, after in zip(ALWAYS._windows[1], ALWAYS._windows[0][1:], strict=False))


def test_receipt_at_closing_time_counts_from_the_next_opening_but_a_deadline_may_be_closing_time() -> None:
    friday = instant("2026-05-08T17:00+01:00")
    assert OFFICE.add_service(friday, 60) == instant("2026-05-11T09:01+01:00")
    assert OFFICE.add_service(friday - 60, 60) == friday
    assert OFFICE.add_service(friday, 0) == instant("2026-05-11T09:00+01:00")
    assert OFFICE.add_service(friday - 1, 0) == friday - 1


def test_a_night_shift_over_a_clock_change_is_as_long_as_it_really_is() -> None:
    nights = read_calendar("calendar: n\nopen: {every day: 00:00 to 06:00}\ncomplete: 2026-01-01 to 2026-12-31")
    for day, hours in (("2026-03-28", 6), ("2026-03-29", 5), ("2026-10-25", 7)):
        midnight = LONDON.instant(day_number(date.fromisoformat(day)) * DAY, later=False)
        assert nights.service_up_to(midnight + 12 * 3600) - nights.service_up_to(midnight) == hours * 3600


def test_an_opening_inside_the_hour_that_does_not_exist_is_the_first_instant_after_it() -> None:
    early = read_calendar("calendar: e\nopen: {sunday: 01:30 to 03:00}\ncomplete: 2026-03-01 to 2026-12-31")
    start = instant("2026-03-28T12:00+00:00")
    assert early.add_service(start, 0) == instant("2026-03-29T01:00+00:00")
    assert early.add_service(start, 3600) == instant("2026-03-29T02:00+00:00")


def test_the_parts_of_windows_between_two_instants_add_up_to_the_service_time() -> None:
    start, end = instant("2026-05-07T10:00+01:00"), instant("2026-05-12T12:00+01:00")
    parts = SHIFTS.windows_between(start, end)
    assert sum(last - first for first, last in parts) == SHIFTS.service_up_to(end) - SHIFTS.service_up_to(start)
    assert all(first < last for first, last in parts)


# --- zones ------------------------------------------------------------------------------------------------------

ZONES = ["Europe/London", "UTC", "Pacific/Apia", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]


@pytest.mark.parametrize("name", ZONES)
def test_a_zone_agrees_with_the_standard_library_at_every_hour_and_around_every_change(name: str) -> None:
    zone, info = zone_named(name), ZoneInfo(name)
    first, last = instant("2011-01-01T00:00+00:00"), instant("2029-01-01T00:00+00:00")
    changes = [at for at, _ in zone.changes(first, last)][1:]
    asked = [*range(first, last, 7 * 3600), *(at + off for at in changes for off in (-3601, -1, 0, 1, 3600))]
    for at in asked:
        expected = datetime.fromtimestamp(at, UTC).astimezone(info).replace(tzinfo=None)
        assert zone.local(at) == seconds_of(expected.replace(tzinfo=UTC))


@pytest.mark.parametrize("name", ZONES)
def test_every_instant_comes_back_from_its_local_time(name: str) -> None:
    zone = zone_named(name)
    for at in range(instant("2026-01-01T00:00+00:00"), instant("2027-06-01T00:00+00:00"), 1_799):
        local = zone.local(at)
        assert at in (zone.instant(local, later=False), zone.instant(local, later=True))
        assert zone.instant(local, later=False) <= zone.instant(local, later=True)


def test_a_whole_day_that_does_not_exist_means_the_first_instant_after_it() -> None:
    apia = zone_named("Pacific/Apia")
    skipped = day_number(date(2011, 12, 30)) * DAY
    for second in (0, 12 * 3600, DAY - 1):
        assert apia.instant(skipped + second, later=True) == instant("2011-12-31T00:00+14:00")


def test_the_time_that_occurs_twice_is_the_earlier_or_the_later() -> None:
    twice = day_number(date(2026, 10, 25)) * DAY + 5_400
    assert LONDON.instant(twice, later=False) == instant("2026-10-25T01:30+01:00")
    assert LONDON.instant(twice, later=True) == instant("2026-10-25T01:30+00:00")


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        seconds_of(datetime(2026, 5, 1))  # noqa: DTZ001 - that is what is refused


def test_instants_before_1970_are_counted_too() -> None:
    at = instant("1969-12-31T23:59:59+00:00")
    assert at == -1
    assert zone_named("UTC").day(at) == -1
    assert day_of(-1) == date(1969, 12, 31)


def test_every_day_gives_hours_to_the_chosen_weekdays_only() -> None:
    assert every_day(((0, DAY),), [0, 6]) == (((0, DAY),), (), (), (), (), (), ((0, DAY),))


# --- the process ------------------------------------------------------------------------------------------------


def test_the_time_zone_of_the_process_is_never_touched() -> None:
    before = (os.environ.get("TZ"), time.tzname)
    ENGLAND.add(day_number(date(2026, 5, 1)), 100)
    OFFICE.add_service(instant("2026-05-01T10:00+01:00"), 100_000)
    assert (os.environ.get("TZ"), time.tzname) == before


def test_importing_the_library_touches_no_time_zone() -> None:
    program = "import time; before = time.tzname; import makegood.rules; assert time.tzname == before"
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "TZ": "Pacific/Apia"})


@pytest.mark.parametrize("name", ["Europe/London", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("years", [0, 5_000])
def test_at_the_ends_of_the_calendar_and_beyond_a_zone_keeps_its_last_offset(name: str, day: date, years: int) -> None:
    zone = zone_named(name)
    at = day_number(day) * DAY + (years * 366 * DAY if day == date.max else -years * 366 * DAY)
    steady = zone.offset(day_number(day.replace(year=min(max(day.year, 2), 9998))) * DAY)
    assert abs(zone.offset(at) - steady) <= 3_600
    assert abs(zone.local(zone.instant(at, later=True)) - at) <= 3_600


def test_an_instant_that_no_datetime_can_hold_is_refused_plainly() -> None:
    with pytest.raises(ValueError, match="year"):
        LONDON.datetime(day_number(date.max) * DAY + 2 * DAY)
