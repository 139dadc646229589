"""A small place for the tests of remedies: its promises give every kind of remedy, and are made through the doors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.cases.events import Resident
from makegood.rooms.journal.actions import READERS, deliver_all
from makegood.rooms.journal.events import SYSTEM, Actor, By, Event, Heard, Who
from makegood.rooms.journal.models import Announced
from makegood.rooms.journal.queries import see_as
from makegood.rooms.people.models import User
from makegood.rooms.pledges.actions import publish_pledge
from makegood.rooms.pledges.queries import in_force, judging
from makegood.rooms.remedies import queries
from makegood.rooms.services.actions import publish_service

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
OPENED = datetime(2026, 6, 12, 8, tzinfo=UTC)
"""A Friday morning."""

PLEDGE = """
pledge: {name}
title: If we are late
provider: Anyborough Council
basis: voluntary
calendar: england-and-wales
facts:
  {name}_reported: you tell us
  {name}_done: we do it
  {name}_paid: we pay you
  snow: the roads were closed by snow
  flat_tyre: our lorry has a flat tyre
standards:
  do-{name}:
    says: We do it soon.
    when: {name}_reported
    we will: {name}_done
    within: 2 working days, by 18:00
    excused if:
      - if: snow
        because: the roads were closed
    if we do not:
{remedies}
"""

SERVICE = """
service: {name}
name: Our {name}
summary: Tell us.
pledge: {name}
team: works
starts with: {name}_reported
done when: {name}_done
reopen within: 14 days
exemptions: {{snow: Roads closed by snow}}
questions: []
closing reasons:
  - {{code: fixed, label: It is done, fixed: yes}}
  - {{code: not-ours, label: It is not ours to do, fixed: no}}
"""

REMEDIES = {
    "bin": ["- apologise", "- explain: what went wrong", "- voucher: £5"],
    "light": [
        "- apologise",
        "- pay: £10, then £2 for each further full calendar day, at most £16",
        "  settled: when it is done",
    ],
    "flood": [
        "- pay: £50",
        "  within: 10 working days",
        "  done when: flood_paid",
        "  if late: £30",
        "- find out why",
        "- support: somebody visits you",
    ],
    "badge": [
        "- choose from:",
        "    - give: your old badge stays valid",
        "    - voucher: £10",
        "    - pay: £8",
        "- staff may add: £25",
    ],
    "sofa": ["- give: a letter", "  if: flat_tyre", "- choose from:", "    - pay: £6", "    - voucher: £9"],
    "drain": [
        "- pay: £20",
        "  within: 5 working days",
        "  done when: drain_paid",
        "  if late: £3 for each full calendar day, at most £9",
    ],
    "train": ["- voucher: £7", "  route: claim within 28 calendar days"],
    "mixed": ["- apologise", "- voucher: £5", "- pay: £7", "  route: claim within 28 calendar days"],
}

ADVISER = Actor(who=Who.STAFF, id="1", name="Ada", roles=frozenset({"adviser"}), teams=frozenset({"works"}))
OTHER_TEAM = Actor(who=Who.STAFF, id="2", name="Sam", roles=frozenset({"adviser"}), teams=frozenset({"parks"}))
OFFICER = Actor(who=Who.STAFF, id="3", name="Olu", roles=frozenset({"officer"}), teams=frozenset({"works"}))
CREW = Actor(who=Who.STAFF, id="4", name="Cas", roles=frozenset({"crew"}), teams=frozenset({"works"}))
MANAGER = Actor(who=Who.STAFF, id="5", name="Max", roles=frozenset({"manager"}))
SHOP = Actor(who=Who.SHOP, id="corner-shop")
OTHER_SHOP = Actor(who=Who.SHOP, id="market")


def make_place() -> None:
    """Publish the promises and services, and let two people add something."""
    for name, remedies in REMEDIES.items():
        lines = "\n".join(f"      {line}" for line in remedies)
        publish_pledge(By(actor=SYSTEM, at=BEGIN), text=PLEDGE.format(name=name, remedies=lines))
        pledge, _ = judging(in_force(name, BEGIN).id)
        publish_service(
            By(actor=SYSTEM, at=BEGIN),
            text=SERVICE.format(name=name),
            facts=frozenset(pledge.facts),
            details=frozenset(pledge.details),
        )
    for actor, pence in ((ADVISER, 1_000), (OFFICER, 5_000)):
        User.objects.create(
            id=int(actor.id), email=f"{actor.name}@example.org", name=actor.name, discretion_pence=pence
        )


ROSA = Resident(name="Rosa Quick", email="rosa@example.org", wants="email")


def opened(service: str, at: datetime = OPENED, resident: Resident = ROSA) -> str:
    """The reference of a new case."""
    made = cases.open_case(By(actor=ADVISER, at=at), service_code=service, answers={}, resident=resident)
    return str(made["reference"])


def broken(service: str, **more: Any) -> tuple[str, datetime]:
    """A case whose promise was broken and noticed at once; its reference, and the instant of noticing."""
    reference = opened(service, **more)
    return reference, notice(datetime(2026, 6, 16, 17, 0, 1, tzinfo=UTC))


def notice(at: datetime) -> datetime:
    """Notice what is due at an instant, and let everybody hear of it."""
    while cases.notice_due(By(actor=SYSTEM, at=at), limit=10_000):
        pass
    hear()
    return at


def hear() -> None:
    """Let remedies hear everything that was announced; in a test that is rolled back, everything again each time.

    What is not committed is told to no reader, so such a test hands it over itself: hearing twice must do no harm.
    """
    if not connection.in_atomic_block:
        deliver_all()
        return
    reader = READERS["remedies"]
    rows = Announced.objects.filter(kind__in=reader.kinds).order_by("id")
    heard = [Heard(number=r.id, at=r.at, entry=r.entry, event=Event.KINDS[r.kind].of(r.data)) for r in rows]
    if heard:
        reader.handle(heard)


def done(reference: str, at: datetime) -> None:
    """The work was done."""
    service = case_queries.case_of(reference).service
    cases.record_fact(By(actor=ADVISER, at=at), case=reference, fact=f"{service}_done")
    hear()


def resident_of(reference: str) -> Actor:
    """The actor of whoever holds the link of a case."""
    return Actor(who=Who.RESIDENT, id=str(case_queries.case_of(reference).number), case=reference)


def remedy(reference: str, rule: str, at: datetime = OPENED + timedelta(days=90)) -> queries.RemedySeen:
    """The remedy of a rule of a case, with eyes that see everything."""
    see_as(SYSTEM)
    return next(each for each in queries.remedies_of(reference, at) if each.rule == rule)
