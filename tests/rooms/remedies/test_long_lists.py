"""A list of what waits reads as much as it shows, and balances are summed once, however much there is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from makegood.rooms.journal.events import SYSTEM
from makegood.rooms.journal.queries import see_as
from makegood.rooms.remedies import queries, tasks
from makegood.rooms.remedies.models import Entitlement

from .place import BEGIN, broken

MANY = """
INSERT INTO remedies_standing (case_id, reference) SELECT -n, 'X' || n FROM generate_series(1, 5000) AS n;
INSERT INTO remedies_entitlement (standing_id, pledge, service, standard, rule, kind, route, state, team, owed_at,
  due_at, words, payer, by_whom, settles, choices, pays, entitled, added, target, overpaid, grows)
SELECT -n, 'bin', 'bin', 'do-bin', '1', 'apology', 'automatic', 'owed', 'works', '2026-06-12', '2026-06-20',
  '', '', '', '', '[]', '', 0, 0, 0, 0, false FROM generate_series(1, 5000) AS n;
"""


def test_a_list_of_tasks_that_are_due_at_one_instant_reads_what_it_shows(live_place: str) -> None:
    with psycopg.connect(live_place, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")  # remedies without the cases that they are of
        owner.execute(MANY)
        owner.execute("ANALYZE remedies_standing, remedies_entitlement")
    with transaction.atomic(), connection.cursor() as cursor:
        see_as(SYSTEM)
        assert len(queries.tasks_of("works", BEGIN, limit=20)) == 20
        cursor.execute(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
            " WHERE relname IN ('remedies_entitlement', 'remedies_standing')"
        )
        [read] = cursor.fetchone()
    assert read < 200


@pytest.mark.usefixtures("place")
def test_balances_are_the_same_before_and_after_adding_up() -> None:
    at = [broken("flood") for _ in range(3)][-1][1] + timedelta(hours=1)
    see_as(SYSTEM)
    before = queries.totals("flood"), queries.totals(service="flood"), queries.totals("bin")
    assert before[0] == before[1]
    assert (before[0].cost, before[0].owed, before[2].cost) == (Decimal(150), Decimal(150), Decimal(0))
    assert not tasks.add_up(at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT remedies_add_up(1)")
        cursor.execute("SELECT count(*), bool_or(fresh) FROM remedies_balance")
        assert cursor.fetchone() == (2, False)
    assert (queries.totals("flood"), queries.totals(service="flood"), queries.totals("bin")) == before


@pytest.mark.usefixtures("place")
def test_what_a_remedy_is_posted_under_never_changes() -> None:
    broken("flood")
    see_as(SYSTEM)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        Entitlement.objects.update(pledge="other")
