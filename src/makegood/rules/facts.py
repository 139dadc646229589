"""A case as a timeline: what happened when, and what was known when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from .money import parse_money
from .working_time import EARLIEST, LATEST, day_number, seconds_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """Something that happened in a case: its name, its instant, and when it became known (at once, unless said).

    Both are aware datetimes and are cut down to the whole second. `attributes` are kept with the fact as evidence;
    what a pledge decides by is a fact's name and instants.
    """

    name: str
    at: datetime
    recorded_at: datetime | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One need of one customer: details, fixed for the case, and facts in any order.

    Raises `ValueError` when a fact's instant has no UTC offset, or lies outside the years `EARLIEST` to `LATEST`.

    >>> from datetime import UTC
    >>> case = Case(id="1", facts=[Fact(name="reported", at=datetime(2026, 5, 1, 9, tzinfo=UTC))])
    >>> case.known("reported", 1777626000), case.known("reported", 1777625999)
    ([1777626000], [])
    """

    id: str
    details: Mapping[str, str] = field(default_factory=dict)
    facts: Iterable[Fact] = ()
    _timeline: dict[str, list[tuple[int, int]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        facts = tuple(self.facts)
        timeline: dict[str, list[tuple[int, int]]] = {}
        for fact in facts:
            if not EARLIEST <= fact.at.year <= LATEST:
                raise ValueError(f"{fact.at.isoformat()} lies outside the years {EARLIEST} to {LATEST}")
            at = seconds_of(fact.at)
            known = at if fact.recorded_at is None else max(at, seconds_of(fact.recorded_at))
            timeline.setdefault(fact.name, []).append((at, known))
        for instants in timeline.values():
            instants.sort()
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "_timeline", timeline)

    def known(self, name: str, as_of: int) -> list[int]:
        """The instants of a fact that are known as of an instant, in order (seconds since 1970)."""
        return [at for at, known in self._timeline.get(name, ()) if known <= as_of]


@lru_cache(maxsize=65_536)
def pence_of(text: str) -> int | None:
    """A detail's sum of money in whole pence; `None` when it is none."""
    pounds = parse_money(text.strip())
    return None if pounds is None else int(pounds * 100)


@lru_cache(maxsize=65_536)
def day_of_text(text: str) -> int | None:
    """A detail's date as a day number; `None` when it is none, or outside the years `EARLIEST` to `LATEST`."""
    text = text.strip()
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day_number(day) if EARLIEST <= day.year <= LATEST else None


@lru_cache(maxsize=65_536)
def instant_of_text(text: str) -> int | None:
    """A detail's instant, with its UTC offset, as seconds since 1970; `None` when it is none, as for a date."""
    try:
        at = datetime.fromisoformat(text.strip())
        return seconds_of(at) if EARLIEST <= at.year <= LATEST else None
    except ValueError:
        return None
