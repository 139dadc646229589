"""How many statements the counter's pages ask the database: a number that holds however much there is."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.rooms.cases import actions as cases
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import see_as
from tests.rooms.desk.place import broken, make_place, opened


def statements(browser: Client, address: str) -> int:
    """How many statements a page asks that was asked for before."""
    assert browser.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len([each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]])


def of(reference: str) -> Client:
    """A browser in which the private link of a case was opened."""
    see_as(SYSTEM)
    token = cases.make_link(By(actor=SYSTEM), case=reference)
    see_as(VISITOR)
    browser = Client()
    assert browser.get(f"/track/{token}/").status_code == 302
    return browser


def test_a_residents_page_asks_little_however_much_has_happened(db: None) -> None:
    make_place()
    quiet, much = opened(timedelta(hours=1)), broken()
    see_as(SYSTEM)
    cases.write_to_resident(By(actor=SYSTEM), case=much, words="We come tomorrow.")
    assert statements(of(quiet), "/case/") == 11
    assert statements(of(much), "/case/") == 11


def test_a_visitors_page_that_needs_nothing_asks_for_nothing_but_the_walls(db: None) -> None:
    assert statements(Client(), "/accessibility/") == 2
