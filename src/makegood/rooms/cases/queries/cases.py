"""One case as it stands, and finding cases: by reference, by link, by words, by team and time."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import JSONField

from makegood.database.looking import looking
from makegood.database.reading import rows
from makegood.database.values import among_texts
from makegood.rooms.messages.events import Channel, To
from makegood.rooms.places.events import Place

from ..models import Case, Ease, HandOver, Link, Person, Photo, Promise
from ..rules.references import read_reference, token_digest
from ..rules.words import to_ask
from .whole import row_of, rows_of, whole


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseSeen:
    """A case as it stands.

    `standing` is the worst status of its promises; `due_at` the next deadline of one that runs; `closed_at` is `None`
    while it is open; `fixed` is only true when it was closed as fixed. `version` is for the `seen` of actions.
    """

    number: int
    reference: str
    service: str
    pledge: str
    pledge_version: int
    open: bool
    words: str
    answers: dict[str, Any]
    details: dict[str, str]
    place: Place
    subject: str
    team: str
    owner: str
    received_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    closing: str
    fixed: bool
    standing: str
    due_at: datetime | None
    waiting: bool
    unread: bool
    version: int


def seen(case: Case) -> CaseSeen:
    """A row as the value that other rooms get."""
    return CaseSeen(
        number=case.number,
        reference=case.reference,
        service=case.service,
        pledge=case.pledge,
        pledge_version=case.pledge_version,
        open=case.state == "open",
        words=case.words,
        answers=case.answers,
        details=case.details,
        place=Place(words=case.place_words, address=case.address, ward=case.ward),
        subject=case.subject,
        team=case.team,
        owner=case.owner,
        received_at=case.received_at,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        closing=case.closing,
        fixed=case.fixed,
        standing=case.standing,
        due_at=case.due_at,
        waiting=case.waiting,
        unread=case.unread,
        version=case.version,
    )


def case_of(reference: str) -> CaseSeen:
    """The case with a reference, however it is written (capitals, spaces and hyphens do not matter)."""
    return seen(row_of(reference))


def cases_of(references: Collection[str]) -> dict[str, CaseSeen]:
    """Several cases at once, by reference; those that are not there, or not to be seen, are left out."""
    return {case.reference: seen(case) for case in Case.objects.filter(reference__in=among_texts(references))}


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkOpened:
    """The one case that a private link or a code opens: enough to make the resident's `Actor`."""

    number: int
    reference: str


def case_by_link(token: str) -> LinkOpened | None:
    """The case that a private link opens; `None` when it opens none (any more). Works for a visitor."""
    if not 20 <= len(token) <= 100:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, reference FROM cases_by_link(%s)", [token_digest(token)])
        row = cursor.fetchone()
    return LinkOpened(number=row[0], reference=row[1]) if row else None


def links_of(reference: str) -> int:
    """How many private links open the case now. For staff."""
    case = row_of(reference)
    if looking():
        return int(whole(case.reference)["links"])
    return Link.objects.filter(case=case, revoked=None).count()


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonSeen:
    """Who the case is for. `wants` is email, letter or phone; `erased` once the details were erased."""

    name: str
    email: str
    phone: str
    post: str
    language: str
    wants: str
    erased: bool


def reachable(person: PersonSeen | None) -> To | None:
    """By which way somebody is written to: as they wish, else as we can; `None` when there is none."""
    if person is None or person.erased:
        return None
    email, post = person.email.strip(), person.post.strip()
    if not email and not post:
        return None
    by_mail = bool(email) and (person.wants == "email" or not post)
    channel = Channel.EMAIL if by_mail else Channel.LETTER
    return To(name=person.name, email=person.email, address=person.post, language=person.language, channel=channel)


def person_of(reference: str) -> PersonSeen:
    """Who the case is for, and how to reach them."""
    [row] = rows_of(Person, row_of(reference))
    return _person(row)


