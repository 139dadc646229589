"""Why a deadline and a sum are what they are, as data from which both can be worked out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .conditions import Clock, Missing, OnDays, OnNamed, OnTime, View
from .language import model as m
from .language.write import say_condition, say_limit, say_time
from .remedy import AmountLine, Owed
from .working_time import DAY, Calendar, Zone, day_of


@dataclass(frozen=True, kw_only=True, slots=True)
class DayStep:
    """One local day on the way to the deadline: its number in the count, or why it does not count.

    `why` is start (day 0), counted, paused, closed, cut-off (what came after that time was received later),
    moved (an open day to which a deadline rolled) or named (by the case). `name` names the closed day, the reason
    of the pause, the cut-off, or why the day before it was not open.
    """

    day: date
    number: int | None
    why: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """One stretch of real or service time: whether the clock ran from `first` to `last`, and why not."""

    first: datetime
    last: datetime
    runs: bool
    why: str = ""

    @property
    def seconds(self) -> int:
        """Its length."""
        return int((self.last - self.first).total_seconds())


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseStep:
    """One pause that counts; `until` is `None` while it is open."""

    first: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AmountSteps:
    """How one remedy's sum came about."""

    kind: m.Remedying
    lines: tuple[AmountLine, ...]
    pence: int
    why_nothing: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Everything that decided an outcome.

    `kind` says how the limit counts: days, elapsed, service, at, window or nothing. Where there are `days`, the
    deadline is `time` (seconds after midnight) on the last of them; for elapsed and service limits it is where
    the running `stretches` from `origin` add up to `seconds` (for a limit before an instant they lead up to `origin`).
    """

    as_of: datetime
    version: str
    start_facts: tuple[str, ...]
    start: datetime
    status: str
    kind: str
    limit: str = ""
    calendar: str = ""
    count: int = 0
    seconds: int = 0
    origin: datetime | None = None
    time: int = 0
    days: tuple[DayStep, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    pauses: tuple[PauseStep, ...] = ()
    extensions: tuple[tuple[str, datetime], ...] = ()
    opens: datetime | None = None
    deadline: datetime | None = None
    finish_facts: tuple[str, ...] = ()
    finish: datetime | None = None
    late_from: datetime | None = None
    lateness: int = 0
    amounts: tuple[AmountSteps, ...] = ()
    because: str = ""
    condition: str = ""
    missing: tuple[str, ...] = ()


def explain_outcome(
    standard: m.Standard,
    version: str,
    view: View,
    clock: Clock,
    status: str,
    remedies: tuple[Owed, ...],
    missing: Missing,
    exclusion: m.Exclusion | None,
    zone: Zone,
) -> Explanation:
    """Turn the state in which a clock ended into an explanation."""
    unknown = status == "unknown"
    told = {} if unknown or clock.deadline is None else _told(clock, standard, zone)
    end = view.as_of if clock.finish is None else clock.finish
    return Explanation(
        as_of=zone.datetime(view.as_of),
        version=version,
        start_facts=standard.start.facts.names,
        start=zone.datetime(clock.start),
        status=status,
        kind=str(told.pop("kind", "nothing")),
        pauses=tuple(
            PauseStep(first=zone.datetime(first), until=None if until is None else zone.datetime(until))
            for first, until in clock.pauses
        ),
        extensions=tuple((fact, zone.datetime(at)) for fact, at in clock.extensions),
        opens=None if clock.opens is None else zone.datetime(clock.opens),
        deadline=None if unknown or clock.deadline is None else zone.datetime(clock.deadline),
        finish_facts=standard.finish.names,
        finish=None if clock.finish is None else zone.datetime(clock.finish),
        late_from=None if clock.late_from is None else zone.datetime(clock.late_from),
        lateness=max(end - clock.late_from, 0) if clock.late_from is not None else 0,
        amounts=amounts_of(remedies),
        because=exclusion.because if exclusion else "",
        condition=say_condition(exclusion.condition) if exclusion else "",
        missing=missing,
        **told,
    )


def amounts_of(remedies: tuple[Owed, ...]) -> tuple[AmountSteps, ...]:
    """How the sum of each remedy that has one came about."""
    return tuple(
        AmountSteps(kind=owed.kind, lines=owed.lines, pence=owed.pence, why_nothing=owed.why_nothing)
        for owed in remedies
        if owed.lines or owed.pence
    )


def _told(clock: Clock, standard: m.Standard, zone: Zone) -> dict[str, Any]:
    basis = clock.basis
    if basis is None:
        return {}
    if basis[0] == "days":
        told = _days(basis, clock, standard, zone)
    elif basis[0] == "elapsed" or basis[0] == "service":
        told = _stretches(basis, clock, zone)
    else:
        told = _named_day(basis)
    return {"kind": basis[0], "limit": _limit_in_words(basis[1])} | told


def _days(basis: OnDays, clock: Clock, standard: m.Standard, zone: Zone) -> dict[str, Any]:
    _, limit, received, day_zero, last, rolled, (calendar, receipt, rolling) = basis
    reasons = ", ".join(dict.fromkeys(pause.because for pause in standard.pauses if pause.because))
    paused = [(zone.day(first), zone.day(until)) for first, until in clock.pauses if until is not None]
    steps: list[DayStep] = []

    def step(day: int, why: str, number: int | None = None, name: str = "") -> None:
        steps.append(_day_step(day, why, number, name))

    def closed(day: int, by: Calendar | None) -> bool:
        why = by.why_closed(day) if by else None
        if why is not None:
            step(day, "closed", name=why)
        return why is not None

    first_counts = standard.first_day_counts and not limit.before
    for day in range(received, day_zero + first_counts):
        if not closed(day, receipt):
            step(day, "cut-off", name=say_time(standard.cut_off or 0))
    if not first_counts:
        step(day_zero, "start", 0)
    number = 0
    for day in range(day_zero - 1, last - 1, -1) if limit.before else range(day_zero + 1, last + 1):
        if paused and any(begin <= day <= until for begin, until in paused):
            step(day, "paused", name=reasons)
        elif not closed(day, calendar):
            number += 1
            step(day, "counted", number)
    for day in range(last + 1, rolled + 1):
        if not closed(day, rolling):
            step(day, "moved", name=rolling.why_closed(last) or "" if rolling else "")
    return {
        "days": tuple(steps),
        "count": int(limit.count),
        "time": DAY - 1 if limit.by is None else min(limit.by, DAY - 1),
        "calendar": calendar.name if calendar else "",
    }


# Cases of one pledge share limits and days; these two are most of what an explanation would cost otherwise.
_limit_in_words = lru_cache(maxsize=4_096)(say_limit)


@lru_cache(maxsize=65_536)
def _day_step(day: int, why: str, number: int | None, name: str) -> DayStep:
    return DayStep(day=day_of(day), number=number, why=why, name=name)


def _named_day(basis: OnNamed) -> dict[str, Any]:
    """The day that the case names, unless it names an instant."""
    _, _, day, time = basis
    if day is None:
        return {}
    return {"days": (DayStep(day=day_of(day), number=None, why="named"),), "time": time}


def _stretches(basis: OnTime, clock: Clock, zone: Zone) -> dict[str, Any]:
    """Cut the time from origin to deadline into what ran and what did not."""
    _, limit, origin, deadline, calendar = basis
    low, high = min(origin, deadline), max(origin, deadline)
    open_parts = calendar.windows_between(low, high) if calendar else [(low, high)]
    stretches: list[Stretch] = []
    at = low

    def add(until: int, *, runs: bool, why: str = "") -> None:
        nonlocal at
        if until > at:
            stretches.append(Stretch(first=zone.datetime(at), last=zone.datetime(until), runs=runs, why=why))
            at = until

    pauses = [(first, until) for first, until in clock.pauses if until is not None]
    for first, last in open_parts:
        add(first, runs=False, why="closed")
        for begin, until in pauses:
            if begin < last and until > at:
                add(min(max(begin, first), last), runs=True)
                add(min(until, last), runs=False, why="paused")
        add(last, runs=True)
    add(high, runs=False, why="closed")
    seconds = int(Fraction(limit.count) * m.SECONDS[limit.unit]) - limit.less_than
    return {
        "stretches": tuple(stretches),
        "seconds": seconds,
        "origin": zone.datetime(origin),
        "calendar": calendar.name if calendar else "",
    }
