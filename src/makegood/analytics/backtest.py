"""Back-tests: planned pledges replayed over past cases: what would have been kept, broken and owed, and how surely.

A promise is one standard for one case. Tables by month, category and cause count cases: a case is broken when any of
its promises is. A case belongs to the local month and week in which it began, by its first start fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from ..rules import Calendar, Case, Outcome, Pledge, Status, evaluate_all
from ..rules.language.model import Kind
from ..rules.money import from_pence
from ..rules.working_time import day_of, seconds_of, zone_named
from .sureness import MOST_WEEKS, YEAR, Interval, Unsure, by_resampled_weeks, one_way, unsure, wilson
from .varying import Variation, current, varied

NOT_GIVEN = "not given"
STATUSES = (Status.KEPT, Status.BROKEN, Status.EXCUSED, Status.VOID, Status.UNKNOWN, Status.RUNNING)
_WORST = (Status.BROKEN, Status.UNKNOWN, Status.RUNNING, Status.KEPT, Status.EXCUSED, Status.VOID)
_RANK = {status: rank for rank, status in enumerate(_WORST)}
_LEAST_REST = 10
"""Of so many cases at least it is said whether the first or the last lies far from the rest."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One row of a result, from whatever engine: a promise to a case, how it stands, pence owed, and why."""

    case_id: str
    standard: str
    status: Status
    pence: int
    why: str = ""


Engine = Callable[[Pledge], Iterable[Judged]]
"""Judges all the cases by a pledge; every row of the result file, in any order."""


def scalar_engine(cases: Sequence[Case], as_of: datetime, calendars: Mapping[str, Calendar]) -> Engine:
    """The engine that judges case by case, in this process."""

    def judge(pledge: Pledge) -> Iterable[Judged]:
        for outcome in evaluate_all(pledge, cases, as_of=as_of, calendars=calendars):
            if outcome.has_row:
                yield Judged(outcome.case_id, outcome.standard, outcome.status, outcome.pence, _why(outcome))

    return judge


def _why(outcome: Outcome) -> str:
    return outcome.reason or (f"missing: {'; '.join(outcome.missing)}" if outcome.missing else "")


