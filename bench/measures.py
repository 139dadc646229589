"""What is measured, against what, and what is to be reached."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import isclose
from pathlib import Path
from statistics import median

from bench.programs.compare_figures import difference
from bench.running import ROOT, Failed, Run, program, run, yardstick
from bench.table import Row

AS_OF = "2026-12-01T12:00:00+00:00"
COMMAND = Path(sys.executable).with_name("makegood")
PLEDGE = ROOT / "bench" / "street-repair.yaml"
_SAMPLE = 1_000_000
_VARIANTS = 50
_ENOUGH, _LITTLE = "8GB", "3GB"
"""What DuckDB may take for the map of journeys; with the little it has to put a large log on disk."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How many cases each part gets, and how often a batch is run."""

    cases: int
    large: int
    people: int
    one_case: int
    deadlines: int
    rounds: int
    seed: int
    contacts: int
    large_contacts: int


def measure(sizes: Sizes, data: Path, only: str | None) -> Iterator[Row | Failed]:
    """Every row of the table as it is measured; what could not be measured comes as the failure that it was.

    Answers that differ from the yardstick's are such a failure, and give no row.
    """
    parts = {"start": _start, "one-case": _one_case, "batch": _batch, "journeys": _journeys}
    needed = replace(sizes, cases=max(sizes.cases if only in (None, "batch") else sizes.people, sizes.people))
    if only not in ("start", "journeys"):
        _make(needed, data)
    for name, part in parts.items():
        if only in (None, name):
            yield from _or_failed(part, needed, data)


def _or_failed(
    part: Callable[[Sizes, Path], Iterator[Row | Failed]], sizes: Sizes, data: Path
) -> Iterator[Row | Failed]:
    try:
        yield from part(sizes, data)
    except Failed as failure:
        yield failure


def _make(sizes: Sizes, data: Path) -> None:
    program("make_cases", data, sizes.cases, sizes.seed, sizes.people)


def _start(sizes: Sizes, data: Path) -> Iterator[Row | Failed]:
    """`makegood check` on one file, and an interpreter that does nothing, turn by turn."""
    run(sys.executable, "-m", "compileall", "-q", ROOT / "src" / "makegood")
    ours, nothing = [], []
    for _ in range(4 * sizes.rounds + 1):
        ours.append(run(COMMAND, "check", PLEDGE).seconds)
        nothing.append(run(sys.executable, "-c", "pass").seconds)
    above = median(ours) - median(nothing)
    yield Row(
        measure="command line start, check of one file",
        ours=f"{median(ours):.3f} s",
        yardstick=f"python -c pass: {median(nothing):.3f} s",
        ratio=f"{above:.3f} s above",
        aim="under 0.25 s above",
        reached=above < 0.25,
    )


def _one_case(sizes: Sizes, data: Path) -> Iterator[Row | Failed]:
    told = program("one_case", data, sizes.one_case).told
    hand = told["by hand"]
    for how, least in (("without", 50_000), ("with", 10_000)):
        yield Row(
            measure=f"one case, {how} explanation",
            ours=f"{told[how]:,.0f} a second",
            yardstick=f"Python loop by hand: {hand:,.0f} a second",
            ratio=f"{told[how] / hand:.2f} ×",
            aim=f"{least:,} a second",
            reached=told[how] >= least,
        )
    yield Row(
        measure="one case, made from its facts",
        ours=f"{told['making']:,.0f} a second",
        yardstick="none: the loop by hand takes plain values",
    )
    ours = _rate(program("deadlines", data, sizes.one_case))
    theirs = yardstick("businesstimedelta", "businesstimedelta_hours", data, sizes.deadlines)
    yield Row(
        measure="the deadline alone, 40 service hours",
        ours=f"{ours:,.0f} a second",
        yardstick=f"businesstimedelta {theirs.told['version']}: {_rate(theirs):,.0f} a second",
        ratio=f"{ours / _rate(theirs):.1f} ×",
        aim="50 ×",
        reached=ours >= 50 * _rate(theirs),
    )


def _rate(of: Run) -> float:
    return float(of.told["cases"]) / float(of.told["seconds"])


