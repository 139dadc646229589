"""The journal's door for acting: what makes a function an action, who hears of it, and what is done by itself."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.db import connection, transaction

from makegood.database import tables, values
from makegood.web.refusals import NotPossible

from . import queries
from .events import SYSTEM, Act, Actor, By, Event, Heard
from .models import Announced, Entry, EntryText, Once, PlaceClock, Reader, Seal
from .rules import FIRST, link, text_digest

P = ParamSpec("P")
R = TypeVar("R")

_KNOWN: ContextVar[dict[Callable[[], Any], Any] | None] = ContextVar("known in this act", default=None)

ACTIONS: dict[str, Callable[..., Any]] = {}
"""Every action by its verb; the tests of the house go through them."""

PERMISSIONS: dict[str, Callable[..., None]] = {}
"""What each action asks before it acts, by its verb."""

CHANNEL = "makegood"
"""Where the database tells the worker that there is something to do."""


# --- acting ----------------------------------------------------------------------------------------------------------


def action(
    verb: str, *, may: Callable[..., None], parts: int = 0
) -> Callable[[Callable[Concatenate[Act, P], R]], Callable[Concatenate[By, P], R]]:
    """Make a function an action: asked, done, written down and told as one, or not at all.

    `may(actor, **arguments)` raises `NotAllowed`. The function gets the act as its first argument, and keyword-only
    arguments; the action is called with `By` instead. An action called from another one joins its transaction, and is
    written down and told with it; `parts` is how many it usually calls, whose entries are numbered at once.
    """

    def wrap(do: Callable[Concatenate[Act, P], R]) -> Callable[Concatenate[By, P], R]:
        @wraps(do)
        def act_on(by: By, *args: P.args, **kwargs: P.kwargs) -> R:
            enclosed = connection.in_atomic_block
            with _knowing(by), transaction.atomic(savepoint=by.within is None):
                may(by.actor, **kwargs)
                numbers = _begin(by, verb, parts)
                if not numbers:
                    return cast(R, Once.objects.get(key=queries.once_key(by, verb)).answer)
                act = Act(by=by, verb=verb, at=_instant(by), entry=numbers[0], numbers=numbers[1:])
                answer = do(act, *args, **kwargs)
                kept = _answered(act, answer)
                if not by.within:
                    _write(act, *kept)
                else:
                    by.within.parts.append(act)
                    for statement in kept:
                        tables.together(statement)
                if enclosed and not by.within:  # what encloses it goes on; else the eyes close with the transaction
                    queries.see_as(by.actor, local=True)
            return answer

        ACTIONS[verb] = act_on
        PERMISSIONS[verb] = may
        return cast(Callable[Concatenate[By, P], R], act_on)

    return wrap


@contextmanager
def _knowing(by: By) -> Iterator[None]:
    """What is asked once in an act is asked anew in the next."""
    if by.within:
        yield
        return
    before = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(before)


def once_in_act(ask: Callable[[], R]) -> Callable[[], R]:
    """Ask something once for a whole act, and each time outside of one: what acts but seldom change.

    An act that changes it calls `ask_again`.
    """

    @wraps(ask)
    def told() -> R:
        known = _KNOWN.get()
        if known is None:
            return ask()
        if told not in known:
            known[told] = ask()
        return cast(R, known[told])

    return told


def ask_again(told: Callable[[], Any]) -> None:
    """Let the rest of this act ask once more what `once_in_act` keeps."""
    (_KNOWN.get() or {}).pop(told, None)


def _instant(by: By) -> datetime:
    at = by.at or queries.now()
    if at.tzinfo is None:
        raise ValueError("the instant of an act needs its UTC offset")
    return at.replace(microsecond=0)


_EYES = "set_config('app.who', 'system', true), set_config('app.case', '', true)"
"""Within an act all is seen, until its transaction ends: whether it is allowed was asked before."""

_BEGIN = f"SELECT nextval('journal_entry_number'), {_EYES} FROM generate_series(1, %s)"  # noqa: S608 - all ours

_BEGIN_ONCE = f"""
WITH first AS (INSERT INTO journal_once (key, verb) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING RETURNING key)
SELECT nextval('journal_entry_number'), {_EYES} FROM first, generate_series(1, %s)
"""  # noqa: S608 - all ours


def _begin(by: By, verb: str, parts: int) -> list[int]:
    """Numbers for the entries of an act and of its parts; none where this intention was carried out before.

    Waits for the same intention where it is under way.
    """
    outermost = by.within
    while outermost and outermost.by.within:
        outermost = outermost.by.within
    if outermost and outermost.numbers and not by.once:
        return [outermost.numbers.pop(0)]
    if len(by.once) > 40:
        raise NotPossible("This form has a mark that we did not give it. Please open the page again.")
    with connection.cursor() as cursor:
        if by.once:
            cursor.execute(_BEGIN_ONCE, [queries.once_key(by, verb), verb, 1 + parts])
        else:
            cursor.execute(_BEGIN, [1 + parts])
        return [number for number, *_ in cursor.fetchall()]


def _more_entries(count: int) -> list[int]:
    if count <= 0:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('journal_entry_number') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


def _answered(act: Act, answer: Any) -> list[tables.Statement]:
    """Keeps what an intention came to, but for what is said once alone."""
    if not act.by.once:
        return []
    if act.secrets and isinstance(answer, dict):
        answer = {name: value for name, value in answer.items() if name not in act.secrets}
    told = "UPDATE journal_once SET answer = %s::jsonb WHERE key = %s"
    return [(told, [json.dumps(answer), queries.once_key(act.by, act.verb)])]


def _write(outermost: Act, *more: tables.Statement) -> None:
    """Write down an act and all that were part of it, and tell what they announced, by one statement."""
    acts = list(outermost.all())
    missing = sum(len(act.more) for act in acts) - len(outermost.numbers)
    numbers = iter([*outermost.numbers, *_more_entries(missing)])
    entries: list[dict[str, Any]] = []
    texts, announced, events = [], [], []
    for act in acts:
        salt = secrets.token_bytes(16) if act.by.reason else b""
        digest = text_digest(salt, act.by.reason) if act.by.reason else None
        within = act.by.within.entry if act.by.within else None
        at = act.at.isoformat()
        shared: dict[str, Any] = {"verb": act.verb, "who": act.actor.who, "actor": act.actor.id[:80], "at": at}
        first = {"id": act.entry, "act": within, "subject": act.subject, "told": act.told, "text_digest": digest}
        entries.append(first | shared)
        shared |= {"act": act.entry, "text_digest": None}
        entries += [{"id": next(numbers), "subject": about, "told": told} | shared for about, told in act.more]
        if digest:
            texts.append({"entry_id": act.entry, "salt": salt, "text": act.by.reason})
        announced += [
            {"entry": act.entry, "kind": each.kind, "subject": each.subject, "data": each.data(), "at": at}
            for each in act.events
        ]
        events += act.events
    written = [(Entry, entries), (EntryText, texts), (Announced, announced)]
    tables.together(*(values.insertion(table, rows) for table, rows in written if rows), *more)
    if events:
        _nudge_when_committed(events)


def _nudge_when_committed(events: Sequence[Event]) -> None:
    """Wake the worker, and let readers hear who want to at once; each once, however many acts a transaction has.

    Not before the commit: PostgreSQL lets transactions that notify commit one after the other only.
    """
    kinds = {each.kind for each in events}
    prompt = [
        reader.deliver
        for reader in READERS.values()
        if not kinds.isdisjoint(reader.kinds) and any(reader.prompt(each) for each in events)
    ]
    waiting = [each[1] for each in connection.run_on_commit]
    for call in (nudge, *prompt):
        if call not in waiting:
            transaction.on_commit(call, robust=True)


def nudge() -> None:
    """Wake the worker: at once, or where a transaction is open when it is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


