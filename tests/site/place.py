"""A place in which everybody is there: a resident and another one, a shop, and staff of every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.events import Resident
from makegood.rooms.cases.queries import case_of
from makegood.rooms.journal.events import SYSTEM, VISITOR, Actor, By, Who
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.remedies.actions import add_shop
from makegood.rooms.remedies.queries import RemedySeen, remedies_of
from tests.rooms.desk import place as desk

OTHER = Resident(name="Olga Otherwise", email="olga@example.org", wants="email")
STAFF = ("adviser", "colleague", "officer", "manager", "crew", "administrator", "auditor")
LOOKERS = ("visitor", "other resident", "resident", "shop", *STAFF)
"""Everybody who may come to a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Everybody:
    """Who is there, as actors; the case of the resident and the one of the other; and how they let themselves in."""

    actors: dict[str, Actor]
    people: dict[str, desk.Somebody]
    hers: str
    others: str
    token: str
    others_token: str
    shop_key: str

    def browser(self, who: str) -> Client:
        """A browser as one of `LOOKERS` uses it; a fault is an answer with status 500, not an exception."""
        browser = Client(raise_request_exception=False)
        if who in self.people:
            browser.force_login(self.people[who].user, backend="allauth.account.auth_backends.AuthenticationBackend")
        elif who == "shop":
            assert browser.post("/shop/", {"key": self.shop_key}).status_code == 302
        elif who != "visitor":
            token = self.token if who == "resident" else self.others_token
            assert browser.get(f"/track/{token}/").status_code == 302
        return browser

    def remedy(self, kind: str) -> RemedySeen:
        """One of the resident's remedies."""
        see_as(SYSTEM)
        return next(each for each in remedies_of(self.hers, now()) if each.kind == kind)


def everybody(*, resident: Resident = desk.ROSA, others: Resident = OTHER) -> Everybody:
    """Make the place: two cases whose promises were broken; the bin of the first was emptied, and a voucher sent."""
    people = desk.make_place()
    hers = desk.opened(timedelta(days=20), resident=resident)
    other = desk.opened(timedelta(days=20), resident=others)
    while cases.notice_due(By(actor=SYSTEM), limit=10_000):
        pass
    desk.hear()
    key = add_shop(By(actor=people["manager"].actor), code="corner-shop", name="The Corner Shop")
    actors = {name: each.actor for name, each in people.items()} | {
        "visitor": VISITOR,
        "resident": Actor(who=Who.RESIDENT, id=str(_number(hers)), case=hers),
        "other resident": Actor(who=Who.RESIDENT, id=str(_number(other)), case=other),
        "shop": Actor(who=Who.SHOP, id="corner-shop", name="The Corner Shop"),
        "system": SYSTEM,
    }
    tokens = [cases.make_link(By(actor=SYSTEM), case=each) for each in (hers, other)]
    see_as(VISITOR)
    return Everybody(
        actors=actors,
        people=people,
        hers=hers,
        others=other,
        token=tokens[0],
        others_token=tokens[1],
        shop_key=key,
    )


def collected(all_of: Everybody) -> None:
    """The bin of the resident was emptied: her remedies are settled, her voucher is made."""
    at = now()
    cases.record_fact(By(actor=all_of.actors["adviser"], at=at), case=all_of.hers, fact="bin_collected")
    desk.hear()


def _number(reference: str) -> int:
    see_as(SYSTEM)
    return case_of(reference).number


def as_owner(question: str, values: Any = ()) -> list[tuple[Any, ...]]:
    """Ask the database with the eyes of the system."""
    see_as(SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


def own_tables() -> list[str]:
    """Every table of the application."""
    rows = as_owner("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in rows]
