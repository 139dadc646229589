"""Conditions made ready to run: true, false, or cannot be told, with what is missing.

Each condition becomes a small function of a case as it was known at an instant and of a standard's clock.
Its answer is `True`, `False` or a tuple with the names of what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal

from .facts import Case, day_of_text, instant_of_text, pence_of
from .language import model as m
from .working_time import Calendar, OutOfRange, Zone, day_number, day_of, zone_named

Missing = tuple[str, ...]
Answer = bool | Missing

DayCalendars = tuple[Calendar | None, Calendar | None, Calendar | None]
"""The calendars by which days count, a receipt moves and a deadline rolls."""
OnDays = tuple[Literal["days"], m.Within, int, int, int, int, DayCalendars]
"""A day limit, the day of receipt, day 0, the last day, the day it rolled to, and the calendars."""
OnTime = tuple[Literal["elapsed", "service"], m.Within, int, int, Calendar | None]
"""A limit of real or service time, the instant it runs from, its deadline, and the calendar of service time."""
OnNamed = tuple[Literal["at", "window"], m.At | m.Window, int | None, int]
"""A limit on a day that the case names, that day, and the last second of it; no day when it names an instant."""
Basis = OnDays | OnTime | OnNamed
"""What a deadline rests on. Plain tuples, told apart by their first word: each judging of a case makes some."""


class View:
    """One case as it was known at one instant."""

    __slots__ = ("as_of", "case", "details", "facts")

    def __init__(self, case: Case, as_of: int) -> None:
        self.case, self.as_of, self.details = case, as_of, case.details
        self.facts: dict[str, list[int]] = {}

    def known(self, name: str) -> list[int]:
        """The known instants of a fact, in order."""
        instants = self.facts.get(name)
        if instants is None:
            instants = self.facts[name] = self.case.known(name, self.as_of)
        return instants

    def detail(self, name: str) -> str:
        """A detail's text, empty when it is missing."""
        text = self.details.get(name)
        return text.strip() if text else ""


class Clock:
    """The running state of one standard in one case: what conditions, limits and amounts may look at."""

    __slots__ = (
        "basis",
        "deadline",
        "extensions",
        "finish",
        "late_from",
        "lost",
        "open_pause",
        "opens",
        "option",
        "pauses",
        "start",
    )

    def __init__(self, start: int) -> None:
        self.start = start
        self.finish: int | None = None
        self.deadline: int | None = None
        self.late_from: int | None = None
        self.opens: int | None = None
        self.open_pause = False
        self.lost = False
        self.option = 0
        self.pauses: list[tuple[int, int | None]] = []
        self.extensions: list[tuple[str, int]] = []
        self.basis: Basis | None = None


Test = Callable[[View, Clock], Answer]
Reckoner = Callable[[View, Clock], int | Missing]
"""Gives an instant, or what is missing to tell it."""


class Scope:
    """What a condition, limit or amount of a standard stands in: the pledge's names, calendars, and rates of a date."""

    def __init__(
        self,
        pledge: m.Pledge,
        standard: m.Standard,
        calendars: Mapping[str, Calendar],
        rates: Mapping[str, m.Rate | None],
    ) -> None:
        self.pledge, self.standard, self.calendars, self.rates = pledge, standard, calendars, rates
        self.zone: Zone = zone_named(pledge.zone)
        self.limits: Callable[[m.Limit, Scope], Reckoner]
        self.without_rate: set[str] = set()
        self._elsewhere: Scope | None = None

    def calendar(self, unit: m.Unit, named: str | None = None) -> Calendar:
        """The calendar that a unit is counted in. Raises `LookupError` when there is none of that name."""
        if unit in m.SERVICE:
            unit = m.Unit.SERVICE_HOUR
        name = named or self.standard.calendars.get(unit) or ""
        found = self.pledge.calendars.get(name) or self.calendars.get(name)
        if found is None:
            raise LookupError(f"there is no calendar “{name}” for {unit}s of {self.standard.name}")
        return found

    def rate(self, name: str) -> m.Rate | None:
        """The rate in force, noting when there is none."""
        rate = self.rates.get(name)
        if rate is None:
            self.without_rate.add(name)
        return rate

    def limit(self, limit: m.Limit) -> Reckoner:
        """A limit of a condition or a remedy made ready to run.

        Pauses, cut-off, closed days and a first day that counts are rules of the standard's own clock, so not for
        these, and its clock stays as it is.
        """
        if self._elsewhere is None:
            plain = replace(self.standard, cut_off=None, closed_start=False, first_day_counts=False)
            self._elsewhere = Scope(self.pledge, plain, self.calendars, self.rates)
            self._elsewhere.limits, self._elsewhere.without_rate = self.limits, self.without_rate
        reckon = self.limits(limit, self._elsewhere)

        def run(view: View, clock: Clock) -> int | Missing:
            kept = clock.pauses, clock.basis, clock.opens
            clock.pauses = []
            try:
                return reckon(view, clock)
            finally:
                clock.pauses, clock.basis, clock.opens = kept

        return run


