"""What all tests share: the settings of the property tests, and the larger open data beside the checkout."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.databases import (
    LIVE,
    address_of,
    close_connections,
    copy_database,
    current_database,
    drop_database,
    point_at,
)

settings.register_profile("ci", deadline=None, print_blob=True)
settings.register_profile("thorough", parent=settings.get_profile("ci"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of larger open data sets beside the checkout; tests that need it are skipped without it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("needs the folder 'shared' with the larger open data sets beside the checkout")
    return folder


# --- the service: a real PostgreSQL, the application's role, migrations by the owner ---------------------------------


@pytest.fixture(scope="session")
def owner_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL for tests, as its owner: the one of DATABASE_OWNER_URL, or one of our own."""
    from makegood.database.embedded import OWNER, running

    if "DATABASE_OWNER_URL" in os.environ:
        yield os.environ["DATABASE_OWNER_URL"]
        return
    folder = Path(tempfile.mkdtemp(prefix="mg-"))
    try:
        with running(folder / "pg", testing=True) as server:
            yield server.address(OWNER, "postgres")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template_database(owner_address: str, django_db_blocker: Any) -> Iterator[str]:
    """A database with every table and nothing in it, from which the others are copied."""
    from makegood.database import roles
    from makegood.site.place import make_tables

    name = f"makegood_test_{os.getpid()}"
    with django_db_blocker.unblock():
        roles.prepare(owner_address, database=name)
        point_at(owner_address, name)
        make_tables()
        roles.grant(address_of(owner_address, name))
        close_connections()
    yield name
    with django_db_blocker.unblock():
        close_connections()
        drop_database(owner_address, name)


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, owner_address: str, django_db_blocker: Any) -> Iterator[None]:
    """The database of the tests that are rolled back."""
    name = f"{template_database}_rolled_back"
    copy_database(owner_address, template_database, name)
    point_at(owner_address, name)
    yield
    with django_db_blocker.unblock():
        close_connections()
        drop_database(owner_address, name)


@pytest.fixture
def live_database(
    template_database: str, owner_address: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """A database of its own for one test, whose transactions are really committed; its address as the owner.

    Processes and threads of the test reach it too: as the application through `application_address`.
    """
    name = f"{template_database}_{next(LIVE)}"
    copy_database(owner_address, template_database, name)
    with django_db_blocker.unblock():
        before = current_database()
        close_connections()
        point_at(owner_address, name)
        try:
            yield address_of(owner_address, name)
        finally:
            close_connections()
            point_at(owner_address, before)
            drop_database(owner_address, name)
