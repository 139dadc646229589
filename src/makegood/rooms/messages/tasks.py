"""What messages do by themselves: go out in their time, and tell when nobody knows whether they did."""

from __future__ import annotations

from datetime import datetime

from makegood.rooms.journal.actions import each_round

from .actions import note_all_sent, notice_abandoned, send_waiting

_AT_ONCE, _SECONDS = 200, 0.4


@each_round("messages.send")
def send(at: datetime) -> bool:
    """Send what is due, for less than half a second, so that a promise that breaks meanwhile is noticed in time."""
    notice_abandoned(at)
    note_all_sent(at)
    return send_waiting(at, limit=_AT_ONCE, seconds=_SECONDS) > 0
