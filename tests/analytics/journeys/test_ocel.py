"""OCEL 2.0: events about several objects, of which a mapping says which is the case."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from makegood.analytics.journeys.logs.ocel import write_ocel
from makegood.analytics.journeys.store import PolarsStore, log_of
from makegood.records.rows import UnreadableFile

from .rounds import NAMES, Found, read, written_and_read
from .test_xes import FULL, ITEMS, NOON

ORDERS: dict[str, Any] = {
    "eventTypes": [{"name": "place", "attributes": [{"name": "channel", "type": "string"}]}],
    "events": [
        {
            "id": "e1", "type": "place", "time": "2026-03-02T12:00:00Z",
            "attributes": [{"name": "channel", "value": "web"}, {"name": "minutes", "value": 2.50}],
            "relationships": [
                {"objectId": "o1", "qualifier": "order"}, {"objectId": "c1", "qualifier": "buyer"},
                {"objectId": "d1", "qualifier": "asked"}, {"objectId": "d2", "qualifier": "asked"},
                {"objectId": "d2", "qualifier": "held@Jobcentre"}, {"objectId": "nowhere", "qualifier": "x"},
            ],
        },
        {
            "id": "e2", "type": "pay", "time": "2026-03-02T13:00:00+01:00",
            "relationships": [{"objectId": "o1", "qualifier": "order"}, {"objectId": "o2", "qualifier": "order"}],
        },
    ],
    "objectTypes": [{"name": "order", "attributes": []}, {"name": "subject", "attributes": []}],
    "objects": [
        {"id": "o1", "type": "order"}, {"id": "o2", "type": "order"},
        {"id": "c1", "type": "subject", "attributes": [{"name": "town", "time": "1970-01-01T00:00:00Z", "value": "A"}]},
        {"id": "d1", "type": "item"}, {"id": "d2", "type": "item"},
    ],
}  # fmt: skip


def reads(tmp_path: Path, content: Any, mapping: str = "", name: str = "log.json") -> Found:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read(path, mapping)


def test_events_are_contacts_and_objects_called_as_ours_are_taken(tmp_path: Path) -> None:
    found = reads(tmp_path, ORDERS)
    first, second = found.contacts
    assert (first["contact"], first["activity"], first["channel"], first["minutes"]) == ("e1", "place", "web", 2.5)
    assert (first["subject"], second["subject"], first["case"]) == ("c1", None, None)
    assert (second["start"], second["offset"]) == (NOON, 3600)
    assert [(each["how"], each["item"], each["holder"]) for each in found.items] == [
        ("asked", "d1", None), ("asked", "d2", None), ("held", "d2", "Jobcentre"),
    ]  # fmt: skip
    assert found.known == {"contact", "activity", "start", "channel", "minutes", "subject", "asked", "held"}
    assert [note for note in found.rejects.notes if "1 relationship is to objects" in note]


def test_the_mapping_chooses_the_case_and_several_of_it_are_not_guessed_at(tmp_path: Path) -> None:
    mapping = "start: 'event:time'\ncase: 'object:order'\nteam: 'object:subject.town/buyer'\n"
    found = reads(tmp_path, ORDERS, mapping)
    assert [(each["case"], each["team"]) for each in sorted(found.contacts, key=lambda each: each["offset"])] == [
        ("o1", "A"), (None, None),
    ]  # fmt: skip
    assert [note for note in found.rejects.notes if "1 event has several of “object:order”" in note]
    with pytest.raises(UnreadableFile, match="did you mean “object:order”"):
        reads(tmp_path, ORDERS, "start: 'event:time'\ncase: 'object:ordr'\n")


def test_a_file_is_read_piece_by_piece_however_it_is_laid_out(tmp_path: Path) -> None:
    many = dict(ORDERS, events=[dict(ORDERS["events"][0], id=f"e{n}", attributes=[]) for n in range(9000)])
    assert len(reads(tmp_path, json.dumps(many, indent=8)).contacts) == 9000
    assert (
        len(reads(tmp_path, "\ufeff" + json.dumps(dict(reversed(many.items()), extra={"a": [1, 2]}))).contacts) == 9000
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "expected"), ("[]", "{ expected"), ('{"events": [', "near"), ('{"events": [{"id": 1}', "expected"),
        ('{"events": [' + "[" * 100_000, "deep|value"), ('{"events": [tru]}', "value"), ("null", "{ expected"),
    ],
)  # fmt: skip
def test_files_that_are_none_are_refused(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        reads(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"events": 3}, '“events” is no list; expected "events": [{…}, {…}], one object for each'),
        ({"events": None}, "“events” is no list"),
        ({"events": {"e1": {"id": "e1"}}}, "“events” is no list"),
        ({"events": [], "objects": "o"}, "“objects” is no list"),
        ({"events": [], "objectTypes": {}}, "“objectTypes” is no list"),
        ({"events": [{"id": "e1", "attributes": 5}]}, '“attributes” of "e1" in “events” is no list'),
        ({"events": [{"id": "e1", "attributes": {"channel": "web"}}]}, '“attributes” of "e1" in “events” is no list'),
        ({"events": [{"id": "e1", "relationships": "o1"}]}, '“relationships” of "e1" in “events” is no list'),
        ({"eventTypes": [{"name": "a", "attributes": True}], "events": []}, '“attributes” of "a" in “eventTypes”'),
        ({}, 'it has no “events”; expected {"events": [{…}'),
        ({"objects": []}, "it has no “events”"),
        ({"ocel:global-log": {}, "ocel:events": {"e1": {}}}, "older OCEL 1.0; save the log as OCEL 2.0"),
    ],
)
def test_parts_of_another_shape_are_refused_and_not_taken_for_empty(tmp_path: Path, content: Any, says: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        reads(tmp_path, content)
    assert says in str(refused.value)
    assert str(tmp_path / "log.json") in str(refused.value)


def test_what_stands_behind_the_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="goes on after its end"):
        reads(tmp_path, '{"events": []}\n{"events": []}')


def test_odd_nodes_are_passed_over_or_set_aside(tmp_path: Path) -> None:
    odd = {
        "events": [
            3, {"id": "a"}, {"id": "b", "time": "2026-03-02T12:00:00Z", "type": None, "attributes": None},
            {"id": "b", "time": "2026-03-02T12:00:00Z", "attributes": ["x", {"name": "kind"}], "relationships": [7]},
            {"id": "c\ud800", "time": "2026-03-02T12:00:00Z"},
        ],
        "objects": [{"id": "o", "type": "case", "attributes": [{"name": "x", "value": {"y": [1, None]}}]}],
    }  # fmt: skip
    found = reads(tmp_path, odd)
    assert [each["contact"] for each in found.contacts] == ["b"]
    assert sorted(each.line for each in found.rejects.rows) == [1, 2, 4, 5]  # the first is no event at all


def test_the_sqlite_form_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript("""
            CREATE TABLE event_map_type (ocel_type, ocel_type_map); INSERT INTO event_map_type VALUES ('Ask us', 'Ask');
            CREATE TABLE object_map_type (ocel_type, ocel_type_map); INSERT INTO object_map_type VALUES ('case', 'C');
            CREATE TABLE event_Ask (ocel_id, ocel_time, minutes); CREATE TABLE object_C (ocel_id, ocel_time, size);
            CREATE TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier);
            INSERT INTO event_Ask VALUES ('e1', '2026-03-02 12:00:00', 5); INSERT INTO object_C VALUES ('NA', '', 1);
            INSERT INTO event_Ask VALUES ('e2', '2026-03-02 12:00:01', NULL);
            INSERT INTO event_object VALUES ('e1', 'NA', NULL);
        """)
    given = "start: 'event:time'\nzone: UTC\ncase: 'object:case'\nactivity: 'event:type'\nminutes: minutes\n"
    found = read(path, given)
    assert [(each["start"] - NOON, each["case"], each["activity"], each["minutes"]) for each in found.contacts] == [
        (0, "NA", "Ask us", 5.0), (1_000_000, None, "Ask us", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("called", "content", "mend"),
    [
        ("log.sqlite", b"contact,start\na,2026-03-02T10:00:00Z\n", "name it by what it is"),
        ("log.sqliteocel", b'{"events": [], "objects": []}', "name it by what it is"),
        ("log.sqlite", b"", "name it by what it is"),
        ("log.sqlite.gz", gzip.compress(b"SQLite format 3\x00"), "unpack it first"),
    ],
)
def test_what_is_called_sqlite_and_is_none_is_told_so(tmp_path: Path, called: str, content: bytes, mend: str) -> None:
    (tmp_path / called).write_bytes(content)
    with pytest.raises(UnreadableFile, match=f"no SQLite database.*{mend}"):
        read(tmp_path / called)


ORDERS_IN_XML = """<?xml version="1.0" encoding="UTF-8"?>
<log>
  <object-types><object-type name="order"><attributes/></object-type>
    <object-type name="subject"><attributes><attribute name="town" type="string"/></attributes></object-type>
  </object-types>
  <event-types>
    <event-type name="place"><attributes><attribute name="channel" type="string"/></attributes></event-type>
  </event-types>
  <objects>
    <object id="o1" type="order"><attributes/></object><object id="o2" type="order"/>
    <object id="c1" type="subject">
      <attributes><attribute name="town" time="1970-01-01T00:00:00Z">A</attribute></attributes>
      <objects><relationship object-id="o1" qualifier="orders"/></objects>
    </object>
    <object id="d1" type="item"/><object id="d2" type="item"/>
  </objects>
  <events>
    <event id="e1" type="place" time="2026-03-02T12:00:00Z">
      <attributes><attribute name="channel">web</attribute><attribute name="minutes">2.50</attribute></attributes>
      <objects>
        <relationship object-id="o1" qualifier="order"/><relationship object-id="c1" qualifier="buyer"/>
        <relationship object-id="d1" qualifier="asked"/><relationship object-id="d2" qualifier="asked"/>
        <relationship object-id="d2" qualifier="held@Jobcentre"/><relationship object-id="nowhere" qualifier="x"/>
      </objects>
    </event>
    <event id="e2" type="pay" time="2026-03-02T13:00:00+01:00">
      <objects>
        <relationship object-id="o1" qualifier="order"/><relationship object-id="o2" qualifier="order"/>
      </objects>
    </event>
  </events>
