"""The story of an outcome: what started the clock, each day, what stopped it, what happened, what is owed and why."""

from dataclasses import replace

import pytest

from makegood import schemes
from makegood.rules import Outcome, Pledge, Status, read_pledge
from makegood.rules.speak import say_deadline, say_outcome
from makegood.schemes import CALENDARS
from tests.rules.speaking import LATER, example_outcomes, odd_outcomes, outcomes_of

BIN = schemes.load("missed-bin")
FINE = {"bin_problem": "none", "severe_weather": "no", "collection_date": "2026-05-21"}


def lines(outcome: Outcome, pledge: Pledge) -> list[str]:
    """The items of a story, each on one line."""
    return [
        line.strip().removeprefix("- ") for line in say_deadline(outcome, pledge, form="markdown").split("\n") if line
    ]


def bin_of(facts: dict, as_of: str, **details: str) -> Outcome:
    return outcomes_of(BIN, facts, as_of, FINE | details)["return-for-bin"]


def test_each_day_is_told_and_runs_of_closed_days_are_told_once() -> None:
    outcome = bin_of({"missed_bin_reported": "2026-05-21T09:00:00+01:00"}, "2026-05-22T12:00:00+01:00")
    assert lines(outcome, BIN) == [
        "# We come back for a bin that we missed",
        "If we miss your bin · case 1",
        "**The clock is running. The deadline is 6pm on Tuesday 26 May 2026.**",
        "**Time limit: within 2 working days, by 6pm.**",
        "## How the time ran",
        "The clock started at 9am on Thursday 21 May 2026: you tell us that we missed your bin.",
        "Day 1, Friday 22 May.",
        "Saturday 23 to Monday 25 May do not count: weekend and Spring bank holiday.",
        "Day 2, Tuesday 26 May.",
        "The deadline: 6pm on Tuesday 26 May 2026.",
        "---",
        "As we knew it at midday on Friday 22 May 2026.",
    ]


def test_a_finish_and_how_late_it_came_are_told() -> None:
    facts = {"missed_bin_reported": "2026-05-21T09:00:00+01:00", "bin_collected": "2026-05-27T19:30:00+01:00"}
    said = lines(bin_of(facts, LATER), BIN)
    assert "Done at 7:30pm on Wednesday 27 May 2026: we come back and empty it." in said
    assert "That is 1 day and 1 hour late." in said
    assert "We put it right: the round is told, and your bin is emptied." in said


@pytest.mark.parametrize(
    ("facts", "details", "said"),
    [
        ({}, {}, "We broke our promise. The deadline was 6pm on Tuesday 26 May 2026. It is still not done."),
        (
            {"bin_collected": "2026-05-26T18:00:00+01:00"},
            {},
            "We kept our promise. The deadline was 6pm on Tuesday 26 May 2026. "
            "It was done at 6pm on Tuesday 26 May 2026.",
        ),
        ({}, {"severe_weather": "yes"}, "Nothing is owed here: the weather was too bad for our crews."),
        (
            {},
            {"bin_problem": "full"},
            "The promise does not cover this case: the bin could not be emptied as it stood.",
        ),
        (
            {},
            {"severe_weather": "no", "bin_problem": ""},
            "We cannot tell yet. This is missing: what was wrong with the bin.",
        ),
    ],
)
def test_a_sentence_says_how_a_promise_stands(facts: dict, details: dict, said: str) -> None:
    outcome = bin_of({"missed_bin_reported": "2026-05-21T09:00:00+01:00"} | facts, LATER, **details)
    assert say_outcome(outcome, BIN) == said


def test_a_promise_that_has_not_started_says_what_starts_it() -> None:
    pledge = schemes.load("complaint-lgsco")
    found = outcomes_of(pledge, {"complaint_received": "2026-05-21T09:00:00+01:00"}, "2026-05-22T12:00:00+01:00")
    assert say_outcome(found["stage2-answer"], pledge) == (
        "The clock has not started yet. It starts when we confirm that we will look again."
    )


def test_a_long_count_is_told_in_runs_broken_by_named_days_only() -> None:
    pledge = schemes.load("foi")
    facts = {"request_received": "2026-05-21T10:00:00+01:00"}
    said = lines(outcomes_of(pledge, facts, "2026-05-22T12:00:00+01:00")["answer"], pledge)
    assert "Day 1, Friday 22 May." in said
    assert "Monday 25 May does not count: Spring bank holiday." in said
    assert "Days 2 to 15: Tuesday 26 May to Friday 12 June, without weekends." in said
    assert any(line.startswith("Monday 15 June does not count: ") for line in said)


def test_paused_days_are_told_with_their_reason() -> None:
    pledge = schemes.load("foi")
    facts = {
        "request_received": "2026-06-01T10:00:00+01:00",
        "fees_notice_sent": "2026-06-29T10:00:00+01:00",
        "fee_paid": "2026-07-06T10:00:00+01:00",
    }
    said = lines(outcomes_of(pledge, facts, "2026-07-07T12:00:00+01:00")["answer"], pledge)
    stood = "The clock stood still from 10am on Monday 29 June 2026 to 10am on Monday 6 July 2026."
    assert f"{stood} We are waiting for your fee." in said
    assert "Monday 29 June to Monday 6 July do not count: we are waiting for your fee." in said


