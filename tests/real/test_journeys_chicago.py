"""Requests that pass between departments: what the library says of their notes, counted again note by note."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from tests.real import journeys_chicago as chicago
from tests.real.counted_again import DAY, Contact, Counted, differing, seconds

DEPARTMENTS = {"DOB": "Buildings", "CDOT": "Transportation", "S/S": "Streets and Sanitation"}


@cache
def requests(shared: Path) -> list[dict[str, Any]]:
    file = shared / "data/service-requests/chicago-open311-2014.json"
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def agency(request: dict[str, Any], note: dict[str, Any]) -> str:
    return str(note.get("extended_attributes", request)["agency_responsible"])


def department(name: str) -> str:
    """The department whose short name a division's has in it; its own name, where it has none."""
    return next((body for short, body in DEPARTMENTS.items() if short in name), name)


def counted(shared: Path, *, as_named: bool = False) -> Counted:
    """Every request is a journey, whatever its notes quote."""
    return Counted(
        Contact(
            journey=request["service_request_id"],
            name=f"{request['service_request_id']}-{place}",
            step=note["summary"],
            at=seconds(note["datetime"]),
            organisation=agency(request, note) if as_named else department(agency(request, note)),
            place=place,
            completes=note["type"] == "closed",
        )
        for request in requests(shared)
        for place, note in enumerate(request["notes"])
    )


def test_every_figure_is_what_counting_the_notes_gives(shared: Path) -> None:
    mine, named = counted(shared), counted(shared, as_named=True)
    kinds = Counter(note["type"] for request in requests(shared) for note in request["notes"])
    moves = list(mine.moves())
    back = mine.times_back()
    pairs: Counter[str] = Counter()
    for (_, pair), count in back.items():
        pairs[" and ".join(sorted(pair))] += count
    until = mine.until_completed()
    named_moves = sum(1 for _ in named.moves())
    before, after, slow_count, slow = mine.slowest(chicago.OFTEN)
    ((usual, usual_count),) = mine.variants().most_common(1)
    by_hand: dict[str, float | str] = {
        "contacts": mine.contacts,
        "requests": 50,
        "set_aside": 0,
        "quoted": mine.contacts - 50,
        "journeys": 50,
        "created": kinds["follow_on_created"],
        "closed_follow_ons": kinds["follow_on_closed"],
        "named_moves": named_moves,
        "named_per": named_moves / 50,
        "moves": len(moves),
        "moved_journeys": len({a.journey for a, _ in moves}),
        "back": back.total(),
        "back_journeys": len({journey for journey, _ in back}),
        "back_pair": pairs.most_common(1)[0][0],
        "back_pair_count": pairs.most_common(1)[0][1],
        "bodies": mean(len({contact.organisation for contact in each}) for each in until),
        "per_outcome": mean(len(each) for each in until),
        "completed": len(until),
        "open_requests": 50 - len(until),
        "elapsed_middle": median((each[-1].at - each[0].at) / DAY for each in until),
        "wait": median(mine.longest_waits),
        "longest": max(mine.longest_waits),
        "slow_before": before,
        "slow_after": after,
        "slow_count": slow_count,
        "slow_days": slow / DAY,
        "usual": usual_count,
        "usual_steps": len(usual),
        "variants": len(mine.variants()),
    }
    assert not differing(chicago.figures(shared), by_hand)


def test_follow_ons_of_other_departments_are_in_the_journey_of_their_request(shared: Path) -> None:
    assert chicago.found(shared).because.keys() == {"first contact", "quotes an earlier reference"}
    assert chicago.found(shared).flow.journeys == len(requests(shared))


def test_every_request_that_changes_departments_begins_with_transportation(shared: Path) -> None:
    moved = {a.journey for a, _ in counted(shared).moves()}
    firsts = {journey[0].organisation for journey in counted(shared).journeys if journey[0].journey in moved}
    assert firsts == {"Transportation"}


def test_a_request_is_closed_seconds_after_its_last_follow_on(shared: Path) -> None:
    for request in requests(shared):
        closed = {each["type"]: seconds(each["datetime"]) for each in request["notes"]}
        if "closed" in closed and "follow_on_closed" in closed:
            assert 0 <= closed["closed"] - closed["follow_on_closed"] <= 10


def test_most_are_closed_as_transferred_and_one_as_a_duplicate(shared: Path) -> None:
    notes = [request["status_notes"] for request in requests(shared)]
    assert sum("Transfer" in note for note in notes) == 39
    assert notes.count("Duplicate") == 1


def test_the_requests_are_those_of_2014_that_were_changed_last(shared: Path) -> None:
    changed = [request["updated_datetime"] for request in requests(shared)]
    assert {request["requested_datetime"][:4] for request in requests(shared)} == {"2014"}
    assert changed == sorted(changed, reverse=True)
    assert {each[:7] for each in changed} == {"2015-09", "2015-10"}


@pytest.mark.parametrize("noted", ["created", "closed", "both"])
def test_a_follow_on_leads_back_to_its_request_by_its_first_note(noted: str) -> None:
    follow_on: dict[str, str] = {"service_request_id": "B", "agency_responsible": "Other"}
    notes: list[dict[str, Any]] = [
        {"summary": "Request opened", "datetime": "2014-05-09T19:02:21-05:00"},
        {"summary": "created", "datetime": "2014-05-10T19:02:21-05:00", "extended_attributes": follow_on},
        {"summary": "closed", "datetime": "2014-05-11T19:02:21-05:00", "extended_attributes": follow_on},
    ]
    request: dict[str, Any] = {
        "service_request_id": "A", "agency_responsible": "One", "service_name": "Pothole",
        "extended_attributes": {"channel": "phone"},
        "notes": [note for note in notes if noted == "both" or note["summary"] in ("Request opened", noted)],
    }  # fmt: skip
    found = [(row["request"], row["quotes"], row["agency"]) for row in chicago.contacts([request])]
    assert found[:2] == [("A", "", "One"), ("B", "A", "Other")]
    assert found[2:] == ([("B", "B", "Other")] if noted == "both" else [])
