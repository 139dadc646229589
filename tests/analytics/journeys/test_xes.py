"""XES: whatever real logs look like is read, and what is written is what the schema wants."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from makegood.analytics.journeys.logs.xes import write_xes
from makegood.analytics.journeys.store import PolarsStore, log_of
from makegood.records.rows import UnreadableFile

from .rounds import NAMES, Found, read, written_and_read

NOON = 1_772_452_800_000_000
SCHEMA = Path(__file__).with_name("xes.xsd")

FULL: list[dict[str, Any]] = [
    {
        "contact": "c1", "case": "NA", "subject": "p1", "need": "housing", "organisation": "Council", "team": "Desk",
        "channel": "counter", "kind": "visit", "activity": "Apply", "start": NOON, "end": NOON + 90_500_000,
        "offset": 3600, "sequence": 3, "resolved": False, "completed": None, "reason_adviser": "chase",
        "reference": "r/1", "follows": "r/0", "handed_to": "Jobcentre", "due": NOON * 2, "minutes": 12.25,
        "travel_minutes": 0.1, "travel_miles": 1e-7, "weight": 3.0, "words": "<a href='x'>\t\r\n&amp; “so”\n]]>",
    },
    {"contact": "c2", "case": "NA", "activity": None, "team": None, "start": NOON, "offset": -19_800, "sequence": 1},
    {"contact": "c3", "case": None, "activity": "Ask", "start": NOON + 5, "end": NOON + 5, "sequence": 0},
    {"contact": "c4", "case": None, "activity": "Ask", "start": NOON + 6, "sequence": 0},
]  # fmt: skip
ITEMS = [
    {"contact": "c1", "item": "income; or not", "how": "asked"},
    {"contact": "c1", "item": "address", "how": "asked"},
    {"contact": "c1", "item": "a@b", "how": "held"},
    {"contact": "c1", "item": "address", "how": "held", "holder": "Jobcentre"},
    {"contact": "c4", "item": "address", "how": "given"},
]


def reads(tmp_path: Path, traces: str, mapping: str = "", **more: Any) -> Found:
    path = tmp_path / "log.xes"
    path.write_bytes(f'<log xes.version="1.0">{traces}</log>'.encode(more.get("encoding", "utf-8")))
    return read(path, mapping, **more)


def event(at: str, activity: str = "", **more: str) -> str:
    given = {"concept:name": activity, "time:timestamp": at} | {key.replace("_", ":"): more[key] for key in more}
    return "<event>" + "".join(f'<string key="{k}" value="{v}"/>' for k, v in given.items() if v) + "</event>"


def test_a_trace_is_a_case_and_its_events_are_contacts_in_their_order(tmp_path: Path) -> None:
    found = reads(
        tmp_path,
        '<extension name="Concept"/><global scope="event"><string key="concept:name" value="no"/></global>'
        '<classifier name="a b" keys="\'x"/><string key="concept:name" value="the log"/>'
        '<trace><string key="concept:name" value="NA"/>'
        + event("2026-03-02T12:00:00.250+01:00", "b", org_group="Desk", org_resource="Someone")
        + event("2026-03-02T12:00:00.250+01:00", "a")
        + "</trace>",
    )
    assert [(each["case"], each["activity"], each["sequence"], each["team"]) for each in found.contacts] == [
        ("NA", "b", 1, "Desk"), ("NA", "a", 2, None),
    ]  # fmt: skip
    assert found.contacts[0]["start"] == NOON - 3_600_000_000 + 250_000
    assert found.contacts[0]["offset"] == 3600
    assert found.known == {"case", "activity", "start", "team", "sequence"}
    assert "Someone" not in str(found.contacts)


def test_start_and_complete_are_one_contact_by_instance_or_first_come_first_served(tmp_path: Path) -> None:
    steps = [
        ("10:00", "a", "START", "1"), ("10:01", "a", "start", "2"), ("10:02", "a", "Complete", "2"),
        ("10:03", "a", "complete", "1"), ("11:00", "b", "start", ""), ("11:01", "b", "start", ""),
        ("11:02", "b", "complete", ""), ("11:05", "b", "complete", ""), ("12:00", "c", "complete", ""),
        ("12:01", "d", "start", ""), ("12:02", "d", "suspend", ""),
    ]  # fmt: skip
    said = "".join(
        event(f"2026-03-02T{at}:00Z", what, lifecycle_transition=how, concept_instance=which)
        for at, what, how, which in reversed(steps)  # the file is not in order of time
    )
    found = reads(tmp_path, f"<trace>{said}</trace>")
    minutes = [
        ((each["start"] - NOON) // 60_000_000, each["end"] and (each["end"] - each["start"]) // 60_000_000)
        for each in found.contacts
    ]
    assert minutes == [(-120, 3), (-119, 1), (-60, 2), (-59, 4), (0, None), (1, None), (2, None)]
    says = "1 event with the transition “suspend” is a contact of its own"
    assert [note for note in found.rejects.notes if says in note]
    assert {each["case"] for each in found.contacts} == {"trace 1"}


def test_a_mapping_names_any_attribute_and_pairs_only_where_it_asks_for_it(tmp_path: Path) -> None:
    said = (
        '<trace><string key="who" value="p1"/>'
        '<event><date key="at" value="2026-03-02T12:00:00Z"/><string key="lifecycle:transition" value="start"/>'
        '<list key="docs"><values><string key="x" value="income"/><string key="x" value="address"/></values></list>'
        '<string key="office" value="x"><string key="town" value="Anyborough"/></string></event>'
        '<event><date key="at" value="2026-03-02T13:00:00Z"/><string key="lifecycle:transition" value="complete"/>'
        "</event></trace>"
    )
    mapping = "start: at\nsubject: 'case:who'\nasked: docs\norganisation: office/town\nsequence: place in trace\n"
    found = reads(tmp_path, said, mapping)
    assert [(each["subject"], each["organisation"], each["sequence"]) for each in found.contacts] == [
        ("p1", "Anyborough", 1), ("p1", None, 2),
    ]  # fmt: skip
    assert [each["item"] for each in found.items] == ["address", "income"]
    assert len(reads(tmp_path, said, mapping + "end: 'complete:at'\n").contacts) == 1
    with pytest.raises(UnreadableFile, match="did you mean “office/town”"):
        reads(tmp_path, said, "start: at\nteam: ofice/town\n")


def test_odd_logs_are_read_and_only_events_without_a_usable_time_are_set_aside(tmp_path: Path) -> None:
    found = reads(
        tmp_path,
        '<x:trace xmlns:x="urn:x"><x:event><x:date key="time:timestamp" value="2026-03-02T12:00:00Z"/></x:event>'
        "</x:trace>\n"
        + '<trace><event><string value="no key"/><string key="no value"/></event>\n'
        + event("yesterday", "a")
        + event("2026-02-30T10:00:00Z")
        + event("2026-03-02T12:00:00")
        + '<int key="concept:name" value="late"/></trace>'
        + event("2026-03-02T12:00:01Z", "outside any trace"),
    )
    assert [(each["case"], each["activity"]) for each in found.contacts] == [(None, None), (None, "outside any trace")]
    assert len(found.rejects) == 4
    assert [each.line for each in found.rejects.rows] == [2, 3, 3, 3]


def test_packed_files_and_other_encodings_are_read(tmp_path: Path) -> None:
    said = f"<log><trace>{event('2026-03-02T12:00:00Z', 'Für')}</trace></log>"
    for name, content, encoding in (
        ("a.xes.gz", gzip.compress(said.encode()), "utf-8"),
        ("b.xes", b'<?xml version="1.0" encoding="cp1252"?>' + said.encode("cp1252"), "utf-8"),
        ("c.XES", said.encode("latin-1"), "latin-1"),
    ):
        (tmp_path / name).write_bytes(content)
        assert read(tmp_path / name, "", encoding).contacts[0]["activity"] == "Für"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('<!DOCTYPE log [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><log>&b;</log>', "document type"),
        ('<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>', "document type"),
        ("<log><trace>", "no well-formed XML"),
        ("<log>&nbsp;</log>", "no well-formed XML"),
        ("<html></html>", "begins with <html>"),
        ("", "no well-formed XML"),
        ("<log>" + "<string key='a' value='b'>" * 200, "deep"),
        ("<?xml version='1.0' encoding='none'?><log/>", "encoding|well-formed"),
    ],
)
def test_dangerous_and_broken_files_are_refused_with_the_reason(tmp_path: Path, content: str, why: str) -> None:
    (tmp_path / "log.xes").write_text(content)
    with pytest.raises(UnreadableFile, match=why):
        read(tmp_path / "log.xes")


def test_what_is_written_comes_back_the_same(tmp_path: Path) -> None:
    for name in ("log.xes", "log.xes.gz"):
        before, after, written = written_and_read(write_xes, name, FULL, ITEMS)
        assert not after.rejects
        assert after.contacts == before.contacts
        assert after.items == before.items
        assert after.known == before.known - {"offset"}
        assert (written.contacts, written.replaced) == (4, 0)


def test_what_is_written_validates(tmp_path: Path) -> None:
    xmlschema = pytest.importorskip("xmlschema")
    store = PolarsStore()
    write_xes(log_of(store, FULL, ITEMS), store, tmp_path / "log.xes")
    schema = xmlschema.XMLSchema(str(SCHEMA))
    schema.validate(str(tmp_path / "log.xes"))
    wrong = (tmp_path / "log.xes").read_text().replace("<trace>", '<trace><event/><string key="a" value="b"/>', 1)
    assert not schema.is_valid(wrong)


@settings(max_examples=12)
@given(values=some.lists(some.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=30))
def test_any_text_is_written_and_what_xml_cannot_hold_is_shown_and_counted(values: list[tuple[str, str, str]]) -> None:
    contacts = [
        {"contact": f"c{n}", "start": NOON, "case": a or None, "subject": b or None, "words": c or None, "sequence": n}
        for n, (a, b, c) in enumerate(values)
    ]
    _, after, written = written_and_read(write_xes, "log.xes", contacts)
    assert len(after.contacts) == len(contacts)
    if written.replaced == 0:
        for each, before in zip(after.contacts, contacts, strict=True):
            for column in ("subject", "words"):
                said = before[column]
                assert each[column] == (str(said).strip() or None if said else None)


def test_signs_that_xml_cannot_hold_are_shown(tmp_path: Path) -> None:
    _, after, written = written_and_read(
        write_xes, "log.xes", [{"contact": "a\x01", "start": NOON, "need": "b\x1b\ufffe"}]
    )
    assert (after.contacts[0]["contact"], after.contacts[0]["need"]) == ("a␁", "b␛�")
    assert written.replaced == 3  # the id stands in two places


def test_keys_that_differ_by_capitals_or_are_called_line_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(
        '<log><trace><event><date key="time:timestamp" value="2026-03-02T10:00:00Z"/><string key="line" value="a"/>'
        '<string key="Line" value="b"/></event></trace></log>'
    )
    found = read(path, "start: time:timestamp\nteam: line\nneed: Line\n")
    assert [(each["team"], each["need"]) for each in found.contacts] == [("a", "b")]
