"""What an OCEL 2.0 file holds, JSON, XML or SQLite, one event or object at a time: never the whole in memory."""
# ruff: noqa: S608 - words of ours, and names from the file quoted by `_named`

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from ....records.rows import FIELD_LIMIT, UnreadableFile, open_text
from .xml_stream import XmlStream

Node = dict[str, Any]
PARTS = ("eventTypes", "objectTypes", "events", "objects")
XML_SUFFIXES = (".xmlocel", ".xml")
SQLITE_SUFFIXES = (".sqlite", ".sqliteocel")

_OLDER = ("ocel:global-log", "ocel:global-event", "ocel:global-object", "ocel:events", "ocel:objects")
_NO_EVENTS = 'it has no “events”; expected {"events": [{…}, {…}], "objects": [{…}], …}'
_CHUNK = 1 << 20
_LONGEST = 1 << 26
_SQLITE = b"SQLite format 3\x00"


def nodes(path: Path, encoding: str = "utf-8") -> Iterator[tuple[str, Node]]:
    """Each node with the part of the file in which it stands, in the form that JSON has; numbers are texts as written.

    Raises `UnreadableFile`, perhaps after some nodes.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(_SQLITE)) == _SQLITE
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None
    if packed:
        yield from _of_sqlite(path)
        return
    called = path.name.lower().removesuffix(".gz")
    if called.endswith(SQLITE_SUFFIXES):
        mend = "unpack it first" if path.name.lower().endswith(".gz") else "name it by what it is, such as log.csv"
        raise UnreadableFile(f"{path}: this is no SQLite database, whatever its name says; {mend}")
    if called.endswith(XML_SUFFIXES):
        yield from _Xml(path, encoding).nodes()
        return
    with open_text(path, encoding) as file:
        yield from _Json(file, path).nodes()


class _Json:
    """A JSON object of lists, read element by element."""

    def __init__(self, file: IO[str], path: Path) -> None:
        self.file, self.path = file, path
        self.text, self.at, self.ended = "", 0, False
        self.decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)

    def nodes(self) -> Iterator[tuple[str, Node]]:
        try:
            yield from self._nodes()
        except (OSError, EOFError) as error:
            raise UnreadableFile(f"{self.path}: the file ends too early or is damaged ({error})") from None
        except UnicodeError as error:
            raise UnreadableFile(f"{self.path}: the encoding cannot be read ({error})") from None
        except RecursionError:
            raise UnreadableFile(f"{self.path}: lists or objects too deep within each other") from None

    def _nodes(self) -> Iterator[tuple[str, Node]]:
        if self._peek() == "\ufeff":
            self.at += 1
        self._take("{")
        if self._peek() == "}":
            raise UnreadableFile(f"{self.path}: this is no OCEL 2.0 in JSON: {_NO_EVENTS}")
        seen: set[str] = set()
        while True:
            part = self._value()
            self._take(":")
            if part in PARTS:
                seen.add(part)
                yield from self._part(part)
            elif part in _OLDER:
                raise self._wrong(f"“{part}” is a part of the older OCEL 1.0; save the log as OCEL 2.0")
            else:
                self._value()
            if self._take(",}") == "}":
                break
        if self._peek():
            raise self._wrong("it goes on after its end")
        if "events" not in seen:
            raise UnreadableFile(f"{self.path}: this is no OCEL 2.0 in JSON: {_NO_EVENTS}")

    def _part(self, part: str) -> Iterator[tuple[str, Node]]:
        """The nodes of a part. What is no node has no meaning: an event of that sort is a row that is set aside."""
        if self._peek() != "[":
            raise self._wrong(f'“{part}” is no list; expected "{part}": [{{…}}, {{…}}], one object for each')
        for found in self._elements():
            if part != "events" and not isinstance(found, dict):
                continue
            node: Node = found if isinstance(found, dict) else {}
            for inner in ("attributes", "relationships"):
                if not isinstance(node.get(inner), list | None):
                    said = json.dumps(node.get("id") or node.get("name"), ensure_ascii=False)[:40]
                    raise self._wrong(f'“{inner}” of {said} in “{part}” is no list; expected "{inner}": [{{…}}, {{…}}]')
            yield part, node

    def _elements(self) -> Iterator[Any]:
        self._take("[")
        if self._peek() == "]":
            self.at += 1
            return
        while True:
            yield self._value()
            if self._take(",]") == "]":
                return

    def _value(self) -> Any:
        """The next value; more is read as long as it is not complete."""
        self._peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text, self.at)
            except ValueError as error:
                if self.ended or len(self.text) - self.at > _LONGEST:
                    raise self._wrong(str(error).partition(":")[0].lower()) from None
            else:
                # What reaches the end of the text may go on after it, as a number does.
                if end < len(self.text) or self.ended:
                    self.at = end
                    return value
            self._more()

    def _peek(self) -> str:
        while True:
            while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
                self.at += 1
            if self.at < len(self.text) or self.ended:
                return self.text[self.at : self.at + 1]
            self._more()

    def _take(self, signs: str) -> str:
        found = self._peek()
        if not found or found not in signs:
            raise self._wrong(f"{' or '.join(signs)} expected" + (f", not {found!r}" if found else ""))
        self.at += 1
        return found

    def _more(self) -> None:
        more = self.file.read(max(_CHUNK, len(self.text) - self.at))
        self.text, self.at, self.ended = self.text[self.at :] + more, 0, not more

    def _wrong(self, why: str) -> UnreadableFile:
        return UnreadableFile(f"{self.path}: this is no OCEL 2.0 in JSON: {why}, near {self.text[self.at :][:40]!r}")


# --- XML -------------------------------------------------------------------------------------------------------

_XML_PARTS = {"event-types": "eventTypes", "object-types": "objectTypes", "events": "events", "objects": "objects"}


class _Xml:
    """An XML file, read element by element."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self._xml = XmlStream(path, encoding, "log", begin=self._begin, finish=self._finish, words=self._words)
        self._tags: list[str] = []
        self._node: Node | None = None
        self._part, self._depth = "", 0
        self._value: Node | None = None
        self._ready: list[tuple[str, Node]] = []
        self._has_events = False

    def nodes(self) -> Iterator[tuple[str, Node]]:
        for _ in self._xml.chunks():
            ready, self._ready = self._ready, []
            yield from ready
        if not self._has_events:
            raise self._wrong("it has no <events>; expected <log> … <events><event id=… type=… time=…>")

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        outer = self._tags[-1] if self._tags else ""
        self._tags.append(tag)
        if self._node is None:
            self._has_events |= tag == "events"
            if tag == "trace":
                raise self._wrong("it is XES; call it .xes")
            if len(self._tags) == 3 and outer in _XML_PARTS:
                self._part, self._depth = _XML_PARTS[outer], len(self._tags)
                self._node = {**attributes, "attributes": [], "relationships": []}
        elif tag in ("string", "date"):
            raise self._wrong("it is of the older OCEL 1.0; save the log as OCEL 2.0")
        elif tag == "attribute":
            self._value = {"name": attributes.get("name"), "value": ""}
            self._node["attributes"].append(self._value)
        elif "object-id" in attributes:
            about = {"objectId": attributes["object-id"], "qualifier": attributes.get("qualifier")}
            self._node["relationships"].append(about)

    def _words(self, words: str) -> None:
        if self._value is not None and len(self._value["value"]) <= FIELD_LIMIT:  # a longer one is set aside anyway
            self._value["value"] += words

    def _finish(self, tag: str) -> None:
        if tag == "attribute":
            self._value = None
        elif self._node is not None and len(self._tags) == self._depth:
            self._ready.append((self._part, self._node))
            self._node = None
        self._tags.pop()

    def _wrong(self, why: str) -> UnreadableFile:
        return UnreadableFile(f"{self.path}: this is no OCEL 2.0 in XML: {why}")


