"""What the engines cannot hold or run: it is judged one by one, or set aside, and said; never lost, never a crash."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from makegood import schemes
from makegood.analytics.batch import Refused, Summary, run
from makegood.analytics.conversions import text
from makegood.analytics.engine import lazy, together
from makegood.analytics.parquet import cases_in_parquet
from makegood.analytics.program.standards import OUTCOME_COLUMNS
from makegood.records import CaseFiles, Mapping, Rejects, TableFile, read_case_files, result_row
from makegood.records.mapping import SourceColumn
from makegood.rules import Case, Pledge, evaluate_all, read_pledge

AS_OF = datetime.fromisoformat("2026-09-15T10:00:00+01:00")
ENGINES = ("batch", "polars")
Rows = list[tuple[str, ...]]


def _expected(pledge: Pledge, cases: list[Case]) -> Rows:
    outcomes = evaluate_all(pledge, cases, as_of=AS_OF, calendars=schemes.CALENDARS)
    return sorted(tuple(result_row(outcome).values()) for outcome in outcomes if outcome.has_row)


def _judged(
    pledge: Pledge, source: CaseFiles | TableFile, engine: str, *, no_fallback: bool = False
) -> tuple[Rows, Summary, Rejects, list[str]]:
    output, told, aside = io.StringIO(newline=""), list[str](), Rejects()
    summary = run(
        pledge, source, as_of=AS_OF, calendars=schemes.CALENDARS, output=output, engine=engine, say=told.append,
        rejects=aside, no_fallback=no_fallback,
    )  # fmt: skip
    rows = [tuple(row) for row in csv.reader(io.StringIO(output.getvalue(), newline=""))]
    return sorted(rows[1:]), summary, aside, told


def _files(folder: Path, cases: str, events: str) -> CaseFiles:
    (folder / "cases.csv").write_text(cases, encoding="utf-8")
    (folder / "events.csv").write_text(events, encoding="utf-8")
    return CaseFiles(cases=folder / "cases.csv", events=folder / "events.csv")


# --- programs too large ------------------------------------------------------------------------------

_PAUSED = """
pledge: paused
title: Paused again and again
calendar: england-and-wales
facts: {asked: you ask, done: we do it, shut: we cannot get in, let: you let us in, sent: we order, came: it comes}
details: {kind: "one of a, b"}
standards:
  thank:
    when: asked
    we will: done
    within: 48 hours
    if we do not: [apologise]
  help:
    when: asked
    we will: done
    within: [3 working days if kind is a, 10 working days if kind is b]
    paused: [{from: shut, until: let}, {from: sent, until: came}]
    if we do not: [{pay: £1 for each working day or part}]
"""


def _pauses(folder: Path, times: int) -> CaseFiles:
    events = ["1,asked,2026-05-01T09:00:00Z"]
    for day in range(2, 2 + times):
        for hour, fact in ((10, "shut"), (11, "let"), (12, "sent"), (13, "came")):
            events.append(f"1,{fact},2026-05-{day:02}T{hour}:00:00Z")
    return _files(folder, "case_id,kind\n1,a\n2,b\n", "\n".join(["case_id,event,at", *events, ""]))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_standard_paused_so_often_that_its_program_grows_too_large_is_judged_one_by_one(
    engine: str, tmp_path: Path
) -> None:
    pledge, files = read_pledge(_PAUSED, calendars=schemes.CALENDARS), _pauses(tmp_path, 6)
    rows, summary, _, told = _judged(pledge, files, engine)
    assert rows == _expected(pledge, list(read_case_files(files, pledge, Rejects())))
    assert list(summary.one_by_one) == ["help"]
    (message,) = told
    assert message.startswith("“help” is judged one by one")
    assert message.endswith("so many pauses, extensions or conditions at once")


def test_a_large_program_is_carried_out_in_stretches(tmp_path: Path) -> None:
    pledge, files = read_pledge(_PAUSED, calendars=schemes.CALENDARS), _pauses(tmp_path, 3)
    rows, _, _, _ = _judged(pledge, files, "batch", no_fallback=True)
    assert rows == _expected(pledge, list(read_case_files(files, pledge, Rejects())))


# --- what an engine fails at ---------------------------------------------------------------------------

_SIMPLE = """
pledge: simple
title: Simple
facts: {asked: you ask, done: we do it}
details: {slot: instant, day: date, size: number}
standards:
  help: {when: asked, we will: done, within: 24 hours, if we do not: [{pay: £10}]}
  size:
    when: asked
    we will: done
    within: 48 hours
    void if: [size over 5]
    if we do not: [{pay: size times £1}]
  meet: {when: asked, we will: done, within: 1 hour after slot, if we do not: [{pay: £2}]}
  reply: {when: asked, we will: done, within: the end of day, if we do not: [{pay: £3}]}
