"""Reporting something without an account: only the questions that are needed, and one case however often it is sent."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from makegood.rooms.cases import queries as cases
from makegood.rooms.cases.actions import revoke_links
from makegood.rooms.counter.forms import AnswerForm
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.services.events import Kind, Question

from .place import words_of

NAUGHTY = json.loads((Path(__file__).parents[2] / "data" / "naughty-strings.json").read_text("utf-8"))
WHO = {"name/": {"name": "Rosa Quick"}, "reach/": {"wants": "email"}, "address/": {"email": "rosa@example.org"}}
LETTER = {
    "name/": {"name": "Rosa Quick"},
    "reach/": {"wants": "letter"},
    "address/": {"post": "12 Acacia Avenue\nAnyborough"},
}


def day(ago: int) -> dict[str, str]:
    due = now() - timedelta(days=ago)
    return {"answer_0": str(due.day), "answer_1": str(due.month), "answer_2": str(due.year)} | {
        "answer_day": str(due.day),
        "answer_month": str(due.month),
        "answer_year": str(due.year),
    }


BIN = {
    "question/bin/": {"answer": "recycling"},
    "question/collection_date/": day(1),
    "question/tag/": {"answer": "no"},
    "question/help_with_bin/": {},
    "place/": {"words": "By the old mill"},
    "photo/": {},
}
LIGHT = {
    "question/danger/": {"answer": "no"},
    "question/problem/": {"answer": "flickers"},
    "question/post_number/": {"answer": "SR 14"},
    "place/": {"words": "By the bus stop in Station Road"},
    "photo/": {},
}
DAMP = {
    "question/hazard/": {"answer": "emergency"},
    "question/rooms/": {"answer": "The bedroom, and the bath"},
    "question/since/": day(30),
    "question/water/": {"answer": "no"},
    "question/at_risk/": {},
    "question/visit/": {"answer": "any"},
    "place/": {"words": "12 acacia avenue"},
    "place/which/": {"address": "000112"},
    "photo/": {},
}
WAYS = {"missed-bin": BIN | WHO, "street-light": LIGHT | WHO, "damp-repair": DAMP | LETTER}


def go(browser: Client, service: str, pages: dict[str, dict[str, str]]) -> str:
    """Answer page after page; the address at which the way ends."""
    at = browser.post(f"/report/{service}/").headers["Location"]
    for _ in range(20):
        step = at.removeprefix(f"/report/{service}/")
        if step not in pages:
            return at
        assert browser.get(at).status_code == 200, at
        answer = browser.post(at, pages[step])
        assert answer.status_code == 302, (at, words_of(answer.content.decode()))
        at = answer.headers["Location"]
    raise AssertionError("the way has no end")


def once_in(page: str) -> str:
    return page.partition('name="once" value="')[2].partition('"')[0]


def send(browser: Client, service: str) -> str:
    """Go the whole way; the mark of the form that was sent."""
    end = go(browser, service, WAYS[service])
    assert end == f"/report/{service}/check/"
    once = once_in(browser.get(end).content.decode())
    assert browser.post(end, {"once": once}).headers["Location"] == "/report/sent/"
    return once


def everything() -> list[cases.CaseSeen]:
    see_as(SYSTEM)
    return [each.case for each in cases.newest()]


@pytest.mark.parametrize("service", sorted(WAYS))
def test_each_service_can_be_reported_without_an_account(browser: Client, service: str) -> None:
    send(browser, service)
    page = browser.get("/report/sent/").content.decode()
    words = words_of(page)
    [case] = everything()
    assert case.service == service
    assert case.reference in words
    assert "/track/" in words
    assert "Until when" in words
    assert "We say sorry" in words


def test_what_was_answered_is_kept_and_shown(browser: Client) -> None:
    send(browser, "damp-repair")
    [case] = everything()
    assert case.details == {"hazard": "emergency"}
    assert case.answers["rooms"] == "The bedroom, and the bath"
    assert case.place.address == "000112"
    assert case.place.ward == "W1"
    assert cases.person_of(case.reference).post == "12 Acacia Avenue\nAnyborough"
    words = words_of(browser.get("/case/").content.decode())
    assert "The bedroom, and the bath" in words
    assert "Housing Repairs" in words


def test_a_question_is_asked_only_after_the_answer_that_calls_for_it(browser: Client) -> None:
    without = go(browser, "missed-bin", {k: BIN[k] for k in list(BIN)[:3]})
    assert without == "/report/missed-bin/question/help_with_bin/"
    browser.post("/report/missed-bin/question/tag/", {"answer": "yes"})
    page = browser.get("/report/missed-bin/question/tag_says/")
    assert "What does the tag say?" in page.content.decode()
    browser.post("/report/missed-bin/question/tag_says/", {"answer": "Too heavy"})
    browser.post("/report/missed-bin/question/tag/", {"answer": "no"})
    assert browser.get("/report/missed-bin/question/tag_says/").status_code == 302


def test_an_answer_to_a_question_that_is_no_longer_asked_is_not_kept(browser: Client) -> None:
    go(browser, "missed-bin", {k: BIN[k] for k in list(BIN)[:2]})
    browser.post("/report/missed-bin/question/tag/", {"answer": "yes"})
    browser.post("/report/missed-bin/question/tag_says/", {"answer": "Too heavy"})
    browser.post("/report/missed-bin/question/tag/", {"answer": "no"})
    end = "/report/missed-bin/check/"
    for step, given in {k: v for k, v in WAYS["missed-bin"].items() if k not in list(BIN)[:3]}.items():
        browser.post(f"/report/missed-bin/{step}", given)
    assert "Too heavy" not in browser.get(end).content.decode()
    browser.post(end, {"once": once_in(browser.get(end).content.decode())})
    [case] = everything()
    assert "tag_says" not in case.answers


def test_every_question_says_why_it_is_asked(browser: Client) -> None:
    at = browser.post("/report/street-light/").headers["Location"]
    assert "If so we come by the end of the next working day" in browser.get(at).content.decode()


def test_an_answer_that_does_not_do_is_told_beside_its_question(browser: Client) -> None:
    go(browser, "missed-bin", {"question/bin/": BIN["question/bin/"]})
    late = browser.post("/report/missed-bin/question/collection_date/", day(-3))
    assert late.status_code == 200
    assert "today or in the past" in late.content.decode()
    empty = browser.post("/report/missed-bin/question/bin/", {})
    assert "Choose one of the answers" in empty.content.decode()
    assert "<title>Error: " in empty.content.decode()


def test_sent_twice_it_is_one_case(browser: Client) -> None:
    once = send(browser, "missed-bin")
    again = browser.post("/report/missed-bin/check/", {"once": once})
    assert again.headers["Location"] == "/report/sent/"
    assert len(everything()) == 1


def test_two_windows_that_send_the_same_draft_make_one_case(browser: Client) -> None:
    end = go(browser, "missed-bin", WAYS["missed-bin"])
    once = once_in(browser.get(end).content.decode())
    draft = dict(browser.session["drafts"])
    browser.post(end, {"once": once})
    session = browser.session
    session["drafts"], session["sent"] = draft, {}  # as the other window saw it
    session.save()
    assert browser.post(end, {"once": once}).headers["Location"] == "/report/sent/"
    assert len(everything()) == 1


def test_a_second_press_whose_session_moved_on_meanwhile_leads_to_what_was_sent(browser: Client) -> None:
    once = send(browser, "missed-bin")
    [case] = everything()
    late = Client()  # with the cookie from before, whose session is gone
    answer = late.post("/report/missed-bin/check/", {"once": once})
    assert answer.headers["Location"] == "/report/sent/"
    assert case.reference in late.get("/report/sent/").content.decode()
    assert len(everything()) == 1
    for wrong in ("", "x", once[:-1], once[::-1]):
        other = Client().post("/report/missed-bin/check/", {"once": wrong})
        assert other.headers["Location"] == "/report/missed-bin/"


def test_the_back_button_after_sending_leads_to_what_was_sent(browser: Client) -> None:
    send(browser, "missed-bin")
    for step in ("check/", "place/", "question/bin/"):
        assert browser.get(f"/report/missed-bin/{step}").headers["Location"] == "/report/sent/"
    assert len(everything()) == 1


def test_a_second_report_can_be_begun_after_the_first(browser: Client) -> None:
    send(browser, "missed-bin")
    send(browser, "missed-bin")
    assert len(everything()) == 2


def test_the_check_page_changes_one_answer_and_comes_back(browser: Client) -> None:
    end = go(browser, "street-light", WAYS["street-light"])
    changed = browser.post("/report/street-light/name/", {"name": "Rosa Slow"})
    assert changed.headers["Location"] == end
    assert "Rosa Slow" in browser.get(end).content.decode()


def test_changing_the_way_asks_for_its_address(browser: Client) -> None:
    go(browser, "street-light", WAYS["street-light"])
    changed = browser.post("/report/street-light/reach/", {"wants": "phone"})
    assert changed.headers["Location"] == "/report/street-light/address/"
    browser.post("/report/street-light/address/", {"phone": "01632 960 001"})
    end = "/report/street-light/check/"
    browser.post(end, {"once": once_in(browser.get(end).content.decode())})
    [case] = everything()
    person = cases.person_of(case.reference)
    assert (person.wants, person.phone, person.email) == ("phone", "01632 960 001", "")


def test_nothing_is_sent_before_every_question_is_answered(browser: Client) -> None:
    go(browser, "missed-bin", {"question/bin/": BIN["question/bin/"]})
    ahead = browser.post("/report/missed-bin/check/", {"once": "made-up"})
    assert ahead.headers["Location"] == "/report/missed-bin/question/collection_date/"
    assert everything() == []


def test_plain_words_find_the_service(browser: Client) -> None:
    words = words_of(browser.get("/report/", {"words": "wheely bin not emptied"}).content.decode())
    assert words.index("Missed bin") < words.index("Everything that you can tell us about")
    nothing = words_of(browser.get("/report/", {"words": "zzzzqqq"}).content.decode())
    assert "We found nothing for “zzzzqqq”" in nothing


def test_a_report_of_the_same_spot_is_linked_and_never_merged(browser: Client) -> None:
    send(browser, "street-light")
    other = Client()
    end = go(other, "street-light", WAYS["street-light"])
    page = other.get(end).content.decode()
    [first] = everything()
    assert "Somebody told us about this place" in page
    assert first.reference not in page
    other.post(end, {"once": once_in(page)})
    [second, _first] = everything()
    assert second.reference != first.reference
    assert [each.case for each in cases.duplicates_of(second.reference)] == [first.reference]


def test_nobody_is_told_that_there_is_a_report_about_somebodys_home(browser: Client) -> None:
    send(browser, "damp-repair")
    end = go(Client(), "damp-repair", WAYS["damp-repair"])
    other = Client()
    assert go(other, "damp-repair", WAYS["damp-repair"]) == end
    assert "Somebody told us" not in other.get(end).content.decode()


def photo_file(width: int = 3000) -> SimpleUploadedFile:
    image = Image.new("RGB", (width, 200), "red")
    exif = Image.Exif()
    exif[0x010E] = "taken at the door of Rosa"
    kept = io.BytesIO()
    image.save(kept, "JPEG", exif=exif)
    return SimpleUploadedFile("door.jpg", kept.getvalue(), "image/jpeg")


def test_a_photo_is_made_anew_before_it_is_kept(browser: Client) -> None:
    end = go(browser, "street-light", {k: v for k, v in WAYS["street-light"].items() if k != "photo/"})
    assert end == "/report/street-light/photo/"
    assert browser.post(end, {"photo": photo_file()}).status_code == 302
    seen = browser.get("/report/street-light/photo/photo.jpg")
    assert b"door of Rosa" not in seen.content
    assert Image.open(io.BytesIO(seen.content)).width == 1600
    for step, given in WHO.items():
        browser.post(f"/report/street-light/{step}", given)
    page = browser.get("/report/street-light/check/").content.decode()
    browser.post("/report/street-light/check/", {"once": once_in(page)})
    [case] = everything()
    photo = cases.photo_of(case.reference)
    assert photo is not None
    assert photo.width == 1600
    assert browser.get("/case/photo.jpg").content == photo.jpeg
    assert Client().get("/case/photo.jpg").status_code == 302


def test_what_is_no_photo_is_refused_in_words(browser: Client) -> None:
    go(browser, "street-light", {k: v for k, v in WAYS["street-light"].items() if k != "photo/"})
    bad = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = browser.post("/report/street-light/photo/", {"photo": bad})
    assert "Choose " in answer.content.decode()
    assert "Error: " in answer.content.decode()


@pytest.mark.parametrize(
    "nasty", [*NAUGHTY[::40], "\x00", "<script>alert(1)</script>", "{{ 7*7 }}", "\u202eabc", "x" * 9_000]
)
def test_hostile_words_never_break_a_page_nor_get_out_of_it(browser: Client, nasty: str) -> None:
    pages = [
        ("/report/street-light/question/danger/", "answer"),
        ("/report/street-light/question/post_number/", "answer"),
        ("/report/street-light/place/", "words"),
        ("/report/street-light/name/", "name"),
        ("/report/street-light/reach/", "wants"),
        ("/track/", "reference"),
        ("/shop/", "key"),
    ]
    go(browser, "street-light", {k: LIGHT[k] for k in list(LIGHT)[:2]})
    for address, field in pages:
        answer = browser.post(address, {field: nasty, "email": nasty})
        assert answer.status_code in (200, 302), address
        assert b"<script>alert" not in answer.content
    for step, given in (LIGHT | WHO).items():
        browser.post(f"/report/street-light/{step}", given)
    browser.post("/report/street-light/name/", {"name": nasty})
    end = browser.get("/report/street-light/check/")
    assert b"<script>alert" not in end.content
    found = browser.get("/report/", {"words": nasty})
    assert found.status_code == 200
    assert b"<script>alert" not in found.content


def test_too_many_reports_from_one_network_are_asked_to_wait(browser: Client) -> None:
    end = go(browser, "missed-bin", WAYS["missed-bin"])
    see_as(SYSTEM)
    answers = []
    for _ in range(22):
        session = browser.session
        session["sent"] = {}
        session.save()
        answers.append(browser.post(end, {"once": "x"}).status_code)
        go(browser, "missed-bin", WAYS["missed-bin"])
    assert 429 in answers


def test_a_stopped_link_opens_nothing_any_more_in_this_browser_neither(browser: Client) -> None:
    send(browser, "missed-bin")
    [case] = everything()
    revoke_links(By(actor=SYSTEM), case=case.reference)
    assert browser.get("/case/").headers["Location"] == "/track/"


def test_the_words_of_a_service_are_words_and_no_markup() -> None:
    bold = Question(name="a", ask="<b>What?</b>", why="<b>Because</b>", kind=Kind.WORDS)
    page = AnswerForm(question=bold).render()
    assert "<b>" not in page
    assert "&lt;b&gt;Because" in page
