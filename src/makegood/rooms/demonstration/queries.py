"""What the demonstration's pages show: where its year lies, who is in it, and what happened while the clock moved."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from makegood.rooms.cases.queries import BreachSeen, CaseSeen, breaches_of, cases_of
from makegood.rooms.messages.queries import MessageSeen, out_box
from makegood.rooms.people.events import ROLE_WORDS, Role
from makegood.rooms.people.queries import Member, people, teams
from makegood.rooms.pledges.queries import judging
from makegood.rooms.remedies.queries import RemedySeen, remedies_of
from makegood.rooms.services.queries import service
from makegood.web.saying import say_day, say_money

PLACE = Path(__file__).parent / "place"
YEAR = PLACE / "year.zip"
_MOST_TOLD, _MOST_EXPLAINED = 200, 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """Somebody whom one can be: what they do here, and in which teams."""

    id: str
    name: str
    role: str
    teams: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ToSee:
    """A case that is there to be looked at: what it shows, in words, and the case as it stands now."""

    shows: str
    words: str
    case: CaseSeen


@dataclass(frozen=True, kw_only=True, slots=True)
class Broke:
    """One promise that was broken: the case, what was promised, and what Makegood gives for it, in words."""

    case: str
    service: str
    promise: str
    breach: BreachSeen
    gives: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """What happened by itself while the clock moved: promises broken, and what people were told, oldest first.

    `more` are messages beyond those that are listed.
    """

    breaches: tuple[Broke, ...]
    messages: tuple[MessageSeen, ...]
    more: int


def cast() -> list[Played]:
    """The staff whom one can be, in the order of their tasks."""
    names = {each.code: each.name for each in teams()}
    order = [str(role) for role in Role]
    found = [each for each in people() if each.active and each.roles]
    return [
        _played(each, names) for each in sorted(found, key=lambda who: (min(map(order.index, who.roles)), who.name))
    ]


def _played(who: Member, names: dict[str, str]) -> Played:
    roles = ", ".join(ROLE_WORDS[role] for role in Role if role in who.roles)
    return Played(
        id=who.id, name=who.name, role=roles, teams=", ".join(sorted(names.get(code, code) for code in who.teams))
    )


SHOWS = {
    "breaks at 6pm today": "A missed bin whose promise breaks at 6pm today",
    "a voucher that grows": "A bin that still waits: its voucher grows each day",
    "a remedy to choose": "A remedy to choose: money, or a voucher worth more",
    "waits for the resident": "The clock stands still: we wait for an answer",
    "an emergency": "Damp with danger: 24 hours, nights included",
    "offered to another team": "Offered to another team that has not answered",
    "two neighbours": "Two neighbours reported the same lights",
    "wrote after closing": "She wrote after her case was closed",
}
"""The planted cases that the front page offers, with what each shows."""


def to_see() -> list[ToSee]:
    """The cases that are there to be looked at."""
    planted = {shows: references[-1] for shows, references in _planted().items() if shows in SHOWS}
    found = cases_of(list(planted.values()))
    return [
        ToSee(shows=shows, words=words, case=found[planted[shows]])
        for shows, words in SHOWS.items()
        if planted.get(shows) in found
    ]


@lru_cache(maxsize=1)
def _planted() -> dict[str, list[str]]:
    if not YEAR.exists():
        return {}
    with zipfile.ZipFile(YEAR) as archive:
        told: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return dict(told["planted"]["cases"])


def last_message() -> int:
    """The number of the newest message; 0 without any."""
    newest = out_box(limit=1)
    return newest[0].id if newest else 0


def _broke(breaches: Sequence[BreachSeen], at: datetime) -> Iterator[Broke]:
    """Each of these breaches with what it was about and what it gives; of many only the first with all of it."""
    cases = cases_of({each.case for each in breaches})
    for place, each in enumerate(breaches):
        case = cases[each.case]
        pledge, _ = judging(case.pledge_version)
        every = [*pledge.standards, *(one for version in pledge.versions for one in version.standards)]
        says = next((one.says for one in every if one.name == each.standard and one.says), pledge.title)
        given = remedies_of(each.case, at) if place < _MOST_EXPLAINED else []
        yield Broke(
            case=each.case,
            service=service(case.service).name,
            promise=says,
            breach=each,
            gives=tuple(filter(None, (_gives(one) for one in given if one.standard == each.standard))),
        )


def _gives(remedy: RemedySeen) -> str:
    if str(remedy.state) == "open" or not (remedy.amount or not remedy.pays):
        return ""
    if remedy.pays:
        so_far = " so far, more each day" if remedy.grows else ""
        return f"{say_money(remedy.amount)} as {'a voucher' if remedy.pays == 'voucher' else 'money'}{so_far}"
    task = f", a task of the team by {say_day(remedy.due_at.date())}" if remedy.team and remedy.due_at else ""
    return f"{remedy.kind.capitalize()}{task}"


def happened(*, since: datetime, after: int, at: datetime, also: Collection[str] = ()) -> Happened:
    """What happened after an instant, and after a message of a number. `also` are further cases to look at."""
    told = [each for each in out_box(limit=_MOST_TOLD + 1) if each.id > after]
    references = {each.about for each in told if each.about} | set(also)
    broken = [each for each in breaches_of(list(references)) if each.breached_at > since] if references else []
    return Happened(
        breaches=tuple(_broke(sorted(broken, key=lambda each: each.breached_at), at)),
        messages=tuple(reversed(told[:_MOST_TOLD])),
        more=max(0, len(told) - _MOST_TOLD),
    )