"""
_TABLE = Mapping(
    case_id="id",
    facts={"asked": "o", "done": "c"},
    recorded={"done": "noted"},
    details={"slot": SourceColumn(column="i"), "day": SourceColumn(column="d"), "size": SourceColumn(column="n")},
)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("small", ["0.00000000000001", "0.0000001", "0.5"])
def test_numbers_too_large_once_scaled_are_judged_one_by_one(small: str, engine: str, tmp_path: Path) -> None:
    pledge, path = read_pledge(_SIMPLE), tmp_path / "wide.csv"
    start = "2026-05-01T10:00:00Z,,"
    path.write_text(f"id,o,c,noted,n,d,i\na,{start},{small},,\nb,{start},999999999999999,,\nc,{start},3,,\n")
    source = TableFile(path=path, mapping=_TABLE)
    rows, summary, aside, told = _judged(pledge, source, engine)
    with_cases = Rejects()
    assert rows == _expected(pledge, list(cases_in_parquet(source, pledge, with_cases)))
    assert not aside
    assert set(summary.one_by_one) == (set() if small == "0.5" else {"size"})
    assert len(told) == len(summary.one_by_one)
    if told:
        with pytest.raises(Refused, match="size: sums or numbers too large"):
            _judged(pledge, source, engine, no_fallback=True)


_ODD_VALUES = {
    "infinite start": "'i', TIMESTAMPTZ 'infinity', NULL, NULL, DATE '2026-05-02', TIMESTAMPTZ '2026-05-02 10:00+00'",
    "start before Christ": "'i', TIMESTAMPTZ '0044-03-15 (BC) 00:00+00', NULL, NULL, NULL, NULL",
    "finish never": "'i', TIMESTAMPTZ '2026-05-01 10:00+00', TIMESTAMPTZ '-infinity', NULL, NULL, NULL",
    "finish too far": "'i', TIMESTAMPTZ '2026-05-01 10:00+00', TIMESTAMPTZ '12000-01-01 00:00+00', NULL, NULL, NULL",
    "noted never": "'i', TIMESTAMPTZ '2026-05-01 10:00Z', '2026-05-01 11:00Z'::TIMESTAMPTZ, 'infinity', NULL, NULL",
    "infinite date": "'i', TIMESTAMPTZ '2026-05-01 10:00+00', NULL, NULL, DATE 'infinity', NULL",
    "date before Christ": "'i', TIMESTAMPTZ '2026-05-01 10:00+00', NULL, NULL, DATE '0044-03-15 (BC)', NULL",
    "date too far": "'i', TIMESTAMPTZ '2026-05-01 10:00+00', NULL, NULL, DATE '12000-01-01', NULL",
    "infinite instant": "'i', TIMESTAMPTZ '2026-05-01 10:00+00', NULL, NULL, NULL, TIMESTAMPTZ 'infinity'",
}


def _wide(folder: Path, row: str, size: str) -> TableFile:
    good = "'g', TIMESTAMPTZ '2026-05-01 10:00+00', NULL, NULL, DATE '2026-05-02', TIMESTAMPTZ '2026-05-02 10:00+00'"
    path = folder / "wide.parquet"
    duckdb.execute(
        f"COPY (SELECT *, {size} AS n FROM (VALUES ({good}), ({row})) t(id, o, c, noted, d, i))"
        f" TO {text(str(path))} (FORMAT parquet)"
    )
    return TableFile(path=path, mapping=_TABLE)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("size", ["NULL::VARCHAR", "7"], ids=["no number", "a number"])
@pytest.mark.parametrize("row", _ODD_VALUES.values(), ids=_ODD_VALUES)
def test_a_typed_value_out_of_reach_sets_its_row_aside(row: str, size: str, engine: str, tmp_path: Path) -> None:
    pledge, source, expected_aside = read_pledge(_SIMPLE), _wide(tmp_path, row, size), Rejects()
    expected = _expected(pledge, list(cases_in_parquet(source, pledge, expected_aside)))
    rows, summary, aside, _ = _judged(pledge, source, engine)
    assert rows == expected
    assert summary.careful
    assert len(aside) == 1
    assert sorted(map(str, aside.rows)) == sorted(map(str, expected_aside.rows))


_TYPED = """
pledge: typed
title: Typed
facts: {asked: you ask, done: we do it}
details: {slot: instant, day: date, size: text}
standards:
  help: {when: asked, we will: done, within: 24 hours, if we do not: [{pay: £10}]}
  reply: {when: asked, we will: done, within: the end of day, if we do not: [{pay: £3}]}
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_finish_in_years_to_come_is_no_reason_to_read_a_typed_file_row_by_row(engine: str, tmp_path: Path) -> None:
    row = "'i', TIMESTAMPTZ '2026-05-01 10:00+00', TIMESTAMPTZ '2999-12-31 00:00+00', NULL, NULL, NULL"
    pledge, source = read_pledge(_TYPED), _wide(tmp_path, row, "'x'")
    rows, summary, aside, _ = _judged(pledge, source, engine)
    assert rows == _expected(pledge, list(cases_in_parquet(source, pledge, Rejects())))
    assert not summary.careful
    assert not aside


