"""Times in other people's files: read exactly, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache

from ..rules.working_time import EARLIEST, LATEST, Zone, seconds_of, zone_named
from .mapping import Mapping

__all__ = ["EARLIEST", "LATEST", "NoInstant", "instant_reader", "iso_date"]


class NoInstant(ValueError):
    """A text that is no instant; the message says why."""


def instant_reader(mapping: Mapping) -> Callable[[str], datetime]:
    """A function from text to an aware datetime by a mapping's format and zone. It raises `NoInstant`."""
    zone = zone_named(mapping.zone) if mapping.zone else None
    pattern = mapping.format

    def read(text: str) -> datetime:
        text = text.strip()
        found = _by_pattern(text, pattern) if pattern else _iso(text)
        if not EARLIEST <= found.year <= LATEST:
            raise _beyond("time", text)
        if found.tzinfo is not None:
            return found
        if zone is None:
            raise NoInstant(f"no UTC offset: “{text[:40]}” could be in any zone; name the zone in a mapping")
        return _local(found, zone)

    return read


@lru_cache(maxsize=65_536)
def iso_date(text: str, pattern: str = "") -> str:
    """A date written by a pattern or, without one, as ISO; the answer is ISO. Raises `NoInstant`.

    >>> iso_date("31/03/2026", "%d/%m/%Y")
    '2026-03-31'
    """
    found = _by_pattern(text, pattern, "date").date() if pattern else _day(text)
    if not EARLIEST <= found.year <= LATEST:
        raise _beyond("date", text)
    return found.isoformat()


def _beyond(what: str, text: str) -> NoInstant:
    """The refusal of a year that stands for “none” or “no end” in somebody's file."""
    return NoInstant(f"no {what} that can be reckoned with: “{text[:40]}”; leave it empty if there is none")


def _by_pattern(text: str, pattern: str, what: str = "time") -> datetime:
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the caller gives it the mapping's zone
    except ValueError:
        raise NoInstant(f"no such {what}: “{text[:40]}” does not fit {pattern}") from None


def _day(text: str) -> date:
    try:
        if len(text) == 10 and text[4] == text[7] == "-":
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise NoInstant(f"no such date: “{text[:40]}” is not like 2026-04-01")


def _iso(text: str) -> datetime:
    if len(text) < 16 or text[4:5] != "-" or text[7:8] != "-" or text[10:11] not in "T ":
        if len(text) == 10 and text[4:5] == "-" and text[7:8] == "-":
            raise NoInstant(f"no time of day: “{text}”")
        raise NoInstant(f"no such time: “{text[:40]}” is not like 2026-04-01T09:30:00+01:00")
    if text[11:13] == "24":
        raise NoInstant(f"no such time: “{text[:40]}”; write 00:00 of the next day")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise NoInstant(f"no such time: “{text[:40]}”") from None


def _local(naive: datetime, zone: Zone) -> datetime:
    return zone.datetime(zone.instant(seconds_of(naive.replace(tzinfo=UTC)), later=True))
