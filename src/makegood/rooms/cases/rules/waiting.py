"""For how long a clock may stand while we wait for the resident."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_DAYS = 28
"""The days that one case may wait for the resident, all its waitings together."""


def days_touched(began: datetime, ended: datetime) -> int:
    """How many days a waiting used up, begun ones too.

    >>> from datetime import UTC
    >>> days_touched(datetime(2026, 5, 1, 9, tzinfo=UTC), datetime(2026, 5, 2, 10, tzinfo=UTC))
    2
    """
    return max(-(-int((ended - began).total_seconds()) // 86_400), 1)


def lapse_after(began: datetime, days: int) -> datetime:
    """When a waiting that began then ends by itself."""
    return began + timedelta(days=days)
