"""The dump of a place: every table of the house, data only, in one compressed file that needs no tool of PostgreSQL.

A zip with `manifest.json` and one member for each table in the form of COPY. Two things are not kept as they were: the
numbers of transactions, which mean nothing on another server, become one number for all; and of the journal's chain
only the last link is kept, since the others follow from the entries: loading computes them again and compares, so a
dump in which one entry was changed is refused.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from makegood.rooms.journal.actions import seal
from makegood.rooms.journal.queries import now

_FIRST_TRANSACTION = "3"
_KEPT_BY_ITSELF = {"cases_tally", "cases_stock", "remedies_balance"}
"""Tables that the database fills as others are filled."""
_LEFT_OUT = {"journal_seal", "journal_placeclock", "cases_counter", "cases_code", "journal_once"} | _KEPT_BY_ITSELF
_STEP, _AT_ONCE = 1 << 20, 25_000


class CannotLoad(RuntimeError):
    """The dump does not fit: the message says why, and what would help."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a dump says of itself: the instant at which it ends, the migrations it fits, and what was planted in it."""

    ends: datetime
    sealed: int
    last_link: str
    migrations: dict[str, list[str]]
    tables: dict[str, list[str]]
    rows: dict[str, int]
    sequences: dict[str, int]
    planted: dict[str, Any]


def rooms() -> list[str]:
    """The labels of the rooms that keep tables."""
    return [each.label for each in apps.get_app_configs() if each.name.startswith("makegood.rooms.")]


def migrations() -> dict[str, list[str]]:
    """The migrations that the database has had, by room."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations WHERE app = ANY(%s) ORDER BY app, name", [rooms()])
        had: dict[str, list[str]] = {}
        for app, name in cursor.fetchall():
            had.setdefault(app, []).append(name)
    return had


def is_empty() -> bool:
    """Whether nothing was ever done in this place."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT 1 FROM journal_entry)")
        [empty] = cursor.fetchone()
    return bool(empty)


def read_manifest(file: Path) -> Manifest:
    """What a dump says of itself."""
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read("manifest.json"))
    return Manifest(**{**told, "ends": datetime.fromisoformat(told["ends"])})


# --- writing ---------------------------------------------------------------------------------------------------------


def write_dump(file: Path, *, ends: datetime, planted: dict[str, Any]) -> Manifest:
    """Write the whole place into a file; everything in it has to be sealed. Reads as the owner, in one snapshot."""
    while seal():
        pass
    with transaction.atomic(using="owner"):
        raw = _raw()
        raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = {name: _columns(raw, name) for name in _tables()}
        [sealed, last] = raw.execute(
            "SELECT position, encode(digest, 'hex') FROM journal_seal ORDER BY position DESC LIMIT 1"
        ).fetchone() or (0, "")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
            rows = {name: _copy_out(raw, archive, name, columns) for name, columns in tables.items()}
            manifest = Manifest(
                ends=ends,
                sealed=sealed,
                last_link=last,
                migrations=migrations(),
                tables=tables,
                rows=rows,
                sequences=_sequences(raw),
                planted=planted,
            )
            told = asdict(manifest) | {"ends": ends.isoformat()}
            archive.writestr(_member("manifest.json"), json.dumps(told, indent=1, sort_keys=True))
    return manifest


def _tables() -> list[str]:
    models = [
        model._meta.db_table
        for label in rooms()
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return sorted(set(models) - _LEFT_OUT)


def _raw() -> psycopg.Connection[Any]:
    """The owner's connection beneath Django, for COPY."""
    connections["owner"].ensure_connection()
    raw: psycopg.Connection[Any] = connections["owner"].connection
    return raw


def _columns(raw: psycopg.Connection[Any], table: str) -> list[str]:
    found = raw.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    return [name for (name,) in found.fetchall()]


def _key(raw: psycopg.Connection[Any], table: str) -> list[str]:
    found = raw.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table],
    )
    return [name for (name,) in found.fetchall()]


