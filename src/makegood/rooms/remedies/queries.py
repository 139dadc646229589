"""The remedies' door for reading: what is owed in a case and what became of it, vouchers, tasks, and sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum

from makegood.database.looking import remembered
from makegood.database.reading import made, rows
from makegood.rooms.cases.queries import people_of
from makegood.rules import Outcome, Pledge, outcomes
from makegood.rules.money import from_pence
from makegood.web.refusals import NotFound
from makegood.web.saying import say_money

from .models import Entitlement, PaymentLine, Posting, Shop, Standing, TaskWords, Voucher
from .rules.accounts import Account
from .rules.codes import qr_of, read_code, say_code
from .rules.dues import places_of
from .rules.kinds import DUE, Kind, State
from .rules.marks import mark_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceSeen:
    """One thing among which somebody may choose. `index` is what `choose_remedy` takes."""

    index: int
    kind: Kind
    amount: Decimal
    words: str

    @property
    def offer(self) -> str:
        """What it is, as somebody who chooses reads it: "£14 as a voucher", or its words where it is no money."""
        if not self.amount:
            return self.words[:1].upper() + self.words[1:]
        return f"{say_money(self.amount)} {'as a voucher' if self.kind is Kind.VOUCHER else 'in money'}"

    @property
    def hint(self) -> str:
        """The promise's words beside a sum."""
        return self.words if self.amount else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VoucherSeen:
    """A voucher. `code` is grouped for people (ABCD-EFGH-JKLM); `state` live, redeemed, cancelled, replaced, expired.

    `ended_at` is when it was redeemed, cancelled or replaced.
    """

    id: int
    code: str
    case: str
    remedy: int
    amount: Decimal
    state: str
    issued_at: datetime
    expires_at: datetime
    handed_at: datetime | None
    ended_at: datetime | None
    shop: str

    @property
    def svg(self) -> str:
        """Its QR picture, which says its code."""
        return qr_of(self.code)


@dataclass(frozen=True, kw_only=True, slots=True)
class RemedySeen:
    """One remedy of a case. Sums in pounds; `amount` is due in all, of which `added` at staff's discretion.

    `grows` while the sum still rises; `late` when its own deadline was missed; `overpaid` was given and is not owed.
    `may_accept`, `may_choose`, `may_decline` say what a resident can still do. `told` are the words of a finished task.
    """

    id: int
    case: str
    pledge: str
    service: str
    standard: str
    rule: str
    kind: Kind
    state: State
    words: str
    amount: Decimal
    entitled: Decimal
    added: Decimal
    most: Decimal | None
    pays: str
    payer: str
    by_whom: str
    settles: str
    grows: bool
    team: str
    owed_at: datetime
    due_at: datetime | None
    late: bool
    offered_until: datetime | None
    choose_until: datetime | None
    choices: tuple[ChoiceSeen, ...]
    chosen: int | None
    settled_at: datetime | None
    vouchers: tuple[VoucherSeen, ...]
    told: str
    overpaid: Decimal
    may_accept: bool
    may_choose: bool
    may_decline: bool

    @property
    def mark(self) -> int:
        """Which state of the remedy this is, as acts on it take it: another when it changed."""
        live = [each.id for each in self.vouchers if each.state in ("live", "expired")]
        due, added, overpaid = (int(each * 100) for each in (self.amount, self.added, self.overpaid))
        return mark_of(self.state, due, added, overpaid, self.chosen, live)


@dataclass(frozen=True, kw_only=True, slots=True)
class PostingSeen:
    """One leg of a transfer, in pounds: positive is a debit. `entry` is the journal entry that made it."""

    transfer: int
    account: str
    remedy: int
    amount: Decimal
    at: datetime
    why: str
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """What remedies came to, in pounds: their cost, of that still owed, in live vouchers, paid out, left with people.

    `cost + left == owed + vouchers + paid` always; `owed` is net of what was overpaid.
    """

    cost: Decimal
    owed: Decimal
    vouchers: Decimal
    paid: Decimal
    left: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskSeen:
    """A remedy that a person has to give."""

    remedy: int
    case: str
    service: str
    kind: Kind
    words: str
    by_whom: str
    team: str
    owed_at: datetime
    due_at: datetime | None
    late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ToPay:
    """A sum of money that waits for being paid, or one that was paid and is not owed (`overpaid`)."""

    remedy: int
    case: str
    service: str
    payer: str
    amount: Decimal
    owed_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopSeen:
    """A shop that takes vouchers."""

    code: str
    name: str
    active: bool


