"""What remedies announce. `subject` is always the reference of the case; `remedy` the number of the entitlement."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.rooms.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class RemedyOwed(Event):
    """A remedy came to be owed, or to be offered. `pence` is nothing for remedies that are no money.

    With the state `settled` it reached the person in the same act; `RemedySettled` is not announced for it then.
    """

    remedy: int
    standard: str
    rule: str
    remedy_kind: str
    state: str
    pence: int = 0


@dataclass(frozen=True, kw_only=True)
class RemedyChanged(Event):
    """The sum grew or was corrected, or somebody accepted or chose."""

    remedy: int
    state: str
    pence: int
    was_pence: int


@dataclass(frozen=True, kw_only=True)
class RemedySettled(Event):
    """A remedy that was owed before reached the person: said, given, issued or paid."""

    remedy: int
    remedy_kind: str
    pence: int = 0


@dataclass(frozen=True, kw_only=True)
class RemedyReversed(Event):
    """What was owed is not owed after all. `overpaid` are the pence that had been given before."""

    remedy: int
    was_pence: int
    overpaid: int = 0


@dataclass(frozen=True, kw_only=True)
class RemedyDeclined(Event):
    """The resident does not want it."""

    remedy: int
    was_pence: int


@dataclass(frozen=True, kw_only=True)
class RemedyLapsed(Event):
    """The time to ask for it ran out."""

    remedy: int


@dataclass(frozen=True, kw_only=True)
class RemedyLate(Event):
    """A remedy was not given by its own deadline. `top_up` is what is owed for that, at this instant."""

    remedy: int
    top_up: int = 0


@dataclass(frozen=True, kw_only=True)
class RemedyAdded(Event):
    """A member of staff added to a remedy at discretion; `pence` in all."""

    remedy: int
    pence: int


@dataclass(frozen=True, kw_only=True)
class VoucherIssued(Event):
    """A voucher was issued. Its code is not told here."""

    remedy: int
    voucher: int
    pence: int


@dataclass(frozen=True, kw_only=True)
class VoucherRedeemed(Event):
    """A shop took a voucher."""

    remedy: int
    voucher: int
    pence: int
    shop: str


@dataclass(frozen=True, kw_only=True)
class VoucherCancelled(Event):
    """A voucher is no longer good: its remedy was reversed or declined, or it was replaced."""

    remedy: int
    voucher: int
    replaced: bool = False


@dataclass(frozen=True, kw_only=True)
class TaskSet(Event):
    """A remedy that a person has to give is now a task of a team."""

    remedy: int
    remedy_kind: str
    team: str


@dataclass(frozen=True, kw_only=True)
class TaskFinished(Event):
    """The task was done, and the resident told."""

    remedy: int
    remedy_kind: str
    team: str
