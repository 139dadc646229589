"""A small place for the tests of the counter: the three services of the demonstration, through the doors."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

import makegood.rooms
from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.cases.events import Resident
from makegood.rooms.journal.actions import READERS, deliver_all
from makegood.rooms.journal.events import SYSTEM, Actor, By, Event, Heard, Who
from makegood.rooms.journal.models import Announced
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.people.actions import add_team
from makegood.rooms.places.actions import load_places
from makegood.rooms.places.events import Address, Ward
from makegood.rooms.pledges.actions import publish_pledge
from makegood.rooms.pledges.queries import in_force, judging
from makegood.rooms.services.actions import publish_service

DATA = Path(makegood.rooms.__file__).parent / "demonstration" / "place"
BEGIN = datetime(2025, 1, 6, 9, tzinfo=UTC)
ADVISER = Actor(who=Who.STAFF, id="1", name="Ada", roles=frozenset({"adviser"}), teams=frozenset({"waste"}))
OFFICER = Actor(who=Who.STAFF, id="2", name="Olu", roles=frozenset({"officer"}), teams=frozenset({"waste"}))
MANAGER = Actor(who=Who.STAFF, id="3", name="Max", roles=frozenset({"manager"}))
ROSA = Resident(name="Rosa Quick", email="rosa@example.org", wants="email")
TEAMS = {"waste": "Waste and Recycling", "lighting": "Street Lighting", "repairs": "Housing Repairs"}


def make_place() -> None:
    """Promises, services, teams, and a street."""
    for code, name in TEAMS.items():
        by = By(actor=SYSTEM, at=BEGIN)
        add_team(by, code=code, name=name, organisation="anyborough", organisation_name="Anyborough Council")
    for name in ("missed-bin", "street-light", "damp-repair"):
        publish_pledge(By(actor=SYSTEM, at=BEGIN), text=(DATA / "pledges" / f"{name}.yaml").read_text("utf-8"))
        pledge, _ = judging(in_force(name, BEGIN).id)
        publish_service(
            By(actor=SYSTEM, at=BEGIN),
            text=(DATA / "services" / f"{name}.yaml").read_text("utf-8"),
            facts=frozenset(pledge.facts),
            details=frozenset(pledge.details),
        )
    load_places(
        By(actor=SYSTEM, at=BEGIN),
        wards=[Ward(code="W1", name="Northgate")],
        addresses=[
            Address(id=f"0001{n}", line=f"{n} Acacia Avenue, Anyborough", postcode="AB1 2CD", ward="W1")
            for n in (10, 12, 14)
        ],
    )


def opened(service: str = "missed-bin", at: datetime | None = None, **more: Any) -> str:
    """The reference of a new case, reported an hour ago unless said."""
    at = at or now() - timedelta(hours=1)
    answers = more.pop("answers", ANSWERS[service](at))
    made = cases.open_case(
        By(actor=ADVISER, at=at), service_code=service, answers=answers, resident=more.pop("resident", ROSA), **more
    )
    return str(made["reference"])


ANSWERS: dict[str, Any] = {
    "missed-bin": lambda at: {"bin": "recycling", "collection_date": at.date().isoformat(), "tag": "no"},
    "street-light": lambda at: {"danger": "no", "problem": "out"},
    "damp-repair": lambda at: {"hazard": "serious", "rooms": "The bedroom", "water": "no", "visit": "any"},
}


def token_of(reference: str) -> str:
    """A private link's token."""
    return cases.make_link(By(actor=SYSTEM), case=reference)


def with_case(reference: str) -> Client:
    """A browser in which the case was opened by its link."""
    browser = Client()
    assert browser.get(f"/track/{token_of(reference)}/").status_code == 302
    return browser


def number_of(reference: str) -> int:
    """The number of a case, with eyes that see everything."""
    see_as(SYSTEM)
    return case_queries.case_of(reference).number


def words_of(page: str) -> str:
    """The words of a page as people read them."""
    main = re.search(r"<main[^>]*>(.*)</main>", page, re.DOTALL)
    plain = re.sub(r"<(script|style|svg).*?</\1>", "", main[1] if main else page, flags=re.DOTALL)
    return " ".join(unescape(strip_tags(plain.replace("<", " <"))).split())


def hear() -> None:
    """Notice what is due, and let remedies hear of it; a test that is rolled back hands it over itself."""
    while cases.notice_due(By(actor=SYSTEM), limit=10_000):
        pass
    if not connection.in_atomic_block:
        deliver_all()
        return
    see_as(SYSTEM)
    reader = READERS["remedies"]
    rows = Announced.objects.filter(kind__in=reader.kinds).order_by("id")
    heard = [Heard(number=r.id, at=r.at, entry=r.entry, event=Event.KINDS[r.kind].of(r.data)) for r in rows]
    if heard:
        reader.handle(heard)


def late(service: str = "missed-bin", days: int = 9) -> str:
    """The reference of a case whose promise was broken, noticed and told."""
    reference = opened(service, at=now() - timedelta(days=days))
    hear()
    return reference
