"""A third of a million flights in delay bands: scalar, and straight from the source's delays."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest

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
    rows = [",".join(row) for index, row in enumerate(flights.flights(most=1_000)) if index % flights.EVERY == 0]
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


@pytest.mark.slow
def test_every_flight_is_in_the_band_of_its_recorded_delay(tmp_path: Path) -> None:
    table = tmp_path / "flights.csv.gz"
    assert flights.write_table(table) == 336_776
    assert Counter(flights.band_of(outcome) for outcome in judged(table)) == flights.by_hand()


@pytest.mark.slow
def test_the_instants_that_we_built_show_the_recorded_clock_time_of_arrival() -> None:
    assert flights.agreeing_arrivals() == (327_345, 327_346)
