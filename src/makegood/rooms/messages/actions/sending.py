"""Sending: claimed and committed, handed over, recorded and committed; never twice by itself.

A message that was being handed over when its process died is *uncertain*: nobody can know, so a person decides. Who is
handing over holds an advisory lock of the database session, which ends with the process. What was sent is recorded in
the statement that claims the next one, and told to the journal for many at once: what is not yet told is marked so.
Once a message has gone, our copy of it loses what opens something: a private link, a code.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from makegood.rooms.journal import queries as journal
from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import SYSTEM, Act, By

from .. import queries
from ..events import MessageFailed, MessageUncertain, State
from ..models import Message
from ..permissions import may_send
from ..rules.mails import Mail, bare_address, compose, dated
from ..rules.wordings import hide
from .post import HandedOver, own_post

_LOCKS = 0x6D61_696C << 32
"""Advisory locks of messages have these numbers and above."""

_MINUTES = (1, 5, 15, 60, 240)
_MOST_HOURS = 72


def send_waiting(at: datetime, *, limit: int = 200, seconds: float = 1.0) -> int:
    """Hand over messages whose time has come, oldest first, up to a number or for so long; how many were handed over.

    Outside sending hours only urgent ones go. Stops at once when there is no mail server. Each message is committed as
    `sending` before and as what came of it afterwards, so this is never part of a larger transaction.
    """
    post, began, handed = own_post(), time.perf_counter(), 0
    if post.rests():
        return 0
    sender = bare_address(settings.DEFAULT_FROM_EMAIL)
    sent: _Sent | None = None
    held: list[int] = []
    try:
        for row in _due(at, queries.may_go_out(at), limit):
            mail = bytes(row.sent_bytes) if row.sent_bytes else compose(_mail(row, at))
            ours, sent = _turn(at, sent, (row.id, mail)), None
            if not ours:
                continue  # another sender has it
            held.append(row.id)
            outcome = post.hand_over(sender, row.to_email, mail)
            handed += not outcome.nobody_there
            if outcome.state is State.SENT:
                sent = _Sent(row.id, outcome.detail, *_kept(row, mail))
            else:
                _record(row.id, outcome, at)
            if outcome.nobody_there or time.perf_counter() - began > seconds:
                break
        if sent:
            _turn(at, sent, None)
    finally:
        _let_go(held)
    note_all_sent(at)
    return handed


def _due(at: datetime, open_now: bool, limit: int) -> list[Message]:
    with transaction.atomic(durable=True):
        journal.see_as(SYSTEM)  # for the statements that follow, each a transaction of its own
        waiting = Message.objects.filter(state=State.WAITING, not_before__lte=at)
        if not open_now:
            waiting = waiting.filter(urgent=True)
        return list(waiting.order_by("not_before", "id")[:limit])


class _Sent(NamedTuple):
    """A message that has gone, and what is kept of one that opens something: nothing of that; else all as it is."""

    number: int
    detail: str
    body: str | None = None
    mail: bytes | None = None


def _kept(row: Message, mail: bytes) -> tuple[str, bytes] | tuple[()]:
    """The body and the mail of a message without what opens something, which only its reader still has."""
    if not row.secrets or settings.PLACE_DEMO:
        return ()
    row.body, row.subject = hide(row.body, row.secrets), hide(row.subject, row.secrets)
    return row.body, compose(_mail(row, dated(mail)))


_TURN = """
WITH done AS (
  UPDATE messages_message SET state = 'sent', settled_at = %(at)s, detail = %(detail)s,
    body = coalesce(%(kept_body)s, body), sent_bytes = coalesce(%(kept_mail)s, sent_bytes),
    secrets = CASE WHEN %(kept_body)s::text IS NULL THEN secrets ELSE '[]' END
  WHERE id = %(done)s AND state IN ('sending', 'uncertain')
)
UPDATE messages_message SET state = 'sending', attempts = attempts + 1, sent_bytes = %(mail)s
WHERE id = %(next)s AND state = 'waiting' RETURNING pg_try_advisory_lock(%(locks)s + id)
"""


def _turn(at: datetime, sent: _Sent | None, following: tuple[int, bytes] | None) -> bool:
    """Record one message as sent and claim the next, in one transaction; whether it is ours now."""
    done, detail, kept_body, kept_mail = sent or (None, "", None, None)
    number, mail = following or (None, b"")
    with connection.cursor() as cursor:
        words: dict[str, datetime | str | int | bytes | None] = {
            "at": at,
            "detail": detail[:300],
            "done": done,
            "kept_body": kept_body,
            "kept_mail": kept_mail,
            "mail": mail,
            "next": number,
            "locks": _LOCKS,
        }
        cursor.execute(_TURN, words)
        return cursor.fetchone() is not None


def _record(message: int, outcome: HandedOver, at: datetime) -> None:
    by = By(actor=SYSTEM, at=at)
    record(by, message=message, state=outcome.state, detail=outcome.detail, blameless=outcome.nobody_there)


def _mail(row: Message, at: datetime) -> Mail:
    return Mail(
        message_id=row.message_id,
        sender_name=settings.PLACE_NAME,
        sender=bare_address(settings.DEFAULT_FROM_EMAIL),
        to_name=row.to_name,
        to=row.to_email,
        subject=row.subject,
        body=row.body,
        about=row.about,
        language=row.language,
        at=at,
    )


def _let_go(held: list[int]) -> None:
    """Hold messages no more; where the connection is gone, so is what it held."""
    if held and connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s + number) FROM unnest(%s::bigint[]) number", [_LOCKS, held])


def note_all_sent(at: datetime) -> None:
    """Tell the journal of every message that was sent and that it has not heard of, by whichever process."""
    while Message.objects.filter(state=State.SENT, noted=False).exists():
        if not note_sent(By(actor=SYSTEM, at=at)):
            return  # another process is at it


@action("messages.note_sent", may=may_send)
def note_sent(act: Act) -> int:
    """Note messages that were sent, as one act with an entry for each; how many."""
    chosen = Message.objects.select_for_update(skip_locked=True).filter(state=State.SENT, noted=False)
    rows = list(chosen.order_by("id").values_list("id", "about")[:1_000])
    Message.objects.filter(id__in=[number for number, _ in rows]).update(noted=True)
    act.about("messages", sent=len(rows))
    for number, about in rows:
        act.also(about or f"message:{number}", message=number)
    return len(rows)


@action("messages.record", may=may_send)
def record(act: Act, *, message: int, state: State, detail: str, blameless: bool = False) -> None:
    """Record what came of a message that was being handed over and was not sent.

    One that is to wait tries again later, for three days at most. `blameless` ones try again in a minute and for ever:
    there was no mail server, which is no fault of theirs.
    """
    rows = Message.objects.filter(id=message, state__in=[State.SENDING, State.UNCERTAIN])
    row = rows.select_for_update().only("about", "attempts", "written_at").first()
    if row is None:
        return  # a person was quicker
    change: dict[str, object] = {"detail": detail[:300], "settled_at": None if state is State.WAITING else act.at}
    if state is State.WAITING:
        tries = row.attempts - 1 if blameless else row.attempts
        pause = timedelta(minutes=1 if blameless else _MINUTES[min(tries, len(_MINUTES)) - 1])
        if not blameless and act.at + pause > row.written_at + timedelta(hours=_MOST_HOURS):
            state, change["settled_at"] = State.FAILED, act.at
        change |= {"attempts": tries, "not_before": act.at + pause}
    rows.update(state=state, **change)
    act.about(row.about or f"message:{message}", message=message, state=state)
    _announce(act, row.about, message, state)


def _announce(act: Act, about: str, message: int, state: State) -> None:
    if state is State.FAILED:
        act.announce(MessageFailed(subject=about, message=message))
    if state is State.UNCERTAIN:
        act.announce(MessageUncertain(subject=about, message=message))


def notice_abandoned(at: datetime) -> int:
    """Find messages that were being handed over by a process that is no more, and call them uncertain; how many."""
    with transaction.atomic():
        journal.see_as(SYSTEM, local=True)
        numbers = list(Message.objects.filter(state=State.SENDING).order_by("id").values_list("id", flat=True)[:1_000])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT number FROM unnest(%s::bigint[]) number WHERE pg_try_advisory_xact_lock(%s + number)",
                [numbers, _LOCKS],
            )
            free = [number for (number,) in cursor.fetchall()]
        still = Message.objects.select_for_update().filter(id__in=free, state=State.SENDING)  # some are done by now
        abandoned = list(still.order_by("id").values_list("id", flat=True))
        for number in abandoned:
            record(
                By(actor=SYSTEM, at=at),
                message=number,
                state=State.UNCERTAIN,
                detail="Makegood was stopped while it handed this message over",
            )
    return len(abandoned)


__all__ = ["note_all_sent", "note_sent", "notice_abandoned", "record", "send_waiting"]
