"""The batch engine and people's files: clean or hostile, wide or long, it says of them what the library says."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from makegood import schemes
from makegood.analytics.batch import Refused, Summary, run
from makegood.records import CaseFiles, Mapping, Rejects, TableFile, read_case_files, result_row
from makegood.records.mapping import SourceColumn
from makegood.rules import evaluate_all, read_pledge

AS_OF = datetime.fromisoformat("2026-09-15T10:00:00+01:00")
CASES = """case_id,collection_date,bin_problem,severe_weather
b1,2026-06-11,none,no
b2,2026-06-11,snow,no
NA,2026-06-12,none,yes
b4,,none,no
"""
EVENTS = """case_id,event,at
b1,missed_bin_reported,2026-06-12T09:00:00+01:00
b1,bin_collected,2026-06-16T18:00:00.999+01:00
b2,missed_bin_reported,2026-06-12 09:00:00Z
NA,missed_bin_reported,2026-06-12T09:00:00+01:00
b4,missed_bin_reported,2026-06-12T09:00:00+01:00
"""
HOSTILE_CASES = [
    '"b5",2026-06-11,none,no', '"b,6",2026-06-11,"no""ne",no', "b7 ,2026-06-11, none ,no", "b1,2026-06-11,none,no",
    "b8,2026-13-11,none,no", "b9,2026-06-11,none", "", 'b10,2026-06-11,"a\nb",no', 'b11,2026-06-11,a"b,no',
    'b12,2026-06-11,"open,no', " ,x,y,z", "b13,20260611,none,no", "\u00a0b14\u00a0,2026-06-11,none,no",
    "b15,2026-06-11," + "x" * 100_001 + ",no", "b16,2026-06-11,'; drop table x;--,no", "b17,2026-06-11,none,no\r",
    "b18,2026-06-11,\x00,no", "\ufeffb19,2026-06-11,none,no",
]  # fmt: skip
HOSTILE_EVENTS = [
    "b1,bin_collected,2026-06-16T24:00:00+01:00", "b1,bin_collected,2026-06-16T18:00:00", "b1,,2026-06-16T18:00:00Z",
    "zz,bin_collected,2026-06-16T18:00:00Z", "b1,bin_collected,", "b1, bin_collected ,2026-06-16T17:00:00Z",
    "b1,something-else,2026-06-16T17:00:00Z", "b1,bin_collected,20260616T170000Z", "b1,bin_collected,2026-06-16T17:00Z",
    "b1,bin_collected,9999-06-16T17:00:00Z", "b1,bin_collected,2026-06-16T17:00:60Z",
    "b1,bin_collected,2026-06-16T17:00:00-0130",
]  # fmt: skip


def _files(folder: Path, cases: str, events: str) -> CaseFiles:
    (folder / "cases.csv").write_bytes(cases.encode())
    (folder / "events.csv").write_bytes(events.encode())
    return CaseFiles(cases=folder / "cases.csv", events=folder / "events.csv")


def _both(files: CaseFiles) -> Summary:
    """Both ways give the same rows and set the same aside."""
    pledge = schemes.load("missed-bin")
    aside, batch_aside = Rejects(), Rejects()
    known = list(read_case_files(files, pledge, aside))
    outcomes = evaluate_all(pledge, known, as_of=AS_OF, calendars=schemes.CALENDARS)
    expected = sorted(tuple(result_row(outcome).values()) for outcome in outcomes if outcome.has_row)
    output = io.StringIO(newline="")
    summary = run(pledge, files, as_of=AS_OF, calendars=schemes.CALENDARS, output=output, rejects=batch_aside)
    assert sorted(map(tuple, list(csv.reader(io.StringIO(output.getvalue(), newline="")))[1:])) == expected
    assert sorted(map(str, batch_aside.rows)) == sorted(map(str, aside.rows))
    return summary


@pytest.mark.parametrize("row", HOSTILE_CASES)
def test_a_hostile_row_of_a_case_is_read_or_set_aside_as_the_careful_reader_does(row: str, tmp_path: Path) -> None:
    _both(_files(tmp_path, CASES + row + "\n", EVENTS))


@pytest.mark.parametrize("row", HOSTILE_EVENTS)
def test_a_hostile_row_of_an_event_is_read_or_set_aside_as_the_careful_reader_does(row: str, tmp_path: Path) -> None:
    _both(_files(tmp_path, CASES, EVENTS + row + "\n"))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.splitlines()[0] + "\n",
    ],
    ids=["plain", "carriage returns", "byte-order mark", "semicolons", "tabs", "nothing but a header"],
)
def test_the_form_of_a_file_does_not_matter(change: Callable[[str], str], tmp_path: Path) -> None:
    _both(_files(tmp_path, change(CASES), change(EVENTS)))


def test_packed_files_are_read(tmp_path: Path) -> None:
    files = CaseFiles(cases=tmp_path / "cases.csv.gz", events=tmp_path / "events.csv.gz")
    files.cases.write_bytes(gzip.compress(CASES.encode()))
    files.events.write_bytes(gzip.compress(EVENTS.encode()))
    assert not _both(files).careful


def test_clean_files_are_read_fast_and_odd_ones_row_by_row(tmp_path: Path) -> None:
    assert not _both(_files(tmp_path, CASES, EVENTS)).careful
    assert _both(_files(tmp_path, CASES + "b5 ,2026-06-11,none,no\n", EVENTS)).careful


# --- wide tables -------------------------------------------------------------------------------------

MAPPING = Mapping(
    case_id="id",
    zone="Europe/London",
    facts={"missed_bin_reported": "told", "bin_collected": "done"},
    recorded={"bin_collected": "noted"},
    details={
        "collection_date": SourceColumn(column="day"),
        "bin_problem": SourceColumn(always="none"),
        "severe_weather": SourceColumn(column="snow"),
    },
)
_WIDE = """
SELECT * FROM (VALUES
  ('w1', TIMESTAMP '2026-06-12 09:00:00', TIMESTAMP '2026-06-16 18:00:00', TIMESTAMP '2026-06-16 19:00:00', DATE '2026-06-11', false),
  ('w2', TIMESTAMP '2026-03-29 01:30:00', NULL, NULL, DATE '2026-03-28', true),
  ('w3', TIMESTAMP '2026-06-12 09:00:00', TIMESTAMP '2026-06-16 18:00:01', TIMESTAMP '2026-12-01 00:00:00', DATE '2026-06-11', NULL),
  {more}
) t(id, told, done, noted, day, snow)
"""  # noqa: E501 - a table reads best with a row a line


def _wide(folder: Path, more: str, engine: str) -> tuple[Summary, list[tuple[str, ...]], Rejects]:
    path, output, aside = folder / "wide.parquet", folder / "out.parquet", Rejects()
    duckdb.execute(f"COPY ({_WIDE.format(more=more)}) TO '{path}' (FORMAT parquet)")
    summary = run(
        schemes.load("missed-bin"), TableFile(path=path, mapping=MAPPING), as_of=AS_OF, calendars=schemes.CALENDARS,
        output=output, form="parquet", engine=engine, rejects=aside,
    )  # fmt: skip
    columns = "case_id, status, epoch(due_at)::BIGINT::VARCHAR, owed_gbp::VARCHAR, reason"
    return summary, duckdb.execute(f"SELECT {columns} FROM '{output}' ORDER BY case_id").fetchall(), aside


@pytest.mark.parametrize("engine", ["batch", "polars"])
def test_a_wide_parquet_file_is_judged_by_its_typed_columns_and_the_mapping_s_zone(engine: str, tmp_path: Path) -> None:
    summary, rows, aside = _wide(tmp_path, "('w4', NULL, NULL, NULL, DATE '2026-06-11', false)", engine)
    assert summary == Summary(rows=3)
    assert rows == [
        ("w1", "kept", "1781629200", "0.00", ""),
        ("w2", "excused", "1774976400", "0.00", "severe_weather is yes"),
        ("w3", "broken", "1781629200", "0.00", ""),
    ]
    assert not aside


def test_a_case_id_that_comes_twice_is_set_aside_in_a_parquet_file_too(tmp_path: Path) -> None:
    again = "('w1', TIMESTAMP '2026-06-12 09:00:00', NULL, NULL, DATE '2026-06-11', false)"
    _, rows, aside = _wide(tmp_path, again, "batch")
    assert [row[0] for row in rows] == ["w1", "w2", "w3"]
    assert len(aside) == 1
    assert "again" in aside.rows[0].reason


# --- what is not compiled ------------------------------------------------------------------------------

_TOGETHER = """
pledge: twice
title: Twice
subject: home
facts: {asked: you ask, done: we do it}
details: {home: text}
standards:
  help:
    when: asked
    we will: done
    within: 24 hours
    if we do not: [{pay: £10, repeated: the 2nd in 12 months}]
  thank:
    when: asked
    we will: done
    within: 48 hours
    if we do not: [apologise]
