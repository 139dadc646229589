"""Properties of outcomes, tried on made-up promises and cases, and against a slow second opinion."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import Case, Fact, Outcome, evaluate
from tests.rules.generated import Made, made
from tests.rules.judging import KNOWN, at
from tests.rules.oracle import Verdict, verdict


def ours(case: Case, given_: Made, as_of: datetime) -> Outcome:
    (outcome,) = evaluate(given_.pledge, case, as_of=as_of, calendars=KNOWN, explain=False)
    return outcome


def opinion(outcome: Outcome) -> Verdict:
    if not outcome.has_row:
        return Verdict("pending")
    due = outcome.due_at.astimezone(UTC) if outcome.due_at else None
    return Verdict(str(outcome.status), due, outcome.lateness)


@given(made())
def test_outcomes_at_every_instant_and_a_second_to_each_side_are_those_of_the_second_opinion(case: Made) -> None:
    instants = case.instants()
    due = verdict(case.limit, case.longer, list(case.facts), instants[-1]).due
    instants += [due + timedelta(seconds=off) for off in (-1, 0, 1)] if due else []
    for as_of in instants:
        expected = verdict(case.limit, case.longer, list(case.facts), as_of)
        outcome = ours(case.case, case, as_of)
        assert opinion(outcome) == expected
        pounds = 5 + expected.lateness // (6 * 3600) if expected.status == "broken" else 0
        assert outcome.owed == pounds


@given(made(), st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_of_the_facts(case: Made, random: object) -> None:
    facts = list(case.facts)
    random.shuffle(facts)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    shuffled = Made(case.limit, case.longer, tuple(facts))
    for as_of in case.instants()[:: max(len(case.instants()) // 5, 1)]:
        assert ours(shuffled.case, case, as_of) == ours(case.case, case, as_of)


@given(made(), st.integers(0, 40), st.integers(1, 60 * 24 * 20))
def test_without_a_newly_known_fact_a_later_look_never_unbreaks(case: Made, first: int, minutes: int) -> None:
    instants = case.instants()
    as_of = instants[min(first, len(instants) - 1)]
    later = as_of + timedelta(minutes=minutes)
    known = tuple(fact for fact in case.facts if max(fact.at, fact.known) <= as_of)
    frozen = Made(case.limit, case.longer, known)
    before, after = ours(frozen.case, case, as_of), ours(frozen.case, case, later)
    if before.status in ("broken", "kept", "excused"):
        assert after.status == before.status
        assert after.due == before.due
        assert after.pence >= before.pence


@given(made(), st.integers(0, 40))
def test_what_is_not_known_yet_makes_no_difference(case: Made, index: int) -> None:
    instants = case.instants()
    as_of = instants[min(index, len(instants) - 1)]
    known = tuple(fact for fact in case.facts if max(fact.at, fact.known) <= as_of)
    assert ours(Made(case.limit, case.longer, known).case, case, as_of) == ours(case.case, case, as_of)


@given(made())
def test_looking_changes_nothing_and_looks_the_same_twice(case: Made) -> None:
    subject, facts = case.case, case.case.facts
    as_of = case.instants()[-1]
    first = ours(subject, case, as_of)
    ours(subject, case, as_of - timedelta(days=3))
    assert ours(subject, case, as_of) == first
    assert subject.facts == facts


@given(made())
def test_simultaneous_repetitions_of_a_fact_change_nothing(case: Made) -> None:
    twice = Made(case.limit, case.longer, case.facts * 2)
    as_of = case.instants()[-1]
    assert ours(twice.case, case, as_of) == ours(case.case, case, as_of)


@given(made())
def test_the_offset_in_which_an_instant_is_written_changes_nothing(case: Made) -> None:
    facts = [
        Fact(name=each.name, at=each.at.astimezone(at("2026-07-01 00:00").tzinfo), recorded_at=each.known)
        for each in case.facts
    ]
    as_of = case.instants()[-1]
    assert ours(Case(id="1", facts=facts), case, as_of) == ours(case.case, case, as_of)


PROGRAM = """
import json, sys
from datetime import datetime
from makegood import schemes
from makegood.rules import evaluate
from tests.rules.test_schemes import cases_of, WITH_CASES
found = []
for name in WITH_CASES:
    for case in cases_of(name)[:20]:
        for as_of in ("2026-10-25T01:30:00+00:00", "2027-06-01T12:00:00+01:00"):
            at = datetime.fromisoformat(as_of)
            for each in evaluate(schemes.load(name), case, as_of=at, calendars=schemes.CALENDARS):
                told = [str(each.due_at), each.pence, each.lateness, repr(each.explanation)]
                found.append([name, each.case_id, each.standard, each.status, *told])
json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def in_greenwich() -> list[object]:
    return judged_under("UTC")


def judged_under(zone: str) -> list[object]:
    """All results of the schemes' first cases from a process that lives in another time zone."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        check=True,
        capture_output=True,
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "TZ": zone},
    )
    found: list[object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Apia"])
def test_the_time_zone_of_the_process_makes_no_difference(zone: str, in_greenwich: list[object]) -> None:
    assert len(in_greenwich) > 300
    assert judged_under(zone) == in_greenwich