def ready_test(condition: m.Condition, scope: Scope, *, by_deadline: bool = False) -> Test:
    """Make a condition ready to run. With `by_deadline`, a bare fact counts up to the deadline only."""
    match condition:
        case m.Is():
            return _is(condition, scope)
        case m.Known():
            return lambda view, clock: bool(view.detail(condition.detail)) != condition.negated
        case m.Compare():
            return _compare(condition, scope)
        case m.Happened():
            return _happened(condition, by_deadline=by_deadline and not condition.any_time)
        case m.Relative():
            return _relative(condition, scope)
        case m.Season():
            return _season(condition, scope)
        case m.OnDay():
            return _on_day(condition, scope)
        case m.OnWeekday():
            return _on_weekday(condition, scope)
        case m.Late():
            return _late(condition, scope)
        case m.Term():
            inner = ready_test(scope.pledge.terms[condition.name], scope, by_deadline=by_deadline)
            return _none_of([inner]) if condition.negated else inner
        case m.AllOf():
            return _all_of([ready_test(part, scope, by_deadline=by_deadline) for part in condition.parts])
        case m.AnyOf():
            return _any_of([ready_test(part, scope, by_deadline=by_deadline) for part in condition.parts])
        case m.NoneOf():
            return _none_of([ready_test(part, scope, by_deadline=by_deadline) for part in condition.parts])


def _all_of(tests: list[Test]) -> Test:
    def run(view: View, clock: Clock) -> Answer:
        missing: Missing = ()
        for test in tests:
            answer = test(view, clock)
            if answer is False:
                return False
            if answer is not True:
                missing += answer
        return missing or True

    return tests[0] if len(tests) == 1 else run


def _any_of(tests: list[Test]) -> Test:
    def run(view: View, clock: Clock) -> Answer:
        missing: Missing = ()
        for test in tests:
            answer = test(view, clock)
            if answer is True:
                return True
            if answer is not False:
                missing += answer
        return missing or False

    return tests[0] if len(tests) == 1 else run


def _none_of(tests: list[Test]) -> Test:
    any_of = _any_of(tests)

    def run(view: View, clock: Clock) -> Answer:
        answer = any_of(view, clock)
        return not answer if isinstance(answer, bool) else answer

    return run


def _is(condition: m.Is, scope: Scope) -> Test:
    name, negated = condition.detail, condition.negated
    values = frozenset(condition.values)
    allowed = frozenset(scope.pledge.details[name].values)
    if scope.pledge.details[name].kind is m.Kind.YES_NO:
        allowed = frozenset({"yes", "no"})
    missing = (name,)

    def run(view: View, clock: Clock) -> Answer:
        text = view.details.get(name)
        if text in values:
            return not negated
        if text in allowed:
            return negated
        text = text.strip() if text else ""
        if text in values:
            return not negated
        return missing if not text or (allowed and text not in allowed) else negated

    return run


