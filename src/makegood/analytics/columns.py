"""The wide table that the compiled program starts from: which columns a pledge needs, and what is known of them.

Every engine's reader makes this table: `case_id`; each fact as its known instants, in order, in columns of UTC
seconds; each detail as text or as whole numbers (pence, day number, UTC seconds, scaled number).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..rules.language import model as m

CASE_ID = "case_id"
TEXTS = frozenset({m.Kind.TEXT, m.Kind.YES_NO, m.Kind.CHOICE})
LARGEST = 2**62
"""Up to this, whole numbers of 64 bits hold a number with room to spare."""


class NotCompiled(Exception):
    """Something that the compiled program cannot express; the message says what, in words."""


def fact_column(name: str, nth: int) -> str:
    """The column of the nth known instant of a fact, from 1."""
    return f"f.{name}.{nth}"


def detail_column(name: str) -> str:
    """The column of a detail's value: trimmed text, or a whole number; null when missing or not of its kind."""
    return f"d.{name}"


def given_column(name: str) -> str:
    """The column that says whether a detail is given at all (its text is not empty)."""
    return f"g.{name}"


@dataclass(frozen=True, kw_only=True)
class Extent:
    """What the wide table holds, at most: the program's loops, tables and proofs against overflow rest on it.

    `first` and `last` bound every instant in it and `as_of`; `days` bounds every date detail; `times` is the
    number of columns of each fact; `places` the decimal places to which each number detail is scaled; `most`
    the largest absolute whole number in the column of each money or number detail. A number detail with more than
    `LARGEST` has an empty column, which nothing may read.
    """

    first: int
    last: int
    days: tuple[int, int] | None = None
    times: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
