"""The pages of sign-in: the library's ways in the place's own words and look, each saying what it did."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.utils.html import strip_tags

from .place import Somebody, signed_in, somebody

PASSWORD = "a heron by the river"
NEW = "two herons by the weir"
LIBRARY = ("Two-Factor", "Set Password", "Change Password", "Sign In", "Email Addresses", "Reauthenticate", "Activate")
"""Headings and words of the library's own pages."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser() -> Somebody:
    """Somebody who signs in by a password."""
    return somebody("adviser", ["adviser"], [], PASSWORD)


@pytest.fixture
def browser(adviser: Somebody) -> Client:
    """Their browser, after signing in by the page."""
    opened = Client()
    answer = opened.post("/account/login/", {"login": adviser.user.email, "password": PASSWORD})
    assert answer["Location"] == "/desk/"
    return opened


def text(page: str) -> str:
    """The words of a page."""
    return " ".join(strip_tags(page).split())


def code_of(page: str) -> str:
    """The code that an authenticator app would show for the key on the page."""
    secret = re.search(r'class="mg-secret">([A-Z2-7]+)<', page)
    assert secret
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret[1], counter)))


def turned_on(browser: Client, password: str = PASSWORD) -> str:
    """Turn two-step sign-in on, after showing once more who it is; the page to which that leads."""
    asked = browser.get("/account/2fa/totp/activate/")["Location"]
    page = browser.post(asked, {"password": password}, follow=True).content.decode()
    answer = browser.post("/account/2fa/totp/activate/", {"code": code_of(page)}, follow=True)
    return answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/account/login/", "/account/signup/", "/account/inactive/", "/account/password/reset/", "/account/confirm-email/",
     "/account/password/reset/done/", "/account/password/reset/key/1-set-password/", "/account/3rdparty/login/error/",
     "/account/password/reset/key/done/", "/account/confirm-email/x/", "/account/3rdparty/login/cancelled/"],
)  # fmt: skip
def test_a_visitor_meets_no_page_of_the_library_in_its_own_dress(address: str) -> None:
    page = Client().get(address, follow=True).content.decode()
    assert 'class="mg-header"' in page
    assert not [words for words in LIBRARY if words in text(page)]


@pytest.mark.parametrize(
    "address",
    ["/account/logout/", "/account/password/change/", "/account/reauthenticate/", "/account/2fa/",
     "/account/2fa/totp/activate/", "/account/3rdparty/"],
)  # fmt: skip
def test_staff_meet_no_page_of_the_library_in_its_own_dress(browser: Client, address: str) -> None:
    page = browser.get(address, follow=True).content.decode()
    assert 'class="mg-header"' in page
    assert not [words for words in LIBRARY if words in text(page)]


def test_a_wrong_password_is_told_in_plain_words(adviser: Somebody) -> None:
    page = Client().post("/account/login/", {"login": adviser.user.email, "password": "no"}).content.decode()
    assert "The email address or the password is not right" in text(page)


def test_a_changed_password_is_told_and_works(browser: Client, adviser: Somebody) -> None:
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    page = browser.post("/account/password/change/", form, follow=True).content.decode()
    assert "Your password is changed." in text(page)
    again = Client().post("/account/login/", {"login": adviser.user.email, "password": NEW})
    assert again["Location"] == "/desk/"


def test_two_step_sign_in_can_be_turned_on_by_who_set_their_password_by_a_link(adviser: Somebody) -> None:
    browser = Client()
    browser.post("/account/password/reset/", {"email": adviser.user.email})
    link = re.search(r"https?://\S+", str(mail.outbox[0].body))
    assert link
    form = browser.get(urlsplit(link[0]).path, follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    browser.post("/account/login/", {"login": adviser.user.email, "password": NEW})
    assert "Your recovery codes" in text(turned_on(browser, NEW))
    assert "You need a code from your app to sign in." in text(browser.get("/account/2fa/").content.decode())


def test_the_mail_with_the_link_names_the_place_and_no_sign_up(adviser: Somebody) -> None:
    Client().post("/account/password/reset/", {"email": adviser.user.email})
    Client().post("/account/password/reset/", {"email": "nobody@anyborough.example"})
    known, unknown = mail.outbox
    assert known.subject == "Anyborough Council: Set a new password"
    assert "Anyborough Council" in known.body
    assert "example.com" not in f"{known.body}{unknown.body}"
    assert "sign up" not in unknown.body.lower()


def test_recovery_codes_are_shown_and_each_opens_the_account(browser: Client, adviser: Somebody) -> None:
    turned_on(browser)
    page = browser.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<li>(\w+)</li>", page[page.index("mg-codes") :])
    assert len(codes) == 10
    other = Client()
    other.post("/account/login/", {"login": adviser.user.email, "password": PASSWORD})
    assert other.get("/desk/").status_code == 302
    assert other.post("/account/2fa/authenticate/", {"code": codes[0]})["Location"] == "/desk/"


def test_nobody_changes_the_address_that_an_administrator_gave(browser: Client) -> None:
    assert browser.get("/account/email/")["Location"] == "/desk/"
    assert browser.post("/account/email/", {"action_add": "", "email": "other@example.org"})["Location"] == "/desk/"


def test_a_page_that_is_not_for_somebody_is_no_fault_in_the_log(
    adviser: Somebody, caplog: pytest.LogCaptureFixture
) -> None:
    adviser.user.set_unusable_password()  # as in a demonstration: there is nothing to ask for again
    adviser.user.save()
    browser = signed_in(adviser)
    with caplog.at_level(logging.INFO, logger="makegood"):
        assert browser.get("/account/reauthenticate/").status_code == 403
        assert browser.get("/nowhere/").status_code == 404
    assert [each.getMessage() for each in caplog.records] == ["request", "request"]
