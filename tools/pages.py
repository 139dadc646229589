"""The reference pages that are made from the program: keys, features, command line, Python API."""

from __future__ import annotations

import argparse
import inspect
import io
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

import makegood.analytics.backtest
import makegood.analytics.batch
import makegood.records
import makegood.rules
import makegood.rules.check
import makegood.rules.five_ys
import makegood.rules.speak
import makegood.schemes
from makegood.analytics.journeys import building, compare, filtering, measures, store, study
from makegood.analytics.journeys.flows import graph
from makegood.analytics.journeys.logs import mapping, reading
from makegood.analytics.journeys.trying import search, what_if
from makegood.cli.arguments import parser
from makegood.records.mapping import MAPPING, SOURCE_COLUMN
from makegood.rules.language.grammar import REMEDY_KINDS, SHAPES, TABLES, Key
from makegood.schemes import load

ROOT = Path(__file__).resolve().parents[1]
MADE = "<!-- Made by tools/reference.py from the program. Do not edit. -->\n\n"


SHOWN = (
    "Each is shown by pledges that ship, and each example is run by the tests, which also see to it that the example "
    "fails when the feature is taken away."
)
EXIT_CODES = (
    "Exit codes: 0 fine, 1 findings (mistakes in a pledge, rows set aside), 2 wrong use. "
    "Results go to standard output, everything else to standard error."
)
API_EXAMPLE = """\
The library is pure: it reads no clock, no file and no network. A pledge, a case, an instant and calendars give
outcomes.

```python
from datetime import UTC, datetime

from makegood.rules import Case, Fact, evaluate
from makegood.schemes import CALENDARS, load

reported = Fact(name="request_received", at=datetime(2026, 6, 1, 9, tzinfo=UTC))
case = Case(id="1", facts=[reported])
[answer] = evaluate(load("foi"), case, as_of=datetime(2026, 6, 2, tzinfo=UTC), calendars=CALENDARS)
assert answer.status == "running"
assert answer.due_at.isoformat() == "2026-06-30T23:59:59+01:00"
```

Contacts give journeys, and journeys give measures; a store says on which engine. `logs.reading.read_log` reads files.

```python
import duckdb

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.store import DuckDBStore, log_of
from makegood.analytics.journeys.study import study

store = DuckDBStore(duckdb.connect())
asked = {"subject": "p1", "need": "blue badge", "organisation": "Council", "start": 0, "completed": False}
met = asked | {"organisation": "Health centre", "start": 5_000_000, "completed": True}
log = log_of(store, [asked | {"contact": "1"}, met | {"contact": "2"}])
found = study(build(log, store), store)
assert found.value("contacts_per_outcome").value == 2
assert found.value("hand_overs").value == 1
```
"""


def keys() -> str:
    """Every key of a pledge text and of a mapping."""
    parts = [f"# The keys of a pledge\n\n{MADE}The [language](language.md) shows how they go together.\n"]
    for what, table in TABLES.items():
        parts.append(f"\n## {what.capitalize()}\n\n{key_table(table)}")
    parts.append(f"\n## Mapping file\n\nWhich column of a table is what.\n\n{key_table(MAPPING)}")
    parts.append(f"\n## A detail's column in a mapping\n\n{key_table(SOURCE_COLUMN)}")
    parts.append("\n## What values look like\n\n| shape | written as |\n|---|---|\n")
    parts += [f"| {shape} | {_cell(words)} |\n" for shape, words in SHAPES.items()]
    return "".join(parts)