"""
_TWO = "case_id,home\n1,a\n2,a\n3,b\n"
_ASKED = "case_id,event,at\n" + "".join(f"{case},asked,2026-06-0{case}T09:00:00Z\n" for case in "123")


@pytest.mark.parametrize("engine", ["batch", "polars"])
def test_what_is_not_compiled_is_judged_one_by_one_and_said(engine: str, tmp_path: Path) -> None:
    pledge, told, output = read_pledge(_TOGETHER), list[str](), io.StringIO(newline="")
    summary = run(
        pledge, _files(tmp_path, _TWO, _ASKED), as_of=AS_OF, calendars=schemes.CALENDARS, output=output, engine=engine,
        say=told.append,
    )  # fmt: skip
    assert set(summary.one_by_one) == {"help"}
    assert len(told) == 1
    assert "help" in told[0]
    owed = {
        (row["case_id"], row["standard"]): row["owed_gbp"] for row in csv.DictReader(io.StringIO(output.getvalue()))
    }
    assert len(owed) == 6
    assert [case for case, sum_ in owed.items() if sum_ != "0.00"] == [("2", "help")]


def test_without_judging_one_by_one_such_a_pledge_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="help: repeats and caps over the cases of one subject"):
        run(
            read_pledge(_TOGETHER), _files(tmp_path, _TWO, _ASKED), as_of=AS_OF, calendars=schemes.CALENDARS,
            output=io.StringIO(), no_fallback=True,
        )  # fmt: skip


def test_instants_in_nanoseconds_as_pandas_writes_them_are_judged(tmp_path: Path) -> None:
    path, output = tmp_path / "nanoseconds.parquet", tmp_path / "out.parquet"
    at = "TIMESTAMPTZ '2026-06-{} 09:00:00+01'::TIMESTAMPTZ_NS"
    columns = f"'n1' AS id, {at.format(12)} AS told, {at.format(16)} AS done, NULL::TIMESTAMPTZ_NS AS noted"
    duckdb.execute(f"COPY (SELECT {columns}, DATE '2026-06-11' AS day, false AS snow) TO '{path}' (FORMAT parquet)")
    summary = run(
        schemes.load("missed-bin"), TableFile(path=path, mapping=MAPPING), as_of=AS_OF, calendars=schemes.CALENDARS,
        output=output, form="parquet",
    )  # fmt: skip
    assert summary.rows == 1
    assert duckdb.execute(f"SELECT status, epoch(due_at)::BIGINT FROM '{output}'").fetchall() == [("kept", 1781629200)]