# --- what is counted ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """How many stand how, and the pence owed; it grows while cases are counted."""

    counts: Counter[Status] = field(default_factory=Counter)
    pence: int = 0

    def add(self, status: Status, pence: int) -> None:
        """Count one."""
        self.counts[status] += 1
        self.pence += pence

    @property
    def total(self) -> int:
        """All that have a row."""
        return self.counts.total()

    @property
    def broken(self) -> int:
        """Those that were broken."""
        return self.counts[Status.BROKEN]

    @property
    def decided(self) -> int:
        """Kept or broken: those that a share is of."""
        return self.counts[Status.KEPT] + self.broken

    @property
    def share(self) -> float | None:
        """The broken among those decided; `None` when none is decided."""
        return self.broken / self.decided if self.decided else None

    @property
    def sure(self) -> Interval | None:
        """Wilson's interval of that share."""
        return wilson(self.broken, self.decided)

    @property
    def owed(self) -> Decimal:
        """Pounds owed, as in result files."""
        return from_pence(self.pence)


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The local days on which the first and the last case began, both included; `begun`: how many began on which."""

    first: int
    last: int
    begun: Mapping[int, int] = field(repr=False)

    @property
    def days(self) -> int:
        """How many days."""
        return self.last - self.first + 1

    @property
    def first_day(self) -> date:
        """The first day."""
        return day_of(self.first)

    @property
    def last_day(self) -> date:
        """The last day."""
        return day_of(self.last)

    @property
    def is_a_year(self) -> bool:
        """Whether it is a year, give or take ten days, so that a yearly cost needs no scaling to speak of."""
        return abs(self.days - YEAR) <= 10

    @property
    def weeks(self) -> int:
        """How many weeks, from Monday to Sunday, the first and the last included."""
        return _week(self.last) - _week(self.first) + 1

    @property
    def unsure(self) -> Unsure | None:
        """Why these weeks say nothing of a yearly cost; `None` when they do."""
        return unsure(self.weeks, len({_week(day) for day in self.begun}))

    @property
    def is_long(self) -> bool:
        """Whether it is so long that months without a case are left out, and weeks are not looked at."""
        return self.weeks > MOST_WEEKS

    @property
    def months(self) -> list[str]:
        """Every month of the period in order, those without a case too unless it `is_long`."""
        if self.is_long:
            return sorted({_month(day) for day in self.begun})
        first, last = self.first_day, self.last_day
        numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]

    @property
    def apart(self) -> tuple[int, int]:
        """How many days the first case lies before the rest, and the last after it; 0 where that is not far.

        The rest is all but one in a hundred cases, and at least one, at each end. Far is more than 90 days and more
        than half of the days that the rest takes.
        """
        total = sum(self.begun.values())
        if total < _LEAST_REST:
            return 0, 0
        most = max(total // 100, 1)
        first, last = _after(sorted(self.begun.items()), most), _after(sorted(self.begun.items(), reverse=True), most)
        far = max(90, (last - first) // 2)
        before, after = first - self.first, self.last - last
        return (before if before > far else 0), (after if after > far else 0)

    def yearly(self, pence: float) -> float:
        """Pounds in 365 days at the pace of this period."""
        return pence / 100 * YEAR / self.days


def _after(days: Iterable[tuple[int, int]], most: int) -> int:
    """The day on which the next case began after so many were passed over."""
    passed = 0
    for day, begun in days:
        passed += begun
        if passed > most:
            return day
    raise AssertionError("more are passed over than there are")


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one pledge gives over the cases. `verdicts` say of each decided case whether it was broken.

    `weekly` are the pence of each week of the period, none when it has more than `MOST_WEEKS`; `unsure` says why
    there is no interval of the cost.
    """

    label: str
    pledge: Pledge
    cases: Tally
    promises: Tally
    standards: Mapping[str, Tally]
    months: Mapping[str, Tally]
    categories: Mapping[str, Tally]
    causes: Mapping[str, Tally]
    reasons: Mapping[tuple[Status, str], int]
    weekly: tuple[int, ...]
    unsure: Unsure | None
    verdicts: Mapping[str, bool] = field(repr=False, default_factory=dict)

    @property
    def cost_interval(self) -> Interval | None:
        """The interval of the pence owed over the period, by resampled weeks; `None` when they are `unsure`."""
        return None if self.unsure else by_resampled_weeks(self.weekly)


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """What a pledge gives for each value of a variation; `now` says what it has now, `at` is that value's place."""

    variation: Variation
    points: tuple[Result, ...]
    now: str
    at: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A pledge against the first one, over the same cases: `decided` in both, and for how many the outcome differs.

    `pence` is what more is owed (less: negative), `interval` how sure that is, or `unsure` why that cannot be said.
    A difference is `sure_broken` or `sure_cost` only when its interval leaves out “no difference”.
    """

    label: str
    decided: int
    worse: int
    better: int
    pence: int
    interval: Interval | None
    unsure: Unsure | None
    sure_broken: bool
    sure_cost: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Backtest:
    """The whole of a back-test. `category` and `by` are the details counted by; empty when there is none."""

    as_of: datetime
    read: int
    set_aside: Mapping[str, int]
    period: Period | None
    category: str
    by: str
    results: tuple[Result, ...]
    curves: tuple[Curve, ...]
    comparisons: tuple[Comparison, ...]


# --- counting ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case is counted: the local day on which it began, its category and its cause."""

    day: int
    category: str
    cause: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """The past cases as a back-test sees them: how many were read, and where each belongs, for each pledge in turn.

    `category` and `by` are the details counted by; empty when there is none.
    """

    as_of: datetime
    read: int
    category: str
    by: str
    found: tuple[Mapping[str, Place], ...]

    @property
    def period(self) -> Period | None:
        """The days over which cases began; `None` when none has begun."""
        begun = Counter(place.day for each in self.found for place in each.values())
        return Period(first=min(begun), last=max(begun), begun=begun) if begun else None

    def has(self, detail: str) -> bool:
        """Whether any case that began has a value for the category or cause of this name."""
        return any(
            (place.category if detail == self.category else place.cause) != NOT_GIVEN
            for each in self.found
            for place in each.values()
        )


def past(
    cases: Iterable[Case], pledges: Sequence[Pledge], *, as_of: datetime, category: str = "", by: str = ""
) -> Past:
    """Place each case that began by `as_of`, by the local day of its first start fact of any standard of a pledge.

    Takes the cases one after another and holds none of them.
    """
    at, read = seconds_of(as_of), 0
    zones = [zone_named(pledge.zone) for pledge in pledges]
    starts = [_start_facts(pledge) for pledge in pledges]
    found: list[dict[str, Place]] = [{} for _ in pledges]
    for case in cases:
        read += 1
        details = case.details
        kind, cause = details.get(category) or NOT_GIVEN, details.get(by) or NOT_GIVEN
        for zone, names, into in zip(zones, starts, found, strict=True):
            first = min((known[0] for name in names if (known := case.known(name, at))), default=None)
            if first is not None:
                into[case.id] = Place(zone.day(first), kind, cause)
    return Past(as_of=as_of, read=read, category=category, by=by, found=tuple(found))


def _start_facts(pledge: Pledge) -> list[str]:
    return sorted({name for standard in pledge.every_standard for name in standard.start.facts.names})


def category_of(pledge: Pledge) -> str:
    """The detail that sorts the cases of a pledge unless another is named: its first that is one of a list."""
    return next((name for name, detail in pledge.details.items() if detail.kind is Kind.CHOICE), "")


