"""The message of a broken promise: what was promised, what happened, why, what there is, and her private link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.cases.models import Link
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.queries import see_as
from makegood.rooms.messages.actions import publish_wording
from makegood.rooms.messages.models import Message
from makegood.rooms.messages.queries import messages_about, shipped_text
from makegood.rooms.pledges.queries import in_force, judging
from makegood.rooms.remedies import actions, queries
from makegood.rooms.services.actions import publish_service

from .place import ADVISER, BEGIN, MANAGER, OPENED, SERVICE, broken, done, notice, opened, remedy

pytestmark = pytest.mark.usefixtures("place")


def mail(reference: str, wording: str = "promise-broken") -> str:
    """What she reads, her private link too."""
    see_as(SYSTEM)
    return Message.objects.filter(about=reference, wording=wording).latest("id").body


def token_in(text: str) -> str:
    """The secret part of the private link in a message."""
    [token] = re.findall(r"/track/([\w-]{20,})/", text)
    return str(token)


def publish_with_cause() -> None:
    """Let a fact of the bins' service say why a promise was broken."""
    pledge, _ = judging(in_force("bin", BEGIN).id)
    fact = "facts: [{fact: flat_tyre, label: A flat tyre, who: crew, cause: Our lorry had a flat tyre.}]\n"
    publish_service(
        By(actor=SYSTEM, at=BEGIN),
        text=SERVICE.format(name="bin").replace("questions:", f"{fact}questions:"),
        facts=frozenset(pledge.facts),
        details=frozenset(pledge.details),
    )


def test_it_says_what_happened_and_carries_a_private_link_that_opens_her_case() -> None:
    reference, _ = broken("bin")
    body = mail(reference)
    assert "Our time to do this began on Friday 12 June 2026 at 9am." in body
    assert "It was not done by 6pm on Tuesday 16 June 2026." in body
    see_as(VISITOR)
    found = case_queries.case_by_link(token_in(body))
    assert found is not None
    assert found.reference == reference


@pytest.mark.parametrize("wording", ["remedy-changed", "remedy-ready", "remedy-late"])
def test_every_other_message_about_a_remedy_carries_one_too(wording: str) -> None:
    reference, at = broken("flood" if wording != "remedy-changed" else "bin")
    if wording == "remedy-ready":
        actions.finish_task(By(actor=ADVISER, at=at), remedy=remedy(reference, "2").id, words="The pump had failed.")
    elif wording == "remedy-late":
        actions.wake_due(By(actor=SYSTEM, at=at + timedelta(days=60)))
    else:
        done(reference, at - timedelta(hours=2))
    see_as(VISITOR)
    assert case_queries.case_by_link(token_in(mail(reference, wording))) is not None


def test_links_of_messages_end_when_links_are_stopped() -> None:
    reference, _ = broken("bin")
    token = token_in(mail(reference))
    cases.revoke_links(By(actor=ADVISER), case=reference)
    assert case_queries.case_by_link(token) is None


def test_a_link_in_a_message_about_a_closed_case_ends_after_90_days() -> None:
    reference, at = broken("flood")
    cases.close_case(By(actor=ADVISER, at=at), case=reference, closing="not-ours")
    Link.objects.all().delete()
    actions.finish_task(By(actor=ADVISER, at=at), remedy=remedy(reference, "2").id, words="The pump had failed.")
    [link] = Link.objects.all()
    assert link.expires is not None
    assert abs(link.expires - link.made - timedelta(days=90)) < timedelta(minutes=1)


def test_links_for_many_messages_take_one_statement() -> None:
    counts = []
    for many in (1, 6):
        references = [opened("bin") for _ in range(many)]
        with CaptureQueriesContext(connection) as asked:
            made = cases.make_links(By(actor=SYSTEM), cases=references)
        assert sorted(made) == sorted(references)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_staff_never_see_the_link_in_what_was_told() -> None:
    reference, _ = broken("bin")
    token = token_in(mail(reference))
    assert all(token not in each.body + each.subject for each in messages_about(reference))


def test_where_the_cause_is_not_known_a_person_finds_out_and_the_message_says_by_when() -> None:
    reference, at = broken("bin")
    assert "We do not know yet. A person is finding out, and tells you by 6pm on Tuesday 30 June" in mail(reference)
    [task] = queries.tasks_of("works", at)
    assert (task.kind, task.due_at) == ("explanation", at + timedelta(days=14))
    actions.finish_task(By(actor=ADVISER, at=at), remedy=task.remedy, words="The lorry had a flat tyre.")
    assert remedy(reference, "2").state == "settled"
    assert "The lorry had a flat tyre." in mail(reference, "remedy-ready")


def test_an_enquiry_is_the_explanation_so_there_is_one_task_to_find_out() -> None:
    reference, at = broken("flood")
    assert "A person is finding out, and tells you by 6pm on Tuesday 30 June" in mail(reference)
    assert sorted(each.kind for each in queries.tasks_of("works", at)) == ["enquiry", "support"]


def test_a_promise_that_gives_no_explanation_does_not_promise_one() -> None:
    reference, at = broken("light")
    assert "We do not know yet. Ask us, and we tell you what we know." in mail(reference)
    assert queries.tasks_of("works", at) == []


def test_a_cause_that_is_known_is_told_and_nobody_has_to_find_it_out() -> None:
    publish_with_cause()
    reference = opened("bin")
    cases.record_fact(By(actor=ADVISER, at=OPENED + timedelta(hours=1)), case=reference, fact="flat_tyre")
    at = notice(OPENED + timedelta(days=4, hours=9, seconds=1))
    assert "Why it happened\nOur lorry had a flat tyre." in mail(reference)
    assert remedy(reference, "2").state == "settled"
    assert queries.tasks_of("works", at) == []


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("bin", "You do not have to ask for it or prove anything."),
        ("train", "You get this if you ask for it."),
        ("mixed", "Some of this you have to ask for."),
    ],
)
def test_whether_she_has_to_ask_is_said_as_the_pledge_has_it(service: str, said: str) -> None:
    reference, _ = broken(service)
    body = mail(reference)
    assert said in body
    assert ("You do not have to ask" in body) == (service == "bin")


def test_a_wording_published_before_a_place_was_added_still_goes_out() -> None:
    older = shipped_text("promise-broken").replace("Why it happened\n{why?}\n\n", "").replace("{asking?}\n\n", "")
    publish_wording(By(actor=MANAGER, at=BEGIN), name="promise-broken", language="en", text=older)
    reference, _ = broken("bin")
    assert "Why it happened" not in mail(reference)
