"""Every kind of person at every address, and every action called by everybody who has no right to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.events import Resident
from makegood.rooms.cases.queries import fact_list, hand_overs_of
from makegood.rooms.journal.actions import ACTIONS
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.messages.events import State, To
from makegood.rooms.places.events import Place
from makegood.rooms.remedies.queries import shop_with
from makegood.web.access import is_open_to
from makegood.web.refusals import NotAllowed, NotFound, NotPossible, Refusal
from tests.architecture.test_house import routes
from tests.rooms.demonstration.conftest import as_demonstration

from .place import LOOKERS, Everybody, as_owner, collected, everybody, own_tables

get_resolver().url_patterns  # noqa: B018  # the rooms on the roof are loaded with their addresses


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    """No collected files are needed."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def place(db: None) -> Everybody:
    """Everybody is there; the resident's case was handed over, has a photo, a voucher and a mail."""
    made = everybody()
    collected(made)
    adviser = By(actor=made.actors["adviser"])
    cases.hand_over(adviser, case=made.hers, team="lighting", context="It is theirs")
    cases.link_duplicate(adviser, case=made.hers, original=made.others)
    see_as(VISITOR)
    return made


# --- addresses -------------------------------------------------------------------------------------------------------

WAYS_IN = ("/account/login/", "/track/", "/shop/")
REFUSED = {302, 403, 404, 405}
ELSEWHERE = ("account/", "api/", "demonstration/", "kit/")
"""Addresses with a test of their own below."""
PAGES = [(address, route) for address, route in routes() if not address.startswith(ELSEWHERE)]


def filled(address: str, place: Everybody) -> str:
    """An address with its placeholders filled in from the resident's case."""
    if "<" not in address:
        return f"/{address}"
    voucher = place.remedy("voucher")
    number = voucher.id
    if "hand-overs/<" in address:
        number = hand_overs_of(place.hers)[0].id
    if "facts/<" in address:
        number = fact_list(place.hers)[0].id
    if "vouchers/<" in address:
        number = voucher.vouchers[-1].id
    if "letters/<" in address or "mails/<" in address:
        [(number,)] = as_owner("SELECT min(id) FROM messages_message")
    if "versions/<" in address:
        number = 1
    if "people/<" in address:
        number = int(place.actors["crew"].id)
    if "remedies/<int:number>/add" in address:
        number = place.remedy("discretion").id
    words = {
        "<slug:code>": "corner-shop" if "shops/" in address else "missed-bin",
        "<str:reference>": place.hers,
        "<str:original>": place.others,
        "<int:number>": str(number),
        "<int:line>": "1",
        "<slug:name>": "bin"
        if "question/" in address
        else "promise-broken"
        if "wordings/" in address
        else "missed-bin",
        "<slug:language>": "en",
        "<slug:show>": "risk",
        "<str:token>": "x" * 32,
    }
    if address.startswith("voucher/"):
        words["<slug:code>"] = voucher.vouchers[-1].code
    for placeholder, value in words.items():
        address = address.replace(placeholder, value)
    assert "<" not in address, f"{address}: say in this test what stands for it"
    return f"/{address}"


def tried(browser: Client, method: str, address: str) -> Any:
    """The answer; whatever was changed is taken back."""
    try:
        with transaction.atomic():
            answer = browser.generic(method, address)
            raise _TakenBack
    except _TakenBack:
        return answer


class _TakenBack(Exception):
    pass


NOTHING_THERE = {
    "track/<str:token>/",
    "report/<slug:code>/photo/photo.jpg",
    "case/photo.jpg",
    "desk/cases/<str:reference>/photo/",
    "case/remedies/<int:number>/choose/",
    "desk/payments/<int:number>/",
    "desk/payments/<int:number>/file/",
}
"""Pages of what this place does not have: no link of that token, no photo, nothing to choose, no payments."""


def test_everybody_gets_as_far_as_each_page_says_and_no_further(place: Everybody) -> None:
    named, entries = {address: filled(address, place) for address, _ in PAGES}, as_owner(ENTRIES)
    wrong: list[str] = []
    seen: dict[str, set[int]] = {address: set() for address in named}
    for who in LOOKERS:
        browser, actor = place.browser(who), place.actors[who]
        for address, route in PAGES:
            may = is_open_to(actor, getattr(route.callback, "open_to", frozenset()))
            for method in ("GET", "POST"):
                see_as(VISITOR)
                answer = tried(browser, method, named[address])
                if fault := _fault(place, who, answer, may=may):
                    wrong.append(f"{who}: {method} {named[address]}: {fault}")
                if may and method == "GET":
                    seen[address].add(answer.status_code)
    assert not wrong, "\n".join(wrong)
    assert as_owner(ENTRIES) == entries
    shut = {address for address, found in seen.items() if not found & {200, 302, 405}}
    assert shut <= NOTHING_THERE, "a place that refuses everybody would keep every secret"


