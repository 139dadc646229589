"""Contact logs in which the date stands in one column and the time of day in another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.analytics.journeys.logs.mapping import read_log_mapping
from makegood.analytics.staging import connected
from makegood.records.rows import UnreadableFile
from makegood.rules import PledgeError

from .rounds import Found, read

TWO = "start: {date: Date, time: Time}\nzone: Europe/London\n"
BRITISH = TWO + "format: '%d/%m/%Y %H:%M'\n"


def read_rows(folder: Path, rows: str, mapping: str = TWO, header: str = "Date,Time") -> Found:
    path = folder / "log.csv"
    path.write_text(f"{header}\n{rows}\n")
    return read(path, mapping)


def read_parquet(folder: Path, columns: str, mapping: str = TWO) -> Found:
    path = folder / "log.parquet"
    with connected(folder) as database:
        database.execute(f"COPY (SELECT {columns}) TO '{path}' (FORMAT parquet)")
    return read(path, mapping)


def starts(found: Found) -> list[datetime]:
    return [datetime.fromtimestamp(each["start"] / 1_000_000, UTC) for each in found.contacts]


SUMMER = datetime(2026, 7, 2, 8, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "mapping"),
    [
        ("2026-07-02,09:10", TWO),
        ("2026-07-02,9:10", TWO),
        ("2026-07-02,09:10:00.000", TWO),
        ("2026-07-02,08:10Z", TWO),
        ("2026-07-02 00:00:00,09:10", TWO),
        ("2026-07-02T00:00:00.000,1899-12-30 09:10:00", TWO),
        (" 02/07/2026 , 09:10 ", BRITISH),
        ("2/7/2026,9:10", BRITISH),
        ("02/07/2026 00:00:00,09:10", BRITISH),
        ("02/07/2026,30/12/1899 09:10", BRITISH),
        ("02/07/2026,09:10:00", TWO + "format: '%d/%m/%Y'\n"),
        ("2026-07-02,9.10 am", TWO + "format: '%I.%M %p'\n"),
        ('"2 July, 2026",0910', TWO + "format: '%d %B, %Y, %H%M'\n"),
        ("02.07.26,09:10", TWO + "format: '%d.%m.%yT%H:%M'\n"),
    ],
)
def test_a_date_and_a_time_of_day_are_one_instant_however_they_are_written(
    tmp_path: Path, row: str, mapping: str
) -> None:
    found = read_rows(tmp_path, row, mapping)
    assert not found.rejects.rows, [str(each) for each in found.rejects.rows]
    assert starts(found) == [SUMMER]
    assert found.contacts[0]["offset"] == (0 if row.endswith("Z") else 3600)


@pytest.mark.parametrize(
    "columns",
    [
        "DATE '2026-07-02' AS Date, TIME '09:10:00' AS Time",
        "DATE '2026-07-02' AS Date, TIMETZ '09:10:00+00' AS Time",
        "TIMESTAMP '2026-07-02 00:00:00' AS Date, TIME '09:10:00' AS Time",
        "TIMESTAMP_NS '2026-07-02 00:00:00' AS Date, TIMESTAMP '1899-12-30 09:10:00' AS Time",
        "DATE '2026-07-02' AS Date, TIMESTAMP '2026-07-02 09:10:00' AS Time",
        "DATE '2026-07-02' AS Date, '09:10' AS Time",
        "'2026-07-02' AS Date, TIME '09:10:00' AS Time",
    ],
)
def test_typed_columns_of_parquet_are_taken_by_what_the_clock_showed(tmp_path: Path, columns: str) -> None:
    found = read_parquet(tmp_path, columns)
    assert not found.rejects.rows, [str(each) for each in found.rejects.rows]
    assert starts(found) == [SUMMER]


def test_a_format_is_for_the_columns_of_text_alone(tmp_path: Path) -> None:
    found = read_parquet(tmp_path, "DATE '2026-07-02' AS Date, '9.10' AS Time", TWO + "format: '%d/%m/%Y %H.%M'\n")
    assert starts(found) == [SUMMER]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("02/07/2026,", "start: a date without a time of day"),
        ("02/07/2026,n/a", "start: a date without a time of day"),
        (",09:10", "start: a time of day without a date"),
        (",", "start: none is given"),
        ("31/02/2026,09:10", "“%d/%m/%Y %H:%M”"),
        ("02/07/2026,25:10", "“%d/%m/%Y %H:%M”"),
        ("02/07/2026 11:00,09:10", "“%d/%m/%Y %H:%M”"),
        ("02/07/2026,03/07/2026 09:10", "“%d/%m/%Y %H:%M”"),
    ],
)
def test_a_row_without_both_is_set_aside_with_the_reason(tmp_path: Path, row: str, reason: str) -> None:
    found = read_rows(tmp_path, f"{row}\n01/07/2026,10:00", BRITISH + "missing: [n/a]\n")
    assert len(found.contacts) == 1
    ((line, column, said),) = [(each.line, each.column, each.reason) for each in found.rejects.rows]
    assert (line, column) == (2, "Date, Time")
    assert reason in said


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ("DATE '2026-07-02' AS Date, 910 AS Time", "no times of day there but the type INTEGER"),
        ("46205.5::DOUBLE AS Date, TIME '09:10:00' AS Time", "no dates there but the type DOUBLE"),
        ("TIMESTAMP '2026-07-02 11:00:00' AS Date, TIME '09:10:00' AS Time", "no such instant"),
        ("DATE '2026-07-02' AS Date, TIMESTAMP '2026-07-03 09:10:00' AS Time", "no such instant"),
        ("DATE 'infinity' AS Date, TIME '09:10:00' AS Time", "no such instant"),
    ],
)
def test_what_no_date_and_time_of_day_could_be_is_set_aside(tmp_path: Path, columns: str, reason: str) -> None:
    found = read_parquet(tmp_path, columns)
    assert not found.contacts
    assert [reason in each.reason for each in found.rejects.rows] == [True]


def test_without_a_zone_two_columns_are_not_guessed_at_either(tmp_path: Path) -> None:
    found = read_rows(tmp_path, "2026-07-02,09:10", "start: {date: Date, time: Time}\n")
    assert "a “zone”" in found.rejects.rows[0].reason


def test_an_end_without_a_time_of_day_is_not_known_and_so_is_a_promised_date_which_is_told(tmp_path: Path) -> None:
    given = TWO + "end: {date: Date, time: Until}\ndue: {date: By, time: At}\n"
    rows = "2026-07-02,09:10,09:30,2026-07-03,12:00\n2026-07-02,09:10,,2026-07-03,"
    found = read_rows(tmp_path, rows, given, "Date,Time,Until,By,At")
    ends = {each["end"] and (each["end"] - each["start"]) // 60_000_000: each["due"] for each in found.contacts}
    assert set(ends) == {20, None}
    assert ends[20] is not None
    assert ends[None] is None
    assert not found.rejects.rows
    assert any("1 × due" in note for note in found.rejects.notes)


def test_a_column_that_is_not_there_is_named_for_either(tmp_path: Path) -> None:
    for given in ("{date: Dat, time: Time}", "{date: Date, time: Tim}"):
        with pytest.raises(UnreadableFile, match=r"no column “(Dat|Tim)” for start"):
            read_rows(tmp_path, "2026-07-02,09:10", f"start: {given}\n")
    with pytest.raises(UnreadableFile, match=r"map “start”, {date: …, time: …} if it stands in two"):
        read_rows(tmp_path, "2026-07-02,09:10", "zone: Europe/London\n")


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("start: {date: Date}\n", "“date” and “time” and nothing else"),
        ("start: {time: Time}\n", "“date” and “time” and nothing else"),
        ("start: {date: Date, time: Time, values: {a: b}}\n", "“date” and “time” and nothing else"),
        ("start: {column: When, time: Time}\n", "“date” and “time” and nothing else"),
        ("start: {date: When, time: When}\n", "for both the date and the time"),
        ("start: [Date, Time]\n", "{date: Date, time: Time}"),
        ("start: {columns: [Date, Time]}\n", "has no key “columns”"),
        ("start: s\nsubject: {date: Date, time: Time}\n", "has no key “date”"),
        ("start: {date: D, time: T}\nformat: '%H:%M %d/%m/%Y'\n", "first the date, then the time of day"),
        ("start: {date: D, time: T}\nformat: '%d/%m/%Y %H:%M %z'\n", "with an offset"),
        ("start: {date: D, time: T}\nformat: 'day month year'\n", "first the date, then the time of day"),
    ],
)
def test_a_mapping_that_says_it_wrongly_is_refused_with_place_and_mend(mapping: str, says: str) -> None:
    with pytest.raises(PledgeError, match=r"log\.yaml:\d") as found:
        read_log_mapping(mapping, "log.yaml")
    assert says in str(found.value)


def test_a_pattern_with_an_offset_needs_no_zone(tmp_path: Path) -> None:
    given = "start: When\nformat: '%d/%m/%Y %H:%M %z'\n"
    for zone in ("", "zone: America/New_York\n"):
        assert starts(read_rows(tmp_path, "02/07/2026 09:10 +0100", given + zone, "When")) == [SUMMER]
