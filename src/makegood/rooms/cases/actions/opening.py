"""Opening a case, and what belongs to it from the start: who it is for, its photo, and cases about the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from makegood.rooms.journal.actions import action, erase_reasons
from makegood.rooms.journal.events import Act, Json, Who
from makegood.rooms.places.events import Place
from makegood.rooms.pledges.queries import in_force, judging, local_day
from makegood.rooms.services.queries import checked_answers, service
from makegood.web.refusals import Conflict, NotFound, NotPossible

from .. import permissions as p
from ..events import CaseOpened, DuplicateLinked, DuplicateUnlinked, Resident
from ..models import (
    Case,
    Contact,
    Duplicate,
    Ease,
    Exemption,
    FactNote,
    HandOver,
    Link,
    Message,
    Pause,
    Person,
    Photo,
)
from ..rules.photos import CannotOpen, remade
from ..rules.references import new_reference
from ..rules.words import to_find
from .steps import SHORT, add_fact, held, settle, touched, words_of

_NOBODY = Resident()
_NOWHERE = Place()


@action("cases.open_case", may=p.may_open)
def open_case(
    act: Act,
    *,
    service_code: str,
    answers: Mapping[str, str],
    words: str = "",
    place: Place = _NOWHERE,
    resident: Resident = _NOBODY,
    received_at: datetime | None = None,
    subject: str = "",
) -> dict[str, Json]:
    """Open a case: `{"number": …, "reference": …}`. The promise in force at its receipt is the one that it keeps.

    `answers` are those to the service's questions. `received_at` is for what came in earlier (a letter, a call at
    night). Raises `NotPossible` for an answer that does not do. Makes no link: that is `make_link`.
    """
    wanted = service(service_code)
    checked = checked_answers(wanted, answers, on=local_day(act.at))
    received = (received_at or act.at).replace(microsecond=0)
    if received > act.at:
        raise NotPossible("This time is still to come. Say when it reached us.", field="received_at")
    version = in_force(wanted.pledge, received)
    pledge, _ = judging(version.id)
    details = wanted.details(checked)
    case = _new_case(
        service=wanted.code,
        pledge=version.name,
        pledge_version=version.id,
        words=words_of(words, "words"),
        answers=dict(checked),
        details=details,
        place_words=words_of(place.words, "place", most=SHORT, lines=False),
        address=place.address,
        ward=place.ward,
        subject=(details.get(pledge.subject, "") or subject)[:120] if pledge.subject else "",
        team=wanted.team,
        received_at=received,
        opened_at=act.at,
        entry=act.entry,
    )
    Person.objects.create(case=case, **_columns(resident))
    act.about(case.reference, service=wanted.code, pledge=version.name, version=version.id)
    act.announce(
        CaseOpened(
            subject=case.reference, service=wanted.code, pledge=version.name, team=case.team, received_at=received
        )
    )
    add_fact(act, case, wanted.start_fact, received)
    index(case.number)
    settle(act, [case])
    return {"number": case.number, "reference": case.reference}


def _new_case(**columns: object) -> Case:
    """A case under a reference that no other has."""
    for _ in range(20):
        reference = new_reference()
        if not Case.objects.filter(reference=reference).exists():
            return Case.objects.create(reference=reference, **columns)
    raise RuntimeError("no free reference was found")


def _columns(resident: Resident) -> dict[str, str]:
    if resident.wants not in ("email", "letter", "phone"):
        raise NotPossible("Choose how we should tell you.", field="wants")
    if resident.wants == "email" and not resident.email.strip():
        raise NotPossible("Enter an email address, or choose another way.", field="email")
    return {
        "name": words_of(resident.name, "name", most=200, lines=False),
        "email": words_of(resident.email, "email", most=254, lines=False),
        "phone": words_of(resident.phone, "phone", most=40, lines=False),
        "post": words_of(resident.post, "post", most=1_000),
        "language": words_of(resident.language, "language", most=10, lines=False) or "en",
        "wants": resident.wants,
    }


_INDEX = """
INSERT INTO cases_search (case_id, words)
SELECT number, array_to_tsvector(string_to_array(words, ' ')) FROM unnest(%s::bigint[], %s::text[]) AS n (number, words)
ON CONFLICT (case_id) DO UPDATE SET words = excluded.words
"""


def index(*numbers: int) -> None:
    """Let cases be found by their words as they are now."""
    cases = Case.objects.filter(number__in=numbers).values_list("number", "reference", "place_words", "words")
    people = {
        row[0]: row[1:] for row in Person.objects.filter(case__in=numbers).values_list("case", "name", "email", "post")
    }
    kept = {
        number: to_find(
            reference.replace("-", ""), reference[3:].replace("-", ""), reference, *people.get(number, ()), place, words
        )
        for number, reference, place, words in cases
    }
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [list(kept), list(kept.values())])


@action("cases.change_resident", may=p.may_work)
def change_resident(act: Act, *, case: str, resident: Resident) -> None:
    """Put right who the case is for, and how to reach them."""
    row = held(act, case)
    Person.objects.filter(case=row).update(erased_at=None, **_columns(resident))
    index(row.number)
    touched(row)


@action("cases.erase_resident", may=p.may_decide)
def erase_resident(act: Act, *, case: str) -> None:
    """Erase who a closed case was for, and everything that was written in it; times, promises and sums stay."""
    row = held(act, case, open=False)
    Person.objects.filter(case=row).update(name="", email="", phone="", post="", erased_at=act.at)
    Message.objects.filter(case=row).update(words="")
    Contact.objects.filter(case=row).update(words="")
    Ease.objects.filter(case=row).update(words="")
    Pause.objects.filter(case=row).update(reason="", needed="")
    Exemption.objects.filter(case=row).update(evidence="")
    HandOver.objects.filter(case=row).update(context="", reason="")
    FactNote.objects.filter(fact__case=row).delete()
    Photo.objects.filter(case=row).delete()
    Link.objects.filter(case=row).delete()
    erase_reasons(row.reference)
    Case.objects.filter(pk=row.pk).update(words="", place_words="", answers={})
    index(row.number)
    touched(row)


@action("cases.add_photo", may=p.may_attach)
def add_photo(act: Act, *, case: str, data: bytes) -> None:
    """Add the one photo of a report, or put another in its place: made anew from its pixels, nothing else is kept.

    Raises `NotPossible`, saying how to mend it, for files that are too large, damaged, or no photo. A visitor can only
    add one to a case opened within the last hour, and not in the place of another.
    """
    row = held(act, case)
    if act.actor.who is Who.VISITOR and (
        (act.at - row.opened_at).total_seconds() > 3600 or Photo.objects.filter(case=row).exists()
    ):
        raise NotFound("We cannot find a case with this reference.", field="reference")
    try:
        photo = remade(data)
    except CannotOpen as error:
        raise NotPossible(str(error), field="photo") from None
    kept = {"jpeg": photo.jpeg, "width": photo.width, "height": photo.height, "added_at": act.at}
    Photo.objects.update_or_create(case=row, defaults=kept)
    act.about(row.reference, bytes=len(photo.jpeg))


@action("cases.link_duplicate", may=p.may_work)
def link_duplicate(act: Act, *, case: str, original: str) -> None:
    """Say that a case is about the same as another: each keeps its reference, clock and entitlement."""
    row = held(act, case)
    other = Case.objects.filter(reference=original).first()
    if other is None or other.number == row.number:
        raise NotPossible("Enter the reference of the other case.", field="original")
    if Duplicate.objects.filter(case__in=[row, other], original__in=[row, other], unlinked_at=None).exists():
        raise Conflict("These cases are linked already.")
    Duplicate.objects.create(case=row, original=other, linked_at=act.at)
    touched(row)
    act.about(row.reference, original=other.reference)
    act.announce(DuplicateLinked(subject=row.reference, other=other.reference))


@action("cases.unlink_duplicate", may=p.may_work)
def unlink_duplicate(act: Act, *, case: str, original: str) -> None:
    """Say that two cases are not about the same after all."""
    row = held(act, case)
    linked = Duplicate.objects.filter(case=row, original__reference=original, unlinked_at=None)
    if not linked.update(unlinked_at=act.at):
        raise NotPossible("These cases are not linked.", field="original")
    touched(row)
    act.about(row.reference, original=original)
    act.announce(DuplicateUnlinked(subject=row.reference, other=original))
