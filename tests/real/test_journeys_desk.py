"""A service desk's incidents as journeys: what the library says of the log, counted again row by row."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest

from tests.real import journeys_desk as desk
from tests.real.counted_again import DAY, Contact, Counted, differing, nine_in_ten


@cache
def rows(shared: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(shared / f"data/event-logs/{name}.csv.gz", "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def at(stamp: str) -> float:
    """An instant by Dutch clocks; of a time that occurs twice the later."""
    return datetime.fromisoformat(stamp).replace(tzinfo=ZoneInfo("Europe/Amsterdam"), fold=1).timestamp()


@pytest.fixture
def counted(shared: Path) -> Counted:
    return Counted(
        Contact(
            journey=row["incident_id"],
            name=row["incident_activity_number"],
            step=row["incident_activity_type"],
            at=at(row["data_stamp"]),
            organisation="The service desk",
            team=row["assignment_group"],
            completes=row["incident_activity_type"] == "Closed",
        )
        for row in rows(shared, "incident-activities-2014")
    )


def test_every_figure_is_what_counting_the_rows_gives(shared: Path, counted: Counted) -> None:
    types = [row["incident_activity_type"] for row in rows(shared, "incident-activities-2014")]
    incidents = rows(shared, "incidents-2014")
    moves = Counter(a.journey for a, _ in counted.team_moves())
    pairs = Counter(f"{a.team} → {b.team}" for a, b in counted.team_moves())
    until = counted.until_completed()
    elapsed = [(each[-1].at - each[0].at) / DAY for each in until]
    ((usual, usual_count),) = counted.variants().most_common(1)
    before, after, slow_count, slow = counted.slowest(desk.OFTEN)
    again = counted.repeated()
    (closings,) = (each for each in again if each[0] == "Closed")
    by_hand: dict[str, float | str] = {
        "own_reassigned": sum(int(row["x_reassignments"] or 0) for row in incidents),
        "own_most": max(int(row["x_reassignments"] or 0) for row in incidents),
        "own_reopened": sum(row["reopen_time"] != "" for row in incidents),
        "contacts": len(types),
        "set_aside": 0,
        "journeys": len(incidents),
        "team_moves": moves.total() / len(incidents),
        "all_moves": moves.total(),
        "most_moves": max(moves.values()),
        "reassignments": types.count("Reassignment"),
        "pairs": len(pairs),
        "first_pair": pairs.most_common(1)[0][0],
        "first_pair_count": pairs.most_common(1)[0][1],
        "per_outcome": mean(len(each) for each in until),
        "elapsed": mean(elapsed),
        "elapsed_middle": median(elapsed),
        "closed": len(until),
        "not_closed": len(incidents) - len(until),
        "reopened": sum(any(each.step == "Reopen" for each in journey) for journey in counted.journeys),
        "reopenings": types.count("Reopen"),
        "closed_again": closings[1],
        "closings_again": closings[2],
        "wait": median(counted.longest_waits),
        "wait_90": nine_in_ten(counted.longest_waits),
        "longest": max(counted.longest_waits),
        "often": desk.OFTEN,
        "slow_before": before,
        "slow_after": after,
        "slow_count": slow_count,
        "slow_days": slow / DAY,
        "variants": len(counted.variants()),
        "usual": usual_count,
        "usual_way": ", ".join(usual),
        "usual_share": usual_count / len(incidents),
        "again": again[0][0],
        "again_journeys": again[0][1],
        "again_times": again[0][2],
        "next_again": again[1][0],
        "next_again_journeys": again[1][1],
        "next_again_times": again[1][2],
    }
    assert not differing(desk.figures(shared), by_hand)


def test_the_log_is_in_no_order_and_activities_of_one_second_never_differ_in_team(shared: Path) -> None:
    last: dict[str, str] = {}
    backwards = 0
    teams: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows(shared, "incident-activities-2014"):
        backwards += row["data_stamp"] < last.get(row["incident_id"], "")
        last[row["incident_id"]] = row["data_stamp"]
        teams[row["incident_id"], row["data_stamp"]].add(row["assignment_group"])
    assert backwards
    # So that the order within a second, which only the numbers tell, makes no difference to moves between teams.
    assert all(len(each) == 1 for each in teams.values())


def test_nothing_moves_between_organisations_where_there_is_one(shared: Path) -> None:
    assert desk.found(shared).flow.handovers == ()
    assert desk.found(shared).value("bodies_per_outcome") == 1


def test_chasing_is_unknown_where_no_kind_is_given(shared: Path) -> None:
    for name in ("chases", "failure_demand", "resolved_at_first_contact", "asked_again", "own_minutes"):
        assert desk.found(shared).measure(name).value is None, name


def test_the_log_is_of_2013_and_2014(shared: Path) -> None:
    assert {row["data_stamp"][:4] for row in rows(shared, "incident-activities-2014")} == {"2013", "2014"}
