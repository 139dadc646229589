"""What journeys took: the contacts up to the first that completed one, and microseconds as days."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import MICROSECONDS
from .sure import Sums, quotient

DAY = 86_400 * MICROSECONDS


def until_completed(rows: Frame) -> Frame:
    """Of journeys that a contact completed, the contacts up to and including the first that did; of others none.

    The rows have `place`, and `completing` of their journey.
    """
    return rows.filter(nw.col("place") <= nw.col("completing"))


def days(sums: Sums) -> float | None:
    """Microseconds over a count, in days; `None` when the count is 0.

    Engines divide a little differently, so that nothing is divided before it is fetched.

    >>> days((3 * DAY, 2))
    1.5
    """
    microseconds = quotient(sums)
    return None if microseconds is None else microseconds / DAY
