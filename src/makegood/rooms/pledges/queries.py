"""The door for reading promises: which are in force, how cases are judged by them, and what they say in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from makegood.database.looking import remembered
from makegood.database.reading import rows
from makegood.rooms.journal.actions import once_in_act
from makegood.rules import Calendar, Pledge, read_calendar, read_pledge, write_json
from makegood.rules.five_ys import Scores, score
from makegood.rules.language.model import Kind
from makegood.rules.speak import Form, Part, explain
from makegood.schemes import CALENDARS
from makegood.web.refusals import NotFound

from .models import CalendarVersion, PledgeVersion

_YES_NO = frozenset({"yes", "no"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of a pledge. `id` is what a case keeps; `number` counts from 1 for each name."""

    id: int
    name: str
    number: int
    title: str
    text: str
    valid_from: date
    published_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PledgeShown:
    """A pledge in force, as a list shows it."""

    id: int
    name: str
    title: str
    version: int
    valid_from: date
    provider: str
    about: str
    says: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarShown:
    """A calendar that pledges can count in. Version 0 is one that ships."""

    name: str
    title: str
    version: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What a pledge knows by name: its facts and details, and the values of details that are one of some."""

    facts: frozenset[str]
    details: frozenset[str]
    allowed: Mapping[str, frozenset[str]]


def local_day(at: datetime) -> date:
    """The date of an instant in the place."""
    return at.astimezone(ZoneInfo(settings.PLACE_ZONE)).date()


# --- versions --------------------------------------------------------------------------------------------------------


def published(at: datetime) -> list[PledgeShown]:
    """The pledges in force at an instant, by title."""
    ranked = PledgeVersion.objects.filter(valid_from__lte=local_day(at)).annotate(
        place=Window(RowNumber(), partition_by="name", order_by=[F("valid_from").desc(), F("number").desc()])
    )
    shown = []
    for row in ranked.filter(place=1):
        pledge, _ = judging(row.id)
        shown.append(
            PledgeShown(
                id=row.id,
                name=row.name,
                title=row.title,
                version=row.number,
                valid_from=row.valid_from,
                provider=pledge.provider,
                about=pledge.about,
                says=tuple(standard.says for standard in pledge.standards if standard.says),
            )
        )
    return sorted(shown, key=lambda each: each.title.casefold())


_IN_FORCE = """
SELECT id FROM pledges_pledgeversion WHERE name = %s AND valid_from <= %s ORDER BY valid_from DESC, number DESC LIMIT 1
"""


def in_force(name: str, at: datetime) -> Version:
    """The version in force at an instant. Raises `NotFound` when there is none."""
    for (number,) in rows(_IN_FORCE, [name, local_day(at)]):
        return version(number)
    raise NotFound("There is no such promise in force.")


@lru_cache(maxsize=512)
def version(number: int) -> Version:
    """A version by its id. Raises `NotFound`."""
    row = PledgeVersion.objects.filter(id=number).first()
    if row is None:
        raise NotFound("There is no such version of a promise.")
    return _version(row)


def versions(name: str) -> list[Version]:
    """Every version of a pledge, newest first; future ones too."""
    known = PledgeVersion.objects.filter(name=name).order_by("-valid_from", "-number")
    return [_version(row) for row in known]


def _version(row: PledgeVersion) -> Version:
    return Version(
        id=row.id,
        name=row.name,
        number=row.number,
        title=row.title,
        text=row.text,
        valid_from=row.valid_from,
        published_at=row.published_at,
    )


# --- judging ---------------------------------------------------------------------------------------------------------


def judging(version_id: int) -> tuple[Pledge, Mapping[str, Calendar]]:
    """What cases of a version are judged by: the pledge as it was read, and every calendar as it is now.

    Kept in memory until a calendar is published. Raises `NotFound`.
    """
    return _judging(version_id, calendar_state())


@lru_cache(maxsize=256)
def _judging(version_id: int, state: int) -> tuple[Pledge, Mapping[str, Calendar]]:
    kept = version(version_id)
    known = _calendars(state)
    return read_pledge(kept.text, f"{kept.name}.yaml", calendars=known), known


def names_in(version_id: int) -> Names:
    """The names that a version of a pledge knows, against which a service is checked. Raises `NotFound`."""
    pledge, _ = judging(version_id)
    allowed = {name: frozenset(detail.values) for name, detail in pledge.details.items() if detail.values}
    allowed |= {name: _YES_NO for name, detail in pledge.details.items() if detail.kind is Kind.YES_NO}
    return Names(facts=frozenset(pledge.facts), details=frozenset(pledge.details), allowed=allowed)


def calendars() -> Mapping[str, Calendar]:
    """Every calendar by name: those that ship, and those that the place has published."""
    return _calendars(calendar_state())


@once_in_act
@remembered
def calendar_state() -> int:
    """A number that grows whenever a calendar is published: what was reckoned by them is good until then."""
    [(latest,)] = rows("SELECT max(id) FROM pledges_calendarversion")
    return latest or 0


class _Calendars(Mapping[str, Calendar]):
    """The shipped calendars, and above them those published, which may rest on each other."""

    def __init__(self, own: Mapping[str, Calendar]) -> None:
        self._own = own

    def __getitem__(self, name: str) -> Calendar:
        return self._own[name] if name in self._own else CALENDARS[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._own, *CALENDARS}))

    def __len__(self) -> int:
        return len({*self._own, *CALENDARS})


@lru_cache(maxsize=8)
def _calendars(state: int) -> Mapping[str, Calendar]:
    own: dict[str, Calendar] = {}
    for row in CalendarVersion.objects.filter(id__lte=state).order_by("id"):
        own[row.name] = read_calendar(row.text, f"{row.name}.yaml", calendars=_Calendars(dict(own)))
    return _Calendars(MappingProxyType(own))


def calendars_shown() -> list[CalendarShown]:
    """The calendars that pledges can count in, by name."""
    latest = {row.name: row for row in CalendarVersion.objects.order_by("id")}
    shown = [
        CalendarShown(name=row.name, title=row.title, version=row.number, text=row.text) for row in latest.values()
    ]
    for name in CALENDARS:
        if name not in latest:
            calendar = CALENDARS[name]
            shown.append(CalendarShown(name=name, title=calendar.title, version=0, text=""))
    return sorted(shown, key=lambda each: each.name)


# --- words -----------------------------------------------------------------------------------------------------------


def say(version_id: int, day: date, form: Form | Part = "html") -> str:
    """A version in the library's own words, its examples and sums those of a day. Raises `NotFound`."""
    pledge, known = judging(version_id)
    return explain(pledge, known, example_day=day, form=form)


def as_json(version_id: int) -> str:
    """A version as JSON text. Raises `NotFound`."""
    return write_json(judging(version_id)[0])


def five_ys(version_id: int) -> Scores:
    """How transparent, simple, speedy, easy and flexible a version is. Raises `NotFound`."""
    return score(judging(version_id)[0])


__all__ = [
    "CalendarShown",
    "Names",
    "PledgeShown",
    "Version",
    "as_json",
    "calendar_state",
    "calendars",
    "calendars_shown",
    "five_ys",
    "in_force",
    "judging",
    "local_day",
    "names_in",
    "published",
    "say",
    "version",
    "versions",
]
