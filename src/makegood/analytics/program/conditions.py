"""Conditions as expressions with three values: true, false, or null with the names of what is missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import narwhals.stable.v2 as nw

from ...rules.conditions import Scope
from ...rules.language import model as m
from ...rules.working_time import DAY, day_number, day_of
from ..columns import NotCompiled, detail_column, fact_column, given_column
from .build import (
    Build,
    Gap,
    Moment,
    Truth,
    always,
    check_size,
    floor_divided,
    guarded,
    nothing,
    when_all,
    when_any,
    whole,
)
from .tables import days_between, opened_table


@dataclass(frozen=True, kw_only=True)
class State:
    """What is known of a standard's clock where a condition, limit or amount stands; `name` tells states apart.

    With `where`, only the cases for which it holds matter: nothing is worked out for the others. Where `lost`
    holds, the deadline cannot be told.
    """

    name: str
    start: Moment
    finish: nw.Expr | None = None
    deadline: Moment | None = None
    late_from: Moment | None = None
    where: nw.Expr | None = None
    lost: nw.Expr | None = None

    def only(self, value: nw.Expr) -> nw.Expr:
        """The value for the cases that matter."""
        return value if self.where is None else nw.when(self.where).then(value).otherwise(None)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What the parts of a standard stand in: the frame under construction, the pledge's names, and the editions.

    `edition` is the place of each case's edition among `rates`, the dated values in force in each.
    """

    build: Build
    scope: Scope
    edition: nw.Expr
    rates: tuple[Mapping[str, m.Rate | None], ...]
    instant_of_limit: Callable[[m.Limit, State], Moment]

    @property
    def pledge(self) -> m.Pledge:
        """The pledge."""
        return self.scope.pledge

    def elsewhere(self) -> Place:
        """The same place for limits of conditions and remedies: receipt rules are for the standard's own clock."""
        plain = replace(self.scope.standard, cut_off=None, closed_start=False, first_day_counts=False)
        scope = Scope(self.scope.pledge, plain, self.scope.calendars, self.scope.rates)
        scope.limits = self.scope.limits
        return replace(self, scope=scope)


def fact_instants(build: Build, name: str) -> list[nw.Expr]:
    """The columns of a fact's known instants."""
    return [nw.col(fact_column(name, nth)) for nth in range(1, build.extent.times.get(name, 0) + 1)]


def moment_of(name: str, place: Place, state: State) -> Moment:
    """An instant that a phrase names, as in `rules.conditions.moment`."""
    build = place.build
    if name == "the start":
        return state.start
    if name == "the finish":
        return finish_or_now(build, state)
    if name in ("the deadline", "the breach"):
        if state.deadline is None:
            return Moment(at=nothing(), low=0, high=0, gaps=[(always(), "the deadline")])
        deadline = state.deadline
        return Moment(at=deadline.at, low=deadline.low, high=deadline.high, gaps=[(always(), "the deadline")])
    extent = build.extent
    time, name = m.time_on(name) or (None, name)
    missing: list[Gap] = [(always(), name)]
    if name in place.pledge.facts:
        return build.once(("moment", name), lambda: Moment(
            at=(fact_instants(build, name) or [nothing()])[0], low=extent.first, high=extent.last, gaps=missing,
        ))  # fmt: skip
    if place.pledge.details[name].kind is m.Kind.DATE:
        return build.once(("time on", name, time), lambda: _time_on(name, time, build, missing))
    at = nw.col(detail_column(name))
    return build.once(("moment", name), lambda: Moment(at=at, low=extent.first, high=extent.last, gaps=missing))


def _time_on(name: str, time: int | None, build: Build, missing: list[Gap]) -> Moment:
    days = days_between(*(build.extent.days or (0, 0)))
    instants = [build.zone.instant(day * DAY + (time or 0), later=time is not None) for day in days]
    (at,) = build.look_up(nw.col(detail_column(name)), {"day": list(days), "at": list(instants)})
    return Moment(at=at, low=min(instants), high=max(instants), gaps=missing)


def finish_or_now(build: Build, state: State) -> Moment:
    """The finish, or `as_of` while there is none."""
    at = whole(build.as_of) if state.finish is None else nw.coalesce(state.finish, whole(build.as_of))
    return build.once(
        ("finish", state.name), lambda: Moment(at=build.let(at), low=build.extent.first, high=build.extent.last)
    )


def day_of_name(name: str, place: Place, state: State) -> Moment:
    """The local day of a named instant; of a date detail, that date."""
    detail = place.pledge.details.get(name)
    if detail and detail.kind is m.Kind.DATE:
        low, high = place.build.extent.days or (0, 0)
        return Moment(at=nw.col(detail_column(name)), low=low, high=high, gaps=[(always(), name)])
    moment = moment_of(name, place, state)
    return place.build.day(moment)


def truth_of(condition: m.Condition, place: Place, state: State, *, by_deadline: bool = False) -> Truth:
    """A condition as an expression, in a column of its own."""

    def make() -> Truth:
        truth = _truth(condition, place, state, by_deadline)
        return Truth(holds=place.build.let(state.only(truth.holds)), gaps=truth.gaps)

    made: Truth = place.build.once(("truth", condition, state.name, by_deadline), make)
    return made