</log>
"""


@pytest.mark.parametrize(
    "mapping", ["", "start: 'event:time'\ncase: 'object:order'\nteam: 'object:subject.town/buyer'\n"]
)
@pytest.mark.parametrize("name", ["log.xmlocel", "log.XML", "log.xml.gz"])
def test_the_xml_form_says_the_same_as_that_in_json(tmp_path: Path, mapping: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(ORDERS_IN_XML.encode()) if name.endswith(".gz") else ORDERS_IN_XML.encode())
    found, same = read(path, mapping), reads(tmp_path, ORDERS, mapping)
    assert (found.items, found.known) == (same.items, same.known)
    ids = [] if "contact" in same.known else ["contact"]  # made from the columns there are
    for one, other in zip(found.contacts, same.contacts, strict=True):
        assert {key: one[key] for key in one if key not in ids} == {key: other[key] for key in other if key not in ids}
    assert [note.partition(": ")[2] for note in found.rejects.notes] == [
        note.partition(": ")[2] for note in same.rejects.notes
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<log></log>", "has no <events>; expected <log> … <events><event id=…"),
        ("<log><trace/></log>", "it is XES; call it .xes"),
        ('<log><events><event><string key="id" value="1"/></event></events></log>', "older OCEL 1.0; save the log"),
        ("<ocel><events/></ocel>", "begins with <ocel>, not with <log>"),
        ("<log><events>", "no well-formed XML"),
        ('<!DOCTYPE log [<!ENTITY a "b">]><log><events/></log>', "document type or entities"),
        ('{"events": []}', "no well-formed XML"),
    ],
)
def test_xml_that_is_no_such_log_is_refused(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        reads(tmp_path, content, name="log.xmlocel")
    assert says in str(refused.value)


def test_what_is_written_comes_back_the_same() -> None:
    for name in ("log.json", "log.jsonocel", "log.json.gz"):
        before, after, written = written_and_read(write_ocel, name, FULL, ITEMS)
        assert not after.rejects
        assert after.contacts == before.contacts
        assert after.items == before.items
        assert after.known == before.known - {"offset"}
        assert (written.contacts, written.replaced) == (4, 0)


def test_what_is_written_has_the_four_parts_and_every_object_once(tmp_path: Path) -> None:
    store = PolarsStore()
    write_ocel(log_of(store, FULL, ITEMS), store, tmp_path / "log.json")
    said = json.loads((tmp_path / "log.json").read_text())
    assert list(said) == ["eventTypes", "objectTypes", "events", "objects"]
    objects = {each["id"]: each["type"] for each in said["objects"]}
    assert len(objects) == len(said["objects"])
    assert {link["objectId"] for each in said["events"] for link in each["relationships"]} == set(objects)
    assert set(objects.values()) == {each["name"] for each in said["objectTypes"]}
    assert {each["type"] for each in said["events"]} <= {each["name"] for each in said["eventTypes"]}


@settings(max_examples=12)
@given(values=some.lists(some.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=30))
def test_any_text_comes_back(values: list[tuple[str, str, str]]) -> None:
    contacts = [
        {"contact": f"c{n}", "start": NOON, "case": a or None, "subject": b or None, "words": c or None, "sequence": n}
        for n, (a, b, c) in enumerate(values)
    ]
    _, after, written = written_and_read(write_ocel, "log.json", contacts)
    assert written.replaced == 0
    for each, before in zip(after.contacts, contacts, strict=True):
        for column in ("case", "subject", "words"):
            said = before[column]
            assert each[column] == (str(said).strip() or None if said else None)
