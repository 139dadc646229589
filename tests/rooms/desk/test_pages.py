"""The caller's form, the crew, post, publishing, people, journal, numbers; who may see what; and how much is asked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries
from makegood.rooms.cases.events import Resident
from makegood.rooms.desk import urls
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.messages.models import Message
from makegood.rooms.messages.queries import letters_to_print
from makegood.rooms.people.queries import people
from makegood.rooms.places.actions import load_places
from makegood.rooms.places.events import Address, Ward

from .place import DATA, Somebody, broken, fill_in, form_of, hear, of, opened, signed_in, words

# --- for a caller ----------------------------------------------------------------------------------------------------


def test_a_case_is_opened_for_a_caller_on_one_page(adviser: Client, place: dict[str, Somebody]) -> None:
    assert "Missed bin" in words(adviser.get("/desk/new/", {"words": "bin men"}))
    due = now() - timedelta(days=1)
    answer = fill_in(
        adviser,
        "/desk/new/missed-bin/",
        q_bin="food",
        q_collection_date_day=str(due.day),
        q_collection_date_month=str(due.month),
        q_collection_date_year=str(due.year),
        q_tag="no",
        name="Jo Carter",
        wants="phone",
        phone="01632 960 001",
        place="14 Acacia Avenue",
        mine="on",
    )
    assert answer.status_code == 302, words(answer)
    reference = answer.url.split("/")[-2]
    case = of(reference)
    assert case.answers["bin"] == "food"
    assert case.owner == place["adviser"].actor.id
    assert abs(case.received_at - case.opened_at) < timedelta(seconds=2)
    assert [each.reason for each in queries.contacts_of(reference)] == ["needed"]


def test_an_address_is_found_for_a_caller_as_in_the_resident_s_own_report(adviser: Client) -> None:
    ward, home = (
        Ward(code="W1", name="Old Town"),
        Address(id="A14", line="14 Acacia Avenue", postcode="AB1 2CD", ward="W1"),
    )
    load_places(By(actor=SYSTEM), wards=[ward], addresses=[home])
    due = now() - timedelta(days=1)
    day = {f"q_collection_date_{part}": str(getattr(due, part)) for part in ("day", "month", "year")}
    there = "/desk/new/missed-bin/"
    first = re.search(r'<button type="submit"[^>]*>', adviser.get(there).content.decode())
    assert first is not None
    assert "look" not in first[0], "the Enter key opens the case"
    looked = fill_in(adviser, there, q_bin="food", **day, place="14 acacia", phone="01632 960 001", look="yes")
    assert looked.status_code == 200
    assert "14 Acacia Avenue, AB1 2CD" in words(looked)
    assert "There is a problem" not in words(looked), "nothing is asked that was not got to yet"
    kept = form_of(looked)
    assert (kept["q_bin"], kept["place"], kept["phone"]) == ("food", "14 acacia", "01632 960 001")
    undecided = adviser.post(there, kept | {"q_tag": "no"})
    assert "Choose an address, or say that it is none of these" in words(undecided)
    opened_by = adviser.post(there, kept | {"q_tag": "no", "address": "A14"})
    place = of(opened_by.headers["Location"].split("/")[-2]).place
    assert (place.address, place.ward) == ("A14", "W1")


def test_what_a_caller_leaves_out_is_asked_beside_its_question(adviser: Client) -> None:
    answer = fill_in(adviser, "/desk/new/missed-bin/", q_bin="food", name="Jo", wants="phone")
    assert answer.status_code == 422
    assert "Answer the question" in words(answer)
    assert "Enter the telephone number" in words(answer)
    assert 'value="Jo"' in answer.content.decode()


# --- crew ------------------------------------------------------------------------------------------------------------


def test_a_crew_finds_a_case_and_records_what_it_did(place: dict[str, Somebody]) -> None:
    reference = opened()
    crew = signed_in(place["crew"])
    found = fill_in(crew, "/desk/crew/", reference=reference.lower())
    assert found.url == f"/desk/crew/{reference}/"
    page = crew.get(found.url)
    assert "Rosa" not in words(page)
    crew.post(found.url, form_of(page) | {"fact": "bin_collected"})
    assert of(reference).standing == "kept"
    after = crew.get(found.url)
    assert "What did you do?" not in words(after), "what is recorded is not offered again"
    assert "The bin was emptied" in words(after)
    again = crew.post(found.url, form_of(page) | {"fact": "bin_collected", "once": ""}, follow=True)
    assert "This was recorded before" in words(again)
    assert "We cannot find a case" in words(fill_in(crew, "/desk/crew/", reference="MG-2222-2222"))


def test_a_crew_does_not_see_the_desk(place: dict[str, Somebody]) -> None:
    assert signed_in(place["crew"]).get(f"/desk/cases/{opened()}/").status_code == 403


# --- post ------------------------------------------------------------------------------------------------------------


def test_letters_are_printed_and_leave_the_list(adviser: Client) -> None:
    opened(resident=Resident(name="Mei Lin", post="1 High Street\nAnyborough", wants="letter"))
    hear()
    page = adviser.get("/desk/letters/")
    see_as(SYSTEM)
    letter = letters_to_print()[0]
    chosen = form_of(page) | {"letters": str(letter.id)}
    paper = words(adviser.post("/desk/letters/", chosen | {"print": "yes"}))
    assert "1 High Street" in paper
    see_as(SYSTEM)
    assert letters_to_print()
    assert adviser.post("/desk/letters/", chosen | {"posted": "yes"}).status_code == 302
    see_as(SYSTEM)
    assert letter.id not in {each.id for each in letters_to_print()}


@pytest.mark.parametrize(("press", "state"), [("went-out", "sent"), ("did-not", "waiting")])
def test_an_officer_decides_about_an_uncertain_mail(officer: Client, press: str, state: str) -> None:
    opened()
    hear()
    see_as(SYSTEM)
    message = Message.objects.order_by("-id")[0]
    Message.objects.filter(id=message.id).update(state="uncertain")
    assert message.subject in words(officer.get("/desk/mails/"))
    officer.post(f"/desk/mails/{message.id}/", {"press": press})
    see_as(SYSTEM)
    assert Message.objects.get(id=message.id).state == state


# --- publishing ------------------------------------------------------------------------------------------------------

NEW_PLEDGE = """
pledge: lost-library-book
title: If we lose your library book
provider: Anyborough Council
basis: voluntary
calendar: england-and-wales
facts:
  loss_reported: you tell us
  book_replaced: we replace it
