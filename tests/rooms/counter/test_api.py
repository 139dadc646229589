"""The JSON API: promises, services, reports and vouchers, and every refusal in one shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from makegood.rooms.cases import queries as cases
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.remedies import queries as remedies
from makegood.rooms.remedies.actions import add_shop

from .place import ADVISER, ANSWERS, MANAGER, hear, late, opened, token_of

API = "/api/v1"
KEY = "a-key-of-16-signs-or-more"


def given(**more: Any) -> dict[str, Any]:
    person = {"name": "Rosa Quick", "wants": "email", "email": "rosa@example.org"}
    return {
        "service": "missed-bin",
        "answers": ANSWERS["missed-bin"](now()),
        "place": {"words": "By the mill"},
        "person": person,
    } | more


def post(browser: Client, path: str, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return browser.post(f"{API}{path}", text, content_type="application/json", headers=headers or None)


def refusal(response: Any) -> dict[str, Any]:
    """What a refusal says; it has the one shape."""
    told = response.json()
    assert list(told) == ["error"]
    assert sorted(told["error"]) == ["code", "field", "message"]
    assert response.headers["Content-Type"] == "application/json"
    return dict(told["error"])


def test_the_promises_are_told_as_data(browser: Client) -> None:
    names = [each["name"] for each in browser.get(f"{API}/promises").json()]
    assert names == ["street-light", "missed-bin", "damp-repair"]
    one = browser.get(f"{API}/promises/missed-bin").json()
    assert one["pledge"]["pledge"] == "missed-bin"
    assert "We come back for a bin that we missed" in one["words"]
    assert [each["version"] for each in browser.get(f"{API}/promises/missed-bin/versions").json()] == [1]
    assert browser.get(f"{API}/promises/missed-bin/versions/1").json()["version"] == 1


def test_a_service_says_what_it_asks_and_why(browser: Client) -> None:
    assert {each["code"] for each in browser.get(f"{API}/services").json()} == {
        "missed-bin",
        "street-light",
        "damp-repair",
    }
    one = browser.get(f"{API}/services/missed-bin").json()
    asked = {each["name"]: each for each in one["questions"]}
    assert asked["tag_says"]["only_if"] == {"question": "tag", "answers": ["yes"]}
    assert asked["bin"]["why"].startswith("A different lorry")


def test_a_report_sent_again_with_the_same_key_is_one_case(browser: Client) -> None:
    first = post(browser, "/requests", given(), **{"Idempotency-Key": KEY})
    assert first.status_code == 201
    again = post(browser, "/requests", given(), **{"Idempotency-Key": KEY})
    assert again.json()["reference"] == first.json()["reference"]
    other = post(browser, "/requests", given(place={"words": "Elsewhere"}), **{"Idempotency-Key": KEY})
    assert other.json()["reference"] != first.json()["reference"]
    see_as(SYSTEM)
    assert len(cases.newest()) == 2


def test_the_token_of_the_link_shows_the_request_and_no_other_does(browser: Client) -> None:
    made = post(browser, "/requests", given(), **{"Idempotency-Key": KEY}).json()
    mine = browser.get(f"{API}/requests/mine", headers={"Authorization": f"Bearer {made['token']}"})
    told = mine.json()
    assert told["reference"] == made["reference"]
    assert told["promises"][0]["status"] == "running"
    assert told["promises"][0]["until"]
    for headers in ({}, {"Authorization": "Bearer nothing-that-opens-anything"}):
        answer = browser.get(f"{API}/requests/mine", headers=headers)
        assert answer.status_code == 401
        assert refusal(answer)["code"] == "not-signed-in"


def test_after_a_request_was_shown_nobody_elses_is_seen(browser: Client) -> None:
    reference = opened()
    browser.get(f"{API}/requests/mine", headers={"Authorization": f"Bearer {token_of(reference)}"})
    assert cases.cases_of([reference]) == {}


def voucher() -> remedies.VoucherSeen:
    from makegood.rooms.cases.actions import record_fact

    reference = late()
    record_fact(By(actor=ADVISER), case=reference, fact="bin_collected")
    hear()
    see_as(SYSTEM)
    return next(v for each in remedies.remedies_of(reference, now()) for v in each.vouchers)


def test_a_till_takes_a_voucher_once_and_its_retry_answers_the_same(browser: Client) -> None:
    key = add_shop(By(actor=MANAGER), code="corner-shop", name="The Corner Shop")
    code = voucher().code
    till = {"Authorization": f"Bearer {key}", "Idempotency-Key": "sale-0001"}
    first = post(browser, "/vouchers/redeem", {"code": code}, **till)
    again = post(browser, "/vouchers/redeem", {"code": code.lower()}, **till)
    assert first.status_code == 200
    assert again.status_code == 409  # another body is another sale
    assert post(browser, "/vouchers/redeem", {"code": code}, **till).json() == first.json()
    second = post(browser, "/vouchers/redeem", {"code": code}, **till | {"Idempotency-Key": "sale-0002"})
    assert second.status_code == 409
    assert refusal(second)["code"] == "conflict"
    none = post(browser, "/vouchers/redeem", {"code": code}, **{"Idempotency-Key": "sale-0003"})
    assert none.status_code == 401


WRONG: list[tuple[str, str, Any, dict[str, str], int, str, str | None]] = [
    ("GET", "/nothing/here", None, {}, 404, "not-found", None),
    ("GET", "/promises/nope", None, {}, 404, "not-found", None),
    ("GET", "/services/nope", None, {}, 404, "not-found", None),
    ("GET", "/promises/missed-bin/versions/x", None, {}, 422, "not-valid", "number"),
    ("DELETE", "/promises", None, {}, 405, "method-not-allowed", None),
    ("PUT", "/requests", None, {}, 405, "method-not-allowed", None),
    ("POST", "/requests", given, {}, 422, "not-valid", "idempotency-key"),
    ("POST", "/requests", "{", {"Idempotency-Key": KEY}, 400, "not-readable", None),
    ("POST", "/requests", b"\xff\xfe", {"Idempotency-Key": KEY}, 400, "not-readable", None),
    ("POST", "/requests", {"service": "missed-bin"}, {"Idempotency-Key": KEY}, 422, "not-valid", "person"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda each: f"{each[0]}-{each[1]}-{each[4]}")
def test_every_refusal_has_one_shape(browser: Client, wrong: Any) -> None:
    method, path, body, headers, status, code, field = wrong
    body = body() if callable(body) else body
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    answer = browser.generic(method, f"{API}{path}", text, content_type="application/json", headers=headers or None)
    assert answer.status_code == status
    told = refusal(answer)
    assert told["code"] == code
    if field:
        assert told["field"].casefold().replace("_", "-") == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"answers": {"bin": "purple"}}, "bin"),
        ({"answers": {"unheard": "of"}}, "unheard"),
        ({"place": {"words": " "}}, "place"),
        ({"place": {"words": "", "address": "not-there"}}, None),
        ({"person": {"wants": "letter", "email": "rosa@example.org"}}, "post"),
        ({"service": "nope"}, None),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_report_that_does_not_do_names_the_field(browser: Client, change: dict[str, Any], field: str | None) -> None:
    answer = post(browser, "/requests", given(**change), **{"Idempotency-Key": KEY})
    assert answer.status_code in (404, 422)
    assert refusal(answer)["field"] == field
    see_as(SYSTEM)
    assert cases.newest() == []


def test_the_api_describes_itself(browser: Client) -> None:
    told = browser.get(f"{API}/openapi.json").json()
    assert {f"{API}/promises", f"{API}/requests", f"{API}/vouchers/redeem"} <= set(told["paths"])
    assert browser.get(f"{API}/docs").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_description_is_read_and_takes_nothing(place: None, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"{API}/openapi.json")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert refusal(answer)["code"] == "method-not-allowed"


def routes(resolver: URLResolver | None = None) -> list[URLPattern]:
    found: list[URLPattern] = []
    for each in (resolver or get_resolver()).url_patterns:
        found += routes(each) if isinstance(each, URLResolver) else [each]
    return found


def test_every_address_of_the_counter_says_who_may_see_it() -> None:
    mine = [each for each in routes() if "makegood.rooms.counter" in getattr(each.callback, "__module__", "")]
    assert len(mine) > 40
    for each in mine:
        assert getattr(each.callback, "open_to", None), each
