"""Where programs run: tables made, kept and read, on DuckDB or Polars, behind one small door."""
# ruff: noqa: S608 - every name and text from outside goes into SQL by `conversions.name` and `conversions.text`

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import duckdb
import narwhals.stable.v2 as nw

from ..conversions import name, text
from ..engine import lazy
from ..program.build import Frame
from .columns import CONTACT_COLUMNS, ITEM_COLUMNS, Log

Value = str | int | float | bool | None
Columns = Mapping[str, type[nw.dtypes.DType]]

_TABLES = count(1)
"""Numbers of kept tables: of the process, since a connection may have several stores."""

_MOST_AT_ONCE = 2_000_000
"""So many rows are joined to several others at once in some hundred MB."""

_MOST_WORDS = 1_000
"""Of more different texts no list is made."""

_SQL: Mapping[type[nw.dtypes.DType], str] = {
    nw.String: "VARCHAR",
    nw.Int64: "BIGINT",
    nw.Float64: "DOUBLE",
    nw.Boolean: "BOOLEAN",
}


class Store(Protocol):
    """Where a program's frames live."""

    def frame(self, columns: Columns, rows: Sequence[Mapping[str, Value]]) -> Frame:
        """A frame of rows given one by one; what a row does not name is null. For small tables."""

    def parquet(self, path: Path) -> Frame:
        """A Parquet file as a frame, read where it lies."""

    def keep(self, frame: Frame) -> Frame:
        """The same rows, worked out once and kept, so that what is built on them does not work them out again."""

    def numbered(self, frame: Frame, by: Sequence[str], row: str, words: Sequence[str] = ()) -> Frame:
        """The same rows, kept in the order of `by` and counted from 0 in the column `row`: numbers sort faster.

        The texts of the columns `words` may be held as words of a list, where a column has few different ones: they
        compare, sort and are read as texts, and only another type stands in the frame's schema.
        """

    def drop(self, *frames: Frame) -> None:
        """Give back the room of frames from `keep` or `numbered`; nothing built on them may be used any more."""

    def rows(self, frame: Frame) -> list[dict[str, Any]]:
        """The rows of a small frame, in its order if it is sorted."""

    def columns(self, frame: Frame) -> Mapping[str, Sequence[Any]]:
        """The values of each column of a small frame, row after row: quicker than rows where there are thousands."""

    def write(self, frame: Frame, path: Path) -> None:
        """Write a frame as Parquet, in its order if it is sorted."""


def put_beside(store: Store, rows: Frame, sides: Sequence[Frame], on: str, *, most: int = _MOST_AT_ONCE) -> Frame:
    """Rows with the columns of each of the sides that have the same `on`, or nulls: a kept frame.

    Of more than `most` rows each side and each join is worked out alone, which costs some writing: so each may take
    what memory there is and spill what it lacks, where many at once would have to fit into it together.
    """
    (counted,) = store.rows(rows.select(rows=nw.len()))
    if counted["rows"] <= most or not sides:
        for side in sides:
            rows = rows.join(side, on=on, how="left")
        return store.keep(rows)
    kept: list[Frame] = []
    for side in map(store.keep, sides):
        rows = store.keep(rows.join(side, on=on, how="left"))
        store.drop(side, *kept)
        kept = [rows]
    return rows


