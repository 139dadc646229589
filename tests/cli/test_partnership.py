"""The commands for partners: tally, pseudonymise and journeys, as people call them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from makegood.cli import main

LOG = """\
contact,start,subject,need,organisation,channel,kind,resolved,completed,asked,given,minutes
1,2026-03-02T10:00:00Z,p1,job,Council,telephone,new need,no,no,payslip,payslip,10
2,2026-03-04T10:00:00Z,p1,job,Jobcentre,counter,visit,no,no,payslip,payslip,30
3,2026-03-09T10:00:00Z,p1,job,Council,telephone,chase,no,no,,,5
4,2026-03-12T10:00:00Z,p1,job,Council,telephone,outcome,yes,yes,,,5
5,2026-03-05T10:00:00Z,NA,bin,Council,web,new need,yes,yes,,,2
6,nonsense,p3,bin,Council,web,new need,yes,yes,,,2
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # rows that are set aside go into the current folder when nothing else is said
    path = tmp_path / "log.csv"
    path.write_text(LOG, "utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def overall(path: Path, name: str) -> dict[str, str]:
    (row,) = (row for row in rows_of(path) if row["measure"] == name and not row["by"])
    return row


@pytest.mark.parametrize("engine", ["batch", "polars"])
def test_a_log_becomes_measures_contacts_and_a_page(
    engine: str, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measures, contacts, page = tmp_path / "measures.csv", tmp_path / "contacts.csv", tmp_path / "page.html"
    code = main([
        "journeys", str(log), "--engine", engine, "--output", str(measures), "--contacts", str(contacts), "--report",
        str(page), "--rejects", str(tmp_path / "rejects.csv"),
    ])  # fmt: skip
    told = capsys.readouterr()
    assert code == 1
    assert "5 contacts in 2 journeys" in told.out
    assert [row["line"] for row in rows_of(tmp_path / "rejects.csv")] == ["7"]
    row = overall(measures, "contacts_per_outcome")
    assert (float(row["value"]), row["n"]) == (2.5, "2")
    assert overall(measures, "avoidable_contact")["lacks"] == "reason_adviser"
    assert [(row["contact"], row["journey"]) for row in rows_of(contacts)] == [
        ("1", "1"), ("2", "1"), ("5", "5"), ("3", "1"), ("4", "1"),
    ]  # fmt: skip
    assert "5 contacts in 2 journeys" in page.read_text("utf-8")
    assert "<script" not in page.read_text("utf-8")
    main(["journeys", str(log), "--need", "job", "--need", "bin", "--quiet", "--report", str(page)])
    assert "<h1>Job and bin: what customers go through</h1>" in page.read_text("utf-8")


def test_a_log_in_which_nothing_can_be_looked_for_says_what_it_would_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("log.csv").write_text("start,organisation\n2026-03-02T10:00:00Z,A\n2026-03-02T11:00:00Z,A\n", "utf-8")
    assert main(["journeys", "log.csv", "--report", "page.html"]) == 0
    page = Path("page.html").read_text("utf-8")
    assert "No change was found that would save effort" in page
    assert "the log needs the columns “subject”, “organisation”, “asked” and “given”" in page
    chases = next(line for line in capsys.readouterr().out.splitlines() if "Chases" in line)
    assert chases.endswith(
        "It would take a case, a subject, or references that others quote: nothing joins two contacts."
        " The log would need the columns “kind”, “asked”, “given”, “handed_to” and “resolved”."
    )
    main(["journeys", "log.csv", "--changes", "0", "--quiet", "--report", "page.html"])
    assert "No change was found" not in Path("page.html").read_text("utf-8"), "nothing was looked for"


def test_journeys_are_chosen_by_need_partner_channel_and_period(log: Path, tmp_path: Path) -> None:
    def journeys(*given: str) -> int:
        path = tmp_path / "measures.json"
        main(["journeys", str(log), "--quiet", "--output", str(path), *given])
        rows = json.loads(path.read_text("utf-8"))
        return next(row["n"] for row in rows if row["measure"] == "contacts_per_outcome" and not row["by"])

    assert journeys() == 2
    assert journeys("--need", "job") == 1
    assert journeys("--need", "job", "--need", "bin") == 2
    assert journeys("--partner", "Jobcentre") == 1
    assert journeys("--channel", "web") == 1
    assert journeys("--from", "2026-03-03") == 1
    assert journeys("--until", "2026-03-02") == 1
    assert journeys("--gap", "2") == 2


def test_a_change_is_tried_and_said_with_its_range(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["journeys", str(log), "--what-if", "share payslip between Council and Jobcentre", "--changes", "0"])
    assert "not allowed by any agreement yet" in capsys.readouterr().out


def test_agreements_that_name_what_the_log_does_not_have_are_remarked_upon(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agreements = tmp_path / "agreements.yaml"
    agreements.write_text(
        "agreements: [{name: Pay, purpose: [jbo], items: [payslip], from: [Council], to: [Jobcenter],"
        " from date: 2026-01-01}]\n",
        "utf-8",
    )
    main(["journeys", str(log), "--agreements", str(agreements), "--quiet"])
    told = capsys.readouterr().err
    assert f"{agreements}: agreement “Pay”: no contact in the log has the need “jbo”; did you mean “job”?" in told
    assert "has the organisation “Jobcenter”; did you mean “Jobcentre”?" in told
    assert "payslip" not in told


@pytest.mark.parametrize(
    ("zone", "given", "says"),
    [
        ("", [], "Working days are those of the calendar “england-and-wales”; --working-days names another."),
        ("zone: Europe/London", [], "Working days are those of the calendar “england-and-wales”"),
        ("zone: Europe/London", ["--working-days", "scotland"], "Working days are those of the calendar “scotland”"),
        ("zone: America/New_York", [], "Working days are not told: for America/New_York no calendar was named"),
        ("zone: America/New_York", ["--working-days", "scotland"], "Working days are those of the calendar “scotland”"),
    ],
)
def test_working_days_are_those_of_england_only_where_the_zone_is(
    zone: str, given: list[str], says: str, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping, page = tmp_path / "zone.yaml", tmp_path / "zone.html"
    mapping.write_text(f"start: start\nsubject: subject\n{zone}\n", "utf-8")
    rejects = tmp_path / "rejects.csv"
    outputs = ["--report", str(page), "--rejects", str(rejects)]
    main(["journeys", str(log), "--mapping", str(mapping), "--quiet", *outputs, *given])
    assert says in page.read_text("utf-8")
    assert ("Working days are not told" in capsys.readouterr().err) == ("not told" in says)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["journeys", "no-such.csv"], "no-such.csv"),
        (["journeys", "LOG", "--mapping", "no-such.yaml"], "no-such.yaml"),
        (["journeys", "LOG", "--what-if", "be nicer"], "--what-if “be nicer”"),
        (
            ["journeys", "LOG", "--what-if", "share payslp between Council and Jobcentre", "--changes", "0"],
            "no contact in the log has the item “payslp”; did you mean “payslip”?",
        ),
        (
            ["journeys", "LOG", "--what-if", "share payslip between Concil and Jobcentre"],
            "has the organisation “Concil”; did you mean “Council”?",
        ),
        (["journeys", "LOG", "--output", "x.txt"], ".csv or .json"),
        (["journeys", "LOG", "--working-days", "engand-and-wales"], "did you mean “england-and-wales”"),
        (["journeys", "LOG", "--gap", "-1"], "gap"),
        (["journeys", "LOG", "--compare", "yesterday"], "yesterday"),
        (["tally", "--organisation", "A"], "--plan"),
        (
            ["tally", "--organisation", "A", "--from", "2026-03-02", "--channel", "post", "--plan", "p"],
            "telephone=9-17",
        ),
        (["pseudonymise", "LOG", "--output", "x.csv", "--by", "subjct"], "did you mean “subject”"),
        (["pseudonymise", "LOG", "--output", "x.csv", "--by", "subject"], "--key, --purpose and --by"),
    ],
)
def test_wrong_use_is_told_in_words(
    given: list[str], says: str, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main([str(log) if each == "LOG" else each for each in given]) == 2
    assert says in capsys.readouterr().err


def test_a_tally_is_drawn_filled_in_and_studied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, table, filled, log = (tmp_path / name for name in ("plan.csv", "table.csv", "filled.csv", "log.csv"))
    drawn = ["tally", "--organisation", "Council", "--from", "2026-03-02", "--channel", "telephone=9-12"]
    assert main([*drawn, "--plan", str(plan), "--table", str(table), "--sheets", str(tmp_path / "sheets.html")]) == 0
    hour = rows_of(plan)[0]
    header = table.read_text("utf-8").strip()
    row = dict.fromkeys(header.split(","), "") | {"date": hour["date"], "hour": hour["hour"], "channel": "telephone"}
    filled.write_text(f"{header}\n{','.join(row.values())}\n", "utf-8")
    weigh = ["tally", "--organisation", "Council", "--weigh", str(filled), "--plan", str(plan), "--output", str(log)]
    assert main(weigh) == 0
    assert float(rows_of(log)[0]["weight"]) == pytest.approx(10 / 3)
    assert "1 contact in" in capsys.readouterr().out


def test_names_are_replaced_and_what_could_tell_them_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, people, out = tmp_path / "key", tmp_path / "people.csv", tmp_path / "out.csv"
    assert main(["pseudonymise", "--new-key", str(key)]) == 0
    assert main(["pseudonymise", "--new-key", str(key)]) == 2
    people.write_text("Name,Phone,Need\nA,1,job\n", "utf-8")
    given = ["pseudonymise", str(people), "--key", str(key), "--purpose", "p", "--by", "Name", "--output", str(out)]
    assert main(given) == 2
    assert "“Phone” may tell who somebody is" in capsys.readouterr().err
    assert main([*given, "--drop", "Phone"]) == 0
    (row,) = rows_of(out)
    assert list(row) == ["subject", "Need"]
    assert len(row["subject"]) == 26


def test_nothing_is_written_over_what_is_read(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = log.read_bytes()
    same = tmp_path / "." / log.name
    assert main(["journeys", str(log), "--output", str(same)]) == 2
    assert main(["journeys", str(log), "--contacts", str(tmp_path / "x.csv"), "--output", str(tmp_path / "x.csv")]) == 2
    hide = ["pseudonymise", str(log), "--key", "k", "--purpose", "p", "--by", "subject", "--output", str(log)]
    assert main(hide) == 2
    assert "name another file" in capsys.readouterr().err
    assert log.read_bytes() == before


def test_dates_that_cannot_be_read_are_told_by_their_lines_and_not_by_what_they_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, people, out = tmp_path / "key", tmp_path / "people.csv", tmp_path / "out.csv"
    main(["pseudonymise", "--new-key", str(key)])
    people.write_text("person,born,job\nA,31/12/1990,x\nB,12/31/1990,x\nC,,x\nD,1990-12-31,x\n", "utf-8")
    given = ["pseudonymise", str(people), "--key", str(key), "--purpose", "p", "--by", "person", "--by", "born"]
    given += ["--date", "born", "--date-format", "%d/%m/%Y", "--output", str(out)]
    assert main(given) == 1
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        f"{people}:3, column born: no date written as %d/%m/%Y or %Y-%m-%d, so that the row has no pseudonym"
    ]
    assert "4 rows, 2 people, 2 rows without a pseudonym" in told.out
    assert [bool(row["subject"]) for row in rows_of(out)] == [True, False, False, True]
    people.write_text("person,born,job\nA,31/12/1990,x\n", "utf-8")
    assert main(given) == 0
    assert "1 row, 1 person, 0 rows without a pseudonym" in capsys.readouterr().out


def test_one_of_a_kind_is_told_in_the_singular(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.write_text("contact,start,subject,resolved,completed\n1,2026-03-02T10:00:00Z,p,yes,yes\n", "utf-8")
    main(["journeys", str(log), "--as-of", "2026-04-02 10:00"])
    told = capsys.readouterr().out
    assert "1 contact in 1 journey." in told
    assert ", of 1 journey\n" in told


def test_a_date_that_identifies_nobody_and_a_line_with_two_pseudonyms_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, people, out, subjects = (tmp_path / name for name in ("key", "people.csv", "out.csv", "subjects.csv"))
    main(["pseudonymise", "--new-key", str(key)])
    people.write_text("person,born\nA,1990-12-31\n", "utf-8")
    given = ["pseudonymise", str(people), "--output", str(out)]
    assert main([*given, "--key", str(key), "--purpose", "p", "--by", "person", "--date", "born"]) == 2
    assert "--date born: only a column of --by is read as a date" in capsys.readouterr().err
    subjects.write_text("line,subject\n2,abc\n2,def\n", "utf-8")
    assert main([*given, "--subjects", str(subjects), "--drop", "person"]) == 2
    assert f"{subjects}:3: line 2 has two pseudonyms" in capsys.readouterr().err
    assert not out.exists()
