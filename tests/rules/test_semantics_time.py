"""What instants, limits, days, windows, months and calendars mean, sentence by sentence."""

import pytest

from makegood.rules import PledgeError, read_calendar, read_pledge
from tests.rules.judging import HEAD, KNOWN, at, due, judged, promise, status

OFFICE = "calendar: {service hours: office, working days: england-and-wales}"
SHIFTS = "calendar: {service hours: shifts}"


# --- instants and zones -----------------------------------------------------------------------------------------


def test_instants_are_cut_down_to_the_whole_second() -> None:
    pledge = promise("within: 12 hours")
    facts = ["asked 2026-05-05 08:00:00.900", "done 2026-05-05 20:00:00.950"]
    assert status(pledge, *facts, as_of="2026-05-06 00:00") == "kept"


def test_a_naive_instant_is_refused() -> None:
    from datetime import datetime

    from makegood.rules import Case, Fact

    with pytest.raises(ValueError, match="offset"):
        Case(id="1", facts=[Fact(name="asked", at=datetime(2026, 5, 5))])  # noqa: DTZ001 - that is what is refused


def test_local_dates_come_from_london_unless_said() -> None:
    late_evening = "asked 2026-06-01 23:30+00:00"
    assert due(promise("within: 1 calendar day"), late_evening) == "2026-06-03 23:59:59"
    in_zone = promise("within: 1 calendar day", "zone: UTC")
    outcome = judged(in_zone, late_evening, as_of="2026-06-02 00:00+00:00")
    assert outcome.due_at == at("2026-06-02 23:59:59+00:00")


def test_a_zone_far_from_greenwich_has_days_of_its_own() -> None:
    outcome = judged(
        promise("within: 1 calendar day", "zone: Pacific/Apia"),
        "asked 2026-06-01 11:30+00:00",
        as_of="2026-06-01 13:00",
    )
    assert outcome.due_at == at("2026-06-03 23:59:59+13:00")


# --- elapsed limits ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finish", "expected"), [("20:00:00", "kept"), ("20:00:01", "broken")], ids=["on the second", "a second later"]
)
def test_within_twelve_hours_is_kept_at_exactly_twelve_hours(finish: str, expected: str) -> None:
    facts = ["asked 2026-05-05 08:00:00", f"done 2026-05-05 {finish}"]
    assert status(promise("within: 12 hours"), *facts, as_of="2026-05-06 00:00") == expected


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2026-03-28 20:00+00:00", "2026-03-29 20:00+00:00"),
        ("2026-10-24 20:00+01:00", "2026-10-25 20:00+01:00"),
        ("2026-07-01 20:00+01:00", "2026-07-02 20:00+01:00"),
    ],
)
def test_hours_run_through_nights_weekends_and_both_clock_changes(start: str, ends: str) -> None:
    assert judged(promise("within: 24 hours"), f"asked {start}", as_of=start).due_at == at(ends)


def test_less_than_excludes_the_last_second() -> None:
    facts = ["asked 2026-05-05 08:00", "done 2026-05-05 08:15"]
    assert status(promise("within: less than 15 minutes"), *facts, as_of="2026-05-06 00:00") == "broken"
    facts = ["asked 2026-05-05 08:00", "done 2026-05-05 08:14:59"]
    assert status(promise("within: less than 15 minutes"), *facts, as_of="2026-05-06 00:00") == "kept"


# --- day limits -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "ends"),
    [
        ("1 calendar day", "2026-05-23 23:59:59"),
        ("3 calendar days", "2026-05-25 23:59:59"),
        ("2 weeks", "2026-06-05 23:59:59"),
        ("1 working day", "2026-05-26 23:59:59"),
        ("0 calendar days", "2026-05-22 23:59:59"),
        ("0 working days", "2026-05-22 23:59:59"),
    ],
)
@pytest.mark.parametrize("time", ["00:00:00", "12:00:00", "23:59:59"])
def test_whole_local_days_are_counted_and_the_deadline_is_the_end_of_the_last(limit: str, ends: str, time: str) -> None:
    assert due(promise(f"within: {limit}"), f"asked 2026-05-22 {time}") == ends


@pytest.mark.parametrize("day", ["2026-05-22", "2026-05-23", "2026-05-24", "2026-05-25"])
def test_the_day_of_the_start_is_day_0_open_or_closed(day: str) -> None:
    assert due(promise("within: 1 working day"), f"asked {day} 10:00") == "2026-05-26 23:59:59"


