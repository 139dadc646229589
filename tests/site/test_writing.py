"""Reporting, recording and logging: few statements, one transaction, and many at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from makegood.rooms.cases.models import Case, Link, Promise, Search
from makegood.rooms.cases.queries import case_by_link
from makegood.rooms.journal.actions import deliver_all, seal
from makegood.rooms.journal.events import SYSTEM, VISITOR
from makegood.rooms.journal.models import Announced, Entry
from makegood.rooms.journal.queries import now, see_as, verify
from makegood.web.limits import limit
from makegood.web.refusals import TooOften
from tests.databases import close_connections
from tests.rooms.desk import place as desk

R = TypeVar("R")
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
_MARKS = count(1)
_OPENED_BY_ONE_REPORT = {"case": 1, "entries": 2, "events": 3}


@pytest.fixture(autouse=True)
def static_folder(settings: Any, tmp_path: Path) -> None:
    """No collected files are needed."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def place(live_database: str) -> Iterator[dict[str, desk.Somebody]]:
    """A place of its own, whose transactions are really committed."""
    people = desk.make_place()
    see_as(VISITOR)
    yield people
    close_connections()


def once() -> str:
    return f"a-mark-of-its-own-{next(_MARKS)}"


def report(browser: Client, *, key: str = "", words: str = "By the mill", address: str = "192.0.2.1") -> Any:
    day = (now() - timedelta(days=1)).date().isoformat()
    body = {
        "service": "missed-bin",
        "answers": {"bin": "rubbish", "collection_date": day, "tag": "no"},
        "place": {"words": words},
        "person": {"name": "Rosa Quick", "wants": "email", "email": "rosa@example.org"},
    }
    headers = {"Idempotency-Key": key or once()}
    return browser.post(
        "/api/v1/requests", json.dumps(body), content_type="application/json", headers=headers, REMOTE_ADDR=address
    )


class Said:
    """What was said to the database: how many statements, and which of them make transactions."""

    def __init__(self, act: Callable[[], Any], status: int) -> None:
        for _ in range(2):  # what is read once in a process was read
            assert act().status_code == status
        with CaptureQueriesContext(connection) as asked:
            assert act().status_code == status
        self.statements = [" ".join(str(each["sql"]).split()) for each in asked.captured_queries]
        self.transactions = self.statements.count("BEGIN")
        self.writes = [each for each in self.statements if re.search(r"\b(INSERT|UPDATE|DELETE)\b", each)]

    def __repr__(self) -> str:
        return "\n".join(each[:150] for each in self.statements)


def test_a_report_is_one_transaction_of_few_statements(place: dict[str, desk.Somebody]) -> None:
    browser = Client()
    said = Said(lambda: report(browser), 201)
    assert len(said.statements) <= 15, said
    assert said.transactions == 1, said
    assert len(said.writes) <= 5, said  # its count, its mark, its promises, the case, the journal
    before = said.statements.index("COMMIT")
    assert not any("pg_notify" in each for each in said.statements[:before]), "nobody waits for another's commit"


def test_recording_a_fact_is_one_transaction_of_few_statements(place: dict[str, desk.Somebody]) -> None:
    see_as(SYSTEM)
    reference = desk.opened()
    browser = desk.signed_in(place["adviser"])

    def record() -> Any:
        at = {"at_day": "", "at_month": "", "at_year": "", "at_time": ""}
        return browser.post(f"/desk/cases/{reference}/record/", {"fact": "bin_collected", "once": once()} | at | _now())

    said = Said(record, 302)
    assert len(said.statements) <= 21, said
    assert said.transactions == 1, said


def test_logging_a_contact_is_one_transaction_of_few_statements(place: dict[str, desk.Somebody]) -> None:
    see_as(SYSTEM)
    reference = desk.opened()
    browser = desk.signed_in(place["adviser"])
    form = {"channel": "telephone", "reason": "needed", "resolved": "on"}
    said = Said(lambda: browser.post(f"/desk/cases/{reference}/contact/", form | {"once": once()}), 302)
    assert len(said.statements) <= 15, said
    assert said.transactions == 1, said


