"""Conditions in words, whole or as the cells of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from ..language import model as m
from .limits import Limits

_OPS = {"<": "under", "<=": "at-most", ">": "over", ">=": "at-least"}
_DATE_OPS = {"<": "before", "<=": "no-later", ">": "later", ">=": "no-earlier"}


class Conditions(Limits):
    """Says conditions as clauses that can follow “if”."""

    def condition(self, condition: m.Condition) -> str:
        """A condition as a clause: `we warn you before 9am on the day of the visit`."""
        match condition:
            case m.Is() if self._is_yes_no(condition):
                return self._yes_no(condition)
            case m.Is() | m.Compare():
                value = self._cell(condition, self.quoted)
                return self.say("detail.value", value=value, detail=self.detail(condition.detail))
            case m.Known():
                return self.say("known.not" if condition.negated else "known", detail=self.detail(condition.detail))
            case m.Happened():
                return self._happened(condition)
            case m.Relative():
                return self.against(condition.subject, condition.op, condition.instant)
            case m.Season():
                first, last = self.day_of_year(condition.first), self.day_of_year(condition.last)
                return self._on(condition.subject, self.say("season", first=first, last=last))
            case m.OnDay():
                return self._on(condition.subject, self.detail(condition.detail), negated=condition.negated)
            case m.OnWeekday():
                days = [self.say("on-weekday", weekday=self.say(f"weekday.{day}")) for day in condition.weekdays]
                return self._on(condition.subject, self.any_of(days))
            case m.Late():
                return self.say("late.clause", lateness=self.lateness(condition))
            case m.Term():
                return self.say("term.not" if condition.negated else "term", term=self.quoted(condition.name))
            case m.AllOf():
                return self.joined([self._part(part) for part in self._merged(condition.parts)])
            case m.AnyOf():
                return self.say("any-of", parts=self.any_of([self._part(part) for part in condition.parts]))
            case m.NoneOf():
                return self.say("none-of", parts=self.any_of([self._part(part) for part in condition.parts]))

    def _part(self, part: m.Condition) -> str:
        said = self.condition(part)
        return self.say("bracketed", words=said) if isinstance(part, m.AllOf | m.AnyOf | m.NoneOf) else said

    def _merged(self, parts: tuple[m.Condition, ...]) -> tuple[m.Condition, ...]:
        """`at least 3 and at most 3` is said once, as `exactly 3`."""
        kept = list(parts)
        for part in parts:
            if isinstance(part, m.Compare) and part.op == ">=":
                twin = replace(part, op="<=")
                if twin in kept:
                    kept[kept.index(part)] = replace(part, op="=")
                    kept.remove(twin)
        return tuple(kept)

    def _is_yes_no(self, condition: m.Is) -> bool:
        detail = self.pledge.details.get(condition.detail)
        return bool(detail and detail.kind is m.Kind.YES_NO)

    def _yes(self, condition: m.Is) -> bool:
        return (condition.values == ("yes",)) != condition.negated

    def _yes_no(self, condition: m.Is) -> str:
        detail = self.pledge.details[condition.detail]
        if not detail.says:
            answer = self.say("yes" if self._yes(condition) else "no")
            return self.say("detail.value", value=answer, detail=self.readable(detail.name))
        return detail.says if self._yes(condition) else self.say("not-so", clause=detail.says)

    def _happened(self, condition: m.Happened) -> str:
        said = self.fact(condition.fact)
        if condition.times > 1:
            said = self.count("happened.times", condition.times, fact=said)
        elif condition.negated:
            said = self.say("not-so", clause=said)
        return self.say("happened.any-time", fact=said) if condition.any_time else said

    def _on(self, subject: str, day: str, *, negated: bool = False) -> str:
        clause = self.pledge.facts.get(subject)
        kind = "fact" if clause else "thing"
        phrase = f"on.{kind}.not" if negated else f"on.{kind}"
        return self.say(phrase, subject=clause or self.thing(subject), day=day)

    def lateness(self, late: m.Late) -> str:
        """A band of lateness: `30 to 59 minutes`, `less than 30 minutes`, `2 hours or more`."""
        if late.most is None:
            said = self.say("late.from", length=self.length(late.least, late.unit))
        elif late.least == 0 and late.unit in m.ELAPSED and not late.or_part:
            said = self.say("late.under", length=self.length(late.most + 1, late.unit))
        elif late.least == late.most:
            said = self.length(late.most, late.unit)
        else:
            said = self.say("range", first=self.number(late.least), last=self.length(late.most, late.unit))
        return self.say("late.or-part", lateness=said) if late.or_part else said

    # -- cells

    def _cell(self, condition: m.Is | m.Compare, label: Callable[[str], str] | None = None) -> str:
        """What a detail is to be; in a sentence `label` sets off the values of a choice, which are labels."""
        if isinstance(condition, m.Compare):
            return self._comparison(condition)
        detail = self.pledge.details.get(condition.detail)
        choice = detail.values if detail and detail.kind is m.Kind.CHOICE else ()
        said = label if label and choice else self.readable
        if condition.negated and choice:
            rest = [value for value in choice if value not in condition.values]
            if rest:
                return self.any_of([said(value) for value in rest])
        values = self.any_of([said(value) for value in condition.values])
        return self.say("anything-but", values=values) if condition.negated else values

    def _comparison(self, condition: m.Compare) -> str:
        if isinstance(condition.value, date):
            if condition.op == "=":
                return self.plain_date(condition.value)
            return self.say(f"date.{_DATE_OPS[condition.op]}", date=self.plain_date(condition.value))
        number = self.money(condition.value) if condition.money else self.number(condition.value)
        return number if condition.op == "=" else self.say(f"number.{_OPS[condition.op]}", number=number)

    def cells(self, condition: m.Condition | None) -> dict[str, str]:
        """A condition as the cells of a table row, by the heading of their columns."""
        if condition is None:
            return {}
        parts = condition.parts if isinstance(condition, m.AllOf) else (condition,)
        found: dict[str, list[str]] = {}
        for part in self._merged(parts):
            heading, cell = self._heading_and_cell(part)
            found.setdefault(heading, []).append(cell)
        return {heading: self.all_of(cells) for heading, cells in found.items()}

    def _heading_and_cell(self, part: m.Condition) -> tuple[str, str]:
        match part:
            case m.Is() if self._is_yes_no(part):
                answer = self.say("yes" if self._yes(part) else "no")
                return self.capital(self.detail(part.detail)), answer
            case m.Is() | m.Compare():
                return self.capital(self.detail(part.detail)), self._cell(part)
            case m.Late():
                return self.say("table.lateness"), self.lateness(part)
            case m.Term():
                return self.quoted(part.name), self.say("no" if part.negated else "yes")
            case _:
                return self.say("table.if"), self.condition(part)

    def capital(self, text: str) -> str:
        """Text with a capital at its beginning."""
        return text[:1].upper() + text[1:]
