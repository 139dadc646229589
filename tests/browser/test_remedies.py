"""What becomes of a remedy, in real Chromium, as the resident sees it on her phone and the officer at the desk.

The place's clock is moved as in a demonstration: everything that falls due on the way happens at its own instant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from makegood.rooms.cases.actions import record_fact
from makegood.rooms.demonstration.actions import let_pass, set_clock
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import see_as
from tests.rooms.counter.place import token_of, words_of
from tests.rooms.demonstration.conftest import as_demonstration
from tests.rooms.desk.place import make_place, opened
from tests.rooms.messages.mailserver import Mailbox, mail_server

PASSWORD = "a heron by the river"
REPORTED = datetime(2026, 6, 12, 8, tzinfo=UTC)
"""A Friday, at nine in the place: the bin is promised by six on Tuesday."""


@pytest.fixture
def post(server: str) -> Iterator[Mailbox]:
    """The place, with its clock on that Friday; what goes out is kept."""
    with as_demonstration(), mail_server() as box:
        set_clock(REPORTED)
        see_as(SYSTEM)
        make_place(PASSWORD)
        yield box


class Two:
    """The windows of the two who look at one case."""

    def __init__(self, window: Callable[..., Any], reference: str, axe: Callable[[Any], list[str]]) -> None:
        self.resident, self.officer, self.axe = window(width=390), window(width=1280), axe
        for page in (self.resident, self.officer):
            page.set_default_timeout(60_000)  # a day that goes by takes its time, on a busy machine too
        self.case = f"/desk/cases/{reference}/"
        self.resident.goto(f"/track/{token_of(reference)}/")
        self.officer.goto("/desk/")
        self.officer.get_by_label("Email").fill("officer@anyborough.example")
        self.officer.get_by_label("Password").fill(PASSWORD)
        self.officer.get_by_role("button", name="Sign in").click()

    def see(self) -> tuple[str, str]:
        """What the resident and the officer read now; both pages are whole and good."""
        self.resident.goto("/case/")
        self.officer.goto(self.case)
        for page in (self.resident, self.officer):
            assert self.axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        return words_of(self.resident.content()), words_of(self.officer.content())

    def record(self, fact: str) -> None:
        """The officer records what happened, now."""
        self.officer.goto(f"{self.case}record/")
        self.officer.get_by_label(fact).check()
        self.officer.get_by_role("button", name="Record it").click()
        assert "It is recorded." in self.officer.inner_text("main")


def at(month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> None:
    """Let time pass until then, in UTC."""
    let_pass(By(actor=VISITOR), to=datetime(2026, month, day, hour, minute, second, tzinfo=UTC))


@pytest.fixture
def two(post: Mailbox, window: Callable[..., Any], axe: Callable[[Any], list[str]]) -> Callable[..., Two]:
    """Opens both windows on a case that was reported that Friday."""

    def begun(service: str = "missed-bin", answers: dict[str, str] | None = None) -> Two:
        given = answers or {"bin": "rubbish", "collection_date": "2026-06-11", "tag": "no"}
        see_as(SYSTEM)
        return Two(window, opened(timedelta(0), service, answers=given), axe)

    return begun


def subjects(post: Mailbox) -> list[str]:
    """The subjects of the mails that went out, in order."""
    return [str(each["Subject"]) for each in post.mails()]


def test_what_grows_is_so_much_on_the_first_day_and_more_on_the_third_and_given_when_it_is_done(
    two: Callable[..., Two], post: Mailbox
) -> None:
    both = two()
    at(6, 16, 17, 0, 1)
    for shown in (resident := both.see()[0], both.see()[1]):
        assert "£5" in shown
    assert "A voucher for £5 On its way This is what we owe you so far. It grows until the work is done." in resident
    at(6, 19, 8)
    resident, officer = both.see()
    assert "A voucher for £15 On its way" in resident
    assert "Voucher £15, and growing" in officer
    assert officer.count("Grown") == 4, "each step is a posting of its own, in two books"
    both.record("The bin was emptied")
    at(6, 19, 8, 5)
    resident, officer = both.see()
    assert "Show your voucher for £15" in resident
    assert "It grows" not in resident
    assert "and growing" not in officer
    at(6, 22, 8)
    assert "A voucher for £15" in both.see()[0], "it grows no more"
    assert subjects(post)[-1].startswith("Your voucher for £15")
    assert len(subjects(post)) == 3, "reported, broken, voucher: she is not written to each day"


def test_a_corrected_time_takes_the_voucher_back_by_new_entries_and_she_is_told(
    two: Callable[..., Two], post: Mailbox
) -> None:
    both = two()
    at(6, 17, 8)
    both.record("The bin was emptied")
    at(6, 17, 8, 5)
    resident, officer = both.see()
    assert "Show your voucher for £5" in resident
    assert "Promise broken" in resident
    both.officer.goto(f"{both.case}facts/2/")
    both.officer.get_by_label("It happened at another time").check()
    both.officer.get_by_label("Day", exact=True).fill("16")
    both.officer.get_by_role("textbox", name="Time").fill("3pm")
    both.officer.get_by_label("Why").fill("The crew's sheet says so")
    both.officer.get_by_role("button", name="Put it right").click()
    assert "It is put right." in both.officer.inner_text("main")
    at(6, 17, 8, 10)
    resident, officer = both.see()
    assert "Show your voucher" not in resident
    assert "Not due after all" in resident
    assert "Promise kept" in resident
    assert "Not owed after all" in officer
    assert "Breach on record" in officer, "what was noticed stays"
    assert "The crew's sheet says so" in officer
    assert subjects(post)[-1].startswith("What we owe you has changed")


def test_a_declined_remedy_is_reversed_and_the_breach_stays(two: Callable[..., Two], post: Mailbox) -> None:
    both = two()
    at(6, 16, 17, 0, 1)
    before, _ = both.see()
    both.resident.get_by_role("link", name=re.compile("No, thank you.*voucher")).click()
    both.resident.wait_for_url("**/decline/")
    assert both.axe(both.resident) == []
    both.resident.get_by_role("button", name="I do not want it").click()
    resident, officer = both.see()
    assert "You said no" in resident
    assert "Promise broken" in resident
    assert resident.count("No, thank you") == before.count("No, thank you") - 1, "each is declined by itself"
    assert "Declined" in officer
    assert "Breach on record" in officer
    at(6, 19, 8)
    both.record("The bin was emptied")
    at(6, 19, 8, 5)
    resident, officer = both.see()
    assert "Show your voucher" not in resident
    assert "and growing" not in officer
    assert not any(each.startswith("Your voucher") for each in subjects(post))


def test_a_remedy_that_is_late_itself_brings_its_top_up_and_a_second_apology(
    two: Callable[..., Two], post: Mailbox
) -> None:
    both = two("damp-repair", {"hazard": "emergency", "rooms": "The bedroom", "water": "no", "visit": "any"})
    at(6, 15, 11)
    see_as(SYSTEM)
    reference = both.case.split("/")[-2]
    record_fact(By(actor=SYSTEM), case=reference, fact="made_safe")
    at(6, 15, 11, 5)
    resident, officer = both.see()
    assert "£90" in resident, "£50, and £20 for each of two more days"
    assert "£90" in officer
    before = resident.count("We are late with this")
    at(6, 30, 9)
    resident, officer = both.see()
    assert resident.count("We are late with this, and we are sorry.") > before
    assert "£25" in resident
    assert "£25" in officer
    late = [each for each in subjects(post) if each.startswith("We are late again, and we are sorry")]
    at(7, 10, 9)
    again = [each for each in subjects(post) if each.startswith("We are late again, and we are sorry")]
    assert late
    assert both.see()[1].count("Top-up") == officer.count("Top-up"), "once, however long it takes"
    assert len(again) >= len(late)


def test_what_an_exemption_takes_back_is_told_with_its_reason(two: Callable[..., Two], post: Mailbox) -> None:
    both = two()
    at(6, 16, 17, 0, 1)
    both.see()
    both.officer.goto(f"{both.case}exempt/")
    both.officer.get_by_label("The duty manager declared severe weather").check()
    both.officer.get_by_label("How do we know?").fill("A red warning of the Met Office")
    both.officer.get_by_role("button", name="Decide, and tell the resident").click()
    at(6, 16, 17, 5)
    resident, officer = both.see()
    assert "Not our fault" in resident
    assert "We broke our promise" in resident, "the story keeps what happened"
    assert "Not due after all" in resident
    assert "Not owed after all" in officer
    assert "Breach on record" in officer
    assert "A red warning of the Met Office" in officer
    assert any(each.startswith("Why our promise does not hold this time") for each in subjects(post))
