"""Whether two sets of figures say the same: a benchmark whose answers differ is none."""

from collections.abc import Sequence
from math import isclose
from typing import Any

_NEAR = 1e-9


def difference(ours: Sequence[Sequence[Any]], theirs: Sequence[Sequence[Any]]) -> str:
    """In words the first figure that differs, numbers by more than a thousandth of a millionth; empty without any.

    A row is the name of a measure, the grouping and the group, then numbers, or nothing.
    """
    one, other = ({tuple(row[:3]): row[3:] for row in rows} for rows in (ours, theirs))
    for key in sorted(one.keys() | other.keys()):
        if key not in one or key not in other:
            return f"{key} is told by one alone"
        if not all(map(_is_near, one[key], other[key])):
            return f"{key} differs: {one[key]} and {other[key]}"
    return ""


def _is_near(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else isclose(one, other, rel_tol=_NEAR)
