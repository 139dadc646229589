"""What the page says of all four logs together."""

from __future__ import annotations

from pathlib import Path

from tests.real import journeys_boston, journeys_chicago, journeys_desk, journeys_permits

LOGS = (journeys_permits, journeys_desk, journeys_chicago, journeys_boston)


def test_what_customers_were_asked_and_gave_is_unknown_in_all_and_not_zero(shared: Path) -> None:
    for log in LOGS:
        for name in ("asked_again", "asked_again_share", "visits_to_bring", "avoidable_contact", "own_minutes"):
            measure = log.found(shared).measure(name)
            assert measure.value is None, (log.MAPPING, name)
            assert measure.lacks, (log.MAPPING, name)


def test_nearly_four_in_five_moves_in_chicago_are_between_a_department_and_its_divisions(shared: Path) -> None:
    figures = journeys_chicago.figures(shared)
    assert 0.75 < 1 - float(figures["moves"]) / float(figures["named_moves"]) < 0.8


def test_half_never_wait_a_day_and_the_longest_waits_most_of_a_year(shared: Path) -> None:
    for log in (journeys_permits, journeys_desk):
        assert log.found(shared).value("longest_wait") < 1
        assert 365 / 2 < float(log.figures(shared)["longest"]) < 365


def test_nothing_was_set_aside(shared: Path) -> None:
    for log in LOGS:
        assert log.found(shared).set_aside == 0
        assert not log.found(shared).notes
