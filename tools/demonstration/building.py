"""Building the year: into the database that Django's settings name, as the application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from makegood.rooms.journal.actions import READERS
from makegood.rooms.journal.events import SYSTEM
from makegood.rooms.journal.queries import see_as

from . import plan
from .acting import Hand, Story, World
from .further_stories import damp_repair, office, street_light
from .mailing import mail_server
from .planted import plant
from .stories import missed_bin

STORIES: dict[str, Callable[[Hand], Story]] = {
    "missed-bin": missed_bin,
    "street-light": street_light,
    "damp-repair": damp_repair,
}


def build(
    *, cases: int, seed: int, begins: date = plan.BEGINS, tell: Callable[[datetime], object] = lambda at: None
) -> World:
    """Furnish an empty place and let its year go by, with so many cases by chance and those that are planted.

    Mails go to a server that delivers none. `tell` hears the instants as they pass. From a later day than the year's
    first it is a slice of the year, which still has what is planted in its last weeks.
    """
    with mail_server(), _by_rounds_alone():
        see_as(SYSTEM)
        world = World(datetime.combine(begins, time(9), plan.ZONE) - timedelta(days=17))
        world.furnish()
        world.begin(datetime.combine(begins, time(), plan.ZONE), office(world, seed, begins))
        for report in plan.reports(seed, cases, begins):
            world.begin(report.at, STORIES[report.service](Hand(world, report)))
        plant(world)
        world.run(tell)
        world.seal()
    return world


@contextmanager
def _by_rounds_alone() -> Iterator[None]:
    """Events are heard by rounds, many at once, and not one by one by whoever acts."""
    prompt = dict(READERS)
    READERS.update({name: replace(reader, prompt=lambda _: False) for name, reader in prompt.items()})
    try:
        yield
    finally:
        READERS.update(prompt)