standards:
  replace:
    says: We replace a book that we lost.
    when: loss_reported
    we will: book_replaced
    within: 5 working days
    if we do not:
      - apologise
"""
NEW_SERVICE = """
service: lost-book
name: Lost library book
summary: Tell us if we lost a book that you gave back.
pledge: lost-library-book
team: waste
starts with: loss_reported
done when: book_replaced
reopen within: 7 days
questions:
  - name: title
    ask: What is the book called?
    why: So that we can buy it again.
    kind: words
closing reasons:
  - {code: replaced, label: We replaced it, fixed: yes}
  - {code: not-ours, label: It was not our book, fixed: no}
"""


def test_a_further_service_with_its_promise_is_added_in_the_browser(manager: Client) -> None:
    early = fill_in(manager, "/desk/services/publish/", text=NEW_SERVICE)
    assert "Publish it first" in words(early)
    checked = fill_in(manager, "/desk/promises/publish/", text=NEW_PLEDGE, check="yes")
    assert "Nothing to mend" in words(checked), words(checked)
    published = fill_in(manager, "/desk/promises/publish/", text=NEW_PLEDGE)
    assert published.url == "/desk/promises/lost-library-book/", words(published)
    service = fill_in(manager, "/desk/services/publish/", text=NEW_SERVICE)
    assert service.status_code == 302, words(service)
    assert service.url == "/desk/services/lost-book/"
    answer = fill_in(manager, "/desk/new/lost-book/", q_title="Emma", name="Jo", wants="phone", phone="01632 960 001")
    assert "We replace a book that we lost." in words(manager.get(answer.url))


def test_findings_are_shown_at_their_line_and_column(manager: Client) -> None:
    wrong = NEW_PLEDGE.replace("within: 5 working days", "within: 5 wokring days")
    answer = fill_in(manager, "/desk/promises/publish/", text=wrong)
    assert answer.status_code == 422
    page = words(answer)
    assert re.search(r"Line 15, column \d+", page), page
    assert "5 wokring days" in page
    assert "working days" in page


def test_what_ships_can_be_looked_at_and_written_anew(manager: Client) -> None:
    text = (DATA / "services" / "missed-bin.yaml").read_text("utf-8")
    assert "Which bin did we miss?" in words(manager.get("/desk/services/missed-bin/"))
    assert fill_in(manager, "/desk/services/publish/?from=missed-bin", text=text).status_code == 302
    assert "Version 2" in words(manager.get("/desk/services/missed-bin/"))
    assert "Version 1" in words(manager.get("/desk/promises/missed-bin/"))
    assert "england-and-wales" in words(manager.get("/desk/calendars/"))


def test_a_wording_is_seen_as_it_looks_and_changed(manager: Client) -> None:
    page = manager.get("/desk/wordings/case-opened/en/")
    assert "As it looks" in words(page)
    text = form_of(page)["text"].replace("Hello", "Good day")
    assert fill_in(manager, "/desk/wordings/case-opened/en/", text=text).status_code == 302
    assert "It must say" in words(fill_in(manager, "/desk/wordings/case-opened/en/", text="A subject\n\nNothing."))


def test_a_shop_gets_a_key_that_is_shown_once(manager: Client) -> None:
    page = words(fill_in(manager, "/desk/shops/", name="Corner Shop", code="corner-shop"))
    assert "can take vouchers with this key" in page
    assert "can take vouchers with this key" not in words(manager.get("/desk/shops/"))
    manager.post("/desk/shops/corner-shop/end/", {})
    assert "Ended" in words(manager.get("/desk/shops/"))


# --- people, journal, numbers ----------------------------------------------------------------------------------------


def test_an_administrator_adds_a_person_and_changes_what_they_may_do(place: dict[str, Somebody]) -> None:
    browser = signed_in(place["administrator"])
    answer = fill_in(
        browser, "/desk/people/add/", name="Nia Price", email="nia@anyborough.example", roles="adviser", discretion="5"
    )
    assert answer.status_code == 302, words(answer)
    nia = next(each for each in people() if each.name == "Nia Price")
    assert (nia.roles, nia.discretion_pence) == (frozenset({"adviser"}), 500)
    fill_in(browser, f"/desk/people/{nia.id}/", roles="crew", teams="waste")
    nia = next(each for each in people() if each.name == "Nia Price")
    assert (nia.roles, nia.teams) == (frozenset({"crew"}), frozenset({"waste"}))
    assert (
        fill_in(
            browser,
            "/desk/people/team/",
            code="parks",
            name="Parks",
            organisation="anyborough",
            organisation_name="Anyborough Council",
        ).status_code
        == 302
    )
    assert "Parks" in words(browser.get("/desk/people/"))


def test_an_auditor_reads_the_journal_without_personal_data(place: dict[str, Somebody], officer: Client) -> None:
    reference = opened()
    fill_in(officer, f"/desk/cases/{reference}/exempt/", fact="severe_weather_declared", evidence="Snow, said Rosa")
    auditor = signed_in(place["auditor"])
    page = words(auditor.get("/desk/journal/", {"subject": reference.lower()}))
    assert "Decided that the promise could not be held" in page
    assert "Snow, said Rosa" not in page
    assert "Rosa" not in page
    assert "Snow, said Rosa" in words(officer.get("/desk/journal/", {"subject": reference}))
    assert "The journal is whole" in words(auditor.post("/desk/journal/verify/", {}))


def test_the_numbers_say_how_promises_stand_and_nothing_of_people(manager: Client) -> None:
    broken()
    page = words(manager.get("/desk/numbers/"))
    assert "cost of remedies" in page
    assert "Open now, by team" in page
    assert "Adviser" not in page


# --- who may see what ------------------------------------------------------------------------------------------------

PARTS: dict[str, Any] = {
    "reference": "MG-2222-2222",
    "number": 1,
    "line": 1,
    "original": "MG-2222-2222",
    "show": "all",
    "code": "x",
}
PARTS |= {"name": "missed-bin", "language": "en"}


def routes() -> list[Any]:
    """Every address of the desk."""
    return list(urls.urlpatterns)


def test_every_page_of_the_desk_says_whom_it_is_open_to() -> None:
    for each in routes():
        names: frozenset[str] = getattr(each.callback, "open_to", frozenset())
        assert names, each.name
        assert names <= {"adviser", "officer", "manager", "crew", "administrator", "auditor"}, each.name


@pytest.mark.parametrize("role", ["adviser", "officer", "manager", "crew", "administrator", "auditor"])
def test_whoever_has_not_the_role_is_refused(place: dict[str, Somebody], role: str) -> None:
    browser = signed_in(place[role])
    for each in routes():
        address = "/desk/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(PARTS[found[1]]), str(each.pattern))
        status = browser.get(address).status_code
        if role in each.callback.open_to:
            assert status != 403, address
        else:
            assert status == 403, address


def test_a_visitor_is_shown_the_way_to_sign_in(place: dict[str, Somebody]) -> None:
    for each in routes():
        address = "/desk/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(PARTS[found[1]]), str(each.pattern))
        assert Client().get(address)["Location"].startswith("/account/login/"), address


# --- how much is asked of the database -------------------------------------------------------------------------------


def asked(browser: Client, address: str) -> int:
    """How many queries a page needs."""
    browser.get(address)
    with CaptureQueriesContext(connection) as made:
        assert browser.get(address).status_code == 200
    return len(made)


def test_lists_need_as_many_queries_for_many_cases_as_for_one(adviser: Client) -> None:
    opened()
    few = {address: asked(adviser, address) for address in ("/desk/", "/desk/list/all/", "/desk/find/?words=rosa")}
    for number in range(12):
        opened(timedelta(hours=2, seconds=number))
    for address, count in few.items():
        assert asked(adviser, address) == count
    assert few["/desk/"] <= 40
    assert few["/desk/list/all/"] <= 16


def test_a_case_needs_as_many_queries_with_a_long_story_as_with_a_short_one(
    adviser: Client, place: dict[str, Somebody]
) -> None:
    reference = broken()
    by = By(actor=place["adviser"].actor)
    cases.log_contact(by, case=reference, channel="telephone", reason="progress_chasing")
    cases.write_to_resident(by, case=reference, words="Soon.")
    cases.record_fact(by, case=reference, fact="bin_tagged")
    hear()
    few = asked(adviser, f"/desk/cases/{reference}/")
    for _ in range(8):
        cases.log_contact(by, case=reference, channel="telephone", reason="progress_chasing")
        cases.write_to_resident(by, case=reference, words="Soon.")
        cases.record_fact(by, case=reference, fact="bin_tagged")
    assert asked(adviser, f"/desk/cases/{reference}/") == few
    assert few <= 85