# --- SQLite ----------------------------------------------------------------------------------------------------


def _of_sqlite(path: Path) -> Iterator[tuple[str, Node]]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            database.text_factory = lambda said: said.decode("utf-8", "surrogateescape")
            for kind in ("event", "object"):
                yield from _of_kind(database, kind)
    except sqlite3.Error as error:
        raise UnreadableFile(f"{path}: this is no OCEL 2.0 in SQLite: {error}") from None


def _of_kind(database: sqlite3.Connection, kind: str) -> Iterator[tuple[str, Node]]:
    """The types of events or objects, and the nodes of each type from its own table."""
    types = database.execute(f"SELECT ocel_type, ocel_type_map FROM {kind}_map_type").fetchall()
    for of_type, table in types:
        query = f"SELECT each.* FROM {_named(f'{kind}_{table}')} AS each"
        if kind == "event":
            pairs = "json_group_array(json_array(ocel_object_id, ocel_qualifier)) AS ocel_about"
            query = query.replace("each.*", "each.*, ocel_about", 1)
            query += (
                f" LEFT JOIN (SELECT ocel_event_id, {pairs} FROM event_object GROUP BY 1) ON ocel_event_id = ocel_id"
            )
        rows = database.execute(query)
        fields = [column[0] for column in rows.description if not column[0].startswith("ocel_")]
        yield f"{kind}Types", {"name": of_type, "attributes": [{"name": each} for each in fields]}
        for row in rows:
            given = [{"name": each, "value": _said(row[each])} for each in fields if row[each] is not None]
            node: Node = {"id": _said(row["ocel_id"]), "type": of_type, "attributes": given}
            if kind == "event":
                about = json.loads(row["ocel_about"] or "[]")
                node["time"] = _said(row["ocel_time"])
                node["relationships"] = [{"objectId": said, "qualifier": qualifier} for said, qualifier in about]
            yield f"{kind}s", node


def _named(table: str) -> str:
    return '"' + table.replace('"', '""') + '"'


def _said(value: object) -> str | None:
    return None if value is None else value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
