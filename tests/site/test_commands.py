"""The service's commands, as processes on a real PostgreSQL: made, backed up, restored elsewhere, and checked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import makegood.site as makegood_site
from makegood.database.embedded import binaries
from tests.databases import address_of, drop_database

pytestmark = pytest.mark.skipif(binaries() is None, reason="there are no tools of PostgreSQL for this machine")


@pytest.fixture
def addresses(owner_address: str) -> Iterator[list[str]]:
    """Two empty databases."""
    names = [f"makegood_commands_{os.getpid()}_{number}" for number in (1, 2)]
    with psycopg.connect(owner_address, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}".encode())
    yield [address_of(owner_address, name) for name in names]
    for name in names:
        drop_database(owner_address, name)


def makegood(address: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DATABASE_URL": address, "DATABASE_OWNER_URL": address}
    return subprocess.run(
        [sys.executable, "-m", "makegood", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_a_backup_is_restored_whole_elsewhere_and_its_journal_holds(addresses: list[str], tmp_path: Path) -> None:
    here, there = addresses
    early = makegood(here, "journal", "verify")
    assert early.returncode == 2
    assert "run `makegood migrate` first" in early.stderr
    assert "Traceback" not in early.stderr
    assert makegood(here, "migrate").returncode == 0
    assert makegood(here, "migrate").returncode == 0, "it may be run again"
    added = makegood(here, "person", "add", "ada@anyborough.example", "Ada Demo", "--roles", "administrator,officer")
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("http://127.0.0.1:8000/account/password/reset/key/")
    assert "already" in makegood(here, "person", "add", "ada@anyborough.example", "Ada Demo").stderr

    file = tmp_path / "place.makegood"
    assert makegood(here, "backup", str(file)).returncode == 0
    assert "already" in makegood(here, "backup", str(file)).stderr
    assert "not empty" in makegood(here, "restore", str(file)).stderr
    restored = makegood(there, "restore", str(file))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "The journal is whole" in restored.stdout
    with psycopg.connect(there) as connection:
        assert connection.execute("SELECT email FROM people_user").fetchall() == [("ada@anyborough.example",)]


def test_promises_and_services_are_published_from_files(addresses: list[str], tmp_path: Path) -> None:
    here, _ = addresses
    place = Path(makegood_site.__file__).parents[1] / "rooms" / "demonstration" / "place"
    promise, service = (str(place / kind / "missed-bin.yaml") for kind in ("pledges", "services"))
    assert makegood(here, "migrate").returncode == 0
    early = makegood(here, "publish", service)
    assert (early.returncode, early.stdout) == (2, "")
    assert "No promise “missed-bin” is in force. Publish it first" in early.stderr
    done = makegood(here, "publish", promise, service)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"{promise}: promise missed-bin", f"{service}: service missed-bin, version 1"]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(Path(service).read_text("utf-8").replace("bin_collected", "bin_colected"), "utf-8")
    refused = makegood(here, "publish", str(wrong), str(tmp_path / "none.yaml"))
    assert refused.returncode == 2
    assert "bin_collected" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_backup_that_fails_leaves_no_file(addresses: list[str], tmp_path: Path) -> None:
    file = tmp_path / "place.makegood"
    refused = makegood("postgresql://nobody@127.0.0.1:1/nothing", "backup", str(file))
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert list(tmp_path.iterdir()) == []
