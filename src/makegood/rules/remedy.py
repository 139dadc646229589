"""What is owed when a standard is broken: the sum, line by line, and the remedies with their own deadlines.

Sums are exact, in pence, until they are rounded half up to the penny once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from .clocks import Choosing, chooser, instants_of
from .conditions import Clock, Missing, Scope, Test, View, lateness_in, number_of_text, ready_test
from .facts import pence_of
from .language import model as m
from .money import from_pence
from .working_time import OutOfRange, Zone

Exact = int | Fraction
Figure = Callable[[View, Clock], Exact | Missing]
PAYING = frozenset({m.Remedying.MONEY, m.Remedying.VOUCHER})


@dataclass(frozen=True, kw_only=True, slots=True)
class AmountLine:
    """One line of how a sum came about: `each` (exact pence) is added `count` times.

    `what` is first, step, floor, cap, round, or ceiling; for the last four `each` is what the sum became.
    """

    what: str
    each: Exact
    count: int = 1
    unit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """One remedy that is owed: what it is, how much, by when, and who pays. Sums are pence; instants UTC seconds."""

    kind: m.Remedying
    pence: int = 0
    due: int | None = None
    done: int | None = None
    top_up: int = 0
    choices: tuple[Owed, ...] = ()
    why_nothing: str = ""
    lines: tuple[AmountLine, ...] = ()
    zone: Zone
    source: m.Remedy = field(repr=False)

    @property
    def words(self) -> str:
        """What it is, in the pledge's words."""
        return self.source.words

    @property
    def route(self) -> m.Route:
        """Who has to do what before it comes."""
        return self.source.route

    @property
    def payer(self) -> str:
        """Who pays, when it is not the provider."""
        return self.source.payer

    @property
    def by_whom(self) -> str:
        """Who hands it over."""
        return self.source.by_whom

    @property
    def settled(self) -> str:
        """When a sum that grows is settled."""
        return self.source.settled

    @property
    def set_off(self) -> str:
        """The debt that it may be used to reduce."""
        return self.source.set_off

    @property
    def most(self) -> int | None:
        """The pence that staff may add at most, when it is their discretion."""
        return None if self.source.most is None else int(self.source.most * 100)

    @property
    def amount(self) -> Decimal:
        """The sum in pounds."""
        return from_pence(self.pence)

    @property
    def due_at(self) -> datetime | None:
        """The remedy's own deadline, when the pledge names one."""
        return None if self.due is None else self.zone.datetime(self.due)


def nothing(owed: Owed, why: str) -> Owed:
    """The same remedy with every sum of it at nothing, and why."""
    choices = tuple(nothing(choice, why) for choice in owed.choices)
    return replace(owed, pence=0, due=None, done=None, top_up=0, choices=choices, why_nothing=why)


def rounded(pence: Exact) -> int:
    """Half up to the whole penny.

    >>> rounded(Fraction(995, 8)), rounded(Fraction(15, 2)), rounded(7)
    (124, 8, 7)
    """
    if isinstance(pence, int):
        return pence
    return (2 * pence.numerator + pence.denominator) // (2 * pence.denominator)


# --- parts of an amount ------------------------------------------------------------------------------


def figure_of(part: m.Part, scope: Scope) -> Figure:
    """Make one sum ready to run; the answer is exact pence, or what is missing."""
    match part:
        case m.Sum():
            pence = int(part.pounds * 100)
            return lambda view, clock: pence
        case m.Named():
            return _named(part.name, scope)
        case m.Share():
            return _scaled(
                figure_of(part.of, scope), _number(part.percent, scope), lambda sum_, by: Fraction(sum_) * by / 100
            )
        case m.Divided():
            return _scaled(figure_of(part.part, scope), _number(part.by, scope), lambda sum_, by: Fraction(sum_) / by)
        case m.Times():
            return _scaled(figure_of(part.part, scope), _number(part.times, scope), lambda sum_, by: sum_ * by)
        case m.GreaterOf():
            return _better(part.parts, scope, max)
        case m.LesserOf():
            return _better(part.parts, scope, min)


