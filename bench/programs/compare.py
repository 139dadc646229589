"""Whether two result files say the same: a benchmark whose answers differ is none.

Arguments: two files (Parquet or JSON lines), how many sampled cases at most. All columns that both have are compared;
the first file may have more cases. Prints how many cases were compared; fails with the first difference.
"""

import json
import sys

import duckdb

_AS_ONE = {  # how each column is brought to one form, whatever its type in the file
    "due_at": "epoch(CAST(due_at AS TIMESTAMPTZ))::BIGINT",
    "finished_at": "epoch(CAST(nullif(CAST(finished_at AS VARCHAR), '') AS TIMESTAMPTZ))::BIGINT",
    "owed_gbp": "CAST(owed_gbp AS DECIMAL(18, 2))",
    "lateness": "CAST(lateness AS BIGINT)",
}


def compare(ours: str, theirs: str, sample: int) -> int:
    """How many cases were compared. Exits with the first difference."""
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    sources = {name: _source(file) for name, file in (("ours", ours), ("theirs", theirs))}
    columns = [_columns(database, source) for source in sources.values()]
    shared = [name for name in columns[0] if name in columns[1]]
    forms = ", ".join(f"{_AS_ONE.get(name) or f'coalesce({name}, $$$$)'} AS {name}" for name in shared)
    total = database.execute(f"SELECT count(*) FROM {sources['theirs']}").fetchall()[0][0]
    every = max(total // sample, 1)
    for name, source in sources.items():
        database.execute(f"CREATE TABLE {name} AS SELECT {forms} FROM {source} WHERE hash(case_id) % {every} = 0")
    database.execute("DELETE FROM ours WHERE case_id > (SELECT max(case_id) FROM theirs)")
    for one, other in (("ours", "theirs"), ("theirs", "ours")):
        odd = database.execute(f"FROM {one} EXCEPT ALL FROM {other} ORDER BY case_id LIMIT 1").fetchall()
        if odd:
            met = database.execute(f"FROM {other} WHERE case_id = ?", [odd[0][shared.index("case_id")]]).fetchall()
            sys.exit(f"the answers differ in {', '.join(shared)}: {one} {odd[0]}, {other} {met or 'no such case'}")
    return int(database.execute("SELECT count(*) FROM theirs").fetchall()[0][0])


def _source(file: str) -> str:
    return (
        f"read_parquet('{file}')" if file.endswith(".parquet") else f"read_json('{file}', format = 'newline_delimited')"
    )


def _columns(database: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    return [row[0] for row in database.execute(f"DESCRIBE FROM {source}").fetchall()]


if __name__ == "__main__":
    print(json.dumps({"cases": compare(sys.argv[1], sys.argv[2], int(sys.argv[3]))}))
