"""The worked edges of what a promise means, and vectors worked out by hand for real schemes."""

import pytest

from makegood import schemes
from makegood.rules import Case, evaluate
from makegood.rules.check import check_pledge
from tests.rules.judging import KNOWN, at, case, due, fact, judged, judged_all, owed, promise, status

OFFICE_HOURS = "calendar: {service hours: office, working days: england-and-wales}"
FEE = """
paused:
  - {from: held, until: freed}
"""
STALLED = """
within: 12 hours
paused:
  - {from: held, until: freed}
  - {from: stuck, until: loose}
"""
PAY_PER_DAY = """
within: 1 calendar day
if we do not:
  - pay: £1 for each full %s
"""


def test_edge_01_working_days_pass_over_christmas_and_new_year() -> None:
    assert due(promise("within: 10 working days"), "asked 2026-12-19 10:00") == "2027-01-06 23:59:59"


def test_edge_02_a_holiday_in_scotland_and_the_days_of_a_pause_do_not_count() -> None:
    foi = promise("within: 20 working days" + FEE, "calendar: united-kingdom")
    facts = ["asked 2026-06-01 10:00", "held 2026-06-29 10:00", "freed 2026-07-06 10:00"]
    assert due(foi, *facts) == "2026-07-08 23:59:59"


def test_edge_03_a_pause_within_one_day_takes_that_day() -> None:
    foi = promise("within: 20 working days" + FEE, "calendar: united-kingdom")
    facts = ["asked 2026-06-01 10:00", "held 2026-06-30 10:00", "freed 2026-06-30 11:00"]
    assert due(foi, *facts) == "2026-07-01 23:59:59"


def test_edge_04_hours_run_through_the_change_of_the_clocks() -> None:
    outcome = judged(promise("within: 24 hours"), "asked 2026-10-24 20:00+01:00", as_of="2026-10-25 12:00")
    assert outcome.due_at == at("2026-10-25 19:00+00:00")


@pytest.mark.parametrize(
    ("received", "ends"), [("2026-05-08 16:00", "2026-05-11 11:00:00"), ("2026-05-08 17:00", "2026-05-11 12:00:00")]
)
def test_edge_05_service_hours_run_in_opening_windows(received: str, ends: str) -> None:
    assert due(promise("within: 3 service hours", OFFICE_HOURS), f"asked {received}") == ends


def test_edge_06_a_deadline_may_fall_on_closing_time() -> None:
    assert due(promise("within: 8 service hours", OFFICE_HOURS), "asked 2026-05-05 09:00") == "2026-05-05 17:00:00"


def test_edge_07_a_pause_adds_its_length() -> None:
    facts = ["asked 2026-05-05 00:00", "held 2026-05-05 02:00", "freed 2026-05-05 05:00"]
    assert due(promise(STALLED), *facts) == "2026-05-05 15:00:00"


def test_edge_08_pauses_that_overlap_are_merged() -> None:
    facts = ["asked 2026-05-05 00:00", "held 2026-05-05 02:00", "freed 2026-05-05 05:00"]
    facts += ["stuck 2026-05-05 04:00", "loose 2026-05-05 06:00"]
    assert due(promise(STALLED), *facts) == "2026-05-05 16:00:00"


def test_edge_09_a_pause_may_open_exactly_at_the_deadline() -> None:
    facts = ["asked 2026-05-05 00:00", "held 2026-05-05 12:00", "freed 2026-05-05 15:00", "done 2026-05-05 13:00"]
    assert status(promise(STALLED), *facts, as_of="2026-05-06 00:00") == "kept"


def test_edge_10_a_pause_after_the_finish_moves_nothing() -> None:
    facts = ["asked 2026-05-05 00:00", "done 2026-05-05 11:00", "held 2026-05-05 11:30", "freed 2026-05-05 15:00"]
    outcome = judged(promise(STALLED), *facts, as_of="2026-05-06 00:00")
    assert (outcome.status, outcome.due_at) == ("kept", at("2026-05-05 12:00"))


