"""A place with its promises, services and people, and cases taken in by the real actions: a stock to be multiplied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

import makegood.rooms
from makegood.rooms.cases.actions import import_cases
from makegood.rooms.cases.events import ImportedCase, ImportedFact, Resident
from makegood.rooms.cases.rules.references import LETTERS, PREFIX
from makegood.rooms.journal.actions import deliver_all
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.people.actions import add_person, add_team
from makegood.rooms.pledges.actions import publish_pledge
from makegood.rooms.pledges.queries import in_force, judging, names_in
from makegood.rooms.services.actions import publish_service
from makegood.rules import evaluate
from makegood.rules.facts import Case as Timeline
from makegood.rules.facts import Fact

DATA = Path(makegood.rooms.__file__).parent / "demonstration" / "place"
TEAMS = {"waste": "Waste and Recycling", "lighting": "Street Lighting", "repairs": "Housing Repairs"}
EMAIL, PASSWORD = "adviser@anyborough.example", "an adviser of the bench"
FACTS = 10
"""The facts of each case."""
BATCH = 2_500
HOURS = 3 * 3_600
"""For so many seconds the bins are reported that fall due together."""
SPREAD, TURN = 5_000_000_029, len(LETTERS) ** 8
"""A reference is a case's number times the one, within the other: all different, and in no order."""


def furnish(at: datetime) -> None:
    """The three promises and services of the demonstration, their teams, and an adviser who is in all of them."""
    by = By(actor=SYSTEM, at=at)
    for code, name in TEAMS.items():
        add_team(by, code=code, name=name, organisation="anyborough", organisation_name="Anyborough Council")
    for name in ("missed-bin", "street-light", "damp-repair"):
        publish_pledge(by, text=(DATA / "pledges" / f"{name}.yaml").read_text("utf-8"))
        names = names_in(in_force(name, at).id)
        text = (DATA / "services" / f"{name}.yaml").read_text("utf-8")
        publish_service(by, text=text, facts=names.facts, details=names.details, allowed=names.allowed)
    add_person(by, email=EMAIL, name="Avery Adviser", roles=["adviser"], teams=list(TEAMS), password=PASSWORD)


def reference_of(number: int) -> str:
    """The reference of the case with this number; `multiply` has the same in SQL."""
    rest, letters = number * SPREAD % TURN, ""
    for _ in range(8):
        rest, place = divmod(rest, len(LETTERS))
        letters = LETTERS[place] + letters
    return f"{PREFIX}-{letters[:4]}-{letters[4:]}"


def take_in(cases: int, at: datetime) -> None:
    """Take in open cases as of `at`, with what they owe: two in five bins to come, two broken, lights, and damp."""
    versions = {name: in_force(name, at).id for name in ("missed-bin", "street-light", "damp-repair")}
    makers = (_bin, _light, _broken_bin, _light, _bin, _broken_bin, _bin, _light, _broken_bin, _damp)
    made = [makers[number % len(makers)](number, at, versions) for number in range(cases)]
    _import(made, at)
    deliver_all()


def take_in_due(cases: int, first: int, now: datetime) -> datetime:
    """Take in missed bins that all fall due at one second, the last before `now`; that second. None is noticed yet.

    They are reported all through the morning, so that no two need be judged alike.
    """
    version = in_force("missed-bin", now).id
    reported, due = _last_due(version, now)
    name = "missed-bin"
    made = [
        _case(
            first + number,
            name,
            "waste",
            version,
            reported + timedelta(seconds=number % HOURS),
            {"collection_date": _day(reported)},
            [("bin_reported", 0)],
        )
        for number in range(cases)
    ]
    _import(made, reported + timedelta(seconds=HOURS))
    return due


def _import(cases: list[ImportedCase], at: datetime) -> None:
    for start in range(0, len(cases), BATCH):
        import_cases(By(actor=SYSTEM, at=at), cases=cases[start : start + BATCH])


def _last_due(version: int, now: datetime) -> tuple[datetime, datetime]:
    """When to report a missed bin so that it falls due as late as may be before now, and when it does."""
    pledge, calendars = judging(version)
    for reported in _mornings_before(now):
        timeline = Timeline(
            id="1", details={"collection_date": _day(reported)}, facts=[Fact(name="bin_reported", at=reported)]
        )
        [outcome, *_] = evaluate(pledge, timeline, as_of=reported, calendars=calendars)
        if outcome.due_at and outcome.due_at < now:
            return reported, outcome.due_at
    raise RuntimeError("no missed bin falls due before now")


def _mornings_before(now: datetime) -> Iterator[datetime]:
    zone = ZoneInfo(settings.PLACE_ZONE)
    for days in range(30):
        yield datetime.combine(now.astimezone(zone).date() - timedelta(days=days), time(9), zone).astimezone(now.tzinfo)


# --- one case of each kind -------------------------------------------------------------------------------------------

_Made = Callable[[int, datetime, dict[str, int]], ImportedCase]


def _bin(number: int, at: datetime, versions: dict[str, int]) -> ImportedCase:
    return _missed(number, at - timedelta(hours=3, seconds=number % 40_000), versions)


def _broken_bin(number: int, at: datetime, versions: dict[str, int]) -> ImportedCase:
    return _missed(number, at - timedelta(days=6 + number % 25, seconds=number % 40_000), versions)


def _missed(number: int, reported: datetime, versions: dict[str, int]) -> ImportedCase:
    name = "missed-bin"
    facts = [("bin_reported", 0), *_waited(4), ("resident_answered", 100)]
    return _case(number, name, "waste", versions[name], reported, {"collection_date": _day(reported)}, facts)


def _light(number: int, at: datetime, versions: dict[str, int]) -> ImportedCase:
    name, reported = "street-light", at - timedelta(hours=4, seconds=number % 80_000)
    facts = [("light_reported", 0), *_waited(4), ("update_sent", 110)]
    return _case(number, name, "lighting", versions[name], reported, {"danger": "no"}, facts)


def _damp(number: int, at: datetime, versions: dict[str, int]) -> ImportedCase:
    name, reported = "damp-repair", at - timedelta(days=3, seconds=number % 900_000)
    facts = [("damp_reported", 0), *_waited(4), ("resident_answered", 100)]
    return _case(number, name, "repairs", versions[name], reported, {"hazard": "serious"}, facts)


def _waited(times: int) -> list[tuple[str, int]]:
    """We asked and she answered, so many times: facts with their minutes after the report."""
    return [
        fact
        for turn in range(times)
        for fact in (("asked_resident", 10 + 20 * turn), ("resident_answered", 20 + 20 * turn))
    ]


def _day(reported: datetime) -> str:
    return (reported - timedelta(days=1)).date().isoformat()


def _case(
    number: int,
    name: str,
    team: str,
    version: int,
    reported: datetime,
    details: dict[str, str],
    facts: list[tuple[str, int]],
) -> ImportedCase:
    """A case whose person and place are named when the stock is multiplied. Numbers count from 0, tables' from 1."""
    reported = reported.replace(microsecond=0)
    return ImportedCase(
        service=name,
        pledge=name,
        pledge_version=version,
        team=team,
        received_at=reported,
        opened_at=reported,
        facts=[ImportedFact(name=fact, at=reported + timedelta(minutes=after)) for fact, after in facts],
        details=details,
        words="It is as we said on the telephone. Please come soon.",
        place_words=f"{number % 200 + 1} Sample Street",
        reference=reference_of(number + 1),
        resident=Resident(name=f"Sam Stock{number}", email=f"stock{number}@example.org", wants="email"),
    )
