"""How pages say instants, days, spans of time and money: pure, and in the zone that they are given.

The words are those of everyday British English: "by 6pm on Tuesday 16 June 2026", "tomorrow", "£5". Nothing here reads
a clock: where "today" is to be said, the instant of looking is an argument.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def plural(count: int, one: str, many: str = "") -> str:
    """A number with its noun: the noun alone takes an s unless `many` says otherwise.

    >>> plural(1, "day"), plural(3, "working day"), plural(2, "reply", "replies"), plural(1200, "case")
    ('1 day', '3 working days', '2 replies', '1,200 cases')
    """
    return f"{count:,} {one if abs(count) == 1 else many or one + 's'}"


def say_money(pounds: Decimal) -> str:
    """An amount as people write it; pence only where there are any.

    >>> say_money(Decimal(5)), say_money(Decimal("1234.5")), say_money(Decimal("-0.5"))
    ('£5', '£1,234.50', '−£0.50')
    """
    pence = round(abs(pounds) * 100)
    sign = "−" if pounds < 0 and pence else ""
    whole, rest = divmod(pence, 100)
    return f"{sign}£{whole:,}" + (f".{rest:02}" if rest else "")


def say_day(day: date, *, today: date | None = None) -> str:
    """A day with its weekday; given `today`, the near days by name and this year without its number.

    >>> say_day(date(2026, 6, 16))
    'Tuesday 16 June 2026'
    >>> say_day(date(2026, 6, 16), today=date(2026, 6, 15)), say_day(date(2026, 6, 16), today=date(2026, 2, 1))
    ('tomorrow', 'Tuesday 16 June')
    """
    if today is not None:
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days)
        if near:
            return near
    full = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return full if today is not None and today.year == day.year else f"{full} {day.year}"


def say_time(at: datetime, zone: ZoneInfo) -> str:
    """The time of day; in the hour that the clocks give twice, which of the two it was.

    >>> london = ZoneInfo("Europe/London")
    >>> say_time(datetime(2026, 6, 16, 18, 0, tzinfo=london), london)
    '6pm'
    """
    local = at.astimezone(zone)
    if (local.hour, local.minute) in {(0, 0), (12, 0)}:
        return "midday" if local.hour else "midnight"
    clock = f"{local.hour % 12 or 12}" + (f":{local.minute:02}" if local.minute else "")
    said = clock + ("am" if local.hour < 12 else "pm")
    return said + _which_of_two(local)


def _which_of_two(local: datetime) -> str:
    """In autumn one hour comes twice, and "1:30am" would be two instants."""
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return ""
    return " (after the clocks went back)" if local.fold else " (before the clocks went back)"


def say_by(at: datetime, zone: ZoneInfo, *, now: datetime | None = None) -> str:
    """A deadline: "by" with its time and day. The last second of a day is the end of that day, and so is midnight.

    >>> london = ZoneInfo("Europe/London")
    >>> say_by(datetime(2026, 6, 16, 18, 0, tzinfo=london), london)
    'by 6pm on Tuesday 16 June 2026'
    >>> say_by(datetime(2026, 6, 16, 23, 59, 59, tzinfo=london), london)
    'by the end of Tuesday 16 June 2026'
    """
    local = at.astimezone(zone)
    today = now.astimezone(zone).date() if now else None
    if (local.hour, local.minute) == (23, 59):
        return f"by the end of {say_day(local.date(), today=today)}"
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"by the end of {say_day(local.date() - timedelta(days=1), today=today)}"
    return f"by {say_time(at, zone)} {_on(say_day(local.date(), today=today))}"


def say_when(at: datetime, zone: ZoneInfo, *, now: datetime | None = None) -> str:
    """When something happened, or will.

    >>> london = ZoneInfo("Europe/London")
    >>> say_when(datetime(2026, 6, 16, 18, 5, tzinfo=london), london)
    'on Tuesday 16 June 2026 at 6:05pm'
    """
    local = at.astimezone(zone)
    today = now.astimezone(zone).date() if now else None
    if (local.hour, local.minute) == (0, 0):  # "at midnight" would leave open which end of the day
        return f"at the start of {say_day(local.date(), today=today)}"
    return f"{_on(say_day(local.date(), today=today))} at {say_time(at, zone)}"


def _on(day: str) -> str:
    return day if day in {"yesterday", "today", "tomorrow"} else f"on {day}"


def say_span(span: timedelta) -> str:
    """A span of real time in at most two units, cut down rather than rounded up; a sign is left to the sentence.

    >>> say_span(timedelta(hours=2)), say_span(timedelta(days=1, hours=4, minutes=9)), say_span(timedelta(seconds=20))
    ('2 hours', '1 day and 4 hours', 'less than a minute')
    """
    seconds = int(abs(span.total_seconds()))
    if seconds < _MINUTE:
        return "less than a minute"
    if seconds >= 14 * _DAY:
        return plural(seconds // _DAY, "day")
    units = ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"))
    first = next(index for index, (size, _) in enumerate(units) if seconds >= size)
    parts = []
    for size, name in units[first : first + 2]:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(plural(count, name))
    return " and ".join(parts)


def say_left(until: datetime, now: datetime) -> str:
    """How long is left, or how late it is.

    >>> start = datetime(2026, 6, 16, 9, 0, tzinfo=ZoneInfo("UTC"))
    >>> say_left(start, start - timedelta(hours=3)), say_left(start, start + timedelta(minutes=5))
    ('3 hours left', '5 minutes late')
    """
    return f"{say_span(until - now)} left" if now <= until else f"{say_span(now - until)} late"
