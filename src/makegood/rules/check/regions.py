"""Which combinations of answers a list of conditions can meet: a finite map of all cases, to find gaps and overlaps.

Each thing that a condition asks about becomes an axis with a few spots: the declared values, the stretches
between thresholds, the days of the year between two seasons. Every case lies in exactly one spot of each axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise, product
from math import prod

from ..language import model as m
from ..language.phrases import MONTHS
from ..language.write import say_limit, say_number
from ..money import say_money
from ..working_time import WEEKDAYS, day_number, day_of
from .parts import Leaf, leaves
from .truth import ANOTHER, NEVER, NOT_GIVEN, Case, Key, Spot, axis_of, late_band, number_of

MOST = 20_000
"""The most combinations that are looked at; a list with more is not checked for gaps."""
_YEAR_END = 1231


class Map:
    """All cases that some conditions can tell apart.

    `least_late` is the least lateness in seconds at which the standard is broken; `certain` are facts that
    have happened in every case that is judged.
    """

    def __init__(
        self,
        pledge: m.Pledge,
        conditions: Iterable[m.Condition],
        *,
        least_late: int = 1,
        certain: Iterable[str] = (),
    ) -> None:
        self.pledge, self.least_late, self.certain = pledge, least_late, frozenset(certain)
        asked: dict[Key, list[Leaf]] = {}
        for condition in conditions:
            for _, leaf in leaves(condition, pledge.terms, ()):
                asked.setdefault(axis_of(leaf), []).append(leaf)
        self.axes: dict[Key, list[Spot]] = {key: self._spots(key, questions) for key, questions in asked.items()}
        self.size = prod(len(spots) for spots in self.axes.values())

    @property
    def exact(self) -> bool:
        """Whether the axes are independent, so that every combination is a case that can be."""
        subjects = [key[1] for key in self.axes if key[0] not in ("count", "late")]
        late = [key for key in self.axes if key[0] == "late"]
        return len(set(subjects)) == len(subjects) and len(late) <= 1

    def cases(self) -> Iterator[Case]:
        """Every combination, one spot for each axis; none when there are more than `MOST`."""
        if self.size > MOST:
            return
        keys = list(self.axes)
        for spots in product(*self.axes.values()):
            case = dict(zip(keys, spots, strict=True))
            if all(self._agrees(key, spot, case) for key, spot in case.items()):
                yield case

    @staticmethod
    def _agrees(key: Key, spot: Spot, case: Case) -> bool:
        count = case.get(("count", key[1])) if key[0] == "order" else None
        return count is None or (count.sample == 0) == (spot.sample == NEVER)

    def _spots(self, key: Key, questions: list[Leaf]) -> list[Spot]:
        subject = str(key[1])
        match key[0]:
            case "detail":
                return _detail_spots(self.pledge.details[subject], questions)
            case "count":
                return _count_spots(subject, questions, certain=subject in self.certain)
            case "order":
                may_miss = subject in self.pledge.facts and subject not in self.certain
                return _order_spots(subject, questions, may_miss=may_miss)
            case "season":
                return _season_spots(subject, questions)
            case "weekday":
                return [Spot(sample=day, words=f"{subject} is on a {name}") for day, name in enumerate(WEEKDAYS)]
            case "same day":
                return [
                    Spot(sample=same, words=f"{subject} is {'' if same else 'not '}on {key[2]}")
                    for same in (True, False)
                ]
            case _:
                return _late_spots(subject, questions, self.least_late)


# --- the spots of each kind of axis ---------------------------------------------------------------------


def _detail_spots(detail: m.Detail, questions: list[Leaf]) -> list[Spot]:
    name = detail.name
    points = sorted({number_of(each.value, detail.kind) for each in questions if isinstance(each, m.Compare)})
    spots: list[Spot] = []
    if detail.kind in (m.Kind.NUMBER, m.Kind.MONEY, m.Kind.DATE) and not points:
        pass
    elif detail.kind is m.Kind.NUMBER:
        spots = _stretches_of_numbers(name, points)
    elif detail.kind is m.Kind.MONEY:
        spots = _stretches(
            points, 0, lambda low, high: f"{name} {_span(low, high, lambda n: say_money(Fraction(n, 100)))}"
        )
    elif detail.kind is m.Kind.DATE:
        spots = _stretches(points, None, lambda low, high: f"{name} {_dates(low, high)}")
    elif detail.kind is not m.Kind.INSTANT:
        used = dict.fromkeys(value for each in questions if isinstance(each, m.Is) for value in each.values)
        values = ("yes", "no") if detail.kind is m.Kind.YES_NO else detail.values or tuple(used)
        spots = [Spot(sample=value, words=f"{name} is {value}") for value in values]
        if detail.kind is m.Kind.TEXT:
            spots.append(Spot(sample=ANOTHER, words=f"{name} is anything else", open=True))
    if any(isinstance(each, m.Known) for each in questions):
        spots = spots or [Spot(sample=ANOTHER, words=f"{name} is given")]
        spots.append(Spot(sample=NOT_GIVEN, words=f"{name} is not given"))
    return spots


def _stretches(
    points: list[int | Fraction], least: int | None, say: Callable[[int | None, int | None], str]
) -> list[Spot]:
    """The stretches of whole numbers that points (each the first or last of a stretch) divide."""
    whole = sorted({int(point) + more for point in points for more in (0, 1)})
    starts = [start for start in whole if least is None or start > least]
    edges: list[int | None] = [least, *starts, None]
    return [
        Spot(sample=low if low is not None else (high or 0) - 1, words=say(low, None if high is None else high - 1))
        for low, high in pairwise(edges)
    ]


def _stretches_of_numbers(name: str, points: list[int | Fraction]) -> list[Spot]:
    """Each point, and the open stretches between, below and above them."""
    numbers = [Fraction(point) for point in points]
    spots = [Spot(sample=numbers[0] - 1, words=f"{name} under {say_number(numbers[0])}")]
    for number, following in pairwise([*numbers, None]):
        assert number is not None
        spots.append(Spot(sample=number, words=f"{name} is {say_number(number)}"))
        if following is None:
            spots.append(Spot(sample=number + 1, words=f"{name} over {say_number(number)}"))
        else:
            words = f"{name} between {say_number(number)} and {say_number(following)}"
            between = number // 1 + 1 >= following
            spots.append(Spot(sample=(number + following) / 2, words=words, between=between))
    return spots


def _count_spots(fact: str, questions: list[Leaf], *, certain: bool) -> list[Spot]:
    times = sorted({1, *(each.times for each in questions if isinstance(each, m.Happened))})
    spots = [] if certain else [Spot(sample=0, words=f"{fact} has not happened")]
    for count, following in pairwise([*times, None]):
        words = f"happened at least {count} times" if following is None else f"happened fewer than {following} times"
        spots.append(Spot(sample=count or 0, words=f"{fact} {'has happened' if times == [1] else words}"))
    return spots


def _order_spots(subject: str, questions: list[Leaf], *, may_miss: bool) -> list[Spot]:
    instant = next(say_limit(each.instant) for each in questions if isinstance(each, m.Relative))
    spots = [
        Spot(sample=-1, words=f"{subject} is before {instant}"),
        Spot(sample=0, words=f"{subject} is exactly at {instant}"),
        Spot(sample=1, words=f"{subject} is after {instant}"),
    ]
    return [*spots, Spot(sample=NEVER, words=f"{subject} has not happened")] if may_miss else spots


def _season_spots(subject: str, questions: list[Leaf]) -> list[Spot]:
    """The stretches of the year, each by its first day as month and day: 401 is 1 April."""
    starts = {101}
    for each in questions:
        if isinstance(each, m.Season):
            starts |= {each.first[0] * 100 + each.first[1], _day_after(each.last)}
    edges = [*sorted(starts), _YEAR_END + 1]
    return [
        Spot(sample=first, words=f"{subject} is from {_day(first)} to {_day(_day_before(after))}")
        for first, after in pairwise(edges)
    ]


def _day(number: int) -> str:
    return f"{number % 100} {MONTHS[number // 100 - 1].capitalize()}"


def _day_after(day: tuple[int, int]) -> int:
    if day == (12, 31):
        return 101
    following = day_of(day_number(date(2000, *day)) + 1)
    return following.month * 100 + following.day


def _day_before(number: int) -> int:
    if number > _YEAR_END:
        return _YEAR_END
    earlier = day_of(day_number(date(2000, number // 100, number % 100)) - 1)
    return earlier.month * 100 + earlier.day


def _late_spots(axis: str, questions: list[Leaf], least_late: int) -> list[Spot]:
    elapsed = axis == "elapsed"
    least = least_late if elapsed else 0
    starts = set()
    for each in questions:
        if isinstance(each, m.Late):
            first, after = late_band(each)
            starts |= {edge for edge in (first, after) if edge is not None and edge > least}
    return [
        Spot(sample=first, words=_seconds_late(first, after) if elapsed else _days_late(first, after, axis))
        for first, after in pairwise([least, *sorted(starts), None])
        if first is not None
    ]


# --- words ----------------------------------------------------------------------------------------------


def _span(low: int | None, high: int | None, say: Callable[[int], str]) -> str:
    if low is None or (low == 0 and high is not None):
        return f"at most {say(high or 0)}"
    if high is None:
        return f"at least {say(low)}"
    return f"is {say(low)}" if low == high else f"from {say(low)} to {say(high)}"


def _dates(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return f"is by {_date(high or 0)}" if low is None else f"is not before {_date(low)}"
    return f"is {_date(low)}" if low == high else f"is from {_date(low)} to {_date(high)}"


def _date(number: int) -> date:
    return day_of(min(max(number, day_number(date.min)), day_number(date.max)))


def _seconds_late(first: int, after: int | None) -> str:
    begin = 0 if first == 1 else first
    for size, unit in ((3600, "hours"), (60, "minutes")):
        if begin % size == 0 and (after is None or after % size == 0):
            return _late(begin // size, None if after is None else after // size, unit)
    return _late(first, after, "seconds")


def _days_late(first: int, after: int | None, axis: str) -> str:
    return _late(first, after, axis.replace("day", "days"))


def _late(first: int, after: int | None, units: str) -> str:
    if after is None:
        return f"at least {first} {units} late"
    if first == 0:
        return f"under {after} {units} late"
    return f"{first} {units} late" if after == first + 1 else f"{first} to {after - 1} {units} late"


def common_words(cases: list[Case], axes: Mapping[Key, list[Spot]]) -> str:
    """Words for the first of some cases, without what makes no difference among them."""
    everything = {tuple(sorted((str(key), spot.words) for key, spot in case.items())) for case in cases}
    case = dict(cases[0])
    for key, spots in axes.items():
        others = [{**case, key: spot} for spot in spots]
        inside = [
            tuple(sorted((str(each), spot.words) for each, spot in other.items())) in everything for other in others
        ]
        if len(spots) > 1 and all(inside):
            case[key] = Spot(sample="", words="")
            everything = {tuple((each, "" if each == str(key) else words) for each, words in one) for one in everything}
    return " and ".join(spot.words for spot in case.values() if spot.words) or "always"
