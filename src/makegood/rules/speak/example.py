"""A worked example of a limit: a start on a stated day, and the deadline that the engine gives for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..clocks import reckoner_of
from ..conditions import Clock, Scope, View
from ..explanation import Explanation, explain_outcome
from ..facts import Case, Fact
from ..language import model as m
from ..working_time import DAY, OutOfRange, day_number, zone_named
from .amounts import Voice
from .days import gaps_of, strip_of
from .document import Strip

_TEN = 10 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """What is taken as given, as clauses, and the explanation of the deadline that follows from it."""

    given: tuple[str, ...]
    explanation: Explanation

    def deadline(self, voice: Voice) -> str:
        """The deadline in words."""
        return voice.deadline(self.explanation.deadline) if self.explanation.deadline else ""

    def sentence(self, voice: Voice) -> str:
        """The whole example: what is given, the deadline, and the days that do not count."""
        said = voice.say("example", given=voice.all_of(self.given), deadline=self.deadline(voice))
        return " ".join([said, *gaps_of(voice, self.explanation.days)])

    def strip(self, voice: Voice) -> Strip | None:
        """The days of the example to look at, unless they are too many."""
        return strip_of(voice, self.explanation.days)


def example_of(voice: Voice, standard: m.Standard, limit: m.Limit, day: date) -> Example | None:
    """What a limit comes to when everything that it counts from is at 10am on a day; `None` if it cannot be told."""
    pledge, zone = voice.pledge, zone_named(voice.pledge.zone)
    start = zone.instant(day_number(day) * DAY + _TEN, later=False)
    at = zone.datetime(start)
    anchors = list(dict.fromkeys(_anchors(voice, limit)))
    details = {
        name: day.isoformat() if pledge.details[name].kind is m.Kind.DATE else at.isoformat()
        for name in anchors
        if name in pledge.details
    }
    facts = [Fact(name=name, at=at) for name in anchors if name in pledge.facts]
    scope = Scope(pledge, standard, voice.calendars, {name: voice.rate_in_force(name) for name in pledge.rates})
    scope.limits = reckoner_of
    clock, view = Clock(start), View(Case(id="", details=details, facts=facts), start)
    try:
        deadline = reckoner_of(limit, scope)(view, clock)
    except OutOfRange:
        return None
    if not isinstance(deadline, int):
        return None
    clock.deadline = deadline
    explanation = explain_outcome(standard, "", view, clock, "running", (), (), None, zone)
    whole_day = explanation.kind == "days"
    given = [_given(voice, name, day, whole_day=whole_day) for name in anchors]
    return Example(given=tuple(given), explanation=explanation)


def _anchors(voice: Voice, limit: m.Limit) -> list[str]:
    """What a limit is counted from; `the start` where it names nothing."""
    match limit:
        case m.Within():
            return [_detail_of(limit.anchor) or "the start"]
        case m.Rated():
            rate = voice.rate_in_force(limit.rate)
            own = rate.value.anchor if rate and isinstance(rate.value, m.Within) else None
            return [_detail_of(limit.anchor or own) or "the start"]
        case m.At():
            return [limit.anchor]
        case m.Window():
            return [limit.detail]
        case m.EarlierOf() | m.LaterOf():
            return [name for part in limit.limits for name in _anchors(voice, part)]


def _detail_of(anchor: str | None) -> str | None:
    """The date detail of a time on a date; any other anchor as it is."""
    timed = m.time_on(anchor) if anchor else None
    return timed[1] if timed else anchor


def _given(voice: Voice, name: str, day: date, *, whole_day: bool) -> str:
    detail = voice.pledge.details.get(name)
    whole_day = whole_day or bool(detail and detail.kind is m.Kind.DATE)
    when = voice.full_date(day) if whole_day else voice.say("instant", time=voice.time(_TEN), date=voice.full_date(day))
    if name == "the start":
        return voice.say("example.start.day" if whole_day else "example.start.instant", when=when)
    return voice.say("example.given", what=voice.thing(name), when=when)