@pytest.mark.parametrize(("as_of", "expected"), [("2026-05-12 00:00", "broken"), ("2026-05-13 00:00", "excused")])
def test_edge_11_an_exemption_counts_from_when_it_is_known(as_of: str, expected: str) -> None:
    pledge = promise("within: 12 hours\nexcused if: waived")
    facts = ["asked 2026-05-05 00:00", "done 2026-05-05 13:00", "waived 2026-05-05 08:00 known 2026-05-12 13:00"]
    assert status(pledge, *facts, as_of=as_of) == expected


@pytest.mark.parametrize(("as_of", "expected"), [("2026-05-31 12:00", "broken"), ("2026-06-06 12:00", "kept")])
def test_edge_12_a_finish_that_is_known_late_corrects_the_outcome(as_of: str, expected: str) -> None:
    pledge = promise("when: asked\nwithin: 10 calendar days")
    facts = ["asked 2026-04-30 10:00", "done 2026-05-01 10:00 known 2026-06-05 10:00"]
    assert judged(pledge, *facts, as_of="2026-05-05 12:00").due_at == at("2026-05-10 23:59:59")
    assert status(pledge, *facts, as_of=as_of) == expected


@pytest.mark.parametrize(
    ("extended", "ends"), [("2027-01-13 16:00", "2027-01-27 23:59:59"), ("2027-01-14 16:00", "2027-01-13 23:59:59")]
)
def test_edge_13_an_extension_counts_up_to_the_last_day_only(extended: str, ends: str) -> None:
    pledge = promise("within: 10 working days\nextended: [{when: longer, to: 20 working days}]")
    assert due(pledge, "asked 2026-12-29 16:00", f"longer {extended}") == ends


def test_edge_14_an_arrival_before_the_window_is_passed_over() -> None:
    pledge = promise("within: between 13:00 and 18:00 on visit", "details: {visit: date}")
    facts = ["asked 2026-05-01 10:00", "done 2026-05-08 12:50", "done 2026-05-08 17:10"]
    outcome = judged(pledge, *facts, as_of="2026-05-09 00:00", visit="2026-05-08")
    assert (outcome.status, outcome.finished_at) == ("kept", at("2026-05-08 17:10"))


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("calendar day", "1.00"),
        ("working day", "0.00"),
        ("24 hours", "2.00"),
        ("calendar day or part", "2.00"),
        ("24 hours or part", "3.00"),
    ],
)
def test_edge_15_lateness_over_a_weekend_on_which_the_clocks_go_back(unit: str, expected: str) -> None:
    facts = ["asked 2026-10-22 10:00", "done 2026-10-25 23:30+00:00"]
    outcome = judged(promise(PAY_PER_DAY % unit), *facts, as_of="2026-10-26 12:00")
    assert (outcome.due_at, str(outcome.owed)) == (at("2026-10-23 23:59:59"), expected)


@pytest.mark.parametrize(("unit", "expected"), [("calendar day", "3.00"), ("working day", "0.00")])
def test_edge_16_lateness_over_easter(unit: str, expected: str) -> None:
    facts = ["asked 2027-03-24 10:00", "done 2027-03-29 00:30"]
    assert owed(promise(PAY_PER_DAY % unit), *facts, as_of="2027-03-30 12:00") == expected


def test_edge_17_a_count_that_leaves_the_calendar_is_unknown() -> None:
    facts = ["asked 2028-12-20 10:00", "done 2028-12-21 10:00"]
    outcome = judged(promise("within: 20 working days"), *facts, as_of="2028-12-22 00:00")
    assert (outcome.status, outcome.due_at, outcome.missing) == ("unknown", None, ("calendar england-and-wales",))


def test_edge_18_roll_forward_moves_a_closed_last_day_to_the_next_open_one() -> None:
    pledge = promise("within: 30 calendar days\non a closed day: next open day")
    assert due(pledge, "asked 2026-08-01 10:00") == "2026-09-01 23:59:59"
    assert due(promise("within: 30 calendar days"), "asked 2026-08-01 10:00") == "2026-08-31 23:59:59"


