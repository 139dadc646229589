"""The compiled program alone: from cases in memory to outcomes in memory, as the other libraries are measured.

Argument: the folder with the cases. Prints the seconds, compiling included; reading and writing files are not counted.
The outcomes have the same columns as theirs.
"""

import json
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bench.promises import AS_OF, HERE, promise
from makegood.analytics.batch import compiled
from makegood.analytics.conversions import text
from makegood.analytics.on_duckdb import TYPED, DuckDB
from makegood.analytics.staging import Stage, connected
from makegood.records import Rejects, TableFile, read_mapping
from makegood.rules.working_time import seconds_of
from makegood.schemes import CALENDARS


def main(folder: str) -> None:
    """Judge the folder's cases."""
    path, pledge, as_of = Path(folder) / "cases.parquet", promise("street-repair"), seconds_of(AS_OF)
    columns = HERE / "street-repair-columns.yaml"
    source = TableFile(path=path, mapping=read_mapping(columns.read_text(encoding="utf-8"), str(columns)))
    with tempfile.TemporaryDirectory() as made, connected(Path(made)) as database:
        read = f"read_parquet({text(str(path))})"
        database.execute(f"CREATE TEMP TABLE cases AS FROM {read}")
        with closing(Stage(database, Path(made), pledge, source, as_of, Rejects())) as stage:
            staged = stage.staged()
        begun = time.perf_counter()
        engine = DuckDB(database, Path(made))
        (frame,), _ = compiled(pledge, CALENDARS, engine, replace(staged, sql=staged.sql.replace(read, "cases")), as_of)
        program = frame.to_native().sql_query()
        answers = f"SELECT case_id, status, due_at, owed_gbp FROM (SELECT {TYPED} FROM ({program}))"
        database.execute(f"CREATE TEMP TABLE outcomes AS {answers}")
        seconds = time.perf_counter() - begun
        (cases,) = database.execute("SELECT count(*) FROM outcomes").fetchone() or (0,)
    print(json.dumps({"cases": cases, "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
