"""The worked example “out of work in Anyborough”: a made-up contact log, and the causes that were planted in it.

Anyborough does not exist and nothing here was measured. `python -m makegood.analytics.journeys.example FOLDER` writes
the shipped files into a folder; with `--seed` it makes another log with the same causes.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

import duckdb

from .... import samples
from ....rules.working_time import DAY, day_number, zone_named
from ....schemes import CALENDARS
from ..columns import MICROSECONDS, Log
from ..logs.writing import write_csv
from ..store import DuckDBStore, Store, Value, log_of
from .anyborough import Place, Story
from .anyborough_needs import Claim, Planted, blue_badge, missed_bin

FOLDER = Path(samples.__file__).parent / "anyborough"
"""Where the shipped files lie, each under its name below."""
LOG, MAPPING, AGREEMENTS, COSTS = "contacts.csv.gz", "mapping.yaml", "agreements.yaml", "costs.yaml"
FILES = (LOG, MAPPING, AGREEMENTS, COSTS)

SEED = 3
"""The seed of the shipped log."""
BEGAN, SHARED, ENDED = date(2024, 10, 1), date(2025, 10, 1), date(2026, 3, 31)
"""A year before the change; from `SHARED` on, the council uses what the Jobcentre holds; the last day of the log."""
PLANTED = Planted()

_CALENDAR = "england-and-wales"
_CLAIMS, _BADGES, _BINS = 1_350, 300, 900


@dataclass(frozen=True, kw_only=True)
class Example:
    """A made-up log and what was planted in it.

    `contacts` and `items` are rows of `CONTACT_COLUMNS` and `ITEM_COLUMNS`, contacts in their order; `shares_from` is
    the instant of the change.
    """

    contacts: Sequence[Mapping[str, Value]]
    items: Sequence[Mapping[str, Value]]
    planted: Planted
    shares_from: datetime

    def log(self, store: Store) -> Log:
        """The log, as if it had been read from a file."""
        return log_of(store, self.contacts, self.items)


def made(seed: int = SEED, planted: Planted = PLANTED) -> Example:
    """Anyborough's contacts of a year and a half; the same seed makes the same.

    Each customer has a chance of their own, so that another cause changes only the journeys that it touches.
    """
    place = Place(CALENDARS[_CALENDAR], day_number(BEGAN), day_number(ENDED))
    zone = zone_named(CALENDARS[_CALENDAR].zone)
    end = zone.instant((day_number(ENDED) + 1) * DAY, later=False) * MICROSECONDS
    told = [pair for story in _stories(place, planted, seed) for pair in story.contacts if _start(pair[0]) < end]
    told.sort(key=lambda pair: (_start(pair[0]), str(pair[0]["subject"]), str(pair[0]["activity"])))
    contacts: list[Mapping[str, Value]] = []
    items: list[Mapping[str, Value]] = []
    for number, (row, its_items) in enumerate(told, 1):
        contact = f"C{number:05}"
        contacts.append({"contact": contact, **row})
        items += [{"contact": contact, **item} for item in its_items]
    shares_from = zone.datetime(zone.instant(day_number(SHARED) * DAY, later=False))
    return Example(contacts=contacts, items=items, planted=planted, shares_from=shares_from)


def _stories(place: Place, planted: Planted, seed: int) -> Iterator[Story]:
    for number in range(_CLAIMS):
        yield Claim(place, planted, day_number(SHARED), number, _chance(seed, "claim", number)).told()
    for number in range(_BADGES):
        yield blue_badge(place, planted, _chance(seed, "badge", number))
    for number in range(_BINS):
        yield missed_bin(place, planted, _chance(seed, "bin", number))


def _chance(seed: int, what: str, number: int) -> Random:
    return Random(f"{seed} {what} {number}")  # noqa: S311 - a fixed seed is wanted: the same example everywhere


def _start(row: Mapping[str, Value]) -> int:
    start = row["start"]
    assert isinstance(start, int)
    return start


def write_log(example: Example, path: Path) -> None:
    """Write the log as CSV, packed where the name ends in `.gz`; its columns are called as ours are."""
    with duckdb.connect() as database:
        store = DuckDBStore(database)
        write_csv(example.log(store), store, path)


def copy_to(folder: Path, seed: int = SEED) -> None:
    """Put the example's files into a folder, made if need be: those that ship, or with another seed, another log."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if name == LOG and seed != SEED:
            write_log(made(seed), folder / name)
        else:
            shutil.copyfile(FOLDER / name, folder / name)


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m makegood.analytics.journeys.example FOLDER`."""
    parser = argparse.ArgumentParser(prog="python -m makegood.analytics.journeys.example", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to put the files")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed makes another log with the same causes")
    given = parser.parse_args(arguments)
    copy_to(given.folder, given.seed)
    print("\n".join(str(given.folder / name) for name in FILES))