@pytest.mark.parametrize(
    ("rule", "ends"), [("last day", "2027-02-28 23:59:59"), ("first of the next month", "2027-03-01 23:59:59")]
)
def test_edge_19_a_short_month_ends_where_the_pledge_says(rule: str, ends: str) -> None:
    assert due(promise(f"within: 1 month\nshort months: {rule}"), "asked 2027-01-31 10:00") == ends


def test_edge_20_a_case_keeps_the_rate_that_it_started_under() -> None:
    pledge = promise(
        "within: 2 calendar days\nif we do not: [{pay: sum}]",
        "rates: {sum: [{is: £5, until: 2026-03-31}, {is: £6, from: 2026-04-01}]}",
    )
    assert owed(pledge, "asked 2026-03-31 23:30+01:00", as_of="2026-04-20 12:00") == "5.00"
    assert owed(pledge, "asked 2026-04-01 00:00+01:00", as_of="2026-04-20 12:00") == "6.00"


@pytest.mark.parametrize(
    ("share", "price", "expected"), [("12.5%", "9.95", "1.24"), ("25%", "0.30", "0.08"), ("25%", "0.10", "0.03")]
)
def test_edge_21_a_share_is_rounded_half_up_once(share: str, price: str, expected: str) -> None:
    pledge = promise(f"within: 1 hour\nif we do not: [{{pay: {share} of price}}]", "details: {price: money}")
    assert owed(pledge, "asked 2026-05-05 10:00", as_of="2026-05-06 12:00", price=price) == expected


def test_edge_22_a_fact_at_the_instant_of_looking_is_known_and_a_deadline_there_not_yet_missed() -> None:
    pledge = promise("within: 1 hour")
    assert status(pledge, "asked 2026-05-05 10:00", as_of="2026-05-05 10:00") == "running"
    assert judged_all(pledge, "asked 2026-05-05 10:00", as_of="2026-05-05 09:59:59")["s"].status == "pending"
    assert status(pledge, "asked 2026-05-05 10:00", as_of="2026-05-05 11:00") == "running"
    assert status(pledge, "asked 2026-05-05 10:00", as_of="2026-05-05 11:00:01") == "broken"


def test_edge_19_a_month_without_a_rule_for_short_ones_is_refused_by_check() -> None:
    codes = [finding.code for finding in check_pledge(promise("within: 1 month"), KNOWN)]
    assert "short-months" in codes
    ruled = promise("within: 1 month\nshort months: last day")
    assert "short-months" not in [finding.code for finding in check_pledge(ruled, KNOWN)]


# --- vectors of real schemes ------------------------------------------------------------------------------------


def outcome_of(
    scheme: str, *facts: str, as_of: str = "2027-12-01 12:00", **details: str
) -> dict[str, tuple[str, str, str]]:
    """Status, deadline and sum of each standard of a shipped scheme for one case."""
    found = evaluate(schemes.load(scheme), case(*facts, **details), as_of=at(as_of), calendars=KNOWN)
    return {
        each.standard: (str(each.status), each.due_at.strftime("%m-%d %H:%M") if each.due_at else "", str(each.owed))
        for each in found
        if each.has_row
    }


def test_vector_01_a_complaint_received_before_christmas() -> None:
    facts = ["complaint_received 2026-12-18 11:00", "stage1_acknowledged 2026-12-29 16:00"]
    found = outcome_of("complaint-lgsco", *facts, as_of="2026-12-30 12:00")
    assert found["stage1-acknowledge"] == ("kept", "12-29 23:59", "0.00")
    assert found["stage1-answer"] == ("running", "01-13 23:59", "0.00")
    facts.append("stage1-answer_extended 2026-12-30 10:00")
    assert outcome_of("complaint-lgsco", *facts, as_of="2026-12-30 12:00")["stage1-answer"][1] == "01-27 23:59"


@pytest.mark.parametrize(
    ("received", "england", "union"), [("2026-03-09", "04-08", "04-09"), ("2026-07-01", "07-29", "07-30")]
)
def test_vectors_02_and_03_freedom_of_information_counts_every_bank_holiday(
    received: str, england: str, union: str
) -> None:
    found = outcome_of("foi", f"request_received {received} 10:00", as_of=f"{received} 12:00")
    assert found["answer"][1] == f"{union} 23:59"
    assert due(promise("within: 20 working days"), f"asked {received} 10:00")[5:10] == england


