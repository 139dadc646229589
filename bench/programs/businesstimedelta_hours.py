"""The yardstick businesstimedelta: the deadlines of call-back.yaml, forty hours of Monday to Friday from 9 to 5.

Runs in an environment of its own. Arguments: the folder with the cases, how many. Fails when a deadline is not the
one that the library wrote into deadlines.csv; prints how many seconds it took.
"""

import json
import sys
import time
from datetime import date, datetime
from datetime import time as clock
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import businesstimedelta  # type: ignore[import-not-found]  # it lives in the yardstick's own environment
import pytz  # type: ignore[import-untyped,unused-ignore]  # as above; what businesstimedelta wants as a zone

ZONE = pytz.timezone("Europe/London")


def main(folder: str, count: str) -> None:
    """Work the deadlines out and compare them."""
    with (Path(folder) / "people.jsonl").open(encoding="utf-8") as file:
        cases = [json.loads(line) for line in islice(file, int(count))]
    days = json.loads((Path(folder) / "calendar.json").read_text(encoding="utf-8"))
    closed = {date.fromisoformat(day["day"]) for day in days if day["opened"] == day["opened_before"]}
    holidays = {day for day in closed if day.weekday() < 5}
    open_hours = businesstimedelta.WorkDayRule(
        start_time=clock(9), end_time=clock(17), working_days=[0, 1, 2, 3, 4], tz=ZONE
    )
    rules = businesstimedelta.Rules([open_hours, businesstimedelta.HolidayRule(holidays, tz=ZONE)])
    limit = businesstimedelta.BusinessTimeDelta(rules, hours=40)
    starts = [datetime.fromisoformat(case["reported"]) for case in cases]
    begun = time.perf_counter()
    deadlines = [start + limit for start in starts]
    seconds = time.perf_counter() - begun
    ours = dict(line.split(",") for line in (Path(folder) / "deadlines.csv").read_text(encoding="utf-8").split())
    for case, deadline in zip(cases, deadlines, strict=True):
        if f"{deadline.timestamp():.0f}" != ours[case["case_id"]]:
            sys.exit(f"case {case['case_id']}: {deadline.isoformat()}, the library says {ours[case['case_id']]}")
    print(json.dumps({"cases": len(cases), "seconds": seconds, "version": version("businesstimedelta")}))


if __name__ == "__main__":
    main(*sys.argv[1:])
