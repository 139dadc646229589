"""The room's door for reading: who somebody is, and who is in which team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from makegood.rooms.journal.events import VISITOR, Actor, Who

from .models import Team as TeamRow
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
    teams = frozenset(user.teams.values_list("code", flat=True))
    return Actor(who=Who.STAFF, id=str(user.pk), name=user.name, roles=frozenset(user.roles), teams=teams)


def teams() -> list[Team]:
    """All teams, by name."""
    rows = TeamRow.objects.select_related("organisation").order_by("name")
    return [Team(code=row.code, name=row.name, organisation=row.organisation.name) for row in rows]


def team(code: str) -> Team | None:
    """One team, or None when there is none of that code."""
    return next((each for each in teams() if each.code == code), None)


def member(actor_id: str) -> Member | None:
    """The member of staff whom an actor's id means, or None."""
    row = User.objects.filter(pk=int(actor_id)).first() if actor_id.isdecimal() else None
    return _member(row) if row else None


def members(*, team: str = "", role: str = "") -> list[Member]:
    """Those with an open account, by name; of one team or role where said."""
    rows = User.objects.filter(is_active=True).order_by("name", "pk").prefetch_related("teams")
    if team:
        rows = rows.filter(teams__code=team)
    if role:
        rows = rows.filter(roles__contains=[role])
    return [_member(row) for row in rows]


def people() -> list[Member]:
    """Everybody who has or had an account, by name."""
    return [_member(row) for row in User.objects.order_by("name", "pk").prefetch_related("teams")]


def names_of(actor_ids: set[str]) -> dict[str, str]:
    """The names of several actors by id; those unknown are left out."""
    numbers = [int(each) for each in actor_ids if each.isdecimal()]
    return {str(pk): name for pk, name in User.objects.filter(pk__in=numbers).values_list("pk", "name")}


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
