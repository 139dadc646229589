"""Money on its way through finance: sent as one batch, then paid, or a line returned; each by new entries."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.rooms.cases.queries import cases_of
from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.web.refusals import Conflict, NotFound, NotPossible

from .. import permissions as p
from ..models import Entitlement, PaymentBatch, PaymentLine
from ..queries import to_pay
from ..rules.accounts import Account, Transfer
from ..rules.words import money
from .books import Books
from .giving import say_given, text_of
from .standing import settle

_MOST_LINES = 2_000


@action("remedies.send_to_finance", may=p.may_send_to_finance)
def send_to_finance(act: Act) -> int:
    """Make a batch of all money that is owed and on its way nowhere yet; its number. Refused when there is none.

    What still grows is not in it. Two who press at once make one batch: the second finds nothing left.
    """
    due = to_pay(act.at, limit=_MOST_LINES)
    books = Books(act, cases_of({each.case for each in due}).values())
    lines = [(row, books.stand(row).outstanding) for row in (books.one(each.remedy) for each in due)]
    lines = [(row, pence) for row, pence in lines if pence > 0]
    if not lines:
        raise NotPossible("No money waits to be sent to finance.")
    batch = PaymentBatch.objects.create(made_at=act.at, made_by=act.actor.id[:80])
    for row, pence in lines:
        books.post(row, [Transfer(Account.OWED, Account.FINANCE, pence, "sent to finance")])
        act.also(books.cases[row.standing_id].reference, remedy=row.id, batch=batch.id, pence=pence)
    PaymentLine.objects.bulk_create(
        [PaymentLine(batch=batch, entitlement_id=row.id, pence=pence) for row, pence in lines]
    )
    books.write()
    act.about(f"payments:{batch.id}", lines=len(lines), pence=sum(pence for _, pence in lines))
    return int(batch.id)


@action("remedies.mark_batch_paid", may=p.may_send_to_finance)
def mark_batch_paid(act: Act, *, batch: int, how: str) -> int:
    """Finance paid every line of a batch that it did not return; how many. Each resident is told.

    `how` is the payment's mark (a bank reference), nothing personal.
    """
    mark = text_of(how, "how", 80)
    waiting = PaymentLine.objects.filter(batch=batch, state="sent").order_by("id")
    lines, books = _open(act, list(waiting.values_list("id", flat=True)))
    if not lines:
        raise NotPossible("Nothing of this batch waits for being paid.")
    for line in lines:
        row = books.one(line.entitlement_id)
        books.post(row, [Transfer(Account.FINANCE, Account.PAID, line.pence, "paid")])
        line.state, line.ended_at, line.mark = "paid", act.at, mark
        settle(row, act.at, outstanding=books.stand(row).unpaid, finished=False)
        act.also(books.cases[row.standing_id].reference, remedy=row.id, batch=batch, pence=line.pence)
    PaymentLine.objects.bulk_update(lines, ["state", "ended_at", "mark"])
    books.write()
    for line in lines:
        say_given(books, books.one(line.entitlement_id), f"{money(line.pence)} in money.", "We sent it to you.")
    act.about(f"payments:{batch}", lines=len(lines), how=mark)
    return len(lines)


@action("remedies.return_payment", may=p.may_send_to_finance)
def return_payment(act: Act, *, line: int) -> None:
    """Finance could not pay a line: the money is owed again, and goes into the next batch. A reason is needed."""
    if not act.by.reason.strip():
        raise NotPossible("Say why it came back.", field="reason")
    lines, books = _open(act, [line])
    if not lines:
        raise Conflict("This line was paid or returned already.")
    [found] = lines
    row = books.one(found.entitlement_id)
    books.post(row, [Transfer(Account.FINANCE, Account.OWED, found.pence, "returned by finance")])
    row.overpaid = max(-books.stand(row).outstanding, 0)
    PaymentLine.objects.filter(id=found.id).update(state="returned", ended_at=act.at)
    books.write()
    act.about(books.cases[row.standing_id].reference, remedy=row.id, batch=found.batch_id, pence=found.pence)


def _open(act: Act, numbers: Sequence[int]) -> tuple[list[PaymentLine], Books]:
    """Lines that are still with finance, with the books of their cases, under lock. Raises `NotFound`."""
    remedies = PaymentLine.objects.filter(id__in=numbers).values_list("entitlement_id", flat=True)
    references = Entitlement.objects.filter(id__in=list(remedies)).values_list("standing__reference", flat=True)
    if numbers and not references:
        raise NotFound("There is no such payment.")
    books = Books(act, cases_of(set(references)).values())
    waiting = PaymentLine.objects.select_for_update().filter(id__in=numbers, state="sent").order_by("id")
    return list(waiting), books
