"""Cases judged by the promise engine as of an instant, from what was known then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from makegood import rules
from makegood.database.values import among
from makegood.rooms.pledges.queries import judging
from makegood.rules import evaluate_all

from ..models import Case, Fact
from .cases import CaseSeen, row_of, seen


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


def timelines(rows: Iterable[Case | CaseSeen], at: datetime) -> dict[int, rules.Case]:
    """Cases as the engine takes them, by number: what was known of each at an instant, for this room alone.

    A corrected fact counts as it was until its correction was logged, and as corrected from then on: so an earlier
    question gets the earlier answer. A fact that lies ahead of `at` is in: it is known when its time comes.
    """
    rows = list(rows)
    logged = Fact.objects.filter(case__in=among([row.number for row in rows]), recorded_at__lte=at)
    facts = logged.order_by("id").values_list("case_id", "id", "name", "at", "recorded_at", "corrects_id", "withdrawn")
    known: dict[int, dict[int, rules.Fact]] = defaultdict(dict)
    for case, number, name, happened, recorded, corrects, withdrawn in facts:
        if corrects is not None:
            known[case].pop(corrects, None)
        if not withdrawn:
            known[case][number] = rules.Fact(name=name, at=happened, recorded_at=recorded)
    return {
        row.number: rules.Case(id=str(row.number), details=row.details, facts=known[row.number].values())
        for row in rows
    }


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
