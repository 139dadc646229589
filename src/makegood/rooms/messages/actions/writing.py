"""Writing messages: filled and kept now, sent afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from makegood.database import tables, values
from makegood.rooms.journal.actions import action, nudge
from makegood.rooms.journal.events import Act
from makegood.web.refusals import NotPossible

from .. import queries
from ..events import Channel, Draft, State, To
from ..models import Message
from ..permissions import may_write
from ..rules.mails import bare_address, email_address
from ..rules.wordings import Filled, Wording, fill, one_line, several_lines


@action("messages.write", may=may_write)
def write(
    act: Act,
    *,
    wording: str,
    to: To,
    about: str = "",
    case_number: int | None = None,
    words: AnyMapping[str, str],
    urgent: bool = False,
) -> int:
    """Write one message; its number. Nothing is kept when the wording lacks a word (`NotPossible`).

    An e-mail waits for sending hours, unless it is urgent; a letter waits to be printed.
    """
    draft = Draft(wording=wording, to=to, about=about, case_number=case_number, words=words, urgent=urgent)
    row = Message(**_Writing(act.at).fields(draft))
    row.save(force_insert=True)
    act.about(about or f"message:{row.id}", message=row.id, wording=wording, channel=row.channel)
    nudge()
    return row.id


@action("messages.write_many", may=may_write)
def write_many(act: Act, *, drafts: Sequence[Draft]) -> list[int]:
    """Write many messages as one act; their numbers in the same order. All or none are kept."""
    writing = _Writing(act.at)
    rows = [writing.fields(draft) for draft in drafts]
    for row, number in zip(rows, tables.numbers(Message, len(rows)), strict=True):
        row["id"] = number
        act.also(row["about"] or f"message:{number}", message=number, wording=row["wording"], channel=row["channel"])
    values.insert(Message, rows)
    act.about("messages", count=len(rows))
    nudge()
    return [row["id"] for row in rows]


class _Writing:
    """What the messages of one act share: when they are written, the sender's host, and the wordings."""

    def __init__(self, at: datetime) -> None:
        self.at, self.known = at, dict[tuple[str, str], Wording]()
        self.host = bare_address(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2]

    def fields(self, draft: Draft) -> dict[str, Any]:
        """A message's row, but for its number."""
        to, key = draft.to, (draft.wording, draft.to.language)
        wording = self.known.get(key) or queries.usable_wording(*key)
        self.known[key] = wording
        name = one_line(to.name)[:200]
        filled = _filled(draft, wording, name)
        email, address = _reachable(to)
        return {
            "case_number": draft.case_number,
            "about": draft.about,
            "wording": wording.name,
            "version": wording.version,
            "language": wording.language,
            "channel": to.channel,
            "state": State.WAITING if to.channel is Channel.EMAIL else State.TO_PRINT,
            "urgent": draft.urgent,
            "to_name": name,
            "to_email": email,
            "to_address": address,
            "subject": filled.subject,
            "body": filled.body,
            "secrets": list(filled.secrets),
            "message_id": f"<{secrets.token_hex(16)}@{self.host}>",
            "written_at": self.at,
            "not_before": self.at,
            "attempts": 0,
            "detail": "",
            "noted": False,
        }


def _filled(draft: Draft, wording: Wording, name: str) -> Filled:
    given = queries.given_words(name, draft.about, wording.language)
    place_for = wording.needs | wording.may_have
    shipped = queries.shipped(draft.wording)
    left_out = (shipped.needs | shipped.may_have) - place_for  # a place may publish a wording that says less
    filled = fill(wording, given | {word: said for word, said in draft.words.items() if word not in left_out})
    public = () if "link" in draft.words else (given["link"],)  # the plain address of the pages opens nothing
    return Filled(
        subject=filled.subject, body=filled.body, secrets=tuple(each for each in filled.secrets if each not in public)
    )


def _reachable(to: To) -> tuple[str, str]:
    """The e-mail address and the postal address, of which the one that is used is good."""
    if to.channel is Channel.EMAIL:
        return email_address(to.email), several_lines(to.address)[:1_000]
    address = several_lines(to.address)[:1_000]
    if not address.strip():
        raise NotPossible("Enter the address for the letter.", field="address")
    return to.email[:254] if to.email.isprintable() else "", address
