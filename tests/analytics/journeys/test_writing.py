"""CSV out of logs and journeys, and files that appear only when they are whole."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.logs.ocel import write_ocel
from makegood.analytics.journeys.logs.writing import whole, write_csv
from makegood.analytics.journeys.logs.xes import write_xes
from makegood.analytics.journeys.store import PolarsStore, log_of

from .rounds import NAMES, read, written_and_read
from .test_xes import FULL, ITEMS, NOON

PLAIN = [{key: value for key, value in each.items() if key != "words"} for each in FULL]
NO_SEMICOLON = [each for each in ITEMS if ";" not in each["item"]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_log_in_csv_comes_back_the_same() -> None:
    before, after, written = written_and_read(write_csv, "log.csv", PLAIN, NO_SEMICOLON)
    assert (written.contacts, written.replaced) == (4, 0)
    assert not after.rejects
    assert after.contacts == before.contacts
    assert after.items == before.items
    assert after.known == before.known - {"offset"}


def test_a_separator_inside_an_item_is_shown_in_its_wide_form() -> None:
    _, after, written = written_and_read(write_csv, "log.csv", PLAIN, ITEMS)
    assert written.replaced == 1
    assert "income； or not" in [each["item"] for each in after.items]


def test_csv_goes_to_xes_and_ocel_and_back(tmp_path: Path) -> None:
    before, after, _ = written_and_read(write_csv, "log.csv", PLAIN, NO_SEMICOLON)
    store = PolarsStore()
    log = log_of(store, [{k: v for k, v in each.items() if k in before.known} for each in after.contacts], after.items)
    for write, name in ((write_xes, "b.xes"), (write_ocel, "b.json")):
        write(log, store, tmp_path / name)
        found = read(tmp_path / name)
        assert (found.contacts, found.items) == (before.contacts, before.items)


def test_journeys_are_written_with_why_each_contact_belongs(tmp_path: Path) -> None:
    store = PolarsStore()
    journeys = build(log_of(store, FULL, ITEMS), store)
    write_csv(journeys, store, tmp_path / "j.csv")
    found = {row["contact"]: (row["journey"], row["because"], row["joined_to"]) for row in rows(tmp_path / "j.csv")}
    assert found["c1"] == ("c2", "same case in the log", "c2")
    assert found["c2"] == ("c2", "first contact", "")
    assert found["c3"][0] == "c3"
    for write, name in ((write_xes, "j.xes"), (write_ocel, "j.json")):
        assert write(journeys, store, tmp_path / name).contacts == 4
        assert len(read(tmp_path / name).contacts) == 4
    cases = {each["contact"]: each["case"] for each in read(tmp_path / "j.xes").contacts}
    assert cases == {"c1": "c2", "c2": "c2", "c3": "c3", "c4": "c4"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1"])
def test_formulas_are_disarmed_only_for_a_spreadsheet(tmp_path: Path, text: str) -> None:
    store = PolarsStore()
    log = log_of(store, [{"contact": "a", "start": NOON, "need": text}])
    path = tmp_path / "log.csv"
    assert write_csv(log, store, path).replaced == 0
    assert rows(path)[0]["need"] == text
    assert write_csv(log, store, path, for_spreadsheet=True).replaced == 1
    assert rows(path)[0]["need"] == "'" + text


@settings(max_examples=20)
@given(values=some.lists(NAMES, min_size=1, max_size=4))
def test_any_text_is_written_as_it_is(tmp_path_factory: pytest.TempPathFactory, values: list[str]) -> None:
    store = PolarsStore()
    path = tmp_path_factory.getbasetemp() / "any.csv"
    write_csv(
        log_of(store, [{"contact": f"c{n}", "start": NOON, "need": v} for n, v in enumerate(values)]), store, path
    )
    assert [row["need"] for row in rows(path)] == values


def test_times_that_no_calendar_holds_are_left_out_and_counted(tmp_path: Path) -> None:
    store = PolarsStore()
    log = log_of(store, [{"contact": "a", "start": 2**62, "offset": 90}, {"contact": "b", "start": NOON, "offset": 90}])
    for write, name in ((write_csv, "a.csv"), (write_xes, "a.xes"), (write_ocel, "a.json")):
        written = write(log, store, tmp_path / name)
        assert (written.contacts, written.replaced) == (2, 3)


def test_a_file_changes_only_when_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("before")

    def fail() -> None:
        with whole(path) as (out, _):
            out.write("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_is_told_by_the_name_of_the_wanted_file(tmp_path: Path) -> None:
    wanted = tmp_path / "gone" / f"{'long' * 50}.html"
    with pytest.raises(FileNotFoundError) as refused, whole(wanted):
        pass
    assert refused.value.filename == str(wanted)
    link, real = tmp_path / "link.html", tmp_path / "real.html"
    link.symlink_to(real)
    with whole(link) as (file, _):
        file.write("new")
    assert (link.is_symlink(), real.read_text("utf-8")) == (True, "new")
