"""A slow second opinion on deadlines and outcomes: it steps through half hours and days and looks at each.

Shares nothing with the library but the shipped list of bank holidays. All instants lie on half hours (UTC), so
that a stretch of time is a set of half hours; limits are whole numbers of half hours or of days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from makegood.schemes import CALENDARS

LONDON = ZoneInfo("Europe/London")
HALF_HOUR = timedelta(minutes=30)
ONE_DAY = timedelta(days=1)
HOLIDAYS = frozenset(date(1970, 1, 1) + timedelta(days=day) for day in CALENDARS["england-and-wales"].closed)


@dataclass(frozen=True)
class Limit:
    """So many half hours (running, or `service` ones) or days (`calendar` or `working`), by a time of day."""

    count: int
    unit: str
    by: time | None = None

    def words(self) -> str:
        """As a pledge says it."""
        if self.unit in ("elapsed", "service"):
            return f"{self.count * 30} {'service ' if self.unit == 'service' else ''}minutes"
        tail = f", by {self.by:%H:%M}" if self.by else ""
        return f"{self.count} {self.unit} days{tail}"


@dataclass(frozen=True)
class Happening:
    """A fact: its name, when it happened, and when it became known."""

    name: str
    at: datetime
    known: datetime


@dataclass(frozen=True)
class Verdict:
    """What the second opinion is."""

    status: str
    due: datetime | None = None
    lateness: int = 0


Pause = tuple[datetime, datetime | None]


def local_day(at: datetime) -> date:
    """The day in London."""
    return at.astimezone(LONDON).date()


def is_working(day: date) -> bool:
    """Monday to Friday and no bank holiday."""
    return day.weekday() < 5 and day not in HOLIDAYS


@lru_cache(maxsize=100_000)
def office_open(at: datetime) -> bool:
    """Whether the office is open in the half hour that begins here: working days from nine to five."""
    local = at.astimezone(LONDON)
    return is_working(local.date()) and 9 <= local.hour < 17


def deadline(limit: Limit, start: datetime, pauses: list[Pause]) -> datetime:
    """The deadline with some closed pauses, by stepping."""
    if limit.unit in ("elapsed", "service"):
        return _by_half_hours(limit, start, pauses)
    day, count = local_day(start), 0
    while count < limit.count:
        day += ONE_DAY
        held = any(local_day(begin) <= day <= local_day(end) for begin, end in pauses if end)
        if not held and (limit.unit == "calendar" or is_working(day)):
            count += 1
    return local_instant(datetime.combine(day, limit.by or time(23, 59, 59)))


def local_instant(wall: datetime) -> datetime:
    """The later instant at which clocks in London show this; if none ever do, the first at which they show more."""
    at = wall.replace(tzinfo=LONDON, fold=1).astimezone(UTC)
    if at.astimezone(LONDON).replace(tzinfo=None) == wall:
        return at
    at -= ONE_DAY
    while at.astimezone(LONDON).replace(tzinfo=None) < wall:
        at += timedelta(minutes=1)
    return at


def _by_half_hours(limit: Limit, start: datetime, pauses: list[Pause]) -> datetime:
    at, count, found = start, 0, start
    quiet = 0
    while quiet < 48 * 10:
        held = any(begin <= at < end for begin, end in pauses if end)
        if limit.unit == "elapsed" or office_open(at):
            if not held and count == limit.count:
                return found
            count += not held
            found = at + HALF_HOUR
            quiet = 0
        at += HALF_HOUR
        quiet += 1
    raise AssertionError("the office never opens")


def pauses_in(opens: list[datetime], closes: list[datetime]) -> list[Pause]:
    """Each opening with the first closing at or after it; openings while one is open are ignored."""
    found: list[Pause] = []
    for begin in sorted(opens):
        if found and (found[-1][1] is None or begin < found[-1][1]):
            continue
        later = [close for close in closes if close >= begin]
        found.append((begin, min(later) if later else None))
    return found


def merge(pauses: list[Pause], start: datetime) -> list[Pause]:
    """Overlapping pauses made one, with the time before the start cut off."""
    far = datetime(2100, 1, 1, tzinfo=UTC)
    spans = [(max(begin, start), end or far) for begin, end in pauses if end is None or end >= start]
    joined = True
    while joined:
        joined = False
        for one in spans:
            for other in spans:
                if one is not other and one[0] <= other[1] and other[0] <= one[1]:
                    spans = [each for each in spans if each is not one and each is not other]
                    spans.append((min(one[0], other[0]), max(one[1], other[1])))
                    joined = True
                    break
            if joined:
                break
    return [(begin, None if end == far else end) for begin, end in sorted(spans)]


def settle(
    limit: Limit, start: datetime, finish: datetime | None, pauses: list[Pause]
) -> tuple[datetime | None, list[Pause]]:
    """The deadline and the pauses that count, taken one after the other; no deadline while one is open."""
    counted: list[Pause] = []
    due = deadline(limit, start, counted)
    for pause in pauses:
        if pause[0] > due or (finish and pause[0] > finish):
            break
        counted.append(pause)
        if pause[1] is None:
            return None, counted
        due = deadline(limit, start, counted)
    return due, counted


def verdict(limit: Limit, longer: Limit, facts: list[Happening], as_of: datetime) -> Verdict:
    """How a promise with two kinds of pause, one extension and an exemption stands as of an instant."""
    known: dict[str, list[datetime]] = {}
    for fact in facts:
        if fact.at <= as_of and fact.known <= as_of:
            known.setdefault(fact.name, []).append(fact.at)
    if "asked" not in known:
        return Verdict("pending")
    start = min(known["asked"])
    finish = min((at for at in known.get("done", []) if at >= start), default=None)
    raw = pauses_in(known.get("held", []), known.get("freed", []))
    raw += pauses_in(known.get("stuck", []), known.get("loose", []))
    pauses = merge(raw, start)
    due, counted = settle(limit, start, finish, pauses)
    for at in sorted(known.get("longer", [])):
        if at >= start and (due is None or at <= due):
            due, counted = settle(longer, start, finish, pauses)
            break
    if "waived" in known:
        return Verdict("excused", due)
    if finish:
        paused = any(begin <= finish and (end is None or finish <= end) for begin, end in counted)
        if due is None or finish <= due or paused:
            return Verdict("kept", due)
        return Verdict("broken", due, int((finish - due).total_seconds()))
    if due is not None and as_of > due:
        return Verdict("broken", due, int((as_of - due).total_seconds()))
    return Verdict("running", due)
