"""Cases of one subject judged together: repetitions and caps over a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .clocks import in_span
from .facts import Case
from .language import model as m
from .outcomes import Outcome, Status
from .remedy import PAYING, AmountLine, Owed


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
    rules = {standard.name: standard for standard in pledge.standards}
    for version in pledge.versions:
        rules.update({standard.name: standard for standard in version.standards})
    settled = list(outcomes)
    for standard in rules.values():
        shared = [place for place, remedy in enumerate(standard.remedies) if remedy.repeated or remedy.ceilings]
        if not shared:
            continue
        groups: dict[str, list[int]] = defaultdict(list)
        for index, outcome in enumerate(settled):
            if outcome.standard == standard.name and outcome.status is Status.BROKEN:
                subject = subjects[outcome.case_id]
                if subject:
                    groups[subject].append(index)
                else:
                    settled[index] = _unknown(outcome, pledge.subject)
        for subject, indexes in groups.items():
            indexes.sort(key=lambda index: (settled[index].due or 0, settled[index].case_id))
            for place in shared:
                remedy = standard.remedies[place]
                if remedy.repeated:
                    mine = [by_case[name] for name, of in subjects.items() if of == subject]
                    _keep_repeats(remedy, settled, indexes, mine, as_of)
                for ceiling in remedy.ceilings:
                    _keep_under(ceiling, remedy, settled, indexes)
    return settled


def _unknown(outcome: Outcome, subject: str) -> Outcome:
    return replace(
        outcome, status=Status.UNKNOWN, due=None, finish=None, lateness=0, remedies=(), missing=(subject,), pence=0
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
    return _recounted(outcome, tuple(owed for owed in outcome.remedies if owed.source is not remedy))


def _recounted(outcome: Outcome, remedies: tuple[Owed, ...]) -> Outcome:
    pence = sum(owed.pence for owed in remedies if owed.kind in PAYING or owed.choices)
    return replace(outcome, remedies=remedies, pence=pence)


def _keep_under(ceiling: m.Ceiling, remedy: m.Remedy, settled: list[Outcome], indexes: list[int]) -> None:
    """Cut what goes over so many payments, or so much money, for one subject in a span."""
    paid: list[tuple[int, int]] = []
    most = None if ceiling.pounds is None else int(ceiling.pounds * 100)
    for index in indexes:
        outcome = settled[index]
        day = _start_day(outcome)
        before = [pence for other, pence in paid if _together(ceiling.span, other, day)]
        remedies = []
        for given in outcome.remedies:
            owed = given
            if owed.source is remedy and owed.pence:
                allowed = owed.pence
                if ceiling.payments is not None and len(before) >= ceiling.payments:
                    allowed = 0
                if most is not None:
                    allowed = min(allowed, max(most - sum(before), 0))
                if allowed < owed.pence:
                    line = AmountLine(what="ceiling", each=allowed)
                    owed = replace(
                        owed,
                        pence=allowed,
                        lines=(*owed.lines, line),
                        why_nothing=owed.why_nothing if allowed else "ceiling",
                    )
                if allowed:
                    paid.append((day, allowed))
            remedies.append(owed)
        settled[index] = _recounted(outcome, tuple(remedies))
