"""One pledge with one thing changed, many times over: a limit, a sum or a cap that runs from a value to another.

The phrase reads like the line that it changes: `repair limit 1..10 working days if kind is pothole`,
`repair amount £5..£50 by £5`, `repair cap £100..£500 by £100`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from ..rules import Calendar, Pledge, PledgeError, read_pledge, write_pledge
from ..rules.errors import did_you_mean
from ..rules.language import model as m
from ..rules.language.write import say_amount, say_condition, say_limit, say_number
from ..rules.money import parse_money, say_money
from ..rules.remedy import PAYING

T = TypeVar("T")

MOST = 60
"""So many values at most in one variation: each is a run over all cases."""

EXPECTED = (
    "STANDARD limit 1..10 working days, STANDARD amount £5..£50 by £5, or STANDARD cap £100..£500 by £100; "
    "at the end “if …” or “otherwise” when the standard has several lines"
)


class Subject(StrEnum):
    """What a variation changes."""

    LIMIT = "limit"
    AMOUNT = "amount"
    CAP = "cap"


class CannotVary(ValueError):
    """A variation that cannot be made: what was found, what was expected, the likely mend."""

    def __init__(self, found: str, expected: str = EXPECTED, mend: str = "") -> None:
        self.found, self.expected, self.mend = found, expected, mend
        lines = [found, f"    expected: {expected}"] + ([f"    mend: {mend}"] if mend else [])
        super().__init__("\n".join(lines))


@dataclass(frozen=True, kw_only=True, slots=True)
class Variation:
    """What is changed, and the values that it takes. `unit` is for limits; `line` picks one line of a choice.

    `line` is `None` for the only line, the empty string for `otherwise`, else the words after `if`.
    """

    standard: str
    subject: Subject
    values: tuple[Fraction, ...]
    unit: m.Unit | None = None
    percent: bool = False
    line: str | None = None

    def say(self, value: Fraction) -> str:
        """One value as people write it."""
        if self.unit:
            return f"{say_number(value)} {self.unit}{'' if value == 1 else 's'}"
        return f"{say_number(value)}%" if self.percent else say_money(value)


_FIGURE = r"£?\d[\d,]*(?:\.\d+)?%?"
_PHRASE = re.compile(
    rf"(?:(?P<standard>\S+)\s+)?(?P<subject>limit|amount|cap)\s+(?P<first>{_FIGURE})\s*\.\.\s*(?P<last>{_FIGURE})"
    rf"(?:\s+(?P<unit>(?!by\b|if\b|otherwise\b)[a-z]+(?:\s(?!by\b|if\b|otherwise\b)[a-z]+)?))?"
    rf"(?:\s+by\s+(?P<step>{_FIGURE}))?(?:\s+(?:if\s+(?P<line>.+)|(?P<otherwise>otherwise)))?"
)


def read_variation(text: str, pledge: Pledge) -> Variation:
    """Read one variation of a pledge. Raises `CannotVary`."""
    match = _PHRASE.fullmatch(" ".join(text.split()))
    if not match:
        raise CannotVary(f"“{text}” does not say what to vary")
    names = list(dict.fromkeys(standard.name for standard in _standards(pledge)))
    standard = match["standard"] or (names[0] if len(names) == 1 else "")
    if standard not in names:
        found = f"there is no standard “{standard}” in {pledge.name}" if standard else f"no standard named in “{text}”"
        raise CannotVary(found, "the name of a standard first", did_you_mean(standard, names))
    subject = Subject(match["subject"])
    ends = [match["first"], match["last"], match["step"] or ""]
    percent = subject is Subject.AMOUNT and any(end.endswith("%") for end in ends)
    return Variation(
        standard=standard,
        subject=subject,
        values=_values(*(_figure(end, subject, percent=percent) for end in ends), text=text),
        unit=_unit(match["unit"] or "", subject),
        percent=percent,
        line="" if match["otherwise"] else match["line"],
    )


def _figure(text: str, subject: Subject, *, percent: bool) -> Fraction:
    if not text:
        return Fraction(1)
    if subject is Subject.LIMIT:
        if text.startswith("£") or text.endswith("%"):
            raise CannotVary(f"“{text}” is no length of time", "a limit such as 1..10 working days")
        return Fraction(text.replace(",", ""))
    if percent:
        if text.startswith("£"):
            raise CannotVary(f"“{text}” beside a percentage", "an amount such as £5..£50 by £5, or 10%..50% by 10%")
        return Fraction(text.rstrip("%").replace(",", ""))
    pounds = parse_money(text)
    if pounds is None:
        raise CannotVary(f"“{text}” is no sum of money", "a sum such as £5 or £7.50")
    return Fraction(pounds)


def _values(first: Fraction, last: Fraction, step: Fraction, *, text: str) -> tuple[Fraction, ...]:
    if last < first or step <= 0:
        raise CannotVary(f"“{text}” goes down", "from the smaller to the larger value", "write 1..10, not 10..1")
    count = int((last - first) / step) + 1
    if count > MOST:
        raise CannotVary(f"“{text}” has {count:,} values", f"at most {MOST} values", "take larger steps: … by 5")
    return tuple(first + step * number for number in range(count))


def _unit(text: str, subject: Subject) -> m.Unit | None:
    if subject is not Subject.LIMIT:
        if text:
            raise CannotVary(f"“{text}” after a sum of money", f"the {subject} without a unit")
        return None
    units = {name: unit for unit in m.Unit for name in (str(unit), f"{unit}s")}
    if text not in units:
        found = f"“{text}” is no unit of time" if text else "a limit without a unit"
        raise CannotVary(found, "a unit such as working days", did_you_mean(text, [f"{unit}s" for unit in m.Unit]))
    return units[text]


# --- the change --------------------------------------------------------------------------------------


def varied(pledge: Pledge, variation: Variation, calendars: Mapping[str, Calendar]) -> list[tuple[str, Pledge]]:
    """The pledge once for each value, labelled with the value; every one is as valid as a pledge that was written.

    Everything else stays as it is, in every version of the standard; examples are left out, for they speak of the
    pledge as it was. Raises `CannotVary`.
    """
    made = []
    for value in variation.values:
        changed = _changed(pledge, variation, value)
        try:
            read_pledge(write_pledge(changed), variation.say(value), calendars=calendars)
        except PledgeError as error:
            finding = error.findings[0]
            raise CannotVary(f"{variation.say(value)}: {finding.found}", finding.expected, finding.mend) from None
        made.append((variation.say(value), changed))
    return made


def current(pledge: Pledge, variation: Variation) -> str:
    """The value that the pledge has now, as a phrase, in its first version that has the standard."""
    standard = next(each for each in _standards(pledge) if each.name == variation.standard)
    if variation.subject is Subject.LIMIT:
        return say_limit(standard.within[_line(standard.within, variation, say_limit)].value)
    choice = next(_sums(standard.remedies))
    amount = choice[_line(choice, variation, say_amount)].value
    if variation.subject is Subject.CAP:
        return say_amount(m.Amount(first=amount.cap)) if amount.cap else "no cap"
    return say_amount(m.Amount(first=_first_part(amount)))


def _standards(pledge: Pledge) -> Iterable[m.Standard]:
    yield from pledge.standards
    for version in pledge.versions:
        yield from version.standards


def _changed(pledge: Pledge, variation: Variation, value: Fraction) -> Pledge:
    def change(standards: tuple[m.Standard, ...]) -> tuple[m.Standard, ...]:
        return tuple(
            _changed_standard(each, variation, value) if each.name == variation.standard else each for each in standards
        )

    versions = tuple(replace(version, standards=change(version.standards)) for version in pledge.versions)
    return replace(pledge, standards=change(pledge.standards), versions=versions, examples=())


def _changed_standard(standard: m.Standard, variation: Variation, value: Fraction) -> m.Standard:
    if variation.subject is Subject.LIMIT:
        place = _line(standard.within, variation, say_limit)
        limit = _limit(standard.within[place].value, variation, value)
        return replace(standard, within=_put(standard.within, place, limit))
    count = sum(1 for _ in _sums(standard.remedies))
    if count != 1:
        found = f"“{standard.name}” has {'no remedy' if not count else f'{count} remedies'} with a sum of money"
        raise CannotVary(found, "a standard with one remedy in money")
    return replace(standard, remedies=_paying(standard.remedies, lambda choice: _sum(choice, variation, value)))


def _limit(limit: m.Limit, variation: Variation, value: Fraction) -> m.Limit:
    if not isinstance(limit, m.Within | m.Rated) or not variation.unit:
        raise CannotVary(f"“{say_limit(limit)}” is no length of time", "a limit that counts days, hours or minutes")
    return m.Within(
        count=value, unit=variation.unit, by=limit.by, calendar=limit.calendar, anchor=limit.anchor,
        before=limit.before, less_than=isinstance(limit, m.Within) and limit.less_than,
    )  # fmt: skip


def _sum(choice: m.Choice[m.Amount], variation: Variation, value: Fraction) -> m.Choice[m.Amount]:
    place = _line(choice, variation, say_amount)
    amount = choice[place].value
    if variation.subject is Subject.CAP:
        return _put(choice, place, replace(amount, cap=m.Sum(pounds=value)))
    part = _part(_first_part(amount), variation, value)
    if amount.first is not None:
        return _put(choice, place, replace(amount, first=part))
    return _put(choice, place, replace(amount, steps=(replace(amount.steps[0], part=part), *amount.steps[1:])))


def _first_part(amount: m.Amount) -> m.Part:
    return amount.first if amount.first is not None else amount.steps[0].part


def _part(part: m.Part, variation: Variation, value: Fraction) -> m.Part:
    if isinstance(part, m.Share) and variation.percent:
        return replace(part, percent=value)
    if isinstance(part, m.Sum | m.Named) and not variation.percent:
        return m.Sum(pounds=value)
    example = "10%..50% by 10%" if isinstance(part, m.Share) else "£5..£50 by £5"
    raise CannotVary(f"the amount now is {say_amount(m.Amount(first=part))}", f"an amount like it: {example}")


def _put(choice: m.Choice[T], place: int, value: T) -> m.Choice[T]:
    return (*choice[:place], replace(choice[place], value=value), *choice[place + 1 :])


def _line(choice: m.Choice[T], variation: Variation, say: Callable[[T], str]) -> int:
    """Which line of a choice is meant. Raises `CannotVary` when that cannot be told."""
    if variation.line is None and len(choice) == 1:
        return 0
    conditions = [say_condition(option.condition) if option.condition else "" for option in choice]
    wanted = " ".join((variation.line or "").split())
    if variation.line is not None and wanted in conditions:
        return conditions.index(wanted)
    lines = "; ".join(
        f"{say(option.value)} {f'if {condition}' if condition else 'otherwise'}"
        for option, condition in zip(choice, conditions, strict=True)
    )
    found = (
        f"“{variation.standard}” has {len(choice)} lines" if variation.line is None else f"there is no line “{wanted}”"
    )
    near = did_you_mean(wanted, filter(None, conditions))
    mend = near if near.startswith("did") else ""
    raise CannotVary(found, f"one of its lines, by its “if …” or “otherwise”: {lines}", mend)


# --- remedies in money, also those to choose from -------------------------------------------------------


def _sums(remedies: tuple[m.Remedy, ...]) -> Iterator[m.Choice[m.Amount]]:
    for remedy in remedies:
        if remedy.kind in PAYING and remedy.amount:
            yield remedy.amount
        yield from _sums(remedy.choices)


def _paying(
    remedies: tuple[m.Remedy, ...], change: Callable[[m.Choice[m.Amount]], m.Choice[m.Amount]]
) -> tuple[m.Remedy, ...]:
    return tuple(
        replace(
            remedy,
            amount=change(remedy.amount) if remedy.kind in PAYING and remedy.amount else remedy.amount,
            choices=_paying(remedy.choices, change),
        )
        for remedy in remedies
    )
