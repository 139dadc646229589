"""What the acts on a case have in common: taking hold of it, adding a fact, checking words and instants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from makegood.rooms.journal.events import Act
from makegood.rooms.services.events import Service
from makegood.rooms.services.queries import service
from makegood.web.refusals import Conflict, NotFound, NotPossible

from ..events import FactRecorded
from ..models import Case, Fact, FactNote
from ..rules.references import read_reference
from ..rules.texts import cleaned
from .judging import SUBJECT_LOCK, settle, subject_key

LONG, SHORT = 5_000, 300
LONG_AGO = timedelta(days=366)


def words_of(text: str, field: str, *, most: int = LONG, needed: str = "", lines: bool = True) -> str:
    """Words as they are kept. `needed` is the sentence to refuse with when there are none."""
    try:
        words = cleaned(text, lines=lines)
    except ValueError:
        raise NotPossible("Use letters, numbers and ordinary signs only.", field=field) from None
    if len(words) > most:
        raise NotPossible(f"This has {len(words):,} characters. Use {most:,} at most.", field=field)
    if needed and not words:
        raise NotPossible(needed, field=field)
    return words


def held(act: Act, reference: str, seen: int | None = None, *, open: bool | None = None) -> Case:
    """The case, held until the transaction ends, and the journal told what the act is about.

    Cases of one subject are held one after the other, since each may change what the others come to. Raises
    `NotFound`; `Conflict` when it changed since it was `seen`; `NotPossible` when it is closed and should be open, or
    the other way.
    """
    wanted = read_reference(reference)
    case = Case.objects.select_for_update().filter(reference=wanted, subject="").first() or _held_by_subject(wanted)
    if seen is not None and case.version != seen:
        raise Conflict("Somebody else changed this case while you had it open. Look at it again before you go on.")
    if open is True and case.state != "open":
        raise NotPossible("This case is closed. Reopen it first.")
    if open is False and case.state == "open":
        raise NotPossible("This case is open. This is for cases that are closed.")
    act.about(case.reference)
    return case


def _held_by_subject(reference: str) -> Case:
    found = Case.objects.filter(reference=reference).values_list("pledge", "subject").first()
    if found is None:
        raise NotFound("We cannot find a case with this reference.", field="reference")
    take_turns(*found)
    return Case.objects.select_for_update().get(reference=reference)


def take_turns(pledge: str, subject: str) -> None:
    """Let acts on cases of one subject come one after the other, until the transaction ends; before any row is held."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({SUBJECT_LOCK})", [subject_key(pledge, subject)])


def changed(case: Case, *names: str) -> None:
    """Save columns of a case that is held, and count that it changed."""
    case.version += 1
    case.save(update_fields=[*names, "version"])


def touched(case: Case) -> None:
    """Count that something about a case changed that lies in other tables."""
    Case.objects.filter(number=case.number).update(version=F("version") + 1)
    case.version += 1


def service_of(case: Case) -> Service:
    """The service of a case, as it is published now."""
    return service(case.service)


def happened(act: Act, case: Case, at: datetime | None, field: str = "at") -> datetime:
    """When something happened: now unless said, never ahead of now, nor long before the case."""
    if at is None:
        return act.at
    if at.tzinfo is None:
        raise NotPossible("Say the time with its time zone.", field=field)
    at = at.replace(microsecond=0)
    if at > act.at:
        raise NotPossible("This time is still to come. Record what happened once it has happened.", field=field)
    if at < case.received_at - LONG_AGO:
        raise NotPossible("This time is more than a year before the case was reported. Check the date.", field=field)
    return at


def new_fact(act: Act, case: Case, name: str, at: datetime) -> Fact:
    """That something happened, told and still to be written."""
    act.announce(FactRecorded(subject=case.reference, fact=name, at=at))
    by = f"{act.actor.who}:{act.actor.id}"[:80]
    return Fact(case_id=case.number, name=name, at=at, recorded_at=act.at, by=by, entry=act.entry)


def add_fact(act: Act, case: Case, name: str, at: datetime, note: str = "") -> Fact:
    """Log that something happened."""
    fact = new_fact(act, case, name, at)
    fact.save(force_insert=True)
    if note:
        FactNote.objects.create(fact=fact, words=note)
    return fact


def standing_facts(case: Case, names: Iterable[str]) -> list[Fact]:
    """The facts of these names that count now: neither corrected nor withdrawn; the earliest first."""
    rows = list(Fact.objects.filter(case=case, name__in=list(names)).order_by("at", "id"))
    corrected = set(Fact.objects.filter(case=case, corrects__isnull=False).values_list("corrects_id", flat=True))
    return [row for row in rows if row.id not in corrected and not row.withdrawn]


__all__ = [
    "add_fact",
    "changed",
    "happened",
    "held",
    "new_fact",
    "service_of",
    "settle",
    "standing_facts",
    "take_turns",
    "touched",
    "words_of",
]
