"""What remedies do by themselves: what falls due without anybody acting."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from makegood.rooms.journal.actions import each_round
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import see_as

from .actions import wake_due
from .queries import next_wake

_AT_ONCE = 2_000
_WORTH_IT = 1_000  # rows that say what was posted: so many are read in a moment


@each_round("remedies.wake")
def wake(at: datetime) -> bool:
    """Look at the cases whose remedies fall due; nothing is written down when there are none."""
    with transaction.atomic():
        see_as(SYSTEM, local=True)  # a new connection sees nothing, and nothing due would look the same
        due = next_wake()
    if due is None or due > at:
        return False
    return wake_due(By(actor=SYSTEM, at=at), limit=_AT_ONCE) == _AT_ONCE


@each_round("remedies.add_up")
def add_up(at: datetime) -> bool:
    """Add up the balances that changed since, once they are many; what they come to is the same before and after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT remedies_add_up(%s)", [_WORTH_IT])
    return False
