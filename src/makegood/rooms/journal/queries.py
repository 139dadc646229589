"""The journal's door for reading: the place's clock, what was done, and whether the chain holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from makegood.database.reading import rows

from .events import VISITOR, Actor, By, Json
from .models import Entry, EntryText, Once, PlaceClock, Seal
from .rules import FIRST, link, text_digest

_COLUMNS = ("id", "act", "verb", "who", "actor", "subject", "told", "text_digest", "at", "written")


def now() -> datetime:
    """The instant in the place, cut down to the whole second: real time, which only a demonstration may run ahead of.

    The one place where the domain reads a clock.
    """
    real = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the one place that reads the clock
    if not settings.PLACE_DEMO:
        return real
    clock = PlaceClock.objects.filter(id=1).values_list("ahead", flat=True).first()
    return real + clock if clock else real


def once_key(by: By, verb: str) -> str:
    """Under which an intention is known: whose it is, what was to be done, and the mark that it was sent with."""
    return f"{by.actor.who}:{by.actor.id}:{verb}:{by.once}"


def answered(by: By, verb: str) -> Json | None:
    """What an action answered to the intention with this mark (`by.once`); None where it was not done yet."""
    found: Json | None = Once.objects.filter(key=once_key(by, verb)).values_list("answer", flat=True).first()
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """One act as the journal tells it. `reason` is empty where none was given, or where it was erased."""

    id: int
    act: int | None
    verb: str
    who: str
    actor: str
    subject: str
    told: dict[str, Json]
    at: datetime
    written: datetime
    reason: str


_DONE = """
SELECT e.id, e.act, e.verb, e.who, e.actor, e.told, e.at, e.written, coalesce(t.text, '')
FROM journal_entry e LEFT JOIN journal_entrytext t ON t.entry_id = e.id
WHERE e.subject = %s ORDER BY e.id LIMIT %s
"""


def done_to(subject: str, limit: int = 1_000) -> list[Done]:
    """Everything that was done about a subject, oldest first."""
    return [
        Done(
            id=id,
            act=act,
            verb=verb,
            who=who,
            actor=actor,
            subject=subject,
            told=json.loads(told),
            at=at,
            written=written,
            reason=reason,
        )
        for id, act, verb, who, actor, told, at, written, reason in rows(_DONE, [subject, limit])
    ]


def last_done_to(subject: str) -> int:
    """The number of the last entry about a subject; 0 where nothing was done."""
    [(number,)] = rows("SELECT max(id) FROM journal_entry WHERE subject = %s", [subject])
    return number or 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What checking the chain found: how many entries are sealed, how many wait, and every fault in words."""

    sealed: int
    waiting: int
    erased: int
    faults: tuple[str, ...]


def verify(tell: Callable[[int, int], object] = lambda done, total: None) -> Verified:
    """Recompute the whole chain. A fault names the entry; it stops at the first broken link, on which the rest hangs.

    `tell` hears how many of how many are done. Runs in one snapshot, so that sealing beside it does not disturb.
    """
    faults: list[str] = []
    with transaction.atomic():
        if connection.in_atomic_block and not connection.savepoint_ids:
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        total, before, position = Seal.objects.count(), FIRST, 0
        for position, seal, entry in _chain():
            if entry is None:
                faults.append(f"entry {seal['entry']} is sealed but missing")
                break
            before = link(before, entry)
            if before != bytes(seal["digest"]):
                faults.append(f"entry {entry['id']} ({entry['verb']}) is not as it was sealed, or one before is gone")
                break
            if position != seal["position"]:
                faults.append(f"link {position} of the chain is missing")
                break
            if position % 1000 == 0:
                tell(position, total)
        waiting = Entry.objects.count() - total
        faults += _texts_that_differ()
        erased = Entry.objects.exclude(text_digest=None).count() - EntryText.objects.count()
    return Verified(sealed=total, waiting=waiting, erased=erased, faults=tuple(faults))


def _chain() -> Iterator[tuple[int, dict[str, Any], dict[str, Any] | None]]:
    position, size = 0, 5_000
    while True:
        seals: list[dict[str, Any]] = [
            dict(row) for row in Seal.objects.filter(position__gt=position).order_by("position").values()[:size]
        ]
        entries = {e["id"]: e for e in Entry.objects.filter(id__in=[s["entry"] for s in seals]).values(*_COLUMNS)}
        for count, seal in enumerate(seals, start=position + 1):
            yield count, seal, entries.get(seal["entry"])
        if len(seals) < size:
            return
        position = seals[-1]["position"]


def _texts_that_differ() -> list[str]:
    texts = EntryText.objects.values_list("entry_id", "salt", "text", "entry__text_digest")
    return [
        f"the reason given for entry {entry} was changed"
        for entry, salt, text, digest in texts.iterator()
        if digest is None or bytes(digest) != text_digest(bytes(salt), text)
    ]


def who(request: HttpRequest) -> Actor:
    """Who looks at a page, as the site's middleware found out."""
    return getattr(request, "actor", VISITOR)


def see_as(actor: Actor, *, local: bool = False) -> None:
    """Tell the database who looks: its row-level walls show a visitor nothing, a resident her own case.

    It holds for the connection until told otherwise, or with `local` until the transaction ends.
    """
    case = actor.id if actor.who == "resident" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.who', %s, %s), set_config('app.case', %s, %s)", [actor.who, local, case, local]
        )
