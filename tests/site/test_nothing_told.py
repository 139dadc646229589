"""Nothing confirms that a reference, code, link, key or voucher exists: answers are alike, and so is the work."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.rooms.cases import actions as cases
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import see_as

from .place import Everybody, as_owner, collected, everybody
from .test_naughty import taken_back

UNKNOWN = "MG-2222-2222"
DIFFERS = re.compile(r'(name="(?:once|csrfmiddlewaretoken|next)" value=")[^"]*|(<input[^>]*value=")[^"]*')


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Path) -> Everybody:
    """A resident with a case and a voucher."""
    settings.STATIC_ROOT = tmp_path
    made = everybody()
    collected(made)
    see_as(VISITOR)
    return made


def got(address: str) -> Callable[[Client], Any]:
    """Somebody asks for a page."""
    return lambda browser: browser.get(address)


def posted(address: str, **data: str) -> Callable[[Client], Any]:
    """Somebody sends a form."""
    return lambda browser: browser.post(address, data)


class Told:
    """What somebody outside can tell from an answer: its status, headers and body, and roughly how much was done."""

    def __init__(self, ask: Callable[[Client], Any], *, without: tuple[str, ...]) -> None:
        browser = Client(raise_request_exception=False)
        see_as(VISITOR)
        with taken_back(browser), CaptureQueriesContext(connection) as asked:
            answer = ask(browser)
            while answer.status_code == 302 and "follow" not in answer.headers.get("Location", "follow"):
                self.way = answer["Location"]
                answer = browser.get(answer["Location"])
            self.cookies = sorted(browser.cookies)
        self.work = len(asked)
        self.status = answer.status_code
        self.headers = {k: v for k, v in answer.headers.items() if k not in ("X-Request", "Content-Length")}
        body = DIFFERS.sub("", answer.content.decode())
        for each in without:
            body = body.replace(each, "")
        self.body = body


def alike(one: Told, other: Told) -> None:
    """Assert that nobody can tell one from the other. The work differs by a fifth at most."""
    assert one.status == other.status
    assert one.headers == other.headers
    assert one.cookies == other.cookies
    assert one.body == other.body
    assert abs(one.work - other.work) <= max(one.work, other.work) / 5, (one.work, other.work)


def test_asking_for_a_code_tells_nothing(place: Everybody) -> None:
    hers, right = place.hers, "rosa@example.org"
    ways = [(hers, right), (hers, "wrong@example.org"), (UNKNOWN, right), (place.others, right)]
    told = [
        Told(
            posted("/track/", reference=reference, email=email),
            without=(reference, email),
        )
        for reference, email in ways
    ]
    for other in told[1:]:
        assert (told[0].status, told[0].headers, told[0].cookies) == (other.status, other.headers, other.cookies)
        assert told[0].body == other.body
    for other in told[2:]:
        alike(told[1], other)


def test_typing_a_code_tells_nothing(place: Everybody) -> None:
    made = cases.make_code(By(actor=place.actors["adviser"]), case=place.hers)
    assert made
    see_as(VISITOR)
    told = [
        Told(
            posted("/track/code-we-read-out/", reference=reference, code="00000000"),
            without=(reference,),
        )
        for reference in (place.hers, place.others, UNKNOWN)
    ]
    alike(told[0], told[1])
    alike(told[0], told[2])


def test_a_link_that_never_was_is_like_one_that_ended(place: Everybody) -> None:
    ended = cases.make_link(By(actor=SYSTEM), case=place.hers)
    cases.revoke_links(By(actor=place.actors["adviser"]), case=place.hers)
    see_as(VISITOR)
    one, other = (Told(got(f"/track/{token}/"), without=(token,)) for token in (ended, "x" * len(ended)))
    assert one.status == 404
    alike(one, other)


def test_what_only_others_may_see_is_like_what_is_not_there(place: Everybody) -> None:
    remedy = place.remedy("voucher")
    for act in ("accept", "choose", "decline"):
        told = []
        for number in (remedy.id, 999_999):
            browser = place.browser("other resident")
            see_as(VISITOR)
            answer = browser.get(f"/case/remedies/{number}/{act}/")
            told.append((answer.status_code, re.sub(DIFFERS, "", answer.content.decode())))
        assert told[0] == told[1]
        assert told[0][0] == 404


def test_nobody_without_the_desk_learns_from_its_addresses(place: Everybody) -> None:
    for who in ("visitor", "resident", "shop", "administrator"):
        told = []
        for reference in (place.hers, UNKNOWN):
            browser = place.browser(who)
            see_as(VISITOR)
            answer = browser.get(f"/desk/cases/{reference}/")
            way = answer.headers.get("Location", "").replace(reference, "")
            told.append((answer.status_code, way, answer.content.decode().replace(reference, "")))
        assert told[0] == told[1], who


def test_a_voucher_that_is_not_there_is_like_a_wrong_code_and_guessing_ends(place: Everybody) -> None:
    code = place.remedy("voucher").vouchers[-1].code
    near = code[:-1] + ("A" if code[-1] != "A" else "B")
    see_as(VISITOR)
    one, other = (Told(got(f"/voucher/{c}/"), without=(c,)) for c in (near, "AAAA-AAAA-AAAA"))
    assert one.status == 404
    alike(one, other)


def test_a_wrong_key_of_a_shop_tells_nothing(place: Everybody) -> None:
    near = place.shop_key[:-1] + ("A" if place.shop_key[-1] != "A" else "B")
    told = [Told(posted("/shop/", key=key), without=(key,)) for key in (near, "x" * len(near))]
    alike(*told)


def _api(method: str, address: str, key: str) -> Callable[[Client], Any]:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k" * 20}
    return lambda browser: browser.generic(
        method, address, '{"code": "AAAA-AAAA-AAAA"}', "application/json", headers=headers
    )


def test_the_json_interface_tells_nothing(place: Everybody) -> None:
    ended = cases.make_link(By(actor=SYSTEM), case=place.hers)
    cases.revoke_links(By(actor=place.actors["adviser"]), case=place.hers)
    mine = [
        Told(_api("GET", "/api/v1/requests/mine", key), without=()) for key in (ended, "x" * len(ended), place.shop_key)
    ]
    for each in mine[1:]:
        alike(mine[0], each)
    assert mine[0].status == 401
    shop = [Told(_api("POST", "/api/v1/vouchers/redeem", key), without=()) for key in (place.token, "x" * 32)]
    alike(*shop)
    assert shop[0].status == 401


def test_a_right_address_is_written_to_and_a_wrong_one_is_not(place: Everybody) -> None:
    [(before,)] = as_owner("SELECT count(*) FROM messages_message WHERE wording = 'tracking-code'")
    for email, more in (("wrong@example.org", 0), ("rosa@example.org", 1)):
        see_as(VISITOR)
        Client().post("/track/", {"reference": place.hers, "email": email})
        assert as_owner("SELECT count(*) FROM messages_message WHERE wording = 'tracking-code'") == [(before + more,)]
