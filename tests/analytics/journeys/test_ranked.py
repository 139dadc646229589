"""Ranks of a column are those of its sorted values, over all and in each group, however the values are spread."""

from __future__ import annotations

from statistics import median

import duckdb
import narwhals.stable.v2 as nw
from hypothesis import given
from hypothesis import strategies as st

from makegood.analytics.journeys.measure import Definition
from makegood.analytics.journeys.measures.ranked import Rank, ranks
from makegood.analytics.journeys.measures.ratios import MOST_GROUPS
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store

MIDDLE = Rank(
    definition=Definition(
        name="middle", title="", unit="days", of="journeys", says="", formula="", source="", needs=()
    ),
    share=0.5,
    value="took",
)  # fmt: skip
Told = dict[tuple[str, str], tuple[float | None, int, int]]

VALUES = st.one_of(st.none(), st.integers(-3, 3), st.integers(-(10**15), 10**15))
"""Many alike, none at all, and few that lie so far off that nearly all others fall into one bin."""


def told(store: Store, rows: list[tuple[str | None, int | None]]) -> Told:
    frame = store.frame({"need": nw.String, "took": nw.Int64}, [{"need": need, "took": took} for need, took in rows])
    found = ranks(frame, {"took": nw.col("took")}, [MIDDLE], store=store, by=["need"], known={"need"})
    return {next(iter(each.by.items()), ("", "")): (each.value, each.n, each.unknown) for each in found}


def by_hand(rows: list[tuple[str | None, int | None]]) -> Told:
    groups: dict[tuple[str, str], list[int | None]] = {("", ""): []}
    for need, took in rows:
        groups["", ""].append(took)
        if need is not None:
            groups.setdefault(("need", need), []).append(took)
    known = {key: [each for each in took if each is not None] for key, took in groups.items()}
    return {
        key: (median(known[key]) if known[key] else None, len(known[key]), len(took) - len(known[key]))
        for key, took in groups.items()
    }


@given(st.lists(st.tuples(st.sampled_from([None, "", "rent", "NA"]), VALUES), max_size=30))
def test_the_middle_of_each_group_is_that_of_its_sorted_values(rows: list[tuple[str | None, int | None]]) -> None:
    assert told(PolarsStore(), rows) == by_hand(rows)


def test_both_engines_find_the_middle_among_values_far_apart() -> None:
    rows: list[tuple[str | None, int | None]] = [("a", 10**12), *(("b", place) for place in range(100)), ("a", None)]
    for store in (PolarsStore(), DuckDBStore(duckdb.connect())):
        assert told(store, rows) == by_hand(rows)


def test_only_the_groups_with_most_rows_are_told() -> None:
    rows: list[tuple[str | None, int | None]] = [(f"need {place:03}", 1) for place in range(MOST_GROUPS + 20)]
    rows += [("need 219", 1)]
    for store in (PolarsStore(), DuckDBStore(duckdb.connect())):
        found = {group for _, group in told(store, rows) if group}
        assert len(found) == MOST_GROUPS
        assert {"need 219", "need 000"} <= found
        assert "need 218" not in found
