"""What the engines have in common: how a compiled program is given its tables, and its rows are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import narwhals.stable.v2 as nw

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


def lazy(native: Any) -> Frame:
    """A lazy frame of an engine as one of Narwhals."""
    frame = nw.from_native(native)
    assert isinstance(frame, nw.LazyFrame)
    return frame


def together(frames: Sequence[Frame]) -> Frame:
    """The rows of several frames with the same columns; those that are not of one kind throughout, as text."""
    if len(frames) == 1:
        return frames[0]
    kinds = [frame.collect_schema() for frame in frames]
    unlike = [column for column in kinds[0] if len({str(kind[column]) for kind in kinds}) > 1]
    return nw.concat([frame.with_columns(nw.col(*unlike).cast(nw.String)) for frame in frames] if unlike else frames)