ENTRIES = "SELECT count(*) FROM journal_entry"


def _fault(place: Everybody, who: str, answer: Any, *, may: bool) -> str:
    """What is wrong with an answer; nothing where all is well."""
    status, way = answer.status_code, answer.headers.get("Location", "")
    if status >= 500:
        return str(status)
    if not may and status not in REFUSED:
        return f"{status} for somebody who may not"
    if not may and status == 302 and not way.startswith(WAYS_IN):
        return f"sent to {way}"
    told = place.hers in answer.content.decode(errors="replace")
    return "tells of a case" if told and who in ("visitor", "other resident", "shop", "administrator") else ""


def test_nobody_elses_remedy_or_voucher_opens_for_a_resident(place: Everybody) -> None:
    browser = place.browser("other resident")
    remedy = place.remedy("voucher")
    addresses = [f"/case/remedies/{remedy.id}/{act}/" for act in ("accept", "choose", "decline")]
    for address in (*addresses, f"/case/vouchers/{remedy.vouchers[-1].id}/"):
        for method in ("GET", "POST"):
            see_as(VISITOR)
            assert tried(browser, method, address).status_code in (404, 405), (method, address)


@pytest.mark.parametrize("who", LOOKERS)
def test_the_demonstration_is_not_there_in_an_ordinary_place(place: Everybody, who: str) -> None:
    browser = place.browser(who)
    for address, _route in routes():
        if address.startswith("demonstration/"):
            for method in ("GET", "POST"):
                see_as(VISITOR)
                answer = tried(browser, method, "/" + address.replace("<int:number>", "1"))
                assert answer.status_code in (404, 405), (method, address)


def test_the_demonstration_never_fails_however_it_is_asked(place: Everybody) -> None:
    with as_demonstration():
        for who in ("visitor", "resident", "adviser"):
            browser = place.browser(who)
            for address, _route in routes():
                if address.startswith("demonstration/"):
                    for method in ("GET", "POST"):
                        see_as(VISITOR)
                        answer = tried(browser, method, "/" + address.replace("<int:number>", "1"))
                        assert answer.status_code < 500, (method, address)


@pytest.mark.parametrize("who", ["visitor", "resident", "shop"])
def test_the_sign_in_pages_let_nobody_in_and_never_fail(place: Everybody, who: str) -> None:
    browser = place.browser(who)
    for address, _route in routes():
        if not address.startswith("account/") or "oidc" in address:
            continue
        named = "/" + address.split("^")[0]
        for method in ("GET", "POST"):
            see_as(VISITOR)
            assert tried(browser, method, named).status_code < 500, (method, named)
        assert "_auth_user_id" not in browser.session
    form = {"email": "new@example.org", "password1": "a long pass phrase", "password2": "a long pass phrase"}
    browser.post("/account/signup/", form)
    assert as_owner("SELECT count(*) FROM people_user WHERE email = 'new@example.org'") == [(0,)]
    assert "_auth_user_id" not in browser.session


OPEN, LINK, SHOP = "everybody", "resident", "shop"
API = {
    "openapi.json": {"GET": OPEN},
    "promises": {"GET": OPEN},
    "promises/<name>": {"GET": OPEN},
    "promises/<name>/versions": {"GET": OPEN},
    "promises/<name>/versions/<number>": {"GET": OPEN},
    "services": {"GET": OPEN},
    "services/<code>": {"GET": OPEN},
    "requests": {"POST": OPEN},
    "requests/mine": {"GET": LINK},
    "vouchers/redeem": {"POST": SHOP},
    "": {},
    "<path:rest>": {},
}
"""Which key opens which address of the JSON API."""


