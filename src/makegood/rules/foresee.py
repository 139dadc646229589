"""When a case may come to something else without a new fact: so that one may sleep until then, and no longer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime

from .evaluate import judge_for
from .facts import Case
from .language import model as m
from .outcomes import Outcome, Status
from .remedy import Owed
from .working_time import DAY, Calendar, Zone, seconds_of

FAR = 20 * 366 * DAY
"""How far ahead a sum that seems to have stopped growing is looked at: twenty years."""
_SOON = 3
"""How many midnights are looked at one by one."""
_FINISH = "the finish"


def next_change(pledge: m.Pledge, case: Case, as_of: datetime, calendars: Mapping[str, Calendar]) -> datetime | None:
    """The next instant after `as_of` at which a case may be judged otherwise without a new fact; `None` for never.

    Nothing changes before it. Cases of the same subject are not looked at: when one changes, judge them all again.

    >>> from datetime import UTC
    >>> from makegood.schemes import load, CALENDARS
    >>> from makegood.rules import Fact
    >>> case = Case(id="1", details={"collection_date": "2026-06-11", "bin_problem": "none", "severe_weather": "no"},
    ...             facts=[Fact(name="missed_bin_reported", at=datetime(2026, 6, 12, 8, tzinfo=UTC))])
    >>> next_change(load("missed-bin"), case, datetime(2026, 6, 12, 9, tzinfo=UTC), CALENDARS).isoformat()
    '2026-06-16T18:00:01+01:00'
    """
    outcomes = judge_for(pledge, calendars).outcomes(case, seconds_of(as_of))
    return min(wakes(pledge, case, as_of, calendars, outcomes).values(), default=None)


def wakes(
    pledge: m.Pledge, case: Case, as_of: datetime, calendars: Mapping[str, Calendar], outcomes: Sequence[Outcome]
) -> dict[str, datetime]:
    """For each standard that may come to something else by itself, the next instant at which it may.

    `outcomes` are those of the case as of `as_of`, all or some. Cheap when nothing grows.
    """
    ahead, now = _ahead(case, as_of), seconds_of(as_of)
    found: dict[str, datetime] = {}
    for outcome in outcomes:
        at = _wake(pledge, case, now, calendars, outcome)
        if ahead is not None and (at is None or ahead < at):
            at = ahead
        if at is not None:
            found[outcome.standard] = outcome.zone.datetime(at)
    return found


def _ahead(case: Case, as_of: datetime) -> int | None:
    """When the next fact that lies ahead becomes known."""
    ahead: int | None = None
    for fact in case.facts:
        for at in (fact.at, fact.recorded_at):
            if at is not None and at > as_of:
                known = max(seconds_of(fact.at), seconds_of(fact.recorded_at or fact.at))
                if known > seconds_of(as_of) and (ahead is None or known < ahead):
                    ahead = known
    return ahead


def _wake(pledge: m.Pledge, case: Case, now: int, calendars: Mapping[str, Calendar], outcome: Outcome) -> int | None:
    status, found = outcome.status, outcome.finish
    if status is Status.PENDING or status is Status.KEPT:
        return None
    moved = _moved_by_time(pledge, outcome.standard)
    if status is Status.RUNNING:
        runs_out = None if outcome.due is None else outcome.due + 1
        if not moved.standing:
            return runs_out
        changes = _next(pledge, case, now, calendars, outcome, moved, least=runs_out)
        return changes if runs_out is None or (changes is not None and changes < runs_out) else runs_out
    if status is Status.BROKEN:
        grows = moved.topped_up if found is not None else moved.owing or moved.topped_up or moved.standing
        return _next(pledge, case, now, calendars, outcome, moved) if grows else None
    return _next(pledge, case, now, calendars, outcome, moved) if moved.standing and found is None else None


# --- what time by itself moves -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moved:
    """What passing time moves of a standard while it is unfinished: how it stands, what is owed, a top-up.

    `daily`: by the kind of day, so that nothing can be said beyond the next midnight. `bands` and `steps` are the
    lengths of lateness, in seconds, at which a condition or a sum may turn once, or again and again. `at_midnight`:
    beside the bands, nothing of it moves but at midnights.
    """

    standing: bool
    owing: bool
    topped_up: bool
    daily: bool
    bands: tuple[int, ...]
    steps: tuple[int, ...]
    at_midnight: bool


_known: OrderedDict[tuple[int, str], tuple[m.Pledge, _Moved]] = OrderedDict()


def _moved_by_time(pledge: m.Pledge, name: str) -> _Moved:
    """What time moves in a standard, in any version of it; the last few hundred are remembered."""
    kept = _known.get((id(pledge), name))
    if kept is not None and kept[0] is pledge:
        return kept[1]
    parts = [each for each in pledge.every_standard if each.name == name]
    conditions = [
        part for each in parts for part in (each.only_for, *(rule.condition for rule in (*each.void, *each.excused)))
    ]
    remedies = [remedy for each in parts for remedy in each.remedies]
    nodes = [*_nodes([*conditions, *remedies, *(each.late_from for each in parts)], pledge)]
    own = {id(remedy.within) for remedy in _remedies(remedies)}
    late = [node for node in nodes if isinstance(node, m.Late)]
    steps = [node for node in nodes if isinstance(node, m.Step)]
    by_day = [node for node in nodes if isinstance(node, m.OnDay | m.OnWeekday | m.Season) and node.subject == _FINISH]
    moved = _Moved(
        standing=any(_is_moved(node) for node in _nodes(conditions, pledge)),
        owing=any(_is_moved(node) for node in _nodes(remedies, pledge)) or bool(late),
        topped_up=any(remedy.if_late and remedy.done for remedy in _remedies(remedies)),
        daily=bool(by_day) or any(node.unit not in m.ELAPSED for node in late),
        bands=tuple(sorted({band for node in late if node.unit in m.ELAPSED for band in _bands(node)})),
        steps=tuple(sorted({_step_seconds(node) for node in steps})),
        at_midnight=not any(_moves_any_time(node, own) for node in nodes),
    )
    _known[id(pledge), name] = (pledge, moved)
    if len(_known) > 512:
        _known.popitem(last=False)
    return moved


def _is_moved(node: object) -> bool:
    return isinstance(node, m.Late | m.Step) or any(
        getattr(node, name, None) == _FINISH for name in ("subject", "anchor")
    )


def _moves_any_time(node: object, own: set[int]) -> bool:
    """Whether something may turn at an instant that is neither a midnight nor the end of a band.

    A remedy's own deadline (`own`, by identity) after the finish is none of these: there is none before the finish.
    """
    if isinstance(node, m.Step):
        return node.period.unit in m.ELAPSED
    return not isinstance(node, m.Late) and id(node) not in own and _is_moved(node)


def _nodes(roots: Sequence[object], pledge: m.Pledge) -> Iterator[object]:
    """Every part of some parts of a pledge, conditions that have names of their own included."""
    waiting, named = list(roots), set[str]()
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
        elif is_dataclass(node):
            yield node
            if isinstance(node, m.Term) and node.name not in named:
                named.add(node.name)
                waiting.append(pledge.terms.get(node.name))
            waiting.extend(getattr(node, each.name) for each in fields(node))


def _remedies(remedies: Sequence[m.Remedy]) -> Iterator[m.Remedy]:
    for remedy in remedies:
        yield remedy
        yield from _remedies(remedy.choices)


def _bands(late: m.Late) -> Iterator[int]:
    size, least = m.SECONDS[late.unit], [late.least] if late.most is None else [late.least, late.most + 1]
    for count in least:
        yield (count - 1) * size + 1 if late.or_part else count * size


def _step_seconds(step: m.Step) -> int:
    """The seconds of one period; 0 for periods of days, which end at midnight."""
    return step.period.count * m.SECONDS[step.period.unit] if step.period.unit in m.ELAPSED else 0


# --- looking ahead -----------------------------------------------------------------------------------


def _next(
    pledge: m.Pledge,
    case: Case,
    now: int,
    calendars: Mapping[str, Calendar],
    outcome: Outcome,
    moved: _Moved,
    least: int | None = None,
) -> int | None:
    """The next instant at which a standard comes to something else; with `least`, at that instant at the latest.

    Between the bands of lateness, sums only grow: what is the same at both ends of a stretch is the same within it.
    """
    judge, zone = judge_for(pledge, calendars), outcome.zone

    def judged(at: int) -> Outcome:
        return next(each for each in judge.outcomes(case, at) if each.standard == outcome.standard)

    alone = outcome if not pledge.subject else judged(now)  # others of its subject are not looked at
    first = _worth(alone)
    seen = {now: False}

    def differs(at: int) -> bool:
        if at not in seen:
            seen[at] = _worth(judged(at)) != first
        return seen[at]

    if moved.daily:
        midnight = _midnight(zone, zone.day(now) + 1)
        return _first_to_differ(differs, now, midnight, zone) if differs(midnight) else midnight
    last = now + FAR if least is None else max(least, now + 1)
    late_from = _late_from(alone, now)
    if late_from is None:
        late_from = _late_from(judged(last), last)
    late_from = outcome.due if late_from is None else late_from
    ends = sorted({at for at in _ends(outcome, moved, late_from, now, zone) if now < at < last} | {last})
    since = now
    for end in ends:
        if moved.at_midnight:  # what grows does so soon, as a rule
            soon = range(zone.day(since) + 1, min(zone.day(since) + _SOON, zone.day(end - 1)) + 1)
            turned = next((at for day in soon if differs(at := _midnight(zone, day))), None)
            if turned is not None:
                return turned
        within = not moved.at_midnight or zone.day(since) + _SOON < zone.day(end - 1)
        if within and end - 1 > since and differs(end - 1):
            return _first_to_differ(differs, since, end - 1, zone)
        if differs(end):
            return end
        since = end
    return None


def _late_from(outcome: Outcome, at: int) -> int | None:
    """From when lateness counts, as an unfinished outcome as of an instant tells it."""
    return at - outcome.lateness if outcome.lateness and outcome.finish is None else None


def _ends(outcome: Outcome, moved: _Moved, late_from: int | None, now: int, zone: Zone) -> Iterator[int]:
    """Instants at which it is worth looking: the ends of bands, the next end of each period, overdue remedies."""
    if late_from is not None:
        yield late_from + 1
        for band in moved.bands:
            yield late_from + band
        for step in moved.steps:
            if step:
                full = max(now - late_from, 0) // step
                yield from (late_from + (full + 1) * step, late_from + full * step + 1)
    if 0 in moved.steps:
        yield _midnight(zone, zone.day(now) + 1)
    yield from _dues(outcome.remedies)


def _dues(remedies: Sequence[Owed]) -> Iterator[int]:
    """The seconds after the remedies' own deadlines."""
    for owed in remedies:
        if owed.due is not None:
            yield owed.due + 1
        yield from _dues(owed.choices)


