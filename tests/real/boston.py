"""Boston's requests of 2011, judged by the target that the city gave and by working-time clocks fitted to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from makegood.records import Rejects, TableFile, read_mapping, read_table
from makegood.rules import Case, Outcome, Pledge, evaluate_all, read_pledge
from makegood.rules.working_time import DAY, Calendar, seconds_of, zone_named
from makegood.schemes import CALENDARS

HERE = Path(__file__).parent
AFTER_ALL = datetime(2060, 1, 1, tzinfo=UTC)
"""Later than every target, the placeholders in 2059 included."""
OUTSET = datetime(2012, 1, 1, 12, tzinfo=UTC)
"""An instant by which every request had been made."""


def read(name: str, table: Path) -> tuple[Pledge, list[Case], Rejects]:
    """One of the pledges here, with the cases of a table by its mapping, and what was set aside."""
    pledge = read_pledge((HERE / f"{name}.yaml").read_text(encoding="utf-8"), name, calendars=CALENDARS)
    mapping = read_mapping((HERE / f"{name}-mapping.yaml").read_text(encoding="utf-8"))
    rejects = Rejects()
    return pledge, list(read_table(TableFile(path=table, mapping=mapping), pledge, rejects)), rejects


# --- by the target that the city gave -----------------------------------------------------------------


@cache
def verdicts(shared: Path) -> Counter[tuple[str, str, str]]:
    """How many requests by our status, the city's own flag (or `none`), and whether they are closed."""
    pledge, cases, rejects = read("boston-311", shared / "data/service-requests/boston-311-2011.csv.gz")
    assert not rejects
    by_id = {case.id: case for case in cases}
    outcomes = evaluate_all(pledge, cases, as_of=AFTER_ALL, calendars=CALENDARS)
    return Counter(
        (str(outcome.status), by_id[outcome.case_id].details.get("flag", "none"), _closed(by_id[outcome.case_id]))
        for outcome in outcomes
    )


def _closed(case: Case) -> str:
    return "closed" if any(fact.name == "closed" for fact in case.facts) else "open"


def verdict_table(shared: Path) -> str:
    """Our status against the city's own flag, as a table."""
    lines = ["| our status | the city's flag | closed or open | requests |", "|---|---|---|---:|"]
    for (status, flag, closed), count in sorted(verdicts(shared).items(), key=lambda item: (item[0][2], -item[1])):
        lines.append(f"| {status} | {flag} | {closed} | {count:,} |")
    return "\n".join(lines)


# --- by working-time clocks ---------------------------------------------------------------------------

AGREE = "our clock, to the minute"
ROLLED = "received after 17:00 on a working day: the target is the next opening, our clock the closing time before it"
BEFORE_OPENING = "received before 08:30 on a working day: the target keeps that time of day"
AT_WEEKENDS = "received at a weekend: the target keeps that time of day, counted from Monday"
WEEKEND_EVENINGS = "received after 17:00 at a weekend: moved to Monday, and then, being after 17:00, to Tuesday 08:30"
CALENDAR_DAYS = "calendar days, weekends included, for two kinds of request"
ANOTHER_LIMIT = "the city's rule with another number of working days than is usual for that kind"
EARLIER_START = "the city's rule, from up to an hour before the recorded opening"
BY_HAND = "a target on a full minute, as somebody enters it by hand"
LEFT = "none of these"
REASONS = (
    AGREE, ROLLED, BEFORE_OPENING, AT_WEEKENDS, WEEKEND_EVENINGS, CALENDAR_DAYS, ANOTHER_LIMIT,
    EARLIER_START, BY_HAND, LEFT,
)  # fmt: skip


@cache
def clock_reasons(shared: Path) -> Counter[tuple[str, bool]]:
    """For each request with a working-time target: why the target is what it is, and whether our day limit agrees."""
    pledge, cases, rejects = read("boston-311-clocks", shared / "data/working-time/boston-2011-targets.csv.gz")
    assert not rejects
    calendar = pledge.calendars["city-hall"]
    outcomes = evaluate_all(pledge, cases, as_of=OUTSET, calendars=CALENDARS)
    found: Counter[tuple[str, bool]] = Counter()
    by_case = {(outcome.case_id, outcome.standard): outcome for outcome in outcomes}
    for case in cases:
        minute, day = by_case[case.id, "by-the-minute"], by_case[case.id, "by-the-day"]
        target = seconds_of(datetime.fromisoformat(case.details["published"]))
        zone = zone_named(calendar.zone)
        same_day = day.due is not None and zone.day(day.due) == zone.day(target)
        found[_reason(calendar, minute, int(case.details["days"]), target), same_day] += 1
    return found


def _near(one: int, other: int) -> bool:
    return abs(one - other) <= 60


def _reason(calendar: Calendar, outcome: Outcome, days: int, target: int) -> str:
    assert outcome.due is not None
    assert outcome.start is not None
    if _near(outcome.due, target):
        return AGREE
    zone = zone_named(calendar.zone)
    local = zone.local(outcome.start)
    if _near(_citys(calendar, local, days), target):
        evening = local % DAY >= 17 * 3600
        if calendar.is_open(local // DAY):
            return ROLLED if evening else BEFORE_OPENING
        return WEEKEND_EVENINGS if evening else AT_WEEKENDS
    if _near(zone.instant(local + days * DAY, later=True), target):
        return CALENDAR_DAYS
    if any(_near(_citys(calendar, local, other), target) for other in range(1, 61)):
        return ANOTHER_LIMIT
    if 0 < _citys(calendar, local, days) - target <= 3600 and target % 60:
        return EARLIER_START
    return BY_HAND if target % 60 == 0 else LEFT


def _citys(calendar: Calendar, local: int, days: int) -> int:
    """The city's rule: to the next working day, and if after 17:00 to the opening after; then so many working days."""
    day, time = calendar.next_open(local // DAY), local % DAY
    if time >= 17 * 3600:
        day, time = calendar.add(day, 1), 8 * 3600 + 1800
    return zone_named(calendar.zone).instant(calendar.add(day, days) * DAY + time, later=True)


def clock_table(shared: Path) -> str:
    """Why targets are what they are, with how many of each our day limit agrees with, as a table."""
    found = clock_reasons(shared)
    total = found.total()
    lines = ["| the published target | requests | share | our working-day limit: same day |", "|---|---:|---:|---:|"]
    for reason in REASONS:
        count = found[reason, True] + found[reason, False]
        lines.append(f"| {reason} | {count:,} | {count / total:.1%} | {found[reason, True]:,} |")
    same = sum(count for (_, same_day), count in found.items() if same_day)
    lines.append(f"| **all** | **{total:,}** | | **{same:,} ({same / total:.1%})** |")
    return "\n".join(lines)


def shares(found: Mapping[tuple[str, bool], int]) -> tuple[int, int, int]:
    """How many targets there are, how many agree to the minute, and how many to the day."""
    total = sum(found.values())
    minute = sum(count for (reason, _), count in found.items() if reason == AGREE)
    return total, minute, sum(count for (_, same_day), count in found.items() if same_day)
