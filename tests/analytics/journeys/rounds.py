"""What the tests of reading and writing contact logs share: read a file, write a log, compare."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as some

from makegood.analytics.journeys.columns import Journeys, Log
from makegood.analytics.journeys.logs.mapping import LogMapping, read_log_mapping
from makegood.analytics.journeys.logs.reading import LogFile, read_log
from makegood.analytics.journeys.logs.writing import Written
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store, Value, log_of
from makegood.analytics.staging import connected
from makegood.records import Rejects

Writes = Callable[[Log | Journeys, Store, Path], Written]

NAMES = some.text(some.characters(codec="utf-8"), max_size=20)
"""Texts of any signs at all, control characters too."""


@dataclass(frozen=True)
class Found:
    """What was read."""

    contacts: list[dict[str, Any]]
    items: list[dict[str, Any]]
    rejects: Rejects
    known: frozenset[str]


def read(path: Path, mapping: str = "", encoding: str = "utf-8") -> Found:
    """A file's contacts without `line`, in order, and their items."""
    with tempfile.TemporaryDirectory() as made, connected(Path(made)) as database:
        rejects = Rejects()
        given: LogMapping | None = read_log_mapping(mapping) if mapping else None
        log = read_log(LogFile(path=path, mapping=given, encoding=encoding), database, Path(made), rejects)
        contacts, items = rows_of(log, DuckDBStore(database))
        return Found(contacts, items, rejects, log.known)


def rows_of(log: Log, store: Store) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of a small log, in order, without `line`."""
    contacts = store.rows(log.contacts.drop("line").sort("start", "sequence", "contact"))
    return contacts, store.rows(log.items.sort("contact", "how", "item", "holder"))


def written_and_read(
    write: Writes, name: str, contacts: Sequence[Mapping[str, Value]], items: Sequence[Mapping[str, Value]] = ()
) -> tuple[Found, Found, Written]:
    """A hand-made log as it is, as it comes back from a file, and what writing said; both engines write the same."""
    with tempfile.TemporaryDirectory() as made, connected(Path(made)) as database:
        first, second = Path(made) / f"polars-{name}", Path(made) / name
        polars, duck = PolarsStore(), DuckDBStore(database)
        written = write(log_of(polars, contacts, items), polars, first)
        log = log_of(duck, contacts, items)
        assert write(log, duck, second) == written
        assert first.read_bytes() == second.read_bytes()
        assert {each.name for each in Path(made).glob(f"*{name}*")} == {first.name, second.name}
        rows, said = rows_of(log, duck)
        return Found(rows, said, Rejects(), log.known), read(second), written