def _named(name: str, scope: Scope) -> Figure:
    missing = (name,)
    if name in scope.pledge.rates:
        rate = scope.rate(name)
        pence = int(rate.value * 100) if rate and isinstance(rate.value, Fraction) else None
        return lambda view, clock: missing if pence is None else pence

    def of_detail(view: View, clock: Clock) -> Exact | Missing:
        found = pence_of(view.detail(name))
        return missing if found is None else found

    return of_detail


def _number(value: Fraction | str, scope: Scope) -> Figure:
    if isinstance(value, Fraction):
        return lambda view, clock: value
    missing = (value,)
    if value in scope.pledge.rates:
        rate = scope.rate(value)
        number = rate.value if rate and isinstance(rate.value, Fraction) else None
        return lambda view, clock: missing if number is None else number

    def of_detail(view: View, clock: Clock) -> Exact | Missing:
        found = number_of_text(view.detail(value))
        return missing if found is None or found < 0 else found

    return of_detail


def _scaled(figure: Figure, number: Figure, scale: Callable[[Exact, Exact], Exact]) -> Figure:
    def run(view: View, clock: Clock) -> Exact | Missing:
        sum_, by = figure(view, clock), number(view, clock)
        if isinstance(sum_, tuple):
            return sum_
        if isinstance(by, tuple):
            return by
        try:
            return scale(sum_, by)
        except ZeroDivisionError:
            return ("a number other than 0",)

    return run


def _better(parts: tuple[m.Part, m.Part], scope: Scope, pick: Callable[[Exact, Exact], Exact]) -> Figure:
    first, second = (figure_of(part, scope) for part in parts)

    def run(view: View, clock: Clock) -> Exact | Missing:
        one, other = first(view, clock), second(view, clock)
        if isinstance(one, tuple):
            return one
        return other if isinstance(other, tuple) else pick(one, other)

    return run


# --- whole amounts -----------------------------------------------------------------------------------


class Sum:
    """One amount made ready to run."""

    def __init__(self, amount: m.Amount, scope: Scope) -> None:
        self.first = figure_of(amount.first, scope) if amount.first else None
        self.steps = [
            (step, str(step.period.unit), figure_of(step.part, scope), _periods(step.period, scope))
            for step in amount.steps
        ]
        self.floor = figure_of(amount.floor, scope) if amount.floor else None
        self.cap = figure_of(amount.cap, scope) if amount.cap else None

    def pence(self, view: View, clock: Clock, lines: list[AmountLine]) -> int | Missing:
        """The sum in whole pence, adding its lines; or what is missing. May raise `OutOfRange`."""
        total: Exact = 0
        if self.first:
            first = self.first(view, clock)
            if isinstance(first, tuple):
                return first
            total = first
            lines.append(AmountLine(what="first", each=first))
        for step, unit, figure, periods in self.steps:
            count = max(periods(view, clock) - step.skip, 0)
            count = count if step.most is None else min(count, step.most)
            each = figure(view, clock)
            if isinstance(each, tuple):
                return each
            total += each * count
            lines.append(AmountLine(what="step", each=each, count=count, unit=unit))
        if self.floor:
            floor = self.floor(view, clock)
            if isinstance(floor, tuple):
                return floor
            if floor > total:
                total = floor
                lines.append(AmountLine(what="floor", each=floor))
        pence = rounded(total)
        if pence != total:
            lines.append(AmountLine(what="round", each=pence))
        if self.cap:
            cap = self.cap(view, clock)
            if isinstance(cap, tuple):
                return cap
            if rounded(cap) < pence:
                pence = rounded(cap)
                lines.append(AmountLine(what="cap", each=pence))
        return pence


