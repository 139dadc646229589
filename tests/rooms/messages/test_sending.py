"""Messages go out once, in sending hours, through a real mail server; what nobody can know is told to a person."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from makegood.rooms.journal.actions import ROUNDS
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.models import Announced
from makegood.rooms.journal.queries import done_to, see_as
from makegood.rooms.messages import queries
from makegood.rooms.messages.actions import (
    hang_up,
    notice_abandoned,
    print_instead,
    resolve_uncertain,
    send_again,
    send_waiting,
    set_sending_hours,
    write,
    write_many,
)
from makegood.rooms.messages.events import Channel, Draft, State
from makegood.rooms.messages.models import Message
from makegood.rooms.messages.rules.mails import dated
from makegood.web.refusals import Conflict, NotAllowed, NotPossible
from tests.databases import close_connections
from tests.rooms.messages.mailserver import Mailbox, mail_server
from tests.rooms.messages.samples import ADVISER, ANN, AT, BY, MANAGER, NIGHT, OFFICER, words_for

WORDS = words_for("promise-broken")
HOUR = timedelta(hours=1)


@pytest.fixture
def box(db: None) -> Iterator[Mailbox]:
    """A mail server for tests that are rolled back."""
    with mail_server() as box:
        yield box


def tell(email: str = "ann@example.org", *, at: datetime = AT, urgent: bool = False) -> int:
    """Tell somebody that a promise is broken."""
    by = replace(BY, at=at)
    to = replace(ANN, email=email)
    return write(by, wording="promise-broken", to=to, about="AB-1234", case_number=12, words=WORDS, urgent=urgent)


def state_of(number: int) -> State:
    return queries.message(number).state


SECRET = "5kVt-secret-Zx81"


def kept_of(number: int) -> str:
    """Everything that is kept of a message, by the table's owner's eyes."""
    row = Message.objects.get(id=number)
    return " ".join([row.subject, row.body, str(row.secrets), bytes(row.sent_bytes or b"").decode(), row.detail])


def test_once_a_mail_has_gone_our_copy_of_it_opens_nothing_and_else_is_the_same(box: Mailbox) -> None:
    number = tell()
    assert SECRET in kept_of(number)
    assert send_waiting(AT) == 1
    [raw] = box.taken
    assert SECRET.encode() in raw
    assert SECRET not in kept_of(number)
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert queries.as_sent(number).startswith(head)
    assert "[only in the message itself]" in queries.letter(number).body


def test_a_mail_that_waits_or_failed_keeps_its_link_since_it_is_to_go_out_yet(box: Mailbox) -> None:
    box.at_rcpt["ann@example.org"] = "550 no such person"
    number = tell()
    send_waiting(AT)
    assert state_of(number) is State.FAILED
    assert SECRET in kept_of(number)
    assert SECRET not in queries.letter(number).body


def test_an_uncertain_mail_of_which_somebody_says_that_it_went_out_opens_nothing_any_more(box: Mailbox) -> None:
    number = tell()
    Message.objects.filter(id=number).update(state=State.UNCERTAIN, sent_bytes=b"as it went")
    resolve_uncertain(OFFICER, message=number, went_out=True)
    assert SECRET not in kept_of(number)


def test_a_message_goes_out_as_it_was_written_and_is_kept_byte_for_byte(box: Mailbox) -> None:
    words = {word: said for word, said in WORDS.items() if word != "link"}
    number = write(BY, wording="promise-broken", to=ANN, about="AB-1234", case_number=12, words=words)
    assert send_waiting(AT) == 1
    [raw], [read] = box.taken, box.mails()
    assert raw == queries.as_sent(number)
    assert read["To"].addresses[0].addr_spec == "ann@example.org"
    assert read["From"].addresses[0].display_name == "Anyborough Council"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content().replace("\r\n", "\n") == queries.letter(number).body
    assert state_of(number) is State.SENT
    assert queries.message(number).settled_at == AT
    assert send_waiting(AT) == 0
    assert len(box.taken) == 1


def test_many_go_through_one_connection(box: Mailbox) -> None:
    write_many(BY, drafts=[Draft(wording="promise-broken", to=ANN, about="AB-1", words=WORDS) for _ in range(30)])
    assert send_waiting(AT, limit=20, seconds=60) == 20
    assert send_waiting(AT, limit=20, seconds=60) == 10
    assert len(box.sessions) == 1
    assert set(box.times().values()) == {1}


def test_nobody_gets_an_apology_at_midnight(box: Mailbox) -> None:
    number = tell(at=NIGHT)
    assert send_waiting(NIGHT) == 0
    assert queries.next_sending(NIGHT) == datetime(2026, 6, 17, 7, tzinfo=UTC)  # 8am in the place
    assert send_waiting(datetime(2026, 6, 17, 6, 59, 59, tzinfo=UTC)) == 0
    assert state_of(number) is State.WAITING
    assert send_waiting(datetime(2026, 6, 17, 7, tzinfo=UTC)) == 1


def test_saturday_evening_waits_for_monday_morning(box: Mailbox) -> None:
    saturday = datetime(2026, 6, 20, 19, tzinfo=UTC)  # 8pm: closed from this second on
    assert not queries.may_go_out(saturday)
    assert queries.may_go_out(saturday - timedelta(seconds=1))
    assert queries.next_sending(saturday) == datetime(2026, 6, 22, 7, tzinfo=UTC)


def test_an_urgent_code_goes_out_at_night(box: Mailbox) -> None:
    tell(at=NIGHT)
    write(
        replace(BY, at=NIGHT),
        wording="tracking-code",
        to=ANN,
        about="AB-1",
        words=words_for("tracking-code"),
        urgent=True,
    )
    assert send_waiting(NIGHT) == 1
    assert "418 205" in box.mails()[0].get_content()


def test_a_manager_changes_the_sending_hours(box: Mailbox) -> None:
    tell(at=NIGHT)
    text = queries.shipped_hours().replace("monday to saturday: 08:00 to 20:00", "every day: all day")
    set_sending_hours(MANAGER, text=text)
    assert send_waiting(NIGHT) == 1
    with pytest.raises(NotPossible, match="no weekday"):
        set_sending_hours(MANAGER, text=queries.shipped_hours().replace("monday", "munday"))
    with pytest.raises(NotAllowed):
        set_sending_hours(ADVISER, text=text)


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
def test_a_refusal_for_now_is_tried_again_later_as_the_same_mail(box: Mailbox, where: str) -> None:
    getattr(box, where)["ann@example.org"] = "451 try later, ann@example.org"
    number, other = tell(), tell("bob@example.org")
    send_waiting(AT)
    assert (state_of(number), state_of(other)) == (State.WAITING, State.SENT)
    seen = queries.message(number)
    assert (seen.detail, seen.attempts) == ("451 try later, the address", 1)
    first = queries.as_sent(number)
    assert send_waiting(AT) == 0
    getattr(box, where).clear()
    assert send_waiting(AT + timedelta(minutes=1)) == 1
    assert state_of(number) is State.SENT
    assert box.taken[-1] == first
    assert dated(queries.as_sent(number)) == dated(first)


def test_it_is_tried_less_and_less_often_and_given_up_after_three_days(box: Mailbox) -> None:
    box.at_data["ann@example.org"] = "452 full"
    number, at = tell(), AT
    tries = []
    while state_of(number) is State.WAITING:
        at = max(at, queries.next_sending(queries.message(number).not_before))
        tries.append(at - AT)
        assert send_waiting(at) == 1
    assert state_of(number) is State.FAILED
    assert tries[:4] == [timedelta(minutes=m) for m in (0, 1, 6, 21)]
    assert timedelta(days=2) < tries[-1] < timedelta(days=3, hours=12)
    assert 8 < len(tries) < 30


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
def test_a_refusal_for_good_is_told_to_people(box: Mailbox, where: str) -> None:
    getattr(box, where)["ann@example.org"] = "550 no such person"
    number, other = tell(), tell("bob@example.org")
    send_waiting(AT)
    assert (state_of(number), state_of(other)) == (State.FAILED, State.SENT)
    assert [each.id for each in queries.failed()] == [number]
    assert Announced.objects.get(kind="messages.MessageFailed").data == {"subject": "AB-1234", "message": number}
    send_again(OFFICER, message=number, email="ann@example.net")
    assert send_waiting(AT) == 1
    assert box.to[-1] == "ann@example.net"
    with pytest.raises(Conflict):
        send_again(OFFICER, message=number, email="ann@example.net")


def test_what_cannot_be_mailed_can_be_printed(box: Mailbox) -> None:
    box.at_rcpt["ann@example.org"] = "550 no such person"
    number = tell()
    send_waiting(AT)
    with pytest.raises(NotPossible):
        print_instead(OFFICER, message=number, address=" ")
    print_instead(OFFICER, message=number, address="1 High Street\nAnyborough")
    assert [each.id for each in queries.letters_to_print()] == [number]
    assert queries.message(number).channel is Channel.LETTER
    assert send_waiting(AT) == 0


def test_a_connection_lost_before_the_mail_was_offered_costs_nothing(box: Mailbox) -> None:
    box.at_rcpt["ann@example.org"] = "hang up"
    number = tell()
    assert send_waiting(AT) == 0
    seen = queries.message(number)
    assert (seen.state, seen.attempts) == (State.WAITING, 0)
    box.at_rcpt.clear()
    time.sleep(0.6)
    assert send_waiting(AT + timedelta(minutes=1)) == 1
    assert set(box.times().values()) == {1}


def test_a_connection_lost_after_the_mail_was_offered_is_uncertain_and_never_tried_again_by_itself(
    box: Mailbox,
) -> None:
    box.at_data["ann@example.org"] = "hang up"
    number, other = tell(), tell("bob@example.org")
    send_waiting(AT)
    assert (state_of(number), state_of(other)) == (State.UNCERTAIN, State.SENT)
    assert [each.id for each in queries.uncertain()] == [number]
    assert Announced.objects.filter(kind="messages.MessageUncertain").count() == 1
    box.at_data.clear()
    for day in range(1, 9):
        assert send_waiting(AT + timedelta(days=day)) == 0
    assert set(box.times().values()) == {1}


@pytest.mark.parametrize("went_out", [True, False])
def test_a_person_decides_what_is_uncertain(box: Mailbox, went_out: bool) -> None:
    box.at_data["ann@example.org"] = "hang up"
    number = tell()
    send_waiting(AT)
    box.at_data.clear()
    with pytest.raises(NotAllowed):
        resolve_uncertain(ADVISER, message=number, went_out=went_out)
    resolve_uncertain(OFFICER, message=number, went_out=went_out)
    with pytest.raises(Conflict):
        resolve_uncertain(OFFICER, message=number, went_out=went_out)
    assert send_waiting(AT) == (0 if went_out else 1)
    assert state_of(number) is State.SENT
    assert set(box.times().values()) == {1 if went_out else 2}  # the same Message-ID: her mail program shows it once


def test_without_a_mail_server_messages_wait_without_blame(db: None) -> None:
    hang_up()
    number = tell()
    with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=1, EMAIL_USE_TLS=False):
        time.sleep(0.6)
        assert send_waiting(AT) == 0
        seen = queries.message(number)
        assert (seen.state, seen.attempts) == (State.WAITING, 0)
        assert "Connection refused" in seen.detail
        assert send_waiting(AT) == 0


def test_in_a_demonstration_people_see_the_whole_mail(box: Mailbox) -> None:
    number = tell()
    with override_settings(PLACE_DEMO=True):
        assert "5kVt-secret-Zx81" in queries.message(number).body


def test_the_worker_sends_in_its_rounds(box: Mailbox) -> None:
    number = tell()
    assert ROUNDS["messages.send"](AT) is True
    assert ROUNDS["messages.send"](AT) is False
    assert state_of(number) is State.SENT


def test_the_journal_tells_what_became_of_each_message(box: Mailbox) -> None:
    number = tell()
    send_waiting(AT)
    told = [(each.verb, each.told) for each in done_to("AB-1234")]
    assert told[-1] == ("messages.note_sent", {"message": number})


# --- really committed ------------------------------------------------------------------------------------------------


def test_sending_is_never_part_of_a_larger_transaction(live_database: str) -> None:
    with mail_server() as box:
        tell()
        with pytest.raises(RuntimeError), transaction.atomic():
            send_waiting(AT)
        assert not box.taken
        assert send_waiting(AT) == 1


def test_a_message_is_marked_before_the_server_hears_of_it(live_database: str) -> None:
    seen: list[State] = []
    with mail_server() as box:
        number = tell()

        def look() -> None:
            seen.append(_state_elsewhere(live_database, number))

        box.before_data = look
        send_waiting(AT)
        assert seen == [State.SENDING]
        see_as(SYSTEM)
        assert state_of(number) is State.SENT
        assert notice_abandoned(AT) == 0


def _state_elsewhere(address: str, number: int) -> State:
    import psycopg

    with psycopg.connect(address) as other:
        other.execute("SELECT set_config('app.who', 'system', false)")
        row = other.execute("SELECT state FROM messages_message WHERE id = %s", [number]).fetchone()
    assert row is not None
    return State(row[0])


def test_two_senders_at_once_send_each_message_once(live_database: str) -> None:
    with mail_server() as box:
        write_many(BY, drafts=[Draft(wording="promise-broken", to=ANN, about="AB-1", words=WORDS) for _ in range(60)])
        counts: list[int] = []

        def work() -> None:
            counts.append(send_waiting(AT, seconds=60))
            counts.append(-notice_abandoned(AT))
            hang_up()
            close_connections()

        threads = [Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(counts) == 60
        assert len(box.taken) == 60
        assert set(box.times().values()) == {1}


PROGRAM = """
import os, signal, sys
import django
django.setup()
from django.db import connections
from makegood.site.environment import database
connections["default"].settings_dict.update(database(sys.argv[1], "makegood_app") | {"CONN_MAX_AGE": 0})
from datetime import datetime
from django.conf import settings
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", int(sys.argv[2]), False
from makegood.rooms.messages.actions import send_waiting
print("ready", flush=True)
send_waiting(datetime.fromisoformat(sys.argv[3]), seconds=60)
"""


@pytest.mark.parametrize("when", ["while the server listens", "after it took the mail"])
def test_a_process_that_is_killed_while_it_hands_over_leaves_one_uncertain_message(
    live_database: str, when: str
) -> None:
    with mail_server() as box:
        from django.conf import settings

        first, second = tell(), tell("bob@example.org")
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, live_database, str(settings.EMAIL_PORT), AT.isoformat()],
            stdout=subprocess.PIPE,
            env=os.environ,
        )

        def kill() -> None:
            program.send_signal(signal.SIGKILL)
            program.wait()

        box.before_data = kill
        if when == "while the server listens":
            box.at_data["ann@example.org"] = "451 nobody hears this"
        program.communicate(timeout=60)
        box.before_data = lambda: None
        box.at_data.clear()
        see_as(SYSTEM)
        _wait_for(lambda: notice_abandoned(AT) == 1)
        assert (state_of(first), state_of(second)) == (State.UNCERTAIN, State.WAITING)
        assert notice_abandoned(AT) == 0
        assert send_waiting(AT) == 1
        assert send_waiting(AT + HOUR) == 0
        assert set(box.times().values()) == {1}
        resolve_uncertain(By(actor=OFFICER.actor, at=AT + HOUR), message=first, went_out=len(box.taken) == 2)
        send_waiting(AT + 2 * HOUR)
        assert set(box.times().values()) == {1}
        assert len(box.taken) == 2


class Broken(Exception):
    """What is thrown in the place of a statement."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_fault_at_any_statement_sends_nothing_twice_and_loses_nothing(live_database: str, moment: str) -> None:
    with mail_server() as box:
        for place in range(1, 60):
            numbers = [tell(), tell("bob@example.org")]
            reached = _send_with_a_fault(place, moment)
            connection.close()  # as when the process ends
            see_as(SYSTEM)
            _wait_for(lambda: not notice_abandoned(AT))
            send_waiting(AT)
            states = {state_of(number) for number in numbers}
            assert states <= {State.SENT, State.UNCERTAIN}
            assert set(box.times().values()) == {1}
            for number in numbers:
                if state_of(number) is State.UNCERTAIN:
                    went_out = queries.as_sent(number) in box.taken
                    resolve_uncertain(OFFICER, message=number, went_out=went_out)
            see_as(SYSTEM)
            send_waiting(AT)
            assert len(box.taken) == 2 * place
            assert {state_of(number) for number in numbers} == {State.SENT}
            if not reached:
                break
        assert 8 < place < 59
        assert not Message.objects.filter(noted=False).exists()


