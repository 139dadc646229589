"""A secret is planted wherever a resident or staff may write about her, and hunted where it must not be."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.events import Resident
from makegood.rooms.cases.queries import fact_list, hand_overs_of, photo_of
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.places.events import Place
from makegood.rooms.remedies.actions import add_at_discretion
from makegood.site.logs import JsonLines, tell_fault
from tests.architecture.test_house import routes
from tests.rooms.demonstration.conftest import as_demonstration
from tests.rooms.desk import place as desk

from .place import Everybody, as_owner, collected, everybody, own_tables
from .test_every_role import PAGES, filled

MARK = "qzxhush"
"""Part of everything that was planted, in small letters."""
HER = Resident(
    name="Qzxhush Name",
    email="qzxhush.mail@example.org",
    phone="01632 960 777 qzxhush",
    post="1 Qzxhush Lane",
    wants="email",
)


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    """No collected files are needed."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Every line that any logger writes, as the service writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in ("", "makegood", "django", "django.request", "django.db.backends")]
    for each in loggers:
        each.addHandler(handler)
    yield written
    for each in loggers:
        each.removeHandler(handler)


def photo() -> bytes:
    """A photo into which a camera wrote a secret: in its EXIF, in a comment, and after its end."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x9286] = "Qzxhush description", "Qzxhush artist", b"ASCII\0\0\0Qzxhush comment"
    written = io.BytesIO()
    Image.new("RGB", (80, 60), (10, 90, 60)).save(written, "JPEG", exif=exif, comment=b"Qzxhush comment")
    return written.getvalue() + b"Qzxhush trailer"


@pytest.fixture
def place(db: None, logged: io.StringIO) -> Everybody:
    """Everybody is there, and the resident's case is full of secrets."""
    made = everybody(resident=HER)
    plant(made)
    see_as(VISITOR)
    return made


def plant(made: Everybody) -> None:
    """Write a secret wherever words about a resident may be written."""
    adviser, officer = (By(actor=made.actors[who], reason="Qzxhush reason") for who in ("adviser", "officer"))
    her = By(actor=made.actors["resident"], reason="Qzxhush reason")
    yesterday = (now() - timedelta(days=1)).date().isoformat()
    waiting = desk.opened(
        answers={"bin": "rubbish", "collection_date": yesterday, "tag": "yes", "tag_says": "Qzxhush answer"},
        words="Qzxhush words",
        place=Place(words="Qzxhush corner"),
        resident=HER,
    )
    _in_her_words(made, her)
    cases.pause_for_resident(adviser, case=waiting, reason="Qzxhush pause", needed="Qzxhush needed")
    cases.write_to_resident(adviser, case=made.hers, words="Qzxhush from us")
    cases.log_contact(adviser, case=made.hers, channel="telephone", reason="needed", words="Qzxhush contact")
    cases.record_fact(adviser, case=made.hers, fact="bin_tagged", note="Qzxhush note")
    tagged = next(each for each in _facts(made) if each.name == "bin_tagged")
    cases.withdraw_fact(officer, case=made.hers, fact=tagged.id, reason="Qzxhush correction")
    cases.exempt(officer, case=waiting, fact="severe_weather_declared", evidence="Qzxhush evidence")
    cases.hand_over(adviser, case=made.hers, team="lighting", context="Qzxhush context")
    see_as(SYSTEM)
    asked = hand_overs_of(made.hers)[0].id
    cases.decline_hand_over(By(actor=made.actors["colleague"]), hand_over=asked, reason="Qzxhush no")
    cases.link_duplicate(adviser, case=made.hers, original=made.others)
    add_at_discretion(officer, remedy=made.remedy("discretion").id, amount=Decimal(1))
    collected(made)
    cases.close_case(adviser, case=made.hers, closing="emptied", note="Qzxhush closing")
    cases.rate_ease(her, case=made.hers, score=3, words="Qzxhush ease")
    cases.say_not_fixed(her, case=made.hers, words="Qzxhush still wrong")
    desk.hear()