def test_vector_05_dangerous_damp_reported_before_christmas() -> None:
    aware = "landlord_aware 2026-12-11 10:00"
    found = outcome_of("awaab", aware, as_of="2026-12-11 12:00", hazard="significant")
    assert found["investigate"][1] == "12-29 23:59"
    found = outcome_of("awaab", aware, as_of="2026-12-11 12:00", hazard="emergency")
    assert found == {"make-safe": ("running", "12-12 10:00", "0.00")}


def test_vector_06_after_the_investigation_summary_works_and_twelve_weeks() -> None:
    facts = ["landlord_aware 2026-12-11 10:00", "investigated 2026-12-16 15:00"]
    found = outcome_of("awaab", *facts, as_of="2026-12-16 16:00", hazard="significant")
    assert (found["written-summary"][1], found["safety-works"][1]) == ("12-21 23:59", "12-23 23:59")
    assert due(promise("within: 12 weeks"), "asked 2026-12-16 15:00") == "2027-03-10 23:59:59"


def test_vector_08_broadband_reported_before_a_bank_holiday() -> None:
    facts = ["fault_reported 2026-05-22 10:00", "service_restored 2026-06-01 15:00"]
    found = outcome_of("ofcom-delayed-repair", *facts, customer_refused_earliest_visit="no")
    assert found["repair"] == ("broken", "05-27 23:59", "41.36")


def test_vector_09_a_late_start_of_service_and_the_free_days_of_a_repair() -> None:
    start = promise(
        "within: the end of promised\nif we do not: [{pay: £6.10 for each calendar day or part}]",
        "details: {promised: date}",
    )
    facts = ["asked 2026-05-01 10:00", "done 2026-05-08 10:00"]
    assert owed(start, *facts, as_of="2026-05-09 12:00", promised="2026-05-05") == "18.30"
    assert due(promise("within: 2 working days"), "asked 2026-06-08 10:00") == "2026-06-10 23:59:59"
    assert due(promise("within: 2 working days"), "asked 2026-06-12 10:00") == "2026-06-16 23:59:59"


@pytest.mark.parametrize(
    ("restored", "expected"),
    [("2026-01-05 23:54", "50.00"), ("2026-01-06 00:00", "100.00"), ("2026-01-06 13:00", "150.00")],
)
def test_vector_10_water_off_for_hours_over_the_limit(restored: str, expected: str) -> None:
    facts = ["company_aware 2026-01-05 00:00", f"supply_restored {restored}"]
    assert outcome_of("water-supply", *facts, main="ordinary", drought="no")["restore-supply"][2] == expected


@pytest.mark.parametrize(
    ("weather", "hours", "expected"),
    [
        ("category-1", 24, "0.00"),
        ("category-1", 30, "120.00"),
        ("category-1", 312, "2000.00"),
        ("category-1", 400, "2000.00"),
        ("category-2", 100, "400.00"),
    ],
)
def test_vector_11_a_power_cut_in_severe_weather(weather: str, hours: int, expected: str) -> None:
    facts = ["network_aware 2026-02-01 00:00", f"power_restored 2026-02-{1 + hours // 24:02d} {hours % 24:02d}:00"]
    details = {"weather": weather, "customers_off": "800", "customer": "household", "asked_to_stay_off": "no"}
    assert outcome_of("storm-power-cut", *facts, **details)["restore-power"][2] == expected


@pytest.mark.parametrize(("days", "expected"), [(1, "12.00"), (5, "20.00"), (20, "50.00"), (21, "50.00")])
def test_vector_12_a_second_contractor_who_fails_too(days: int, expected: str) -> None:
    facts = ["repair_reported 2026-06-01 09:00", "second_contractor_requested 2026-06-03 09:00"]
    pledge, repair = schemes.load("right-to-repair"), {"repair": "toilet-blocked", "no_access": "no"}
    as_of = at(f"2026-06-{4 + days:02d} 23:59:59")
    facts_of = [fact(each) for each in facts]
    found = evaluate(pledge, Case(id="1", details=repair, facts=facts_of), as_of=as_of, calendars=KNOWN)
    assert [str(each.owed) for each in found] == ["0.00", expected]


