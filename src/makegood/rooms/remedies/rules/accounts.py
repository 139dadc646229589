"""The ledger's accounts, and which transfers a change of what is owed calls for. Pence; a debit is positive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """Where money stands. All accounts together always come to nothing."""

    COST = "cost"  # what remedies cost us, or the payer of the remedy
    OWED = "owed"  # to residents; a debit is what was overpaid
    VOUCHERS = "vouchers"  # issued, and not yet taken
    FINANCE = "finance"  # sent to finance to be paid, and neither paid nor returned
    PAID = "paid"  # to residents, or to shops for vouchers
    LEFT = "left"  # overpaid, and left with the person by an officer's decision


@dataclass(frozen=True, slots=True)
class Transfer:
    """So many pence from one account (credit) to another (debit), and why."""

    debit: Account
    credit: Account
    pence: int
    why: str


@dataclass(frozen=True, slots=True)
class Stand:
    """How an entitlement stands in the ledger: the balance of each account, as pence of a natural sign.

    `posted` is its cost; `given` what was paid less what was left with the person. Live vouchers are asked apart.
    """

    posted: int = 0
    vouchers: int = 0
    paid: int = 0
    left: int = 0
    finance: int = 0

    @property
    def unpaid(self) -> int:
        """What has not reached the person, with finance or not; negative when too much was given."""
        return self.posted + self.left - self.vouchers - self.paid

    @property
    def outstanding(self) -> int:
        """What is still to be sent on its way; negative when too much was given."""
        return self.unpaid - self.finance


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done to an entitlement: transfers in order, live vouchers to cancel, and pence to issue anew."""

    transfers: tuple[Transfer, ...] = ()
    cancel: tuple[int, ...] = ()
    issue: int = 0
    overpaid: int = 0


def owe(stand: Stand, target: int, why: str) -> tuple[Transfer, ...]:
    """The transfer that brings the cost to `target`: a further posting, or an opposite one.

    >>> owe(Stand(posted=500), 1200, "grown")
    (Transfer(debit=<Account.COST: 'cost'>, credit=<Account.OWED: 'owed'>, pence=700, why='grown'),)
    >>> owe(Stand(posted=500), 0, "exempt")[0].debit
    <Account.OWED: 'owed'>
    """
    change = target - stand.posted
    if not change:
        return ()
    if change > 0:
        return (Transfer(Account.COST, Account.OWED, change, why),)
    return (Transfer(Account.OWED, Account.COST, -change, why),)


def plan(stand: Stand, target: int, live: Sequence[tuple[int, int]], *, why: str, issue: bool) -> Plan:
    """What brings an entitlement to its target. `live` are its vouchers not yet taken, as (id, pence), oldest first.

    A voucher that is worth more than what is still owed is cancelled, and what remains is issued anew. With `issue`
    what is outstanding becomes a voucher. What was paid beyond the target is never taken back: it is `overpaid`.

    >>> plan(Stand(posted=1000, vouchers=1000), 0, [(7, 1000)], why="exempt", issue=True).cancel
    (7,)
    """
    transfers = list(owe(stand, target, why))
    outstanding = target + stand.left - stand.vouchers - stand.paid - stand.finance
    cancel = []
    for voucher, pence in reversed(live):
        if outstanding >= 0:
            break
        transfers.append(Transfer(Account.VOUCHERS, Account.OWED, pence, "voucher cancelled"))
        outstanding += pence
        cancel.append(voucher)
    if outstanding > 0 and stand.left > 0:  # what was left with the person counts again before anything more is given
        back = min(outstanding, stand.left)
        transfers.append(Transfer(Account.OWED, Account.LEFT, back, "owed again"))
        outstanding -= back
    anew = outstanding if outstanding > 0 and (issue or cancel) else 0
    if anew:
        transfers.append(Transfer(Account.OWED, Account.VOUCHERS, anew, "voucher issued"))
    return Plan(tuple(transfers), tuple(cancel), anew, max(-outstanding, 0))
