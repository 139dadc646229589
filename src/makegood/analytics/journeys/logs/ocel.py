"""Contact logs from OCEL 2.0 (JSON, XML or SQLite), where an event is about several objects, and to its JSON form.

Such a log has no case of its own: the mapping says which type of object is the case, the customer, the organisation.
"""
# ruff: noqa: S608 - every name and text from outside goes into SQL by `conversions.name` and `conversions.text`

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import duckdb

from ....records import Rejects
from ....records.mapping import SourceColumn
from ....records.rows import Row
from ...conversions import name, text
from ...sentences import say_number
from ..columns import CONTACT_COLUMNS, Journeys, Log
from ..store import Store
from .mapping import LogMapping
from .ocel_nodes import SQLITE_SUFFIXES, XML_SUFFIXES, Node, nodes
from .staged import ITEM_SEPARATOR, Staged, check_mapped, staged_name, staged_rows
from .writing import (
    BUILT,
    HOWS,
    Contact,
    Replacing,
    Written,
    contacts_in_order,
    known_columns,
    log_in,
    values_of,
    whole,
)

SUFFIXES = (".jsonocel", ".json", *SQLITE_SUFFIXES, *XML_SUFFIXES)
ID, TYPE, TIME, OBJECT = "event:id", "event:type", "event:time", "object:"
NAME = "makegood:name"
"""The attribute of an object that holds its name, where its id had to differ from it."""

_OBJECTS = ("case", "subject", "organisation", "team")
_ITEM = "item"
_COLUMNS = [column for column in CONTACT_COLUMNS if column not in ("line", "offset", "contact", "start")]
_EVENT_TYPE = "contact"
_TYPES = {"String": "string", "Int64": "integer", "Float64": "float", "Boolean": "boolean"}
_INSTANTS = ("end", "due")


def is_ocel(path: Path) -> bool:
    """Whether a file is called as OCEL files are; JSON and XML may be packed with gzip."""
    return path.name.lower().removesuffix(".gz").endswith(SUFFIXES)


def stage_ocel(
    path: Path, mapping: LogMapping | None, encoding: str, folder: Path, rejects: Rejects,
    database: duckdb.DuckDBPyConnection,
) -> Staged:  # fmt: skip
    """The events of an OCEL file as rows of text; `line` is the number of the event in the file, from 1.

    Columns are `event:id`, `event:type`, `event:time`, the attributes of events by their names, and the related
    objects: `object:TYPE` is the object's id, `object:TYPE.ATTRIBUTE` an attribute of it (the value that stands last
    in the file), and `/QUALIFIER` behind either counts only relationships with that qualifier. Where an event has
    several such objects they are a list of items of information for `asked`, `given` and `held`; for any other column
    nobody can say which is meant, so it is not known, and a note says how often.

    Without a mapping, `contact`, `activity` and `start` are the event's id, type and time; attributes of events and
    types of objects that are called as our columns are those; and objects of the type `item`, with the qualifiers
    asked, given, held or held@organisation, are the items. Raises `UnreadableFile`.
    """
    reader = _Reader(path, mapping, encoding, folder)
    base = staged_rows(folder / "log.csv", reader.columns, reader.rows(), rejects, str(path))
    chosen = mapping or reader.usual_mapping()
    there = {*(ID, TYPE, TIME), *reader.attributes}
    about = {}
    for column in (column for given in chosen.columns.values() for column in given.columns):
        if column.startswith(OBJECT) and column not in there and (found := reader.object_named(column)):
            about[column] = found
    there |= {*about, *(OBJECT + each for each in reader.types)}
    check_mapped(path, chosen, there)
    lists = {chosen.columns[how].column for how in HOWS if how in chosen.columns}
    held = chosen.columns["held"].column if "held" in chosen.columns else ""
    related = _related(folder, about, lists, held, chosen.separator)
    database.execute(f"CREATE OR REPLACE TEMP TABLE objects_of_events AS {related}")
    _note(path, database, folder, [column for column in about if column not in lists], rejects)
    first = len(reader.columns)
    columns = "".join(f", about.{name(each)} AS {name(staged_name(n))}" for n, each in enumerate(about, start=first))
    relation = f"(SELECT base.*{columns} FROM {base} AS base LEFT JOIN objects_of_events AS about USING (line))"
    return Staged(relation=relation, columns=(*reader.columns, *about), mapping=chosen)