_WHOLE = """
WITH owed AS MATERIALIZED (
  SELECT e.* FROM remedies_standing s JOIN remedies_entitlement e ON e.standing_id = s.case_id WHERE s.reference = %s
)
SELECT json_build_object(
  'remedies_entitlement', (SELECT json_agg(t ORDER BY t.id) FROM owed t),
  'remedies_voucher', (SELECT json_agg(t ORDER BY t.id) FROM remedies_voucher t
                       WHERE t.entitlement_id = ANY(ARRAY(SELECT id FROM owed))),
  'remedies_shop', (SELECT json_object_agg(s.code, s.name) FROM remedies_shop s
                    WHERE s.code = ANY(ARRAY(SELECT t.shop_id FROM remedies_voucher t
                                             WHERE t.entitlement_id = ANY(ARRAY(SELECT id FROM owed))))),
  'remedies_taskwords', (SELECT json_agg(t) FROM remedies_taskwords t
                         WHERE t.entitlement_id = ANY(ARRAY(SELECT id FROM owed))),
  'remedies_posting', (SELECT json_agg(t ORDER BY t.id) FROM remedies_posting t
                       WHERE t.entitlement_id = ANY(ARRAY(SELECT id FROM owed)))
)
"""


# --- a case's remedies -----------------------------------------------------------------------------------------------


def remedies_of(case: str, at: datetime) -> list[RemedySeen]:
    """Every remedy of a case, in the order in which they came to be owed."""
    kept = _whole(case)
    vouchers: dict[int, list[VoucherSeen]] = defaultdict(list)
    shops = kept.get("remedies_shop") or {}
    for each in kept.get("remedies_voucher") or ():
        vouchers[each["entitlement_id"]].append(_voucher(made(Voucher, each), case, shops.get(each["shop_id"], ""), at))
    words = {each["entitlement_id"]: each["words"] for each in kept.get("remedies_taskwords") or ()}
    rows = [made(Entitlement, each) for each in kept.get("remedies_entitlement") or ()]
    return [_remedy(row, case, at, tuple(vouchers[row.id]), words.get(row.id, "")) for row in rows]


@remembered
def _whole(case: str) -> dict[str, Any]:
    """Everything that came to be owed in a case, and what became of it: by table its rows as JSON."""
    [(kept,)] = rows(_WHOLE, [case])
    found: dict[str, Any] = kept
    return found


def as_chosen(judged: Iterable[Outcome], pledge: Pledge, case: str) -> list[Outcome]:
    """The outcomes of a case with what was chosen, where a promise leaves a choice; `pledge` judged them."""
    entitled = _whole(case).get("remedies_entitlement") or ()
    chosen = {(each["standard"], each["rule"]): each["chosen"] for each in entitled if each["chosen"] is not None}
    return [_as_chosen(outcome, pledge, chosen) for outcome in judged] if chosen else list(judged)


def _as_chosen(outcome: Outcome, pledge: Pledge, chosen: dict[tuple[str, str], int]) -> Outcome:
    places = places_of(pledge, outcome.standard)
    rules = [(outcome.standard, str(places.get(id(owed.source), -1) + 1)) for owed in outcome.remedies]
    return outcomes.as_chosen(outcome, {at: chosen[rule] for at, rule in enumerate(rules) if rule in chosen})


def remedy(number: int, at: datetime) -> RemedySeen:
    """One remedy. Raises `NotFound`."""
    found = _seen(Entitlement.objects.filter(id=number), at)
    if not found:
        raise NotFound("There is no such remedy.")
    return found[0]


