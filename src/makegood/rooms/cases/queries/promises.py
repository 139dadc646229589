"""The promises of a case as they were last worked out, and the record of every breach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from makegood.database.looking import remembered

from ..models import Breach, Promise
from .whole import row_of, rows_of


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseSeen:
    """How one standard stands for a case, as last worked out. For lists; `judged` has the whole explanation."""

    standard: str
    status: str
    started_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    owed: Decimal
    wake_at: datetime | None
    judged_at: datetime


def standings_of(reference: str) -> list[PromiseSeen]:
    """How each standard of a case stands; standards that leave it out are not in."""
    rows = Promise.objects.filter(case=row_of(reference)).order_by("id")
    return [
        PromiseSeen(
            standard=row.standard,
            status=row.status,
            started_at=row.started_at,
            due_at=row.due_at,
            finished_at=row.finished_at,
            owed=Decimal(row.pence) / 100,
            wake_at=row.wake_at,
            judged_at=row.judged_at,
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class BreachSeen:
    """That a promise was broken: it stays, whatever is corrected or excused later.

    `breached_at` is the second after the deadline, `noticed_at` when Makegood knew of it. `explanation` is the
    reckoning of the deadline as it was known then: plain JSON with instants as ISO 8601.
    """

    case: str
    standard: str
    due_at: datetime
    breached_at: datetime
    noticed_at: datetime
    explanation: dict[str, Any]


@remembered
def breaches_of(references: str | Collection[str]) -> list[BreachSeen]:
    """Every breach of a case, or of several, the earliest first."""
    if isinstance(references, str):
        case = row_of(references)
        found = [(case.reference, row) for row in rows_of(Breach, case)]
    else:
        rows = Breach.objects.filter(case__reference__in=list(references)).select_related("case")
        found = [(row.case.reference, row) for row in rows]
    found.sort(key=lambda each: (each[1].breached_at, each[1].id))
    return [
        BreachSeen(
            case=reference,
            standard=row.standard,
            due_at=row.due_at,
            breached_at=row.breached_at,
            noticed_at=row.noticed_at,
            explanation=row.explanation,
        )
        for reference, row in found
    ]