def test_the_api_is_opened_by_the_right_key_alone(place: Everybody) -> None:
    found = [address.removeprefix("api/v1/") for address, _ in routes() if address.startswith("api/")]
    assert sorted(found) == sorted(API), "a new address of the API wants its row in this test"
    keys = {OPEN: "nothing", LINK: place.token, SHOP: place.shop_key, "another": place.others_token}
    for address, methods in API.items():
        named = address.replace("<name>", "missed-bin").replace("<number>", "1").replace("<code>", "missed-bin")
        named = f"/api/v1/{named.replace('<path:rest>', 'nothing')}"
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            for key, secret in keys.items():
                see_as(VISITOR)
                client = Client(raise_request_exception=False)
                answer = client.generic(method, named, "{}", headers={"Authorization": f"Bearer {secret}"})
                needs = methods.get(method)
                if needs is None:
                    assert answer.status_code in (404, 405), (method, named)
                elif needs in (LINK, SHOP) and key != needs and not (needs == LINK and key == "another"):
                    assert answer.status_code == 401, (method, named, key)
                else:
                    assert answer.status_code < 500, (method, named)
                    assert answer.status_code != 401, (method, named)
                if key != LINK:
                    assert place.hers not in answer.content.decode()
                if answer.status_code < 400 and needs == LINK:
                    assert answer.json()["reference"] == (place.hers if key == LINK else place.others)


# --- actions ---------------------------------------------------------------------------------------------------------

WORK = frozenset({"adviser", "colleague", "officer", "manager"})
ALONE = frozenset({"system"})
HERS = WORK | {"system", "resident"}
REMEDY = frozenset({"adviser", "colleague", "officer"})
PUBLISH = frozenset({"manager", "system"})
EVERYBODY = frozenset({*LOOKERS, "system"})
ANSWERS = {"bin": "rubbish", "collection_date": "2026-01-01", "tag": "no"}


def _voucher(place: Everybody) -> Any:
    return place.remedy("voucher").vouchers[-1]


def _fact(place: Everybody) -> int:
    see_as(SYSTEM)
    return fact_list(place.hers)[0].id


def _asked(place: Everybody) -> int:
    see_as(SYSTEM)
    return hand_overs_of(place.hers)[0].id


def _case(**more: Any) -> Callable[[Everybody], dict[str, Any]]:
    return lambda place: {"case": place.hers, **more}


def _remedy(kind: str = "voucher", **more: Any) -> Callable[[Everybody], dict[str, Any]]:
    return lambda place: {"remedy": place.remedy(kind).id, **more}


def _given(**more: Any) -> Callable[[Everybody], dict[str, Any]]:
    return lambda _: more


