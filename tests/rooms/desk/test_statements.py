"""How many statements the desk's pages ask the database: a number that holds however much there is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.rooms.cases import actions as cases
from makegood.rooms.journal.events import By

from .place import ROSA, Somebody, broken, opened, words

WHO_LOOKS = 5
"""For every page of somebody who signed in: session, account, teams, and the walls told of her and taken back."""


def statements(browser: Client, address: str) -> int:
    """How many statements a page asks that was asked for before."""
    assert browser.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len([each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]])


def busy(place: dict[str, Somebody]) -> str:
    """A case in which much has happened: broken, owed, written about from both sides, called about, handed over."""
    reference = broken()
    by = By(actor=place["officer"].actor)
    cases.log_contact(by, case=reference, channel="telephone", reason="progress_chasing", resolved=False)
    cases.write_from_resident(by, case=reference, words="It still stands there.", channel="telephone")
    cases.write_to_resident(by, case=reference, words="We come tomorrow.")
    cases.hand_over(by, case=reference, team="lighting", context="It is in front of your lamp.")
    return reference


def test_the_page_of_a_case_asks_little_however_much_has_happened_in_it(
    place: dict[str, Somebody], officer: Client
) -> None:
    quiet, much = opened(), busy(place)
    assert statements(officer, f"/desk/cases/{quiet}/") == WHO_LOOKS + 7
    assert statements(officer, f"/desk/cases/{much}/") == WHO_LOOKS + 8  # and the names of who did all that
    assert "It is in front of your lamp." in words(officer.get(f"/desk/cases/{much}/"))


@pytest.mark.parametrize(
    ("address", "most"),
    [("/desk/list/all/", 3), ("/desk/list/broken/", 3), ("/desk/find/?words=quick", 3), ("/desk/", 11)],
)
def test_lists_ask_the_same_for_one_case_and_for_many(
    place: dict[str, Somebody], adviser: Client, address: str, most: int
) -> None:
    broken()
    once = statements(adviser, address)
    for hours in range(1, 8):
        opened(timedelta(hours=hours), resident=ROSA)
    broken()
    assert statements(adviser, address) == once == WHO_LOOKS + most


def test_who_may_no_longer_work_here_sees_nothing_at_her_next_request(
    place: dict[str, Somebody], adviser: Client
) -> None:
    reference = opened()
    assert adviser.get(f"/desk/cases/{reference}/").status_code == 200
    user = place["adviser"].user
    user.roles = ["auditor"]
    user.save()
    assert adviser.get(f"/desk/cases/{reference}/").status_code == 403
    user.is_active = False
    user.save()
    assert adviser.get(f"/desk/cases/{reference}/").status_code == 302
