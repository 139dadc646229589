"""Owing what promises give, exactly once: a case's outcomes as they stand now against what was entered before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.rooms.cases.queries import CaseSeen, Judged, cases_of, judged_many
from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.rooms.pledges.queries import judging
from makegood.rules import Calendar, Outcome, Pledge, Status
from makegood.rules.speak import say_outcome

from .. import permissions as p
from ..models import Entitlement, Standing
from ..rules.dues import Due, dues_of
from ..rules.kinds import COUNTS, PAYING, State
from .books import Books
from .standing import new_row, pass_time, settle, take, withdraw
from .telling import tell


@action("remedies.reconcile_cases", may=p.may_reconcile)
def reconcile_cases(act: Act, *, cases: Sequence[str]) -> int:
    """Bring what is owed in these cases (references) in line with how their promises stand now; how many changed.

    Set-based. Doing it again changes nothing. Residents are told in the same transaction.
    """
    return _reconcile(act, cases)


@action("remedies.wake_due", may=p.may_reconcile)
def wake_due(act: Act, *, limit: int = 2_000) -> int:
    """Do what falls due by itself: late remedies, offers that lapse, choices that stand; how many cases there were."""
    due = Standing.objects.filter(wake_at__lte=act.at).order_by("wake_at").values_list("reference", flat=True)
    references = list(due[:limit])
    _reconcile(act, references)
    return len(references)


@dataclass(slots=True)
class _Case:
    """A case as it is judged now: what its broken standards give, and which of them were carried out in the end."""

    seen: CaseSeen
    pledge: Pledge
    outcomes: dict[str, Outcome]
    dues: dict[tuple[str, str], Due]

    def finished(self, standard: str) -> bool:
        outcome = self.outcomes.get(standard)
        return outcome is not None and outcome.finish is not None

    def why(self, standard: str) -> str:
        """How the standard stands, for postings."""
        outcome = self.outcomes.get(standard)
        return str(outcome.status) if outcome else "not judged"

    def why_in_words(self, standard: str) -> str:
        """How the standard stands, for the person."""
        outcome = self.outcomes.get(standard)
        return say_outcome(outcome, self.pledge) if outcome else ""


def _reconcile(act: Act, references: Collection[str]) -> int:
    cases = cases_of(references)
    books = Books(act, cases.values())
    now = _judge(books, cases)
    books.expect(sum(key not in books.rows[number] for number, case in now.items() for key in case.dues))
    for number, case in now.items():
        _bring(books, number, case)
    tell(books, lambda number, standard: (now[number].outcomes[standard], now[number].pledge))
    changed = books.write(judged=True)
    _write_down(act, books, len(cases), changed)
    return changed


def _judge(books: Books, cases: Mapping[str, CaseSeen]) -> dict[int, _Case]:
    """How the cases stand now; for one that was judged as of a later instant before, as of that one again."""
    groups: dict[datetime, list[CaseSeen]] = defaultdict(list)
    for case in cases.values():
        last = books.standings[case.number].judged_at
        groups[max(last, books.at) if last else books.at].append(case)
    ways = {version: judging(version) for version in {case.pledge_version for case in cases.values()}}
    found: dict[int, _Case] = {}
    for at, alike in groups.items():
        for judged in judged_many(alike, at).values():
            found[judged.case.number] = _case(judged, *ways[judged.case.pledge_version])
    return {case.number: found[case.number] for case in cases.values()}


def _case(judged: Judged, pledge: Pledge, calendars: Mapping[str, Calendar]) -> _Case:
    broken = (each for each in judged.outcomes if each.status is Status.BROKEN)
    dues = {(due.standard, due.rule): due for each in broken for due in dues_of(each, pledge, calendars)}
    return _Case(judged.case, pledge, {each.standard: each for each in judged.outcomes}, dues)


def _bring(books: Books, number: int, case: _Case) -> None:
    """Bring one case's entitlements, ledger and vouchers in line with what its outcomes give."""
    seen = books.cases[number]
    rows = books.rows[number]
    kept = set()
    for key, due in case.dues.items():
        row = rows.get(key)
        if due.rule.endswith("+") and not _may_top_up(rows.get((due.standard, due.rule[:-1])), row, due):
            continue
        kept.add(key)
        if row is None:
            if not _is_worth(due):
                continue
            row = new_row(number, seen.pledge, seen.service, due, books.at)
            take(row, due)
            books.add(row)
        elif not (due.rule.endswith("+") and _given(rows[due.standard, due.rule[:-1]])):
            take(row, due)
    for key, row in rows.items():
        if key not in kept:
            withdraw(row)
    for row in books.all(number):
        _carry_out(books, row, case)


def _carry_out(books: Books, row: Entitlement, case: _Case) -> None:
    posted = books.stand(row).posted
    if pass_time(row, books.at):
        books.change(row.standing_id).late.append(row)
    if row.pays or posted:
        why = case.why(row.standard) if row.target < posted else "grown" if posted else "owed"
        books.carry_out(row, why)
    settle(row, books.at, outstanding=books.stand(row).unpaid, finished=case.finished(row.standard))
    before = books.before.get(row.id)
    if before and before[0] != State.REVERSED and row.state == State.REVERSED:
        change = books.change(row.standing_id)
        change.reversed.append(row)
        change.why[row.standard] = case.why_in_words(row.standard)
    elif before and before != (row.state, row.target):
        books.change(row.standing_id)


def _is_worth(due: Due) -> bool:
    """Whether a remedy gives anything: not when it is a sum of nothing, as where another standard pays."""
    if due.choices:
        return any(offer.pence or offer.kind not in PAYING for offer in due.choices)
    return bool(due.pence) or due.kind not in PAYING


def _given(row: Entitlement) -> bool:
    return row.state == State.SETTLED


def _may_top_up(remedy: Entitlement | None, top_up: Entitlement | None, due: Due) -> bool:
    """Whether a remedy came, or is, later than its own deadline (`due.owed_at`): then there is more to give."""
    if remedy is None or remedy.state not in COUNTS:
        return False
    return remedy.settled_at is None or remedy.settled_at > due.owed_at


def _write_down(act: Act, books: Books, cases: int, changed: int) -> None:
    """One entry for the act, and one for each case where it did something."""
    told = [(change.reference, change.told) for change in books.changes.values() if change.told]
    if cases == 1 and len(told) == 1:
        act.about(told[0][0], **told[0][1])
        return
    act.about("remedies", cases=cases, changed=changed)
    for reference, said in told:
        act.also(reference, **said)
