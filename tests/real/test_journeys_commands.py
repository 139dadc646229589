"""The commands on the page of real logs print the figures that the page states."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from makegood.cli import main
from tests.real import journeys_boston, journeys_chicago, journeys_desk, journeys_permits
from tests.real.counted_again import seconds
from tests.real.journeys import HERE, Figure
from tests.real.pages import page

FILES = {
    "journeys-permits.yaml": "event-logs/permit-receipts.csv.gz",
    "journeys-service-desk.yaml": "event-logs/incident-activities-2014.csv.gz",
    "journeys-boston.yaml": "service-requests/boston-311-2011.csv.gz",
}
MEASURES = {
    "journeys-permits.yaml": {
        "team_moves": "team_moves", "longest_wait_90": "wait_90",
    },
    "journeys-service-desk.yaml": {
        "team_moves": "team_moves", "contacts_per_outcome": "per_outcome", "elapsed_days": "elapsed",
        "elapsed_days_middle": "elapsed_middle", "longest_wait": "wait", "longest_wait_90": "wait_90",
    },
    "journeys-chicago.yaml": {
        "contacts_per_outcome": "per_outcome", "bodies_per_outcome": "bodies", "elapsed_days_middle": "elapsed_middle",
        "longest_wait": "wait",
    },
    "journeys-boston.yaml": {},
}  # fmt: skip
FIGURES: dict[str, Callable[[Path], dict[str, Figure]]] = {
    each.MAPPING: each.figures for each in (journeys_permits, journeys_desk, journeys_chicago, journeys_boston)
}


def commands() -> dict[str, list[str]]:
    """The commands on the page, by mapping."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", page("real-journeys.md").read_text(encoding="utf-8"), re.M | re.S)
    words = [shlex.split(block.replace("\\\n", " ")) for block in blocks]
    return {each[each.index("--mapping") + 1]: each for each in words}


def run(mapping: str, shared: Path, folder: Path) -> None:
    """A command of the page, with the files where they are, its outputs in a folder."""
    program, command, log, *rest = commands()[mapping]
    assert (program, command) == ("makegood", "journeys")
    if mapping == journeys_chicago.MAPPING:
        journeys_chicago.write_table(shared / "data/service-requests/chicago-open311-2014.json", folder / log)
        source = folder / log
    else:
        source = shared / "data" / FILES[mapping]
        assert source.name == log
    options = [HERE / word if word == mapping else word if word.startswith("--") else folder / word for word in rest]
    assert main([command, str(source), *map(str, options), "--quiet"]) == 0


def test_the_page_has_a_command_for_every_log() -> None:
    assert commands().keys() == FIGURES.keys()


@pytest.mark.parametrize("mapping", FIGURES)
def test_a_command_prints_the_measures_that_the_page_states(mapping: str, shared: Path, tmp_path: Path) -> None:
    run(mapping, shared, tmp_path)
    with (tmp_path / "measures.csv").open(encoding="utf-8", newline="") as file:
        told = {row["measure"]: row["value"] for row in csv.DictReader(file) if not row["by"]}
    stated = FIGURES[mapping](shared)
    for measure, figure in MEASURES[mapping].items():
        assert float(told[measure]) == pytest.approx(stated[figure]), measure
    for unknown in ("asked_again", "visits_to_bring", "own_minutes", "avoidable_contact", "chases"):
        assert told[unknown] == "", unknown


def test_the_report_has_the_moves_between_teams_and_what_was_done_again(shared: Path, tmp_path: Path) -> None:
    run(journeys_permits.MAPPING, shared, tmp_path)
    rows = re.findall(r"<tr.*?</tr>", (tmp_path / "map.html").read_text(encoding="utf-8"), re.S)
    words = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
    stated = journeys_permits.figures(shared)
    first = f"{stated['first_pair']}".replace(" → ", " ")
    assert any(row.startswith(f"{first} {stated['first_pair_count']}") for row in words)
    assert any(str(stated["again"]) in row and row.endswith(f" {stated['again_times']}") for row in words)


def test_the_file_of_contacts_tells_who_was_at_work_after_the_deadline(shared: Path, tmp_path: Path) -> None:
    run(journeys_permits.MAPPING, shared, tmp_path)
    with (tmp_path / "contacts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    late = {row["journey"] for row in rows if seconds(row["start"]) > seconds(row["due"])}
    assert len(late) == journeys_permits.figures(shared)["late"]


def test_the_table_of_chicago_has_a_row_for_each_note(shared: Path, tmp_path: Path) -> None:
    run(journeys_chicago.MAPPING, shared, tmp_path)
    source = shared / "data/service-requests/chicago-open311-2014.json"
    notes = sum(len(request["notes"]) for request in json.loads(source.read_text(encoding="utf-8")))
    with (tmp_path / "contacts.csv").open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.DictReader(file)) == notes
