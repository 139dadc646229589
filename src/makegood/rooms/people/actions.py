"""The room's door for acting: teams, accounts, roles."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act, Who
from makegood.web.refusals import NotFound, NotPossible

from .events import PersonAdded, PersonChanged, Role
from .models import Organisation, Team, User
from .permissions import may_change_people


@action("people.add_team", may=may_change_people)
def add_team(act: Act, *, code: str, name: str, organisation: str, organisation_name: str = "") -> str:
    """Add a team, with its organisation if that is new; its code. Adding it again renames it."""
    body, _made = Organisation.objects.update_or_create(
        code=organisation, defaults={"name": organisation_name or organisation}
    )
    Team.objects.update_or_create(code=code, defaults={"name": name, "organisation": body})
    act.about(f"team:{code}")
    return code


@action("people.add_person", may=may_change_people)
def add_person(
    act: Act,
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    teams: Iterable[str] = (),
    discretion_pence: int = 0,
    password: str | None = None,
) -> str:
    """Give somebody an account; the id that their acts carry.

    Without a password they sign in through the directory, or set one by the link of a forgotten password.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise NotPossible(f"“{email}” is not an e-mail address.", field="email") from None
    if not name.strip():
        raise NotPossible("Give the person's name.", field="name")
    if User.objects.filter(email=email).exists():
        raise NotPossible("Somebody with this e-mail address has an account already.", field="email")
    user = User.objects.create_user(
        email=email, password=password, name=name.strip(), roles=_roles(roles), discretion_pence=discretion_pence
    )
    user.teams.set(_teams(teams))
    act.about(f"person:{user.pk}", roles=list(user.roles))
    act.announce(PersonAdded(subject=f"person:{user.pk}", roles=list(user.roles)))
    return str(user.pk)


@action("people.change_person", may=may_change_people)
def change_person(
    act: Act,
    *,
    person: str,
    roles: Iterable[str],
    teams: Iterable[str],
    discretion_pence: int,
    active: bool = True,
) -> None:
    """Change what somebody may do, or close the account. Nobody changes their own, so that nobody locks all out."""
    user = User.objects.select_for_update().filter(pk=int(person) if person.isdecimal() else 0).first()
    if user is None:
        raise NotFound("There is no such person.")
    if act.actor.who is Who.STAFF and act.actor.id == person:
        raise NotPossible("Ask another administrator to change your own account.")
    user.roles, user.discretion_pence, user.is_active = _roles(roles), discretion_pence, active
    user.save(update_fields=["roles", "discretion_pence", "is_active"])
    user.teams.set(_teams(teams))
    act.about(f"person:{user.pk}", roles=list(user.roles), active=active)
    act.announce(PersonChanged(subject=f"person:{user.pk}", roles=list(user.roles), active=active))


def _roles(roles: Iterable[str]) -> list[str]:
    wanted = sorted(set(roles))
    for role in wanted:
        if role not in set(Role):
            raise NotPossible(f"There is no role “{role}”; the roles are {', '.join(Role)}.", field="roles")
    return wanted


def _teams(codes: Iterable[str]) -> list[Team]:
    wanted = set(codes)
    found = list(Team.objects.filter(code__in=wanted))
    missing = wanted - {each.code for each in found}
    if missing:
        raise NotPossible(f"There is no team “{sorted(missing)[0]}”.", field="teams")
    return found
