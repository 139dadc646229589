"""The journal's door for acting: what makes a function an action, who hears of it, and what is done by itself."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.db import connection, transaction

from makegood.database import tables
from makegood.web.refusals import NotPossible

from . import queries
from .events import SYSTEM, Act, Actor, By, Event, Heard
from .models import Announced, Entry, EntryText, Once, PlaceClock, Reader, Seal
from .rules import FIRST, link, text_digest

P = ParamSpec("P")
R = TypeVar("R")

ACTIONS: dict[str, Callable[..., Any]] = {}
"""Every action by its verb; the tests of the house go through them."""

PERMISSIONS: dict[str, Callable[..., None]] = {}
"""What each action asks before it acts, by its verb."""

CHANNEL = "makegood"
"""Where the database tells the worker that there is something to do."""


# --- acting ----------------------------------------------------------------------------------------------------------


def action(
    verb: str, *, may: Callable[..., None]
) -> Callable[[Callable[Concatenate[Act, P], R]], Callable[Concatenate[By, P], R]]:
    """Make a function an action: asked, done, written down and told as one, or not at all.

    `may(actor, **arguments)` raises `NotAllowed`. The function gets the act as its first argument, and keyword-only
    arguments; the action is called with `By` instead. An action called from another one joins its transaction.
    """

    def wrap(do: Callable[Concatenate[Act, P], R]) -> Callable[Concatenate[By, P], R]:
        @wraps(do)
        def act_on(by: By, *args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic():
                answered, answer = _already(by, verb)
                if answered:
                    return cast(R, answer)
                outer = by.within is not None
                may(by.actor, **kwargs)
                if not outer:
                    queries.see_as(SYSTEM, local=True)
                act = Act(by=by, verb=verb, at=_instant(by), entry=_next_entry())
                answer = do(act, *args, **kwargs)
                _write(act)
                if by.once:
                    Once.objects.filter(key=_key(by, verb)).update(answer=answer)
                if not outer:
                    queries.see_as(by.actor, local=True)
            return answer

        ACTIONS[verb] = act_on
        PERMISSIONS[verb] = may
        return cast(Callable[Concatenate[By, P], R], act_on)

    return wrap


def _instant(by: By) -> datetime:
    at = by.at or queries.now()
    if at.tzinfo is None:
        raise ValueError("the instant of an act needs its UTC offset")
    return at.replace(microsecond=0)


def _key(by: By, verb: str) -> str:
    return f"{by.actor.who}:{by.actor.id}:{verb}:{by.once}"


def _already(by: By, verb: str) -> tuple[bool, Any]:
    """Whether this intention was carried out before, and what it came to. Waits for one that is under way."""
    if not by.once:
        return False, None
    if len(by.once) > 40:
        raise NotPossible("This form has a mark that we did not give it. Please open the page again.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_once (key, verb) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING", [_key(by, verb), verb]
        )
        if cursor.rowcount:
            return False, None
    return True, Once.objects.get(key=_key(by, verb)).answer


def _next_entry() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('journal_entry_number')")
        [number] = cursor.fetchone()
    return int(number)


def _more_entries(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('journal_entry_number') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


def _write(act: Act) -> None:
    salt = secrets.token_bytes(16) if act.by.reason else b""
    digest = text_digest(salt, act.by.reason) if act.by.reason else None
    who, actor = act.actor.who, act.actor.id[:80]
    first = Entry(
        id=act.entry,
        act=act.by.within,
        verb=act.verb,
        who=who,
        actor=actor,
        subject=act.subject,
        told=act.told,
        text_digest=digest,
        at=act.at,
    )
    rest = [
        Entry(id=number, act=act.entry, verb=act.verb, who=who, actor=actor, subject=subject, told=told, at=act.at)
        for number, (subject, told) in zip(_more_entries(len(act.more)) if act.more else (), act.more, strict=True)
    ]
    tables.insert([first, *rest])
    if digest:
        EntryText.objects.create(entry_id=act.entry, salt=salt, text=act.by.reason)
    if act.events:
        _announce(act)


def _announce(act: Act) -> None:
    tables.insert(
        [
            Announced(entry=act.entry, kind=each.kind, subject=each.subject, data=each.data(), at=act.at)
            for each in act.events
        ]
    )
    nudge()
    kinds = {each.kind for each in act.events}
    for reader in READERS.values():
        if reader.prompt and not kinds.isdisjoint(reader.kinds):
            transaction.on_commit(lambda reader=reader: deliver(reader.name), robust=True)  # type: ignore[misc]


def nudge() -> None:
    """Wake the worker when this transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


# --- hearing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Listening:
    name: str
    kinds: frozenset[str]
    handle: Callable[[Sequence[Heard]], None]
    prompt: bool


READERS: dict[str, _Listening] = {}
"""Every reader of events by name."""


def hears(
    name: str, *kinds: type[Event], prompt: bool = False
) -> Callable[[Callable[[Sequence[Heard]], None]], Callable[[Sequence[Heard]], None]]:
    """Let a function hear events of these kinds, in batches, in the order of their commits, each exactly once.

    What it does in the database is committed together with how far it has heard. A `prompt` reader hears right after
    the commit, in the process that acted; what goes wrong then is done again by the worker.
    """

    def listen(handle: Callable[[Sequence[Heard]], None]) -> Callable[[Sequence[Heard]], None]:
        READERS[name] = _Listening(name, frozenset(kind.kind for kind in kinds), handle, prompt)
        return handle

    return listen


