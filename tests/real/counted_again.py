"""Journeys counted in plain Python, without any code of ours: what the figures are held against."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from statistics import median, quantiles

DAY = 86_400
Ordered = tuple[float, int, str]


@dataclass(frozen=True)
class Contact:
    """A row of a log. `at` and `due` are seconds since 1970; `place` orders those of one instant, then `name`."""

    journey: str
    name: str
    step: str
    at: float
    organisation: str
    team: str = ""
    place: int = 0
    due: float | None = None
    completes: bool = False


def seconds(text: str) -> float:
    """The instant of a time with an offset."""
    at = datetime.fromisoformat(text)
    assert at.tzinfo is not None
    return at.timestamp()


class Counted:
    """The contacts of a log by journey, in order, and what can be counted of them."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        by_journey: defaultdict[str, list[Contact]] = defaultdict(list)
        for contact in contacts:
            by_journey[contact.journey].append(contact)
        self.journeys = [sorted(each, key=_order) for each in by_journey.values()]

    @cached_property
    def contacts(self) -> int:
        """How many contacts there are."""
        return sum(len(journey) for journey in self.journeys)

    def pairs(self) -> Iterator[tuple[Contact, Contact]]:
        """Each contact with the next in its journey."""
        for journey in self.journeys:
            yield from pairwise(journey)

    @cached_property
    def longest_waits(self) -> list[float]:
        """The longest wait of each journey of two contacts or more, in days."""
        return [max(b.at - a.at for a, b in pairwise(each)) / DAY for each in self.journeys if len(each) > 1]

    def variants(self) -> Counter[tuple[str, ...]]:
        """How many journeys take the same steps."""
        return Counter(tuple(contact.step for contact in journey) for journey in self.journeys)

    def lengths_of(self, steps: Sequence[str]) -> list[float]:
        """From first to last contact, in seconds, of the journeys that take these steps."""
        same = [journey for journey in self.journeys if [contact.step for contact in journey] == list(steps)]
        return [journey[-1].at - journey[0].at for journey in same]

    def repeated(self) -> list[tuple[str, int, int]]:
        """Steps that came again: in how many journeys, and how many times over; the most frequent first."""
        journeys, times = Counter[str](), Counter[str]()
        for journey in self.journeys:
            for step, count in Counter(contact.step for contact in journey).items():
                if count > 1:
                    journeys[step] += 1
                    times[step] += count - 1
        return sorted(((step, journeys[step], times[step]) for step in journeys), key=lambda each: -each[2])

    def slowest(self, least: int) -> tuple[str, str, int, float]:
        """Of moves that so many journeys make the one with the longest median wait: from, to, how often, seconds."""
        waits: defaultdict[tuple[str, str, str, str], list[tuple[str, float]]] = defaultdict(list)
        for a, b in self.pairs():
            waits[a.step, a.organisation, b.step, b.organisation].append((a.journey, b.at - a.at))
        often = {move: each for move, each in waits.items() if len({journey for journey, _ in each}) >= least}
        move = max(often, key=lambda each: median(wait for _, wait in often[each]))
        return move[0], move[2], len(often[move]), median(wait for _, wait in often[move])

    def moves(self) -> Iterator[tuple[Contact, Contact]]:
        """The pairs at different organisations."""
        return ((a, b) for a, b in self.pairs() if a.organisation != b.organisation)

    def team_moves(self) -> Iterator[tuple[Contact, Contact]]:
        """The pairs of two known teams that differ, or are of different organisations."""
        for a, b in self.pairs():
            if a.team and b.team and (a.team, a.organisation) != (b.team, b.organisation):
                yield a, b

    def times_back(self) -> Counter[tuple[str, frozenset[str]]]:
        """By journey and by the two organisations: how often a move went straight back to where the last came from."""
        back: Counter[tuple[str, frozenset[str]]] = Counter()
        moves: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for a, b in self.moves():
            moves[a.journey].append((a.organisation, b.organisation))
        for journey, each in moves.items():
            back.update((journey, frozenset(last)) for last, move in pairwise(each) if move[1] == last[0])
        return back

    def until_completed(self) -> list[list[Contact]]:
        """Of each journey that a contact completed, the contacts up to the first that did."""
        found = []
        for journey in self.journeys:
            completing = [place for place, contact in enumerate(journey, 1) if contact.completes]
            if completing:
                found.append(journey[: completing[0]])
        return found

    def late(self) -> int:
        """How many journeys have a contact after the date that it tells."""
        return len({c.journey for each in self.journeys for c in each if c.due is not None and c.at > c.due})


def _order(contact: Contact) -> Ordered:
    return contact.at, contact.place, contact.name


def nine_in_ten(values: Sequence[float]) -> float:
    """The value that nine in ten do not exceed."""
    return quantiles(values, n=10, method="inclusive")[8]


Figures = Mapping[str, float | str]


def differing(figures: Figures, counted: Figures) -> dict[str, tuple[object, object]]:
    """The figures that are not what was counted, with both; numbers may differ by a millionth."""
    found: dict[str, tuple[object, object]] = {}
    for name in figures.keys() | counted.keys():
        one, other = figures.get(name), counted.get(name)
        if isinstance(one, float) and isinstance(other, int | float):
            if abs(one - other) <= 1e-6 * max(1.0, abs(other)):
                continue
        elif one == other:
            continue
        found[name] = one, other
    return found
