"""Limits and conditions as phrases: `2 working days, by 18:00`, `hazard is emergency`."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TypeVar

from ..errors import did_you_mean, listed
from ..working_time import WEEKDAYS
from . import model as m
from .mends import ALTERNATIVES
from .words import MOMENTS, Cursor, PhraseError

T = TypeVar("T")

_COMPARING = frozenset("is at over under more less later before after by happened has".split())  # noqa: SIM905 - a list of words reads better as words


class Limits(Cursor):
    """A phrase that can be a limit."""

    def limit(self) -> m.Limit:
        """How long, or until when: `2 working days, by 18:00`, `between 08:00 and 13:00 on visit_date`."""
        return self._nest(self._limit)

    def _limit(self) -> m.Limit:
        which = self.take("the earlier of", "the later of")
        if which:
            first = self.limit()
            self.need("and")
            pair = (first, self.limit())
            return m.EarlierOf(limits=pair) if which == "the earlier of" else m.LaterOf(limits=pair)
        if self.take("between"):
            opens = self.time()
            self.need("and")
            closes = self.time()
            if closes <= opens:
                raise self.wrong("a window that closes after it opens", "split a window at midnight")
            self.need("on")
            return m.Window(opens=opens, closes=closes, detail=self._detail(m.Kind.DATE))
        if self.peek().kind == "time":
            time = self.time()
            self.need("on")
            return m.At(anchor=self._detail(m.Kind.DATE), time=time)
        if self.take("the end of"):
            return m.At(anchor=self._anchor(), end_of_day=True)
        less = bool(self.take("less than", "under"))
        if self.peek().kind == "number":
            return self._within(less)
        if self.peek().text in self.names.rates and not less:
            return self._rated()
        if less:
            raise self.wrong("a number and a unit of time")
        return m.At(anchor=self._anchor())

    def _within(self, less: bool) -> m.Within:
        at = self.peek().at
        count = self.number()
        unit = self.unit()
        if unit in m.DAYS and count.denominator != 1:
            raise PhraseError(at, f"{float(count):g} {unit}s", "a whole number of days, weeks, months or years")
        if count > m.MOST[unit]:
            raise PhraseError(at, f"{count} {unit}s", f"at most {m.MOST[unit]:,} {unit}s, which is a hundred years")
        if unit not in m.DAYS and (count * m.SECONDS[unit]).denominator != 1:
            raise PhraseError(at, f"{count} {unit}s", "a whole number of seconds")
        if less and unit in m.DAYS:
            raise PhraseError(at, f"less than {count} {unit}s", "“less than” with hours, minutes or seconds only")
        by, calendar, anchor, before = self._tail()
        if by is not None and unit not in m.DAYS:
            raise PhraseError(
                at,
                f"a time of day with {unit}s",
                "“by” a time of day with a limit in days",
                "leave the time of day away, or count in days",
                "units",
            )
        if calendar and (unit in m.ELAPSED):
            raise PhraseError(at, f"a calendar with {unit}s", "a calendar with days or service hours", code="units")
        return m.Within(count=count, unit=unit, less_than=less, by=by, calendar=calendar, anchor=anchor, before=before)

    def _rated(self) -> m.Rated:
        token = self.next()
        if self.names.rates[token.text] != "time":
            raise PhraseError(
                token.at,
                f"“{token.text}” is a rate of {self.names.rates[token.text]}",
                "a rate that is a length of time",
                code="units",
            )
        by, calendar, anchor, before = self._tail()
        return m.Rated(rate=token.text, by=by, calendar=calendar, anchor=anchor, before=before)

    def _tail(self) -> tuple[int | None, str | None, str | None, bool]:
        by = calendar = anchor = None
        before = False
        while True:
            comma = self.mark(",")
            if by is None and self.take("by"):
                by = self.time()
            elif calendar is None and self.at_words("in") and self.peek(1).kind == "word":
                self.index += 1
                calendar = self.next().text
            elif anchor is None and self.take("after"):
                anchor = self._anchor()
            elif anchor is None and self.take("before"):
                anchor, before = self._anchor(), True
            else:
                self.index -= comma
                return by, calendar, anchor, before

    def _anchor(self) -> str:
        time = self.peek().text
        if self.peek().kind == "time":
            self.time()
            self.need("on")
            return f"{time} on {self._detail(m.Kind.DATE)}"
        if self.take("the"):
            return f"the {self.name(MOMENTS, 'an instant (start, finish, deadline, breach)')}"
        instants = [name for name, detail in self.names.details.items() if detail.kind in (m.Kind.DATE, m.Kind.INSTANT)]
        return self.name([*self.names.facts, *instants], "a fact, a date or an instant")

    def _detail(self, *kinds: m.Kind) -> str:
        known = [name for name, detail in self.names.details.items() if not kinds or detail.kind in kinds]
        return self.name(known, f"a detail that is {listed([f'“{kind}”' for kind in kinds])}" if kinds else "a detail")


class Conditions(Limits):
    """A phrase that can be a condition."""

    def condition(self) -> m.Condition:
        """One or more clauses joined by `and`."""
        return self._nest(self._condition)

    def _condition(self) -> m.Condition:
        parts = [self._clause()]
        while self.take("and"):
            parts.append(self._clause())
        if self.at_words("or"):
            raise self.wrong("“and”, or the end of the condition", ALTERNATIVES)
        flat = [each for part in parts for each in (part.parts if isinstance(part, m.AllOf) else (part,))]
        return flat[0] if len(flat) == 1 else m.AllOf(parts=tuple(flat))

    def _clause(self) -> m.Condition:
        if self.peek().kind == "number" or (
            self.at_words("at least")
            or self.at_words("at most")
            or self.at_words("under")
            or self.at_words("over")
            or self.at_words("more than")
            or self.at_words("less than")
        ):
            return self._late()
        if self.take("not"):
            return self._bare(negated=True)
        if self.take("the"):
            moment = self.name(MOMENTS, "an instant (start, finish, deadline, breach)")
            return self._about_instant(f"the {moment}")
        token = self.peek()
        if token.text in self.names.details and token.kind == "word":
            kind = self.names.details[token.text].kind
            following = self.peek(1).text.lower()
            if kind is m.Kind.YES_NO and following != "is":
                return self._bare(negated=False)
            self.index += 1
            return self._about_detail(token.text)
        if token.text in self.names.facts and token.kind == "word":
            return self._about_fact()
        return self._bare(negated=False)

    def _bare(self, *, negated: bool) -> m.Condition:
        yes_no = [name for name, detail in self.names.details.items() if detail.kind is m.Kind.YES_NO]
        known = [*self.names.terms, *self.names.facts, *yes_no]
        self._no_lone_value(negated=negated)
        name = self.name(known, "a term, a fact or a yes-or-no detail", self.names.all())
        if name in self.names.terms:
            return m.Term(name=name, negated=negated)
        if name in self.names.facts:
            any_time = bool(self.take("at any time"))
            return m.Happened(fact=name, negated=negated, any_time=any_time)
        return m.Is(detail=name, values=("yes",), negated=negated)

    def _no_lone_value(self, *, negated: bool) -> None:
        """Refuse the value of a detail without the detail, and say how it is written."""
        value = self.peek().text
        if not value or value in self.names.all():
            return
        of = [name for name, detail in self.names.details.items() if value in detail.values]
        meant = " or ".join(f"“{name} is {'not ' if negated else ''}{value}”" for name in of)
        if meant:
            raise self.wrong(
                "a term, a fact or a yes-or-no detail, or “DETAIL is VALUE”", f"did you mean {meant}?", "unknown-name"
            )

    def _late(self) -> m.Late:
        bound = self.take("at least", "at most", "under", "less than", "over", "more than")
        least, most = self.whole_number(), None
        if not bound and self.take("to"):
            most = self.whole_number()
            if most < least:
                raise self.wrong(f"a band that ends at {least} or later")
        unit = self.unit()
        or_part = bool(self.take("or part"))
        self.need("late")
        if unit not in m.ELAPSED | {m.Unit.CALENDAR_DAY, m.Unit.WORKING_DAY, m.Unit.SCHOOL_DAY}:
            raise self.wrong("lateness in seconds, minutes, hours, calendar, working or school days", code="units")
        if bound in ("under", "less than"):
            if least == 0:
                raise self.wrong("“under” a number of 1 or more")
            least, most = 0, least - 1
        elif bound == "at most":
            least, most = 0, least
        elif bound in ("over", "more than"):
            least += 1
        elif not bound and most is None:
            most = least
        return m.Late(unit=unit, least=least, most=most, or_part=or_part)

    def _about_detail(self, name: str) -> m.Condition:
        detail = self.names.details[name]
        said_is = bool(self.take("is"))
        op = self._operator()
        if said_is and not op:
            negated = bool(self.take("not"))
            if self.take("given"):
                return m.Known(detail=name, negated=negated)
            if negated:
                return (
                    self._day_condition(name, negated=True) if self.at_words("on") else self._values(name, negated=True)
                )
        if op:
            if detail.kind is m.Kind.INSTANT or (detail.kind is m.Kind.DATE and self.peek().kind != "date"):
                return m.Relative(subject=name, op=op, instant=self.limit())
            return self._compare(detail, op)
        if detail.kind in (m.Kind.DATE, m.Kind.INSTANT) and (self.at_words("from") or self.at_words("on")):
            return self._day_condition(name)
        if not said_is:
            raise self.wrong("“is”, “is not”, “at least”, “at most”, “under” or “over”")
        return self._values(name, negated=False)

    def _operator(self) -> str:
        words = self.take(
            "no later than",
            "not later than",
            "later than",
            "not before",
            "before",
            "after",
            "by",
            "at least",
            "at most",
            "less than",
            "under",
            "more than",
            "over",
        )
        return {
            "": "",
            "no later than": "<=",
            "not later than": "<=",
            "later than": ">",
            "not before": ">=",
            "before": "<",
            "after": ">",
            "by": "<=",
            "at least": ">=",
            "at most": "<=",
            "less than": "<",
            "under": "<",
            "more than": ">",
            "over": ">",
        }[words]

    def _compare(self, detail: m.Detail, op: str) -> m.Compare:
        token = self.peek()
        if detail.kind is m.Kind.DATE and token.kind == "date":
            try:
                value: Fraction | date = date.fromisoformat(token.text)
            except ValueError:
                raise self.wrong("a date that exists, such as 2026-04-01") from None
        elif detail.kind is m.Kind.MONEY and token.kind == "money":
            value = self._money(token)
        elif detail.kind is m.Kind.NUMBER and token.kind == "number":
            value = Fraction(token.text.replace(",", ""))
        else:
            expected = {
                m.Kind.DATE: "a date such as 2026-04-01",
                m.Kind.MONEY: "a sum such as £25",
                m.Kind.NUMBER: "a number",
            }.get(detail.kind, f"“is” or “is not”: {detail.name} is declared as {detail.kind}")
            raise self.wrong(expected, self._other_sort(detail.kind), "units")
        self.index += 1
        return m.Compare(detail=detail.name, op=op, value=value, money=detail.kind is m.Kind.MONEY)

    def _other_sort(self, kind: m.Kind) -> str:
        """The mend for a number where a sum is due, and for a sum where a number is due."""
        token = self.peek()
        if (kind, token.kind) == (m.Kind.MONEY, "number"):
            return f"write “£{token.text}”"
        return f"write “{token.text.lstrip('£')}”" if (kind, token.kind) == (m.Kind.NUMBER, "money") else ""

    def _values(self, name: str, *, negated: bool) -> m.Condition:
        detail = self.names.details[name]
        if detail.kind is m.Kind.NUMBER and self.peek().kind == "number" and not negated:
            value = self.number()
            return m.AllOf(parts=tuple(m.Compare(detail=name, op=op, value=value) for op in (">=", "<=")))
        if detail.kind not in (m.Kind.TEXT, m.Kind.CHOICE, m.Kind.YES_NO):
            raise self.wrong(f"a comparison that fits a detail that is {detail.kind}", code="units")
        values = [self._value(detail)]
        while True:
            saved = self.index
            comma = self.mark(",")
            if not (self.take("or") or comma):
                break
            if self._at_keyword():
                self.index = saved
                break
            values.append(self._value(detail))
        return m.Is(detail=name, values=tuple(values), negated=negated)

    def _at_keyword(self) -> bool:
        return self.peek().kind in ("end", "mark") or self.at_words("then") or self.at_words("at")

    def _value(self, detail: m.Detail) -> str:
        token = self.peek()
        if token.kind in ("end", "mark"):
            raise self.wrong(f"a value of {detail.name}")
        allowed = detail.values or (("yes", "no") if detail.kind is m.Kind.YES_NO else ())
        if token.text not in allowed and self._begins_a_clause():
            raise self.wrong(f"another value of {detail.name} after “or”", ALTERNATIVES)
        if allowed and token.text not in allowed:
            raise PhraseError(
                token.at,
                f"“{token.text}” is no value of {detail.name}",
                f"one of {listed(allowed)}",
                did_you_mean(token.text, allowed),
                "unknown-value",
            )
        self.index += 1
        return token.text

    def _begins_a_clause(self) -> bool:
        """Whether a declared name and a comparison stand here, where the value of a detail is due."""
        following = self.peek(1).text.lower()
        return self.peek().text in self.names.all() and following in _COMPARING

    def _about_fact(self) -> m.Condition:
        name = self.next().text
        if self.take("happened at least"):
            times = self.whole_number()
            self.need("times")
            return m.Happened(fact=name, times=max(times, 1), any_time=bool(self.take("at any time")))
        if self.take("has not happened", "not happened"):
            return m.Happened(fact=name, negated=True, any_time=bool(self.take("at any time")))
        if self.take("has happened", "happened"):
            return m.Happened(fact=name, any_time=bool(self.take("at any time")))
        if self.take("at any time"):
            return m.Happened(fact=name, any_time=True)
        if self.peek().kind == "end" or self.at_words("and"):
            return m.Happened(fact=name)
        return self._about_instant(name)

    def _about_instant(self, subject: str) -> m.Condition:
        self.take("is")
        op = self._operator()
        if op:
            return m.Relative(subject=subject, op=op, instant=self.limit())
        return self._day_condition(subject)

    def _day_condition(self, subject: str, *, negated: bool = False) -> m.Condition:
        if not negated and self.take("from"):
            first = self.day_of_year()
            self.need("to")
            return m.Season(subject=subject, first=first, last=self.day_of_year())
        negated = negated or bool(self.take("not"))
        if self.take("on a", "on"):
            weekdays = []
            while self.peek().text.lower() in WEEKDAYS:
                weekdays.append(WEEKDAYS.index(self.next().text.lower()))
                if not (self.take("or") or self.mark(",")):
                    break
            if weekdays:
                if negated:
                    weekdays = [day for day in range(7) if day not in weekdays]
                return m.OnWeekday(subject=subject, weekdays=tuple(sorted(set(weekdays))))
            return m.OnDay(subject=subject, detail=self._detail(m.Kind.DATE), negated=negated)
        raise self.wrong("“before”, “after”, “by”, “later than”, “on” a day, or “from” a day “to” a day")
