"""Start, pause, extension, deadline: the clock of one standard, made ready to run.

The rules are those of docs/explanation/what-a-promise-means.md; each function names the part it carries out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from .conditions import Answer, Clock, Missing, Reckoner, Scope, Test, View, day_named, moment, ready_test
from .language import model as m
from .working_time import DAY, Calendar, OutOfRange, Zone, day_number, day_of

Pauses = list[tuple[int, int | None]]
Ready = TypeVar("Ready")
Choosing = Callable[[View, Clock], Ready | Missing]
"""Gives what applies of several things made ready, or what is missing to tell which."""


def add_months(day: int, months: int, *, to_last: bool) -> int:
    """The same day so many months later; where that month is too short, its last day or the first of the next.

    >>> [day_of(add_months(day_number(date(2027, 1, 31)), 1, to_last=last)).isoformat() for last in (True, False)]
    ['2027-02-28', '2027-03-01']
    """
    start = day_of(day)
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    try:
        return day_number(date(year, month, start.day))
    except ValueError:
        first_of_next = day_number(date(year + month // 12, month % 12 + 1, 1))
        return first_of_next - 1 if to_last else first_of_next


def merged(spans: Pauses) -> Pauses:
    """Pauses in order, overlapping or touching ones made one; an open one swallows what follows.

    >>> merged([(4, 6), (2, 5), (9, None)])
    [(2, 6), (9, None)]
    """
    joined: Pauses = []
    for begin, end in sorted(spans, key=lambda span: span[0]):
        if joined and (joined[-1][1] is None or begin <= joined[-1][1]):
            last = joined[-1][1]
            joined[-1] = (joined[-1][0], None if last is None or end is None else max(last, end))
        else:
            joined.append((begin, end))
    return joined


def pauses_of(pauses: tuple[m.Pause, ...], view: View, start: int) -> Pauses:
    """The pauses of a case: each opening with the first closing at or after it; time before the start cut off."""
    spans: Pauses = []
    for pause in pauses:
        opens = view.known(pause.opens)
        if not opens:
            continue
        closes = view.known(pause.closes)
        until: int | None = opens[0]
        for begin in opens:
            if until is None or begin < until:
                continue
            until = next((close for close in closes if close >= begin), None)
            if until is None or until >= start:
                spans.append((max(begin, start), until))
    return merged(spans) if len(spans) > 1 else spans


# --- limits ------------------------------------------------------------------------------------------


def reckoner_of(limit: m.Limit, scope: Scope) -> Reckoner:
    """Make a limit ready to run: from the clock and its counted pauses to the deadline it gives."""
    match limit:
        case m.Within():
            return _within(limit, scope)
        case m.Rated():
            dated = with_rate(limit, scope.rate(limit.rate))
            return _within(dated, scope) if dated else lambda view, clock: (limit.rate,)
        case m.At():
            return _at(limit, scope)
        case m.Window():
            return _window(limit, scope)
        case m.EarlierOf() | m.LaterOf():
            return _either(limit, scope)


def with_rate(limit: m.Rated, rate: m.Rate | None) -> m.Within | None:
    """A limit of a dated length with the length of that rate; `None` without a rate that is one."""
    if rate is None or not isinstance(rate.value, m.Within):
        return None
    value = rate.value
    return replace(
        value,
        before=limit.before,
        by=value.by if limit.by is None else limit.by,
        calendar=limit.calendar or value.calendar,
        anchor=limit.anchor or value.anchor,
    )


def _within(limit: m.Within, scope: Scope) -> Reckoner:
    if limit.unit in m.ELAPSED:
        return _elapsed(limit, scope)
    if limit.unit in m.SERVICE:
        return _service(limit, scope)
    return _days(limit, scope)


def _seconds(limit: m.Within) -> int:
    seconds = int(limit.count * m.SECONDS[limit.unit]) - limit.less_than
    return -seconds if limit.before else seconds


def _elapsed(limit: m.Within, scope: Scope) -> Reckoner:
    seconds = _seconds(limit)
    origin_of = moment(limit.anchor, scope) if limit.anchor else None

    def run(view: View, clock: Clock) -> int | Missing:
        origin = clock.start
        if origin_of:
            named = origin_of(view, clock)
            if not isinstance(named, int):
                return named
            origin = named
        deadline = origin + seconds
        for begin, end in clock.pauses:
            if end is not None and end > origin:
                deadline += end - max(begin, origin)
        clock.basis = ("elapsed", limit, origin, deadline, None)
        return deadline

    return run


def _service(limit: m.Within, scope: Scope) -> Reckoner:
    seconds = _seconds(limit)
    origin_of = moment(limit.anchor, scope) if limit.anchor else None
    calendar = scope.calendar(limit.unit, limit.calendar)

    def run(view: View, clock: Clock) -> int | Missing:
        origin = clock.start
        if origin_of:
            named = origin_of(view, clock)
            if not isinstance(named, int):
                return named
            origin = named
        total = seconds
        for begin, end in clock.pauses:
            if end is not None and end > origin:
                total += calendar.service_up_to(end) - calendar.service_up_to(max(begin, origin))
        deadline = calendar.add_service(origin, total)
        clock.basis = ("service", limit, origin, deadline, calendar)
        return deadline

    return run


def _days(limit: m.Within, scope: Scope) -> Reckoner:
    """A day limit: day 0 by the receipt rules, whole local days counted, paused days passed over, rolled forward."""
    zone, standard = scope.zone, scope.standard
    time = DAY - 1 if limit.by is None else min(limit.by, DAY - 1)
    calendar = scope.calendar(limit.unit, limit.calendar) if limit.unit in m.OPEN_DAYS else None
    received, moved, receipt = _first_day(limit, scope, calendar)
    land = _landing(limit, standard, calendar)
    rolling = (
        scope.calendar(limit.unit if calendar else m.Unit.WORKING_DAY, limit.calendar)
        if (standard.roll_forward and limit.unit not in m.OPEN_DAYS)
        else None
    )
    ways = (calendar, receipt, rolling)

    def run(view: View, clock: Clock) -> int | Missing:
        first = received(view, clock)
        if not isinstance(first, int):
            return first
        day_zero = moved(view, clock, first) if moved else first
        last = land(day_zero, _paused_days(clock.pauses, zone, day_zero) if clock.pauses else ())
        rolled = rolling.next_open(last) if rolling else last
        clock.basis = ("days", limit, first, day_zero, last, rolled, ways)
        return zone.instant(rolled * DAY + time, later=True)

    return run


def _first_day(
    limit: m.Within, scope: Scope, calendar: Calendar | None
) -> tuple[Reckoner, Callable[[View, Clock, int], int] | None, Calendar | None]:
    """The day of receipt; what makes day 0 of it, when receipt rules may move it; and the calendar they go by."""
    zone, standard = scope.zone, scope.standard
    cut_off, closed_start = standard.cut_off, standard.closed_start
    shift = -1 if standard.first_day_counts else 0
    if limit.anchor:
        named = day_named(limit.anchor, scope)
        detail = scope.pledge.details.get(limit.anchor)
        at = None if detail and detail.kind is m.Kind.DATE else moment(limit.anchor, scope)
    else:
        named, at = (lambda view, clock: zone.day(clock.start)), (lambda view, clock: clock.start)
    if (cut_off is None and not closed_start and not shift) or limit.before:
        return named, None, None
    receipt = calendar
    if receipt is None and (cut_off is not None or closed_start):
        receipt = scope.calendar(m.Unit.WORKING_DAY, limit.calendar)

    def moved(view: View, clock: Clock, day: int) -> int:
        if receipt:
            instant = at(view, clock) if at else None
            late = cut_off is not None and isinstance(instant, int) and zone.local(instant) % DAY > cut_off
            if late:
                day = receipt.add(day, 1)
            elif closed_start:
                day = receipt.next_open(day)
        return day + shift

    return named, moved, receipt


def _landing(
    limit: m.Within, standard: m.Standard, calendar: Calendar | None
) -> Callable[[int, tuple[tuple[int, int], ...] | list[tuple[int, int]]], int]:
    count = int(limit.count)
    if calendar is not None:
        if limit.before:
            return lambda day, paused: calendar.nth_open_day(calendar.opened_up_to(day - 1) + 1 - count)

        def open_days(day: int, paused: tuple[tuple[int, int], ...] | list[tuple[int, int]]) -> int:
            extra = sum(calendar.between(first - 1, last) for first, last in paused) if paused else 0
            return calendar.add(day, count + extra)

        return open_days
    sign = -1 if limit.before else 1
    to_last = standard.short_months != "first of the next month"

    def plain_days(day: int, paused: tuple[tuple[int, int], ...] | list[tuple[int, int]]) -> int:
        if limit.unit in (m.Unit.MONTH, m.Unit.YEAR):
            last = add_months(day, sign * count * (12 if limit.unit is m.Unit.YEAR else 1), to_last=to_last)
        else:
            last = day + sign * count * (7 if limit.unit is m.Unit.WEEK else 1)
        return last + sum(end - begin + 1 for begin, end in paused)

    return plain_days


def _paused_days(pauses: Pauses, zone: Zone, day_zero: int) -> list[tuple[int, int]]:
    """The local days of the pauses after day 0, each once."""
    days: list[tuple[int, int]] = []
    for begin, end in pauses:
        if end is None:
            continue
        first, last = max(zone.day(begin), day_zero + 1), zone.day(end)
        if days and first <= days[-1][1]:
            first = days[-1][1] + 1
        if last >= first:
            days.append((first, last))
    return days


def _at(limit: m.At, scope: Scope) -> Reckoner:
    detail = scope.pledge.details.get(limit.anchor)
    if (detail is None or detail.kind is not m.Kind.DATE) and not limit.end_of_day:
        at = moment(limit.anchor, scope)

        def instant(view: View, clock: Clock) -> int | Missing:
            found = at(view, clock)
            clock.basis = ("at", limit, None, 0)
            return found

        return instant
    day, zone = day_named(limit.anchor, scope), scope.zone
    time = DAY - 1 if limit.end_of_day or limit.time is None else min(limit.time, DAY - 1)

    def run(view: View, clock: Clock) -> int | Missing:
        number = day(view, clock)
        if not isinstance(number, int):
            return number
        clock.basis = ("at", limit, number, time)
        return zone.instant(number * DAY + time, later=True)

    return run


def _window(limit: m.Window, scope: Scope) -> Reckoner:
    day, zone = day_named(limit.detail, scope), scope.zone

    def run(view: View, clock: Clock) -> int | Missing:
        number = day(view, clock)
        if not isinstance(number, int):
            return number
        clock.opens = zone.instant(number * DAY + limit.opens, later=False)
        clock.basis = ("window", limit, number, limit.closes - 1)
        return zone.instant(number * DAY + limit.closes, later=True) - 1

    return run


def _either(limit: m.EarlierOf | m.LaterOf, scope: Scope) -> Reckoner:
    first, second = (reckoner_of(part, scope) for part in limit.limits)
    earlier = isinstance(limit, m.EarlierOf)

    def run(view: View, clock: Clock) -> int | Missing:
        clock.opens = None
        one = first(view, clock)
        basis, opens = clock.basis, clock.opens
        clock.opens = None
        other = second(view, clock)
        if not isinstance(one, int):
            return one if isinstance(other, int) else one + other
        if not isinstance(other, int):
            return other
        if (one <= other) == earlier:
            clock.basis, clock.opens = basis, opens
            return one
        return other

    return run


# --- choices -----------------------------------------------------------------------------------------


def chooser(choice: m.Choice[m.T], scope: Scope, make: Callable[[m.T], Ready]) -> Choosing[Ready]:
    """The first line of a choice that applies, made ready; or a tuple of what is missing to tell which."""
    lines: list[tuple[Test | None, Ready]] = [
        (None if option.condition is None else ready_test(option.condition, scope), make(option.value))
        for option in choice
    ]
    unlisted = tuple(dict.fromkeys(name for option in choice for name in subjects_of(option.condition)))
    if len(lines) == 1 and lines[0][0] is None:
        only = lines[0][1]
        return lambda view, clock: only

    def run(view: View, clock: Clock) -> Ready | Missing:
        for index, (test, value) in enumerate(lines):
            answer: Answer = True if test is None else test(view, clock)
            if answer is True:
                clock.option = index
                return value
            if answer is not False:
                return answer
        return unlisted

    return run


def subjects_of(condition: m.Condition | None) -> list[str]:
    """The details and facts that a condition asks about, in order, for saying what is missing."""
    match condition:
        case None:
            return []
        case m.Is() | m.Compare() | m.Known():
            return [condition.detail]
        case m.Happened():
            return [condition.fact]
        case m.Relative() | m.Season() | m.OnDay() | m.OnWeekday():
            return [condition.subject]
        case m.Late():
            return ["lateness"]
        case m.Term():
            return [condition.name]
        case m.AllOf() | m.AnyOf() | m.NoneOf():
            return [name for part in condition.parts for name in subjects_of(part)]


# --- the deadline with pauses and extensions -----------------------------------------------------------


def instants_of(facts: m.Facts, view: View, least: int | None) -> int | None:
    """When one of several facts, or all of them, happened: for each the first at or after `least`."""
    found: int | None = None
    for name in facts.names:
        instants = view.known(name)
        at = instants[0] if instants else None
        if at is not None and least is not None and at < least:
            at = next((each for each in instants if each >= least), None)
        if facts.together is m.Together.ALL:
            if at is None:
                return None
            found = at if found is None else max(found, at)
        elif at is not None:
            found = at if found is None else min(found, at)
    return found


class Deadline:
    """The deadline of one standard: its chosen limit, with pauses and extensions as they come."""

    def __init__(self, scope: Scope) -> None:
        standard = scope.standard
        self.standard = standard
        self.choose = chooser(standard.within, scope, lambda limit: reckoner_of(limit, scope))
        self.extensions = [_Extending(extension, scope) for extension in standard.extensions]

    def settle(self, view: View, clock: Clock) -> Missing:
        """Find finish, pauses and deadline; the answer names what is missing, and is empty when nothing is.

        May raise `OutOfRange`.
        """
        standard = self.standard
        reckon = self.choose(view, clock)
        if isinstance(reckon, tuple):
            return reckon
        deadline = reckon(view, clock)
        if isinstance(deadline, tuple):
            return deadline
        least = None if standard.early_counts else clock.start
        if clock.opens is not None and (least is None or clock.opens > least):
            least = clock.opens
        clock.finish = instants_of(standard.finish, view, least)
        clock.deadline = deadline
        if standard.pauses:
            pauses = pauses_of(standard.pauses, view, clock.start)
            if pauses:
                self._pause(view, clock, reckon, pauses)
        else:
            pauses = []
        return self._extend(view, clock, reckon, pauses) if self.extensions else ()

    def _pause(self, view: View, clock: Clock, reckon: Reckoner, pauses: Pauses) -> None:
        """Count each pause that begins at or before the deadline as already moved, and not after the finish."""
        clock.pauses, clock.open_pause = [], False
        clock.deadline = _instant(reckon(view, clock))
        for pause in pauses:
            begin, end = pause
            if begin > clock.deadline or (clock.finish is not None and begin > clock.finish):
                break
            clock.pauses.append(pause)
            if end is None:
                clock.open_pause, clock.deadline = True, None
                return
            clock.deadline = _instant(reckon(view, clock))

    def _extend(self, view: View, clock: Clock, reckon: Reckoner, pauses: Pauses) -> Missing:
        """Take the longer limit of each extending fact that comes by the deadline then in force."""
        used: dict[int, int] = {}
        reached = _instant(_unpaused(reckon, view, clock))
        facts = sorted(
            (at, order)
            for order, extending in enumerate(self.extensions)
            for at in view.known(extending.extension.fact)
            if at >= clock.start
        )
        for at, order in facts:
            extending = self.extensions[order]
            if used.get(order, 0) >= extending.extension.times:
                continue
            if clock.deadline is not None and at > clock.deadline:
                continue
            longer = extending.longer(view, clock, used.get(order, 0))
            if isinstance(longer, tuple):
                return longer
            length = _unpaused(longer, view, clock)
            if isinstance(length, tuple):
                return length
            if length <= reached:
                continue
            reached = length
            used[order] = used.get(order, 0) + 1
            clock.extensions.append((extending.extension.fact, at))
            self._pause(view, clock, longer, pauses)
        return ()


def _unpaused(reckon: Reckoner, view: View, clock: Clock) -> int | Missing:
    """The deadline that a limit gives without any pause, leaving the clock as it was; or what is missing."""
    pauses, basis, opens = clock.pauses, clock.basis, clock.opens
    clock.pauses = []
    try:
        return reckon(view, clock)
    finally:
        clock.pauses, clock.basis, clock.opens = pauses, basis, opens


class _Extending:
    def __init__(self, extension: m.Extension, scope: Scope) -> None:
        self.extension = extension
        self.choose = chooser(extension.to, scope, lambda limit: reckoner_of(limit, scope)) if extension.to else None
        self.more = (
            [
                chooser(
                    lengthened(scope.standard.within, extension.by, times),
                    scope,
                    lambda limit: reckoner_of(limit, scope),
                )
                for times in range(1, extension.times + 1)
            ]
            if isinstance(extension.by, m.Within)
            else []
        )

    def longer(self, view: View, clock: Clock, used: int) -> Reckoner | Missing:
        """The longer limit after so many earlier uses; or what is missing to tell it."""
        option = clock.option
        chosen = self.choose(view, clock) if self.choose else self.more[used](view, clock)
        clock.option = option
        return chosen


def lengthened(choice: m.Choice[m.Limit], by: m.Limit | None, times: int) -> m.Choice[m.Limit]:
    """The same limits with `by` added so many times (the check sees to it that the units go together)."""
    lines = []
    for option in choice:
        limit = option.value
        if isinstance(limit, m.Within) and isinstance(by, m.Within):
            more = Fraction(by.count) * times
            if limit.unit is not by.unit:
                more = more * m.SECONDS.get(by.unit, 1) / m.SECONDS.get(limit.unit, 1)
            limit = replace(limit, count=limit.count + more)
        lines.append(m.Option(value=limit, condition=option.condition))
    return tuple(lines)


def _instant(reckoned: int | Missing) -> int:
    if isinstance(reckoned, int):
        return reckoned
    raise OutOfRange(", ".join(reckoned))


# --- starts ------------------------------------------------------------------------------------------


def nth_within(instants: list[int], start: m.Start, zone: Zone) -> int | None:
    """The instant at which a fact has happened so many times within a span of local days, both ends included."""
    span = start.nth_within
    if span is None:
        return None
    for index in range(start.nth - 1, len(instants)):
        first, last = zone.day(instants[index - start.nth + 1]), zone.day(instants[index])
        if in_span(span, first, last):
            return instants[index]
    return None


def in_span(span: m.Span, first: int, last: int) -> bool:
    """Whether two local days lie in one span: the same year from a day, or so many days or months apart at most.

    >>> day = day_number(date(2026, 5, 1))
    >>> in_span(m.Span(count=28, unit=m.Unit.CALENDAR_DAY), day, day + 28)
    True
    """
    if span.year_from:
        return year_of(first, span.year_from) == year_of(last, span.year_from)
    if span.unit in (m.Unit.CALENDAR_DAY, m.Unit.WEEK):
        return last - first <= span.count * (7 if span.unit is m.Unit.WEEK else 1)
    months = span.count * (12 if span.unit is m.Unit.YEAR else 1)
    return last <= add_months(first, months, to_last=True)


def year_of(day: int, year_from: tuple[int, int]) -> int:
    """The calendar year in which the year that a day belongs to began.

    >>> year_of(day_number(date(2026, 3, 31)), (4, 1)), year_of(day_number(date(2026, 4, 1)), (4, 1))
    (2025, 2026)
    """
    at = day_of(day)
    return at.year if (at.month, at.day) >= year_from else at.year - 1
