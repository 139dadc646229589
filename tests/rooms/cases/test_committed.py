"""What residents are told, noticing by several workers at once, and imports: with transactions that are committed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

import makegood.rooms
from makegood.rooms.cases import actions, queries
from makegood.rooms.cases.events import ImportedCase, ImportedFact, Resident
from makegood.rooms.journal.actions import ROUNDS, deliver_all, seal
from makegood.rooms.journal.events import SYSTEM, VISITOR, By
from makegood.rooms.journal.models import Announced, Entry
from makegood.rooms.journal.queries import done_to, see_as, verify
from makegood.rooms.messages.models import Message
from makegood.rooms.pledges.actions import publish_pledge
from makegood.rooms.pledges.queries import in_force, names_in
from makegood.rooms.services.actions import publish_service
from makegood.web.refusals import NotAllowed, NotPossible
from tests.databases import close_connections

from .place import ADVISER, OFFICER, opened, resident_of, statuses

pytestmark = pytest.mark.usefixtures("live_place")
DATA = Path(makegood.rooms.__file__).parent / "demonstration" / "place"
AT = datetime(2026, 6, 12, 9, tzinfo=UTC)
DUE = datetime(2026, 6, 16, 17, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def by(actor: Any = VISITOR, at: datetime = AT) -> By:
    return By(actor=actor, at=at)


# --- what the resident is told ---------------------------------------------------------------------------------------


def told() -> list[Message]:
    deliver_all()
    see_as(SYSTEM)
    return list(Message.objects.order_by("id"))


def test_the_first_message_says_promise_deadline_and_remedy_and_has_a_link_of_its_own() -> None:
    reference = opened()
    [message] = told()
    assert message.wording == "case-opened"
    assert "by 6pm on Tuesday 16 June 2026" in message.body
    assert "£5" in message.body
    token = re.search(r"/track/([\w-]{20,})/", message.body)
    assert token
    found = queries.case_by_link(token[1])
    assert found is not None
    assert found.reference == reference
    assert told() == [message]


def publish_real(name: str) -> None:
    """A promise and a service of the demonstration, with several standards or conditions."""
    by_system = By(actor=SYSTEM, at=AT - timedelta(days=9))
    publish_pledge(by_system, text=(DATA / f"pledges/{name}.yaml").read_text("utf-8"))
    names = names_in(in_force(name, AT).id)
    text = (DATA / f"services/{name}.yaml").read_text("utf-8")
    publish_service(by_system, text=text, facts=names.facts, details=names.details, allowed=names.allowed)


def test_each_of_several_promises_has_its_own_deadline_and_remedies_in_the_first_message() -> None:
    publish_real("street-light")
    opened("street-light", at=AT, answers={"danger": "no", "problem": "out"})
    [message] = told()
    assert "* We mend the light. We do it by the end of Tuesday 23 June 2026.\n" in message.body
    assert "* We tell you how it is going. We do it by the end of Wednesday 17 June 2026.\n" in message.body
    assert "We will do this" not in message.body
    mend, tell = message.body.split("If we fail")[1].split("We tell you how it is going.")
    assert mend.strip().startswith("We mend the light.\n* We say sorry.\n* We tell you what went wrong")
    assert "\n  * This is due within 20 working days after the time limit is missed.\n" in mend
    assert tell.startswith("\n* We say sorry.\n\n")


def test_the_first_message_says_why_a_promise_does_not_cover_a_report_and_promises_nothing() -> None:
    publish_real("missed-bin")
    opened("missed-bin", at=AT, answers={"bin": "food", "collection_date": "2026-06-01", "tag": "no"})
    [message] = told()
    assert "The promise does not cover this case: you told us more than two working days after" in message.body
    assert "If we fail" not in message.body


def test_the_resident_is_told_of_each_thing_that_concerns_her() -> None:
    reference = opened()
    hour = timedelta(hours=1)
    actions.pause_for_resident(by(ADVISER, AT + hour), case=reference, reason="No number", needed="Your house number")
    assert [each.wording for each in told()] == ["case-opened", "we-need-something"]
    assert "Your house number" in told()[-1].body
    actions.write_from_resident(by(resident_of(reference), AT + 2 * hour), case=reference, words="4")
    assert [each.wording for each in told()[2:]] == ["clock-running-again"]
    actions.write_to_resident(by(ADVISER, AT + 3 * hour), case=reference, words="Thank you, Rosa")
    actions.exempt(by(OFFICER, AT + 4 * hour), case=reference, fact="snow", evidence="Police log")
    actions.close_case(by(ADVISER, AT + 5 * hour), case=reference, closing="fixed")
    actions.say_not_fixed(by(resident_of(reference), AT + 6 * hour), case=reference)
    actions.close_case(by(ADVISER, AT + 7 * hour), case=reference, closing="not-ours")
    assert [each.wording for each in told()[3:]] == [
        "message-from-us",
        "not-our-fault",
        "case-closed-fixed",
        "case-reopened",
        "case-closed-not-fixed",
    ]


def test_whoever_gave_no_address_is_written_nothing_and_a_letter_is_one_to_print() -> None:
    opened(resident=Resident(name="Rosa"))
    assert told() == []
    opened(resident=Resident(name="Rosa", post="4 Mill Lane\nAnyborough", wants="letter"))
    assert [each.state for each in told()] == ["to_print"]


# --- several at once -------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each came to, or the exception that it raised."""
    together, answers = Barrier(len(acts)), list[object]()

    def go(act: Callable[[], object]) -> None:
        see_as(SYSTEM)
        together.wait()
        try:
            answers.append(act())
        except Exception as error:  # whatever comes is an answer to look at
            answers.append(error)
        close_connections()

    threads = [Thread(target=go, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def looked_at(table: str) -> int:
    """How many rows of a table this transaction has read so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"
            " WHERE relname = %s",
            [table],
        )
        return int(cursor.fetchone()[0])


def test_a_batch_looks_at_what_it_takes_and_not_at_all_that_is_due(live_place: str) -> None:
    actions.import_cases(by(SYSTEM), cases=[imported() for _ in range(300)])
    with psycopg.connect(live_place, autocommit=True) as owner:
        owner.execute("ANALYZE cases_case, cases_promise")
    with transaction.atomic():
        assert actions.notice_due(by(SYSTEM, DUE + SECOND), limit=5) == 5
        assert looked_at("cases_promise") < 100


def test_workers_beside_each_other_notice_every_breach_once() -> None:
    references = actions.import_cases(by(SYSTEM), cases=[imported() for _ in range(120)])

    def work() -> int:
        done = 0
        while count := actions.notice_due(by(SYSTEM, DUE + SECOND), limit=10):
            done += count
        return done

    answers = at_once(work, work, work)
    see_as(SYSTEM)
    assert sum(answer for answer in answers if isinstance(answer, int)) >= 120
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert sorted(breach.case for breach in queries.breaches_of(references)) == sorted(references)
    assert Announced.objects.filter(kind="cases.PromiseBroken").count() == 120
    assert queries.next_wake() is None


def test_a_case_that_somebody_acts_on_is_left_to_that_act() -> None:
    reference, other = opened(), opened()
    ready, go_on = Barrier(2), Barrier(2)

    def hold() -> None:
        see_as(SYSTEM)
        with transaction.atomic():
            actions.take_case(by(ADVISER), case=reference)
            ready.wait()
            go_on.wait()
        close_connections()

    thread = Thread(target=hold)
    thread.start()
    ready.wait()
    assert actions.notice_due(by(SYSTEM, DUE + SECOND), limit=10) == 1
    go_on.wait()
    thread.join()
    assert actions.notice_due(by(SYSTEM, DUE + SECOND), limit=10) == 1
    see_as(SYSTEM)
    assert len(queries.breaches_of([reference, other])) == 2


def test_cases_of_one_subject_that_somebody_acts_on_are_left_too() -> None:
    first, second = (opened("damp", AT, answers={"home": "12"}) for _ in range(2))
    ready, go_on = Barrier(2), Barrier(2)

    def hold() -> None:
        see_as(SYSTEM)
        with transaction.atomic():
            actions.take_case(by(ADVISER), case=first)
            ready.wait()
            go_on.wait()
        close_connections()

    thread = Thread(target=hold)
    thread.start()
    ready.wait()
    late = AT + timedelta(days=3)
    assert actions.notice_due(by(SYSTEM, late), limit=10) == 0
    go_on.wait()
    thread.join()
    assert actions.notice_due(by(SYSTEM, late), limit=10) == 2
    see_as(SYSTEM)
    assert len(queries.breaches_of([first, second])) == 2


def test_the_round_notices_until_nothing_is_due_and_sleeps_until_the_next() -> None:
    opened()
    later = opened(at=AT + timedelta(days=3))
    notice = ROUNDS["cases.notice"]
    assert notice(DUE) is False
    assert notice(DUE + SECOND) is True
    assert notice(DUE + SECOND) is False
    see_as(SYSTEM)
    assert queries.next_wake() == queries.standings_of(later)[0].wake_at


def test_two_who_act_on_the_same_version_of_a_case_do_not_both_succeed() -> None:
    reference = opened()
    seen = queries.case_of(reference).version
    answers = at_once(
        *(lambda: actions.close_case(by(ADVISER, AT), case=reference, closing="fixed", seen=seen) for _ in range(2))
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"]


# --- growing sums ----------------------------------------------------------------------------------------------------


def test_a_growing_sum_wakes_at_each_step_until_its_most() -> None:
    reference = opened("light", AT)
    owed = []
    for _ in range(10):
        see_as(SYSTEM)
        wake = queries.next_wake()
        if wake is None:
            break
        actions.notice_due(by(SYSTEM, wake), limit=10)
        see_as(SYSTEM)
        owed.append(int(queries.standings_of(reference)[0].owed))
    assert owed == [10, 12, 14, 16]
    assert len(queries.breaches_of(reference)) == 1
    told = Announced.objects.filter(kind="cases.OutcomeChanged", subject=reference).order_by("id")
    assert [each.data["pence"] for each in told if each.data["status"] == "broken"] == [1200, 1400, 1600]


# --- importing -------------------------------------------------------------------------------------------------------


def imported(at: datetime = AT, **more: Any) -> ImportedCase:
    facts = more.pop("facts", [ImportedFact(name="bin_reported", at=at)])
    return ImportedCase(
        service="bin",
        pledge="test-bin",
        pledge_version=in_force("test-bin", at).id,
        team="waste",
        received_at=at,
        opened_at=at,
        facts=facts,
        **more,
    )


def test_imported_cases_are_judged_found_and_have_entries_that_verify() -> None:
    late, now = DUE + timedelta(hours=1), DUE + timedelta(days=30)
    done = [ImportedFact(name="bin_reported", at=AT), ImportedFact(name="bin_emptied", at=late)]
    cases = [
        imported(facts=done, closed_at=late, closing="fixed", fixed=True, resident=Resident(name="Zoë Lane")),
        imported(words="Tab\there, a backslash \\ and \\N"),
        imported(at=now - timedelta(hours=1)),
    ]
    references = actions.import_cases(by(SYSTEM, now), cases=cases)
    see_as(SYSTEM)
    assert [statuses(each, now)["empty-bin"] for each in references] == ["broken", "broken", "running"]
    assert [breach.breached_at for breach in queries.breaches_of(references)] == [DUE + SECOND] * 2
    assert queries.case_of(references[1]).words == "Tab\there, a backslash \\ and \\N"
    assert [each.case.reference for each in queries.search("zoe lan")] == [references[0]]
    assert done_to(references[0])[0].verb == "cases.import_cases"
    assert seal() > 3
    assert verify().faults == ()
    deliver_all()
    see_as(SYSTEM)
    assert not Message.objects.exists()


def test_an_import_is_whole_or_nothing_and_for_the_system_alone() -> None:
    with pytest.raises(NotPossible):
        actions.import_cases(by(SYSTEM), cases=[imported(), imported(reference="nonsense")])
    see_as(SYSTEM)
    assert queries.newest() == []
    assert not Entry.objects.filter(verb="cases.import_cases").exists()
    with pytest.raises(NotAllowed):
        actions.import_cases(by(ADVISER), cases=[imported()])


# --- search and counts -----------------------------------------------------------------------------------------------


def test_cases_are_found_by_reference_name_and_words_the_newest_first() -> None:
    first = opened(words="The green bin by the church", resident=Resident(name="Siân O'Brien", post="4 Mill Lane"))
    second = opened(at=AT, words="Green lid broken", resident=Resident(name="Bo"))
    for words, expected in (
        (first, [first]),
        (first.lower().replace("-", " "), [first]),
        (first[3:], [first]),
        ("sian", [first]),
        ("o'brien mill", [first]),
        ("green", [second, first]),
        ("gre chur", [first]),
        ("x", []),
        ("' & | ! :* \\ %", []),
        ("nothing such", []),
    ):
        assert [each.case.reference for each in queries.search(words)] == expected, words


def test_search_uses_its_index_as_the_applications_role_under_the_walls() -> None:
    actions.import_cases(
        by(SYSTEM), cases=[imported(words=f"word{number}", place_words="Mill Lane") for number in range(3_000)]
    )
    see_as(SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("makegood_app",)
        cursor.execute("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'cases_search_words'")
        [before] = cursor.fetchone()
    assert len(queries.search("word2999")) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'cases_search_words'")
        [after] = cursor.fetchone()
    assert after > before


def test_how_a_promise_is_kept_is_open_to_everybody_without_small_numbers() -> None:
    done = [ImportedFact(name="bin_reported", at=AT), ImportedFact(name="bin_emptied", at=AT + timedelta(hours=5))]
    snow = [ImportedFact(name="bin_reported", at=AT), ImportedFact(name="snow", at=AT + timedelta(hours=5))]
    cases = [imported(facts=done)] * 30 + [imported()] * 12 + [imported(facts=snow)] * 3
    now = DUE + timedelta(days=1)
    actions.import_cases(by(SYSTEM, now), cases=cases)
    see_as(VISITOR)
    [shown] = queries.performance("test-bin", now)
    assert (shown.kept, shown.broken, shown.excused, shown.total) == (30, None, None, 45)
    assert shown.typical == timedelta(hours=5)
    assert queries.performance("test-bin", now + timedelta(days=365)) != []  # all of the month of a year ago
    assert queries.performance("test-bin", now + timedelta(days=396)) == []
