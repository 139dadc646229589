"""Everything that the page of a case shows to those who work on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from makegood.database.looking import one_look
from makegood.rooms.cases import queries as cases
from makegood.rooms.cases.actions import contact_channels, contact_reasons
from makegood.rooms.cases.queries import (
    BreachSeen,
    CaseSeen,
    ContactSeen,
    DuplicateSeen,
    ExemptionSeen,
    FactSeen,
    HandOverSeen,
    MessageSeen,
    PauseSeen,
    PersonSeen,
    Step,
)
from makegood.rooms.journal.queries import Done, done_to, last_done_to
from makegood.rooms.messages import queries as messages
from makegood.rooms.people import queries as people
from makegood.rooms.places.queries import address
from makegood.rooms.pledges.queries import judging, local_day
from makegood.rooms.remedies import queries as remedies
from makegood.rooms.remedies.queries import PostingSeen, RemedySeen
from makegood.rooms.services.events import Kind, Question, Service
from makegood.rooms.services.queries import say_answer
from makegood.rooms.services.queries import service as service_of
from makegood.rules import Outcome, Pledge, Status
from makegood.rules.explanation import DayStep, Stretch
from makegood.rules.speak import say_outcome
from makegood.web.refusals import NotFound
from makegood.web.saying import say_day, say_money

from ..rules.telling import ACCOUNTS, ACTORS, REMEDY_STATES, STANDINGS, deed, owed_now, particulars
from .home import risk_and_today, team_names


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseShown:
    """One promise of a case. `days` or `stretches` lead up to the deadline; `owed` says what is still owed for it.

    `until` is empty where the promise does not apply, and `more` says then why.
    """

    title: str
    kind: str
    label: str
    verdict: str
    until: datetime | None
    last: date | None
    late: bool
    days: tuple[DayStep, ...]
    stretches: tuple[Stretch, ...]
    owed: str

    @property
    def more(self) -> str:
        """What came of it, where neither its tag nor its deadline says so."""
        return self.verdict if self.kind in ("void", "excused", "unknown") else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RemedyShown:
    """A remedy with the tag of its state, and what can be done about it: each act's name and its button's words."""

    seen: RemedySeen
    kind: str
    label: str
    acts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FactShown:
    """A fact as it was logged, with its words, who logged it, and the time that it puts right."""

    seen: FactSeen
    label: str
    by: str
    was: datetime | None
    may_correct: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One moment of the case's story, for staff; `kind` is the kit's."""

    at: datetime
    kind: str
    title: str
    words: str = ""
    logged_at: datetime | None = None
    was: datetime | None = None
    to: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of the journal in words."""

    done: Done
    who: str
    deed: str
    particulars: str


Change = Entry
"""What somebody did since a page was opened."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFile:
    """The whole case."""

    case: CaseSeen
    service: Service
    person: PersonSeen
    place: str
    team: str
    owner: str
    offered_to: str
    kind: str
    label: str
    promises: list[PromiseShown]
    breaches: list[BreachSeen]
    story: list[Moment]
    facts: list[FactShown]
    answers: list[tuple[str, str]]
    contacts: list[tuple[ContactSeen, str, str, str]]
    conversation: list[tuple[MessageSeen, str]]
    sent: list[messages.MessageSeen]
    remedies: list[RemedyShown]
    ledger: list[tuple[PostingSeen, str]]
    hand_overs: list[tuple[HandOverSeen, str, str]]
    duplicates: list[DuplicateSeen]
    exemptions: list[ExemptionSeen]
    waits: PauseSeen | None
    has_photo: bool
    links: int
    ease: int | None
    closing: str
    journal: list[Entry]

    @property
    def last_entry(self) -> int:
        """The number of the last journal entry, to tell later what came after."""
        return self.journal[0].done.id if self.journal else 0


def last_entry(reference: str) -> int:
    """The number of the last entry about a case."""
    return last_done_to(reference)


def changes_since(reference: str, entry: int) -> list[Entry]:
    """What was done to a case after an entry, the first first."""
    return entries([each for each in done_to(reference) if each.id > entry])


def _staff_in(done: list[Done]) -> set[str]:
    return {each.actor for each in done if each.who == "staff"}


