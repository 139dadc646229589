"""Money reaches finance once, as a batch; what is paid or comes back is entered anew."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from makegood.rooms.cases import actions as cases
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.models import Entry
from makegood.rooms.journal.queries import see_as
from makegood.rooms.messages.queries import messages_about
from makegood.rooms.remedies import actions, queries
from makegood.web.refusals import Conflict, NotAllowed, NotPossible

from .place import ADVISER, MANAGER, OFFICER, broken, hear, remedy, resident_of

pytestmark = pytest.mark.usefixtures("place")
HOUR = timedelta(hours=1)


def sent(count: int = 1) -> tuple[list[str], int, By]:
    """Cases that owe £50 each, the batch that has them, and the manager who made it."""
    made = [broken("flood") for _ in range(count)]
    manager = By(actor=MANAGER, at=made[-1][1] + HOUR)
    return [reference for reference, _ in made], actions.send_to_finance(manager), manager


def accounts(reference: str) -> dict[str, Decimal]:
    """The balance of each account of a case, where it is not nothing."""
    see_as(SYSTEM)
    sums: dict[str, Decimal] = {}
    for each in queries.ledger_of(reference):
        sums[each.account] = sums.get(each.account, Decimal(0)) + each.amount
    return {account: pounds for account, pounds in sums.items() if pounds}


def test_a_batch_has_each_sum_that_is_owed_once_and_nothing_is_left_for_a_second() -> None:
    references, batch, manager = sent(2)
    lines = queries.payments_in(batch)
    assert [(each.case, each.name, each.amount, each.state) for each in lines] == [
        (reference, "Rosa Quick", Decimal(50), "sent") for reference in references
    ]
    assert accounts(references[0]) == {"cost": Decimal(50), "finance": Decimal(-50)}
    assert manager.at is not None
    assert queries.to_pay(manager.at) == []
    with pytest.raises(NotPossible, match="No money waits"):
        actions.send_to_finance(manager)


def test_what_is_with_finance_is_still_owed_until_it_is_paid() -> None:
    [reference], batch, manager = sent()
    assert remedy(reference, "1").state == "owed"
    actions.reconcile_cases(By(actor=SYSTEM, at=manager.at), cases=[reference])
    assert remedy(reference, "1").state == "owed"
    assert queries.totals("flood").owed == Decimal(50)
    assert actions.mark_batch_paid(manager, batch=batch, how="BACS 7") == 1
    assert remedy(reference, "1").state == "settled"
    assert accounts(reference) == {"cost": Decimal(50), "paid": Decimal(-50)}
    assert "£50 in money." in messages_about(reference)[0].body
    with pytest.raises(NotPossible, match="Nothing of this batch"):
        actions.mark_batch_paid(manager, batch=batch, how="BACS 7")


def test_a_payment_that_comes_back_is_owed_again_and_goes_into_the_next_batch() -> None:
    [reference], batch, manager = sent()
    [line] = queries.payments_in(batch)
    with pytest.raises(NotPossible, match="why it came back"):
        actions.return_payment(manager, line=line.id)
    because = By(actor=MANAGER, at=manager.at, reason="The name was wrong")
    actions.return_payment(because, line=line.id)
    assert accounts(reference) == {"cost": Decimal(50), "owed": Decimal(-50)}
    with pytest.raises(Conflict):
        actions.return_payment(because, line=line.id)
    again = actions.send_to_finance(manager)
    assert again != batch
    assert [each.amount for each in queries.payments_in(again)] == [Decimal(50)]
    assert [each.state for each in queries.payments_in(batch)] == ["returned"], "the batch stays as it was sent"


def test_what_turns_out_not_to_be_owed_while_finance_has_it_is_shown_and_ends_when_it_comes_back() -> None:
    [reference], batch, manager = sent()
    cases.exempt(By(actor=OFFICER, at=manager.at), case=reference, fact="snow", evidence="The gritting log.")
    hear()
    assert [each.amount for each in queries.overpaid()] == [Decimal(50)]
    [line] = queries.payments_in(batch)
    actions.return_payment(By(actor=MANAGER, at=manager.at, reason="Not owed"), line=line.id)
    assert queries.overpaid() == []
    assert accounts(reference) == {}


def test_what_is_with_finance_is_not_paid_by_hand_as_well_nor_declined() -> None:
    [reference], _, manager = sent()
    number = remedy(reference, "1").id
    with pytest.raises(NotPossible, match="Nothing is waiting"):
        actions.settle_remedy(By(actor=OFFICER, at=manager.at), remedy=number, how="BACS 1")
    with pytest.raises(NotPossible, match="with finance"):
        actions.decline_remedy(By(actor=resident_of(reference), at=manager.at), remedy=number)


def test_vouchers_and_what_still_grows_are_in_no_batch() -> None:
    broken("bin")
    _, at = broken("light")
    with pytest.raises(NotPossible):
        actions.send_to_finance(By(actor=MANAGER, at=at + HOUR))


@pytest.mark.parametrize("who", [ADVISER, OFFICER, SYSTEM])
def test_only_a_manager_sends_money_to_finance(who: object) -> None:
    broken("flood")
    with pytest.raises(NotAllowed):
        actions.send_to_finance(By(actor=who))  # type: ignore[arg-type]  # chosen by the test


def test_the_journal_has_the_batch_and_each_case_without_a_name() -> None:
    [reference], batch, _ = sent()
    entries = Entry.objects.filter(verb="remedies.send_to_finance")
    assert {each.subject for each in entries} == {f"payments:{batch}", reference}
    assert all("Rosa" not in str(each.told) for each in entries)


def test_what_waits_is_counted_as_it_is_listed() -> None:
    at = [broken("flood") for _ in range(2)][-1][1] + HOUR
    assert queries.payments_waiting(at, most=99) == len(queries.to_pay(at)) == 2
    assert queries.payments_waiting(at, most=1) == 1
    everybody = ["waste", "works"]
    for later, is_late in ((timedelta(0), False), (timedelta(days=90), True)):
        listed = [task for team in everybody for task in queries.tasks_of(team, at + later)]
        assert queries.tasks_waiting(everybody, at + later, most=99) == (len(listed), is_late)
        assert any(task.late for task in listed) is is_late
    assert len(listed) > 0
    actions.send_to_finance(By(actor=MANAGER, at=at))
    assert queries.payments_waiting(at, most=99) == 0
