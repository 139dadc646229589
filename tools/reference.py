"""Writes the reference files that are generated: `python -m tools.reference`; `--check` only says what is stale."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from makegood.rules.language.json_schema import pledge_schema
from tools import journey_pages, pages, service_pages

ROOT = Path(__file__).resolve().parents[1]


def _schema() -> str:
    return json.dumps(pledge_schema(), ensure_ascii=False, indent=2) + "\n"


GENERATED: dict[str, Callable[[], str]] = {
    "docs/reference/pledge.schema.json": _schema,
    "docs/reference/keys.md": pages.keys,
    "docs/reference/features.md": pages.features,
    "docs/reference/command-line.md": lambda: pages.command_line() + service_pages.commands(),
    "docs/reference/api.md": pages.api,
    "docs/reference/contact-log.md": journey_pages.contact_log,
    "docs/reference/measures.md": journey_pages.measures,
    "docs/reference/service-keys.md": service_pages.service_keys,
    "docs/reference/acts-and-events.md": service_pages.acts_and_events,
    "docs/reference/json-api.md": service_pages.json_api,
    "docs/reference/openapi.json": service_pages.openapi,
}
"""Each generated file by its path in the checkout, with what makes its text."""


def stale() -> list[str]:
    """The generated files that are not as they would be made now."""
    return [
        name
        for name, make in GENERATED.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != make()
    ]


def main(arguments: list[str]) -> int:
    """Write what is stale, or with `--check` name it; 1 when a check finds something."""
    found = stale()
    for name in found:
        print(f"stale: {name}" if "--check" in arguments else f"written: {name}")
        if "--check" not in arguments:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(GENERATED[name](), encoding="utf-8")
    return 1 if found and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