def entries(done: list[Done], names: Mapping[str, str] | None = None) -> list[Entry]:
    """Journal entries in words, with the names of staff, where they are known already."""
    if names is None:
        names = people.names_of(_staff_in(done))
    return [
        Entry(
            done=each,
            who=names.get(each.actor, "Somebody") if each.who == "staff" else ACTORS.get(each.who, each.who),
            deed=deed(each.verb),
            particulars=particulars(each.told),
        )
        for each in done
    ]


@one_look()
def case_file(reference: str, at: datetime) -> CaseFile:
    """The case with everything. Raises `NotFound`."""
    case = cases.case_of(reference)
    service = service_of(case.service)
    pledge, _ = judging(case.pledge_version)
    teams = team_names()
    has = cases.who_has(case.reference)
    facts = cases.fact_list(case.reference)
    contacts = cases.contacts_of(case.reference)
    conversation = cases.conversation(case.reference)
    handed = cases.hand_overs_of(case.reference)
    pauses = cases.pauses_of(case.reference)
    given = remedies.remedies_of(case.reference, at)
    ledger = remedies.ledger_of(case.reference)
    done = done_to(case.reference)
    names = people.names_of(
        {case.owner}
        | {each.by.rpartition(":")[2] for each in facts}
        | {each.by for each in contacts}
        | {each.by for each in conversation}
        | {each.asked_by for each in handed}
        | _staff_in(done)
    )
    labels = fact_labels(service, pledge)
    closing = service.closing(case.closing)
    kind, label = _standing(case, at)
    return CaseFile(
        case=case,
        service=service,
        person=cases.person_of(case.reference),
        place=place_in_words(case),
        team=teams.get(has.team, has.team),
        owner=names.get(case.owner, ""),
        offered_to=teams.get(has.offered_to, has.offered_to),
        kind=kind,
        label=label,
        promises=promises_shown(case, pledge, given, ledger, at),
        breaches=cases.breaches_of(case.reference),
        story=_story(case, service, pledge, labels, teams, given),
        facts=_facts(facts, service, labels, names),
        answers=[(q.ask, _answer(q, case.answers[q.name])) for q in service.questions if case.answers.get(q.name)],
        contacts=_contacts(contacts, names),
        conversation=[(each, "" if each.from_resident else names.get(each.by, "Staff")) for each in conversation],
        sent=messages.messages_about(case.reference, limit=100),
        remedies=[remedy_shown(each) for each in given],
        ledger=[(each, ACCOUNTS.get(each.account, each.account)) for each in ledger],
        hand_overs=[(each, teams.get(each.to_team, each.to_team), names.get(each.asked_by, "")) for each in handed],
        duplicates=cases.duplicates_of(case.reference),
        exemptions=cases.exemptions_of(case.reference),
        waits=next((each for each in pauses if each.ended_at is None), None),
        has_photo=service.asks_photo and cases.has_photo(case.reference),
        links=cases.links_of(case.reference),
        ease=cases.ease_of(case.reference),
        closing=closing.label if closing else "",
        journal=entries(done, names)[::-1],
    )


def _contacts(contacts: list[ContactSeen], names: Mapping[str, str]) -> list[tuple[ContactSeen, str, str, str]]:
    """Contacts with the words for their way and their reason, and who noted them."""
    channels, reasons = contact_channels(), contact_reasons() | {"unknown": "Not known yet"}
    return [
        (each, channels.get(each.channel, each.channel), reasons.get(each.reason, each.reason), names.get(each.by, ""))
        for each in contacts
    ]


def place_in_words(case: CaseSeen) -> str:
    """Where it is: the words that were given, and the address that was chosen."""
    parts = [case.place.words]
    if case.place.address:
        try:
            parts.append(str(address(case.place.address)))
        except NotFound:
            parts.append(case.place.address)
    words, *address_too = parts
    if address_too and address_too[0].casefold().startswith(words.casefold()):
        return address_too[0]  # what was given is its beginning
    return " – ".join(part for part in dict.fromkeys(parts) if part)


def _answer(question: Question, answer: str) -> str:
    """An answer as people read it; days with their weekday."""
    said = say_answer(question, answer)
    return say_day(date.fromisoformat(said)) if question.kind is Kind.DATE else said


