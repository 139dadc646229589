"""What stops, moves or ends a clock, sentence by sentence."""

import pytest

from tests.rules.judging import at, due, judged, owed, promise, status

OFFICE = "calendar: {service hours: office, working days: england-and-wales}"
PAUSED = "\npaused: [{from: held, until: freed}]"
TWO_PAUSES = "\npaused: [{from: held, until: freed}, {from: stuck, until: loose}]"
HOURS = promise("within: 12 hours" + PAUSED)
HOURS_TWO = promise("within: 12 hours" + TWO_PAUSES)
WORKING = promise("within: 5 working days" + PAUSED)
CALENDAR = promise("within: 5 calendar days" + PAUSED)
SERVICE = promise("within: 8 service hours" + PAUSED, OFFICE)
START = "asked 2026-05-05 00:00"
LATER = "2026-05-20 00:00"


def hours(*facts: str) -> str:
    """The deadline of the twelve-hour promise that started at midnight on 5 May."""
    return due(HOURS_TWO, START, *[f"{name} 2026-05-{day}" for name, day in (each.split(" ", 1) for each in facts)])


# --- pauses -----------------------------------------------------------------------------------------------------


def test_a_pause_takes_exactly_its_time_from_service_hours() -> None:
    facts = ["asked 2026-05-05 09:00", "held 2026-05-05 10:00", "freed 2026-05-05 12:30"]
    assert due(SERVICE, *facts) == "2026-05-06 11:30:00"


def test_a_pause_over_night_takes_only_its_open_time_from_service_hours() -> None:
    facts = ["asked 2026-05-05 09:00", "held 2026-05-05 16:00", "freed 2026-05-06 10:00"]
    assert due(SERVICE, *facts) == "2026-05-06 11:00:00"


def test_a_pause_of_an_hour_takes_a_whole_day_from_a_day_limit() -> None:
    facts = ["asked 2026-05-05 10:00", "held 2026-05-06 10:00", "freed 2026-05-06 11:00"]
    assert due(CALENDAR, *facts) == "2026-05-11 23:59:59"


def test_both_ends_of_a_pause_are_days_that_do_not_count() -> None:
    facts = ["asked 2026-05-05 10:00", "held 2026-05-06 23:59:59", "freed 2026-05-08 00:00"]
    assert due(CALENDAR, *facts) == "2026-05-13 23:59:59"


def test_closed_days_in_a_pause_are_not_taken_twice_from_working_days() -> None:
    facts = ["asked 2026-05-07 10:00", "held 2026-05-08 10:00", "freed 2026-05-11 10:00"]
    assert due(WORKING, *facts) == "2026-05-18 23:59:59"


def test_a_day_touched_by_two_pauses_does_not_count_once() -> None:
    facts = ["asked 2026-05-05 10:00", "held 2026-05-06 09:00", "freed 2026-05-06 10:00"]
    facts += ["held 2026-05-06 15:00", "freed 2026-05-07 10:00"]
    assert due(CALENDAR, *facts) == "2026-05-12 23:59:59"


def test_a_pause_on_day_0_takes_nothing_from_a_day_limit() -> None:
    facts = ["asked 2026-05-05 10:00", "held 2026-05-05 11:00", "freed 2026-05-05 12:00"]
    assert due(CALENDAR, *facts) == "2026-05-10 23:59:59"


def test_the_local_days_of_a_pause_are_those_of_the_pledges_zone() -> None:
    facts = ["asked 2026-06-01 10:00", "held 2026-06-02 23:30+00:00", "freed 2026-06-02 23:45+00:00"]
    assert due(CALENDAR, *facts) == "2026-06-07 23:59:59"
    outcome = judged(CALENDAR, *facts[:2], "freed 2026-06-03 23:30+00:00", as_of="2026-06-04 02:00")
    assert outcome.due_at == at("2026-06-08 23:59:59")


def test_an_opening_pairs_with_the_first_closing_at_or_after_it() -> None:
    assert hours("held 05 02:00", "freed 05 01:00", "freed 05 04:00", "freed 05 06:00") == "2026-05-05 14:00:00"


def test_an_opening_and_closing_at_the_same_instant_take_no_time() -> None:
    assert hours("held 05 02:00", "freed 05 02:00") == "2026-05-05 12:00:00"


def test_an_opening_at_the_instant_of_a_closing_pairs_with_that_closing() -> None:
    assert hours("held 05 02:00", "freed 05 04:00", "held 05 04:00", "freed 05 09:00") == "2026-05-05 14:00:00"


