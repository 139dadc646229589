"""Limits as expressions: the deadline that each line of a choice gives, before and with pauses."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import narwhals.stable.v2 as nw

from ...rules.clocks import reckoner_of, with_rate
from ...rules.conditions import Scope
from ...rules.language import model as m
from ...rules.working_time import DAY, Calendar, zone_named
from ..columns import NotCompiled
from .build import Gap, Moment, always, chosen_by, floor_divided, guarded, nothing, when_any, whole
from .conditions import Place, State, day_of_name, moment_of
from .tables import (
    DayTable,
    day_table,
    days_between,
    landing_table,
    nth_table,
    opened_table,
    starting_on,
    window_tables,
    with_date,
)


@dataclass(frozen=True, kw_only=True)
class PausedSpan:
    """One pause that may count, by its place among the pauses: whether it does, from when until when."""

    place: int
    counts: nw.Expr
    begin: Moment
    end: Moment


class Lines:
    """Several limits, of which `line` says which one a case has; the deadline is worked out once for those alike."""

    def __init__(self, limits: Sequence[m.Limit], line: nw.Expr, place: Place, state: State, *, paused: bool) -> None:
        self.place, self.state, self.line, self.count = place, state, line, len(limits)
        groups: dict[Hashable, list[int]] = {}
        for index, limit in enumerate(limits):
            groups.setdefault(_likeness(limit, index), []).append(index)
        self.parts = [
            (indexes, _reckoning([limits[index] for index in indexes], self._line_in(indexes), place, state, paused))
            for indexes in groups.values()
        ]

    def _line_in(self, indexes: list[int]) -> nw.Expr:
        if len(indexes) == 1:
            return whole(0)
        if indexes == list(range(self.count)):
            return self.line
        return chosen_by(self.line, self.parts_of(indexes))

    @staticmethod
    def parts_of(indexes: list[int]) -> list[nw.Expr | None]:
        """The place of each line among those alike."""
        places: list[nw.Expr | None] = [None] * (max(indexes) + 1)
        for place, index in enumerate(indexes):
            places[index] = whole(place)
        return places

    def deadline(self) -> Moment:
        """The deadline without pauses."""
        return self._joined([reckoning.deadline() for _, reckoning in self.parts])

    def paused_by(self, spans: Sequence[PausedSpan]) -> Moment:
        """The deadline when these pauses count."""
        return self._joined([reckoning.paused_by(spans) for _, reckoning in self.parts])

    def _joined(self, moments: list[Moment]) -> Moment:
        if len(moments) == 1:
            return moments[0]
        chain = None
        opening = None
        gaps: list[Gap] = []
        for (indexes, _), moment in zip(self.parts, moments, strict=True):
            mine = when_any(self.line == index for index in indexes)
            chain = (nw.when(mine) if chain is None else chain.when(mine)).then(moment.at)
            if moment.opens is not None:
                opening = (nw.when(mine) if opening is None else opening.when(mine)).then(moment.opens)
            gaps += guarded(mine, moment.gaps)
        assert chain is not None
        return Moment(
            at=chain.otherwise(nothing()),
            low=min(moment.low for moment in moments),
            high=max(moment.high for moment in moments),
            gaps=gaps,
            opens=None if opening is None else opening.otherwise(nothing()),
        )


def instant_of_limit(limit: m.Limit, place: Place, state: State) -> Moment:
    """The instant that a limit of a condition or a remedy gives, for which the standard's own rules do not hold."""
    place = place.elsewhere()
    if isinstance(limit, m.Rated):
        resolved = [with_rate(limit, rates.get(limit.rate)) for rates in place.rates]
        known = [each for each in resolved if each is not None]
        if not known:
            return Moment(at=nothing(), low=0, high=0, gaps=[(always(), limit.rate)])
        lines = chosen_by(place.edition, [None if each is None else whole(known.index(each)) for each in resolved])
        return Lines(known, lines, place, state, paused=False).deadline()
    return Lines([limit], whole(0), place, state, paused=False).deadline()


