"""A pledge, a case and an instant give outcomes: what was promised, whether it was kept, and what is owed."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from .clocks import Deadline, instants_of, nth_within, reckoner_of
from .conditions import Clock, Missing, Scope, Test, View, ready_test
from .explanation import explain_outcome
from .facts import Case
from .language import model as m
from .language.write import say_condition
from .outcomes import Outcome, Status, payable, without_money
from .remedy import Owed, Putting
from .together import settle_together
from .working_time import Calendar, OutOfRange, day_number, seconds_of, zone_named


def evaluate(
    pledge: m.Pledge,
    case: Case,
    *,
    as_of: datetime,
    calendars: Mapping[str, Calendar],
    others: Iterable[Case] = (),
    explain: bool = True,
) -> tuple[Outcome, ...]:
    """Judge one case by a pledge as of an instant; one outcome for each standard, in the pledge's order.

    `others` are cases of the same subject, when the pledge judges cases together. Reads no clock and changes
    nothing. Raises `ValueError` for an `as_of` without an offset and `LookupError` for an unknown calendar.
    """
    judge = judge_for(pledge, calendars)
    if pledge.subject:
        outcomes = evaluate_all(pledge, [case, *others], as_of=as_of, calendars=calendars, explain=explain)
        return tuple(outcome for outcome in outcomes if outcome.case_id == case.id)
    return judge.outcomes(case, seconds_of(as_of), explain=explain)


def evaluate_all(
    pledge: m.Pledge,
    cases: Iterable[Case],
    *,
    as_of: datetime,
    calendars: Mapping[str, Calendar],
    explain: bool = False,
) -> list[Outcome]:
    """Judge many cases, those of one subject together: repeats and caps over a period are settled between them."""
    judge = judge_for(pledge, calendars)
    at = seconds_of(as_of)
    cases = list(cases)
    outcomes = [outcome for case in cases for outcome in judge.outcomes(case, at, explain=explain)]
    if not pledge.subject:
        return outcomes
    return settle_together(pledge, cases, outcomes, at)


_judges: OrderedDict[tuple[int, int], Judge] = OrderedDict()


def judge_for(pledge: m.Pledge, calendars: Mapping[str, Calendar]) -> Judge:
    """The pledge made ready to run with these calendars; the last few are remembered."""
    key = (id(pledge), id(calendars))
    judge = _judges.get(key)
    if judge is None:
        judge = _judges[key] = Judge(pledge, calendars)
        if len(_judges) > 32:
            _judges.popitem(last=False)
    return judge


class Judge:
    """A pledge made ready to run, edition by edition: an edition is a stretch of days with the same rules and rates."""

    def __init__(self, pledge: m.Pledge, calendars: Mapping[str, Calendar]) -> None:
        self.pledge, self.calendars = pledge, calendars
        self.zone = zone_named(pledge.zone)
        self.breaks = _breaks(pledge)
        self.editions: dict[int, Edition] = {}
        standards = pledge.every_standard
        self.names = list(dict.fromkeys(standard.name for standard in standards))
        self.start_facts = sorted({name for standard in standards for name in standard.start.facts.names})

    def edition(self, day: int) -> Edition:
        """The rules and rates in force on a local day."""
        index = bisect_right(self.breaks, day)
        edition = self.editions.get(index)
        if edition is None:
            edition = self.editions[index] = Edition(self.pledge, self.calendars, day)
        return edition

    def outcomes(self, case: Case, as_of: int, *, explain: bool = False) -> tuple[Outcome, ...]:
        """The outcome of each standard for one case, judged by itself."""
        view = View(case, as_of)
        first: int | None = None
        for name in self.start_facts:
            instants = view.known(name)
            if instants and (first is None or instants[0] < first):
                first = instants[0]
        if first is None:
            return tuple(
                Outcome(case_id=case.id, standard=name, status=Status.PENDING, zone=self.zone) for name in self.names
            )
        edition = self.edition(self.zone.day(first))
        outcomes: dict[str, Outcome] = {}
        for name in edition.order:
            running = edition.standards[name]
            outcome = running.outcome(view, outcomes, explain=explain)
            if running.standard.version_by_own_start and outcome.start is not None:
                own = self.edition(self.zone.day(outcome.start))
                if own is not edition and name in own.standards:
                    outcome = own.standards[name].outcome(view, outcomes, explain=explain)
            outcomes[name] = outcome
        if self.pledge.paid_once:
            _pay_once(self.pledge, outcomes)
        return tuple([outcomes[name] for name in edition.names])


def _breaks(pledge: m.Pledge) -> list[int]:
    days: set[int] = set()
    rates = [rate for dated in pledge.rates.values() for rate in dated]
    periods = [(each.first, each.last) for each in pledge.versions] + [(each.first, each.last) for each in rates]
    for first, last in periods:
        if first:
            days.add(day_number(first))
        if last:
            days.add(day_number(last) + 1)
    return sorted(days)


def _in_force(first: date | None, last: date | None, day: int) -> bool:
    return (first is None or day >= day_number(first)) and (last is None or day <= day_number(last))


class Edition:
    """The standards of a pledge as they run for cases decided on one stretch of days."""

    def __init__(self, pledge: m.Pledge, calendars: Mapping[str, Calendar], day: int) -> None:
        version = next((each for each in pledge.versions if _in_force(each.first, each.last, day)), None)
        rates = {
            name: next((rate for rate in dated if _in_force(rate.first, rate.last, day)), None)
            for name, dated in pledge.rates.items()
        }
        lapsed = bool(pledge.versions) and version is None
        standards = (version.standards if version else ()) or pledge.standards
        by_name = {standard.name: standard for standard in standards}
        if lapsed:
            for other in pledge.versions:
                by_name.update({each.name: each for each in other.standards if each.name not in by_name})
        shared = {standard.name for standard in pledge.standards}
        name = version.name if version else ("" if lapsed else "always")
        self.names, self.rates = list(by_name), rates
        self.standards = {
            each.name: Running(each, pledge, calendars, rates, name, lapsed=lapsed, foreign=each.name not in shared)
            for each in by_name.values()
        }
        self.order = _dependency_order(by_name)


def _dependency_order(standards: Mapping[str, m.Standard]) -> list[str]:
    order: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in order or name not in standards or name in path:
            return
        start = standards[name].start
        for needed in (start.or_when_runs_out, start.after_missing):
            if needed:
                visit(needed, (*path, name))
        order.append(name)

    for name in standards:
        visit(name, ())
    return order


class Running:
    """One standard of one edition made ready to run."""

    def __init__(
        self,
        standard: m.Standard,
        pledge: m.Pledge,
        calendars: Mapping[str, Calendar],
        rates: Mapping[str, m.Rate | None],
        version: str,
        *,
        lapsed: bool,
        foreign: bool,
    ) -> None:
        self.standard, self.version, self.zone = standard, version, zone_named(pledge.zone)
        scope = Scope(pledge, standard, calendars, rates)
        scope.limits = reckoner_of
        self.only_for: Test | None = ready_test(standard.only_for, scope) if standard.only_for else None
        self.void = [(ready_test(each.condition, scope, by_deadline=True), each) for each in standard.void]
        self.excused = [(ready_test(each.condition, scope), each) for each in standard.excused]
        self.deadline = Deadline(scope)
        self.late_from = scope.limit(standard.late_from) if standard.late_from else None
        self.remedies = [Putting(remedy, scope) for remedy in standard.remedies]
        self.unready: Missing = ("a version in force",) if lapsed else tuple(sorted(scope.without_rate))
        if foreign and lapsed:
            self.void, self.excused = [], []

    def outcome(self, view: View, others: Mapping[str, Outcome], *, explain: bool) -> Outcome:
        """How this standard stands for a case; `others` are the outcomes of the standards it depends on."""
        start = self._start(view, others)
        if start is None:
            return self._plain(view, Status.PENDING, None)
        clock = Clock(start)
        missing: Missing = ()
        if self.only_for:
            answer = self.only_for(view, clock)
            if answer is False:
                return self._plain(view, Status.LEFT_OUT, clock)
            if answer is not True:
                missing = answer
        missing = missing or self.unready or self._settle(view, clock)
        if missing:
            clock.deadline, clock.open_pause, clock.lost = None, False, True
        for tests, status in ((self.void, Status.VOID), (self.excused, Status.EXCUSED)):
            for test, exclusion in tests:
                answer = test(view, clock)
                if answer is True:
                    return self._finished(view, clock, status, exclusion=exclusion, explain=explain)
                if answer is not False and status is Status.VOID:
                    missing = missing or answer
        if missing:
            return self._finished(view, clock, Status.UNKNOWN, missing=missing, explain=explain)
        deadline = clock.deadline
        if clock.finish is not None:
            broken = deadline is not None and clock.finish > deadline and not _inside(clock.finish, clock.pauses)
        else:
            broken = deadline is not None and view.as_of > deadline
        if broken:
            return self._broken(view, clock, explain=explain)
        status = Status.RUNNING if clock.finish is None else Status.KEPT
        return self._finished(view, clock, status, explain=explain)

    def _start(self, view: View, others: Mapping[str, Outcome]) -> int | None:
        start = self.standard.start
        if start.after_missing:
            first = others.get(start.after_missing)
            if first is None or first.status is not Status.BROKEN or first.due is None:
                return None
            asked = [at for name in start.facts.names for at in view.known(name) if at > first.due]
            asked = [at for at in asked if first.finish is None or at < first.finish]
            return min(asked, default=None)
        if start.nth_within:
            instants = sorted(at for name in start.facts.names for at in view.known(name))
            return nth_within(instants, start, self.zone)
        at = instants_of(start.facts, view, None)
        if start.or_when_runs_out:
            first = others.get(start.or_when_runs_out)
            if first is not None and first.status is Status.BROKEN and first.due is not None:
                at = first.due if at is None else min(at, first.due)
        return at

    def _settle(self, view: View, clock: Clock) -> Missing:
        try:
            return self.deadline.settle(view, clock)
        except OutOfRange as error:
            return (str(error),)

    def _broken(self, view: View, clock: Clock, *, explain: bool) -> Outcome:
        clock.late_from = clock.deadline
        try:
            if self.late_from:
                instant = self.late_from(view, clock)
                if isinstance(instant, tuple):
                    return self._finished(view, clock, Status.UNKNOWN, missing=instant, explain=explain)
                clock.late_from = instant
            remedies: list[Owed] = []
            for putting in self.remedies:
                owed = putting.owed(view, clock)
                if isinstance(owed, tuple):
                    return self._finished(view, clock, Status.UNKNOWN, missing=owed, explain=explain)
                if owed:
                    remedies.append(owed)
        except OutOfRange as error:
            return self._finished(view, clock, Status.UNKNOWN, missing=(str(error),), explain=explain)
        return self._finished(view, clock, Status.BROKEN, remedies=tuple(remedies), explain=explain)

    def _plain(self, view: View, status: Status, clock: Clock | None) -> Outcome:
        return Outcome(
            case_id=view.case.id,
            standard=self.standard.name,
            status=status,
            version=self.version,
            start=clock.start if clock else None,
            zone=self.zone,
        )

    def _finished(
        self,
        view: View,
        clock: Clock,
        status: Status,
        *,
        explain: bool,
        remedies: tuple[Owed, ...] = (),
        missing: Missing = (),
        exclusion: m.Exclusion | None = None,
    ) -> Outcome:
        unknown = status is Status.UNKNOWN
        missing = tuple(dict.fromkeys(missing)) if missing else ()
        lateness = 0
        if clock.late_from is not None and not unknown:
            lateness = max((view.as_of if clock.finish is None else clock.finish) - clock.late_from, 0)
        explanation = (
            explain_outcome(
                self.standard, self.version, view, clock, str(status), remedies, missing, exclusion, self.zone
            )
            if explain
            else None
        )
        return Outcome(
            case_id=view.case.id,
            standard=self.standard.name,
            status=status,
            version=self.version,
            start=clock.start,
            due=None if unknown else clock.deadline,
            finish=None if unknown else clock.finish,
            lateness=lateness,
            remedies=remedies,
            reason=say_condition(exclusion.condition) if exclusion else "",
            missing=missing,
            pence=payable(remedies) if remedies else 0,
            zone=self.zone,
            explanation=explanation,
        )


def _inside(at: int, pauses: list[tuple[int, int | None]]) -> bool:
    """Whether a finish fell into a pause that counts: then it is in time, whatever the clock had left to run."""
    return any(begin <= at and (end is None or at <= end) for begin, end in pauses)


def _pay_once(pledge: m.Pledge, outcomes: dict[str, Outcome]) -> None:
    """Leave the money with the first broken standard of each group: one failure is paid once."""
    for group in pledge.paid_once:
        paying = [name for name in group if name in outcomes and outcomes[name].pence > 0]
        paying.sort(key=lambda name: (outcomes[name].due or 0, group.index(name)))
        for name in paying[1:]:
            outcomes[name] = without_money(outcomes[name], f"paid under {paying[0]}")


__all__ = ["Judge", "Outcome", "Status", "evaluate", "evaluate_all", "judge_for"]
