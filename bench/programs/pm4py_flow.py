"""The yardstick pm4py: the same map of journeys, as far as pm4py tells it.

Runs in an environment of its own: pm4py's licence is the AGPL. Arguments: the Parquet file, the file for the figures.
Prints the seconds from the file to values in memory. The rows of the file are in order of time, those of one instant in
their sequence, since pm4py knows no sequence.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pandas  # type: ignore[import-untyped]  # it lives in the yardstick's own environment
import pm4py  # type: ignore[import-not-found]  # as pandas


def flow(file: str) -> dict[str, Any]:
    """Moves, variants, hand-overs, rework, and with what journeys start and end."""
    columns = ["journey", "activity", "organisation", "start"]
    events = pandas.read_parquet(file, columns=columns)
    events["start"] = pandas.to_datetime(events["start"], unit="us", utc=True)
    # It sorts by case and time; without that, variants are wrong.
    events = pm4py.format_dataframe(events, case_id="journey", activity_key="activity", timestamp_key="start")
    counts, starts, ends = pm4py.discover_dfg(events)
    times, _, _ = pm4py.discover_performance_dfg(events, perf_aggregation_key="median")
    handed = pm4py.discover_handover_of_work_network(events, resource_key="organisation").connections
    return {
        "contacts": len(events),
        "journeys": sum(starts.values()),
        "counts": counts,
        "times": times,
        "starts": starts,
        "ends": ends,
        "handed": handed,
        "variants": pm4py.get_variants(events),
        "rework": pm4py.get_rework_cases_per_activity(events),
    }


def figures(found: dict[str, Any]) -> dict[str, list[Any]]:
    """The same in the form in which they are compared; a hand-over network tells shares of all moves."""
    moves = found["contacts"] - found["journeys"]
    return {
        "steps": [[a, b, count, float(found["times"][a, b])] for (a, b), count in found["counts"].items()],
        "variants": [[steps, count] for steps, count in found["variants"].items()],
        "handovers": [[a, b, round(share * moves)] for (a, b), share in found["handed"].items() if a != b],
        "rework": [list(each) for each in found["rework"].items()],
        "starts": [list(each) for each in found["starts"].items()],
        "ends": [list(each) for each in found["ends"].items()],
    }


if __name__ == "__main__":
    begun = time.perf_counter()
    made = flow(sys.argv[1])
    seconds = time.perf_counter() - begun
    Path(sys.argv[2]).write_text(json.dumps(figures(made)), encoding="utf-8")
    print(json.dumps({"seconds": seconds, "version": pm4py.__version__}))