def _batch(sizes: Sizes, data: Path) -> Iterator[Row | Failed]:
    ours, hand = _compiled_and_by_hand(sizes, data)
    people = _against_people(sizes, data, sizes.cases / ours.seconds)
    yield _times(
        f"batch of {sizes.cases:,}, time", ours.seconds, f"DuckDB SQL by hand: {hand.seconds:.2f} s", hand.seconds, 1.5
    )
    yield _memory(
        f"batch of {sizes.cases:,}, memory", ours.memory, f"DuckDB SQL by hand: {hand.memory:.0f} MiB", hand.memory, 2
    )
    yield from people
    if sizes.large:
        _make(replace(sizes, cases=sizes.large), data)
        large = _compiled(data)
        small = f"the batch of {sizes.cases:,}"
        aim = 12 * sizes.large / sizes.cases / 10
        yield _times(
            f"batch of {sizes.large:,}, time", large.seconds, f"{small}: {ours.seconds:.2f} s", ours.seconds, aim
        )
        # “The same memory” leaves room for what differs between two runs of the same.
        yield _memory(
            f"batch of {sizes.large:,}, memory", large.memory, f"{small}: {ours.memory:.0f} MiB", ours.memory, 1.15
        )


def _compiled_and_by_hand(sizes: Sizes, data: Path) -> tuple[Run, Run]:
    """Turn by turn, so that what else the machine does falls on both; then row by row whether they say the same."""
    ours, hand = [], []
    for _ in range(sizes.rounds):
        hand.append(program("batch_by_hand", data, data / "hand.parquet", AS_OF))
        ours.append(_compiled(data))
    program("compare", data / "ours.parquet", data / "hand.parquet", _SAMPLE)
    return _middle(ours), _middle(hand)


def _compiled(data: Path) -> Run:
    """The batch engine as people use it: the whole command."""
    table, mapping = data / "cases.parquet", ROOT / "bench" / "street-repair-columns.yaml"
    source: list[str | Path] = ["--table", table, "--mapping", mapping]
    output: list[str | Path] = ["--as-of", AS_OF, "--output", data / "ours.parquet"]
    return run(COMMAND, "evaluate", PLEDGE, *source, *output, "--engine", "batch", "--no-fallback")


