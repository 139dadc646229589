"""Small pledges and cases for the tests of what a promise means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from textwrap import dedent, indent
from typing import ClassVar
from zoneinfo import ZoneInfo

from makegood.rules import Calendar, Case, Fact, Outcome, Pledge, evaluate, evaluate_all, read_calendar, read_pledge
from makegood.rules.language import model as m
from makegood.schemes import CALENDARS

LONDON = ZoneInfo("Europe/London")

OFFICE = read_calendar(
    """
    calendar: office
    open: {monday to friday: 09:00 to 17:00}
    closed as in: [england-and-wales]
    complete: 2015-01-01 to 2028-12-31
    """,
    calendars=CALENDARS,
)
SHIFTS = read_calendar(
    """
    calendar: shifts
    open: {monday to friday: "09:00 to 12:30, 13:00 to 17:00", saturday: 10:00 to 12:00}
    complete: 2015-01-01 to 2028-12-31
    """
)
ALWAYS = read_calendar("calendar: always\nopen: {every day: 00:00 to 24:00}\ncomplete: 2015-01-01 to 2028-12-31")


class _Known(Mapping[str, Calendar]):
    """The shipped calendars and those of the tests."""

    own: ClassVar = {calendar.name: calendar for calendar in (OFFICE, SHIFTS, ALWAYS)}

    def __getitem__(self, name: str) -> Calendar:
        return self.own[name] if name in self.own else CALENDARS[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*self.own, *CALENDARS])

    def __len__(self) -> int:
        return len(self.own) + len(CALENDARS)


KNOWN = _Known()

HEAD = """
pledge: p
title: P
facts: {asked: a, done: d, held: h, freed: f, stuck: s, loose: l, longer: o, waived: w, left: x, other: t, paid: q}
"""


def promise(standard: str, head: str = "calendar: england-and-wales") -> Pledge:
    """A pledge with one standard `s`: when asked, we will done, and the lines given; `head` goes before it."""
    lines = {"when": "asked", "we will": "done"}
    body = dedent(standard).strip("\n")
    kept = [
        f"{key}: {value}" for key, value in lines.items() if not body.startswith(f"{key}:") and f"\n{key}:" not in body
    ]
    text = "\n".join(
        [HEAD.strip(), dedent(head).strip("\n"), "standards:", "  s:", indent("\n".join([*kept, body]), "    ")]
    )
    return read_pledge(text, calendars=KNOWN)


def written(text: str) -> Pledge:
    """A pledge from the whole of its text below the usual head."""
    return read_pledge(HEAD.strip() + "\n" + dedent(text).strip("\n"), calendars=KNOWN)


def at(text: str) -> datetime:
    """An instant from `2026-05-01 09:00`, in London unless an offset is given."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=LONDON)


def fact(text: str) -> Fact:
    """A fact from `asked 2026-05-01 09:00` or `asked 2026-05-01 09:00 known 2026-06-01 09:00`."""
    name, _, rest = text.partition(" ")
    happened, _, known = rest.partition(" known ")
    return Fact(name=name, at=at(happened), recorded_at=at(known) if known else None)


def case(*facts: str, name: str = "1", **details: str) -> Case:
    """A case from facts in words and details by name."""
    return Case(id=name, details=details, facts=[fact(each) for each in facts])


def judged_all(pledge: Pledge, *facts: str, as_of: str, **details: str) -> dict[str, Outcome]:
    """The outcome of each standard for one case."""
    outcomes = evaluate(pledge, case(*facts, **details), as_of=at(as_of), calendars=KNOWN)
    return {outcome.standard: outcome for outcome in outcomes}


def judged(pledge: Pledge, *facts: str, as_of: str, **details: str) -> Outcome:
    """The outcome of the standard `s` for one case."""
    return judged_all(pledge, *facts, as_of=as_of, **details)["s"]


def status(pledge: Pledge, *facts: str, as_of: str, **details: str) -> str:
    """How the standard `s` stands for one case."""
    return str(judged(pledge, *facts, as_of=as_of, **details).status)


def due(pledge: Pledge, *facts: str, as_of: str = "2026-01-01 00:00", **details: str) -> str:
    """The deadline of the standard `s` in local time, as text; the case is looked at as of its last fact."""
    latest = max([each.at for each in case(*facts).facts], default=at(as_of))
    outcome = evaluate(pledge, case(*facts, **details), as_of=latest, calendars=KNOWN)[0]
    return "" if outcome.due_at is None else outcome.due_at.strftime("%Y-%m-%d %H:%M:%S")


def owed(pledge: Pledge, *facts: str, as_of: str, **details: str) -> str:
    """What is owed under the standard `s`, in pounds, as text."""
    return str(judged(pledge, *facts, as_of=as_of, **details).owed)


def judged_together(pledge: Pledge, cases: Iterable[Case], as_of: str) -> dict[str, Outcome]:
    """The outcomes of the standard `s` for cases judged together, by case."""
    outcomes = evaluate_all(pledge, cases, as_of=at(as_of), calendars=KNOWN, explain=True)
    return {outcome.case_id: outcome for outcome in outcomes if outcome.standard == "s"}


def of_example(
    pledge: Pledge, example: m.Example, calendars: Mapping[str, Calendar] = CALENDARS, *, explain: bool = False
) -> list[Outcome]:
    """The outcomes of the cases of an example, judged together."""
    cases = [
        Case(
            id=each.name,
            details=each.details,
            facts=[Fact(name=fact.name, at=fact.at, recorded_at=fact.recorded_at) for fact in each.facts],
        )
        for each in example.cases
    ]
    return evaluate_all(pledge, cases, as_of=example.as_of, calendars=calendars, explain=explain)
