"""Writing many rows of one table by one statement, and numbers for them beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
from django.db.models.expressions import DatabaseDefault

from .values import in_json

M = TypeVar("M", bound=models.Model)


def numbers(table: type[models.Model], count: int) -> list[int]:
    """The next so many numbers of a table's rows."""
    return _series("pg_get_serial_sequence(%s, 'id')::regclass", [table._meta.db_table], count)


def transfers(count: int) -> list[int]:
    """The next so many numbers of transfers."""
    return _series("'remedies_transfer'::regclass", [], count)


def _series(sequence: str, arguments: list[Any], count: int) -> list[int]:
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(  # the sequence is looked up once, not for each number
            f"WITH s AS MATERIALIZED (SELECT {sequence} AS id) SELECT nextval(id) FROM s, generate_series(1, %s)",  # noqa: S608
            [*arguments, count],
        )
        return [number for (number,) in cursor.fetchall()]


def row(table: type[M], **fields: Any) -> M:
    """A new row as its table makes it, some fields given; quicker, since each default is asked for once and for all.

    Not for tables with defaults that change: a list that is given as a default is the same one in all rows.
    """
    made = table.__new__(table)
    made.__dict__.update(_blank(table), _state=ModelState(), **fields)
    return made


@cache
def _blank(table: type[models.Model]) -> dict[str, Any]:
    return {name: value for name, value in table().__dict__.items() if name != "_state"}


Statement = tuple[str, Sequence[Any]]
"""SQL and its values."""


def insert(rows: Sequence[models.Model], *, ignore: bool = False) -> None:
    """Insert rows of one table as they are, numbers included; with `ignore` those that are there already are left."""
    if rows:
        together(insertion(rows, ignore=ignore))


def together(*statements: Statement) -> None:
    """Do several changes of different tables by one statement. None of them sees what another does."""
    *others, (last, values) = statements
    before = ", ".join(f"_{number} AS ({text})" for number, (text, _) in enumerate(others))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {before} {last}" if before else last, [value for _, given in others for value in given] + [*values]
        )


def insertion(rows: Sequence[models.Model], *, ignore: bool = False) -> Statement:
    """The statement that inserts rows of one table, at least one; see `insert`."""
    first = rows[0]
    left = tuple(field.attname for field in first._meta.concrete_fields if _left_to_database(first, field))
    text, names = _insertion(type(first), left)
    return f"{text} ON CONFLICT DO NOTHING" if ignore else text, [_json(rows, names)]


_Names = tuple[tuple[str, str], ...]
"""Columns, and the attributes of the rows that go into them."""


@lru_cache(maxsize=256)
def _insertion(table: type[models.Model], left: tuple[str, ...]) -> tuple[str, _Names]:
    fields = [field for field in table._meta.concrete_fields if field.attname not in left]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    into = table._meta.db_table
    text = f"INSERT INTO {into} ({columns}) SELECT {columns} FROM {_set(fields)}"  # noqa: S608 - ours
    return text, _names(fields)


def _names(fields: Sequence[Any]) -> _Names:
    return tuple((field.column, field.attname) for field in fields)


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
            [_json(rows, _names(fields))],
        )


def _left_to_database(row: models.Model, field: Any) -> bool:
    value = row.__dict__.get(field.attname)
    return isinstance(value, DatabaseDefault) or (field is row._meta.pk and value is None)


def _set(fields: Sequence[Any]) -> str:
    """Rows of these columns, read from one JSON text, which is quicker than an array for each."""
    columns = ", ".join(f'"{field.column}" {field.rel_db_type(connection)}' for field in fields)
    return f"json_to_recordset(%s::json) AS v({columns})"


def _json(rows: Sequence[models.Model], names: _Names) -> str:
    return in_json([{column: row.__dict__[name] for column, name in names} for row in rows])
