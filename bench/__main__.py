"""Measure with `python -m bench`, print the table, and with `--write` keep it: RESULTS.md, or that of one part."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.measures import Sizes, measure
from bench.running import ROOT, Failed
from bench.table import Row, as_markdown, results_page


def main(given: list[str]) -> int:
    """Measure what was asked for; 1 when an aim was missed or something could not be measured."""
    arguments = _parser().parse_args(given)
    sizes = Sizes(
        cases=arguments.cases,
        large=arguments.large,
        people=arguments.people,
        one_case=arguments.one_case,
        deadlines=arguments.deadlines,
        rounds=arguments.rounds,
        seed=arguments.seed,
        contacts=arguments.contacts,
        large_contacts=arguments.large_contacts,
    )
    rows, notes = [], []
    arguments.data.mkdir(parents=True, exist_ok=True)
    try:
        for measured in told(measure(sizes, arguments.data, arguments.only)):
            if isinstance(measured, Row):
                rows.append(measured)
            else:
                notes.append(str(measured))
    finally:
        if not arguments.keep:
            shutil.rmtree(arguments.data, ignore_errors=True)
    print(as_markdown(rows))
    for note in notes:
        print(f"\n!!! {note}", file=sys.stderr)
    if arguments.write:
        command = f"make bench BENCH_ARGS='{' '.join(given)}'" if given else "make bench"
        page = results_page(rows, day=arguments.write, command=command, notes=[note.splitlines()[0] for note in notes])
        part = f"-{arguments.only}" if arguments.only else ""
        (ROOT / "bench" / f"RESULTS{part}.md").write_text(page, encoding="utf-8")
    return 1 if notes or any(row.reached is False for row in rows) else 0


def told(measured: Iterator[Row | Failed]) -> Iterator[Row | Failed]:
    """The same, saying on the way what has been measured: a run takes minutes."""
    for each in measured:
        said = each.measure if isinstance(each, Row) else str(each).splitlines()[0]
        print(f"... {said}", file=sys.stderr, flush=True)
        yield each


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast Makegood is, and against what.")
    parser.add_argument("--cases", type=number, default=10_000_000, help="cases of the batch (10m unless said)")
    parser.add_argument(
        "--large", type=number, default=0, help="cases of a second, larger batch (100m); none unless said"
    )
    parser.add_argument("--people", type=number, default=200_000, help="cases for pandas and zen-engine (200k)")
    parser.add_argument("--one-case", type=number, default=20_000, help="cases for one after another (20k)")
    parser.add_argument("--deadlines", type=number, default=2_000, help="deadlines for businesstimedelta (2k)")
    parser.add_argument("--contacts", type=number, default=1_000_000, help="contacts of the map of journeys (1m)")
    parser.add_argument(
        "--large-contacts", type=number, default=0, help="contacts of a larger map (100m); none unless said"
    )
    parser.add_argument("--rounds", type=number, default=3, help="how often each batch runs; the median counts (3)")
    parser.add_argument("--seed", type=int, default=7, help="of the cases and contacts (7)")
    parser.add_argument("--only", choices=("batch", "journeys", "one-case", "start"), help="measure this part only")
    parser.add_argument("--data", type=Path, default=ROOT / "bench" / "data", help="where to put cases and results")
    parser.add_argument("--keep", action="store_true", help="leave them there")
    parser.add_argument("--write", metavar="DATE", help="write bench/RESULTS.md, or that of the part, under this date")
    return parser


def number(text: str) -> int:
    """A number such as 20000, 200k or 10m."""
    size = {"k": 1_000, "m": 1_000_000}.get(text[-1:].lower(), 1)
    return int(text.rstrip("kKmM").replace("_", "")) * size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
