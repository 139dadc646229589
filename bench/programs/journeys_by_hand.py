"""The yardstick for the map of journeys: its four parts by hand in DuckDB SQL.

Arguments: the Parquet file, how many variants are told, and the file for the figures. Prints the seconds from the file
to rows in memory; for the figures all variants are told once more, which is not counted.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

SQL = Path(__file__).with_name("journeys_by_hand.sql")


def four(file: str, most: int) -> list[list[tuple[Any, ...]]]:
    """The rows of moves, variants, hand-overs and rework."""
    database = duckdb.connect()
    text = SQL.read_text(encoding="utf-8").replace("$file", file).replace("$most", str(most))
    return [database.execute(query).fetchall() for query in text.split(";") if query.strip()]


def figures(file: str) -> dict[str, list[Any]]:
    """The same in the form in which they are compared; times in seconds."""
    moves, variants, handovers, rework = four(file, 10**9)
    return {
        "moves": [[(a, b), (c, d), n, wait / 1e6, between / 1e6] for a, b, c, d, n, wait, between in moves],
        "variants": [[steps, journeys, took / 1e6] for steps, journeys, took in variants],
        "handovers": [list(row) for row in handovers],
        "rework": [list(row[:2]) for row in rework],
    }


if __name__ == "__main__":
    begun = time.perf_counter()
    four(sys.argv[1], int(sys.argv[2]))
    seconds = time.perf_counter() - begun
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_text(json.dumps(figures(sys.argv[1])), encoding="utf-8")
    print(json.dumps({"seconds": seconds}))
