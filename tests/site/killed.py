"""A place at work while its worker is killed again and again. Run as a program; see test_killed.py.

Arguments: how many days, kills for each day, seed. Days pass by the demonstration's clock; on each of them some
promises break, sums grow, remedies fall due. With no kills the same days pass undisturbed. Prints how often it killed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

import django

SERVICES = ("bin", "light", "flood", "badge")
FIRST = datetime(2026, 6, 1, 9, tzinfo=UTC)


def open_cases(days: int) -> None:
    """One case of each service on each working day, all of which we forget."""
    from makegood.rooms.cases.events import Resident
    from tests.rooms.remedies.place import make_place, opened

    make_place()
    for day in range(days):
        at = FIRST + timedelta(days=day)
        if at.weekday() >= 5:
            continue
        for service in SERVICES:
            name = f"{service}-{day}"
            opened(service, at=at, resident=Resident(name=name, email=f"{name}@example.org", wants="email"))


def set_clock(to: datetime) -> None:
    """Let the place be at an instant."""
    from makegood.rooms.journal.models import PlaceClock

    real = datetime.now(UTC)  # noqa: TID251 - the place's clock is set against real time
    PlaceClock.objects.update_or_create(id=1, defaults={"ahead": to - real})


def worker_killed_after(seconds: float) -> None:
    """A worker of its own process, killed without warning."""
    child = os.fork()
    if child == 0:
        work()
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def worker_until_quiet() -> None:
    """A worker of its own process, until there is nothing more to do."""
    child = os.fork()
    if child == 0:
        work(until_quiet=True)
    _, status = os.waitpid(child, 0)
    if status:
        sys.exit(f"the worker failed with {status}")


def work(*, until_quiet: bool = False) -> None:
    """What the child does; it never returns."""
    from makegood.rooms.journal.queries import now
    from makegood.site.worker import Worker

    worker = Worker()
    if not until_quiet:
        worker.run()
    quiet = 0
    while quiet < 3:
        quiet = 0 if worker.go_round(now()) else quiet + 1
    os._exit(1 if worker.failures else 0)


def run(days: int, kills: int, seed: int) -> int:
    """Let the days pass; how often a worker was killed."""
    from django.db import connections

    chance, killed = random.Random(seed), 0
    open_cases(days)
    for day in range(1, days + 12):
        set_clock(FIRST + timedelta(days=day))
        connections.close_all()
        for _ in range(kills):
            worker_killed_after(chance.uniform(0.0, 0.25))
            killed += 1
        worker_until_quiet()
    set_clock(FIRST + timedelta(days=days + 11, hours=3))  # what was noticed some seconds later falls due as much later
    worker_until_quiet()
    return killed


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "makegood.site.settings"
    django.setup()
    print(run(*(int(each) for each in sys.argv[1:])))
