"""The yardstick for journeys and their measures, like with like: by hand in DuckDB SQL, with all that is told.

Argument: the Parquet file. Prints the seconds from the file to the figures, and for each of the three measures, over
all and for each need, organisation and channel, its value, what it rests on, what is unknown, and its interval.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb

from makegood.analytics.journeys.measures.reasons import default_reasons

SQL = Path(__file__).with_name("journeys_measures_whole_by_hand.sql")
_BLOCKS, _DRAWS, _SEED = 100, 1_000, 20_26


def figures(file: str) -> list[tuple[object, ...]]:
    """The rows of the last query. The draws are those of the library: by chance alone no two intervals are alike."""
    database = duckdb.connect(config={"preserve_insertion_order": False})
    chance = random.Random(_SEED)
    draws = [Counter(chance.choices(range(_BLOCKS), k=_BLOCKS)) for _ in range(_DRAWS)]
    drawn = [(draw, place, times) for draw, places in enumerate(draws) for place, times in places.items()]
    _table(database, "draws", {"draw": "INTEGER", "place": "INTEGER", "times": "INTEGER"}, drawn)
    _table(database, "words", {"word": "VARCHAR", "avoidable": "BOOLEAN"}, _words())
    *made, last = SQL.read_text(encoding="utf-8").replace("$file", file).split(";\n\n")
    for query in made:
        database.execute(query)
    return database.execute(last).fetchall()


def _words() -> list[tuple[str, bool]]:
    """Every word of the list of reasons as a log may spell it, in small letters and with spaces."""
    reasons = default_reasons()
    words = {word: True for each in reasons.reasons for word in (each.code, each.title, *each.also)}
    words |= dict.fromkeys(("not avoidable", *reasons.not_avoidable), False)
    return [(word.lower().replace("_", " ").replace("-", " "), avoidable) for word, avoidable in words.items()]


def _table(
    database: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: Sequence[tuple[object, ...]]
) -> None:
    parts = ", ".join(f"unnest(?::{kind}[]) AS {column}" for column, kind in columns.items())
    values = [list(column) for column in zip(*rows, strict=True)]
    database.execute(f"CREATE TEMP TABLE {name} AS SELECT {parts}", values)


if __name__ == "__main__":
    begun = time.perf_counter()
    told = figures(sys.argv[1])
    print(json.dumps({"seconds": time.perf_counter() - begun, "figures": told}))
