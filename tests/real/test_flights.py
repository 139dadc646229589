"""A third of a million flights in delay bands: one by one, in batch, and straight from the source's delays."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from makegood.analytics.batch import run
from makegood.records import Rejects, TableFile, read_mapping, read_table
from makegood.rules import Outcome, evaluate_all, read_pledge
from makegood.samples import sample
from makegood.schemes import CALENDARS
from tests.real import flights

FLIGHTS = sample("flights")


def judged(table: Path) -> list[Outcome]:
    """How every flight of a table stands by the shipped promise."""
    pledge = read_pledge(FLIGHTS.text)
    rejects = Rejects()
    file = TableFile(path=table, mapping=read_mapping(FLIGHTS.mapping.read_text(encoding="utf-8")))
    outcomes = evaluate_all(pledge, read_table(file, pledge, rejects), as_of=FLIGHTS.as_of, calendars=CALENDARS)
    assert not rejects
    return outcomes


def test_the_shipped_table_is_every_fiftieth_flight_of_the_source() -> None:
    rows = [",".join(row) for row in flights.flights(every=flights.EVERY, most=5_000)]
    with gzip.open(FLIGHTS.table, "rt", encoding="utf-8") as file:
        shipped = file.read().splitlines()
    assert shipped[0] == ",".join(flights.COLUMNS)
    assert shipped[1 : len(rows) + 1] == rows
    assert len(shipped) == 1 + 336_776 // flights.EVERY + 1


def test_the_sample_of_flights_is_owed_what_its_bands_say() -> None:
    outcomes = judged(FLIGHTS.table)
    assert len(outcomes) == 6_736
    assert sum(outcome.owed for outcome in outcomes) == 77_710


@pytest.mark.parametrize(
    ("text", "minutes"), [("5", 5), ("1545", 15 * 60 + 45), ("2400", 0), ("0", 0), ("2359", 24 * 60 - 1)]
)
def test_clock_times_are_read_as_the_source_writes_them(text: str, minutes: int) -> None:
    assert flights.clock_minutes(text) == minutes


def test_flights_are_in_the_bands_of_their_recorded_delays(tmp_path: Path) -> None:
    table = tmp_path / "flights.csv.gz"
    assert flights.write_table(table, every=10) == 33_678
    assert Counter(flights.band_of(outcome) for outcome in judged(table)) == flights.by_hand(every=10)


@pytest.fixture(scope="module")
def all_flights(tmp_path_factory: pytest.TempPathFactory) -> TableFile:
    path = tmp_path_factory.mktemp("flights") / "flights.csv.gz"
    assert flights.write_table(path) == 336_776
    return TableFile(path=path, mapping=read_mapping(FLIGHTS.mapping.read_text(encoding="utf-8")))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["batch", "polars"])
def test_in_batch_every_flight_is_in_the_band_of_its_recorded_delay(
    all_flights: TableFile, engine: str, tmp_path: Path
) -> None:
    output = tmp_path / "outcomes.csv"
    pledge, as_of = read_pledge(FLIGHTS.text), FLIGHTS.as_of
    run(pledge, all_flights, as_of=as_of, calendars=CALENDARS, output=output, engine=engine, no_fallback=True)
    found: Counter[tuple[bool, Decimal]] = Counter()
    with output.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[bool(row["finished_at"]), Decimal(row["owed_gbp"])] += 1
    by_hand = {(words != flights.NEVER[0], Decimal(owed)): n for (words, owed), n in flights.by_hand().items()}
    assert found == by_hand


@pytest.mark.slow
def test_the_instants_that_we_built_show_the_recorded_clock_time_of_arrival() -> None:
    assert flights.agreeing_arrivals() == (327_345, 327_346)
