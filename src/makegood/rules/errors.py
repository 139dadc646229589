"""What can be wrong with a text that somebody wrote, and how to say it helpfully.

A `Finding` is one mistake with its place; a `PledgeError` carries all findings of a text at once.
Outcomes of a case are never errors: they are values (see `makegood.rules.evaluate`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


class Severity(StrEnum):
    """How much a finding matters: an `ERROR` stops the text from being used, a `WARNING` does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Place:
    """A position in a source text; line and column count from 1."""

    file: str = "<text>"
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One mistake: where it is, what was found, what was expected, and the likely mend."""

    place: Place
    code: str
    found: str
    expected: str = ""
    mend: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """The finding as a person reads it, in one to three lines."""
        lines = [f"{self.place}: {self.severity}: {self.found} [{self.code}]"]
        if self.expected:
            lines.append(f"    expected: {self.expected}")
        if self.mend:
            lines.append(f"    mend: {self.mend}")
        return visible("\n".join(lines))


class PledgeError(ValueError):
    """A text that cannot be used, with every finding in it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


def visible(text: str) -> str:
    """A text for a terminal: what it would not show, or would obey, by its number.

    >>> print(visible("a\\x1b[2J b\\u202e"))
    a\\x1b[2J b\\u202e
    """
    return _UNSEEN.sub(lambda unseen: unseen[0].encode("unicode_escape").decode("ascii"), text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the known word that is most like `word`, or list a few known ones.

    >>> did_you_mean("wokring days", ["working days", "calendar days"])
    'did you mean “working days”?'
    >>> did_you_mean("fortnight", ["hours"])
    'known here: hours'
    """
    choices = sorted(set(known))
    near = get_close_matches(word.lower(), choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean “{near[0]}”?"
    return f"known here: {listed(choices)}" if choices else ""


def listed(words: Sequence[str], most: int = 12) -> str:
    """Join words with commas; a long list is cut and says how many were left out."""
    shown = ", ".join(words[:most])
    return shown if len(words) <= most else f"{shown} and {len(words) - most} more"
