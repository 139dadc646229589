"""Strings that break programs where there is no form, or one of several pages: addresses, queries, reports, the API."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

import makegood.rooms
from makegood.rooms.cases import actions as cases
from makegood.rooms.journal.events import VISITOR, By
from makegood.rooms.journal.queries import see_as
from makegood.web.access import is_open_to
from tests.rooms.counter import place as counter
from tests.rooms.demonstration.conftest import as_demonstration
from tests.rooms.desk.place import PNG

from .naughty import BEGIN, BREAKING, DAYS, END, MARKUP, NUMBERS, SHORT, SIGNS, Field, forms_of
from .place import Everybody, collected, everybody
from .test_every_role import PAGES, filled
from .test_naughty import FIRST, everything, is_kept_whole, is_told, taken_back, tries, unescaped

TYPEABLE = "é😀👨‍👩 ../../etc/passwd"
"""What the questions of a report take; they refuse signs without width in a sentence."""
TYPED = {"words": f"{BEGIN}{MARKUP}{SIGNS}{END}", "short": SHORT} | BREAKING | NUMBERS


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    """No collected files are needed."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def place(db: None) -> Everybody:
    """Everybody is there, and a voucher."""
    made = everybody()
    collected(made)
    cases.hand_over(By(actor=made.actors["adviser"]), case=made.hers, team="lighting", context="It is theirs")
    cases.link_duplicate(By(actor=made.actors["adviser"]), case=made.hers, original=made.others)
    see_as(VISITOR)
    return made


# --- addresses and queries -------------------------------------------------------------------------------------------

IN_AN_ADDRESS = (
    "%00",
    "%FF%FE",
    "%0d%0aX-Qz:%201",
    "..%2f..%2fetc%2fpasswd",
    "9" * 30,
    "٣",
    "-1",
    "%3Cqz%20onx=1%3E",
    "q" * 3_000,
)


def test_no_address_can_be_broken(place: Everybody) -> None:
    wrong = []
    for address, route in PAGES:
        if "<" not in address:
            continue
        who = next(
            who for who in FIRST if is_open_to(place.actors[who], getattr(route.callback, "open_to", frozenset()))
        )
        browser = place.browser(who)
        for text in IN_AN_ADDRESS:
            named = "/" + text.join(re.split(r"<[^>]*>", address, maxsplit=1))
            named = filled(named[1:], place) if "<" in named else named
            for method in ("GET", "POST"):
                with taken_back(browser):
                    answer = browser.generic(method, named)
                    if answer.status_code >= 500 or unescaped(answer) or "x-qz" in str(answer.headers).casefold():
                        wrong.append(f"{who}: {method} {named[:90]}: {answer.status_code} {unescaped(answer)}")
    assert not wrong, "\n".join(wrong)


def asked_in_queries() -> list[str]:
    """Every name that a page looks for in its query, as the pages themselves say it."""
    folder = Path(makegood.rooms.__file__).parent
    texts = [each.read_text("utf-8") for each in folder.glob("*/views*/**/*.py")] + [
        each.read_text("utf-8") for each in folder.glob("*/views.py")
    ]
    return sorted({name for text in texts for name in re.findall(r'GET\.get(?:list)?\("(\w+)"', text)} | {"subject"})


def test_no_query_can_break_a_page(place: Everybody) -> None:
    wrong, names = [], asked_in_queries()
    assert len(names) > 5, names
    for address, route in PAGES:
        who = next(
            who for who in FIRST if is_open_to(place.actors[who], getattr(route.callback, "open_to", frozenset()))
        )
        if "robots" in address or address in ("health", "ready"):
            continue
        browser, named = place.browser(who), filled(address, place)
        for text in (TYPED["words"], "a%00b", "%FF%FE%ED%A0%80", "9" * 30, "a&a=%", SHORT):
            query = "&".join(f"{name}={text if '%' in text else _quoted(text)}" for name in names)
            with taken_back(browser):
                answer = browser.generic("GET", f"{named}?{query}")
                if answer.status_code >= 500 or unescaped(answer):
                    wrong.append(f"{who}: {named}?…{text[:20]!r}: {answer.status_code} {unescaped(answer)}")
    assert not wrong, "\n".join(wrong)


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


# --- a report, page after page ---------------------------------------------------------------------------------------

VALID = {
    "answer": "yes", "answer_day": "2", "answer_month": "11", "answer_year": "2026", "name": "Rosa", "wants": "email",
    "email": "rosa@example.org", "phone": "01632 960 001",
}  # fmt: skip


def sensible(fields: list[Field], typed: str) -> dict[str, str]:
    """What a sensible person answers; whatever is asked in words is answered with `typed`."""
    sent: dict[str, str] = {}
    for each in fields:
        if each.kind == "radio":
            sent[each.name] = (
                each.value if each.name not in sent or each.value == VALID.get(each.name) else sent[each.name]
            )
        elif each.kind in ("textarea", "text", "email") and each.name in VALID and each.kind != "textarea":
            sent[each.name] = VALID[each.name]
        elif each.kind in ("textarea", "text"):
            sent[each.name] = typed
        elif each.kind == "hidden":
            sent[each.name] = each.value
    return sent


