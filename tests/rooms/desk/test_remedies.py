"""Remedies in the hands of staff: for a caller, at their own judgement, with vouchers, money and tasks."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from django.test import Client

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.events import Resident
from makegood.rooms.desk.views.remedies import plain_cell
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.remedies.queries import RemedySeen, remedies_of

from .place import Somebody, broken, fill_in, form_of, hear, opened, signed_in, words


def given(reference: str) -> list[RemedySeen]:
    """The remedies of a case."""
    see_as(SYSTEM)
    return remedies_of(reference, now())


def voucher_of(reference: str) -> RemedySeen:
    """The one that pays by voucher."""
    return next(each for each in given(reference) if each.kind.value == "voucher")


def discretion_of(reference: str) -> RemedySeen:
    """The one that is left to staff."""
    return next(each for each in given(reference) if each.kind.value == "discretion")


def test_what_may_be_added_is_said_before_and_bounded_by_the_person(adviser: Client) -> None:
    reference = broken()
    remedy = discretion_of(reference)
    address = f"/desk/remedies/{remedy.id}/add/"
    assert "You can add now£10" in words(adviser.get(address))
    assert "lets staff add £10 at most" in words(fill_in(adviser, address, amount="11", reason="Two weeks late"))
    assert fill_in(adviser, address, amount="4.50", reason="Two weeks late").status_code == 302
    assert discretion_of(reference).added == Decimal("4.50")
    assert "You can add now£5.50" in words(adviser.get(address))


def test_nothing_is_added_without_a_reason(adviser: Client) -> None:
    remedy = discretion_of(broken())
    answer = fill_in(adviser, f"/desk/remedies/{remedy.id}/add/", amount="4")
    assert "Say why you add this" in words(answer)


def test_a_lost_voucher_is_replaced_and_the_new_code_shown(adviser: Client) -> None:
    reference = broken()
    remedy = voucher_of(reference)
    fill_in(adviser, f"/desk/cases/{reference}/record/", fact="bin_collected")
    hear()
    old = voucher_of(reference).vouchers[-1]
    page = words(fill_in(adviser, f"/desk/remedies/{remedy.id}/replace/"))
    assert old.code not in page
    assert voucher_of(reference).vouchers[-1].code in page


def test_a_crew_hands_over_a_voucher_on_the_spot_once(place: dict[str, Somebody]) -> None:
    reference = broken()
    crew = signed_in(place["crew"])
    fill_in(crew, f"/desk/crew/{reference}/", fact="bin_collected")
    hear()
    page = crew.get(f"/desk/crew/{reference}/")
    assert "You can hand it over on the spot" in words(page)
    remedy = voucher_of(reference)
    shown = words(fill_in(crew, f"/desk/remedies/{remedy.id}/give/"))
    assert voucher_of(reference).vouchers[-1].code in shown
    again = fill_in(crew, f"/desk/remedies/{remedy.id}/give/")
    assert again.status_code == 409
    assert "handed over already" in words(again)


def test_a_caller_declines_a_remedy(adviser: Client) -> None:
    reference = broken()
    remedy = voucher_of(reference)
    fill_in(adviser, f"/desk/remedies/{remedy.id}/decline/")
    assert voucher_of(reference).state.value == "declined"
    assert voucher_of(reference).amount == 0


def test_only_an_officer_says_that_money_was_paid(adviser: Client, officer: Client) -> None:
    remedy = voucher_of(broken())
    assert adviser.get(f"/desk/remedies/{remedy.id}/pay/").status_code == 403
    assert "Nothing is waiting to be paid here" in words(
        fill_in(officer, f"/desk/remedies/{remedy.id}/pay/", how="BACS 1")
    )


def test_money_that_is_owed_is_paid_and_leaves_the_list(officer: Client) -> None:
    reference = broken()
    remedy = discretion_of(reference)
    fill_in(officer, f"/desk/remedies/{remedy.id}/add/", amount="3", pays="money", reason="She asked for money")
    assert reference in words(officer.get("/desk/pay/"))
    assert fill_in(officer, f"/desk/remedies/{remedy.id}/pay/", how="BACS 77").status_code == 302
    assert reference not in words(officer.get("/desk/pay/"))


def test_a_manager_sends_money_to_finance_as_one_file_and_says_what_became_of_it(
    officer: Client, manager: Client
) -> None:
    reference = broken()
    remedy = discretion_of(reference)
    fill_in(officer, f"/desk/remedies/{remedy.id}/add/", amount="3", pays="money", reason="She asked for money")
    assert "£3 in 1 payment waits to be sent" in words(manager.get("/desk/payments/"))
    there = fill_in(manager, "/desk/payments/").url
    page = words(manager.get(there))
    assert "Rosa Quick" in page
    assert "no bank details" in page
    first, again = (manager.get(f"{there}file/").content.decode() for _ in range(2))
    assert first == again
    header, line = first.split()[0], first.splitlines()[1]
    assert header == "reference,payee_name,amount,reason"
    assert line.startswith(f"{reference}/")
    assert ",Rosa Quick,3.00," in line
    assert "No money waits" in words(manager.get("/desk/payments/"))
    assert reference not in words(officer.get("/desk/pay/"))
    returned = form_of(manager.get(there))
    [back] = re.findall(rf'action="({there}\d+/returned/)"', manager.get(there).content.decode())
    assert "Say why" in words(manager.post(back, returned | {"reason": "", "once": ""}, follow=True))
    assert "It is owed again" in words(manager.post(back, {"reason": "Closed account", "once": "a"}, follow=True))
    there = fill_in(manager, "/desk/payments/").url
    form = form_of(manager.get(there), "")
    paid = manager.post(there, {"once": form["once"] + "x", "how": "BACS 8"}, follow=True)
    assert "marked as paid" in words(paid)
    assert discretion_of(reference).state.value == "settled"


def test_a_name_in_the_file_for_finance_is_never_a_formula() -> None:
    assert plain_cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert plain_cell("Rosa =1") == "Rosa =1"


def test_a_task_is_finished_in_the_words_that_the_resident_gets(place: dict[str, Somebody]) -> None:
    reference = opened(timedelta(days=20), resident=Resident(name="Jo", phone="01632 960 000", wants="phone"))
    while cases.notice_due(By(actor=SYSTEM), limit=10_000):
        pass
    hear()
    adviser = signed_in(place["adviser"])
    [first, *_] = [each for each in given(reference) if each.team == "waste"]
    assert reference in words(adviser.get("/desk/tasks/"))
    assert fill_in(adviser, f"/desk/remedies/{first.id}/finish/", words="I called and said sorry.").status_code == 302
    page = words(adviser.get(f"/desk/cases/{reference}/"))
    assert "I called and said sorry." in page


def test_two_who_add_at_once_do_not_add_twice(adviser: Client, officer: Client) -> None:
    reference = broken()
    address = f"/desk/remedies/{discretion_of(reference).id}/add/"
    mine = form_of(adviser.get(address))
    fill_in(officer, address, amount="4", reason="Two weeks late")
    conflict = adviser.post(address, mine | {"amount": "4", "reason": "Two weeks late"})
    assert conflict.status_code == 409
    assert discretion_of(reference).added == Decimal(4)
    assert adviser.post(address, form_of(conflict) | {"pays": "voucher"}).status_code == 302
    assert discretion_of(reference).added == Decimal(8)


def test_a_voucher_that_was_replaced_meanwhile_is_not_replaced_again(adviser: Client, officer: Client) -> None:
    reference = broken()
    fill_in(adviser, f"/desk/cases/{reference}/record/", fact="bin_collected")
    hear()
    address = f"/desk/remedies/{voucher_of(reference).id}/replace/"
    mine = form_of(adviser.get(address))
    fill_in(officer, address)
    [*_, new] = voucher_of(reference).vouchers
    assert adviser.post(address, mine).status_code == 409
    assert [each.id for each in voucher_of(reference).vouchers if each.state == "live"] == [new.id]


def choice_after(time: timedelta) -> tuple[str, RemedySeen]:
    """A case of damp that was opened so long ago that its promise is broken, and the remedy to be chosen."""
    reference = opened(
        time,
        service="damp-repair",
        answers={"hazard": "serious", "rooms": "The bedroom", "water": "no", "visit": "any"},
    )
    while cases.notice_due(By(actor=SYSTEM), limit=10_000):
        pass
    hear()
    return reference, next(each for each in given(reference) if each.may_choose)


def test_what_somebody_may_choose_is_said_beside_each_choice(place: dict[str, Somebody]) -> None:
    _, remedy = choice_after(timedelta(days=40))
    page = words(signed_in(place["officer"]).get(f"/desk/remedies/{remedy.id}/choose/"))
    assert "£50 in money" in page
    assert "£60 as a voucher" in page


def owed_now(browser: Client, reference: str) -> str:
    """What the page of a case says under “Owed now”."""
    page = words(browser.get(f"/desk/cases/{reference}/"))
    found = re.search(r"Owed now(.*?) (?:How|What) ", page)
    return found[1] if found else ""


def test_owed_now_is_what_was_chosen(officer: Client) -> None:
    reference, remedy = choice_after(timedelta(days=24))
    money, voucher = (f"£{each.amount:.0f}" for each in remedy.choices)
    assert owed_now(officer, reference) == money
    fill_in(officer, f"/desk/remedies/{remedy.id}/choose/", choice="1")
    assert owed_now(officer, reference) == voucher


def test_owed_now_says_what_became_of_what_was_owed(officer: Client, adviser: Client) -> None:
    reference = broken()
    voucher, discretion = voucher_of(reference), discretion_of(reference)
    waits = f"£{voucher.amount:.0f} in a voucher that is not used yet"
    assert owed_now(officer, reference) == waits
    fill_in(officer, f"/desk/remedies/{discretion.id}/add/", amount="3", pays="money", reason="She asked for money")
    assert owed_now(officer, reference) == f"£3 and {waits}"
    fill_in(officer, f"/desk/remedies/{discretion.id}/pay/", how="BACS 77")
    assert owed_now(officer, reference) == f"{waits} (£3 was given)"
    fill_in(adviser, f"/desk/remedies/{voucher.id}/decline/")
    assert owed_now(officer, reference) == "Nothing more: £3 was given"


def test_nothing_is_owed_now_to_who_did_not_want_it(officer: Client) -> None:
    reference = broken()
    fill_in(officer, f"/desk/remedies/{voucher_of(reference).id}/decline/")
    assert owed_now(officer, reference) == "Nothing: they did not want it"


def test_a_page_offers_only_what_one_may_do_with_a_remedy(place: dict[str, Somebody], adviser: Client) -> None:
    reference = broken()
    manager = signed_in(place["manager"])
    link = re.compile(r'href="(/desk/remedies/\d+/[a-z]+/)"')
    shown = link.findall(adviser.get(f"/desk/cases/{reference}/").content.decode())
    assert shown
    assert {adviser.get(address).status_code for address in shown} == {200}
    assert link.findall(manager.get(f"/desk/cases/{reference}/").content.decode()) == []
    assert link.findall(manager.get("/desk/tasks/").content.decode()) == []
