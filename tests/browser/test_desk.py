"""An adviser's way in real Chromium: by the keys alone, without script, on a phone; every page checked by axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.queries import case_of
from makegood.rooms.journal.actions import deliver_all
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as
from tests.rooms.desk.place import Somebody, make_place, opened

Look = Callable[[Any, str], None]
PASSWORD = "a heron by the river"


@pytest.fixture
def place(server: str) -> dict[str, Somebody]:
    """The services and the people, in the database of the server."""
    see_as(SYSTEM)
    return make_place(PASSWORD)


@pytest.fixture
def look(axe: Callable[[Any], list[str]], screenshots: Path | None) -> Look:
    """Look at a page: axe finds nothing, nothing is cut off at the side; a picture where one is wanted."""

    def looked(page: Any, name: str) -> None:
        if screenshots:
            page.screenshot(path=screenshots / f"desk-{name}-{page.viewport_size['width']}.png", full_page=True)
        assert axe(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} pixels wider than the screen"
        assert page.evaluate(_CUT) == [], f"{name} has a table of cards that is cut off at the side"

    return looked


_CUT = """() => [...document.querySelectorAll(".mg-scroll:not([tabindex])")]
  .filter(box => box.scrollWidth > box.clientWidth).map(box => box.querySelector("caption").innerText)"""


_WORDS = """() => {
  const it = document.activeElement;
  const label = it.labels && it.labels.length ? it.labels[0].innerText : "";
  return (label || it.innerText || it.value || "").trim();
}"""


def tab_to(page: Any, words: str) -> None:
    """Go on with the tabulator until something with these words has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if words in page.evaluate(_WORDS):
            return
    raise AssertionError(f"the keys do not reach “{words}”")


def press(page: Any, words: str) -> None:
    """Reach a link or a button by the keys, and press Enter."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page: Any, role: str) -> None:
    """Sign in by the keys."""
    page.goto("/desk/")
    tab_to(page, "Email")
    page.keyboard.type(f"{role}@anyborough.example")
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    press(page, "Sign in")


def test_an_adviser_works_by_the_keys_alone(window: Callable[..., Any], place: dict[str, Somebody], look: Look) -> None:
    reference = opened()
    page = window(width=1280)
    page.goto("/desk/")
    look(page, "sign-in")
    sign_in(page, "adviser")
    look(page, "home")
    press(page, reference)
    look(page, "case")
    press(page, "Record what happened")
    look(page, "record")
    tab_to(page, "The bin was emptied")
    page.keyboard.press("Space")
    press(page, "Record it")
    assert "It is recorded." in page.inner_text("main")
    press(page, "Close the case")
    look(page, "close")
    tab_to(page, "We emptied the bin")
    page.keyboard.press("Space")
    press(page, "Close the case")
    assert "It counts as fixed." in page.inner_text("main")
    see_as(SYSTEM)
    assert case_of(reference).fixed


def test_a_case_is_worked_on_without_script_on_a_phone(
    window: Callable[..., Any], place: dict[str, Somebody], look: Look
) -> None:
    reference = opened(timedelta(days=20))
    while cases.notice_due(By(actor=SYSTEM), limit=10_000):
        pass
    deliver_all()
    page = window(width=390, javascript=False)
    page.goto("/desk/")
    page.get_by_label("Email").fill("officer@anyborough.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"/desk/cases/{reference}/")
    page.get_by_role("button", name="Asked how far it is").click()
    assert "The contact is noted." in page.inner_text("main")
    page.get_by_role("link", name="Exempt", exact=True).click()
    page.get_by_label("The duty manager declared severe weather").check()
    page.get_by_label("How do we know?").fill("Met Office amber warning")
    page.get_by_role("button", name="Decide, and tell the resident").click()
    assert "It is decided." in page.inner_text("main")
    assert "Not owed after all" in page.inner_text("main")
    assert "Breach on record" in page.inner_text("main")


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_of_staff_is_whole_and_found_good_by_axe(
    window: Callable[..., Any], place: dict[str, Somebody], look: Look, width: int
) -> None:
    reference = opened(timedelta(days=20))
    closed = opened(timedelta(days=500))
    cases.close_case(By(actor=SYSTEM, at=now() - timedelta(days=499)), case=closed, closing="withdrawn")
    officer = By(actor=place["officer"].actor)
    cases.write_from_resident(officer, case=closed, words="Is it done?", channel="telephone")
    while cases.notice_due(By(actor=SYSTEM), limit=10_000):
        pass
    deliver_all()
    case = f"/desk/cases/{reference}/"
    pages = {
        "officer": ["/desk/", "/desk/list/broken/", "/desk/list/unread/?whose=team",
                    "/desk/find/?words=rosa", case, f"{case}pause/", f"{case}close/",
                    f"{case}exempt/", f"{case}hand-over/", f"{case}write/", f"{case}resident/", "/desk/new/missed-bin/",
                    f"/desk/crew/{reference}/", "/desk/letters/", "/desk/mails/", "/desk/pay/", "/desk/tasks/"],
        "manager": ["/desk/numbers/", "/desk/promises/missed-bin/", "/desk/promises/publish/?from=missed-bin",
                    "/desk/services/missed-bin/", "/desk/calendars/", "/desk/wordings/", "/desk/shops/",
                    "/desk/wordings/case-opened/en/", f"/desk/journal/?subject={reference}"],
        "administrator": ["/desk/people/", "/desk/people/add/", "/desk/people/team/", "/account/password/change/"],
    }  # fmt: skip
    for role, addresses in pages.items():
        page = window(width=width)
        sign_in(page, role)
        for address in addresses:
            assert page.goto(address).status == 200, address
            look(page, f"{role}-{addresses.index(address)}")
