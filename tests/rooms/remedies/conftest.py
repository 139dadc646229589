"""Every test of remedies has the small place."""

from __future__ import annotations

import pytest

from makegood.rooms.journal.events import SYSTEM
from makegood.rooms.journal.queries import see_as

from .place import make_place


@pytest.fixture
def place(db: None) -> None:
    """Promises and services, and eyes that see everything."""
    make_place()
    see_as(SYSTEM)


@pytest.fixture
def live_place(live_database: str) -> str:
    """The same in a database whose transactions are really committed; its address as the owner."""
    make_place()
    see_as(SYSTEM)
    return live_database