@pytest.mark.parametrize(("finish", "expected"), [("18:00:00", "kept"), ("18:00:01", "broken")])
def test_by_a_time_of_day_includes_that_second(finish: str, expected: str) -> None:
    pledge = promise("within: 2 working days, by 18:00")
    facts = ["asked 2026-05-05 19:00", f"done 2026-05-07 {finish}"]
    assert status(pledge, *facts, as_of="2026-05-08 00:00") == expected


def test_by_midnight_is_the_last_second_of_the_day() -> None:
    assert due(promise("within: 1 calendar day, by 24:00"), "asked 2026-05-05 19:00") == "2026-05-06 23:59:59"


def test_opening_windows_do_not_matter_to_day_limits() -> None:
    pledge = promise("within: 1 working day", "calendar: office")
    assert due(pledge, "asked 2026-05-05 23:00") == "2026-05-06 23:59:59"


@pytest.mark.parametrize(
    ("received", "ends"),
    [
        ("2026-05-05 17:00:00", "2026-05-06 23:59:59"),
        ("2026-05-05 17:00:01", "2026-05-07 23:59:59"),
        ("2026-05-08 17:00:01", "2026-05-12 23:59:59"),
    ],
)
def test_after_the_cut_off_counts_as_the_next_working_day(received: str, ends: str) -> None:
    assert due(promise("within: 1 working day\ncut-off: 17:00"), f"asked {received}") == ends


def test_a_cut_off_is_for_what_starts_the_standard_not_for_the_remedy_or_a_condition() -> None:
    pledge = promise(
        "within: 1 working day\ncut-off: 17:00\nvoid if: left later than 1 working day after asked\n"
        "if we do not: [{pay: £5, within: 5 working days}]"
    )
    facts = ["asked 2026-05-05 18:00", "left 2026-05-07 10:00"]
    assert status(pledge, *facts, as_of="2026-05-07 12:00") == "void"
    outcome = judged(pledge, "asked 2026-05-05 18:00", as_of="2026-05-08 12:00")
    assert outcome.due_at == at("2026-05-07 23:59:59")
    assert outcome.remedies[0].due_at == at("2026-05-14 23:59:59")


def test_what_starts_on_a_closed_day_may_count_as_received_on_the_next_open_one() -> None:
    pledge = promise("within: 1 working day\nstart on a closed day: next open day")
    assert due(pledge, "asked 2026-05-23 10:00") == "2026-05-27 23:59:59"
    assert due(pledge, "asked 2026-05-22 10:00") == "2026-05-26 23:59:59"


def test_the_first_day_may_count() -> None:
    assert due(promise("within: 1 working day\nfirst day: counts"), "asked 2026-05-22 10:00") == "2026-05-22 23:59:59"
    assert due(promise("within: 2 working days\nfirst day: counts"), "asked 2026-05-23 10:00") == "2026-05-27 23:59:59"
    assert due(promise("within: 5 calendar days\nfirst day: counts"), "asked 2026-05-22 10:00") == "2026-05-26 23:59:59"


def test_a_day_that_the_case_names_may_be_counted_from() -> None:
    pledge = promise("within: 2 working days after visit", "calendar: england-and-wales\ndetails: {visit: date}")
    outcome = judged(pledge, "asked 2026-05-01 10:00", as_of="2026-05-02 10:00", visit="2026-05-22")
    assert outcome.due_at == at("2026-05-27 23:59:59")


def test_working_days_may_be_counted_back_from_a_day() -> None:
    pledge = promise("within: 2 working days before visit", "calendar: england-and-wales\ndetails: {visit: date}")
    outcome = judged(pledge, "asked 2026-05-01 10:00", as_of="2026-05-02 10:00", visit="2026-05-26")
    assert outcome.due_at == at("2026-05-21 23:59:59")


def test_school_days_are_counted_in_a_calendar_of_their_own() -> None:
    pledge = promise(
        "within: 15 school days",
        """
        calendar: {school days: school}
        calendars:
          school:
            open: {monday to friday: all day}
            closed: [2026-07-22..2026-08-31 Summer holidays]
            complete: 2026-01-01 to 2026-12-31
        """,
    )
    assert due(pledge, "asked 2026-07-20 10:00") == "2026-09-18 23:59:59"


# --- windows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finish", "expected"),
    [("12:59:59", "broken"), ("13:00:00", "kept"), ("17:59:59", "kept"), ("18:00:00", "broken")],
)
def test_a_window_includes_its_first_instant_and_excludes_its_last(finish: str, expected: str) -> None:
    pledge = promise("within: between 13:00 and 18:00 on visit", "details: {visit: date}")
    facts = ["asked 2026-05-01 10:00", f"done 2026-05-08 {finish}"]
    outcome = judged(pledge, *facts, as_of="2026-05-09 00:00", visit="2026-05-08")
    assert (str(outcome.status), outcome.due_at) == (expected, at("2026-05-08 17:59:59"))


