"""The table of a run: each measure beside its yardstick, the aim, and whether it was reached."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line. `reached` is `None` when nothing is promised, or when it could not be measured."""

    measure: str
    ours: str
    yardstick: str
    ratio: str = ""
    aim: str = ""
    reached: bool | None = None


HEAD = ("measure", "ours", "yardstick", "ratio", "aim", "reached")


def cells(row: Row) -> tuple[str, ...]:
    """A line as texts."""
    reached = {True: "yes", False: "NO", None: ""}[row.reached]
    return row.measure, row.ours, row.yardstick, row.ratio, row.aim, reached


def as_markdown(rows: Sequence[Row]) -> str:
    """The table in Markdown, its columns aligned, so that it reads well on a terminal too."""
    lines = [HEAD, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    drawn = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    drawn.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(drawn)


def machine() -> str:
    """What it ran on: processors, memory, system, and the versions that matter."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "narwhals"))
    return (
        f"{os.cpu_count()} processors ({processor()}), {memory:.0f} GiB, {platform.system()} {platform.machine()}; "
        f"Python {platform.python_version()}, {versions}"
    )


def processor() -> str:
    """The processor's name, where the system tells it."""
    told = Path("/proc/cpuinfo")
    if sys.platform == "linux" and told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def results_page(rows: Sequence[Row], *, day: str, command: str, notes: Sequence[str]) -> str:
    """RESULTS.md: the table with the day, the machine, the command, and what could not be measured."""
    told = "".join(f"- {note}\n" for note in notes)
    return f"""# Results of {day}

Measured by `{command}` on {machine()}.

{as_markdown(rows)}
{f"{chr(10)}Not measured, or to be noted:{chr(10)}{chr(10)}{told}" if told else ""}
Each ratio is of two measurements of this one run. A batch is the whole command, from start to end, as a process of
its own; a rate is of cases that are in memory already. What each yardstick is, stands in [README.md](README.md).
"""
