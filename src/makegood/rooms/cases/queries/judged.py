"""Cases judged by the promise engine as of an instant, from what was known then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from makegood import rules
from makegood.database.looking import looking
from makegood.database.values import among
from makegood.rooms.pledges.queries import judging
from makegood.rooms.services.queries import service
from makegood.rules import evaluate_all

from ..models import Case, Fact, Pause, Promise
from ..rules.waiting import days_left
from .cases import CaseSeen, seen
from .whole import row_of, rows_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A case with how each standard stands: `outcomes` in the pledge's order, as of the instant that was asked."""

    case: CaseSeen
    outcomes: tuple[rules.Outcome, ...]


def judged(reference: str, at: datetime, *, explain: bool = True) -> Judged:
    """One case judged as of `at`, with the day-by-day explanation of each deadline and sum.

    Asked about last month, it gives last month's answer, whatever was corrected since.
    """
    case = seen(row_of(reference))
    return judged_many([case], at, explain=explain)[case.reference]


def judged_many(cases: Collection[CaseSeen], at: datetime, *, explain: bool = False) -> dict[str, Judged]:
    """Several cases judged at once, by reference."""
    outcomes = outcomes_of(cases, timelines(cases, at), at, explain=explain)
    return {case.reference: Judged(case=case, outcomes=outcomes[case.number]) for case in cases}


def promises_of(reference: str, at: datetime) -> tuple[rules.Outcome, ...]:
    """How each standard stands for a case as of `at`, with explanations; standards that leave the case out are not in.

    A standard that has not started is in, as pending.
    """
    outcomes = judged(reference, at).outcomes
    return tuple(outcome for outcome in outcomes if outcome.status is not rules.Status.LEFT_OUT)


@dataclass(frozen=True, kw_only=True, slots=True)
class IfWaiting:
    """What waiting for the resident from now would do to a promise that runs.

    `due_at` is its deadline now; `then` its deadline for each answer asked about, as (when she answers, deadline).
    """

    standard: str
    due_at: datetime
    then: tuple[tuple[datetime, datetime], ...]


def if_waiting(reference: str, at: datetime, answers: Sequence[datetime]) -> list[IfWaiting]:
    """What stopping the clock at an instant does to each running promise of a case, should she answer then."""
    row = row_of(reference)
    of, known = service(row.service), timelines([row], at)[row.number]
    now = outcomes_of([row], {row.number: known}, at)[row.number]
    running = {each.standard: each.due_at for each in now if each.status is rules.Status.RUNNING}
    then: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for answered in answers:
        waited = [rules.Fact(name=of.pause_from, at=at), rules.Fact(name=of.pause_until, at=answered)]
        case = rules.Case(id=known.id, details=known.details, facts=[*known.facts, *waited])
        for outcome in outcomes_of([row], {row.number: case}, answered)[row.number]:
            if outcome.due_at:
                then[outcome.standard].append((answered, outcome.due_at))
    return [
        IfWaiting(standard=name, due_at=due, then=tuple(then[name])) for name, due in running.items() if due is not None
    ]


def days_to_wait(reference: str, at: datetime) -> int:
    """For how many days a case may still wait for the resident."""
    row = row_of(reference)
    earlier = Pause.objects.filter(case=row).values_list("began_at", "ended_at")
    return days_left(service(row.service).wait_days, ((began, ended or at) for began, ended in earlier))


def next_breach(after: datetime, until: datetime) -> tuple[str, datetime] | None:
    """The open case whose promise breaks next if nobody does anything, and the second in which it does.

    A deadline whose promise comes to something else by then (void, excused, a longer limit) is passed over.
    """
    running = Promise.objects.filter(status="running", due_at__gte=after, due_at__lt=until, case__state="open")
    for row in running.select_related("case").order_by("due_at", "id")[:_MOST_LOOKED_AT]:
        if row.due_at is None:
            continue
        at = row.due_at + _SECOND
        for outcome in judged(row.case.reference, at, explain=False).outcomes:
            if (outcome.standard, outcome.status, outcome.due_at) == (row.standard, rules.Status.BROKEN, row.due_at):
                return row.case.reference, at
    return None


_MOST_LOOKED_AT, _SECOND = 100, timedelta(seconds=1)


def timelines(rows: Iterable[Case | CaseSeen], at: datetime) -> dict[int, rules.Case]:
    """Cases as the engine takes them, by number: what was known of each at an instant, for this room alone.

    A corrected fact counts as it was until its correction was logged, and as corrected from then on: so an earlier
    question gets the earlier answer. A fact that lies ahead of `at` is in: it is known when its time comes.
    """
    rows = list(rows)
    known: dict[int, dict[int, rules.Fact]] = defaultdict(dict)
    for case, number, name, happened, recorded, corrects, withdrawn in _logged(rows, at):
        if corrects is not None:
            known[case].pop(corrects, None)
        if not withdrawn:
            known[case][number] = rules.Fact(name=name, at=happened, recorded_at=recorded)
    return {
        row.number: rules.Case(id=str(row.number), details=row.details, facts=known[row.number].values())
        for row in rows
    }


def _logged(rows: list[Case | CaseSeen], at: datetime) -> Iterable[tuple[Any, ...]]:
    """The facts logged by then: case, number, name, when it happened and was logged, what it corrects, withdrawn."""
    if looking() and len(rows) == 1:
        facts = [each for each in rows_of(Fact, row_of(rows[0].reference)) if each.recorded_at <= at]
        return [
            (each.case_id, each.id, each.name, each.at, each.recorded_at, each.corrects_id, each.withdrawn)
            for each in facts
        ]
    logged = Fact.objects.filter(case__in=among([row.number for row in rows]), recorded_at__lte=at)
    names = ("case_id", "id", "name", "at", "recorded_at", "corrects_id", "withdrawn")
    return logged.order_by("id").values_list(*names)


def outcomes_of(
    rows: Iterable[Case | CaseSeen], known: dict[int, rules.Case], at: datetime, *, explain: bool = False
) -> dict[int, tuple[rules.Outcome, ...]]:
    """How each standard stands for each case, by number; cases of one subject are judged together. For this room."""
    by_version: dict[int, list[Case | CaseSeen]] = defaultdict(list)
    for row in rows:
        by_version[row.pledge_version].append(row)
    found: dict[int, list[rules.Outcome]] = defaultdict(list)
    for version, mine in by_version.items():
        pledge, calendars = judging(version)
        cases = [known[row.number] for row in mine]
        if pledge.subject:
            cases += _of_the_same_subjects(mine, at)
        for outcome in evaluate_all(pledge, cases, as_of=at, calendars=calendars, explain=explain):
            found[int(outcome.case_id)].append(outcome)
    return {number: tuple(outcomes) for number, outcomes in found.items()}


def _of_the_same_subjects(mine: list[Case | CaseSeen], at: datetime) -> list[rules.Case]:
    """The other cases of the same subjects under the same pledge, whichever version they were opened under."""
    subjects = {row.subject for row in mine if row.subject}
    numbers = {row.number for row in mine}
    others = Case.objects.filter(pledge=mine[0].pledge, subject__in=subjects).exclude(number__in=numbers)
    return list(timelines(others, at).values())
