"""The yardstick for the compiled program: the same promise by hand in DuckDB SQL.

Arguments: the folder with the cases, the file for the results, the instant from which one looks.
"""

import sys
from pathlib import Path

import duckdb

SQL = Path(__file__).with_name("by_hand.sql")


def by_hand(folder: str, results: str, as_of: str) -> None:
    """Judge the folder's cases and write one row each."""
    database = duckdb.connect(config={"preserve_insertion_order": False})
    database.execute("SET TimeZone = 'UTC'")
    sql = SQL.read_text(encoding="utf-8")
    for name, value in {"$folder": folder, "$results": results, "$as_of": as_of}.items():
        sql = sql.replace(name, value)
    database.execute(sql)


if __name__ == "__main__":
    by_hand(*sys.argv[1:])