# --- hearing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Listening:
    name: str
    kinds: frozenset[str]
    handle: Callable[[Sequence[Heard]], None]
    prompt: Callable[[Event], bool]

    def deliver(self) -> bool:
        return deliver(self.name)


READERS: dict[str, _Listening] = {}
"""Every reader of events by name."""


def hears(
    name: str, *kinds: type[Event], prompt: Callable[[Event], bool] = lambda _: False
) -> Callable[[Callable[[Sequence[Heard]], None]], Callable[[Sequence[Heard]], None]]:
    """Let a function hear events of these kinds, in batches, in the order of their commits, each exactly once.

    What it does in the database is committed together with how far it has heard. Events that are `prompt` are heard
    right after the commit, in the process that acted; what goes wrong then is done again by the worker.
    """

    def listen(handle: Callable[[Sequence[Heard]], None]) -> Callable[[Sequence[Heard]], None]:
        READERS[name] = _Listening(name, frozenset(kind.kind for kind in kinds), handle, prompt)
        return handle

    return listen


_NEXT = """
SELECT n.id, n.entry, n.kind, CASE WHEN n.wanted THEN n.data::text END, n.at, n.transaction::text, n.count
FROM (
  SELECT a.*, a.kind = ANY(%s) AS wanted, lead(a.id) OVER next IS NULL AS last, count(*) OVER () AS count
  FROM (
    SELECT * FROM journal_announced
    WHERE (transaction, id) > (%s::xid8, %s) AND transaction < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY transaction, id LIMIT %s
  ) a WINDOW next AS (ORDER BY a.transaction, a.id)
) n WHERE n.wanted OR n.last ORDER BY n.transaction, n.id
"""
"""Of the next so many events, those of some kinds and the last; with how many there were."""


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
            Heard(number=number, at=at, entry=entry, event=Event.KINDS[kind].of(json.loads(data)))
            for number, entry, kind, data, at, *_ in rows
            if data is not None
        ]
        if heard:
            reader.handle(heard)
        *_, transaction_number, count = rows[-1]
        Reader.objects.filter(name=name).update(transaction=transaction_number, event=rows[-1][0])
    return int(count) == limit


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

_SEALED = ("id", "act", "verb", "who", "actor", "subject", "told", "text_digest", "at", "written")
_UNSEALED = """
SELECT e.id, e.act, e.verb, e.who, e.actor, e.subject, e.told::text, e.text_digest, e.at, e.written
FROM journal_entry e
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
        before, position = (bytes(last.digest), last.position) if last else (FIRST, 0)
        links = []
        for place, row in enumerate(cursor.fetchall(), start=position + 1):
            entry = dict(zip(_SEALED, row, strict=True))
            entry["told"] = json.loads(entry["told"])
            before = link(before, entry)
            links.append({"position": place, "entry": entry["id"], "digest": before})
        values.insert(Seal, links)
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
    "ask_again",
    "deliver",
    "deliver_all",
    "each_round",
    "erase_reasons",
    "forget",
    "go_round",
    "hears",
    "move_clock",
    "nudge",
    "once_in_act",
    "seal",
]
