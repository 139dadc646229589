"""Sums, repetitions and caps in words: the last part of a voice that can say a whole pledge."""

from __future__ import annotations

from fractions import Fraction

from ..language import model as m
from .conditions import Conditions


class Voice(Conditions):
    """Says everything of one pledge in the language of one catalogue."""

    def part(self, part: m.Part) -> str:
        """One sum: `£10`, `25% of what you paid`, `£5 or your fare, whichever is less`."""
        match part:
            case m.Sum():
                return self.money(part.pounds)
            case m.Named():
                return self._named(part.name)
            case m.Share():
                return self.say("sum.share", share=self._figure(part.percent, percent=True), sum=self.part(part.of))
            case m.Divided():
                return self.say("sum.divided", sum=self.part(part.part), number=self._figure(part.by))
            case m.Times():
                return self.say("sum.times", sum=self.part(part.part), number=self._figure(part.times))
            case m.GreaterOf():
                return self.say("sum.greater", one=self.part(part.parts[0]), other=self.part(part.parts[1]))
            case m.LesserOf():
                return self.say("sum.lesser", one=self.part(part.parts[0]), other=self.part(part.parts[1]))

    def _named(self, name: str) -> str:
        if name not in self.pledge.rates:
            return self.detail(name)
        rate = self.rate_in_force(name)
        return self.rate(name, self.rate_value(rate) if rate else "")

    def rate_value(self, rate: m.Rate) -> str:
        """What a dated value is: a sum, a share, a number or a length of time."""
        if isinstance(rate.value, m.Within):
            return self.limit_length(rate.value)
        if rate.kind == "money":
            return self.money(rate.value)
        return f"{self.number(rate.value)}%" if rate.kind == "a percentage" else self.number(rate.value)

    def _figure(self, figure: Fraction | str, *, percent: bool = False) -> str:
        if isinstance(figure, str):
            return self._named(figure)
        return f"{self.number(figure)}%" if percent else self.number(figure)

    def period(self, period: m.Period) -> str:
        """A stretch of lateness that is paid for: `full 12 hours`, `working day, or part of it`."""
        single = period.count == 1
        length = self.say(f"unit.single.{period.unit}") if single else self.length(period.count, period.unit)
        return self.say("period.begun" if period.or_part else "period.full", length=length)

    def amount(self, amount: m.Amount) -> str:
        """A whole amount: `£95, and £40 more for each further full 12 hours, but no more than £360`."""
        said = self.part(amount.first) if amount.first else ""
        for step in amount.steps:
            more = self._step(step, further=bool(said))
            said = self.say("amount.and", amount=said, more=more) if said else more
        if amount.floor:
            said = self.say("amount.floor", amount=said, floor=self.part(amount.floor))
        if amount.cap:
            said = self.say("amount.cap", amount=said, cap=self.part(amount.cap))
        return said

    def _step(self, step: m.Step, *, further: bool) -> str:
        phrase = "amount.each-further" if further else "amount.each"
        said = self.say(phrase, sum=self.part(step.part), period=self.period(step.period))
        if step.skip:
            said = self.count("amount.after-first", step.skip, amount=said)
        if step.most is not None:
            said = self.count("amount.times-at-most", step.most, amount=said)
        return said

    def repeated(self, repeated: m.Repeated) -> str:
        """When a repeated failure is paid, as a sentence."""
        slots = {"nth": self.nth(repeated.nth), "span": self.span(repeated.span)}
        if repeated.fact:
            return self.say(f"repeated.fact.{repeated.which.name.lower()}", fact=self.fact(repeated.fact), **slots)
        return self.say(f"repeated.{repeated.which.name.lower()}", **slots)

    def ceiling(self, ceiling: m.Ceiling) -> str:
        """A cap over several cases, as a sentence."""
        span = self.span(ceiling.span)
        if ceiling.pounds is not None:
            return self.say("ceiling.money", sum=self.money(ceiling.pounds), span=span)
        payments = ceiling.payments or 0
        return self.count("ceiling.payments", payments, span=span)
