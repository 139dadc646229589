"""What the demonstration's pages show: where its year lies, who is in it, and what happened while the clock moved."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from makegood.rooms.cases.queries import BreachSeen, CaseSeen, breaches_of, cases_of
from makegood.rooms.messages.queries import MessageSeen, out_box
from makegood.rooms.people.events import ROLE_WORDS, Role
from makegood.rooms.people.queries import Member, people, teams

PLACE = Path(__file__).parent / "place"
YEAR = PLACE / "year.zip"
_MOST_TOLD = 200


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
class Happened:
    """What happened by itself while the clock moved: promises broken, and what people were told, oldest first.

    `more` are messages beyond those that are listed.
    """

    breaches: tuple[BreachSeen, ...]
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


def happened(*, since: datetime, after: int, also: Collection[str] = ()) -> Happened:
    """What happened after an instant, and after a message of a number. `also` are further cases to look at."""
    told = [each for each in out_box(limit=_MOST_TOLD + 1) if each.id > after]
    references = {each.about for each in told if each.about} | set(also)
    broken = [each for each in breaches_of(list(references)) if each.breached_at > since] if references else []
    return Happened(
        breaches=tuple(sorted(broken, key=lambda each: each.breached_at)),
        messages=tuple(reversed(told[:_MOST_TOLD])),
        more=max(0, len(told) - _MOST_TOLD),
    )
