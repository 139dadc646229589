"""Names that somebody wrote in an agreement or a change and that a log does not have: misspelt, or of another log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

import narwhals.stable.v2 as nw

from ...rules.errors import did_you_mean
from ..program.build import Frame
from .columns import Log
from .store import Store

What = Literal["organisation", "holder", "need", "step", "item"]
"""What a name is of: `organisation` had a contact, `holder` had one or is noted to hold an item."""

_CALLED = {"holder": "organisation"}
_MOST_KNOWN = 2_000
"""Of more names than that none like the wanted one is looked for."""


class UnknownName(ValueError):
    """Names that a log does not have; the message says which, a line for each, and what may be meant."""


def strange_names(wanted: Iterable[tuple[What, str]], log: Log, store: Store) -> list[str]:
    """A sentence for each name that no contact of the log has, with the one that may be meant; each once, in order.

    What the log does not tell at all, such as steps in a log without activities, is passed over.
    """
    names: dict[What, dict[str, None]] = {}
    for what, name in wanted:
        names.setdefault(what, {})[name] = None
    return list(dict.fromkeys(said for what, each in names.items() for said in _strange(what, each, log, store)))


def _strange(what: What, names: Collection[str], log: Log, store: Store) -> Iterator[str]:
    sources = _sources(what, log)
    if not sources:
        return
    found = {row["name"] for each in sources for row in store.rows(each.filter(nw.col("name").is_in(list(names))))}
    missing = [name for name in names if name not in found]
    if not missing:
        return
    known = {row["name"] for each in sources for row in store.rows(each.head(_MOST_KNOWN))}
    for name in missing:
        mend = did_you_mean(name, known)
        yield f"no contact in the log has the {_CALLED.get(what, what)} “{name}”{f'; {mend}' if mend else ''}"


def _sources(what: What, log: Log) -> Sequence[Frame]:
    """The different names that a log has, in frames of one column."""
    match what:
        case "item":
            return [_names(log.items, "item")] if {"asked", "given", "held"} & log.known else []
        case "holder":
            held = [_names(log.items, "holder")] if "held" in log.known else []
            return [*_sources("organisation", log), *held] if "organisation" in log.known else []
        case _:
            column = "activity" if what == "step" else what
            return [_names(log.contacts, column)] if column in log.known else []


def _names(rows: Frame, column: str) -> Frame:
    return rows.select(name=column).filter(~nw.col("name").is_null()).unique()
