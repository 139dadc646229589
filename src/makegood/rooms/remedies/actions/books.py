"""The books of some cases, open for one act: what is owed and was given is read once, changed, and written once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum

from makegood.database import tables, values
from makegood.database.values import among
from makegood.rooms.cases.queries import CaseSeen, cases_of
from makegood.rooms.journal.events import Act, Json
from makegood.web.refusals import Conflict, NotFound

from ..events import (
    RemedyChanged,
    RemedyDeclined,
    RemedyLapsed,
    RemedyLate,
    RemedyOwed,
    RemedyReversed,
    RemedySettled,
    TaskSet,
    VoucherCancelled,
    VoucherIssued,
)
from ..models import Entitlement, Posting, Standing, Voucher
from ..rules.accounts import Account, Plan, Stand, Transfer, plan
from ..rules.codes import new_code
from ..rules.kinds import State, terms
from ..rules.marks import mark_of
from .standing import gives, may_issue, next_wake

_WRITTEN = (
    "words", "payer", "by_whom", "route", "settles", "choices", "chosen", "choose_until", "accepted_at",
    "offered_until", "state", "pays", "entitled", "added", "most", "target", "overpaid", "grows", "team", "due_at",
    "late_at", "settled_at",
)  # fmt: skip
"""What may change in an entitlement once it is there."""


@dataclass(slots=True)
class Change:
    """What one act did to one case, for its message and its journal entry."""

    reference: str
    new: list[Entitlement] = field(default_factory=list)
    reversed: list[Entitlement] = field(default_factory=list)
    late: list[Entitlement] = field(default_factory=list)
    issued: list[tuple[Entitlement, Voucher]] = field(default_factory=list)
    told: dict[str, Json] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)


class Books:
    """The books of some cases under lock, at one instant. Nothing is written before `write`."""

    def __init__(self, act: Act, cases: Collection[CaseSeen]) -> None:
        self.act, self.at = act, act.at
        self.cases = {case.number: case for case in cases}
        self.standings, before = _lock(self.cases)
        self.rows: dict[int, dict[tuple[str, str], Entitlement]] = defaultdict(dict)
        self.before: dict[int, tuple[str, int]] = {}
        self._as_read: dict[int, list[object]] = {}
        for row in Entitlement.objects.filter(standing__in=among(before)).order_by("id") if before else ():
            self.rows[row.standing_id][row.standard, row.rule] = row
            self.before[row.id] = (row.state, row.target)
            self._as_read[row.id] = _values(row)
        self.stands, self.live = _balances(before)
        self.changes: dict[int, Change] = {}
        self._new: list[Entitlement] = []
        self._postings: list[tuple[Transfer, Entitlement]] = []
        self._vouchers: list[Voucher] = []
        self._ended: list[Voucher] = []
        self._ahead: list[int] = []

    # --- looking ---------------------------------------------------------------------------------------

    def all(self, case: int) -> Iterable[Entitlement]:
        """Every entitlement of a case, in the order in which they came to be owed."""
        return list(self.rows[case].values())

    def one(self, number: int) -> Entitlement:
        """One entitlement by number."""
        for rows in self.rows.values():
            for row in rows.values():
                if row.id == number:
                    return row
        raise NotFound("There is no such remedy.")

    def stand(self, row: Entitlement) -> Stand:
        """How a remedy stands in the ledger, with what this act has done so far."""
        return self.stands.get(row.id, Stand())

    def change(self, case: int) -> Change:
        """What this act did to a case so far."""
        if case not in self.changes:
            self.changes[case] = Change(self.cases[case].reference)
        return self.changes[case]

    def top_up(self, row: Entitlement) -> int:
        """What is owed because a remedy is late."""
        more = self.rows[row.standing_id].get((row.standard, f"{row.rule}+"))
        return more.target if more else 0

    # --- changing --------------------------------------------------------------------------------------

    def expect(self, count: int) -> None:
        """Take so many numbers for new entitlements beforehand, in one go."""
        self._ahead = tables.numbers(Entitlement, count)[::-1]

    def add(self, row: Entitlement) -> None:
        """A new entitlement."""
        row.id = self._ahead.pop() if self._ahead else tables.numbers(Entitlement, 1)[0]
        self.rows[row.standing_id][row.standard, row.rule] = row
        self._new.append(row)
        self.change(row.standing_id).new.append(row)

    def post(self, row: Entitlement, transfers: Iterable[Transfer]) -> None:
        """Enter transfers for a remedy."""
        moved = list(transfers)
        if moved:
            self._postings += [(transfer, row) for transfer in moved]
            self.stands[row.id] = _after(self.stand(row), moved)

    def carry_out(self, row: Entitlement, why: str, *, issue: bool | None = None) -> Plan:
        """Bring the ledger and the vouchers of a remedy to its target; `issue` overrules when a voucher is given."""
        wanted = may_issue(row, self.at) if issue is None else issue
        live = [(each.id, each.pence) for each in self.live[row.id]]
        made = plan(self.stand(row), row.target, live, why=why, issue=wanted)
        self.post(row, made.transfers)
        row.overpaid = made.overpaid
        for voucher in [each for each in self.live[row.id] if each.id in made.cancel]:
            self.end(voucher, "cancelled")
        if made.issue:
            self.issue(row, made.issue)
        return made

    def issue(self, row: Entitlement, pence: int) -> Voucher:
        """A new voucher; its posting is the caller's."""
        case = self.cases[row.standing_id]
        voucher = Voucher(
            case_id=case.number,
            entitlement_id=row.id,
            code=new_code(),
            pence=pence,
            state="live",
            issued_at=self.at,
            expires_at=_months_later(self.at, terms().voucher_months),
        )
        self._vouchers.append(voucher)
        self.live[row.id].append(voucher)
        self.change(case.number).issued.append((row, voucher))
        return voucher

    def end(self, voucher: Voucher, state: str) -> None:
        """A voucher is no longer good."""
        voucher.state, voucher.ended_at = state, self.at
        self.live[voucher.entitlement_id].remove(voucher)
        self._ended.append(voucher)
        replaced = state == "replaced"
        reference = self.cases[voucher.case_id].reference
        self.act.announce(
            VoucherCancelled(subject=reference, remedy=voucher.entitlement_id, voucher=voucher.id, replaced=replaced)
        )

    # --- writing ---------------------------------------------------------------------------------------

    def write(self, *, judged: bool = False) -> int:
        """Write everything that changed, tell of it, and when to look again; how many entitlements changed."""
        new = {row.id for row in self._new}
        kept = [row for rows in self.rows.values() for row in rows.values() if row.id not in new]
        changed = [row for row in kept if _values(row) != self._as_read[row.id]]
        tables.insert(self._new)
        tables.update(changed, _WRITTEN)
        postings = []
        shared = {"entry": self.act.entry, "at": self.at.isoformat()}
        for number, (transfer, row) in zip(tables.transfers(len(self._postings)), self._postings, strict=True):
            both = {"transfer": number, "entitlement_id": row.id, "why": transfer.why, **shared}
            postings.append({"account": transfer.debit, "pence": transfer.pence, **both})
            postings.append({"account": transfer.credit, "pence": -transfer.pence, **both})
        values.insert(Posting, postings)
        for number, voucher in zip(tables.numbers(Voucher, len(self._vouchers)), self._vouchers, strict=True):
            voucher.id = number
        tables.insert(self._vouchers)
        tables.update(self._ended, ("state", "ended_at"))
        self._tell(changed)
        self._look_again(judged=judged)
        return len(self._new) + len(changed)

    def _tell(self, changed: list[Entitlement]) -> None:
        for row in self._new:
            self.act.announce(
                RemedyOwed(
                    **self._about(row),
                    standard=row.standard,
                    rule=row.rule,
                    remedy_kind=row.kind,
                    state=row.state,
                    pence=row.target,
                )
            )
            self._note(row, "", 0)
            if row.team:
                self.act.announce(TaskSet(**self._about(row), remedy_kind=row.kind, team=row.team))
        for row in changed:
            state, pence = self.before[row.id]
            if (state, pence) != (row.state, row.target):
                self._note(row, state, pence)
                self._announce_change(row, state, pence)
        for change in self.changes.values():
            for row in change.late:
                self.act.announce(RemedyLate(**self._about(row), top_up=self.top_up(row)))
            for row, voucher in change.issued:
                self.act.announce(VoucherIssued(**self._about(row), voucher=voucher.id, pence=voucher.pence))

    def _announce_change(self, row: Entitlement, was: str, pence: int) -> None:
        match row.state:
            case State.REVERSED if was != State.REVERSED:
                self.act.announce(RemedyReversed(**self._about(row), was_pence=pence, overpaid=row.overpaid))
            case State.DECLINED if was != State.DECLINED:
                self.act.announce(RemedyDeclined(**self._about(row), was_pence=pence))
            case State.LAPSED if was != State.LAPSED:
                self.act.announce(RemedyLapsed(**self._about(row)))
            case _:
                if pence != row.target or row.state != State.SETTLED:
                    self.act.announce(
                        RemedyChanged(**self._about(row), state=row.state, pence=row.target, was_pence=pence)
                    )
                if row.state == State.SETTLED and was != State.SETTLED:
                    self.act.announce(RemedySettled(**self._about(row), remedy_kind=gives(row), pence=row.target))

    def _about(self, row: Entitlement) -> dict[str, Any]:
        """What every event says of a remedy."""
        return {"subject": self.cases[row.standing_id].reference, "remedy": row.id}

    def _note(self, row: Entitlement, was: str, pence: int) -> None:
        """What the journal is told of a remedy: its state, and its sum where there is one."""
        said = f"{was or 'new'} to {row.state}" + (f", {pence}p to {row.target}p" if pence or row.target else "")
        self.change(row.standing_id).told[f"{row.standard}/{row.rule}"] = said

    def _look_again(self, *, judged: bool) -> None:
        changed = []
        for case, standing in self.standings.items():
            wake = next_wake(self.rows[case].values(), self.at)
            judged_at = self.at if judged else standing.judged_at
            if (standing.wake_at, standing.judged_at) != (wake, judged_at):
                standing.wake_at, standing.judged_at = wake, judged_at
                changed.append(standing)
        tables.update(changed, ("wake_at", "judged_at"))