def _seen(found: QuerySet[Entitlement], at: datetime) -> list[RemedySeen]:
    ordered = list(found.select_related("standing").order_by("id"))
    numbers = [row.id for row in ordered]
    vouchers: dict[int, list[VoucherSeen]] = defaultdict(list)
    for each in _vouchers(Voucher.objects.filter(entitlement__in=numbers), at):
        vouchers[each.remedy].append(each)
    words = dict(TaskWords.objects.filter(entitlement__in=numbers).values_list("entitlement_id", "words"))
    return [_remedy(row, row.standing.reference, at, tuple(vouchers[row.id]), words.get(row.id, "")) for row in ordered]


def _remedy(row: Entitlement, case: str, at: datetime, vouchers: tuple[VoucherSeen, ...], told: str) -> RemedySeen:
    state = State(row.state)
    open_offer = state is State.OFFERED and (row.offered_until is None or at <= row.offered_until)
    used = any(each.state == "redeemed" for each in vouchers)
    given = used or (state is State.SETTLED and (row.pays != Kind.VOUCHER))
    return RemedySeen(
        id=row.id,
        case=case,
        pledge=row.pledge,
        service=row.service,
        standard=row.standard,
        rule=row.rule,
        kind=Kind(row.kind),
        state=state,
        words=row.words,
        amount=from_pence(row.target),
        entitled=from_pence(row.entitled),
        added=from_pence(row.added),
        most=None if row.most is None else from_pence(row.most),
        pays=row.pays,
        payer=row.payer,
        by_whom=row.by_whom,
        settles=row.settles,
        grows=row.grows,
        team=row.team,
        owed_at=row.owed_at,
        due_at=row.due_at,
        late=state in DUE and row.due_at is not None and row.due_at < at,
        offered_until=row.offered_until,
        choose_until=row.choose_until,
        choices=tuple(_choice(index, offer) for index, offer in enumerate(row.choices)),
        chosen=row.chosen,
        settled_at=row.settled_at,
        vouchers=vouchers,
        told=told,
        overpaid=from_pence(row.overpaid),
        may_accept=open_offer,
        may_choose=row.kind == Kind.CHOICE and row.chosen is None and (open_offer or state in DUE),
        may_decline=not given and state in (*DUE, State.OFFERED, State.SETTLED),
    )


def _choice(index: int, offer: dict[str, str | int]) -> ChoiceSeen:
    return ChoiceSeen(
        index=index, kind=Kind(str(offer["kind"])), amount=from_pence(int(offer["pence"])), words=str(offer["words"])
    )


# --- vouchers and shops ----------------------------------------------------------------------------------------------


def voucher(code: str, at: datetime) -> VoucherSeen:
    """The voucher of a code, however it is typed. Raises `NotFound`; row-level walls decide who finds it."""
    found = _vouchers(Voucher.objects.filter(code=read_code(code) or "-"), at)
    if not found:
        raise NotFound("There is no voucher with this code. Please check it and try again.", field="code")
    return found[0]


def _vouchers(rows: QuerySet[Voucher], at: datetime) -> list[VoucherSeen]:
    return [
        _voucher(row, row.case.reference, row.shop.name if row.shop else "", at)
        for row in rows.select_related("case", "shop").order_by("id")
    ]


def _voucher(row: Voucher, case: str, shop: str, at: datetime) -> VoucherSeen:
    return VoucherSeen(
        id=row.id,
        code=say_code(row.code),
        case=case,
        remedy=row.entitlement_id,
        amount=from_pence(row.pence),
        state="expired" if row.state == "live" and row.expires_at < at else row.state,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        handed_at=row.handed_at,
        ended_at=row.ended_at,
        shop=shop,
    )


def shops() -> list[ShopSeen]:
    """Every shop."""
    return [ShopSeen(code=row.code, name=row.name, active=row.active) for row in Shop.objects.order_by("name", "code")]


