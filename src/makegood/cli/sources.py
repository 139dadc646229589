"""What a command reads: pledges by file or name, calendars, instants. What cannot be read is wrong use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..rules import Calendar, Pledge


class WrongUse(Exception):
    """Something on the command line that cannot be done; the message says why and what to do."""


def text_of(name: str) -> tuple[str, str]:
    """The text of a pledge and what to call it: a file, or a shipped scheme."""
    from .. import schemes

    path = Path(name)
    if path.is_file():
        return read(path), name
    try:
        return schemes.text_of(name), f"{name}.yaml"
    except LookupError:
        from ..rules.errors import did_you_mean

        raise WrongUse(
            f"there is no file and no shipped scheme “{name}”; {did_you_mean(name, schemes.scheme_names())}"
        ) from None


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WrongUse(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise WrongUse(f"{path}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from None


def calendars_of(paths: Sequence[Path]) -> Mapping[str, Calendar]:
    from ..schemes import CALENDARS

    if not paths:
        return CALENDARS
    from ..rules import PledgeError, read_calendar

    known: dict[str, Calendar] = dict(CALENDARS)
    for path in paths:
        try:
            calendar = read_calendar(read(path), str(path), calendars=known)
        except PledgeError as error:
            raise WrongUse(f"the calendar cannot be used\n{error}") from None
        known[calendar.name] = calendar
    return known


def pledge_of(name: str, calendars: Mapping[str, Calendar]) -> Pledge:
    """A pledge that has no errors; its findings are told otherwise."""
    from ..rules.check import check_text

    text, file = text_of(name)
    pledge, findings = check_text(text, file, calendars=calendars)
    errors = [finding for finding in findings if finding.severity == "error"]
    if pledge is None or errors:
        raise WrongUse("the pledge has mistakes\n" + "\n".join(str(finding) for finding in errors))
    return pledge


def instant_of(text: str, zone: str) -> datetime:
    from ..rules.language.nodes import parse_instant
    from ..rules.working_time import zone_named

    found = parse_instant(text, zone_named(zone))
    if found is None:
        raise WrongUse(f"“{text}” is no date and time; write 2026-04-01T09:30:00+01:00 or '2026-04-01 09:30'")
    return found


def pairs_of(items: Sequence[str], what: str) -> list[tuple[str, str]]:
    pairs = []
    for item in items:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise WrongUse(f"“{item}” is no {what}; write NAME=VALUE")
        pairs.append((name, value))
    return pairs
