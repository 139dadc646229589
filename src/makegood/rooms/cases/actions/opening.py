"""Opening a case, and what belongs to it from the start: who it is for, its photo, and cases about the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.db.models import Model

from makegood import rules
from makegood.database import tables
from makegood.rooms.journal.actions import action, erase_reasons
from makegood.rooms.journal.events import Act, Json, Who
from makegood.rooms.messages.actions import erase_about
from makegood.rooms.places.events import Place
from makegood.rooms.pledges.queries import in_force, judging, local_day
from makegood.rooms.services.queries import checked_answers, service
from makegood.web.refusals import Conflict, NotFound, NotPossible

from .. import permissions as p
from ..events import CaseOpened, DuplicateLinked, DuplicateUnlinked, Resident, ResidentErased
from ..models import (
    Case,
    Code,
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
    Search,
)
from ..rules.photos import CannotOpen, remade
from ..rules.references import PREFIX, new_reference, new_token, token_digest
from ..rules.words import as_vector, to_find
from .steps import SHORT, held, new_fact, settle, take_turns, touched, words_of

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
    link: bool = False,
) -> dict[str, Json]:
    """Open a case: `{"number": …, "reference": …}`. The promise in force at its receipt is the one that it keeps.

    `answers` are those to the service's questions. `received_at` is for what came in earlier (a letter, a call at
    night). With `link` the answer has the `token` of a private link too, once: a repeated intention is answered without
    it. Raises `NotPossible` for an answer that does not do.
    """
    wanted = service(service_code)
    checked = checked_answers(wanted, answers, on=local_day(act.at))
    received = (received_at or act.at).replace(microsecond=0)
    if received > act.at:
        raise NotPossible("This time is still to come. Say when it reached us.", field="received_at")
    version = in_force(wanted.pledge, received)
    pledge, _ = judging(version.id)
    details = wanted.details(checked)
    number, reference = _new_number()
    case = Case(
        number=number,
        reference=reference,
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
    person = Person(case_id=number, **_columns(resident))
    act.about(case.reference, service=wanted.code, pledge=version.name, version=version.id)
    act.announce(
        CaseOpened(
            subject=case.reference, service=wanted.code, pledge=version.name, team=case.team, received_at=received
        )
    )
    answer: dict[str, Json] = {"number": number, "reference": reference}
    links = []
    if link:
        answer["token"] = new_token()
        act.say_once("token")
        links = [Link(case_id=number, digest=token_digest(str(answer["token"])))]
    _write(act, case, person, wanted.start_fact, links)
    return answer


def _write(act: Act, case: Case, person: Person, start: str, links: list[Link]) -> None:
    """Judge a new case, and write all that it has from the start by one statement."""
    fact = new_fact(act, case, start, case.received_at)
    timeline = rules.Case(
        id=str(case.number),
        details=case.details,
        facts=[rules.Fact(name=start, at=case.received_at, recorded_at=act.at)],
    )
    if case.subject:
        take_turns(case.pledge, case.subject)
    settle(act, [case], new={case.number: timeline})
    found_by = Search(case_id=case.number, words=as_vector(_words(case, person.name, person.email, person.post)))
    rows: list[list[Model]] = [[case], [person], [fact], [found_by], [*links]]
    tables.together(*(tables.insertion(each) for each in rows if each))


_NEW_NUMBER = """
SELECT nextval(pg_get_serial_sequence('cases_case', 'number')), drawn FROM unnest(%s::text[]) AS drawn
WHERE NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.reference = drawn) LIMIT 1
"""


def _new_number() -> tuple[int, str]:
    """The number of a new case, and a reference that no other has."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW_NUMBER, [[new_reference() for _ in range(3)]])
        found = cursor.fetchone()
    if found is None:
        raise RuntimeError("no free reference was found")
    number, reference = found
    return int(number), str(reference)


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
    cases = Case.objects.filter(number__in=numbers).only("number", "reference", "place_words", "words")
    people = {
        row[0]: row[1:] for row in Person.objects.filter(case__in=numbers).values_list("case", "name", "email", "post")
    }
    kept = {case.number: _words(case, *people.get(case.number, ())) for case in cases}
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [list(kept), list(kept.values())])


def _words(case: Case, *of_person: str) -> str:
    """The words by which a case is found."""
    letters = case.reference.replace("-", "")
    return to_find(letters, letters[len(PREFIX) :], case.reference, *of_person, case.place_words, case.words)


@action("cases.change_resident", may=p.may_work)
def change_resident(act: Act, *, case: str, resident: Resident, seen: int | None = None) -> None:
    """Put right who the case is for, and how to reach them."""
    row = held(act, case, seen)
    Person.objects.filter(case=row).update(erased_at=None, **_columns(resident))
    index(row.number)
    touched(row)


@action("cases.erase_resident", may=p.may_decide)
def erase_resident(act: Act, *, case: str, seen: int | None = None) -> None:
    """Erase who a closed case was for, and everything that was written in it or sent about it.

    Times, promises, sums and the journal stay; of a message stays that it went out, and when.
    """
    row = held(act, case, seen, open=False)
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
    Code.objects.filter(case=row).delete()
    erase_reasons(row.reference)
    Case.objects.filter(pk=row.pk).update(words="", place_words="", answers={})
    erase_about(act.onward(), about=row.reference)
    act.announce(ResidentErased(subject=row.reference))
    index(row.number)
    touched(row)


@action("cases.add_photo", may=p.may_attach)
def add_photo(act: Act, *, case: str, data: bytes, seen: int | None = None) -> None:
    """Add the one photo of a report, or put another in its place: made anew from its pixels, nothing else is kept.

    Raises `NotPossible`, saying how to mend it, for files that are too large, damaged, or no photo. A visitor can only
    add one to a case opened within the last hour, and not in the place of another.
    """
    row = held(act, case, seen)
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
