"""Signing in with a password: Argon2, a second step, wrong tries, sessions that end, and nobody is betrayed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils.html import strip_tags

from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import see_as
from makegood.rooms.people.actions import add_person, change_person
from makegood.rooms.people.models import User

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "ada@anyborough.example", "a heron by the river"
WRONG = {"login": EMAIL, "password": "a heron by the lake"}
RIGHT = {"login": EMAIL, "password": PASSWORD}


@pytest.fixture(autouse=True)
def ada(settings: Any, tmp_path: Path) -> User:
    """Ada has an account with a password."""
    settings.STATIC_ROOT = tmp_path
    add_person(By(actor=SYSTEM), email=EMAIL, name="Ada Demo", roles=["adviser"], password=PASSWORD)
    see_as(SYSTEM)
    return User.objects.get(email=EMAIL)


def is_in(browser: Client) -> bool:
    """Whether the desk opens."""
    return browser.get("/desk/").status_code == 200


def words(answer: Any) -> str:
    """A page as words."""
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def sign_in(browser: Client | None = None, **more: str) -> Client:
    """Sign in with the password."""
    browser = browser or Client()
    browser.post("/account/login/", RIGHT | more)
    return browser


# --- the password ----------------------------------------------------------------------------------------------------


def test_a_password_is_kept_by_argon2_alone(ada: User) -> None:
    assert ada.password.startswith("argon2$argon2id$")
    assert PASSWORD not in ada.password
    assert is_in(sign_in())


def test_a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words() -> None:
    told = {}
    for name, form in {"known": WRONG, "unknown": WRONG | {"login": "nobody@anyborough.example"}}.items():
        browser = Client()
        answer = browser.post("/account/login/", form)
        assert not is_in(browser)
        told[name] = words(answer).replace("nobody@anyborough.example", EMAIL)
    assert told["known"] == told["unknown"]


def test_an_unknown_address_takes_as_much_work_as_a_known_one() -> None:
    Client().post("/account/login/", WRONG)
    spent = {}
    for name, login in {"known": EMAIL, "unknown": "nobody@anyborough.example"}.items():
        begun = time.process_time()
        Client().post("/account/login/", {"login": login, "password": "a heron by the lake"})
        spent[name] = time.process_time() - begun
    assert spent["unknown"] > spent["known"] / 4, "a password is hashed although there is nobody"


def test_a_closed_account_opens_nothing(ada: User) -> None:
    inside = sign_in()
    change_person(By(actor=SYSTEM), person=str(ada.pk), roles=["adviser"], teams=[], discretion_pence=0, active=False)
    assert not is_in(inside), "who is signed in loses it at once"
    assert not is_in(sign_in())


def test_nobody_is_sent_elsewhere_after_signing_in() -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        answer = Client().post("/account/login/", RIGHT | {"next": elsewhere})
        assert answer.status_code == 302
        assert answer["Location"] == "/desk/"
    assert Client().post("/account/login/", RIGHT | {"next": "/desk/find/"})["Location"] == "/desk/find/"


# --- wrong tries -----------------------------------------------------------------------------------------------------


def test_after_five_wrong_tries_even_the_right_password_waits_but_nobody_elses() -> None:
    add_person(By(actor=SYSTEM), email="ben@anyborough.example", name="Ben", roles=["adviser"], password=PASSWORD)
    for _ in range(5):
        Client().post("/account/login/", WRONG)
    locked = Client()
    answer = locked.post("/account/login/", RIGHT)
    assert not is_in(locked)
    assert "too many tries" in words(answer), words(answer)
    assert is_in(sign_in(login="ben@anyborough.example"))


def test_the_lock_opens_by_itself(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "2/5s/key"}
    for _ in range(2):
        Client().post("/account/login/", WRONG)
    assert not is_in(sign_in())
    time.sleep(5.1)
    assert is_in(sign_in())


def test_behind_the_proxy_wrong_tries_are_counted_by_who_made_them(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        form = WRONG | {"login": f"guess{number}@anyborough.example"}
        Client(headers={"X-Forwarded-For": "10.9.9.9, 203.0.113.7"}).post("/account/login/", form)
    assert not is_in(sign_in(Client(headers={"X-Forwarded-For": f"10.1.2.{3}, 203.0.113.7"}))), (
        "a made-up one is no help"
    )
    assert is_in(sign_in(Client(headers={"X-Forwarded-For": "198.51.100.4"}))), "an attacker locks nobody else out"


# --- sessions --------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_for_good() -> None:
    browser = sign_in()
    kept = browser.cookies["sessionid"].value
    assert browser.get("/account/logout/").status_code == 200
    assert is_in(browser), "a link to the page alone signs nobody out"
    browser.post("/account/logout/")
    assert not is_in(browser)
    stolen = Client()
    stolen.cookies["sessionid"] = kept
    assert not is_in(stolen)


def test_a_session_ends_with_the_browser_and_at_the_latest_after_its_hours(settings: Any) -> None:
    browser = sign_in()
    cookie = browser.cookies["sessionid"]
    assert (cookie["expires"], cookie["max-age"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    session = Session.objects.get(session_key=cookie.value)
    assert settings.SESSION_COOKIE_AGE == 10 * 3600
    session.expire_date = session.expire_date.replace(year=2001)
    session.save()
    assert not is_in(browser)


def test_signing_in_makes_a_new_session_and_a_new_password_ends_the_others(ada: User) -> None:
    browser = Client()
    browser.get("/track/")
    session = browser.session
    session["planted"] = "x"
    session.save()
    planted = str(session.session_key)
    browser.cookies["sessionid"] = planted
    sign_in(browser)
    assert browser.cookies["sessionid"].value != planted
    other = sign_in()
    change = {
        "oldpassword": PASSWORD,
        "password1": "another heron, further on",
        "password2": "another heron, further on",
    }
    assert browser.post("/account/password/change/", change).status_code == 302
    assert not is_in(other)
    assert not is_in(sign_in()), "the old password is no more"


# --- a forgotten password --------------------------------------------------------------------------------------------


def test_asking_for_a_new_password_tells_nobody_whether_there_is_an_account() -> None:
    answers = [
        Client().post("/account/password/reset/", {"email": email}, follow=True)
        for email in (EMAIL, "nobody@anyborough.example")
    ]
    known, unknown = answers
    assert known.redirect_chain == unknown.redirect_chain
    assert known.status_code == unknown.status_code == 200
    assert re.sub(r'value="[^"]*"', "", known.content.decode()) == re.sub(
        r'value="[^"]*"', "", unknown.content.decode()
    )
    assert EMAIL in [each.to[0] for each in mail.outbox]
    for each in mail.outbox:
        assert len(each.to) == 1


def test_the_link_of_a_forgotten_password_works_once_and_sets_a_good_one() -> None:
    Client().post("/account/password/reset/", {"email": EMAIL})
    [link] = re.findall(r"https?://[^/\s]+(/account/password/reset/key/\S+)", str(mail.outbox[0].body))
    browser = Client()
    form = browser.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    for weak in ("short", "password12345", "ada@anyborough.example"):
        browser.post(address, {"password1": weak, "password2": weak})
        assert not is_in(sign_in(password=weak)), weak
    new = "another heron, further on"
    browser.post(address, {"password1": new, "password2": new})
    assert is_in(sign_in(password=new))
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode(), "the link is used up"


# --- the second step -------------------------------------------------------------------------------------------------


def code_of(secret: str, steps: int = 0) -> str:
    """The six digits that a telephone shows now, or some steps of 30 seconds from now (RFC 6238)."""
    counter = int(time.clock_gettime(time.CLOCK_REALTIME)) // 30 + steps
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def enrolled() -> tuple[Client, str, list[str]]:
    """Ada sets up the second step: her browser, the secret of her telephone, her recovery codes."""
    browser = sign_in()
    asked = browser.get("/account/2fa/totp/activate/")
    assert asked["Location"].startswith("/account/reauthenticate/"), "who found the browser open sets up nothing"
    browser.post(asked["Location"], {"password": PASSWORD})
    page = browser.get("/account/2fa/totp/activate/").content.decode()
    [secret] = set(re.findall(r"\b[A-Z2-7]{32}\b", page))
    refused = browser.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert refused.status_code == 200, "a wrong code sets up nothing"
    assert browser.post("/account/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    codes = re.findall(r">(\d{8})<", browser.get("/account/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10
    return browser, secret, codes


def test_once_set_up_the_second_step_is_asked_for_and_a_wrong_code_is_refused() -> None:
    _, secret, _ = enrolled()
    browser = Client()
    answer = browser.post("/account/login/", RIGHT)
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert not is_in(browser), "the password alone is not enough"
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06d}"
    told = browser.post("/account/2fa/authenticate/", {"code": wrong})
    assert told.status_code == 200
    assert "Incorrect code" in words(told)
    assert not is_in(browser)
    for nonsense in ("", "abcdef", "١٢٣٤٥٦", "9" * 200, "1 2\x00"):
        assert browser.post("/account/2fa/authenticate/", {"code": nonsense}).status_code == 200
    assert not is_in(browser)
    browser.post("/account/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert not is_in(browser), "a code of the future is of no use"


def test_the_right_code_opens_once() -> None:
    _, secret, _ = enrolled()
    from django.core.cache import cache

    cache.clear()  # the code that set it up counts as used
    browser = sign_in()
    code = code_of(secret)
    browser.post("/account/2fa/authenticate/", {"code": code})
    assert is_in(browser)
    other = sign_in()
    other.post("/account/2fa/authenticate/", {"code": code})
    assert not is_in(other), "who looked over a shoulder comes too late"


def test_each_recovery_code_opens_once() -> None:
    _, _, codes = enrolled()
    for code, opens in ((codes[0], True), (codes[0], False), (codes[1], True), ("00000000", False)):
        browser = sign_in()
        browser.post("/account/2fa/authenticate/", {"code": code})
        assert is_in(browser) is opens, code


def test_codes_cannot_be_guessed_through() -> None:
    _, secret, _ = enrolled()
    browser = sign_in()
    wrong = f"{(int(code_of(secret)) + 500_000) % 1_000_000:06d}"
    for _ in range(12):
        told = browser.post("/account/2fa/authenticate/", {"code": wrong}, follow=True)
    assert "Too many" in words(told) or "Incorrect code" not in words(told), words(told)
    assert not is_in(browser)


def test_without_both_steps_nobody_reaches_the_codes() -> None:
    enrolled()
    half = sign_in()
    for address in ("/account/2fa/recovery-codes/", "/account/2fa/totp/deactivate/", "/account/password/change/"):
        assert half.get(address).status_code in (302, 401, 403), address
        assert "/account/" in half.get(address).headers.get("Location", "/account/")


# --- accounts are given ----------------------------------------------------------------------------------------------


def test_nobody_gives_themselves_an_account_or_another_address(ada: User) -> None:
    browser = sign_in()
    for form in (
        {"action_add": "", "email": "boss@anyborough.example"},
        {"action_primary": "", "email": "boss@anyborough.example"},
    ):
        assert browser.post("/account/email/", form).headers["Location"] == "/desk/"
    ada.refresh_from_db()
    assert ada.email == EMAIL
    assert not is_in(sign_in(login="boss@anyborough.example"))
