"""Eleven real schemes, case by case, against results that were worked out independently of this project."""

import csv
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from makegood.rules import Case, Fact, Pledge, evaluate, evaluate_all, read_pledge, write_json, write_pledge
from makegood.schemes import CALENDARS, load, scheme_names

FOLDER = Path(__file__).resolve().parents[1] / "schemes"
WITH_CASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
AS_OF = {
    "expected.csv": datetime.fromisoformat("2027-06-01T12:00:00+01:00"),
    "expected-2026-09-15.csv": datetime.fromisoformat("2026-09-15T10:00:00+01:00"),
}
Row = tuple[str, datetime | None, Decimal]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases_of(name: str) -> list[Case]:
    facts = defaultdict(list)
    for row in rows(FOLDER / name / "events.csv"):
        facts[row["case_id"]].append(Fact(name=row["event"], at=datetime.fromisoformat(row["at"])))
    return [
        Case(id=row["case_id"], details={key: row[key] for key in row if key != "case_id"}, facts=facts[row["case_id"]])
        for row in rows(FOLDER / name / "cases.csv")
    ]


def compared(status: str, due: datetime | None, owed: Decimal, *, with_due: bool) -> Row:
    """What is compared: the deadline as an instant, and only where it is expected."""
    return status, due if with_due else None, owed


def differences(pledge: Pledge, name: str, file: str) -> dict[tuple[str, str], tuple[Row | None, Row | None]]:
    """Where our results differ from the expected ones, expected first."""
    given = {(row["case_id"], row["standard"]): row for row in rows(FOLDER / name / file)}
    counts = {key for key, row in given.items() if row["due_at"] and row["status"] not in ("void", "excused")}
    expected = {
        key: compared(
            row["status"],
            datetime.fromisoformat(row["due_at"]) if row["due_at"] else None,
            Decimal(row["owed_gbp"]),
            with_due=key in counts,
        )
        for key, row in given.items()
    }
    ours = {
        (outcome.case_id, outcome.standard): compared(
            outcome.status,
            outcome.due_at,
            outcome.owed,
            with_due=(outcome.case_id, outcome.standard) in counts,
        )
        for case in cases_of(name)
        for outcome in evaluate(pledge, case, as_of=AS_OF[file], calendars=CALENDARS)
        if outcome.has_row
    }
    keys = expected.keys() | ours.keys()
    return {key: (expected.get(key), ours.get(key)) for key in keys if expected.get(key) != ours.get(key)}


def test_all_eleven_schemes_have_cases() -> None:
    assert len(WITH_CASES) == 11
    assert set(WITH_CASES) <= set(scheme_names())
    assert sum(len(rows(FOLDER / name / file)) for name in WITH_CASES for file in AS_OF) > 1_000


@pytest.mark.parametrize("file", AS_OF)
@pytest.mark.parametrize("name", WITH_CASES)
def test_every_case_of_a_scheme_comes_out_as_expected(name: str, file: str) -> None:
    assert differences(load(name), name, file) == {}


@pytest.mark.parametrize("file", AS_OF)
@pytest.mark.parametrize("name", WITH_CASES)
def test_the_json_form_of_a_scheme_means_the_same(name: str, file: str) -> None:
    pledge = read_pledge(write_json(load(name)), f"{name}.json", calendars=CALENDARS)
    assert pledge == load(name)
    assert differences(pledge, name, file) == {}


@pytest.mark.parametrize("name", WITH_CASES)
def test_the_canonical_text_of_a_scheme_means_the_same(name: str) -> None:
    pledge = read_pledge(write_pledge(load(name)), f"{name}.yaml", calendars=CALENDARS)
    assert differences(pledge, name, "expected.csv") == {}


@pytest.mark.parametrize("name", WITH_CASES)
def test_a_difference_would_be_noticed(name: str) -> None:
    changed = write_pledge(load(name)).replace("1 working day if", "2 working days if")
    for unit in ("hours", "working days", "minutes"):
        for count in (1, 2, 5, 10, 12, 15, 20, 24):
            changed = changed.replace(f"within: {count} {unit}", f"within: {count + 9} {unit}")
    changed = changed.replace("12 hours if", "13 hours if").replace("within: 1 hour ", "within: 9 hours ")
    changed = changed.replace("between 08:00 and 13:00", "between 08:00 and 09:00")
    changed = changed.replace("less than 15 minutes", "less than 90 minutes")
    pledge = read_pledge(changed, calendars=CALENDARS)
    assert differences(pledge, name, "expected.csv")


@pytest.mark.parametrize("name", WITH_CASES)
def test_judging_all_cases_at_once_changes_nothing(name: str) -> None:
    cases, as_of = cases_of(name), AS_OF["expected.csv"]
    alone = [each for case in cases for each in evaluate(load(name), case, as_of=as_of, calendars=CALENDARS)]
    assert evaluate_all(load(name), cases, as_of=as_of, calendars=CALENDARS, explain=True) == alone
