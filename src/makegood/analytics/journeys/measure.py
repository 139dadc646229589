"""A measure's value with all that has to stand beside it: what it rests on, what is unknown, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..sureness import Interval


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a measure means, in words and as a formula, and the columns that it cannot be told without.

    `unit` is what the value counts in: `contacts`, `share` (0 to 1), `days`, `working days`, `hours`, `pounds`,
    `minutes`, `miles`, `journeys`, `organisations`, `moves`, `items`, `visits`, `agreement` (-1 to 1). `of` is what
    `n` counts: `journeys`, `contacts` or `items`. `better` says which way is good for the customer: `lower`, `higher`,
    or neither. `at_least` says why, in this log, the value is only the least that it can be; empty where it is not.
    """

    name: str
    title: str
    unit: str
    of: str
    says: str
    formula: str
    source: str
    needs: tuple[str, ...]
    better: str = ""
    at_least: str = ""

    def as_least(self, why: str) -> Definition:
        """The same of a log that cannot tell all of it: title and meaning say that it is at least so much, and why."""
        return replace(self, title=f"{self.title}, at least", says=f"At least so much: {why} {self.says}", at_least=why)


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """The sums that a value was worked out from, by block of journeys, so that differences can be resampled.

    `sums` has for each sum that `value` takes one number for each of `blocks`, the blocks in which there were any rows.
    """

    blocks: Sequence[int]
    sums: tuple[Sequence[float], ...]
    value: Callable[[Sequence[float]], float | None]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A value; `None` when it cannot be told, and then `lacks` names the columns or the reason in words.

    `n` is how many journeys, contacts or items it rests on (`Definition.of`), `unknown` of how many more it could not
    be told. `interval` holds the true value 95 times in 100, found by `method`; `None` with too few.
    `by` says of which part it tells: `{}` of all, else one of `need`, `organisation`, `channel`, `item` and so on.
    `parts`: what it was worked out from; `None` where it is no matter of sums.
    """

    definition: Definition
    value: float | None
    n: int
    unknown: int = 0
    interval: Interval | None = None
    method: str = ""
    by: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    parts: Parts | None = field(default=None, repr=False, compare=False)
