"""What the cases do by themselves, again and again."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from makegood.rooms.journal.actions import each_round
from makegood.rooms.journal.events import SYSTEM, By

from . import queries
from .actions import notice_due

BATCH = 1_000
_WORTH_IT = 1_000  # rows that say what changed: so many are read in a moment


@each_round("cases.notice")
def notice(at: datetime) -> bool:
    """Notice what fell due; true while there may be more at once."""
    wake = queries.next_wake()
    if wake is None or wake > at:
        return False
    return notice_due(By(actor=SYSTEM, at=at), limit=BATCH) > 0


@each_round("cases.add_up")
def add_up(at: datetime) -> bool:
    """Add up the counts of what changed since, once that is much; what they come to is the same before and after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_add_up(%s)", [_WORTH_IT])
    return False
