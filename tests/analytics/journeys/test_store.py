"""What a store keeps is the same however it was worked out."""

from __future__ import annotations

from operator import itemgetter

import duckdb
import narwhals.stable.v2 as nw
import pytest

from makegood.analytics.journeys.store import Columns, DuckDBStore, PolarsStore, Store, Value, put_beside

ROWS: list[dict[str, Value]] = [{"number": 1, "a": 10}, {"number": 2, "a": 20}, {"number": 3, "a": 30}]
SIDES: list[tuple[Columns, list[dict[str, Value]]]] = [
    ({"number": nw.Int64, "b": nw.String}, [{"number": 2, "b": "two"}, {"number": 1, "b": "one"}]),
    ({"number": nw.Int64, "c": nw.Int64}, [{"number": 3, "c": 300}]),
]


@pytest.fixture(params=["duckdb", "polars"])
def store(request: pytest.FixtureRequest) -> Store:
    """Either engine."""
    return DuckDBStore(duckdb.connect()) if request.param == "duckdb" else PolarsStore()


@pytest.mark.parametrize("most", [0, 3])
@pytest.mark.parametrize("sides", [0, 1, 2])
def test_columns_are_put_beside_rows_alike_at_once_and_one_after_another(store: Store, most: int, sides: int) -> None:
    rows = store.frame({"number": nw.Int64, "a": nw.Int64}, ROWS)
    frames = [store.frame(columns, told) for columns, told in SIDES[:sides]]
    beside = put_beside(store, rows, frames, on="number", most=most)
    store.drop(rows, *frames)  # what is kept stands alone
    more: list[dict[str, Value]] = [{"b": "one", "c": None}, {"b": "two", "c": None}, {"b": None, "c": 300}]
    told = [{**row, **{name: each[name] for name in ("b", "c")[:sides]}} for row, each in zip(ROWS, more, strict=True)]
    assert sorted(store.rows(beside), key=itemgetter("number")) == told
    store.drop(beside)
