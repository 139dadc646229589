"""The commands: each takes what was given, prints for people, and answers with an exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from .arguments import parser
from .sources import (
    WrongUse,
    calendars_of,
    day_of,
    instant_of,
    must_be_writable,
    pairs_of,
    pledge_of,
    read,
    shipped_text,
    text_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from ..rules import Calendar, Finding, Pledge
    from ..rules.language.model import Standard

FINE, FINDINGS, WRONG_USE = 0, 1, 2


def _check(given: argparse.Namespace) -> int:
    from ..rules.check import check_text

    calendars = calendars_of(given.calendars)
    worst = FINE
    for name in given.pledges:
        text, file = text_of(name)
        pledge, findings = check_text(text, file, calendars=calendars)
        errors = sum(finding.severity == "error" for finding in findings)
        if errors:
            worst = FINDINGS
        for finding in findings:
            print(_finding_json(finding) if given.json else finding)
        if not given.json:
            count = len(pledge.examples) if pledge else 0
            held = f"{count} example{'' if count == 1 else 's'} hold{'s' if count == 1 else ''}"
            print(f"{file}: " + (f"{errors} to mend" if errors else f"fine; {held}"))
    return worst


def _finding_json(finding: Finding) -> str:
    import json

    place = finding.place
    return json.dumps({
        "file": place.file, "line": place.line, "column": place.column, "severity": str(finding.severity),
        "code": finding.code, "found": finding.found, "expected": finding.expected, "mend": finding.mend,
    }, ensure_ascii=False)  # fmt: skip


def _explain(given: argparse.Namespace) -> int:
    from ..rules.speak import explain

    calendars = calendars_of(given.calendars)
    pledge = pledge_of(given.pledge, calendars)
    text = explain(pledge, calendars, form=given.form, example_day=day_of(given.example_day or "2026-05-21"))
    if given.output:
        must_be_writable(given.output)
        given.output.write_text(text, encoding="utf-8")
    else:
        print(text)
    return FINE


def _score(given: argparse.Namespace) -> int:
    from ..rules.five_ys import say_scores, score

    calendars = calendars_of(given.calendars)
    for name in given.pledges:
        print(say_scores(score(pledge_of(name, calendars)), form="json" if given.json else "text"))
    return FINE


def _schemes(given: argparse.Namespace) -> int:
    from .. import schemes

    if given.name:
        text = shipped_text(given.name)
        if given.json:
            from ..rules import write_json

            text = write_json(schemes.load(given.name))
        print(text, end="")
        return FINE
    names = schemes.scheme_names()
    width = max(map(len, names))
    for name in names:
        print(f"{name:<{width}}  {schemes.load(name).title}")
    print(f"\nCalendars: {', '.join(schemes.calendar_names())}")
    return FINE


def _deadline(given: argparse.Namespace) -> int:
    from ..rules import Case, Fact, evaluate
    from ..rules.errors import did_you_mean
    from ..rules.speak import say_deadline

    calendars = calendars_of(given.calendars)
    pledge = pledge_of(given.pledge, calendars)
    facts = [Fact(name=name, at=instant_of(when, pledge.zone)) for name, when in pairs_of(given.fact, "fact")]
    start = instant_of(given.start, pledge.zone) if given.start else None
    standard = _standard(given.standard, pledge, calendars, start)
    if start:
        facts.append(Fact(name=standard.start.facts.names[0], at=start))
    for what, given_names, known in (
        ("fact", [fact.name for fact in facts], list(pledge.facts)),
        ("detail", [name for name, _ in pairs_of(given.detail, "detail")], list(pledge.details)),
    ):
        for name in given_names:
            if name not in known:
                raise WrongUse(f"“{name}” is no {what} of the pledge; {did_you_mean(name, known)}")
    if not facts:
        raise WrongUse(f"nothing has happened yet; say --start WHEN, when “{standard.start.facts.names[0]}” happened")
    as_of = instant_of(given.as_of, pledge.zone) if given.as_of else max(fact.at for fact in facts)
    case = Case(id="example", details=dict(pairs_of(given.detail, "detail")), facts=facts)
    outcomes = [
        outcome
        for outcome in evaluate(pledge, case, as_of=as_of, calendars=calendars)
        if outcome.has_row and given.standard in (None, outcome.standard)
    ]
    if not outcomes:
        raise WrongUse("no standard of the pledge has started in this case, or it is not for this case")
    print("\n\n".join(say_deadline(outcome, pledge) for outcome in outcomes))
    return FINE


def _standard(name: str | None, pledge: Pledge, calendars: Mapping[str, Calendar], at: datetime | None) -> Standard:
    """The standard of that name, or the first, as it is in force at an instant; without one, as it stands first."""
    from ..rules.evaluate import judge_for
    from ..rules.working_time import seconds_of

    judge = judge_for(pledge, calendars)
    if name is not None and name not in judge.names:
        raise WrongUse(f"there is no standard “{name}”; known: {', '.join(judge.names)}")
    if at is None:
        return next(each for each in pledge.every_standard if name in (None, each.name))
    in_force = judge.edition(judge.zone.day(seconds_of(at))).standards
    running = in_force.get(name or next(iter(in_force)))
    if running is None:
        raise WrongUse(f"“{name}” is not in force on {at:%Y-%m-%d}; in force then: {', '.join(in_force)}")
    return running.standard


def _calendar(given: argparse.Namespace) -> int:
    import yaml

    from ..rules import PledgeError, read_calendar
    from ..rules.language.calendars import closed_days_of_file
    from ..rules.language.write import write_calendar

    try:
        closed = closed_days_of_file(read(given.source), given.source.name, given.division)
        hours = dict(part.strip().partition(": ")[::2] for part in given.open.split(";"))
        text = yaml.safe_dump({
            "calendar": given.name, "title": given.title, "zone": given.zone, "open": hours,
            "complete": given.complete, "closed": {str(day): why for day, why in closed.items()},
            "source": given.source_note or given.source.name,
        })  # fmt: skip
        print(write_calendar(read_calendar(text, given.source.name)), end="")
    except PledgeError as error:
        print(error, file=sys.stderr)
        return FINDINGS
    return FINE


def _evaluate(given: argparse.Namespace) -> int:
    from .judging import evaluate_command

    calendars = calendars_of(given.calendars)
    pledge = pledge_of(given.pledge, calendars)
    return evaluate_command(given, pledge, calendars, instant_of(given.as_of, pledge.zone))


def _backtest(given: argparse.Namespace) -> int:
    from .backtesting import backtest_command

    calendars = calendars_of(given.calendars)
    pledges = [pledge_of(name, calendars) for name in given.pledges]
    return backtest_command(given, pledges, calendars, instant_of(given.as_of, pledges[0].zone))


def _demo(given: argparse.Namespace) -> int:
    from .demo import demo_command

    return demo_command()


def _completion(given: argparse.Namespace) -> int:
    import shtab

    print(shtab.complete(parser(), given.shell))
    return FINE


def _journeys(given: argparse.Namespace) -> int:
    from .journeys import journeys_command

    return journeys_command(given, calendars_of(given.calendars))


def _tally(given: argparse.Namespace) -> int:
    from .collecting import tally_command

    return tally_command(given)


def _pseudonymise(given: argparse.Namespace) -> int:
    from .collecting import pseudonymise_command

    return pseudonymise_command(given)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check, "explain": _explain, "score": _score, "schemes": _schemes, "deadline": _deadline,
    "evaluate": _evaluate, "backtest": _backtest, "calendar": _calendar, "demo": _demo, "completion": _completion,
    "journeys": _journeys, "tally": _tally, "pseudonymise": _pseudonymise,
}  # fmt: skip
