"""For how long a clock may stand while we wait for the resident."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta


def days_touched(began: datetime, ended: datetime) -> int:
    """How many days a waiting used up, begun ones too.

    >>> from datetime import UTC
    >>> days_touched(datetime(2026, 5, 1, 9, tzinfo=UTC), datetime(2026, 5, 2, 10, tzinfo=UTC))
    2
    """
    return max(-(-int((ended - began).total_seconds()) // 86_400), 1)


def days_left(most: int, earlier: Iterable[tuple[datetime, datetime]]) -> int:
    """How many of the days for which a case may wait are left after these waitings, each from its begin to its end."""
    return max(most - sum(days_touched(began, ended) for began, ended in earlier), 0)


def lapse_after(began: datetime, days: int) -> datetime:
    """When a waiting that began then ends by itself."""
    return began + timedelta(days=days)
