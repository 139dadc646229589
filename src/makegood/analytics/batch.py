"""Millions of cases: a pledge compiled and run over files, with what cannot be compiled judged one by one, and said."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import duckdb

from ..records import Rejects
from ..records.results import result_row
from ..records.whole import written_whole
from ..rules import Calendar, Outcome, Pledge, evaluate_all
from ..rules.evaluate import Judge
from ..rules.working_time import seconds_of
from .columns import CASE_ID, TEXTS, Extent, NotCompiled, detail_column, fact_column, given_column
from .conversions import name
from .engine import FORMS, Engine
from .on_duckdb import DuckDB
from .program import compile_standard
from .program.build import Frame
from .program.standards import OUTCOME_COLUMNS, WHOLE_NUMBERS
from .sources import Source, cases_of, reading
from .staging import Stage, Staged, connected

Say = Callable[[str], None]
_NO_ROOM = (duckdb.IOException, duckdb.OutOfMemoryException)
"""What another way of judging would not cure."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a run did: how many outcome rows it wrote, and which standards were judged one by one, and why.

    `careful` says that something in the files was odd, so that they were read row by row.
    """

    rows: int
    careful: bool = False
    one_by_one: Mapping[str, str] = field(default_factory=dict)


class Refused(ValueError):
    """A pledge that is not compiled as a whole, where judging one by one was not wanted."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = dict(reasons)
        told = "; ".join(f"{standard}: {reason}" for standard, reason in reasons.items())
        super().__init__(f"not compiled: {told}")


