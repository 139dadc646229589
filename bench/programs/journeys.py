"""The map of journeys from a Parquet file, all of it.

Arguments: the file, how many variants are told, the memory that DuckDB gets, and perhaps a file for the figures. Prints
the seconds from the file to the map; for the figures it is made once more with all variants, which is not counted.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from makegood.analytics.journeys.flows.flow import Flow
from makegood.analytics.journeys.flows.graph import flow_of
from makegood.analytics.journeys.store import DuckDBStore


def flow(file: Path, most: int, memory: str) -> Flow:
    """The map, from a database of its own."""
    places = {"memory_limit": memory, "temp_directory": str(file.with_suffix(".spilt"))}
    store = DuckDBStore(duckdb.connect(config={**places, "preserve_insertion_order": False}))
    return flow_of(store.parquet(file), store, most_variants=most)


def figures(found: Flow) -> dict[str, list[Any]]:
    """The map in the form in which it is compared; times in seconds."""
    return {
        "moves": [[move.before, move.after, move.count, move.wait, move.between_starts] for move in found.moves],
        "variants": [[variant.steps, variant.journeys, variant.seconds] for variant in found.variants],
        "handovers": [[each.giver, each.taker, each.count] for each in found.handovers],
        "rework": [[each.step, each.journeys] for each in found.rework],
        "starts": [[name, count] for (name, _), count in found.starts],
        "ends": [[name, count] for (name, _), count in found.ends],
    }


if __name__ == "__main__":
    begun = time.perf_counter()
    made = flow(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    seconds = time.perf_counter() - begun
    if len(sys.argv) > 4:
        whole = flow(Path(sys.argv[1]), 10**9, sys.argv[3])
        Path(sys.argv[4]).write_text(json.dumps(figures(whole)), encoding="utf-8")
    print(json.dumps({"seconds": seconds, "contacts": made.contacts, "journeys": made.journeys}))