def _middle_by_time(runs: list[Run]) -> Run:
    return sorted(runs, key=lambda each: float(each.told["seconds"]))[len(runs) // 2]


def _middle(runs: list[Run]) -> Run:
    return Run(seconds=median(each.seconds for each in runs), memory=max(each.memory for each in runs), told={})


def _against_people(sizes: Sizes, data: Path, whole: float) -> Iterator[Row | Failed]:
    """What people use, judging cases in memory: against ours in memory too, and against our whole command."""
    alone = _rate(_middle_by_time([program("batch_in_memory", data) for _ in range(sizes.rounds)]))
    for library, name, results, aim in (
        ("pandas", "pandas_days", "pandas.parquet", 50),
        ("zen-engine", "zen_graph", "zen.jsonl", 40),
    ):
        try:
            theirs = yardstick(library, name, data, sizes.people, data / results, AS_OF)
            program("compare", data / "ours.parquet", data / results, _SAMPLE)
        except Failed as failure:
            yield failure
            continue
        said = f"{library} {theirs.told['version']}: {_rate(theirs):,.0f} a second"
        yield Row(
            measure=f"batch in memory against {library}",
            ours=f"{alone:,.0f} a second",
            yardstick=said,
            ratio=f"{alone / _rate(theirs):.1f} ×",
            aim=f"{aim} ×",
            reached=alone >= aim * _rate(theirs),
        )
        yield Row(
            measure=f"whole command against {library} in memory",
            ours=f"{whole:,.0f} a second",
            yardstick=said,
            ratio=f"{whole / _rate(theirs):.1f} ×",
        )


def _journeys(sizes: Sizes, data: Path) -> Iterator[Row | Failed]:
    """The map of journeys, all of it, against its four parts by hand and against pm4py, each from the file."""
    contacts = data / "contacts.parquet"
    program("make_contacts", contacts, sizes.contacts, sizes.seed)
    ours, hand = [], []
    for _ in range(sizes.rounds):
        hand.append(program("journeys_by_hand", contacts, _VARIANTS, data / "hand.json"))
        ours.append(program("journeys", contacts, _VARIANTS, _ENOUGH, data / "map.json"))
    program("compare_flows", data / "map.json", data / "hand.json")
    seconds, by_hand = (_middle_by_time(runs).told["seconds"] for runs in (ours, hand))
    name = f"map of journeys, {sizes.contacts:,} contacts"
    yield _times(name, seconds, f"DuckDB SQL by hand, four queries: {by_hand:.2f} s", by_hand, 1)
    try:
        theirs = yardstick("pm4py", "pm4py_flow", contacts, data / "pm4py.json")
        program("compare_flows", data / "map.json", data / "pm4py.json")
    except Failed as failure:
        yield failure
    else:
        times = theirs.told["seconds"] / seconds
        said = f"pm4py {theirs.told['version']}: {theirs.told['seconds']:.2f} s"
        yield Row(
            measure=name, ours=f"{seconds:.2f} s", yardstick=said, ratio=f"{times:.1f} ×", aim="3 ×", reached=times >= 3
        )
    yield from _journeys_and_measures(sizes, data)
    if sizes.large_contacts:
        program("make_contacts", contacts, sizes.large_contacts, sizes.seed)
        large = program("journeys", contacts, _VARIANTS, _LITTLE)
        yield Row(
            measure=f"map of journeys, {sizes.large_contacts:,} contacts",
            ours=f"{large.told['seconds']:.1f} s, {large.memory:.0f} MiB",
            yardstick=f"DuckDB given {_LITTLE}",
            aim="under 4,096 MiB",
            reached=large.memory < 4096,
        )


def _journeys_and_measures(sizes: Sizes, data: Path) -> Iterator[Row | Failed]:
    """Journeys and all measures of them, against three by hand of journeys built by hand, each from the file.

    Like is held against like: the three with all that is told of them, which must be alike in both. What the bare
    three numbers take, which must be alike too, is told in a row without an aim.
    """
    log = data / "contact-log.parquet"
    program("make_contact_log", log, sizes.contacts, sizes.seed)
    ours, hand, bare = [], [], []
    for _ in range(sizes.rounds):
        hand.append(program("journeys_measures_whole_by_hand", log))
        ours.append(program("journeys_measures", log))
        bare.append(program("journeys_measures_by_hand", log))
    made, by_hand, numbers = (_middle_by_time(runs).told for runs in (ours, hand, bare))
    if differs := difference(made["figures"], by_hand["figures"]):
        raise Failed(f"{differs}, in ours and by hand")
    of_all = {name: value for name, column, _, value, *_ in made["figures"] if not column}
    for name, value in of_all.items():
        if not isclose(value, numbers[name], rel_tol=1e-9):
            raise Failed(f"{name} differs: {value} in ours, {numbers[name]} as a bare number by hand")
    name = f"journeys and all {made['measures']} figures of measures, {sizes.contacts:,} contacts"
    said = f"DuckDB SQL by hand, {len(by_hand['figures'])} figures of three measures: {by_hand['seconds']:.2f} s"
    yield _times(name, made["seconds"], said, by_hand["seconds"], 1.5)
    yield Row(
        measure=name,
        ours=f"{made['seconds']:.2f} s",
        yardstick=f"DuckDB SQL by hand, three bare numbers: {numbers['seconds']:.2f} s",
        ratio=f"{made['seconds'] / numbers['seconds']:.2f} ×",
    )
    if sizes.large_contacts:
        program("make_contact_log", log, sizes.large_contacts, sizes.seed)
        large = program("journeys_measures", log, _LITTLE)
        yield Row(
            measure=f"journeys and all measures, {sizes.large_contacts:,} contacts",
            ours=f"{large.told['seconds']:.1f} s, {large.memory:.0f} MiB",
            yardstick=f"DuckDB given {_LITTLE}",
            aim="under 4,096 MiB",
            reached=large.memory < 4096,
        )


def _times(name: str, ours: float, yardstick: str, theirs: float, most: float) -> Row:
    return _at_most(name, f"{ours:.2f} s", yardstick, ours / theirs, most)


def _memory(name: str, ours: float, yardstick: str, theirs: float, most: float) -> Row:
    return _at_most(name, f"{ours:.0f} MiB", yardstick, ours / theirs, most)


def _at_most(name: str, ours: str, yardstick: str, ratio: float, most: float) -> Row:
    return Row(
        measure=name,
        ours=ours,
        yardstick=yardstick,
        ratio=f"{ratio:.2f} ×",
        aim=f"within {most:g} ×",
        reached=ratio <= most,
    )
