"""Journeys chosen by need, channel, partner and period, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pytest

from makegood.analytics.journeys.columns import CONTACT_COLUMNS, JOURNEY_COLUMNS, WHOLE_COLUMNS, Journeys
from makegood.analytics.journeys.filtering import filtered
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store, log_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AT = {"housing": 0, "NA": 1, "quiet": 2}
"""Three journeys, by how many hours after noon they begin."""


@pytest.fixture(params=[lambda: DuckDBStore(duckdb.connect()), PolarsStore])
def store(request: pytest.FixtureRequest) -> Store:
    made: Store = request.param()
    return made


@pytest.fixture
def journeys(store: Store) -> Journeys:
    start = {name: int((NOON.timestamp() + 3600 * hours) * 1_000_000) for name, hours in AT.items()}
    rows: list[dict[str, Any]] = [
        {"journey": "housing", "contact": "1", "organisation": "council", "channel": "phone"},
        {"journey": "housing", "contact": "2", "organisation": "association", "channel": "visit"},
        {"journey": "NA", "contact": "3", "organisation": "council", "channel": "web"},
        {"journey": "quiet", "contact": "4", "organisation": None, "channel": None},
    ]
    rows = [{"start": start[row["journey"]], "sequence": 0, "weight": 1.0, **row} for row in rows]
    whole: list[dict[str, Any]] = [
        {"journey": name, "need": None if name == "quiet" else name, "first": first} for name, first in start.items()
    ]
    return Journeys(
        log=log_of(store, [{key: value for key, value in row.items() if key != "journey"} for row in rows]),
        contacts=store.frame({**CONTACT_COLUMNS, **JOURNEY_COLUMNS}, rows),
        whole=store.frame(WHOLE_COLUMNS, whole),
    )


def kept(store: Store, journeys: Journeys, **by: Any) -> dict[str, int]:
    """How many contacts each journey that is kept has."""
    chosen = filtered(journeys, store, **by)
    counted = chosen.contacts.group_by("journey").agg(nw.len().alias("n"))
    found = {row["journey"]: row["n"] for row in store.rows(counted)}
    assert {row["journey"] for row in store.rows(chosen.whole)} == set(found)
    return found


def test_without_a_filter_all_journeys_are_kept(store: Store, journeys: Journeys) -> None:
    assert kept(store, journeys) == {"housing": 2, "NA": 1, "quiet": 1}


def test_a_need_called_na_is_a_need_and_an_unknown_one_matches_none(store: Store, journeys: Journeys) -> None:
    assert kept(store, journeys, need=["NA"]) == {"NA": 1}
    assert kept(store, journeys, need=["rent"]) == {}


def test_a_journey_that_touched_a_channel_or_partner_is_kept_whole(store: Store, journeys: Journeys) -> None:
    assert kept(store, journeys, channel=["visit"]) == {"housing": 2}
    assert kept(store, journeys, partner=["association"]) == {"housing": 2}
    assert kept(store, journeys, partner=["council"]) == {"housing": 2, "NA": 1}


def test_all_filters_hold_together(store: Store, journeys: Journeys) -> None:
    assert kept(store, journeys, partner=["council"], channel=["web"]) == {"NA": 1}
    assert kept(store, journeys, partner=["association"], channel=["web"]) == {}


def test_a_period_takes_the_journeys_that_began_in_it_in_any_time_zone(store: Store, journeys: Journeys) -> None:
    one = NOON + timedelta(hours=1)
    assert kept(store, journeys, began_from=one) == {"NA": 1, "quiet": 1}
    assert kept(store, journeys, began_before=one) == {"housing": 2}
    here = one.astimezone(timezone(timedelta(hours=5)))
    assert kept(store, journeys, began_from=here, began_before=here + timedelta(hours=1)) == {"NA": 1}