REPORT = {
    "service": "missed-bin",
    "answers": ANSWERS,
    "words": "",
    "place": Place(words="Here"),
    "resident": Resident(),
}
TABLE: dict[str, tuple[frozenset[str], Callable[[Everybody], dict[str, Any]]]] = {
    "cases.accept_hand_over": (frozenset({"colleague", "system"}), lambda place: {"hand_over": _asked(place)}),
    "cases.add_photo": (HERS | {"visitor", "crew"}, _case(data=b"none")),
    "cases.change_resident": (WORK | ALONE, _case(resident=Resident(name="Somebody else"))),
    "cases.close_case": (WORK | ALONE, _case(closing="withdrawn")),
    "cases.correct_fact": (
        frozenset({"officer", "system"}),
        lambda place: {"case": place.hers, "fact": _fact(place), "at": now() - timedelta(days=1), "reason": "Wrong"},
    ),
    "cases.decline_hand_over": (
        frozenset({"colleague", "system"}),
        lambda place: {"hand_over": _asked(place), "reason": "Not ours"},
    ),
    "cases.end_pause": (WORK | ALONE, _case()),
    "cases.erase_resident": (frozenset({"officer", "system"}), _case()),
    "cases.exempt": (
        frozenset({"officer", "system"}),
        _case(fact="severe_weather_declared", evidence="A warning"),
    ),
    "cases.hand_over": (WORK | ALONE, _case(team="repairs", context="Theirs")),
    "cases.import_cases": (ALONE, _given(cases=[])),
    "cases.link_duplicate": (WORK | ALONE, lambda place: {"case": place.hers, "original": place.others}),
    "cases.log_contact": (WORK | ALONE, _case(channel="telephone", reason="needed")),
    "cases.make_code": (WORK | ALONE, _case()),
    "cases.make_link": (WORK | ALONE, _case()),
    "cases.make_links": (ALONE, lambda place: {"cases": [place.hers]}),
    "cases.mark_seen": (WORK | ALONE, _case()),
    "cases.notice_due": (ALONE, _given()),
    "cases.open_case": (
        WORK | ALONE | {"visitor", "resident", "other resident", "crew"},
        _given(service_code="missed-bin", answers=ANSWERS),
    ),
    "cases.pause_for_resident": (WORK | ALONE, _case(reason="A tag", needed="What does it say?")),
    "cases.rate_ease": (HERS, _case(score=5)),
    "cases.record_fact": (WORK | ALONE | {"crew"}, _case(fact="bin_tagged")),
    "cases.redeem_code": (EVERYBODY, lambda place: {"reference": place.hers, "code": "00000000", "network": "n"}),
    "cases.reopen_case": (WORK | ALONE, _case(reason="Not done")),
    "cases.revoke_links": (HERS, _case()),
    "cases.say_not_fixed": (HERS, _case()),
    "cases.send_code": (EVERYBODY, lambda place: {"reference": place.hers, "email": "a@example.org", "network": "n"}),
    "cases.take_case": (WORK | ALONE, _case()),
    "cases.unlink_duplicate": (WORK | ALONE, lambda place: {"case": place.hers, "original": place.others}),
    "cases.withdraw_fact": (
        frozenset({"officer", "system"}),
        lambda place: {"case": place.hers, "fact": _fact(place), "reason": "Never"},
    ),
    "cases.write_from_resident": (HERS, _case(words="Hello")),
    "cases.write_to_resident": (WORK | ALONE, _case(words="Hello")),
    "counter.report": (frozenset({"visitor", "resident", "other resident"}), _given(**REPORT)),
    "desk.open_for_caller": (WORK, _given(**REPORT, received_at=None, channel="telephone", mine=False)),
    "messages.erase_about": (ALONE, lambda place: {"about": place.hers}),
    "messages.mark_printed": (WORK, _given(messages=[1])),
    "messages.note_sent": (ALONE, _given()),
    "messages.print_instead": (frozenset({"officer", "manager"}), _given(message=1, address="12 Acacia Avenue")),
    "messages.publish_wording": (PUBLISH, _given(name="promise-broken", language="en", text="Sorry\n\nSorry")),
    "messages.record": (ALONE, _given(message=1, state=State.SENT, detail="")),
    "messages.resolve_uncertain": (frozenset({"officer", "manager"}), _given(message=1, went_out=True)),
    "messages.send_again": (frozenset({"officer", "manager"}), _given(message=1, email="a@example.org")),
    "messages.set_sending_hours": (PUBLISH, _given(text="")),
    "messages.write": (
        WORK | ALONE | {"crew"},
        _given(wording="message-from-us", to=To(email="a@example.org"), words={}),
    ),
    "messages.write_many": (WORK | ALONE | {"crew"}, _given(drafts=[])),
    "people.add_person": (
        frozenset({"administrator", "system"}),
        _given(email="new@example.org", name="New", roles=["administrator"]),
    ),
    "people.add_team": (frozenset({"administrator", "system"}), _given(code="new", name="New", organisation="new")),
    "people.change_person": (
        frozenset({"administrator", "system"}),
        lambda place: {"person": place.actors["crew"].id, "roles": ["officer"], "teams": [], "discretion_pence": 99},
    ),
    "places.load_places": (frozenset({"administrator", "system"}), _given(wards=[], addresses=[])),
    "pledges.publish_calendar": (PUBLISH, _given(text="calendar: none")),
    "pledges.publish_pledge": (PUBLISH, _given(text="pledge: none", valid_from=date(2030, 1, 1))),
    "remedies.accept_remedy": (REMEDY | {"resident"}, _remedy()),
    "remedies.add_at_discretion": (REMEDY, _remedy("discretion", amount=Decimal(1))),
    "remedies.add_shop": (frozenset({"manager", "administrator"}), _given(code="new", name="New")),
    "remedies.choose_remedy": (REMEDY | {"resident"}, _remedy(choice=0)),
    "remedies.close_shop": (frozenset({"manager", "administrator"}), _given(code="corner-shop")),
    "remedies.count_wrong_code": (frozenset({"shop"}), _given()),
    "remedies.decline_remedy": (REMEDY | {"resident"}, _remedy()),
    "remedies.erase_told": (ALONE, lambda place: {"case": place.hers}),
    "remedies.finish_task": (frozenset({"adviser", "officer"}), _remedy("explanation", words="The lorry broke down")),
    "remedies.give_voucher": (REMEDY | {"crew"}, _remedy()),
    "remedies.leave_overpaid": (frozenset({"officer"}), _remedy()),
    "remedies.mark_batch_paid": (frozenset({"manager"}), _given(batch=1, how="BACS 1")),
    "remedies.reconcile_cases": (frozenset({"officer", "system"}), lambda place: {"cases": [place.hers]}),
    "remedies.redeem_voucher": (frozenset({"shop"}), lambda place: {"code": _voucher(place).code}),
    "remedies.replace_voucher": (REMEDY, lambda place: {"voucher": _voucher(place).id}),
    "remedies.return_payment": (frozenset({"manager"}), _given(line=1)),
    "remedies.send_to_finance": (frozenset({"manager"}), _given()),
    "remedies.settle_remedy": (frozenset({"officer"}), _remedy(how="bank 1")),
    "remedies.wake_due": (frozenset({"officer", "system"}), _given()),
    "services.publish_service": (PUBLISH, _given(text="service: none", facts=frozenset(), details=frozenset())),
}
"""Of every action: who may do it, as said here and not as the rooms say it; and what it is called with."""


