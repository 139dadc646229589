"""Outcomes as rows of result files: the columns that every engine writes alike."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO

from ..rules import Outcome
from .whole import written_whole

COLUMNS = (
    "case_id", "standard", "status", "due_at", "owed_gbp", "version", "finished_at", "lateness", "remedies", "reason",
)  # fmt: skip


def result_row(outcome: Outcome) -> dict[str, str]:
    """One outcome as text by column.

    `due_at` and `finished_at` are ISO with the pledge zone's offset; `lateness` is whole seconds; `remedies` are
    the kinds owed, in order; `reason` says why it is void or excused, or what is missing.
    """
    return {
        "case_id": outcome.case_id,
        "standard": outcome.standard,
        "status": str(outcome.status),
        "due_at": _iso(outcome.due_at),
        "owed_gbp": f"{outcome.owed:.2f}",
        "version": outcome.version,
        "finished_at": _iso(outcome.finished_at),
        "lateness": str(outcome.lateness),
        "remedies": "; ".join(str(owed.kind) for owed in outcome.remedies),
        "reason": outcome.reason or (f"missing: {'; '.join(outcome.missing)}" if outcome.missing else ""),
    }


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()


def write_results(outcomes: Iterable[Outcome], to: Path | IO[str], form: str) -> int:
    """Write outcomes that have a row as `csv` or `jsonl`; the answer is how many. A file appears only when whole."""
    written = 0
    outcomes = iter(outcomes)
    first = list(islice(outcomes, 1))  # what cannot be read fails here, before anything is written
    with _whole(to) as file:
        writer = csv.writer(file, lineterminator="\n")
        quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        if form == "csv":
            writer.writerow(COLUMNS)
        for outcome in chain(first, outcomes):
            if not outcome.has_row:
                continue
            row = result_row(outcome)
            if form == "csv":
                # The writer takes a carriage return for plain text, and readers take it for the end of the row.
                (quoting if "\r" in outcome.case_id else writer).writerow(row.values())
            else:
                file.write(json.dumps(_typed(row), ensure_ascii=False) + "\n")
            written += 1
    return written


def _typed(row: dict[str, str]) -> dict[str, str | int | None]:
    typed: dict[str, str | int | None] = dict(row)
    typed["lateness"] = int(row["lateness"])
    for name in ("due_at", "finished_at"):
        typed[name] = row[name] or None
    return typed


@contextmanager
def _whole(to: Path | IO[str]) -> Iterator[IO[str]]:
    """A file to write to that appears only when it is whole, or one that is open already."""
    if not isinstance(to, Path):
        yield to
        return
    with written_whole(to) as beside, beside.open("w", newline="", encoding="utf-8") as file:
        yield file
