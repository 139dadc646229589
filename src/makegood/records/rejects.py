"""Rows that cannot be used: set aside with file, line and reason, and never guessed at."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..rules.errors import visible


@dataclass(frozen=True, kw_only=True, slots=True)
class Reject:
    """One row that was set aside. `line` counts from 1 and is where the row begins; `row` is the row as it was read."""

    file: str
    line: int
    column: str
    reason: str
    row: str

    def __str__(self) -> str:
        where = f", column {self.column}" if self.column else ""
        return visible(f"{self.file}:{self.line}{where}: {self.reason}")


class Rejects:
    """The rows set aside so far."""

    def __init__(self, most: int = 1_000_000) -> None:
        self.rows: list[Reject] = []
        self.counts: Counter[str] = Counter()
        self.notes: list[str] = []
        self.most = most

    def add(self, file: str, line: int, column: str, reason: str, row: Iterable[str]) -> None:
        """Set a row aside."""
        self.counts[reason.split(":", maxsplit=1)[0]] += 1
        if len(self.rows) < self.most:
            self.rows.append(Reject(file=file, line=line, column=column, reason=reason, row=",".join(row)[:2000]))

    def note(self, words: str) -> None:
        """Keep a remark about a file: nothing is set aside for it."""
        self.notes.append(words)

    def __len__(self) -> int:
        return self.counts.total()

    def __bool__(self) -> bool:
        return bool(self.counts)

    def write(self, path: Path) -> None:
        """Write them as CSV: file, line, column, reason, row."""
        with path.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "line", "column", "reason", "row"])
            for reject in self.rows:
                writer.writerow([reject.file, reject.line, reject.column, reject.reason, reject.row])
