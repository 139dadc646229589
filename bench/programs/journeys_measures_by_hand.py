"""Journeys and three numbers of them by hand in DuckDB SQL: without what they rest on, unknowns, intervals and groups.

Argument: the Parquet file. Prints the seconds from the file to the figures, and the figures.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

SQL = Path(__file__).with_name("journeys_measures_by_hand.sql")


def three(file: str) -> dict[str, float]:
    """Contacts for each completed outcome, hand-overs for each journey, and the share of avoidable contact."""
    database = duckdb.connect(config={"preserve_insertion_order": False})
    made, *queries = SQL.read_text(encoding="utf-8").replace("$file", file).split(";")
    database.execute(made)
    values = [(database.execute(query).fetchone() or (None,))[0] for query in queries if query.strip()]
    return dict(zip(("contacts_per_outcome", "hand_overs", "avoidable_contact"), values, strict=True))


if __name__ == "__main__":
    begun = time.perf_counter()
    figures = three(sys.argv[1])
    print(json.dumps({"seconds": time.perf_counter() - begun, **figures}))
