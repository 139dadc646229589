"""Taking in many cases at once: for places that bring a past, for the demonstration, and for measuring."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.web.refusals import NotPossible

from .. import permissions as p
from ..events import CaseOpened, ImportedCase
from ..models import Case
from ..rules.references import new_reference, read_reference
from .judging import settle
from .opening import index


@action("cases.import_cases", may=p.may_import)
def import_cases(act: Act, *, cases: Sequence[ImportedCase], announce: bool = True) -> list[str]:
    """Take in cases with their facts, judge them as of the act, and give their references in the same order.

    All or none. Each case gets a journal entry of its own. Without `announce` no room hears of them, which is for cases
    whose remedies come from elsewhere too. Raises `NotPossible` for a reference that is none.
    """
    if not cases:
        return []
    references = [_reference(case) for case in cases]
    numbers = _numbers(len(cases))
    _copy(
        "cases_case",
        "number reference service pledge pledge_version state words answers details place_words address ward"
        " subject team owner received_at opened_at closed_at closing fixed standing waiting unread version entry",
        [_case(act, *each) for each in zip(numbers, references, cases, strict=True)],
    )
    _copy(
        "cases_person",
        "case_id name email phone post language wants",
        [
            (number, who.name, who.email, who.phone, who.post, who.language, who.wants)
            for number, who in ((number, case.resident) for number, case in zip(numbers, cases, strict=True))
        ],
    )
    _copy(
        "cases_fact",
        "case_id name at recorded_at by entry withdrawn",
        [
            (
                number,
                fact.name,
                fact.at,
                _logged(act, fact.recorded_at or max(fact.at, case.opened_at)),
                "import",
                act.entry,
                False,
            )
            for number, case in zip(numbers, cases, strict=True)
            for fact in case.facts
        ],
    )
    index(*numbers)
    act.about("import", cases=len(cases))
    for reference, case in zip(references, cases, strict=True):
        act.also(
            reference, service=case.service, pledge=case.pledge, version=case.pledge_version, facts=len(case.facts)
        )
        if announce:
            act.announce(
                CaseOpened(
                    subject=reference,
                    service=case.service,
                    pledge=case.pledge,
                    team=case.team,
                    received_at=case.received_at,
                    imported=True,
                )
            )
    settle(act, list(Case.objects.filter(number__in=numbers)), announce=announce)
    return references


def _reference(case: ImportedCase) -> str:
    if not case.reference:
        return new_reference()
    reference = read_reference(case.reference)
    if not reference:
        raise NotPossible(f"“{case.reference[:40]}” is no reference.", field="reference")
    return reference


def _logged(act: Act, at: datetime) -> datetime:
    """Nothing is logged later than the import itself."""
    return min(at, act.at)


def _case(act: Act, number: int, reference: str, case: ImportedCase) -> tuple[Any, ...]:
    return (
        number,
        reference,
        case.service,
        case.pledge,
        case.pledge_version,
        "closed" if case.closed_at else "open",
        case.words,
        json.dumps(dict(case.answers)),
        json.dumps(dict(case.details)),
        case.place_words,
        case.address,
        case.ward,
        case.subject,
        case.team,
        case.owner,
        case.received_at,
        case.opened_at,
        case.closed_at,
        case.closing,
        case.fixed,
        "",
        False,
        False,
        1,
        act.entry,
    )


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('cases_case', 'number')) FROM generate_series(1, %s)", [count]
        )
        return [number for (number,) in cursor.fetchall()]


def _copy(table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Copy rows in by way of a table of this transaction, since nothing is copied straight through a wall."""
    into, names = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns.split()))

    def said(statement: str) -> sql.Composed:
        return sql.SQL(statement).format(table=into, names=names)

    with connection.cursor() as cursor:
        cursor.execute(said("CREATE TEMP TABLE taken_in ON COMMIT DROP AS SELECT {names} FROM {table} WHERE false"))
        with cursor.copy(said("COPY taken_in ({names}) FROM STDIN")) as copying:
            for row in rows:
                copying.write_row(row)
        cursor.execute(said("INSERT INTO {table} ({names}) SELECT {names} FROM taken_in"))
        cursor.execute(sql.SQL("DROP TABLE taken_in"))
