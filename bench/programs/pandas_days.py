"""The yardstick pandas: the same promise with CustomBusinessDay, on whole columns wherever pandas can.

Runs in an environment of its own. Arguments: the folder with the cases, how many, the file for the results, the
instant from which one looks. Prints the seconds from ready columns to outcomes; reading and writing are not counted.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy  # type: ignore[import-not-found]  # it lives in the yardstick's own environment
import pandas  # type: ignore[import-untyped]  # as numpy

LIMITS = {"danger": 1, "lamp": 5, "sign": 5, "pothole": 10, "drain": 20}


def judge(cases: pandas.DataFrame, holidays: list[str], as_of: pandas.Timestamp) -> pandas.DataFrame:
    """The outcome of each case."""
    repaired = cases.repaired.where(cases.repaired <= as_of)
    started, ended = _local_day(cases.reported), _local_day(repaired.fillna(as_of))
    due = started.copy()
    for kind, days in LIMITS.items():
        of_kind = started[cases.kind == kind]
        due[of_kind.index] = of_kind + pandas.offsets.CustomBusinessDay(days, holidays=holidays)
    day_after, last = (due + pandas.Timedelta(days=1)).to_numpy("datetime64[D]"), ended.to_numpy("datetime64[D]")
    late = numpy.busday_count(day_after, last, holidays=holidays)
    pence = numpy.where(
        cases.customer == "household",
        numpy.where(late < 2, 500, numpy.minimum(1000 + 250 * late, 8000)),
        numpy.where(late < 2, 1000, numpy.minimum(2000 + 600 * late, 20000)),
    )
    kinds = [cases.no_access == "yes", ended > due, repaired.isna()]
    status = numpy.select(kinds, ["excused", "broken", "running"], default="kept")
    ends = (due + pandas.Timedelta(hours=23, minutes=59, seconds=59)).dt.tz_localize("Europe/London")
    owed = numpy.where(status == "broken", pence, 0) / 100
    return pandas.DataFrame({"case_id": cases.case_id, "status": status, "due_at": ends, "owed_gbp": owed})


def _local_day(instants: pandas.Series) -> pandas.Series:
    return instants.dt.tz_convert("Europe/London").dt.tz_localize(None).dt.normalize()


def main(folder: str, count: str, results: str, as_of: str) -> None:
    """Judge the first cases of the folder and write the outcomes."""
    days = json.loads((Path(folder) / "calendar.json").read_text(encoding="utf-8"))
    closed = [day["day"] for day in days if day["opened"] == day["opened_before"]]
    holidays = [day for day in closed if pandas.Timestamp(day).weekday() < 5]
    cases = pandas.read_parquet(Path(folder) / "people.parquet").head(int(count))
    warnings.simplefilter("ignore", pandas.errors.PerformanceWarning)
    begun = time.perf_counter()
    outcomes = judge(cases, holidays, pandas.Timestamp(as_of))
    seconds = time.perf_counter() - begun
    outcomes.to_parquet(results)
    print(json.dumps({"cases": len(cases), "seconds": seconds, "version": pandas.__version__}))


if __name__ == "__main__":
    main(*sys.argv[1:])
