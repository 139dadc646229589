"""One case as it stands, and finding cases: by reference, by link, by words, by team and time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from makegood.database.values import among_texts
from makegood.rooms.messages.events import Channel, To
from makegood.rooms.places.events import Place
from makegood.web.refusals import NotFound

from ..models import Case, Ease, HandOver, Link, Person, Photo, Promise
from ..rules.references import read_reference, token_digest
from ..rules.words import to_ask
from .few import of_case
from .looking import remembered


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


@remembered
def row_of(reference: str) -> Case:
    """The row of a case. Raises `NotFound`. For this room alone."""
    case = Case.objects.filter(reference=read_reference(reference)).first()
    if case is None:
        raise NotFound("We cannot find a case with this reference.", field="reference")
    return case


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
    return of_case(Link, row_of(reference)).filter(revoked=None).count()


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
    return people_of([reference])[row_of(reference).reference]


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


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoSeen:
    """The photo of a report: JPEG bytes and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def photo_of(reference: str) -> PhotoSeen | None:
    """The photo that came with the report, if any."""
    row = of_case(Photo, row_of(reference)).first()
    return None if row is None else PhotoSeen(jpeg=bytes(row.jpeg), width=row.width, height=row.height)


def ease_of(reference: str) -> int | None:
    """How easy the resident found it, 1 very hard to 5 very easy; `None` when not said."""
    return of_case(Ease, row_of(reference)).values_list("score", flat=True).first()


@dataclass(frozen=True, kw_only=True, slots=True)
class WhoHas:
    """Who has a case: always a team; the owner's actor id where somebody took it; the team it is offered to."""

    team: str
    owner: str
    offered_to: str


def who_has(reference: str) -> WhoHas:
    """Who has the case now. A case that was handed over is with the sender until the other team accepts."""
    case = row_of(reference)
    offered = of_case(HandOver, case).filter(answer="").values_list("to_team", flat=True).first()
    return WhoHas(team=case.team, owner=case.owner, offered_to=offered or "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One line of a list of cases."""

    case: CaseSeen
    person: str


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
    lists = [Case.objects.filter(owner=owner)] if owner else [Case.objects.filter(team=team) for team in sorted(teams)]
    if show != "unread":
        lists = [rows.filter(state="open") for rows in lists]
    wanted: dict[str, dict[str, object]] = {
        "all": {},
        "risk": {"due_at__gt": at, "due_at__lte": risk_by},
        "today": {"due_at__gt": at, "due_at__lte": day_ends},
        "broken": {"standing": "broken"},
        "waiting": {"waiting": True},
        "unread": {"unread": True},
    }
    return _listed(_page([rows.filter(**wanted[show]) for rows in lists], limit, beyond))


def _page(lists: Sequence[QuerySet[Case]], limit: int, beyond: tuple[datetime | None, int] | None) -> list[Case]:
    """The first of these rows that come after `beyond`; those without a deadline are the last."""
    if beyond is None:
        return _first(lists, limit)
    due, number = beyond
    if due is None:
        return _first([rows.filter(due_at=None, number__gt=number) for rows in lists], limit)
    dated = _first([rows.filter(due_at__gte=due).exclude(due_at=due, number__lte=number) for rows in lists], limit)
    left = limit - len(dated)
    return dated + (_first([rows.filter(due_at=None) for rows in lists], left) if left else [])


def _first(lists: Sequence[QuerySet[Case]], limit: int) -> list[Case]:
    """The next due of several lists: so many of each, which an index gives in this order, and the first of those."""
    pages = [rows.order_by("due_at", "number")[:limit] for rows in lists]
    if len(pages) < 2:
        return [case for page in pages for case in page]
    return list(pages[0].union(*pages[1:], all=True).order_by("due_at", "number")[:limit])


def newest(limit: int = 50) -> list[Listed]:
    """The cases opened last; for staff."""
    return _listed(Case.objects.order_by("-number")[:limit])


def _listed(rows: Sequence[Case] | Any) -> list[Listed]:
    cases = list(rows)
    names = dict(Person.objects.filter(case__in=cases).values_list("case_id", "name"))
    return [Listed(case=seen(case), person=names.get(case.number, "")) for case in cases]


def search(words: str, limit: int = 50) -> list[Listed]:
    """Cases found by a reference, or by beginnings of words of names, places and reports; the newest first.

    One function of the database looks, and gives the numbers of cases that this person may see.
    """
    asked = to_ask(words)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_found(%s, %s)", [asked, min(limit, 200)])
        numbers = [number for (number,) in cursor.fetchall()]
    found = {each.case.number: each for each in _listed(Case.objects.filter(number__in=numbers))}
    return [found[number] for number in numbers if number in found]


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
