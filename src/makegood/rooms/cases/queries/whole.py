"""A case with all that this room keeps of it: within one look, one statement reads everything."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model

from makegood.database.looking import looking, remembered
from makegood.database.reading import made, rows
from makegood.web.refusals import NotFound

from ..models import Breach, Case, Contact, Ease, Exemption, Fact, HandOver, Message, Pause, Person
from ..rules.references import read_reference

M = TypeVar("M", bound=Model)

_TABLES: tuple[type[Model], ...] = (*(Person, Fact, Breach, Pause, Exemption, Contact, Message, HandOver, Ease),)
_ROWS = ",\n".join(
    f"'{table}', (SELECT json_agg(t ORDER BY t.{key}) FROM {table} t WHERE t.case_id = c.number)"  # noqa: S608 - ours
    for table, key in ((each._meta.db_table, each._meta.pk.column) for each in _TABLES)
)
_WHOLE = f"""
SELECT json_build_object(
  'cases_case', json_build_array(row_to_json(c)),
  {_ROWS},
  'cases_factnote', (SELECT json_agg(n) FROM cases_fact f JOIN cases_factnote n ON n.fact_id = f.id
                     WHERE f.case_id = c.number),
  'linked', (SELECT json_agg(json_build_array(o.reference, true, t.linked_at) ORDER BY t.id)
             FROM cases_duplicate t JOIN cases_case o ON o.number = t.original_id
             WHERE t.case_id = c.number AND t.unlinked_at IS NULL),
  'linking', (SELECT json_agg(json_build_array(o.reference, false, t.linked_at) ORDER BY t.id)
              FROM cases_duplicate t JOIN cases_case o ON o.number = t.case_id
              WHERE t.original_id = c.number AND t.unlinked_at IS NULL),
  'links', (SELECT count(*) FROM cases_link t WHERE t.case_id = c.number AND t.revoked IS NULL),
  'photo', EXISTS (SELECT 1 FROM cases_photo t WHERE t.case_id = c.number)
)
FROM cases_case c WHERE c.reference = %s
"""  # noqa: S608 - names of ours


@remembered
def whole(reference: str) -> dict[str, Any]:
    """What is kept of a case: by table its rows as JSON, as far as the walls show them. Raises `NotFound`."""
    found = rows(_WHOLE, [reference])
    if not found:
        raise NotFound("We cannot find a case with this reference.", field="reference")
    [(kept,)] = found
    answer: dict[str, Any] = kept
    return answer


@remembered
def row_of(reference: str) -> Case:
    """The row of a case, however its reference is written. Raises `NotFound`. For this room alone."""
    wanted = read_reference(reference)
    if looking() and wanted:
        return made(Case, whole(wanted)["cases_case"][0])
    case = Case.objects.filter(reference=wanted).first()
    if case is None:
        raise NotFound("We cannot find a case with this reference.", field="reference")
    return case


def rows_of(table: type[M], case: Case) -> list[M]:
    """The rows that a case has in a table, in the order in which they were written."""
    if looking():
        return list(_made(table, case.reference))
    return list(table._default_manager.filter(case=case).order_by("pk"))


@remembered
def _made(table: type[M], reference: str) -> tuple[M, ...]:
    return tuple(made(table, each) for each in whole(reference)[table._meta.db_table] or ())
