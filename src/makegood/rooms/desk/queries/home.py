"""What waits on the desk: cases by due time in groups, and everything else that somebody has to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from makegood.rooms.cases import queries as cases
from makegood.rooms.cases.queries import CaseSeen, HandOverSeen, Listed
from makegood.rooms.journal.events import Actor
from makegood.rooms.messages import queries as messages
from makegood.rooms.people import queries as people
from makegood.rooms.people.events import Role
from makegood.rooms.remedies import queries as remedies
from makegood.rooms.remedies.queries import TaskSeen
from makegood.rooms.services.queries import services

from ..rules.telling import STANDINGS

AT_RISK = timedelta(hours=24)
"""What falls due within this time is at risk."""
FEW, PAGE, MOST_COUNTED = 6, 50, 99

GROUPS: Mapping[str, tuple[str, str]] = {
    "broken": ("Broken promises", "Still open, and the promise is broken already."),
    "today": ("Due today", "The promise ends before midnight."),
    "risk": ("At risk", "The promise ends within 24 hours."),
    "unread": ("The resident wrote", "Nobody has dealt with it yet."),
    "waiting": ("Waiting for the resident", "The clock stands still until they answer."),
    "all": ("All open cases", "The next due first."),
}
"""The groups of cases: title, and what it means."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A case in a list. `kind` and `label` are of its tag; `owner` is a name or empty, `passed_at` as in `Listed`."""

    case: CaseSeen
    service: str
    person: str
    team: str
    owner: str
    kind: str
    label: str
    passed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One group of cases: the first few, and whether there are more."""

    show: str
    title: str
    about: str
    lines: list[Line]
    more: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Todo:
    """Something else that waits: how many (at most 99 are counted), and where."""

    title: str
    count: int
    route: str
    late: bool = False

    @property
    def said(self) -> str:
        """The count as it is shown."""
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """The desk's first page."""

    sections: list[Section]
    todo: list[Todo]


def team_names() -> dict[str, str]:
    """The names of the teams by code."""
    return {each.code: each.name for each in people.teams()}


def risk_and_today(at: datetime) -> tuple[datetime, datetime]:
    """Until when a promise is at risk, and when the day ends in the place."""
    local = at.astimezone(ZoneInfo(settings.PLACE_ZONE))
    ends = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo) - timedelta(seconds=1)
    return at + AT_RISK, ends


Beyond = tuple[datetime | None, int] | None
"""The deadline and the number of the last case of the page before."""


def list_of(
    actor: Actor, show: str, at: datetime, *, mine: bool, limit: int = PAGE, beyond: Beyond = None
) -> list[Listed]:
    """Open cases of one group, the next due first: this person's own, or those of their teams."""
    risk_by, day_ends = risk_and_today(at)
    return cases.worklist(
        teams=actor.teams,
        owner=actor.id if mine else "",
        show=show,
        at=at,
        risk_by=risk_by,
        day_ends=day_ends,
        limit=limit,
        beyond=beyond,
    )


def lines_of(listed: Sequence[Listed], at: datetime) -> list[Line]:
    """Cases as lines, with the names for their codes."""
    if not listed:
        return []
    names = {each.code: each.name for each in services()}
    teams = team_names()
    owners = people.names_of({each.case.owner for each in listed if each.case.owner})
    _, day_ends = risk_and_today(at)
    return [_line(each, names, teams, owners, at, day_ends) for each in listed]


def _line(
    each: Listed,
    names: Mapping[str, str],
    teams: Mapping[str, str],
    owners: Mapping[str, str],
    at: datetime,
    day_ends: datetime,
) -> Line:
    case = each.case
    kind, label = STANDINGS.get(case.standing, ("unknown", case.standing))
    if not case.open:
        label = f"Closed, {label[:1].lower()}{label[1:]}"
    elif case.waiting:
        kind, label = "paused", "Waiting for the resident"
    elif case.standing == "running" and case.due_at and at < case.due_at <= day_ends:
        kind, label = "due", "Due today"
    return Line(
        case=case,
        service=names.get(case.service, case.service),
        person=each.person,
        team=teams.get(case.team, case.team),
        owner=owners.get(case.owner, ""),
        kind=kind,
        label=label,
        passed_at=each.passed_at,
    )


def home(actor: Actor, at: datetime, *, mine: bool) -> Home:
    """Everything that waits for this person, or for their teams: a few of each group."""
    found = {show: list_of(actor, show, at, mine=mine, limit=FEW + 1) for show in GROUPS}
    today = {each.case.reference for each in found["today"]}
    found["risk"] = [each for each in found["risk"] if each.case.reference not in today]
    flat = lines_of([each for listed in found.values() for each in listed], at)
    by_reference = {line.case.reference: line for line in flat}
    sections = [
        Section(
            show=show,
            title=title,
            about=about,
            lines=[by_reference[each.case.reference] for each in found[show][:FEW]],
            more=len(found[show]) > FEW,
        )
        for show, (title, about) in GROUPS.items()
    ]
    return Home(sections=sections, todo=todo_of(actor, at))


def todo_of(actor: Actor, at: datetime) -> list[Todo]:
    """What waits beside the cases; only what this person can do something about."""
    if not actor.has(Role.ADVISER, Role.OFFICER, Role.MANAGER):
        return []
    tasks, late = remedies.tasks_waiting(actor.teams, at, most=MOST_COUNTED + 1)
    found = [
        Todo(title="Hand-overs to answer", count=len(cases.hand_overs_to(actor.teams)), route="desk:hand-overs"),
        Todo(title="Tasks of remedies", count=tasks, route="desk:tasks", late=late),
        Todo(
            title="Letters to print",
            count=len(messages.letters_to_print(limit=MOST_COUNTED + 1)),
            route="desk:letters",
        ),
    ]
    if actor.has(Role.OFFICER, Role.MANAGER):
        unsure = len(messages.uncertain(limit=MOST_COUNTED + 1))
        failed = len(messages.failed(limit=MOST_COUNTED + 1))
        found.append(
            Todo(title="Uncertain and failed mails", count=unsure + failed, route="desk:mails", late=bool(unsure))
        )
    if actor.has(Role.OFFICER):
        due = remedies.payments_waiting(at, most=MOST_COUNTED + 1)
        found.append(Todo(title="To pay", count=due, route="desk:pay"))
    return found


def tasks_for(actor: Actor, at: datetime) -> list[TaskSeen]:
    """The tasks of somebody's teams, the soonest due first."""
    found = [task for team in sorted(actor.teams) for task in remedies.tasks_of(team, at)]
    return sorted(found, key=lambda each: (each.due_at is None, each.due_at or each.owed_at, each.remedy))


def hand_overs_for(actor: Actor) -> list[tuple[HandOverSeen, CaseSeen, str]]:
    """What somebody's teams are asked to take: the hand-over, its case, and who asks."""
    asked = cases.hand_overs_to(actor.teams)[:200]
    about = cases.cases_of({each.case for each in asked})
    who = people.names_of({each.asked_by for each in asked})
    return [(each, about[each.case], who.get(each.asked_by, "")) for each in asked if each.case in about]
