"""Rows of a foreign file written down in one plain form, for the same SQL that reads a contact log from CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ....records import Rejects
from ....records.rows import FIELD_LIMIT, Row, UnreadableFile
from ....rules.errors import did_you_mean
from ...conversions import text
from .mapping import LogMapping

ITEM_SEPARATOR = "\x1f"
"""What stands between items of information where a form of file has real lists; no item holds it."""


@dataclass(frozen=True, kw_only=True)
class Staged:
    """A file's rows as an SQL relation of texts with the column `line`, and the mapping that fits its columns.

    In the relation each of `columns` is called by its place, as `staged_name` says.
    """

    relation: str
    columns: tuple[str, ...]
    mapping: LogMapping


def staged_name(place: int) -> str:
    """What a column is called in the relation, by its place from 0.

    Names of the file would not do: in SQL “Case” is “case”, some files have a “line” of their own, and some no name.
    """
    return f"column {place}"


def staged_rows(path: Path, columns: Sequence[str], rows: Iterable[Row], rejects: Rejects, source: str) -> str:
    """Write rows of text and give them as a relation: the column `line`, and each column as `staged_name` calls it.

    What no table takes is set aside.
    """
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in rows:
            if problem := _problem(row.fields):
                rejects.add(source, row.line, "", problem, [field[:200] for field in row.fields])
            else:
                writer.writerow([row.line, *row.fields])
    named = ", ".join(f"{text(staged_name(place))}: 'VARCHAR'" for place in range(len(columns)))
    return (
        f"read_csv({text(str(path))}, header = false, columns = {{'line': 'BIGINT', {named}}},"
        " auto_detect = false, delim = ',', quote = '\"', escape = '\"', max_line_size = 33554432,"
        " parallel = false, new_line = '\\n', null_padding = false)"
    )


def _problem(fields: Sequence[str]) -> str:
    for field in fields:
        if len(field) > FIELD_LIMIT:
            return f"a value too long: {len(field):,} characters, at most {FIELD_LIMIT:,} are taken"
        if not field.isascii() and any("\ud800" <= sign <= "\udfff" for sign in field):
            return "bytes or characters that are not in the file's encoding"
    return ""


def check_mapped(path: Path, mapping: LogMapping, there: Iterable[str]) -> None:
    """Raise `UnreadableFile` when a mapping names a column that the file does not have."""
    known = sorted(set(there))
    for ours, given in mapping.columns.items():
        for column in given.columns:
            if column not in known:
                mend = did_you_mean(column, known) if known else "it has none"
                raise UnreadableFile(f"{path}: there is no “{column}” for {ours}; {mend}")