def _truth(condition: m.Condition, place: Place, state: State, by_deadline: bool) -> Truth:
    match condition:
        case m.Is():
            return _is(condition, place)
        case m.Known():
            given = nw.col(given_column(condition.detail))
            return Truth(holds=~given if condition.negated else given)
        case m.Compare():
            return _compare(condition, place)
        case m.Happened():
            return _happened(condition, place, state, by_deadline and not condition.any_time)
        case m.Relative():
            return _relative(condition, place, state)
        case m.Season():
            return _season(condition, place, state)
        case m.OnDay():
            left, right = (day_of_name(name, place, state) for name in (condition.subject, condition.detail))
            same = left.at == right.at
            holds = ~same if condition.negated else same
            if condition.subject in place.pledge.facts:
                holds = nw.when(left.at.is_null()).then(always(holds=condition.negated)).otherwise(holds)
                return Truth(holds=holds, gaps=guarded(~left.at.is_null(), right.gaps))
            gaps = [*guarded(left.at.is_null(), left.gaps), *guarded(~left.at.is_null(), right.gaps)]
            return Truth(holds=holds, gaps=gaps)
        case m.OnWeekday():
            return _on_weekday(condition, place, state)
        case m.Late():
            return _late(condition, place, state)
        case m.Term():
            inner = truth_of(place.pledge.terms[condition.name], place, state, by_deadline=by_deadline)
            return Truth(holds=~inner.holds, gaps=inner.gaps) if condition.negated else inner
        case m.AllOf():
            parts = [truth_of(part, place, state, by_deadline=by_deadline) for part in condition.parts]
            return Truth(holds=when_all(part.holds for part in parts), gaps=[g for part in parts for g in part.told])
        case m.AnyOf() | m.NoneOf():
            parts = [truth_of(part, place, state, by_deadline=by_deadline) for part in condition.parts]
            holds = when_any(part.holds for part in parts)
            gaps = [gap for part in parts for gap in part.told]
            return Truth(holds=~holds if isinstance(condition, m.NoneOf) else holds, gaps=gaps)


def _is(condition: m.Is, place: Place) -> Truth:
    detail = place.pledge.details[condition.detail]
    allowed = ("yes", "no") if detail.kind is m.Kind.YES_NO else detail.values
    if detail.kind not in (m.Kind.TEXT, m.Kind.YES_NO, m.Kind.CHOICE):
        raise NotCompiled(f"“{condition.detail} is …” for {detail.kind}")
    text = nw.col(detail_column(condition.detail))
    # Engines test membership once for each distinct value of a dictionary, comparisons for each row.
    is_one = text.is_in(list(condition.values))
    is_other = text.is_in([value for value in allowed if value not in condition.values]) if allowed else ~text.is_null()
    yes, no = always(holds=not condition.negated), always(holds=condition.negated)
    unknown = nw.lit(None, dtype=nw.Boolean)
    return Truth(
        holds=nw.when(is_one).then(yes).otherwise(nw.when(is_other).then(no).otherwise(unknown)),
        gaps=[(always(), condition.detail)],
    )


def _compared(left: nw.Expr, op: str, right: nw.Expr | int) -> nw.Expr:
    match op:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def _compare(condition: m.Compare, place: Place) -> Truth:
    name, value = condition.detail, condition.value
    kind = place.pledge.details[name].kind
    if isinstance(value, date):
        bound = Fraction(day_number(value))
    else:
        bound = value * 100 if kind is m.Kind.MONEY else value * 10 ** place.build.extent.places.get(name, 0)
    if kind not in (m.Kind.MONEY, m.Kind.DATE, m.Kind.NUMBER):
        raise NotCompiled(f"comparing {name}, which is {kind}")
    check_size(place.build.extent.most.get(name, 0))
    # A whole number is below a fraction when it is below the next whole number, and so on.
    edge = math.ceil(bound) if condition.op in ("<", ">=") else math.floor(bound)
    check_size(abs(edge))
    return Truth(holds=_compared(nw.col(detail_column(name)), condition.op, whole(edge)), gaps=[(always(), name)])


def _happened(condition: m.Happened, place: Place, state: State, by_deadline: bool) -> Truth:
    instants = fact_instants(place.build, condition.fact)
    if condition.times > len(instants):
        return Truth(holds=always(holds=condition.negated))
    at = instants[condition.times - 1]
    happened = ~at.is_null()
    if by_deadline and state.deadline is not None:
        late = (at > state.deadline.at) & ~state.deadline.at.is_null()
        happened = happened & ~nw.coalesce(late, always(holds=False))
    if by_deadline and state.lost is not None:
        happened = nw.when(~(state.lost & ~instants[0].is_null())).then(happened).otherwise(None)
    return Truth(holds=~happened if condition.negated else happened)


