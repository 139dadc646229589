"""Sign-in through a council's directory, against a real small provider that tells the truth, and one that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import see_as
from makegood.rooms.people.actions import add_person, change_person
from makegood.rooms.people.models import User
from tests.rooms.people.directory import CLIENT, SECRET, Directory, running

EMAIL = "ada@anyborough.example"
CALLBACK = "/account/oidc/directory/login/callback/"


@pytest.fixture
def directory(db: None, settings: Any, tmp_path: Path) -> Iterator[Directory]:
    """A directory that knows Ada, who has an account here."""
    settings.STATIC_ROOT = tmp_path
    add_person(By(actor=SYSTEM), email=EMAIL, name="Ada Demo", roles=["adviser"])
    person = {"sub": "7", "email": EMAIL, "email_verified": True, "name": "Ada of the directory"}
    with running(Directory(person=person)) as one:
        app = {
            "provider_id": "directory",
            "name": "your council account",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": one.address, "oauth_pkce_enabled": True},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        yield one


def sent_back(browser: Client) -> str:
    """Press the button, sign in there; the address to which the directory sends back."""
    there = browser.post("/account/oidc/directory/login/")
    assert there.status_code == 302, there.content
    back = requests.get(there["Location"], allow_redirects=False, timeout=10).headers["Location"]
    return back.removeprefix("http://testserver")


def signed_in(browser: Client) -> str:
    """Who is signed in; nobody's is empty."""
    see_as(SYSTEM)
    return str(User.objects.get(pk=number).email) if (number := browser.session.get("_auth_user_id")) else ""


def test_the_sign_in_page_has_a_button_for_it(directory: Directory) -> None:
    page = unescape(Client().get("/account/login/").content.decode())
    assert "your council account" in page
    assert "/account/oidc/directory/login/" in page


def test_somebody_who_has_an_account_signs_in(directory: Directory) -> None:
    browser = Client()
    answer = browser.get(sent_back(browser))
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert signed_in(browser) == EMAIL
    assert browser.get("/desk/").status_code == 200
    assert User.objects.count() == 1, "the directory opens accounts, it does not make them"
    assert User.objects.get().name == "Ada Demo"


def test_it_is_asked_for_no_more_than_it_needs_and_with_a_proof(directory: Directory) -> None:
    browser = Client()
    sent_back(browser)
    [asked] = directory.asked
    assert asked["response_type"] == "code"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://testserver{CALLBACK}", "as the how-to says"
    assert len(asked["state"]) >= 16


def test_the_second_time_it_is_the_same_account_however_the_address_is_written(directory: Directory) -> None:
    for email in (EMAIL, EMAIL.upper()):
        directory.person["email"] = email
        browser = Client()
        browser.get(sent_back(browser))
        assert signed_in(browser) == EMAIL
    assert User.objects.count() == 1


def _unknown(it: Directory) -> None:
    it.person["email"] = "stranger@anyborough.example"


def _unverified(it: Directory) -> None:
    it.person["email_verified"] = False


def _not_said(it: Directory) -> None:
    del it.person["email_verified"]


def _no_address(it: Directory) -> None:
    del it.person["email"]


def _closed(it: Directory) -> None:
    change_person(
        By(actor=SYSTEM), person=str(User.objects.get().pk), roles=[], teams=[], discretion_pence=0, active=False
    )


def _wrong_signature(it: Directory) -> None:
    it.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _no_signature(it: Directory) -> None:
    it.algorithm, it.signs_with = "none", ""


def _signed_by_what_everybody_knows(it: Directory) -> None:
    it.algorithm, it.signs_with = "HS256", "the public key is no secret, and signs nothing at all"


def _another_audience(it: Directory) -> None:
    it.token["aud"] = "another client"


def _another_issuer(it: Directory) -> None:
    it.token["iss"] = "https://evil.example"


def _too_old(it: Directory) -> None:
    it.token["exp"] = 1_700_000_000


def _about_somebody_else(it: Directory) -> None:
    it.details["sub"] = "8"


def _no_token(it: Directory) -> None:
    it.leaves_out = ("id_token",)


def _no_subject(it: Directory) -> None:
    it.leaves_out = ("sub",)


LIES = (
    _unknown, _unverified, _not_said, _no_address, _closed, _wrong_signature, _no_signature,
    _signed_by_what_everybody_knows, _another_audience, _another_issuer, _too_old, _about_somebody_else, _no_token,
    _no_subject,
)  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=[each.__name__.strip("_") for each in LIES])
def test_nobody_is_let_in_who_is_not_shown_to_be_one_of_us(
    directory: Directory, lie: Callable[[Directory], None]
) -> None:
    lie(directory)
    browser = Client(raise_request_exception=False)
    answer = browser.get(sent_back(browser), follow=True)
    assert answer.status_code < 500
    assert signed_in(browser) == ""
    assert User.objects.count() == 1
    assert browser.get("/desk/").status_code == 302


def test_somebody_without_an_account_is_told_to_ask_for_one(directory: Directory) -> None:
    _unknown(directory)
    browser = Client()
    page = browser.get(sent_back(browser), follow=True).content.decode()
    assert "You have no account here yet. Ask your administrator for one." in page


def test_a_wrong_state_or_one_of_another_browser_opens_nothing(directory: Directory) -> None:
    browser, other = Client(), Client()
    back, theirs = sent_back(browser), sent_back(other)
    state, code = (parse_qs(urlsplit(back).query)[each][0] for each in ("state", "code"))
    strange = parse_qs(urlsplit(theirs).query)["state"][0]
    for wrong in (
        f"{CALLBACK}?code={code}&state=guessed",
        f"{CALLBACK}?code={code}&state={strange}",
        f"{CALLBACK}?code={code}",
    ):
        browser.get(wrong)
        assert signed_in(browser) == "", wrong
    third = Client()
    third.get(back)
    assert signed_in(third) == "", "a link that somebody else began opens nothing in another browser"
    assert state != strange


def test_a_code_of_somebody_else_is_of_no_use(directory: Directory) -> None:
    browser, thief = Client(), Client()
    code = parse_qs(urlsplit(sent_back(browser)).query)["code"][0]
    own = parse_qs(urlsplit(sent_back(thief)).query)["state"][0]
    thief.get(f"{CALLBACK}?code={code}&state={own}")
    assert signed_in(thief) == "", "the proof of the one who began is missing"


def test_coming_back_twice_signs_in_once(directory: Directory) -> None:
    browser = Client()
    back = sent_back(browser)
    browser.get(back)
    browser.post("/account/logout/")
    browser.get(back)
    assert signed_in(browser) == ""


def test_there_is_no_such_address_for_another_directory(directory: Directory) -> None:
    assert Client().get("/account/oidc/other/login/callback/").status_code == 404
    assert Client(raise_request_exception=False).get(CALLBACK).status_code < 500
