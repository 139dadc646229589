"""Pledges that ship: real schemes and calendars as data, used by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from ..rules import Calendar, Pledge, read_calendar, read_pledge

__all__ = ["CALENDARS", "calendar_names", "load", "scheme_names", "text_of"]

_HERE = files(__name__)


def scheme_names() -> list[str]:
    """The names of the shipped schemes, in order."""
    return sorted(each.name.removesuffix(".yaml") for each in _HERE.iterdir() if each.name.endswith(".yaml"))


def calendar_names() -> list[str]:
    """The names of the shipped calendars, in order."""
    return sorted(each.name.removesuffix(".yaml") for each in (_HERE / "calendars").iterdir())


def text_of(name: str) -> str:
    """The text of a shipped scheme. Raises `LookupError` when there is none of that name."""
    if name not in scheme_names():
        raise LookupError(name)
    return (_HERE / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def load(name: str) -> Pledge:
    """A shipped scheme. Raises `LookupError` when there is none of that name."""
    return read_pledge(text_of(name), f"{name}.yaml", calendars=CALENDARS)


class _Shipped(Mapping[str, Calendar]):
    """The shipped calendars, each read when it is first asked for."""

    def __init__(self) -> None:
        self._read: dict[str, Calendar] = {}

    def __getitem__(self, name: str) -> Calendar:
        calendar = self._read.get(name)
        if calendar is None:
            if name not in calendar_names():
                raise KeyError(name)
            file: Traversable = _HERE / "calendars" / f"{name}.yaml"
            calendar = read_calendar(file.read_text(encoding="utf-8"), f"{name}.yaml", calendars=self)
            self._read[name] = calendar
        return calendar

    def __iter__(self) -> Iterator[str]:
        return iter(calendar_names())

    def __len__(self) -> int:
        return len(calendar_names())


CALENDARS: Mapping[str, Calendar] = _Shipped()
"""The shipped calendars by name."""
