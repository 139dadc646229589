"""The worker goes on: a part that fails rests and is told, the others work; it wakes when something happened."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from makegood.rooms.journal import actions as journal
from makegood.rooms.journal.queries import now
from makegood.site.worker import Worker
from tests.databases import close_connections


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[datetime]]]:
    """Three rounds in place of the real ones; they are registered as any room's."""
    before, readers = dict(journal.ROUNDS), dict(journal.READERS)
    journal.ROUNDS.clear()
    journal.READERS.clear()
    seen: dict[str, list[datetime]] = {"fine": [], "broken": []}

    @journal.each_round("broken")
    def broken(at: datetime) -> bool:
        seen["broken"].append(at)
        raise RuntimeError("by design")

    @journal.each_round("fine")
    def fine(at: datetime) -> bool:
        seen["fine"].append(at)
        return False

    yield seen
    journal.ROUNDS.clear()
    journal.ROUNDS.update(before)
    journal.READERS.update(readers)


def test_a_part_that_fails_rests_while_the_others_work(live_database: str, rounds: dict[str, list[datetime]]) -> None:
    worker = Worker()
    for _ in range(5):
        worker.go_round(now())
    assert (len(rounds["fine"]), len(rounds["broken"])) == (5, 1)


def test_it_wakes_at_once_when_something_happened(live_database: str) -> None:
    worker, woke = Worker(), threading.Event()

    def sleep() -> None:
        worker.wait(pause=600)
        woke.set()
        close_connections()

    thread = threading.Thread(target=sleep)
    thread.start()
    while thread.is_alive():
        journal.nudge()
        time.sleep(0.05)
    assert woke.is_set()
