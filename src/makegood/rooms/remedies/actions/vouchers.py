"""Vouchers: handed over on the spot, replaced when lost, and taken by a shop exactly once."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from makegood.database import tables
from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act, By, Json
from makegood.web.refusals import Conflict, NotFound, NotPossible, TooOften
from makegood.web.saying import say_when

from .. import permissions as p
from ..events import VoucherRedeemed
from ..models import Guess, Posting, Shop, Voucher
from ..rules.accounts import Account, Transfer
from ..rules.codes import read_code, say_code
from ..rules.kinds import COUNTS, Kind, terms
from .books import open_book
from .standing import settle, take_choice, undecided


@action("remedies.give_voucher", may=p.may_give_voucher)
def give_voucher(act: Act, *, remedy: int, seen: int | None = None) -> str:
    """Hand a voucher over on the spot; its code. Issues it where it was still to come; a second time is refused."""
    books, row = open_book(act, remedy, seen)
    if undecided(row):
        take_choice(row, next((n for n, each in enumerate(row.choices) if each["kind"] == Kind.VOUCHER), 0))
    if row.pays != Kind.VOUCHER or row.state not in COUNTS or row.target == 0:
        raise NotPossible("No voucher is owed here.")
    if not books.live[row.id]:
        books.carry_out(row, "handed over", issue=True)
        settle(row, act.at, outstanding=books.stand(row).unpaid, finished=False)
    if not books.live[row.id]:
        raise Conflict("This voucher was used already.")
    voucher = books.live[row.id][-1]
    if voucher.handed_at is not None:
        raise Conflict(f"This voucher was handed over already, {_when(voucher.handed_at)}.")
    books.change(row.standing_id)
    voucher.handed_at = act.at
    books.write()
    Voucher.objects.filter(id=voucher.id).update(handed_at=act.at)
    act.about(books.cases[row.standing_id].reference, remedy=row.id, voucher=voucher.id, pence=voucher.pence)
    return say_code(voucher.code)


@action("remedies.replace_voucher", may=p.may_replace_voucher)
def replace_voucher(act: Act, *, voucher: int, seen: int | None = None) -> str:
    """A voucher was lost: it ends, and another one takes its place; the new code."""
    remedy = Voucher.objects.filter(id=voucher).values_list("entitlement_id", flat=True).first()
    if remedy is None:
        raise NotFound("There is no such voucher.")
    books, row = open_book(act, remedy, seen)
    old = next((each for each in books.live[row.id] if each.id == voucher), None)
    if old is None:
        raise NotPossible("This voucher was used or ended already, so it cannot be replaced.")
    books.end(old, "replaced")
    new = books.issue(row, old.pence)
    books.post(
        row,
        [
            Transfer(Account.VOUCHERS, Account.OWED, old.pence, "voucher replaced"),
            Transfer(Account.OWED, Account.VOUCHERS, old.pence, "voucher issued"),
        ],
    )
    books.write()
    act.about(books.cases[row.standing_id].reference, remedy=row.id, voucher=old.id, by=new.id)
    return say_code(new.code)


def redeem_voucher(by: By, *, code: str) -> dict[str, Json]:
    """A shop takes a voucher, exactly once: `{"pence": …, "voucher": …, "at": …}`.

    Refused with `Conflict` and the instant when it was taken before, with `NotPossible` when it ran out or was
    cancelled, with `NotFound` for no such code, and with `TooOften` after too many of those: a wrong code is counted,
    so this is not to be called within another transaction.
    """
    try:
        return _redeem(by, code=code)
    except NotFound as wrong:
        if wrong.field == "code":
            _count_wrong_code(by)
        raise


@action("remedies.count_wrong_code", may=p.may_redeem_voucher)
def _count_wrong_code(act: Act) -> None:
    """A shop gave a code that there is not."""
    Guess.objects.create(shop=act.actor.id, at=act.at)
    act.about(f"shop:{act.actor.id}")


@action("remedies.redeem_voucher", may=p.may_redeem_voucher)
def _redeem(act: Act, *, code: str) -> dict[str, Json]:
    """A shop takes a voucher: what `redeem_voucher` says, but for counting wrong codes."""
    shop = Shop.objects.filter(code=act.actor.id, active=True).first()
    if shop is None:
        raise NotFound("This shop takes no vouchers.")
    _refuse_guessing(act)
    found = Voucher.objects.filter(code=read_code(code) or "-").values_list("id", "case_id").first()
    if found is None:
        raise NotFound("There is no voucher with this code. Please check it and try again.", field="code")
    voucher = _lock(*found)
    _refuse_used(act, voucher)
    voucher.state, voucher.ended_at, voucher.shop = "redeemed", act.at, shop
    voucher.save(update_fields=["state", "ended_at", "shop"])
    [transfer] = tables.transfers(1)
    legs = ((Account.VOUCHERS, voucher.pence), (Account.PAID, -voucher.pence))
    tables.insert(
        [
            Posting(
                transfer=transfer,
                account=account,
                entitlement_id=voucher.entitlement_id,
                pence=pence,
                entry=act.entry,
                at=act.at,
                why="voucher redeemed",
            )
            for account, pence in legs
        ]
    )
    reference = voucher.case.reference
    act.about(reference, remedy=voucher.entitlement_id, voucher=voucher.id, pence=voucher.pence, shop=shop.code)
    act.announce(
        VoucherRedeemed(
            subject=reference,
            remedy=voucher.entitlement_id,
            voucher=voucher.id,
            pence=voucher.pence,
            shop=shop.code,
        )
    )
    return {"pence": voucher.pence, "voucher": voucher.id, "at": act.at.isoformat()}


def _lock(number: int, case: int) -> Voucher:
    """The voucher, after every act on its case that was before us; two shops at one second wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM remedies_standing WHERE case_id = %s FOR UPDATE", [case])
    return Voucher.objects.select_for_update(of=("self",)).select_related("case").get(id=number)


def _refuse_used(act: Act, voucher: Voucher) -> None:
    if voucher.state == "redeemed" and voucher.ended_at:
        raise Conflict(f"This voucher was used already, {_when(voucher.ended_at)}.", field="code")
    if voucher.state != "live":
        raise NotPossible("This voucher is not good any more. The person can call us about it.", field="code")
    if voucher.expires_at < act.at:
        raise NotPossible(f"This voucher ran out {_when(voucher.expires_at)}.", field="code")


def _refuse_guessing(act: Act) -> None:
    since = act.at - timedelta(minutes=terms().wrong_codes_minutes)
    if Guess.objects.filter(shop=act.actor.id, at__gt=since).count() >= terms().wrong_codes:
        raise TooOften("Too many wrong codes came from this shop. Please try again in ten minutes.", field="code")


def _when(at: object) -> str:
    return say_when(at, ZoneInfo(settings.PLACE_ZONE))  # type: ignore[arg-type]
