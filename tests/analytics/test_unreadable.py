"""What an engine says while a file is read: the file's own faults are the file's, want of memory is not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from makegood.analytics.sources import reading
from makegood.records.rows import UnreadableFile


def test_a_file_that_is_no_table_is_said_to_be_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "cases.parquet"
    path.write_bytes(b"no parquet")
    with duckdb.connect() as database, pytest.raises(UnreadableFile, match="^" + str(path)), reading(path):
        database.execute(f"SELECT * FROM read_parquet('{path}')")


def test_want_of_memory_is_not_blamed_on_the_file() -> None:
    with duckdb.connect(config={"memory_limit": "20MB"}) as database:
        large = database.sql("SELECT list(i) FROM range(10_000_000) AS made(i)")
        with pytest.raises(duckdb.OutOfMemoryException), reading():
            large.fetchall()