def test_vector_15_a_late_train_and_a_season_ticket() -> None:
    facts = ["planned_arrival 2026-03-02 10:00", "arrived 2026-03-02 15:00"]
    assert outcome_of("delay-repay", *facts, ticket="return", fare="147.00")["arrive-on-time"][2] == "147.00"
    assert outcome_of("delay-repay", *facts, ticket="single", fare="73.50")["arrive-on-time"][2] == "73.50"
    season = promise(
        "within: less than 15 minutes\nlate from: asked\n"
        "if we do not: [{pay: 50% of season_price divided by 464 if 30 to 59 minutes late}]",
        "details: {season_price: money}",
    )
    facts = ["asked 2026-03-02 10:00", "done 2026-03-02 10:40"]
    assert owed(season, *facts, as_of="2026-03-03 12:00", season_price="5800") == "6.25"


def test_vector_17_a_bin_missed_on_thursday() -> None:
    details = {"collection_date": "2026-06-11", "bin_problem": "none", "severe_weather": "no"}
    found = outcome_of("missed-bin", "missed_bin_reported 2026-06-12 23:59:59", as_of="2026-06-13 12:00", **details)
    assert found["return-for-bin"] == ("running", "06-16 18:00", "0.00")
    found = outcome_of("missed-bin", "missed_bin_reported 2026-06-15 00:00", as_of="2026-06-15 12:00", **details)
    assert found["return-for-bin"][0] == "void"


@pytest.mark.parametrize(
    ("slot", "facts", "expected"),
    [
        ("am", ["warned_customer 2026-07-08 08:55"], ("excused", "0.00")),
        ("am", ["arrived 2026-07-08 15:00"], ("broken", "10.00")),
        ("am", [], ("broken", "20.00")),
        ("pm", ["warned_customer 2026-07-08 12:55"], ("excused", "0.00")),
    ],
)
def test_vector_18_a_missed_appointment(slot: str, facts: list[str], expected: tuple[str, str]) -> None:
    details = {"appointment_date": "2026-07-08", "slot": slot, "tenant_absent": "no", "bad_weather": "no"}
    found = outcome_of("missed-appointment", "appointment_booked 2026-07-01 10:00", *facts, **details)
    assert (found["keep-appointment"][0], found["keep-appointment"][2]) == expected


def test_vector_20_the_holiday_of_one_part_of_the_kingdom() -> None:
    days = {name: KNOWN[name].is_open(20_619) for name in ("scotland", "england-and-wales", "united-kingdom")}
    assert days == {"scotland": False, "england-and-wales": True, "united-kingdom": False}


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "9001-01-01", "9999-12-31"])
def test_a_date_that_stands_for_none_or_for_no_end_cannot_be_told(day: str) -> None:
    by_date = promise("within: the end of until", "details: {until: date}")
    by_instant = promise("within: 1 hour after until", "details: {until: instant}")
    for pledge, given in ((by_date, day), (by_instant, f"{day}T12:00:00+00:00")):
        outcome = judged(pledge, "asked 2026-05-01 09:00", as_of="2026-06-01 12:00", until=given)
        assert (str(outcome.status), outcome.missing) == ("unknown", ("until",))


@pytest.mark.parametrize(("asked", "ends"), [("1000-01-01", "1100"), ("9000-12-30", "9100")])
@pytest.mark.parametrize("limit", ["100 years", "36525 calendar days", "876576 hours"])
def test_the_longest_limit_from_the_first_and_the_last_years_is_reckoned(asked: str, ends: str, limit: str) -> None:
    pledge = promise(f"short months: last day\nwithin: {limit}")
    outcome = judged(pledge, f"asked {asked} 09:00", as_of="9000-12-31 12:00")
    assert outcome.due_at is not None
    assert outcome.due_at.isoformat()[:4] in (ends, str(int(ends) - 1))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_fact_outside_the_years_that_can_be_reckoned_with_makes_no_case(day: str) -> None:
    with pytest.raises(ValueError, match="outside the years 1000 to 9000"):
        case(f"asked {day} 12:00")
