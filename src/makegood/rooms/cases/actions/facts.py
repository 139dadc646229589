"""Facts: what happened, put right, withdrawn, and what excuses us."""

from __future__ import annotations

from datetime import datetime

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act, Who
from makegood.rooms.people.events import Role
from makegood.web.refusals import Conflict, NotAllowed, NotFound, NotPossible

from .. import permissions as p
from ..events import ExemptionDecided, FactCorrected
from ..models import Case, Exemption, Fact, FactNote, Pause
from .steps import add_fact, happened, held, service_of, settle, touched, words_of


@action("cases.record_fact", may=p.may_record)
def record_fact(
    act: Act, *, case: str, fact: str, at: datetime | None = None, note: str = "", seen: int | None = None
) -> int:
    """Log that something happened (now, or at an earlier instant `at`); the number of the fact.

    Only facts that the service lists, and that people of this kind record. Pauses and exemptions have actions of their
    own. Raises `NotPossible` for a time ahead of now.
    """
    row = held(act, case, seen)
    service = service_of(row)
    if fact in (service.pause_from, service.pause_until):
        raise NotPossible("The clock is stopped only while we wait for the resident.", field="fact")
    if fact in {exemption.fact for exemption in service.exemptions}:
        raise NotPossible("An exemption needs evidence and an officer's decision.", field="fact")
    kind = next((kind for kind in service.facts if kind.name == fact), None)
    known = kind is not None or fact == service.done_fact
    if not known or fact == service.start_fact:
        raise NotPossible("This service has no such thing to record.", field="fact")
    crew = act.actor.who is Who.STAFF and not act.actor.has(Role.ADVISER, Role.OFFICER, Role.MANAGER)
    if crew and not (kind is not None and kind.who == "crew"):
        raise NotAllowed("Your crew does not record this.")
    instant = happened(act, row, at)
    made = add_fact(act, row, fact, instant, words_of(note, "note"))
    act.about(row.reference, fact=fact, happened=instant.isoformat())
    touched(row)
    settle(act, [row])
    return int(made.pk)


@action("cases.correct_fact", may=p.may_decide)
def correct_fact(act: Act, *, case: str, fact: int, at: datetime, reason: str, seen: int | None = None) -> int:
    """Put right when something happened; the number of the new fact. Both are kept and shown.

    What was known before stays so for every question about earlier. A breach on record stays; what is owed follows.
    """
    row = held(act, case, seen)
    wrong = _to_correct(row, fact)
    why = words_of(reason, "reason", needed="Say why the time was wrong.")
    instant = happened(act, row, at)
    if instant == wrong.at:
        raise NotPossible("This is the time that is recorded already.", field="at")
    made = _supersede(act, row, wrong, instant, why, withdrawn=False)
    Pause.objects.filter(case=row, opened=wrong).update(opened=made, began_at=instant)
    Pause.objects.filter(case=row, closed=wrong).update(closed=made, ended_at=instant)
    act.about(row.reference, fact=wrong.name, was=wrong.at.isoformat(), happened=instant.isoformat())
    touched(row)
    settle(act, [row])
    return int(made.pk)


@action("cases.withdraw_fact", may=p.may_decide)
def withdraw_fact(act: Act, *, case: str, fact: int, reason: str, seen: int | None = None) -> None:
    """Say that something that was logged never happened. It is kept and shown, and counts no longer."""
    row = held(act, case, seen)
    wrong = _to_correct(row, fact)
    if wrong.name == service_of(row).start_fact:
        raise NotPossible("What started the case cannot be withdrawn. Close the case with a reason instead.")
    if Pause.objects.filter(opened=wrong).exists() or Pause.objects.filter(closed=wrong).exists():
        raise NotPossible("A pause cannot be withdrawn. End it, or put its times right.", field="fact")
    why = words_of(reason, "reason", needed="Say why this did not happen.")
    withdraw(act, row, wrong, why)
    act.about(row.reference, fact=wrong.name, was=wrong.at.isoformat())
    touched(row)
    settle(act, [row])


@action("cases.exempt", may=p.may_decide)
def exempt(act: Act, *, case: str, fact: str, evidence: str, seen: int | None = None) -> int:
    """Decide that the promise could not be held, with evidence; the number of the exemption.

    It counts from now on. A breach on record stays; what was owed is reversed. The resident is told.
    """
    row = held(act, case, seen)
    if fact not in {exemption.fact for exemption in service_of(row).exemptions}:
        raise NotPossible("This service has no such exemption. Choose one from the list.", field="fact")
    words = words_of(evidence, "evidence", needed="Say what shows that the promise could not be held.")
    made = add_fact(act, row, fact, act.at)
    decided = Exemption.objects.create(case=row, fact=made, evidence=words, decided_at=act.at, by=act.actor.id)
    act.about(row.reference, exemption=decided.pk, fact=fact)
    act.announce(ExemptionDecided(subject=row.reference, exemption=decided.pk, fact=fact))
    touched(row)
    settle(act, [row])
    return int(decided.pk)


def withdraw(act: Act, case: Case, wrong: Fact, why: str) -> None:
    """Add the row that says that a fact never happened."""
    _supersede(act, case, wrong, wrong.at, why, withdrawn=True)


def _to_correct(case: Case, number: int) -> Fact:
    fact = Fact.objects.filter(case=case, pk=number).first()
    if fact is None:
        raise NotFound("There is no such fact in this case.", field="fact")
    if fact.withdrawn or Fact.objects.filter(corrects=fact).exists():
        raise Conflict("This fact was corrected already. Look at the case again before you go on.")
    return fact


def _supersede(act: Act, case: Case, wrong: Fact, at: datetime, why: str, *, withdrawn: bool) -> Fact:
    made = Fact.objects.create(
        case=case,
        name=wrong.name,
        at=at,
        recorded_at=act.at,
        by=f"{act.actor.who}:{act.actor.id}"[:80],
        entry=act.entry,
        corrects=wrong,
        withdrawn=withdrawn,
    )
    FactNote.objects.create(fact=made, words=why)
    act.announce(FactCorrected(subject=case.reference, fact=wrong.name, was=wrong.at, at=None if withdrawn else at))
    return made
