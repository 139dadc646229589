"""A contact log studied whole: journeys, measures, the map, what differs, and what changes would save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from .columns import Journeys
from .compare import PERIODS, chance, compare, split
from .flows.flow import Flow
from .flows.graph import flow_of, with_steps
from .measure import Measure
from .measures import Settings, asked, measure, pillar
from .pages.report import report_page
from .store import Store
from .trying.changes import Change, Compared
from .trying.proposals import Proposal
from .trying.readings import readings
from .trying.search import Best, best_changes, candidates
from .trying.what_if import check_names, tried_on, what_if

CANNOT_SAY = (
    "A log tells what somebody wrote down. Contacts that nobody noted are not here.",
    "That one thing comes after another does not prove that it comes from it.",
    "Nothing here tells how well any member of staff works: most causes lie in how the work is arranged.",
    "A saved contact is time for something else; it is not money in hand until somebody decides what to do with it.",
)


@dataclass(frozen=True, kw_only=True)
class Study:
    """What was found in a log. `compared` and `changes` are `None` where nothing was to be compared or changed;
    `changes` are empty where none was found.

    `names` say what the two sides that were compared are called.
    `readings` are horizontal and vertical integration on the same data, in that order.
    """

    journeys: Journeys
    settings: Settings
    measures: Sequence[Measure]
    flow: Flow
    changes: Sequence[Change] | None = None
    best: Best | None = None
    compared: Sequence[Compared] | None = None
    names: tuple[str, str] = PERIODS
    readings: tuple[Sequence[Measure], Sequence[Measure]] | None = None

    def value(self, name: str) -> Measure:
        """A measure over all journeys, by its name. Raises `KeyError`."""
        for each in self.measures:
            if each.definition.name == name and not each.by:
                return each
        raise KeyError(name)


def study(
    journeys: Journeys, store: Store, settings: Settings | None = None, *, proposals: Sequence[Proposal] = (),
    changes: int = 3, against: tuple[Journeys, Journeys] | None = None, names: tuple[str, str] = PERIODS,
    tried_on_after: bool = False,
) -> Study:  # fmt: skip
    """Study journeys: every measure, the map, what `proposals` would save, and the best `changes` the log suggests.

    `against` are the two sides to compare, called `names`; `compare.split` makes two periods of one log. With
    `tried_on_after`, changes are tried on the second of them alone. Raises `names.UnknownName` for proposals that name
    what the log does not have.
    """
    settings = settings or Settings()
    check_names(journeys, proposals, store)
    subject = against[1] if against and tried_on_after else journeys
    tried = what_if(subject, proposals, store, settings) if proposals else []
    best = None
    if changes:
        trial = tried_on(subject, candidates(subject, store, settings), store, settings)
        best = best_changes(trial, changes, store) if trial.tried else None
    asked_for = {(each.title, each.assumption) for each in tried}  # not by their sums, whose last bits differ by run
    found = [chosen.change for chosen in best.chosen] if best else []
    return Study(
        journeys=journeys,
        settings=settings,
        measures=measure(journeys, store, settings),
        flow=flow_of(with_steps(journeys.contacts), store),
        changes=[*tried, *(each for each in found if (each.title, each.assumption) not in asked_for)]
        if tried or changes
        else None,
        best=best,
        compared=compare(*against, store, settings, names) if against else None,
        names=names,
        readings=readings(journeys, store, settings),
    )


def page_of(study: Study, *, title: str, about: str, counted: Sequence[str] = ()) -> str:
    """The study as one HTML page for a meeting of partners. `counted` adds sentences on how it was counted."""
    own = {each.name for each in chain(asked.DEFINITIONS, pillar.DEFINITIONS)}
    parts: Mapping[str, list[Measure]] = {
        "asked": _named(study, {each.name for each in asked.DEFINITIONS}),
        "pillar": _named(study, {each.name for each in pillar.DEFINITIONS}),
    }
    return report_page(
        title=title,
        about=about,
        changes=study.changes,
        measures=[each for each in study.measures if each.definition.name not in own],
        flow=study.flow,
        asked=parts["asked"],
        pillar=parts["pillar"],
        compared=study.compared,
        names=study.names,
        readings=study.readings,
        cannot_say=CANNOT_SAY,
        counted=[*counted, *([chance(study.compared)] if study.compared else [])],
    )


def _named(study: Study, names: set[str]) -> list[Measure]:
    return [each for each in study.measures if each.definition.name in names]


__all__ = ["CANNOT_SAY", "Study", "page_of", "split", "study"]
