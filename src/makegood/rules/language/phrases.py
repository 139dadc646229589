"""The short sentences inside a pledge text: limits, conditions, amounts, spans.

Every phrase is parsed against the names that the pledge declares, so that a mistake is found where it stands.
`write` says the same phrases back; `docs/reference/language.md` is the grammar in words.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from . import model as m
from .clauses import Conditions
from .mends import OPPOSITE
from .words import MONTHS, Names, PhraseError, is_name

T = TypeVar("T")


__all__ = ["MONTHS", "Names", "Phrase", "PhraseError", "is_name"]


class Phrase(Conditions):
    """One phrase; its public methods are the things that a phrase can be."""

    def amount(self) -> m.Amount:
        """A sum: `£95, then £45 for each further full 12 hours, at most £360`."""
        part = self.part()
        first: m.Part | None = part
        steps: list[m.Step] = []
        if self.take("for each"):
            first, steps = None, [self._step(part)]
        floor = cap = None
        while True:
            self.mark(",")
            if self.take("then", "and then", "and"):
                further = self.part()
                self.need("for each")
                steps.append(self._step(further))
            elif cap is None and self.take("at most"):
                cap = self.part()
            elif floor is None and self.take("at least"):
                floor = self.part()
            else:
                return m.Amount(first=first, steps=tuple(steps), floor=floor, cap=cap)

    def _step(self, part: m.Part) -> m.Step:
        self.take("further")
        period = self._period()
        skip = self.whole_number() if self.take("after the first") else 0
        most = None
        if self.take("up to"):
            most = self.whole_number()
            self.need("times")
        return m.Step(part=part, period=period, skip=skip, most=most)

    def _period(self) -> m.Period:
        self.take("full")
        count = self.whole_number() if self.peek().kind == "number" else 1
        unit = self.unit()
        or_part = bool(self.take("or part"))
        self.take("late")
        days = {m.Unit.CALENDAR_DAY, m.Unit.WORKING_DAY, m.Unit.SCHOOL_DAY}
        if unit not in m.ELAPSED | days | {m.Unit.WEEK} or count < 1:
            raise self.wrong("a period of hours, minutes, weeks, calendar, working or school days", code="units")
        return m.Period(count=count, unit=unit, or_part=or_part)

    def part(self) -> m.Part:
        """One sum: flat, named, a share, the greater or lesser of two."""
        return self._nest(self._part)

    def _part(self) -> m.Part:
        part = self._single()
        while self.take("divided by"):
            part = m.Divided(part=part, by=self._figure("number"))
        return part

    def _single(self) -> m.Part:
        which = self.take("the greater of", "the lesser of")
        if which:
            first = self.part()
            self.need("and")
            pair = (first, self.part())
            return m.GreaterOf(parts=pair) if which == "the greater of" else m.LesserOf(parts=pair)
        token = self.peek()
        if token.kind == "money":
            self.index += 1
            return m.Sum(pounds=self._money(token))
        if token.kind == "percent" or self.names.rates.get(token.text) == "a percentage":
            percent = self._figure("a percentage")
            self.need("of")
            return m.Share(of=self._single(), percent=percent)
        number = token.kind == "number" or self.names.rates.get(token.text) == "a number"
        detail = self.names.details.get(token.text)
        if number or (detail and detail.kind is m.Kind.NUMBER):
            times = self._figure("a number")
            self.need("times")
            return m.Times(part=self._single(), times=times)
        sums = [name for name, detail in self.names.details.items() if detail.kind is m.Kind.MONEY]
        sums += [name for name, kind in self.names.rates.items() if kind == "money"]
        if token.kind == "word" and token.text in self.names.all() and token.text not in sums:
            raise self.wrong("a sum of money", f"{token.text} is not declared as money", "units")
        if token.kind != "word":
            raise self.wrong("a sum such as £10, a share such as 25% of fare, or a named sum", code="units")
        return m.Named(name=self.name(sums, "a sum: a money detail or rate"))

    def _figure(self, kind: str) -> Fraction | str:
        token = self.peek()
        if token.kind == "percent":
            self.index += 1
            return Fraction(token.text.rstrip("% ").strip())
        if token.kind == "number":
            number = self.number()
            if number == 0:
                raise self.wrong("a number that is not 0")
            return number
        details = [name for name, detail in self.names.details.items() if detail.kind is m.Kind.NUMBER]
        rates = [name for name, rate in self.names.rates.items() if rate in ("a number", "a percentage")]
        return self.name([*details, *rates], kind)

    # -- facts, spans and the rest

    def facts(self) -> m.Facts:
        """`a`, `a or b` (whichever comes first), `a and b` (when both have happened)."""
        names = [self._fact()]
        together = m.Together.FIRST
        joiner = ""
        while (self.at_words("or") and not self.at_words("or when")) or self.at_words("and"):
            word = self.next().text.lower()
            if joiner and word != joiner:
                raise self.wrong("either “and” or “or” between facts, not both")
            joiner = word
            names.append(self._fact())
        if joiner == "and":
            together = m.Together.ALL
        return m.Facts(names=tuple(names), together=together)

    def _fact(self) -> str:
        return self.name(self.names.facts, "a declared fact")

    def start(self) -> m.Start:
        """What starts a standard, with `or when … runs out` and `the 3rd time within 6 months`."""
        facts = self.facts()
        nth, span, runs_out = 1, None, None
        if self.at_words("the") and self.peek(1).kind == "ordinal":
            self.index += 1
            nth = self.ordinal()
            self.need("time within")
            span = self.span()
        self.mark(",")
        if self.take("or when"):
            runs_out = self.name(self.names.standards, "a standard")
            self.need("runs out")
        return m.Start(facts=facts, or_when_runs_out=runs_out, nth=nth, nth_within=span)

    def span(self) -> m.Span:
        """`a year from 1 April`, `28 calendar days`, `12 months`."""
        if self.take("a year from"):
            return m.Span(count=1, unit=m.Unit.YEAR, year_from=self.day_of_year())
        count = self.whole_number()
        unit = self.unit()
        if unit not in (m.Unit.CALENDAR_DAY, m.Unit.WEEK, m.Unit.MONTH, m.Unit.YEAR) or count < 1:
            raise self.wrong("so many calendar days, weeks, months or years, or “a year from 1 April”", code="units")
        return m.Span(count=count, unit=unit)

    def repeated(self) -> m.Repeated:
        """`the 4th in a year from 1 April`, `each 2nd in 28 calendar days, counting visit_missed`."""
        which = m.Which.EACH_SET if self.take("each") else m.Which.THAT_ONE
        if which is m.Which.THAT_ONE:
            self.need("the")
        nth = self.ordinal()
        if which is m.Which.THAT_ONE and self.take("and each after it"):
            which = m.Which.FROM_THEN_ON
        self.need("in")
        span = self.span()
        self.mark(",")
        fact = self._fact() if self.take("counting") else None
        return m.Repeated(nth=nth, which=which, span=span, fact=fact)

    def ceiling(self) -> m.Ceiling:
        """`5 payments in a year from 1 April`, `£500 in 12 months`."""
        if self.peek().kind == "money":
            pounds = self._money(self.next())
            self.need("in")
            return m.Ceiling(span=self.span(), pounds=pounds)
        payments = self.whole_number("a number of payments or a sum of money")
        if not self.take("payments", "payment"):
            raise self.wrong("“payments”")
        self.need("in")
        return m.Ceiling(span=self.span(), payments=payments)

    def option(self, rule: Callable[[], T]) -> m.Option[T]:
        """A value, then `if` and a condition, or `otherwise`, or nothing."""
        value = rule()
        self.mark(",")
        if self.take("if"):
            return m.Option(value=value, condition=self.condition())
        if not self.take("otherwise") and self.peek().kind != "end":
            mend = OPPOSITE if self.at_words("unless") else ""
            raise self.wrong("“if” and a condition, “otherwise”, or the end", mend)
        return m.Option(value=value)
