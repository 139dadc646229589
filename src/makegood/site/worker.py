"""The worker: it goes round again and again, at once when the database says that there is something to do."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections, connection
from django.db.utils import InterfaceError, OperationalError

from makegood.rooms.journal import actions as journal
from makegood.rooms.journal.events import SYSTEM
from makegood.rooms.journal.queries import now, see_as

from .logs import tell, tell_fault

_PAUSE = 0.5  # seconds between rounds in which nothing is to be done: what falls due is noticed within a second
_REST = 30.0  # seconds that a part which failed is left alone, at most


POST = "messages.send"
"""The round that speaks with the mail server. It may be kept waiting there, so a process of its own does it."""


class Worker:
    """Goes round until it is asked to stop. A part that fails rests a while; the others go on.

    `parts` are the names of rounds that it goes; without, it goes every round and hears for every reader.
    """

    def __init__(self, parts: frozenset[str] = frozenset(), *, without: frozenset[str] = frozenset()) -> None:
        self.only, self.without = parts, without
        self.asked_to_stop = False
        self.failures: dict[str, int] = {}
        self.rests_until: dict[str, float] = {}

    def stop(self, *_: object) -> None:
        """Stop after what is being done now."""
        self.asked_to_stop = True

    def run(self) -> None:
        """Until asked to stop."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self.stop)
        tell("worker started")
        while not self.asked_to_stop:
            try:
                if not self.go_round(now()):
                    self.wait()
            except (OperationalError, InterfaceError) as lost:
                tell_fault("the database is not there", lost)
                connection.close()
                time.sleep(1)
        tell("worker stopped")

    def go_round(self, at: datetime) -> bool:
        """Each reader and each round once. True when there is more to do at once."""
        close_old_connections()
        parts: dict[str, Callable[[], bool]] = {
            f"reader {name}": lambda name=name: journal.deliver(name)  # type: ignore[misc]
            for name in journal.READERS
        }
        parts |= {name: lambda do=do: do(at) for name, do in journal.ROUNDS.items()}  # type: ignore[misc]
        wanted = {name: do for name, do in parts.items() if self._wanted(name)}
        more = [self._try(name, do) for name, do in wanted.items() if not self.asked_to_stop]
        return any(more)

    def _wanted(self, name: str) -> bool:
        return name in self.only if self.only else name not in self.without

    def wait(self, pause: float = _PAUSE) -> None:
        """Until the database says that something happened, and no longer than `pause` seconds."""
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {journal.CHANNEL}")
        for _told in connection.connection.notifies(timeout=pause, stop_after=1):
            pass

    def _try(self, name: str, do: Callable[[], bool]) -> bool:
        if time.monotonic() < self.rests_until.get(name, 0):
            return False
        try:
            see_as(SYSTEM)
            more = do()
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:  # whatever it is, the other parts go on
            self.failures[name] = self.failures.get(name, 0) + 1
            rest = min(_REST, 2.0 ** self.failures[name])
            self.rests_until[name] = time.monotonic() + rest
            tell_fault("a part of the worker failed", fault, part=name, rests=rest)
            return False
        self.failures.pop(name, None)
        return more
