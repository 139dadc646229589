"""Statements written by hand: prepared once they are asked again, remembered within one look, read into rows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from makegood.database.looking import looking, one_look, remembered
from makegood.database.reading import made, rows
from makegood.rooms.cases.models import Case, Link
from makegood.rooms.pledges.models import PledgeVersion


def test_what_is_asked_again_is_prepared(db: None) -> None:
    for number in range(5):
        assert rows("SELECT %s::int + 1 AS asked_again", [number]) == [(number + 1,)]
    found = rows("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%asked_again%"])
    assert found == [(1,)]


def test_a_question_is_asked_once_in_a_look_and_each_time_outside() -> None:
    asked: list[str] = []

    @remembered
    def ask(what: str) -> str:
        asked.append(what)
        return what.upper()

    assert ask("a") == ask("a") == "A"
    assert asked == ["a", "a"]
    with one_look():
        assert looking()
        assert [ask("a"), ask("b"), ask("a")] == ["A", "B", "A"]
    assert asked == ["a", "a", "a", "b"]
    assert not looking()


def test_a_row_told_as_json_is_the_row_of_its_table() -> None:
    at = "2026-03-01T09:30:00.25+00:00"
    case = made(
        Case, {"number": 7, "reference": "MG-4X7K-92QD", "opened_at": at, "closed_at": None, "details": {"a": 1}}
    )
    assert (case.number, case.reference, case.closed_at, case.details) == (7, "MG-4X7K-92QD", None, {"a": 1})
    assert case.opened_at == datetime(2026, 3, 1, 9, 30, 0, 250_000, tzinfo=UTC)
    assert made(Link, {"id": 1, "digest": "\\x00ff"}).digest == b"\x00\xff"
    assert made(PledgeVersion, {"id": 1, "valid_from": "2026-03-01"}).valid_from == date(2026, 3, 1)


@pytest.mark.parametrize("words", ["%", "a%b", "100 % 'sure'"])
def test_words_are_given_to_a_statement_and_never_part_of_it(db: None, words: str) -> None:
    assert rows("SELECT %s::text", [words]) == [(words,)]
    assert connection.vendor == "postgresql"
