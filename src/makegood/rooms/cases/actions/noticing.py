"""Noticing by itself: what fell due without anybody doing anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act

from .. import permissions as p
from ..models import Case
from .judging import SUBJECT_LOCK, settle, subject_key
from .pausing import end_lapsed

_DUE = """
SELECT c.* FROM cases_promise p JOIN cases_case c ON c.number = p.case_id
WHERE p.wake_at <= %s ORDER BY p.wake_at LIMIT %s FOR UPDATE OF c SKIP LOCKED
"""


_OTHER_WAYS = ("sort", "seqscan", "bitmapscan", "hashjoin", "mergejoin")


@contextmanager
def _longest_due_first() -> Iterator[None]:
    """Let the database go along the index of what wakes, and stop when it has enough.

    Behind the walls it expects to find little, and would rather look at all that is due for each batch of it.
    """
    for switch in ("off", "on"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('enable_' || way, %s, true) FROM unnest(%s::text[]) AS way",
                [switch, list(_OTHER_WAYS)],
            )
        if switch == "off":
            yield


def _due(at: datetime, limit: int) -> dict[int, Case]:
    """The cases of so many promises that fell due, by number, and held; those that somebody holds are left."""
    with _longest_due_first():
        return {row.number: row for row in Case.objects.raw(_DUE, [at, limit])}


@action("cases.notice_due", may=p.may_notice)
def notice_due(act: Act, *, limit: int = 1_000) -> int:
    """Judge the cases of up to `limit` promises that fell due by now, the longest due first; how many cases there were.

    Set-based, and safe to run again, beside itself and after any time down: instants are those at which things fell
    due, not at which they were noticed. Cases that somebody is acting on are left to that act, or to the next round.
    Costs grow with what falls due. One journal entry for each case.
    """
    due = _due(act.at, limit)
    if not due:
        act.about("due", cases=0)
        return 0
    rows = _free(list(due.values()))
    act.about("due", cases=len(rows))
    end_lapsed(act, rows)
    act.about("due", broken=settle(act, rows, noticing=True))
    for row in rows:
        act.also(row.reference, standing=row.standing)
    return len(rows)


def _free(rows: list[Case]) -> list[Case]:
    """Those whose subject nobody is acting on: waiting for one that waits for us would never end."""
    subjects = sorted({(row.pledge, row.subject) for row in rows if row.subject})
    if not subjects:
        return rows
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([f'pg_try_advisory_xact_lock({SUBJECT_LOCK})'] * len(subjects))}",
            [subject_key(*each) for each in subjects],
        )
        free = {each for each, alone in zip(subjects, cursor.fetchone(), strict=True) if alone}
    return [row for row in rows if not row.subject or (row.pledge, row.subject) in free]