def run(
    pledge: Pledge,
    source: Source,
    *,
    as_of: datetime,
    calendars: Mapping[str, Calendar],
    output: Path | IO[str],
    form: str = "csv",
    engine: str = "batch",
    no_fallback: bool = False,
    rejects: Rejects | None = None,
    say: Say = lambda message: None,
    progress: bool = False,
) -> Summary:
    """Judge all cases of a source and write one row for each case and standard, in no particular order.

    `engine` is `batch` (DuckDB) or `polars`; `form` csv, jsonl or parquet. Bad rows are set aside in `rejects`.
    Standards that are not compiled, or that the engine cannot run, are judged one by one, which `say` tells; with
    `no_fallback` they are refused with `Refused`. Raises `UnreadableFile` for a file that is no table.
    """
    assert form in FORMS
    rejects = Rejects() if rejects is None else rejects
    at = seconds_of(as_of)
    with tempfile.TemporaryDirectory(prefix="makegood-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        database = connected(folder, progress=progress)
        on = _engine_named(engine, database, folder)
        with reading(), closing(Stage(database, folder, pledge, source, at, rejects)) as stage:
            frames, reasons = compiled(pledge, calendars, on, stage.staged(), at)
            if carefully := stage.staged_after_all():
                frames, reasons = compiled(pledge, calendars, on, carefully, at)

        def one_by_one(reasons: Mapping[str, str]) -> list[Frame]:
            """The frame of the standards that are judged one by one, if any."""
            if reasons and no_fallback:
                raise Refused(reasons)
            for standard, reason in reasons.items():
                say(f"“{standard}” is judged one by one: the batch engine does not compile {reason}")
            if not reasons:
                return []
            cases = cases_of(source, pledge, Rejects(), database, folder)
            outcomes = evaluate_all(pledge, cases, as_of=as_of, calendars=calendars)
            return [on.outcomes(*_written_one_by_one(outcomes, set(reasons), folder))]

        with _whole(output, folder) as path:
            found = one_by_one(reasons)
            try:
                rows = on.write([*frames, *found], path, form)
            except _NO_ROOM:
                raise
            except on.failures as failure:
                if not frames:
                    raise
                names = Judge(pledge, calendars).names
                failed = {standard: _told(failure) for standard in names if standard not in reasons}
                reasons |= failed
                rows = on.write([*found, *one_by_one(failed)], path, form)
        database.close()
    return Summary(rows=rows, careful=stage.careful, one_by_one=reasons)


def _told(failure: BaseException) -> str:
    """An engine's failure as a reason, in its first line."""
    return f"it: {(str(failure).splitlines() or [''])[0][:200] or type(failure).__name__}"


def not_compiled(pledge: Pledge, calendars: Mapping[str, Calendar]) -> dict[str, str]:
    """The standards that the batch engine does not compile, each with the reason in words."""
    database = duckdb.connect()
    columns = [f"''::VARCHAR AS {CASE_ID}"]
    for detail in pledge.details.values():
        kind = "VARCHAR" if detail.kind in TEXTS else "BIGINT"
        columns.append(f"NULL::{kind} AS {name(detail_column(detail.name))}")
        columns.append(f"false AS {name(given_column(detail.name))}")
    columns += [f"NULL::BIGINT AS {name(fact_column(fact, nth))}" for fact in pledge.facts for nth in (1, 2)]
    staged = Staged(
        sql=f"SELECT {', '.join(columns)}",
        extent=Extent(first=0, last=1, days=(0, 1), times=dict.fromkeys(pledge.facts, 2)),
    )
    on = _engine_named("batch", database, Path())
    _, reasons = compiled(pledge, calendars, on, staged, 1)
    database.close()
    return reasons


def _engine_named(name: str, database: duckdb.DuckDBPyConnection, folder: Path) -> Engine:
    """The engine `batch` (DuckDB) or `polars`, which is loaded only then."""
    if name == "polars":
        from .on_polars import Polars  # noqa: PLC0415 - half a second that others need not wait for

        return Polars(database, folder)
    return DuckDB(database, folder)


def compiled(
    pledge: Pledge, calendars: Mapping[str, Calendar], on: Engine, staged: Staged, as_of: int
) -> tuple[list[Frame], dict[str, str]]:
    """The frames of the standards that compile, and the reasons of those that do not."""
    wide = on.wide(staged.sql)
    frames: list[Frame] = []
    reasons: dict[str, str] = {}
    for standard in Judge(pledge, calendars).names:
        try:
            frames += compile_standard(pledge, calendars, wide, staged.extent, as_of, on, standard)
        except NotCompiled as reason:
            reasons[standard] = str(reason)
        except _NO_ROOM:
            raise
        except on.failures as failure:
            reasons[standard] = _told(failure)
    return frames, reasons


def _written_one_by_one(outcomes: Sequence[Outcome], standards: set[str], folder: Path) -> tuple[Path, dict[str, type]]:
    with tempfile.NamedTemporaryFile(
        "w", newline="", encoding="utf-8", dir=folder, suffix=".csv", delete=False
    ) as file:
        writer = csv.writer(file, lineterminator="\r\n")  # and so quotes either sign in a value
        writer.writerow(OUTCOME_COLUMNS)
        for outcome in outcomes:
            if outcome.has_row and outcome.standard in standards:
                writer.writerow(_row(outcome))
    return Path(file.name), {column: int if column in WHOLE_NUMBERS else str for column in OUTCOME_COLUMNS}


def _row(outcome: Outcome) -> Iterator[Any]:
    told = result_row(outcome)
    values: dict[str, Any] = {
        "due": outcome.due, "due_offset": None if outcome.due is None else outcome.zone.offset(outcome.due),
        "finish": outcome.finish, "owed": outcome.pence, "lateness": outcome.lateness,
        "finish_offset": None if outcome.finish is None else outcome.zone.offset(outcome.finish),
    }  # fmt: skip
    return (values[column] if column in values else told[column] for column in OUTCOME_COLUMNS)


@contextmanager
def _whole(output: Path | IO[str], folder: Path) -> Iterator[Path]:
    """A path to write to; what is written appears at the output only when it is whole."""
    if isinstance(output, Path):
        with written_whole(output) as beside:
            yield beside
        return
    path = folder / "output"
    yield path
    with path.open(encoding="utf-8", newline="") as written:
        shutil.copyfileobj(written, output)


__all__ = ["Refused", "Summary", "not_compiled", "run"]
