"""Pauses and extensions as expressions: as many as the data has, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import narwhals.stable.v2 as nw

from ...rules.clocks import lengthened
from ...rules.language import model as m
from ..columns import NotCompiled
from .build import Build, Gap, Moment, always, chosen_by, guarded, nothing, when_any, whole
from .choices import choose
from .conditions import Place, State, fact_instants
from .limits import Lines, PausedSpan, resolved_lines

OPEN = 2**45
"""Stands for the end of a pause that is still open: later than any instant."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """One pause: whether there is one, and from when until when (`OPEN` while it is open)."""

    there: nw.Expr
    begin: nw.Expr
    end: nw.Expr


def pauses_of(pauses: Sequence[m.Pause], build: Build, start: nw.Expr) -> list[Span]:
    """The pauses of each case in order, overlapping ones merged, as in `rules.clocks.pauses_of`."""
    kinds = [_one_kind(pause, build, start) for pause in pauses]
    spans = [span for kind in kinds for span in kind]
    if sum(bool(kind) for kind in kinds) > 1:
        if len(spans) > 12:
            raise NotCompiled("pauses of several kinds, so many times in one case")
        spans = _sorted(spans, build)
    return _merged(spans, build) if len(spans) > 1 else spans


def _one_kind(pause: m.Pause, build: Build, start: nw.Expr) -> list[Span]:
    closes = fact_instants(build, pause.closes)
    spans: list[Span] = []
    until: nw.Expr | None = None
    for opening in fact_instants(build, pause.opens):
        takes = ~opening.is_null() if until is None else ~opening.is_null() & (opening >= until)
        ends = [nw.when(close >= opening).then(close).otherwise(nothing()) for close in closes]
        end = build.let(nw.coalesce(nw.min_horizontal(*ends), whole(OPEN)) if ends else whole(OPEN))
        there = build.let(nw.coalesce(takes, always(holds=False)))
        until = build.let(nw.when(there).then(end).otherwise(whole(-OPEN) if until is None else until))
        there = build.let(there & (end >= start))
        spans.append(Span(there=there, begin=build.let(nw.max_horizontal(opening, start)), end=end))
    return spans


def _sorted(spans: list[Span], build: Build) -> list[Span]:
    """In the order of their beginnings, absent ones last: each neighbouring pair is put in order often enough."""
    ordered = [
        Span(
            there=span.there, begin=build.let(nw.when(span.there).then(span.begin).otherwise(whole(OPEN))), end=span.end
        )
        for span in spans
    ]
    for turn in range(len(ordered)):
        for place in range(turn % 2, len(ordered) - 1, 2):
            one, other = ordered[place], ordered[place + 1]
            swap = build.let(other.begin < one.begin)
            ordered[place], ordered[place + 1] = _picked(build, swap, other, one), _picked(build, swap, one, other)
    return ordered


def _picked(build: Build, test: nw.Expr, one: Span, other: Span) -> Span:
    def pick(left: nw.Expr, right: nw.Expr) -> nw.Expr:
        return build.let(nw.when(test).then(left).otherwise(right))

    return Span(there=pick(one.there, other.there), begin=pick(one.begin, other.begin), end=pick(one.end, other.end))


def _merged(spans: list[Span], build: Build) -> list[Span]:
    """Overlapping or touching pauses as one: the first of them takes the latest end, the others are gone."""
    running: nw.Expr = whole(-OPEN)
    joins: list[nw.Expr] = []
    ends: list[nw.Expr] = []
    for place, span in enumerate(spans):
        join = build.let(span.there & (span.begin <= running)) if place else always(holds=False)
        end = nw.max_horizontal(span.end, running) if place else span.end
        running = build.let(nw.when(span.there).then(nw.when(join).then(end).otherwise(span.end)).otherwise(running))
        joins.append(join)
        ends.append(running)
    merged: list[Span] = []
    follows: nw.Expr = always(holds=False)
    group: nw.Expr = whole(0)
    for span, join, end in zip(reversed(spans), reversed(joins), reversed(ends), strict=True):
        whole_end = build.let(nw.when(follows).then(group).otherwise(end))
        merged.append(Span(there=build.let(span.there & ~join), begin=span.begin, end=whole_end))
        group = build.let(nw.when(span.there).then(whole_end).otherwise(group))
        follows = build.let(nw.when(span.there).then(join).otherwise(follows))
    return merged[::-1]


# --- the deadline with pauses ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline with its pauses: null where it cannot be told or, with `held`, where a pause is still open.

    `inside` says whether the finish fell into a pause that counts.
    """

    moment: Moment
    held: nw.Expr | None = None
    inside: nw.Expr | None = None

    @property
    def unknown(self) -> nw.Expr:
        """Where it cannot be told."""
        return self.moment.at.is_null() if self.held is None else self.moment.at.is_null() & ~self.held


