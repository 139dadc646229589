"""The pages of the demonstration: one can be anybody, move the clock, see what went out; in a real place nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings

from makegood.rooms.cases import queries as cases
from makegood.rooms.demonstration import actions
from makegood.rooms.demonstration.views import parts_of
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import done_to, now, see_as
from makegood.rooms.messages.actions import write
from makegood.rooms.messages.events import State, To
from makegood.rooms.messages.queries import messages_about, out_box
from makegood.rooms.people.queries import members
from makegood.rooms.remedies.queries import remedies_of, shop_with
from makegood.web.refusals import NotFound, NotPossible
from tools.demonstration import plan
from tools.demonstration.acting import World
from tools.demonstration.mailing import mail_server

BROKEN_AT_SIX = "breaks at 6pm today"


@pytest.fixture
def place(built: World) -> World:
    """The slice of the year, with its clock at the year's end or wherever a test before has moved it."""
    see_as(VISITOR)
    return built


def words_of(page: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.decode())).split())


def test_one_press_signs_in_as_a_member_of_staff(place: World) -> None:
    browser = Client()
    see_as(SYSTEM)
    [amber] = [each for each in members() if each.name == "Amber Adviser"]
    page = browser.get("/demonstration/")
    assert "Amber Adviser" in words_of(page.content)
    signed = browser.post("/demonstration/sign-in/", {"person": amber.id})
    assert (signed.status_code, signed["Location"]) == (302, "/desk/")
    assert browser.session["_auth_user_id"] == amber.id
    assert "signed in as Amber Adviser" in words_of(browser.get("/demonstration/").content)
    browser.post("/demonstration/sign-out/")
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("person", ["", "0", "999999", "nobody", "1 OR 1=1", "99999999999999999999"])
def test_nobody_is_signed_in_for_a_number_that_is_nobody_s(place: World, person: str) -> None:
    browser = Client()
    assert browser.post("/demonstration/sign-in/", {"person": person}).status_code == 404
    assert "_auth_user_id" not in browser.session


def test_a_case_is_opened_as_its_resident_by_a_private_link(place: World) -> None:
    browser = Client()
    reference = place.planted[BROKEN_AT_SIX][0]
    sent = browser.post("/demonstration/resident/", {"case": reference})
    assert re.fullmatch(r"/track/[\w-]{32}/", sent["Location"])
    opened = browser.get(sent["Location"], follow=True)
    assert reference in words_of(opened.content)


def test_being_a_shop_gives_it_a_new_key_that_opens_its_page(place: World) -> None:
    page = Client().post("/demonstration/shop/", {"shop": "corner-shop"})
    [key] = re.findall(r'name="key" value="([\w-]+)"', page.content.decode())
    assert shop_with(key).code == "corner-shop"
    assert Client().post("/demonstration/shop/", {"shop": "no-shop"}).status_code == 404


def test_moving_the_clock_breaks_a_promise_and_brings_the_remedy(place: World) -> None:
    reference = place.planted[BROKEN_AT_SIX][0]
    browser = Client()
    with mail_server():
        moved = browser.post("/demonstration/clock/", {"step": "six"}, follow=True)
    words = words_of(moved.content)
    assert moved.redirect_chain[-1][0] == "/demonstration/clock/then/"
    assert reference in words
    assert "We broke our promise, and we are sorry" in words
    see_as(SYSTEM)
    [breach] = cases.breaches_of(reference)
    assert breach.due_at == plan.ENDS.replace(hour=18)
    assert breach.noticed_at == breach.breached_at, "each thing happens at its own instant, however far the clock moves"
    assert {str(each.kind) for each in remedies_of(reference, now())} >= {"apology", "explanation", "voucher"}
    told = messages_about(reference)[0]
    assert (told.wording, told.state) == ("promise-broken", State.SENT)
    assert "journal.move_clock" in {each.verb for each in done_to("clock")}


def test_one_press_jumps_to_the_next_promise_that_breaks_and_tells_its_story(place: World) -> None:
    see_as(SYSTEM)
    foreseen = cases.next_breach(now(), now() + timedelta(days=31))
    assert foreseen is not None
    with mail_server():
        moved = Client().post("/demonstration/clock/", {"step": "break"}, follow=True)
    words = words_of(moved.content)
    see_as(SYSTEM)
    [breach] = [each for each in cases.breaches_of(foreseen[0]) if each.breached_at == foreseen[1]]
    assert breach.noticed_at == foreseen[1]
    assert foreseen[0] in words
    assert "Owed for it" in words
    assert "See it as the resident" in words


def test_mails_of_the_night_go_out_in_the_morning_on_the_way(place: World) -> None:
    see_as(SYSTEM)
    before = now()
    with mail_server():
        actions.let_pass(By(actor=VISITOR), to=(before + timedelta(days=4)).replace(hour=12))
    see_as(SYSTEM)
    night = [each for each in out_box(limit=1_000) if before < each.at and each.at.hour in (0, 23)]
    assert night
    for each in night:
        assert each.state in (State.SENT, State.FAILED)
        assert each.settled_at is not None
        assert 8 <= each.settled_at.astimezone(django_settings.ZONE).hour < 20


