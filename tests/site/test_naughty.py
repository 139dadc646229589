"""Every form of every page, and every address of the JSON interface, with strings that break programs.

Nothing of it may be a fault. What was typed is either kept whole and shown as words, or refused in a sentence, with
nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.events import Resident
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.messages.actions import record
from makegood.rooms.messages.events import State
from makegood.rooms.remedies.queries import remedies_of
from makegood.web.access import is_open_to
from tests.rooms.desk import place as desk

from .naughty import (
    BEGIN,
    BREAKING,
    BROKEN_BYTES,
    DAYS,
    END,
    EVALUATED,
    MARKUP,
    NUMBERS,
    RAW,
    SHORT,
    SIGNS,
    Field,
    Form,
    forms_of,
)
from .place import Everybody, as_owner, collected, everybody, own_tables
from .test_every_role import PAGES, filled

SESSION = {"django_session", "site_cache"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Any) -> None:
    """No collected files are needed."""
    settings.STATIC_ROOT = tmp_path


@dataclass(kw_only=True)
class World:
    """Everybody, and cases in the states in which further forms are shown."""

    made: Everybody
    closed: str
    choosing: str
    waiting: str
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, who: str) -> Client:
        """The browser of somebody; the one of the resident of a further case by the name of that case."""
        if who not in self.browsers:
            if who in ("closed", "choosing"):
                token = cases.make_link(By(actor=SYSTEM), case=getattr(self, who))
                browser = Client(raise_request_exception=False)
                assert browser.get(f"/track/{token}/").status_code == 302
                self.browsers[who] = browser
            else:
                self.browsers[who] = self.made.browser(who)
        see_as(VISITOR)
        return self.browsers[who]


@pytest.fixture
def world(db: None) -> World:
    """A place in which every form is shown to somebody."""
    made = everybody()
    collected(made)
    adviser = By(actor=made.actors["adviser"])
    cases.hand_over(adviser, case=made.hers, team="lighting", context="It is theirs")
    cases.link_duplicate(adviser, case=made.hers, original=made.others)
    closed = desk.opened(resident=Resident(name="Len", post="1 Acacia Avenue", wants="letter"))
    cases.close_case(adviser, case=closed, closing="emptied")
    damp = {"hazard": "serious", "rooms": "The bedroom", "water": "no", "visit": "any"}
    choosing = desk.opened(timedelta(days=40), "damp-repair", answers=damp)
    while cases.notice_due(By(actor=SYSTEM), limit=10_000):
        pass
    desk.hear()
    [(mail,)] = as_owner(
        "UPDATE messages_message SET state = 'sending' WHERE id = (SELECT min(id) FROM messages_message WHERE "
        "channel = 'email') RETURNING id"
    )
    record(By(actor=SYSTEM), message=mail, state=State.FAILED, detail="550")
    see_as(VISITOR)
    cases.pause_for_resident(adviser, case=(waiting := desk.opened()), reason="A tag", needed="What does it say?")
    see_as(VISITOR)
    return World(made=made, closed=closed, choosing=choosing, waiting=waiting)


# --- the forms that there are ----------------------------------------------------------------------------------------

FIRST = (
    "visitor",
    "resident",
    "shop",
    "officer",
    "adviser",
    "manager",
    "colleague",
    "administrator",
    "crew",
    "auditor",
)
"""Who fills in a form that several may fill in."""


def pages_of(world: World) -> Iterator[tuple[str, str]]:
    """Who looks at which page: every route, and the pages that only cases in a certain state have."""
    made = world.made
    for address, route in PAGES:
        who = next(
            who for who in FIRST if is_open_to(made.actors[who], getattr(route.callback, "open_to", frozenset()))
        )
        yield ("colleague" if "hand-overs/<" in address else who), filled(address, made)
    see_as(SYSTEM)
    choice = next(each.id for each in remedies_of(world.choosing, now()) if each.may_choose)
    yield from (
        ("closed", "/case/not-fixed/"),
        ("choosing", f"/case/remedies/{choice}/choose/"),
        ("shop", "/shop/"),
        ("shop", f"/voucher/{made.remedy('voucher').vouchers[-1].code}/"),
        ("officer", f"/desk/cases/{world.closed}/reopen/"),
        ("officer", f"/desk/cases/{world.closed}/not-fixed/"),
        ("officer", f"/desk/cases/{world.waiting}/"),
        ("officer", f"/desk/remedies/{choice}/choose/"),
        ("officer", f"/desk/remedies/{made.remedy('explanation').id}/finish/"),
        ("colleague", f"/desk/cases/{made.hers}/"),
        ("manager", "/desk/promises/publish/?from=missed-bin"),
        ("manager", "/desk/services/publish/?from=missed-bin"),
        ("visitor", "/account/login/"),
        ("visitor", "/account/password/reset/"),
        ("officer", "/account/password/change/"),
        ("officer", "/account/reauthenticate/"),
        ("officer", "/account/logout/"),
    )


def shown_forms(world: World) -> Iterator[tuple[str, str, Form]]:
    """Every form that a page shows, once: who fills it in, and on which page."""
    seen: set[tuple[str, frozenset[str]]] = set()
    for who, page in pages_of(world):
        shown = world.browser(who).get(page)
        assert shown.status_code < 500, page
        if shown.status_code != 200 or "html" not in shown.headers["Content-Type"]:
            continue
        for form in forms_of(shown.content.decode()):
            form.action = form.action or page
            names = frozenset(each.name for each in form.fields)
            which = (resolve(form.action.partition("?")[0]).route, names)
            if which not in seen:
                seen.add(which)
                yield from ((who, page, each) for each in by_its_buttons(form))


def by_its_buttons(form: Form) -> list[Form]:
    """A form for each button that decides what becomes of it."""
    presses = [each for each in form.fields if each.kind == "button" and each.name == "press"]
    if len(presses) < 2:
        return [form]
    others = [each for each in form.fields if each not in presses]
    return [replace(form, fields=[*others, each]) for each in presses]


SENSIBLE = {
    "email": "rosa@example.org", "login": "officer@anyborough.example", "phone": "01632 960 001", "amount": "1",
    "discretion": "5", "organisation": "new-body", "q_bin": "rubbish", "q_tag": "yes",
}  # fmt: skip
PRESSED = ("fact", "reason", "press", "send", "posted")
"""Buttons that say what is done; a form with several is sent by each of them."""
DAY = {"_day": "2", "_month": "11", "_year": "2026", "_time": "10:00"}


def filled_in(world: World, form: Form) -> dict[str, list[str]]:
    """What a sensible person sends: what is not filled in yet, filled in."""
    sent = form.as_sent()
    for each in form.fields:
        if each.name in ("reference", "original"):
            sent[each.name] = [world.waiting]
        elif each.name == "code":
            sent[each.name] = ["corner-shop-2" if len(form.typed()) > 2 else "00000000"]
        elif each.kind in ("text", "email", "search", "textarea") and not each.value:
            part = next((value for end, value in DAY.items() if each.name.endswith(end)), "Some words")
            sent[each.name] = [SENSIBLE.get(each.name, part)]
        elif each.name in SENSIBLE and each.kind == "radio":
            sent[each.name] = [SENSIBLE[each.name]]
        elif each.kind == "button" and each.name in PRESSED:
            sent.setdefault(each.name, [each.value])
    if form.action.endswith("/write/"):
        sent["send"] = ["yes"]  # what the page offers after it has shown how it will look
    return sent


# --- what may come of it ---------------------------------------------------------------------------------------------


class _TakenBack(Exception):
    pass


@contextmanager
def taken_back(browser: Client) -> Iterator[None]:
    """Whatever is done within is undone, and what the browser was told is forgotten."""
    cookies = browser.cookies.copy()
    try:
        with transaction.atomic():
            yield
            raise _TakenBack
    except _TakenBack:
        browser.cookies = cookies  # type: ignore[assignment]  # a copy of cookies is cookies
        see_as(VISITOR)


def everything() -> list[tuple[Any, ...]]:
    """How much there is in each table, and how the cases, messages and remedies stand."""
    tables = [name for name in own_tables() if name not in SESSION]
    counts = [f"SELECT '{name}', count(*)::text FROM {name}" for name in tables]
    whole = ("cases_case", "cases_person", "messages_message", "remedies_entitlement", "people_user")
    states = [f"SELECT '{name} all', md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} t" for name in whole]
    return as_owner(" UNION ALL ".join(counts + states))


def is_kept_whole() -> bool:
    """Whether some row holds what was typed from its begin to its end."""
    tables = own_tables()
    parts = [f"SELECT 1 FROM {name} t WHERE t::text LIKE '%%{BEGIN}%%{END}%%'" for name in tables]
    return bool(as_owner(" UNION ALL ".join(parts) + " LIMIT 1"))


def unescaped(answer: Any) -> str:
    """What a page shows as it was typed, or worked out, and must not; nothing for a good one."""
    if "html" not in answer.headers.get("Content-Type", ""):
        return ""
    page = answer.content.decode()
    return next((each for each in (*RAW, EVALUATED) if each in page), "")


def of_headers(answer: Any) -> str:
    """The headers as one text."""
    return str(answer.headers.items()).casefold()


def is_told(answer: Any) -> bool:
    """Whether a page says that something is wrong: above its form, or as a refusal."""
    page = answer.content.decode(errors="replace")
    return (
        "govuk-error-summary" in page
        or "govuk-error-message" in page
        or answer.status_code in (400, 403, 404, 409, 422, 429)
    )


def summary_leads_to(answer: Any, name: str) -> bool:
    """Whether the summary of errors leads to this field, or to the group that it is part of."""
    page = answer.content.decode(errors="replace")
    stem = name
    for part in DAY:
        stem = stem.removesuffix(part)
    return f'href="#id_{stem}' in page or f'href="#id_{name}' in page


# --- every field of every form ---------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Trial:
    """One form, sent again and again with one field changed; what was found wrong."""

    world: World
    who: str
    page: str
    form: Form
    sensible: dict[str, list[str]]
    before: list[tuple[Any, ...]]
    wrong: list[str] = field(default_factory=list)

    def send(self, sent: dict[str, list[str]]) -> Any:
        """Send the form as a browser does."""
        browser = self.world.browser(self.who)
        if self.form.method == "GET":
            return browser.get(self.form.action, sent)
        if self.form.multipart:
            return browser.post(self.form.action, sent)
        body = urlencode([(k, v) for k, values in sent.items() for v in values], errors="surrogatepass")
        return browser.generic("POST", self.form.action, body, FORM)

    def type(self, each: Field, name: str, text: str) -> None:
        """Type something into one field, send, and judge the answer."""
        with taken_back(self.world.browser(self.who)):
            answer = self.send({**self.sensible, each.name: [text]})
            done = self.judge(each.name, name, answer)
            if name == "words" and answer.status_code < 400 and done and self.sensible.get("press") != ["again"]:
                self.kept(each.name, name, answer)

    def judge(self, what: str, name: str, answer: Any) -> bool:
        """Note what is wrong with an answer; whether something was done."""
        where = f"{self.who}: {self.form.method} {self.form.action} [{what}: {name}]"
        told, done = is_told(answer), everything() != self.before
        shown = {each.name for each in self.form.fields if each.kind != "hidden"}
        if answer.status_code >= 500:
            self.wrong.append(f"{where}: {answer.status_code}")
        if piece := unescaped(answer):
            self.wrong.append(f"{where}: shows {piece} as it is")
        if "evil.example" in of_headers(answer):
            self.wrong.append(f"{where}: another header")
        if told and done and not self.form.action.startswith(COUNTED):
            self.wrong.append(f"{where}: refused, and yet something was changed")
        silent = answer.status_code == 200 and not told and not done and self.form.method == "POST"
        if silent and not self.form.action.startswith(SHOWN_ALONE):
            self.wrong.append(f"{where}: neither done nor told")
        refused = (
            name in ("nul", "control", "long")
            and "account/login" not in where
            and what in shown
            and told
            and answer.status_code in (200, 422)
        )
        if refused and self.form.method == "POST" and not summary_leads_to(answer, what):
            self.wrong.append(f"{where}: the sentence does not lead to its field")
        return done

    def kept(self, what: str, name: str, answer: Any) -> None:
        """What was taken lies whole in the database, and is shown as words wherever it is shown."""
        where = f"{self.who}: {self.form.action} [{what}: {name}]"
        if not is_kept_whole():
            self.wrong.append(f"{where}: taken, and not kept whole")
        made, pages = self.world.made, [(self.who, answer.headers.get("Location", ""))]
        if made.hers in self.form.action:
            pages.append(("resident", "/case/"))
        elif self.who in ("resident", "closed", "choosing"):
            case = made.hers if self.who == "resident" else getattr(self.world, self.who)
            pages.append(("officer", f"/desk/cases/{case}/"))
        for who, page in pages:
            if page and (piece := unescaped(self.world.browser(who).get(page))):
                self.wrong.append(f"{where}: {page} shows {piece} as it is")

    def type_everything(self) -> None:
        """Everything into every field that takes words, and days into those that take days."""
        for each in self.form.typed():
            if each.kind != "hidden":
                for name, text in tries(each):
                    self.type(each, name, text)
        for stem in {each.name.removesuffix("_day") for each in self.form.typed() if each.name.endswith("_day")}:
            for day in DAYS:
                parts = {f"{stem}_{part}": [value] for part, value in zip(("day", "month", "year"), day, strict=True)}
                with taken_back(self.world.browser(self.who)):
                    answer = self.send(self.sensible | parts)
                    self.judge(f"{stem}_day", "-".join(day), answer)

    def leave_out(self) -> None:
        """Fields left out and sent twice; bytes that are no words, and a body that is no form."""
        names = [name for name in self.sensible if name != "csrfmiddlewaretoken"]
        visible = {each.name for each in self.form.fields if each.kind != "hidden"}
        tried: list[tuple[str, dict[str, list[str]]]] = [
            ("twice", {each: [*self.sensible[each], "qz"] for each in names})
        ]
        hidden = [each.name for each in self.form.typed() if each.kind == "hidden"]
        for name, text in (("nul", BREAKING["nul"]), ("beyond", NUMBERS["beyond"])):
            tried.append((f"hidden {name}", {each: [text] for each in hidden}))
        tried += [(f"no {each}", {each: []}) for each in names if each in visible]
        for name, change in tried:
            with taken_back(self.world.browser(self.who)):
                self.judge("all", name, self.send(self.sensible | change))
        if self.form.method == "GET":
            return
        bytes_of = b"&".join(name.encode() + b"=" + BROKEN_BYTES for name in names)
        for body, kind in ((b"", FORM), (bytes_of, FORM), *OTHER_BODIES):
            with taken_back(self.world.browser(self.who)):
                answer = self.world.browser(self.who).generic("POST", self.form.action, body, kind)
                self.judge("body", repr(body[:40]) + kind[:40], answer)


OTHER_BODIES = (
    (b'{"words": "qz"}', "application/json"),
    (b'--x\r\nContent-Disposition: form-data; name="words', "multipart/form-data; boundary=x"),
)


def tries(each: Field) -> Iterator[tuple[str, str]]:
    """What to type into a field, by name."""
    yield "words", f"{BEGIN}{MARKUP}{SIGNS}{END}"
    yield from BREAKING.items()
    if each.kind != "textarea":
        yield "short", SHORT
        yield from NUMBERS.items()


COUNTED = ("/track/", "/shop/", "/voucher/", "/account/")
"""Where a wrong try is counted."""
SHOWN_ALONE = ("/desk/letters/", "/desk/promises/publish/", "/desk/services/publish/", "/account/logout/", "/shop/")
"""Where a press only shows something."""


@pytest.mark.parametrize("whose", ["of residents and shops", "of staff"])
def test_no_form_is_broken_by_what_is_typed_left_out_or_made_up(world: World, whose: str) -> None:
    wrong: list[str] = []
    found = list(shown_forms(world))
    assert len({form.action for _, _, form in found}) > 55, "every form is found"
    for who, page, form in found:
        if page.startswith(("/desk/", "/account/")) is (whose == "of staff"):
            sensible = filled_in(world, form)
            tried = Trial(
                world=world, who=who, page=page, form=form, sensible=sensible, before=everything(), wrong=wrong
            )
            tried.type_everything()
            tried.leave_out()
    assert not wrong, "\n".join(wrong)
