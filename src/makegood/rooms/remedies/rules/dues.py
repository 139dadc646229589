"""What is due by an outcome of the promise engine, remedy by remedy: values from which entitlements are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from makegood.rules import Calendar, Case, Outcome, Pledge
from makegood.rules.clocks import reckoner_of
from makegood.rules.conditions import Clock, Scope, View
from makegood.rules.evaluate import judge_for
from makegood.rules.language import model as m
from makegood.rules.remedy import Owed
from makegood.rules.working_time import OutOfRange

from .kinds import KIND_OF, PAYING, Kind

AT_ONCE = frozenset({"at once", "as it grows", "step by step"})
"""Words of a pledge by which a growing sum is given as it grows; any other words, and none, mean at the finish."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One of several things to choose from."""

    kind: Kind
    pence: int
    words: str

    def data(self) -> dict[str, str | int]:
        """As it is kept."""
        return {"kind": self.kind, "pence": self.pence, "words": self.words}


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One remedy that a rule of a standard gives now.

    `rule` is its place among the standard's remedies from 1, with a + for the top-up of one that came late. `first` is
    the choice that stands until somebody chooses. `finished` says that the promise was carried out in the end.
    """

    standard: str
    rule: str
    kind: Kind
    words: str = ""
    pence: int = 0
    choices: tuple[Offer, ...] = ()
    first: int | None = None
    most: int | None = None
    route: m.Route = m.Route.AUTOMATIC
    payer: str = ""
    by_whom: str = ""
    settles: str = ""
    grows: bool = False
    finished: bool = False
    owed_at: datetime
    due_at: datetime | None = None
    offered_until: datetime | None = None


def dues_of(outcome: Outcome, pledge: Pledge, calendars: Mapping[str, Calendar]) -> Iterator[Due]:
    """What a broken standard gives, as of the instant that it was judged at; top-ups come after their remedies."""
    places = places_of(pledge, outcome.standard)
    for owed in outcome.remedies:
        place = places[id(owed.source)]
        due = _due(outcome, owed, str(place + 1), pledge, calendars)
        yield due
        if owed.top_up:
            yield Due(
                standard=outcome.standard,
                rule=f"{place + 1}+",
                kind=due.kind if due.kind in PAYING else Kind.MONEY,
                words=due.words,
                pence=owed.top_up,
                payer=due.payer,
                by_whom=due.by_whom,
                finished=due.finished,
                owed_at=owed.due_at or due.owed_at,
            )


def places_of(pledge: Pledge, name: str) -> dict[int, int]:
    """Where each remedy of a standard stands, in whichever version of the pledge; by identity."""
    return _all_places(_Same(pledge)).get(name, {})


class _Same:
    """A pledge as a key: itself and no other, kept alive while it is remembered."""

    __slots__ = ("pledge",)

    def __init__(self, pledge: Pledge) -> None:
        self.pledge = pledge

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.pledge is other.pledge

    def __hash__(self) -> int:
        return id(self.pledge)


@lru_cache(maxsize=64)
def _all_places(same: _Same) -> dict[str, dict[int, int]]:
    pledge = same.pledge
    found: dict[str, dict[int, int]] = {}
    for standard in pledge.every_standard:
        mine = found.setdefault(standard.name, {})
        mine.update({id(remedy): place for place, remedy in enumerate(standard.remedies)})
    return found


def _due(outcome: Outcome, owed: Owed, rule: str, pledge: Pledge, calendars: Mapping[str, Calendar]) -> Due:
    offers = tuple(Offer(kind=KIND_OF[each.kind], pence=each.pence, words=each.words) for each in owed.choices)
    first = next((place for place, offer in enumerate(offers) if offer.kind in PAYING), 0 if offers else None)
    return Due(
        standard=outcome.standard,
        rule=rule,
        kind=KIND_OF[owed.kind],
        words=owed.words,
        pence=owed.pence,
        choices=offers,
        first=first,
        most=owed.most,
        route=owed.route,
        payer=owed.payer,
        by_whom=owed.by_whom,
        settles=owed.settled,
        grows=outcome.finish is None and any(map(_may_grow, (owed, *owed.choices))),
        finished=outcome.finish is not None,
        owed_at=outcome.zone.datetime(_missed(outcome)),
        due_at=owed.due_at,
        offered_until=_claim_until(outcome, owed.source, pledge, calendars),
    )


def _may_grow(owed: Owed) -> bool:
    """Whether a sum may yet rise with lateness: it has steps or bands by lateness, and has not met its cap."""
    if any(line.what == "cap" for line in owed.lines):
        return False
    return any(option.value.steps or _by_lateness(option.condition) for option in owed.source.amount)


def _by_lateness(condition: m.Condition | None) -> bool:
    match condition:
        case m.Late():
            return True
        case m.Relative():
            return condition.subject == "the finish"
        case m.AllOf() | m.AnyOf() | m.NoneOf():
            return any(map(_by_lateness, condition.parts))
        case _:
            return False


def _missed(outcome: Outcome) -> int:
    """The deadline that was missed: the engine gives remedies only where there was one."""
    if outcome.due is None:
        raise ValueError(f"{outcome.standard} gives remedies without a deadline")
    return outcome.due


def _claim_until(
    outcome: Outcome, remedy: m.Remedy, pledge: Pledge, calendars: Mapping[str, Calendar]
) -> datetime | None:
    """The last instant to ask for a remedy, counted from the breach; `None` when it rests on what is not known."""
    standard = next((each for each in _standards(pledge, outcome.standard) if remedy in each.remedies), None)
    if remedy.claim_within is None or standard is None:
        return None
    missed = _missed(outcome)
    edition = judge_for(pledge, calendars).edition(outcome.zone.day(outcome.start or missed))
    scope = Scope(pledge, standard, calendars, edition.rates)
    scope.limits = reckoner_of
    clock = Clock(missed)
    clock.deadline = clock.late_from = missed
    clock.finish = outcome.finish
    try:
        until = scope.limit(remedy.claim_within)(View(Case(id=outcome.case_id), missed), clock)
    except OutOfRange:
        return None
    return outcome.zone.datetime(until) if isinstance(until, int) else None


def _standards(pledge: Pledge, name: str) -> list[m.Standard]:
    return [standard for standard in pledge.every_standard if standard.name == name]
