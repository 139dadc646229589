"""Reading typed values out of nodes while collecting every finding, so that all mistakes are told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeGuard, TypeVar
from zoneinfo import ZoneInfoNotFoundError

from ..errors import Finding, Place, Severity, did_you_mean, listed
from ..working_time import EARLIEST, LATEST, Zone, zone_named
from . import model as m
from .grammar import Key
from .mends import COMMA, likely
from .phrases import Names, Phrase, PhraseError, is_name
from .text import Listing, Mapping, Node, Scalar
from .words import RESERVED

T = TypeVar("T")

_INSTANT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?"
    r"\s?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)


_PLACEHOLDERS = {
    "fact": "FACT",
    "facts": "FACT",
    "start": "FACT",
    "condition": "CONDITION",
    "exclusions": "CONDITION",
    "standard": "STANDARD",
    "map": "{NAME: …}",
}
"""What stands for names of the writer's own, so that no example speaks of somebody else's."""


class Reading:
    """The findings of one text, and the small readers that add to them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.names = Names()
        self.zone: Zone = zone_named("Europe/London")

    def wrong(
        self,
        node: Node | Place,
        found: str,
        expected: str = "",
        mend: str = "",
        code: str = "value",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one finding."""
        place = node if isinstance(node, Place) else node.place
        self.findings.append(
            Finding(
                place=place,
                code=code,
                found=found,
                expected=expected,
                mend=mend,
                severity=severity,
            )
        )

    def fields(self, node: Node | None, table: dict[str, Key], what: str) -> dict[str, Node]:
        """The entries of a mapping whose keys are in the table; the rest is noted."""
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            self.wrong(node, f"{shown(node)} instead of {what}", f"keys such as {listed(list(table), 5)}", code="shape")
            return {}
        for name, key in node.keys.items():
            if name not in table:
                self.wrong(
                    key,
                    f"{what} has no key “{name[:60]}”",
                    listed(list(table), 30),
                    _cut_at_comma(node, name) or did_you_mean(name, table),
                    "unknown-key",
                )
        for name, spec in table.items():
            if spec.required and name not in node.entries:
                example = _PLACEHOLDERS.get(spec.shape, spec.example)
                self.wrong(node, f"{what} lacks “{name}”", f"{name}: {example}", code="missing-key")
        return {name: entry for name, entry in node.entries.items() if name in table}

    def entries(self, node: Node | None, what: str, *, names: bool = True) -> dict[str, Node]:
        """The entries of a mapping with free names."""
        if node is None or (isinstance(node, Scalar) and not node.text):
            return {}
        if not isinstance(node, Mapping):
            self.wrong(node, f"{shown(node)} instead of named {what}", "lines of the form “name: value”", code="shape")
            return {}
        good = {}
        for name, entry in node.entries.items():
            if names and not is_name(name):
                reserved = name.lower() in RESERVED
                self.wrong(
                    node.keys[name],
                    f"“{name[:60]}” is a word of the language" if reserved else f"“{name[:60]}” cannot be a name here",
                    "letters, digits, - and _, beginning with a letter, and no word of the language",
                    f"add to it, such as {name}-fact" if reserved else "",
                    code="name",
                )
            else:
                good[name] = entry
        return good

    def items(self, node: Node | None) -> list[Node]:
        """The items of a list; a single thing is a list of one."""
        if node is None:
            return []
        return list(node.items) if isinstance(node, Listing) else [node]

    def text(self, node: Node | None) -> str:
        """Words; empty when there is no node."""
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.wrong(node, f"{shown(node)} instead of words", "one piece of text", code="shape")
            return ""
        if node.cut:
            self.wrong(
                node,
                f"“{node.text[:40]}” is cut off at a “#”, which begins a comment",
                "words without “ #”",
                "put a text with “ #” in quotes",
                "comment",
                Severity.WARNING,
            )
        return " ".join(node.text.split())

    def word(self, node: Node | None, allowed: Iterable[str], default: str = "") -> str:
        """One of some words."""
        text = self.text(node)
        if node is None:
            return default
        allowed = list(allowed)
        if text not in allowed:
            self.wrong(node, f"“{text[:60]}”", f"one of {listed(allowed)}", did_you_mean(text, allowed))
            return default
        return text

    def yes(self, node: Node | None) -> bool:
        """Yes or no."""
        return self.word(node, ["yes", "no"], "no") == "yes"

    def whole(self, node: Node | None, default: int) -> int:
        """A whole number from 1."""
        text = self.text(node)
        if node is None:
            return default
        text = {"once": "1", "twice": "2"}.get(text, text)
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 10_000):
            self.wrong(node, f"“{text[:40]}”", "a whole number from 1 to 10,000")
            return default
        return int(text)

    def known(self, node: Node | None, known: Iterable[str], what: str) -> str:
        """A name that must be declared."""
        text = self.text(node)
        if node is not None and text not in (known := list(known)):
            self.wrong(
                node, f"“{text[:60]}” is not {what} of this pledge", what, did_you_mean(text, known), "unknown-name"
            )
        return text

    def date(self, node: Node | None) -> date | None:
        """A date."""
        text = self.text(node)
        if node is None:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            self.wrong(node, f"“{text[:40]}” is no date", "a date that exists, such as 2026-04-01", code="date")
            return None

    def instant(self, node: Node | None) -> datetime | None:
        """A date and time; local to the pledge's zone without an offset. A bare date is its midnight."""
        text = self.text(node)
        if node is None:
            return None
        found = parse_instant(text, self.zone)
        if found is None:
            self.wrong(
                node,
                f"“{text[:40]}” is no date and time",
                "such as 2026-04-01 09:30 or 2026-04-01T09:30+01:00",
                code="date",
            )
        return found

    def zone_of(self, node: Node | None, default: str) -> str:
        """A time zone that exists."""
        text = self.text(node)
        if node is None:
            return default
        try:
            zone_named(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.wrong(node, f"“{text[:60]}” is no time zone", "an IANA name such as Europe/London", code="zone")
            return default
        return text

    def phrase(self, node: Node | None, rule: Callable[[Phrase], T], default: T) -> T:
        """A phrase read by one of the rules of `Phrase`; the default when it is wrong, which is noted."""
        if node is None:
            return default
        if not isinstance(node, Scalar):
            self.wrong(node, f"{shown(node)} instead of a phrase", "one phrase", code="shape")
            return default
        try:
            return self._parsed(node.text, rule)
        except PhraseError as error:
            place = Place(
                file=node.place.file, line=node.place.line, column=node.place.column + node.inset + error.offset
            )
            self.wrong(place, error.found, error.expected, self._mend(node.text, rule, error.mend), error.code)
            return default

    def _parsed(self, text: str, rule: Callable[[Phrase], T]) -> T:
        phrase = Phrase(text, self.names)
        return phrase.whole(lambda: rule(phrase))

    def _mend(self, text: str, rule: Callable[[Phrase], T], mend: str) -> str:
        """What was likely meant, if it can be read; otherwise the mend given, or that of what is still wrong."""
        for meant in likely(text):
            try:
                self._parsed(meant, rule)
            except PhraseError as still:
                mend = still.mend if still.code == "unit" or not mend else mend
            else:
                return f"write “{meant}”"
        return mend

    def choice(self, node: Node | None, rule: Callable[[Phrase], T], default: T) -> m.Choice[T]:
        """One phrase, or a list of “… if …” lines."""
        lines = self.items(node)
        if isinstance(node, Listing) and not lines:
            self.wrong(node, "an empty list", "at least one line", code="shape")
        options: list[m.Option[T]] = []
        failed = m.Option(value=default, condition=m.AllOf(parts=()))
        for line in lines:
            if options and options[-1].condition is None:
                self.wrong(
                    line,
                    "a line after one that always applies",
                    "conditions first, “otherwise” last",
                    COMMA if isinstance(node, Listing) and node.flow and _is_plain(line) else "",
                    "never-reached",
                )
                break
            options.append(self.phrase(line, lambda phrase: phrase.option(lambda: rule(phrase)), failed))
        return tuple(options)


def parse_instant(text: str, zone: Zone) -> datetime | None:
    """Read an ISO date and time; without an offset it is local to `zone` (the later one when it occurs twice).

    A time that does not exist there means the first instant after the gap. `None` when it is no instant, or outside
    the years in which cases lie.
    """
    match = _INSTANT.fullmatch(text)
    if not match or not EARLIEST <= int(match["day"][:4]) <= LATEST:
        return None
    try:
        if match["hour"] is None:
            naive = datetime.fromisoformat(f"{match['day']}T00:00:00+00:00")
        else:
            clock = f"{match['hour']}:{match['minute']}:{match['second'] or '00'}"
            offset = (match["zone"] or "+00:00").replace("Z", "+00:00")
            naive = datetime.fromisoformat(f"{match['day']}T{clock}{offset}")
        if match["zone"]:
            return naive
        return zone.datetime(zone.instant(int(naive.timestamp()), later=True))
    except (ValueError, OverflowError):
        return None


def _is_plain(node: Node) -> TypeGuard[Scalar]:
    return isinstance(node, Scalar) and not node.inset


def _cut_at_comma(node: Mapping, name: str) -> str:
    """The mend for a key that is the rest of a phrase, which a comma between braces cut in two."""
    rest = node.entries[name]
    if not (node.flow and _is_plain(rest) and not rest.text):
        return ""
    names = list(node.entries)
    before = node.entries[names[max(names.index(name) - 1, 0)]]
    if not isinstance(before, Scalar) or not before.text:
        return COMMA
    return f"{COMMA}: “{before.text},{'' if name.isdigit() else ' '}{name}”"


def shown(node: Node) -> str:
    """What stands at a node, in a few words."""
    if isinstance(node, Scalar):
        return f"“{node.text[:40]}”" if node.text else "nothing"
    return "a list" if isinstance(node, Listing) else "named values"
