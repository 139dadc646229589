"""The same person under the same pseudonym at every partner, without names in any file that is put together.

A pseudonym is HMAC-SHA-256 of what identifies a person, under a key that one body holds: without the key nobody can
work out or try out who it is. Another purpose gives other pseudonyms: files of two projects cannot be joined.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from ....records import Rejects
from ....records.rows import UnreadableFile, read_rows
from ....records.whole import written_whole

SUBJECT = "subject"
LINE = "line"
_KEY_BYTES = 32
_SHOWN = 20
_TELLING = re.compile(
    r"name|birth|dob|postcode|zip|address|street|e-?mail|phone|mobile|tel\b|nino|insurance|nhs|passport|iban|words|notes?$"
)


class UnfitKey(ValueError):
    """A key file that cannot be used; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What identifies a person: columns of a file, of which those in `dates` are dates written as `date_format`."""

    columns: Sequence[str]
    dates: Sequence[str] = ()
    date_format: str = "%Y-%m-%d"


@dataclass(frozen=True, kw_only=True)
class Done:
    """What became of a file: rows written, how many of them without a pseudonym, and under how many different ones."""

    rows: int
    nameless: int
    people: int


@dataclass
class Undated:
    """Dates that could not be read, by line and column: the first of them, and how many. Never the dates themselves."""

    first: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, column: str) -> None:
        """Note one."""
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append((line, column))


def new_key(path: Path) -> None:
    """Write a new key that only its owner may read. Raises `FileExistsError`: a key is never written over."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")


def read_key(path: Path) -> bytes:
    """The key of a file. Raises `UnfitKey`, and `OSError` when it cannot be read."""
    said = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(said)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise UnfitKey(f"{path}: a key is {2 * _KEY_BYTES} hexadecimal digits; make one with --new-key")
    return key


def pseudonym(key: bytes, purpose: str, parts: Sequence[str]) -> str:
    """The pseudonym of somebody, 26 letters and digits; `parts` in the order on which the partners agreed.

    Spelling is evened out first: capitals, accents, spaces and marks make no difference.

    >>> key = bytes(32)
    >>> pseudonym(key, "pilot", ["Zoë O'Neil", "1990-02-01"]) == pseudonym(key, "pilot", ["ZOE ONEIL ", "19900201"])
    True
    >>> pseudonym(key, "pilot", ["Zoe"]) == pseudonym(key, "another", ["Zoe"])
    False
    """
    message = b"\x00".join(part.encode() for part in (purpose, *map(evened, parts)))
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def evened(part: str) -> str:
    """A part of an identity without what people write differently.

    >>> evened(" Łódź-Müller "), evened("SW1A 1AA"), evened("ß")
    ('łodzmuller', 'sw1a1aa', 'ss')
    """
    plain = unicodedata.normalize("NFKD", part).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def telling_columns(header: Sequence[str]) -> list[str]:
    """Columns whose names sound as if they told who somebody is."""
    return [column for column in header if _TELLING.search(column.lower())]


def pseudonymised(
    source: Path, output: Path, *, of: Callable[[int, Mapping[str, str]], str], left_out: Sequence[str],
    rejects: Rejects, only_lines: bool = False, encoding: str = "utf-8",
) -> Done:  # fmt: skip
    """Write a CSV file again with `subject` in place of the columns that are left out.

    `of` gives the pseudonym of a row by its line and fields, empty where the row does not identify anybody. With
    `only_lines` nothing but the line and the pseudonym is written. Appears at `output` only when it is whole.
    """
    table = read_rows(source, rejects, encoding=encoding)
    kept = [] if only_lines else [column for column in table.header if column not in {*left_out, SUBJECT}]
    rows = nameless = 0
    people: set[str] = set()
    with written_whole(output) as beside, beside.open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*([LINE] if only_lines else []), SUBJECT, *kept])
        for row in table.rows:
            fields = dict(zip(table.header, row.fields, strict=True))
            subject = of(row.line, fields)
            rows, nameless = rows + 1, nameless + (not subject)
            people.add(subject)
            lines = [str(row.line)] if only_lines else []
            writer.writerow([*lines, subject, *(fields[column] for column in kept)])
    return Done(rows=rows, nameless=nameless, people=len(people - {""}))


def by_key(
    key: bytes, purpose: str, identity: Identity, undated: Undated | None = None
) -> Callable[[int, Mapping[str, str]], str]:
    """Pseudonyms from what identifies a person; none where a part of it is missing, or a date is no date: `undated`."""

    def of(line: int, fields: Mapping[str, str]) -> str:
        parts = list(_parts(fields, identity))
        for column, part in zip(identity.columns, parts, strict=True):
            if undated is not None and not part and fields[column].strip():
                undated.add(line, column)
        return pseudonym(key, purpose, parts) if all(map(evened, parts)) else ""

    return of


def by_lines(path: Path, rejects: Rejects) -> Callable[[int, Mapping[str, str]], str]:
    """Pseudonyms that the holder of the key gave by line (see `only_lines`). Raises `UnreadableFile`."""
    table = read_rows(path, rejects)
    if not {LINE, SUBJECT} <= set(table.header):
        raise UnreadableFile(f"{path}: its columns must be {LINE} and {SUBJECT}, as the holder of the key wrote them")
    known: dict[str, str] = {}
    for row in table.rows:
        line, subject = (row.fields[table.header.index(column)].strip() for column in (LINE, SUBJECT))
        if known.setdefault(line, subject) != subject:
            raise UnreadableFile(f"{path}:{row.line}: line {line} has two pseudonyms; nobody can tell who it is")
    return lambda line, _: known.get(str(line), "")


def _parts(fields: Mapping[str, str], identity: Identity) -> Iterator[str]:
    for column in identity.columns:
        said = fields[column].strip()
        yield _day(said, identity.date_format) if column in identity.dates else said


def _day(said: str, form: str) -> str:
    for each in (form, "%Y-%m-%d"):
        with suppress(ValueError):
            day: date = datetime.strptime(said, each).date()  # noqa: DTZ007 - a day has no zone
            return day.isoformat()
    return ""
