"""The sweep: many promises that fall due at one second, until all are noticed, owed, entered and told.

`python -m bench.web.sweep --due 50k` measures it alone: seconds, and the processor time that a case costs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.__main__ import number
from bench.running import Failed
from makegood.database.embedded import running

from .places import Place, makegood, started
from .spent import spent

WORKERS = 2
"""Processes that notice and hear, as `makegood serve` starts them."""
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
    """How many cases there were, and after how many seconds the last was noticed, owed and told.

    `workers` and `database` are milliseconds of processor time for each case until then, sealing included.
    """

    cases: int
    seconds: Mapping[str, float]
    workers: float
    database: float

    @property
    def rate(self) -> float:
        """Cases a second, until the last step of the last."""
        return self.cases / max(self.seconds.values())


def sweep(place: Place, cases: int, workers: int = WORKERS) -> Swept:
    """Take in cases that fell due unnoticed, start the workers, and wait until all is done.

    Raises `Failed` when something was done twice, or not at all in half an hour.
    """
    told = place.program("-m", "bench.web.load_due", cases)
    between = {"first": told["first"], "end": told["first"] + cases}
    seconds: dict[str, float] = {}
    with psycopg.connect(place.owner, autocommit=True) as connection, ExitStack() as stack:
        connection.execute("CHECKPOINT")  # of what was loaded, which is not what is measured
        database, begun = spent(place.server), time.perf_counter()
        command = [str(place.python), "-m", "makegood", "worker", "--no-post"]
        working = [stack.enter_context(started(place, command, f"worker-{each}")) for each in range(workers)]
        while len(seconds) < len(_STEPS):
            time.sleep(0.5)
            for name, query in _STEPS.items():
                if name not in seconds and _count(connection, query, between) == cases:
                    seconds[name] = time.perf_counter() - begun
            stopped = any(worker.poll() is not None for worker in working)
            if stopped or time.perf_counter() - begun > _PATIENCE:
                raise Failed(f"of {cases:,} cases that fell due not all were settled: {_far(connection, between)}")
        used = spent(*(worker.pid for worker in working)), spent(place.server) - database
        twice = _count(connection, _TWICE, between)
    if twice:
        raise Failed(f"{twice:,} cases owe more than once")
    return Swept(cases=cases, seconds=seconds, workers=used[0] * 1000 / cases, database=used[1] * 1000 / cases)


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


def _said(swept: Swept) -> str:
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in swept.seconds.items())
    cost = f"a case costs {swept.workers:.2f} ms of the workers and {swept.database:.2f} ms of the database"
    return f"{swept.cases:,} in all: {steps}: {swept.rate:.0f} a second; {cost}; load {os.getloadavg()[0]:.1f}"


def main(given: list[str]) -> int:
    """Measure the sweep in a place of its own."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.web.sweep", description="How quickly what falls due is settled."
    )
    parser.add_argument("--due", type=number, default=5_000, help="promises that fall due at one second (5k)")
    parser.add_argument("--cases", type=number, default=2_000, help="cases that are open beside them (2k)")
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"processes that work ({WORKERS})")
    parser.add_argument("--times", type=int, default=1, help="how often, one after the other (1)")
    parser.add_argument("--data", type=Path, help="where to put the database, to be kept (a temporary folder)")
    arguments = parser.parse_args(given)
    folder = arguments.data or Path(tempfile.mkdtemp(prefix="mgb-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with running(folder / "pg") as server:
            place = makegood(server, folder, arguments.cases)
            for _ in range(arguments.times):
                print(_said(sweep(place, arguments.due, arguments.workers)), flush=True)
    finally:
        if not arguments.data:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