class _Reader:
    """One file on its way into three tables of text: events, what they are about, and objects."""

    def __init__(self, path: Path, mapping: LogMapping | None, encoding: str, folder: Path) -> None:
        self.path, self.encoding, self.folder = path, encoding, folder
        mapped = mapping.columns.values() if mapping else ()
        given = [column for each in mapped for column in each.columns] if mapping else [OBJECT, *_COLUMNS, *HOWS]
        self.objects_wanted = tuple(column for column in given if column.startswith(OBJECT))
        fields = (column for column in given if column and not column.startswith(OBJECT))
        self.columns = tuple(dict.fromkeys((ID, TYPE, TIME, *fields)))
        self.attributes: set[str] = set()
        self.types: dict[str, set[str]] = {}
        self.qualifiers: set[str] = set()

    def rows(self) -> Iterator[Row]:
        """Each event's row, while what it is about and the objects go into files of their own."""
        count = 0
        with (
            (self.folder / "relations.csv").open("w", newline="", encoding="utf-8", errors="replace") as relations,
            (self.folder / "objects.csv").open("w", newline="", encoding="utf-8", errors="replace") as objects,
        ):
            related = csv.writer(relations, quoting=csv.QUOTE_ALL, lineterminator="\n")
            listed = csv.writer(objects, quoting=csv.QUOTE_ALL, lineterminator="\n")
            for part, node in nodes(self.path, self.encoding):
                if part == "events":
                    count += 1
                    yield Row(count, self._event(node))
                    for said, qualifier in _relationships(node):
                        self.qualifiers.add(
                            qualifier.partition("@")[0] if len(self.qualifiers) < 1000 else qualifier[:0]
                        )
                        related.writerow([count, said, qualifier])
                elif part == "objects":
                    self._object(node, listed.writerow)
                elif part == "eventTypes":
                    self.attributes |= _declared(node)
                else:
                    self.types.setdefault(_text(node.get("name")), set()).update(_declared(node))

    def _event(self, node: Node) -> list[str]:
        given = dict(_attributes(node))
        self.attributes |= given.keys()
        given |= {ID: _text(node.get("id")), TYPE: _text(node.get("type")), TIME: _text(node.get("time"))}
        return [given.get(column, "") for column in self.columns]

    def _object(self, node: Node, write: Callable[[list[str]], Any]) -> None:
        said, of_type = _text(node.get("id")), _text(node.get("type"))
        attributes = self.types.setdefault(of_type, set())
        write([said, of_type, "", said])
        for attribute, value in dict(_attributes(node)).items():
            attributes.add(attribute)
            column = f"{OBJECT}{of_type}.{attribute}"
            if attribute == NAME or any(each.startswith(column) for each in self.objects_wanted):
                write([said, of_type, attribute, value])

    def object_named(self, column: str) -> tuple[str, str, str] | None:
        """The type, attribute and qualifier that a column of objects means; nothing for a type that is not there."""
        said = column.removeprefix(OBJECT)
        for of_type in sorted(self.types, key=len, reverse=True):
            rest = said.removeprefix(of_type)
            if said.startswith(of_type) and rest[:1] in ("", ".", "/"):
                attribute, _, qualifier = rest.removeprefix(".").partition("/")
                if rest[:1] != "." or attribute in self.types[of_type]:
                    return of_type, attribute if rest[:1] == "." else "", qualifier
        return None

    def usual_mapping(self) -> LogMapping:
        """The mapping of a file whose attributes and types of objects are called as our columns are."""
        columns = {"contact": ID, "activity": TYPE, "start": TIME}
        columns |= {column: self._object_column(column) for column in _COLUMNS if column in self.types}
        columns |= {column: column for column in _COLUMNS if column in self.attributes}
        item = self.types.get(_ITEM)
        for how in HOWS:
            if item is not None and (how in item or how in self.qualifiers):
                columns[how] = f"{self._object_column(_ITEM)}/{how}"
        return LogMapping(
            columns={ours: SourceColumn(column=column) for ours, column in columns.items()}, separator=ITEM_SEPARATOR
        )

    def _object_column(self, of_type: str) -> str:
        return OBJECT + of_type + (f".{NAME}" if NAME in self.types[of_type] else "")


