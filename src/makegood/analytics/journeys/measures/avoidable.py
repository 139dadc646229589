"""Avoidable contact as the adviser and as the customer see it, and whether the two agree. By contact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import narwhals.stable.v2 as nw

from ..columns import NOT_AVOIDABLE
from ..measure import Definition
from .ratios import Quantity
from .reasons import Reasons
from .sure import Sums

_NI14 = "National indicator 14 as published in February 2008, told there × 100; collected in England until April 2010"
_UNKNOWN = "A contact for which nobody gave a view, or a word that the list of reasons does not have, is unknown."

AVOIDABLE = Definition(
    name="avoidable_contact",
    title="Avoidable contact (NI 14 as published in 2008)",
    unit="share",
    of="contacts",
    says=(
        "The share of contacts that the adviser judged to be of low or no value to the customer. Each contact counts "
        f"with its weight: as many as it stands for when contacts were sampled. {_UNKNOWN}"
    ),
    formula="contacts with an avoidable reason by the adviser ÷ contacts with the adviser's view",
    source=_NI14,
    needs=("reason_adviser",),
    better="lower",
)
AVOIDABLE_TO_CUSTOMER = Definition(
    name="avoidable_contact_to_customer",
    title="Avoidable contact as the customer sees it",
    unit="share",
    of="contacts",
    says=f"As avoidable contact, by what the customer said instead. {_UNKNOWN}",
    formula="contacts with an avoidable reason by the customer ÷ contacts with the customer's view",
    source="The answer to NI 14's best known fault: that the council alone was asked",
    needs=("reason_customer",),
    better="lower",
)
AVOIDABLE_BY_REASON = Definition(
    name="avoidable_contact_by_reason",
    title="Avoidable contact by reason",
    unit="share",
    of="contacts",
    says=f"The share of contacts that the adviser judged avoidable for this reason, weighted. {_UNKNOWN}",
    formula="contacts with this reason by the adviser ÷ contacts with the adviser's view",
    source=_NI14,
    needs=("reason_adviser",),
    better="lower",
)
AVOIDABLE_TO_CUSTOMER_BY_REASON = Definition(
    name="avoidable_contact_to_customer_by_reason",
    title="Avoidable contact by reason, as the customer sees it",
    unit="share",
    of="contacts",
    says=f"The share of contacts that the customer found avoidable for this reason, weighted. {_UNKNOWN}",
    formula="contacts with this reason by the customer ÷ contacts with the customer's view",
    source="As avoidable contact as the customer sees it",
    needs=("reason_customer",),
    better="lower",
)
AGREEMENT = Definition(
    name="agreement",
    title="Adviser and customer agree",
    unit="share",
    of="contacts",
    says=(
        "Of the contacts with both views, the share where both say avoidable or both say not, whatever the reasons; "
        "weighted. All others are unknown."
    ),
    formula="contacts with both views alike ÷ contacts with both views",
    source="Raw agreement",
    needs=("reason_adviser", "reason_customer"),
    better="higher",
)
KAPPA = Definition(
    name="agreement_beyond_chance",
    title="Adviser and customer agree beyond chance (Cohen's kappa)",
    unit="agreement",
    of="contacts",
    says=(
        "How far adviser and customer agree whether a contact was avoidable, beyond what two who guess as often would: "
        "1 is always, 0 is no more than by chance, below 0 is less. Weighted; unknown where either view is. Not told "
        "where everything is alike, because chance would do as well."
    ),
    formula="(agreement − agreement by chance) ÷ (1 − agreement by chance)",
    source="J. Cohen, A coefficient of agreement for nominal scales, 1960",
    needs=("reason_adviser", "reason_customer"),
    better="higher",
)
DEFINITIONS = (
    AVOIDABLE,
    AVOIDABLE_TO_CUSTOMER,
    AVOIDABLE_BY_REASON,
    AVOIDABLE_TO_CUSTOMER_BY_REASON,
    AGREEMENT,
    KAPPA,
)

VIEWS = {"adviser": "reason_adviser", "customer": "reason_customer"}
"""By whose view, and in which column it is."""

_WHOLE = {"adviser": AVOIDABLE, "customer": AVOIDABLE_TO_CUSTOMER}
_BY_REASON = {"adviser": AVOIDABLE_BY_REASON, "customer": AVOIDABLE_TO_CUSTOMER_BY_REASON}
_TABLE = ("both avoidable", "adviser alone", "customer alone", "neither avoidable")


def kappa(table: Sums) -> float | None:
    """Cohen's kappa of two raters from how often both said yes, only the first, only the second, and both no.

    `None` when both always said the same one thing, or nothing. Source: J. Cohen, 1960.

    >>> round(kappa((20, 5, 10, 15)), 6)
    0.4
    """
    both, first, second, neither = table
    whole = sum(table)
    if not whole:
        return None
    alike = (both + neither) / whole
    chance = ((both + first) * (both + second) + (second + neither) * (first + neither)) / whole**2
    return (alike - chance) / (1 - chance) if chance < 1 else None


def sums(reasons: Reasons) -> Mapping[str, nw.Expr]:
    """What is summed over rows of alike contacts, which have `adviser` and `customer` as codes of reasons."""
    weight, contacts = nw.col("weight"), nw.col("contacts")
    found: dict[str, nw.Expr] = {}
    for who in VIEWS:
        view = nw.col(who)
        found |= {
            f"{who} is known": nw.when(~view.is_null()).then(contacts),
            f"{who} is unknown": nw.when(view.is_null()).then(contacts),
            f"weight by {who}": nw.when(~view.is_null()).then(weight),
            f"avoidable by {who}": nw.when(view != NOT_AVOIDABLE).then(weight),
        }
        for reason in reasons.reasons:
            found[_sum(who, reason.code)] = nw.when(view == reason.code).then(weight)
    adviser, customer = (nw.col(who) != NOT_AVOIDABLE for who in VIEWS)
    cells = (adviser & customer, adviser & ~customer, ~adviser & customer, ~adviser & ~customer)
    both = ~(nw.col("adviser").is_null() | nw.col("customer").is_null())
    return {
        **found,
        **{name: nw.when(cell).then(weight) for name, cell in zip(_TABLE, cells, strict=True)},
        "both alike": nw.when(adviser == customer).then(weight),
        "weight by both": nw.when(both).then(weight),
        "both are known": nw.when(both).then(contacts),
        "one is unknown": nw.when(~both).then(contacts),
    }


def _sum(who: str, code: str) -> str:
    return f"reason {code} by {who}"


def quantities(reasons: Reasons) -> Iterator[Quantity]:
    """The shares by either view, whole and by reason, and how far the views agree."""
    for who in VIEWS:
        whole, n, unknown = f"weight by {who}", f"{who} is known", f"{who} is unknown"
        yield Quantity(definition=_WHOLE[who], sums=(f"avoidable by {who}", whole), n=n, unknown=unknown)
        for reason in reasons.reasons:
            yield Quantity(
                definition=_BY_REASON[who],
                sums=(_sum(who, reason.code), whole),
                n=n,
                unknown=unknown,
                by={"reason": reason.code},
            )
    n, unknown = "both are known", "one is unknown"
    yield Quantity(definition=AGREEMENT, sums=("both alike", "weight by both"), n=n, unknown=unknown)
    yield Quantity(definition=KAPPA, sums=_TABLE, n=n, unknown=unknown, value=kappa, without="two views that differ")
