"""Commands beside a place with a database of its own: while it runs, when it does not, and where there is none."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import makegood.site as makegood_site
from makegood.database.embedded import binaries

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(binaries() is None, reason="there is no embedded PostgreSQL for this machine"),
]
FILES = Path(makegood_site.__file__).parents[1] / "rooms" / "demonstration" / "place"
PROMISE, SERVICE = (str(FILES / kind / "missed-bin.yaml") for kind in ("pledges", "services"))
SETTINGS = ("DATABASE_URL", "DATABASE_OWNER_URL", "PLACE_FOLDER", "PLACE_KIND", "PLACE_ADDRESS", "SECRET_KEY")


class Folder:
    """A folder in which somebody works, as in a terminal: with a home of its own and nothing set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        self.environment = kept | {"HOME": str(folder / "home")}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "makegood", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def serve(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A place as `make run` starts it, which answers; its log lies beside it."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        command = [sys.executable, "-m", "makegood", "serve", "--address", self.address, "--workers", "1", *arguments]
        log = self.folder / "serve.log"
        with log.open("wb") as written:
            place = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=written, stderr=written)
        until = time.monotonic() + 120
        while time.monotonic() < until and place.poll() is None:
            try:
                if self.get("/health")[0] == 200:
                    return place
            except OSError:
                time.sleep(0.2)
        place.kill()
        raise AssertionError(log.read_text())

    def get(self, path: str) -> tuple[int, str]:
        """Status of a page, and its text or where it leads."""
        with closing(HTTPConnection(self.address, timeout=60)) as asked:
            asked.request("GET", path)
            answer = asked.getresponse()
            text = answer.read().decode()
            return answer.status, answer.getheader("Location") or text


@pytest.fixture
def folder() -> Iterator[Folder]:
    made = Path(tempfile.mkdtemp(prefix="mg-"))
    (made / "home").mkdir()
    yield Folder(made)
    shutil.rmtree(made)


def test_commands_reach_a_place_that_runs_in_this_folder_and_one_that_does_not(folder: Folder) -> None:
    place = folder.serve("--data", ".place")
    try:
        done = folder.run("publish", PROMISE, SERVICE)
        assert (done.returncode, done.stderr) == (0, "")
        status, page = folder.get("/report/")
        assert (status, "Missed bin" in page) == (200, True)
        link = folder.run("person", "add", "ada@anyborough.example", "Ada Demo").stdout.strip()
        assert link.startswith(f"http://{folder.address}/"), "the address is that of the place"
        status, there = folder.get(urlsplit(link).path)
        assert (status, there.endswith("-set-password/")) == (302, True), "it is signed with the key of the place"
        assert folder.run("backup", "kept").returncode == 0
    finally:
        place.send_signal(signal.SIGTERM)
        assert place.wait(60) == 0
    again = folder.run("publish", SERVICE)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.endswith("service missed-bin, version 2\n")
    named = folder.run("journal", "verify", "--data", str(folder.folder / ".place"))
    assert "The journal is whole" in named.stdout
    assert not (folder.folder / ".place" / "pg" / "postmaster.pid").exists(), "its database ends with the command"


@pytest.mark.parametrize(
    "command", [("publish", PROMISE), ("journal", "verify"), ("backup", "b"), ("person", "add", "a@b.example", "A")]
)
def test_where_there_is_no_place_a_command_says_how_to_name_one(folder: Folder, command: tuple[str, ...]) -> None:
    refused = folder.run(*command)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"makegood {command[0]}: There is no place in .place nor in " in refused.stderr
    assert "start one with `makegood serve`, name its folder with --data, or set DATABASE_URL" in refused.stderr
    assert [each.name for each in folder.folder.iterdir()] == ["home"], "nothing is made"
