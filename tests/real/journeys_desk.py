"""A service desk's incidents as journeys from team to team: the figures, and what they say."""

from __future__ import annotations

import csv
import gzip
from functools import cache
from pathlib import Path

from tests.real.journeys import DAY, Figure, Found, found_in, listed, mapping_of, said, slowest_move

MAPPING = "journeys-service-desk.yaml"
OFTEN = 20

SENTENCES = """
- **{contacts:,} activities, {set_aside} set aside, {journeys:,} incidents.** The file has them in no order; the
  library puts them in theirs, and those of one second in that of their numbers.
- **The team changes {team_moves:.1f} times in an incident, {all_moves:,} times in all, {most_moves} times in the
  worst.** The desk's own table counts {own_reassigned:,} reassignments, {own_most} in the worst incident: it counts
  what the log calls “Reassignment” ({reassignments:,} activities), and the team changes at others too. {pairs:,}
  pairs of teams hand over to each other; the most frequent is {first_pair} ({first_pair_count:,} times).
- **Until it is closed for the first time an incident takes {per_outcome:.1f} activities and {elapsed:.1f} days on
  average; half take {elapsed_middle:.1f} days or less.** That is told of {closed:,}; the other {not_closed} have no
  closing in the log.
- **Closed is not settled.** {reopened} incidents have a reopening in the log, {reopenings} in all; the desk's own
  table has the time of one for {own_reopened}. {closed_again} were closed more than once, {closings_again} times
  over.
- **Waits.** The longest wait between two activities of an incident was {wait:.1f} days or less for half of them,
  {wait_90:.1f} days or less for nine in ten, and {longest:.0f} days for the one that waited longest. Of moves that at
  least {often} incidents make, the slowest is from “{slow_before}” to “{slow_after}”: half of {slow_count} waited
  {slow_days:.1f} days or more.
- **Hardly two incidents go the same way.** {variants:,} ways for {journeys:,} incidents; the most frequent,
  “{usual_way}”, is that of {usual} ({usual_share:.1%}).
- **Done again.** “{again}” came again in {again_journeys:,} incidents, {again_times:,} times over; “{next_again}” in
  {next_again_journeys}, {next_again_times:,} times over.
"""

UNTOLD = """
The other measures are unknown, and say so: they would need {lacks}. An activity that is called “Update from customer”
does not say whether the customer chased, complained or helped, so that no kind is given. All of it happened in one
organisation: hand-overs between organisations are none by definition.
"""


@cache
def found(shared: Path) -> Found:
    """What the library makes of the log."""
    return found_in(shared / "data/event-logs/incident-activities-2014.csv.gz", mapping_of(MAPPING))


def own_table(shared: Path) -> dict[str, int]:
    """What the desk itself says of reassignments and reopenings, in its table of incidents."""
    file = shared / "data/event-logs/incidents-2014.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as rows:
        incidents = list(csv.DictReader(rows))
    reassigned = [int(row["x_reassignments"]) for row in incidents if row["x_reassignments"]]
    return {
        "own_reassigned": sum(reassigned),
        "own_most": max(reassigned),
        "own_reopened": sum(1 for row in incidents if row["reopen_time"]),
    }


def figures(shared: Path) -> dict[str, Figure]:
    """The figures of the sentences."""
    here = found(shared)
    flow = here.flow
    usual, slow, pair = flow.variants[0], slowest_move(here, OFTEN), flow.team_handovers[0]
    again, next_again = flow.rework[:2]
    (reassigning,) = (step for step in flow.steps if step.name == "Reassignment")
    (reopening,) = (step for step in flow.steps if step.name == "Reopen")
    (closing,) = (each for each in flow.rework if each.step == "Closed")
    return {
        **own_table(shared),
        "contacts": flow.contacts,
        "set_aside": here.set_aside,
        "journeys": flow.journeys,
        "team_moves": here.value("team_moves"),
        "all_moves": sum(each.count for each in flow.team_handovers),
        "most_moves": here.most_team_moves,
        "reassignments": reassigning.contacts,
        "pairs": len(flow.team_handovers),
        "first_pair": f"{pair.giver} → {pair.taker}",
        "first_pair_count": pair.count,
        "per_outcome": here.value("contacts_per_outcome"),
        "elapsed": here.value("elapsed_days"),
        "elapsed_middle": here.value("elapsed_days_middle"),
        "closed": here.measure("contacts_per_outcome").n,
        "not_closed": here.measure("contacts_per_outcome").unknown,
        "reopened": reopening.journeys,
        "reopenings": reopening.contacts,
        "closed_again": closing.journeys,
        "closings_again": closing.repeats,
        "wait": here.value("longest_wait"),
        "wait_90": here.value("longest_wait_90"),
        "longest": here.longest_seconds / DAY,
        "often": OFTEN,
        "slow_before": slow.before[0],
        "slow_after": slow.after[0],
        "slow_count": slow.count,
        "slow_days": slow.wait / DAY,
        "variants": flow.variant_count,
        "usual": usual.journeys,
        "usual_way": ", ".join(usual.steps),
        "usual_share": usual.journeys / flow.journeys,
        "again": again.step,
        "again_journeys": again.journeys,
        "again_times": again.repeats,
        "next_again": next_again.step,
        "next_again_journeys": next_again.journeys,
        "next_again_times": next_again.repeats,
    }


def words(shared: Path) -> str:
    """What the page says of the log."""
    untold = said(UNTOLD, {"lacks": listed(found(shared).lacks())})
    return f"{said(SENTENCES, figures(shared))}\n\n{untold}"