def test_a_window_in_a_condition_does_not_become_the_window_of_the_standard() -> None:
    pledge = promise(
        "within: 2 calendar days\nonly for: asked before between 13:00 and 18:00 on visit", "details: {visit: date}"
    )
    facts = ["asked 2026-05-08 10:00", "done 2026-05-08 11:00"]
    assert status(pledge, *facts, as_of="2026-05-09 00:00", visit="2026-05-08") == "kept"


def test_the_window_of_the_limit_that_is_not_taken_does_not_hold_back_the_finish() -> None:
    pledge = promise("within: the earlier of 2 hours and between 13:00 and 18:00 on visit", "details: {visit: date}")
    facts = ["asked 2026-05-08 09:00", "done 2026-05-08 10:00"]
    outcome = judged(pledge, *facts, as_of="2026-05-09 00:00", visit="2026-05-08")
    assert (outcome.status, outcome.due_at) == ("kept", at("2026-05-08 11:00"))


# --- service hours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "limit", "ends"),
    [
        ("2026-05-08 08:59:59", "1 service hour", "2026-05-08 10:00:00"),
        ("2026-05-08 09:00:00", "1 service hour", "2026-05-08 10:00:00"),
        ("2026-05-08 16:59:59", "1 service hour", "2026-05-11 09:59:59"),
        ("2026-05-08 17:00:00", "1 service hour", "2026-05-11 10:00:00"),
        ("2026-05-22 16:00:00", "2 service hours", "2026-05-26 10:00:00"),
        ("2026-05-09 12:00:00", "90 service minutes", "2026-05-11 10:30:00"),
        ("2026-05-08 09:00:00", "16 service hours", "2026-05-11 17:00:00"),
    ],
)
def test_service_hours_run_inside_opening_windows_only(received: str, limit: str, ends: str) -> None:
    assert due(promise(f"within: {limit}", OFFICE), f"asked {received}") == ends


@pytest.mark.parametrize(
    ("received", "limit", "ends"),
    [
        ("2026-05-07 12:00", "1 service hour", "2026-05-07 13:30:00"),
        ("2026-05-07 12:30", "1 service hour", "2026-05-07 14:00:00"),
        ("2026-05-07 09:00", "3.5 service hours", "2026-05-07 12:30:00"),
        ("2026-05-08 16:00", "2 service hours", "2026-05-09 11:00:00"),
        ("2026-05-09 11:00", "2 service hours", "2026-05-11 10:00:00"),
    ],
)
def test_several_windows_in_a_day_are_possible(received: str, limit: str, ends: str) -> None:
    assert due(promise(f"within: {limit}", SHIFTS), f"asked {received}") == ends


def test_a_service_finish_in_closed_time_is_compared_as_an_instant() -> None:
    pledge = promise("within: 8 service hours", OFFICE)
    facts = ["asked 2026-05-05 09:00", "done 2026-05-05 17:00:01"]
    assert status(pledge, *facts, as_of="2026-05-06 00:00") == "broken"


def test_a_calendar_open_around_the_clock_loses_no_minute() -> None:
    pledge = promise("within: 720 service hours", "calendar: {service hours: always}")
    assert due(pledge, "asked 2026-05-05 10:00") == "2026-06-04 10:00:00"


# --- months and roll-forward ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "limit", "last_day", "next_first"),
    [
        ("2027-01-31", "1 month", "2027-02-28", "2027-03-01"),
        ("2028-01-31", "1 month", "2028-02-29", "2028-03-01"),
        ("2026-08-31", "3 months", "2026-11-30", "2026-12-01"),
        ("2026-01-15", "1 month", "2026-02-15", "2026-02-15"),
        ("2028-02-29", "1 year", "2029-02-28", "2029-03-01"),
        ("2026-12-15", "2 months", "2027-02-15", "2027-02-15"),
    ],
)
def test_a_month_ends_on_the_same_day_or_by_the_declared_rule(
    start: str, limit: str, last_day: str, next_first: str
) -> None:
    for rule, expected in (("last day", last_day), ("first of the next month", next_first)):
        assert due(promise(f"within: {limit}\nshort months: {rule}"), f"asked {start} 10:00")[:10] == expected