def _related(folder: Path, about: dict[str, tuple[str, str, str]], lists: set[str], held: str, separator: str) -> str:
    """SQL of a row for each event with the objects that it is about; `many` counts those where only one may be."""
    relations = _table(folder / "relations.csv", {"line": "BIGINT", "object": "VARCHAR", "qualifier": "VARCHAR"})
    objects = _table(
        folder / "objects.csv", {"object": "VARCHAR", "type": "VARCHAR", "attribute": "VARCHAR", "value": "VARCHAR"}
    )
    parts = []
    for column, (of_type, attribute, qualifier) in about.items():
        test = f"type = {text(of_type)} AND attribute = {text(attribute)}"
        value, after = "value", f"substr(qualifier, {len(qualifier) + 1})"
        if qualifier:
            test += f" AND (qualifier = {text(qualifier)} OR starts_with(qualifier, {text(qualifier + '@')}))"
        if column == held and column in lists:
            value = f"value || CASE WHEN {after} LIKE '@%' THEN {after} ELSE '@' END"
        found = f"list_sort(list_distinct(list({value}) FILTER ({test})))"
        if column not in lists:
            parts.append(f"CASE WHEN len({found}) > 1 THEN 1 ELSE 0 END AS {name(f'many {column}')}")
            found = f"CASE WHEN len({found}) = 1 THEN {found} END"
        parts.append(f"array_to_string({found}, {text(separator)}) AS {name(column)}")
    chosen = "".join(f", {part}" for part in parts)
    return f"SELECT line{chosen} FROM {relations} JOIN {objects} USING (object) GROUP BY line"


def _note(path: Path, database: duckdb.DuckDBPyConnection, folder: Path, single: list[str], rejects: Rejects) -> None:
    """Say how often nobody can tell which of several objects is meant, and which objects are nowhere described."""
    for column in single:
        (many,) = database.execute(f"SELECT sum({name(f'many {column}')}) FROM objects_of_events").fetchone() or (0,)
        if many:
            said = say_number(many, "event")
            have = "has" if many == 1 else "have"
            rejects.note(f"{path}: {said} {have} several of “{column}”: which is meant counts as not known")
    relations = _table(folder / "relations.csv", {"line": "BIGINT", "object": "VARCHAR", "qualifier": "VARCHAR"})
    objects = _table(
        folder / "objects.csv", {"object": "VARCHAR", "type": "VARCHAR", "attribute": "VARCHAR", "value": "VARCHAR"}
    )
    (lost,) = database.execute(f"SELECT count(*) FROM {relations} ANTI JOIN {objects} USING (object)").fetchone() or (
        0,
    )
    if lost:
        are, they = ("is", "it is") if lost == 1 else ("are", "they are")
        rejects.note(
            f"{path}: {say_number(lost, 'relationship')} {are} to objects that the file does not describe:"
            f" {they} passed over"
        )


def _table(path: Path, columns: dict[str, str]) -> str:
    named = ", ".join(f"{text(column)}: {text(kind)}" for column, kind in columns.items())
    return (
        f"read_csv({text(str(path))}, header = false, columns = {{{named}}}, auto_detect = false, delim = ',',"
        " quote = '\"', escape = '\"', max_line_size = 33554432, parallel = false, new_line = '\\n', nullstr = '\\N')"
    )


def _relationships(node: Node) -> Iterator[tuple[str, str]]:
    for each in node.get("relationships") or ():
        if isinstance(each, dict) and each.get("objectId") is not None:
            yield _text(each["objectId"]), _text(each.get("qualifier"))


def _attributes(node: Node) -> Iterator[tuple[str, str]]:
    for each in node.get("attributes") or ():
        if isinstance(each, dict) and each.get("name") is not None and each.get("value") is not None:
            yield _text(each["name"]), _text(each["value"])


def _declared(node: Node) -> set[str]:
    return {_text(each.get("name")) for each in node.get("attributes") or () if isinstance(each, dict)}


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)


# --- out -----------------------------------------------------------------------------------------------------


def write_ocel(what: Log | Journeys, store: Store, path: Path) -> Written:
    """Write a log as OCEL 2.0 in JSON; with `.gz` at the end, packed.

    A contact is an event; its type is the activity, or its kind where the log has no activities. Case, customer,
    organisation, team and items of information, and of journeys the journey, are objects, each with its name as an
    attribute; the qualifiers of items are asked, given, and held@organisation. The other columns are attributes of
    the event. Times keep the offset of the contact's clock. Read back without a mapping, the log is the same.
    """
    log, writer = log_in(what), _Writer(what)
    with whole(path) as (out, folder):
        column = "activity" if "activity" in log.known else "kind"
        kinds = {_EVENT_TYPE, *values_of(what.contacts, column, store, folder)}
        _list(out, '{"eventTypes": [', ({"name": each, "attributes": writer.attributes} for each in sorted(kinds)))
        _list(out, '], "objectTypes": [', writer.object_types())
        _list(out, '], "events": [', map(writer.event, contacts_in_order(what, store, folder)))
        _list(out, '], "objects": [', writer.objects(what, store, folder))
        out.write("]}\n")
    return Written(contacts=writer.count, replaced=writer.replacing.count)