_OPS: dict[str, Callable[[int | Fraction, int | Fraction], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _compare(condition: m.Compare, scope: Scope) -> Test:
    name, compare = condition.detail, _OPS[condition.op]
    kind = scope.pledge.details[name].kind
    value: int | Fraction
    if isinstance(condition.value, date):
        value = day_number(condition.value)
    else:
        value = condition.value * 100 if kind is m.Kind.MONEY else condition.value
    read = {m.Kind.MONEY: pence_of, m.Kind.DATE: day_of_text}.get(kind, number_of_text)
    missing = (name,)

    def run(view: View, clock: Clock) -> Answer:
        given = read(view.detail(name))
        return missing if given is None else compare(given, value)

    return run


def number_of_text(text: str) -> int | Fraction | None:
    """A detail's number; `None` when it is none. At most 15 digits, so that every engine holds it exactly."""
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 15:
        return int(text)
    whole, point, part = digits.partition(".")
    if point and len(digits) <= 16 and (whole + part).isascii() and (whole + part).isdigit() and part:
        return Fraction(text)
    return None


def _happened(condition: m.Happened, *, by_deadline: bool) -> Test:
    fact, times, negated = condition.fact, condition.times, condition.negated

    def run(view: View, clock: Clock) -> Answer:
        instants = view.known(fact)
        if by_deadline and instants:
            if clock.lost:
                return ("the deadline",)
            if clock.deadline is not None:
                instants = [at for at in instants if at <= clock.deadline]
        return (len(instants) >= times) != negated

    return run


def moment(name: str, scope: Scope) -> Reckoner:
    """An instant that a phrase names: a moment of the clock, the first of a fact, an instant or a date detail."""
    if name == "the start":
        return lambda view, clock: clock.start
    if name == "the finish":
        return lambda view, clock: view.as_of if clock.finish is None else clock.finish
    if name in ("the deadline", "the breach"):
        return lambda view, clock: ("the deadline",) if clock.deadline is None else clock.deadline
    time, name = m.time_on(name) or (None, name)
    missing = (name,)
    if name in scope.pledge.facts:

        def first_fact(view: View, clock: Clock) -> int | Missing:
            instants = view.known(name)
            return instants[0] if instants else missing

        return first_fact
    if scope.pledge.details[name].kind is m.Kind.DATE:
        zone = scope.zone

        def of_date(view: View, clock: Clock) -> int | Missing:
            day = day_of_text(view.detail(name))
            return missing if day is None else zone.instant(day * 86_400 + (time or 0), later=time is not None)

        return of_date

    def of_instant(view: View, clock: Clock) -> int | Missing:
        at = instant_of_text(view.detail(name))
        return missing if at is None else at

    return of_instant


def day_named(name: str, scope: Scope) -> Reckoner:
    """The local day of a named instant; of a date detail, that date."""
    detail = scope.pledge.details.get(name)
    if detail and detail.kind is m.Kind.DATE:
        missing = (name,)

        def of_date(view: View, clock: Clock) -> int | Missing:
            day = day_of_text(view.detail(name))
            return missing if day is None else day

        return of_date
    at, zone = moment(name, scope), scope.zone

    def run(view: View, clock: Clock) -> int | Missing:
        instant = at(view, clock)
        return zone.day(instant) if isinstance(instant, int) else instant

    return run


def _relative(condition: m.Relative, scope: Scope) -> Test:
    subject, compare = moment(condition.subject, scope), _OPS[condition.op]
    instant = scope.limit(condition.instant)
    is_fact = condition.subject in scope.pledge.facts

    def run(view: View, clock: Clock) -> Answer:
        left = subject(view, clock)
        if not isinstance(left, int):
            return False if is_fact else left
        try:
            right = instant(view, clock)
        except OutOfRange as error:
            return (str(error),)
        return compare(left, right) if isinstance(right, int) else right

    return run


def _season(condition: m.Season, scope: Scope) -> Test:
    day, first, last = day_named(condition.subject, scope), condition.first, condition.last
    is_fact = condition.subject in scope.pledge.facts

    def run(view: View, clock: Clock) -> Answer:
        number = day(view, clock)
        if not isinstance(number, int):
            return False if is_fact else number
        at = day_of(number)
        key = (at.month, at.day)
        return first <= key <= last if first <= last else key >= first or key <= last

    return run


def _on_day(condition: m.OnDay, scope: Scope) -> Test:
    day, other, negated = day_named(condition.subject, scope), day_named(condition.detail, scope), condition.negated
    is_fact = condition.subject in scope.pledge.facts

    def run(view: View, clock: Clock) -> Answer:
        left, right = day(view, clock), other(view, clock)
        if not isinstance(left, int):
            return negated if is_fact else left
        return (left == right) != negated if isinstance(right, int) else right

    return run


def _on_weekday(condition: m.OnWeekday, scope: Scope) -> Test:
    day, weekdays = day_named(condition.subject, scope), frozenset(condition.weekdays)
    is_fact = condition.subject in scope.pledge.facts

    def run(view: View, clock: Clock) -> Answer:
        number = day(view, clock)
        if not isinstance(number, int):
            return False if is_fact else number
        return (number + 3) % 7 in weekdays

    return run


def lateness_in(unit: m.Unit, scope: Scope, *, or_part: bool) -> Callable[[View, Clock], int]:
    """How many whole units (with `or_part`, begun ones too) lie between the lateness instant and the finish.

    Days are the local days strictly between the two; `or_part` counts the finish's own day (if open) too.
    May raise `OutOfRange`.
    """
    zone = scope.zone
    if unit in m.ELAPSED:
        size = m.SECONDS[unit]

        def elapsed(view: View, clock: Clock) -> int:
            late = max((view.as_of if clock.finish is None else clock.finish) - (clock.late_from or 0), 0)
            return -(-late // size) if or_part else late // size

        return elapsed
    calendar = scope.calendar(unit) if unit in m.OPEN_DAYS else None

    def days(view: View, clock: Clock) -> int:
        end = view.as_of if clock.finish is None else clock.finish
        begin = clock.late_from or 0
        if end <= begin:
            return 0
        first, last = zone.day(begin), zone.day(end)
        if calendar is None:
            return max(last - first - 1, 0) + or_part
        between = calendar.between(first, last - 1) if last > first else 0
        return between + (or_part and calendar.is_open(last))

    return days


def _late(condition: m.Late, scope: Scope) -> Test:
    count = lateness_in(condition.unit, scope, or_part=condition.or_part)
    least, most = condition.least, condition.most

    def run(view: View, clock: Clock) -> Answer:
        try:
            units = count(view, clock)
        except OutOfRange as error:
            return (str(error),)
        return units >= least and (most is None or units <= most)

    return run
