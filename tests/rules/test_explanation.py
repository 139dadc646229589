"""An explanation is data: deadline and sum can be worked out again from it alone."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given

from makegood.rules import Outcome, Pledge, evaluate
from makegood.rules.explanation import AmountSteps, Explanation
from makegood.schemes import CALENDARS, load
from tests.rules.generated import Made, made
from tests.rules.judging import KNOWN, at, case, judged, judged_all, promise, written
from tests.rules.oracle import local_instant
from tests.rules.test_schemes import AS_OF, WITH_CASES, cases_of

START = "asked 2026-05-05 10:00"
LATER = "2026-06-20 00:00"
PAID = ("pay", "voucher", "choose from")


def deadline_from(explanation: Explanation) -> datetime | None:
    """The deadline, worked out from the days or stretches of an explanation."""
    if explanation.days:
        midnight = datetime.combine(explanation.days[-1].day, time())
        return local_instant(midnight + timedelta(seconds=explanation.time))
    if explanation.kind in ("elapsed", "service"):
        assert explanation.origin is not None
        backwards = "before" in explanation.limit
        now = explanation.origin
        for stretch in reversed(explanation.stretches) if backwards else explanation.stretches:
            assert now == (stretch.last if backwards else stretch.first)
            now = stretch.first if backwards else stretch.last
        assert sum(stretch.seconds for stretch in explanation.stretches if stretch.runs) == explanation.seconds
        return now
    return explanation.deadline


def pence_from(amount: AmountSteps) -> int | Fraction:
    """A sum, worked out from its lines."""
    if amount.why_nothing:
        return 0
    total: int | Fraction = 0
    for line in amount.lines:
        if line.what in ("first", "step"):
            total += line.each * line.count
        else:
            assert line.what in ("floor", "round", "cap", "ceiling")
            assert (line.each > total) if line.what == "floor" else line.what == "round" or line.each < total
            total = line.each
    return total


def check(outcome: Outcome) -> Explanation:
    """Work everything out again and compare."""
    explanation = outcome.explanation
    assert explanation is not None
    assert explanation.status == outcome.status
    assert explanation.deadline == outcome.due_at
    if outcome.due_at is not None:
        assert deadline_from(explanation) == outcome.due_at
    counted = [step.number for step in explanation.days if step.why == "counted"]
    assert counted == list(range(1, len(counted) + 1))
    if explanation.limit.split(",")[0].endswith(("working day", "working days", "calendar day", "calendar days")):
        assert len(counted) == explanation.count
    days = [step.day for step in explanation.days]
    assert days in (sorted(set(days)), sorted(set(days), reverse=True))
    for amount in explanation.amounts:
        assert pence_from(amount) == amount.pence
    assert sum(amount.pence for amount in explanation.amounts if str(amount.kind) in PAID) == outcome.pence
    assert explanation.lateness == outcome.lateness
    return explanation


@pytest.mark.parametrize("file", AS_OF)
@pytest.mark.parametrize("name", WITH_CASES)
def test_deadline_and_sum_of_every_scheme_case_follow_from_the_explanation_alone(name: str, file: str) -> None:
    for each in cases_of(name):
        for outcome in evaluate(load(name), each, as_of=AS_OF[file], calendars=CALENDARS):
            if outcome.has_row:
                check(outcome)


@given(made())
def test_deadline_and_sum_of_made_up_cases_follow_from_the_explanation_alone(given_: Made) -> None:
    for as_of in given_.instants()[::4]:
        (outcome,) = evaluate(given_.pledge, given_.case, as_of=as_of, calendars=KNOWN)
        if outcome.has_row:
            check(outcome)


DETAILS = {"visit": "2026-05-12", "moment": "2026-05-12T10:00:00+01:00", "price": "99.99", "kind": "a"}
HEAD = """
calendar: {working days: england-and-wales, service hours: office}
details: {visit: date, moment: instant, price: money, kind: "one of a, b"}
"""
BODIES = [
    "within: the earlier of 3 working days and 30 hours",
    "within: the later of 3 working days and 30 hours",
    "within: the earlier of 2 hours and between 13:00 and 18:00 on visit",
    "within: the later of 2 hours and between 13:00 and 18:00 on visit",
    "within: less than 15 minutes",
    "within: less than 2 service hours",
    "within: 0 minutes after moment",
    "within: 90 minutes after moment",
    "within: 48 hours before moment",
    "within: 12 service hours before moment",
    "within: 2 working days before visit",
    "within: 3 calendar days before visit, by 12:00",
    "within: 2 working days after visit",
    "within: 12:00 on visit",
    "within: the end of visit",
    "within: moment",
    "within: 2 weeks",
    "within: 1 month",
    "within: 1 month after visit\non a closed day: next open day",
    "within: 11 calendar days\non a closed day: next open day",
    "within: 19 calendar days, by 12:00\non a closed day: next open day",
    "within: 3 working days, by 18:00",
    "within: 3 working days\ncut-off: 09:00",
    "within: 3 working days\ncut-off: 09:00\nfirst day: counts",
    "within: 3 calendar days\ncut-off: 09:00\nfirst day: counts",
    "within: 5 calendar days\nfirst day: counts",
    "within: 5 working days\nstart on a closed day: next open day\nfirst day: counts",
    "within: 2 working days before visit\nfirst day: counts",
    "within: 0 working days",
    "within: 1 hour\nlate from: moment",
    "within: 5 working days\nvoid if: left later than 1 working day after visit",
    "within: 5 hours\nvoid if: left after 1 working day after visit",
]
FACTS = {
    "plainly": [],
    "with a pause": ["held 2026-05-06 10:00", "freed 2026-05-08 12:00"],
    "with a pause on day 0": ["held 2026-05-05 11:00", "freed 2026-05-05 12:00"],
    "with an open pause": ["held 2026-05-05 11:00"],
    "with an extension": ["longer 2026-05-05 10:30"],
    "finished": ["done 2026-05-05 10:05"],
    "finished late": ["done 2026-06-19 10:00"],
}
MORE = """
short months: last day
paused: [{from: held, until: freed}]
extended: [{when: longer, to: 20 working days}]
if we do not:
  - pay:
      - 12.5% of price, then £1.10 for each further full calendar day, at least £4, at most £20 if kind is a
      - £1 if kind is b
  - choose from: [{give: six stamps}, {voucher: "33.3% of price, at most £7"}]
  - charge: £3
