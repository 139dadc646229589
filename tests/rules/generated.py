"""Promises and cases made up at random, for the property tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from hypothesis import strategies as st

from makegood.rules import Case, Fact, Pledge
from tests.rules.judging import promise
from tests.rules.oracle import HALF_HOUR, Happening, Limit

BASES = [
    datetime(2026, 3, 24, tzinfo=UTC),  # the clocks go forward, then Easter
    datetime(2026, 5, 20, tzinfo=UTC),  # a bank holiday
    datetime(2026, 10, 20, tzinfo=UTC),  # the clocks go back
    datetime(2026, 12, 18, tzinfo=UTC),  # Christmas and New Year
]
NAMES = ["done", "done", "held", "freed", "longer", "longer", "asked", "waived"]
TEXT = """
within: {limit}
paused: [{{from: held, until: freed}}, {{from: stuck, until: loose}}]
extended: [{{when: longer, to: "{longer}"}}]
excused if: waived
if we do not:
  - pay: £5, then £1 for each full 6 hours
"""
HEAD = "calendar: {working days: england-and-wales, service hours: office}"


@dataclass(frozen=True)
class Made:
    """A made-up promise and case: its limit, the longer one, and what happened."""

    limit: Limit
    longer: Limit
    facts: tuple[Happening, ...]

    @property
    def pledge(self) -> Pledge:
        """The promise as a pledge."""
        return pledge_of(self.limit, self.longer)

    @property
    def case(self) -> Case:
        """The case as the library takes it."""
        return Case(id="1", facts=[Fact(name=each.name, at=each.at, recorded_at=each.known) for each in self.facts])

    def instants(self) -> list[datetime]:
        """Every instant at which something happens or becomes known, with one second to each side, in order."""
        edges = {instant for fact in self.facts for instant in (fact.at, fact.known)}
        return sorted({edge + timedelta(seconds=off) for edge in edges for off in (-1, 0, 1)})


@lru_cache(maxsize=2_000)
def pledge_of(limit: Limit, longer: Limit) -> Pledge:
    """A pledge with a limit, a longer one, two kinds of pause, an exemption and an amount that grows."""
    return promise(TEXT.format(limit=f'"{limit.words()}"', longer=longer.words()), HEAD)


@st.composite
def limits(draw: st.DrawFn) -> tuple[Limit, Limit]:
    """A limit and a longer one of the same unit."""
    unit = draw(st.sampled_from(["elapsed", "service", "calendar", "working"]))
    most = {"elapsed": 96, "service": 40, "calendar": 6, "working": 5}[unit]
    count, more = draw(st.integers(1, most)), draw(st.integers(1, most))
    by = draw(st.sampled_from([None, time(18), time(1, 30), time(12)])) if unit in ("calendar", "working") else None
    return Limit(count, unit, by), Limit(count + more, unit, by)


@st.composite
def made(draw: st.DrawFn) -> Made:
    """A promise and a case whose facts lie on half hours of two weeks, some simultaneous, some known late."""
    limit, longer = draw(limits())
    base = draw(st.sampled_from(BASES))
    start = draw(st.integers(0, 96))
    slots = st.integers(start - 10, start + 48 * 10)
    happened = [("asked", start)]
    for _ in range(draw(st.integers(0, 3))):
        opens, closes = draw(st.sampled_from([("held", "freed"), ("held", "freed"), ("stuck", "loose")]))
        begin, length = draw(slots), draw(st.integers(-2, 60))
        happened += [(opens, begin), *([(closes, begin + length)] if length >= 0 else [])]
    happened += [(draw(st.sampled_from(NAMES)), draw(slots)) for _ in range(draw(st.integers(0, 4)))]
    if draw(st.integers(0, 3)) == 3:
        happened.append(("done", start + draw(st.integers(0, 48))))
    facts = []
    for name, slot in happened:
        at = base + slot * HALF_HOUR
        late = draw(st.sampled_from([0, 0, 0, 0, 1, 48, 480]))
        facts.append(Happening(name, at, at + late * HALF_HOUR))
    return Made(limit, longer, tuple(facts))
