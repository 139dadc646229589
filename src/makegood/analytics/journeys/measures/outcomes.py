"""What it takes to get there: contacts for each outcome, and what was settled at the first contact. By journey."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals.stable.v2 as nw

from ..columns import MICROSECONDS
from ..measure import Definition
from .ratios import Quantity

DAY = 24 * 60 * 60 * MICROSECONDS

CONTACTS_PER_OUTCOME = Definition(
    name="contacts_per_outcome",
    title="Contacts for each completed outcome",
    unit="contacts",
    of="journeys",
    says=(
        "How often a customer whose need was met had been in contact by then. Only journeys that a contact completed "
        "count, each with its contacts up to and including the first that completed it; those not completed, or of "
        "which that is not known, are unknown. Contacts are counted as the log has them, whatever their weight: a "
        "sample of contacts cuts journeys to pieces."
    ),
    formula="contacts of completed journeys, up to the completing one ÷ completed journeys",
    source="The draft formula of NI 14 (2007), told of completed journeys only",
    needs=("completed",),
    better="lower",
)
ALL_CONTACTS_PER_OUTCOME = Definition(
    name="all_contacts_per_outcome",
    title="All contacts for each completed outcome, unfinished journeys too",
    unit="contacts",
    of="journeys",
    says=(
        "How many contacts partners deal with for each need that is met: all contacts count, those of journeys that "
        "led nowhere or are still open and those after the completing one too. A journey of which no contact says "
        "whether it was completed is unknown, with all its contacts."
    ),
    formula="contacts of all journeys ÷ completed journeys",
    source="The draft formula of NI 14 (2007), told of whole journeys",
    needs=("completed",),
    better="lower",
)
RESOLVED_AT_FIRST = Definition(
    name="resolved_at_first_contact",
    title="Resolved at first contact",
    unit="share",
    of="journeys",
    says=(
        "The share of journeys whose first contact settled what was asked, so that no further contact of the journey "
        "began in the days after it (the window, from the start of the first contact; exactly that long after is still "
        "within). A journey that is younger than the window at the log's end is unknown, whatever happened in it, and "
        "so is one of which the first contact does not say whether it settled anything."
    ),
    formula="journeys resolved in their first contact and not taken up again within the window ÷ journeys",
    source="First contact resolution as contact centres generally use it, with a window of 7 to 30 days",
    needs=("resolved",),
    better="higher",
)
NI14_DRAFT = Definition(
    name="contacts_per_resolved_request",
    title="Contacts for each resolved request (NI 14 as drafted in 2007)",
    unit="contacts",
    of="journeys",
    says=(
        "How many contacts there are for each request that was resolved. A request is a journey; it was resolved when "
        "a contact of it was. Contacts of requests that were not resolved count too. A sampled contact stands for as "
        "many as its weight says, a resolved request for as many as the contacts in which it was resolved, on average. "
        "A journey of which no contact says whether it was resolved is unknown."
    ),
    formula="contacts ÷ resolved requests",
    source="National indicator 14, consultation draft of 2007: contacts for each resolved request",
    needs=("resolved",),
    better="lower",
)
DEFINITIONS = (CONTACTS_PER_OUTCOME, ALL_CONTACTS_PER_OUTCOME, RESOLVED_AT_FIRST, NI14_DRAFT)

QUANTITIES = (
    Quantity(
        definition=CONTACTS_PER_OUTCOME,
        sums=("contacts until completed", "completed"),
        n="completed",
        unknown="not completed",
    ),
    Quantity(
        definition=ALL_CONTACTS_PER_OUTCOME,
        sums=("contacts", "completed"),
        n="known whether completed",
        unknown="unknown whether completed",
        without="a completed journey",
    ),
    Quantity(
        definition=RESOLVED_AT_FIRST,
        sums=("resolved at first", "first is known"),
        n="first is known",
        unknown="first is unknown",
        exact=True,
    ),
    Quantity(
        definition=NI14_DRAFT,
        sums=("weights", "resolved"),
        n="known whether resolved",
        unknown="unknown whether resolved",
        without="a resolved request",
    ),
)


def of_journey() -> Mapping[str, nw.Expr]:
    """What is needed of the contacts of each journey: `Telling.summed`."""
    place, weight, resolved = nw.col("place"), nw.col("weight"), nw.col("resolved")
    settled = resolved.cast(nw.Int64)
    return {
        "weight": weight.sum(),
        "second": nw.when(place == 2).then(nw.col("start")).min(),
        "settled": settled.max(),
        "settled_first": nw.when(place == 1).then(settled).max(),
        "settled_weight": nw.when(resolved).then(weight).mean(),
    }


def sums(as_of: int, window_days: int) -> Mapping[str, nw.Expr]:
    """What is summed over `courses` with the sums of each journey; the log is complete up to an instant."""
    completed, settled = nw.col("completed"), nw.col("settled")
    window = window_days * DAY
    old = nw.col("first") <= as_of - window
    known = old & ~nw.col("settled_first").is_null()
    again = (nw.col("second") - nw.col("first") <= window).fill_null(value=False)
    known_completed = ~completed.is_null()
    return {
        "contacts": nw.when(known_completed).then(nw.col("contacts")),
        "contacts until completed": nw.when(completed).then(nw.col("completing")),
        "completed": completed,
        "not completed": ~completed.fill_null(value=False),
        "known whether completed": known_completed,
        "unknown whether completed": completed.is_null(),
        "resolved at first": known & (nw.col("settled_first") == 1) & ~again,
        "first is known": known,
        "first is unknown": ~known,
        "weights": nw.when(~settled.is_null()).then(nw.col("weight")),
        "resolved": nw.when(settled == 1).then(nw.col("settled_weight")),
        "known whether resolved": ~settled.is_null(),
        "unknown whether resolved": settled.is_null(),
    }
