"""Exports in the shapes that councils have: a mapping reads them, or the answer says clearly what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.records import Rejects, TableFile, read_mapping, read_table
from makegood.records.rows import UnreadableFile
from makegood.rules import Case, Outcome, evaluate_all, read_pledge
from makegood.schemes import CALENDARS

PLEDGE = read_pledge(
    """
pledge: potholes
title: If your road has a hole
calendar: england-and-wales
facts: {reported: you tell us of a hole, repaired: we have mended it}
details:
  dangerous: {is: yes or no, says: somebody could be hurt}
  inspected_on: {is: date, says: the day of the last inspection}
  ward: {is: text, says: the ward}
standards:
  repair:
    when: reported
    we will: repaired
    within: [1 working day if dangerous, 20 working days if not dangerous]
    if we do not: [apologise]
""",
    calendars=CALENDARS,
)
MAPPING = """
case id: Enquiry Ref
zone: Europe/London
format: "%d/%m/%Y %H:%M"
date format: "%d/%m/%Y"
facts: {reported: Date Logged, repaired: Date Closed}
details:
  dangerous: {column: Dangerous?, values: {Y: yes, Yes: yes, YES: yes, N: no, No: no, NO: no}}
  inspected_on: Inspected
  ward: Ward
missing: [NULL, N/A, "-"]
"""
HEAD = "Enquiry Ref;Date Logged;Date Closed;Dangerous?;Inspected;Ward\n"


def read(
    tmp_path: Path, table: str, *, mapping: str = MAPPING, written: str = "utf-8", encoding: str = "utf-8"
) -> tuple[list[Case], Rejects]:
    """The cases of a table written in one encoding and read in another, and what was set aside."""
    (tmp_path / "export.csv").write_bytes(table.encode(written))
    rejects = Rejects()
    file = TableFile(path=tmp_path / "export.csv", mapping=read_mapping(mapping), encoding=encoding)
    return list(read_table(file, PLEDGE, rejects)), rejects


def outcome(case: Case) -> Outcome:
    (only,) = evaluate_all(PLEDGE, [case], as_of=datetime(2026, 6, 1, tzinfo=UTC), calendars=CALENDARS)
    return only


def test_dates_as_written_in_britain_semicolons_and_blank_closing_dates_are_read(tmp_path: Path) -> None:
    rows = "1;01/05/2026 09:05;05/05/2026 10:00;No;30/04/2026;Abbey\r\n2;22/05/2026 09:05;;YES;;Abbey\r\n"
    (first, second), rejects = read(tmp_path, HEAD + rows)
    assert not rejects
    assert first.details == {"dangerous": "no", "inspected_on": "2026-04-30", "ward": "Abbey"}
    assert [fact.at.isoformat() for fact in first.facts] == ["2026-05-01T09:05:00+01:00", "2026-05-05T10:00:00+01:00"]
    assert (str(outcome(first).status), str(outcome(second).status)) == ("kept", "broken")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8-sig", "utf-16"])
def test_other_encodings_are_read_when_they_are_named(tmp_path: Path, encoding: str) -> None:
    row = "1;01/05/2026 09:05;;No;;Ynys Môn\n"
    (case,), rejects = read(tmp_path, HEAD + row, written=encoding, encoding=encoding)
    assert not rejects
    assert case.details["ward"] == "Ynys Môn"


def test_another_encoding_that_is_not_named_is_said_and_only_its_rows_are_set_aside(tmp_path: Path) -> None:
    rows = "1;01/05/2026 09:05;;No;;Ynys Môn\n2;01/05/2026 09:05;;No;;Abbey\n"
    cases, rejects = read(tmp_path, HEAD + rows, written="latin-1")
    assert [case.id for case in cases] == ["2"]
    assert "--encoding latin-1" in rejects.rows[0].reason


@pytest.mark.parametrize("word", ["NULL", "N/A", "-", "", "  "])
def test_words_for_not_given_are_not_given(tmp_path: Path, word: str) -> None:
    (case,), rejects = read(tmp_path, HEAD + f"1;01/05/2026 09:05;{word};No;{word};{word}\n")
    assert not rejects
    assert [fact.name for fact in case.facts] == ["reported"]
    assert case.details == {"dangerous": "no"}


@pytest.mark.parametrize("word", ["yES", "true", "1", "perhaps"])
def test_a_word_that_the_mapping_does_not_turn_into_yes_or_no_makes_the_case_unknown(tmp_path: Path, word: str) -> None:
    (case,), _ = read(tmp_path, HEAD + f"1;01/05/2026 09:05;;{word};;Abbey\n")
    assert str(outcome(case).status) == "unknown"
    assert outcome(case).missing == ("dangerous",)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("1;31/04/2026 09:05;;No;;Abbey", "Date Logged", "no such time: “31/04/2026 09:05” does not fit"),
        ("1;05/13/2026 09:05;;No;;Abbey", "Date Logged", "no such time: “05/13/2026 09:05” does not fit"),
        ("1;01/05/2026;;No;;Abbey", "Date Logged", "no such time: “01/05/2026” does not fit %d/%m/%Y %H:%M"),
        ("1;01/05/2026 24:00;;No;;Abbey", "Date Logged", "no such time"),
        ("1;46143.5;;No;;Abbey", "Date Logged", "no such time: “46143.5” does not fit"),
        ("1;01/05/2026 09:05;;No;2026-04-30;Abbey", "Inspected", "no such date: “2026-04-30” does not fit %d/%m/%Y"),
        ("1;01/05/2026 09:05;;No;30/02/2026;Abbey", "Inspected", "no such date: “30/02/2026” does not fit"),
        ("1;01/05/2026 09:05;;No;31/12/9999;Abbey", "Inspected", "no date that can be reckoned with: “31/12/9999”"),
        ("1;01/01/0001 00:00;;No;;Abbey", "Date Logged", "no time that can be reckoned with: “01/01/0001 00:00”"),
        ("Total;1;;;;", "Date Logged", "no such time: “1” does not fit"),
    ],
)
def test_a_cell_that_does_not_fit_is_set_aside_with_its_column(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    cases, rejects = read(tmp_path, HEAD + row + "\n2;01/05/2026 09:05;;No;;Abbey\n")
    assert [case.id for case in cases] == ["2"]
    (reject,) = rejects.rows
    assert (reject.line, reject.column) == (2, column)
    assert reject.reason.startswith(reason)


def test_times_without_an_offset_need_a_zone_in_the_mapping(tmp_path: Path) -> None:
    mapping = "case id: ref\nfacts: {reported: logged}\n"
    cases, rejects = read(tmp_path, "ref,logged\n1,2026-05-01 09:05\n", mapping=mapping)
    assert not cases
    assert "name the zone in a mapping" in rejects.rows[0].reason


@pytest.mark.parametrize(
    ("local", "instant"),
    [("25/10/2026 01:30", "2026-10-25T01:30:00+00:00"), ("29/03/2026 01:30", "2026-03-29T02:00:00+01:00")],
)
def test_a_local_time_at_a_clock_change_is_the_later_one_or_the_first_after_the_gap(
    tmp_path: Path, local: str, instant: str
) -> None:
    (case,), rejects = read(tmp_path, HEAD + f"1;{local};;No;;Abbey\n")
    assert not rejects
    assert [fact.at.isoformat() for fact in case.facts] == [instant]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("Report produced on 1 May\n" + HEAD, "there is no column “Enquiry Ref”"),
        (HEAD.replace("Date Logged", "Logged Date"), "there is no column “Date Logged”"),
        (HEAD.replace("Ward", "Inspected"), "the header names “Inspected” twice"),
        ("", "the file has no header line"),
    ],
)
def test_a_table_whose_header_does_not_fit_is_refused_as_a_whole(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        read(tmp_path, table)


def test_a_date_that_is_the_same_for_every_case_is_written_as_in_a_pledge(tmp_path: Path) -> None:
    mapping = MAPPING.replace("inspected_on: Inspected", "inspected_on: {always: 2026-04-30}")
    (case,), rejects = read(tmp_path, HEAD + "1;01/05/2026 09:05;;No;;Abbey\n", mapping=mapping)
    assert not rejects
    assert case.details["inspected_on"] == "2026-04-30"
