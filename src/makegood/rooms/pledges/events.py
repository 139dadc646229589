"""What the room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from makegood.rooms.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class PledgePublished(Event):
    """A pledge has a new version; `subject` is pledge:NAME, `valid_from` midnight of its first day."""

    version: int
    valid_from: datetime


@dataclass(frozen=True, kw_only=True)
class CalendarPublished(Event):
    """A calendar has a new version; `subject` is calendar:NAME. Deadlines counted in it may have moved."""

    version: int
