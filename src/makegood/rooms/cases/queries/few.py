"""The tables in which most cases have nothing: a page asks once for all of them instead of each in turn."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from ..models import Breach, Case, Contact, Duplicate, Ease, Exemption, HandOver, Link, Message, Pause, Photo
from .looking import looking, remembered

M = TypeVar("M", bound=Model)

_TABLES: dict[str, type[Model]] = {
    model._meta.db_table: model
    for model in (Breach, Contact, Duplicate, Ease, Exemption, HandOver, Link, Message, Pause, Photo)
}
_HAD = "SELECT array_remove(ARRAY[{}], NULL)".format(
    ", ".join(
        f"CASE WHEN EXISTS (SELECT 1 FROM {table} WHERE case_id = %(case)s) THEN '{table}' END"  # noqa: S608 - ours
        for table in _TABLES
    )
)


def of_case(table: type[M], case: Case) -> QuerySet[M]:
    """The rows that a case has in a table; within one look nothing is asked of a table in which it has none."""
    rows: QuerySet[M] = table._default_manager.filter(case=case)
    return rows.none() if looking() and table not in _had(case.number) else rows


@remembered
def _had(number: int) -> frozenset[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_HAD, {"case": number})
        [found] = cursor.fetchone()
    return frozenset(_TABLES[table] for table in found)
