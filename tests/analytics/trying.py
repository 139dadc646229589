"""A small pledge, past cases of it, and the one tried over the others: what the tests of back-tests share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from makegood.analytics.backtest import Backtest, backtest, category_of, past, scalar_engine
from makegood.analytics.varying import read_variation
from makegood.rules import Case, Fact, Pledge, read_pledge
from makegood.schemes import CALENDARS

AS_OF = datetime(2026, 9, 15, 9, tzinfo=UTC)
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""A Monday."""

PLEDGE = """
pledge: answers
title: We answer
calendar: england-and-wales
facts: {asked: you ask, done: we answer}
details: {kind: {is: "one of letter, call", says: how you ask}}
standards:
  answer:
    when: asked
    we will: done
    within: 5 calendar days
    void if: [kind is call]
    if we do not:
      - pay: £5, then £1 for each further calendar day, at most £20
"""


def pledge(limit: int = 5, name: str = "answers", *, pay: str = "") -> Pledge:
    """The pledge with another limit in calendar days, under another name, or paying something else."""
    text = PLEDGE.replace("5 calendar days", f"{limit} calendar days").replace("answers", name)
    if pay:
        text = text.replace("£5, then £1 for each further calendar day, at most £20", pay)
    return read_pledge(text, calendars=CALENDARS)


def case(name: str, asked: datetime, days: int | None, **details: str) -> Case:
    """A letter, unless said otherwise, that was answered after so many days; or never."""
    facts = [Fact(name="asked", at=asked)]
    facts += [] if days is None else [Fact(name="done", at=asked + timedelta(days=days))]
    return Case(id=name, details={"kind": "letter", **details}, facts=facts)


def tried(cases: Sequence[Case], *pledges: Pledge, vary: str = "", by: str = "", as_of: datetime = AS_OF) -> Backtest:
    """The pledges, or else the small one, over the cases, one by one."""
    pledges = pledges or (pledge(),)
    variations = [read_variation(vary, pledges[0])] if vary else []
    placed = past(cases, pledges, as_of=as_of, category=category_of(pledges[0]), by=by)
    return backtest(pledges, placed, scalar_engine(cases, as_of, CALENDARS), calendars=CALENDARS, variations=variations)