def count(
    label: str,
    pledge: Pledge,
    rows: Iterable[Judged],
    found: Mapping[str, Place],
    period: Period,
    *,
    paired: bool = True,
) -> Result:
    """Count the rows of one pledge; `paired` keeps the verdict of each case, for comparing pledges case by case."""
    standards = {standard.name: Tally() for standard in pledge.standards}
    cases: dict[str, tuple[int, int]] = {}
    promises, reasons = Tally(), Counter[tuple[Status, str]]()
    for row in rows:
        promises.add(row.status, row.pence)
        standards.setdefault(row.standard, Tally()).add(row.status, row.pence)
        rank, pence = cases.get(row.case_id, (len(_WORST), 0))
        cases[row.case_id] = (min(rank, _RANK[row.status]), pence + row.pence)
        if row.why:
            reasons[row.status, row.why] += 1
    whole, categories, causes = Tally(), dict[str, Tally](), dict[str, Tally]()
    months = {month: Tally() for month in period.months}
    weekly = [] if period.is_long else [0] * period.weeks
    verdicts = {}
    for case_id, (rank, pence) in cases.items():
        status, place = _WORST[rank], found[case_id]
        whole.add(status, pence)
        months[_month(place.day)].add(status, pence)
        categories.setdefault(place.category, Tally()).add(status, pence)
        causes.setdefault(place.cause, Tally()).add(status, pence)
        if weekly:
            weekly[_week(place.day) - _week(period.first)] += pence
        if paired and status in (Status.KEPT, Status.BROKEN):
            verdicts[case_id] = status is Status.BROKEN
    return Result(
        label=label, pledge=pledge, cases=whole, promises=promises, standards=standards, months=months,
        categories=_dearest_first(categories), causes=_dearest_first(causes), reasons=reasons,
        weekly=tuple(weekly), unsure=period.unsure, verdicts=verdicts,
    )  # fmt: skip


def _month(day: int) -> str:
    return day_of(day).isoformat()[:7]


def _week(day: int) -> int:
    return (day + 3) // 7  # day 0 was a Thursday; weeks begin on Monday


def _dearest_first(tallies: dict[str, Tally]) -> dict[str, Tally]:
    order = sorted(tallies.items(), key=lambda item: (-item[1].pence, -item[1].broken, -item[1].total, item[0]))
    return dict(order)


def compare(first: Result, other: Result) -> Comparison:
    """One pledge against the first, paired by case and by week."""
    both = first.verdicts.keys() & other.verdicts.keys()
    worse = sum(other.verdicts[case] and not first.verdicts[case] for case in both)
    better = sum(first.verdicts[case] and not other.verdicts[case] for case in both)
    more = [new - old for new, old in zip(other.weekly, first.weekly, strict=True)]
    interval = None if first.unsure else by_resampled_weeks(more)
    return Comparison(
        label=other.label,
        decided=len(both),
        worse=worse,
        better=better,
        pence=other.cases.pence - first.cases.pence,
        interval=interval,
        unsure=first.unsure,
        sure_broken=one_way(worse, better),
        sure_cost=interval is not None and not interval.low <= 0 <= interval.high,
    )


# --- the whole ---------------------------------------------------------------------------------------


def backtest(
    pledges: Sequence[Pledge],
    cases: Past,
    engine: Engine,
    *,
    calendars: Mapping[str, Calendar],
    variations: Sequence[Variation] = (),
    set_aside: Mapping[str, int] | None = None,
    progress: Callable[[str], None] = lambda said: None,
) -> Backtest:
    """Replay pledges over past cases, which `past` placed for the same pledges; variations are of the first pledge.

    `set_aside` says how many rows of the input could not be used, by reason. `progress` hears what is being judged.
    Raises `CannotVary` before anything is judged.
    """
    trials = [(variation, varied(pledges[0], variation, calendars)) for variation in variations]
    period = cases.period
    results: list[Result] = []
    curves: list[Curve] = []
    if period:
        for label, pledge, found in zip(_labels(pledges), pledges, cases.found, strict=True):
            progress(label)
            results.append(count(label, pledge, engine(pledge), found, period))
        for variation, values in trials:
            points = []
            for label, pledge in values:
                progress(f"{variation.standard} {variation.subject} {label}")
                points.append(count(label, pledge, engine(pledge), cases.found[0], period, paired=False))
            same = (place for place, (_, pledge) in enumerate(values) if _rules(pledge) == _rules(pledges[0]))
            now = current(pledges[0], variation)
            curves.append(Curve(variation=variation, points=tuple(points), now=now, at=next(same, None)))
    return Backtest(
        as_of=cases.as_of, read=cases.read, set_aside=dict(set_aside or {}), period=period, category=cases.category,
        by=cases.by, results=tuple(results), curves=tuple(curves),
        comparisons=tuple(compare(results[0], other) for other in results[1:]),
    )  # fmt: skip


def _rules(pledge: Pledge) -> object:
    return pledge.standards, pledge.versions


def _labels(pledges: Sequence[Pledge]) -> list[str]:
    """A name for each pledge, numbered when two have the same."""
    names = [pledge.name for pledge in pledges]
    return [f"{name} ({place + 1})" if names.count(name) > 1 else name for place, name in enumerate(names)]
