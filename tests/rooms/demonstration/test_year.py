"""The year of the demonstration: the same for the same seed, made by real actions, and whole when it is loaded."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import override_settings

from makegood.rooms.cases import queries as cases
from makegood.rooms.demonstration import actions
from makegood.rooms.demonstration.queries import SHOWS, YEAR, cast, to_see
from makegood.rooms.journal.events import SYSTEM
from makegood.rooms.journal.queries import done_to, now, see_as, verify
from makegood.rooms.messages.events import State
from makegood.rooms.messages.queries import counts
from makegood.rooms.remedies.queries import remedies_of
from tools.demonstration import plan
from tools.demonstration.acting import World
from tools.demonstration.figures import figures, public_figures

ENDS = plan.ENDS.astimezone(UTC)


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    assert plan.reports(1, 200) == plan.reports(1, 200)
    assert plan.reports(1, 200) != plan.reports(2, 200)


def test_the_year_has_seasons() -> None:
    months = Counter((report.service, report.at.month) for report in plan.reports(3, 4_000))
    assert months["street-light", 12] > 2 * months["street-light", 6]
    assert months["damp-repair", 1] > 2 * months["damp-repair", 7]


def test_people_and_places_are_plainly_fictional() -> None:
    for each in plan.people(1):
        assert each.phone.startswith("01632 960")
        assert each.email == "" or each.email.endswith("@anyborough.example")
        assert each.home.postcode.startswith("ZY")


def test_every_case_of_a_slice_was_made_by_actions_that_are_written_down(built: World) -> None:
    see_as(SYSTEM)
    found = verify()
    assert (found.faults, found.waiting) == ((), 0)
    for references in built.planted.values():
        verbs = {each.verb for each in done_to(references[0])}
        assert "cases.open_case" in verbs


def test_what_is_planted_stands_as_it_should_when_the_demonstration_opens(built: World) -> None:
    see_as(SYSTEM)
    case = {shows: cases.case_of(references[-1]) for shows, references in built.planted.items()}
    assert case["breaks at 6pm today"].due_at == datetime(2026, 11, 19, 18, tzinfo=UTC)
    assert case["breaks at 6pm today"].standing == "running"
    assert case["a voucher that grows"].standing == "broken"
    assert any(each.grows for each in remedies_of(case["a voucher that grows"].reference, ENDS))
    assert any(each.may_choose for each in remedies_of(case["a remedy to choose"].reference, ENDS))
    assert case["waits for the resident"].waiting
    assert case["an emergency"].due_at == datetime(2026, 11, 20, 8, 20, tzinfo=UTC)
    [handed] = cases.hand_overs_of(case["offered to another team"].reference)
    assert handed.to_team == "repairs"
    assert case["wrote after closing"].unread
    assert not case["wrote after closing"].open
    assert len(cases.duplicates_of(case["two neighbours"].reference)) == 1
    waiting = counts()
    assert (waiting[State.UNCERTAIN], waiting[State.FAILED]) == (1, 1)
    assert waiting[State.TO_PRINT] >= 1


def test_a_dump_of_a_slice_tells_what_is_in_it(built: World, tmp_path: Path) -> None:
    file = tmp_path / "slice.zip"
    written = actions.write_dump(file, ends=plan.ENDS, planted=figures(built))
    assert actions.read_manifest(file) == written
    assert written.rows["cases_case"] == written.rows["cases_person"] >= 30
    with ZipFile(file) as archive:
        assert set(archive.namelist()) == {"manifest.json", *(f"{table}.copy" for table in written.tables)}


def test_the_dump_that_ships_loads_whole_and_soon(live_database: str, demonstration: None) -> None:
    manifest = actions.read_manifest(YEAR)
    had = actions.migrations()  # tables that came later begin empty
    missing = {room: names for room, names in manifest.migrations.items() if not set(names) <= set(had.get(room, ()))}
    assert missing == {}, "build the year again: python -m tools.demonstration"
    begun = time.perf_counter()
    assert actions.open_place()
    assert time.perf_counter() - begun < 60
    see_as(SYSTEM)
    found = verify()
    assert found.faults == ()
    assert found.sealed >= manifest.sealed
    assert public_figures() == manifest.planted["figures"]
    assert timedelta(0) <= now() - ENDS < timedelta(minutes=5)
    assert {each.shows for each in to_see()} == set(SHOWS)
    assert len(cast()) == 12
    assert not actions.open_place(), "a place in use is left as it is"


def test_the_year_that_ships_has_thousands_of_cases_in_every_state() -> None:
    manifest = actions.read_manifest(YEAR)
    assert manifest.rows["cases_case"] >= 2_500
    assert YEAR.stat().st_size < 6_000_000
    happened = manifest.planted["happened"]
    for each in (
        "chosen",
        "corrected",
        "declined",
        "declined to take",
        "exempt",
        "handed over",
        "paid",
        "paused",
        "redeemed",
        "reopened",
        "same as another",
        "voucher on the spot",
        "added by staff",
        "closed no-fault",
        "closed tagged",
    ):
        assert happened[each] > 0, each


def test_a_dump_of_other_tables_is_refused(live_database: str, demonstration: None, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with ZipFile(YEAR) as archive, ZipFile(other, "w") as changed:
        changed.writestr("manifest.json", archive.read("manifest.json").replace(b"0001_initial", b"0001_other"))
    with pytest.raises(actions.CannotLoad, match="does not fit these tables"):
        actions.open_place(other)


@override_settings(PLACE_DEMO=False)
def test_a_real_place_never_loads_the_demonstration() -> None:
    with pytest.raises(RuntimeError, match="PLACE_KIND=demo"):
        actions.open_place()