def resolved_lines(limits: Sequence[m.Limit], line: nw.Expr, place: Place) -> tuple[list[m.Limit], nw.Expr]:
    """Lines whose dated lengths are filled in, edition by edition; a lapsed one has no place."""
    if not any(isinstance(limit, m.Rated) for limit in limits):
        return list(limits), line
    filled: list[m.Limit] = []
    places: list[nw.Expr | None] = []
    for limit in limits:
        if not isinstance(limit, m.Rated):
            places.append(whole(len(filled)))
            filled.append(limit)
            continue
        by_edition: list[nw.Expr | None] = []
        for rates in place.rates:
            value = with_rate(limit, rates.get(limit.rate))
            by_edition.append(None if value is None else whole(len(filled)))
            if value is not None:
                filled.append(value)
        places.append(chosen_by(place.edition, by_edition))
    return filled, place.build.let(chosen_by(line, places))


def _likeness(limit: m.Limit, index: int) -> Hashable:
    """Limits of the same likeness are worked out together."""
    match limit:
        case m.Within() if limit.unit in m.ELAPSED:
            return "elapsed", limit.anchor
        case m.Within() if limit.unit in m.SERVICE:
            return "service", limit.anchor, limit.calendar, limit.unit
        case m.Within():
            return "days", limit.anchor
        case m.At():
            return "at", limit.anchor, limit.end_of_day
        case m.Window():
            return "window", limit.detail
        case _:
            return "either", index


def _reckoning(limits: list[m.Limit], line: nw.Expr, place: Place, state: State, paused: bool) -> _Reckoning:
    head = limits[0]
    match head:
        case m.Within() if head.unit in m.ELAPSED:
            return _Elapsed(limits, line, place, state)
        case m.Within() if head.unit in m.SERVICE:
            return _Service(limits, line, place, state)
        case m.Within() if paused:
            return _PausedDays(limits, line, place, state)
        case m.EarlierOf() | m.LaterOf():
            return _Either(head, place, state, paused)
        case m.Rated():
            raise NotCompiled("a dated length within “the earlier of” or “the later of”")
        case _:
            return _Days(limits, line, place, state)


class _Reckoning:
    """How a group of limits alike gives deadlines."""

    def deadline(self) -> Moment:
        raise NotImplementedError

    def paused_by(self, spans: Sequence[PausedSpan]) -> Moment:
        """A limit that names its instant does not move with pauses."""
        return self.deadline()


def _seconds(limit: m.Limit) -> int:
    assert isinstance(limit, m.Within)
    seconds = int(limit.count * m.SECONDS[limit.unit]) - limit.less_than
    return -seconds if limit.before else seconds


class _Elapsed(_Reckoning):
    def __init__(self, limits: list[m.Limit], line: nw.Expr, place: Place, state: State) -> None:
        self.place = place
        head = limits[0]
        assert isinstance(head, m.Within)
        anchor = head.anchor
        self.origin = moment_of(anchor, place, state) if anchor else state.start
        seconds = [_seconds(limit) for limit in limits]
        more = chosen_by(line, [whole(each) for each in seconds]) if len(seconds) > 1 else whole(seconds[0])
        self.base = Moment(
            at=place.build.let(self.origin.at + more),
            low=self.origin.low + min(seconds),
            high=self.origin.high + max(seconds),
            gaps=guarded(self.origin.at.is_null(), self.origin.gaps),
        )

    def deadline(self) -> Moment:
        return self.base

    def paused_by(self, spans: Sequence[PausedSpan]) -> Moment:
        at, longest = self.base.at, 0
        for span in spans:
            paused = nw.max_horizontal(span.end.at - nw.max_horizontal(span.begin.at, self.origin.at), whole(0))
            at = at + nw.when(span.counts).then(paused).otherwise(whole(0))
            longest += max(span.end.high - span.begin.low, 0)
        return replace(self.base, at=at, day=None, opened={}, high=self.base.high + longest)


