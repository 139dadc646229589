"""What a command cannot do it says in a sentence, and ends with 2: no traceback, no half output, no spoilt file."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from makegood.cli import main

PLEDGE = """\
pledge: p
title: “£5” — P
facts: {asked: you ask, done: we do}
details: {until: date, since: instant}
standards:
  reply: {when: asked, we will: done, within: 20 calendar days, if we do not: [{pay: £5}]}
  promised: {when: asked, we will: done, within: the end of until, void if: asked before since}
"""
VERSIONS = """\
pledge: v
title: V
facts: {asked: you ask, done: we do}
versions:
  - {name: old, until: 2026-03-31}
  - {name: new, from: 2026-04-01, standards: {fresh: {when: asked, we will: done, within: 4 hours}}}
standards:
  stale: {when: asked, we will: done, within: 3 hours}
"""
CASES = "case_id,until,since\n"
EVENTS = "case_id,event,at\n"
GOOD = "b,2026-05-02,2026-04-01T10:00:00Z\n"
ASKED = "b,asked,2026-05-01T10:00:00Z\n"
ENGINES = pytest.mark.parametrize("engine", ["scalar", "batch", "polars"])
PROGRAM = [sys.executable, "-c", "import sys; from makegood.cli import main; sys.exit(main())"]
PLAIN_ASCII = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("p.yaml", PLEDGE), ("v.yaml", VERSIONS), ("cases.csv", CASES + GOOD), ("events.csv", EVENTS + ASKED),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def evaluate(folder: Path, *more: str, **files: str) -> list[str]:
    named = {"cases": "cases.csv", "events": "events.csv", **files}
    paths = [argument for what, name in named.items() for argument in (f"--{what}", str(folder / name))]
    return ["evaluate", str(folder / "p.yaml"), *paths, "--as-of", "2026-08-01T12:00:00+01:00", "--quiet", *more]


def judged(folder: Path, engine: str, cases: str, events: str) -> tuple[int, set[str], list[dict[str, str]]]:
    """The exit code, the cases that have outcomes, and the rows that were set aside."""
    (folder / "cases.csv").write_text(CASES + cases, encoding="utf-8")
    (folder / "events.csv").write_text(EVENTS + events, encoding="utf-8")
    output, rejects = folder / "out.csv", folder / "rejects.csv"
    code = main(evaluate(folder, "--engine", engine, "--output", str(output), "--rejects", str(rejects)))
    with output.open(encoding="utf-8", newline="") as file:
        cases_judged = {row["case_id"] for row in csv.DictReader(file)}
    with rejects.open(encoding="utf-8", newline="") as file:
        return code, cases_judged, list(csv.DictReader(file))


# --- dates that stand for none -------------------------------------------------------------------------


@ENGINES
@pytest.mark.parametrize("year", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_an_event_of_the_first_or_last_of_all_years_is_set_aside_and_the_rest_goes_on(
    folder: Path, engine: str, year: str
) -> None:
    code, cases, rejects = judged(folder, engine, GOOD, ASKED + f"b,done,{year}\n")
    assert (code, cases) == (1, {"b"})
    assert [(row["line"], row["column"]) for row in rejects] == [("3", "at")]
    assert rejects[0]["reason"].startswith("no time that can be reckoned with")


@ENGINES
@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("a,9999-12-31,2026-04-01T10:00:00Z", "until"),
        ("a,0001-01-01,2026-04-01T10:00:00Z", "until"),
        ("a,2026-05-02,9999-12-31T23:59:59Z", "since"),
        ("a,2026-05-02,0001-01-01T00:00:00Z", "since"),
    ],
)
def test_a_case_with_a_date_without_end_is_set_aside_and_the_rest_goes_on(
    folder: Path, engine: str, row: str, column: str
) -> None:
    code, cases, rejects = judged(folder, engine, f"{row}\n{GOOD}", ASKED)
    assert (code, cases) == (1, {"b"})
    assert [(each["line"], each["column"]) for each in rejects] == [("2", column)]
    assert "leave it empty if there is none" in rejects[0]["reason"]


# --- outputs ---------------------------------------------------------------------------------------------


@ENGINES
@pytest.mark.parametrize("option", ["--output", "--rejects"])
@pytest.mark.parametrize(("name", "why"), [("no/o.csv", "there is no folder"), ("a-folder.csv", "is a folder")])
def test_an_output_that_cannot_be_written_is_said_before_anything_is_judged(
    folder: Path, engine: str, option: str, name: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a-folder.csv").mkdir()
    assert main(evaluate(folder, option, str(folder / name), "--engine", engine)) == 2
    said = capsys.readouterr()
    assert why in said.err
    assert said.out == ""


def test_a_pipe_as_output_is_refused_and_not_replaced_by_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(folder / "pipe.csv")
    assert main(evaluate(folder, "--output", str(folder / "pipe.csv"))) == 2
    assert "is no file but a pipe" in capsys.readouterr().err
    assert (folder / "pipe.csv").is_fifo()


@pytest.mark.parametrize("command", ["explain", "schemes", "evaluate"])
def test_a_full_disk_is_said_in_one_line(folder: Path, command: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    arguments = {"explain": ["explain", "foi"], "schemes": ["schemes"], "evaluate": evaluate(folder)}[command]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run([*PROGRAM, *arguments], stdout=full, stderr=-1, check=False)
    assert ended.returncode == 2
    assert ended.stderr.decode().splitlines() == [f"makegood {command}: the output: No space left on device"]


@ENGINES
def test_results_that_do_not_fit_on_the_disk_are_said_in_one_line(
    folder: Path, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    (folder / ".out.csv.part").symlink_to("/dev/full")
    assert main(evaluate(folder, "--engine", engine, "--output", str(folder / "out.csv"))) == 2
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert len(said.splitlines()) == 1
    assert not (folder / "out.csv").exists()


def test_an_explanation_that_cannot_be_written_is_wrong_use(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "foi", "--output", str(folder / "no" / "page.html")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_a_terminal_without_the_signs_of_a_pledge_and_a_pipe_get_what_they_can_take() -> None:
    for command in ("explain", "check", "schemes"):
        run = [*PROGRAM, command, "missed-bin"]
        ended = subprocess.run(run, capture_output=True, env=PLAIN_ASCII, check=True)
        assert "Traceback" not in ended.stderr.decode()
        assert ended.stdout.decode("utf-8")


# --- inputs ------------------------------------------------------------------------------------------------


@ENGINES
@pytest.mark.parametrize("name", ["none.csv", "none.parquet"])
def test_a_file_that_is_not_there_is_said_alike_and_no_header_is_printed(
    folder: Path, engine: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(evaluate(folder, "--engine", engine, cases=name)) == 2
    said = capsys.readouterr()
    assert said.err == f"makegood evaluate: {folder / name}: No such file or directory\n"
    assert said.out == ""


def test_a_table_that_cannot_be_read_leaves_no_lone_header(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cases.csv").write_text("id\n1\n", encoding="utf-8")
    assert main(evaluate(folder)) == 2
    said = capsys.readouterr()
    assert "there is no column “case_id”" in said.err
    assert said.out == ""


def test_a_pipe_with_cases_is_refused_since_it_could_be_read_only_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(folder / "pipe.csv")
    assert main(evaluate(folder, cases="pipe.csv")) == 2
    assert "save it as a file first" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "idna"])
def test_a_file_that_is_not_in_the_encoding_named_is_refused(
    folder: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(evaluate(folder, "--encoding", encoding)) == 2
    assert f"not in the encoding {encoding}" in capsys.readouterr().err


# --- arguments ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["explain", "foi", "--example-day", "9999-12-31"], "no date that can be reckoned with"),
        (["deadline", "foi", "--start", "0001-01-01T00:00:00Z"], "no date and time that can be reckoned with"),
        (["deadline", "foi", "--start", "9999-12-31T23:59:59-14:00"], "no date and time that can be reckoned with"),
        (["deadline", "foi", "--start", "2026-05-01", "--as-of", "9999-12-31"], "no date and time"),
        (["check", "x" * 5_000], "there is no file and no shipped scheme"),
        (["check", "a\0b"], "there is no file and no shipped scheme"),
        (["schemes", "/etc/passwd"], "there is no shipped scheme"),
        (["schemes", "./missed-bin", "--json"], "there is no shipped scheme"),
        (["schemes", "missed-bni"], "did you mean “missed-bin”?"),
    ],
)
def test_arguments_that_mean_nothing_are_wrong_use(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert why in said.err
    assert len(said.err) < 500
    assert said.out == ""


def test_the_text_of_a_file_is_not_shown_as_a_scheme(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schemes", str(folder / "p.yaml")]) == 2
    assert "pledge: p" not in capsys.readouterr().out


def test_a_deadline_is_found_by_the_version_in_force(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pledge = str(folder / "v.yaml")
    assert main(["deadline", pledge, "--start", "2026-05-01 10:00"]) == 0
    assert "2pm on Friday 1 May 2026" in capsys.readouterr().out
    assert main(["deadline", pledge, "--start", "2026-05-01 10:00", "--standard", "fresh"]) == 0
    assert main(["deadline", pledge, "--start", "2026-01-05 10:00", "--standard", "stale"]) == 0
    assert "1pm on Monday 5 January 2026" in capsys.readouterr().out
    assert main(["deadline", pledge, "--start", "2026-01-05 10:00", "--standard", "fresh"]) == 2
    assert "not in force on 2026-01-05; in force then: stale" in capsys.readouterr().err
    assert main(["deadline", pledge, "--standard", "fresh"]) == 2
    assert "when “asked” happened" in capsys.readouterr().err
    assert main(["deadline", pledge, "--standard", "other"]) == 2
    assert "known: stale, fresh" in capsys.readouterr().err


def test_findings_and_rejected_rows_do_not_command_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "esc.yaml").write_text('pledge: "v\\e[2Jx\\u202e"\ntitle: T\n', encoding="utf-8")
    assert main(["check", str(folder / "esc.yaml")]) == 1
    (folder / "events.csv").write_text(EVENTS + "b\x1b[2J,asked,2026-05-01T10:00:00Z\nb,as\x9bked,2026-05-01T10:00:00Z")
    assert main(evaluate(folder, "--rejects", str(folder / "r.csv"))) == 1
    said = capsys.readouterr()
    assert "“v\\x1b[2Jx\\u202e”" in said.out
    assert "“b\\x1b[2J”" in said.err
    assert "as\\x9bked" in said.err
    assert not {"\x1b", "\x9b", "\u202e"} & set(said.out + said.err)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "days.json:1:1: error: JSON that is nested too deeply"),
        ("[1,2\n", "days.json:2:1: error: JSON: Expecting ',' delimiter"),
        (json.dumps({"england-and-wales": {"events": [{"date": 5}]}}), "days.json:1:1: error: no bank holidays"),
        (json.dumps({"england-and-wales": {"events": "x"}}), "days.json:1:1: error: no bank holidays"),
        (json.dumps({"scotland": {"events": []}}), "known here: scotland"),
    ],
)
def test_bank_holidays_of_another_shape_are_told_with_their_file_and_in_words(
    tmp_path: Path, text: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "days.json").write_text(text, encoding="utf-8")
    command = ["calendar", str(tmp_path / "days.json"), "--name", "x", "--complete", "2026-01-01 to 2026-12-31"]
    assert main(command) == 1
    said = capsys.readouterr().err
    assert why in said
    assert "Error(" not in said