def _periods(period: m.Period, scope: Scope) -> Callable[[View, Clock], int]:
    """How many full (or begun) periods of lateness there are."""
    size = period.count
    unit = period.unit
    if unit in m.ELAPSED:
        size, unit = size * m.SECONDS[unit], m.Unit.SECOND
        count = lateness_in(unit, scope, or_part=False)
    else:
        if unit is m.Unit.WEEK:
            size, unit = size * 7, m.Unit.CALENDAR_DAY
        count = lateness_in(unit, scope, or_part=period.or_part)
    if size == 1:
        return count
    if period.or_part:
        return lambda view, clock: -(-count(view, clock) // size)
    return lambda view, clock: count(view, clock) // size


# --- remedies ----------------------------------------------------------------------------------------


class Putting:
    """One remedy of a standard made ready to run."""

    def __init__(self, remedy: m.Remedy, scope: Scope) -> None:
        self.remedy, self.zone = remedy, scope.zone
        self.condition: Test | None = ready_test(remedy.condition, scope) if remedy.condition else None
        self.extinguished: Test | None = ready_test(remedy.extinguished, scope) if remedy.extinguished else None
        self.amount = chooser(remedy.amount, scope, lambda amount: Sum(amount, scope)) if remedy.amount else None
        self.if_late = chooser(remedy.if_late, scope, lambda amount: Sum(amount, scope)) if remedy.if_late else None
        self.within = scope.limit(remedy.within) if remedy.within else None
        self.choices = [Putting(choice, scope) for choice in remedy.choices]
        depends = self.condition or self.extinguished or self.amount or self.within or self.choices
        self.always = None if depends else Owed(kind=remedy.kind, zone=self.zone, source=remedy)

    def owed(self, view: View, clock: Clock) -> Owed | Missing | None:
        """The remedy as it is owed; `None` when its condition does not hold; or what is missing.

        May raise `OutOfRange`.
        """
        if self.always:
            return self.always
        if self.condition:
            answer = self.condition(view, clock)
            if answer is False:
                return None
            if answer is not True:
                return answer
        pence = 0
        lines: list[AmountLine] = []
        if self.amount:
            counted = self._sum(self.amount, view, clock, lines)
            if isinstance(counted, tuple):
                return counted
            pence = counted
        choices: list[Owed] = []
        for putting in self.choices:
            choice = putting.owed(view, clock)
            if isinstance(choice, tuple):
                return choice
            if choice:
                choices.append(choice)
        paying = next((choice for choice in choices if choice.kind in PAYING), None)
        if paying:
            pence, lines = paying.pence, list(paying.lines)
        due, done, top_up = self._own_clock(view, clock) if self.within else (None, None, 0)
        owed = Owed(
            kind=self.remedy.kind,
            pence=pence,
            due=due,
            done=done,
            top_up=top_up,
            choices=tuple(choices),
            lines=tuple(lines),
            zone=self.zone,
            source=self.remedy,
        )
        if self.extinguished and self.extinguished(view, clock) is True:
            return nothing(owed, "extinguished")
        return owed

    def _sum(self, choose: Choosing[Sum], view: View, clock: Clock, lines: list[AmountLine]) -> int | Missing:
        option = clock.option
        chosen = choose(view, clock)
        clock.option = option
        return chosen.pence(view, clock, lines) if isinstance(chosen, Sum) else chosen

    def _own_clock(self, view: View, clock: Clock) -> tuple[int | None, int | None, int]:
        """The remedy's own deadline, when it was given, and the top-up when it was late."""
        if not self.within or clock.deadline is None:
            return None, None, 0
        breach = Clock(clock.deadline)
        breach.finish, breach.deadline, breach.late_from = clock.finish, clock.deadline, clock.late_from
        try:
            due = self.within(view, breach)
        except OutOfRange:
            return None, None, 0
        if not isinstance(due, int) or (clock.finish is None and self._from_finish()):
            return None, None, 0
        done = None
        if self.remedy.done:
            done = instants_of(m.Facts(names=(self.remedy.done,)), view, clock.deadline)
        end = view.as_of if done is None else done
        if not self.if_late or not self.remedy.done or end <= due:
            return due, done, 0
        breach.deadline = breach.late_from = due
        breach.finish = done
        top_up = self._sum(self.if_late, view, breach, [])
        return due, done, top_up if isinstance(top_up, int) else 0

    def _from_finish(self) -> bool:
        within = self.remedy.within
        return isinstance(within, m.Within | m.Rated | m.At) and within.anchor == "the finish"
