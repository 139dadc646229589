"""How a pledge is kept: counts and the typical time, with small numbers left out so that nobody is found in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from ..rules.counts import counted_from, suppressed


@dataclass(frozen=True, kw_only=True, slots=True)
class Performance:
    """How one standard was kept. A count is `None` when it is suppressed.

    `typical` is the median from start to finish, cut down to as fine as spans are shown: to the minute, to the hour
    from a day on, to the day from two weeks on. `None` when fewer than ten finished.
    """

    standard: str
    kept: int | None
    broken: int | None
    excused: int | None
    total: int | None
    typical: timedelta | None


def performance(pledge: str, at: datetime) -> list[Performance]:
    """How the standards of a pledge were kept by cases received since `counted_from` a day, by name of standard.

    Open to everybody, and as it is at this moment: the counts are kept as cases change. Cases that still run, were void
    or unknown are not counted, nor are standards with no others. A case closed without being fixed is counted by what
    its promise came to. Numbers below ten are suppressed, and with them what would give them away.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM cases_performance(%s, %s, %s)", [pledge, counted_from(at), at.astimezone(UTC).date()]
        )
        rows = cursor.fetchall()
    shown = []
    for standard, kept, broken, excused, finished, median in rows:
        counts = suppressed([kept, broken, excused])
        typical = timedelta(seconds=int(median)) if finished >= 10 and median is not None else None
        shown.append(
            Performance(
                standard=standard,
                kept=counts.parts[0],
                broken=counts.parts[1],
                excused=counts.parts[2],
                total=counts.total,
                typical=typical,
            )
        )
    return shown
