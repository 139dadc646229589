"""A page as data: headings, paragraphs, lists, tables and strips of days, before it takes a form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["text", "markdown", "html"]
"""A whole page, with its title and its footer."""

Part = Literal["fragment", "lines"]
"""What is put into a page or a message of somebody else: HTML without a frame, or plain lines that are not wrapped."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def tidy(text: str) -> str:
    """One line of visible text: no control characters, no reversed writing, no half characters.

    >>> tidy("a\\x1b[31m  b\\u202e")
    'a[31m b'
    """
    visible = _INVISIBLE.sub("", text).encode("utf-8", "replace").decode("utf-8")
    return " ".join(visible.split())


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title; `level` is 2 or more."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `role` is how HTML dresses it: lead, limit, verdict, note or nothing."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list whose items are blocks themselves; `role` may be timeline."""

    items: tuple[tuple[Block, ...], ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; the last column holds what the others lead to."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day of a strip: weekday, day of the month, state (as a `DayStep` has it), what it says."""

    weekday: str
    day: str
    state: str
    says: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """A count of days to look at; forms without pictures leave it out, so a sentence beside it must say the same."""

    caption: str
    days: tuple[StripDay, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Blocks that belong together; `role` is promise, remedies or exceptions."""

    role: str
    blocks: tuple[Block, ...]


Block = Heading | Paragraph | Listing | Table | Strip | Panel


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A whole page: its title, who speaks, and what follows."""

    language: str
    title: str
    kicker: str = ""
    blocks: tuple[Block, ...]
    footer: str = ""
