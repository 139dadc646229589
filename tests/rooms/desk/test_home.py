"""The desk's first page, its lists and the search."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from django.test import Client

from makegood.rooms.cases import actions as cases
from makegood.rooms.journal.events import By

from .place import Somebody, broken, opened, signed_in, words


def test_the_desk_shows_the_cases_of_my_teams_in_groups(adviser: Client, place: dict[str, Somebody]) -> None:
    late, new = broken(), opened()
    theirs = opened(service="street-light", answers={"problem": "out", "danger": "no"})
    page = words(adviser.get("/desk/"))
    assert "Broken promises" in page
    assert late in page
    assert new in page
    assert theirs not in page


def test_mine_are_only_those_that_i_took(adviser: Client, place: dict[str, Somebody]) -> None:
    mine, other = opened(), opened()
    cases.take_case(By(actor=place["adviser"].actor), case=mine)
    page = words(adviser.get("/desk/?whose=mine"))
    assert mine in page
    assert other not in page


def test_an_empty_desk_says_so(adviser: Client) -> None:
    assert "Nothing waits here" in words(adviser.get("/desk/"))


def test_a_long_list_has_pages_that_leave_nothing_out(adviser: Client) -> None:
    every = {opened(timedelta(hours=2, seconds=number % 3)) for number in range(52)} | {broken()}
    seen: list[str] = []
    address = "/desk/list/all/"
    while address:
        page = adviser.get(address).content.decode()
        seen += re.findall(r"/desk/cases/([^/]*)/", page)
        found = re.search(r'href="([^"]*after=[^"]*)" rel="next"', page)
        address = "/desk/list/all/" + unescape(found[1]) if found else ""
    assert len(seen) == len(every)
    assert set(seen) == every
    assert adviser.get("/desk/list/all/?after=nonsense").status_code == 200


def test_a_case_is_found_by_name_place_or_words(adviser: Client) -> None:
    from makegood.rooms.places.events import Place

    reference = opened(words="behind the red gate", place=Place(words="14 Acacia Avenue"))
    for asked in ("rosa qui", "acacia", "red gate"):
        assert reference in words(adviser.get("/desk/find/", {"words": asked}))
    assert "No case is found" in words(adviser.get("/desk/find/", {"words": "zebra"}))


def test_a_whole_reference_opens_its_case(adviser: Client) -> None:
    reference = opened()
    answer = adviser.get("/desk/find/", {"words": reference.lower().replace("-", " ")})
    assert answer["Location"] == f"/desk/cases/{reference}/"


def test_those_with_another_task_go_to_their_own_page(place: dict[str, Somebody]) -> None:
    for role, there in (("crew", "/desk/crew/"), ("administrator", "/desk/people/"), ("auditor", "/desk/journal/")):
        assert signed_in(place[role]).get("/desk/")["Location"] == there


def test_what_else_waits_is_counted(officer: Client) -> None:
    broken()
    page = words(officer.get("/desk/"))
    for title in (
        "Hand-overs to answer",
        "Tasks of remedies",
        "Letters to print",
        "Uncertain and failed mails",
        "To pay",
    ):
        assert title in page


def test_a_broken_promise_says_which_deadline_passed_and_how_long_ago(adviser: Client) -> None:
    late = broken()
    page = words(adviser.get("/desk/list/broken/"))
    assert late in page
    assert re.search(r"By 6pm on \w+ \d+ \w+( \d{4})?passed \d+ days( and \d+ hours?)? ago", page)
