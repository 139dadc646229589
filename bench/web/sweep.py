"""The sweep: many promises that fall due at one second, until all are noticed, owed, entered and told."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from bench.running import Failed

from .places import Place, started

_PATIENCE = 1_800.0
_WHERE = "FROM cases_case WHERE number >= %(first)s AND number < %(end)s"
_STEPS: Mapping[str, str] = {
    "noticed": "SELECT count(*) FROM cases_breach WHERE case_id >= %(first)s AND case_id < %(end)s",
    "owed": "SELECT count(DISTINCT p.entitlement_id) FROM remedies_posting p JOIN remedies_entitlement e"
    " ON e.id = p.entitlement_id WHERE e.standing_id >= %(first)s AND e.standing_id < %(end)s",
    "told": "SELECT count(DISTINCT case_number) FROM messages_message WHERE case_number >= %(first)s"
    " AND case_number < %(end)s",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """How many cases there were, and after how many seconds the last was noticed, owed and told."""

    cases: int
    seconds: Mapping[str, float]

    @property
    def rate(self) -> float:
        """Cases a second, until the last step of the last."""
        return self.cases / max(self.seconds.values())


def sweep(place: Place, cases: int) -> Swept:
    """Take in cases that fell due unnoticed, start the worker, and wait until all is done.

    Raises `Failed` when something was done twice, or not at all in half an hour.
    """
    told = place.program("-m", "bench.web.load_due", cases)
    between = {"first": told["first"], "end": told["first"] + cases}
    seconds: dict[str, float] = {}
    with psycopg.connect(place.owner, autocommit=True) as connection:
        begun = time.perf_counter()
        with started(place, [str(place.python), "-m", "makegood", "worker"], "worker") as worker:
            while len(seconds) < len(_STEPS):
                time.sleep(0.25)
                for name, query in _STEPS.items():
                    if name not in seconds and _count(connection, query, between) == cases:
                        seconds[name] = time.perf_counter() - begun
                if worker.poll() is not None or time.perf_counter() - begun > _PATIENCE:
                    raise Failed(f"of {cases:,} cases that fell due not all were settled: {_far(connection, between)}")
        once = _count(connection, "SELECT sum(pence) " + _OWED, between), _count(connection, _TWICE, between)
    if once[1]:
        raise Failed(f"{once[1]:,} cases owe more than once")
    return Swept(cases=cases, seconds=seconds)


_OWED = (
    "FROM remedies_posting p JOIN remedies_entitlement e ON e.id = p.entitlement_id"
    " WHERE p.account = 'owed' AND e.standing_id >= %(first)s AND e.standing_id < %(end)s"
)
_TWICE = f"SELECT count(*) FROM (SELECT e.standing_id {_OWED} GROUP BY 1 HAVING count(*) > 1) AS twice"


def _count(connection: psycopg.Connection, query: str, between: Mapping[str, int]) -> int:
    row = connection.execute(query.encode(), between).fetchone()
    return int(row[0] or 0) if row else 0


def _far(connection: psycopg.Connection, between: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {_count(connection, query, between):,}" for name, query in _STEPS.items())
