"""The command `backtest`: planned pledges over past cases, as tables, as figures, and as one HTML page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from ..analytics.backtest import (
    STATUSES,
    Backtest,
    Curve,
    Engine,
    Past,
    Result,
    Tally,
    backtest,
    category_of,
    past,
    scalar_engine,
)
from ..analytics.figures import write_csv, write_json
from ..analytics.report import report
from ..analytics.sentences import (
    compared,
    coverage,
    in_short,
    say_about,
    say_month,
    say_share,
    say_sure,
    who,
)
from ..analytics.varying import CannotVary, read_variation
from ..records import CaseFiles, Rejects, TableFile
from ..records.rows import UnreadableFile
from ..records.whole import written_whole
from ..rules import Calendar, Case, Pledge
from ..rules.errors import did_you_mean
from ..rules.language.model import Detail, Kind
from ..rules.money import say_money
from ..rules.speak.document import tidy
from .judging import CAREFULLY, cases_of, check_names, source_of, tell_rejects
from .sources import WrongUse, must_be_writable

_SHOWN = 20
_MANY = 200_000
"""Beyond so many cases the batch engine judges; below, reading them costs more than judging them one by one."""
_WIDEST = 32


def backtest_command(
    given: argparse.Namespace, pledges: Sequence[Pledge], calendars: Mapping[str, Calendar], as_of: datetime
) -> int:
    """Replay the pledges and tell what comes of it; 1 when rows were set aside."""
    if given.output and given.output.suffix.lower() not in (".csv", ".json"):
        raise WrongUse(f"{given.output}: the output ends in .csv or .json")
    if given.report:
        must_be_writable(given.report)
    source, rejects = source_of(given), Rejects()
    try:
        variations = [read_variation(text, pledges[0]) for text in given.vary]
        category, by = given.category or category_of(pledges[0]), given.by or ""
        reading = _reading(pledges, [category, by])
        check_names(source.mapping, reading, str(given.mapping))
        held = _Held(cases_of(source, reading, rejects), given.engine)
        placed = past(held, pledges, as_of=as_of, category=category, by=by)
        _known(placed, reading, given)
        test = backtest(
            pledges, placed, _engine(held, source, as_of, calendars), calendars=calendars,
            variations=variations, set_aside=rejects.counts, progress=_progress(quiet=given.quiet),
        )  # fmt: skip
    except CannotVary as error:
        raise WrongUse(f"--vary: {error}") from None
    except UnreadableFile as error:
        raise WrongUse(str(error)) from None
    _write(test, given.output, given.report)
    if not given.quiet:
        print("\n".join(_lines(test)))
        for path in filter(None, (given.output, given.report)):
            print(f"written: {path}", file=sys.stderr)
    return tell_rejects(rejects, given.rejects, given.output or given.report)


def _reading(pledges: Sequence[Pledge], counted: Iterable[str]) -> Pledge:
    """A pledge that reads the facts and details of all, and the details that cases are counted by."""
    facts: dict[str, str] = {}
    details: dict[str, Detail] = {}
    for pledge in pledges:
        facts = {**pledge.facts, **facts}
        for name, detail in pledge.details.items():
            other = details.setdefault(name, detail)
            if other.kind is not detail.kind:
                raise WrongUse(
                    f"“{name}” is {other.kind} in one pledge, {detail.kind} in another: compare like with like"
                )
    for name in filter(None, counted):
        details.setdefault(name, Detail(name=name, kind=Kind.TEXT))
    return replace(pledges[0], facts=facts, details=details)


def _known(placed: Past, reading: Pledge, given: argparse.Namespace) -> None:
    """Refuse to count by a detail that no case has: that is a slip of the pen."""
    for option, name in (("--by", given.by), ("--category", given.category)):
        if name and placed.period and not placed.has(name):
            raise WrongUse(
                f"{option}: no case has a detail “{name}”; {did_you_mean(name, set(reading.details) - {name})}"
            )


class _Held:
    """The cases as they are read: held for the scalar engine; let go when they are many and batch can be used."""

    def __init__(self, cases: Iterable[Case], engine: str | None) -> None:
        self._cases = cases
        self._most = {"scalar": None, "batch": 0}.get(engine or "", _MANY if find_spec("duckdb") else None)
        self.cases: list[Case] | None = [] if self._most != 0 else None

    def __iter__(self) -> Iterator[Case]:
        for case in self._cases:
            if self.cases is not None:
                self.cases.append(case)
                if self._most is not None and len(self.cases) > self._most:
                    self.cases = None
            yield case


def _engine(held: _Held, source: CaseFiles | TableFile, as_of: datetime, calendars: Mapping[str, Calendar]) -> Engine:
    if held.cases is not None:
        return scalar_engine(held.cases, as_of, calendars)
    if not find_spec("duckdb"):
        raise WrongUse("the batch engine needs the extra “batch”: pip install 'makegood[batch]'")
    from ..analytics.batch_trials import batch_engine

    told: set[str] = set()

    def say(message: str) -> None:
        if message not in told:
            told.add(message)
            print(message, file=sys.stderr)

    return batch_engine(source, as_of, calendars, say, careful=CAREFULLY)


def _progress(*, quiet: bool) -> Callable[[str], None]:
    """Says on a terminal what is being judged, on one line that is overwritten."""
    if quiet or not sys.stderr.isatty():
        return lambda said: None
    return lambda said: print(f"\r\033[Kjudging {tidy(said)}", end="\r", file=sys.stderr, flush=True)


def _write(test: Backtest, output: Path | None, page: Path | None) -> None:
    if output:
        form = write_csv if output.suffix.lower() == ".csv" else write_json
        _write_whole(output, lambda file: form(test, file))
    if page:
        _write_whole(page, lambda file: file.write(report(test)))


def _write_whole(path: Path, write: Callable[[IO[str]], object]) -> None:
    try:
        with written_whole(path) as beside, beside.open("w", newline="", encoding="utf-8") as file:
            write(file)
    except OSError as error:
        raise WrongUse(f"{path}: {error.strerror or error}") from None


# --- what the terminal shows ---------------------------------------------------------------------------


def _lines(test: Backtest) -> Iterator[str]:
    yield from coverage(test)
    for result in test.results:
        yield from ("", f"{result.label}: {tidy(result.pledge.title)}", *in_short(test, result))
    yield ""
    rows = [
        [result.label, *[f"{result.cases.counts[status]:,}" for status in STATUSES], say_money(result.cases.owed)]
        for result in test.results
    ]
    yield from _table(["cases", *map(str, STATUSES), "owed"], rows)
    for each in test.comparisons:
        yield from ("", *compared(each, test.results[0].label))
    for curve in test.curves:
        yield from ("", *_curve(test, curve))
    for result in test.results:
        named = f" ({result.label})" if len(test.results) > 1 else ""
        if len(result.standards) > 1:
            yield from ("", *_tallies(f"promise{named}", result.standards, result.promises))
        months = {say_month(key): tally for key, tally in result.months.items()}
        yield from ("", *_tallies(f"month it began{named}", months, result.cases))
        if test.category:
            yield from ("", *_tallies(f"{test.category}{named}", result.categories, result.cases))
        if test.by and test.by != test.category:
            yield from ("", *who(result.causes, result.cases))
            yield from _tallies(f"{test.by}{named}", result.causes, result.cases)
        yield from _reasons(result)


def _curve(test: Backtest, curve: Curve) -> Iterator[str]:
    rows = []
    for place, point in enumerate(curve.points):
        cost, period = point.cost_interval, test.period
        yearly = sure = ""
        if cost and period:
            yearly = say_about(period.yearly(point.cases.pence))
            sure = f"{say_about(period.yearly(cost.low))} to {say_about(period.yearly(cost.high))}"
        mark = " (as written)" if place == curve.at else ""
        cases = point.cases
        rows.append([
            point.label + mark, f"{cases.broken:,} of {cases.decided:,}", say_share(cases.share), say_sure(cases),
            say_money(cases.owed), yearly, sure,
        ])  # fmt: skip
    what = curve.variation
    head = [f"{what.standard} {what.subject}", "broken", "share", "95 in 100", "owed", "a year, about", "95 in 100"]
    yield from _table(head, rows)


def _tallies(what: str, groups: Mapping[str, Tally], whole: Tally) -> Iterator[str]:
    rows = [
        [
            name, f"{tally.broken:,} of {tally.decided:,}", say_share(tally.share), say_sure(tally),
            say_share(tally.broken / whole.broken) if whole.broken else "", say_money(tally.owed),
            say_share(tally.pence / whole.pence) if whole.pence else "",
        ]
        for name, tally in groups.items()
    ]  # fmt: skip
    shown = rows[:_SHOWN]
    yield from _table([what, "broken", "share", "95 in 100", "of all broken", "owed", "of all owed"], shown)
    if len(rows) > _SHOWN:
        yield f"and {len(rows) - _SHOWN:,} more; --output and --report have all of them"


def _reasons(result: Result) -> Iterator[str]:
    found = sorted(result.reasons.items(), key=lambda item: (-item[1], item[0]))
    if found:
        yield ""
        rows = [[f"{status}: {why}", f"{number:,}"] for (status, why), number in found[:_SHOWN]]
        yield from _table([f"why ({result.label})", "promises"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns of text, the first to the left and the others to the right."""
    cells = [[_cut(tidy(cell)) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for number, row in enumerate(cells):
        first, *others = (
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join((first, *others)).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)


def _cut(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…"
