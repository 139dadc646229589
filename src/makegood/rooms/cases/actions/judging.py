"""Judging cases anew, after every act and when something falls due: promises, breaches, and what to announce."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from makegood import rules
from makegood.database.values import among
from makegood.rooms.journal.events import Act
from makegood.rooms.pledges.queries import judging
from makegood.rules.foresee import wakes

from ..events import OutcomeChanged, PromiseBroken
from ..models import Case
from ..queries.judged import outcomes_of, timelines
from ..rules.told import in_json, owing, worst

_SECOND = timedelta(seconds=1)
_Stood = tuple[str, datetime | None, int, str]
"""How a promise stood: its status, deadline, pence, and the mark of what is owed."""


@dataclass(kw_only=True, slots=True)
class _Found:
    """What a judging found, row by row, to be written at once."""

    promises: list[dict[str, Any]] = field(default_factory=list)
    standings: list[dict[str, Any]] = field(default_factory=list)
    broken: list[tuple[Case, rules.Outcome]] = field(default_factory=list)
    events: list[OutcomeChanged | PromiseBroken] = field(default_factory=list)


_NONE_NEW: Mapping[int, rules.Case] = {}


def settle(
    act: Act,
    rows: Sequence[Case],
    *,
    announce: bool = True,
    noticing: bool = False,
    new: Mapping[int, rules.Case] = _NONE_NEW,
) -> int:
    """Judge cases as of the act, and keep how their promises stand; how many promises were newly found broken.

    The first time that a promise is found broken, a breach is written that stays. Announces `PromiseBroken` then, and
    `OutcomeChanged` for every other change. The rows are held by the caller; cases of the same subject follow.
    `noticing` expects breaches, so that each case is judged once with its explanation, and waits for nobody. `new` are
    the timelines of cases that this act is about to write, by number: how they stand is set on their rows.
    """
    rows = [*rows, *_of_same_subjects(rows, wait=not noticing)]
    kept = [row for row in rows if row.number not in new]
    known = (timelines(kept, act.at) if kept else {}) | dict(new)
    outcomes = outcomes_of(rows, known, act.at, explain=noticing)
    numbers = [row.number for row in kept]
    stood, breached, lapses = _stood(numbers)
    ways = {version: judging(version) for version in {row.pledge_version for row in rows}}
    found = _Found()
    for row in rows:
        pledge, calendars = ways[row.pledge_version]
        mine = [
            each
            for each in outcomes.get(row.number, ())
            if each.status is not rules.Status.LEFT_OUT or (row.number, each.standard) in stood
        ]
        woken = wakes(pledge, known[row.number], act.at, calendars, mine)
        _compare(act, row, mine, woken, lapses.get(row.number), stood, breached, found)
    _run(_UPSERT, act.at, found.promises)
    _run(_STANDINGS, [each for each in found.standings if each["number"] not in new])
    if found.broken:
        _write_breaches(act, found.broken, known)
    if announce:
        act.announce(*found.events)
    return len(found.broken)


def _compare(
    act: Act,
    row: Case,
    outcomes: Sequence[rules.Outcome],
    woken: dict[str, datetime],
    lapse: datetime | None,
    stood: dict[tuple[int, str], _Stood],
    breached: set[tuple[int, str]],
    found: _Found,
) -> None:
    """Add what one case came to."""
    due: datetime | None = None
    for outcome in outcomes:
        key, name = (row.number, outcome.standard), outcome.standard
        due_at = outcome.due_at
        if outcome.status is rules.Status.RUNNING and due_at and (due is None or due_at < due):
            due = due_at
        wake = woken.get(name)
        if lapse is not None:
            wake = lapse if wake is None else min(wake, lapse)
        now: _Stood = (str(outcome.status), due_at, outcome.pence, owing(outcome))
        found.promises.append(
            {
                "case_id": row.number,
                "standard": name,
                "status": now[0],
                "started_at": outcome.started_at,
                "due_at": due_at,
                "finished_at": outcome.finished_at,
                "wake_at": wake,
                "pence": now[2],
                "owing": now[3],
            }
        )
        was = stood.get(key)
        if outcome.status is rules.Status.BROKEN and due_at and key not in breached:
            found.broken.append((row, outcome))
            found.events.append(
                PromiseBroken(subject=row.reference, standard=name, due_at=due_at, breached_at=due_at + _SECOND)
            )
        elif was != now:
            found.events.append(
                OutcomeChanged(
                    subject=row.reference, standard=name, status=now[0], was=was[0] if was else "", pence=now[2]
                )
            )
    standing = worst([str(outcome.status) for outcome in outcomes])
    if (row.standing, row.due_at, row.waiting) != (standing, due, lapse is not None):
        row.standing, row.due_at, row.waiting = standing, due, lapse is not None
        found.standings.append({"number": row.number, "standing": standing, "due_at": due, "waiting": row.waiting})


SUBJECT_LOCK = "hashtextextended(%s, 7)"
"""By which acts on cases of one subject come one after the other."""


def subject_key(pledge: str, subject: str) -> str:
    """What is locked for the cases of one subject."""
    return f"{pledge}\n{subject}"


def _of_same_subjects(rows: Sequence[Case], *, wait: bool) -> list[Case]:
    """The other cases that are judged together with these; without `wait`, those that nobody holds."""
    subjects = {row.subject for row in rows if row.subject}
    if not subjects:
        return []
    pledges = {row.pledge for row in rows if row.subject}
    numbers = [row.number for row in rows]
    others = Case.objects.filter(pledge__in=pledges, subject__in=subjects).exclude(number__in=among(numbers))
    return list(others.order_by("number").select_for_update(skip_locked=not wait))


_STOOD = """
SELECT p.case_id, p.standard, p.status, p.due_at, p.pence, p.owing, b.case_id IS NOT NULL, w.lapses_at
FROM cases_promise p
LEFT JOIN cases_breach b ON b.case_id = p.case_id AND b.standard = p.standard
LEFT JOIN cases_pause w ON w.case_id = p.case_id AND w.ended_at IS NULL
WHERE p.case_id = ANY(%s)
"""


def _stood(
    numbers: Collection[int],
) -> tuple[dict[tuple[int, str], _Stood], set[tuple[int, str]], dict[int, datetime]]:
    """How promises stood, which of them were broken before, and when an open waiting ends, which only a promise has."""
    if not numbers:
        return {}, set(), {}
    with connection.cursor() as cursor:
        cursor.execute(_STOOD, [list(numbers)])
        rows = cursor.fetchall()
    stood = {
        (number, standard): (status, due, pence, owing) for number, standard, status, due, pence, owing, *_ in rows
    }
    breached = {(number, standard) for number, standard, *_, was, _ in rows if was}
    return stood, breached, {number: lapses for number, *_, lapses in rows if lapses}


_UPSERT = """
INSERT INTO cases_promise
  (case_id, standard, status, started_at, due_at, finished_at, wake_at, pence, owing, judged_at)
