"""What happened in a case: facts, pauses, contacts, messages, hand-overs, and all of it as one story."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef

from makegood.database.looking import looking, remembered

from ..models import Breach, Case, Contact, Duplicate, Exemption, Fact, FactNote, HandOver, Message, Pause
from .whole import row_of, rows_of, whole


@dataclass(frozen=True, kw_only=True, slots=True)
class FactSeen:
    """A fact: when it happened and when it was logged.

    `corrected_by` is the id of the row that put it right; `withdrawn` says that what it corrects never happened.
    `by` is an actor's id; `reason` is the note, or why it was corrected.
    """

    id: int
    name: str
    at: datetime
    recorded_at: datetime
    by: str
    reason: str
    corrects: int | None
    corrected_by: int | None
    withdrawn: bool

    @property
    def stands(self) -> bool:
        """Whether it counts now."""
        return self.corrected_by is None and not self.withdrawn


@remembered
def fact_list(reference: str) -> list[FactSeen]:
    """Every fact of a case as logged, corrected ones too, in the order of logging."""
    case = row_of(reference)
    rows = sorted(rows_of(Fact, case), key=lambda row: (row.recorded_at, row.id))
    notes = _notes(case)
    corrected = {row.corrects_id: row.id for row in rows if row.corrects_id}
    return [
        FactSeen(
            id=row.id,
            name=row.name,
            at=row.at,
            recorded_at=row.recorded_at,
            by=row.by,
            reason=notes.get(row.id, ""),
            corrects=row.corrects_id,
            corrected_by=corrected.get(row.id),
            withdrawn=row.withdrawn,
        )
        for row in rows
    ]


def _notes(case: Case) -> dict[int, str]:
    if looking():
        return {row.fact_id: row.words for row in rows_of(FactNote, case)}
    return dict(FactNote.objects.filter(fact__case=case).values_list("fact_id", "words"))


def last_of(references: Collection[str], names: Collection[str]) -> dict[str, str]:
    """Which of these facts happened last in each case, of those that count now, by reference."""
    corrected = Fact.objects.filter(corrects=OuterRef("pk"))
    rows = Fact.objects.filter(~Exists(corrected), case__reference__in=references, name__in=names, withdrawn=False)
    return dict(rows.order_by("at", "id").values_list("case__reference", "name"))


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseSeen:
    """Waiting for the resident. `ended_at` is `None` while it lasts; `why_ended` answered, ended or lapsed."""

    reason: str
    needed: str
    began_at: datetime
    lapses_at: datetime
    ended_at: datetime | None
    why_ended: str


@remembered
def pauses_of(reference: str) -> list[PauseSeen]:
    """The times of waiting for the resident, the first first."""
    return [
        PauseSeen(
            reason=row.reason,
            needed=row.needed,
            began_at=row.began_at,
            lapses_at=row.lapses_at,
            ended_at=row.ended_at,
            why_ended=row.why_ended,
        )
        for row in sorted(rows_of(Pause, row_of(reference)), key=lambda row: (row.began_at, row.id))
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExemptionSeen:
    """A decision that a promise could not be held; `label` is the service's to say for `fact`."""

    id: int
    fact: str
    evidence: str
    decided_at: datetime
    by: str
    stands: bool


