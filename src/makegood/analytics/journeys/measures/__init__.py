"""Every measure of journeys with its definition, what it rests on, what is unknown, and how sure it is.

`measure` tells them all; each module here owns some of them, with their definitions, and the sums they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..columns import Journeys
from ..joining import NOTHING_JOINS, can_join
from ..measure import Definition, Measure
from ..store import Store
from . import asked, contacts, effort, pillar
from .settings import Settings
from .telling import told_by

__all__ = ["DEFINITIONS", "GROUPS", "Settings", "measure"]

_MODULES = (contacts, pillar, asked, effort)
_USUAL = Settings()

GROUPS = ("need", "organisation", "channel")
"""By what measures are told, where the log has it."""

DEFINITIONS: Mapping[str, Definition] = {each.name: each for module in _MODULES for each in module.DEFINITIONS}
"""All measures by name."""


def measure(journeys: Journeys, store: Store, settings: Settings = _USUAL, by: Sequence[str] = GROUPS) -> list[Measure]:
    """Every measure of `DEFINITIONS`, over all journeys and for each value of each of the columns `by`.

    A measure that cannot be told from this log is there too, without a value, and says what it lacks. In a log in
    which nothing could join two contacts, no measure of journeys can be told.
    """
    found = told_by([module.telling for module in _MODULES], journeys, store, settings, by)
    return found if can_join(journeys, store) else [_untold(each) for each in found]


def _untold(measure: Measure) -> Measure:
    if measure.definition.of != "journeys":
        return measure
    lacks = (NOTHING_JOINS, *(each for each in measure.lacks if each in measure.definition.needs))
    return replace(measure, value=None, n=0, unknown=0, interval=None, method="", lacks=lacks, parts=None)