def key_table(table: dict[str, Key]) -> str:
    """Keys as a table."""
    lines = ["| key | value | what it is for | example |\n|---|---|---|---|\n"]
    for name, key in table.items():
        needed = " (needed)" if key.required else ""
        if table is TABLES["remedy"] and name in REMEDY_KINDS:
            needed = " (one of these)"
        lines.append(f"| `{name}`{needed} | {key.shape} | {_cell(key.doc)} | `{_cell(key.example)}` |\n")
    return "".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def features() -> str:
    """What real schemes ask of the language, each with the shipped pledge that shows it."""
    rows = yaml.safe_load((ROOT / "tests" / "data" / "features.yaml").read_text(encoding="utf-8"))
    parts = [
        f"# What real schemes ask for\n\n{MADE}{len(rows)} features were found in real guarantee schemes. {SHOWN}\n"
    ]
    for row in rows:
        parts.append(f"\n## {row['feature'][0].upper()}{row['feature'][1:]}\n")
        for shown in row["shown"]:
            where = f"`{shown['scheme']}`" + (f", standard `{shown['standard']}`" if shown.get("standard") else "")
            example = f" Example: “{shown['example']}”." if shown.get("example") else ""
            parts.append(
                f"\n{load(shown['scheme']).title} ({where}).{example}\n\n```\n{shown['snippet'].rstrip()}\n```\n"
            )
    return "".join(parts)


def command_line() -> str:
    """Every command with its help."""
    made = parser()
    parts = [f"# The command line\n\n{MADE}{EXIT_CODES}\n"]
    parts.append(f"\n```\n{_help(made)}```\n")
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                parts.append(f"\n## {name}\n\n```\n{_help(command)}```\n")
    return "".join(parts)


def _help(made: argparse.ArgumentParser) -> str:
    made.formatter_class = lambda prog: argparse.HelpFormatter(prog, width=100)
    shown = io.StringIO()
    with redirect_stdout(shown):
        made.print_help()
    return shown.getvalue()


def api() -> str:
    """The public names of the library and the batch engine with their signatures and docstrings."""
    parts = [f"# The Python API\n\n{MADE}{API_EXAMPLE}"]
    modules: list[tuple[ModuleType, list[str]]] = [
        (makegood.rules, list(makegood.rules.__all__)),
        (makegood.rules.check, ["check_text", "check_pledge"]),
        (makegood.rules.speak, ["explain", "say_deadline", "say_outcome"]),
        (makegood.rules.five_ys, ["score", "say_scores"]),
        (makegood.schemes, list(makegood.schemes.__all__)),
        (makegood.records, list(makegood.records.__all__)),
        (makegood.analytics.batch, ["run"]),
        (makegood.analytics.backtest, ["backtest"]),
        (reading, ["LogFile", "read_log"]),
        (mapping, ["read_log_mapping"]),
        (building, ["Rules", "build"]),
        (filtering, ["filtered"]),
        (measures, ["Settings", "measure"]),
        (compare, ["split", "compare"]),
        (graph, ["with_steps", "flow_of"]),
        (what_if, ["what_if", "changed"]),
        (search, ["candidates", "best_changes"]),
        (study, ["study", "page_of"]),
        (store, ["DuckDBStore", "PolarsStore", "log_of"]),
    ]
    for module, names in modules:
        parts.append(f"\n## {module.__name__}\n\n{inspect.getdoc(module)}\n")
        parts += [_described(name, getattr(module, name)) for name in names]
    return "".join(parts)


def _described(name: str, thing: Any) -> str:
    if not callable(thing):
        return f"\n### {name}\n\nA value.\n"
    if inspect.isclass(thing):
        fields = [each for each in getattr(thing, "__dataclass_fields__", {}) if not each.startswith("_")]
        signature = f"class {name}" + (f"({', '.join(fields)})" if fields else "")
    else:
        signature = f"{name}({', '.join(_parameters(thing))})"
    return f"\n### {name}\n\n```\n{signature}\n```\n\n{inspect.getdoc(thing) or ''}\n"


def _parameters(function: Any) -> list[str]:
    """The parameters of a function with their types and plain defaults; any other default is shown as …."""
    shown, keyword_only = [], False
    for each in inspect.signature(function).parameters.values():
        if each.kind is each.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            shown.append("*")
        text = f"{each.name}: {each.annotation}"
        if each.default is not each.empty:
            plain = each.default is None or isinstance(each.default, str | int | tuple)
            text += f" = {each.default!r}" if plain else " = …"
        shown.append(text)
    return shown
