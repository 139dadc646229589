"""Instants, days, spans and money as people say them, at the edges where it is easily said wrongly."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.web.saying import plural, say_by, say_day, say_left, say_money, say_span, say_time, say_when

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 6, 16, 10, 5, tzinfo=UTC)


def local(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, *, fold: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=LONDON, fold=fold)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (local(2026, 6, 16, 18), "by 6pm on Tuesday 16 June 2026"),
        (local(2026, 6, 16, 9, 5), "by 9:05am on Tuesday 16 June 2026"),
        (local(2026, 6, 16, 12), "by midday on Tuesday 16 June 2026"),
        (local(2026, 6, 16, 12, 30), "by 12:30pm on Tuesday 16 June 2026"),
        (local(2026, 6, 16, 0, 30), "by 12:30am on Tuesday 16 June 2026"),
        (local(2026, 6, 16, 23, 59, 59), "by the end of Tuesday 16 June 2026"),
        (local(2026, 6, 17), "by the end of Tuesday 16 June 2026"),
        (local(2027, 1, 1), "by the end of Thursday 31 December 2026"),
    ],
)
def test_a_deadline_is_said_with_its_time_and_the_end_of_a_day_as_that(at: datetime, said: str) -> None:
    assert say_by(at, LONDON) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (local(2026, 6, 16, 18), "by 6pm today"),
        (local(2026, 6, 17, 18), "by 6pm tomorrow"),
        (local(2026, 6, 15, 18), "by 6pm yesterday"),
        (local(2026, 6, 16, 23, 59, 59), "by the end of today"),
        (local(2026, 6, 18, 18), "by 6pm on Thursday 18 June"),
        (local(2027, 6, 18, 18), "by 6pm on Friday 18 June 2027"),
    ],
)
def test_near_days_are_said_by_name_and_this_year_without_its_number(at: datetime, said: str) -> None:
    assert say_by(at, LONDON, now=NOW) == said


def test_today_is_the_day_in_the_place_and_not_in_greenwich() -> None:
    just_after_midnight = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)  # 16 June in London
    assert say_when(just_after_midnight, LONDON, now=NOW) == "today at 12:30am"


def test_the_start_of_a_day_says_which_day() -> None:
    assert say_when(local(2026, 6, 16), LONDON) == "at the start of Tuesday 16 June 2026"


def test_when_the_clocks_go_back_the_two_hours_are_told_apart() -> None:
    first, second = local(2026, 10, 25, 1, 30), local(2026, 10, 25, 1, 30, fold=1)
    assert say_time(first, LONDON) == "1:30am (before the clocks went back)"
    assert say_time(second, LONDON) == "1:30am (after the clocks went back)"
    assert say_time(local(2026, 10, 25, 2, 30), LONDON) == "2:30am"
    assert say_time(local(2026, 3, 29, 2, 30), LONDON) == "2:30am"


def test_a_day_of_another_year_keeps_its_year() -> None:
    assert say_day(date(2025, 12, 31), today=date(2026, 1, 2)) == "Wednesday 31 December 2025"
    assert say_day(date(2025, 12, 31), today=date(2026, 1, 1)) == "yesterday"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(0), "less than a minute"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=1, minutes=1), "1 hour and 1 minute"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 hours and 59 minutes"),
        (timedelta(days=1, minutes=5), "1 day"),
        (timedelta(days=13, hours=23), "13 days and 23 hours"),
        (timedelta(days=14, hours=23), "14 days"),
        (timedelta(hours=-2), "2 hours"),
    ],
)
def test_a_span_has_two_units_at_most_and_is_never_rounded_up(span: timedelta, said: str) -> None:
    assert say_span(span) == said


def test_what_is_left_turns_into_late_at_the_deadline() -> None:
    until = local(2026, 6, 16, 18)
    assert say_left(until, until) == "less than a minute left"
    assert say_left(until, until + timedelta(seconds=1)) == "less than a minute late"
    assert say_left(until, until + timedelta(days=2, hours=3)) == "2 days and 3 hours late"


@pytest.mark.parametrize(
    ("pounds", "said"),
    [("5", "£5"), ("5.00", "£5"), ("5.50", "£5.50"), ("0", "£0"), ("-5", "−£5"), ("12345.6", "£12,345.60")],
)
def test_pence_are_said_only_where_there_are_any(pounds: str, said: str) -> None:
    assert say_money(Decimal(pounds)) == said


def test_nouns_follow_their_number() -> None:
    assert [plural(n, "reply", "replies") for n in (0, 1, 2)] == ["0 replies", "1 reply", "2 replies"]


@given(st.integers(0, 20 * 366 * 86_400))
def test_every_instant_can_be_said(seconds: int) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert say_by(at, LONDON).startswith("by ")
    assert str(at.astimezone(LONDON).year) in say_when(at, LONDON)