def verbs() -> list[str]:
    return sorted(each for each in ACTIONS if not each.startswith(("tests.", *PLAYING)))


def test_every_action_has_its_row_here() -> None:
    assert verbs() == sorted(TABLE), "a new action wants its row: who may do it, and what it is called with"


def state_of_everything() -> list[tuple[Any, ...]]:
    """How many rows each table has, and how many entries of the journal were ever begun."""
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in own_tables())
    return as_owner(f"{counts} UNION ALL SELECT 'entries', last_value FROM journal_entry_number ORDER BY 1")


ASKED_WITHIN = {"cases.accept_hand_over", "cases.decline_hand_over"}
"""Which team was asked is known only when the hand-over is held: refused then, with nothing changed but a number."""


def _rows(state: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [each for each in state if each[0] != "entries"]


def test_nobody_acts_without_the_right_and_nothing_changes(place: Everybody) -> None:
    before, wrong = state_of_everything(), []
    for verb, (may, arguments) in TABLE.items():
        called_with = arguments(place)
        for who in EVERYBODY - may:
            actor = place.actors[who]
            see_as(actor)
            try:
                with transaction.atomic():
                    ACTIONS[verb](By(actor=actor), **called_with)
                wrong.append(f"{who} could do {verb}")
            except NotAllowed:
                pass
            except Exception as other:
                wrong.append(f"{who} at {verb}: {other!r}")
        after = state_of_everything()
        if after != before and (verb not in ASKED_WITHIN or _rows(after) != _rows(before)):
            wrong.append(f"{verb} changed something before it refused")
        before = after
    assert not wrong, "\n".join(wrong)


def test_whoever_has_the_right_is_let_act(place: Everybody) -> None:
    wrong = []
    for verb, (may, arguments) in TABLE.items():
        for who in may:
            called_with = arguments(place)
            see_as(place.actors[who])
            try:
                with transaction.atomic():
                    ACTIONS[verb](By(actor=place.actors[who], reason="Because"), **called_with)
                    raise _TakenBack
            except NotAllowed as refusal:
                wrong.append(f"{who} at {verb}: {refusal}")
            except (Refusal, _TakenBack):
                pass
    assert not wrong, "\n".join(wrong)


def test_a_resident_does_nothing_in_somebody_elses_case_however_she_writes_its_reference(place: Everybody) -> None:
    actor = place.actors["other resident"]
    for written in (place.hers, place.hers.lower(), f" {place.hers} ", place.hers.replace("-", ""), f"{place.hers}\n"):
        see_as(actor)
        with pytest.raises(NotAllowed):
            cases.write_from_resident(By(actor=actor), case=written, words="Mine now")


PLAYING = ("demonstration.", "journal.move_clock")
"""What is done in a demonstration place alone."""


@pytest.mark.parametrize("verb", sorted(each for each in ACTIONS if each.startswith(PLAYING)))
def test_nobody_plays_with_the_clock_of_an_ordinary_place(place: Everybody, verb: str) -> None:
    arguments: dict[str, dict[str, Any]] = {
        "journal.move_clock": {"ahead": timedelta(days=1)},
        "demonstration.move_on": {"to": now() + timedelta(days=1)},
        "demonstration.enter_case": {"case": place.hers},
        "demonstration.new_shop_key": {"code": "corner-shop"},
        "demonstration.note_opening": {"cases": 1},
    }
    before = state_of_everything()
    for who in sorted(EVERYBODY):
        see_as(place.actors[who])
        with pytest.raises((NotFound, NotAllowed, NotPossible)):
            ACTIONS[verb](By(actor=place.actors[who]), **arguments[verb])
    assert _rows(state_of_everything()) == _rows(before)
    see_as(VISITOR)
    assert shop_with(place.shop_key).code == "corner-shop"