"""


@pytest.mark.parametrize("start", ["2026-05-05 10:00", "2026-05-09 10:00", "2026-05-02 08:00"])
@pytest.mark.parametrize("facts", FACTS.values(), ids=FACTS)
@pytest.mark.parametrize("body", BODIES)
def test_deadline_and_sum_follow_from_the_explanation_whatever_the_limit(
    body: str, facts: list[str], start: str
) -> None:
    outcome = judged(promise(f"{body}\n{MORE}", HEAD), f"asked {start}", *facts, as_of=LATER, **DETAILS)
    explanation = check(outcome)
    assert (explanation.deadline is None) == (outcome.status == "running")


# --- what an explanation says -----------------------------------------------------------------------------------


def told(pledge: Pledge, *facts: str, as_of: str = LATER, **details: str) -> Explanation:
    return check(judged(pledge, *facts, as_of=as_of, **details))


def days(explanation: Explanation) -> list[tuple[str, str, int | None, str]]:
    return [(step.day.strftime("%a %-d"), step.why, step.number, step.name) for step in explanation.days]


def test_each_day_is_counted_or_skipped_with_the_reason() -> None:
    explanation = told(promise("within: 2 working days"), "asked 2026-05-21 10:00")
    assert days(explanation) == [
        ("Thu 21", "start", 0, ""),
        ("Fri 22", "counted", 1, ""),
        ("Sat 23", "closed", None, "weekend"),
        ("Sun 24", "closed", None, "weekend"),
        ("Mon 25", "closed", None, "Spring bank holiday"),
        ("Tue 26", "counted", 2, ""),
    ]
    assert (explanation.kind, explanation.calendar, explanation.count) == ("days", "england-and-wales", 2)


def test_a_paused_day_says_why() -> None:
    pledge = promise("within: 2 calendar days\npaused: [{from: held, until: freed, because: we wait for you}]")
    facts = ["asked 2026-05-18 10:00", "held 2026-05-18 11:00", "freed 2026-05-19 10:00"]
    explanation = told(pledge, *facts)
    assert days(explanation) == [
        ("Mon 18", "start", 0, ""),
        ("Tue 19", "paused", None, "we wait for you"),
        ("Wed 20", "counted", 1, ""),
        ("Thu 21", "counted", 2, ""),
    ]
    assert [(step.first, step.until) for step in explanation.pauses] == [
        (at("2026-05-18 11:00"), at("2026-05-19 10:00"))
    ]


def test_a_receipt_after_the_cut_off_says_that_day_0_moved_and_why() -> None:
    explanation = told(promise("within: 1 working day\ncut-off: 17:00"), "asked 2026-05-22 17:30")
    assert days(explanation) == [
        ("Fri 22", "cut-off", None, "17:00"),
        ("Sat 23", "closed", None, "weekend"),
        ("Sun 24", "closed", None, "weekend"),
        ("Mon 25", "closed", None, "Spring bank holiday"),
        ("Tue 26", "start", 0, ""),
        ("Wed 27", "counted", 1, ""),
    ]


def test_a_receipt_on_a_closed_day_says_that_day_0_moved_and_why() -> None:
    explanation = told(promise("within: 1 working day\nstart on a closed day: next open day"), "asked 2026-05-24 10:00")
    assert days(explanation)[:3] == [
        ("Sun 24", "closed", None, "weekend"),
        ("Mon 25", "closed", None, "Spring bank holiday"),
        ("Tue 26", "start", 0, ""),
    ]


def test_a_first_day_that_counts_is_day_1() -> None:
    explanation = told(promise("within: 2 working days\nfirst day: counts"), "asked 2026-05-22 10:00")
    assert [day for day in days(explanation) if day[1] == "counted"] == [
        ("Fri 22", "counted", 1, ""),
        ("Tue 26", "counted", 2, ""),
    ]
    assert days(explanation)[0] == ("Fri 22", "counted", 1, "")


def test_a_deadline_that_rolled_forward_says_from_what() -> None:
    explanation = told(promise("within: 1 calendar day\non a closed day: next open day"), "asked 2026-05-22 10:00")
    assert days(explanation) == [
        ("Fri 22", "start", 0, ""),
        ("Sat 23", "counted", 1, ""),
        ("Sun 24", "closed", None, "weekend"),
        ("Mon 25", "closed", None, "Spring bank holiday"),
        ("Tue 26", "moved", None, "weekend"),
    ]


def test_days_counted_back_are_told_back() -> None:
    pledge = promise("within: 1 working day before visit", "calendar: england-and-wales\ndetails: {visit: date}")
    explanation = told(pledge, START, visit="2026-05-26")
    assert [step.day for step in explanation.days][:2] == [date(2026, 5, 26), date(2026, 5, 25)]
    assert (explanation.days[-1].day, explanation.days[-1].number) == (date(2026, 5, 22), 1)


def test_service_time_is_told_in_stretches() -> None:
    pledge = promise(
        "within: 3 service hours\npaused: [{from: held, until: freed}]", "calendar: {service hours: office}"
    )
    facts = ["asked 2026-05-22 15:00", "held 2026-05-22 16:30", "freed 2026-05-26 09:30"]
    explanation = told(pledge, *facts)
    assert [(step.first.strftime("%a %H:%M"), step.runs, step.why) for step in explanation.stretches] == [
        ("Fri 15:00", True, ""),
        ("Fri 16:30", False, "paused"),
        ("Fri 17:00", False, "closed"),
        ("Tue 09:00", False, "paused"),
        ("Tue 09:30", True, ""),
    ]
    assert explanation.deadline == at("2026-05-26 11:00")


def test_an_extension_is_told_with_the_limit_that_it_gave() -> None:
    pledge = promise("within: 10 working days\nextended: [{when: longer, to: 20 working days}]")
    explanation = told(pledge, START, "longer 2026-05-06 10:00")
    assert explanation.extensions == (("longer", at("2026-05-06 10:00")),)
    assert (explanation.limit, explanation.count) == ("20 working days", 20)


def test_the_lines_of_a_sum_are_told_in_their_order() -> None:
    pledge = promise(
        "within: 12 hours\nif we do not: [{pay: '12.5% of price, then £1 for each full 24 hours, at most £3'}]",
        "details: {price: money}",
    )
    explanation = told(pledge, START, "done 2026-05-08 10:00", price="9.95")
    assert [(line.what, line.each, line.count) for line in explanation.amounts[0].lines] == [
        ("first", Fraction(995, 8), 1),
        ("step", 100, 2),
        ("round", 324, 1),
        ("cap", 300, 1),
    ]


def test_what_was_paid_elsewhere_or_extinguished_says_so() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: £5, nothing is owed if: waived}]")
    explanation = told(pledge, START, "waived 2026-05-05 11:00")
    assert [(amount.pence, amount.why_nothing) for amount in explanation.amounts] == [(0, "extinguished")]
    twice = written(
        "standards:\n"
        "  visit: {when: asked, we will: done, within: 6 hours, if we do not: [{pay: £20}]}\n"
        "  notice: {when: asked, we will: left, within: 12 hours, if we do not: [{pay: £30}]}\n"
        "paid once: [[visit, notice]]\n"
    )
    notice = check(judged_all(twice, START, as_of=LATER)["notice"])
    assert [(amount.pence, amount.why_nothing) for amount in notice.amounts] == [(0, "paid under visit")]


def test_void_and_excused_say_which_condition_and_why() -> None:
    pledge = promise("within: 12 hours\nexcused if: [{if: waived, because: there was a storm}]")
    explanation = told(pledge, START, "waived 2026-05-05 11:00")
    assert (explanation.status, explanation.because, explanation.condition) == (
        "excused",
        "there was a storm",
        "waived has happened",
    )


def test_unknown_names_what_is_missing() -> None:
    pledge = promise("within: [12 hours if kind is a]", "details: {kind: 'one of a, b'}")
    explanation = told(pledge, START)
    assert (explanation.status, explanation.missing, explanation.deadline) == ("unknown", ("kind",), None)


def test_version_start_finish_and_the_instant_of_looking_are_told() -> None:
    pledge = promise("within: 12 hours", "versions: [{name: this year, from: 2026-01-01}]")
    explanation = told(pledge, START, "done 2026-05-05 11:00")
    assert (explanation.version, explanation.start_facts, explanation.start) == (
        "this year",
        ("asked",),
        at("2026-05-05 10:00"),
    )
    assert (explanation.finish_facts, explanation.finish) == (("done",), at("2026-05-05 11:00"))
    assert explanation.as_of == at(LATER).astimezone(UTC)


def test_without_explanation_the_outcome_is_the_same() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: £5}]")
    (plain,) = evaluate(pledge, case(START), as_of=at(LATER), calendars=KNOWN, explain=False)
    (full,) = evaluate(pledge, case(START), as_of=at(LATER), calendars=KNOWN)
    assert plain.explanation is None
    assert (plain.status, plain.due, plain.pence, plain.remedies) == (full.status, full.due, full.pence, full.remedies)
