"""Names in a log that look alike and are not the same: one partner, written in two ways, counts as two."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import Log
from ..store import Store

_MOST_NAMES = 2_000
"""Where there are more names than that they are hardly partners, needs or channels."""
_MOST_TOLD = 10


def look_alikes(log: Log, store: Store) -> Iterator[str]:
    """A sentence for each name that is written in several ways: by capitals, spaces, accents, or signs unseen.

    Looked at are organisations, wherever they are named, needs, channels and items.
    """
    for what, names in _names(log, store):
        written: dict[str, list[str]] = defaultdict(list)
        for name in names:
            written[_plainly(name)].append(name)
        several = [sorted(each, key=lambda name: (len(name), name)) for each in written.values() if len(each) > 1]
        for first, *others in sorted(several)[:_MOST_TOLD]:
            also = ", ".join(f"“{_seen(other)}”" for other in others)
            yield f"the {what} “{_seen(first)}” is also written {also}: each counts for itself unless “values” say so"


def _names(log: Log, store: Store) -> Iterator[tuple[str, Sequence[str]]]:
    organisations: list[tuple[Frame, str]] = [
        (log.contacts, column) for column in ("organisation", "handed_to") if column in log.known
    ]
    organisations += [(log.items, "holder")] if "held" in log.known else []
    items = [(log.items, "item")] if {"asked", "given", "held"} & log.known else []
    yield "organisation", _different(organisations, store)
    for column in ("need", "channel"):
        yield column, _different([(log.contacts, column)] if column in log.known else [], store)
    yield "item", _different(items, store)


def _different(columns: Sequence[tuple[Frame, str]], store: Store) -> Sequence[str]:
    found: set[str] = set()
    for frame, column in columns:
        names = frame.select(name=column).filter(~nw.col("name").is_null()).unique()
        found |= {str(row["name"]) for row in store.rows(names.head(_MOST_NAMES + 1))}
    return sorted(found) if len(found) <= _MOST_NAMES else ()


def _plainly(name: str) -> str:
    """The name as a hurried reader sees it."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(sign for sign in apart if unicodedata.category(sign) not in ("Cf", "Mn"))
    return " ".join(plain.split())


def _seen(name: str) -> str:
    """The name with what cannot be seen told by its number: signs without a shape, and other spaces than the usual."""
    unseen = ("Cc", "Cf", "Zl", "Zp", "Zs", "Mn")
    return "".join(
        f"<U+{ord(sign):04X}>" if sign != " " and unicodedata.category(sign) in unseen else sign for sign in name
    )
