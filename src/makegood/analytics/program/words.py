"""Texts from a closed list, which engines hold and write as small numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import narwhals.stable.v2 as nw

Word = Callable[[str], nw.Expr]
"""Gives a text of the list as a constant."""


def words(texts: Iterable[str]) -> Word:
    """The words of a list, in one type, whatever the order and however often each is named."""
    kind = nw.Enum(sorted(set(texts)))
    return lambda text: nw.lit(text).cast(kind)
