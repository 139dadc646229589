"""The same contacts give the same measures to the last bit, whatever their order and however the work is shared out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import pytest

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import CONTACT_COLUMNS, ITEM_COLUMNS, Log
from makegood.analytics.journeys.costs import ContactCost, Cost, UnitCosts
from makegood.analytics.journeys.measure import Measure
from makegood.analytics.journeys.measures import Settings, measure
from makegood.analytics.journeys.store import DuckDBStore

CONTACTS = 130_000  # more than the engine gives to one worker, so that sums are put together from parts
DAY = 86_400_000_000
MADE = f"""
    SELECT 'c' || i AS contact, 's' || (hash(i) % 20000) AS subject,
        ['rent', 'claim', NULL][(1 + hash(i + 1) % 3)::INTEGER] AS need,
        ['council', 'college', 'health', 'tax office'][(1 + hash(i + 2) % 4)::INTEGER] AS organisation,
        ['web', 'visit', 'telephone'][(1 + hash(i + 3) % 3)::INTEGER] AS channel,
        (hash(i + 4) % (200 * {DAY}))::BIGINT AS start,
        0::BIGINT AS sequence, hash(i + 5) % 3 = 0 AS resolved, hash(i + 6) % 4 = 0 AS completed,
        ['not avoidable', 'progress chasing', NULL][(1 + hash(i + 7) % 3)::INTEGER] AS reason_adviser,
        (hash(i + 8) % 1000) / 7 AS minutes, (hash(i + 9) % 1000) / 11 AS travel_minutes,
        (hash(i + 10) % 100) / 13 AS travel_miles, 1 + (hash(i + 11) % 100) / 17 AS weight
    FROM range({CONTACTS}) AS made(i)
"""
COST = Cost(low=Decimal("1.37"), high=Decimal("4.11"), source="made up", date=date(2026, 4, 1))
COSTS = UnitCosts(contacts=(ContactCost(cost=COST),), hour=COST, mile=COST)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same contacts in two orders."""
    folder = tmp_path_factory.mktemp("orders")
    found: list[Path] = []
    with duckdb.connect() as database:
        for order in ("start", "hash(contact)"):
            found.append(folder / f"{len(found)}.parquet")
            made = f"SELECT * FROM ({MADE}) ORDER BY {order}"
            database.execute(f"COPY ({made}) TO '{found[-1]}' (FORMAT parquet, ROW_GROUP_SIZE 20000)")
    return found


def measures_of(file: Path, threads: int) -> list[Measure]:
    with duckdb.connect(config={"preserve_insertion_order": False, "threads": threads}) as database:
        store = DuckDBStore(database)
        contacts = store.parquet(file)
        known = contacts.collect_schema().names()
        rest = {
            column: nw.lit(0 if column == "offset" else None).cast(kind())
            for column, kind in CONTACT_COLUMNS.items()
            if column not in known
        }
        whole = contacts.with_columns(**rest).select(*CONTACT_COLUMNS)
        log = Log(contacts=whole, items=store.frame(ITEM_COLUMNS, []), known=frozenset(known))
        return measure(build(log, store), store, Settings(costs=COSTS))


def test_order_and_number_of_workers_change_no_measure_by_a_bit(files: list[Path]) -> None:
    first = measures_of(files[0], threads=4)
    assert sum(each.value is not None for each in first) > 200
    for file, threads in ((files[0], 4), (files[1], 1)):
        again = measures_of(file, threads)
        assert [each.by for each in again] == [each.by for each in first]
        assert again == first
