"""Every test of remedies has the small place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from makegood.rooms.journal.events import SYSTEM
from makegood.rooms.journal.queries import see_as
from tests.rooms.tallies import check_tallies

from .place import make_place


@pytest.fixture
def place(db: None) -> Iterator[None]:
    """Promises and services, and eyes that see everything; after each test the counts are those of counting."""
    make_place()
    see_as(SYSTEM)
    yield
    see_as(SYSTEM)
    check_tallies()


@pytest.fixture
def live_place(live_database: str) -> str:
    """The same in a database whose transactions are really committed; its address as the owner."""
    make_place()
    see_as(SYSTEM)
    return live_database
