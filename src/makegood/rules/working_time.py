"""Opening windows, closed days, counting and zones: what a day, an hour and a deadline are.

Inside the library an instant is a whole number of seconds since 1970 (UTC) and a local day is a whole
number of days since 1970-01-01; datetimes appear only at the edges. Nothing here reads a clock.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_EPOCH_AT = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_AT = (date(1, 1, 2).toordinal() - _EPOCH) * DAY
_LAST_AT = (date(9999, 12, 31).toordinal() - _EPOCH) * DAY - 1

EARLIEST, LATEST = 1000, 9000
"""The years that dates and instants of a case lie in, both included: others stand for “none” or “no end” in files.

Limits are a hundred years at most, so that what is reckoned from these years stays within what a date can hold.
"""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Hours = tuple[tuple[int, int], ...]
"""The opening windows of one weekday: (opens, closes) in seconds after midnight, closing 86,400 at most."""


class OutOfRange(Exception):
    """A count left the range for which its calendar is complete; the outcome is unknown, never a guess."""

    def __init__(self, calendar: str) -> None:
        self.calendar = calendar
        super().__init__(f"calendar {calendar}")


def day_number(day: date) -> int:
    """Whole days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The date that is so many days after 1970-01-01."""
    return date.fromordinal(number + _EPOCH)


def seconds_of(instant: datetime) -> int:
    """An aware datetime, cut down to the whole second, as seconds since 1970 (UTC).

    Raises `ValueError` for a datetime without a UTC offset.
    """
    offset = instant.utcoffset()
    if offset is None:
        raise ValueError(f"{instant.isoformat()} has no UTC offset")
    days = instant.toordinal() - _EPOCH
    return days * DAY + instant.hour * 3600 + instant.minute * 60 + instant.second - offset.days * DAY - offset.seconds


class Zone:
    """A time zone as arithmetic on seconds.

    A local time that does not exist means the first instant after the gap; of one that occurs twice, an
    opening takes the earlier instant and a deadline the later.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.info = ZoneInfo(name)
        self._offsets: dict[int, int] = {}  # by UTC day, for days on which the offset does not change
        self._steady: dict[int, int] = {}  # by local day, where it does not change within two days of it
        self._fixed: dict[int, timezone] = {}

    def offset(self, at: int) -> int:
        """Seconds to add to a UTC instant to get local time."""
        known = self._offsets.get(at // DAY)
        return self._new_offset(at) if known is None else known

    def _new_offset(self, at: int) -> int:
        first, last = self._exact(at - at % DAY), self._exact(at - at % DAY + DAY - 1)
        if first != last:
            return self._exact(at)
        self._offsets[at // DAY] = first
        return first

    def _exact(self, at: int) -> int:
        within = min(max(at, _FIRST_AT), _LAST_AT)  # beyond what a datetime can hold, the offset stays as it is
        delta = (_EPOCH_AT + timedelta(seconds=within)).astimezone(self.info).utcoffset() or timedelta()
        return delta.days * DAY + delta.seconds

    def local(self, at: int) -> int:
        """The local wall clock at a UTC instant, as seconds since local 1970-01-01 00:00."""
        return at + self.offset(at)

    def day(self, at: int) -> int:
        """The local day number at a UTC instant."""
        known = self._offsets.get(at // DAY)
        return (at + (self._new_offset(at) if known is None else known)) // DAY

    def instant(self, local: int, *, later: bool) -> int:
        """The UTC instant of a local wall-clock time; `later` decides when it occurs twice."""
        steady = self._steady.get(local // DAY)
        if steady is not None:
            return local - steady
        before, after = self.offset(local - 2 * DAY), self.offset(local + 2 * DAY)
        if before == after == self.offset(local - before):
            if all(self.offset((local // DAY + days) * DAY) == before for days in range(-2, 4)):
                self._steady[local // DAY] = before
            return local - before
        first, last = sorted((local - before, local - after))
        fits = [at for at in (first, last) if self.local(at) == local]
        if fits:
            return fits[-1] if later else fits[0]
        return self._first_after_gap(local)

    def _first_after_gap(self, local: int) -> int:
        low, high = local - 2 * DAY, local + 2 * DAY
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.local(middle) < local else (low, middle)
        return high

    def datetime(self, at: int) -> datetime:
        """The local datetime of a UTC instant, with its offset fixed.

        A fixed offset compares rightly in the hour that occurs twice, where datetimes of a zone never equal others.
        Raises `ValueError` outside the years 1 to 9999.
        """
        offset = self.offset(at)
        fixed = self._fixed.get(offset)
        if fixed is None:
            fixed = self._fixed[offset] = timezone(timedelta(seconds=offset))
        return datetime.fromtimestamp(at, fixed)

    def changes(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """All (instant, new offset) between two instants, beginning with the offset in force at `first`."""
        found = [(first, self.offset(first))]
        step = 14 * DAY
        at = first
        while at < last:
            until = min(at + step, last)
            if self.offset(at) != self.offset(until):
                low, high = at, until
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if self._exact(middle) == self.offset(at) else (low, middle)
                found.append((high, self._exact(high)))
            at = until
        return tuple(found)


@lru_cache(maxsize=64)
def zone_named(name: str) -> Zone:
    """The zone of an IANA name such as `Europe/London`. Raises `ZoneInfoNotFoundError` (a `KeyError`)."""
    return Zone(name)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Named opening windows and closed days, complete for a stated range of days.

    `hours` has seven entries from Monday. `closed` maps a closed day number to its name.
    A day is open when its weekday has a window and it is not closed.
    """

    name: str
    zone: str
    hours: tuple[Hours, ...]
    closed: Mapping[int, str]
    first: int
    last: int
    title: str = ""
    source: str = ""
    union_of: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def _open_days(self) -> list[int]:
        open_weekdays = [bool(hours) for hours in self.hours]
        return [
            day for day in range(self.first, self.last + 1) if open_weekdays[(day + 3) % 7] and day not in self.closed
        ]

    @cached_property
    def _opened(self) -> list[int]:
        """For each day of the range, how many days up to and including it are open."""
        counts, total = [], 0
        opened = iter([*self._open_days, None])
        upcoming = next(opened)
        for day in range(self.first, self.last + 1):
            if day == upcoming:
                total += 1
                upcoming = next(opened)
            counts.append(total)
        return counts

    @cached_property
    def _windows(self) -> tuple[list[int], list[int], list[int]]:
        """Openings, closings (UTC seconds) and the service seconds before each opening."""
        zone = zone_named(self.zone)
        opens: list[int] = []
        closes: list[int] = []
        before: list[int] = []
        total = 0
        for day in self._open_days:
            for opening, closing in self.hours[(day + 3) % 7]:
                first = zone.instant(day * DAY + opening, later=False)
                last = zone.instant(day * DAY + closing, later=True)
                if closes and first < closes[-1]:
                    first = closes[-1]
                if last > first:
                    opens.append(first)
                    closes.append(last)
                    before.append(total)
                    total += last - first
        return opens, closes, before

    def is_open(self, day: int) -> bool:
        """Whether a day of the range is open. Raises `OutOfRange` outside the range."""
        return self.opened_up_to(day) != (self.opened_up_to(day - 1) if day > self.first else 0)

    def opened_up_to(self, day: int) -> int:
        """How many days of the range up to and including `day` are open. Raises `OutOfRange`."""
        if not self.first <= day <= self.last:
            raise OutOfRange(self.name)
        return self._opened[day - self.first]

    def nth_open_day(self, count: int) -> int:
        """The day on which the number of open days reaches `count` (from 1). Raises `OutOfRange`."""
        if not 1 <= count <= len(self._open_days):
            raise OutOfRange(self.name)
        return self._open_days[count - 1]

    def add(self, day: int, count: int) -> int:
        """The day that is `count` open days after `day`, which is itself day 0, open or closed.

        >>> uk = Calendar(name="x", zone="Europe/London", hours=(((0, 86400),),) * 5 + ((), ()),
        ...               closed={}, first=day_number(date(2026, 1, 1)), last=day_number(date(2026, 12, 31)))
        >>> day_of(uk.add(day_number(date(2026, 5, 22)), 2)).isoformat()
        '2026-05-26'
        """
        return self.nth_open_day(self.opened_up_to(day) + count) if count else day

    def between(self, first: int, last: int) -> int:
        """How many open days lie after `first` up to and including `last`; 0 when `last` is not later."""
        if not (self.first <= first <= self.last and self.first <= last <= self.last):
            raise OutOfRange(self.name)
        return max(self._opened[last - self.first] - self._opened[first - self.first], 0)

    def next_open(self, day: int) -> int:
        """`day` itself when it is open, else the next open day."""
        return day if self.is_open(day) else self.add(day, 1)

    def why_closed(self, day: int) -> str | None:
        """Why a day is closed: the closed day's name, `weekend` for a weekday without windows; `None` if open."""
        if day in self.closed:
            return self.closed[day]
        return None if self.hours[(day + 3) % 7] else "weekend"

    def add_service(self, at: int, seconds: int) -> int:
        """The instant when `seconds` of service time have run since `at`.

        What arrives outside opening windows counts as received at the next opening; a deadline that falls
        exactly on closing time is that closing time. Raises `OutOfRange`.
        """
        opens, closes, before = self._windows
        target = self.service_up_to(at) + seconds
        if seconds == 0:
            index = bisect_right(closes, at)
            if index >= len(opens):
                raise OutOfRange(self.name)
            return max(at, opens[index])
        index = bisect_left(before, target) - 1
        if index < 0 or closes[index] - opens[index] < target - before[index]:
            raise OutOfRange(self.name)
        return opens[index] + target - before[index]

    def service_up_to(self, at: int) -> int:
        """Service seconds of the range that have run by an instant. Raises `OutOfRange`."""
        opens, closes, before = self._windows
        if not self.first <= zone_named(self.zone).day(at) <= self.last:
            raise OutOfRange(self.name)
        index = bisect_right(opens, at) - 1
        if index < 0:
            return 0
        return before[index] + min(at, closes[index]) - opens[index]

    def windows_between(self, first: int, last: int) -> list[tuple[int, int]]:
        """The parts of opening windows that lie between two instants, for explanations."""
        opens, closes, _ = self._windows
        start = bisect_right(closes, first)
        parts = []
        for index in range(start, len(opens)):
            if opens[index] >= last:
                break
            parts.append((max(first, opens[index]), min(last, closes[index])))
        return parts


def union(name: str, calendars: Sequence[Calendar], *, title: str = "", source: str = "") -> Calendar:
    """A calendar that is closed when any of several is closed, complete where all of them are.

    Raises `ValueError` when they have different zones or opening windows.
    """
    head = calendars[0]
    if any(other.zone != head.zone or other.hours != head.hours for other in calendars):
        raise ValueError("calendars of a union need the same zone and the same opening windows")
    closed: dict[int, str] = {}
    for calendar in calendars:
        for day, why in calendar.closed.items():
            closed.setdefault(day, why)
    return Calendar(
        name=name,
        zone=head.zone,
        hours=head.hours,
        closed=closed,
        title=title,
        source=source,
        first=max(calendar.first for calendar in calendars),
        last=min(calendar.last for calendar in calendars),
        union_of=tuple(calendar.name for calendar in calendars),
    )


def every_day(hours: Hours, days: Iterable[int]) -> tuple[Hours, ...]:
    """The same windows on each of the given weekdays (0 is Monday) and none on the others."""
    wanted = set(days)
    return tuple(hours if weekday in wanted else () for weekday in range(7))
