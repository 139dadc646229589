"""How many cases there are by service and team; for staff. Nothing is counted by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """The cases of a service that a team has.

    Open ones now: all of them, those with a broken promise, those that wait for the resident. Of those `received` in
    the last year, in how many the clock stood still at some time (`paused`).
    """

    service: str
    team: str
    open: int
    broken: int
    waiting: int
    received: int
    paused: int


_LOADS = """
SELECT c.service, c.team,
  count(*) FILTER (WHERE c.state = 'open'),
  count(*) FILTER (WHERE c.state = 'open' AND c.standing = 'broken'),
  count(*) FILTER (WHERE c.state = 'open' AND c.waiting),
  count(*) FILTER (WHERE c.received_at >= %(since)s),
  count(p.case_id) FILTER (WHERE c.received_at >= %(since)s)
FROM cases_case c LEFT JOIN (SELECT DISTINCT case_id FROM cases_pause) p ON p.case_id = c.number
WHERE c.state = 'open' OR c.received_at >= %(since)s
GROUP BY c.service, c.team ORDER BY c.service, c.team
"""


def loads(at: datetime) -> list[Load]:
    """The cases by service and team, now and over the year before `at`."""
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, {"since": at - timedelta(days=365)})
        rows = cursor.fetchall()
    return [
        Load(service=service, team=team, open=now, broken=broken, waiting=waiting, received=received, paused=paused)
        for service, team, now, broken, waiting, received, paused in rows
    ]
