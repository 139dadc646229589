"""What differs between engines: small tables, the wide table as a frame, and outcome frames as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import duckdb
import narwhals.stable.v2 as nw
import polars as pl

from .conversions import name, text
from .program.build import Frame

FORMS = ("csv", "jsonl", "parquet")


class Engine(Protocol):
    """Where a compiled program runs."""

    def wide(self, sql: str) -> Frame:
        """The wide table as a lazy frame."""

    def table(self, columns: Mapping[str, Sequence[int | None]]) -> Frame:
        """A small table of whole numbers as a lazy frame."""

    def outcomes(self, path: Path, columns: Mapping[str, type]) -> Frame:
        """Outcome rows that were judged one by one, from a CSV file."""

    def write(self, frames: Sequence[Frame], path: Path, form: str) -> int:
        """Write outcome rows as csv, jsonl or parquet; the answer is how many."""


class DuckDB:
    """The default engine: streams, uses all processors, and spills to disk what does not fit."""

    def __init__(self, database: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.database, self._tables = database, 0

    def wide(self, sql: str) -> Frame:
        """The wide table, read where it lies."""
        return _lazy(self.database.sql(sql))

    def table(self, columns: Mapping[str, Sequence[int | None]]) -> Frame:
        """A temporary table."""
        self._tables += 1
        parts = ", ".join(f"unnest(?::BIGINT[]) AS {name(column)}" for column in columns)
        self.database.execute(
            f"CREATE TEMP TABLE table_{self._tables} AS SELECT {parts}", [list(values) for values in columns.values()]
        )
        return _lazy(self.database.table(f"table_{self._tables}"))

    def outcomes(self, path: Path, columns: Mapping[str, type]) -> Frame:
        """Rows from a CSV file."""
        types = {column: "VARCHAR" if kind is str else "BIGINT" for column, kind in columns.items()}
        typed = ", ".join(f"{text(column)}: {text(kind)}" for column, kind in types.items())
        relation = f"read_csv({text(str(path))}, header = false, auto_detect = false, columns = {{{typed}}}, delim = ',', quote = '\"', escape = '\"', parallel = false, force_not_null = ['version', 'remedies', 'reason'])"
        return _lazy(self.database.sql(f"SELECT * FROM {relation}"))

    def write(self, frames: Sequence[Frame], path: Path, form: str) -> int:
        """Write the rows in a stream, in no particular order."""
        frame = nw.concat(frames, how="vertical") if len(frames) > 1 else frames[0]
        relation: duckdb.DuckDBPyRelation = frame.to_native()
        columns = _DUCKDB_TYPED if form == "parquet" else _duckdb_texts(form)
        option = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}[form]
        row = self.database.execute(
            f"COPY (SELECT {columns} FROM ({relation.sql_query()})) TO {text(str(path))} ({option})"
        ).fetchone()
        return int(row[0]) if row else 0


_DUCKDB_TYPED = (
    "case_id, standard, status, to_timestamp(due) AS due_at, (owed::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2) AS owed_gbp,"
    " version, to_timestamp(finish) AS finished_at, lateness, remedies, reason"
)


def _duckdb_texts(form: str) -> str:
    empty = (lambda column: f"nullif({column}, '') AS {column}") if form == "csv" else (lambda column: column)
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


class Polars:
    """The engine that proves that the program belongs to none: lazy, and streaming where Polars can."""

    def __init__(self, database: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.database, self.folder = database, folder

    def wide(self, sql: str) -> Frame:
        """The wide table, written down once by the reader."""
        path = self.folder / "wide-for-polars.parquet"
        self.database.execute(f"COPY ({sql}) TO {text(str(path))} (FORMAT parquet)")
        return _lazy(pl.scan_parquet(path))

    def table(self, columns: Mapping[str, Sequence[int | None]]) -> Frame:
        """A frame in memory."""
        return _lazy(pl.LazyFrame(dict(columns), schema={column: pl.Int64 for column in columns}))

    def outcomes(self, path: Path, columns: Mapping[str, type]) -> Frame:
        """Rows from a CSV file."""
        schema = {column: pl.String if kind is str else pl.Int64 for column, kind in columns.items()}
        texts = [column for column, kind in columns.items() if kind is str]
        return _lazy(pl.scan_csv(path, has_header=False, schema=schema).with_columns(pl.col(texts).fill_null("")))

    def write(self, frames: Sequence[Frame], path: Path, form: str) -> int:
        """Write the rows."""
        frame: pl.LazyFrame = nw.concat(frames, how="vertical").to_native()
        if form == "parquet":
            columns = [_polars_moment("due", "due_at"), _polars_moment("finish", "finished_at"), _polars_owed()]
        else:
            columns = [
                _polars_iso("due", "due_at"), _polars_iso("finish", "finished_at"), _polars_owed().cast(pl.String),
            ]  # fmt: skip
        order = (
            "case_id", "standard", "status", "due_at", "owed_gbp", "version", "finished_at", "lateness", "remedies",
            "reason",
        )  # fmt: skip
        found = frame.with_columns(columns).select(order)
        sink = {"csv": found.sink_csv, "jsonl": found.sink_ndjson, "parquet": found.sink_parquet}[form]
        sink(path)
        if form == "parquet":
            return int(pl.scan_parquet(path).select(pl.len()).collect().item())
        with path.open("rb") as file:
            lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
        return lines - (form == "csv")


def _polars_moment(what: str, as_: str) -> pl.Expr:
    return (pl.col(what) * 1_000_000).cast(pl.Datetime("us", "UTC")).alias(as_)


def _polars_owed() -> pl.Expr:
    return (pl.col("owed").cast(pl.Decimal(38, 2)) / 100).cast(pl.Decimal(18, 2)).alias("owed_gbp")


def _polars_iso(what: str, as_: str) -> pl.Expr:
    at, offset = pl.col(what), pl.col(f"{what}_offset")
    clock = offset.abs()

    def two(number: pl.Expr) -> pl.Expr:
        return number.cast(pl.String).str.zfill(2)

    seconds = pl.when(clock % 60 == 0).then(pl.lit("")).otherwise(":" + two(clock % 60))
    return pl.concat_str(
        ((at + offset) * 1_000_000).cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S"),
        pl.when(offset < 0).then(pl.lit("-")).otherwise(pl.lit("+")),
        two(clock // 3600), pl.lit(":"), two(clock // 60 % 60), seconds,
    ).alias(as_)  # fmt: skip


def _lazy(native: Any) -> Frame:
    frame = nw.from_native(native)
    assert isinstance(frame, nw.LazyFrame)
    return frame


ENGINES: dict[str, type[DuckDB] | type[Polars]] = {"batch": DuckDB, "polars": Polars}
