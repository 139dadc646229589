"""The command `demo`: a shipped promise over shipped cases, one deadline explained, and what to try next."""

from __future__ import annotations

from collections import Counter

from ..records import Rejects, TableFile, read_mapping, read_table
from ..rules import Outcome, Status, evaluate
from ..rules.check import check_text
from ..rules.money import from_pence, say_money
from ..rules.speak import say_deadline
from ..samples import sample
from ..schemes import CALENDARS

_BAR = 40


def demo_command() -> int:
    """Judge the shipped flights and tell what came of it."""
    shown = sample("flights")
    pledge, _ = check_text(shown.text, str(shown.pledge.name), calendars=CALENDARS)
    if pledge is None:
        raise RuntimeError("the shipped sample does not pass its own check")
    mapping = read_mapping(shown.mapping.read_text(encoding="utf-8"), shown.mapping.name)
    cases = list(read_table(TableFile(path=shown.table, mapping=mapping), pledge, Rejects()))
    outcomes = [
        outcome
        for case in cases
        for outcome in evaluate(pledge, case, as_of=shown.as_of, calendars=CALENDARS, explain=False)
        if outcome.has_row
    ]
    print(f"{shown.words} ({shown.licence})\n")
    _tally(outcomes)
    worst = max(outcomes, key=lambda outcome: (outcome.finish is not None, outcome.pence, outcome.lateness))
    case = next(case for case in cases if case.id == worst.case_id)
    print("\nOne of them, explained\n")
    for outcome in evaluate(pledge, case, as_of=shown.as_of, calendars=CALENDARS):
        if outcome.standard == worst.standard:
            print(say_deadline(outcome, pledge))
    print(_NEXT)
    return 0


def _tally(outcomes: list[Outcome]) -> None:
    counts = Counter(outcome.status for outcome in outcomes)
    for status in Status:
        if counts[status]:
            share = counts[status] / len(outcomes)
            print(f"{status:>8}  {counts[status]:6,}  {share:6.1%}  {'█' * round(share * _BAR)}")
    owed = sum(outcome.pence for outcome in outcomes)
    paid = sum(outcome.pence > 0 for outcome in outcomes)
    print(f"\n{say_money(from_pence(owed))} is owed, to {paid:,} of {len(outcomes):,}. Nobody had to claim it.")


_NEXT = """
Try next
  makegood schemes                                        real promises that ship
  makegood explain missed-bin                             one of them in plain English
  makegood deadline foi --start '2026-05-21 10:00'        by when, and why, day by day
  makegood score supermarket-2008 train-2008              how good is a promise? the five Ys
  makegood backtest PLEDGE --table … --mapping …          what a planned promise would have cost
  makegood journeys anyborough --report journeys.html     what customers go through across partners
(the command is .venv/bin/makegood, or makegood after `source .venv/bin/activate`;
docs/tutorials/your-first-promise.md takes twenty minutes, out-of-work-in-anyborough.md half an hour)"""
