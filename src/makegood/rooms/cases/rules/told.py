"""Outcomes told in JSON, and told apart."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from makegood.rules import Outcome
from makegood.rules.explanation import DayStep, Explanation
from makegood.rules.remedy import Owed

WORST = ("broken", "unknown", "running", "kept", "excused", "void", "pending", "left out")
"""The statuses in the order in which one of them stands for a whole case."""


def in_json(explanation: Explanation) -> dict[str, Any]:
    """An explanation as JSON values: instants in ISO 8601, exact numbers as text; what is empty is left out."""
    told: dict[str, Any] = _whole(explanation)
    return told


_names: dict[type, tuple[str, ...]] = {}


def _whole(value: Any) -> dict[str, Any]:
    names = _names.get(type(value))
    if names is None:
        names = _names[type(value)] = tuple(each.name for each in fields(value))
    told = {}
    for name in names:
        part = getattr(value, name)
        if part is not None and part not in ((), ""):
            told[name] = _plain(part)
    return told


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is tuple or kind is list:
        return [_plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if kind is DayStep:
        return _day(value)
    return _whole(value) if is_dataclass(value) else str(value)


@lru_cache(maxsize=4096)
def _day(step: DayStep) -> dict[str, Any]:
    return _whole(step) | {"day": step.day.isoformat()}


def owing(outcome: Outcome) -> str:
    """A mark that differs when what is owed differs, in sum, kind, deadline, top-up or choice; empty for nothing."""
    if not outcome.remedies:
        return ""
    parts = repr([_mark(owed) for owed in outcome.remedies])
    return hashlib.sha256(parts.encode()).hexdigest()[:32]


def _mark(owed: Owed) -> tuple[object, ...]:
    chosen = tuple(_mark(choice) for choice in owed.choices)
    return (str(owed.kind), owed.source.words, owed.pence, owed.due, owed.done, owed.top_up, owed.why_nothing, chosen)


def worst(statuses: list[str]) -> str:
    """The status that stands for a case with several promises; empty when it has none.

    >>> worst(["kept", "running"]), worst(["left out"]), worst([])
    ('running', '', '')
    """
    shown = [status for status in statuses if status != "left out"]
    return min(shown, key=WORST.index, default="")
