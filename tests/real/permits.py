"""A municipality's log of permit applications: one row per event, turned into cases and events and judged."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import duckdb

from makegood.records import CaseFiles, Rejects, read_case_files
from makegood.rules import Case, Outcome, Pledge, Status, evaluate_all, read_pledge
from makegood.schemes import CALENDARS

HERE = Path(__file__).parent
LOG_ENDS = datetime.fromisoformat("2012-01-24T00:00:00+01:00")
"""Just after the last event of the log."""


def conversion(log: Path, folder: Path) -> str:
    """The SQL that makes the two files, with the names of the log and of the folder to write to."""
    text = (HERE / "permit-receipts.sql").read_text(encoding="utf-8")
    for name in ("permit-receipts.csv.gz", "cases.csv", "events.csv"):
        assert text.count(f"'{name}'") == 1
    text = text.replace("'permit-receipts.csv.gz'", f"'{log}'")
    return text.replace("'cases.csv'", f"'{folder}/cases.csv'").replace("'events.csv'", f"'{folder}/events.csv'")


def read(shared: Path, folder: Path) -> tuple[Pledge, list[Case], Rejects]:
    """The pledge, and the cases made of the log in a folder to write to."""
    with duckdb.connect() as engine:
        engine.execute(conversion(shared / "data/event-logs/permit-receipts.csv.gz", folder))
    pledge = read_pledge((HERE / "permit-receipts.yaml").read_text(encoding="utf-8"))
    rejects = Rejects()
    files = CaseFiles(cases=folder / "cases.csv", events=folder / "events.csv")
    return pledge, list(read_case_files(files, pledge, rejects)), rejects


@cache
def outcomes(shared: Path) -> list[Outcome]:
    """How each standard stands for each application just after the end of the log."""
    with TemporaryDirectory() as folder:
        pledge, cases, rejects = read(shared, Path(folder))
    assert not rejects
    return evaluate_all(pledge, cases, as_of=LOG_ENDS, calendars=CALENDARS)


def table(shared: Path) -> str:
    """Kept, broken and running for each standard, with how late, as a table."""
    lines = [
        "| standard | kept | broken, finished late | broken, not finished | running | typical lateness | latest |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    found = outcomes(shared)
    for name in ("in-time", "confirm"):
        mine = [outcome for outcome in found if outcome.standard == name]
        late = [outcome.lateness / 86_400 for outcome in mine if _finished_late(outcome)]
        counts = Counter(outcome.status for outcome in mine)
        unfinished = counts[Status.BROKEN] - len(late)
        lines.append(
            f"| {name} | {counts[Status.KEPT]} | {len(late)} | {unfinished} | {counts[Status.RUNNING]} "
            f"| {median(late):.1f} days | {max(late):.0f} days |"
        )
    return "\n".join(lines)


def _finished_late(outcome: Outcome) -> bool:
    return outcome.status is Status.BROKEN and outcome.finish is not None
