"""Private links and codes: whoever has neither learns nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from makegood.rooms.cases import actions, queries
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.models import Announced, Entry
from makegood.rooms.journal.queries import see_as
from makegood.rooms.messages.models import Message
from makegood.web.refusals import NotAllowed, TooOften

from .place import ADVISER, opened, resident_of

pytestmark = pytest.mark.usefixtures("place")
AT = datetime(2026, 6, 12, 9, tzinfo=UTC)


def by(actor: Any = VISITOR, at: datetime = AT) -> By:
    return By(actor=actor, at=at)


def run(statement: str) -> None:
    see_as(SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute(statement)


def sent_code() -> str:
    see_as(SYSTEM)
    body = Message.objects.filter(wording="tracking-code").latest("id").body
    found = re.search(r"\b\d{8}\b", body)
    assert found
    return found[0]


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_opens_its_case_for_a_visitor_and_only_its_digest_is_kept() -> None:
    reference = opened()
    token = actions.make_link(by(SYSTEM), case=reference)
    see_as(VISITOR)
    found = queries.case_by_link(token)
    assert found is not None
    assert found.reference == reference
    assert queries.case_by_link(token[:-1] + "_") is None
    assert queries.case_by_link("") is None
    assert len(token) >= 32
    run("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(l::text, '') FROM cases_link l")
        assert token not in str(cursor.fetchone())
    assert token not in str(list(Entry.objects.values())) + str(list(Announced.objects.values()))


def test_a_link_ends_ninety_days_after_closing_and_lives_again_with_the_case() -> None:
    reference = opened()
    token = actions.make_link(by(SYSTEM), case=reference)
    actions.close_case(by(ADVISER), case=reference, closing="fixed")
    assert queries.case_by_link(token)
    run("UPDATE cases_link SET expires = expires - interval '89 days 23 hours'")
    assert queries.case_by_link(token)
    run("UPDATE cases_link SET expires = expires - interval '2 hours'")
    assert queries.case_by_link(token) is None
    actions.reopen_case(by(ADVISER, AT + timedelta(days=1)), case=reference, reason="Not done")
    assert queries.case_by_link(token)


def test_a_resident_ends_all_links_at_once() -> None:
    reference = opened()
    tokens = [actions.make_link(by(SYSTEM), case=reference) for _ in range(2)]
    assert actions.revoke_links(by(resident_of(reference)), case=reference) == 2
    assert [queries.case_by_link(token) for token in tokens] == [None, None]


def test_a_visitor_cannot_make_a_link() -> None:
    reference = opened()
    for actor in (VISITOR, resident_of(reference)):
        with pytest.raises(NotAllowed):
            actions.make_link(by(actor), case=reference)


# --- codes -----------------------------------------------------------------------------------------------------------


def test_a_code_goes_to_the_address_that_we_have_and_opens_the_case_once() -> None:
    reference = opened()
    actions.send_code(by(), reference=reference, email=" ROSA@example.org", network="192.0.2.1")
    code = sent_code()
    token = actions.redeem_code(by(), reference=reference, code=f"{code[:4]} {code[4:]}", network="192.0.2.1")
    found = queries.case_by_link(token)
    assert found is not None
    assert found.reference == reference
    assert actions.redeem_code(by(), reference=reference, code=code, network="192.0.2.1") == ""
    assert code not in str(list(Entry.objects.values())) + str(list(Announced.objects.values()))


def test_asking_for_a_code_says_nothing_about_whether_there_is_a_case() -> None:
    reference = opened()
    before = Message.objects.count()
    answers = [
        actions.send_code(by(), reference=asked, email=email, network="192.0.2.1")
        for asked, email in (
            (reference, "somebody@example.org"),
            ("MG-2222-2222", "rosa@example.org"),
            ("nonsense", "rosa@example.org"),
        )
    ]
    assert answers == [None, None, None]
    see_as(SYSTEM)
    assert Message.objects.count() == before
    assert actions.redeem_code(by(), reference="MG-2222-2222", code="12345678", network="192.0.2.1") == ""


def test_a_code_ends_after_five_wrong_tries_and_after_fifteen_minutes() -> None:
    reference = opened()
    actions.send_code(by(), reference=reference, email="rosa@example.org", network="192.0.2.1")
    code = sent_code()
    wrong = "00000000" if code != "00000000" else "11111111"
    for _ in range(5):
        assert actions.redeem_code(by(), reference=reference, code=wrong, network="192.0.2.1") == ""
    assert actions.redeem_code(by(), reference=reference, code=code, network="192.0.2.1") == ""
    other = opened()
    actions.send_code(by(), reference=other, email="rosa@example.org", network="192.0.2.1")
    code = sent_code()
    run("UPDATE cases_code SET made = made - interval '16 minutes'")
    assert actions.redeem_code(by(), reference=other, code=code, network="192.0.2.1") == ""


@pytest.mark.parametrize("exists", [True, False])
def test_codes_cannot_be_asked_for_or_tried_too_often(exists: bool) -> None:
    reference = opened() if exists else "MG-2222-2222"
    for _ in range(6):
        actions.send_code(by(), reference=reference, email="rosa@example.org", network="192.0.2.1")
        assert actions.redeem_code(by(), reference=reference, code="1", network="192.0.2.1") == ""
    with pytest.raises(TooOften):
        actions.send_code(by(), reference=reference, email="rosa@example.org", network="192.0.2.9")
    with pytest.raises(TooOften):
        actions.redeem_code(by(), reference=reference, code="1", network="192.0.2.9")
    run("UPDATE cases_counter SET since = since - interval '61 minutes'")
    actions.send_code(by(), reference=reference, email="rosa@example.org", network="192.0.2.1")


def test_one_network_cannot_try_many_references() -> None:
    letters = "234679CDFGHJKMNPQRTVWXY"
    references = [f"MG-2222-22{one}{other}" for one in letters[:2] for other in letters]
    for reference in references[:30]:
        assert actions.redeem_code(by(), reference=reference, code="1", network="192.0.2.1") == ""
    with pytest.raises(TooOften):
        actions.redeem_code(by(), reference=references[30], code="1", network="192.0.2.1")
