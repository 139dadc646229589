"""Journeys and all their measures, over all and by need, organisation and channel, from a Parquet file.

Argument: the file. Prints the seconds from the file to the measures, how many there are, how long the journeys alone
took, and those figures that are worked out by hand too.
"""

import json
import sys
import time
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import CONTACT_COLUMNS, ITEM_COLUMNS, Log
from makegood.analytics.journeys.measures import measure
from makegood.analytics.journeys.store import DuckDBStore

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


if __name__ == "__main__":
    begun = time.perf_counter()
    store = DuckDBStore(duckdb.connect(config={"preserve_insertion_order": False}))
    journeys = build(log(Path(sys.argv[1]), store), store)
    built = time.perf_counter() - begun
    told = measure(journeys, store)
    seconds = time.perf_counter() - begun
    wanted = ("contacts_per_outcome", "hand_overs", "avoidable_contact")
    figures = {each.definition.name: each.value for each in told if not each.by and each.definition.name in wanted}
    print(json.dumps({"seconds": seconds, "building": built, "measures": len(told), **figures}))
