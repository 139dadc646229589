"""Playing with the place: its clock moved on, with everything that falls due on the way; its people let in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from makegood.rooms.cases import queries as case_queries
from makegood.rooms.cases.actions import make_link
from makegood.rooms.journal.actions import action, go_round, move_clock
from makegood.rooms.journal.events import SYSTEM, Act, Actor, By, Who
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.messages.queries import next_sending
from makegood.rooms.people.events import Role
from makegood.rooms.people.queries import people
from makegood.rooms.remedies import queries as remedy_queries
from makegood.rooms.remedies.actions import add_shop
from makegood.rooms.remedies.queries import shops
from makegood.web.refusals import NotFound, NotPossible

from ..permissions import may_play

FURTHEST = timedelta(days=31)
"""How far the clock is moved at once."""
_MOST_ROUNDS = 400


def let_pass(by: By, *, to: datetime) -> None:
    """Move the place's clock on to an instant, with what falls due on the way happening at its own instant.

    Only the domain's time moves: sign-in, private links and the log use real time. Raises `NotPossible` for an instant
    that is past or too far. Not to be called within a transaction, since mails are sent.
    """
    may_play(by.actor)
    start = now()
    if to < start:
        raise NotPossible("The clock of this place only moves forward.", field="to")
    if to > start + FURTHEST:
        raise NotPossible("Move the clock on by a month at most.", field="to")
    at = start
    see_as(SYSTEM)
    try:
        for _ in range(_MOST_ROUNDS):
            upcoming = _next(at)
            if upcoming is None or upcoming > to:
                break
            at = max(upcoming, at + timedelta(seconds=1)) if upcoming <= at else upcoming
            _settle(at)
        move_on(by, to=to)
        _settle(now())
    finally:
        see_as(by.actor)


def _settle(at: datetime) -> None:
    for _ in range(50):
        if not go_round(at):
            break


def _next(after: datetime) -> datetime | None:
    """When something happens next: what falls due, or the morning from which messages go out."""
    opens = next_sending(after)
    instants = (case_queries.next_wake(), remedy_queries.next_wake(), opens if opens > after else None)
    return min((each for each in instants if each is not None), default=None)


@action("demonstration.move_on", may=may_play)
def move_on(act: Act, *, to: datetime) -> None:
    """Set the place's clock to an instant that is still to come."""
    act.about("clock", to=to.isoformat())
    move_clock(act.onward(), ahead=to - _real())


def _real() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('second', statement_timestamp())")
        [real] = cursor.fetchone()
    return datetime.fromtimestamp(real.timestamp(), real.tzinfo)


@action("demonstration.enter_case", may=may_play)
def enter_case(act: Act, *, case: str) -> str:
    """A new private link's token for a case, as its resident has one."""
    act.about(case)
    token: str = make_link(act.onward(), case=case)
    return token


@action("demonstration.new_shop_key", may=may_play)
def new_shop_key(act: Act, *, code: str) -> str:
    """A new key for a shop, with which one can be that shop; the one before is void."""
    shop = next((each for each in shops() if each.code == code and each.active), None)
    if shop is None:
        raise NotFound("There is no such shop.")
    act.about(f"shop:{code}")
    key: str = add_shop(act.onward(_manager()), code=shop.code, name=shop.name)
    return key


def _manager() -> Actor:
    found = next((each for each in people() if Role.MANAGER in each.roles and each.active), None)
    if found is None:
        raise NotFound("There is no manager in this place.")
    return Actor(who=Who.STAFF, id=found.id, name=found.name, roles=found.roles, teams=found.teams)