def fact_labels(service: Service, pledge: Pledge) -> dict[str, str]:
    """The words for facts: the service's own before those of the pledge."""
    said = {**pledge.facts, **{each.name: each.label for each in service.facts}}
    said |= {each.fact: each.label for each in service.exemptions}
    return {name: words[:1].upper() + words[1:] for name, words in said.items() if words}


def _standing(case: CaseSeen, at: datetime) -> tuple[str, str]:
    kind, label = STANDINGS.get(case.standing, ("unknown", case.standing))
    if case.open and case.waiting:
        return "paused", "Waiting for the resident"
    if case.open and case.standing == "running" and case.due_at and at < case.due_at <= risk_and_today(at)[1]:
        return "due", "Due today"
    return kind, label


def promises_shown(
    case: CaseSeen, pledge: Pledge, given: list[RemedySeen], ledger: list[PostingSeen], at: datetime
) -> list[PromiseShown]:
    """Every promise of a case as it stands, those that run first."""
    says = {each.name: each.says for version in pledge.versions for each in version.standards}
    says |= {each.name: each.says for each in pledge.standards}
    judged = remedies.as_chosen(cases.promises_of(case.reference, at), pledge, case.reference)
    shown = [_promise(case, outcome, pledge, says, at, _owed(outcome, given, ledger)) for outcome in judged]
    return sorted(shown, key=lambda each: (each.kind in ("pending", "void"), each.until is None))


def _promise(
    case: CaseSeen, outcome: Outcome, pledge: Pledge, says: Mapping[str, str], at: datetime, owed: str
) -> PromiseShown:
    kind, label = STANDINGS[outcome.status.value]
    running = outcome.status is Status.RUNNING
    if running and case.waiting:
        kind, label = "paused", "The clock stands still"
    elif running and outcome.due_at and local_day(outcome.due_at) == local_day(at):
        kind, label = "due", "Due today"
    told = outcome.explanation
    return PromiseShown(
        title=says.get(outcome.standard) or pledge.title,
        kind=kind,
        label=label,
        verdict=say_outcome(outcome, pledge),
        until=None if kind == "void" else outcome.due_at,
        last=local_day(outcome.due_at) if outcome.due_at else None,
        late=outcome.status is Status.BROKEN,
        days=told.days if told else (),
        stretches=told.stretches if told else (),
        owed=owed,
    )


def _owed(outcome: Outcome, given: list[RemedySeen], ledger: list[PostingSeen]) -> str:
    """What is owed now for a broken promise: as it stands in the ledger, and as it was judged before that is known."""
    paying = {each.id: each for each in given if each.standard == outcome.standard and each.pays}
    if outcome.status is not Status.BROKEN:
        return ""
    if not paying:
        return say_money(outcome.owed) if outcome.pence else ""
    sums: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for posting in ledger:
        account = "owed" if posting.account == "finance" else posting.account
        sums[account, posting.remedy] -= posting.amount
    return owed_now(
        owed=sum((max(sums["owed", each], Decimal(0)) for each in paying), Decimal(0)),
        vouchers=sum((sums["vouchers", each] for each in paying), Decimal(0)),
        given=sum((sums["paid", each] for each in paying), Decimal(0)),
        offered=sum((each.entitled for each in paying.values() if each.may_accept), Decimal(0)),
        declined=any(each.state == "declined" for each in paying.values()),
    )


def _facts(
    facts: list[FactSeen], service: Service, labels: Mapping[str, str], names: Mapping[str, str]
) -> list[FactShown]:
    by_id = {each.id: each for each in facts}
    return [
        FactShown(
            seen=each,
            label=labels.get(each.name, each.name),
            by=names.get(each.by.rpartition(":")[2]) or ACTORS.get(each.by.partition(":")[0], ""),
            was=by_id[each.corrects].at if each.corrects and each.corrects in by_id else None,
            may_correct=each.stands,
        )
        for each in facts
    ]


GIVE = "Hand over the voucher"

