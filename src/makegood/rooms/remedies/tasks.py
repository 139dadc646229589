"""What remedies do by themselves: what falls due without anybody acting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from makegood.rooms.journal.actions import each_round
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import see_as

from .actions import wake_due
from .queries import next_wake

_AT_ONCE = 2_000


@each_round("remedies.wake")
def wake(at: datetime) -> bool:
    """Look at the cases whose remedies fall due; nothing is written down when there are none."""
    with transaction.atomic():
        see_as(SYSTEM, local=True)  # a new connection sees nothing, and nothing due would look the same
        due = next_wake()
    if due is None or due > at:
        return False
    return wake_due(By(actor=SYSTEM, at=at), limit=_AT_ONCE) == _AT_ONCE