def test_openings_while_a_pause_is_open_are_ignored() -> None:
    assert hours("held 05 02:00", "held 05 03:00", "freed 05 05:00") == "2026-05-05 15:00:00"


def test_one_pause_inside_another_takes_nothing_more() -> None:
    assert hours("held 05 02:00", "freed 05 08:00", "stuck 05 03:00", "loose 05 04:00") == "2026-05-05 18:00:00"


def test_time_before_the_start_is_cut_off_a_pause() -> None:
    assert hours("held 04 20:00", "freed 05 02:00") == "2026-05-05 14:00:00"
    assert hours("held 04 20:00", "freed 04 22:00") == "2026-05-05 12:00:00"


def test_a_pause_counts_if_it_begins_by_the_deadline_as_moved_by_earlier_ones() -> None:
    assert hours("held 05 12:00", "freed 05 14:00", "stuck 05 14:00", "loose 05 15:00") == "2026-05-05 15:00:00"
    assert hours("held 05 12:00", "freed 05 13:00", "stuck 05 13:00:01", "loose 05 15:00") == "2026-05-05 13:00:00"
    assert hours("held 05 12:00:01", "freed 05 15:00") == "2026-05-05 12:00:00"


def test_a_pause_may_begin_at_the_finish_but_not_after_it() -> None:
    facts = [START, "done 2026-05-05 11:00", "held 2026-05-05 11:00", "freed 2026-05-05 13:00"]
    assert due(HOURS, *facts) == "2026-05-05 14:00:00"
    facts[2] = "held 2026-05-05 11:00:01"
    assert due(HOURS, *facts) == "2026-05-05 12:00:00"


def test_while_a_pause_is_open_the_promise_runs_without_deadline_and_owes_nothing() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: £5}]" + PAUSED)
    outcome = judged(pledge, START, "held 2026-05-05 02:00", as_of=LATER)
    assert (outcome.status, outcome.due_at, outcome.remedies) == ("running", None, ())
    assert outcome.owed == 0


def test_a_pause_that_opened_after_the_deadline_does_not_save_a_promise() -> None:
    assert status(HOURS, START, "held 2026-05-05 12:00:01", as_of=LATER) == "broken"


@pytest.mark.parametrize("close", [[], ["freed 2026-05-06 10:00"]], ids=["still open", "closed since"])
def test_a_finish_inside_a_pause_that_counts_is_kept(close: list[str]) -> None:
    for pledge in (HOURS, CALENDAR, WORKING):
        facts = [START, "held 2026-05-05 02:00", "done 2026-05-06 01:00", *close]
        assert status(pledge, *facts, as_of=LATER) == "kept"


def test_a_finish_inside_a_pause_is_kept_even_where_the_pause_gave_the_clock_no_time() -> None:
    facts = ["asked 2026-05-05 09:00", "held 2026-05-05 17:00", "freed 2026-05-05 20:00"]
    assert status(SERVICE, *facts, "done 2026-05-05 19:00", as_of=LATER) == "kept"
    assert status(SERVICE, *facts, "done 2026-05-05 21:00", as_of=LATER) == "broken"
    named = promise("within: 12:00 on visit" + PAUSED, "details: {visit: date}")
    facts = [START, "held 2026-05-05 11:00", "freed 2026-05-05 14:00", "done 2026-05-05 13:00"]
    assert status(named, *facts, as_of=LATER, visit="2026-05-05") == "kept"


def test_paused_time_after_the_deadline_does_not_shorten_lateness() -> None:
    facts = [START, "held 2026-05-05 13:00", "freed 2026-05-05 16:00", "done 2026-05-05 18:00"]
    assert judged(HOURS, *facts, as_of=LATER).lateness == 6 * 3600


def test_a_pause_that_is_known_later_counts_from_then() -> None:
    facts = [START, "held 2026-05-05 02:00 known 2026-05-07 00:00", "freed 2026-05-05 05:00", "done 2026-05-05 14:00"]
    assert status(HOURS, *facts, as_of="2026-05-06 00:00") == "broken"
    assert status(HOURS, *facts, as_of="2026-05-07 00:00") == "kept"


def test_a_limit_in_a_condition_is_not_moved_by_the_pauses_of_the_standard() -> None:
    pledge = promise("within: 10 calendar days\nvoid if: left later than 1 calendar day after asked" + PAUSED)
    facts = [START, "held 2026-05-06 02:00", "freed 2026-05-08 05:00", "left 2026-05-08 06:00"]
    assert status(pledge, *facts, as_of="2026-05-09 00:00") == "void"


