"""Make the input of a run: wide Parquet cases from a seed, and the calendar as two small tables.

Arguments: the folder, the number of cases, the seed, and how many of the first to write again for other libraries.
The same give the same cases, on any machine with the same DuckDB; any number is written in a stream, in bounded memory.
"""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from bench.promises import CALENDAR
from makegood.rules.working_time import DAY, zone_named

_EPOCH = date(1970, 1, 1)
_CASES = """
COPY (
  WITH drawn AS (
    SELECT i, hash(i, $seed, 'kind') % 100 AS kind, hash(i, $seed, 'customer') % 4 AS customer,
      hash(i, $seed, 'access') % 50 AS access, hash(i, $seed, 'done') % 25 AS done,
      (hash(i, $seed, 'reported') % (2500 * 86400))::BIGINT AS seconds,
      (hash(i, $seed, 'took') % 1000000 + 1) / 1000000.0 AS took
    FROM range($cases) AS numbers (i)
  ),
  cases AS (
    SELECT *, TIMESTAMPTZ '2020-01-01 00:00:00+00' + to_seconds(seconds) AS reported,
      CASE WHEN kind < 5 THEN 2 WHEN kind < 60 THEN 8 WHEN kind < 85 THEN 15 ELSE 30 END AS usual_days
    FROM drawn
  )
  SELECT format('C{:09d}', i) AS case_id,
    CASE WHEN kind < 5 THEN 'danger' WHEN kind < 45 THEN 'lamp' WHEN kind < 60 THEN 'sign'
         WHEN kind < 85 THEN 'pothole' ELSE 'drain' END AS kind,
    CASE customer WHEN 0 THEN 'business' ELSE 'household' END AS customer,
    CASE access WHEN 0 THEN 'yes' ELSE 'no' END AS no_access,
    reported,
    CASE WHEN done > 0 THEN reported + to_seconds((-ln(took) * usual_days * 86400)::BIGINT) END AS repaired
  FROM cases
) TO '$file' (FORMAT parquet)
"""


def _iso(column: str) -> str:
    return f"strftime({column}, '%Y-%m-%dT%H:%M:%S+00:00') AS {column}"


def make_cases(folder: Path, cases: int, seed: int, people: int) -> None:
    """Write `cases.parquet`, its first `people` rows as `people.parquet` and `.jsonl`, and the calendar."""
    database = duckdb.connect(config={"preserve_insertion_order": False})
    database.execute("SET TimeZone = 'UTC'")
    sql = _CASES.replace("$seed", str(seed)).replace("$cases", str(cases))
    database.execute(sql.replace("$file", str(folder / "cases.parquet")))
    for name, form in (("people.parquet", "parquet"), ("people.jsonl", "json")):
        times = "reported, repaired" if form == "parquet" else f"{_iso('reported')}, {_iso('repaired')}"
        database.execute(
            f"""COPY (SELECT case_id, kind, customer, no_access, {times} FROM read_parquet('{folder / "cases.parquet"}')
                      WHERE case_id < format('C{{:09d}}', {people}) ORDER BY case_id)
                TO '{folder / name}' (FORMAT {form})"""
        )
    days = calendar_days()
    (folder / "calendar.json").write_text(json.dumps(days), encoding="utf-8")
    database.execute(
        f"""COPY (SELECT day::DATE AS day, opened, opened_before, ends_at::TIMESTAMPTZ AS ends_at
                  FROM read_json('{folder / "calendar.json"}'))
            TO '{folder / "calendar.parquet"}' (FORMAT parquet)"""
    )


def calendar_days() -> list[dict[str, str | int]]:
    """Each day of the calendar: how many open days there were by its end and before it, and when it ends."""
    zone = zone_named(CALENDAR.zone)
    days: list[dict[str, str | int]] = []
    before = 0
    for number in range(CALENDAR.first, CALENDAR.last + 1):
        ends = zone.instant(number * DAY + DAY - 1, later=True)
        days.append(
            {
                "day": (_EPOCH + timedelta(number)).isoformat(),
                "opened": CALENDAR.opened_up_to(number),
                "opened_before": before,
                "ends_at": datetime.fromtimestamp(ends, UTC).isoformat(),
            }
        )
        before = CALENDAR.opened_up_to(number)
    return days


if __name__ == "__main__":
    make_cases(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:]))
