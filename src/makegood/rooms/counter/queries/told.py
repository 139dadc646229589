"""What the counter's pages show, put together from the rooms below. What is found depends on who looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from makegood.database.looking import one_look
from makegood.rooms.cases import queries as cases
from makegood.rooms.cases.queries import CaseSeen
from makegood.rooms.journal.events import SYSTEM, Actor
from makegood.rooms.journal.queries import see_as
from makegood.rooms.people.queries import teams
from makegood.rooms.pledges.queries import judging
from makegood.rooms.remedies import queries as remedies
from makegood.rooms.remedies.queries import RemedySeen
from makegood.rooms.services.events import Kind, Question, Service
from makegood.rooms.services.queries import say_answer
from makegood.rooms.services.queries import service as service_of
from makegood.rules import Outcome, Status
from makegood.rules.explanation import DayStep, Stretch
from makegood.rules.speak import say_deadline, say_outcome, say_remedies
from makegood.web.saying import say_day

from ..rules.telling import STATUS_WORDS, MadeGood, Moment, Names, in_order, made_good, moment_of, remedy_moments


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseTold:
    """One promise of a case in words; `fails` (what she gets if we fail) and `ran` are HTML in the engine's words.

    `kind` and `label` are of its tag. `until` is empty where the promise does not apply: then nothing is left to wait
    for. `last` is the day of the deadline that was counted; `days` or `stretches` lead up to it.
    """

    standard: str
    title: str
    status: str
    kind: str
    label: str
    verdict: str
    until: datetime | None
    last: date | None
    late: bool
    done: bool
    at: datetime
    fails: SafeString
    days: tuple[DayStep, ...]
    stretches: tuple[Stretch, ...]
    ran: SafeString

    @property
    def seen(self) -> datetime | None:
        """From when its deadline is looked at; None once it is done, when nothing is left and nothing gets later."""
        return None if self.done else self.at

    @property
    def more(self) -> str:
        """What came of it, where that is not said by its tag."""
        return self.verdict if self.kind in ("broken", "excused", "void", "unknown") else ""

    @property
    def runs(self) -> bool:
        """Whether its clock runs, or stands while we wait."""
        return self.kind in ("running", "due", "paused")


def local_day(at: datetime) -> date:
    """The day of an instant in the place."""
    return at.astimezone(ZoneInfo(settings.PLACE_ZONE)).date()


def promises_told(case: CaseSeen, given: Sequence[RemedySeen], at: datetime) -> list[PromiseTold]:
    """Every promise of a case as it stands at an instant, with what came to be given, those that began first."""
    pledge, _ = judging(case.pledge_version)
    outcomes = remedies.as_chosen(cases.promises_of(case.reference, at), pledge, case.reference)
    told = [_told(case, _as_it_stands(outcome, given), at) for outcome in outcomes]
    return sorted(told, key=lambda each: (each.kind in ("pending", "void"), each.until is None))


def _told(case: CaseSeen, outcome: Outcome, at: datetime) -> PromiseTold:
    pledge, calendars = judging(case.pledge_version)
    standard = pledge.standard(outcome.standard, outcome.version)
    fails, ran = "", ""
    explanation = outcome.explanation
    kind, label = STATUS_WORDS[outcome.status]
    runs = outcome.status is Status.RUNNING
    if runs and standard:
        fails = say_remedies(pledge, standard, calendars, day=local_day(at), form="fragment")
    if explanation:
        ran = say_deadline(outcome, pledge, form="fragment", strip=False)
    if runs and explanation and any(pause.until is None for pause in explanation.pauses):
        kind, label = "paused", "We wait for you"
    elif runs and outcome.due_at and local_day(outcome.due_at) == local_day(at):
        kind, label = "due", "Due today"
    return PromiseTold(
        standard=outcome.standard,
        title=(standard.says if standard else "") or pledge.title,
        status=outcome.status.value,
        kind=kind,
        label=label,
        verdict=say_outcome(outcome, pledge),
        until=None if kind == "void" else outcome.due_at,
        last=local_day(outcome.due_at) if outcome.due_at else None,
        late=outcome.status is Status.BROKEN,
        done=outcome.finish is not None,
        at=at,
        fails=_safe(fails),
        days=explanation.days if explanation else (),
        stretches=explanation.stretches if explanation else (),
        ran=_safe(ran),
    )


def _as_it_stands(outcome: Outcome, given: Sequence[RemedySeen]) -> Outcome:
    """The outcome with a sum only while it is still to come: it is not told as owed when she has it."""
    sums = [each for each in given if each.standard == outcome.standard and each.entitled]
    is_over = bool(sums) and all(each.state.value not in _TO_COME for each in sums)
    return replace(outcome, pence=0) if is_over else outcome


_TO_COME = frozenset({"offered", "open", "owed", "accepted"})
"""States of a remedy that she does not have yet, and still may get."""


def _safe(words: str) -> SafeString:
    return mark_safe(words)  # noqa: S308 - made and escaped by the promise engine


def names_in(case: CaseSeen, service: Service) -> Names:
    """The words for the codes in a case."""
    pledge, _ = judging(case.pledge_version)
    return Names(
        facts={**pledge.facts, **{each.name: each.label for each in service.facts}},
        exemptions={each.fact: each.label for each in service.exemptions},
        teams={each.code: each.name for each in teams()},
        standards={each.name: each.says for each in pledge.every_standard if each.says},
        closings={each.code: each.label for each in service.closings},
        start_fact=service.start_fact,
    )


def answers_told(case: CaseSeen, service: Service) -> list[tuple[str, str]]:
    """What she answered, question by question, as people read it."""
    return [
        (each.ask, answer_told(each, str(case.answers[each.name])))
        for each in service.questions
        if case.answers.get(each.name)
    ]


def answer_told(question: Question, answer: str) -> str:
    """An answer as people read it."""
    if not answer:
        return "No answer"
    return say_day(date.fromisoformat(answer)) if question.kind is Kind.DATE else say_answer(question, answer)


def story_told(reference: str, names: Names, given: list[remedies.RemedySeen]) -> list[Moment]:
    """What happened in a case, the newest first, with what came of its remedies."""
    moments = [moment_of(s.kind, s.at, s.name, s.words, names) for s in cases.story(reference)]
    return in_order([*moments, *remedy_moments(given)])


@contextmanager
def seeing_all(back_to: Actor) -> Iterator[None]:
    """Look over the walls for one question whose answer tells nothing personal; then as before."""
    see_as(SYSTEM)
    try:
        yield
    finally:
        see_as(back_to)


@dataclass(frozen=True, kw_only=True, slots=True)
class SameThing:
    """An open report of what may be the same thing in the street: never whose, nor what was written."""

    reference: str
    received_at: datetime


def same_things(service: Service, words: str, looks: Actor, limit: int = 5) -> list[SameThing]:
    """Open reports about the same spot in the street, given in the same words, the oldest first.

    Nothing for services that are about somebody's home: that there is a report would tell something of who lives there.
    `reference` is for linking; it is not to be shown.
    """
    wanted = _plain(words)
    if not service.place_is_public or len(wanted) < 2:
        return []
    with seeing_all(looks):
        found = [each.case for each in cases.search(" ".join(wanted), limit=50)]
    same = [
        SameThing(reference=case.reference, received_at=case.received_at)
        for case in found
        if case.open and case.service == service.code and _plain(case.place.words) == wanted
    ]
    return sorted(same, key=lambda each: each.received_at)[:limit]


def _plain(words: str) -> list[str]:
    plain = "".join(letter if letter.isalnum() else " " for letter in words.casefold())
    return sorted(set(plain.split()))


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseTold:
    """Everything that the page of a case shows."""

    case: CaseSeen
    service: Service
    team: str
    owned: bool
    today: date
    answers: list[tuple[str, str]]
    has_photo: bool
    promises: list[PromiseTold]
    made_good: list[MadeGood]
    remedies: list[remedies.RemedySeen]
    waits: cases.PauseSeen | None
    paused: list[cases.PauseSeen]
    conversation: list[cases.MessageSeen]
    story: list[Moment]
    ease: int | None
    closing: str
    not_fixed_until: datetime | None

    @property
    def next_due(self) -> PromiseTold | None:
        """The promise that falls due next."""
        running = [each for each in self.promises if each.runs and each.until]
        return min(running, key=lambda each: each.until or self.case.received_at, default=None)

    @property
    def broken(self) -> bool:
        """Whether a promise is broken and its work not done."""
        return any(each.late and not each.done for each in self.promises)

    @property
    def all_done(self) -> bool:
        """Whether everything that was promised was done, and only the closing is left."""
        began = [each for each in self.promises if each.kind not in ("pending", "void")]
        return bool(began) and all(each.done for each in began)


@one_look()
def case_told(reference: str, at: datetime) -> CaseTold:
    """The case that a resident has opened, in words. Raises `NotFound`."""
    case = cases.case_of(reference)
    service = service_of(case.service)
    names = names_in(case, service)
    given = remedies.remedies_of(reference, at)
    pauses = cases.pauses_of(reference)
    closing = service.closing(case.closing) if case.closing else None
    until = case.closed_at + timedelta(days=service.vouch_days) if case.closed_at and case.fixed else None
    return CaseTold(
        case=case,
        service=service,
        team=names.teams.get(case.team, settings.PLACE_NAME),
        owned=bool(case.owner),
        today=local_day(at),
        answers=answers_told(case, service),
        has_photo=service.asks_photo and cases.has_photo(reference),
        promises=promises_told(case, given, at),
        made_good=made_good(given, names.standards),
        remedies=given,
        waits=next((each for each in pauses if each.ended_at is None), None),
        paused=pauses,
        conversation=cases.conversation(reference),
        story=story_told(reference, names, given),
        ease=None if case.open else cases.ease_of(reference),
        closing=closing.label if closing else "",
        not_fixed_until=until if until and at <= until else None,
    )