@pytest.mark.parametrize("service", ["missed-bin", "damp-repair"])
def test_a_report_is_not_broken_on_any_of_its_pages(db: None, service: str) -> None:
    counter.make_place()
    see_as(VISITOR)
    browser, wrong, seen = Client(raise_request_exception=False), [], []
    page = browser.post(f"/report/{service}/", follow=True)
    while not page.redirect_chain[-1][0].endswith("/check/"):
        address = page.redirect_chain[-1][0]
        seen.append(address)
        assert len(seen) < 20, seen
        form = forms_of(page.content.decode())[-1]
        answers = sensible(form.fields, "Acacia <qz>" if "place" in address else f"{BEGIN}{TYPEABLE}<qz>{END}")
        for each, name, text in _typed(form.fields):
            with taken_back(browser):
                answer = browser.post(address, answers | {each: text})
                ok = answer.status_code == 302 or is_told(answer) or name == "words"
                if answer.status_code >= 500 or unescaped(answer) or not ok:
                    wrong.append(f"{address} [{each}: {name}]: {answer.status_code} {unescaped(answer)}")
        page = browser.post(address, answers, follow=True)
        assert page.redirect_chain, (address, counter.words_of(page.content.decode())[:300])
    assert not wrong, "\n".join(wrong)
    assert not unescaped(page)
    sent = browser.post(f"/report/{service}/check/", follow=True)
    assert sent.redirect_chain[-1][0] == "/report/sent/"
    assert is_kept_whole()
    assert not unescaped(sent)


def _typed(fields: list[Field]) -> Iterator[tuple[str, str, str]]:
    for each in fields:
        if each.typed and each.name != "csrfmiddlewaretoken":
            yield from ((each.name, name, text) for name, text in tries(each))
        elif each.kind == "radio":
            yield each.name, "no such choice", SHORT
    for day in DAYS:
        yield from ((f"answer_{part}", "-".join(day), v) for part, v in zip(("day", "month", "year"), day, strict=True))


# --- photos ----------------------------------------------------------------------------------------------------------


def _bomb() -> bytes:
    """A small file that would be an enormous picture."""
    written = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    return written.getvalue()