def _now() -> dict[str, str]:
    at = now() - timedelta(minutes=5)
    return {
        "at_day": str(at.day),
        "at_month": str(at.month),
        "at_year": str(at.year),
        "at_time": f"{at.hour}:{at.minute:02}",
    }


# --- many at once ----------------------------------------------------------------------------------------------------


def at_once(people: int, act: Callable[[int], R]) -> list[R]:
    """What an act comes to that so many do at the same instant, each with a connection of their own."""
    together = Barrier(people)

    def go(number: int) -> R:
        try:
            together.wait()
            return act(number)
        finally:
            close_connections()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(go, range(people)))


def test_eight_who_report_at_once_have_a_case_each_and_all_is_written_down(place: dict[str, desk.Somebody]) -> None:
    before = _counted()
    answers = at_once(8, lambda number: [report(Client(), address=f"192.0.2.{number}").json() for _ in range(3)])
    made = [each for mine in answers for each in mine]
    see_as(SYSTEM)
    assert len({each["reference"] for each in made}) == 24
    assert {name: _counted()[name] - before[name] for name in before} == {
        name: 24 * number for name, number in _OPENED_BY_ONE_REPORT.items()
    }
    assert {case_by_link(each["token"]).reference for each in made} == {each["reference"] for each in made}  # type: ignore[union-attr]
    deliver_all()
    while seal():
        pass
    assert (verify().waiting, verify().faults) == (0, ())


def test_the_same_report_sent_by_eight_at_once_is_one_case_and_every_answer_opens_it(
    place: dict[str, desk.Somebody],
) -> None:
    key = once()
    answers = at_once(8, lambda _: report(Client(), key=key))
    assert [each.status_code for each in answers] == [201] * 8
    told = [each.json() for each in answers]
    see_as(SYSTEM)
    assert Case.objects.count() == 1
    assert Announced.objects.filter(kind="cases.CaseOpened").count() == 1
    opened = {case_by_link(each["token"]).reference for each in told}  # type: ignore[union-attr]
    assert opened == {each["reference"] for each in told}
    assert len(opened) == 1


def test_a_report_has_its_promise_its_link_and_its_words_from_the_start(place: dict[str, desk.Somebody]) -> None:
    told = report(Client(), words="12 Zoë's Lane").json()
    see_as(SYSTEM)
    case = Case.objects.get(reference=told["reference"])
    assert (case.standing, case.version, case.waiting) == ("running", 1, False)
    running = Promise.objects.filter(case=case, status="running")
    assert case.due_at == min(each.due_at for each in running if each.due_at)
    assert all(each.wake_at for each in running)
    assert Link.objects.filter(case=case).count() == 1
    assert {"'zoe'", "'lane'", "'rosa'", "'12'"} <= set(str(Search.objects.get(case=case).words).split())


def test_no_token_is_kept_with_what_an_intention_came_to(place: dict[str, desk.Somebody]) -> None:
    token = report(Client()).json()["token"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_once o WHERE o::text LIKE %s", [f"%{token}%"])
        assert cursor.fetchone() == (0,)


def test_of_many_at_once_none_is_counted_as_another(place: dict[str, desk.Somebody]) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.77")

    def tries(_: int) -> int:
        passed = 0
        for _again in range(10):
            try:
                limit(request, "tests", most=37, seconds=3600, at=AT)
                passed += 1
            except TooOften:
                pass
        return passed

    assert sum(at_once(8, tries)) == 37


def test_counts_wait_for_no_disk_and_go_when_their_time_is_over(place: dict[str, desk.Somebody]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'site_cache'")
        assert cursor.fetchone() == ("u",)
        cursor.execute(
            "INSERT INTO site_cache SELECT 'old ' || n, '1', now() - interval '1 hour' FROM generate_series(1, 15) n"
        )
        limit(RequestFactory().get("/", REMOTE_ADDR="192.0.2.78"), "tests", most=3, seconds=60, at=AT)
        cursor.execute("SELECT count(*) FROM site_cache WHERE cache_key LIKE 'old%'")
        assert cursor.fetchone() == (0,)


def _counted() -> dict[str, int]:
    see_as(SYSTEM)
    return {"case": Case.objects.count(), "entries": Entry.objects.count(), "events": Announced.objects.count()}
