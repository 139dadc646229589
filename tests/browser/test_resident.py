"""The whole way of a resident in real Chromium: without script, by the keys alone, on a small phone, checked by axe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.remedies import queries as remedies
from makegood.rooms.remedies.actions import add_shop
from tests.rooms.counter.place import ADVISER, MANAGER, hear, late, make_place, opened, token_of

Look = Callable[[Any, str], None]


@pytest.fixture
def place(server: str) -> None:
    """The three services, in the database of the server."""
    make_place()


@pytest.fixture
def look(axe: Callable[[Any], list[str]], screenshots: Path | None) -> Look:
    """Look at a page: axe finds nothing, nothing is cut off at the side; a picture where one is wanted."""

    def looked(page: Any, name: str) -> None:
        if screenshots:
            width = page.viewport_size["width"]
            page.screenshot(path=screenshots / f"{name}-{width}.png", full_page=True)
        assert axe(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} pixels wider than the screen"

    return looked


def onward(page: Any) -> None:
    page.get_by_role("button", name="Continue").click()


def report_damp(page: Any, look: Look | None = None) -> None:
    """Report damp, page after page; ends where the reference is."""

    def seen(name: str) -> None:
        if look:
            look(page, f"report-{name}")

    page.goto("/")
    page.get_by_label("What is wrong?").fill("mould on the wall")
    page.get_by_role("button", name="Search").click()
    seen("found")
    page.get_by_role("link", name="Damp or mould").first.click()
    seen("begin")
    page.get_by_role("button", name="Start now").click()
    onward(page)
    seen("problem")
    page.get_by_label("It makes the home hard to live in").check()
    seen("choice")
    onward(page)
    page.get_by_label("Which rooms is it in?").fill("The bedroom")
    seen("words")
    onward(page)
    seen("date")
    for name, part in (("Day", "3"), ("Month", "2"), ("Year", str(now().year))):
        page.get_by_label(name, exact=True).fill(part)
    onward(page)
    page.get_by_label("No", exact=True).check()
    onward(page)
    onward(page)  # need not be answered
    page.get_by_label("At any time").check()
    onward(page)
    page.get_by_label("Where is it?").fill("acacia avenue 12")
    onward(page)
    seen("place")
    page.get_by_label("12 Acacia Avenue").check()
    onward(page)
    seen("photo")
    onward(page)
    page.get_by_label("What is your name?").fill("Rosa Quick")
    onward(page)
    seen("reach")
    page.get_by_label("By letter").check()
    onward(page)
    seen("post")
    onward(page)
    seen("check")
    page.get_by_role("button", name="Send my report").click()
    page.get_by_role("heading", name="We have your report").wait_for()
    seen("sent")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_whole_way_of_a_report_has_nothing_that_axe_minds(
    place: None, window: Callable[..., Any], look: Look, width: int
) -> None:
    page = window(width=width)
    report_damp(page, look)
    page.get_by_role("button", name="Follow my report").click()
    look(page, "case")


def test_the_whole_way_works_without_script(place: None, window: Callable[..., Any]) -> None:
    page = window(javascript=False)
    report_damp(page)
    page.get_by_role("button", name="Follow my report").click()
    page.get_by_role("heading", name="Damp or mould").wait_for()
    page.get_by_role("link", name="Send a message").click()
    page.get_by_label("Your message").fill("It is the wall to the north")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("We have your message").wait_for()


def test_a_question_is_answered_with_the_keys_alone(place: None, page: Any) -> None:
    page.goto("/report/missed-bin/")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Start now":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/question/bin/")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/question/collection_date/")


def test_the_back_button_after_sending_makes_no_second_case(place: None, page: Any) -> None:
    report_damp(page)
    page.go_back()
    if page.get_by_role("button", name="Send my report").is_visible():
        page.get_by_role("button", name="Send my report").click()
    page.wait_for_url("**/report/sent/")
    see_as(SYSTEM)
    assert len(case_queries.newest()) == 1


def test_at_twice_the_size_nothing_is_cut_off(place: None, window: Callable[..., Any], look: Look) -> None:
    reference = late("missed-bin")
    page = window(width=640, height=400, device_scale_factor=2)
    page.goto(f"/track/{token_of(reference)}/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_the_words_above_a_table_of_time_limits_have_its_whole_width_on_a_phone(place: None, page: Any) -> None:
    page.goto("/promises/damp-repair/")
    caption = page.locator("main table caption").first
    assert caption.bounding_box()["width"] > 250


PUBLIC = {
    "home": "/",
    "promises": "/promises/",
    "promise": "/promises/damp-repair/",
    "version": "/promises/missed-bin/versions/1/",
    "poster": "/promises/missed-bin/poster/",
    "help": "/help/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "track": "/track/",
    "link-gone": "/track/no-such-link-is-there/",
    "vouchers": "/voucher/",
    "shop-key": "/shop/",
    "not-found": "/nothing-here/",
}


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_minds_nothing_on_the_pages_for_everybody(
    place: None, window: Callable[..., Any], look: Look, width: int
) -> None:
    page = window(width=width)
    for name, address in PUBLIC.items():
        page.goto(address)
        look(page, name)


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_minds_nothing_in_any_state_of_a_case(
    place: None, window: Callable[..., Any], look: Look, width: int
) -> None:
    running, closed, waiting = opened(), opened(), opened("street-light")
    broken, choosing = late(), late("damp-repair", days=40)
    cases.close_case(By(actor=ADVISER), case=closed, closing="emptied")
    cases.pause_for_resident(By(actor=ADVISER), case=waiting, reason="There are two.", needed="Which light is it?")
    cases.write_to_resident(By(actor=ADVISER), case=waiting, words="We look tonight.")
    page = window(width=width)
    states = {"running": running, "closed": closed, "waiting": waiting, "broken": broken, "choosing": choosing}
    for name, reference in states.items():
        page.goto(f"/track/{token_of(reference)}/")
        assert page.url.endswith("/case/")
        for fold in page.locator("details").all():
            fold.evaluate("fold => { fold.open = true }")
        look(page, f"case-{name}")
        for more in {"closed": ("not-fixed/", "ease/"), "waiting": ("write/", "link/")}.get(name, ()):
            page.goto(f"/case/{more}")
            look(page, f"case-{name}-{more.strip('/')}")
    page.goto("/case/")
    page.get_by_role("button", name="Choose what you would like").first.click()
    look(page, "case-choose")
    page.goto("/case/")
    page.get_by_role("link", name="No, thank you").first.click()
    look(page, "case-decline")


def test_a_late_bin_brings_a_voucher_that_a_shop_takes_once(
    place: None, window: Callable[..., Any], look: Look
) -> None:
    reference = late()
    page = window()
    page.goto(f"/track/{token_of(reference)}/")
    page.get_by_text("It grows until the work is done").wait_for()
    cases.record_fact(By(actor=ADVISER), case=reference, fact="bin_collected")
    hear()
    page.reload()
    page.get_by_role("link", name="Show your voucher").click()
    look(page, "voucher")
    see_as(SYSTEM)
    voucher = next(v for each in remedies.remedies_of(reference, now()) for v in each.vouchers)
    page.get_by_text(voucher.code).wait_for()
    till = window(width=1280)
    key = add_shop(By(actor=MANAGER), code="corner-shop", name="The Corner Shop")
    till.goto("/shop/")
    till.get_by_label("key of your shop").fill(key)
    onward(till)
    till.get_by_label("code on the voucher").fill(voucher.code.lower())
    look(till, "shop-code")
    till.get_by_role("button", name="See what it is worth").click()
    look(till, "shop-take")
    till.get_by_role("button", name="Take this voucher").click()
    till.get_by_role("heading", name="Voucher taken").wait_for()
    look(till, "shop-taken")
    till.goto(f"/voucher/{voucher.code}/")
    till.get_by_text("It was used already").wait_for()
    look(till, "shop-used")


def test_what_is_not_owed_after_all_is_told(place: None, page: Any) -> None:
    reference = late()
    page.goto(f"/track/{token_of(reference)}/")
    page.get_by_text("Promise broken").wait_for()
    officer = By(actor=ADVISER.__class__(who=ADVISER.who, id="2", roles=frozenset({"officer"}), teams=ADVISER.teams))
    cases.exempt(officer, case=reference, fact="severe_weather_declared", evidence="A red warning for our area")
    hear()
    page.reload()
    page.get_by_text("Not our fault").first.wait_for()
    page.get_by_text("We broke our promise").first.wait_for()
