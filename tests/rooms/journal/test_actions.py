"""An action is done, written down and told as one, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, InternalError, ProgrammingError

from makegood.rooms.journal import actions as journal
from makegood.rooms.journal.events import SYSTEM, VISITOR, Act, Actor, By, Event, Heard, Who
from makegood.rooms.journal.models import Announced, Entry, EntryText, Once, Seal
from makegood.rooms.journal.queries import done_to, now, see_as, verify
from makegood.web.refusals import NotAllowed, NotPossible
from tests.databases import close_connections

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
HEARD: list[Heard] = []


@dataclass(frozen=True, kw_only=True)
class Painted(Event):
    colour: str
    when: datetime


def anybody(actor: Actor, **_: object) -> None: ...


def staff_only(actor: Actor, **_: object) -> None:
    if actor.who is not Who.STAFF:
        raise NotAllowed("Only staff may paint.")


@journal.action("tests.paint", may=anybody)
def paint(act: Act, *, fence: str, colour: str) -> str:
    """Paint a fence."""
    act.about(fence, colour=colour)
    act.announce(Painted(subject=fence, colour=colour, when=act.at))
    if colour == "no":
        raise NotPossible("No such colour.", field="colour")
    return f"{fence} is {colour}"


@journal.action("tests.paint_all", may=staff_only)
def paint_all(act: Act, *, fences: Sequence[str]) -> None:
    """Paint several."""
    for fence in fences:
        paint(act.onward(), fence=fence, colour="blue")
        act.also(fence, done=True)


@journal.hears("tests.listener", Painted)
def listen(heard: Sequence[Heard]) -> None:
    HEARD.extend(heard)


@pytest.fixture(autouse=True)
def silence() -> None:
    HEARD.clear()


def with_all_eyes() -> None:
    """Reasons are personal: the walls hide them from whoever is no staff."""
    see_as(SYSTEM)


STAFF = Actor(who=Who.STAFF, id="7", name="A. Painter")


@pytest.mark.django_db
def test_an_act_writes_one_entry_and_tells_its_events_in_order() -> None:
    assert paint(By(actor=VISITOR, at=AT, reason="it was ugly"), fence="f1", colour="red") == "f1 is red"
    assert done_to("f1")[0].reason == ""
    with_all_eyes()
    [done] = done_to("f1")
    assert (done.verb, done.at, done.reason, done.told) == ("tests.paint", AT, "it was ugly", {"colour": "red"})
    [told] = Announced.objects.all()
    assert Event.KINDS[told.kind].of(told.data) == Painted(subject="f1", colour="red", when=AT)


@pytest.mark.django_db
def test_a_refused_act_leaves_nothing() -> None:
    with pytest.raises(NotPossible, match="No such colour"):
        paint(By(actor=VISITOR), fence="f1", colour="no")
    with pytest.raises(NotAllowed):
        paint_all(By(actor=VISITOR), fences=["f1"])
    assert not Entry.objects.exists()
    assert not Announced.objects.exists()


@pytest.mark.django_db
def test_an_act_within_another_is_its_own_entry_in_the_same_transaction() -> None:
    paint_all(By(actor=STAFF, at=AT), fences=["a", "b"])
    outer = Entry.objects.get(act=None)
    assert [(e.subject, e.verb, e.act) for e in Entry.objects.exclude(act=None).order_by("id")] == [
        ("a", "tests.paint", outer.id),
        ("b", "tests.paint", outer.id),
        ("a", "tests.paint_all", outer.id),
        ("b", "tests.paint_all", outer.id),
    ]


@pytest.mark.django_db
def test_the_same_intention_is_carried_out_once_and_answers_the_same() -> None:
    by = By(actor=VISITOR, once="form-1")
    assert paint(by, fence="f", colour="red") == paint(by, fence="f", colour="red")
    assert Entry.objects.count() == 1
    paint(By(actor=VISITOR, once="form-2"), fence="f", colour="red")
    assert Entry.objects.count() == 2


@pytest.mark.django_db
def test_a_refused_intention_may_be_tried_again() -> None:
    with pytest.raises(NotPossible):
        paint(By(actor=VISITOR, once="form-1"), fence="f", colour="no")
    assert not Once.objects.exists()
    paint(By(actor=VISITOR, once="form-1"), fence="f", colour="red")


def test_two_at_once_with_the_same_intention_are_one(live_database: str) -> None:
    together, answers = Barrier(2), []

    def go() -> None:
        together.wait()
        answers.append(paint(By(actor=VISITOR, once="same"), fence="f", colour="red"))
        close_connections()

    threads = [Thread(target=go) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == ["f is red"] * 2
    assert Entry.objects.count() == 1


def test_a_reader_hears_each_event_once_and_what_commits_late_too(live_database: str) -> None:
    late_ready, may_commit = Barrier(2), Barrier(2)

    def late() -> None:
        with transaction.atomic():
            paint(By(actor=VISITOR, at=AT), fence="late", colour="red")
            late_ready.wait()
            may_commit.wait()
        close_connections()

    thread = Thread(target=late)
    thread.start()
    late_ready.wait()
    paint(By(actor=VISITOR, at=AT), fence="early", colour="red")
    journal.deliver_all()
    assert [each.event.subject for each in HEARD] == []  # it waits for the older transaction
    may_commit.wait()
    thread.join()
    journal.deliver_all()
    journal.deliver_all()
    assert sorted(each.event.subject for each in HEARD) == ["early", "late"]


def test_transactions_are_heard_in_the_order_of_their_numbers_not_of_their_digits(live_database: str) -> None:
    for transaction_number in (99, 100, 9):
        event = Painted(subject=f"t{transaction_number}", colour="red", when=AT)
        Announced.objects.create(
            entry=1, kind=Painted.kind, subject="f", data=event.data(), at=AT, transaction=str(transaction_number)
        )
    while journal.deliver("tests.listener", limit=2):
        pass
    assert [each.event.subject for each in HEARD] == ["t9", "t99", "t100"]


def test_the_database_refuses_to_change_what_was_written(live_database: str) -> None:
    paint(By(actor=VISITOR), fence="f", colour="red")
    for refused in (
        "UPDATE journal_entry SET subject = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "UPDATE journal_announced SET kind = 'x'",
        "DROP TABLE journal_entry",
    ):
        with pytest.raises(DatabaseError) as told, connection.cursor() as cursor:
            cursor.execute(refused)
        assert isinstance(told.value, ProgrammingError | InternalError)


def test_the_seals_chain_what_was_committed_and_show_what_was_tampered_with(live_database: str) -> None:
    import psycopg

    for number in range(5):
        paint(By(actor=VISITOR, reason="because"), fence=f"f{number}", colour="red")
    with_all_eyes()
    assert journal.seal() == 5
    assert journal.seal() == 0
    paint(By(actor=VISITOR), fence="more", colour="red")
    with_all_eyes()
    assert journal.seal(limit=1) == 1
    assert verify().faults == ()
    assert (verify().sealed, Seal.objects.count()) == (6, 6)
    journal.erase_reasons("f3")
    assert (verify().faults, verify().erased) == ((), 1)
    with psycopg.connect(live_database, autocommit=True) as owner:
        owner.execute("ALTER TABLE journal_entry DISABLE TRIGGER append_only")
        owner.execute("UPDATE journal_entry SET told = '{\"colour\": \"blue\"}' WHERE subject = 'f2'")
        [fault] = verify().faults
        assert "not as it was sealed" in fault
        owner.execute("UPDATE journal_entry SET told = '{\"colour\": \"red\"}' WHERE subject = 'f2'")
        owner.execute("UPDATE journal_entrytext SET text = 'lies' WHERE entry_id = (SELECT min(id) FROM journal_entry)")
        [fault] = verify().faults
        assert "reason" in fault


@pytest.mark.django_db
def test_the_place_s_clock_runs_with_real_time_unless_it_is_a_demonstration(settings: Any) -> None:
    with pytest.raises(NotPossible):
        journal.move_clock(By(actor=SYSTEM), ahead=timedelta(days=1))
    settings.PLACE_DEMO = True
    before = now()
    journal.move_clock(By(actor=SYSTEM), ahead=timedelta(days=3))
    assert timedelta(days=3) <= now() - before < timedelta(days=3, seconds=5)
    with pytest.raises(NotPossible, match="forward"):
        journal.move_clock(By(actor=SYSTEM), ahead=timedelta(days=1))


@pytest.mark.django_db
def test_a_reason_is_kept_apart_and_can_be_erased() -> None:
    paint(By(actor=VISITOR, reason="Mrs X asked"), fence="f", colour="red")
    with_all_eyes()
    assert EntryText.objects.count() == 1
    journal.erase_reasons("f")
    assert done_to("f")[0].reason == ""