class _Service(_Reckoning):
    def __init__(self, limits: list[m.Limit], line: nw.Expr, place: Place, state: State) -> None:
        head = limits[0]
        assert isinstance(head, m.Within)
        self.place = place
        self.calendar = place.scope.calendar(head.unit, head.calendar)
        self.origin = moment_of(head.anchor, place, state) if head.anchor else state.start
        seconds = [_seconds(limit) for limit in limits]
        if 0 in seconds:
            raise NotCompiled("a limit of no service time")
        more = chosen_by(line, [whole(each) for each in seconds]) if len(seconds) > 1 else whole(seconds[0])
        self.by_day, self.by_bucket, self.bucket = place.build.once(
            ("windows", self.calendar.name), lambda: window_tables(self.calendar, zone_named(self.calendar.zone))
        )
        self.range = (self.calendar.first - 2) * DAY, (self.calendar.last + 3) * DAY
        self.base = place.build.let(self.run_by(self.origin) + more)
        self.ran: list[nw.Expr] = []

    def run_by(self, moment: Moment) -> nw.Expr:
        """Service seconds that have run by an instant."""
        build = self.place.build
        day = build.day(moment, zone_named(self.calendar.zone))
        before, *windows = build.look_up(day.at, self.by_day)
        total = before
        for place in range(0, len(windows), 2):
            opens, closes = windows[place], windows[place + 1]
            ran = nw.max_horizontal(nw.min_horizontal(moment.at, closes) - opens, whole(0))
            total = total + nw.when(opens.is_null()).then(whole(0)).otherwise(ran)
        return build.let(total)

    def deadline(self) -> Moment:
        return self._landing(self.base)

    def paused_by(self, spans: Sequence[PausedSpan]) -> Moment:
        for span in spans[len(self.ran) :]:
            begin = replace(span.begin, at=self.place.build.let(nw.max_horizontal(span.begin.at, self.origin.at)))
            counts = span.counts & (span.end.at > self.origin.at)
            ran = self.run_by(span.end) - self.run_by(begin)
            self.ran.append(self.place.build.let(nw.when(counts).then(ran).otherwise(whole(0))))
        total = self.base
        for ran in self.ran:
            total = total + ran
        return self._landing(self.place.build.let(total))

    def _landing(self, target: nw.Expr) -> Moment:
        build = self.place.build
        number = floor_divided(target - 1, self.bucket, 2**50)
        columns = build.look_up(number, self.by_bucket)
        at: nw.Expr = nothing()
        for place in reversed(range(0, len(columns), 3)):
            before, opens, length = columns[place : place + 3]
            inside = (target > before) & (target <= before + length)
            at = nw.when(inside).then(opens + target - before).otherwise(at)
        return Moment(
            at=build.let(at),
            low=self.range[0],
            high=self.range[1],
            gaps=[
                *guarded(self.origin.at.is_null(), self.origin.gaps),
                (~self.origin.at.is_null(), f"calendar {self.calendar.name}"),
            ],
        )


class _Days(_Reckoning):
    """Day limits, windows, and days at a time: each deadline is looked up by day and line."""

    def __init__(self, limits: list[m.Limit], line: nw.Expr, place: Place, state: State) -> None:
        self.limits, self.line, self.place = limits, line, place
        build, scope = place.build, place.scope
        head = limits[0]
        assert isinstance(head, m.Within | m.At | m.Window)
        anchor = head.detail if isinstance(head, m.Window) else head.anchor
        detail = scope.pledge.details.get(anchor or "")
        self.lands = 0, 0
        if isinstance(head, m.At) and not head.end_of_day and (detail is None or detail.kind is not m.Kind.DATE):
            named = moment_of(head.anchor, place, state)
            self.moment = replace(named, gaps=guarded(named.at.is_null(), named.gaps))
            self.found: list[nw.Expr] = []
            return
        self.day = day_of_name(anchor, place, state) if anchor else build.day(state.start)
        start = moment_of(anchor, place, state) if anchor and not _is_date(detail) else state.start
        self.calendars = _open_day_calendars(scope)
        table, halves, late = self._table(detail, start)
        key = self.day.at * halves + late if halves > 1 else self.day.at
        self.found = build.look_up(key * len(limits) + line if len(limits) > 1 else key, table.columns)
        due, day, opens, _, _, why, *opened = self.found
        landings = [day for day in table.columns["last"] if day is not None]
        self.lands = min(landings, default=0), max(landings, default=0)
        reason = [
            (why == index if len(table.reasons) > 1 else due.is_null(), name)
            for index, name in enumerate(table.reasons)
        ]
        unnamed = self.day.at.is_null()
        self.moment = Moment(
            at=due,
            low=table.low,
            high=table.high,
            gaps=[*guarded(unnamed, self.day.gaps), *guarded(~unnamed & due.is_null(), reason)],
            opens=opens if any(isinstance(limit, m.Window) for limit in limits) else None,
            day=day,
            opened={calendar.name: count for calendar, count in zip(self.calendars, opened, strict=True)},
        )

    def _table(self, detail: m.Detail | None, start: Moment) -> tuple[DayTable, int, nw.Expr]:
        """The table of deadlines, the halves of its days, and the half that a case's start lies in."""
        scope, build = self.place.scope, self.place.build
        days = days_between(self.day.low, self.day.high)
        if detail is not None and _is_date(detail):
            name = detail.name
            reckoners = [reckoner_of(limit, scope) for limit in self.limits]
            return (
                day_table(reckoners, days, 1, build.zone, lambda day, late: with_date(name, day), self.calendars),
                1,
                whole(0),
            )
        reckoners = [reckoner_of(_from_start(limit), scope) for limit in self.limits]
        cut_off = scope.standard.cut_off
        halves = 1 if cut_off is None else 2
        table = day_table(
            reckoners,
            days,
            halves,
            build.zone,
            lambda day, late: starting_on(day, build.zone, late=late),
            self.calendars,
        )
        if cut_off is None:
            return table, 1, whole(0)
        time = build.local(start).at - self.day.at * DAY
        return table, 2, nw.when(time > cut_off).then(whole(1)).otherwise(whole(0))

    def deadline(self) -> Moment:
        return self.moment


