"""Texts from a closed list, which engines hold and write as small numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import narwhals.stable.v2 as nw

Word = Callable[[str], nw.Expr]
"""Gives a text of the list as a constant."""


def words(texts: Iterable[str]) -> Word:
    """The words of a list, in one type, whatever the order and however often; as text where a word is not plain."""
    known = sorted(set(texts))
    # Narwhals names the words to DuckDB as Python writes them, which an apostrophe or a backslash makes another text.
    plain = all(repr(text) == f"'{text}'" for text in known)
    kind = nw.Enum(known) if plain else nw.String()
    return lambda text: nw.lit(text).cast(kind)