def _copy_out(raw: psycopg.Connection[Any], archive: zipfile.ZipFile, table: str, columns: list[str]) -> int:
    chosen = sql.SQL(", ").join(
        sql.SQL("'" + _FIRST_TRANSACTION + "'") if name == "transaction" else sql.Identifier(name) for name in columns
    )
    order = sql.SQL(", ").join(map(sql.Identifier, _key(raw, table) or columns))
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(chosen, sql.Identifier(table), order)
    count = 0
    with raw.cursor().copy(statement) as copying, archive.open(_member(f"{table}.copy"), "w") as member:
        for block in copying:
            member.write(block)
            count += bytes(block).count(b"\n")
    return count


def _member(name: str) -> zipfile.ZipInfo:
    """A member without the time at which it was written, so that the same place gives the same file."""
    made = zipfile.ZipInfo(name)
    made.compress_type = zipfile.ZIP_LZMA
    return made


def _sequences(raw: psycopg.Connection[Any]) -> dict[str, int]:
    found = raw.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        " AND split_part(sequencename, '_', 1) = ANY(%s) ORDER BY 1",
        [rooms()],
    )
    theirs = tuple(f"{table}_" for table in _KEPT_BY_ITSELF)
    return {name: value for name, value in found.fetchall() if not name.startswith(theirs)}


# --- loading ---------------------------------------------------------------------------------------------------------


def load_dump(file: Path) -> Manifest:
    """Fill an empty place from a dump, whole or not at all, with its clock at the dump's end; then seal its journal.

    Private links that were to end do so in 90 days from now, since that is real time. Raises `CannotLoad` when the dump
    is of other migrations, or its journal is not as it was sealed.
    """
    manifest = read_manifest(file)
    _refuse_other_tables(manifest)
    with transaction.atomic(using="owner"):
        raw = _raw()
        with zipfile.ZipFile(file) as archive:
            for table, columns in manifest.tables.items():
                _copy_in(raw, archive, table, columns)
        for name, value in manifest.sequences.items():
            raw.execute("SELECT setval(%s::regclass, %s)", [name, value])
        raw.execute("UPDATE cases_link SET made = now(), expires = now() + interval '90 days' WHERE expires > made")
        set_clock(manifest.ends)
    raw.execute("ANALYZE")
    while seal(_AT_ONCE):
        pass
    [(last,)] = (
        _raw().execute("SELECT encode(digest, 'hex') FROM journal_seal ORDER BY position DESC LIMIT 1").fetchall()
    )
    if last != manifest.last_link:
        raise CannotLoad("The journal in the demonstration's dump is not as it was sealed: get the file again")
    return manifest


def set_clock(at: datetime) -> None:
    """Let the clock of a place that is being made begin at an instant, behind real time or ahead of it."""
    with transaction.atomic(using="owner"):
        _raw().execute("INSERT INTO journal_placeclock (id, ahead) VALUES (1, %s)", [at - now()])


def _refuse_other_tables(manifest: Manifest) -> None:
    differ = sorted(set(_flat(manifest.migrations)) - set(_flat(migrations())))  # later tables begin empty
    if not differ:
        raw = _raw()
        differ = [name for name, columns in manifest.tables.items() if sorted(_columns(raw, name)) != sorted(columns)]
    if differ:
        raise CannotLoad(
            f"The demonstration's dump does not fit these tables ({', '.join(differ[:3])}): "
            "build it again with python -m tools.demonstration"
        )


def _flat(had: dict[str, list[str]]) -> list[str]:
    return [f"{app}.{name}" for app, names in had.items() for name in names]


def _copy_in(raw: psycopg.Connection[Any], archive: zipfile.ZipFile, table: str, columns: list[str]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with raw.cursor().copy(statement) as copying, archive.open(f"{table}.copy") as member:
        while block := member.read(_STEP):
            copying.write(block)
