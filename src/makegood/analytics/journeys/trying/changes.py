"""What a change would save, and how two periods or places differ, as plain values for the report and the exports."""

from __future__ import annotations

from dataclasses import dataclass

from ...sureness import Interval
from ..measure import Definition, Measure


@dataclass(frozen=True, kw_only=True)
class Saved:
    """So much less over the whole log, in the unit of its field; a saving is above 0, what a change adds below.

    `low` and `high` are both ends of the range that the assumption allows.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change that partners could make, as `title` says it in words, and what it would save.

    `contacts` counts contacts, `minutes` the customers' own time, `pounds` the partners' cost; `None` is unknown.
    `assumption` is a sentence that has to hold. `agreement` names the sharing agreement that allows the change; empty
    when it needs none; with `allowed` false it names what would have to be agreed first. `journeys` is how many the
    change touches.
    """

    title: str
    assumption: str
    journeys: int
    contacts: Saved | None = None
    minutes: Saved | None = None
    pounds: Saved | None = None
    agreement: str = ""
    allowed: bool = True


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A measure in two periods or places. `difference` is after less before, adjusted for the mix of needs.

    `sure` is false where the difference may be chance: then it is called none. `sentence` says it all in words.
    """

    definition: Definition
    before: Measure
    after: Measure
    difference: float | None
    interval: Interval | None
    sure: bool
    sentence: str