def _send_with_a_fault(place: int, moment: str) -> bool:
    """Send, with a fault at one statement; whether there was such a statement."""
    count = 0

    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        if count == place and moment == "before":
            raise Broken
        result = execute(sql, params, many, context)
        if count == place:
            raise Broken
        return result

    with suppress(Broken), connection.execute_wrapper(fail):
        send_waiting(AT)
    return count >= place


def _wait_for(true: object) -> None:
    """PostgreSQL takes a moment to notice that a process is gone."""
    assert callable(true)
    until = time.perf_counter() + 10
    while not true():
        assert time.perf_counter() < until, "it never came true"
        time.sleep(0.02)


def test_a_mail_costs_one_statement_which_is_its_own_transaction(live_database: str) -> None:
    with mail_server() as box:
        write_many(BY, drafts=[Draft(wording="promise-broken", to=ANN, about="AB-1", words=WORDS) for _ in range(40)])
        with CaptureQueriesContext(connection) as said:
            assert send_waiting(AT, limit=40, seconds=60) == 40
        assert len(box.sessions) == 1
        turns = [each for each in said.captured_queries if "WITH done" in each["sql"]]
        assert len(turns) == 41
        assert len(said) < 41 + 30
        assert len(done_to("AB-1")) == 40 * 2


def test_what_was_sent_before_a_crash_is_told_to_the_journal_afterwards(box: Mailbox) -> None:
    number = tell()
    send_waiting(AT)
    Message.objects.filter(id=number).update(noted=False)  # as after a crash before the journal heard
    ROUNDS["messages.send"](AT)
    assert [each.verb for each in done_to("AB-1234")].count("messages.note_sent") == 2
    ROUNDS["messages.send"](AT)
    assert [each.verb for each in done_to("AB-1234")].count("messages.note_sent") == 2


@pytest.mark.django_db
def test_what_is_written_in_one_act_is_found_by_its_indexes() -> None:
    write_many(BY, drafts=[Draft(wording="promise-broken", to=ANN, about="AB-1", words=WORDS) for _ in range(3)])
    Message.objects.update(state=State.SENT)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SELECT set_config('app.who', 'system', true)")
        cursor.execute(
            "EXPLAIN SELECT * FROM messages_message WHERE state = 'waiting' AND not_before <= now() "
            "ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        assert "messages_waiting" in str(cursor.fetchall())
