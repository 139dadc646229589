"""Counts that may be shown: numbers under ten could point at somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

LEAST = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """Parts of a total as they may be shown; `None` is suppressed."""

    parts: tuple[int | None, ...]
    total: int | None


def suppressed(parts: Sequence[int]) -> Shown:
    """Leave out parts from 1 to 9, and so much more that none of them can be reckoned from the rest.

    Where only one part is left out, the total less the others would give it away: the next smallest goes too. A part of
    nought that is shown tells of nobody. Where what is left out would still come to less than ten, the total goes too.

    >>> suppressed([120, 30, 0]), suppressed([120, 30, 4])
    (Shown(parts=(120, 30, 0), total=150), Shown(parts=(120, None, None), total=154))
    >>> suppressed([3, 4, 0])
    Shown(parts=(None, None, None), total=None)
    """
    total = sum(parts)
    hidden = {index for index, part in enumerate(parts) if 0 < part < LEAST}
    if not hidden:
        return Shown(parts=tuple(parts), total=total)
    if total < LEAST:
        return Shown(parts=(None,) * len(parts), total=None)
    rest = sorted((part, index) for index, part in enumerate(parts) if index not in hidden and part)
    while rest and (len(hidden) < 2 or sum(parts[index] for index in hidden) < LEAST):
        hidden.add(rest.pop(0)[1])
    if len(hidden) < 2:
        hidden |= {index for index, part in enumerate(parts) if not part}
    return Shown(parts=tuple(None if i in hidden else part for i, part in enumerate(parts)), total=total)


def counted_from(at: datetime) -> date:
    """From which day on cases are counted that were received in the last twelve months and in this one (UTC).

    >>> counted_from(datetime(2026, 11, 22, 13, tzinfo=UTC))
    datetime.date(2025, 11, 1)
    """
    day = at.astimezone(UTC).date()
    return day.replace(year=day.year - 1, day=1)
