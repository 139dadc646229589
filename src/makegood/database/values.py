"""Many rows as plain values: written, and asked for, as cheaply as a whole sweep of deadlines needs it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL


def insert(table: type[models.Model], rows: Sequence[Mapping[str, Any]], *, ignore: bool = False) -> None:
    """Insert rows given by the names of their columns, all of the same; what is not named is left to the database.

    With `ignore` those that are there already are left. Instants may be datetimes or ISO 8601 with an offset.
    """
    if rows:
        statement, values = insertion(table, rows, ignore=ignore)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def insert_new(table: type[models.Model], rows: Sequence[Mapping[str, Any]], key: str) -> set[Any]:
    """Insert those rows that are not there yet; their keys, by the name of its column."""
    if not rows:
        return set()
    statement, values = insertion(table, rows, ignore=True)
    with connection.cursor() as cursor:
        cursor.execute(f'{statement} RETURNING "{key}"', values)
        return {found for (found,) in cursor.fetchall()}


def insertion(
    table: type[models.Model], rows: Sequence[Mapping[str, Any]], *, ignore: bool = False
) -> tuple[str, list[Any]]:
    """The statement that inserts rows, at least one, and its values; see `insert`."""
    statement = _statement(table, tuple(rows[0]))
    return statement + " ON CONFLICT DO NOTHING" * ignore, [in_json(rows)]


@lru_cache(maxsize=128)
def _statement(table: type[models.Model], names: tuple[str, ...]) -> str:
    fields = {field.column: field for field in table._meta.concrete_fields}
    columns = ", ".join(f'"{name}"' for name in names)
    typed = ", ".join(f'"{name}" {fields[name].rel_db_type(connection)}' for name in names)
    rows = f"json_to_recordset(%s::json) AS v({typed})"
    return f"INSERT INTO {table._meta.db_table} ({columns}) SELECT {columns} FROM {rows}"  # noqa: S608 - ours


def in_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as one JSON text: one piece is quicker than an array for each column."""
    return _ENCODER.encode(rows)


def among(numbers: Collection[int]) -> RawSQL:
    """Numbers to look among, for `__in`, as one parameter: thousands of them take long to be put in singly."""
    return RawSQL("SELECT unnest(%s::bigint[])", [f"{{{','.join(map(str, numbers))}}}"])


def among_texts(texts: Collection[str]) -> RawSQL:
    """Texts to look among, the same way."""
    return RawSQL("SELECT json_array_elements_text(%s::json)", [json.dumps(list(texts))])


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(f"a {type(value).__name__} is no value of a row")


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_plain)
