"""The service's own commands; the command line finds them by their entry points."""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from makegood.database.embedded import NoServer, binaries

_DATA = Path(os.environ.get("PLACE_FOLDER", Path.home() / ".makegood"))


def serve(argv: Sequence[str]) -> int:
    """Run a place: database, pages and worker together."""
    parser = argparse.ArgumentParser("makegood serve", description=serve.__doc__)
    parser.add_argument("--address", default="127.0.0.1:8000", help="host and port of the pages (127.0.0.1:8000)")
    parser.add_argument(
        "--data", type=Path, default=_DATA, help="folder of the embedded database, without DATABASE_URL"
    )
    parser.add_argument("--demo", action="store_true", help="a demonstration place with a year of fictional cases")
    parser.add_argument("--workers", type=int, default=2, help="processes for the pages (2)")
    parser.add_argument("--threads", type=int, default=4, help="threads in each (4)")
    given = parser.parse_args(argv)
    from .place import serve as serve_place

    try:
        return serve_place(
            data=given.data, address=given.address, demo=given.demo, workers=given.workers, threads=given.threads
        )
    except NoServer as why:
        return _refused("serve", str(why))


def migrate(argv: Sequence[str]) -> int:
    """Bring the database up to date; with --demo fill an empty one with the demonstration place."""
    parser = argparse.ArgumentParser("makegood migrate", description=migrate.__doc__)
    parser.add_argument("--demo", action="store_true", help="fill an empty database with the demonstration place")
    given = parser.parse_args(argv)
    _set_up()
    from . import place

    place.migrate()
    if given.demo:
        from makegood.rooms.demonstration.actions import open_place

        open_place()
    return 0


def worker(argv: Sequence[str]) -> int:
    """Notice what falls due, owe, tell people, seal the journal; until stopped."""
    parser = argparse.ArgumentParser("makegood worker", description=worker.__doc__)
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--post", action="store_true", help="only send what waits to be sent")
    part.add_argument("--no-post", action="store_true", help="everything but sending, which another worker does")
    given = parser.parse_args(argv)
    _set_up()
    from .worker import POST, Worker

    Worker(frozenset({POST} if given.post else ()), without=frozenset({POST} if given.no_post else ())).run()
    return 0


def journal(argv: Sequence[str]) -> int:
    """Check that the journal is whole: every entry as it was sealed, every link of the chain."""
    parser = argparse.ArgumentParser("makegood journal", description=journal.__doc__)
    parser.add_argument("what", choices=["verify"], help="recompute the whole chain")
    _add_folder(parser)
    given = parser.parse_args(argv)
    return _at_place("journal", given.data, _verify)


def _verify() -> int:
    if _has_no_tables():
        return _refused("journal", _NO_TABLES)
    from tqdm import tqdm

    from makegood.rooms.journal.events import SYSTEM
    from makegood.rooms.journal.queries import see_as, verify

    see_as(SYSTEM)
    with tqdm(disable=None, unit=" entries", leave=False) as bar:
        found = verify(lambda done, total: bar.update(done - bar.n))
    for fault in found.faults:
        print(f"FAULT: {fault}")
    state = "NOT WHOLE" if found.faults else "whole"
    counts = f"{found.sealed:,} entries sealed, {found.waiting:,} not yet, {found.erased:,} reasons erased"
    print(f"The journal is {state}: {counts}.")
    return 1 if found.faults else 0


def backup(argv: Sequence[str]) -> int:
    """Write the whole database into one file."""
    parser = argparse.ArgumentParser("makegood backup", description=backup.__doc__)
    parser.add_argument("file", type=Path, help="where to; it must not be there yet")
    _add_folder(parser)
    given = parser.parse_args(argv)
    if given.file.exists():
        return _refused("backup", f"{given.file} is there already: name a new file")
    return _at_place("backup", given.data, lambda: _backup(given.file))


def _backup(file: Path) -> int:
    part = file.with_name(file.name + ".part")
    code = _with_tool("pg_dump", ["--format=custom", f"--file={part}"], "backup")
    if code == 0:
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(file)
        print(f"{file}: {file.stat().st_size:,} bytes")
    else:
        part.unlink(missing_ok=True)
    return code


def restore(argv: Sequence[str]) -> int:
    """Fill an empty database from a backup, whole or not at all, and check its journal."""
    parser = argparse.ArgumentParser("makegood restore", description=restore.__doc__)
    parser.add_argument("file", type=Path, help="what `makegood backup` wrote")
    _add_folder(parser)
    given = parser.parse_args(argv)
    if not given.file.is_file():
        return _refused("restore", f"there is no file {given.file}")
    return _at_place("restore", given.data, lambda: _restore(given.file))


