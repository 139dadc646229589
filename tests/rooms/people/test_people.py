"""Accounts are given by an administrator, closed without a trace of power, and bound by roles."""

from __future__ import annotations

from typing import Any

import pytest

from makegood.rooms.journal.events import SYSTEM, VISITOR, Actor, By
from makegood.rooms.people.actions import add_person, add_team, change_person
from makegood.rooms.people.events import Role
from makegood.rooms.people.models import User
from makegood.rooms.people.queries import actor_of, member, members, names_of, team
from makegood.web.refusals import NotAllowed, NotPossible

pytestmark = pytest.mark.django_db
BY = By(actor=SYSTEM)


def add(email: str = "ada@anyborough.example", *roles: str, **more: Any) -> Actor:
    number = add_person(BY, email=email, name="Ada Demo", roles=roles or ("adviser",), **more)
    return actor_of(User.objects.get(pk=number))


def test_an_account_acts_with_its_roles_and_teams() -> None:
    add_team(BY, code="waste", name="Waste", organisation="council", organisation_name="Anyborough Council")
    actor = add("Ada@Anyborough.example", "adviser", "crew", teams=["waste"], discretion_pence=2500)
    assert (set(actor.roles), set(actor.teams)) == ({"adviser", "crew"}, {"waste"})
    assert actor.has(Role.CREW)
    assert not actor.has(Role.OFFICER)
    seen = member(actor.id)
    assert seen is not None
    assert (seen.email, seen.discretion_pence) == ("ada@anyborough.example", 2500)
    assert [each.id for each in members(team="waste")] == [actor.id]
    waste = team("waste")
    assert waste is not None
    assert waste.organisation == "Anyborough Council"
    assert names_of({actor.id, "999", "makegood"}) == {actor.id: "Ada Demo"}


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("email", {"email": "no address"}),
        ("name", {"name": "  "}),
        ("roles", {"roles": ["king"]}),
        ("teams", {"teams": ["nowhere"]}),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(field: str, given: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"email": "a@b.example", "name": "A", "roles": ["adviser"]}
    with pytest.raises(NotPossible) as refused:
        add_person(BY, **(whole | given))
    assert refused.value.field == field
    assert not User.objects.exists()


def test_one_person_has_one_account() -> None:
    add("ada@anyborough.example")
    with pytest.raises(NotPossible, match="already"):
        add("ADA@anyborough.example")


def test_only_an_administrator_gives_accounts() -> None:
    adviser = add()
    for nobody in (VISITOR, adviser):
        with pytest.raises(NotAllowed):
            add_person(By(actor=nobody), email="x@y.example", name="X", roles=["administrator"])


def test_a_closed_account_is_a_visitor_s() -> None:
    administrator, adviser = add("root@anyborough.example", "administrator"), add()
    change_person(
        By(actor=administrator), person=adviser.id, roles=["adviser"], teams=[], discretion_pence=0, active=False
    )
    assert actor_of(User.objects.get(pk=adviser.id)) == VISITOR


def test_nobody_changes_their_own_account() -> None:
    administrator = add("root@anyborough.example", "administrator")
    with pytest.raises(NotPossible, match="another administrator"):
        change_person(By(actor=administrator), person=administrator.id, roles=[], teams=[], discretion_pence=10**6)


def test_passwords_are_kept_by_argon2() -> None:
    add(password="correct horse battery staple")
    assert User.objects.get().password.startswith("argon2")