def shop_with(key: str) -> ShopSeen:
    """The shop whose API key this is. Raises `NotFound`, also for one that is no longer active."""
    row = Shop.objects.filter(key_digest=sha256(key.encode()).digest(), active=True).first()
    if row is None:
        raise NotFound("This key opens no shop.")
    return ShopSeen(code=row.code, name=row.name, active=row.active)


# --- the ledger ------------------------------------------------------------------------------------------------------


def ledger_of(case: str) -> list[PostingSeen]:
    """Every posting of a case, in the order in which they were made."""
    return [
        PostingSeen(
            transfer=row.transfer,
            account=row.account,
            remedy=row.entitlement_id,
            amount=from_pence(row.pence),
            at=row.at,
            why=row.why,
            entry=row.entry,
        )
        for row in (made(Posting, each) for each in _whole(case).get("remedies_posting") or ())
    ]


def totals(pledge: str = "", *, service: str = "") -> Totals:
    """The balances of all accounts, of one pledge or service or of everything; for everybody to see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, pence FROM remedies_totals(%s, %s)", [pledge, service])
        sums: dict[str, int] = defaultdict(int, cursor.fetchall())
    return Totals(
        cost=from_pence(sums[Account.COST]),
        owed=from_pence(-sums[Account.OWED] - sums[Account.FINANCE]),
        vouchers=from_pence(-sums[Account.VOUCHERS]),
        paid=from_pence(-sums[Account.PAID]),
        left=from_pence(sums[Account.LEFT]),
    )


def costs(pledge: str = "") -> list[tuple[str, str, Decimal]]:
    """What remedies cost by service and payer (empty: the provider itself), as (service, payer, pounds); for staff."""
    rows = Posting.objects.filter(account__in=[Account.COST, Account.LEFT])
    if pledge:
        rows = rows.filter(entitlement__pledge=pledge)
    by = ("entitlement__service", "entitlement__payer")
    grouped = rows.values_list(*by).annotate(sum=Sum("pence")).order_by(*by)
    return [(service, payer, from_pence(pence)) for service, payer, pence in grouped]


def overpaid() -> list[ToPay]:
    """What was given and turned out not to be owed, for an officer to look at."""
    rows = Entitlement.objects.filter(overpaid__gt=0).select_related("standing").order_by("id")
    return [_money(row, row.overpaid) for row in rows]


# --- what is to be done ----------------------------------------------------------------------------------------------


def tasks_of(team: str, at: datetime, *, limit: int = 200) -> list[TaskSeen]:
    """What a team has to do for remedies, soonest due first; so many of them."""
    rows = Entitlement.objects.filter(team=team, state__in=DUE).exclude(team="").select_related("standing")
    return [
        TaskSeen(
            remedy=row.id,
            case=row.standing.reference,
            service=row.service,
            kind=Kind(row.kind),
            words=row.words,
            by_whom=row.by_whom,
            team=row.team,
            owed_at=row.owed_at,
            due_at=row.due_at,
            late=row.due_at is not None and row.due_at < at,
        )
        for row in rows.order_by("due_at", "id")[:limit]
    ]


_TASKS = """
SELECT count(*), coalesce(bool_or(e.due_at < %(at)s), false)
FROM unnest(%(teams)s::text[]) AS t (team) CROSS JOIN LATERAL (
  SELECT due_at FROM remedies_entitlement
  WHERE team = t.team AND team <> '' AND state IN ('owed', 'accepted') ORDER BY due_at LIMIT %(most)s
) e
"""


def tasks_waiting(teams: Collection[str], at: datetime, *, most: int) -> tuple[int, bool]:
    """How many tasks these teams have, of each so many are counted, and whether one is late."""
    [(count, late)] = rows(_TASKS, {"teams": list(teams), "at": at, "most": most})
    return count, late


_PAYMENTS = """
SELECT count(*) FROM (
  SELECT 1 FROM remedies_entitlement e
  WHERE e.pays = 'money' AND e.state IN ('owed', 'accepted') AND e.target > 0 AND NOT e.grows AND e.owed_at <= %(at)s
    AND NOT EXISTS (SELECT 1 FROM remedies_paymentline l WHERE l.entitlement_id = e.id AND l.state = 'sent')
  LIMIT %(most)s
) found
"""


def payments_waiting(at: datetime, *, most: int) -> int:
    """How much money waits for being paid, in remedies; so many are counted. See `to_pay`."""
    [(count,)] = rows(_PAYMENTS, {"at": at, "most": most})
    return int(count)


def to_pay(at: datetime, *, limit: int = 500) -> list[ToPay]:
    """Money that is owed and waits for being paid, soonest due first; not what still grows, nor is with finance."""
    rows = Entitlement.objects.filter(pays=Kind.MONEY, state__in=DUE, target__gt=0, grows=False, owed_at__lte=at)
    rows = rows.exclude(id__in=PaymentLine.objects.filter(state="sent").values("entitlement_id"))
    found = list(rows.select_related("standing").order_by("due_at", "id")[:limit])
    sums = Posting.objects.filter(entitlement__in=[row.id for row in found], account=Account.OWED)
    owed = dict(sums.values_list("entitlement_id").annotate(sum=Sum("pence")))
    return [_money(row, -owed.get(row.id, 0)) for row in found]


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentSeen:
    """One line of a batch; `state` is sent, paid or returned.

    `name` is the payee as the case knows it now, empty once erased.
    """

    id: int
    case: str
    remedy: int
    name: str
    amount: Decimal
    reason: str
    state: str
    ended_at: datetime | None
    mark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchSeen:
    """A batch of payments: how many lines, their sum, and how many wait, were paid, or came back."""

    id: int
    made_at: datetime
    lines: int
    amount: Decimal
    sent: int
    paid: int
    returned: int


def batches(limit: int = 100) -> list[BatchSeen]:
    """The batches that were sent to finance, newest first."""
    rows = PaymentLine.objects.values("batch_id", "batch__made_at").annotate(
        lines=Count("id"),
        sum=Sum("pence"),
        sent=Count("id", filter=Q(state="sent")),
        paid=Count("id", filter=Q(state="paid")),
        returned=Count("id", filter=Q(state="returned")),
    )
    return [
        BatchSeen(
            id=row["batch_id"],
            made_at=row["batch__made_at"],
            amount=from_pence(row["sum"]),
            lines=row["lines"],
            sent=row["sent"],
            paid=row["paid"],
            returned=row["returned"],
        )
        for row in rows.order_by("-batch_id")[:limit]
    ]


def payments_in(batch: int) -> list[PaymentSeen]:
    """The lines of a batch, in their order: the same each time. Raises `NotFound`."""
    chosen = PaymentLine.objects.filter(batch=batch).select_related("entitlement__standing").order_by("id")
    rows = list(chosen)
    if not rows:
        raise NotFound("There is no such batch of payments.")
    names = {case: person.name for case, person in people_of({_case_of(row) for row in rows}).items()}
    return [
        PaymentSeen(
            id=row.id,
            case=_case_of(row),
            remedy=row.entitlement_id,
            name=names.get(_case_of(row), ""),
            amount=from_pence(row.pence),
            reason=f"Promise not kept: {row.entitlement.service}, {row.entitlement.standard}",
            state=row.state,
            ended_at=row.ended_at,
            mark=row.mark,
        )
        for row in rows
    ]


def _case_of(line: PaymentLine) -> str:
    return str(line.entitlement.standing.reference)


def _money(row: Entitlement, pence: int) -> ToPay:
    return ToPay(
        remedy=row.id,
        case=row.standing.reference,
        service=row.service,
        payer=row.payer,
        amount=from_pence(pence),
        owed_at=row.owed_at,
        due_at=row.due_at,
    )


def next_wake() -> datetime | None:
    """When something falls due next without anybody acting."""
    wake: datetime | None = Standing.objects.filter(wake_at__isnull=False).aggregate(wake=Min("wake_at"))["wake"]
    return wake
