"""Anyborough, a place that does not exist: its organisations, when they are open, and the log that they keep.

Nothing here was measured anywhere. It is the ground on which the worked example (`example`) stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ....rules import Calendar
from ....rules.working_time import DAY, zone_named
from ..columns import MICROSECONDS, NOT_AVOIDABLE, Kind
from ..store import Value

COUNCIL = "Anyborough Council"
JOBCENTRE = "Anyborough Jobcentre"
TAX_OFFICE = "Anyborough Tax Office"
COLLEGE = "Anyborough College"
ADVICE = "Anyborough Advice Bureau"
HOUSING = "Anyborough Housing Association"
HEALTH = "Anyborough Health Centre"
BODIES = (COUNCIL, JOBCENTRE, TAX_OFFICE, COLLEGE, ADVICE, HOUSING, HEALTH)

CHANNELS = ("telephone", "visit", "web", "post")

_WEEKDAYS = range(5)
_HOUR = 3_600
_ALWAYS_OPEN = "web"
_OPEN: Mapping[tuple[str, str], tuple[Sequence[int], float, float]] = {
    ("", "telephone"): (_WEEKDAYS, 9, 17),
    ("", "visit"): (_WEEKDAYS, 9.5, 16),
    ("", "web"): (range(7), 7, 23),
    ("", "post"): (_WEEKDAYS, 9, 10),
    (COUNCIL, "telephone"): (_WEEKDAYS, 8, 18),
    (HEALTH, "telephone"): (_WEEKDAYS, 8, 12),
    (HEALTH, "visit"): (range(6), 8.5, 17),
    (ADVICE, "visit"): ((0, 1, 3), 10, 15),  # Monday, Tuesday and Thursday
    (HOUSING, "telephone"): ((0, 1, 2, 3), 9, 16.5),
}
"""When an organisation (all of them, where none is named) is open by a channel: weekdays, first and last hour."""

_SEASONS = (1.35, 1.05, 1.0, 0.95, 0.9, 0.85, 0.85, 0.9, 1.2, 1.05, 1.0, 0.75)
"""How many more or fewer begin in a month than on average, from January: after Christmas jobs end, in December few
people go to an office."""

CLERKS = frozenset({COUNCIL, JOBCENTRE, HOUSING})
"""Who notes at each contact whether it could have been avoided."""

_REASONS = {
    Kind.CHASE: "progress_chasing",
    Kind.REPEAT: "repeat_same_information",
    Kind.CLARIFICATION: "unnecessary_clarification",
    Kind.MISDIRECTED: "poor_signposting_or_transfer",
    Kind.HAND_OVER: "poor_signposting_or_transfer",
}

_WORDS = {
    Kind.CHASE: ("Have you decided yet?", "I was told two weeks.", "Nobody rang me back.", "Is anything missing?"),
    Kind.REPEAT: ("I gave that to the Jobcentre already.", "Here are my payslips again.", "How often do you need it?"),
    Kind.CLARIFICATION: ("What does this letter mean?", "Which papers do you want, the ones from May?"),
    Kind.MISDIRECTED: ("I thought it was you.", "They told me to come here."),
    Kind.NEW_NEED: ("I have lost my job.", "I cannot pay the rent this month.", "Where do I start?"),
    Kind.VISIT: ("I have come to bring this.", "I took the bus to bring you one sheet of paper."),
}


@dataclass(frozen=True, kw_only=True)
class Recording:
    """How well contacts are noted: how many minutes each channel takes the customer on average, how often an adviser
    and a customer name an avoidable contact as such, and how often the customer is asked at all."""

    minutes: Mapping[str, float]
    travel_minutes: float
    travel_miles: float
    adviser_sees: float
    customer_sees: float
    customer_asked: float


class Place:
    """The days and hours of Anyborough, from `first` to `last` (day numbers, both included)."""

    def __init__(self, calendar: Calendar, first: int, last: int) -> None:
        self.calendar, self.first, self.last = calendar, first, last
        self.zone = zone_named(calendar.zone)
        self._days = range(first, last + 1)
        self._weights = [_SEASONS[self._month(day)] for day in self._days]

    def some_day(self, chance: Random) -> int:
        """A day on which a need arises, more often in some months than in others."""
        return chance.choices(self._days, self._weights)[0]

    def working_day(self, day: int, later: int) -> int:
        """The working day that is so many after a day."""
        return self.calendar.add(day, later)

    def open_day(self, body: str, channel: str, day: int) -> int:
        """The day itself, or the next on which the organisation is open by that channel."""
        weekdays, _, _ = _hours(body, channel)
        while not ((day + 3) % 7 in weekdays and (channel == _ALWAYS_OPEN or day not in self.calendar.closed)):
            day += 1
        return day

    def moment(self, body: str, channel: str, day: int, chance: Random) -> int:
        """A minute of that day (which is open) within opening hours, in seconds since 1970 UTC."""
        _, opens, closes = _hours(body, channel)
        minute = chance.randrange(round(opens * 60), round(closes * 60))
        return self.zone.instant(day * DAY + minute * 60, later=False)

    def end_of_day(self, day: int) -> int:
        """The last second of a local day."""
        return self.zone.instant((day + 1) * DAY, later=False) - 1

    def offset(self, at: int) -> int:
        """By how many seconds the clocks are ahead of UTC."""
        return self.zone.offset(at)

    def _month(self, day: int) -> int:
        return self.zone.datetime(day * DAY + 12 * _HOUR).month - 1


def _hours(body: str, channel: str) -> tuple[Sequence[int], float, float]:
    return _OPEN.get((body, channel)) or _OPEN["", channel]


class Story:
    """What one customer goes through, contact by contact, as the organisations note it.

    `contacts` are rows of `CONTACT_COLUMNS` without an id; each has its items under `items` as (how, item, holder).
    """

    def __init__(self, place: Place, recording: Recording, need: str, chance: Random) -> None:
        self.place, self.recording, self.need, self.chance = place, recording, need, chance
        self.subject = f"p{chance.getrandbits(40):010x}"
        self.contacts: list[tuple[dict[str, Value], list[dict[str, Value]]]] = []

    def happens(self, probability: float) -> bool:
        """Whether something of that probability happens."""
        return self.chance.random() < probability

    def note(
        self,
        day: int,
        body: str,
        channel: str,
        kind: Kind,
        activity: str,
        *,
        asked: Sequence[str] = (),
        given: Sequence[str] = (),
        held: Sequence[tuple[str, str]] = (),
        at: int | None = None,
        avoidable: bool | None = None,
        quoting: Mapping[str, Value] | None = None,
        **more: Value,
    ) -> int:
        """Note a contact on that day, or the next on which the organisation is open; the answer is its day.

        `at` is its instant where that is known; `avoidable` says so where the kind does not; `quoting` and `more` are
        further columns.
        """
        day = self.place.open_day(body, channel, day)
        start = self.place.moment(body, channel, day, self.chance) if at is None else at
        row: dict[str, Value] = {
            "subject": self.subject,
            "need": self.need,
            "organisation": body,
            "channel": channel,
            "kind": kind,
            "activity": activity,
            "start": start * MICROSECONDS,
            "offset": self.place.offset(start),
            "sequence": 0,
            "resolved": False,
            "completed": False,
            "weight": 1.0,
            **self._effort(channel, start),
            **self._views(body, kind, is_avoidable=kind in _REASONS if avoidable is None else avoidable),
            **(quoting or {}),
            **more,
        }
        items: list[dict[str, Value]] = [{"item": each, "how": "asked", "holder": None} for each in asked]
        items += [{"item": each, "how": "given", "holder": None} for each in given]
        items += [{"item": each, "how": "held", "holder": holder} for each, holder in held]
        self.contacts.append((row, items))
        return day

    def _effort(self, channel: str, start: int) -> dict[str, Value]:
        """The customer's own time, of which the last part was the contact itself; nobody times a form or a letter."""
        spread = self.chance.uniform(0.5, 1.5)
        minutes = round(self.recording.minutes[channel] * spread, 1)
        effort: dict[str, Value] = {"minutes": minutes, "travel_minutes": 0.0, "travel_miles": 0.0}
        if channel in ("telephone", "visit"):
            effort["end"] = (start + round(minutes * 45)) * MICROSECONDS
        if channel == "visit":
            way = self.chance.uniform(0.5, 1.5)
            effort["travel_minutes"] = round(self.recording.travel_minutes * way, 1)
            effort["travel_miles"] = round(self.recording.travel_miles * way, 1)
        return effort

    def _views(self, body: str, kind: Kind, *, is_avoidable: bool) -> dict[str, Value]:
        """What adviser and customer say of the contact. Most customers are never asked."""
        reason = _REASONS.get(kind, _REASONS[Kind.REPEAT]) if is_avoidable else NOT_AVOIDABLE
        adviser = reason if self.happens(self.recording.adviser_sees) else NOT_AVOIDABLE
        customer = reason if self.happens(self.recording.customer_sees) else NOT_AVOIDABLE
        views: dict[str, Value] = {"reason_adviser": adviser if body in CLERKS else None}
        views["reason_customer"] = customer if self.happens(self.recording.customer_asked) else None
        said = self.chance.choice(_WORDS.get(kind, ("",)))
        views["words"] = said if said and self.happens(0.12) else None
        return views
