"""The measures of contacts: how many for each outcome, which were avoidable, which were chases or other failure."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import Journeys
from ..measure import Measure
from ..store import Store
from . import avoidable, demand, outcomes
from .facts import facts_of
from .ratios import told
from .settings import Settings

DEFINITIONS = (*outcomes.DEFINITIONS, *avoidable.DEFINITIONS, *demand.DEFINITIONS)


def measures(journeys: Journeys, store: Store, settings: Settings, by: Sequence[str]) -> list[Measure]:
    """Every measure of `DEFINITIONS`, of all and by each column of `by`: `need`, `organisation`, `channel`.

    What is told of journeys is grouped by where and how each began; what is told of contacts by the organisation and
    the channel of the contact itself, and by the need of its journey.
    """
    known = journeys.log.known
    window = outcomes.sums(_as_of(journeys, store, settings), settings.window_days)
    with facts_of(journeys, store) as facts:
        found = told(outcomes.frame(facts), window, outcomes.QUANTITIES, store=store, by=by, known=known)
    contacts = _contacts(journeys, by)
    sums = {**avoidable.sums(settings.reasons), **demand.chase_sums()}
    quantities = [*avoidable.quantities(settings.reasons), *demand.chase_quantities(known)]
    found += told(_alike(contacts, settings, by), sums, quantities, store=store, by=by, known=known)
    promises = list(demand.promise_quantities(known))
    return found + told(
        demand.with_promises(contacts), demand.promise_sums(), promises, store=store, by=by, known=known
    )


def _as_of(journeys: Journeys, store: Store, settings: Settings) -> int:
    """Up to when the log is complete."""
    if settings.as_of is not None:
        return settings.as_of
    (row,) = store.rows(journeys.whole.select(nw.col("last").max()))
    return int(row["last"] or 0)


def _contacts(journeys: Journeys, by: Sequence[str]) -> Frame:
    """The contacts with `chase`; `need` is that of the journey."""
    contacts = demand.with_chases(journeys.contacts, journeys)
    if "need" not in by:
        return contacts
    return contacts.drop("need").join(journeys.whole.select("journey", "need"), on="journey")


def _alike(contacts: Frame, settings: Settings, by: Sequence[str]) -> Frame:
    """A row for all contacts of a block that are alike in all that is told of them: `contacts` is how many.

    There are far fewer of these rows than contacts, and words are looked up in the list of reasons once for each.
    """
    alike = dict.fromkeys(("block", *by, *demand.SAID, "chase", *avoidable.VIEWS.values()))
    counted = contacts.with_columns(**demand.said()).select(*alike, "weight", contacts=nw.lit(1.0))
    rows = counted.group_by(*alike).agg(nw.col("contacts", "weight").sum())
    return rows.with_columns(**{who: settings.reasons.code(column) for who, column in avoidable.VIEWS.items()})
