"""Journeys and all their measures, over all and by need, organisation and channel, from a Parquet file.

Arguments: the file and, where memory is to be bounded, what DuckDB may take, such as 3GB. Prints the seconds from the
file to the measures, how many there are, how long the journeys alone took, and all that is told of the measures that
are worked out by hand too.
"""

import json
import sys
import time
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import CONTACT_COLUMNS, ITEM_COLUMNS, Log
from makegood.analytics.journeys.measure import Measure
from makegood.analytics.journeys.measures import measure
from makegood.analytics.journeys.store import DuckDBStore

_BY_HAND = ("contacts_per_outcome", "hand_overs", "avoidable_contact")
_USUAL = {"weight": 1.0, "offset": 0}


def log(file: Path, store: DuckDBStore) -> Log:
    """The file as a log; what it does not have is not known."""
    contacts = store.parquet(file)
    known = contacts.collect_schema().names()
    rest = {
        column: nw.lit(_USUAL.get(column)).cast(kind())
        for column, kind in CONTACT_COLUMNS.items()
        if column not in known
    }
    whole = contacts.with_columns(**rest).select(*CONTACT_COLUMNS)
    return Log(contacts=whole, items=store.frame(ITEM_COLUMNS, []), known=frozenset(known))


def figures(measures: list[Measure]) -> list[tuple[object, ...]]:
    """What is told of the three: name, grouping, group, value, what it rests on, what is unknown, both ends."""
    rows = []
    for each in measures:
        if each.definition.name in _BY_HAND:
            ((column, group),) = each.by.items() or (("", ""),)
            ends = (each.interval.low, each.interval.high) if each.interval else (None, None)
            rows.append((each.definition.name, column, group, each.value, each.n, each.unknown, *ends))
    return rows


if __name__ == "__main__":
    begun = time.perf_counter()
    limited = {"memory_limit": sys.argv[2], "temp_directory": f"{sys.argv[1]}.spilt"} if len(sys.argv) > 2 else {}
    with duckdb.connect(config={"preserve_insertion_order": False, **limited}) as database:
        store = DuckDBStore(database)
        journeys = build(log(Path(sys.argv[1]), store), store)
        built = time.perf_counter() - begun
        told = measure(journeys, store)
        seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "building": built, "measures": len(told), "figures": figures(told)}))
