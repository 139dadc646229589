"""Headers and refusals."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from makegood.web import refusals
from makegood.web.errors import ANSWERS, Refusals, answer_to, csrf_failed, fault, unavailable
from makegood.web.security import SecurityHeaders, by_private_link, for_everybody


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def headers_of(view: object) -> dict[str, str]:
    assert callable(view)
    return dict(SecurityHeaders(view)(RequestFactory().get("/")).headers)


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed() -> None:
    policy = headers_of(page)["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "data:" not in policy
    assert "frame-ancestors 'none'" in policy


@override_settings(FORM_ACTION_ORIGINS=("https://sign-in.example",))
def test_a_posted_form_may_end_at_the_sign_in_service_that_the_settings_name() -> None:
    assert "form-action 'self' https://sign-in.example;" in headers_of(page)["Content-Security-Policy"]


def test_pages_are_private_unless_they_say_otherwise() -> None:
    assert headers_of(page)["Cache-Control"] == "no-store"
    assert headers_of(page)["Referrer-Policy"] == "same-origin"
    assert headers_of(for_everybody(page))["Cache-Control"] == "no-cache"


def test_a_private_link_is_told_to_nobody() -> None:
    headers = headers_of(by_private_link(page))
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]


@override_settings(SECURE_HSTS_SECONDS=31_536_000)
def test_a_place_reached_by_https_stays_there() -> None:
    assert headers_of(page)["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_refusal_has_its_status_and_a_page_with_its_sentence(kind: type[refusals.Refusal]) -> None:
    shown = Refusals(page).process_exception(RequestFactory().get("/"), kind("Not <today>."))
    assert shown is not None
    assert shown.status_code == ANSWERS[kind].status
    assert "Not &lt;today&gt;." in shown.content.decode()


def test_the_table_of_refusals_is_complete() -> None:
    assert set(refusals.Refusal.__subclasses__()) == set(ANSWERS)
    assert answer_to(refusals.Refusal("?")).status == 422


def test_a_fault_is_no_refusal() -> None:
    assert Refusals(page).process_exception(RequestFactory().get("/"), ValueError("x")) is None


def test_the_page_of_a_fault_says_the_word_by_which_the_log_finds_it() -> None:
    request = RequestFactory().get("/")
    request.META["makegood.reference"] = "abc123"
    shown = fault(request)
    assert shown.status_code == 500
    assert "abc123" in shown.content.decode()


def test_closing_times_and_expired_forms_have_their_pages() -> None:
    assert unavailable(RequestFactory().get("/")).headers["Retry-After"] == "300"
    assert csrf_failed(RequestFactory().get("/")).status_code == 403
