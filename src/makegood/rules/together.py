"""Cases of one subject judged together: repetitions and caps over a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .clocks import in_span
from .facts import Case
from .language import model as m
from .outcomes import Outcome, Status, with_remedies
from .remedy import AmountLine, Owed, nothing

NO_END = 10**18
"""More pence than any sum, where a ceiling sets no sum."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing that is counted: a broken case or a fact, by its local day, in the order of its instant."""

    order: tuple[int, str]
    day: int
    index: int


def settle_together(pledge: m.Pledge, cases: Sequence[Case], outcomes: list[Outcome], as_of: int) -> list[Outcome]:
    """Apply repetitions and caps between the cases of each subject.

    Cases are taken in the order of breach instant, then case id, and placed by the local day of their start.
    A broken case without a subject, whose remedy needs one, is unknown.
    """
    subjects = {case.id: case.details.get(pledge.subject, "").strip() for case in cases}
    by_case = {case.id: case for case in cases}
    settled = list(outcomes)
    for name, variants in _standards(pledge).items():
        shared = [remedy for standard in variants for remedy in standard.remedies if remedy.repeated or remedy.ceilings]
        if not shared:
            continue
        groups: dict[str, list[int]] = defaultdict(list)
        for index, outcome in enumerate(settled):
            if outcome.standard == name and outcome.status is Status.BROKEN:
                subject = subjects[outcome.case_id]
                if subject:
                    groups[subject].append(index)
                elif any(owed.source is remedy for owed in outcome.remedies for remedy in shared):
                    settled[index] = _unknown(outcome, pledge.subject)
        for subject, indexes in groups.items():
            indexes.sort(key=lambda index: (settled[index].due or 0, settled[index].case_id))
            mine = [by_case[case] for case, of in subjects.items() if of == subject]
            for remedy in shared:
                _keep_repeats(remedy, settled, indexes, mine, as_of)
            for place in range(max(len(standard.remedies) for standard in variants)):
                same = [standard.remedies[place] for standard in variants if place < len(standard.remedies)]
                if any(remedy.ceilings for remedy in same):
                    _keep_under(same, settled, indexes)
    return settled


def _standards(pledge: m.Pledge) -> dict[str, list[m.Standard]]:
    """The standards by name, each as its versions have it."""
    found: dict[str, list[m.Standard]] = defaultdict(list)
    for standard in pledge.every_standard:
        found[standard.name].append(standard)
    return found


def _unknown(outcome: Outcome, subject: str) -> Outcome:
    """What a broken case without a subject is: it cannot be told which cases it is to be judged with."""
    explanation = outcome.explanation
    if explanation:
        explanation = replace(explanation, status="unknown", deadline=None, lateness=0, amounts=(), missing=(subject,))
    return replace(
        outcome,
        status=Status.UNKNOWN,
        due=None,
        finish=None,
        lateness=0,
        remedies=(),
        missing=(subject,),
        pence=0,
        explanation=explanation,
    )


def _start_day(outcome: Outcome) -> int:
    return outcome.zone.day(outcome.start or 0)


def _keep_repeats(
    remedy: m.Remedy, settled: list[Outcome], indexes: list[int], cases: Iterable[Case], as_of: int
) -> None:
    """Take the remedy away from every case that is not the one the repetition names."""
    repeated = remedy.repeated
    if repeated is None:
        return
    if repeated.fact:
        broken = {settled[index].case_id: index for index in indexes}
        zone = settled[indexes[0]].zone
        items = [
            _Item((at, case.id), zone.day(at), broken.get(case.id, -1))
            for case in cases
            for at in case.known(repeated.fact, as_of)
        ]
        items.sort(key=lambda item: item.order)
    else:
        items = [_Item((settled[i].due or 0, settled[i].case_id), _start_day(settled[i]), i) for i in indexes]
    chosen = {item.index for item in _selected(items, repeated)}
    for index in indexes:
        if index not in chosen:
            settled[index] = _without(settled[index], remedy)


def _selected(items: list[_Item], repeated: m.Repeated) -> list[_Item]:
    """The items at which the repetition is complete."""
    chosen, used = [], set()
    for place, item in enumerate(items):
        earlier = [
            other
            for other in range(place + 1)
            if other not in used and _together(repeated.span, items[other].day, item.day)
        ]
        count = len(earlier)
        if repeated.which is m.Which.EACH_SET and count >= repeated.nth:
            chosen.append(item)
            used.update(earlier)
        elif count == repeated.nth or (repeated.which is m.Which.FROM_THEN_ON and count > repeated.nth):
            chosen.append(item)
    return chosen


def _together(span: m.Span, one: int, other: int) -> bool:
    return in_span(span, min(one, other), max(one, other))


def _without(outcome: Outcome, remedy: m.Remedy) -> Outcome:
    return with_remedies(outcome, tuple(owed for owed in outcome.remedies if owed.source is not remedy))


def _keep_under(remedies: list[m.Remedy], settled: list[Outcome], indexes: list[int]) -> None:
    """Cut what goes over so many payments, or so much money, for one subject in a span.

    `remedies` are one remedy in its versions: what was paid under an earlier one counts under a later one too.
    """
    paid: list[tuple[int, int]] = []
    for index in indexes:
        outcome = settled[index]
        day = _start_day(outcome)
        given = list(outcome.remedies)
        for place, owed in enumerate(given):
            if owed.pence and any(owed.source is remedy for remedy in remedies):
                allowed = min([owed.pence, *(_left(ceiling, paid, day) for ceiling in owed.source.ceilings)])
                given[place] = _cut(owed, allowed)
                if allowed:
                    paid.append((day, allowed))
        settled[index] = with_remedies(outcome, tuple(given))


def _left(ceiling: m.Ceiling, paid: list[tuple[int, int]], day: int) -> int:
    """The pence that a ceiling leaves for a case of a day, after what was paid in the same span."""
    before = [pence for other, pence in paid if _together(ceiling.span, other, day)]
    if ceiling.payments is not None and len(before) >= ceiling.payments:
        return 0
    return NO_END if ceiling.pounds is None else max(int(ceiling.pounds * 100) - sum(before), 0)


def _cut(owed: Owed, allowed: int) -> Owed:
    if allowed == owed.pence:
        return owed
    cut = replace(owed, pence=allowed, lines=(*owed.lines, AmountLine(what="ceiling", each=allowed)))
    return cut if allowed else nothing(cut, "ceiling")
