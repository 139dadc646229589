"""What modules of measures tell of journeys, all of it in one pass over one row for each journey."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import Journeys
from ..facts import Facts, facts_of
from ..measure import Measure
from ..store import Store, put_beside
from .ranked import Rank, ranks
from .ratios import Quantity, told
from .settings import Settings


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What a module tells of some journeys.

    - `summed`: what it needs of the contacts of each journey: sums over `Facts.turns`, under names of its own.
    - `beside`: frames with further columns of journeys, by `number`; a journey that they do not have has null there.
    - `sums`, `quantities`: what is told of whole journeys, as for `ratios.told`.
    - `ranked`, `ranks`: values of whole journeys, and what is told of their places in order, as for `ranked.ranks`.
    - `rest`: what else it tells, of facts whose `courses` have all these columns.
    - `kept`: frames that are dropped once all is told.
    """

    summed: Mapping[str, nw.Expr] = field(default_factory=dict)
    beside: Sequence[Frame] = ()
    sums: Mapping[str, nw.Expr] = field(default_factory=dict)
    quantities: Sequence[Quantity] = ()
    ranked: Mapping[str, nw.Expr] = field(default_factory=dict)
    ranks: Sequence[Rank] = ()
    rest: Callable[[Facts], Sequence[Measure]]
    kept: Sequence[Frame] = ()


Teller = Callable[[Facts, Store, Settings, Sequence[str]], Telling]
"""A module's own: what it tells of journeys, with the settings, over all and by each of some columns."""


def told_by(
    tellers: Sequence[Teller], journeys: Journeys, store: Store, settings: Settings, by: Sequence[str]
) -> list[Measure]:
    """What each of the tellers tells, one after another: first of whole journeys, then the rest."""
    with facts_of(journeys, store) as plain:
        tellings = [teller(plain, store, settings, by) for teller in tellers]
        with _with_all(plain, tellings, store) as facts:
            sums = {name: each for telling in tellings for name, each in telling.sums.items()}
            quantities = [each for telling in tellings for each in telling.quantities]
            whole = told(facts.courses, sums, quantities, store=store, by=by, known=facts.log.known)
            values = {name: each for telling in tellings for name, each in telling.ranked.items()}
            wanted = [each for telling in tellings for each in telling.ranks]
            whole += ranks(facts.courses, values, wanted, store=store, by=by, known=facts.log.known)
            return [each for telling in tellings for each in (*_own(telling, whole), *telling.rest(facts))]


@contextmanager
def _with_all(facts: Facts, tellings: Sequence[Telling], store: Store) -> Iterator[Facts]:
    """With `courses` that have all columns which the tellings need."""
    sides = [frame for telling in tellings for frame in telling.beside]
    if summed := {name: each for telling in tellings for name, each in telling.summed.items()}:
        sides = [facts.turns.group_by("number").agg(**summed), *sides]
    courses = put_beside(store, facts.courses, sides, on="number")
    yield replace(facts, courses=courses)
    store.drop(courses, *(frame for telling in tellings for frame in telling.kept))


def _own(telling: Telling, measures: Sequence[Measure]) -> Iterator[Measure]:
    ours: list[Quantity | Rank] = [*telling.quantities, *telling.ranks]
    names = {each.definition.name for each in ours}
    return (each for each in measures if each.definition.name in names)
