"""A PostgreSQL of our own: it starts, keeps what was committed through a kill, and tells why it cannot start."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from makegood.database import roles
from makegood.database.embedded import APPLICATION, OWNER, NoServer, binaries, running, start, stop

pytestmark = pytest.mark.skipif(binaries() is None, reason="there is no embedded PostgreSQL for this machine")


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="mg-"))
    yield made
    shutil.rmtree(made)


def test_what_was_committed_is_there_after_a_kill(folder: Path) -> None:
    process, server = start(folder / "pg")
    with psycopg.connect(server.address(OWNER, "postgres")) as connection:
        connection.execute("CREATE TABLE kept (x int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with running(folder / "pg") as again, psycopg.connect(again.address(OWNER, "postgres")) as connection:
        assert connection.execute("SELECT x FROM kept").fetchall() == [(7,)]


def test_a_commit_waits_until_it_is_on_the_disk(folder: Path) -> None:
    asked = "SELECT current_setting(name) FROM unnest(ARRAY['fsync', 'synchronous_commit', 'full_page_writes']) name"
    with running(folder / "pg") as server, psycopg.connect(server.address(OWNER, "postgres")) as connection:
        assert [value for (value,) in connection.execute(asked).fetchall()] == ["on", "on", "on"]


def test_it_ends_with_the_process_that_started_it(folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from makegood.database.embedded import start\n"
        "process, _ = start(Path(sys.argv[1])); print(process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(folder / "pg")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    server = int(parent.stdout.readline())
    parent.stdout.close()
    parent.kill()
    parent.wait()
    for _ in range(100):
        if not Path(f"/proc/{server}").exists():
            return
        time.sleep(0.1)
    pytest.fail("the server outlived its parent")


def test_it_asks_for_a_password_and_keeps_it_to_its_owner(folder: Path) -> None:
    with running(folder / "pg") as server:
        wrong = server.address(OWNER, "postgres").replace(server.passwords[OWNER], "guess")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(wrong)
    for file in folder.glob("*.password"):
        assert file.stat().st_mode & 0o077 == 0


def test_the_application_s_role_owns_nothing_and_cannot_make_tables(folder: Path) -> None:
    with running(folder / "pg", testing=True) as server:
        for _ in range(2):
            roles.prepare(
                server.address(OWNER, "postgres"), database="makegood", password=server.passwords[APPLICATION]
            )
        with psycopg.connect(server.address(APPLICATION)) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE x (y int)")
            connection.rollback()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SET ROLE makegood_owner")


def test_why_it_cannot_start_is_told(folder: Path) -> None:
    (folder / "pg").mkdir()
    (folder / "pg" / "letter.txt").write_text("mine")
    with pytest.raises(NoServer, match="not empty"):
        start(folder / "pg")
    deep = folder / ("x" * 100)
    with pytest.raises(NoServer, match="too long"):
        start(deep)


def test_a_second_server_on_the_same_folder_is_refused(folder: Path) -> None:
    process, _server = start(folder / "pg")
    try:
        with pytest.raises(NoServer, match="in use already"):
            start(folder / "pg")
    finally:
        stop(process)
