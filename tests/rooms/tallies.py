"""What is counted as cases and the ledger change, compared with what a count of everything comes to."""

from __future__ import annotations

from django.db import connection

_PAIRS = (
    (
        "SELECT pledge, standard, month, status, seconds, sum(count) FROM cases_tally"
        " GROUP BY 1, 2, 3, 4, 5 HAVING sum(count) <> 0",
        "SELECT pledge, standard, month, status, seconds, count FROM cases_tallied",
    ),
    (
        "SELECT service, team, month, sum(open), sum(broken), sum(waiting), sum(received), sum(paused)"
        " FROM cases_stock GROUP BY 1, 2, 3 HAVING sum(received) <> 0",
        "SELECT service, team, month, open, broken, waiting, received, paused FROM cases_stocked",
    ),
    (
        "SELECT pledge, service, account, sum(pence) FROM remedies_balance GROUP BY 1, 2, 3 HAVING sum(pence) <> 0",
        "SELECT pledge, service, account, pence FROM remedies_balanced WHERE pence <> 0",
    ),
)
"""What is kept, and what a count of everything gives."""


def tallies() -> list[tuple[set[tuple[object, ...]], set[tuple[object, ...]]]]:
    """Of each count: what was kept, and what counting comes to now. Reads as whoever looks."""
    found = []
    with connection.cursor() as cursor:
        for pair in _PAIRS:
            both = []
            for statement in pair:
                cursor.execute(statement)
                both.append(set(cursor.fetchall()))
            found.append((both[0], both[1]))
    return found


def check_tallies() -> None:
    """Fail where a count that is kept is not what counting comes to."""
    for kept, counted in tallies():
        assert kept == counted
