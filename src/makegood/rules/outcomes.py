"""How a standard stands for a case: the value that every evaluation gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .conditions import Missing
from .explanation import Explanation, amounts_of
from .money import from_pence
from .remedy import PAYING, Owed, nothing
from .working_time import Zone


class Status(StrEnum):
    """How a standard stands for a case. `LEFT_OUT` and `PENDING` cases have no row in result files."""

    LEFT_OUT = "left out"
    PENDING = "pending"
    VOID = "void"
    EXCUSED = "excused"
    UNKNOWN = "unknown"
    KEPT = "kept"
    BROKEN = "broken"
    RUNNING = "running"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one standard stands for one case as of an instant.

    `lateness` is whole seconds from the deadline (or the instant the pledge names) to the finish or `as_of`.
    `reason` says in the pledge's own names why it is void, excused or unknown. `missing` names what is missing.
    """

    case_id: str
    standard: str
    status: Status
    version: str = ""
    start: int | None = None
    due: int | None = None
    finish: int | None = None
    lateness: int = 0
    remedies: tuple[Owed, ...] = ()
    reason: str = ""
    missing: Missing = ()
    pence: int = 0
    zone: Zone
    explanation: Explanation | None = None

    @property
    def owed(self) -> Decimal:
        """Pounds owed in money or vouchers, before claim, payment, set-off and top-up."""
        return from_pence(self.pence)

    @property
    def due_at(self) -> datetime | None:
        """The deadline in the pledge's zone."""
        return None if self.due is None else self.zone.datetime(self.due)

    @property
    def started_at(self) -> datetime | None:
        """The start in the pledge's zone."""
        return None if self.start is None else self.zone.datetime(self.start)

    @property
    def finished_at(self) -> datetime | None:
        """The finish that counts, in the pledge's zone."""
        return None if self.finish is None else self.zone.datetime(self.finish)

    @property
    def has_row(self) -> bool:
        """Whether result files have a row for it."""
        return self.status not in (Status.LEFT_OUT, Status.PENDING)


def payable(remedies: tuple[Owed, ...]) -> int:
    """The pence that several remedies come to in money or vouchers."""
    return sum(owed.pence for owed in remedies if owed.kind in PAYING or owed.choices)


def with_remedies(outcome: Outcome, remedies: tuple[Owed, ...]) -> Outcome:
    """The same outcome with other remedies, in its sum and its explanation too."""
    explanation = outcome.explanation
    if explanation:
        explanation = replace(explanation, amounts=amounts_of(remedies))
    return replace(outcome, remedies=remedies, pence=payable(remedies), explanation=explanation)


def without_money(outcome: Outcome, why: str) -> Outcome:
    """The same outcome with every payment at nothing, and why."""
    remedies = (nothing(owed, why) if owed.kind in PAYING or owed.choices else owed for owed in outcome.remedies)
    return with_remedies(outcome, tuple(remedies))


def as_chosen(outcome: Outcome, chosen: Mapping[int, int]) -> Outcome:
    """The same outcome, in its sum and its explanation too, with what was chosen instead of each choice among several.

    `chosen` says by a remedy's place which of its choices it is, both from 0. What comes instead keeps the deadline of
    the choice, and what is owed because it was late. A place that leaves no such choice stays as it is.

    >>> from .language.model import Remedy, Remedying
    >>> from .working_time import zone_named
    >>> kinds = {kind: {"kind": kind, "source": Remedy(kind=kind), "zone": zone_named("UTC")} for kind in Remedying}
    >>> pay, voucher = Owed(**kinds[Remedying.MONEY], pence=500), Owed(**kinds[Remedying.VOUCHER], pence=800)
    >>> either = Owed(**kinds[Remedying.CHOICE], pence=500, choices=(pay, voucher))
    >>> outcome = Outcome(case_id="1", standard="x", status=Status.BROKEN, zone=zone_named("UTC"))
    >>> as_chosen(with_remedies(outcome, (either,)), {0: 1}).owed
    Decimal('8.00')
    """
    return with_remedies(outcome, tuple(_taken(owed, chosen.get(at)) for at, owed in enumerate(outcome.remedies)))


def _taken(owed: Owed, choice: int | None) -> Owed:
    if choice is None or not 0 <= choice < len(owed.choices):
        return owed
    taken = owed.choices[choice]
    due = owed.due if taken.due is None else taken.due
    return replace(taken, due=due, done=owed.done, top_up=owed.top_up)
