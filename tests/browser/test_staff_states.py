"""States of staff's pages that a plain walk does not meet, on a phone and on a desk: axe finds nothing, all fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from makegood.rooms.cases import actions as cases
from makegood.rooms.journal.actions import deliver_all
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.places.actions import load_places
from makegood.rooms.places.events import Address, Ward
from makegood.rooms.remedies.actions import add_at_discretion, send_to_finance
from makegood.rooms.remedies.queries import remedies_of
from tests.rooms.desk.place import Somebody, make_place, opened

from .test_desk import PASSWORD, look  # noqa: F401 - `look` is a fixture


@pytest.fixture
def place(server: str) -> dict[str, Somebody]:
    """The services and the people, in the database of the server."""
    see_as(SYSTEM)
    return make_place(PASSWORD)


def signed_in(window: Callable[..., Any], who: str, width: int) -> Any:
    """The page of somebody who signed in."""
    page = window(width=width)
    page.goto("/account/login/")
    page.fill("[name=login]", f"{who}@anyborough.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/**")
    return page


def owing_money(place: dict[str, Somebody]) -> str:
    """A broken promise to which an officer added £3 in money."""
    reference = opened(timedelta(days=20))
    while cases.notice_due(By(actor=SYSTEM), limit=10_000):
        pass
    deliver_all()
    see_as(SYSTEM)
    added = next(each for each in remedies_of(reference, now()) if each.kind.value == "discretion")
    by = By(actor=place["officer"].actor, reason="She asked for money")
    add_at_discretion(by, remedy=added.id, amount=Decimal(3), pays="money")
    return reference


@pytest.mark.parametrize("width", [390, 1280])
def test_payments_and_their_batches(
    window: Callable[..., Any],
    look: Callable[..., None],  # noqa: F811 - the fixture
    place: dict[str, Somebody],
    width: int,
) -> None:
    owing_money(place)
    page = signed_in(window, "manager", width)
    page.goto("/desk/payments/")
    look(page, "payments-waiting")
    send_to_finance(By(actor=place["manager"].actor))
    page.reload()
    look(page, "payments-sent")
    page.get_by_role("link", name="Batch").click()
    page.locator("summary").first.click()
    look(page, "payment-batch")


@pytest.mark.parametrize("width", [390, 1280])
def test_waiting_a_crew_that_is_done_and_addresses_for_a_caller(
    window: Callable[..., Any],
    look: Callable[..., None],  # noqa: F811 - the fixture
    place: dict[str, Somebody],
    width: int,
) -> None:
    reference = opened()
    home = Address(id="A14", line="14 Acacia Avenue", postcode="AB1 2CD", ward="W1")
    load_places(By(actor=SYSTEM), wards=[Ward(code="W1", name="Old Town")], addresses=[home])
    page = signed_in(window, "adviser", width)
    page.goto(f"/desk/cases/{reference}/pause/")
    look(page, "pause-foreseen")
    page.goto("/desk/new/missed-bin/")
    page.fill("[name=place]", "14 acacia")
    page.get_by_role("button", name="Find the address").click()
    page.get_by_label("14 Acacia Avenue").wait_for()
    look(page, "caller-address")
    cases.record_fact(By(actor=SYSTEM), case=reference, fact="bin_collected")
    page.goto(f"/desk/crew/{reference}/")
    look(page, "crew-done")
    page.goto("/report/missed-bin/")
    look(page, "report-begin")
