"""Whatever the log: both engines build what plain Python builds, in any order of rows, and again from a part."""

from __future__ import annotations

import random
from typing import Any

import duckdb
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from makegood.analytics.journeys.building import DAY, Rules, build
from makegood.analytics.journeys.columns import JOURNEY_COLUMNS, WHOLE_COLUMNS, Journeys
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store, log_of

from .journeys_by_hand import journeys_by_hand

NAMES = st.sampled_from(["a", "b", "NA", "a/b", ""])
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "case": NAMES,
    "subject": NAMES,
    "need": NAMES,
    "organisation": NAMES,
    "team": NAMES,
    "channel": NAMES,
    "end": st.integers(0, 12).map(lambda days: days * DAY),
    "completed": st.booleans(),
    "reference": NAMES,
    "follows": st.sampled_from(["a", "b", "a/b", "a/a", "a/b/a", "NA/b", "/", ""]),
    "handed_to": NAMES,
}


@st.composite
def logs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Few names and few days, so that much is alike; any columns missing."""
    columns = sorted(draw(st.sets(st.sampled_from(sorted(COLUMNS)), min_size=1)))
    nulls = draw(st.sampled_from([0, 1, 3]))
    rows = []
    for number in range(draw(st.integers(1, 14))):
        row: dict[str, Any] = {
            "contact": draw(st.sampled_from(["x", "y", '"', "'"])) + str(number),
            "start": draw(st.integers(0, 8)) * DAY,
            "sequence": draw(st.integers(0, 1)),
        }
        for column in columns:
            row[column] = None if draw(st.integers(0, 3)) < nulls else draw(COLUMNS[column])
        rows.append(row)
    return rows


RULES = st.builds(
    Rules, gap_days=st.integers(0, 4), gaps=st.dictionaries(st.sampled_from(["a", "NA", "q"]), st.integers(0, 8))
)


def told(store: Store, journeys: Journeys) -> tuple[dict[str, Any], dict[str, Any]]:
    contacts = store.rows(journeys.contacts.select("contact", *JOURNEY_COLUMNS))
    whole = store.rows(journeys.whole)
    assert set(journeys.whole.collect_schema()) == set(WHOLE_COLUMNS)
    return {row.pop("contact"): row for row in contacts}, {row["journey"]: row for row in whole}


def check(store: Store, rows: list[dict[str, Any]], rules: Rules, shuffle: random.Random) -> None:
    expected = journeys_by_hand(rows, frozenset(column for row in rows for column in row), rules)
    shuffle.shuffle(rows)
    assert told(store, build(log_of(store, rows), store, rules)) == expected


@given(logs(), RULES, st.randoms(use_true_random=False))
def test_polars_builds_what_plain_python_builds_in_any_order_of_rows(
    rows: list[dict[str, Any]], rules: Rules, shuffle: random.Random
) -> None:
    check(PolarsStore(), rows, rules, shuffle)


@given(logs(), RULES, st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_duckdb_builds_what_plain_python_builds_in_any_order_of_rows(
    rows: list[dict[str, Any]], rules: Rules, shuffle: random.Random
) -> None:
    check(DuckDBStore(duckdb.connect()), rows, rules, shuffle)


@given(logs(), RULES)
@settings(max_examples=20)
def test_the_contacts_of_a_journey_built_alone_are_the_same_journey(rows: list[dict[str, Any]], rules: Rules) -> None:
    # Which organisations use a reference that is quoted bare is seen in the whole log alone.
    users = {(row.get("reference"), row.get("organisation")) for row in rows}
    assume(not any(sum(used == row.get("follows") for used, _ in users) > 1 for row in rows))
    store = PolarsStore()
    contacts, whole = told(store, build(log_of(store, rows), store, rules))
    for journey, expected in whole.items():
        of_whole_log = {"number": expected["number"], "block": expected["block"]}
        part = [row for row in rows if contacts[row["contact"]]["journey"] == journey]
        again, again_whole = told(store, build(log_of(store, part), store, rules))
        assert again_whole[journey] | of_whole_log == expected
        for contact, row in again.items():
            assert row | of_whole_log == contacts[contact]
