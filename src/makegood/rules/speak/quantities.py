"""Dates, times, sums, lengths and lists as people say them, in the language of a catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from ..language import model as m
from ..money import say_money
from ..working_time import DAY, Calendar
from .catalogue import Catalogue

_END = DAY - 1


class Quantities:
    """Says numbers, money, time and lists."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    # -- phrases

    def say(self, phrase: str, /, **slots: str) -> str:
        """A phrase of the catalogue. A full stop at the end of what fills a slot gives way to the phrase's own."""
        return self.catalogue.say(phrase, **_unstopped(slots))

    def count(self, phrase: str, number: Fraction | int, /, **slots: str) -> str:
        """A phrase in the form that goes with a number, which fills its slot `n`."""
        return self.catalogue.count(phrase, number, n=self.number(number), **_unstopped(slots))

    def rank(self, phrase: str, number: int, /) -> str:
        """A phrase in the form that goes with a place in an order, which fills its slot `n`."""
        return self.catalogue.rank(phrase, number, n=self.number(number))

    # -- numbers and sums

    def number(self, number: Fraction | int) -> str:
        """A number with commas between thousands, and without needless digits."""
        exact = Fraction(number)
        return f"{exact.numerator:,}" if exact.denominator == 1 else f"{float(exact):,.15g}"

    def money(self, pounds: Fraction) -> str:
        """A sum; a fraction of a penny is shown as it is (`£1.24375`)."""
        if (pounds * 100).denominator == 1:
            return say_money(pounds)
        return f"£{float(pounds):,.6g}"

    def nth(self, number: int) -> str:
        """A place in an order: 1st, 2nd, 3rd."""
        return self.rank("ordinal", number)

    def length(self, count: Fraction | int, unit: m.Unit) -> str:
        """So many units: `2 working days`."""
        return self.count(f"unit.{unit}", count)

    def duration(self, seconds: int) -> str:
        """How long something took, in its largest unit and the next: `2 days and 5 hours`, `20 minutes`."""
        units = ((DAY, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
        first = next((place for place, (size, _) in enumerate(units) if seconds >= size), 3)
        following = units[first : first + 2]
        return self.all_of(self._lengths(seconds - seconds % following[-1][0], following))

    def hours(self, seconds: int) -> str:
        """How much time counts, exactly: `26 hours and 30 minutes`."""
        return self.all_of(self._lengths(seconds, ((3600, "hour"), (60, "minute"), (1, "second"))))

    def _lengths(self, seconds: int, units: Sequence[tuple[int, str]]) -> list[str]:
        lengths: list[str] = []
        for size, unit in units:
            number, seconds = divmod(seconds, size)
            if number or (not lengths and (size, unit) == units[-1]):
                lengths.append(self.count(f"unit.{unit}", number))
        return lengths

    # -- days and times

    def weekday(self, day: date) -> str:
        """The name of a day's weekday."""
        return self.say(f"weekday.{day.weekday()}")

    def month(self, month: int) -> str:
        """The name of a month from 1."""
        return self.say(f"month.{month}")

    def full_date(self, day: date) -> str:
        """`Thursday 21 May 2026`."""
        return self.say(
            "date", weekday=self.weekday(day), day=str(day.day), month=self.month(day.month), year=str(day.year)
        )

    def short_date(self, day: date) -> str:
        """`Thursday 21 May`."""
        return self.say("date.short", weekday=self.weekday(day), day=str(day.day), month=self.month(day.month))

    def plain_date(self, day: date) -> str:
        """`21 May 2026`."""
        return self.say("date.plain", day=str(day.day), month=self.month(day.month), year=str(day.year))

    def day_of_year(self, day: tuple[int, int]) -> str:
        """`1 November`, from month and day."""
        return self.say("date.of-year", day=str(day[1]), month=self.month(day[0]))

    def days(self, first: date, last: date) -> str:
        """A run of days in either order: `Saturday 23 to Monday 25 May`."""
        first, last = min(first, last), max(first, last)
        if first == last:
            return self.short_date(first)
        begin = self.short_date(first)
        if (first.year, first.month) == (last.year, last.month):
            begin = self.say("date.in-month", weekday=self.weekday(first), day=str(first.day))
        return self.say("pair" if (last - first).days == 1 else "range", first=begin, last=self.short_date(last))

    def time(self, seconds: int) -> str:
        """A time of day in seconds after midnight: `6pm`, `8:55am`, `midday`, `midnight`."""
        seconds %= DAY
        if seconds == 0:
            return self.say("time.midnight")
        if seconds == DAY // 2:
            return self.say("time.midday")
        hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
        half = "am" if hour < 12 else "pm"
        clock = str((hour + 11) % 12 + 1) + (f":{minute:02d}" if minute or second else "")
        return self.say(f"time.{half}", time=clock + (f":{second:02d}" if second else ""))

    def instant(self, at: datetime) -> str:
        """`10am on Thursday 21 May 2026`; midnight says of which day it is the start or the end."""
        seconds = _seconds(at)
        if seconds == 0:
            return self.say("instant.start-of-day", date=self.full_date(at.date()))
        if seconds == _END:
            return self.say("instant.end-of-day", date=self.full_date(at.date()))
        return self.say("instant", time=self.time(seconds), date=self.full_date(at.date()))

    def deadline(self, at: datetime) -> str:
        """An instant up to which there is time: the last second before the hour is `just before` it."""
        if at.second == 59 and _seconds(at) != _END:
            return self.say("instant.just-before", instant=self.instant(at + timedelta(seconds=1)))
        return self.instant(at)

    def stretch(self, first: datetime, last: datetime) -> str:
        """From one instant to another, naming the day once when it is the same."""
        if first.date() == last.date():
            return self.say(
                "stretch.one-day",
                date=self.full_date(first.date()),
                first=self.time(_seconds(first)),
                last=self.time(_seconds(last)),
            )
        return self.say("stretch", first=self.instant(first), last=self.instant(last))

    def opening_hours(self, calendar: Calendar) -> str:
        """The opening windows of a week: `Monday to Friday, 9am to 5pm`; days alone when they are open all day."""
        runs: list[tuple[int, int]] = []
        for day, hours in enumerate(calendar.hours):
            if hours and runs and runs[-1][1] == day - 1 and calendar.hours[day - 1] == hours:
                runs[-1] = (runs[-1][0], day)
            elif hours:
                runs.append((day, day))
        return self.all_of([self._hours_of(calendar, first, last) for first, last in runs])

    def _hours_of(self, calendar: Calendar, first: int, last: int) -> str:
        names = [self.say(f"weekday.{day}") for day in (first, last)]
        days = names[0] if first == last else self.say("range", first=names[0], last=names[1])
        hours = calendar.hours[first]
        if hours == ((0, DAY),):
            return days
        windows = [self.say("range", first=self.time(opens), last=self.time(closes)) for opens, closes in hours]
        return self.say("hours.of-days", days=days, hours=self.all_of(windows))

    # -- lists

    def all_of(self, items: Sequence[str]) -> str:
        """`a, b and c`."""
        return self._listed(items, "list.and")

    def any_of(self, items: Sequence[str]) -> str:
        """`a, b or c`."""
        return self._listed(items, "list.or")

    def joined(self, clauses: Sequence[str]) -> str:
        """Conditions that must all hold: `a, and b`."""
        return self._listed(clauses, "list.conditions")

    def _listed(self, items: Sequence[str], last: str) -> str:
        if len(items) < 2:
            return "".join(items)
        head = items[0]
        for item in items[1:-1]:
            head = self.say("list.comma", head=head, tail=item)
        return self.say(last, head=head, tail=items[-1])

    def sentence(self, text: str) -> str:
        """Text with a capital at its beginning and a full stop at its end.

        >>> from .english import ENGLISH
        >>> Quantities(ENGLISH).sentence("we come back")
        'We come back.'
        """
        text = " ".join(text.split())
        if not text:
            return ""
        closed = text[-1] in ".!?…" or text[-2:] in (".”", "!”", "?”")
        return text[0].upper() + text[1:] + ("" if closed else self.say("full-stop"))


def _unstopped(slots: dict[str, str]) -> dict[str, str]:
    return {name: text[:-1] if text.endswith(".") and not text.endswith("..") else text for name, text in slots.items()}


def _seconds(at: datetime) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
