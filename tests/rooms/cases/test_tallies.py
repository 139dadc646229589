"""The counts that the database keeps are what counting everything comes to, whatever was done, at every moment."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from makegood.rooms.cases import actions, queries, tasks
from makegood.rooms.cases.events import ImportedCase, ImportedFact, Resident
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import see_as
from makegood.rooms.people.actions import add_team
from makegood.web.refusals import Refusal
from tests.rooms.tallies import check_tallies

from .place import ADVISER, OFFICER, STREETS, opened, queries_version
from .test_any_order import BEGIN, act_at_random


def add_up(many: int = 1) -> None:
    """Let the worker add up, also when that is little."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_add_up(%s)", [many])


def count(query: str) -> int:
    """A number from the database."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        [found] = cursor.fetchone()
    return int(found)


def imported(**more: Any) -> ImportedCase:
    """A bin that was emptied in time in the month before."""
    at = BEGIN - timedelta(days=30)
    facts = [ImportedFact(name="bin_reported", at=at), ImportedFact(name="bin_emptied", at=at + timedelta(hours=30))]
    told: dict[str, Any] = {
        "service": "bin",
        "pledge": "test-bin",
        "pledge_version": queries_version("test-bin"),
        "team": "waste",
        "received_at": at,
        "opened_at": at,
        "facts": facts,
        "resident": Resident(name="Ida Import", email="ida@example.org", wants="email"),
    }
    return ImportedCase(**(told | more))


def act_on_another(chance: random.Random, references: list[str], at: Any) -> None:
    """One of the acts that say something about more than one case, or about whose it is."""
    match chance.randrange(5):
        case 0:
            references.append(opened(at=at))
        case 1:
            opened("light", at=at)
        case 2:
            actions.import_cases(By(actor=SYSTEM, at=at), cases=[imported()] * 3)
        case 3:
            case = chance.choice(references)
            asked = actions.hand_over(By(actor=ADVISER, at=at), case=case, team="streets", context="yours")
            actions.accept_hand_over(By(actor=STREETS, at=at), hand_over=asked)
        case _:
            actions.erase_resident(By(actor=OFFICER, at=at), case=chance.choice(references))


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("seed", range(4))
def test_after_every_act_in_any_order_the_counts_are_those_of_counting(seed: int) -> None:
    add_team(By(actor=SYSTEM, at=BEGIN), code="streets", name="Streets", organisation="a", organisation_name="A")
    chance = random.Random(seed)  # the same acts each time
    references, at = [opened(at=BEGIN), opened(at=BEGIN)], BEGIN
    for _ in range(40):
        at += timedelta(hours=chance.randrange(1, 20))
        with suppress(Refusal):
            if chance.random() < 0.3:
                act_on_another(chance, references, at)
            else:
                act_at_random(chance, chance.choice(references), at)
        see_as(SYSTEM)
        if chance.random() < 0.2:
            add_up()
        check_tallies()


@pytest.mark.usefixtures("place")
def test_what_pages_tell_is_the_same_before_and_after_adding_up() -> None:
    actions.import_cases(By(actor=SYSTEM, at=BEGIN), cases=[imported()] * 12)
    opened(at=BEGIN)
    see_as(SYSTEM)
    before = queries.performance("test-bin", BEGIN), queries.loads(BEGIN)
    [kept] = before[0]
    assert (kept.kept, kept.broken, kept.total, kept.typical) == (12, 0, 12, timedelta(days=1, hours=6))
    [load] = before[1]
    assert (load.open, load.received, load.paused) == (13, 13, 0)
    assert count("SELECT count(*) FROM cases_tally WHERE fresh") == 12
    add_up()
    assert (queries.performance("test-bin", BEGIN), queries.loads(BEGIN)) == before
    assert count("SELECT count(*) FROM cases_tally") == 1
    assert count("SELECT count(*) FROM cases_stock") == 2


@pytest.mark.usefixtures("place")
def test_the_round_adds_up_when_it_is_worth_it() -> None:
    opened(at=BEGIN)
    see_as(SYSTEM)
    assert not tasks.add_up(BEGIN)
    assert count("SELECT count(*) FROM cases_stock WHERE fresh") == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_stock (service, team, month, open, broken, waiting, received, paused, fresh)"
            " SELECT 'bin', 'waste', '2026-06-01', sign, 0, 0, sign, 0, true"
            " FROM unnest(array[1, -1]) AS sign, generate_series(1, 500)"
        )
    assert not tasks.add_up(BEGIN)
    assert count("SELECT count(*) FROM cases_stock") == 1


@pytest.mark.usefixtures("place")
def test_a_typical_time_is_the_middle_one_as_fine_as_it_is_shown() -> None:
    took = [timedelta(minutes=90, seconds=59), timedelta(hours=30, minutes=59), timedelta(days=20, hours=5)]
    at = BEGIN - timedelta(days=30)
    made = [
        imported(facts=[ImportedFact(name="bin_reported", at=at), ImportedFact(name="bin_emptied", at=at + each)])
        for each in took
    ]
    shown = (timedelta(minutes=90), timedelta(hours=30), timedelta(days=20))
    for number, expected in enumerate(shown):
        actions.import_cases(By(actor=SYSTEM, at=BEGIN), cases=[made[number]] * 12 * 3**number)
        [seen] = queries.performance("test-bin", BEGIN)
        assert seen.typical == expected


@pytest.mark.usefixtures("place")
def test_counts_by_themselves_are_for_staff_alone() -> None:
    opened(at=BEGIN)
    actions.import_cases(By(actor=SYSTEM, at=BEGIN), cases=[imported()])
    see_as(VISITOR)
    for table in ("cases_tally", "cases_stock", "cases_tallied", "cases_stocked"):
        assert count(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("change", ["pledge = 'other'", "received_at = received_at + interval '1 second'"])
def test_what_a_case_is_counted_under_never_changes(change: str) -> None:
    opened(at=BEGIN)
    see_as(SYSTEM)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_case SET {change}")


def test_counts_that_were_lost_are_made_anew(live_place: str) -> None:
    reference = opened(at=BEGIN)
    see_as(SYSTEM)
    actions.pause_for_resident(By(actor=ADVISER, at=BEGIN), case=reference, reason="why", needed="what")
    actions.import_cases(By(actor=SYSTEM, at=BEGIN), cases=[imported()] * 12)
    see_as(SYSTEM)
    before = queries.performance("test-bin", BEGIN), queries.loads(BEGIN)
    with psycopg.connect(live_place) as owner:
        owner.execute("DELETE FROM cases_tally")
        owner.execute("DELETE FROM cases_stock")
    assert queries.loads(BEGIN) == []
    with psycopg.connect(live_place) as owner:
        owner.execute("SELECT cases_count_anew()")
    assert (queries.performance("test-bin", BEGIN), queries.loads(BEGIN)) == before
    check_tallies()
