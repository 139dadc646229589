"""Horizontal and vertical integration read on the same journeys, counted on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.costs import ContactCost, Cost, UnitCosts
from makegood.analytics.journeys.measures import Settings
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store, log_of
from makegood.analytics.journeys.trying.readings import readings

DAY = 86_400_000_000
COSTS = UnitCosts(
    contacts=(ContactCost(cost=Cost(low=Decimal(2), high=Decimal(5), source="x", date=date(2026, 1, 1))),)
)


@pytest.fixture(params=[lambda: DuckDBStore(duckdb.connect()), PolarsStore], ids=["duckdb", "polars"])
def store(request: pytest.FixtureRequest) -> Store:
    make: Callable[[], Store] = request.param
    return make()


def contact(name: str, day: float, organisation: str | None, activity: str, **more: Any) -> dict[str, Any]:
    return {
        "contact": name,
        "subject": name[0],
        "need": "out of work",
        "organisation": organisation,
        "activity": activity,
        "kind": "visit",
        "channel": "visit",
        "start": int(day * DAY),
        "minutes": 10.0,
        "travel_minutes": 30.0,
        "travel_miles": 4.0,
        **more,
    }


ROWS = [
    contact("a1", 0, "council", "identity"),
    contact("a2", 1, "Jobcentre", "identity"),  # done by the council already: doubled
    contact("a3", 2, "Jobcentre", "claim"),  # the same place
    contact("a4", 3, "council", "rent"),  # one more place
    contact("a5", 4, "college", "chasing", kind="chase"),  # no step
    contact("a6", 25, "tax office", "code"),  # another place, but three weeks later
    contact("a7", 26, "council", "identity"),  # the Jobcentre did it since: doubled
    contact("b1", 0, "council", "identity"),
    contact("b2", 1, "council", "identity"),  # again, but at the same place
    contact("c1", 0, "council", "identity"),
    contact("c2", 1, None, "identity"),  # nobody knows where
]


def test_each_way_to_join_up_is_told_with_who_gains(store: Store) -> None:
    journeys = build(log_of(store, ROWS), store)
    across, along = (
        {each.definition.name: (each.value, each.n, each.unknown) for each in found}
        for found in readings(journeys, store, Settings(costs=COSTS))
    )
    assert across == {
        "doubled_contacts": (1, 2, 1),
        "doubled_cost_low": (2, 2, 1),
        "doubled_cost_high": (5, 2, 1),
        "doubled_minutes": (40, 2, 1),
    }
    assert along == {
        "further_places": (0.5, 2, 1),
        "further_places_minutes": (15, 2, 1),
        "further_places_miles": (2, 2, 1),
    }


def test_without_costs_the_gain_of_the_partners_is_unknown(store: Store) -> None:
    across, _ = readings(build(log_of(store, ROWS), store), store, Settings())
    assert [each.value for each in across] == [1, None, None, 40]
    assert across[1].lacks == ("unit costs",)


def test_without_steps_the_kind_of_contact_counts(store: Store) -> None:
    rows = [{name: value for name, value in row.items() if name != "activity"} for row in ROWS[:4]]
    across, along = readings(build(log_of(store, rows), store), store, Settings())
    # Visits all: those at the Jobcentre come after the council's, and that at the council after the Jobcentre's.
    assert across[0].value == 3
    assert along[0].value == 0


def test_a_doubled_contact_of_unknown_time_makes_the_gain_unknown(store: Store) -> None:
    rows = [{**row, "minutes": None} if row["contact"] == "a2" else row for row in ROWS]
    across, _ = readings(build(log_of(store, rows), store), store, Settings())
    assert (across[0].value, across[3].value, across[3].unknown) == (1, 0, 2)