# --- extensions -------------------------------------------------------------------------------------------------

EXTENDED = promise("within: 12 hours\nextended: [{when: longer, to: 24 hours, because: it is hard}]" + PAUSED)


@pytest.mark.parametrize(
    ("extended", "ends"),
    [
        ("2026-05-04 23:59:59", "12:00"),
        ("2026-05-05 00:00:00", "24:00"),
        ("2026-05-05 12:00:00", "24:00"),
        ("2026-05-05 12:00:01", "12:00"),
    ],
)
def test_an_extension_counts_from_the_start_to_the_deadline_then_in_force(extended: str, ends: str) -> None:
    expected = "2026-05-06 00:00:00" if ends == "24:00" else f"2026-05-05 {ends}:00"
    assert due(EXTENDED, START, f"longer {extended}") == expected


def test_the_deadline_then_in_force_includes_pauses() -> None:
    facts = [START, "held 2026-05-05 02:00", "freed 2026-05-05 05:00"]
    assert due(EXTENDED, *facts, "longer 2026-05-05 15:00") == "2026-05-06 03:00:00"
    assert due(EXTENDED, *facts, "longer 2026-05-05 15:00:01") == "2026-05-05 15:00:00"


def test_pauses_come_on_top_of_an_extension_also_those_that_only_it_makes_count() -> None:
    facts = [START, "longer 2026-05-05 10:00", "held 2026-05-05 20:00", "freed 2026-05-05 22:00"]
    assert due(EXTENDED, *facts) == "2026-05-06 02:00:00"


def test_an_extension_counts_even_after_the_finish() -> None:
    facts = [START, "done 2026-05-05 06:00", "longer 2026-05-05 10:00"]
    outcome = judged(EXTENDED, *facts, as_of=LATER)
    assert (outcome.status, outcome.due_at) == ("kept", at("2026-05-06 00:00"))


def test_only_the_first_extension_that_qualifies_counts() -> None:
    facts = ["longer 2026-05-04 10:00", "longer 2026-05-05 10:00", "longer 2026-05-05 20:00"]
    outcome = judged(EXTENDED, START, *facts, as_of=LATER)
    assert outcome.due_at == at("2026-05-06 00:00")
    assert outcome.explanation is not None
    assert outcome.explanation.extensions == (("longer", at("2026-05-05 10:00")),)


def test_an_extension_is_bounded_in_how_often_and_how_far() -> None:
    pledge = promise("within: 10 calendar days\nextended: [{when: longer, by: 5 calendar days, times: 2}]")
    facts = [f"longer 2026-05-{day} 10:00" for day in ("06", "08", "10")]
    assert due(pledge, START, *facts[:1]) == "2026-05-20 23:59:59"
    assert due(pledge, START, *facts[:2]) == "2026-05-25 23:59:59"
    assert due(pledge, START, *facts) == "2026-05-25 23:59:59"


def test_a_second_extension_may_come_within_the_first() -> None:
    pledge = promise("within: 12 hours\nextended: [{when: longer, by: 12 hours, times: 2}]")
    assert due(pledge, START, "longer 2026-05-05 12:00", "longer 2026-05-06 00:00") == ("2026-05-06 12:00:00")


def test_an_extension_in_working_days_counts_from_the_same_start() -> None:
    pledge = promise("within: 5 working days\nextended: [{when: longer, to: 10 working days}]")
    assert due(pledge, "asked 2026-05-05 10:00", "longer 2026-05-11 10:00") == "2026-05-19 23:59:59"


def test_an_extension_to_a_limit_that_cannot_be_told_is_unknown() -> None:
    pledge = promise(
        "within: 12 hours\nextended: [{when: longer, to: [24 hours if size is big, 18 hours if size is small]}]",
        "details: {size: 'one of big, small'}",
    )
    facts = [START, "longer 2026-05-05 10:00"]
    assert status(pledge, START, as_of=LATER) == "broken"
    outcome = judged(pledge, *facts, as_of=LATER)
    assert (outcome.status, outcome.missing, outcome.due_at) == ("unknown", ("size",), None)
    assert judged(pledge, *facts, as_of=LATER, size="big").due_at == at("2026-05-06 00:00")


def test_an_extension_that_becomes_known_later_does_not_wait_for_its_record() -> None:
    facts = [START, "longer 2026-05-05 10:00 known 2026-05-08 00:00", "done 2026-05-05 20:00"]
    assert status(EXTENDED, *facts, as_of="2026-05-07 00:00") == "broken"
    assert status(EXTENDED, *facts, as_of="2026-05-08 00:00") == "kept"


