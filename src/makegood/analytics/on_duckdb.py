"""The engine DuckDB, the default."""
# ruff: noqa: S608 - every name and text from outside goes into SQL by `conversions.name` and `conversions.text`

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from .conversions import name, text
from .engine import lazy, together
from .program.build import Frame


class DuckDB:
    """The default engine: streams, uses all processors, and spills to disk what does not fit."""

    failures: tuple[type[BaseException], ...] = (duckdb.Error, RecursionError)

    def __init__(self, database: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.database, self._tables, self._settled = database, 0, 0

    def wide(self, sql: str) -> Frame:
        """The wide table, read where it lies."""
        return lazy(self.database.sql(sql))

    def table(self, columns: Mapping[str, Sequence[int | None]]) -> Frame:
        """A temporary table."""
        self._tables += 1
        parts = ", ".join(f"unnest(?::BIGINT[]) AS {name(column)}" for column in columns)
        self.database.execute(
            f"CREATE TEMP TABLE table_{self._tables} AS SELECT {parts}", [list(values) for values in columns.values()]
        )
        return lazy(self.database.table(f"table_{self._tables}"))

    def settled(self, frame: Frame) -> Frame:
        """A temporary table of the rows."""
        self._settled += 1
        rows: duckdb.DuckDBPyRelation = frame.to_native()
        self.database.execute(f"CREATE TEMP TABLE settled_{self._settled} AS {rows.sql_query()}")
        return lazy(self.database.table(f"settled_{self._settled}"))

    def outcomes(self, path: Path, columns: Mapping[str, type]) -> Frame:
        """Rows from a CSV file."""
        types = {column: "VARCHAR" if kind is str else "BIGINT" for column, kind in columns.items()}
        typed = ", ".join(f"{text(column)}: {text(kind)}" for column, kind in types.items())
        relation = (
            f"read_csv({text(str(path))}, header = true, auto_detect = false, columns = {{{typed}}}, delim = ',',"
            " quote = '\"', escape = '\"', parallel = false, new_line = '\\r\\n',"
            " force_not_null = ['version', 'remedies', 'reason'])"
        )
        return lazy(self.database.sql(f"SELECT * FROM {relation}"))

    def write(self, frames: Sequence[Frame], path: Path, form: str) -> int:
        """Write the rows in a stream, in no particular order."""
        relation: duckdb.DuckDBPyRelation = together(frames).to_native()
        columns = TYPED if form == "parquet" else _duckdb_texts(form)
        option = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}[form]
        row = self.database.execute(
            f"COPY (SELECT {columns} FROM ({relation.sql_query()})) TO {text(str(path))} ({option})"
        ).fetchone()
        return int(row[0]) if row else 0


TYPED = (
    "case_id, standard, status, to_timestamp(due) AS due_at, (owed::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2) AS owed_gbp,"
    " version, to_timestamp(finish) AS finished_at, lateness, remedies, reason"
)


def _duckdb_texts(form: str) -> str:
    empty = (lambda column: f"nullif({column}::VARCHAR, '') AS {column}") if form == "csv" else (lambda column: column)
    return (
        f"case_id, standard, status, {_duckdb_iso('due')} AS due_at,"
        f" ((owed::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2))::VARCHAR AS owed_gbp, {empty('version')},"
        f" {_duckdb_iso('finish')} AS finished_at, lateness, {empty('remedies')}, {empty('reason')}"
    )


def _duckdb_iso(what: str) -> str:
    at, offset = what, f"{what}_offset"
    clock = f"abs({offset})"
    return (
        f"strftime(make_timestamp(({at} + {offset}) * 1000000), '%Y-%m-%dT%H:%M:%S')"
        f" || CASE WHEN {offset} < 0 THEN '-' ELSE '+' END"
        f" || printf('%02d:%02d', {clock} // 3600, {clock} // 60 % 60)"
        f" || CASE WHEN {clock} % 60 = 0 THEN '' ELSE printf(':%02d', {clock} % 60) END"
    )