def test_hours_that_run_and_hours_that_do_not_are_told_one_after_another() -> None:
    pledge = schemes.load("water-supply")
    facts = {
        "company_aware": "2026-01-05T00:00:00+00:00",
        "works_prevented": "2026-01-05T02:00:00+00:00",
        "works_possible_again": "2026-01-05T05:00:00+00:00",
    }
    details = {"main": "ordinary", "drought": "no"}
    said = lines(outcomes_of(pledge, facts, "2026-01-05T13:00:00+00:00", details)["restore-supply"], pledge)
    assert said[5:9] == [
        "The clock started at midnight at the start of Monday 5 January 2026: we become aware that your water is off.",
        "Monday 5 January 2026, midnight to 2am: 2 hours count.",
        "Monday 5 January 2026, 2am to 5am: 3 hours do not count. We could not work.",
        "Monday 5 January 2026, 5am to 3pm: 10 hours count.",
    ]


def test_a_sum_is_told_line_by_line() -> None:
    pledge = schemes.load("storm-power-cut")
    long_storm = next(iter(example_outcomes(pledge)))
    said = lines(long_storm, pledge)
    assert "You get £2,000." in said
    assert "First: £80." in said
    assert "Then £40 for each full 6 hours, 48 times: £1,920." in said


def test_a_share_that_is_no_whole_penny_is_shown_before_it_is_rounded() -> None:
    pledge = schemes.load("delay-repay")
    rounded = list(example_outcomes(pledge))[1]
    said = lines(rounded, pledge)
    assert "First: £1.24375." in said
    assert "To the nearest penny: £1.24." in said
    assert "You have to ask for it within 28 calendar days after the time limit is missed." in said


def test_an_extension_is_told_with_its_reason() -> None:
    pledge = schemes.load("complaint-lgsco")
    extended = [each for each in example_outcomes(pledge) if each.explanation and each.explanation.extensions]
    said = " ".join(lines(extended[0], pledge))
    assert "The time limit was made longer at 4pm on Wednesday 13 January 2027" in said
    assert "The reason: the complaint needs more work." in said
    assert "Time limit: within 20 working days." in said


def test_a_deadline_that_moves_off_a_closed_day_says_so() -> None:
    pledge = schemes.load("data-protection-complaint")
    moved = [line for outcome in example_outcomes(pledge) for line in lines(outcome, pledge) if "moves to" in line]
    assert (
        "The last day would be a closed day (Summer bank holiday). So the deadline moves to Tuesday 1 September."
        in moved
    )


def test_what_came_too_late_in_the_day_is_told() -> None:
    said = [line for outcome, pledge in odd_outcomes() for line in lines(outcome, pledge)]
    assert "Thursday 21 May does not count: what comes after 8am counts as coming on the next open day." in said


def test_days_counted_back_are_told_from_where_they_are_counted() -> None:
    said = [line for outcome, pledge in odd_outcomes() for line in lines(outcome, pledge)]
    assert "We count back from day: Monday 1 June 2026." in said


def test_what_is_missing_is_named_in_the_words_of_the_pledge() -> None:
    pledge = schemes.load("storm-power-cut")
    found = outcomes_of(pledge, {"network_aware": "2026-02-01T00:00:00+00:00"}, "2026-02-02T00:00:00+00:00", {})
    said = say_outcome(found["restore-power"], pledge)
    assert "how severe the weather was" in said


def test_an_outcome_without_its_explanation_is_still_told_in_a_sentence() -> None:
    facts = {"missed_bin_reported": "2026-05-21T09:00:00+01:00"}
    bare = replace(bin_of(facts, "2026-05-22T12:00:00+01:00"), explanation=None)
    assert "The deadline is 6pm on Tuesday 26 May 2026." in say_deadline(bare, BIN)
    assert "How the time ran" not in say_deadline(bare, BIN)


@pytest.mark.parametrize("name", schemes.scheme_names())
def test_every_day_on_the_way_is_told(name: str) -> None:
    pledge = schemes.load(name)
    for outcome in example_outcomes(pledge):
        told = outcome.explanation
        if told and told.kind == "days" and outcome.status is not Status.UNKNOWN and told.count <= 10:
            said = "\n".join(lines(outcome, pledge))
            counted = [step for step in told.days if step.why == "counted"]
            assert all(f"Day {step.number}, " in said for step in counted)


def test_the_words_of_a_story_are_those_of_the_case_and_not_of_today() -> None:
    rates = "rates: {sum: [{is: £1, until: 2025-12-31}, {is: £2, from: 2026-01-01}]}\n"
    pledge = read_pledge(
        "pledge: p\ntitle: P\nfacts: {asked: you ask, answered: we answer}\n" + rates + "standards:\n  s:\n"
        "    when: asked\n    we will: answered\n    within: 1 hour\n"
        "    if we do not: [{pay: sum for each full hour}]\n",
        calendars=CALENDARS,
    )
    outcome = outcomes_of(pledge, {"asked": "2025-12-31T20:00:00+00:00"}, "2026-01-01T00:00:00+00:00")["s"]
    assert outcome.pence == 300
    assert say_outcome(outcome, pledge).endswith("We owe you £3.")
