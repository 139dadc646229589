"""Every test of the counter has the small place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from makegood.rooms.journal.events import VISITOR
from makegood.rooms.journal.queries import see_as

from .place import make_place


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    """No collected files are needed: the pages' own are served from where they lie."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def place(db: None) -> None:
    """Promises and services, and the eyes of a visitor."""
    make_place()
    see_as(VISITOR)


@pytest.fixture
def browser(place: None) -> Client:
    """Somebody who comes to the counter."""
    return Client()