SELECT case_id, standard, status, started_at, due_at, finished_at, wake_at, pence, owing, %s
FROM jsonb_to_recordset(%s::jsonb) AS n (case_id bigint, standard text, status text, started_at timestamptz,
  due_at timestamptz, finished_at timestamptz, wake_at timestamptz, pence bigint, owing text)
ON CONFLICT (case_id, standard) DO UPDATE SET status = excluded.status, started_at = excluded.started_at,
  due_at = excluded.due_at, finished_at = excluded.finished_at, wake_at = excluded.wake_at, pence = excluded.pence,
  owing = excluded.owing, judged_at = excluded.judged_at
"""

_STANDINGS = """
UPDATE cases_case c SET standing = n.standing, due_at = n.due_at, waiting = n.waiting
FROM jsonb_to_recordset(%s::jsonb) AS n (number bigint, standing text, due_at timestamptz, waiting boolean)
WHERE c.number = n.number
"""

_BREACHES = """
INSERT INTO cases_breach (case_id, standard, due_at, breached_at, noticed_at, explanation, entry)
SELECT case_id, standard, due_at, due_at + interval '1 second', %s, explanation, %s
FROM jsonb_to_recordset(%s::jsonb) AS n (case_id bigint, standard text, due_at timestamptz, explanation jsonb)
ON CONFLICT (case_id, standard) DO NOTHING
"""


def _write_breaches(act: Act, broken: list[tuple[Case, rules.Outcome]], known: dict[int, rules.Case]) -> None:
    unexplained = {row.number: row for row, outcome in broken if outcome.explanation is None}
    told = outcomes_of(list(unexplained.values()), known, act.at, explain=True) if unexplained else {}
    explained = {(number, each.standard): each for number, outcomes in told.items() for each in outcomes}
    rows = []
    for row, outcome in broken:
        explanation = outcome.explanation or explained[row.number, outcome.standard].explanation
        rows.append(
            {
                "case_id": row.number,
                "standard": outcome.standard,
                "due_at": outcome.due_at,
                "explanation": in_json(explanation) if explanation else {},
            }
        )
    _run(_BREACHES, act.at, act.entry, rows)


def _run(statement: str, *values: Any) -> None:
    """Run a statement whose last value is rows, all of them in one piece of JSON: the quickest way in."""
    *others, rows = values
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*others, json.dumps(rows, default=datetime.isoformat)])