def paused(lines: Lines, spans: Sequence[Span], finish: nw.Expr, place: Place) -> Due:
    """Count each pause that begins by the deadline as already moved, and not after the finish."""
    build, extent = place.build, place.build.extent
    base = build.let_moment(lines.deadline())
    moment, held = base, None
    going: nw.Expr = always()
    counted: list[PausedSpan] = []
    gaps = guarded(base.at.is_null(), base.gaps)
    for span in spans:
        fits = (span.begin <= moment.at) & (finish.is_null() | (span.begin <= finish))
        counts = build.let(nw.coalesce(going & span.there & fits, always(holds=False)))
        opened = build.let(counts & (span.end == OPEN))
        closed = build.let(counts & ~opened)
        begin = Moment(at=span.begin, low=extent.first, high=extent.last)
        end = Moment(at=span.end, low=extent.first, high=extent.last)
        counted.append(PausedSpan(place=len(counted), counts=closed, begin=begin, end=end))
        moved = lines.paused_by(counted)
        at = build.let(nw.when(opened).then(nothing()).otherwise(nw.when(closed).then(moved.at).otherwise(moment.at)))
        gaps += guarded(closed & at.is_null(), moved.gaps)
        held = opened if held is None else build.let(held | opened)
        going = build.let(going & (~span.there | closed))
        moment = replace(
            moment, at=at, day=None, opened={}, low=min(moment.low, moved.low), high=max(moment.high, moved.high)
        )
    inside = when_any(each.counts & (finish >= each.begin.at) & (finish <= each.end.at) for each in counted)
    return Due(
        moment=replace(moment, gaps=gaps),
        held=held,
        inside=build.let(nw.coalesce(inside, always(holds=False))) if counted else None,
    )


def extended(
    standard: m.Standard, due: Due, plain: Moment, spans: Sequence[Span], finish: nw.Expr, place: Place, state: State
) -> Due:
    """Take the longer limit of each extending fact that comes by the deadline then in force.

    `plain` is the deadline without pauses: a limit that does not go beyond it is not a longer one.
    """
    if len(standard.extensions) > 1:
        raise NotCompiled("extensions of several kinds")
    (extension,) = standard.extensions
    facts = fact_instants(place.build, extension.fact)
    if not facts:
        return due
    if extension.to:
        choices = [extension.to]
    else:
        choices = [lengthened(standard.within, extension.by, times) for times in range(1, extension.times + 1)]
    build = place.build
    dues, goes_beyond = [due], always()
    for choice in choices:
        chosen = choose(choice, place, state)
        limits, line = resolved_lines([option.value for option in choice], chosen.line, place)
        lines = Lines(limits, line, place, state, paused=bool(spans))
        longer = paused(lines, spans, finish, place)
        if extension.to:
            goes_beyond = build.let(nw.coalesce(lines.deadline().at > plain.at, always()))
        dues.append(replace(longer, moment=replace(longer.moment, gaps=chosen.and_then(longer.moment.gaps))))
    used: nw.Expr = whole(0)
    for at in facts:
        used = build.let(_used_after(at, used, dues, state, goes_beyond))
    return _joined(dues, used, build)


def _used_after(at: nw.Expr, used: nw.Expr, dues: list[Due], state: State, goes_beyond: nw.Expr) -> nw.Expr:
    """How often the limit has been lengthened when one more fact is taken in."""
    in_force = chosen_by(used, [due.moment.at for due in dues])
    unknown = chosen_by(used, [due.unknown for due in dues])
    by_then = nw.coalesce(at <= in_force, always()) & ~unknown
    takes = (at >= state.start.at) & by_then & (used < len(dues) - 1) & goes_beyond
    return nw.when(nw.coalesce(takes, always(holds=False))).then(used + 1).otherwise(used)


def _joined(dues: list[Due], used: nw.Expr, build: Build) -> Due:
    gaps: list[Gap] = []
    for times, due in enumerate(dues):
        gaps += guarded(used == times, due.moment.gaps)
    moment = Moment(
        at=build.let(chosen_by(used, [due.moment.at for due in dues])),
        low=min(due.moment.low for due in dues),
        high=max(due.moment.high for due in dues),
        gaps=gaps,
    )
    return Due(
        moment=moment,
        held=_one_of(used, [due.held for due in dues], build),
        inside=_one_of(used, [due.inside for due in dues], build),
    )


def _one_of(used: nw.Expr, tests: list[nw.Expr | None], build: Build) -> nw.Expr | None:
    given = [always(holds=False) if test is None else test for test in tests]
    if all(test is None for test in tests):
        return None
    return build.let(when_any((used == times) & test for times, test in enumerate(given)))