def _open_day_calendars(scope: Scope) -> list[Calendar]:
    """The calendars in which a standard can count lateness."""
    names = {scope.standard.calendars.get(unit) for unit in m.OPEN_DAYS} - {None}
    return [scope.calendar(m.Unit.WORKING_DAY, name) for name in sorted(map(str, names))]


def _is_date(detail: m.Detail | None) -> bool:
    return detail is not None and detail.kind is m.Kind.DATE


def _from_start(limit: m.Limit) -> m.Limit:
    """The same limit, from the start."""
    if isinstance(limit, m.At):
        return replace(limit, anchor="the start")
    assert isinstance(limit, m.Within)
    return replace(limit, anchor=None)


class _PausedDays(_Reckoning):
    """Day limits that pauses lengthen: day 0 and the count are looked up, then the day on which they land."""

    def __init__(self, limits: list[m.Limit], line: nw.Expr, place: Place, state: State) -> None:
        self.plain = _Days(limits, line, place, state)
        self.limits = [limit for limit in limits if isinstance(limit, m.Within)]
        self.line, self.place = line, place
        self._taken: list[tuple[nw.Expr, nw.Expr, nw.Expr]] = []

    def deadline(self) -> Moment:
        return self.plain.deadline()

    def paused_by(self, spans: Sequence[PausedSpan]) -> Moment:
        calendar, *others = [self._calendar(limit) for limit in self.limits]
        if any(other is not calendar for other in others):
            raise NotCompiled("day limits of different calendars, with pauses")
        _, _, _, zero, last, *_ = self.plain.found
        extra = self._paused_days(spans, zero, calendar)
        return self._open(calendar, last, extra) if calendar else self._every(last, extra, spans)

    def _calendar(self, limit: m.Within) -> Calendar | None:
        return self.place.scope.calendar(limit.unit, limit.calendar) if limit.unit in m.OPEN_DAYS else None

    def _paused_days(self, spans: Sequence[PausedSpan], zero: nw.Expr, calendar: Calendar | None) -> nw.Expr:
        """How many (open) local days the pauses take, each once; null where that leaves the calendar."""
        build = self.place.build
        if not self._taken:
            opened = build.look_up(zero, opened_table(calendar))[0] if calendar else zero
            self._taken.append((whole(0), zero, opened))
        for span in spans[len(self._taken) - 1 :]:
            total, before, opened_before = self._taken[-1]
            first, last = build.day(span.begin).at, build.day(span.end).at
            taken = build.let(span.counts & (last > before))
            if calendar:
                opened = self._opened(last, "end", span, calendar)
                # The later of two days has the more open days up to it.
                days = opened - nw.max_horizontal(self._opened(first - 1, "begin", span, calendar), opened_before)
            else:
                opened = last
                days = last - nw.max_horizontal(first - 1, before)
            more = nw.when(taken).then(days).otherwise(whole(0))
            self._taken.append(
                (
                    build.let(total + more),
                    build.let(nw.when(taken).then(last).otherwise(before)),
                    build.let(nw.when(taken).then(opened).otherwise(opened_before)),
                )
            )
        return self._taken[-1][0]

    def _opened(self, day: nw.Expr, edge: str, span: PausedSpan, calendar: Calendar) -> nw.Expr:
        name = (self.place.scope.standard.name, "pause", edge, span.place, calendar.name)
        return self.place.build.look_up(day, opened_table(calendar), name)[0]

    def _open(self, calendar: Calendar, last: nw.Expr, extra: nw.Expr) -> Moment:
        build = self.place.build
        times = [_time(limit) for limit in self.limits]
        # The plain deadline lands on an open day whose number is known; a limit of no days may land on a closed one.
        if any(limit.count == 0 or limit.before for limit in self.limits):
            raise NotCompiled("a limit of no working days, or before an instant, with pauses")
        number = build.look_up(last, opened_table(calendar))[0] + extra
        table, (low, high) = nth_table(calendar, times, build.zone)
        key = number * len(times) + self.line if len(times) > 1 else number
        (due,) = build.look_up(key, table)
        return Moment(
            at=due,
            low=min(low, self.plain.moment.low),
            high=max(high, self.plain.moment.high),
            gaps=[(always(), f"calendar {calendar.name}")],
        )

    def _every(self, last: nw.Expr, extra: nw.Expr, spans: Sequence[PausedSpan]) -> Moment:
        build, scope = self.place.build, self.place.scope
        landings = [
            (_time(limit), scope.calendar(m.Unit.WORKING_DAY, limit.calendar) if scope.standard.roll_forward else None)
            for limit in self.limits
        ]
        longest = sum(max(span.end.high - span.begin.low, 0) // DAY + 2 for span in spans)
        plain = self.plain.moment
        days = days_between(self.plain.lands[0], self.plain.lands[1] + longest)
        table, (low, high) = landing_table(days, landings, build.zone)
        day = last + extra
        key = day * len(landings) + self.line if len(landings) > 1 else day
        (due,) = build.look_up(key, table)
        names = dict.fromkeys(f"calendar {rolling.name}" for _, rolling in landings if rolling)
        return Moment(
            at=due, low=min(low, plain.low), high=max(high, plain.high), gaps=[(always(), name) for name in names]
        )


def _time(limit: m.Within) -> int:
    return DAY - 1 if limit.by is None else min(limit.by, DAY - 1)


class _Either(_Reckoning):
    """The earlier or the later of two limits."""

    def __init__(self, limit: m.EarlierOf | m.LaterOf, place: Place, state: State, paused: bool) -> None:
        self.place, self.earlier = place, isinstance(limit, m.EarlierOf)
        self.parts = [Lines([part], whole(0), place, state, paused=paused) for part in limit.limits]

    def deadline(self) -> Moment:
        return self._joined([part.deadline() for part in self.parts])

    def paused_by(self, spans: Sequence[PausedSpan]) -> Moment:
        return self._joined([part.paused_by(spans) for part in self.parts])

    def _joined(self, moments: list[Moment]) -> Moment:
        one, other = moments
        unknown = one.at.is_null() | other.at.is_null()
        better = (nw.min_horizontal if self.earlier else nw.max_horizontal)(one.at, other.at)
        opens: nw.Expr | None = None
        if any(moment.opens is not None for moment in moments):
            mine, theirs = (nothing() if moment.opens is None else moment.opens for moment in moments)
            first = one.at <= other.at if self.earlier else one.at > other.at
            opens = nw.when(unknown).then(nothing()).when(first).then(mine).otherwise(theirs)
        return Moment(
            opens=opens,
            at=nw.when(unknown).then(nothing()).otherwise(better),
            low=min(one.low, other.low),
            high=max(one.high, other.high),
            gaps=_first_out_of_range(guarded(one.at.is_null(), one.gaps), guarded(other.at.is_null(), other.gaps)),
        )


def _first_out_of_range(one: list[Gap], other: list[Gap]) -> list[Gap]:
    """A count that leaves its calendar is all that is said; the other limit is then not asked."""
    gaps: list[Gap] = []
    earlier: nw.Expr = always(holds=False)
    for side in (one, other):
        for when, name in side:
            if name.startswith("calendar "):
                gaps.append((when & ~earlier, name))
        earlier = nw.coalesce(
            when_any([earlier, *(when for when, name in side if name.startswith("calendar "))]), always(holds=False)
        )
    gaps += [(when & ~earlier, name) for when, name in (*one, *other) if not name.startswith("calendar ")]
    return gaps
