"""A slice of the demonstration's year, built once by the real actions in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import override_settings

import makegood.rooms.demonstration
from makegood.rooms.demonstration.actions import set_clock
from tests.databases import close_connections, copy_database, current_database, drop_database, point_at
from tools.demonstration import plan
from tools.demonstration.acting import World
from tools.demonstration.building import build


def as_demonstration() -> override_settings:
    """Django's settings as a demonstration place has them; the room's templates are named, since no app is added."""
    [pages] = django_settings.TEMPLATES
    folder = Path(makegood.rooms.demonstration.__file__).parent / "templates"
    return override_settings(PLACE_DEMO=True, TEMPLATES=[{**pages, "DIRS": [folder]}])


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    """No collected files are needed: the pages' own are served from where they lie."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def demonstration() -> Iterator[None]:
    """The settings of a demonstration place."""
    with as_demonstration():
        yield


@pytest.fixture(scope="module")
def built(template_database: str, owner_address: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The last weeks of the year with everything that is planted, in a database whose transactions are committed."""
    name = f"{template_database}_demonstration"
    copy_database(owner_address, template_database, name)
    with django_db_blocker.unblock(), as_demonstration():
        before = current_database()
        close_connections()
        point_at(owner_address, name)
        try:
            world = build(cases=25, seed=7, begins=date(2026, 10, 30))
            set_clock(plan.ENDS)
            yield world
        finally:
            close_connections()
            point_at(owner_address, before)
            drop_database(owner_address, name)