@remembered
def exemptions_of(reference: str) -> list[ExemptionSeen]:
    """The exemptions decided for a case, also those that were withdrawn."""
    case = row_of(reference)
    rows = rows_of(Exemption, case)
    if not rows:
        return []
    facts = {row.id: row for row in rows_of(Fact, case)}
    corrected = {row.corrects_id for row in facts.values()}
    return [
        ExemptionSeen(
            id=row.id,
            fact=facts[row.fact_id].name,
            evidence=row.evidence,
            decided_at=row.decided_at,
            by=row.by,
            stands=row.fact_id not in corrected,
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactSeen:
    """Somebody got in touch. `reason` is a code of `actions.contact_reasons`, or unknown."""

    at: datetime
    channel: str
    reason: str
    resolved: bool | None
    words: str
    by: str


def contacts_of(reference: str) -> list[ContactSeen]:
    """The contacts about a case, the first first. For staff."""
    return [
        ContactSeen(
            at=row.at, channel=row.channel, reason=row.reason, resolved=row.resolved, words=row.words, by=row.by
        )
        for row in sorted(rows_of(Contact, row_of(reference)), key=lambda row: (row.at, row.id))
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageSeen:
    """What one side wrote. `after_closing`: the case was closed already."""

    id: int
    at: datetime
    from_resident: bool
    words: str
    by: str
    after_closing: bool
    seen_at: datetime | None


@remembered
def conversation(reference: str) -> list[MessageSeen]:
    """What the resident and the staff wrote to each other, the first first."""
    return [
        MessageSeen(
            id=row.id,
            at=row.at,
            from_resident=row.from_resident,
            words=row.words,
            by=row.by,
            after_closing=row.after_closing,
            seen_at=row.seen_at,
        )
        for row in sorted(rows_of(Message, row_of(reference)), key=lambda row: (row.at, row.id))
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOverSeen:
    """A case offered to another team. `answer` is empty, accepted or declined; `reason` says why declined."""

    id: int
    case: str
    from_team: str
    to_team: str
    context: str
    asked_at: datetime
    asked_by: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    reason: str


def hand_overs_of(reference: str) -> list[HandOverSeen]:
    """Every hand-over of a case, the first first. For staff."""
    case = row_of(reference)
    return [_handed(row, case.reference) for row in rows_of(HandOver, case)]


def hand_overs_to(teams: Collection[str], *, limit: int = 200) -> list[HandOverSeen]:
    """What these teams are asked to take and have not answered, the oldest first, so many of them. For staff."""
    rows = HandOver.objects.filter(to_team__in=list(teams), answer="").select_related("case").order_by("id")
    return [_handed(row, row.case.reference) for row in rows[:limit]]


def _handed(row: HandOver, case: str) -> HandOverSeen:
    return HandOverSeen(
        id=row.id,
        case=case,
        from_team=row.from_team,
        to_team=row.to_team,
        context=row.context,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        answer=row.answer,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        reason=row.reason,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplicateSeen:
    """Another case about the same thing. `original`: the other one was there first."""

    case: str
    original: bool
    linked_at: datetime


def duplicates_of(reference: str) -> list[DuplicateSeen]:
    """The cases that are linked with a case as being about the same thing. For staff."""
    case = row_of(reference)
    if looking():
        kept = whole(case.reference)
        return [
            DuplicateSeen(case=other, original=original, linked_at=datetime.fromisoformat(at))
            for other, original, at in [*(kept["linked"] or ()), *(kept["linking"] or ())]
        ]
    rows = Duplicate.objects.filter(original=case, unlinked_at=None).select_related("case").order_by("id")
    linked = Duplicate.objects.filter(case=case, unlinked_at=None).select_related("original").order_by("id")
    of_this = [DuplicateSeen(case=r.original.reference, original=True, linked_at=r.linked_at) for r in linked]
    to_this = [DuplicateSeen(case=r.case.reference, original=False, linked_at=r.linked_at) for r in rows]
    return of_this + to_this


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing in the story of a case, for pages to put into words.

    `kind` is received, fact, corrected, withdrawn, paused, resumed, broken, wrote (`words`, by the resident when `name`
    is resident), handed-over, accepted, declined, exempted or closed. `name` is the fact, standard, team or
    closing concerned; `logged_at` differs from `at` where something was logged later than it happened.
    """

    at: datetime
    kind: str
    name: str = ""
    words: str = ""
    logged_at: datetime | None = None
    was: datetime | None = field(default=None)


_ORDER = ("received", "opened", "fact", "corrected", "withdrawn", "paused", "resumed", "exempted", "broken")


def story(reference: str) -> list[Step]:
    """What happened in a case, in order, for the resident too: contacts and notes of staff are not in it."""
    case = row_of(reference)
    steps = [Step(at=case.received_at, kind="received", logged_at=case.opened_at)]
    steps += _fact_steps(case)
    for pause in pauses_of(reference):
        steps.append(Step(at=pause.began_at, kind="paused", name=pause.reason, words=pause.needed))
        if pause.ended_at:
            steps.append(Step(at=pause.ended_at, kind="resumed", name=pause.why_ended))
    for breach in rows_of(Breach, case):
        steps.append(
            Step(
                at=breach.breached_at,
                kind="broken",
                name=breach.standard,
                logged_at=breach.noticed_at,
                was=breach.due_at,
            )
        )
    for message in conversation(reference):
        name = "resident" if message.from_resident else "staff"
        steps.append(Step(at=message.at, kind="wrote", name=name, words=message.words))
    for handed in rows_of(HandOver, case):
        steps.append(Step(at=handed.asked_at, kind="handed-over", name=handed.to_team))
        if handed.answered_at:
            steps.append(Step(at=handed.answered_at, kind=handed.answer, name=handed.to_team))
    if case.closed_at:
        steps.append(Step(at=case.closed_at, kind="closed", name=case.closing))
    return sorted(steps, key=lambda step: (step.at, _ORDER.index(step.kind) if step.kind in _ORDER else len(_ORDER)))


def _fact_steps(case: Case) -> list[Step]:
    facts = fact_list(case.reference)
    by_id = {fact.id: fact for fact in facts}
    exempting = {exemption.fact for exemption in exemptions_of(case.reference)}
    pausing = {by_id[each].name for row in rows_of(Pause, case) for each in (row.opened_id, row.closed_id) if each}
    steps = []
    for fact in facts:
        if fact.name in pausing and fact.corrects is None:
            continue
        was = by_id[fact.corrects].at if fact.corrects else None
        if fact.withdrawn:
            steps.append(Step(at=fact.recorded_at, kind="withdrawn", name=fact.name, words=fact.reason, was=was))
        elif fact.corrects:
            steps.append(
                Step(
                    at=fact.recorded_at, kind="corrected", name=fact.name, words=fact.reason, was=was, logged_at=fact.at
                )
            )
        else:
            kind = "exempted" if fact.name in exempting else "fact"
            steps.append(Step(at=fact.at, kind=kind, name=fact.name, logged_at=fact.recorded_at))
    return steps
