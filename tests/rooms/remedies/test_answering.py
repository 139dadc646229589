"""Yes please, this one rather, no thank you; what staff add; and vouchers, given, lost and taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.queries import case_of, promises_of
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.models import Announced, Entry
from makegood.rooms.journal.queries import see_as
from makegood.rooms.messages.queries import messages_about
from makegood.rooms.pledges.queries import judging
from makegood.rooms.remedies import actions, queries
from makegood.rooms.remedies.models import Entitlement
from makegood.rooms.remedies.tasks import wake
from makegood.web.refusals import Conflict, NotAllowed, NotFound, NotPossible, TooOften

from .place import (
    ADVISER,
    CREW,
    MANAGER,
    OFFICER,
    OTHER_SHOP,
    OTHER_TEAM,
    SHOP,
    broken,
    done,
    hear,
    opened,
    remedy,
    resident_of,
)

pytestmark = pytest.mark.usefixtures("place")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def shops() -> None:
    for shop in (SHOP, OTHER_SHOP):
        actions.add_shop(By(actor=MANAGER), code=shop.id, name=shop.id.title())


def test_what_has_to_be_asked_for_costs_nothing_until_somebody_asks() -> None:
    reference, at = broken("train")
    offered = remedy(reference, "1")
    assert (offered.state, offered.amount, offered.may_accept) == ("offered", Decimal(0), False)
    assert queries.remedies_of(reference, at)[0].may_accept
    assert "You can ask us for £7 as a voucher" in messages_about(reference)[0].body
    actions.accept_remedy(By(actor=resident_of(reference), at=at + HOUR), remedy=offered.id)
    accepted = remedy(reference, "1")
    assert (accepted.state, accepted.amount, accepted.vouchers[0].amount) == ("settled", Decimal(7), Decimal(7))
    with pytest.raises(NotPossible):
        actions.accept_remedy(By(actor=resident_of(reference), at=at + HOUR), remedy=offered.id)


def test_an_offer_lapses_after_its_time_and_cannot_be_taken_up_then() -> None:
    reference, _at = broken("train")
    offered = remedy(reference, "1")
    assert offered.offered_until is not None
    with pytest.raises(NotPossible, match="time to ask"):
        actions.accept_remedy(By(actor=ADVISER, at=offered.offered_until + timedelta(seconds=1)), remedy=offered.id)
    actions.wake_due(By(actor=SYSTEM, at=offered.offered_until + timedelta(seconds=1)))
    assert remedy(reference, "1").state == "lapsed"
    assert queries.ledger_of(reference) == []


def test_a_choice_stands_as_the_first_that_pays_until_she_chooses() -> None:
    reference, at = broken("badge")
    choice = remedy(reference, "1")
    assert (choice.amount, choice.may_choose, choice.vouchers) == (Decimal(10), True, ())
    actions.choose_remedy(By(actor=resident_of(reference), at=at + HOUR), remedy=choice.id, choice=2)
    chosen = remedy(reference, "1")
    assert (chosen.amount, chosen.pays, chosen.state, chosen.may_choose) == (Decimal(8), "money", "owed", False)
    assert [each.amount for each in queries.to_pay(at + DAY)] == [Decimal(8)]
    hear()
    assert remedy(reference, "1").amount == Decimal(8)


@pytest.mark.parametrize(
    ("service", "rule", "choice", "sums", "kinds"),
    [
        ("badge", "1", 2, (10, 8), ["pay", "staff may add"]),
        ("sofa", "2", 1, (6, 9), ["voucher"]),  # its first remedy is not owed, and keeps its place
    ],
)
def test_an_outcome_is_told_with_what_was_chosen(
    service: str, rule: str, choice: int, sums: tuple[int, int], kinds: list[str]
) -> None:
    reference, at = broken(service)
    pledge, _ = judging(case_of(reference).pledge_version)
    judged = promises_of(reference, at)
    assert queries.as_chosen(judged, pledge, reference) == list(judged)
    actions.choose_remedy(By(actor=resident_of(reference), at=at), remedy=remedy(reference, rule).id, choice=choice)
    [before], [after] = judged, queries.as_chosen(judged, pledge, reference)
    assert (before.pence, after.pence) == (100 * sums[0], 100 * sums[1])
    assert [str(each.kind) for each in after.remedies] == kinds


def test_who_does_not_choose_gets_the_first_that_pays_by_itself() -> None:
    reference, _ = broken("badge")
    until = remedy(reference, "1").choose_until
    assert until is not None
    actions.wake_due(By(actor=SYSTEM, at=until))
    assert remedy(reference, "1").vouchers[0].amount == Decimal(10)


def test_a_remedy_wakes_at_the_instant_at_which_the_time_to_choose_is_over() -> None:
    reference, _ = broken("badge")
    until = remedy(reference, "1").choose_until
    assert queries.next_wake() == until
    assert until is not None
    assert actions.wake_due(By(actor=SYSTEM, at=until - timedelta(seconds=1))) == 0
    assert not wake(until - timedelta(seconds=1))
    wake(until)
    assert [each.amount for each in remedy(reference, "1").vouchers] == [Decimal(10)]
    assert queries.next_wake() is None


def test_a_choice_of_something_in_kind_costs_nothing_and_becomes_a_task() -> None:
    reference, at = broken("badge")
    actions.choose_remedy(By(actor=resident_of(reference), at=at), remedy=remedy(reference, "1").id, choice=0)
    assert (remedy(reference, "1").amount, queries.totals("badge").cost) == (Decimal(0), Decimal(0))
    assert [each.case for each in queries.tasks_of("works", at)] == [reference]


def test_declining_reverses_by_a_new_entry_and_cancels_the_voucher() -> None:
    reference, at = broken("bin")
    voucher = remedy(reference, "3")
    actions.decline_remedy(By(actor=resident_of(reference), at=at + HOUR), remedy=voucher.id)
    hear()
    after = remedy(reference, "3")
    assert (after.state, after.amount, after.vouchers[0].state) == ("declined", Decimal(0), "cancelled")
    assert [each.amount for each in queries.ledger_of(reference) if each.account == "cost"] == [5, -5]
    shops()
    with pytest.raises(NotPossible):
        actions.redeem_voucher(By(actor=SHOP, at=at + DAY), code=after.vouchers[0].code)


def test_nobody_answers_for_another_case() -> None:
    reference, at = broken("bin")
    other, _ = broken("bin")
    see_as(resident_of(other))
    try:
        with pytest.raises(NotAllowed):
            actions.decline_remedy(By(actor=resident_of(other), at=at), remedy=1)
        assert queries.remedies_of(reference, at) == []
        assert len(queries.remedies_of(other, at)) == 3
        assert queries.ledger_of(reference) == []
    finally:
        see_as(SYSTEM)
    with pytest.raises(NotAllowed):
        actions.decline_remedy(By(actor=resident_of(other), at=at), remedy=remedy(reference, "3").id)


def test_staff_add_within_the_rule_and_their_own_limit_with_a_reason() -> None:
    reference, at = broken("badge")
    more = remedy(reference, "2").id
    with pytest.raises(NotPossible, match="why"):
        actions.add_at_discretion(By(actor=ADVISER, at=at), remedy=more, amount=Decimal(5))
    with pytest.raises(NotAllowed, match="£10 at most"):
        actions.add_at_discretion(By(actor=ADVISER, at=at, reason="Twice."), remedy=more, amount=Decimal(11))
    with pytest.raises(NotPossible, match="£25 at most"):
        actions.add_at_discretion(By(actor=OFFICER, at=at, reason="Twice."), remedy=more, amount=Decimal(26))
    for amount in (Decimal(0), Decimal(-5), Decimal("1.005"), Decimal("NaN")):
        with pytest.raises(NotPossible):
            actions.add_at_discretion(By(actor=OFFICER, at=at, reason="Twice."), remedy=more, amount=amount)
    actions.add_at_discretion(By(actor=ADVISER, at=at, reason="She waited twice."), remedy=more, amount=Decimal(6))
    added = remedy(reference, "2")
    assert (added.added, added.state, added.vouchers[0].amount) == (Decimal(6), "settled", Decimal(6))
    hear()
    assert remedy(reference, "2") == added
    assert remedy(reference, "1").amount == Decimal(10)
    entry = Entry.objects.get(verb="remedies.add_at_discretion")
    assert "waited" not in str(entry.told)


def test_a_crew_hands_over_the_voucher_once() -> None:
    reference, at = broken("bin")
    code = actions.give_voucher(By(actor=CREW, at=at + HOUR), remedy=remedy(reference, "3").id)
    given = queries.voucher(code, at)
    assert (given.case, given.handed_at) == (reference, at + HOUR)
    with pytest.raises(Conflict, match="handed over already"):
        actions.give_voucher(By(actor=CREW, at=at + 2 * HOUR), remedy=remedy(reference, "3").id)


def test_a_crew_hands_over_no_voucher_of_a_case_that_another_team_has() -> None:
    reference, at = broken("bin")
    other = replace(CREW, teams=frozenset({"parks"}))
    with pytest.raises(NotAllowed, match="Another team has this case"):
        actions.give_voucher(By(actor=other, at=at + HOUR), remedy=remedy(reference, "3").id)
    assert actions.give_voucher(By(actor=OFFICER, at=at + HOUR), remedy=remedy(reference, "3").id)


def test_a_crew_gives_at_the_door_what_was_still_to_be_chosen() -> None:
    reference, at = broken("badge")
    code = actions.give_voucher(By(actor=CREW, at=at + HOUR), remedy=remedy(reference, "1").id)
    assert queries.voucher(code, at).amount == Decimal(10)
    assert (remedy(reference, "1").state, remedy(reference, "1").may_choose) == ("settled", False)


def test_a_lost_voucher_is_replaced_and_the_old_code_is_dead() -> None:
    reference, at = broken("bin")
    [old] = remedy(reference, "3").vouchers
    new = actions.replace_voucher(By(actor=ADVISER, at=at), voucher=old.id)
    shops()
    with pytest.raises(NotPossible, match="not good any more"):
        actions.redeem_voucher(By(actor=SHOP, at=at), code=old.code)
    assert actions.redeem_voucher(By(actor=SHOP, at=at), code=new)["pence"] == 500
    assert queries.totals("bin").paid == Decimal(5)


def test_a_shop_takes_a_voucher_once_however_it_is_typed_and_not_after_its_end() -> None:
    reference, at = broken("bin")
    [voucher] = remedy(reference, "3").vouchers
    shops()
    with pytest.raises(NotPossible, match="ran out"):
        actions.redeem_voucher(By(actor=SHOP, at=voucher.expires_at + timedelta(seconds=1)), code=voucher.code)
    typed = voucher.code.lower().replace("-", " ")
    by = By(actor=SHOP, at=at + DAY, once="till-7")
    assert actions.redeem_voucher(by, code=typed) == actions.redeem_voucher(by, code=typed)
    with pytest.raises(Conflict, match="used already, on Wednesday 17 June 2026"):
        actions.redeem_voucher(By(actor=OTHER_SHOP, at=at + 2 * DAY), code=voucher.code)
    with pytest.raises(Conflict):
        actions.redeem_voucher(By(actor=SHOP, at=at + 2 * DAY), code=voucher.code)
    assert remedy(reference, "3").vouchers[0].shop == "Corner-Shop"
    assert not remedy(reference, "3").may_decline
    with pytest.raises(NotPossible):
        actions.decline_remedy(By(actor=ADVISER, at=at + 2 * DAY), remedy=remedy(reference, "3").id)


def test_wrong_codes_are_counted_and_too_many_make_the_shop_wait() -> None:
    reference, at = broken("bin")
    [voucher] = remedy(reference, "3").vouchers
    shops()
    for _ in range(10):
        with pytest.raises(NotFound):
            actions.redeem_voucher(By(actor=SHOP, at=at), code="2222-2222-2222")
    with pytest.raises(TooOften):
        actions.redeem_voucher(By(actor=SHOP, at=at), code=voucher.code)
    assert actions.redeem_voucher(By(actor=OTHER_SHOP, at=at), code=voucher.code)["pence"] == 500
    assert len(Announced.objects.filter(kind="remedies.VoucherRedeemed")) == 1


def test_a_voucher_that_was_taken_and_is_not_owed_is_shown_to_an_officer_and_never_taken_back() -> None:
    reference, at = broken("bin")
    shops()
    actions.redeem_voucher(By(actor=SHOP, at=at + HOUR), code=remedy(reference, "3").vouchers[0].code)
    cases.exempt(By(actor=OFFICER, at=at + DAY), case=reference, fact="snow", evidence="The gritting log.")
    hear()
    [over] = queries.overpaid()
    assert (over.case, over.amount) == (reference, Decimal(5))
    assert remedy(reference, "3").overpaid == Decimal(5)
    with pytest.raises(NotPossible, match="why"):
        actions.leave_overpaid(By(actor=OFFICER, at=at + DAY), remedy=over.remedy)
    actions.leave_overpaid(By(actor=OFFICER, at=at + DAY, reason="Our mistake."), remedy=over.remedy)
    assert queries.overpaid() == []
    totals = queries.totals("bin")
    assert (totals.cost, totals.left, totals.paid) == (Decimal(0), Decimal(5), Decimal(5))
    assert totals.cost + totals.left == totals.owed + totals.vouchers + totals.paid


def test_only_its_team_or_an_officer_finishes_a_task() -> None:
    _reference, at = broken("flood")
    task = queries.tasks_of("works", at)[0].remedy
    with pytest.raises(NotAllowed):
        actions.finish_task(By(actor=OTHER_TEAM, at=at), remedy=task, words="Done.")
    with pytest.raises(NotPossible):
        actions.finish_task(By(actor=ADVISER, at=at), remedy=task, words="  ")
    with pytest.raises(NotPossible, match="cannot be shown"):
        actions.finish_task(By(actor=ADVISER, at=at), remedy=task, words="a\u202eb")
    actions.finish_task(By(actor=ADVISER, at=at), remedy=task, words="A valve stuck.")
    with pytest.raises(NotPossible):
        actions.finish_task(By(actor=ADVISER, at=at), remedy=task, words="Again.")


def test_no_event_and_no_entry_says_anything_personal_or_a_code() -> None:
    reference, at = broken("bin")
    broken("badge")
    done(opened("bin"), at)
    code = remedy(reference, "3").vouchers[0].code
    said = " ".join(
        str(row)
        for row in [*Announced.objects.values_list("data", flat=True), *Entry.objects.values_list("told", flat=True)]
    )
    for secret in ("Rosa", "rosa@", code, code.replace("-", "")):
        assert secret not in said


def test_a_rule_of_a_case_has_one_entitlement_only_by_the_database_too() -> None:
    from django.db import transaction
    from django.db.utils import IntegrityError

    broken("bin")
    row = Entitlement.objects.first()
    assert row is not None
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