# --- rows of several programs ------------------------------------------------------------------------


def _outcomes(database: duckdb.DuckDBPyConnection, **other: str) -> duckdb.DuckDBPyRelation:
    numbers = {"due", "due_offset", "owed", "finish", "finish_offset", "lateness"}
    values = {column: "1::BIGINT" if column in numbers else "'x'" for column in OUTCOME_COLUMNS} | other
    return database.sql(f"SELECT {', '.join(f'{value} AS {text_name}' for text_name, value in values.items())}")


def test_rows_whose_columns_differ_in_type_come_together_as_numbers_and_texts() -> None:
    with duckdb.connect() as database:
        frames = [
            _outcomes(database, status="'kept'::ENUM('kept', 'broken')"),
            _outcomes(database, finish="NULL", finish_offset="1::INTEGER", status="'void'::ENUM('void', 'kept')"),
            _outcomes(database, reason="NULL", due="NULL::BIGINT"),
        ]
        joined = together([lazy(frame) for frame in frames]).to_native()
        found = dict(zip(joined.columns, map(str, joined.types), strict=True))
        assert found["status"] == found["reason"] == "VARCHAR"
        assert found["finish"] == found["finish_offset"] == found["due"] == "BIGINT"
        assert sorted(row[2] for row in joined.fetchall()) == ["kept", "void", "x"]


_VERSIONS = """
pledge: versions
title: Versions
subject: home
facts: {asked: you ask, done: we do it}
details: {home: text}
rates:
  sum: [{is: £5, until: 2026-05-31}, {is: £7, from: 2026-06-01}]
versions:
  - {name: "the first, on 'trial'", until: 2026-05-31}
  - {name: second, from: 2026-06-01}
standards:
  help: {when: asked, we will: done, within: 24 hours, if we do not: [{pay: £10, repeated: the 2nd in 12 months}]}
  thank: {when: asked, we will: done, within: 48 hours, if we do not: [apologise]}
  tell: {when: asked, we will: done, within: 72 hours, if we do not: [{pay: sum}, {voucher: £1}]}
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_several_standards_and_versions_beside_one_judged_one_by_one_come_together(engine: str, tmp_path: Path) -> None:
    pledge = read_pledge(_VERSIONS)
    days = {"1": "05-01", "2": "05-02", "3": "07-01", "4": "07-02"}
    events = "".join(f"{case},asked,2026-{day}T09:00:00Z\n" for case, day in days.items())
    files = _files(
        tmp_path, "case_id,home\n1,a\n2,a\n3,a\n4,b\n", f"case_id,event,at\n{events}1,done,2026-05-01T10:00:00Z\n"
    )
    rows, summary, _, _ = _judged(pledge, files, engine)
    assert rows == _expected(pledge, list(read_case_files(files, pledge, Rejects())))
    assert len(rows) == 12
    assert set(summary.one_by_one) == {"help"}
