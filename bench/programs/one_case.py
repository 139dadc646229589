"""One case after another: the library against a loop written by hand for the one promise, same cases, same answers.

Arguments: the folder with the cases, how many. Prints cases a second, best of three, as JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import duckdb

from bench.programs.make_cases import calendar_days
from bench.promises import AS_OF, promise
from makegood.rules import Case, Fact, evaluate
from makegood.schemes import CALENDARS

Row = tuple[str, str, str, str, datetime, datetime | None]
Judged = tuple[str, datetime | None, int]


def rows_of(folder: str, cases: int) -> list[Row]:
    """The first cases as plain values."""
    found = duckdb.execute(
        f"""SELECT case_id, kind, customer, no_access, epoch(reported), epoch(repaired)
            FROM read_parquet('{folder}/cases.parquet') ORDER BY case_id LIMIT {cases}"""
    ).fetchall()
    return [
        (*texts, datetime.fromtimestamp(first, UTC), last and datetime.fromtimestamp(last, UTC))
        for *texts, first, last in found
    ]


def as_case(row: Row) -> Case:
    """The same as a case of the library."""
    case_id, kind, customer, no_access, reported, repaired = row
    facts = [Fact(name="reported", at=reported)]
    if repaired:
        facts.append(Fact(name="repaired", at=repaired))
    return Case(id=case_id, details={"kind": kind, "customer": customer, "no_access": no_access}, facts=facts)


def by_library(*, explain: bool) -> Callable[[Case], Judged]:
    """Judge by the library."""
    pledge = promise("street-repair")

    def judge(case: Case) -> Judged:
        (outcome,) = evaluate(pledge, case, as_of=AS_OF, calendars=CALENDARS, explain=explain)
        return outcome.status, outcome.due_at, outcome.pence

    return judge


def by_hand() -> Callable[[Row], Judged]:
    """Judge by a function that knows this one promise and nothing else."""
    zone = ZoneInfo("Europe/London")
    days = {date.fromisoformat(str(day["day"])): day for day in calendar_days()}
    opened = {day: int(told["opened"]) for day, told in days.items()}
    opened_before = {day: int(told["opened_before"]) for day, told in days.items()}
    open_days = {opened[day]: day for day in days if opened[day] > opened_before[day]}
    limits = {"danger": 1, "lamp": 5, "sign": 5, "pothole": 10, "drain": 20}

    def judge(row: Row) -> Judged:
        _, kind, customer, no_access, reported, repaired = row
        if repaired and repaired > AS_OF:
            repaired = None
        due_number = opened[reported.astimezone(zone).date()] + limits[kind]
        day = open_days[due_number]
        due = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)
        if no_access == "yes":
            return "excused", due, 0
        late = opened_before[(repaired or AS_OF).astimezone(zone).date()] - due_number
        if late < 0:
            return "kept" if repaired else "running", due, 0
        if customer == "household":
            return "broken", due, 500 if late < 2 else min(1000 + 250 * late, 8000)
        return "broken", due, 1000 if late < 2 else min(2000 + 600 * late, 20000)

    return judge


def rate(judge: Callable, cases: Sequence) -> float:
    """Cases a second, the best of three rounds."""
    best = float("inf")
    for _ in range(3):
        begun = time.perf_counter()
        for case in cases:
            judge(case)
        best = min(best, time.perf_counter() - begun)
    return len(cases) / best


def main(folder: str, count: str) -> None:
    """Check that all answers agree, then time each way."""
    rows = rows_of(folder, int(count))
    cases = [as_case(row) for row in rows]
    plain, explained, hand = by_library(explain=False), by_library(explain=True), by_hand()
    for row, case in zip(rows, cases, strict=True):
        ours, theirs = plain(case), hand(row)
        if ours != theirs or ours != explained(case):
            sys.exit(f"case {case.id}: the library says {ours}, the loop by hand {theirs}")
    pledge = promise("street-repair")
    print(
        json.dumps(
            {
                "cases": len(cases),
                "without": rate(
                    lambda case: evaluate(pledge, case, as_of=AS_OF, calendars=CALENDARS, explain=False), cases
                ),
                "with": rate(
                    lambda case: evaluate(pledge, case, as_of=AS_OF, calendars=CALENDARS, explain=True), cases
                ),
                "making": rate(as_case, rows),
                "by hand": rate(hand, rows),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