def open_book(act: Act, remedy: int, seen: int | None = None) -> tuple[Books, Entitlement]:
    """The books of the one case that a remedy belongs to, under lock, and the remedy.

    Raises `NotFound`, and `Conflict` when the remedy is not as it was `seen`.
    """
    reference = Entitlement.objects.filter(id=remedy).values_list("standing__reference", flat=True).first()
    if reference is None:
        raise NotFound("There is no such remedy.")
    books = Books(act, cases_of([reference]).values())
    row = books.one(remedy)
    live = (each.id for each in books.live[row.id])
    if seen is not None and seen != mark_of(row.state, row.target, row.added, row.overpaid, row.chosen, live):
        raise Conflict("This changed while you had it open. Look at it again before you go on.")
    return books, row


def _lock(cases: dict[int, CaseSeen]) -> tuple[dict[int, Standing], list[int]]:
    """Let acts on the same cases wait for each other; in one order, so that none waits for ever.

    The standings of the cases, and the numbers of those that had one before: the others have nothing in the books.
    """
    ordered = sorted(cases)
    made = values.insert_new(
        Standing, [{"case_id": number, "reference": cases[number].reference} for number in ordered], "case_id"
    )
    before = [number for number in ordered if number not in made]
    rows = Standing.objects.select_for_update().filter(case_id__in=among(before)).order_by("case_id") if before else ()
    standings = {row.case_id: row for row in rows}
    new = {number: Standing(case_id=number, reference=cases[number].reference) for number in made}
    return standings | new, before


