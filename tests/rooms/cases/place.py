"""A small place for the tests of cases: three services with promises of different shape, made through the doors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from makegood.rooms.cases import actions, queries
from makegood.rooms.cases.events import Resident
from makegood.rooms.journal.events import SYSTEM, Actor, By, Who
from makegood.rooms.pledges.actions import publish_pledge
from makegood.rooms.pledges.queries import judging
from makegood.rooms.services.actions import publish_service

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)

BIN = """
pledge: test-bin
title: If we miss your bin
provider: Anyborough Council
basis: voluntary
calendar: england-and-wales
facts:
  bin_reported: you tell us
  bin_emptied: we empty it
  asked: we ask you for something
  answered: you answer
  snow: the roads were closed by snow
  crew_came: our crew came
standards:
  empty-bin:
    when: bin_reported
    we will: bin_emptied
    within: 2 working days, by 18:00
    paused:
      - from: asked
        until: answered
        because: we were waiting for you
    excused if:
      - if: snow
        because: the roads were closed
    if we do not:
      - apologise
      - voucher: £5
"""

LIGHT = """
pledge: test-light
title: If a street light is out
provider: Anyborough Council
basis: voluntary
calendar: england-and-wales
facts:
  light_reported: you tell us
  light_mended: we mend it
standards:
  mend-light:
    when: light_reported
    we will: light_mended
    within: 5 calendar days
    if we do not:
      - apologise
      - pay: £10, then £2 for each further full calendar day, at most £16
"""

DAMP = """
pledge: test-damp
title: If your home is damp
provider: Anyborough Council
basis: voluntary
facts:
  damp_reported: you tell us
  damp_seen: we come and look
details:
  home: {is: text, says: which home}
subject: home
standards:
  see-damp:
    when: damp_reported
    we will: damp_seen
    within: 24 hours
    if we do not:
      - apologise
      - pay: £20
        repeated: the 2nd in 12 months
"""

SERVICE = """
service: {code}
name: {name}
summary: Tell us.
pledge: {pledge}
team: {team}
starts with: {start}
done when: {done}
reopen within: 14 days
{more}
questions: {questions}
closing reasons:
  - {{code: fixed, label: It is done, fixed: yes}}
  - {{code: not-ours, label: It is not ours to do, fixed: no}}
"""

SERVICES = [
    {
        "code": "bin",
        "name": "Missed bin",
        "pledge": "test-bin",
        "team": "waste",
        "start": "bin_reported",
        "done": "bin_emptied",
        "questions": "[]",
        "more": "waiting: {from: asked, until: answered}\n"
        "facts: [{fact: bin_emptied, label: Emptied, who: crew}, {fact: crew_came, label: The crew came, who: staff}]\n"
        "exemptions: {snow: Roads closed by snow}",
    },
    {
        "code": "light",
        "name": "Street light",
        "pledge": "test-light",
        "team": "streets",
        "start": "light_reported",
        "done": "light_mended",
        "questions": "[]",
        "more": "",
    },
    {
        "code": "damp",
        "name": "Damp",
        "pledge": "test-damp",
        "team": "homes",
        "start": "damp_reported",
        "done": "damp_seen",
        "questions": "[{name: home, ask: Which home?, why: To find it., kind: words, detail: home}]",
        "more": "",
    },
]

ADVISER = Actor(who=Who.STAFF, id="7", name="Ada", roles=frozenset({"adviser"}), teams=frozenset({"waste"}))
STREETS = Actor(who=Who.STAFF, id="8", name="Sam", roles=frozenset({"adviser"}), teams=frozenset({"streets"}))
OFFICER = Actor(who=Who.STAFF, id="9", name="Olu", roles=frozenset({"officer"}), teams=frozenset({"waste"}))
CREW = Actor(who=Who.STAFF, id="10", name="Cas", roles=frozenset({"crew"}), teams=frozenset({"waste"}))


def make_place() -> None:
    """Publish the promises and services."""
    for text in (BIN, LIGHT, DAMP):
        publish_pledge(By(actor=SYSTEM, at=BEGIN), text=text)
    for number, service in enumerate(SERVICES, start=1):
        pledge, _ = judging(queries_version(service["pledge"]))
        publish_service(
            By(actor=SYSTEM, at=BEGIN),
            text=SERVICE.format(**service),
            facts=frozenset(pledge.facts),
            details=frozenset(pledge.details),
        )
        assert number


def queries_version(pledge: str) -> int:
    """The id of the version in force."""
    from makegood.rooms.pledges.queries import in_force

    return in_force(pledge, BEGIN).id


def opened(
    service: str = "bin", at: datetime = datetime(2026, 6, 12, 8, tzinfo=UTC), by: Actor = ADVISER, **more: Any
) -> str:
    """The reference of a new case."""
    resident = more.pop("resident", Resident(name="Rosa Quick", email="rosa@example.org", wants="email"))
    answers = more.pop("answers", {})
    made = actions.open_case(By(actor=by, at=at), service_code=service, answers=answers, resident=resident, **more)
    return str(made["reference"])


def resident_of(reference: str) -> Actor:
    """The actor of whoever holds the link of a case."""
    return Actor(who=Who.RESIDENT, id=str(queries.case_of(reference).number), case=reference)


def statuses(reference: str, at: datetime) -> dict[str, str]:
    """How each standard stands as of an instant."""
    return {each.standard: str(each.status) for each in queries.promises_of(reference, at)}
