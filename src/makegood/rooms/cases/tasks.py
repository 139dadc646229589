"""What the cases do by themselves, again and again."""

from __future__ import annotations

from datetime import datetime

from makegood.rooms.journal.actions import each_round
from makegood.rooms.journal.events import SYSTEM, By

from . import queries
from .actions import notice_due

BATCH = 1_000


@each_round("cases.notice")
def notice(at: datetime) -> bool:
    """Notice what fell due; true while there may be more at once."""
    wake = queries.next_wake()
    if wake is None or wake > at:
        return False
    return notice_due(By(actor=SYSTEM, at=at), limit=BATCH) > 0