def _in_her_words(made: Everybody, her: By) -> None:
    cases.add_photo(her, case=made.hers, data=photo())
    cases.write_from_resident(her, case=made.hers, words="Qzxhush message")
    cases.send_code(By(actor=VISITOR), reference=made.hers, email=HER.email, network="n")


def _facts(made: Everybody) -> Any:
    see_as(SYSTEM)
    return fact_list(made.hers)


def tells(answer: Any) -> bool:
    """Whether an answer tells a secret, in its body or its headers."""
    return MARK in (answer.content.decode(errors="replace") + str(answer.headers)).casefold()


def test_the_secret_is_where_it_may_be_or_the_hunt_would_prove_nothing(place: Everybody) -> None:
    assert tells(place.browser("resident").get("/case/"))
    assert tells(place.browser("adviser").get(f"/desk/cases/{place.hers}/"))


def test_no_page_tells_anybody_else(place: Everybody) -> None:
    named = {address: filled(address, place) for address, _ in PAGES}
    told = []
    for who in ("visitor", "other resident", "shop", "administrator", "auditor"):
        browser = place.browser(who)
        for address in named.values():
            see_as(VISITOR)
            if tells(browser.get(address)):
                told.append(f"{who}: {address}")
    assert told == []


def test_looking_for_her_finds_nothing_for_anybody_else(place: Everybody) -> None:
    for who in ("visitor", "other resident", "shop", "auditor"):
        browser = place.browser(who)
        for address in ("/report/?words=acacia", "/desk/find/?words=name", f"/desk/journal/?subject={place.hers}"):
            see_as(VISITOR)
            assert not tells(browser.get(address)), (who, address)


def test_a_report_of_the_same_thing_shows_nothing_of_hers(place: Everybody) -> None:
    see_as(VISITOR)
    browser = Client()
    yesterday = (now() - timedelta(days=1)).date()
    day = {f"answer_{part}": str(getattr(yesterday, part)) for part in ("day", "month", "year")}
    for address, form in (
        ("", {}),
        ("question/bin/", {"answer": "rubbish"}),
        ("question/collection_date/", day),
        ("question/tag/", {"answer": "no"}),
        ("question/help_with_bin/", {"answer": "no"}),
        ("place/", {"words": "corner"}),
        ("photo/", {}),
        ("name/", {"name": "Norah"}),
        ("reach/", {"wants": "phone"}),
        ("address/", {"phone": "01632 960 001"}),
        ("check/", {}),
    ):
        answer = browser.post(f"/report/missed-bin/{address}", form, follow=True)
        assert not tells(answer), address
    assert answer.redirect_chain[-1][0] == "/report/sent/"


def test_the_api_tells_nobody_else(place: Everybody) -> None:
    names = {"<name>": "missed-bin", "<number>": "1", "<code>": "missed-bin", "<path:rest>": "nothing"}
    for secret in ("", place.others_token, place.shop_key):
        for address, _ in routes():
            if not address.startswith("api/"):
                continue
            named = address
            for placeholder, value in names.items():
                named = named.replace(placeholder, value)
            see_as(VISITOR)
            answer = Client().get(f"/{named}", headers={"Authorization": f"Bearer {secret}"})
            assert not tells(answer), address


def test_the_pages_of_a_demonstration_tell_of_nobody_but_in_its_postbox(place: Everybody) -> None:
    with as_demonstration():
        for address, _ in routes():
            if address.startswith("demonstration/") and "post/" not in address:
                see_as(VISITOR)
                assert not tells(Client().get(f"/{address}")), address


def test_no_log_tells_it_not_even_of_a_fault(place: Everybody, logged: io.StringIO) -> None:
    for who in ("visitor", "resident", "adviser"):
        browser = place.browser(who)
        browser.get(f"/desk/find/?words={MARK}")
        browser.get(f"/track/{MARK}/")
        browser.get("/case/")
        browser.post("/case/write/", {"words": "Qzxhush message", "once": MARK})
        browser.post("/track/", {"reference": MARK, "email": HER.email})
    try:
        raise ValueError(f"no {MARK} here")
    except ValueError as fault:
        tell_fault("fault", fault)
        logging.getLogger("django").error("fault %s", MARK, exc_info=fault)
    assert logged.getvalue().count("\n") > 20
    assert "ValueError" in logged.getvalue()
    assert MARK not in logged.getvalue().casefold()


