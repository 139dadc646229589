"""What a broken promise owes, from the breach to the end, and back again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.messages.queries import messages_about
from makegood.rooms.remedies import actions, queries

from .place import ADVISER, OFFICER, OPENED, broken, done, hear, notice, opened, remedy

pytestmark = pytest.mark.usefixtures("place")


def test_a_broken_promise_owes_each_remedy_once_and_tells_her_in_the_same_act() -> None:
    reference, at = broken("bin")
    seen = queries.remedies_of(reference, at)
    assert [(each.rule, each.kind, each.state) for each in seen] == [
        ("1", "apology", "settled"),
        ("2", "explanation", "owed"),
        ("3", "voucher", "settled"),
    ]
    [voucher] = seen[2].vouchers
    assert (voucher.amount, voucher.state) == (Decimal(5), "live")
    assert voucher.expires_at == at.replace(year=2027)
    told = {each.wording: each for each in messages_about(reference)}
    assert "not done by 6pm on Tuesday 16 June" in told["promise-broken"].body
    assert "voucher for £5" in told["promise-broken"].body
    assert told["voucher"].channel == "email"


def test_reconciling_again_changes_nothing() -> None:
    reference, at = broken("bin")
    before = (queries.remedies_of(reference, at), queries.ledger_of(reference), len(messages_about(reference)))
    for _ in range(3):
        assert actions.reconcile_cases(By(actor=SYSTEM, at=at), cases=[reference]) == 0
    assert before == (queries.remedies_of(reference, at), queries.ledger_of(reference), len(messages_about(reference)))


def test_a_promise_that_is_kept_owes_nothing() -> None:
    reference = opened("bin")
    done(reference, OPENED + timedelta(hours=2))
    assert queries.remedies_of(reference, notice(OPENED + timedelta(days=30))) == []


def test_a_sum_that_grows_is_one_entitlement_with_postings_up_to_its_target() -> None:
    reference, at = broken("light")
    for days in range(1, 6):
        notice(at + timedelta(days=days))
    pay = remedy(reference, "2")
    assert (pay.amount, pay.state) == (Decimal(16), "owed")
    costs = [each.amount for each in queries.ledger_of(reference) if each.account == "cost"]
    assert costs == [Decimal(10), Decimal(2), Decimal(2), Decimal(2)]


def test_what_grows_is_paid_when_it_is_done_and_not_before() -> None:
    reference, at = broken("light")
    notice(at + timedelta(days=1))
    assert queries.to_pay(at + timedelta(days=1)) == []
    with pytest.raises(Exception, match="still grows"):
        actions.settle_remedy(By(actor=OFFICER, at=at + timedelta(days=1)), remedy=remedy(reference, "2").id, how="B1")
    done(reference, at + timedelta(days=1, hours=1))
    [waiting] = queries.to_pay(at + timedelta(days=2))
    assert waiting.amount == Decimal(10)
    actions.settle_remedy(By(actor=OFFICER, at=at + timedelta(days=2)), remedy=waiting.remedy, how="BACS 0001")
    assert remedy(reference, "2").state == "settled"
    assert queries.totals("light") == queries.Totals(
        cost=Decimal(10), owed=Decimal(0), vouchers=Decimal(0), paid=Decimal(10), left=Decimal(0)
    )


def test_an_exemption_after_the_breach_reverses_the_voucher_and_leaves_the_breach_on_record() -> None:
    reference, at = broken("bin")
    later = at + timedelta(hours=1)
    cases.exempt(By(actor=OFFICER, at=later), case=reference, fact="snow", evidence="The gritting log.")
    hear()
    voucher = remedy(reference, "3")
    assert (voucher.state, voucher.amount, voucher.vouchers[0].state) == ("reversed", Decimal(0), "cancelled")
    assert remedy(reference, "1").state == "settled"
    assert sum(each.amount for each in queries.ledger_of(reference) if each.account == "cost") == 0
    assert len(case_queries.breaches_of(reference)) == 1
    assert "remedy-changed" in {each.wording for each in messages_about(reference)}


def test_a_corrected_time_reverses_and_a_second_correction_owes_again_by_new_entries() -> None:
    reference, at = broken("bin")
    done(reference, at + timedelta(minutes=5))
    [fact] = [each for each in case_queries.fact_list(reference) if each.name == "bin_done"]
    on_time, late = at - timedelta(minutes=5), at + timedelta(minutes=1)
    cases.correct_fact(
        By(actor=OFFICER, at=at + timedelta(hours=1)), case=reference, fact=fact.id, at=on_time, reason="Tracker."
    )
    hear()
    assert remedy(reference, "3").state == "reversed"
    [fact] = [each for each in case_queries.fact_list(reference) if each.name == "bin_done" and each.stands]
    cases.correct_fact(
        By(actor=OFFICER, at=at + timedelta(hours=2)), case=reference, fact=fact.id, at=late, reason="Camera."
    )
    hear()
    again = remedy(reference, "3")
    assert (again.state, again.amount) == ("settled", Decimal(5))
    assert [each.state for each in again.vouchers] == ["cancelled", "live"]
    assert [each.amount for each in queries.ledger_of(reference) if each.account == "cost"] == [5, -5, 5]


def test_a_late_remedy_brings_its_top_up_exactly_once() -> None:
    reference, _at = broken("flood")
    due = remedy(reference, "1").due_at
    assert due is not None
    late = due + timedelta(seconds=1)
    for later in (late, late, late + timedelta(days=3)):
        actions.wake_due(By(actor=SYSTEM, at=later))
        notice(later)
    assert remedy(reference, "1+").amount == Decimal(30)
    assert sorted(each.amount for each in queries.ledger_of(reference) if each.account == "cost") == [30, 50]
    assert len([each for each in messages_about(reference) if "you get £30 more" in each.body]) == 1


def test_a_top_up_that_grows_is_raised_by_its_own_wake_until_it_has_reached_its_most() -> None:
    reference, at = broken("drain")
    raised: list[tuple[object, ...]] = []
    while (wake := case_queries.next_wake()) is not None and len(raised) < 9:
        assert wake > at
        at = notice(wake)
        more = [each.amount for each in queries.remedies_of(reference, at) if each.rule == "1+"]
        raised.append((wake.date().isoformat(), *more))
    assert raised == [("2026-06-24", 3), ("2026-06-25", 6), ("2026-06-26", 9)]
    assert [each.amount for each in queries.ledger_of(reference) if each.account == "cost"] == [20, 3, 3, 3]


def test_a_remedy_paid_in_time_brings_no_top_up() -> None:
    reference, at = broken("flood")
    actions.settle_remedy(By(actor=OFFICER, at=at + timedelta(days=2)), remedy=remedy(reference, "1").id, how="BACS 7")
    actions.wake_due(By(actor=SYSTEM, at=at + timedelta(days=60)))
    assert [each.rule for each in queries.remedies_of(reference, at) if each.amount] == ["1"]


def test_finding_out_why_and_support_are_tasks_with_an_owner_and_a_clock() -> None:
    reference, at = broken("flood")
    tasks = queries.tasks_of("works", at)
    assert [(each.kind, each.team, each.late) for each in tasks] == [
        ("enquiry", "works", False),
        ("support", "works", False),
    ]
    actions.finish_task(
        By(actor=ADVISER, at=at + timedelta(days=1)), remedy=tasks[0].remedy, words="The pump had failed."
    )
    assert remedy(reference, "2").told == "The pump had failed."
    assert "The pump had failed." in messages_about(reference)[0].body
    assert [each.kind for each in queries.tasks_of("works", at)] == ["support"]
    assert queries.tasks_of("works", at + timedelta(days=30))[0].late


def test_somebody_who_cannot_be_written_to_is_told_by_a_person() -> None:
    from makegood.rooms.cases.events import Resident

    reference, at = broken("bin", resident=Resident(name="No Body", phone="01632 960001", wants="phone"))
    assert "promise-broken" not in {each.wording for each in messages_about(reference)}
    assert {each.kind for each in queries.tasks_of("works", at)} == {"apology", "explanation"}
    assert remedy(reference, "3").vouchers[0].state == "live"


def test_an_old_case_noticed_three_days_late_owes_from_the_right_instant() -> None:
    reference = opened("bin")
    notice(datetime(2026, 6, 19, 17, 0, 1, tzinfo=UTC))
    assert remedy(reference, "3").owed_at == datetime(2026, 6, 16, 17, tzinfo=UTC)
