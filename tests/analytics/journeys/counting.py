"""Small journeys written down contact by contact, and their measures on both engines: what their tests share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import duckdb
import narwhals.stable.v2 as nw

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import Journeys, Log
from makegood.analytics.journeys.measure import Measure
from makegood.analytics.journeys.measures.settings import Settings
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store, log_of

HOUR = 3_600_000_000
DAY = 24 * HOUR
MONDAY = int(datetime(2026, 6, 1, 9, tzinfo=UTC).timestamp()) * 1_000_000
"""A Monday at nine in UTC, which is ten in London."""

BY = ("need", "organisation", "channel")
Row = Mapping[str, Any]


def at(day: float, hours: float = 0) -> int:
    """The instant so many days, and hours, after `MONDAY`."""
    return MONDAY + round(day * DAY + hours * HOUR)


def stores() -> list[Store]:
    """One of each engine."""
    return [DuckDBStore(duckdb.connect()), PolarsStore()]


def without(log: Log, column: str, store: Store) -> Log:
    """The log as if its source did not have a column, or a way in which items are noted."""
    known = log.known - {column}
    if column in ("asked", "given", "held"):
        return replace(log, items=log.items.filter(nw.col("how") != column), known=known)
    kind = log.contacts.collect_schema()[column]
    return replace(log, contacts=log.contacts.with_columns(nw.lit(None, kind).alias(column)), known=known)


def journeys_of(
    contacts: Sequence[Row], items: Sequence[Row] = (), *, store: Store, lacks: str = ""
) -> Journeys:  # fmt: skip
    """The journeys of contacts of which each names its journey as its `case`."""
    log = log_of(store, contacts, items)
    return build(without(log, lacks, store) if lacks else log, store)


Found = dict[tuple[str, frozenset[tuple[str, str]]], Measure]
"""Measures by name and by the part that they tell of."""


def measured(
    module: ModuleType,
    contacts: Sequence[Row],
    items: Sequence[Row] = (),
    *,
    settings: Settings | None = None,
    by: Sequence[str] = (),
    lacks: str = "",
) -> Found:
    """The measures of a module, which have to be the same on both engines."""
    both = []
    for store in stores():
        journeys = journeys_of(contacts, items, store=store, lacks=lacks)
        told = module.measures(journeys, store, settings or Settings(), by)
        found = {(each.definition.name, frozenset(each.by.items())): each for each in told}
        assert len(found) == len(told), "a measure twice"
        both.append(found)
    assert both[0] == both[1]
    return both[0]


def of(found: Found, name: str, **by: str) -> Measure:
    """One of the measures."""
    return found[name, frozenset(by.items())]


def gone_without(
    module: ModuleType, columns: Sequence[str], *rows: Sequence[Row], settings: Settings | None = None
) -> dict[str, set[str]]:
    """For each column the measures that turn unknown, and say so, when it is deleted; all the others must stay."""
    before = measured(module, *rows, settings=settings)
    found = {}
    for column in columns:
        after = measured(module, *rows, settings=settings, lacks=column)
        gone = {name for (name, by), each in after.items() if not by and column in each.lacks}
        for (name, part), each in before.items():
            if name in gone:
                assert after[name, frozenset()].value is None
            else:
                assert after[name, part] == each, (column, name)
        found[column] = gone
    return found
