"""Any source as cases, row by row, by the careful reader of `makegood.records`; Parquet as the text of its values."""
# ruff: noqa: S608 - every name and text from outside goes into SQL by `conversions.name` and `conversions.text`

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ..records import CaseFiles, Rejects, TableFile, read_case_files, read_table
from ..records.rows import Row, Table, UnreadableFile
from ..rules import Case, Pledge
from .conversions import name, text

Source = CaseFiles | TableFile | Sequence[Case]
"""Files, or cases in memory."""


_NOT_OF_FILES = (duckdb.OutOfMemoryException, duckdb.InternalException, duckdb.FatalException)
"""What says nothing about the file that was read: no room for it, or a fault of the engine."""


@contextmanager
def reading(path: Path | None = None) -> Iterator[None]:
    """What the database cannot read here is told as `UnreadableFile`, with the path where one is given.

    Want of memory, and a fault of the database itself, stay what they are: no other file would mend them.
    """
    try:
        yield
    except _NOT_OF_FILES:
        raise
    except duckdb.Error as error:
        raise UnreadableFile(f"{path}: {str(error).splitlines()[0]}" if path else str(error)) from None


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by its name."""
    return path.suffix.lower() in (".parquet", ".pq")


def cases_of(
    source: Source, pledge: Pledge, rejects: Rejects, database: duckdb.DuckDBPyConnection, folder: Path
) -> Iterator[Case]:
    """The cases of a source, row by row, by the careful reader; Parquet files as the text of their values."""
    if isinstance(source, TableFile):
        table = _text_rows(database, source.path) if is_parquet(source.path) else None
        return read_table(source, pledge, rejects, table)
    if not isinstance(source, CaseFiles):
        return iter(source)
    if is_parquet(source.cases) or is_parquet(source.events):
        paths = [_as_csv(database, path, folder, place) for place, path in enumerate((source.cases, source.events))]
        source = CaseFiles(cases=paths[0], events=paths[1], mapping=source.mapping, encoding="utf-8")
    return read_case_files(source, pledge, rejects)


def _as_text(column: str, kind: str) -> str:
    if kind == "BOOLEAN":
        return f"CASE WHEN {column} THEN 'yes' WHEN NOT {column} THEN 'no' ELSE '' END"
    if kind == "TIMESTAMPTZ_NS":  # nanoseconds, as pandas writes them
        kind, column = "TIMESTAMP WITH TIME ZONE", f"{column}::TIMESTAMPTZ"
    if kind == "TIMESTAMP WITH TIME ZONE":
        # The zone is named: a further cursor of a connection does not have its settings, and takes the machine's.
        return f"coalesce(strftime(timezone('UTC', {column}), '%Y-%m-%dT%H:%M:%S.%f') || '+00:00', '')"
    if kind.startswith("TIMESTAMP"):
        return f"coalesce(strftime({column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f'), '')"
    return f"coalesce({column}::VARCHAR, '')"


def _text_select(database: duckdb.DuckDBPyConnection, path: Path) -> tuple[list[str], str]:
    relation = f"read_parquet({text(str(path))})"
    described = database.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    columns = ", ".join(f"{_as_text(name(row[0]), row[1])} AS {name(row[0])}" for row in described)
    return [row[0] for row in described], f"SELECT {columns} FROM {relation}"


def _text_rows(database: duckdb.DuckDBPyConnection, path: Path) -> Table:
    """A Parquet file as rows of text, numbered like lines below a header."""
    header, sql = _text_select(database, path)
    cursor = database.cursor()
    cursor.execute("SET preserve_insertion_order = true")
    found = cursor.execute(sql)

    def rows() -> Iterator[Row]:
        line = 2
        while batch := found.fetchmany(10_000):
            for fields in batch:
                yield Row(line, list(fields))
                line += 1

    return Table(header, rows())


def _as_csv(database: duckdb.DuckDBPyConnection, path: Path, folder: Path, place: int) -> Path:
    if not is_parquet(path):
        return path
    _, sql = _text_select(database, path)
    written = folder / f"{place}-{path.stem}.csv"
    database.execute(f"COPY ({sql}) TO {text(str(written))} (FORMAT csv, HEADER)")
    return written
