"""The pages for everybody: they show what is promised and how it is kept, in plain words, and nothing inline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from makegood.rooms.cases import actions as cases
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now
from makegood.rooms.pledges.actions import publish_pledge

from .place import ADVISER, DATA, late, opened, with_case, words_of
from .reading import grade

PUBLIC = (
    "/",
    "/promises/",
    "/promises/missed-bin/",
    "/promises/street-light/",
    "/promises/damp-repair/",
    "/promises/missed-bin/versions/1/",
    "/promises/missed-bin/poster/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/report/",
    "/report/?words=bin",
    "/report/missed-bin/",
    "/report/street-light/",
    "/report/damp-repair/",
    "/track/",
    "/voucher/",
    "/shop/",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_every_public_page_is_there_with_one_heading_and_nothing_inline(browser: Client, address: str) -> None:
    answer = browser.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert not re.search(r"<[^>]+ (style|on[a-z]+)=", page)
    assert not re.search(r"<style|<script(?![^>]* src=)", page)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_promise_is_told_in_the_engines_own_words_with_its_versions(browser: Client) -> None:
    text = (DATA / "pledges" / "missed-bin.yaml").read_text("utf-8")
    first = now().date() + timedelta(days=10)
    publish_pledge(
        By(actor=SYSTEM),
        text=text.replace("2 working days, by 18:00", "3 working days, by 18:00").partition("examples:")[0],
        valid_from=first,
    )
    words = words_of(browser.get("/promises/missed-bin/").content.decode())
    assert "Time limit: within 2 working days, by 6pm." in words
    assert "Version 2" in words
    coming = words_of(browser.get("/promises/missed-bin/versions/2/").content.decode())
    assert "Time limit: within 3 working days, by 6pm." in coming
    assert "This version is not in force yet" in coming
    assert browser.get("/promises/missed-bin/versions/3/").status_code == 404
    assert browser.get("/promises/nope/").status_code == 404


def test_small_numbers_are_left_out(browser: Client) -> None:
    for _ in range(3):
        cases.record_fact(By(actor=ADVISER), case=opened(), fact="bin_collected")
    assert "Too few reports so far" in words_of(browser.get("/promises/missed-bin/").content.decode())
    for _ in range(9):
        cases.record_fact(By(actor=ADVISER), case=opened(), fact="bin_collected")
    words = words_of(browser.get("/promises/missed-bin/").content.decode())
    assert "100%" in words
    assert "12" in words


def test_the_poster_has_the_promise_in_big_words_and_a_square(browser: Client) -> None:
    page = browser.get("/promises/missed-bin/poster/").content.decode()
    assert "We come back for a bin that we missed." in page
    assert "Within 2 working days, by 6pm." in page
    assert "<svg" in page


def test_search_engines_are_kept_from_private_pages(browser: Client) -> None:
    rules = browser.get("/robots.txt").content.decode()
    assert "Disallow: /case/" in rules
    assert "Disallow: /track/" in rules


def resident_pages(browser: Client) -> Iterator[tuple[str, str]]:
    """Every page that a resident sees, with its words."""
    for address in (*PUBLIC, f"/track/{'x' * 30}/"):
        yield address, browser.get(address).content.decode()
    for service in ("missed-bin", "street-light", "damp-repair"):
        running, broken = with_case(opened(service)), with_case(late(service, days=60))
        yield f"{service} running", running.get("/case/").content.decode()
        yield f"{service} broken", broken.get("/case/").content.decode()
        for page in ("write/", "ease/", "link/"):
            yield f"{service} {page}", running.get(f"/case/{page}").content.decode()


def test_every_page_for_residents_reads_at_grade_7_or_below(browser: Client) -> None:
    grades = {name: grade(page) for name, page in resident_pages(browser)}
    hard = {name: round(found, 1) for name, found in grades.items() if found > 7}
    assert not hard, hard


def test_the_formula_gives_the_known_grades() -> None:
    assert grade("<main><p>The cat sat on the mat. The dog ran to the cat.</p></main>") < 2
    hard = "The institutional organisation unquestionably necessitates interdepartmental administrative communication."
    assert grade(f"<main><p>{hard}</p></main>") > 20
