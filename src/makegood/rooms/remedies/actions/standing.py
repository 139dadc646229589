"""How one entitlement stands: what it takes over from the outcome, what it gives, and when to look at it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from makegood.database import tables
from makegood.rules.language.model import Route

from ..models import Entitlement
from ..rules.dues import AT_ONCE, Due
from ..rules.kinds import COUNTS, DUE, PAYING, SAID, Kind, State, terms

_SECOND = timedelta(seconds=1)


def gives(row: Entitlement) -> Kind:
    """What a remedy comes to: of a choice what was chosen, or what stands until then."""
    if row.kind == Kind.CHOICE:
        return Kind(row.choices[_pick(row)]["kind"])
    if row.kind == Kind.DISCRETION and row.pays:
        return Kind(row.pays)
    return Kind(row.kind)


def _pick(row: Entitlement) -> int:
    if row.chosen is not None:
        return row.chosen
    paying = (place for place, offer in enumerate(row.choices) if offer["kind"] in PAYING)
    return next(paying, 0)


def new_row(case: int, pledge: str, service: str, due: Due, at: datetime) -> Entitlement:
    """An entitlement that a rule gives for the first time."""
    offered = due.route is Route.CLAIM
    row = tables.row(
        Entitlement,
        standing_id=case,
        pledge=pledge,
        service=service,
        standard=due.standard,
        rule=due.rule,
        kind=due.kind,
        state=State.OPEN if due.kind is Kind.DISCRETION else State.OFFERED if offered else State.OWED,
        owed_at=due.owed_at,
        offered_until=due.offered_until if offered else None,
    )
    if due.kind is Kind.CHOICE:
        waits = at + timedelta(days=terms().choose_days)
        row.choose_until = min(waits, due.due_at) if due.due_at else waits
    return row


def take(row: Entitlement, due: Due) -> None:
    """Take over what the rule gives now; what people did about it stands."""
    row.kind, row.words, row.payer = due.kind, due.words[:500], due.payer[:200]
    row.by_whom = due.by_whom[:200] or (row.by_whom if row.team else "")
    row.route, row.settles, row.most = due.route, due.settles[:200], due.most
    own = due.due_at or (row.due_at if row.team else None)
    if own != row.due_at:
        row.due_at, row.late_at = own, None
    row.grows = due.grows
    row.choices = [offer.data() for offer in due.choices]
    if row.chosen is not None and row.chosen >= len(row.choices):
        row.chosen = None
    if row.state == State.REVERSED:
        row.state = _again(row)
        row.settled_at = None
    if row.most is not None:
        row.added = min(row.added, row.most)
    _size(row, due.pence)


def take_choice(row: Entitlement, choice: int) -> None:
    """Somebody chose: that is what the remedy gives from now on."""
    row.chosen = choice
    _size(row, 0)


def _size(row: Entitlement, pence: int) -> None:
    kind = gives(row)
    if kind in PAYING:
        row.pays = kind
    elif row.kind != Kind.DISCRETION:
        row.pays = ""
    row.entitled = row.choices[_pick(row)]["pence"] if row.choices else pence if row.pays else 0
    aim(row)


def aim(row: Entitlement) -> None:
    """Set the sum that is due: nothing where nothing is, or is no longer, to be given."""
    counts = row.state in COUNTS and row.pays
    row.target = row.entitled + row.added if counts else 0


def _again(row: Entitlement) -> State:
    """The state of a remedy that is owed again after it was reversed."""
    if row.kind == Kind.DISCRETION:
        return State.OWED if row.added else State.OPEN
    if row.route == Route.CLAIM:
        return State.ACCEPTED if row.accepted_at else State.OFFERED
    return State.OWED


def withdraw(row: Entitlement) -> None:
    """The rule gives nothing any more. What was said or done stays so; what was declined or lapsed does too."""
    row.entitled = 0
    row.grows = False
    given = row.state == State.SETTLED and not row.pays
    if row.state in (State.DECLINED, State.LAPSED, State.REVERSED) or given:
        return
    row.state = State.REVERSED
    row.added = 0
    row.due_at = None
    row.team = ""
    aim(row)


def may_issue(row: Entitlement, at: datetime) -> bool:
    """Whether what is outstanding becomes a voucher now."""
    if row.state not in COUNTS or row.pays != Kind.VOUCHER:
        return False
    if row.grows and row.settles not in AT_ONCE:
        return False
    return not undecided(row) or (row.choose_until is not None and row.choose_until <= at)


def undecided(row: Entitlement) -> bool:
    """Whether somebody may still choose."""
    return row.kind == Kind.CHOICE and row.chosen is None and row.state in DUE


def is_said(row: Entitlement) -> bool:
    """Whether the message itself gives the remedy; what was given to a team is that team's to say."""
    return gives(row) in SAID and not row.by_whom and not row.team and not undecided(row)


def settle(row: Entitlement, at: datetime, *, outstanding: int, finished: bool) -> None:
    """Mark what has been given, and what is to be given again, now that the ledger is up to date."""
    if row.state in DUE:
        paid = row.target > 0 and outstanding <= 0
        if paid if row.pays else gives(row) is Kind.CORRECTION and finished:
            row.state, row.settled_at = State.SETTLED, at
    elif row.state == State.SETTLED and row.pays and outstanding > 0:
        row.state, row.settled_at = (State.ACCEPTED if row.accepted_at else State.OWED), None


def give_to_team(row: Entitlement, team: str, at: datetime) -> None:
    """A remedy that a person has to give becomes a task of a team, with a day by which it is to be done."""
    if row.state in DUE and not row.pays and not is_said(row) and not undecided(row) and not row.team:
        row.team = team
        row.due_at = row.due_at or at + timedelta(days=terms().task_days)


def pass_time(row: Entitlement, at: datetime) -> bool:
    """What an instant changes by itself: an offer lapses, a remedy is late. True when it has become late."""
    if row.state == State.OFFERED and row.offered_until and row.offered_until < at:
        row.state = State.LAPSED
        aim(row)
    if row.state in DUE and row.due_at and row.due_at < at and row.late_at is None:
        row.late_at = row.due_at
        return True
    return False


def next_wake(rows: Iterable[Entitlement], at: datetime) -> datetime | None:
    """When the first of some entitlements has to be looked at again after `at`, if nobody acts before."""
    instants = []
    for row in rows:
        if row.state == State.OFFERED and row.offered_until:
            instants.append(row.offered_until + _SECOND)
        if row.state in DUE and row.due_at and row.late_at is None:
            instants.append(row.due_at + _SECOND)
        if undecided(row) and row.choose_until and row.choose_until > at:
            instants.append(row.choose_until)
    return min(instants, default=None)
