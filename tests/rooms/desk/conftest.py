"""Every test of the desk has the small place, and somebody who has signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from .place import Somebody, make_place, signed_in


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    """No collected files are needed: the pages' own are served from where they lie."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def place(db: None) -> dict[str, Somebody]:
    """Promises, services, teams; and the people by their role."""
    return make_place()


@pytest.fixture
def adviser(place: dict[str, Somebody]) -> Client:
    """An adviser of the waste team, signed in."""
    return signed_in(place["adviser"])


@pytest.fixture
def officer(place: dict[str, Somebody]) -> Client:
    """An officer of the waste team, signed in."""
    return signed_in(place["officer"])


@pytest.fixture
def manager(place: dict[str, Somebody]) -> Client:
    """A manager, signed in."""
    return signed_in(place["manager"])
