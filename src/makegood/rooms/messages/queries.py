"""The door for reading messages, wordings and sending hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files

from django.conf import settings
from django.db.models import QuerySet

from makegood.database.reading import made, rows
from makegood.rules import Calendar, read_calendar
from makegood.rules.working_time import OutOfRange, seconds_of
from makegood.web.refusals import NotFound

from .events import Channel, State
from .models import Message, PublishedWording, SendingHours
from .rules.wordings import Filled, Wording, fill, hide, read_wording

_HERE = files(__package__)
LANGUAGES = {"en": "English", "cy": "Welsh"}


# --- messages --------------------------------------------------------------------------------------------------------

_SEEN = (
    "id",
    "written_at",
    "about",
    "wording",
    "language",
    "subject",
    "body",
    "state",
    "channel",
    "to_name",
    "to_email",
    "to_address",
    "not_before",
    "settled_at",
    "attempts",
    "detail",
    "secrets",
)
"""The columns of a message that are shown, or say what is to be hidden of it; not the bytes that went out."""
_ABOUT = f"""
SELECT row_to_json(m) FROM (
  SELECT {", ".join(_SEEN)} FROM messages_message WHERE about = %s ORDER BY id DESC LIMIT %s
) AS m
"""  # noqa: S608 - names of ours


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageSeen:
    """A message as people see it. What opens something (a private link, a code) is hidden but in a demonstration.

    `at` is when it was written, `settled_at` when it was sent, refused or printed; `detail` what a mail server said.
    """

    id: int
    at: datetime
    about: str
    wording: str
    language: str
    subject: str
    body: str
    state: State
    channel: Channel
    to_name: str
    to_email: str
    to_address: str
    not_before: datetime
    settled_at: datetime | None
    attempts: int
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What a printed letter needs; nothing is hidden in one that is still to be printed."""

    id: int
    about: str
    language: str
    name: str
    address: tuple[str, ...]
    subject: str
    body: str
    written_at: datetime
    state: State


def messages_about(case: str, limit: int = 200) -> list[MessageSeen]:
    """What we told about a case, newest first."""
    return [_message_seen(made(Message, each)) for (each,) in rows(_ABOUT, [case, limit])]


def message(number: int) -> MessageSeen:
    """One message. Raises `NotFound`, also where the database's wall hides it."""
    found = _seen(Message.objects.filter(id=number), 1)
    if not found:
        raise NotFound("There is no such message.")
    return found[0]


def uncertain(limit: int = 200) -> list[MessageSeen]:
    """Messages of which nobody knows whether they went out, oldest first."""
    return _seen(Message.objects.filter(state=State.UNCERTAIN).order_by("id"), limit)


def failed(limit: int = 200) -> list[MessageSeen]:
    """Messages that a mail server refused for good, oldest first; not those that were erased."""
    return _seen(Message.objects.filter(state=State.FAILED).exclude(body="").order_by("id"), limit)


def out_box(*, before: int | None = None, limit: int = 50) -> list[MessageSeen]:
    """Every message, newest first; `before` is the last number of the page before."""
    every = Message.objects.order_by("-id")
    return _seen(every.filter(id__lt=before) if before else every, limit)


def letters_to_print(limit: int = 200) -> list[Letter]:
    """Letters that wait to be printed, oldest first."""
    return [_letter(each) for each in Message.objects.filter(state=State.TO_PRINT).order_by("id")[:limit]]


def letter(number: int) -> Letter:
    """Any message as a page to print; what opens something is in it only while it waits to be printed.

    Raises `NotFound`.
    """
    found = Message.objects.filter(id=number).first()
    if found is None:
        raise NotFound("There is no such letter.")
    return _letter(found)


def as_sent(number: int) -> bytes:
    """The bytes of a mail that went out, or that a server was offered. Raises `NotFound`.

    They are the very bytes, but for what opens something: once the mail has gone, our copy has a remark in its place.
    """
    found = Message.objects.filter(id=number).values_list("sent_bytes", flat=True).first()
    if found is None:
        raise NotFound("No mail of this number has gone out.")
    return bytes(found)


def counts() -> dict[State, int]:
    """How many messages wait, are uncertain, failed or are to be printed."""
    open_states = (State.WAITING, State.SENDING, State.UNCERTAIN, State.FAILED, State.TO_PRINT)
    return {state: Message.objects.filter(state=state).count() for state in open_states}


def _seen(chosen: QuerySet[Message], limit: int) -> list[MessageSeen]:
    return [_message_seen(each) for each in chosen.only(*_SEEN)[:limit]]


def _message_seen(each: Message) -> MessageSeen:
    return MessageSeen(
        id=each.id,
        at=each.written_at,
        about=each.about,
        wording=each.wording,
        language=each.language,
        subject=each.subject,
        body=each.body if settings.PLACE_DEMO else hide(each.body, each.secrets),
        state=State(each.state),
        channel=Channel(each.channel),
        to_name=each.to_name,
        to_email=each.to_email,
        to_address=each.to_address,
        not_before=each.not_before,
        settled_at=each.settled_at,
        attempts=each.attempts,
        detail=each.detail,
    )


