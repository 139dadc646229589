"""Two places side by side on one PostgreSQL: Makegood as it is served, and the yardstick with the same workers."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.running import ROOT, Failed, environment, run_with
from makegood.database import roles
from makegood.database.embedded import APPLICATION, OWNER, Server
from makegood.site.place import settled

WORKERS, THREADS = 2, 4
HELPDESK = ROOT / "bench" / "web" / "helpdesk"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A service with its database: how its processes are started, where its pages are, and what its loading told.

    `server` is the number of the process whose children are PostgreSQL's.
    """

    python: Path
    environment: Mapping[str, str]
    port: int
    told: Mapping[str, Any]
    owner: str
    folder: Path
    server: int

    def program(self, *arguments: object) -> dict[str, Any]:
        """Run one of the programs in this place."""
        return run_with(dict(self.environment), self.python, *(str(each) for each in arguments)).told

    def size(self) -> str:
        """How large its database is."""
        with psycopg.connect(self.owner) as connection:
            row = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
        return str(row[0]) if row else ""


def makegood(server: Server, folder: Path, cases: int) -> Place:
    """A place of Makegood's with so many cases, loaded."""
    name, port = f"makegood_{cases}", _free_port()
    roles.prepare(server.address(OWNER, "postgres"), database=name, password=server.passwords[APPLICATION])
    named = {
        "DATABASE_URL": server.address(APPLICATION, name),
        "DATABASE_OWNER_URL": server.address(OWNER, name),
        "PLACE_ADDRESS": f"http://127.0.0.1:{port}",
        "SMTP_PORT": str(_free_port()),
        "POST_FOLDER": str(folder / "post"),
        "SECRET_KEY": "a key of the bench, which signs nothing of worth to anybody",
    }
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "PLACE_", "SMTP_"))}
    environ = settled(folder, named) | clean | named
    python = Path(sys.executable)
    run_with(environ, python, "-m", "makegood", "migrate")
    told = _loaded(folder / f"{name}.json", environ, python, "-m", "bench.web.load", str(cases))
    return Place(
        python=python,
        environment=environ,
        port=port,
        told=told,
        owner=server.address(OWNER, name),
        folder=folder,
        server=postgres(server),
    )


def helpdesk(server: Server, folder: Path, tickets: int, late: int) -> Place:
    """A place of django-helpdesk's with so many open tickets, and some more that are to be escalated, loaded."""
    name, port = f"helpdesk_{tickets}", _free_port()
    if not (folder / f"{name}.json").exists():
        with psycopg.connect(server.address(OWNER, "postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    environ = dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "project",
        "PYTHONPATH": str(HELPDESK),
        "HELPDESK_NAME": name,
        "HELPDESK_HOST": str(server.socket),
        "HELPDESK_USER": OWNER,
        "HELPDESK_PASSWORD": server.passwords[OWNER],
    }
    python = environment("django-helpdesk")
    run_with(environ, python, "-m", "django", "migrate", "--verbosity=0")
    told = _loaded(folder / f"{name}.json", environ, python, HELPDESK / "load.py", str(tickets), str(late))
    return Place(
        python=python,
        environment=environ,
        port=port,
        told=told,
        owner=server.address(OWNER, name),
        folder=folder,
        server=postgres(server),
    )


def postgres(server: Server) -> int:
    """The number of the process whose children are a server's."""
    return int((server.socket / "postmaster.pid").read_text().split()[0])


def _loaded(kept: Path, environ: Mapping[str, str], *command: str | Path) -> dict[str, Any]:
    """What loading told; what was loaded by an earlier run into a folder that was kept is there still."""
    if not kept.exists():
        kept.write_text(json.dumps(run_with(environ, *command).told), encoding="utf-8")
    told: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return told


@contextmanager
def served(place: Place, application: str) -> Iterator[int]:
    """Serve the pages of a place, the way `makegood serve` does; the number of the process whose children serve."""
    address = f"127.0.0.1:{place.port}"
    sizes = ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS), "--preload"]
    quiet = ["--log-level", "error", "--timeout", "120", "--worker-tmp-dir", _memory()]
    command = [str(place.python), "-m", "gunicorn", application, "--bind", address, *sizes, *quiet]
    with started(place, command, "pages") as process:
        _wait_for(place.port)
        yield process.pid


@contextmanager
def started(place: Place, command: Sequence[str], name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of a place, for as long as it is needed; what it says goes into a file of its folder."""
    with (place.folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, env=dict(place.environment), stdout=log, stderr=log, cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise Failed(f"nothing answered at port {port} within {patience:.0f} seconds")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _memory() -> str:
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"
