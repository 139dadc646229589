"""Reading by statements written by hand, where a page is asked for often: rows as they come, or as JSON by one answer.

A statement costs the database some tenths of a millisecond however little it reads, and Django's building of it costs
the page more than that. So a page asks few statements, each for all that belongs to one thing. The connection prepares
what it is asked again; the walls hold as they do for everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)
Arguments = Sequence[Any] | Mapping[str, Any]


def rows(statement: str, arguments: Arguments = ()) -> list[tuple[Any, ...]]:
    """The rows that a statement answers. A value of the type json comes read, one of jsonb as its text."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def made(model: type[M], data: Mapping[str, Any]) -> M:
    """A row of a table from what `row_to_json` tells of it; columns that are not told are deferred."""
    names, values = [], []
    for name, column, read in _columns(model):
        if column in data:
            value = data[column]
            names.append(name)
            values.append(value if read is None or value is None else read(value))
    return model.from_db("default", names, values)


@lru_cache(maxsize=64)
def _columns(model: type[models.Model]) -> tuple[tuple[str, str, Callable[[str], Any] | None], ...]:
    """The attribute and the column of each field, and how to read what JSON has as text only."""
    reads: tuple[tuple[type[models.Field[Any, Any]], Callable[[str], Any]], ...] = (
        (models.DateTimeField, datetime.fromisoformat),
        (models.DateField, date.fromisoformat),
        (models.BinaryField, lambda text: bytes.fromhex(text.removeprefix("\\x"))),
    )
    return tuple(
        (
            field.attname,
            field.column or field.attname,
            next((read for kind, read in reads if isinstance(field, kind)), None),
        )
        for field in model._meta.concrete_fields
    )