def _first_to_differ(differs: Callable[[int], bool], same: int, other: int, zone: Zone) -> int:
    """The first instant that differs, in a stretch that is the same up to some instant and differs from there on.

    Most often that is a midnight, so midnights are tried before seconds.
    """
    days = zone.day(same), zone.day(other)
    if days[1] > days[0]:
        day = _first(lambda day: differs(_midnight(zone, day)), days[0], days[1] + 1)
        midnight = _midnight(zone, day)
        if midnight - 1 <= same or (midnight <= other and not differs(midnight - 1)):
            return midnight
        same, other = max(same, _midnight(zone, day - 1)), min(other, midnight)
    return _first(differs, same, other)


def _first(differs: Callable[[int], bool], same: int, other: int) -> int:
    """The first number that differs between one that is the same and one that differs, looking near the first first."""
    reach = 1
    while same + reach < other and not differs(same + reach):
        same, reach = same + reach, reach * 4
    other = min(other, same + reach)
    while other - same > 1:
        middle = (same + other) // 2
        same, other = (same, middle) if differs(middle) else (middle, other)
    return other


def _midnight(zone: Zone, day: int) -> int:
    """The instant at which a local day begins."""
    return zone.instant(day * DAY, later=False)


def _worth(outcome: Outcome) -> tuple[object, ...]:
    """Everything of an outcome but how late it is."""
    return outcome.status, outcome.due, outcome.pence, outcome.reason, tuple(_given(each) for each in outcome.remedies)


def _given(owed: Owed) -> tuple[object, ...]:
    chosen = tuple(_given(choice) for choice in owed.choices)
    return owed.kind, owed.words, owed.pence, owed.due, owed.done, owed.top_up, owed.why_nothing, chosen
