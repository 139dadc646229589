"""Writing many rows of one table by one statement, and numbers for them beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def numbers(table: type[models.Model], count: int) -> list[int]:
    """The next so many numbers of a table's rows."""
    return _series("nextval(pg_get_serial_sequence(%s, 'id'))", [table._meta.db_table], count)


def transfers(count: int) -> list[int]:
    """The next so many numbers of transfers."""
    return _series("nextval('remedies_transfer')", [], count)


def _series(call: str, arguments: list[Any], count: int) -> list[int]:
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call} FROM generate_series(1, %s)", [*arguments, count])  # noqa: S608 - two calls of ours
        return [number for (number,) in cursor.fetchall()]


def insert(rows: Sequence[models.Model], *, ignore: bool = False) -> None:
    """Insert rows of one table as they are, numbers included; with `ignore` those that are there already are left."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not _left_to_database(rows[0], field)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    conflict = " ON CONFLICT DO NOTHING" if ignore else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({columns}) SELECT {columns} FROM {_set(fields)}{conflict}",  # noqa: S608 - ours
            [_json(rows, fields)],
        )


def update(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write some fields of rows that are there."""
    if not rows:
        return
    meta = rows[0]._meta
    key: Any = meta.pk
    fields = [key, *(meta.get_field(name) for name in names)]
    sets = ", ".join(f'"{field.column}" = v."{field.column}"' for field in fields[1:])
    same = f't."{key.column}" = v."{key.column}"'
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {meta.db_table} t SET {sets} FROM {_set(fields)} WHERE {same}",  # noqa: S608 - ours
            [_json(rows, fields)],
        )


def _left_to_database(row: models.Model, field: Any) -> bool:
    value = row.__dict__.get(field.attname)
    return isinstance(value, DatabaseDefault) or (field is row._meta.pk and value is None)


def _set(fields: Sequence[Any]) -> str:
    """Rows of these columns, read from one JSON text, which is quicker than an array for each."""
    columns = ", ".join(f'"{field.column}" {field.rel_db_type(connection)}' for field in fields)
    return f"json_to_recordset(%s::json) AS v({columns})"


def _json(rows: Sequence[models.Model], fields: Sequence[Any]) -> str:
    names = [(field.column, field.attname) for field in fields]
    return json.dumps(
        [{column: _plain(row.__dict__[name]) for column, name in names} for row in rows], separators=(",", ":")
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return value