def _relative(condition: m.Relative, place: Place, state: State) -> Truth:
    left = moment_of(condition.subject, place, state)
    right = place.instant_of_limit(condition.instant, state)
    holds = _compared(left.at, condition.op, right.at)
    if condition.subject in place.pledge.facts:
        holds = nw.when(left.at.is_null()).then(always(holds=False)).otherwise(holds)
        return Truth(holds=holds, gaps=right.gaps)
    gaps = [*guarded(left.at.is_null(), left.gaps), *guarded(~left.at.is_null(), right.gaps)]
    return Truth(holds=holds, gaps=gaps)


def _of_day(day: Moment, build: Build, value: Callable[[int], bool]) -> nw.Expr:
    """Whether something holds for a day, by a table of all days in question."""
    days = days_between(day.low, day.high)
    (found,) = build.look_up(day.at, {"day": list(days), "holds": [int(value(each)) for each in days]})
    return found == 1


def _season(condition: m.Season, place: Place, state: State) -> Truth:
    first, last = condition.first, condition.last

    def holds(number: int) -> bool:
        at = day_of(number)
        key = (at.month, at.day)
        return first <= key <= last if first <= last else key >= first or key <= last

    day = day_of_name(condition.subject, place, state)
    return _of_named_day(_of_day(day, place.build, holds), day, condition.subject, place)


def _of_named_day(holds: nw.Expr, day: Moment, subject: str, place: Place) -> Truth:
    """What holds of a day; a fact that has not happened was on none."""
    if subject not in place.pledge.facts:
        return Truth(holds=holds, gaps=day.gaps)
    return Truth(holds=nw.when(day.at.is_null()).then(always(holds=False)).otherwise(holds))


def _on_weekday(condition: m.OnWeekday, place: Place, state: State) -> Truth:
    day = day_of_name(condition.subject, place, state)
    # Shifted by whole weeks to be positive: engines differ in the remainder of a negative number.
    weekday = (day.at + 3 + 7 * 1_000_000) % 7
    holds = when_any(weekday == each for each in sorted(condition.weekdays))
    return _of_named_day(holds, day, condition.subject, place)


# --- lateness ----------------------------------------------------------------------------------------


def lateness_in(unit: m.Unit, place: Place, state: State, *, or_part: bool) -> Moment:
    """How many whole units of lateness there are, as in `rules.conditions.lateness_in`."""
    begin = state.late_from
    if begin is None:
        raise NotCompiled("lateness in a condition that is asked before the standard is broken")

    def make() -> Moment:
        if unit in m.ELAPSED:
            return _elapsed_lateness(m.SECONDS[unit], begin, place, state, or_part)
        return _days_late(unit, begin, place, state, or_part)

    made: Moment = place.build.once(("late", unit, state.name, or_part), make)
    return made


def _elapsed_lateness(size: int, begin: Moment, place: Place, state: State, or_part: bool) -> Moment:
    end = finish_or_now(place.build, state)
    most = max(end.high - begin.low, 0) + size
    late = nw.max_horizontal(end.at - begin.at, whole(0))
    units = floor_divided(late + (size - 1) if or_part else late, size, most)
    return Moment(at=place.build.let(state.only(units)), low=0, high=most // size + 1)


def _days_late(unit: m.Unit, begin: Moment, place: Place, state: State, or_part: bool) -> Moment:
    build = place.build
    end = finish_or_now(build, state)
    late = build.let(state.only(end.at > begin.at))
    first, last = build.day(begin, where=late), build.day(end, where=late)
    span = max(last.high - first.low, 0) + 2
    if unit not in m.OPEN_DAYS:
        days = nw.max_horizontal(last.at - first.at - 1, whole(0)) + int(or_part)
        return Moment(at=build.let(nw.when(late).then(days).otherwise(whole(0))), low=0, high=span)
    calendar = place.scope.calendar(unit)
    table = opened_table(calendar)
    at_first = begin.opened.get(calendar.name)
    if at_first is None:
        at_first, _ = build.look_up(first.at, table, ("opened", calendar.name, state.name, "first"))
    at_last, open_last = build.look_up(last.at, table, ("opened", calendar.name, state.name, "last"))
    # Up to the day before the finish's; the day after the range's last has no row, but the day before it has.
    to_day_before = (
        nw.when(last.at == calendar.last + 1)
        .then(whole(calendar.opened_up_to(calendar.last)))
        .otherwise(at_last - open_last)
    )
    between = nw.when(last.at > first.at).then(to_day_before - at_first).otherwise(whole(0))
    days = between + open_last if or_part else between
    return Moment(
        at=build.let(nw.when(late).then(days).otherwise(whole(0))),
        low=0,
        high=span,
        gaps=[(always(), f"calendar {calendar.name}")],
    )


def _late(condition: m.Late, place: Place, state: State) -> Truth:
    units = lateness_in(condition.unit, place, state, or_part=condition.or_part)
    holds = units.at >= condition.least
    if condition.most is not None:
        holds = holds & (units.at <= condition.most)
    return Truth(holds=holds, gaps=units.gaps)