def _letter(row: Message) -> Letter:
    hidden = row.secrets if row.state != State.TO_PRINT and not settings.PLACE_DEMO else []
    return Letter(
        id=row.id,
        about=row.about,
        language=row.language,
        name=row.to_name,
        address=tuple(line for line in row.to_address.split("\n") if line),
        subject=hide(row.subject, hidden),
        body=hide(row.body, hidden),
        written_at=row.written_at,
        state=State(row.state),
    )


# --- wordings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class WordingShown:
    """A wording for those who change it. `usable` is false for a draft that nobody has published."""

    name: str
    language: str
    version: int
    text: str
    usable: bool
    needs: tuple[str, ...]
    may_have: tuple[str, ...]


def wording_names() -> list[str]:
    """The names of all wordings, in order."""
    return sorted(each.name.removesuffix(".txt") for each in (_HERE / "wordings" / "en").iterdir())


@lru_cache(maxsize=256)
def shipped_text(name: str, language: str = "en") -> str:
    """The text of a wording that ships, empty where there is none in that language. Raises `NotFound` for a name."""
    if name not in wording_names():
        raise NotFound(f"There is no wording “{name[:60]}”.")
    file = _HERE / "wordings" / language / f"{name}.txt"
    return file.read_text(encoding="utf-8") if language in LANGUAGES and file.is_file() else ""


def shipped(name: str) -> Wording:
    """The English wording that ships. Raises `NotFound`."""
    return _read(shipped_text(name), name, "en", 0)


@lru_cache(maxsize=512)
def _read(text: str, name: str, language: str, version: int) -> Wording:
    return read_wording(text, name, language, version)


def usable_wording(name: str, language: str) -> Wording:
    """The wording in the language asked for if somebody has published it, else in English. Raises `NotFound`."""
    own = shipped(name)
    found = PublishedWording.objects.filter(name=name, language__in=[language, "en"]).order_by("version")
    latest = {row.language: row for row in found}
    row = latest.get(language) or latest.get("en")
    return own if row is None else _read(row.text, name, row.language, row.version)


def wordings() -> list[WordingShown]:
    """Every wording in every language, as it is published or as it ships."""
    latest = {(row.name, row.language): row for row in PublishedWording.objects.order_by("version")}
    shown = []
    for name in wording_names():
        for language in LANGUAGES:
            row = latest.get((name, language))
            text, version = (row.text, row.version) if row else (shipped_text(name, language), 0)
            if text:
                shown.append(_wording_shown(_read(text, name, language, version), text, row is not None))
    return shown


def _wording_shown(read: Wording, text: str, published: bool) -> WordingShown:
    return WordingShown(
        name=read.name,
        language=read.language,
        version=read.version,
        text=text,
        usable=published or read.language == "en",
        needs=tuple(sorted(read.needs)),
        may_have=tuple(sorted(read.may_have)),
    )


def preview(wording: str, language: str, words: Mapping[str, str]) -> Filled:
    """A wording filled, as it would go out; a draft too. Raises `NotPossible` when words are missing."""
    shown = {(each.name, each.language): each for each in wordings()}
    chosen = shown.get((wording, language)) or shown.get((wording, "en"))
    if chosen is None:
        raise NotFound(f"There is no wording “{wording[:60]}”.")
    read = _read(chosen.text, wording, chosen.language, chosen.version)
    return fill(read, given_words("", "", read.language) | dict(words))


def given_words(name: str, about: str, language: str) -> dict[str, str]:
    """The words that every message has: a greeting, the place, its telephone, the reference, where to look."""
    hello = "Helo" if language == "cy" else "Hello"
    return {
        "hello": f"{hello} {name}," if name else f"{hello},",
        "place": settings.PLACE_NAME,
        "telephone": settings.PLACE_TELEPHONE,
        "link": f"{settings.PLACE_ADDRESS.rstrip('/')}/track/",
        **({"reference": about} if about else {}),
    }


# --- sending hours ---------------------------------------------------------------------------------------------------


def sending_hours() -> Calendar:
    """When messages may go out."""
    text = SendingHours.objects.order_by("-id").values_list("text", flat=True).first()
    return _calendar(text or shipped_hours())


def shipped_hours() -> str:
    """The text of the sending hours that ship."""
    return (_HERE / "wordings" / "sending-hours.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def _calendar(text: str) -> Calendar:
    return read_calendar(text, "sending-hours.yaml")


def may_go_out(at: datetime) -> bool:
    """Whether messages that are not urgent may go out at an instant. Outside the calendar's years they may."""
    return next_sending(at) == at


def next_sending(at: datetime) -> datetime:
    """The instant itself, or when sending hours next begin after it."""
    calendar, second = sending_hours(), seconds_of(at)
    try:
        opens = calendar.add_service(second, 0)
    except OutOfRange:
        return at
    return at if opens <= second else datetime.fromtimestamp(opens, UTC)


__all__ = [
    "LANGUAGES",
    "Letter",
    "MessageSeen",
    "WordingShown",
    "as_sent",
    "counts",
    "failed",
    "given_words",
    "letter",
    "letters_to_print",
    "may_go_out",
    "message",
    "messages_about",
    "next_sending",
    "out_box",
    "preview",
    "sending_hours",
    "shipped",
    "shipped_hours",
    "shipped_text",
    "uncertain",
    "usable_wording",
    "wording_names",
    "wordings",
]
