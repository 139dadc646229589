"""A small place for the tests of the desk: the services that ship with the demonstration, and somebody of each role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

import makegood.rooms
from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.events import Resident
from makegood.rooms.cases.queries import CaseSeen, case_of
from makegood.rooms.journal.actions import READERS
from makegood.rooms.journal.events import SYSTEM, Actor, By, Event, Heard, Who
from makegood.rooms.journal.models import Announced
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.people.actions import add_person, add_team
from makegood.rooms.people.models import User
from makegood.rooms.pledges.actions import publish_pledge
from makegood.rooms.pledges.queries import in_force, names_in
from makegood.rooms.services.actions import publish_service

DATA = Path(makegood.rooms.__file__).parent / "demonstration" / "place"
BEGIN = datetime(2025, 1, 6, 9, tzinfo=UTC)
ROSA = Resident(name="Rosa Quick", email="rosa@example.org", wants="email")
TEAMS = {"waste": "Waste and Recycling", "lighting": "Street Lighting", "repairs": "Housing Repairs"}
PEOPLE: dict[str, tuple[list[str], list[str]]] = {
    "adviser": (["adviser"], ["waste"]),
    "colleague": (["adviser"], ["lighting"]),
    "officer": (["officer"], ["waste"]),
    "manager": (["manager"], ["waste"]),
    "crew": (["crew"], ["waste"]),
    "administrator": (["administrator"], []),
    "auditor": (["auditor"], []),
}


def _picture() -> bytes:
    """A small photo."""
    from io import BytesIO

    from PIL import Image

    written = BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 60)).save(written, "PNG")
    return written.getvalue()


PNG = _picture()


@dataclass(frozen=True, kw_only=True, slots=True)
class Somebody:
    """A member of staff: as an actor, and as an account."""

    actor: Actor
    user: User


def make_place(password: str | None = None) -> dict[str, Somebody]:
    """Promises, services, teams and people; with a password where somebody is to sign in by it."""
    by = By(actor=SYSTEM, at=BEGIN)
    for code, name in TEAMS.items():
        add_team(by, code=code, name=name, organisation="anyborough", organisation_name="Anyborough Council")
    for name in ("missed-bin", "street-light", "damp-repair"):
        publish_pledge(by, text=(DATA / "pledges" / f"{name}.yaml").read_text("utf-8"))
        names = names_in(in_force(name, BEGIN).id)
        text = (DATA / "services" / f"{name}.yaml").read_text("utf-8")
        publish_service(by, text=text, facts=names.facts, details=names.details, allowed=names.allowed)
    return {name: somebody(name, roles, teams, password) for name, (roles, teams) in PEOPLE.items()}


def somebody(name: str, roles: list[str], teams: list[str], password: str | None = None) -> Somebody:
    """A member of staff who may add £10 to a remedy."""
    by = By(actor=SYSTEM, at=BEGIN)
    email = f"{name}@anyborough.example"
    number = add_person(
        by, email=email, name=name.title(), roles=roles, teams=teams, discretion_pence=1_000, password=password
    )
    actor = Actor(who=Who.STAFF, id=number, name=name.title(), roles=frozenset(roles), teams=frozenset(teams))
    return Somebody(actor=actor, user=User.objects.get(pk=number))


def signed_in(who: Somebody) -> Client:
    """A browser in which somebody has signed in."""
    browser = Client()
    browser.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def opened(ago: timedelta = timedelta(hours=1), service: str = "missed-bin", **more: Any) -> str:
    """The reference of a new case that was reported some time ago."""
    at = now() - ago
    due = (at - timedelta(days=1)).date().isoformat()
    answers = more.pop("answers", {"bin": "rubbish", "collection_date": due, "tag": "no"})
    made = cases.open_case(
        By(actor=SYSTEM, at=at), service_code=service, answers=answers, resident=more.pop("resident", ROSA), **more
    )
    return str(made["reference"])


def broken() -> str:
    """The reference of a case whose promise was broken, and noticed; its remedies are owed."""
    reference = opened(timedelta(days=20))
    while cases.notice_due(By(actor=SYSTEM), limit=10_000):
        pass
    hear()
    return reference


def hear() -> None:
    """Let the rooms hear everything that was announced: in a test that is rolled back, readers are told by hand."""
    see_as(SYSTEM)
    told = 0
    while told < Announced.objects.count():
        rows = list(Announced.objects.order_by("id")[told:])
        told += len(rows)
        for reader in READERS.values():
            heard = [
                Heard(number=r.id, at=r.at, entry=r.entry, event=Event.KINDS[r.kind].of(r.data))
                for r in rows
                if r.kind in reader.kinds
            ]
            if heard:
                reader.handle(heard)


def of(reference: str) -> CaseSeen:
    """The case, whoever may look."""
    see_as(SYSTEM)
    return case_of(reference)


def words(answer: HttpResponse | Any) -> str:
    """A page as words: without its tags, with single spaces."""
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def form_of(page: Any, action: str = "") -> dict[str, str]:
    """What a page's form would send if nobody changed anything: of the one with this address, or of the last one."""
    forms = re.findall(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", page.content.decode(), re.DOTALL)
    chosen = next((each for each in forms if action and f'action="{action}"' in each), forms[-1])
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", chosen):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if "name" in attributes and (kind not in ("radio", "checkbox") or " checked" in tag):
            sent[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', chosen, re.DOTALL):
        sent[name] = unescape(text.removeprefix("\n"))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', chosen, re.DOTALL):
        values = re.findall(r'<option value="([^"]*)"( selected)?', options)
        sent[name] = unescape(next((value for value, selected in values if selected), values[0][0]))
    return sent


def fill_in(browser: Client, address: str, **answers: Any) -> Any:
    """Open a page, fill in its form and send it; the answer."""
    page = browser.get(address)
    assert page.status_code == 200, (address, page.status_code, words(page)[:400])
    return browser.post(address, form_of(page) | answers)