def people_of(references: Collection[str]) -> dict[str, PersonSeen]:
    """Who several cases are for, by reference."""
    rows = Person.objects.filter(case__reference__in=among_texts(references)).values_list(
        "case__reference", "name", "email", "phone", "post", "language", "wants", "erased_at"
    )
    return {
        reference: PersonSeen(
            name=name, email=email, phone=phone, post=post, language=language, wants=wants, erased=erased is not None
        )
        for reference, name, email, phone, post, language, wants, erased in rows
    }


def _person(row: Person) -> PersonSeen:
    return PersonSeen(
        name=row.name,
        email=row.email,
        phone=row.phone,
        post=row.post,
        language=row.language,
        wants=row.wants,
        erased=row.erased_at is not None,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoSeen:
    """The photo of a report: JPEG bytes and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def photo_of(reference: str) -> PhotoSeen | None:
    """The photo that came with the report, if any."""
    row = Photo.objects.filter(case=row_of(reference)).first()
    return None if row is None else PhotoSeen(jpeg=bytes(row.jpeg), width=row.width, height=row.height)


def ease_of(reference: str) -> int | None:
    """How easy the resident found it, 1 very hard to 5 very easy; `None` when not said."""
    return next((row.score for row in rows_of(Ease, row_of(reference))), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class WhoHas:
    """Who has a case: always a team; the owner's actor id where somebody took it; the team it is offered to."""

    team: str
    owner: str
    offered_to: str


def who_has(reference: str) -> WhoHas:
    """Who has the case now. A case that was handed over is with the sender until the other team accepts."""
    case = row_of(reference)
    offered = next((row.to_team for row in rows_of(HandOver, case) if not row.answer), "")
    return WhoHas(team=case.team, owner=case.owner, offered_to=offered)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One line of a list of cases. `passed_at` is the deadline that an open case is past, where no other runs."""

    case: CaseSeen
    person: str
    passed_at: datetime | None


def worklist(
    *,
    teams: Collection[str] = (),
    owner: str = "",
    show: str = "all",
    at: datetime,
    risk_by: datetime | None = None,
    day_ends: datetime | None = None,
    limit: int = 50,
    beyond: tuple[datetime | None, int] | None = None,
) -> list[Listed]:
    """Open cases of some teams or of one owner, the next due first; for staff.

    `show` is all, risk (due by `risk_by`), today (due by `day_ends`), broken, waiting (for the resident) or unread
    (the resident wrote; closed cases too). `beyond` is the `due_at` and number of the last case of the page before: it
    costs as little to go on as to begin.
    """
    wanted = [_WANTED[show], *(["c.state = 'open'"] if show != "unread" else [])]
    which = _Which(
        by="owner" if owner else "team",
        wanted=" AND ".join(each for each in wanted if each),
        arguments={
            "those": [owner] if owner else sorted(teams),
            "at": at,
            "risk_by": risk_by,
            "day_ends": day_ends,
        },
    )
    return _page(which, limit, beyond)


_WANTED = {
    "all": "",
    "risk": "c.due_at > %(at)s AND c.due_at <= %(risk_by)s",
    "today": "c.due_at > %(at)s AND c.due_at <= %(day_ends)s",
    "broken": "c.standing = 'broken'",
    "waiting": "c.waiting",
    "unread": "c.unread",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Which:
    """Which cases a list has: those of some teams or owners, and a condition on the row `c`."""

    by: str
    wanted: str
    arguments: dict[str, Any]


def _page(which: _Which, limit: int, beyond: tuple[datetime | None, int] | None) -> list[Listed]:
    """The first of these cases that come after `beyond`; those without a deadline are the last."""
    if beyond is None:
        return _first(which, "", limit)
    due, number = beyond
    after = replace(which, arguments=which.arguments | {"due": due, "number": number})
    if due is None:
        return _first(after, "c.due_at IS NULL AND c.number > %(number)s", limit)
    dated = _first(after, "(c.due_at, c.number) > (%(due)s, %(number)s)", limit)
    left = limit - len(dated)
    return dated + (_first(after, "c.due_at IS NULL", left) if left else [])


def _first(which: _Which, beyond: str, limit: int) -> list[Listed]:
    """The next due of several lists: so many of each, which an index gives in this order, and the first of those."""
    wanted = " AND ".join(["", *(each for each in (which.wanted, beyond) if each)])
    statement = f"""
        SELECT {_SHOWN}
        FROM (
          SELECT o.number, o.due_at FROM unnest(%(those)s::text[]) AS l(code) CROSS JOIN LATERAL (
            SELECT c.number, c.due_at FROM cases_case c WHERE c.{which.by} = l.code{wanted}
            ORDER BY c.due_at, c.number LIMIT {int(limit)}
          ) AS o ORDER BY o.due_at, o.number LIMIT {int(limit)}
        ) AS f
        JOIN cases_case c ON c.number = f.number LEFT JOIN cases_person p ON p.case_id = f.number
        ORDER BY f.due_at, f.number
    """  # noqa: S608 - every word of it is ours
    return _listed(statement, which.arguments)


def newest(limit: int = 50) -> list[Listed]:
    """The cases opened last; for staff."""
    return _listed(f"SELECT {_SHOWN} {_FROM} ORDER BY c.number DESC LIMIT {int(limit)}", {})


_COLUMNS = ", ".join(f'c."{field.column}"' for field in Case._meta.concrete_fields)
_NAMES = [field.attname for field in Case._meta.concrete_fields]
_JSON = [place for place, field in enumerate(Case._meta.concrete_fields) if isinstance(field, JSONField)]
_SHOWN = f"""{_COLUMNS}, p.name,
    CASE WHEN c.standing = 'broken' AND c.due_at IS NULL AND c.state = 'open' THEN (
      SELECT o.due_at FROM cases_promise o WHERE o.case_id = c.number AND o.status = 'broken'
      ORDER BY o.finished_at IS NOT NULL, o.due_at LIMIT 1
    ) END"""  # noqa: S608 - every word of it is ours
_FROM = "FROM cases_case c LEFT JOIN cases_person p ON p.case_id = c.number"


def _listed(statement: str, arguments: Mapping[str, Any]) -> list[Listed]:
    """The cases that a statement answers with `_SHOWN`."""
    listed = []
    for *values, person, passed_at in rows(statement, arguments):
        for place in _JSON:
            values[place] = json.loads(values[place])
        case = seen(Case.from_db("default", _NAMES, values))
        listed.append(Listed(case=case, person=person or "", passed_at=passed_at))
    return listed


def search(words: str, limit: int = 50) -> list[Listed]:
    """Cases found by a reference, or by beginnings of words of names, places and reports; the newest first.

    One function of the database looks, and gives the numbers of cases that this person may see.
    """
    asked = to_ask(words)
    if not asked:
        return []
    found = "ARRAY(SELECT number FROM cases_found(%(asked)s, %(most)s) AS found(number))"
    statement = f"SELECT {_SHOWN} {_FROM} WHERE c.number = ANY({found}) ORDER BY c.number DESC"
    return _listed(statement, {"asked": asked, "most": min(limit, 200)})


def vouched_until(case: CaseSeen, days: int, at: datetime) -> datetime:
    """Until when a resident may say that it is not fixed, where her service gives so many days."""
    return (case.closed_at or at) + timedelta(days=days)


def next_wake() -> datetime | None:
    """When something falls due next without anybody doing anything: how long the worker may sleep."""
    wake: datetime | None = (
        Promise.objects.filter(wake_at__isnull=False).order_by("wake_at").values_list("wake_at", flat=True).first()
    )
    return wake


def looks_like_reference(words: str) -> bool:
    """Whether words have the form of a reference."""
    return bool(read_reference(words))
