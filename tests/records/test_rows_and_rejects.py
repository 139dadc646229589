"""Hostile and careless files: what is wrong is said with file and line, and the rest goes on."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from makegood.records import CaseFiles, Mapping, Rejects, TableFile, read_case_files, read_mapping, read_table
from makegood.records.rows import UnreadableFile
from makegood.rules import Case, PledgeError
from makegood.schemes import load

CASES = "case_id,collection_date,bin_problem,severe_weather\n"
EVENTS = "case_id,event,at\n"
GOOD = "a,2026-08-05,none,no\n"


def judged(tmp_path: Path, cases: str | bytes, events: str | bytes = EVENTS) -> tuple[list[Case], Rejects]:
    for name, content in (("cases.csv", cases), ("events.csv", events)):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    rejects = Rejects()
    files = CaseFiles(cases=tmp_path / "cases.csv", events=tmp_path / "events.csv")
    return list(read_case_files(files, load("missed-bin"), rejects)), rejects


def only(rejects: Rejects) -> tuple[int, str, str]:
    assert len(rejects) == 1, [str(reject) for reject in rejects.rows]
    reject = rejects.rows[0]
    return reject.line, reject.column, reject.reason


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("b,2026-02-30,none,no", "collection_date", "no such date"),
        ("b,5/8/2026,none,no", "collection_date", "no such date"),
        ("b,9999-12-31,none,no", "collection_date", "no date that can be reckoned with"),
        ("b,0001-01-01,none,no", "collection_date", "no date that can be reckoned with"),
        ("b,0999-12-31,none,no", "collection_date", "no date that can be reckoned with"),
        ("a,2026-08-05,none,no", "case_id", "a case id again"),
        (",2026-08-05,none,no", "case_id", "no case id"),
        ("b,2026-08-05,none", "", "wrong number of fields"),
        ("b,2026-08-05,none,no,more", "", "wrong number of fields"),
        ('b,2026-08-05,"none,no', "", "a quotation mark that is not closed"),
        ("b;2026-08-05;none;no", "", "wrong number of fields"),
        ("b,2026-08-05," + "x" * 200_000 + ",no", "", "a field too long"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line_and_the_rest_goes_on(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    cases, rejects = judged(tmp_path, CASES + GOOD + row + "\nz,2026-08-06,none,no\n")
    assert [case.id for case in cases] == ["a", "z"]
    line, where, why = only(rejects)
    assert (line, where) == (3, column)
    assert why.startswith(reason)


@pytest.mark.parametrize(
    ("event", "column", "reason"),
    [
        ("a,missed_bin_reported,2026-08-06T10:00:00", "at", "no UTC offset"),
        ("a,missed_bin_reported,2026-08-06T24:00:00+01:00", "at", "no such time"),
        ("a,missed_bin_reported,2026-02-30T10:00:00+00:00", "at", "no such time"),
        ("a,missed_bin_reported,2026-08-06", "at", "no time of day"),
        ("a,missed_bin_reported,", "at", "no such time"),
        ("a,missed_bin_reported,0001-01-01T00:00:00Z", "at", "no time that can be reckoned with"),
        ("a,missed_bin_reported,9999-12-31T23:59:59-14:00", "at", "no time that can be reckoned with"),
        ("a,missed_bin_reported,9001-01-01T00:00:00", "at", "no time that can be reckoned with"),
        ("a,,2026-08-06T10:00:00+01:00", "event", "no event named"),
        ("nobody,missed_bin_reported,2026-08-06T10:00:00+01:00", "case_id", "an event of an unknown case"),
        (",missed_bin_reported,2026-08-06T10:00:00+01:00", "case_id", "no case id"),
    ],
)
def test_a_bad_event_is_set_aside_and_nothing_is_guessed(tmp_path: Path, event: str, column: str, reason: str) -> None:
    good = "a,bin_collected,2026-08-06T12:00:00+01:00\n"
    cases, rejects = judged(tmp_path, CASES + GOOD, EVENTS + event + "\n" + good)
    assert [fact.name for fact in cases[0].facts] == ["bin_collected"]
    line, where, why = only(rejects)
    assert (line, where) == (2, column)
    assert why.startswith(reason)


def test_the_events_of_a_case_that_was_set_aside_are_set_aside_too(tmp_path: Path) -> None:
    events = EVENTS + "b,bin_collected,2026-08-06T12:00:00+01:00\n"
    cases, rejects = judged(tmp_path, CASES + GOOD + "b,never,none,no\n", events)
    assert [case.id for case in cases] == ["a"]
    assert [reject.reason.split(":")[0] for reject in rejects.rows] == ["no such date", "its case was set aside"]


def test_bytes_that_are_no_utf_8_spoil_their_own_row_and_an_encoding_can_be_named(tmp_path: Path) -> None:
    content = (CASES + GOOD + "b,2026-08-05,caf\u00e9,no\n").encode("latin-1")
    cases, rejects = judged(tmp_path, content)
    assert [case.id for case in cases] == ["a"]
    assert only(rejects)[2].startswith("not in the file's encoding")
    named = CaseFiles(cases=tmp_path / "cases.csv", events=tmp_path / "events.csv", encoding="latin-1")
    cases = list(read_case_files(named, load("missed-bin"), Rejects()))
    assert cases[1].details["bin_problem"] == "caf\u00e9"


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + CASES + GOOD,
        (CASES + GOOD).replace(",", ";"),
        (CASES + GOOD).replace(",", "\t"),
        (CASES + GOOD).replace(",", "|"),
        (CASES + GOOD).replace("\n", "\r\n"),
        CASES + GOOD.rstrip("\n"),
        CASES + "\n" + GOOD + "\n\n",
        CASES + '"a","2026-08-05","none","no"\n',
    ],
)
def test_what_spreadsheets_do_to_a_file_is_read(tmp_path: Path, content: str) -> None:
    cases, rejects = judged(tmp_path, content)
    assert not rejects, [str(reject) for reject in rejects.rows]
    details = {"collection_date": "2026-08-05", "bin_problem": "none", "severe_weather": "no"}
    assert cases == [Case(id="a", details=details)]


def test_a_case_called_na_is_a_case(tmp_path: Path) -> None:
    cases, rejects = judged(tmp_path, CASES + "NA,2026-08-05,none,no\nnull,2026-08-05,NA,no\n")
    assert [case.id for case in cases] == ["NA", "null"]
    assert cases[1].details["bin_problem"] == "NA"
    assert not rejects


def test_a_stray_quotation_mark_loses_no_other_row(tmp_path: Path) -> None:
    rows = "".join(f"c{number},2026-08-05,none,no\n" for number in range(500))
    cases, rejects = judged(tmp_path, CASES + 'a,2026-08-05,"none,no\n' + rows)
    assert len(cases) == 500
    assert len(rejects) == 1


def test_a_field_may_run_over_several_lines(tmp_path: Path) -> None:
    cases, rejects = judged(tmp_path, CASES + 'a,2026-08-05,"lid\nup",no\nb,2026-08-05,none,no\n')
    assert cases[0].details["bin_problem"] == "lid\nup"
    assert [case.id for case in cases] == ["a", "b"]
    assert not rejects


def test_gzip_is_read_and_a_damaged_one_is_said(tmp_path: Path) -> None:
    cases, _ = judged(tmp_path, gzip.compress((CASES + GOOD).encode()))
    assert [case.id for case in cases] == ["a"]
    with pytest.raises(UnreadableFile, match="ends too early or is damaged"):
        judged(tmp_path, gzip.compress((CASES + GOOD * 1000).encode())[:-20])


@pytest.mark.parametrize(
    ("header", "why"),
    [("", "no header"), ("id,x\n", "there is no column “case_id”"), ("case_id,x,x\n", "names “x” twice")],
)
def test_a_file_without_a_usable_header_is_refused(tmp_path: Path, header: str, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        judged(tmp_path, header)


def test_a_wide_table_is_read_by_a_mapping(tmp_path: Path) -> None:
    mapping = read_mapping(
        "case id: ref\nzone: Europe/London\nformat: '%d/%m/%Y %H:%M'\nmissing: [NULL]\n"
        "facts: {missed_bin_reported: opened, bin_collected: closed}\n"
        "details:\n  bin_problem: {always: none}\n  severe_weather: {column: storm, values: {Y: yes, N: no}}\n"
    )
    path = tmp_path / "export.csv"
    path.write_text("ref;opened;closed;storm\n1;05/08/2026 09:30;NULL;N\n2;31/02/2026 09:30;;N\n", encoding="utf-8")
    rejects = Rejects()
    cases = list(read_table(TableFile(path=path, mapping=mapping), load("missed-bin"), rejects))
    assert [fact.at.isoformat() for fact in cases[0].facts] == ["2026-08-05T09:30:00+01:00"]
    assert cases[0].details == {"bin_problem": "none", "severe_weather": "no"}
    assert only(rejects)[:2] == (3, "opened")


def test_a_mapping_with_mistakes_says_all_of_them() -> None:
    with pytest.raises(PledgeError) as caught:
        read_mapping("case_id: x\nzone: Mars\ndetails: {ward: {}}\n")
    assert {finding.code for finding in caught.value.findings} == {"unknown-key", "missing-key", "zone"}


def test_a_mapping_without_a_zone_wants_offsets() -> None:
    assert Mapping().zone == ""


def test_events_and_details_that_nobody_knows_are_named(tmp_path: Path) -> None:
    events = EVENTS + "a,bin_colected,2026-08-06T12:00:00+01:00\n"
    _, rejects = judged(tmp_path, CASES.replace("severe_weather", "sever_weather") + GOOD, events)
    assert not rejects
    assert [note.split(": ", 1)[1] for note in rejects.notes] == [
        "no column for the detail “severe_weather”; did you mean “sever_weather”?",
        "1 × “bin_colected”, which is no fact of the pledge and without effect; did you mean “bin_collected”?",
    ]


@pytest.mark.parametrize(
    ("encoding", "hint"),
    [("utf-16", "utf-16"), ("utf-16-le", "utf-16"), ("utf-16-be", "utf-16"), ("cp1252", "latin-1")],
)
def test_a_header_that_is_not_in_the_encoding_is_refused_with_one_to_try(
    tmp_path: Path, encoding: str, hint: str
) -> None:
    with pytest.raises(UnreadableFile, match=f"the header is not in the encoding utf-8; .* --encoding {hint}"):
        judged(tmp_path, f"case_id,größe\n{GOOD}".encode(encoding))
