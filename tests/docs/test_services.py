"""The service that the documentation adds is published by the real actions, exactly as the page shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from makegood.rooms.cases.actions import open_case
from makegood.rooms.cases.events import Resident
from makegood.rooms.cases.queries import standings_of
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import see_as
from makegood.rooms.people.queries import team
from makegood.rooms.places.events import Place
from makegood.rooms.pledges.actions import check as check_pledge
from makegood.rooms.pledges.actions import publish_pledge
from makegood.rooms.pledges.queries import names_in
from makegood.rooms.services.actions import check
from makegood.rooms.services.queries import checked_answers, find_services, service

from .blocks import DOCS
from .test_pages_run import all_blocks

FILES = {
    info.removeprefix("file "): text
    for _, info, text in all_blocks(DOCS / "how-to" / "add-a-service.md")
    if info.startswith("file ")
}
BY = By(actor=SYSTEM)


@pytest.mark.django_db
def test_the_texts_of_the_page_have_no_finding() -> None:
    assert check_pledge(FILES["graffiti.yaml"]) == []
    known = names_in(publish_pledge(BY, text=FILES["graffiti.yaml"]))
    text = FILES["graffiti-service.yaml"]
    assert check(text, facts=known.facts, details=known.details, allowed=known.allowed) == []


@pytest.mark.django_db
def test_the_script_of_the_page_adds_a_service_that_takes_a_report_and_judges_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(compile(FILES["publish.py"], "publish.py", "exec"), {})
    added = team("streets")
    assert added is not None
    assert added.name == "Street Cleaning"
    assert [each.code for each in find_services("rude words on a wall")] == ["graffiti"]
    due = {}
    for abusive in ("yes", "no"):
        answers = checked_answers(service("graffiti"), {"abusive": abusive, "surface": "wall"})
        opened = open_case(
            By(actor=VISITOR),
            service_code="graffiti",
            answers=answers,
            words="",
            place=Place(words="By the mill"),
            resident=Resident(name="Rosa", email="rosa@example.org", wants="email"),
        )
        see_as(SYSTEM)
        [promise] = standings_of(str(opened["reference"]))
        assert promise.due_at is not None
        due[abusive] = promise.due_at
    assert due["yes"] < due["no"]
