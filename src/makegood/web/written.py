"""Plain words as a page shows them: the paragraphs and lists of a mail or a letter, with their line ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.safestring import SafeString, mark_safe

from .parts import filled

_ITEM = re.compile(r"( *)\* (.*)")


def as_letter(words: str) -> SafeString:
    """Words with an empty line between paragraphs as HTML; lines with a star are lists, indented ones lie within.

    >>> as_letter("If we fail\\n* We say sorry.\\n  * At once.")
    '<p>If we fail</p><ul><li>We say sorry.<ul><li>At once.</li></ul></li></ul>'
    """
    paragraphs = re.split(r"\n\n+", words.strip("\n"))
    return mark_safe("".join("".join(_blocks(each.split("\n"))) for each in paragraphs))  # noqa: S308 - escaped below


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    plain: list[str] = []
    depth = 0
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item is None and depth and line.startswith("  "):  # a further line of an item
            yield filled("<br>{}", line.strip())
        elif item is None:
            yield "</li></ul>" * depth
            depth = 0
            plain.append(line)
        else:
            yield from _paragraph(plain)
            wanted = min(len(item[1]) // 2, depth) + 1
            yield "<ul>" if wanted > depth else "</li></ul>" * (depth - wanted) + "</li>"
            depth = wanted
            yield filled("<li>{}", item[2])
    yield "</li></ul>" * depth
    yield from _paragraph(plain)


def _paragraph(lines: list[str]) -> Iterator[str]:
    if lines:
        words = "<br>".join(filled("{}", line) for line in lines)
        lines.clear()
        yield f"<p>{words}</p>"
