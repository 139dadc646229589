"""Measure with `python -m bench.web`, print the table, and with `--write` keep it in RESULTS.md beside this."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bench.__main__ import number, told
from bench.table import Row, as_markdown, results_page

from .measures import Sizes, measure

RESULTS = Path(__file__).with_name("RESULTS.md")


def main(given: list[str]) -> int:
    """Measure what was asked for; 1 when an aim was missed or something could not be measured."""
    arguments = _parser().parse_args(given)
    sizes = Sizes(
        cases=arguments.cases,
        tickets=arguments.tickets,
        due=arguments.due,
        escalated=arguments.escalated,
        seconds=arguments.seconds,
    )
    folder = arguments.data or Path(tempfile.mkdtemp(prefix="mgb-"))
    folder.mkdir(parents=True, exist_ok=True)
    rows, notes = [], []
    try:
        for measured in told(measure(sizes, folder)):
            if isinstance(measured, Row):
                rows.append(measured)
            else:
                notes.append(str(measured))
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(as_markdown(rows))
    for note in notes:
        print(f"\n!!! {note}", file=sys.stderr)
    if arguments.write:
        command = " ".join(["make bench-web", *([f"BENCH_ARGS='{' '.join(given)}'"] if given else [])])
        page = results_page(rows, day=arguments.write, command=command, notes=[note.splitlines()[0] for note in notes])
        RESULTS.write_text(page, encoding="utf-8")
    return 1 if notes or any(row.reached is False for row in rows) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.web", description="How the web service feels under load.")
    parser.add_argument("--cases", type=_numbers, default=(2_000,), help="cases of each place, such as 100k,1m (2k)")
    parser.add_argument(
        "--tickets", type=number, default=0, help="open tickets of django-helpdesk; without it unless said"
    )
    parser.add_argument("--due", type=number, default=0, help="promises that fall due at one second; none unless said")
    parser.add_argument("--escalated", type=number, default=2_000, help="tickets that the yardstick escalates (2k)")
    parser.add_argument("--seconds", type=float, default=10, help="how long each page is asked for at a time (10)")
    parser.add_argument("--data", type=Path, help="where to put the databases (a temporary folder)")
    parser.add_argument("--keep", action="store_true", help="leave them there")
    parser.add_argument("--write", metavar="DATE", help="write RESULTS.md beside this under that date")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted(number(each) for each in text.split(",")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
