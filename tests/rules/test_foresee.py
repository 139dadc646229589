"""Between now and the next change that was foreseen, nothing changes; and then, as a rule, something does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.rules import Case, Fact, Outcome, Pledge, evaluate, read_pledge
from makegood.rules.foresee import next_change
from makegood.schemes import CALENDARS, load, scheme_names

SECOND = timedelta(seconds=1)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)

GROWING = """
pledge: growing
title: Growing
basis: voluntary
calendar: england-and-wales
facts: {told: you tell us, done: we do it, paid: we pay}
details:
  fare: {is: money, says: the fare}
standards:
  days:
    when: told
    we will: done
    within: 2 calendar days
    if we do not:
      - pay: £10, then £2 for each further full calendar day, at most £16
  hours:
    when: told
    we will: done
    within: 12 hours
    if we do not:
      - pay: £10 for each full 24 hours
  working:
    when: told
    we will: done
    within: 3 working days
    if we do not:
      - pay: £1 for each full working day
  banded:
    when: told
    we will: done
    within: 60 minutes
    if we do not:
      - pay:
          - £3 if 15 to 29 minutes late
          - £5 if 30 to 59 minutes late
          - £9 if at least 60 minutes late
          - £0 otherwise
  topped:
    when: told
    we will: done
    within: 1 hour
    if we do not:
      - pay: £30
        within: 10 working days
        done when: paid
        if late: £40
  grown:
    when: told
    we will: done
    within: 2 calendar days
    if we do not:
      - pay: £30
        within: 2 working days
        done when: paid
        if late: £5 for each full working day, at most £20
      - pay: £1
        within: 30 hours
        done when: paid
        if late: £1 for each full 7 hours, at most £9
"""


def worth(outcomes: tuple[Outcome, ...]) -> list[object]:
    """Everything but how late."""
    return [
        (
            each.standard,
            each.status,
            each.due,
            each.pence,
            [(owed.kind, owed.pence, owed.due, owed.done, owed.top_up, owed.why_nothing) for owed in each.remedies],
        )
        for each in outcomes
    ]


def judged(pledge: Pledge, case: Case, at: datetime) -> list[object]:
    return worth(evaluate(pledge, case, as_of=at, calendars=CALENDARS, explain=False))


@pytest.fixture(scope="module")
def growing() -> Pledge:
    return read_pledge(GROWING, "growing.yaml", calendars=CALENDARS)


def changes(pledge: Pledge, case: Case, since: datetime, most: int = 40) -> list[datetime]:
    """The instants at which a case is foreseen to change, one after the other."""
    found: list[datetime] = []
    at: datetime | None = since
    while at is not None and len(found) < most:
        at = next_change(pledge, case, at, CALENDARS)
        if at is not None:
            found.append(at)
    return found


def test_a_running_promise_changes_the_second_after_its_deadline(growing: Pledge) -> None:
    case = Case(id="1", facts=[Fact(name="told", at=NOW)])
    assert next_change(growing, case, NOW, CALENDARS) == NOW + timedelta(hours=1, seconds=1)


def test_a_kept_promise_and_an_open_pause_never_change_by_themselves() -> None:
    text = GROWING.partition("standards:")[0] + (
        "standards:\n  one:\n    when: told\n    we will: done\n    within: 2 hours\n"
        "    paused:\n      - {from: paid, until: done, because: waiting}\n    if we do not:\n      - apologise\n"
    )
    pledge = read_pledge(text, "paused.yaml", calendars=CALENDARS)
    told = Fact(name="told", at=NOW)
    assert next_change(pledge, Case(id="1", facts=[told, Fact(name="done", at=NOW)]), NOW, CALENDARS) is None
    assert next_change(pledge, Case(id="1", facts=[told, Fact(name="paid", at=NOW)]), NOW, CALENDARS) is None
    late = NOW + timedelta(days=9)
    assert next_change(pledge, Case(id="1", facts=[told]), late, CALENDARS) is None


def test_a_sum_that_has_reached_its_most_wakes_nobody() -> None:
    text = GROWING.partition("  hours:")[0]
    pledge = read_pledge(text, "capped.yaml", calendars=CALENDARS)
    case = Case(id="1", facts=[Fact(name="told", at=NOW)])
    steps = changes(pledge, case, NOW)
    assert len(steps) == 4  # broken, then two, four and six pounds more
    assert [judged(pledge, case, at)[0][3] for at in steps] == [1000, 1200, 1400, 1600]  # type: ignore[index]
    assert all(judged(pledge, case, at - SECOND) != judged(pledge, case, at) for at in steps)


def test_a_fact_that_lies_ahead_is_waited_for(growing: Pledge) -> None:
    known = NOW + timedelta(minutes=30)
    case = Case(id="1", facts=[Fact(name="told", at=NOW), Fact(name="done", at=NOW, recorded_at=known)])
    assert next_change(growing, case, NOW, CALENDARS) == known


@settings(max_examples=60)
@given(
    since=st.integers(0, 40 * 86_400),
    done=st.none() | st.integers(0, 20 * 86_400),
    paid=st.none() | st.integers(0, 40 * 86_400),
    probes=st.lists(st.floats(0, 1), min_size=6, max_size=6),
)
def test_nothing_changes_before_the_instant_foreseen_and_something_does_then(
    since: int, done: int | None, paid: int | None, probes: list[float]
) -> None:
    pledge = read_pledge(GROWING, "growing.yaml", calendars=CALENDARS)
    facts = [Fact(name="told", at=NOW)]
    facts += [
        Fact(name=name, at=NOW + timedelta(seconds=at))
        for name, at in (("done", done), ("paid", paid))
        if at is not None
    ]
    case, at = Case(id="1", facts=facts), NOW + timedelta(seconds=since)
    first, change = judged(pledge, case, at), next_change(pledge, case, at, CALENDARS)
    end = change or at + timedelta(days=900)
    for probe in probes:
        between = at + timedelta(seconds=int(probe * ((end - at).total_seconds() - 1)))
        assert judged(pledge, case, between) == first
    assert judged(pledge, case, end - SECOND) == first
    if change and not any(name.at == change for name in facts):
        assert judged(pledge, case, change) != first


@pytest.mark.parametrize("name", sorted(scheme_names()))
def test_no_scheme_that_ships_changes_before_the_instant_foreseen(name: str) -> None:
    pledge = load(name)
    for example in pledge.examples:
        for case in example.cases:
            facts = [Fact(name=each.name, at=each.at, recorded_at=each.recorded_at) for each in case.facts]
            whole = Case(id="1", details=case.details, facts=facts)
            begin = min((fact.at for fact in whole.facts), default=NOW)
            at: datetime | None = begin
            for _ in range(8):
                if at is None:
                    break
                first, change = judged(pledge, whole, at), next_change(pledge, whole, at, CALENDARS)
                end = change or at + timedelta(days=2_000)
                span = int((end - at).total_seconds())
                for part in (1, 7, 13, 19, 23):
                    assert judged(pledge, whole, at + timedelta(seconds=span * part // 24)) == first, (name, at, end)
                assert judged(pledge, whole, end - SECOND) == first, (name, at, end)
                at = change
