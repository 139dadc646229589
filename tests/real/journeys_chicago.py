"""Requests to the City of Chicago as contacts with its departments: their notes, and the follow-ons that these name.

`python -m tests.real.journeys_chicago REQUESTS.json CONTACTS.csv` writes the table.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from makegood.analytics.journeys.columns import Because
from makegood.records.mapping import SourceColumn
from tests.real.journeys import DAY, Figure, Found, found_in, listed, mapping_of, said, slowest_move

MAPPING = "journeys-chicago.yaml"
OFTEN = 20
COLUMNS = ("note", "request", "quotes", "service", "agency", "channel", "summary", "at", "place")


def contacts(requests: list[dict[str, Any]]) -> Iterator[dict[str, str | int]]:
    """A row for each note. A follow-on's own number stands on its notes; what opens it quotes the request before it.

    Any other note quotes the number that it belongs to itself; the opening of a request that the city joined to another
    quotes that.
    """
    for request in requests:
        number, more = request["service_request_id"], request["extended_attributes"]
        known: set[str] = set()
        for place, note in enumerate(request["notes"]):
            of = note.get("extended_attributes", {})
            mine = of.get("service_request_id", number)
            # A follow-on is often noted only when it is closed: its first note leads back to the request all the same.
            first = mine not in known
            known.add(mine)
            before = number if mine != number else more.get("parent_service_request_id", "")
            yield {
                "note": f"{number}-{place}",
                "request": mine,
                "quotes": before if first else mine,
                "service": request["service_name"],
                "agency": of.get("agency_responsible", request["agency_responsible"]),
                "channel": more["channel"],
                "summary": note["summary"],
                "at": note["datetime"],
                "place": place,
            }


def write_table(source: Path, target: Path) -> None:
    """The requests of a file as a table of contacts."""
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(contacts(json.loads(source.read_text(encoding="utf-8"))))


SENTENCES = """
- **{contacts} notes of {requests} requests, {set_aside} set aside.** Nothing but the numbers that notes quote holds
  them together: {quoted} notes quote an earlier one, and {journeys} journeys come out, one for each request with all
  its follow-ons. {created} openings of a follow-on are noted and {closed_follow_ons} closings; where only the closing
  is there, it leads back to the request all the same.
- **What looks like pillar to post is mostly one department's own divisions.** By the names in the notes a request
  changes hands {named_moves} times in all, {named_per:.1f} times each. With divisions counted to their departments
  {moves} of these are left, in {moved_journeys} requests of {requests}, and all of them begin with Transportation.
  Which division belongs to which department is our reading of their names.
- **The ball comes back.** {back} of the {moves} moves go straight back to where the request had come from, in
  {back_journeys} requests, {back_pair_count} of them between {back_pair}: the other department does its part and the
  first closes.
- **Bodies and days for a closed request.** {bodies:.2f} departments and {per_outcome:.1f} notes on average; half of
  the {completed} closed requests took {elapsed_middle:.0f} days or more. {open_requests} is still open. “Closed” is
  the city's word: one of them was a duplicate, and most were “transferred”.
- **The wait is for the follow-on.** The longest wait between two notes was {wait:.0f} days or less for half of the
  requests, {longest:.0f} days for the one that waited longest. From “{slow_before}” to “{slow_after}” half of
  {slow_count} took {slow_days:.0f} days or more; when the last follow-on is closed, the request is closed seconds
  later.
- **The usual way.** {usual} requests take the same {usual_steps} steps; there are {variants} ways.
"""

UNTOLD = """
The other measures are unknown, and say so: they would need {lacks}.

The {requests} requests are the last of 2014's to be changed in the city's system before they were asked for, in
October 2015, and so the slow ones: nothing here says how long a request in Chicago usually takes.
"""


@cache
def found(shared: Path, *, as_named: bool = False) -> Found:
    """What the library makes of the notes, by department or with agencies as the notes name them."""
    mapping = mapping_of(MAPPING)
    if as_named:
        mapping = replace(mapping, columns={**mapping.columns, "organisation": SourceColumn(column="agency")})
    with TemporaryDirectory() as folder:
        table = Path(folder) / "contacts.csv"
        write_table(shared / "data/service-requests/chicago-open311-2014.json", table)
        return found_in(table, mapping)


def figures(shared: Path) -> dict[str, Figure]:
    """The figures of the sentences."""
    here, named = found(shared), found(shared, as_named=True)
    flow = here.flow
    requests, usual, slow = flow.journeys, flow.variants[0], slowest_move(here, OFTEN)
    pairs = [each for each in here.measures if each.definition.name == "ping_pong_pairs" and each.by]
    pair = max(pairs, key=lambda each: each.value or 0)
    moves = sum(each.count for each in flow.handovers)
    return {
        "contacts": flow.contacts,
        "requests": requests,
        "set_aside": here.set_aside,
        "quoted": here.because[Because.QUOTED],
        "journeys": here.because[Because.FIRST],
        "created": _follow_ons(here, "Created"),
        "closed_follow_ons": _follow_ons(here, "Closed"),
        "named_moves": sum(each.count for each in named.flow.handovers),
        "named_per": named.value("hand_overs"),
        "moves": moves,
        "moved_journeys": here.moved_journeys,
        "back": round(here.value("ping_pongs") * requests),
        "back_journeys": here.measure("ping_pong_pairs").n,
        "back_pair": " and ".join(sorted(pair.by.values())),
        "back_pair_count": round(pair.value or 0),
        "bodies": here.value("bodies_per_outcome"),
        "per_outcome": here.value("contacts_per_outcome"),
        "completed": here.measure("contacts_per_outcome").n,
        "open_requests": here.measure("contacts_per_outcome").unknown,
        "elapsed_middle": here.value("elapsed_days_middle"),
        "wait": here.value("longest_wait"),
        "longest": here.longest_seconds / DAY,
        "slow_before": slow.before[0],
        "slow_after": slow.after[0],
        "slow_count": slow.count,
        "slow_days": slow.wait / DAY,
        "usual": usual.journeys,
        "usual_steps": len(usual.steps),
        "variants": flow.variant_count,
    }


def _follow_ons(here: Found, what: str) -> int:
    steps = (step for step in here.flow.steps if step.name.startswith("Follow-on") and step.name.endswith(what))
    return sum(step.contacts for step in steps)


def words(shared: Path) -> str:
    """What the page says of the log."""
    here: dict[str, Figure] = {"lacks": listed(found(shared).lacks()), "requests": found(shared).flow.journeys}
    return f"{said(SENTENCES, figures(shared))}\n\n{said(UNTOLD, here)}"


if __name__ == "__main__":
    write_table(Path(sys.argv[1]), Path(sys.argv[2]))
