"""Contact logs and journeys written out: contacts in a stream, whole files only, and the CSV form.

What a form of file cannot hold is replaced by a visible sign and counted, never dropped in silence.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TextIO

import duckdb
import narwhals.stable.v2 as nw

from ....records.whole import LONGEST_NAME, told_by_name
from ...conversions import text
from ...program.build import Frame
from ..columns import CONTACT_COLUMNS, ORDER, Journeys, Log
from ..store import Store

HOWS = ("asked", "given", "held")
ALWAYS = ("contact", "start")
BUILT = ("journey", "because", "joined_to")
"""What building adds to a contact and is of use outside."""

_INSTANTS = ("start", "end", "due")
_BATCH = 5_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FURTHEST_OFFSET = 14 * 3600
_CALCULATES = re.compile(r"^[\s\x00-\x1f]*[=+\-@\t\r]")


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written: how many contacts, and how many values the form could not hold as they are."""

    contacts: int
    replaced: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """One contact on its way out: its columns, and its items as (how, item, holder)."""

    row: Mapping[str, Any]
    items: tuple[tuple[str, str, str | None], ...]


class Replacing:
    """Counts what a form could not hold."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, before: str, after: str) -> str:
        """The later text; counted if it is another."""
        self.count += before != after
        return after

    def instant(self, micros: int | None, offset: int | None) -> str | None:
        """An instant in ISO form on the clock of the contact; none, and counted, outside the years 1 to 9999."""
        if micros is None:
            return None
        ahead = offset if offset and offset % 60 == 0 and abs(offset) <= _FURTHEST_OFFSET else 0
        self.count += ahead != (offset or 0)
        try:
            at = _EPOCH + timedelta(microseconds=micros)
            return at.astimezone(timezone(timedelta(seconds=ahead))).isoformat()
        except OverflowError:
            self.count += 1
            return None

    def held(self, item: str, holder: str | None) -> str:
        """A held item as `item@organisation`; nothing stands after the sign when nobody knows the holder."""
        return f"{item}@{self.of(holder or '', (holder or '').replace('@', '＠'))}"


@contextmanager
def whole(path: Path) -> Iterator[tuple[TextIO, Path]]:
    """A text file to be written, and a folder for what is needed meanwhile. `path` appears or changes only when all is
    written. A name that ends in `.gz` is packed. A link stays a link, to the new file."""
    wanted = Path(os.path.realpath(path))
    prefix = f".{wanted.name[:LONGEST_NAME]}."
    with told_by_name(path), tempfile.TemporaryDirectory(dir=wanted.parent, prefix=prefix) as made:
        folder = Path(made)
        unfinished = folder / "unfinished"
        with unfinished.open("wb") as raw:
            packed = path.suffix.lower() == ".gz"
            # Without a time in the header, the same log makes the same bytes.
            binary: Any = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if packed else raw
            with io.TextIOWrapper(binary, encoding="utf-8", newline="") as out:
                yield out, folder
        os.replace(unfinished, wanted)


def log_in(what: Log | Journeys) -> Log:
    """The log itself, or that of the journeys."""
    return what.log if isinstance(what, Journeys) else what


def known_columns(what: Log | Journeys) -> list[str]:
    """The contact's columns that the log has, in their order; always its id and its start."""
    there = {*ALWAYS, *log_in(what).known}
    return [column for column in CONTACT_COLUMNS if column in there and column not in ("line", "offset")]


def contacts_in_order(what: Log | Journeys, store: Store, folder: Path, first: Sequence[str] = ()) -> Iterator[Contact]:
    """The contacts one by one, by the columns of `first` and then in `columns.ORDER`, through files in the folder."""
    log = log_in(what)
    contacts = store.numbered(what.contacts, (*first, *ORDER), "row")
    store.write(contacts.sort("row"), folder / "contacts.parquet")
    items = log.items.join(contacts.select("contact", "row"), on="contact", how="inner")
    store.write(
        items.select("row", "how", "item", "holder").sort("row", "how", "item", "holder"), folder / "items.parquet"
    )
    store.drop(contacts)
    waiting = streamed(folder / "items.parquet")
    ahead = next(waiting, None)
    for row in streamed(folder / "contacts.parquet"):
        found: list[tuple[str, str, str | None]] = []
        while ahead is not None and ahead["row"] == row["row"]:
            found.append((ahead["how"], ahead["item"], ahead["holder"]))
            ahead = next(waiting, None)
        yield Contact(row=row, items=tuple(found))


def values_of(frame: Frame, column: str, store: Store, folder: Path) -> Iterator[str]:
    """The different values of a column of text, in order."""
    path = folder / "values.parquet"
    store.write(frame.select(nw.col(column).alias("value")).drop_nulls().unique().sort("value"), path)
    return (row["value"] for row in streamed(path))


def streamed(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file in its order, a few at a time."""
    with duckdb.connect() as database:
        found = database.execute(f"SELECT * FROM read_parquet({text(str(path))})")  # noqa: S608 - a path, quoted
        columns = [column[0] for column in found.description or ()]
        while rows := found.fetchmany(_BATCH):
            yield from (dict(zip(columns, row, strict=True)) for row in rows)


def write_csv(
    what: Log | Journeys, store: Store, path: Path, *, separator: str = ";", for_spreadsheet: bool = False
) -> Written:
    """Write a log, or contacts with the journey of each and why they belong, as CSV that `read_log` reads again.

    The columns are ours, those that the log knows. Instants are ISO with the offset of the contact's clock; items of
    one contact stand in one cell with `separator` between them (in an item it becomes its wide form “；”), held ones as
    item@organisation. Rows are in `columns.ORDER`. `for_spreadsheet` puts an apostrophe before texts that a spreadsheet
    would take for a formula: safe to open there, but no longer the same text; without it, values are as they are.
    """
    replacing, count = Replacing(), 0
    columns = known_columns(what)
    hows = [how for how in HOWS if how in log_in(what).known]
    built = BUILT if isinstance(what, Journeys) else ()
    with whole(path) as (out, folder):
        writer = csv.writer(out, lineterminator="\r\n")  # which makes the module quote a lone \r too
        writer.writerow([*columns, *hows, *built])
        for contact in contacts_in_order(what, store, folder):
            cells = [_cell(contact.row, column, replacing) for column in columns]
            cells += [_items(contact, how, separator, replacing) for how in hows]
            cells += [contact.row[column] or "" for column in built]
            if for_spreadsheet:
                cells = [replacing.of(cell, f"'{cell}") if _CALCULATES.match(cell) else cell for cell in cells]
            writer.writerow(cells)
            count += 1
    return Written(contacts=count, replaced=replacing.count)


def _cell(row: Mapping[str, Any], column: str, replacing: Replacing) -> str:
    value = row[column]
    if column in _INSTANTS:
        return replacing.instant(value, row["offset"]) or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _items(contact: Contact, how: str, separator: str, replacing: Replacing) -> str:
    """The items of a contact in one text."""
    return separator.join(
        replacing.of(said, said.replace(separator, "；")) for said in items_of(contact, how, replacing)
    )


def items_of(contact: Contact, how: str, replacing: Replacing) -> list[str]:
    """The items that were asked, given or held, as the log's column says them."""
    mine = (each for each in contact.items if each[0] == how)
    return [replacing.held(item, holder) if how == "held" else item for _, item, holder in mine]