def test_the_clock_moves_only_forward_and_not_too_far(place: World) -> None:
    with pytest.raises(NotPossible, match="only moves forward"):
        actions.let_pass(By(actor=VISITOR), to=now() - timedelta(hours=1))
    with pytest.raises(NotPossible, match="a month at most"):
        actions.let_pass(By(actor=VISITOR), to=now() + timedelta(days=60))
    assert Client().post("/demonstration/clock/", {"step": "back"}).status_code == 404


def test_what_went_out_is_shown_as_plain_text_whatever_it_says(place: World) -> None:
    see_as(SYSTEM)
    nasty = '<script>alert("x")</script> https://127.0.0.1:8000/track/abcdef/ javascript:alert(1)'
    number = write(
        By(actor=SYSTEM),
        wording="message-from-us",
        to=To(name="<b>Rosa</b>", email="rosa.fable@anyborough.example"),
        about=place.planted[BROKEN_AT_SIX][0],
        words={"text": nasty, "service": "missed bin"},
    )
    page = Client().get(f"/demonstration/post/{number}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Rosa</b>" not in page
    assert "&lt;script&gt;alert" in page
    assert '<a href="/track/abcdef/">' in page
    assert 'href="javascript' not in page
    assert "&lt;b&gt;Rosa" in Client().get("/demonstration/post/").content.decode()


def test_the_private_link_in_a_mail_can_be_followed(place: World) -> None:
    reference = place.planted["an emergency"][0]
    see_as(SYSTEM)
    opened = messages_about(reference)[-1]
    page = Client().get(f"/demonstration/post/{opened.id}/").content.decode()
    [link] = re.findall(r'<a href="(/track/[\w-]+/)">', page)
    assert reference in words_of(Client().get(link, follow=True).content)


def test_the_post_has_pages(place: World) -> None:
    browser = Client()
    first = browser.get("/demonstration/post/").content.decode()
    [onward] = set(re.findall(r'href="(/demonstration/post/\?before=\d+)"', first))
    second = browser.get(onward).content.decode()
    numbers = [set(re.findall(r"/demonstration/post/(\d+)/", page)) for page in (first, second)]
    assert all(numbers)
    assert not numbers[0] & numbers[1]
    assert browser.get("/demonstration/post/?before=x").status_code == 200
    assert browser.get("/demonstration/post/999999999/").status_code == 404


def test_links_to_elsewhere_are_words() -> None:
    assert [each.path for each in parts_of("http://evil.example/x http://a.example/track/k/")] == ["", "/track/k/"]


def test_every_page_says_that_it_is_a_demonstration(place: World) -> None:
    for address in ("/demonstration/", "/demonstration/post/", "/"):
        assert "This is a demonstration" in words_of(Client().get(address).content)


# --- a real place ----------------------------------------------------------------------------------------------------

ADDRESSES = (
    ("GET", "/demonstration/"),
    ("POST", "/demonstration/sign-in/"),
    ("POST", "/demonstration/sign-out/"),
    ("POST", "/demonstration/resident/"),
    ("POST", "/demonstration/shop/"),
    ("POST", "/demonstration/clock/"),
    ("GET", "/demonstration/clock/then/"),
    ("GET", "/demonstration/post/"),
    ("GET", "/demonstration/post/1/"),
)


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_a_real_place_has_none_of_these_pages(db: None, method: str, address: str) -> None:
    with override_settings(PLACE_DEMO=False):
        browser = Client()
        answer = browser.get(address) if method == "GET" else browser.post(address, {"person": "1", "step": "hour"})
    assert answer.status_code == 404
    assert "_auth_user_id" not in browser.session


def test_a_real_place_refuses_the_acts_of_a_demonstration(db: None) -> None:
    with override_settings(PLACE_DEMO=False):
        for act in (
            lambda: actions.let_pass(By(actor=VISITOR), to=now()),
            lambda: actions.move_on(By(actor=VISITOR), to=now()),
            lambda: actions.enter_case(By(actor=VISITOR), case="MG-2222-2222"),
            lambda: actions.new_shop_key(By(actor=VISITOR), code="corner-shop"),
        ):
            with pytest.raises(NotFound):
                act()


def test_a_live_place_has_no_demonstration_room() -> None:
    live = {
        "PLACE_KIND": "live",
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "promises.example.org",
        "PLACE_ADDRESS": "https://promises.example.org",
        "DATABASE_URL": "postgresql://app:x@db.example.org/makegood",
        "DATABASE_OWNER_URL": "postgresql://owner:x@db.example.org/makegood",
        "MAIL_FROM": "promises@example.org",
        "SMTP_HOST": "mail.example.org",
        "PATH": os.environ["PATH"],
    }
    code = (
        "from makegood.site import settings as s;"
        "print(s.PLACE_DEMO, any('demonstration' in each for each in s.INSTALLED_APPS))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=live, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("False False", 0), done.stderr
