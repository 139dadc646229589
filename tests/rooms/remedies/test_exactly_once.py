"""Owing, giving and telling happen exactly once: twice the same event, many at once, and a crash at every statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from makegood.rooms.cases import actions as cases
from makegood.rooms.journal.actions import deliver_all, forget
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import see_as
from makegood.rooms.messages.queries import messages_about
from makegood.rooms.remedies import actions, queries
from makegood.rooms.remedies.models import Guess, Posting
from makegood.rooms.remedies.tasks import wake
from makegood.web.refusals import Conflict, Refusal
from tests.databases import close_connections

from .crash import Photograph, every_crash, photograph
from .place import (
    ADVISER,
    MANAGER,
    OFFICER,
    OPENED,
    OTHER_SHOP,
    SHOP,
    broken,
    done,
    notice,
    opened,
    remedy,
    resident_of,
)

pytestmark = pytest.mark.usefixtures("live_place")
HOUR = timedelta(hours=1)

WHAT_COUNTS = {
    "entitlements": "SELECT case_id, standard, rule, kind, state, target, entitled, added, overpaid, settled_at"
    " FROM remedies_entitlement e JOIN remedies_standing s ON s.case_id = e.standing_id",
    "postings": "SELECT e.standing_id, e.rule, p.account, p.pence, p.why, p.at"
    " FROM remedies_posting p JOIN remedies_entitlement e ON e.id = p.entitlement_id",
    "transfers": "SELECT transfer FROM remedies_posting GROUP BY transfer HAVING sum(pence) <> 0",
    "vouchers": "SELECT case_id, pence, state, issued_at, ended_at FROM remedies_voucher",
    "messages": "SELECT about, wording, state, subject FROM messages_message",
    "entries": "SELECT verb, subject, told - 'voucher' - 'by' - 'message' FROM journal_entry WHERE verb <> 'journal.x'",
    "events": "SELECT kind, subject, data - 'remedy' - 'voucher' - 'message' FROM journal_announced",
}


def what_counts() -> Photograph:
    see_as(SYSTEM)
    return photograph(WHAT_COUNTS)


class Beginning:
    """A database that can be brought back to how it was, by emptying and filling again what the work writes."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        with psycopg.connect(owner) as there:
            self.tables = [
                row[0]
                for row in there.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ "
                    "'^(remedies|cases|messages|journal)_'"
                ).fetchall()
            ]
            there.execute("CREATE SCHEMA kept")
            there.execute("SET session_replication_role = replica")
            for table in self.tables:
                there.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}")

    def restore(self) -> None:
        close_connections()
        again = [
            f"DELETE FROM public.{table}; INSERT INTO public.{table} OVERRIDING SYSTEM VALUE TABLE kept.{table}"
            for table in self.tables
        ]
        with psycopg.connect(self.owner) as there:
            there.execute("; ".join(["SET session_replication_role = replica", *again]))
        see_as(SYSTEM)


