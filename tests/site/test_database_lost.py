"""PostgreSQL is really stopped under a running service, and started again: nobody sees a fault, and all comes back."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from makegood.database.embedded import APPLICATION, OWNER, binaries, start, stop

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(binaries() is None, reason="there is no PostgreSQL of our own for this machine"),
]


class Place:
    """A database of its own and a process for the pages."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "pg"
        self.log = folder / "pages.log"
        self.server, self.named = start(self.data, testing=True)
        own = self.named.address(OWNER)
        self.environment = os.environ | {
            "DATABASE_URL": self.named.address(APPLICATION),
            "DATABASE_OWNER_URL": own,
        }

    def prepare(self) -> None:
        """Every table."""
        from makegood.database import roles

        roles.prepare(
            self.named.address(OWNER, "postgres"), database="makegood", password=self.named.passwords[APPLICATION]
        )
        subprocess.run([sys.executable, "-m", "makegood", "migrate"], env=self.environment, check=True)

    def open(self) -> None:
        """Start the process for the pages: one, with one thread, so that each request meets the lost connection."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        gunicorn = [sys.executable, "-m", "gunicorn", "makegood.site.wsgi:application", "--threads", "1"]
        listen = ["--bind", f"127.0.0.1:{self.port}", "--log-level", "warning"]
        with self.log.open("wb") as log:
            self.pages = subprocess.Popen([*gunicorn, *listen], env=self.environment, stderr=log)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if self.get("/health")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def get(self, path: str, method: str = "GET") -> tuple[int, str, str]:
        """Status, kind and body."""
        asked = HTTPConnection("127.0.0.1", self.port, timeout=30)
        asked.request(method, path)
        answer = asked.getresponse()
        body = answer.read().decode()
        asked.close()
        return answer.status, answer.headers["Content-Type"], body


@pytest.fixture
def place() -> Iterator[Place]:
    """A place that is open."""
    folder = Path(tempfile.mkdtemp(prefix="mg-"))
    made = Place(folder)
    try:
        made.prepare()
        made.open()
        yield made
    finally:
        if hasattr(made, "pages"):
            made.pages.terminate()
            made.pages.wait(20)
        stop(made.server)
        shutil.rmtree(folder, ignore_errors=True)


def test_without_a_database_pages_say_try_again_and_checks_answer_small_json(place: Place) -> None:
    assert place.get("/ready") == (200, "application/json", '{"state": "ready"}')
    assert place.get("/")[0] == 200
    for end in ("stopped", "killed"):
        if end == "stopped":
            stop(place.server)
        else:
            place.server.kill()
            place.server.wait()
        _is_away(place.get)
        place.server, _ = start(place.data, testing=True)
        status, _, body = place.get("/ready")
        assert (status, json.loads(body)) == (200, {"state": "ready"}), "the first request after it is back is served"
        assert place.get("/promises/")[0] == 200
    assert "password" not in place.log.read_text()


def _is_away(get: Callable[..., tuple[int, str, str]]) -> None:
    for _ in range(2):
        status, kind, body = get("/ready")
        assert (status, kind, json.loads(body)) == (503, "application/json", {"state": "the database does not answer"})
        assert get("/health") == (200, "application/json", '{"state": "alive"}')
        for path, method in (("/", "GET"), ("/track/", "GET"), ("/desk/", "GET"), ("/report/missed-bin/", "GET")):
            status, kind, body = get(path, method)
            assert (status, "Try again in a few minutes" in body) == (503, True), path
            assert "Traceback" not in body
            assert "OperationalError" not in body
        status, kind, body = get("/api/v1/promises")
        assert (status, kind.partition(";")[0]) == (503, "application/json")
        assert json.loads(body)["error"]["code"] == "unavailable"
