"""A choice between lines of a pledge: one sentence, or a table with a column for each thing that decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..language import model as m
from .amounts import Voice
from .document import Table

_MOST_DECIDING = 4
"""More columns than this are hard to read: then the whole condition stands in one."""

Column = tuple[str, Callable[[m.T], str]]
"""The heading of a column and what its cell says of a value."""


def is_plain(choice: m.Choice[m.T]) -> bool:
    """Whether a choice has only one line, and that always holds."""
    return len(choice) == 1 and choice[0].condition is None


def table_of(voice: Voice, caption: str, choice: m.Choice[m.T], columns: Sequence[Column[m.T]]) -> Table:
    """The lines of a choice as a table: what decides stands in the first columns, what follows in the last ones."""
    rows = [voice.cells(option.condition) for option in choice]
    deciding = list(dict.fromkeys(heading for row in rows for heading in row))
    if not 1 <= len(deciding) <= _MOST_DECIDING:
        deciding = [voice.say("table.if")]
        rows = [{deciding[0]: voice.condition(each.condition)} if each.condition else {} for each in choice]
    body = []
    for option, row in zip(choice, rows, strict=True):
        cells = [row.get(heading) or _any(voice, heading) for heading in deciding]
        if option.condition is None:
            cells[0] = voice.say("table.otherwise")
        body.append((*cells, *(say(option.value) for _, say in columns)))
    return Table(caption=caption, head=(*deciding, *(heading for heading, _ in columns)), rows=tuple(body))


def _any(voice: Voice, heading: str) -> str:
    return voice.say("table.in-all-cases" if heading == voice.say("table.if") else "table.any")