def test_hearing_everything_again_from_the_beginning_changes_nothing() -> None:
    for service in ("bin", "light", "flood", "badge", "train"):
        broken(service)
    before = what_counts()
    forget("remedies")
    deliver_all()
    after = what_counts()
    assert {name: after[name] for name in after if name != "entries"} == {
        name: before[name] for name in before if name != "entries"
    }


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do several things at one moment, each over a connection of its own; what each came to."""
    barrier = Barrier(len(works))
    came: list[Any] = [None] * len(works)

    def run(place: int) -> None:
        see_as(SYSTEM)
        barrier.wait()
        try:
            came[place] = works[place]()
        except Refusal as refused:
            came[place] = refused
        finally:
            close_connections()

    threads = [Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return came


def test_two_who_reconcile_the_same_cases_at_once_owe_once() -> None:
    references = [opened("bin") for _ in range(5)]
    at = OPENED + timedelta(days=10)
    cases.notice_due(By(actor=SYSTEM, at=at))
    by = By(actor=SYSTEM, at=at)
    at_once(*[lambda: actions.reconcile_cases(by, cases=references) for _ in range(4)], deliver_all)
    see_as(SYSTEM)
    for reference in references:
        assert len(queries.remedies_of(reference, at)) == 3
        assert [each.amount for each in queries.ledger_of(reference) if each.account == "cost"] == [5]
        assert len(remedy(reference, "3").vouchers) == 1
    sent = [each.wording for reference in references for each in messages_about(reference)]
    assert (sent.count("promise-broken"), sent.count("voucher")) == (5, 5)


def test_two_shops_at_one_second_one_takes_it_and_the_other_is_told_when() -> None:
    reference, at = broken("bin")
    [voucher] = remedy(reference, "3").vouchers
    for shop in (SHOP, OTHER_SHOP):
        actions.add_shop(By(actor=MANAGER), code=shop.id, name=shop.id)
    for _ in range(2):
        came = at_once(
            *[
                lambda shop=shop: actions.redeem_voucher(By(actor=shop, at=at + HOUR), code=voucher.code)
                for shop in (SHOP, OTHER_SHOP, SHOP, OTHER_SHOP)
            ]
        )
        taken = [each for each in came if isinstance(each, dict)]
        assert len(taken) + sum(isinstance(each, Conflict) for each in came) == 4
    see_as(SYSTEM)
    assert queries.totals("bin").paid == 5
    assert len([row for row in what_counts()["events"] if "VoucherRedeemed" in row]) == 1
    assert "used already, on" in str(next(each for each in came if isinstance(each, Conflict)))


@pytest.mark.parametrize("time", [1, 2, 3])
def test_taking_and_reversing_at_once_end_in_one_of_two_orders(time: int) -> None:
    reference, at = broken("bin")
    voucher = remedy(reference, "3")
    actions.add_shop(By(actor=MANAGER), code=SHOP.id, name=SHOP.id)
    at_once(
        lambda: actions.redeem_voucher(By(actor=SHOP, at=at + time * HOUR), code=voucher.vouchers[0].code),
        lambda: actions.decline_remedy(By(actor=ADVISER, at=at + time * HOUR), remedy=voucher.id),
    )
    after = remedy(reference, "3")
    assert (after.vouchers[0].state, after.state) in {("redeemed", "settled"), ("cancelled", "declined")}


def test_the_ledger_refuses_a_transfer_that_does_not_balance_and_any_change() -> None:
    broken("bin")
    leg = Posting.objects.first()
    assert leg is not None
    with pytest.raises(DatabaseError, match="does not add up"), transaction.atomic():
        Posting.objects.create(
            transfer=10**9, account="cost", entitlement_id=leg.entitlement_id, pence=1, entry=1, at=leg.at, why="x"
        )
    for change in ("UPDATE remedies_posting SET pence = 1", "DELETE FROM remedies_posting"):
        with pytest.raises(DatabaseError, match=r"only grows|permission denied"), connection.cursor() as cursor:
            cursor.execute(change)


def crash_test(owner: str, prepare: Callable[[], Any], work: Callable[[], None]) -> int:
    prepare()
    beginning = Beginning(owner)
    return every_crash(beginning.restore, work, what_counts)


def test_the_harness_notices_work_that_is_done_twice_after_a_crash(live_place: str) -> None:
    def careless() -> None:
        for shop in ("first", "second"):
            Guess.objects.create(shop=shop, at=OPENED)

    beginning = Beginning(live_place)
    with pytest.raises(AssertionError, match="leaves something else"):
        every_crash(beginning.restore, careless, lambda: photograph({"guesses": "SELECT shop FROM remedies_guess"}))


def test_a_crash_at_any_statement_of_hearing_a_breach_owes_and_tells_once(live_place: str) -> None:
    at = OPENED + timedelta(days=6)

    def prepare() -> None:
        for service in ("bin", "light", "flood", "badge", "train"):
            opened(service)
        cases.notice_due(By(actor=SYSTEM, at=at))

    assert crash_test(live_place, prepare, deliver_all) > 25


def test_a_crash_at_any_statement_of_a_late_remedy_owes_its_top_up_once(live_place: str) -> None:
    late: list[Any] = []

    def prepare() -> None:
        reference, _ = broken("flood")
        due = remedy(reference, "1").due_at
        assert due
        late.append(due + timedelta(seconds=1))

    def work() -> None:
        wake(late[0])
        deliver_all()

    assert crash_test(live_place, prepare, work) > 20


def test_a_crash_at_any_statement_of_a_reversal_reverses_once(live_place: str) -> None:
    def prepare() -> None:
        reference, at = broken("bin")
        cases.exempt(By(actor=OFFICER, at=at + HOUR), case=reference, fact="snow", evidence="The log.")

    assert crash_test(live_place, prepare, deliver_all) > 15


def test_a_crash_at_any_statement_of_taking_a_voucher_takes_it_once(live_place: str) -> None:
    told: dict[str, Any] = {}

    def prepare() -> None:
        reference, told["at"] = broken("bin")
        [voucher] = remedy(reference, "3").vouchers
        told["code"] = voucher.code
        actions.add_shop(By(actor=MANAGER), code=SHOP.id, name=SHOP.id)

    def work() -> None:
        by = By(actor=SHOP, at=told["at"] + HOUR, once="till-1")
        actions.redeem_voucher(by, code=told["code"])

    assert crash_test(live_place, prepare, work) > 8


def test_a_crash_at_any_statement_of_declining_declines_once(live_place: str) -> None:
    told: dict[str, Any] = {}

    def prepare() -> None:
        reference, told["at"] = broken("bin")
        told["remedy"], told["actor"] = remedy(reference, "3").id, resident_of(reference)

    def work() -> None:
        see_as(told["actor"])
        by = By(actor=told["actor"], at=told["at"] + HOUR, once="no-thanks")
        actions.decline_remedy(by, remedy=told["remedy"])
        see_as(SYSTEM)

    assert crash_test(live_place, prepare, work) > 10


def test_work_done_while_the_machine_was_down_for_three_days_is_owed_as_if_it_had_been_up() -> None:
    reference, at = broken("light")
    other = opened("light")
    for days in range(1, 4):
        notice(at + timedelta(days=days))
    done(reference, at + timedelta(days=3, hours=1))
    done(other, at + timedelta(days=3, hours=1))
    assert remedy(reference, "2").amount == remedy(other, "2").amount
