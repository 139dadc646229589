"""The command line as other programs and people call it: exit codes, output, and nothing but clear errors."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from makegood.cli import main
from makegood.schemes import scheme_names

SCHEMES = Path(__file__).resolve().parents[1] / "schemes"
AS_OF = "2027-06-01T12:00:00+01:00"


def evaluate(name: str, *more: str, engine: str = "scalar") -> list[str]:
    folder = SCHEMES / name
    files = ["--cases", str(folder / "cases.csv"), "--events", str(folder / "events.csv")]
    return ["evaluate", name, *files, "--as-of", AS_OF, "--engine", engine, *more]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", sorted(folder.name for folder in SCHEMES.iterdir() if folder.is_dir()))
def test_evaluate_writes_the_expected_outcomes(name: str, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    assert main(evaluate(name, "--output", str(output))) == 0
    got = {(row["case_id"], row["standard"]): row for row in rows(output.read_text(encoding="utf-8"))}
    expected = rows((SCHEMES / name / "expected.csv").read_text(encoding="utf-8"))
    assert len(got) == len(expected)
    for row in expected:
        found = got[row["case_id"], row["standard"]]
        assert (found["status"], float(found["owed_gbp"])) == (row["status"], float(row["owed_gbp"])), row
        if row["due_at"] and row["status"] not in ("void", "excused"):
            assert datetime.fromisoformat(found["due_at"]) == datetime.fromisoformat(row["due_at"]), row


def test_without_output_csv_is_printed_and_jsonl_holds_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(evaluate("foi")) == 0
    printed = rows(capsys.readouterr().out)
    assert main(evaluate("foi", "--output", str(tmp_path / "out.jsonl"))) == 0
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["status"] for line in lines] == [row["status"] for row in printed]
    assert list(lines[0]) == list(printed[0])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["evaluate", "no-such", "--as-of", AS_OF, "--cases", "x", "--events", "y"], "no shipped scheme"),
        (["evaluate", "foii", "--as-of", AS_OF, "--cases", "x", "--events", "y"], "did you mean “foi”?"),
        (["evaluate", "foi", "--as-of", "yesterday", "--cases", "x", "--events", "y"], "no date and time"),
        (["evaluate", "foi", "--as-of", AS_OF], "give --cases and --events"),
        (["evaluate", "foi", "--as-of", AS_OF, "--table", "x"], "--table goes with --mapping"),
        (["evaluate", "foi", "--as-of", AS_OF, "--cases", "nowhere.csv", "--events", "y"], "nowhere.csv"),
        (evaluate("foi", "--output", "out.doc"), "ends in .csv, .jsonl or .parquet"),
        (evaluate("foi", "--encoding", "klingon"), "no encoding"),
        (["deadline", "foi"], "nothing has happened yet"),
        (["deadline", "foi", "--start", "2026-05-21 10:00", "--standard", "x"], "no standard “x”"),
        (["deadline", "foi", "--fact", "answered"], "NAME=VALUE"),
        (["explain", "foi", "--example-day", "soon"], "no date"),
    ],
)
def test_wrong_use_says_why_and_ends_with_2(arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert why in told
    assert "Traceback" not in told


def test_unknown_arguments_end_with_2() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "--what"])
    assert ended.value.code == 2
    assert main([]) == 2


@pytest.mark.parametrize("name", scheme_names())
def test_every_shipped_scheme_checks_explains_and_scores(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", name]) == 0, capsys.readouterr().out
    assert "fine" in capsys.readouterr().out
    assert main(["explain", name, "--form", "html"]) == 0
    assert main(["score", name]) == 0


def test_check_ends_with_1_on_mistakes_and_tells_them_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pledge = tmp_path / "wrong.yaml"
    pledge.write_text("pledge: x\ntitel: X\nfacts: {a: b}\n", encoding="utf-8")
    assert main(["check", str(pledge), "--json"]) == 1
    findings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {finding["code"] for finding in findings} >= {"unknown-key", "missing-key"}
    assert any(finding["mend"] == "did you mean “title”?" for finding in findings)


def test_a_pledge_in_json_is_judged_like_its_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schemes", "foi", "--json"]) == 0
    twin = tmp_path / "foi.json"
    twin.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(evaluate("foi")) == 0
    from_text = capsys.readouterr().out
    assert main([argument if argument != "foi" else str(twin) for argument in evaluate("foi")]) == 0
    assert capsys.readouterr().out == from_text


def test_rows_that_cannot_be_used_are_set_aside_and_the_command_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases.csv").write_text("case_id\nNA\nb\nb\n", encoding="utf-8")
    (tmp_path / "events.csv").write_text(
        "case_id,event,at\nNA,request_received,2026-05-01T10:00:00+01:00\nb,request_received,2026-05-01T10:00:00\n",
        encoding="utf-8",
    )
    files = ["--cases", str(tmp_path / "cases.csv"), "--events", str(tmp_path / "events.csv")]
    output = tmp_path / "out.csv"
    code = main(["evaluate", "foi", *files, "--as-of", AS_OF, "--output", str(output)])
    assert code == 1
    assert [row["case_id"] for row in rows(output.read_text(encoding="utf-8"))] == ["NA"]
    rejects = rows((tmp_path / "out.csv.rejects.csv").read_text(encoding="utf-8"))
    assert [(Path(row["file"]).name, row["line"]) for row in rejects] == [("cases.csv", "4"), ("events.csv", "3")]
    assert "cases.csv:4" in capsys.readouterr().err


def test_reading_row_by_row_is_told_and_only_where_a_file_is_not_plain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(evaluate("foi", engine="batch")) == 0
    plainly = capsys.readouterr()
    assert "row by row" not in plainly.err
    plain = SCHEMES / "foi" / "cases.csv"
    header, first, *others = plain.read_text(encoding="utf-8").splitlines(keepends=True)
    odd = tmp_path / "cases.csv"
    odd.write_text("".join([header, " " + first, *others]), encoding="utf-8")
    command = [argument if argument != str(plain) else str(odd) for argument in evaluate("foi", engine="batch")]
    assert main(command) == 0
    carefully = capsys.readouterr()
    assert "The files were read row by row, which takes longer" in carefully.err
    assert sorted(carefully.out.splitlines()) == sorted(plainly.out.splitlines())


def test_hostile_strings_in_every_cell_are_judged_or_set_aside_and_never_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strings = json.loads((SCHEMES.parent / "data" / "naughty-strings.json").read_text(encoding="utf-8"))
    ids = list(dict.fromkeys(text.strip() for text in strings if text.strip()))
    with (tmp_path / "cases.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["case_id", "ticket", "fare"], *([name, name, "3.40"] for name in ids)])
    with (tmp_path / "events.csv").open("w", newline="", encoding="utf-8") as file:
        facts = [[name, "planned_arrival", "2026-05-01T10:00:00+01:00"] for name in ids]
        csv.writer(file).writerows([["case_id", "event", "at"], *facts, *([name, name, name] for name in ids)])
    files = ["--cases", str(tmp_path / "cases.csv"), "--events", str(tmp_path / "events.csv")]
    output = tmp_path / "out.csv"
    assert main(["evaluate", "delay-repay", *files, "--as-of", AS_OF, "--output", str(output)]) == 1
    with output.open(newline="", encoding="utf-8") as file:
        judged = list(csv.DictReader(file))
    assert [row["case_id"] for row in judged] == ids
    assert {row["status"] for row in judged} == {"unknown"}
    capsys.readouterr()


def test_a_mapping_that_names_what_the_pledge_does_not_know_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "table.csv").write_text("id,opened\n1,2026-05-01T10:00:00+01:00\n", encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text("case id: id\nfacts: {request_recieved: opened}\n", encoding="utf-8")
    files = ["--table", str(tmp_path / "table.csv"), "--mapping", str(tmp_path / "mapping.yaml")]
    assert main(["evaluate", "foi", *files, "--as-of", AS_OF]) == 2
    assert "did you mean “request_received”?" in capsys.readouterr().err


@pytest.mark.parametrize("engine", ["scalar", "batch", "polars"])
def test_parquet_goes_in_and_out_of_every_engine_alike(engine: str, tmp_path: Path) -> None:
    folder = SCHEMES / "delay-repay"
    for name in ("cases", "events"):
        source = f"read_csv('{folder / name}.csv', all_varchar = true)"
        duckdb.execute(f"COPY (FROM {source}) TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    files = ["--cases", str(tmp_path / "cases.parquet"), "--events", str(tmp_path / "events.parquet")]
    command = ["evaluate", "delay-repay", *files, "--as-of", AS_OF, "--engine", engine]
    assert main([*command, "--output", str(tmp_path / "out.parquet")]) == 0
    assert main([*command, "--output", str(tmp_path / "out.csv")]) == 0
    typed = duckdb.execute(
        f"SELECT case_id, status, epoch(due_at), owed_gbp, lateness FROM '{tmp_path / 'out.parquet'}' ORDER BY 1"
    ).fetchall()
    expected = sorted(rows((folder / "expected.csv").read_text(encoding="utf-8")), key=lambda row: row["case_id"])
    assert [(case, status, f"{owed:.2f}") for case, status, _, owed, _ in typed] == [
        (row["case_id"], row["status"], row["owed_gbp"]) for row in expected
    ]
    texts = sorted(rows((tmp_path / "out.csv").read_text(encoding="utf-8")), key=lambda row: row["case_id"])
    assert [(row["status"], int(row["lateness"])) for row in texts] == [(each[1], each[4]) for each in typed]


def test_deadline_explains_each_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadline", "foi", "--start", "2026-05-21 10:00"]) == 0
    told = capsys.readouterr().out
    assert "Spring bank holiday" in told
    assert "Monday 22 June" in " ".join(told.split())


def test_a_calendar_is_made_from_icalendar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "days.ics"
    source.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261226\nSUMMARY:Closed\n"
        "END:VEVENT\nEND:VCALENDAR\n",
        encoding="utf-8",
    )
    command = ["calendar", str(source), "--name", "depot", "--complete", "2026-01-01 to 2026-12-31"]
    assert main(command) == 0
    made = tmp_path / "depot.yaml"
    made.write_text(capsys.readouterr().out, encoding="utf-8")
    pledge = tmp_path / "p.yaml"
    pledge.write_text(
        "pledge: p\ntitle: P\ncalendar: depot\nfacts: {asked: it starts, done: it ends}\n"
        "standards: {s: {when: asked, we will: done, within: 1 working day}}\n",
        encoding="utf-8",
    )
    assert main(["deadline", str(pledge), "--calendar", str(made), "--start", "2026-12-23 10:00"]) == 0
    assert "28 December 2026" in capsys.readouterr().out


def test_the_demonstration_shows_kept_broken_owed_and_one_deadline(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    told = capsys.readouterr().out
    for word in ("kept", "broken", "is owed", "The deadline", "Try next"):
        assert word in told


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_scripts_know_the_commands(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "backtest" in capsys.readouterr().out
