"""The command `backtest`, from files to tables, figures and the report, by both engines."""

from __future__ import annotations

import json
import os
import resource
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
        (["--report", "no/such/folder/report.html"], "no/such/folder/report.html: there is no folder"),
        (["--rejects", "no/such/folder/rejects.csv"], "no/such/folder/rejects.csv: there is no folder"),
        (["--report", os.devnull], "is no file but a pipe or a device"),
        (["--rejects", "."], ".: is a folder"),
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


def test_a_place_that_cannot_be_written_is_found_before_the_cases_are_read(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("cases.csv", "events.csv"):
        (tmp_path / name).unlink()
    for option in ("--output", "--report", "--rejects"):
        assert main([*files, option, str(tmp_path / "none" / "file.csv")]) == 2
        assert "file.csv: there is no folder" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--report", "--output"])
def test_a_full_disk_leaves_the_file_of_before_and_is_told_by_name(
    files: list[str], tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, soft_and_hard = tmp_path / "made.csv", resource.getrlimit(resource.RLIMIT_FSIZE)
    path.write_text("of before", encoding="utf-8")
    there = sorted(tmp_path.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, soft_and_hard[1]))
    try:
        code = main([*files, option, str(path), "--quiet"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, soft_and_hard)
    assert code == 2
    assert capsys.readouterr().err == f"makegood backtest: {path}: File too large\n"
    assert path.read_text(encoding="utf-8") == "of before"
    assert sorted(tmp_path.iterdir()) == there


def test_a_link_leads_to_the_new_report_and_stays_a_link(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "of-this-year.html").symlink_to(tmp_path / "report.html")
    assert main([*files, "--report", str(tmp_path / "of-this-year.html"), "--quiet"]) == 0
    assert (tmp_path / "of-this-year.html").is_symlink()
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.fixture
def table(files: list[str], tmp_path: Path) -> list[str]:
    """The pledge with one wide table, as arguments; the mapping is to be written."""
    rows = [
        f"c{number},2026-0{number % 6 + 1}-05T09:00:00+00:00,2026-0{number % 6 + 1}-07T09:00:00+00:00,,letter,north"
        for number in range(40)
    ]
    lines = ["id,opened,closed,passed,sort,crew", *rows]
    (tmp_path / "table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping = ["--table", str(tmp_path / "table.csv"), "--mapping", str(tmp_path / "mapping.yaml")]
    return [*files[:2], *mapping, *files[6:]]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("facts: {asked: opened, doen: closed}", "“doen” is no fact of the pledge; did you mean “done”?"),
        ("facts: {asked: opened, done: closed}\ndetails: {knid: sort}", "“knid” is no detail of the pledge"),
        ("facts: {asked: opened}\nrecorded: {doen: closed}", "“doen” is no fact of the pledge"),
    ],
)
def test_a_mapping_of_names_that_no_pledge_has_is_refused(
    table: list[str], tmp_path: Path, mapping: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mapping.yaml").write_text(f"case id: id\n{mapping}\n", encoding="utf-8")
    assert main(table) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("engine", ["scalar", "batch"])
def test_a_mapping_may_name_what_any_of_the_pledges_has_and_what_is_counted_by(
    table: list[str], tmp_path: Path, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if engine == "batch":
        pytest.importorskip("duckdb")
    other = tmp_path / "other.yaml"
    other.write_text(PLEDGE.replace("answers", "other").replace("done", "passed_on"), encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(
        "case id: id\nfacts: {asked: opened, done: closed, passed_on: passed}\ndetails: {kind: sort, team: crew}\n",
        encoding="utf-8",
    )
    assert main([*table[:2], str(other), *table[2:], "--by", "team", "--engine", engine]) == 0
    said = capsys.readouterr()
    assert "Of 40 cases that could be decided, 0 (0.0%) would have been broken" in said.out
    assert "Of 40 cases that could be decided, 40 (100.0%) would have been broken" in said.out
    assert said.err == ""


@pytest.mark.parametrize("engine", ["scalar", "batch"])
def test_a_fact_of_the_second_pledge_is_not_called_without_effect(
    files: list[str], tmp_path: Path, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if engine == "batch":
        pytest.importorskip("duckdb")
    other = tmp_path / "other.yaml"
    other.write_text(PLEDGE.replace("answers", "other").replace("done", "passed_on"), encoding="utf-8")
    with (tmp_path / "events.csv").open("a", encoding="utf-8") as file:
        file.write("c1,passed_on,2026-02-09T09:00:00+00:00\nc1,lost,2026-02-09T09:00:00+00:00\n")
    assert main([*files[:2], str(other), *files[2:], "--engine", engine, "--quiet"]) == 0
    said = capsys.readouterr().err
    assert "“passed_on”" not in said
    assert said.count("“lost”, which is no fact of the pledge and without effect") == 1


def test_it_is_told_once_that_the_batch_engine_read_files_row_by_row(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("duckdb")
    assert main([*files, "--engine", "batch", "--vary", "answer limit 4..6 calendar days", "--quiet"]) == 0
    assert "row by row" not in capsys.readouterr().err
    with (tmp_path / "events.csv").open("a", encoding="utf-8") as file:
        file.write(" c1,done,2026-05-09T09:00:00+00:00\n")
    assert main([*files, "--engine", "batch", "--vary", "answer limit 4..6 calendar days", "--quiet"]) == 0
    assert capsys.readouterr().err.count("were read row by row") == 1
