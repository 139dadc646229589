"""The contract of the engines: one by one, DuckDB and Polars say the same to the penny and second, and word."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood import schemes
from makegood.analytics.batch import not_compiled, run
from makegood.records import COLUMNS, CaseFiles, Rejects, read_case_files, result_row
from makegood.rules import Calendar, Case, Pledge, evaluate_all

from .batch_pledges import CALENDARS, cases, pledges

SCHEMES = Path(__file__).parents[1] / "schemes"
ODD = pledges()
INSTANTS = (
    "2026-04-03T00:00:00+01:00", "2026-06-30T23:59:59+01:00", "2026-10-25T01:30:00+00:00", "2027-06-01T12:00:00+01:00",
)  # fmt: skip
Rows = list[tuple[str, ...]]


def one_by_one(pledge: Pledge, given_cases: Sequence[Case], as_of: datetime, calendars: Mapping[str, Calendar]) -> Rows:
    """What the library itself says, as rows of a result file."""
    outcomes = evaluate_all(pledge, given_cases, as_of=as_of, calendars=calendars)
    return sorted(tuple(result_row(outcome).values()) for outcome in outcomes if outcome.has_row)


def compiled(
    pledge: Pledge, source: CaseFiles | Sequence[Case], as_of: datetime, calendars: Mapping[str, Calendar], engine: str
) -> Rows:
    """What an engine says, as rows of a result file."""
    output = io.StringIO()
    run(pledge, source, as_of=as_of, calendars=calendars, output=output, engine=engine, no_fallback=True)
    header, *rows = csv.reader(io.StringIO(output.getvalue(), newline=""))
    assert tuple(header) == COLUMNS
    return sorted(tuple(row) for row in rows)


@pytest.mark.parametrize("name", schemes.scheme_names())
def test_every_shipped_scheme_compiles_unless_it_judges_cases_together(name: str) -> None:
    pledge = schemes.load(name)
    together = {
        standard.name: "repeats and caps over the cases of one subject"
        for standard in pledge.standards
        if any(remedy.repeated or remedy.ceilings for remedy in standard.remedies)
    }
    assert not_compiled(pledge, schemes.CALENDARS) == together


@pytest.mark.parametrize("engine", ["batch", "polars"])
@pytest.mark.parametrize("name", sorted(folder.name for folder in SCHEMES.iterdir() if (folder / "cases.csv").exists()))
def test_the_engines_say_what_the_library_says_of_a_scheme_s_cases(name: str, engine: str) -> None:
    pledge = schemes.load(name)
    files = CaseFiles(cases=SCHEMES / name / "cases.csv", events=SCHEMES / name / "events.csv")
    known = list(read_case_files(files, pledge, Rejects()))
    for instant in INSTANTS:
        as_of = datetime.fromisoformat(instant)
        expected = one_by_one(pledge, known, as_of, schemes.CALENDARS)
        assert compiled(pledge, files, as_of, schemes.CALENDARS, engine) == expected


@pytest.mark.parametrize("engine", ["batch", "polars"])
@pytest.mark.parametrize("name", ODD)
@settings(max_examples=2)
@given(seed=st.integers(0, 2**32))
def test_the_engines_say_what_the_library_says_of_odd_cases(name: str, engine: str, seed: int) -> None:
    random = Random(seed)
    made = cases(ODD[name], random, 150)
    as_of = datetime.fromisoformat(random.choice(INSTANTS))
    expected = one_by_one(ODD[name], made, as_of, CALENDARS)
    assert compiled(ODD[name], made, as_of, CALENDARS, engine) == expected
