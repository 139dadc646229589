"""What hangs together is found, however the nodes are numbered and however long the chain is."""

from __future__ import annotations

import random
from itertools import pairwise

import duckdb
import narwhals.stable.v2 as nw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.analytics.journeys.components import components
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store


def found(store: Store, pairs: list[tuple[int, int]]) -> dict[int, int]:
    frame = store.frame({"a": nw.Int64, "b": nw.Int64}, [{"a": a, "b": b} for a, b in pairs])
    rows = store.rows(components(frame, store))
    assert len({row["node"] for row in rows}) == len(rows)
    return {row["node"]: row["least"] for row in rows}


def spread(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """The same, by spreading the least label until nothing changes."""
    label = {node: node for pair in pairs for node in pair}
    changed = True
    while changed:
        changed = False
        for pair in pairs:
            least = min(label[node] for node in pair)
            changed = changed or any(label[node] != least for node in pair)
            label.update(dict.fromkeys(pair, least))
    return {node: least for node, least in label.items() if node != least}


@given(st.lists(st.tuples(st.integers(-5, 15), st.integers(-5, 15)), max_size=15))
def test_the_least_node_of_all_that_hang_together_is_found(pairs: list[tuple[int, int]]) -> None:
    assert found(PolarsStore(), pairs) == spread(pairs)


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
@pytest.mark.parametrize("mixed", [False, True])
def test_chains_of_a_thousand_links_end_in_whatever_order_their_nodes_are_numbered(engine: str, mixed: bool) -> None:
    store: Store = DuckDBStore(duckdb.connect()) if engine == "duckdb" else PolarsStore()
    nodes = list(range(1_001))
    if mixed:
        random.Random(7).shuffle(nodes)
    pairs = list(pairwise(nodes))
    assert found(store, [*pairs, (2_000, 2_001)]) == {**dict.fromkeys(range(1, 1_001), 0), 2_001: 2_000}