_NEXT = """
SELECT a.id, a.entry, a.kind, CASE WHEN a.kind = ANY(%s) THEN a.data END, a.at, a.transaction::text
FROM journal_announced a
WHERE (a.transaction, a.id) > (%s::xid8, %s) AND a.transaction < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY a.transaction, a.id LIMIT %s
"""  # `a.`: without it the order would be that of the text


def deliver(name: str, limit: int = 2_000) -> bool:
    """Let one reader hear its next events. True when there may be more at once; another process at it means no.

    Only events below the oldest open transaction are told, so that one that commits late is never passed over.
    """
    reader = READERS[name]
    with transaction.atomic():
        queries.see_as(SYSTEM, local=True)
        place = Reader.objects.select_for_update(skip_locked=True).filter(name=name).first()
        if place is None:
            Reader.objects.bulk_create([Reader(name=name)], ignore_conflicts=True)
            place = Reader.objects.select_for_update(skip_locked=True).filter(name=name).first()
        if place is None:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [list(reader.kinds), place.transaction, place.event, limit])
            rows = cursor.fetchall()
        if not rows:
            return False
        heard = [
            Heard(number=number, at=at, entry=entry, event=Event.KINDS[kind].of(_json(data)))
            for number, entry, kind, data, at, _transaction in rows
            if kind in reader.kinds
        ]
        if heard:
            reader.handle(heard)
        Reader.objects.filter(name=name).update(transaction=rows[-1][5], event=rows[-1][0])
    return len(rows) == limit


def _json(data: Any) -> Any:
    return json.loads(data) if isinstance(data, str) else data


def deliver_all() -> None:
    """Let every reader hear everything, and what comes of it, until nothing new is said. For tests and imports."""
    while True:
        before = Announced.objects.count()
        for name in READERS:
            while deliver(name):
                pass
        if Announced.objects.count() == before:
            return


def forget(name: str) -> None:
    """Let a reader begin again from the first event: how a projection is rebuilt."""
    Reader.objects.filter(name=name).delete()


# --- rounds ----------------------------------------------------------------------------------------------------------

ROUNDS: dict[str, Callable[[datetime], bool]] = {}
"""What the worker does again and again, by name. True means that there is more to do at once."""


def each_round(name: str) -> Callable[[Callable[[datetime], bool]], Callable[[datetime], bool]]:
    """Let the worker call a function in each of its rounds, with the place's instant."""

    def register(do: Callable[[datetime], bool]) -> Callable[[datetime], bool]:
        ROUNDS[name] = do
        return do

    return register


def go_round(at: datetime | None = None) -> bool:
    """One round: every reader, then every round's function. True when there is more to do at once."""
    instant = at or queries.now()
    more = [deliver(name) for name in READERS]
    more += [do(instant) for do in ROUNDS.values()]
    return any(more)


# --- sealing and the clock -------------------------------------------------------------------------------------------

_UNSEALED = """
SELECT e.id FROM journal_entry e
WHERE e.transaction < pg_snapshot_xmin(pg_current_snapshot()) AND e.transaction >= %s::xid8
  AND NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.entry = e.id)
ORDER BY e.transaction, e.id LIMIT %s
"""


def seal(limit: int = 5_000) -> int:
    """Chain the committed entries that are not yet sealed; how many there were. One sealer works at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        queries.see_as(SYSTEM, local=True)
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('makegood.seal'))")
        [alone] = cursor.fetchone()
        if not alone:
            return 0
        last = Seal.objects.order_by("-position").first()
        since = Entry.objects.values_list("transaction", flat=True).get(id=last.entry) if last else "0"
        cursor.execute(_UNSEALED, [since, limit])
        numbers = [number for (number,) in cursor.fetchall()]
        entries = {e["id"]: e for e in Entry.objects.filter(id__in=numbers).values()}
        before, position = (bytes(last.digest), last.position) if last else (FIRST, 0)
        links = []
        for place, number in enumerate(numbers, start=position + 1):
            before = link(before, entries[number])
            links.append(Seal(position=place, entry=number, digest=before))
        tables.insert(links)
    return len(links)


def erase_reasons(subject: str) -> None:
    """Erase what people wrote as reasons of their acts on a subject; the entries, their digests and the chain stay."""
    EntryText.objects.filter(entry__subject=subject).delete()


def _may_move_clock(actor: Actor, **_: object) -> None:
    """Everybody in a demonstration place; nobody in any other."""
    if not settings.PLACE_DEMO:
        raise NotPossible("Only a demonstration place has a clock that can be moved.")


@action("journal.move_clock", may=_may_move_clock)
def move_clock(act: Act, *, ahead: timedelta) -> None:
    """Set how far the demonstration place's clock runs ahead of real time; it never moves back."""
    row, _made = PlaceClock.objects.get_or_create(id=1, defaults={"ahead": timedelta(0)})
    if ahead < row.ahead:
        raise NotPossible("The clock of this place only moves forward.", field="ahead")
    row.ahead = ahead
    row.save(update_fields=["ahead"])
    act.about("clock", ahead_seconds=int(ahead.total_seconds()))
    nudge()


__all__ = [
    "ACTIONS",
    "PERMISSIONS",
    "READERS",
    "ROUNDS",
    "action",
    "deliver",
    "deliver_all",
    "each_round",
    "erase_reasons",
    "forget",
    "go_round",
    "hears",
    "move_clock",
    "nudge",
    "seal",
]
