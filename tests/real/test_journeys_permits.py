"""Permit applications as journeys: what the library says of the log, counted again row by row."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from tests.real import journeys_permits as permits
from tests.real.counted_again import DAY, Contact, Counted, differing, nine_in_ten, seconds
from tests.real.journeys import found_in, mapping_of


def rows(shared: Path) -> list[dict[str, str]]:
    with gzip.open(shared / "data/event-logs/permit-receipts.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def counted(shared: Path) -> Counted:
    return Counted(
        Contact(
            journey=row["case:concept:name"],
            name=row["concept:instance"],
            step=row["concept:name"],
            at=seconds(row["time:timestamp"]),
            organisation=row["case:department"],
            team="" if row["org:group"] == "EMPTY" else row["org:group"],
            due=seconds(row["case:deadline"]),
        )
        for row in rows(shared)
    )


def told_of_teams(counted: Counted) -> list[int]:
    """The moves between teams of the applications of which every two steps in a row name both teams."""
    return [
        sum(a.team != b.team for a, b in pairwise(journey))
        for journey in counted.journeys
        if len(journey) == 1 or all(contact.team for contact in journey)
    ]


def test_every_figure_is_what_counting_the_rows_gives(shared: Path, counted: Counted) -> None:
    moves = told_of_teams(counted)
    pairs = Counter(
        f"{a.team} ({a.organisation}) → {b.team} ({b.organisation})" for a, b in counted.team_moves()
    ).most_common(2)
    ((usual, usual_count),) = counted.variants().most_common(1)
    before, after, slow_count, slow = counted.slowest(permits.OFTEN)
    again, next_again = counted.repeated()[:2]
    by_hand: dict[str, float | str] = {
        "contacts": counted.contacts,
        "set_aside": 0,
        "journeys": len(counted.journeys),
        "hand_overs": sum(1 for _ in counted.moves()),
        "team_known": len(moves),
        "team_moves": sum(moves) / len(moves),
        "team_unknown": len(counted.journeys) - len(moves),
        "with_team": sum(bool(contact.team) for journey in counted.journeys for contact in journey),
        "single": sum(len(journey) == 1 for journey in counted.journeys),
        "first_pair": pairs[0][0],
        "first_pair_count": pairs[0][1],
        "second_pair": pairs[1][0],
        "second_pair_count": pairs[1][1],
        "usual": usual_count,
        "usual_share": usual_count / len(counted.journeys),
        "usual_steps": len(usual),
        "usual_minutes": median(counted.lengths_of(usual)) / 60,
        "variants": len(counted.variants()),
        "wait_hours": median(counted.longest_waits) * 24,
        "wait_90": nine_in_ten(counted.longest_waits),
        "longest": max(counted.longest_waits),
        "often": permits.OFTEN,
        "slow_before": before,
        "slow_after": after,
        "slow_count": slow_count,
        "slow_days": slow / DAY,
        "again": again[0],
        "again_journeys": again[1],
        "again_times": again[2],
        "next_again": next_again[0],
        "next_again_journeys": next_again[1],
        "next_again_times": next_again[2],
        "late": counted.late(),
    }
    assert not differing(permits.figures(shared), by_hand)


def test_an_application_is_a_journey_open_ones_too(shared: Path) -> None:
    still_open = {row["case:concept:name"] for row in rows(shared) if not row["case:enddate"]}
    assert len(still_open) == 105
    assert permits.found(shared).flow.journeys == 1_434


def test_a_department_is_that_of_the_whole_application(shared: Path) -> None:
    pairs = {(row["case:concept:name"], row["case:department"]) for row in rows(shared)}
    assert len(pairs) == len({case for case, _ in pairs})
    assert permits.figures(shared)["hand_overs"] == 0


def test_teams_told_as_empty_are_unknown_and_not_a_team(shared: Path) -> None:
    teams = {name for each in permits.found(shared).flow.team_handovers for name in (each.giver, each.taker)}
    assert not any("EMPTY" in team for team in teams)


def test_what_nobody_wrote_down_is_unknown(shared: Path) -> None:
    found = permits.found(shared)
    for name in ("contacts_per_outcome", "chases", "chases_after_due", "failure_demand", "asked_again", "unowned_days"):
        assert found.measure(name).value is None, name
        assert found.measure(name).lacks, name


def test_both_engines_say_the_same(shared: Path) -> None:
    duckdb = permits.found(shared)
    polars = found_in(shared / "data/event-logs/permit-receipts.csv.gz", mapping_of(permits.MAPPING), polars=True)
    assert polars.flow == duckdb.flow
    assert polars.because == duckdb.because
    values = {each.definition.name: each.value for each in duckdb.measures if not each.by and each.value is not None}
    for name, value in values.items():
        assert polars.measure(name).value == pytest.approx(value), name


def test_the_log_is_of_2010_to_2012(shared: Path) -> None:
    assert {row["time:timestamp"][:4] for row in rows(shared)} == {"2010", "2011", "2012"}
