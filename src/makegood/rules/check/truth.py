"""Whether a condition holds in one combination of answers: yes, no, or cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from operator import ge, gt, le, lt

from ..language import model as m
from ..working_time import day_number
from .parts import Leaf

Sample = str | int | Fraction
Key = tuple[object, ...]
"""An axis: its kind, its subject, and for some kinds what the subject is compared with."""

ANOTHER = "\0another"
"""The sample of a text that no condition names, or of any value of a detail that is given."""
NOT_GIVEN = "\0not given"
NEVER = "\0never"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A stretch of an axis in which every condition has one answer, by a sample value, with words for people.

    `open` marks “any other text”, which nobody can list; `between` a stretch without a whole number.
    """

    sample: Sample
    words: str
    open: bool = False
    between: bool = False


Case = dict[Key, Spot]


def axis_of(leaf: Leaf) -> Key:
    """The axis that a question belongs to."""
    match leaf:
        case m.Is() | m.Compare() | m.Known():
            return ("detail", leaf.detail)
        case m.Happened():
            return ("count", leaf.fact)
        case m.Relative():
            return ("order", leaf.subject, leaf.instant)
        case m.Season():
            return ("season", leaf.subject)
        case m.OnDay():
            return ("same day", leaf.subject, leaf.detail)
        case m.OnWeekday():
            return ("weekday", leaf.subject)
        case m.Late():
            part = " or part" if leaf.or_part else ""
            return ("late", "elapsed" if leaf.unit in m.ELAPSED else f"{leaf.unit}{part}")


def number_of(value: Fraction | date, kind: m.Kind) -> int | Fraction:
    """A threshold as it is compared: days, pence, or the number itself."""
    if isinstance(value, date):
        return day_number(value)
    return int(value * 100) if kind is m.Kind.MONEY else value


def late_seconds(late: m.Late) -> tuple[int, int | None]:
    """A band of elapsed lateness as its first second and the first one after it.

    >>> late_seconds(m.Late(unit=m.Unit.MINUTE, least=15, most=29))
    (900, 1800)
    """
    size = m.SECONDS[late.unit]
    if late.or_part:
        return max((late.least - 1) * size + 1, 0), None if late.most is None else late.most * size + 1
    return late.least * size, None if late.most is None else (late.most + 1) * size


def late_band(late: m.Late) -> tuple[int, int | None]:
    """A band of lateness on its axis: the first number (seconds, if elapsed, else days) and the first after it."""
    if late.unit in m.ELAPSED:
        return late_seconds(late)
    return late.least, None if late.most is None else late.most + 1


def truth(condition: m.Condition, case: Case, pledge: m.Pledge) -> bool | None:
    """Whether a condition holds in a case; `None` when it cannot be told."""
    match condition:
        case m.Term():
            answer = truth(pledge.terms[condition.name], case, pledge)
            return None if answer is None else answer != condition.negated
        case m.AllOf():
            answers = [truth(part, case, pledge) for part in condition.parts]
            return False if False in answers else None if None in answers else True
        case m.AnyOf() | m.NoneOf():
            answers = [truth(part, case, pledge) for part in condition.parts]
            either = True if True in answers else None if None in answers else False
            return either if isinstance(condition, m.AnyOf) or either is None else not either
        case _:
            pass
    sample = case[axis_of(condition)].sample
    if isinstance(condition, m.Known):
        return (sample != NOT_GIVEN) != condition.negated
    return None if sample == NOT_GIVEN else _holds(condition, sample, pledge)


def _holds(leaf: Leaf, sample: Sample, pledge: m.Pledge) -> bool:
    match leaf:
        case m.Is():
            return (sample in leaf.values) != leaf.negated
        case m.Compare():
            return _compare(sample, leaf.op, number_of(leaf.value, pledge.details[leaf.detail].kind))
        case m.Happened():
            return _compare(sample, ">=", leaf.times) != leaf.negated
        case m.Relative():
            return sample != NEVER and _compare(sample, leaf.op, 0)
        case m.Season():
            first, last = (month * 100 + day for month, day in (leaf.first, leaf.last))
            inside = (_compare(sample, ">=", first), _compare(sample, "<=", last))
            return all(inside) if first <= last else any(inside)
        case m.OnDay():
            return bool(sample) != leaf.negated
        case m.OnWeekday():
            return sample in leaf.weekdays
        case m.Late():
            first, after = late_band(leaf)
            return _compare(sample, ">=", first) and (after is None or _compare(sample, "<", after))
        case m.Known():
            return not leaf.negated


_OPS: dict[str, Callable[[int | Fraction, int | Fraction], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def _compare(sample: Sample, op: str, value: int | Fraction) -> bool:
    assert not isinstance(sample, str)
    return _OPS[op](sample, value)
