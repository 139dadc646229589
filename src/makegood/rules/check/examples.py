"""The examples of a pledge, run and compared with what they expect."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..evaluate import evaluate_all
from ..facts import Case, Fact
from ..language import model as m
from ..money import say_money
from ..outcomes import Outcome, Status
from ..working_time import Calendar, seconds_of
from .places import Findings, Path


def check_examples(findings: Findings, pledge: m.Pledge, calendars: Mapping[str, Calendar]) -> None:
    """Run every example and note each thing that comes out otherwise, where it is written."""
    names: set[str] = set()
    for index, example in enumerate(pledge.examples):
        path: Path = ("examples", index)
        if example.name in names:
            findings.warn((*path, "name"), "repeated-name", f"a second example called “{example.name[:80]}”")
        names.add(example.name)
        if not example.expected:
            findings.warn(path, "no-effect", "an example that expects nothing", "expect: {STANDARD: kept}")
        cases = [
            Case(
                id=case.name,
                details=case.details,
                facts=[Fact(name=fact.name, at=fact.at, recorded_at=fact.recorded_at) for fact in case.facts],
            )
            for case in example.cases
        ]
        outcomes = {
            (outcome.case_id, outcome.standard): outcome
            for outcome in evaluate_all(pledge, cases, as_of=example.as_of, calendars=calendars, explain=False)
        }
        for expected in example.expected:
            _compare(findings, (*path, "expect"), expected, outcomes.get((expected.case, expected.standard)))


def _compare(findings: Findings, path: Path, expected: m.Expected, outcome: Outcome | None) -> None:
    full = f"{expected.case}/{expected.standard}"
    keys = [key for key in (full, expected.standard) if findings.places((*path, key)) != findings.places(path)]
    at = (*path, keys[0] if keys else full)
    status = outcome.status if outcome else Status.PENDING
    if status != expected.status:
        why = f": missing {', '.join(outcome.missing)}" if outcome and outcome.missing else ""
        why = why or (f": {outcome.reason}" if outcome and outcome.reason else "")
        findings.wrong(
            (*at, "status"), "example", f"{expected.standard} is {status}{why}", str(expected.status), _when(outcome)
        )
        return
    if expected.due is not None and (outcome is None or outcome.due != seconds_of(expected.due)):
        due = outcome.due_at if outcome else None
        found = f"{expected.standard} is due at {due.isoformat(' ')}" if due else f"{expected.standard} has no deadline"
        findings.wrong((*at, "due"), "example", found, expected.due.isoformat(" "))
    if expected.owed is not None and (outcome is None or outcome.pence != expected.owed * 100):
        found = f"{expected.standard} owes {say_money(outcome.owed if outcome else Decimal(0))}"
        findings.wrong((*at, "owed"), "example", found, say_money(expected.owed))


def _when(outcome: Outcome | None) -> str:
    if outcome is None or outcome.due_at is None:
        return ""
    finished = f", finished {outcome.finished_at.isoformat(' ')}" if outcome.finished_at else ", not finished"
    return f"due {outcome.due_at.isoformat(' ')}{finished}"
