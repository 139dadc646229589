"""A pledge's own names, and its limits, starts and stretches of the calendar, in words."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Self

from ..language import model as m
from ..working_time import Calendar, day_number
from .catalogue import Catalogue
from .quantities import Quantities

_OPS = {"<": "before", "<=": "no-later", ">": "later", ">=": "no-earlier"}
"""How an operator is called in the ids of phrases about instants."""


class Limits(Quantities):
    """Says what belongs to one pledge; sums and lengths that change are those of `day`."""

    def __init__(
        self, catalogue: Catalogue, pledge: m.Pledge, calendars: Mapping[str, Calendar], day: date | None
    ) -> None:
        super().__init__(catalogue)
        self.pledge, self.calendars, self.day = pledge, calendars, day
        self.standard: m.Standard | None = None

    def about(self, standard: m.Standard) -> Self:
        """The same voice speaking of one standard: “the start” and “the finish” are then its own."""
        other = copy(self)
        other.standard = standard
        return other

    # -- names

    def readable(self, name: str) -> str:
        """A name as words: `power-total` is `power total`."""
        return name.replace("_", " ").replace("-", " ")

    def quoted(self, name: str) -> str:
        """A name as words between quotation marks."""
        return self.say("quoted", words=self.readable(name))

    def fact(self, name: str) -> str:
        """What happens, in the pledge's words."""
        return self.pledge.facts.get(name) or self.readable(name)

    def detail(self, name: str) -> str:
        """What a detail means, in the pledge's words."""
        detail = self.pledge.details.get(name)
        return detail.says if detail and detail.says else self.readable(name)

    def promise(self, name: str) -> str:
        """What a standard is called: its own sentence, or its name."""
        found = next((each for each in self.pledge.every_standard if each.name == name), None)
        return self.heading(found) if found else self.quoted(name)

    def heading(self, standard: m.Standard) -> str:
        """The sentence of a standard; without one, its name as words."""
        return standard.says or self.sentence(self.readable(standard.name)).rstrip(".")

    def rate_in_force(self, name: str) -> m.Rate | None:
        """The dated value on the day of the page, if there is one."""
        day = None if self.day is None else day_number(self.day)
        for rate in self.pledge.rates.get(name, ()):
            begun = rate.first is None or (day is not None and day_number(rate.first) <= day)
            if begun and (rate.last is None or (day is not None and day <= day_number(rate.last))):
                return rate
        return None

    def rate(self, name: str, value: str) -> str:
        """A dated value: itself when it never changes, else its name with what it is on the day of the page."""
        dated = self.pledge.rates.get(name, ())
        if len(dated) == 1 and dated[0].first is None and dated[0].last is None:
            return value
        if value and self.day:
            return self.say("rate.dated", name=self.readable(name), value=value, date=self.plain_date(self.day))
        return self.say("rate.named", name=self.readable(name))

    # -- facts and instants

    def facts(self, facts: m.Facts) -> str:
        """`a or b` for the first of several facts, `a and b` for all of them."""
        said = [self.fact(name) for name in facts.names]
        return self.all_of(said) if facts.together is m.Together.ALL else self.any_of(said)

    def clause(self, name: str) -> str | None:
        """A fact, or the start or the finish, as a clause that can follow “when”; `None` for what is a thing."""
        if name in self.pledge.facts:
            return self.fact(name)
        if self.standard and name == "the start":
            return self.start(self.standard.start)
        if self.standard and name == "the finish":
            return self.facts(self.standard.finish)
        return None

    def thing(self, name: str) -> str:
        """An instant as a thing: `the time when we come`, `our deadline`, `the day your bin was due`."""
        clause = self.clause(name)
        if clause is not None:
            return self.say("time-when", clause=clause)
        if name in ("the start", "the finish", "the deadline", "the breach"):
            return self.say(f"moment.{name.removeprefix('the ')}")
        timed = m.time_on(name)
        if timed:
            return self.say("point.time", time=self.time(timed[0]), day=self.detail(timed[1]))
        return self.detail(name)

    # -- limits

    def limit(self, limit: m.Limit, start: str | None = None) -> str:
        """A limit as it ends a sentence: `within 2 working days, by 6pm`; counted from `start` if it names nothing."""
        match limit:
            case m.Within() | m.Rated():
                return self._within(limit, start)
            case m.At():
                return self.say("limit.by", instant=self.point(limit))
            case m.Window():
                return self.say(
                    "limit.window",
                    opens=self.time(limit.opens),
                    closes=self.time(limit.closes),
                    day=self.detail(limit.detail),
                )
            case m.EarlierOf() | m.LaterOf():
                phrase = "limit.earlier" if isinstance(limit, m.EarlierOf) else "limit.later"
                return self.say(
                    phrase, one=self.limit(limit.limits[0], start), other=self.limit(limit.limits[1], start)
                )

    def _within(self, limit: m.Within | m.Rated, start: str | None) -> str:
        anchor = limit.anchor or start
        if isinstance(limit, m.Within) and limit.count == 0:
            return self._at_once(limit, anchor)
        if anchor and limit.before:
            said = self.say("limit.not-after", length=self.limit_length(limit), anchor=self._after(anchor))
        else:
            under = isinstance(limit, m.Within) and limit.less_than
            said = self.say("limit.under" if under else "limit.within", length=self.limit_length(limit))
            if anchor:
                said = self.say("limit.after", limit=said, anchor=self._after(anchor))
        return self.say("limit.by-time", limit=said, time=self.time(limit.by)) if limit.by is not None else said

    def _at_once(self, limit: m.Within, anchor: str | None) -> str:
        phrase = "limit.same-day" if limit.unit in m.DAYS else "limit.at-once"
        said = self.say(f"{phrase}.after", anchor=self._after(anchor)) if anchor else self.say(phrase)
        return self.say("limit.by-time", limit=said, time=self.time(limit.by)) if limit.by is not None else said

    def _after(self, anchor: str) -> str:
        return self.clause(anchor) or self.thing(anchor)

    def limit_length(self, limit: m.Within | m.Rated) -> str:
        """How long a limit is, with the calendar when it is not the standard's own."""
        if isinstance(limit, m.Rated):
            rate = self.rate_in_force(limit.rate)
            length = self.limit_length(rate.value) if rate and isinstance(rate.value, m.Within) else ""
            length = self.rate(limit.rate, length)
        else:
            length = self.length(limit.count, limit.unit)
        if limit.calendar and self.standard and limit.calendar not in self.standard.calendars.values():
            return self.say("limit.calendar", length=length, calendar=self.calendar_title(limit.calendar))
        return length

    def calendar_title(self, name: str) -> str:
        """What people call a calendar."""
        calendar = self.pledge.calendars.get(name) or self.calendars.get(name)
        return calendar.title if calendar and calendar.title else self.readable(name)

    def point(self, limit: m.Limit) -> str:
        """A limit as a point in time: `9am on the day of the visit`, `2 working days after we call`."""
        match limit:
            case m.Within() | m.Rated():
                phrase = "point.before" if limit.before else "point.after"
                said = self.say(
                    phrase, length=self.limit_length(limit), anchor=self._after(limit.anchor or "the start")
                )
                return said if limit.by is None else self.say("limit.by-time", limit=said, time=self.time(limit.by))
            case m.At():
                if limit.time is not None:
                    return self.say("point.time", time=self.time(limit.time), day=self.detail(limit.anchor))
                detail = self.pledge.details.get(limit.anchor)
                if limit.end_of_day or (detail and detail.kind is m.Kind.DATE):
                    return self.say("point.end-of-day", day=self.thing(limit.anchor))
                return self.thing(limit.anchor)
            case m.Window():
                return self.limit(limit)
            case m.EarlierOf() | m.LaterOf():
                phrase = "limit.earlier" if isinstance(limit, m.EarlierOf) else "limit.later"
                return self.say(phrase, one=self.point(limit.limits[0]), other=self.point(limit.limits[1]))

    def against(self, subject: str, op: str, instant: m.Limit) -> str:
        """An instant against another: `we call before 9am on the day of the visit`."""
        clause = self.pledge.facts.get(subject)
        kind = "fact" if clause else "thing"
        said = clause or self.thing(subject)
        return self.say(f"against.{kind}.{_OPS[op]}", subject=said, instant=self.point(instant))

    # -- starts and spans

    def start(self, start: m.Start) -> str:
        """What starts a standard, as a clause that can follow “when”."""
        said = self.facts(start.facts)
        if start.nth_within:
            said = self.say("start.nth", fact=said, nth=self.nth(start.nth), span=self.span(start.nth_within))
        if start.or_when_runs_out:
            said = self.say("start.or-runs-out", start=said, promise=self.promise(start.or_when_runs_out).rstrip("."))
        return said

    def span(self, span: m.Span) -> str:
        """A stretch of the calendar: `12 months`, `a year from 1 April`."""
        if span.year_from:
            return self.say("span.year-from", day=self.day_of_year(span.year_from))
        return self.length(span.count, span.unit)
