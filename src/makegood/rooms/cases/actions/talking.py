"""Contacts, and messages both ways."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.web.refusals import NotPossible

from .. import permissions as p
from .. import rules
from ..events import ContactLogged, ResidentWrote, StaffWrote
from ..models import Case, Contact, Message
from .pausing import resume
from .steps import changed, held, settle, words_of

UNKNOWN = "unknown"


@lru_cache(maxsize=1)
def _list() -> dict[str, Any]:
    text = (files(rules) / "contacts.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def contact_channels() -> dict[str, str]:
    """The ways by which people get in touch: code and title."""
    return dict(_list()["channels"])


def contact_reasons() -> dict[str, str]:
    """Why people get in touch: code and title, from a list that a place may edit."""
    return {code: reason["title"] for code, reason in _list()["reasons"].items()}


@action("cases.log_contact", may=p.may_work)
def log_contact(
    act: Act, *, case: str, channel: str, reason: str, resolved: bool | None = None, words: str = ""
) -> int:
    """Log that somebody got in touch: how, why, whether that settled it; the number of the contact."""
    row = held(act, case)
    if channel not in contact_channels():
        raise NotPossible("Choose how they got in touch.", field="channel")
    if reason != UNKNOWN and reason not in contact_reasons():
        raise NotPossible("Choose why they got in touch.", field="reason")
    return _log(act, row, channel, reason, resolved, words_of(words, "words"))


def _log(act: Act, case: Case, channel: str, reason: str, resolved: bool | None, words: str) -> int:
    made = Contact.objects.create(
        case=case,
        at=act.at,
        channel=channel,
        reason=reason,
        resolved=resolved,
        words=words,
        by=act.actor.id,
        entry=act.entry,
    )
    act.about(case.reference, channel=channel, reason=reason, resolved=resolved)
    act.announce(ContactLogged(subject=case.reference, channel=channel, reason=reason, resolved=resolved))
    return int(made.pk)


@action("cases.write_to_resident", may=p.may_work)
def write_to_resident(act: Act, *, case: str, words: str, seen: int | None = None) -> int:
    """Write to the resident; the number of the message. What they wrote counts as dealt with.

    Raises `Conflict` when the case changed since it was `seen`: what came meanwhile was not read yet.
    """
    row = held(act, case, seen)
    text = words_of(words, "words", needed="Write what you want to tell them.")
    made = Message.objects.create(case=row, at=act.at, from_resident=False, words=text, by=act.actor.id)
    _seen(act, row)
    act.about(row.reference, message=made.pk)
    act.announce(StaffWrote(subject=row.reference, message=made.pk))
    return int(made.pk)


@action("cases.write_from_resident", may=p.may_answer)
def write_from_resident(act: Act, *, case: str, words: str, channel: str = "web") -> int:
    """The resident writes; the number of the message. While we wait for them, the clock runs on from now.

    On a closed case it is a contact whose reason a person has to say; it waits on the desk and reopens nothing.
    """
    row = held(act, case)
    text = words_of(words, "words", needed="Write what you want to tell us.")
    closed = row.state != "open"
    made = Message.objects.create(
        case=row, at=act.at, from_resident=True, words=text, by=act.actor.id, after_closing=closed
    )
    if closed:
        _log(act, row, channel if channel in contact_channels() else "web", UNKNOWN, None, "")
    waited = resume(act, row, "answered")
    row.unread = True
    changed(row, "unread")
    act.about(row.reference, message=made.pk, closed=closed)
    act.announce(ResidentWrote(subject=row.reference, message=made.pk, closed=closed))
    if waited:
        settle(act, [row])
    return int(made.pk)


@action("cases.mark_seen", may=p.may_work)
def mark_seen(act: Act, *, case: str, reason: str = "", resolved: bool | None = None, seen: int | None = None) -> None:
    """What the resident wrote is dealt with. `reason` says why, for contacts whose reason is unknown.

    Raises `Conflict` when the case changed since it was `seen`: what came meanwhile was not read yet.
    """
    row = held(act, case, seen)
    if reason and reason not in contact_reasons():
        raise NotPossible("Choose why they wrote.", field="reason")
    if reason:
        Contact.objects.filter(case=row, reason=UNKNOWN).update(reason=reason, resolved=resolved)
    act.about(row.reference, reason=reason)
    _seen(act, row)


def _seen(act: Act, case: Case) -> None:
    Message.objects.filter(case=case, from_resident=True, seen_at=None).update(seen_at=act.at)
    case.unread = False
    changed(case, "unread")
