"""An event log with statutory deadlines: what the conversion makes of it, and what came out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from makegood.rules import Outcome, Status
from tests.real import permits


@pytest.fixture
def by_standard(shared: Path) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {"in-time": [], "confirm": []}
    for outcome in permits.outcomes(shared):
        found[outcome.standard].append(outcome)
    return found


def test_every_application_of_the_log_becomes_one_case(shared: Path, tmp_path: Path) -> None:
    _, cases, rejects = permits.read(shared, tmp_path)
    assert not rejects
    assert len(cases) == 1_434
    assert all("statutory_date" in case.details for case in cases)


def test_the_statutory_deadline_is_the_deadline(by_standard: dict[str, list[Outcome]]) -> None:
    statuses = Counter(outcome.status for outcome in by_standard["in-time"])
    assert statuses == {Status.KEPT: 954, Status.BROKEN: 414, Status.RUNNING: 66}


def test_open_applications_are_running_or_late_and_never_lost(by_standard: dict[str, list[Outcome]]) -> None:
    unfinished = [outcome for outcome in by_standard["in-time"] if outcome.finish is None]
    assert len(unfinished) == 105
    assert {outcome.status for outcome in unfinished} == {Status.RUNNING, Status.BROKEN}


def test_a_confirmation_that_was_never_sent_is_broken_two_weeks_later(by_standard: dict[str, list[Outcome]]) -> None:
    unsent = [outcome for outcome in by_standard["confirm"] if outcome.finish is None]
    assert len(unsent) == 134
    assert {outcome.status for outcome in unsent} == {Status.BROKEN}
