"""The command `backtest`, from files to tables, figures and the report, by both engines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from makegood.cli import main

from .trying import PLEDGE


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A pledge with cases and events, as arguments."""
    (tmp_path / "answers.yaml").write_text(PLEDGE, encoding="utf-8")
    cases, events = ["case_id,kind,team"], ["case_id,event,at"]
    for number in range(60):
        cases.append(f"c{number},{'letter' if number % 3 else 'call'},{'north' if number % 2 else 'south'}")
        events.append(f"c{number},asked,2026-{number % 6 + 1:02d}-0{number % 9 + 1}T09:00:00+00:00")
        if number % 7:
            events.append(f"c{number},done,2026-{number % 6 + 1:02d}-{number % 9 + 1 + number % 8:02d}T10:00:00+00:00")
    (tmp_path / "cases.csv").write_text("\n".join(cases) + "\n", encoding="utf-8")
    (tmp_path / "events.csv").write_text("\n".join(events) + "\n", encoding="utf-8")
    return [
        "backtest", str(tmp_path / "answers.yaml"), "--cases", str(tmp_path / "cases.csv"),
        "--events", str(tmp_path / "events.csv"), "--as-of", "2026-09-15 09:00",
    ]  # fmt: skip


def test_it_shows_tables_and_writes_figures_and_the_report(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, figures = tmp_path / "report.html", tmp_path / "figures.json"
    vary = "answer limit 3..6 calendar days"
    code = main([*files, "--by", "team", "--vary", vary, "--report", str(page), "--output", str(figures)])
    said = capsys.readouterr().out
    assert code == 0
    assert "60 cases read; they began from Thursday 1 January 2026" in said
    for words in ("answer limit", "5 calendar days (as written)", "month it began", "January 2026", "north", "letter"):
        assert words in said
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    whole = next(row for row in json.loads(figures.read_text(encoding="utf-8"))["rows"] if row["group"] == "all")
    assert f"£{whole['owed_gbp'].removesuffix('.00')} would have been owed" in said


def test_both_engines_give_the_same_figures(files: list[str], tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    written = {}
    for engine in ("scalar", "batch"):
        path = tmp_path / f"{engine}.json"
        vary = "answer cap £6..£10 by £2"
        assert main([*files, "--engine", engine, "--by", "team", "--vary", vary, "--output", str(path), "--quiet"]) == 0
        written[engine] = path.read_text(encoding="utf-8")
    assert written["scalar"] == written["batch"]


def test_two_pledges_stand_side_by_side(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swift = tmp_path / "swift.yaml"
    swift.write_text(PLEDGE.replace("answers", "swift").replace("5 calendar", "2 calendar"), encoding="utf-8")
    assert main([files[0], files[1], str(swift), *files[2:]]) == 0
    assert "decided by both, the outcome differs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--vary", "answer limit 1 to 9"], "expected: STANDARD limit 1..10 working days"),
        (["--vary", "anwser limit 1..9 weeks"], "did you mean “answer”?"),
        (["--by", "kinds"], "no case has a detail “kinds”; did you mean “kind”?"),
        (["--category", "ward"], "no case has a detail “ward”"),
        (["--output", "figures.xlsx"], "the output ends in .csv or .json"),
        (["--report", "no/such/folder/report.html"], "No such file or directory"),
    ],
)
def test_wrong_use_is_told(files: list[str], options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*files, *options]) == 2
    assert said in capsys.readouterr().err


def test_rows_that_cannot_be_used_are_counted_and_set_aside(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "events.csv").open("a", encoding="utf-8") as file:
        file.write("c1,done,yesterday\nc99,done,2026-01-01T09:00:00+00:00\n")
    assert main([*files, "--rejects", str(tmp_path / "rejects.csv")]) == 1
    said = capsys.readouterr()
    assert "2 rows could not be used and were set aside" in said.out
    assert len((tmp_path / "rejects.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_two_pledges_that_mean_different_things_by_a_detail_are_not_compared(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.yaml"
    text = PLEDGE.replace('{is: "one of letter, call", says: how you ask}', "number")
    other.write_text(text.replace("kind is call", "kind is at least 3"), encoding="utf-8")
    assert main([files[0], files[1], str(other), *files[2:]]) == 2
    assert "“kind” is one of in one pledge, number in another" in capsys.readouterr().err
