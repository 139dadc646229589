"""The room's door for reading: who somebody is, and who is in which team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from makegood.database.reading import rows
from makegood.rooms.journal.events import VISITOR, Actor, Who

from .models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """A team and the name of its organisation."""

    code: str
    name: str
    organisation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A member of staff. `id` is what actors carry."""

    id: str
    name: str
    email: str
    roles: frozenset[str]
    teams: frozenset[str]
    discretion_pence: int
    active: bool


def actor_of(user: Any) -> Actor:
    """Who acts when this signed-in account does; a visitor when it is closed or nobody's."""
    if not isinstance(user, User) or not user.is_active or user.pk is None:
        return VISITOR
    teams = frozenset(code for (code,) in rows("SELECT team_id FROM people_user_teams WHERE user_id = %s", [user.pk]))
    return Actor(who=Who.STAFF, id=str(user.pk), name=user.name, roles=frozenset(user.roles), teams=teams)


_TEAMS = """
SELECT t.code, t.name, o.name FROM people_team t JOIN people_organisation o ON o.code = t.organisation_id
ORDER BY t.name
"""


def teams() -> list[Team]:
    """All teams, by name."""
    return [Team(code=code, name=name, organisation=organisation) for code, name, organisation in rows(_TEAMS)]


def team(code: str) -> Team | None:
    """One team, or None when there is none of that code."""
    return next((each for each in teams() if each.code == code), None)


def member(actor_id: str) -> Member | None:
    """The member of staff whom an actor's id means, or None."""
    row = User.objects.filter(pk=int(actor_id)).first() if actor_id.isdecimal() else None
    return _member(row) if row else None


def members(*, team: str = "", role: str = "") -> list[Member]:
    """Those with an open account, by name; of one team or role where said."""
    found = User.objects.filter(is_active=True).order_by("name", "pk").prefetch_related("teams")
    if team:
        found = found.filter(teams__code=team)
    if role:
        found = found.filter(roles__contains=[role])
    return [_member(row) for row in found]


def people() -> list[Member]:
    """Everybody who has or had an account, by name."""
    return [_member(row) for row in User.objects.order_by("name", "pk").prefetch_related("teams")]


def names_of(actor_ids: set[str]) -> dict[str, str]:
    """The names of several actors by id; those unknown are left out."""
    numbers = [int(each) for each in actor_ids if each.isdecimal()]
    if not numbers:
        return {}
    found = rows("SELECT id, name FROM people_user WHERE id = ANY(%s)", [numbers])
    return {str(number): name for number, name in found}


def _member(row: User) -> Member:
    return Member(
        id=str(row.pk),
        name=row.name,
        email=row.email,
        roles=frozenset(row.roles),
        teams=frozenset(each.code for each in row.teams.all()),
        discretion_pence=row.discretion_pence,
        active=row.is_active,
    )
