"""The measures of contacts: how many for each outcome, which were avoidable, which were chases or other failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import Journeys
from ..facts import Facts
from ..joining import can_join
from ..measure import Measure
from ..store import Store
from . import avoidable, demand, outcomes
from .ratios import lacking, told
from .settings import Settings
from .telling import Telling, told_by

DEFINITIONS = (*outcomes.DEFINITIONS, *avoidable.DEFINITIONS, *demand.DEFINITIONS)


def measures(journeys: Journeys, store: Store, settings: Settings, by: Sequence[str]) -> list[Measure]:
    """Every measure of `DEFINITIONS`, of all and by each column of `by`: `need`, `organisation`, `channel`.

    What is told of journeys is grouped by where and how each began; what is told of contacts by the organisation and
    the channel of the contact itself, and by the need of its journey.
    """
    return told_by([telling], journeys, store, settings, by)


def telling(facts: Facts, store: Store, settings: Settings, by: Sequence[str]) -> Telling:
    """Outcomes of journeys, and what is told of each contact."""
    return Telling(
        summed=outcomes.of_journey(),
        sums=outcomes.sums(_as_of(facts, store, settings), settings.window_days),
        quantities=outcomes.QUANTITIES,
        rest=partial(_of_contacts, store=store, settings=settings, by=by),
    )


def _of_contacts(facts: Facts, *, store: Store, settings: Settings, by: Sequence[str]) -> list[Measure]:
    known = facts.log.known
    joined = can_join(facts, store)
    contacts = demand.with_chases(facts.beside(facts.turns, "need", "block"), facts, joined=joined)
    sums = {**avoidable.sums(settings.reasons), **demand.chase_sums()}
    quantities = [*avoidable.quantities(settings.reasons), *demand.chase_quantities(known, joined=joined)]
    found = told(_alike(contacts, settings, by), sums, quantities, store=store, by=by, known=known)
    found = found if _has_views(found) else [_at_least(each) for each in found]
    promises = list(demand.promise_quantities(known, joined=joined))
    # Without what they need nothing is told of promises, and nothing made of them.
    able = any(not lacking(each.definition, known) and not each.lacks for each in promises)
    rows = demand.with_promises(contacts) if able else contacts
    return found + told(rows, demand.promise_sums(), promises, store=store, by=by, known=known)


def _has_views(measures: Sequence[Measure]) -> bool:
    """Whether the adviser judged any contact."""
    return any(each.n for each in measures if each.definition.name == avoidable.AVOIDABLE.name)


def _at_least(measure: Measure) -> Measure:
    if measure.definition != demand.FAILURE_DEMAND:
        return measure
    return replace(measure, definition=measure.definition.as_least(demand.NO_VIEWS))


def _as_of(facts: Facts, store: Store, settings: Settings) -> int:
    """Up to when the log is complete."""
    if settings.as_of is not None:
        return settings.as_of
    (row,) = store.rows(facts.courses.select(nw.col("last").max()))
    return int(row["last"] or 0)


def _alike(contacts: Frame, settings: Settings, by: Sequence[str]) -> Frame:
    """A row for all contacts of a block that are alike in all that is told of them: `contacts` is how many.

    There are far fewer of these rows than contacts, and words are looked up in the list of reasons once for each.
    """
    alike = dict.fromkeys(("block", *by, *demand.SAID, "chase", *avoidable.VIEWS.values()))
    counted = contacts.with_columns(**demand.said()).select(*alike, "weight", contacts=nw.lit(1.0))
    rows = counted.group_by(*alike).agg(nw.col("contacts", "weight").sum())
    return rows.with_columns(**{who: settings.reasons.code(column) for who, column in avoidable.VIEWS.items()})