def test_roll_forward_is_off_unless_said_and_keeps_the_time_of_day() -> None:
    saturday = "asked 2026-05-15 10:00"
    assert due(promise("within: 8 calendar days, by 12:00"), saturday) == "2026-05-23 12:00:00"
    pledge = promise("within: 8 calendar days, by 12:00\non a closed day: next open day")
    assert due(pledge, saturday) == "2026-05-26 12:00:00"


def test_roll_forward_comes_after_pauses_and_extensions() -> None:
    pledge = promise(
        "within: 7 calendar days\non a closed day: next open day\npaused: [{from: held, until: freed}]\n"
        "extended: [{when: longer, to: 14 calendar days}]"
    )
    facts = ["asked 2026-06-05 10:00", "held 2026-06-08 10:00", "freed 2026-06-08 11:00"]
    assert due(pledge, *facts) == "2026-06-15 23:59:59"
    assert due(pledge, *facts, "longer 2026-06-09 10:00") == "2026-06-22 23:59:59"


def test_roll_forward_moves_a_month_limit_too() -> None:
    pledge = promise("within: 1 month\nshort months: last day\non a closed day: next open day")
    assert due(pledge, "asked 2026-04-25 10:00") == "2026-05-26 23:59:59"


# --- clock changes in local times -------------------------------------------------------------------------------


def test_a_local_deadline_that_does_not_exist_is_the_first_instant_after_the_gap() -> None:
    outcome = judged(promise("within: 1 calendar day, by 01:30"), "asked 2026-03-28 10:00", as_of="2026-03-28 11:00")
    assert outcome.due_at == at("2026-03-29 01:00+00:00")


def test_a_local_deadline_that_occurs_twice_is_the_later() -> None:
    outcome = judged(promise("within: 1 calendar day, by 01:30"), "asked 2026-10-24 10:00", as_of="2026-10-24 11:00")
    assert outcome.due_at == at("2026-10-25 01:30+00:00")


@pytest.mark.parametrize(("finish", "expected"), [("01:29:59+01:00", "broken"), ("01:30+01:00", "kept")])
def test_an_opening_that_occurs_twice_is_the_earlier(finish: str, expected: str) -> None:
    pledge = promise("within: between 01:30 and 04:00 on visit", "details: {visit: date}")
    facts = ["asked 2026-10-24 10:00", f"done 2026-10-25 {finish}"]
    assert status(pledge, *facts, as_of="2026-10-26 00:00", visit="2026-10-25") == expected


# --- calendars --------------------------------------------------------------------------------------------------


def test_a_union_is_closed_when_any_of_its_calendars_is() -> None:
    pledge = promise("within: 1 working day", "calendar: united-kingdom")
    assert due(pledge, "asked 2026-03-16 10:00") == "2026-03-18 23:59:59"
    assert due(promise("within: 1 working day"), "asked 2026-03-16 10:00") == "2026-03-17 23:59:59"


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2028-12-28 10:00", "running"), ("2028-12-29 10:00", "unknown"), ("2014-12-31 10:00", "unknown")],
)
def test_a_count_that_leaves_the_range_is_unknown_never_a_guess(start: str, expected: str) -> None:
    assert status(promise("within: 1 working day"), f"asked {start}", as_of=start) == expected


def test_service_hours_that_leave_the_range_are_unknown() -> None:
    outcome = judged(promise("within: 9 service hours", OFFICE), "asked 2028-12-29 09:00", as_of="2028-12-29 10:00")
    assert (outcome.status, outcome.missing) == ("unknown", ("calendar office",))


@pytest.mark.parametrize(
    "opening", ["open: {monday: 09:00 to 17:00}\nclosed: [2026-05-04..2026-05-10 shut]", "open: {}"]
)
def test_a_calendar_with_no_open_time_is_refused_when_it_is_read(opening: str) -> None:
    with pytest.raises(PledgeError):
        read_calendar(f"calendar: never\ncomplete: 2026-05-04 to 2026-05-10\n{opening}")


def test_days_of_no_said_kind_are_refused() -> None:
    with pytest.raises(PledgeError, match="which days"):
        read_pledge(HEAD + "standards: {s: {when: asked, we will: done, within: 2 days}}", calendars=KNOWN)


def test_a_limit_can_be_counted_from_a_time_of_day_on_a_date() -> None:
    pledge = promise("within: 24 hours before 08:00 on visit", "details: {visit: date}")
    assert due(pledge, "asked 2026-10-01 09:00", visit="2026-10-26") == "2026-10-25 08:00:00"
    assert status(pledge, "asked 2026-10-01 09:00", as_of="2026-10-02 00:00") == "unknown"
