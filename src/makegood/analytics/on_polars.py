"""The engine Polars: it proves that the compiled program belongs to none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
from narwhals.stable.v2.selectors import enum

from .conversions import text
from .engine import lazy, together
from .program.build import Frame


class Polars:
    """The engine that proves that the program belongs to none: lazy, and streaming where Polars can."""

    failures: tuple[type[BaseException], ...] = (
        pl.exceptions.PolarsError, pl.exceptions.PanicException, duckdb.Error, RecursionError,
    )  # fmt: skip

    def __init__(self, database: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.database, self.folder = database, folder

    def wide(self, sql: str) -> Frame:
        """The wide table, written down once by the reader."""
        path = self.folder / "wide-for-polars.parquet"
        self.database.execute(f"COPY ({sql}) TO {text(str(path))} (FORMAT parquet)")
        return lazy(pl.scan_parquet(path))

    def table(self, columns: Mapping[str, Sequence[int | None]]) -> Frame:
        """A frame in memory."""
        return lazy(pl.LazyFrame(dict(columns), schema=dict.fromkeys(columns, pl.Int64)))

    def settled(self, frame: Frame) -> Frame:
        """The frame as it is: Polars plans a long program as one."""
        return frame

    def outcomes(self, path: Path, columns: Mapping[str, type]) -> Frame:
        """Rows from a CSV file."""
        schema = {column: pl.String if kind is str else pl.Int64 for column, kind in columns.items()}
        texts = [column for column, kind in columns.items() if kind is str]
        return lazy(pl.scan_csv(path, schema=schema).with_columns(pl.col(texts).fill_null("")))

    def write(self, frames: Sequence[Frame], path: Path, form: str) -> int:
        """Write the rows."""
        frame: pl.LazyFrame = together(frames).with_columns(enum().cast(nw.String)).to_native()
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
        if form == "csv":  # Polars would put an empty text in quotes, and writes nothing for none
            texts = pl.col("version", "remedies", "reason")
            found = found.with_columns(pl.when(texts != "").then(texts))
        match form:
            case "csv":
                found.sink_csv(path)
            case "jsonl":
                found.sink_ndjson(path)
            case _:
                found.sink_parquet(path)
        if form == "parquet":
            return int(pl.scan_parquet(path).select(pl.len()).collect().item())
        written = pl.scan_csv(path, infer_schema=False) if form == "csv" else pl.scan_ndjson(path)
        return int(written.select(pl.len()).collect().item())


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