_STEPS: Mapping[str, tuple[str, str]] = {
    "received": ("wrote", "Reported"),
    "fact": ("done", ""),
    "corrected": ("told", "Time put right"),
    "withdrawn": ("told", "Taken back: it never happened"),
    "paused": ("paused", "The clock stopped: we asked the resident for something"),
    "resumed": ("running", "The clock ran on"),
    "broken": ("broken", "The promise was broken"),
    "handed-over": ("told", "Offered to another team"),
    "accepted": ("running", "Taken by another team"),
    "declined": ("told", "Not taken by the other team"),
    "exempted": ("excused", "Exempted"),
    "closed": ("done", "Closed"),
}


def _story(
    case: CaseSeen,
    service: Service,
    pledge: Pledge,
    labels: Mapping[str, str],
    teams: Mapping[str, str],
    given: list[RemedySeen],
) -> list[Moment]:
    """What happened, the newest first."""
    says = {each.name: each.says for each in pledge.standards}
    closings = {each.code: each.label for each in service.closings}
    moments = []
    for step in cases.story(case.reference):
        if step.kind == "fact" and step.name == service.start_fact:
            continue
        if step.kind == "wrote":
            hers = step.name == "resident"
            kind, title = ("wrote", "The resident wrote") if hers else ("told", "We wrote to the resident")
            moments.append(Moment(at=step.at, kind=kind, title=title, words=step.words))
            continue
        kind, title = _STEPS[step.kind]
        name = _name_in(step, says, closings, labels, teams)
        words = step.words if step.kind in ("corrected", "withdrawn") else ""
        moments.append(
            Moment(
                at=step.at,
                kind=kind,
                title=title or name,
                words=". ".join(part for part in (name if title else "", words) if part),
                logged_at=step.logged_at if step.logged_at and step.logged_at != step.at else None,
                was=step.was if step.kind in ("corrected", "withdrawn") else None,
                to=step.logged_at if step.kind == "corrected" else None,
            )
        )
    moments += [
        Moment(at=each.settled_at, kind="remedy", title=f"Given: {each.words or each.kind.value}")
        for each in given
        if each.settled_at
    ]
    moments.reverse()
    return sorted(moments, key=lambda each: each.at, reverse=True)


def _name_in(
    step: Step,
    says: Mapping[str, str],
    closings: Mapping[str, str],
    labels: Mapping[str, str],
    teams: Mapping[str, str],
) -> str:
    """The words for what a step is about."""
    match step.kind:
        case "broken":
            return says.get(step.name, step.name)
        case "closed":
            return closings.get(step.name, step.name)
        case "paused":
            return step.words
        case "resumed":
            return {"answered": "They answered", "lapsed": "The time for waiting was over"}.get(step.name, "")
        case "handed-over" | "accepted" | "declined":
            return teams.get(step.name, step.name)
        case _:
            return labels.get(step.name, step.name)


def remedy_shown(seen: RemedySeen) -> RemedyShown:
    """A remedy with its tag, and the acts that its state allows."""
    kind, label = REMEDY_STATES[seen.state.value]
    if seen.late:
        kind, label = "broken", "Late"
    owed = seen.state.value in ("owed", "accepted")
    live = [each for each in seen.vouchers if each.state == "live"]
    handed = any(each.handed_at for each in live)
    open_to_more = seen.kind.value == "discretion" and seen.state.value not in ("declined", "reversed")
    possible = (
        ("choose", "They choose", seen.may_choose),
        ("accept", "They accept", seen.may_accept and not seen.may_choose),
        ("finish", "Finish the task", bool(seen.team) and owed),
        ("pay", "It was paid", seen.pays == "money" and owed and seen.amount > 0 and not seen.grows),
        ("give", GIVE, seen.pays == "voucher" and seen.amount > 0 and not handed and (owed or bool(live))),
        ("replace", "Replace a lost voucher", bool(live)),
        ("add", "Add something", open_to_more and seen.most is not None and seen.added < seen.most),
        ("leave", "Leave it with them", seen.overpaid > 0),
        ("decline", "They do not want it", seen.may_decline and seen.state.value != "open"),
    )
    acts = [(name, words) for name, words, now in possible if now]
    return RemedyShown(seen=seen, kind=kind, label=label, acts=tuple(acts))
