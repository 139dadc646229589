"""Why a deadline and a sum are what they are, as data from which both can be worked out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .conditions import Clock, Missing, View
from .language import model as m
from .language.write import say_condition, say_limit
from .remedy import AmountLine, Owed
from .working_time import DAY, Calendar, OutOfRange, Zone, day_of


@dataclass(frozen=True, kw_only=True, slots=True)
class DayStep:
    """One local day on the way to the deadline: its number in the count, or why it does not count.

    `why` is start, counted, paused, closed or moved; `name` names the closed day or the reason of the pause.
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

    `kind` says how the limit counts: days, elapsed, service, at, window or nothing. For days, the deadline is
    `time` (seconds after midnight) on the last day of `days`; for elapsed and service limits it is where the
    running `stretches` add up to `seconds`.
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
        amounts=tuple(
            AmountSteps(kind=owed.kind, lines=owed.lines, pence=owed.pence, why_nothing=owed.why_nothing)
            for owed in remedies
            if owed.lines or owed.pence
        ),
        because=exclusion.because if exclusion else "",
        condition=say_condition(exclusion.condition) if exclusion else "",
        missing=missing,
        **told,
    )


def _told(clock: Clock, standard: m.Standard, zone: Zone) -> dict[str, Any]:
    if not clock.basis:
        return {}
    kind, limit = clock.basis[0], clock.basis[1]
    told: dict[str, Any] = {"kind": kind, "limit": say_limit(limit)}  # type: ignore[arg-type]
    if kind == "days":
        told |= _days(clock, standard, zone)
    elif kind == "elapsed":
        _, _, origin, deadline = clock.basis
        told |= _stretches(clock, zone, int(origin), int(deadline), None)  # type: ignore[call-overload]
    elif kind == "service":
        _, _, origin, deadline, calendar = clock.basis
        told |= _stretches(clock, zone, int(origin), int(deadline), calendar)  # type: ignore[call-overload,arg-type]
    return told


def _days(clock: Clock, standard: m.Standard, zone: Zone) -> dict[str, Any]:
    limit: m.Within
    _, limit, day_zero, last, rolled, calendar = clock.basis  # type: ignore[assignment]
    steps: list[DayStep] = []
    paused = [(zone.day(first), zone.day(until)) for first, until in clock.pauses if until is not None]
    reasons = ", ".join(dict.fromkeys(pause.because for pause in standard.pauses if pause.because))
    number = 0
    first, final = int(day_zero), int(rolled)  # type: ignore[call-overload]
    for day in range(min(first, final), max(first, final) + 1):
        if day == first:
            steps.append(DayStep(day=day_of(day), number=0, why="start"))
        elif day > int(last):  # type: ignore[call-overload]
            steps.append(DayStep(day=day_of(day), number=None, why="moved"))
        elif any(begin <= day <= until for begin, until in paused):
            steps.append(DayStep(day=day_of(day), number=None, why="paused", name=reasons))
        elif isinstance(calendar, Calendar) and calendar.why_closed(day) is not None:
            steps.append(DayStep(day=day_of(day), number=None, why="closed", name=calendar.why_closed(day) or ""))
        else:
            number += 1
            steps.append(DayStep(day=day_of(day), number=number, why="counted"))
    time = DAY - 1 if limit.by is None else min(limit.by, DAY - 1)
    return {
        "days": tuple(steps),
        "count": int(limit.count),
        "time": time,
        "calendar": calendar.name if isinstance(calendar, Calendar) else "",
    }


def _stretches(clock: Clock, zone: Zone, origin: int, deadline: int, calendar: Calendar | None) -> dict[str, Any]:
    """Cut the time from origin to deadline into what ran and what did not."""
    limit: m.Within = clock.basis[1]  # type: ignore[assignment]
    low, high = min(origin, deadline), max(origin, deadline)
    try:
        open_parts = calendar.windows_between(low, high) if calendar else [(low, high)]
    except OutOfRange:
        open_parts = []
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
    return {"stretches": tuple(stretches), "seconds": seconds, "calendar": calendar.name if calendar else ""}
