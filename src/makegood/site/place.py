"""A place at work on one machine: its database, its pages, its worker, and in a demonstration its mail server."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from makegood.database import roles
from makegood.database.embedded import APPLICATION, OWNER, NoServer, Server, found, is_made, running

_HERE = Path(".place")
"""Where `make run` keeps its place: in the folder in which one works."""
_WORKERS = ("the worker", "the second worker")
"""Two share the work: while one hears what was noticed, and owes and writes, the other notices what fell due next."""


@contextmanager
def database(data: Path) -> Iterator[dict[str, str]]:
    """The environment that names the database: what is set already, or a PostgreSQL of our own in the folder `data`."""
    if os.environ.get("DATABASE_URL"):
        named = {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if os.environ.get(name)}
        yield named
        return
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with running(data / "pg") as server:
        roles.prepare(server.address(OWNER, "postgres"), database="makegood", password=server.passwords[APPLICATION])
        yield _addresses(server)


def _addresses(server: Server) -> dict[str, str]:
    return {"DATABASE_URL": server.address(APPLICATION), "DATABASE_OWNER_URL": server.address(OWNER)}


@contextmanager
def beside(data: Path | None) -> Iterator[dict[str, str]]:
    """The environment of one command of a place: of the database that is named, or of a place with its own.

    Such a place lies in the folder `data`, or in one of those where places lie. Where it runs, the command works beside
    it; where it does not, its database runs for as long as the command. Raises `NoServer` where there is none.
    """
    if os.environ.get("DATABASE_URL"):
        yield {}
        return
    folder = _folder(data)
    server = found(folder / "pg")
    if server:
        yield settled(folder, {**_kept(folder), **_addresses(server)})
        return
    with database(folder) as named:
        yield settled(folder, {**_kept(folder), **named})


def _folder(data: Path | None) -> Path:
    """The folder of a place with a database of its own: one that runs rather than one that does not."""
    chosen = data or os.environ.get("PLACE_FOLDER")
    folders = [Path(chosen)] if chosen else [_HERE, Path.home() / ".makegood"]
    made = [folder for folder in folders if is_made(folder / "pg")]
    if not made:
        raise NoServer(
            f"There is no place in {' nor in '.join(map(str, folders))}: start one with `makegood serve`, name its "
            "folder with --data, or set DATABASE_URL."
        )
    return next((folder for folder in made if found(folder / "pg")), made[0])


def _keep(data: Path, environment: Mapping[str, str]) -> None:
    """Keep how a place is called and reached: a command beside it says and signs the same."""
    kept = {name: value for name, value in environment.items() if name.startswith("PLACE_") and name != "PLACE_FOLDER"}
    (data / "settings.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")


def _kept(data: Path) -> dict[str, str]:
    """How the place in a folder was last called and reached; nothing where it never ran."""
    try:
        kept: dict[str, str] = json.loads((data / "settings.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return kept


def settled(data: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for the processes of a place; what was set by hand stays as it is.

    A development or demonstration place gets a key of its own, kept in `data`.
    """
    key = data / "key"
    if not os.environ.get("SECRET_KEY") and os.environ.get("PLACE_KIND", environment.get("PLACE_KIND")) != "live":
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not key.exists():
            key.touch(mode=0o600)
            key.write_text(secrets.token_urlsafe(48))
        environment = {"SECRET_KEY": key.read_text(), **environment}
    return {**environment, **os.environ, "DJANGO_SETTINGS_MODULE": "makegood.site.settings"} | {
        name: environment[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if name in environment
    }


def migrate() -> None:
    """Bring the database's tables up to date, as the owner, and give the application its rights. Safe to run again."""
    from django.conf import settings  # noqa: PLC0415 - only when Django is set up

    owner = settings.DATABASES["owner"]
    address = owner_address(owner)
    roles.prepare(address)
    make_tables()
    roles.grant(address)


def make_tables() -> None:
    """Bring the tables up to date, as the owner: those of the rooms, and the one of the cache.

    What the cache holds may be lost in a crash of the database, so nobody waits until it is on the disk.
    """
    from django.conf import settings  # noqa: PLC0415 - only when Django is set up
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("createcachetable", database="owner", verbosity=0)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {settings.CACHES['default']['LOCATION']} SET UNLOGGED")


def owner_address(database: Mapping[str, object]) -> str:
    """The owner's connection as libpq's keywords."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    return make_conninfo(
        "",
        **{
            key: str(database[name])
            for key, name in (
                ("dbname", "NAME"),
                ("user", "USER"),
                ("password", "PASSWORD"),
                ("host", "HOST"),
                ("port", "PORT"),
            )
            if database[name]
        },
    )


class Together:
    """Several processes that live and die together."""

    def __init__(self) -> None:
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start one."""
        self.processes[name] = subprocess.Popen(command, env=dict(environment))  # noqa: S603 - our own commands

    def wait(self) -> int:
        """Until one ends or somebody asks to stop; then end the others. 0 when asked to stop."""
        asked: list[int] = []
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda number, _frame: asked.append(number))
        while not asked:
            for name, process in self.processes.items():
                if process.poll() is not None:
                    print(f"makegood: {name} ended with {process.returncode}; stopping the rest", file=sys.stderr)
                    self.stop()
                    return 1
            time.sleep(0.2)
        self.stop()
        return 0

    def stop(self, patience: float = 15) -> None:
        """Ask all to end, and make those end that do not."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + patience
        for process in self.processes.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def serve(*, data: Path, address: str, demo: bool, workers: int, threads: int) -> int:
    """Run a place until it is asked to stop: database, tables, pages, worker. The answer is the exit code."""
    kind = {"PLACE_KIND": "demo"} if demo else {}
    with ExitStack() as stack:
        named = stack.enter_context(database(data))
        pages = {"PLACE_ADDRESS": f"http://{address}"}
        if demo:
            pages |= {"POST_FOLDER": str(data / "post"), "SMTP_PORT": str(_free_port())}
        environment = settled(data, {**pages, **kind, **named})
        if not os.environ.get("DATABASE_URL"):
            _keep(data, environment)
        own = [sys.executable, "-m", "makegood"]
        prepared = subprocess.run([*own, "migrate", *(["--demo"] if demo else [])], env=environment, check=False)  # noqa: S603
        if prepared.returncode:
            return prepared.returncode
        together = Together()
        if demo:
            together.start("the mail server", [sys.executable, "-m", "makegood.site.postbox"], environment)
        for name in _WORKERS:
            together.start(name, [*own, "worker", "--no-post"], environment)
        together.start("the post", [*own, "worker", "--post"], environment)
        gunicorn = [sys.executable, "-m", "gunicorn", "makegood.site.wsgi:application", "--bind", address]
        sizes = ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
        quiet = ["--log-level", "warning", "--timeout", "60", "--graceful-timeout", "10", "--worker-tmp-dir", _memory()]
        together.start("the pages", [*gunicorn, *sizes, *quiet, "--preload", "--no-control-socket"], environment)
        print(
            f"{environment.get('PLACE_NAME', 'Anyborough Council')} is at http://{address}   (stop with Ctrl-C)",
            flush=True,
        )
        return together.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _memory() -> str:
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"  # noqa: S108 - only a heartbeat's file