def _balances(cases: Collection[int]) -> tuple[dict[int, Stand], dict[int, list[Voucher]]]:
    live: dict[int, list[Voucher]] = defaultdict(list)
    if not cases:
        return {}, live
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    postings = Posting.objects.filter(entitlement__standing__in=among(cases))
    for row in postings.values_list("entitlement_id", "account").annotate(sum=Sum("pence")):
        sums[row[0]][row[1]] = row[2]
    stands = {
        number: Stand(
            posted=each.get(Account.COST, 0),
            vouchers=-each.get(Account.VOUCHERS, 0),
            paid=-each.get(Account.PAID, 0),
            left=each.get(Account.LEFT, 0),
            finance=-each.get(Account.FINANCE, 0),
        )
        for number, each in sums.items()
    }
    for voucher in Voucher.objects.select_for_update().filter(case__in=among(cases), state="live").order_by("id"):
        live[voucher.entitlement_id].append(voucher)
    return stands, live


def _after(stand: Stand, transfers: Iterable[Transfer]) -> Stand:
    sums = {
        Account.COST: stand.posted,
        Account.VOUCHERS: -stand.vouchers,
        Account.PAID: -stand.paid,
        Account.LEFT: stand.left,
        Account.FINANCE: -stand.finance,
        Account.OWED: 0,
    }
    for each in transfers:
        sums[each.debit] += each.pence
        sums[each.credit] -= each.pence
    return Stand(
        posted=sums[Account.COST],
        vouchers=-sums[Account.VOUCHERS],
        paid=-sums[Account.PAID],
        left=sums[Account.LEFT],
        finance=-sums[Account.FINANCE],
    )


def _values(row: Entitlement) -> list[object]:
    return [getattr(row, name) for name in _WRITTEN]


def _months_later(at: datetime, months: int) -> datetime:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = at
    while True:
        try:
            return day.replace(year=year, month=month + 1)
        except ValueError:  # no such day in that month
            day -= timedelta(days=1)