class DuckDBStore:
    """The default: streams, uses all processors, and spills to disk what does not fit."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database

    def frame(self, columns: Columns, rows: Sequence[Mapping[str, Value]]) -> Frame:
        """A temporary table."""
        parts = ", ".join(f"unnest(?::{_SQL[kind]}[]) AS {name(column)}" for column, kind in columns.items())
        return self._made(f"SELECT {parts}", [[row.get(column) for row in rows] for column in columns])

    def parquet(self, path: Path) -> Frame:
        """The file where it lies."""
        return lazy(self.database.sql(f"SELECT * FROM read_parquet({text(str(path))})"))

    def keep(self, frame: Frame) -> Frame:
        """A temporary table; it spills to disk when it does not fit."""
        return self._made(frame.to_native().sql_query())

    def numbered(self, frame: Frame, by: Sequence[str], row: str, words: Sequence[str] = ()) -> Frame:
        """A sorted temporary table: its row ids stand in the order in which it was written."""
        sql = frame.to_native().sql_query()
        lists = {column: found for column in words if (found := self._different(sql, column))}
        held = [f"{name(each)}::ENUM({', '.join(map(text, found))}) AS {name(each)}" for each, found in lists.items()]
        taken = f"* REPLACE ({', '.join(held)})" if held else "*"
        order = ", ".join(f"{name(each)} NULLS FIRST" for each in by)  # as Polars sorts
        kept = self._made(f"SELECT {taken} FROM ({sql}) ORDER BY {order}").to_native()
        return lazy(kept.project(f"*, rowid AS {name(row)}").set_alias(kept.alias))

    def drop(self, *frames: Frame) -> None:
        """The temporary tables."""
        for frame in frames:
            self.database.execute(f"DROP TABLE {name(frame.to_native().alias)}")

    def rows(self, frame: Frame) -> list[dict[str, Any]]:
        """Fetched all at once."""
        relation = frame.to_native()
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def columns(self, frame: Frame) -> Mapping[str, Sequence[Any]]:
        """Fetched all at once."""
        relation = frame.to_native()
        found = list(zip(*relation.fetchall(), strict=True))
        return dict(zip(relation.columns, found or [()] * len(relation.columns), strict=True))

    def write(self, frame: Frame, path: Path) -> None:
        """Written in a stream."""
        self.database.execute(f"COPY ({frame.to_native().sql_query()}) TO {text(str(path))} (FORMAT parquet)")

    def _different(self, sql: str, column: str) -> list[str]:
        """The different texts of a query's column in their order; none where they are too many for a list."""
        found = self.database.execute(f"SELECT DISTINCT {name(column)} FROM ({sql}) LIMIT {_MOST_WORDS + 1}").fetchall()
        return sorted(word for (word,) in found if word is not None) if len(found) <= _MOST_WORDS else []

    def _made(self, sql: str, values: Sequence[Sequence[Value]] | None = None) -> Frame:
        table = f"kept_{next(_TABLES)}"
        self.database.execute(f"CREATE TEMP TABLE {table} AS {sql}", values)
        return lazy(self.database.table(table))


class PolarsStore:
    """The second engine, which proves that the programs belong to none."""

    def frame(self, columns: Columns, rows: Sequence[Mapping[str, Value]]) -> Frame:
        """A frame in memory."""
        data = {column: [row.get(column) for row in rows] for column in columns}
        return lazy(
            nw.from_dict(data, schema={c: k() for c, k in columns.items()}, backend="polars").lazy().to_native()
        )

    def parquet(self, path: Path) -> Frame:
        """The file, scanned lazily."""
        return nw.scan_parquet(str(path), backend="polars")

    def keep(self, frame: Frame) -> Frame:
        """Collected into memory."""
        return frame.collect(backend="polars").lazy()

    def numbered(self, frame: Frame, by: Sequence[str], row: str, words: Sequence[str] = ()) -> Frame:
        """Sorted in memory; texts stay texts."""
        kept = frame.sort(*by).collect(backend="polars").with_row_index(row)
        return kept.with_columns(nw.col(row).cast(nw.Int64)).lazy()

    def drop(self, *frames: Frame) -> None:
        """Nothing: memory is free when nobody holds the frame."""

    def rows(self, frame: Frame) -> list[dict[str, Any]]:
        """Collected."""
        return list(_dicts(frame))

    def columns(self, frame: Frame) -> Mapping[str, Sequence[Any]]:
        """Collected."""
        return frame.collect(backend="polars").to_dict(as_series=False)

    def write(self, frame: Frame, path: Path) -> None:
        """Written in a stream where Polars can."""
        frame.sink_parquet(str(path))


def _dicts(frame: Frame) -> Iterator[dict[str, Any]]:
    yield from frame.collect(backend="polars").iter_rows(named=True)


def log_of(store: Store, contacts: Sequence[Mapping[str, Value]], items: Sequence[Mapping[str, Value]] = ()) -> Log:
    """A log of contacts given one by one, as `CONTACT_COLUMNS` and `ITEM_COLUMNS` say; for examples and small logs.

    A contact needs `contact` and `start`; columns that no contact names count as not known.
    """
    rows: list[Mapping[str, Value]] = [
        {"sequence": place, "weight": 1.0, "offset": 0, **row} for place, row in enumerate(contacts)
    ]
    known = {column for row in contacts for column in row} | {str(row["how"]) for row in items}
    return Log(
        contacts=store.frame(CONTACT_COLUMNS, rows), items=store.frame(ITEM_COLUMNS, items), known=frozenset(known)
    )
