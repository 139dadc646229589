"""Whatever is done in any order: tables say what the engine says, breaches stay, and the past keeps its answers."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from makegood.rooms.cases import actions, queries
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import see_as
from makegood.web.refusals import Refusal

from .place import ADVISER, OFFICER, opened, resident_of, statuses

pytestmark = pytest.mark.usefixtures("place")
BEGIN = datetime(2026, 6, 12, 8, tzinfo=UTC)


def act_at_random(chance: random.Random, reference: str, at: datetime) -> None:
    """Do something that may or may not be possible now."""
    adviser, officer = By(actor=ADVISER, at=at), By(actor=OFFICER, at=at)
    earlier = at - timedelta(hours=chance.randrange(1, 80))
    facts = [fact for fact in queries.fact_list(reference) if fact.stands]
    match chance.randrange(11):
        case 0 | 1:
            actions.notice_due(By(actor=SYSTEM, at=at), limit=10)
        case 2:
            actions.record_fact(adviser, case=reference, fact="crew_came", at=earlier)
        case 3:
            actions.record_fact(adviser, case=reference, fact="bin_emptied", at=max(earlier, BEGIN))
        case 4 if facts:
            actions.correct_fact(officer, case=reference, fact=chance.choice(facts).id, at=earlier, reason="wrong")
        case 5 if facts:
            actions.withdraw_fact(officer, case=reference, fact=chance.choice(facts).id, reason="never")
        case 6:
            actions.pause_for_resident(adviser, case=reference, reason="why", needed="what")
        case 7:
            actions.write_from_resident(By(actor=resident_of(reference), at=at), case=reference, words="here")
        case 8:
            actions.close_case(adviser, case=reference, closing=chance.choice(["fixed", "not-ours"]))
        case 9:
            actions.reopen_case(adviser, case=reference, reason="not done")
        case 10 if chance.random() < 0.2:
            actions.exempt(officer, case=reference, fact="snow", evidence="log")


@pytest.mark.parametrize("seed", range(12))
def test_promises_kept_in_tables_are_those_of_the_engine_and_the_past_stays(seed: int) -> None:
    chance = random.Random(seed)  # the same acts each time
    reference, at = opened(at=BEGIN), BEGIN
    answers: list[tuple[datetime, dict[str, str]]] = []
    breaches: list[queries.BreachSeen] = []
    for _ in range(14):
        at += timedelta(hours=chance.randrange(1, 30))
        with suppress(Refusal):
            act_at_random(chance, reference, at)
        see_as(SYSTEM)
        actions.notice_due(By(actor=SYSTEM, at=at), limit=10)
        see_as(SYSTEM)
        now = statuses(reference, at)
        assert {each.standard: each.status for each in queries.standings_of(reference)} == now
        found = queries.breaches_of(reference)
        assert found[: len(breaches)] == breaches
        assert now["empty-bin"] != "broken" or found
        for earlier, answer in answers:
            assert statuses(reference, earlier) == answer
        answers.append((at, now))
        breaches = found