MAY_HOLD_IT = {
    "cases_case": "her words, answers and place",
    "cases_contact": "what staff noted of a call",
    "cases_ease": "what she said at the end",
    "cases_exemption": "the evidence, which she is told",
    "cases_factnote": "notes for staff",
    "cases_handover": "what the other team needs to know",
    "cases_message": "the conversation",
    "cases_pause": "why we wait, and for what",
    "cases_person": "who she is",
    "cases_search": "the words by which staff find a case",
    "journal_entrytext": "reasons, apart from the journal so that they can be erased",
    "messages_message": "what she was told",
    "remedies_taskwords": "what she was told of a task",
    "django_session": "the reference that a browser asked a code for, and drafts",
}
"""Every table that may hold something personal, and why."""


def holding() -> set[str]:
    """The tables in which a secret lies."""
    found = set()
    for name in own_tables():
        rows = as_owner(f"SELECT 1 FROM {name} t WHERE t::text ILIKE %s LIMIT 1", [f"%{MARK}%"])
        found |= {name} if rows else set()
    return found


def test_no_other_table_holds_it_and_least_of_all_the_journal_and_its_events(place: Everybody) -> None:
    found = holding()
    assert found - set(MAY_HOLD_IT) == set()
    assert {"cases_person", "cases_message", "messages_message", "journal_entrytext"} <= found


@pytest.mark.parametrize("who", ["visitor", "other resident", "shop"])
def test_behind_the_pages_the_database_hides_it_too(place: Everybody, who: str) -> None:
    seen = set()
    for name in sorted(holding() - {"django_session"}):
        see_as(place.actors[who])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {name} t WHERE t::text ILIKE %s", [f"%{MARK}%"])
            if cursor.fetchone() != (0,):
                seen.add(name)
    assert seen == set()


def test_mails_that_carry_it_go_to_her_alone(place: Everybody) -> None:
    see_as(SYSTEM)
    rows = as_owner("SELECT to_email, to_jsonb(m)::text FROM messages_message m")
    carrying = [email for email, text in rows if MARK in text.casefold()]
    assert len(carrying) > 3
    assert set(carrying) == {HER.email}


def test_what_a_camera_wrote_is_not_kept(place: Everybody) -> None:
    see_as(SYSTEM)
    kept = photo_of(place.hers)
    assert kept is not None
    assert MARK.encode() not in bytes(kept.jpeg).lower()
    assert not Image.open(io.BytesIO(bytes(kept.jpeg))).getexif()


def test_when_she_is_erased_nothing_of_her_is_left_in_any_table(place: Everybody) -> None:
    officer = By(actor=place.actors["officer"])
    hers = as_owner(
        "SELECT c.reference, c.state FROM cases_person p JOIN cases_case c ON c.number = p.case_id"
        " WHERE p::text ILIKE %s",
        [f"%{MARK}%"],
    )
    before = as_owner("SELECT id, wording, written_at, channel FROM messages_message ORDER BY id")
    assert len(hers) > 1
    for reference, state in hers:
        if state == "open":
            cases.close_case(By(actor=place.actors["adviser"]), case=reference, closing="withdrawn")
            desk.hear()
        cases.erase_resident(officer, case=reference)
        desk.hear()
    as_owner("DELETE FROM django_session RETURNING 1")  # they end by themselves
    assert holding() == set()
    after = as_owner("SELECT id, wording, written_at, channel FROM messages_message ORDER BY id")
    assert after[: len(before)] == before, "that a message of a wording was written, by which way and when, stays"
    assert as_owner("SELECT 1 FROM messages_message WHERE state = 'waiting' AND body = ''") == []
