"""What the engines have in common: how a compiled program is given its tables, and its rows are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import narwhals.stable.v2 as nw

from .program.build import Frame, Tables
from .program.standards import WHOLE_NUMBERS

FORMS = ("csv", "jsonl", "parquet")


class Engine(Tables, Protocol):
    """Where a compiled program runs."""

    failures: tuple[type[BaseException], ...]
    """By what it shows that it cannot run a program."""

    def wide(self, sql: str) -> Frame:
        """The wide table as a lazy frame."""

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
    """The rows of several frames of outcomes: whole numbers as such, texts as words of one list, or else as text."""
    if len(frames) == 1:
        return frames[0]
    kinds = [frame.collect_schema() for frame in frames]
    unlike = [column for column in kinds[0] if any(kind[column] != kinds[0][column] for kind in kinds)]
    # An engine may have narrowed or lost the type of a column that holds one value, or none, throughout.
    alike = [nw.col(column).cast(nw.Int64 if column in WHOLE_NUMBERS else nw.String) for column in unlike]
    return nw.concat([frame.with_columns(*alike) for frame in frames] if alike else frames)
