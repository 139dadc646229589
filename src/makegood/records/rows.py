"""Rows of a CSV file with the line where each begins; whatever is wrong with a row is said, the rest goes on.

A stray quotation mark spoils its own row and not the ones after it. Bytes that are not in the file's encoding
spoil their row. A byte-order mark is passed over; semicolons, tabs or upright strokes (|) separate fields when the
header uses them most, or a line `sep=;` before it says so. Columns without a name are nobody's.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from .rejects import Rejects

FIELD_LIMIT = 100_000
_SEPARATORS = (",", ";", "\t", "|")
_NO_TEXT = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "a spreadsheet",
    b"PAR1": "a Parquet file",
    b"SQLite format 3\x00": "an SQLite database",
}
"""What a file is that begins so; none is a table in plain text."""
_RECORD_LINES = 200
csv.field_size_limit(2**31 - 1)


class UnreadableFile(ValueError):
    """A file that cannot be read as a table at all; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line where it begins, and its fields in the order of the header."""

    line: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The header of a file, and its rows, to be read once."""

    header: list[str]
    rows: Iterator[Row]


def open_text(path: Path, encoding: str = "utf-8") -> IO[str]:
    """Open a file that may be gzip-compressed; what is not in the encoding becomes lone surrogates.

    Raises `UnreadableFile` when it cannot be opened, or is a pipe, which could be read only once.
    """
    try:
        if path.exists() and not path.is_file():
            raise UnreadableFile(f"{path}: is no file but a folder, a pipe or a device; save it as a file first")
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        opener = gzip.open if packed else open
        return cast(IO[str], opener(path, "rt", encoding=encoding, errors="surrogateescape"))
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None
    except LookupError:
        raise UnreadableFile(f"there is no encoding “{encoding}”; try utf-8, latin-1 or cp1252") from None


def read_rows(path: Path, rejects: Rejects, *, encoding: str = "utf-8", name: str = "") -> Table:
    """The header and rows of a CSV file. Raises `UnreadableFile` for a file without a usable header."""
    text = open_text(path, encoding)
    name = name or str(path)
    if said := _no_text(path):
        text.close()
        raise UnreadableFile(f"{name}: this is {said}, no table in plain text; save it as CSV, or call it what it is")
    lines = _lines(text, name, encoding)
    number, head = next(lines, (0, ""))
    head = head.removeprefix("\ufeff").removeprefix("ï»¿")
    separator = said_separator(head)
    if separator:
        number, head = next(lines, (0, ""))
    if not head.strip():
        raise UnreadableFile(f"{name}: the file has no header line")
    if not _clean(head) or "\x00" in head:
        other = "utf-16" if any(each in head for each in "\x00\udcff\udcfe") else "latin-1"
        hint = f"name the file's, such as --encoding {other}"
        raise UnreadableFile(f"{name}: the header is not in the encoding {encoding}; {hint}")
    separator = separator or separator_of(head)
    header = [column.strip() for column in next(csv.reader([head], delimiter=separator))]
    twice = {column for column in header if column and header.count(column) > 1}
    if twice:
        raise UnreadableFile(f"{name}:{number}: the header names “{sorted(twice)[0]}” twice")
    return Table(header, _rows(lines, separator, len(header), rejects, name))


def separator_of(head: str) -> str:
    """What separates the fields of a file, by its header: the mark that stands there most, outside quotation marks.

    >>> separator_of('ref;"need, wish";how')
    ';'
    """
    outside = "".join(head.split('"')[::2])
    return max(_SEPARATORS, key=outside.count)


def said_separator(line: str) -> str:
    """The separator of which a spreadsheet tells in a line before the header, such as `sep=;`; otherwise nothing."""
    line = line.rstrip("\r\n")
    return line[-1] if len(line) == len("sep=;") and line.lower().startswith("sep=") else ""


def _no_text(path: Path) -> str:
    with path.open("rb") as raw:
        begins = raw.read(max(map(len, _NO_TEXT)))
    return next((said for magic, said in _NO_TEXT.items() if begins.startswith(magic)), "")


def _lines(text: IO[str], name: str, encoding: str) -> Iterator[tuple[int, str]]:
    """Physical lines, whatever ends them, counted from 1."""
    try:
        with text:
            yield from enumerate(text, start=1)
    except UnicodeError as error:
        raise UnreadableFile(f"{name}: the file is not in the encoding {encoding} ({error})") from None
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{name}: the file ends too early or is damaged ({error})") from None


def _rows(lines: Iterator[tuple[int, str]], separator: str, width: int, rejects: Rejects, name: str) -> Iterator[Row]:
    waiting: list[tuple[int, str]] = []

    def take() -> tuple[int, str] | None:
        return waiting.pop(0) if waiting else next(lines, None)

    while (taken := take()) is not None:
        number, line = taken
        if '"' not in line:
            fields = line.rstrip("\r\n").split(separator)
            if len(fields) == 1 and not fields[0]:
                continue
        else:
            parsed = _quoted(number, line, separator, width, take, waiting)
            if parsed is None:
                rejects.add(name, number, "", "a quotation mark that is not closed", [line.rstrip("\r\n")])
                continue
            fields = parsed
        problem = _problem(fields, width)
        if problem:
            rejects.add(name, number, "", problem, fields)
        else:
            yield Row(number, fields)


def _quoted(
    number: int,
    line: str,
    separator: str,
    width: int,
    take: Callable[[], tuple[int, str] | None],
    waiting: list[tuple[int, str]],
) -> list[str] | None:
    """A row with quotation marks, which may run over several lines; `None` when they are never closed."""
    record = [(number, line)]
    while True:
        try:
            fields = next(csv.reader([text for _, text in record], delimiter=separator, strict=True))
        except csv.Error as error:
            if "unexpected end" in str(error) and _more(record, take):
                continue
        else:
            if len(record) == 1 or len(fields) == width:
                return fields
        waiting[:0] = record[1:]
        return None


def _more(record: list[tuple[int, str]], take: Callable[[], tuple[int, str] | None]) -> bool:
    """Add lines up to the next with a quotation mark; false when there is none in reach."""
    while len(record) < _RECORD_LINES and (line := take()) is not None:
        record.append(line)
        if '"' in line[1]:
            return True
    return False


def _problem(fields: list[str], width: int) -> str:
    if len(fields) != width:
        return f"wrong number of fields: {len(fields)} instead of {width}"
    for field in fields:
        if len(field) > FIELD_LIMIT:
            return f"a field too long: {len(field):,} characters, at most {FIELD_LIMIT:,} are taken"
        if not field.isascii() and not _clean(field):
            return "not in the file's encoding: if the file is not UTF-8, name its encoding (--encoding latin-1)"
    return ""


def _clean(field: str) -> bool:
    try:
        field.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