def _restore(file: Path) -> int:
    from django.conf import settings
    from django.db import connections

    from makegood.database import roles

    from .place import owner_address

    if connections["owner"].introspection.table_names():
        return _refused(
            "restore", "this database is not empty: restore into a new one, and let nobody use it meanwhile"
        )
    connections["owner"].close()
    address = owner_address(settings.DATABASES["owner"])
    roles.prepare(address)
    options = [
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        f"--dbname={settings.DATABASES['owner']['NAME']}",
    ]
    code = _with_tool("pg_restore", [*options, str(file)], "restore")
    if code:
        return code
    roles.grant(address)
    return _verify()


def person(argv: Sequence[str]) -> int:
    """Give somebody an account, and print the link by which they set their password."""
    parser = argparse.ArgumentParser("makegood person", description=person.__doc__)
    parser.add_argument("what", choices=["add"])
    parser.add_argument("email")
    parser.add_argument("name")
    parser.add_argument("--roles", default="administrator", help="with commas: adviser, officer, manager, …")
    parser.add_argument("--teams", default="", help="codes of teams, with commas")
    _add_folder(parser)
    given = parser.parse_args(argv)
    return _at_place("person", given.data, lambda: _person(given))


def _person(given: argparse.Namespace) -> int:
    if _has_no_tables():
        return _refused("person", _NO_TABLES)
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.conf import settings
    from django.urls import reverse

    from makegood.rooms.journal.events import SYSTEM, By
    from makegood.rooms.people.actions import add_person
    from makegood.rooms.people.models import User
    from makegood.web.refusals import Refusal

    try:
        number = add_person(
            By(actor=SYSTEM),
            email=given.email,
            name=given.name,
            roles=[each for each in given.roles.split(",") if each],
            teams=[each for each in given.teams.split(",") if each],
        )
    except Refusal as why:
        return _refused("person", str(why))
    user = User.objects.get(pk=number)
    token = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, _, secret = token.partition("-")
    page = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": secret})
    print(f"{settings.PLACE_ADDRESS}{page}")
    return 0


def publish(argv: Sequence[str]) -> int:
    """Publish promises, services and calendars from files, in the order given; stops at the first that is refused."""
    parser = argparse.ArgumentParser("makegood publish", description=publish.__doc__)
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a promise before the service that names it"
    )
    parser.add_argument(
        "--from", dest="first", type=date.fromisoformat, metavar="DAY", help="first day of the promises"
    )
    _add_folder(parser)
    given = parser.parse_args(argv)
    return _at_place("publish", given.data, lambda: _publish(given.files, given.first))


def _publish(files: Sequence[Path], first: date | None) -> int:
    if _has_no_tables():
        return _refused("publish", _NO_TABLES)
    from makegood.web.refusals import Refusal

    from .publishing import publish_text

    for file in files:
        try:
            print(f"{file}: {publish_text(file.read_text(encoding='utf-8'), first=first)}")
        except (OSError, UnicodeError, Refusal) as why:
            return _refused("publish", f"{file}: {why}")
    return 0


def key(argv: Sequence[str]) -> int:
    """Make a key for SECRET_KEY."""
    argparse.ArgumentParser("makegood key", description=key.__doc__).parse_args(argv)
    print(secrets.token_urlsafe(48))
    return 0


def _with_tool(tool: str, arguments: Sequence[str], command: str) -> int:
    from django.conf import settings

    database = settings.DATABASES["owner"]
    folder = binaries()
    program = str(folder / tool) if folder else tool
    named = {
        f"PG{name}": str(database[key])
        for name, key in (
            ("HOST", "HOST"),
            ("PORT", "PORT"),
            ("USER", "USER"),
            ("PASSWORD", "PASSWORD"),
            ("DATABASE", "NAME"),
        )
        if database[key]
    }
    done = subprocess.run([program, *arguments], env=os.environ | named, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        return _refused(command, done.stderr.strip()[-500:])
    return 0


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        help="folder of a place with an embedded database, running or not; .place or PLACE_FOLDER unless said",
    )


def _at_place(command: str, data: Path | None, run: Callable[[], int]) -> int:
    """Run a command at the database that is named, or beside the place in a folder of this machine."""
    from .place import beside

    try:
        with beside(data) as environment:
            os.environ.update(environment)
            _set_up()
            return run()
    except NoServer as why:
        return _refused(command, str(why))


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.site.settings")
    import django

    django.setup()


_NO_TABLES = "this database cannot be used yet: see that it is reached, and run `makegood migrate` first"


def _has_no_tables() -> bool:
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        return "journal_entry" not in connection.introspection.table_names()
    except OperationalError:  # not reached, or without the application's role
        return True


def _refused(command: str, why: str) -> int:
    print(f"makegood {command}: {why}", file=sys.stderr)
    return 2
