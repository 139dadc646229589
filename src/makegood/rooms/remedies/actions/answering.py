"""What people say to a remedy: yes, this one rather, no thank you; and what staff add to it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.rooms.people.queries import member
from makegood.web.refusals import NotAllowed, NotPossible
from makegood.web.saying import say_money

from .. import permissions as p
from ..events import RemedyAdded
from ..models import Entitlement
from ..rules.kinds import DUE, PAYING, Kind, State, terms
from ..rules.words import money
from .books import Books, open_book
from .standing import aim, gives, settle, take_choice, undecided
from .telling import tell


@action("remedies.accept_remedy", may=p.may_answer)
def accept_remedy(act: Act, *, remedy: int, seen: int | None = None) -> None:
    """Somebody asks for a remedy that was offered. Refused after its time, or when it is not on offer."""
    books, row = open_book(act, remedy, seen)
    _accept(books, row)
    _finish(books, row, "claimed")


@action("remedies.choose_remedy", may=p.may_answer)
def choose_remedy(act: Act, *, remedy: int, choice: int, seen: int | None = None) -> None:
    """Choose what to have, by the choice's index; it is given at once. Refused once something was given."""
    books, row = open_book(act, remedy, seen)
    if row.kind != Kind.CHOICE or not 0 <= choice < len(row.choices):
        raise NotPossible("Choose one of the things that are offered.", field="choice")
    if row.state == State.OFFERED:
        _accept(books, row)
    if not undecided(row):
        raise NotPossible("This was decided already, so it cannot be chosen again.", field="choice")
    take_choice(row, choice)
    _finish(books, row, "chosen")


@action("remedies.decline_remedy", may=p.may_answer)
def decline_remedy(act: Act, *, remedy: int, seen: int | None = None) -> None:
    """Somebody does not want a remedy: what was owed is reversed, a voucher not yet used is cancelled."""
    books, row = open_book(act, remedy, seen)
    if row.state == State.DECLINED:
        return
    stand = books.stand(row)
    if stand.finance > 0:
        raise NotPossible("This is with finance to be paid. Ask finance to return it first.")
    given = stand.paid > 0 or (row.state == State.SETTLED and not row.pays)
    if given or row.state not in (*DUE, State.OFFERED, State.SETTLED):
        raise NotPossible("This remedy was given already, or is not on offer any more.")
    row.state, row.team, row.settled_at = State.DECLINED, "", None
    aim(row)
    _finish(books, row, "declined")


@action("remedies.add_at_discretion", may=p.may_add)
def add_at_discretion(
    act: Act, *, remedy: int, amount: Decimal, pays: str = "voucher", seen: int | None = None
) -> None:
    """Add pounds to what a rule leaves to staff. Bounded by the rule and by the person; a reason is needed."""
    books, row = open_book(act, remedy, seen)
    pence = _pence(amount)
    if not act.by.reason.strip():
        raise NotPossible("Say why you add this.", field="reason")
    if row.kind != Kind.DISCRETION or row.most is None or row.state in (State.DECLINED, State.REVERSED):
        raise NotPossible("The promise leaves nothing to add here.", field="amount")
    if pays not in PAYING:
        raise NotPossible("Choose a voucher or money.", field="pays")
    if row.added and pays != row.pays:
        raise NotPossible(f"What was added before is {row.pays}, so this has to be as well.", field="pays")
    if row.added + pence > row.most:
        left = money(row.most - row.added)
        raise NotPossible(
            f"The promise lets staff add {money(row.most)} at most; {left} of it is left.", field="amount"
        )
    _within_own_limit(act, row.added + pence)
    row.added, row.pays, row.state = row.added + pence, pays, State.OWED
    row.settled_at = None
    aim(row)
    act.announce(RemedyAdded(subject=books.cases[row.standing_id].reference, remedy=row.id, pence=row.added))
    _finish(books, row, "added by staff")


def _pence(amount: Decimal) -> int:
    if not amount.is_finite() or amount <= 0 or amount != round(amount, 2):
        raise NotPossible("Enter an amount in pounds and pence, more than nothing.", field="amount")
    return int(amount * 100)


def _within_own_limit(act: Act, pence: int) -> None:
    """Each person's own limit holds for what one rule of one case gets in all."""
    who = member(act.actor.id)
    limit = who.discretion_pence if who else 0
    if pence > limit:
        raise NotAllowed(
            f"You can add {say_money(Decimal(limit) / 100)} at most. Please ask an officer.", field="amount"
        )


def _accept(books: Books, row: Entitlement) -> None:
    if row.state != State.OFFERED:
        raise NotPossible("This remedy is not on offer, or was asked for already.")
    if row.offered_until and row.offered_until < books.at:
        raise NotPossible("The time to ask for this has passed. Please call us, and we look at it.")
    row.state, row.accepted_at = State.ACCEPTED, books.at
    if row.kind == Kind.CHOICE:
        row.choose_until = books.at + timedelta(days=terms().choose_days)
    aim(row)


def _finish(books: Books, row: Entitlement, why: str) -> None:
    """Enter what was answered, give what is now to be given, tell of it, and write it down."""
    if row.pays or books.stand(row).posted:
        books.carry_out(row, why)
    settle(row, books.at, outstanding=books.stand(row).unpaid, finished=False)
    books.change(row.standing_id)
    tell(books)
    books.write()
    change = books.change(row.standing_id)
    books.act.about(change.reference, remedy=row.id, gives=str(gives(row)), **change.told)