# --- exemption, other limit, note, extinguishing ----------------------------------------------------------------


def test_an_exemption_owes_nothing() -> None:
    pledge = promise("within: 12 hours\nexcused if: storm\nif we do not: [{pay: £5}]", "details: {storm: yes or no}")
    assert owed(pledge, START, as_of=LATER, storm="no") == "5.00"
    outcome = judged(pledge, START, as_of=LATER, storm="yes")
    assert (outcome.status, str(outcome.owed), outcome.remedies) == ("excused", "0.00", ())


def test_an_exemption_that_nobody_has_proven_excuses_nothing() -> None:
    pledge = promise("within: 12 hours\nexcused if: storm", "details: {storm: yes or no}")
    assert status(pledge, START, as_of=LATER) == "broken"


KINDS = "details: {kind: 'one of storm, plain'}"
TARIFF = """
within: [12 hours if kind is plain, 24 hours if kind is storm]
if we do not: [{pay: [£5 if kind is plain, £8 if kind is storm]}]
"""


@pytest.mark.parametrize(("kind", "ends", "sum_"), [("plain", "05 12:00", "5.00"), ("storm", "06 00:00", "8.00")])
def test_a_detail_selects_another_limit_and_another_tariff(kind: str, ends: str, sum_: str) -> None:
    outcome = judged(promise(TARIFF, KINDS), START, as_of=LATER, kind=kind)
    assert (outcome.due_at, str(outcome.owed)) == (at(f"2026-05-{ends}"), sum_)


@pytest.mark.parametrize("given", [{"kind": "flood"}, {"kind": ""}, {}])
def test_a_value_that_the_pledge_does_not_list_is_unknown(given: dict[str, str]) -> None:
    outcome = judged(promise(TARIFF, KINDS), START, as_of=LATER, **given)
    assert (str(outcome.status), outcome.missing, outcome.due_at, outcome.pence) == ("unknown", ("kind",), None, 0)


def test_a_listed_value_without_a_line_is_unknown_too() -> None:
    pledge = promise("within: [12 hours if kind is plain]", KINDS)
    assert judged(pledge, START, as_of=LATER, kind="storm").missing == ("kind",)


def test_a_season_selects_a_limit_by_the_local_day_of_the_start() -> None:
    pledge = promise(
        "within: [1 calendar day if cold, 3 calendar days if not cold]",
        "terms: {cold: asked is from 1 November to 30 April}",
    )
    found = {
        day: due(pledge, f"asked {day}")[:10] for day in ("2026-10-31 23:59", "2026-11-01 00:00", "2027-04-30 10:00")
    }
    assert list(found.values()) == ["2026-11-03", "2026-11-02", "2027-05-01"]
    assert due(pledge, "asked 2026-04-30 23:30+00:00")[:10] == "2026-05-04"


def test_a_note_has_no_effect_on_the_clock() -> None:
    pledge = promise("within: 12 hours\nnoted: [left]")
    assert due(pledge, START, "left 2026-05-05 02:00") == "2026-05-05 12:00:00"


def test_a_condition_may_extinguish_the_remedy_alone() -> None:
    pledge = promise("within: 12 hours\nif we do not: [apologise, {pay: £5, nothing is owed if: waived}]")
    outcome = judged(pledge, START, "waived 2026-05-05 02:00", as_of=LATER)
    assert (outcome.status, str(outcome.owed)) == ("broken", "0.00")
    assert [str(remedy.kind) for remedy in outcome.remedies] == ["apologise", "pay"]
    assert outcome.remedies[1].why_nothing == "extinguished"
    assert owed(pledge, START, as_of=LATER) == "5.00"


def test_an_extension_is_longer_or_it_does_not_qualify() -> None:
    longer = "extended: [{when: longer, to: 30 hours}, {when: stuck, to: 18 hours}]"
    other = "extended: [{when: stuck, to: 18 hours}, {when: longer, to: 30 hours}]"
    for lines in (longer, other):
        pledge = promise(f"within: 12 hours\n{lines}")
        later = ["asked 2026-05-05 00:00", "longer 2026-05-05 01:00", "stuck 2026-05-05 02:00"]
        assert due(pledge, *later) == "2026-05-06 06:00:00"
        together = ["asked 2026-05-05 00:00", "longer 2026-05-05 01:00", "stuck 2026-05-05 01:00"]
        assert due(pledge, *together) == "2026-05-06 06:00:00"
