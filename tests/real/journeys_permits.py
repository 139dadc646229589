"""A municipality's log of permit applications as journeys: the figures, and what they say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.real.journeys import DAY, Figure, Found, found_in, listed, mapping_of, said, slowest_move

MAPPING = "journeys-permits.yaml"
OFTEN = 20

SENTENCES = """
- **{contacts:,} steps, {set_aside} set aside, {journeys:,} applications.** The log's own case number makes the
  journeys, open applications among them.
- **Moves between departments cannot be seen.** The log names one department for the whole of an application, so that
  {hand_overs:.0f} hand-overs are all that it can show. That is a limit of the log, and no praise of the departments.
- **Moves between teams can be told of {team_known} applications only, {team_moves:.2f} each**, and {single} of these
  have but one step. Of the other {team_unknown:,} a step does not say whose it was; {with_team:,} steps do. Of the
  moves that are seen, {first_pair} ({first_pair_count:,} times) and {second_pair} ({second_pair_count:,} times) are
  the most frequent.
- **Nearly half of the applications go the same way.** {usual:,} ({usual_share:.1%}) take the same {usual_steps} steps
  in the same order, half of them in {usual_minutes:.0f} minutes or less from the first to the last. There are
  {variants} ways in all.
- **Few wait long, some very long.** Between two steps of an application the longest wait was {wait_hours:.1f} hours
  or less for half of them, {wait_90:.1f} days or less for nine in ten, and {longest:.0f} days for the one that waited
  longest. Of moves that at least {often} applications make, the slowest is from “{slow_before}” to “{slow_after}”:
  half of {slow_count} waited {slow_days:.1f} days or more.
- **Done again.** “{again}” came again in {again_journeys} applications, {again_times} times over; “{next_again}” in
  {next_again_journeys}, {next_again_times} times over.
- **After the deadline.** In {late} applications somebody was still at work after the statutory deadline. Whether an
  application was *finished* by then stands in [promises over real
  records](real-records.md#permits-a-statutory-deadline-on-an-event-log).
"""

UNTOLD = """
The other measures are unknown, and say so: they would need {lacks}.
"""


@cache
def found(shared: Path) -> Found:
    """What the library makes of the log."""
    return found_in(shared / "data/event-logs/permit-receipts.csv.gz", mapping_of(MAPPING))


def figures(shared: Path) -> dict[str, Figure]:
    """The figures of the sentences."""
    here = found(shared)
    usual, slow = here.flow.variants[0], slowest_move(here, OFTEN)
    first, second = here.flow.team_handovers[:2]
    again, next_again = here.flow.rework[:2]
    team_moves = here.measure("team_moves")
    return {
        "contacts": here.flow.contacts,
        "set_aside": here.set_aside,
        "journeys": here.flow.journeys,
        "hand_overs": here.value("hand_overs") * here.flow.journeys,
        "team_known": team_moves.n,
        "team_moves": here.value("team_moves"),
        "team_unknown": team_moves.unknown,
        "with_team": here.with_team,
        "single": here.flow.journeys - here.measure("longest_wait").n,
        "first_pair": f"{first.giver} → {first.taker}",
        "first_pair_count": first.count,
        "second_pair": f"{second.giver} → {second.taker}",
        "second_pair_count": second.count,
        "usual": usual.journeys,
        "usual_share": usual.journeys / here.flow.journeys,
        "usual_steps": len(usual.steps),
        "usual_minutes": usual.seconds / 60,
        "variants": here.flow.variant_count,
        "wait_hours": here.value("longest_wait") * 24,
        "wait_90": here.value("longest_wait_90"),
        "longest": here.longest_seconds / DAY,
        "often": OFTEN,
        "slow_before": slow.before[0],
        "slow_after": slow.after[0],
        "slow_count": slow.count,
        "slow_days": slow.wait / DAY,
        "again": again.step,
        "again_journeys": again.journeys,
        "again_times": again.repeats,
        "next_again": next_again.step,
        "next_again_journeys": next_again.journeys,
        "next_again_times": next_again.repeats,
        "late": here.late,
    }


def words(shared: Path) -> str:
    """What the page says of the log."""
    untold = said(UNTOLD, {"lacks": listed(found(shared).lacks())})
    return f"{said(SENTENCES, figures(shared))}\n\n{untold}"
