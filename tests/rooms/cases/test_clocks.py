"""Clocks of cases: facts as they happened and were logged, pauses, breaches that stay, closing and opening again."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from makegood.rooms.cases import actions, queries
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.models import Announced
from makegood.rooms.journal.queries import see_as
from makegood.web.refusals import Conflict, NotAllowed, NotFound, NotPossible

from .place import ADVISER, CREW, OFFICER, opened, resident_of, statuses

pytestmark = pytest.mark.usefixtures("place")
FRIDAY = datetime(2026, 6, 12, 8, tzinfo=UTC)  # reported; due Tuesday 16 June at 18:00 in London
DUE = datetime(2026, 6, 16, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def by(actor: Any = ADVISER, at: datetime = FRIDAY, reason: str = "") -> By:
    return By(actor=actor, at=at, reason=reason)


def told(kind: str) -> list[dict[str, object]]:
    return list(Announced.objects.filter(kind=f"cases.{kind}").order_by("id").values_list("data", flat=True))


def test_a_new_case_has_its_promise_running_with_deadline_and_wake_up() -> None:
    reference = opened()
    [promise] = queries.standings_of(reference)
    assert (promise.status, promise.due_at, promise.wake_at) == ("running", DUE, DUE + timedelta(seconds=1))
    assert queries.next_wake() == DUE + timedelta(seconds=1)
    case = queries.case_of(reference.lower().replace("-", " "))
    assert (case.standing, case.due_at, case.open, case.team) == ("running", DUE, True, "waste")


def test_a_case_keeps_the_promise_that_was_in_force_when_it_came_in() -> None:
    from makegood.rooms.pledges.actions import publish_pledge

    from .place import BIN

    publish_pledge(By(actor=SYSTEM, at=FRIDAY), text=BIN.replace("2 working days", "9 working days"))
    before = opened(at=FRIDAY + HOUR, received_at=FRIDAY - 3 * DAY)
    after = opened(at=FRIDAY + HOUR)
    assert queries.case_of(before).pledge_version != queries.case_of(after).pledge_version
    assert queries.standings_of(before)[0].due_at == datetime(2026, 6, 11, 17, tzinfo=UTC)
    assert queries.case_of(after).due_at == datetime(2026, 6, 25, 17, tzinfo=UTC)
    assert [each.case for each in queries.breaches_of(before)] == [before]


def test_a_breach_is_noticed_a_second_after_the_deadline_and_once() -> None:
    reference = opened()
    assert actions.notice_due(by(SYSTEM, DUE), limit=10) == 0
    assert queries.breaches_of(reference) == []
    assert actions.notice_due(by(SYSTEM, DUE + timedelta(seconds=1)), limit=10) == 1
    assert actions.notice_due(by(SYSTEM, DUE + HOUR), limit=10) == 0
    [breach] = queries.breaches_of(reference)
    assert (breach.due_at, breach.breached_at) == (DUE, DUE + timedelta(seconds=1))
    assert breach.noticed_at == breach.breached_at
    assert breach.explanation["kind"] == "days"
    assert breach.explanation["days"][-1]["number"] == 2
    assert [each["standard"] for each in told("PromiseBroken")] == ["empty-bin"]


def test_after_three_days_down_breaches_have_the_instants_at_which_they_happened() -> None:
    references = [opened(at=FRIDAY + timedelta(days=days)) for days in (0, 3, 4)]
    back = DUE + 3 * DAY
    assert actions.notice_due(by(SYSTEM, back), limit=10) == 3
    breaches = queries.breaches_of(references)
    assert [each.breached_at - timedelta(seconds=1) for each in breaches] == [DUE, DUE + DAY, DUE + 2 * DAY]
    assert {each.noticed_at for each in breaches} == {back}
    assert actions.notice_due(by(SYSTEM, back), limit=10) == 0


def test_what_closes_between_two_rounds_is_judged_at_its_own_fact() -> None:
    reference = opened()
    actions.close_case(by(at=DUE + HOUR), case=reference, closing="fixed")
    [breach] = queries.breaches_of(reference)
    assert breach.breached_at == DUE + timedelta(seconds=1)
    assert statuses(reference, DUE + HOUR) == {"empty-bin": "broken"}


def test_a_corrected_time_keeps_the_breach_and_last_months_answer() -> None:
    reference = opened()
    actions.close_case(by(at=DUE + HOUR), case=reference, closing="fixed")
    done = next(fact for fact in queries.fact_list(reference) if fact.name == "bin_emptied")
    month = DUE + 30 * DAY
    actions.correct_fact(by(OFFICER, month), case=reference, fact=done.id, at=DUE - HOUR, reason="The crew's sheet")
    assert statuses(reference, month) == {"empty-bin": "kept"}
    assert statuses(reference, month - timedelta(seconds=1)) == {"empty-bin": "broken"}
    assert len(queries.breaches_of(reference)) == 1
    first, second = (fact for fact in queries.fact_list(reference) if fact.name == "bin_emptied")
    assert (first.corrected_by, second.corrects, second.reason) == (second.id, first.id, "The crew's sheet")
    assert told("OutcomeChanged")[-1] | {"subject": ""} == {
        "subject": "",
        "standard": "empty-bin",
        "status": "kept",
        "was": "broken",
        "pence": 0,
    }
    with pytest.raises(Conflict):
        actions.correct_fact(by(OFFICER, month), case=reference, fact=first.id, at=DUE, reason="again")


def test_facts_and_breaches_cannot_be_changed_or_deleted() -> None:
    reference = opened()
    actions.notice_due(by(SYSTEM, DUE + HOUR), limit=10)
    for table in ("cases_fact", "cases_breach"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET entry = 1"):
            with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(change)
    assert queries.breaches_of(reference)


def test_only_an_officer_corrects_times_and_exempts() -> None:
    reference = opened()
    [fact] = queries.fact_list(reference)
    for actor in (ADVISER, CREW, resident_of(reference)):
        with pytest.raises(NotAllowed):
            actions.correct_fact(by(actor), case=reference, fact=fact.id, at=FRIDAY - HOUR, reason="x")
        with pytest.raises(NotAllowed):
            actions.exempt(by(actor), case=reference, fact="snow", evidence="x")


def test_a_crew_records_only_what_the_service_leaves_to_crews() -> None:
    reference = opened()
    with pytest.raises(NotAllowed):
        actions.record_fact(by(CREW), case=reference, fact="crew_came")
    actions.record_fact(by(CREW, FRIDAY + HOUR), case=reference, fact="bin_emptied")
    assert statuses(reference, FRIDAY + HOUR) == {"empty-bin": "kept"}


@pytest.mark.parametrize("fact", ["asked", "answered", "snow", "bin_reported", "nonsense"])
def test_facts_that_have_ways_of_their_own_are_not_recorded_by_hand(fact: str) -> None:
    with pytest.raises(NotPossible) as refused:
        actions.record_fact(by(at=FRIDAY + HOUR), case=opened(), fact=fact)
    assert refused.value.field == "fact"


def test_nothing_happens_in_the_future() -> None:
    with pytest.raises(NotPossible) as refused:
        actions.record_fact(by(at=FRIDAY), case=opened(), fact="bin_emptied", at=FRIDAY + HOUR)
    assert refused.value.field == "at"


def test_a_late_exemption_excuses_and_the_breach_stays() -> None:
    reference = opened()
    actions.notice_due(by(SYSTEM, DUE + HOUR), limit=10)
    actions.exempt(by(OFFICER, DUE + DAY), case=reference, fact="snow", evidence="Police log")
    assert statuses(reference, DUE + DAY) == {"empty-bin": "excused"}
    assert statuses(reference, DUE + HOUR) == {"empty-bin": "broken"}
    assert len(queries.breaches_of(reference)) == 1
    [decided] = queries.exemptions_of(reference)
    assert (decided.fact, decided.evidence, decided.stands) == ("snow", "Police log", True)
    with pytest.raises(NotPossible):
        actions.exempt(by(OFFICER, DUE + DAY), case=reference, fact="snow", evidence="  ")


# --- pausing ---------------------------------------------------------------------------------------------------------


def paused(reference: str, at: datetime = FRIDAY + HOUR) -> None:
    actions.pause_for_resident(by(at=at), case=reference, reason="No number", needed="Your house number")


def test_a_clock_stands_while_we_wait_for_the_resident_and_runs_on_with_the_answer() -> None:
    reference = opened()
    paused(reference)
    case = queries.case_of(reference)
    assert (case.waiting, case.due_at, case.standing) == (True, None, "running")
    actions.write_from_resident(by(resident_of(reference), FRIDAY + 5 * DAY), case=reference, words="Number 4")
    see_as(SYSTEM)
    case = queries.case_of(reference)
    assert (case.waiting, case.due_at) == (False, datetime(2026, 6, 19, 17, tzinfo=UTC))
    [pause] = queries.pauses_of(reference)
    assert (pause.why_ended, pause.ended_at) == ("answered", FRIDAY + 5 * DAY)
    assert queries.standings_of(reference)[0].status == "running"


def test_a_pause_needs_a_reason_and_what_is_needed() -> None:
    reference = opened()
    for reason, needed, field in (("", "x", "reason"), ("x", " ", "needed")):
        with pytest.raises(NotPossible) as refused:
            actions.pause_for_resident(by(), case=reference, reason=reason, needed=needed)
        assert refused.value.field == field


def test_there_is_no_pause_after_the_breach_even_before_it_was_noticed() -> None:
    reference = opened()
    with pytest.raises(NotPossible, match="broken already"):
        paused(reference, DUE + timedelta(seconds=1))
    actions.notice_due(by(SYSTEM, DUE + HOUR), limit=10)
    with pytest.raises(NotPossible, match="broken already"):
        paused(reference, DUE + HOUR)


def test_a_pause_cannot_be_opened_twice_nor_in_the_past() -> None:
    reference = opened()
    paused(reference)
    with pytest.raises(NotPossible):
        paused(reference, FRIDAY + 2 * HOUR)
    assert "at" not in inspect.signature(actions.pause_for_resident).parameters


def test_a_pause_ends_by_itself_when_its_days_are_used_up_and_there_is_no_other() -> None:
    reference = opened()
    paused(reference)
    lapses = queries.pauses_of(reference)[0].lapses_at
    assert queries.next_wake() == lapses
    actions.notice_due(by(SYSTEM, lapses + HOUR), limit=10)
    [pause] = queries.pauses_of(reference)
    assert (pause.ended_at, pause.why_ended) == (lapses, "lapsed")
    case = queries.case_of(reference)
    assert not case.waiting
    assert case.due_at is not None
    assert case.due_at > lapses
    with pytest.raises(NotPossible, match="most there is"):
        paused(reference, lapses + 2 * HOUR)


def test_a_case_is_not_overdue_at_the_moment_of_resuming() -> None:
    reference = opened()
    paused(reference, DUE - HOUR)
    later = DUE + 20 * DAY
    actions.end_pause(by(at=later), case=reference)
    [promise] = queries.standings_of(reference)
    assert promise.status == "running"
    assert promise.due_at is not None
    assert promise.due_at > later


def test_a_finish_while_we_wait_is_kept() -> None:
    reference = opened()
    paused(reference)
    actions.close_case(by(at=DUE + 2 * DAY), case=reference, closing="fixed")
    assert statuses(reference, DUE + 2 * DAY) == {"empty-bin": "kept"}
    assert queries.pauses_of(reference)[0].why_ended == "ended"


# --- closing and opening again ---------------------------------------------------------------------------------------


def test_closed_without_being_fixed_records_nothing_done_and_the_promise_still_breaks() -> None:
    reference = opened()
    actions.close_case(by(at=FRIDAY + HOUR), case=reference, closing="not-ours")
    case = queries.case_of(reference)
    assert (case.open, case.fixed, case.closing) == (False, False, "not-ours")
    assert [fact.name for fact in queries.fact_list(reference)] == ["bin_reported"]
    actions.notice_due(by(SYSTEM, DUE + HOUR), limit=10)
    assert len(queries.breaches_of(reference)) == 1


def test_not_fixed_withdraws_that_it_was_done_so_that_the_clock_has_run_all_along() -> None:
    reference = opened()
    done = FRIDAY + HOUR
    actions.close_case(by(at=done), case=reference, closing="fixed")
    back = DUE + DAY
    actions.say_not_fixed(by(resident_of(reference), back), case=reference, words="Still full")
    see_as(SYSTEM)
    case = queries.case_of(reference)
    assert (case.open, case.fixed, case.unread) == (True, False, True)
    assert statuses(reference, back) == {"empty-bin": "broken"}
    assert statuses(reference, back - timedelta(seconds=1)) == {"empty-bin": "kept"}
    [breach] = queries.breaches_of(reference)
    assert (breach.breached_at, breach.noticed_at) == (DUE + timedelta(seconds=1), back)
    [_, once_done, withdrawn] = queries.fact_list(reference)
    assert (once_done.corrected_by, withdrawn.withdrawn, withdrawn.stands) == (withdrawn.id, True, False)


def test_opening_again_keeps_the_first_breach_and_the_start() -> None:
    reference = opened()
    actions.notice_due(by(SYSTEM, DUE + HOUR), limit=10)
    first = queries.breaches_of(reference)
    actions.close_case(by(at=DUE + DAY), case=reference, closing="fixed")
    actions.reopen_case(by(at=DUE + 2 * DAY), case=reference, reason="Photo shows a full bin")
    actions.close_case(by(at=DUE + 3 * DAY), case=reference, closing="fixed")
    assert queries.breaches_of(reference) == first
    [outcome] = queries.promises_of(reference, DUE + 3 * DAY)
    assert outcome.started_at == FRIDAY
    assert outcome.finished_at == DUE + 3 * DAY


def test_not_fixed_is_for_cases_closed_as_fixed_and_within_the_services_days() -> None:
    late, other = opened(), opened()
    actions.close_case(by(at=FRIDAY + HOUR), case=late, closing="fixed")
    with pytest.raises(NotPossible):
        actions.say_not_fixed(by(resident_of(late), FRIDAY + HOUR + 14 * DAY + HOUR), case=late)
    actions.close_case(by(at=FRIDAY + HOUR), case=other, closing="not-ours")
    with pytest.raises(NotPossible):
        actions.say_not_fixed(by(resident_of(other), FRIDAY + 2 * HOUR), case=other)


def test_thanks_on_a_closed_case_reopens_nothing_and_is_not_lost() -> None:
    reference = opened()
    actions.close_case(by(at=FRIDAY + HOUR), case=reference, closing="fixed")
    actions.write_from_resident(by(resident_of(reference), FRIDAY + DAY), case=reference, words="Thanks!")
    see_as(SYSTEM)
    case = queries.case_of(reference)
    assert not case.open
    assert case.fixed
    assert case.unread
    [contact] = queries.contacts_of(reference)
    assert (contact.reason, contact.resolved) == ("unknown", None)
    [message] = queries.conversation(reference)
    assert message.after_closing
    assert message.words == "Thanks!"
    listed = queries.worklist(teams=["waste"], show="unread", at=FRIDAY + DAY)
    assert [each.case.reference for each in listed] == [reference]
    actions.mark_seen(by(at=FRIDAY + 2 * DAY), case=reference, reason="needed", resolved=True)
    assert not queries.case_of(reference).unread
    assert queries.contacts_of(reference)[0].reason == "needed"


def test_two_officers_in_two_tabs_do_not_overwrite_each_other() -> None:
    reference = opened()
    seen = queries.case_of(reference).version
    actions.exempt(by(OFFICER, FRIDAY + HOUR), case=reference, fact="snow", evidence="Police log", seen=seen)
    with pytest.raises(Conflict):
        actions.exempt(by(OFFICER, FRIDAY + HOUR), case=reference, fact="snow", evidence="Police log", seen=seen)
    with pytest.raises(Conflict):
        actions.close_case(by(at=FRIDAY + HOUR), case=reference, closing="fixed", seen=seen)


def test_a_case_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.case_of("MG-2222-2222")
    with pytest.raises(NotFound):
        actions.take_case(by(), case="nothing")
