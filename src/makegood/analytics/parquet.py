"""Parquet for the library's own engine: rows of text on the way in, typed outcomes on the way out."""
# ruff: noqa: S608 - every name and text from outside goes into SQL by `conversions.text`

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from ..records import CaseFiles, Rejects, TableFile
from ..records.whole import written_whole
from ..rules import Case, Pledge
from .conversions import text
from .sources import cases_of, reading
from .staging import connected


def cases_in_parquet(source: CaseFiles | TableFile, pledge: Pledge, rejects: Rejects) -> Iterator[Case]:
    """The cases of Parquet files, row by row. Raises `UnreadableFile`."""
    with tempfile.TemporaryDirectory(prefix="makegood-", ignore_cleanup_errors=True) as folder:
        database = connected(Path(folder))
        with closing(database), reading():
            yield from cases_of(source, pledge, rejects, database, Path(folder))


def parquet_of(results: Path, output: Path) -> None:
    """Outcomes in CSV as a Parquet file with the columns and types that the batch engines write."""
    with duckdb.connect() as database, written_whole(output) as beside:
        database.execute("SET TimeZone = 'UTC'")
        columns = (
            "case_id, standard, status, due_at::TIMESTAMPTZ AS due_at, owed_gbp::DECIMAL(18, 2) AS owed_gbp,"
            " coalesce(version, '') AS version, finished_at::TIMESTAMPTZ AS finished_at, lateness::BIGINT AS lateness,"
            " coalesce(remedies, '') AS remedies, coalesce(reason, '') AS reason"
        )
        source = f"read_csv({text(str(results))}, header = true, all_varchar = true, force_not_null = ['case_id'])"
        database.execute(f"COPY (SELECT {columns} FROM {source}) TO {text(str(beside))} (FORMAT parquet)")
