"""What a command reads: pledges by file or name, calendars, instants. What cannot be read is wrong use."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
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
    try:
        if path.is_file() or path.is_fifo():
            return read(path), name
    except OSError:
        pass  # no name that a file can have
    try:
        return schemes.text_of(name), f"{name}.yaml"
    except LookupError:
        raise WrongUse(f"there is no file and no shipped scheme {_known(name)}") from None


def shipped_text(name: str) -> str:
    """The text of a shipped scheme."""
    from .. import schemes

    try:
        return schemes.text_of(name)
    except LookupError:
        raise WrongUse(f"there is no shipped scheme {_known(name)}") from None


def _known(name: str) -> str:
    from ..rules.errors import did_you_mean
    from ..schemes import scheme_names

    return f"“{name[:60]}”; {did_you_mean(name[:60], scheme_names())}"


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WrongUse(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise WrongUse(f"{path}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from None


def must_be_writable(path: Path) -> None:
    """Refuse an output that cannot be written, before anything is done for it."""
    if path.is_dir():
        raise WrongUse(f"{path}: is a folder; name a file")
    if path.exists() and not path.is_file():
        raise WrongUse(f"{path}: is no file but a pipe or a device; name a file")
    if not path.parent.is_dir():
        raise WrongUse(f"{path}: there is no folder “{path.parent}”")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise WrongUse(f"{path}: may not be written")


def must_be_apart(outputs: Iterable[Path | None], inputs: Iterable[Path | str | None]) -> None:
    """Refuse outputs that would be written over what is read, or over one another."""
    taken = {Path(path).resolve(): "is read" for path in inputs if path}
    for path in filter(None, outputs):
        place = path.resolve()
        if place in taken:
            raise WrongUse(f"{path}: {taken[place]} too; name another file to write to")
        taken[place] = "is written"


def must_be_file(path: Path) -> None:
    """Refuse an input that is not there, or that could be read only once."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise WrongUse(f"{path}: {error.strerror or error}") from None
    if stat.S_ISDIR(mode):
        raise WrongUse(f"{path}: is a folder; name a file")
    if not stat.S_ISREG(mode):
        raise WrongUse(f"{path}: is a pipe or a device, and the file is read more than once; save it as a file first")


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
        raise WrongUse(
            f"“{text[:60]}” is no date and time that can be reckoned with;"
            " write 2026-04-01T09:30:00+01:00 or '2026-04-01 09:30'"
        )
    return found


def day_of(text: str) -> date:
    from ..rules.facts import day_of_text
    from ..rules.working_time import day_of as day_numbered

    number = day_of_text(text)
    if number is None:
        raise WrongUse(f"“{text[:60]}” is no date that can be reckoned with; write 2026-05-21")
    return day_numbered(number)


def pairs_of(items: Sequence[str], what: str) -> list[tuple[str, str]]:
    pairs = []
    for item in items:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise WrongUse(f"“{item}” is no {what}; write NAME=VALUE")
        pairs.append((name, value))
    return pairs
