"""Outcomes as files: every value stays in its row and column, and nothing is begun that cannot be ended."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.records import COLUMNS, write_results
from makegood.records.rows import UnreadableFile
from makegood.rules import Case, Fact, Outcome, evaluate
from makegood.schemes import CALENDARS, load

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)


def outcomes(case_id: str) -> Iterator[Outcome]:
    case = Case(id=case_id, facts=[Fact(name="request_received", at=AT)])
    yield from evaluate(load("foi"), case, as_of=AT, calendars=CALENDARS)


class Unreadable(Iterator[Outcome]):
    """Cases of a file that turns out to be no table."""

    def __next__(self) -> Outcome:
        raise UnreadableFile("no table")


@pytest.mark.parametrize("case_id", ["a\rb", "a\nb", "a\r\nb", 'a"b', "a,b", "a\r", "\r"])
def test_a_case_id_with_signs_that_csv_knows_is_read_back_as_it_was(case_id: str, tmp_path: Path) -> None:
    assert write_results(outcomes(case_id), tmp_path / "out.csv", "csv") == 1
    written = (tmp_path / "out.csv").read_bytes().decode()
    header, row = csv.reader(io.StringIO(written, newline=""))
    assert (tuple(header), row[:2]) == (COLUMNS, [case_id, "answer"])


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_cases_that_cannot_be_read_leave_nothing_written(form: str) -> None:
    output = io.StringIO()
    with pytest.raises(UnreadableFile):
        write_results(Unreadable(), output, form)
    assert output.getvalue() == ""


def test_without_outcomes_there_is_a_header() -> None:
    output = io.StringIO()
    assert write_results(iter(()), output, "csv") == 0
    assert output.getvalue() == ",".join(COLUMNS) + "\n"
