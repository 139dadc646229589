"""How many cases there are by service and team; for staff. Nothing is counted by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from ..rules.counts import counted_from


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """The cases of a service that a team has.

    Open ones now: all of them, those with a broken promise, those that wait for the resident. Of those `received` in
    the last twelve months and this one, in how many the clock stood still at some time (`paused`).
    """

    service: str
    team: str
    open: int
    broken: int
    waiting: int
    received: int
    paused: int


_LOADS = """
SELECT service, team, sum(open), sum(broken), sum(waiting),
  coalesce(sum(received) FILTER (WHERE month >= %(since)s), 0),
  coalesce(sum(paused) FILTER (WHERE month >= %(since)s), 0)
FROM cases_stock GROUP BY service, team
HAVING sum(open) > 0 OR sum(received) FILTER (WHERE month >= %(since)s) > 0 ORDER BY service, team
"""


def loads(at: datetime) -> list[Load]:
    """The cases by service and team, now and since `counted_from` a day."""
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, {"since": counted_from(at)})
        rows = cursor.fetchall()
    return [
        Load(service=service, team=team, open=now, broken=broken, waiting=waiting, received=received, paused=paused)
        for service, team, now, broken, waiting, received, paused in rows
    ]
