"""Killed at random, again and again, the place ends where it would have ended: nothing lost, nothing twice.

Real processes, a real PostgreSQL, a real mail server.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from makegood.rooms.journal.actions import seal
from makegood.rooms.journal.events import SYSTEM
from makegood.rooms.journal.queries import see_as, verify
from tests.architecture.source import ROOT
from tests.databases import address_of, close_connections, copy_database, drop_database, point_at
from tests.rooms.messages.mailserver import Mailbox, mail_server

DAYS, KILLS = 15, 8
"""26 days pass in all, with so many kills on each: 208."""

BREACHES = """
SELECT c.service, c.received_at, b.standard, b.due_at, b.breached_at FROM cases_breach b
JOIN cases_case c ON c.number = b.case_id ORDER BY 1, 2, 3
"""
OWED = """
SELECT c.service, c.received_at, e.standard, e.rule, e.kind, e.state,
  coalesce(sum(p.pence) FILTER (WHERE p.pence > 0), 0)
FROM remedies_entitlement e JOIN cases_case c ON c.number = e.standing_id
LEFT JOIN remedies_posting p ON p.entitlement_id = e.id GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4
"""
LEDGER = "SELECT account, sum(pence) FROM remedies_posting GROUP BY 1 ORDER BY 1"
MESSAGES = """
SELECT c.service, c.received_at, m.wording, count(*) FROM messages_message m
JOIN cases_case c ON c.number = m.case_number GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def after(owner: str, kills: int) -> tuple[dict[str, Any], Mailbox]:
    """How everything stands after the days have passed, and every mail that was taken."""
    with mail_server() as mailbox:
        environment = os.environ | {
            "DATABASE_URL": owner,
            "DATABASE_OWNER_URL": owner,
            "PLACE_KIND": "demo",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(settings.EMAIL_PORT),
        }
        ran = subprocess.run(
            [sys.executable, "-m", "tests.site.killed", str(DAYS), str(kills), "7"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert int(ran.stdout) == kills * (DAYS + 11)
    see_as(SYSTEM)
    found: dict[str, Any] = {
        "breaches": rows(BREACHES),
        "owed": rows(OWED),
        "ledger": rows(LEDGER),
        "messages": rows(MESSAGES),
    }
    while seal():
        pass
    assert verify().faults == ()
    return found, mailbox


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing_and_do_nothing_twice(
    live_database: str, template_database: str, owner_address: str
) -> None:
    killed, mailbox = after(live_database, KILLS)
    states = dict(rows("SELECT message_id, state FROM messages_message WHERE channel = 'email'"))
    taken = mailbox.times()
    sent = {each for each, state in states.items() if state == "sent"}
    uncertain = {each for each, state in states.items() if state == "uncertain"}
    assert sent | uncertain == set(states), "by now every mail went out, or a person is asked about it"
    assert all(taken[each] == 1 for each in sent), "what is called sent was taken once"
    assert all(taken[each] <= 1 for each in uncertain), "what is uncertain went out once or not at all"
    assert set(taken) <= set(states), "no mail that nobody wrote"

    name = f"{template_database}_undisturbed"
    copy_database(owner_address, template_database, name)
    close_connections()
    point_at(owner_address, name)
    try:
        undisturbed, all_mails = after(address_of(owner_address, name), 0)
    finally:
        close_connections()
        drop_database(owner_address, name)
    assert Counter(all_mails.times().values()).keys() == {1}
    assert killed["breaches"]
    assert any(pence for *_, pence in killed["owed"])
    for what, found in undisturbed.items():
        assert killed[what] == found, what
