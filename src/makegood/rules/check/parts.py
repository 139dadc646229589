"""The parts of a pledge one by one, each with its path and the slot it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..language import model as m
from .places import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A standard with its path and, when it is a version's own, that version."""

    path: Path
    standard: m.Standard
    version: m.Version | None = None


def standards_of(pledge: m.Pledge) -> list[Found]:
    """Every standard of a pledge, those of its versions included."""
    found = [Found(path=("standards", each.name), standard=each) for each in pledge.standards]
    for index, version in enumerate(pledge.versions):
        found += [
            Found(path=("versions", index, "standards", each.name), standard=each, version=version)
            for each in version.standards
        ]
    return found


def remedies_of(found: Found) -> Iterator[tuple[Path, m.Remedy]]:
    """Every remedy of a standard with its path, those to choose from included."""
    waiting = [((*found.path, "if we do not", index), each) for index, each in enumerate(found.standard.remedies)]
    while waiting:
        path, remedy = waiting.pop(0)
        yield path, remedy
        waiting += [((*path, str(remedy.kind), index), each) for index, each in enumerate(remedy.choices)]


def amounts_of(path: Path, remedy: m.Remedy) -> Iterator[tuple[Path, m.Choice[m.Amount]]]:
    """The sums of a remedy: what is owed, and the top-up when that is late."""
    for key, choice in ((str(remedy.kind), remedy.amount), ("if late", remedy.if_late)):
        if choice:
            yield (*path, key), choice


def conditions_of(found: Found) -> Iterator[tuple[Path, str, m.Condition]]:
    """Every condition of a standard with its path and its slot (the key it stands under)."""
    standard, path = found.standard, found.path
    if standard.only_for:
        yield (*path, "only for"), "only for", standard.only_for
    for key, exclusions in (("void if", standard.void), ("excused if", standard.excused)):
        for index, each in enumerate(exclusions):
            yield (*path, key, index, "if"), key, each.condition
    for index, limit in enumerate(standard.within):
        if limit.condition:
            yield (*path, "within", index), "within", limit.condition
    for index, extension in enumerate(standard.extensions):
        for place, option in enumerate(extension.to):
            if option.condition:
                yield (*path, "extended", index, "to", place), "extended", option.condition
    for remedy_path, remedy in remedies_of(found):
        if remedy.condition:
            yield (*remedy_path, "if"), "remedy", remedy.condition
        if remedy.extinguished:
            yield (*remedy_path, "nothing is owed if"), "remedy", remedy.extinguished
        for amount_path, choice in amounts_of(remedy_path, remedy):
            for index, line in enumerate(choice):
                if line.condition:
                    yield (*amount_path, index), "remedy", line.condition


def limits_of(found: Found) -> Iterator[tuple[Path, str, m.Limit]]:
    """Every limit of a standard that stands by itself, with its path and its slot; not those inside conditions."""
    standard, path = found.standard, found.path
    for index, option in enumerate(standard.within):
        yield (*path, "within", index), "within", option.value
    if standard.late_from:
        yield (*path, "late from"), "late from", standard.late_from
    for index, extension in enumerate(standard.extensions):
        for place, option in enumerate(extension.to):
            yield (*path, "extended", index, "to", place), "extended", option.value
        if extension.by:
            yield (*path, "extended", index, "by"), "extended", extension.by
    for remedy_path, remedy in remedies_of(found):
        if remedy.within:
            yield (*remedy_path, "within"), "remedy within", remedy.within
        if remedy.claim_within:
            yield (*remedy_path, "route"), "remedy within", remedy.claim_within


def plain_limits(limit: m.Limit) -> Iterator[m.Within | m.At | m.Window | m.Rated]:
    """The limits that a limit is made of."""
    if isinstance(limit, m.EarlierOf | m.LaterOf):
        for part in limit.limits:
            yield from plain_limits(part)
    else:
        yield limit


def lengths_of(limit: m.Limit, pledge: m.Pledge) -> Iterator[m.Within]:
    """The lengths of time in a limit, those that a rate gives included."""
    for plain in plain_limits(limit):
        if isinstance(plain, m.Within):
            yield plain
        elif isinstance(plain, m.Rated):
            for rate in pledge.rates.get(plain.rate, ()):
                if isinstance(rate.value, m.Within):
                    yield rate.value


Leaf = m.Is | m.Compare | m.Known | m.Happened | m.Relative | m.Season | m.OnDay | m.OnWeekday | m.Late


def leaves(condition: m.Condition, terms: Mapping[str, m.Condition], path: Path) -> Iterator[tuple[Path, Leaf]]:
    """The single questions that a condition asks, through its terms, each with the path where it is written."""
    waiting: list[tuple[Path, m.Condition]] = [(path, condition)]
    seen: set[str] = set()
    while waiting:
        at, each = waiting.pop()
        if isinstance(each, m.Term):
            if each.name not in seen and each.name in terms:
                seen.add(each.name)
                waiting.append((("terms", each.name), terms[each.name]))
        elif isinstance(each, m.AllOf | m.AnyOf | m.NoneOf):
            waiting += [(at, part) for part in each.parts]
        else:
            yield at, each


def parts_of(amount: m.Amount) -> Iterator[m.Part]:
    """The sums that an amount is made of, and the sums inside them."""
    waiting = [part for part in (amount.first, amount.floor, amount.cap) if part]
    waiting += [step.part for step in amount.steps]
    while waiting:
        part = waiting.pop()
        yield part
        match part:
            case m.Share():
                waiting.append(part.of)
            case m.Divided() | m.Times():
                waiting.append(part.part)
            case m.GreaterOf() | m.LesserOf():
                waiting += part.parts
            case m.Sum() | m.Named():
                pass