def _list(out: TextIO, opening: str, listed: Iterator[dict[str, Any]]) -> None:
    out.write(opening)
    for place, node in enumerate(listed):
        out.write((",\n" if place else "\n") + json.dumps(node, ensure_ascii=False, allow_nan=False))
    out.write("\n")


class _Writer:
    """Contacts on their way into events, and what they name into objects."""

    def __init__(self, what: Log | Journeys) -> None:
        log = log_in(what)
        known = known_columns(what)
        self.replacing, self.count = Replacing(), 0
        self.has_activity = "activity" in log.known
        self.own = [column for column in known if column not in ("contact", "start", *_OBJECTS)]
        self.built = [each for each in BUILT if each != "journey"] if isinstance(what, Journeys) else []
        self.kinds = [column for column in _OBJECTS if column in known]
        self.kinds += ["journey"] if isinstance(what, Journeys) else []
        self.hows = [how for how in HOWS if how in log.known]
        self.attributes = [{"name": column, "type": _type_of(column)} for column in (*self.own, *self.built)]

    def object_types(self) -> Iterator[dict[str, Any]]:
        """The types of objects; that of items says which of asked, given, held the log knows."""
        for kind in self.kinds:
            yield {"name": kind, "attributes": [{"name": NAME, "type": "string"}]}
        if self.hows:
            names = [(NAME, "string"), *((how, "boolean") for how in self.hows)]
            yield {"name": _ITEM, "attributes": [{"name": each, "type": kind} for each, kind in names]}

    def event(self, contact: Contact) -> dict[str, Any]:
        """One contact."""
        self.count += 1
        row = contact.row
        given = [(column, self._value(contact, column)) for column in (*self.own, *self.built)]
        about = [(f"{kind}:{row[kind]}", kind) for kind in self.kinds if row[kind] is not None]
        for how, item, holder in contact.items:
            if how in self.hows:
                about.append((f"{_ITEM}:{self._item(item)}", how + self._holder(how, holder)))
        at = self.replacing.instant(row["start"], row["offset"])
        return {
            "id": row["contact"],
            "type": (row["activity"] if self.has_activity else row["kind"]) or _EVENT_TYPE,
            **({"time": at} if at else {}),
            "attributes": [{"name": column, "value": value} for column, value in given if value is not None],
            "relationships": [{"objectId": said, "qualifier": qualifier} for said, qualifier in about],
        }

    def objects(self, what: Log | Journeys, store: Store, folder: Path) -> Iterator[dict[str, Any]]:
        """Each thing that contacts name, once."""
        for kind in self.kinds:
            yield from (_object(kind, value) for value in values_of(what.contacts, kind, store, folder))
        if self.hows:
            before = None
            for value in values_of(log_in(what).items, _ITEM, store, folder):
                plain = value.replace(ITEM_SEPARATOR, "␟")
                if plain != before:
                    yield _object(_ITEM, plain)
                before = plain

    def _item(self, item: str) -> str:
        return self.replacing.of(item, item.replace(ITEM_SEPARATOR, "␟"))

    def _holder(self, how: str, holder: str | None) -> str:
        return self.replacing.held("", holder) if how == "held" else ""

    def _value(self, contact: Contact, column: str) -> str | int | float | bool | None:
        value: str | int | float | bool | None = contact.row[column]
        if column in _INSTANTS:
            return self.replacing.instant(contact.row[column], contact.row["offset"])
        if isinstance(value, float) and not math.isfinite(value):
            self.replacing.count += 1
            return None
        return value


def _object(kind: str, value: str) -> dict[str, Any]:
    named = {"name": NAME, "time": "1970-01-01T00:00:00Z", "value": value}
    return {"id": f"{kind}:{value}", "type": kind, "attributes": [named], "relationships": []}


def _type_of(column: str) -> str:
    if column in _INSTANTS:
        return "time"
    return _TYPES[CONTACT_COLUMNS[column].__name__] if column in CONTACT_COLUMNS else "string"
