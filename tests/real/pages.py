"""The generated parts of the pages about real records; `python -m tests.real.pages` writes them again.

A part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; what is around it is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.real import (
    boston,
    flights,
    journeys_boston,
    journeys_chicago,
    journeys_desk,
    journeys_permits,
    permits,
    working_time_of_others,
)

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
SHARED = ROOT.parent / "shared"


@dataclass(frozen=True)
class Part:
    """One generated part: its page, what makes it, and whether that needs the data beside the checkout."""

    page: str
    make: Callable[[Path], str]
    needs_shared: bool = True


def _shown(name: str, language: str) -> Callable[[Path], str]:
    return lambda shared: f"```{language}\n{(HERE / name).read_text(encoding='utf-8')}```"


JOURNEYS = {
    "journeys-permits": journeys_permits,
    "journeys-service-desk": journeys_desk,
    "journeys-chicago": journeys_chicago,
    "journeys-boston": journeys_boston,
}

PARTS = {
    "others": Part("working-time-conventions.md", lambda shared: working_time_of_others.tables(_working_time(shared))),
    "boston-pledge": Part("real-records.md", _shown("boston-311.yaml", "yaml"), needs_shared=False),
    "boston-mapping": Part("real-records.md", _shown("boston-311-mapping.yaml", "yaml mapping"), needs_shared=False),
    "boston-flags": Part("real-records.md", boston.verdict_table),
    "boston-clocks": Part("real-records.md", boston.clock_table),
    "permit-sql": Part("real-records.md", _shown("permit-receipts.sql", "sql"), needs_shared=False),
    "permit-pledge": Part("real-records.md", _shown("permit-receipts.yaml", "yaml"), needs_shared=False),
    "permits": Part("real-records.md", permits.table),
    "flights": Part("real-records.md", lambda shared: flights.table(), needs_shared=False),
    **{
        f"{name}-mapping": Part("real-journeys.md", _shown(log.MAPPING, "text"), needs_shared=False)
        for name, log in JOURNEYS.items()
    },
    **{name: Part("real-journeys.md", log.words) for name, log in JOURNEYS.items()},
}


def _working_time(shared: Path) -> Path:
    return shared / "data" / "working-time"


def page(name: str) -> Path:
    """The file of a page."""
    return ROOT / "docs" / "explanation" / name


def _place(name: str, text: str) -> tuple[int, int]:
    begin = f"<!-- begin {name} -->\n"
    first = text.index(begin) + len(begin)
    return first, text.index(f"\n<!-- end {name} -->", first)


def written(name: str) -> str:
    """A part as it stands in its page."""
    text = page(PARTS[name].page).read_text(encoding="utf-8")
    first, last = _place(name, text)
    return text[first:last]


def parts_in(name: str) -> Iterator[str]:
    """The names of the parts that a page has room for."""
    yield from re.findall(r"<!-- begin ([a-z-]+) -->", page(name).read_text(encoding="utf-8"))


def main() -> None:
    """Write every part again that can be made here."""
    for name, part in PARTS.items():
        if part.needs_shared and not SHARED.is_dir():
            print(f"{name}: left as it is; the data beside the checkout are not there")
            continue
        file = page(part.page)
        text = file.read_text(encoding="utf-8")
        first, last = _place(name, text)
        file.write_text(text[:first] + part.make(SHARED) + text[last:], encoding="utf-8")
        print(f"{name}: written to {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