def files() -> dict[str, tuple[str, bytes, str]]:
    """Photos that are none, and good ones with wrong names: name of the file, its bytes, what it says it is."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    return {
        "nothing": ("a.png", b"", "image/png"),
        "words": ("a.png", b"qz", "image/png"),
        "cut off": ("a.png", PNG[:60], "image/png"),
        "a program that a picture may be": ("a.svg", svg, "image/svg+xml"),
        "a page": ("a.html", b"<qz>", "text/html"),
        "a very large picture": ("a.png", _bomb(), "image/png"),
        "a path for a name": ("../../etc/passwd", PNG, "image/png"),
        "a wrong name": ("a\x00\r\nX: 1<qz>.png", PNG, "text/html\r\nX: 1"),
        "a long name": ("ü" * 3_000 + ".png", PNG, "x" * 3_000),
    }


def test_no_file_breaks_what_takes_photos(place: Everybody) -> None:
    wrong = []
    officer = place.browser("officer")
    for name, (called, data, kind) in files().items():
        with taken_back(officer):
            before = everything()
            file = SimpleUploadedFile("a.png", data, kind)
            vars(file)["_name"] = called  # as it was sent: Django would tidy it
            answer = officer.post(f"/desk/cases/{place.hers}/photo/add/", {"photo": file})
            done = everything() != before
            if answer.status_code >= 500 or unescaped(answer) or done is is_told(answer):
                wrong.append(f"{name}: {answer.status_code}, done {done}, told {is_told(answer)}")
    for name, value in {"words for a file": SHORT, "nul": "\x00"}.items():
        with taken_back(officer):
            answer = officer.post(f"/desk/cases/{place.hers}/photo/add/", {"photo": value, "once": "1"})
            if answer.status_code != 422:
                wrong.append(f"{name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


# --- the demonstration -----------------------------------------------------------------------------------------------


def test_the_demonstration_is_broken_by_nothing(place: Everybody) -> None:
    fields = {"sign-in/": "person", "resident/": "case", "shop/": "shop", "clock/": "step"}
    browser, wrong = Client(raise_request_exception=False), []
    with as_demonstration():
        for address, name in fields.items():
            for what, text in TYPED.items():
                with taken_back(browser):
                    answer = browser.post(f"/demonstration/{address}", {name: text})
                    if answer.status_code not in (404, 422) or unescaped(answer):
                        wrong.append(f"{address} [{what}]: {answer.status_code} {unescaped(answer)}")
        for text in IN_AN_ADDRESS:
            with taken_back(browser):
                for named in (f"/demonstration/post/{text}/", f"/demonstration/post/?before={text}"):
                    answer = browser.get(named)
                    if answer.status_code not in (200, 404) or unescaped(answer):
                        wrong.append(f"{named[:80]}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


# --- the JSON interface ----------------------------------------------------------------------------------------------

REPORT: dict[str, Any] = {
    "service": "missed-bin",
    "answers": {
        "bin": "rubbish",
        "collection_date": "2026-11-02",
        "tag": "yes",
        "tag_says": "full",
        "help_with_bin": "no",
    },
    "place": {"words": "By the gate", "address": ""},
    "person": {"name": "Rosa", "wants": "email", "email": "rosa@example.org", "phone": "", "post": ""},
}
VOUCHER = {"code": "AAAA-AAAA-AAAA"}
VALUES: tuple[Any, ...] = (None, [], {}, True, 1e308, -1, [["x"]], "")


def changed(body: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A body again and again, each time with one value changed; which, and to what."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{n}", what, body | {name: inner}) for n, what, inner in changed(value))
        else:
            yield from ((name, what, body | {name: text}) for what, text in TYPED.items())
        yield from ((name, repr(each), body | {name: each}) for each in VALUES)
        yield name, "left out", {each: v for each, v in body.items() if each != name}


BODIES = {
    "nothing": b"",
    "half": b'{"service": "missed-bin"',
    "no UTF-8": b'{"service": "\xff\xfe"}',
    "not a number": b'{"service": NaN}',
    "half a sign": json.dumps(REPORT).replace("By the gate", "\\ud800").encode(),
    "half a name": json.dumps(REPORT).replace("Rosa", "\\udfff a").encode(),
    "half an answer": json.dumps(REPORT).replace("full", "\\ud83d").encode(),
    "half a service": json.dumps(REPORT).replace("missed-bin", "\\ud83d").encode(),
    "half a code": b'{"code": "\\ud800"}',
    "twice": json.dumps(REPORT).replace('"service"', '"service": 1, "service"', 1).encode(),
    "deep": b"[" * 20_000,
    "a huge number": b'{"service": ' + b"9" * 5_000 + b"}",
    "too large": b'{"service": "' + b"x" * 1_200_000 + b'"}',
}


def _post(address: str, body: bytes, key: str, once: str = "k" * 20, kind: str = "application/json") -> Any:
    browser = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": once}
    with taken_back(browser):
        before = everything()
        answer = browser.generic("POST", address, body, kind, headers=headers)
        vars(answer)["done"] = everything() != before
    return answer


def _wrong(answer: Any) -> str:
    """What is wrong with an answer of the JSON interface; nothing for a good one."""
    if answer.status_code == 201:
        return "" if answer.done else "said to be done"
    if answer.status_code >= 500 or answer.headers["Content-Type"] != "application/json":
        return str(answer.status_code)
    error = answer.json()["error"]
    counted = error["code"] == "not-found"  # a wrong code of a voucher
    if (answer.done and not counted) or not error["message"] or set(error) != {"code", "message", "field"}:
        return f"{error}, done {answer.done}"
    return ""


def test_no_body_breaks_the_json_interface(place: Everybody) -> None:
    wrong = []
    assert _post("/api/v1/requests", json.dumps(REPORT).encode(), "").status_code == 201
    for address, body, key in (
        ("/api/v1/requests", REPORT, ""),
        ("/api/v1/vouchers/redeem", VOUCHER, place.shop_key),
    ):
        tried = [(f"{name}: {what}", json.dumps(each).encode()) for name, what, each in changed(body)]
        for what, sent in (*tried, *BODIES.items()):
            if found := _wrong(_post(address, sent, key)):
                wrong.append(f"{address} [{what}]: {found}")
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
            if found := _wrong(_post(address, json.dumps(body).encode(), key, kind=kind)):
                wrong.append(f"{address} as {kind}: {found}")
        for once in ("", "k", "k" * 500, "ü" * 20, "a\x00" * 10):
            if found := _wrong(_post(address, json.dumps(body).encode(), key, once)):
                wrong.append(f"{address} with the mark {once!r}: {found}")
    assert not wrong, "\n".join(wrong)


def test_no_key_breaks_the_json_interface(place: Everybody) -> None:
    for text in (*TYPED.values(), "ü", ""):
        key = text.replace("\r", "").replace("\n", "")[:4_000]
        headers = {"Authorization": f"Bearer {key}"}
        for method, address in (("GET", "requests/mine"), ("POST", "vouchers/redeem")):
            answer = Client(raise_request_exception=False).generic(method, f"/api/v1/{address}", "{}", headers=headers)
            assert answer.status_code == 401, (address, text[:40])
