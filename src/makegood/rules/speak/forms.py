"""A page as plain text and as Markdown, and a part of one as lines.

Words from a pledge text can neither break nor add structure.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from .document import Block, Document, Form, Heading, Listing, Panel, Paragraph, Part, Strip, Table, tidy
from .html import write_fragment, write_html

_WIDTH = 78


def write(document: Document, form: Form | Part) -> str:
    """The page in one of its forms; as a part, it is without its title and footer. Raises `ValueError` for another."""
    match form:
        case "text":
            return write_text(document)
        case "markdown":
            return write_markdown(document)
        case "html":
            return write_html(document)
        case _:
            return write_part(document.blocks, form)


def write_part(blocks: Iterable[Block], form: Part) -> str:
    """Blocks to be put into another page or message. Raises `ValueError` for another form."""
    match form:
        case "fragment":
            return write_fragment(blocks)
        case "lines":
            return write_lines(blocks)
    raise ValueError(f"no form “{form}”: text, markdown, html, fragment or lines")


# --- plain text --------------------------------------------------------------------------------------


def write_text(document: Document) -> str:
    """Plain text, at most 78 characters wide unless a single word is longer."""
    title = _wrapped(document.title)
    parts = [*title, "=" * min(max(map(len, title), default=1), _WIDTH)]
    parts += _wrapped(document.kicker)
    for block in document.blocks:
        parts += ["", *_text(block, _WIDTH)]
    if document.footer:
        parts += ["", *_wrapped(document.footer)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)) + "\n"


def _wrapped(text: str, width: int = _WIDTH) -> list[str]:
    return textwrap.wrap(tidy(text), max(width, 20), break_on_hyphens=False, break_long_words=False)


def _text(block: Block, width: int) -> list[str]:
    match block:
        case Heading():
            lines = _wrapped(block.text, width)
            return [*lines, ("-" if block.level == 2 else "~") * max(map(len, lines), default=1)]
        case Paragraph():
            return _wrapped(block.text, width)
        case Listing():
            return [line for item in block.items for line in _text_item(item, width)]
        case Table():
            return _text_table(block, width)
        case Strip():
            return []
        case Panel():
            return _text_blocks(block.blocks, width)


def _text_blocks(blocks: Iterable[Block], width: int) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        said = _text(block, width)
        if said:
            lines += ["", *said] if lines and not isinstance(block, Listing) else said
    return lines


def _text_item(item: tuple[Block, ...], width: int) -> list[str]:
    lines: list[str] = []
    for block in item:
        said = _text(block, width - 2)
        lines += ["", *said, ""] if isinstance(block, Table) else said
    return [("- " if number == 0 else "  ") + line if line else "" for number, line in enumerate(lines)]


def _text_table(table: Table, width: int) -> list[str]:
    rows = [[tidy(cell) for cell in row] for row in (table.head, *table.rows)]
    widest = [max(len(row[column]) for row in rows) for column in range(len(table.head))]
    room = width - 2 * (len(widest) - 1)
    while sum(widest) > room and max(widest) > 12:
        widest[widest.index(max(widest))] -= 1
    lines = [*_wrapped(table.caption, width), ""]
    for number, row in enumerate(rows):
        cells = [
            textwrap.wrap(cell, size, break_on_hyphens=False) or [""] for cell, size in zip(row, widest, strict=True)
        ]
        for line in range(max(map(len, cells))):
            filled = [
                (cell[line] if line < len(cell) else "").ljust(size) for cell, size in zip(cells, widest, strict=True)
            ]
            lines.append("  ".join(filled).rstrip())
        if number == 0:
            lines.append("  ".join("-" * size for size in widest))
    return lines


# --- Markdown ----------------------------------------------------------------------------------------

_SPECIAL = re.compile(r"[\\`*_\[\]|~$]")
_AT_START = re.compile(r"^(?:[#+=:-]|\d+(?=[.)]))")


def escape_markdown(text: str) -> str:
    """Text that stays text in Markdown, wherever in a line it stands.

    >>> escape_markdown("# <b>*not* bold</b> [x](y)")
    '\\\\# &lt;b&gt;\\\\*not\\\\* bold&lt;/b&gt; \\\\[x\\\\](y)'
    """
    plain = _SPECIAL.sub(r"\\\g<0>", tidy(text))
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    start = _AT_START.match(plain)
    if start is None:
        return plain
    return (
        plain[: start.end() - 1] + "\\" + plain[start.end() - 1 :]
        if not start[0].isdigit()
        else (start[0] + "\\" + plain[start.end() :])
    )


def write_markdown(document: Document) -> str:
    """Markdown (CommonMark with tables)."""
    parts = [f"# {escape_markdown(document.title)}"]
    if document.kicker:
        parts.append(escape_markdown(document.kicker))
    parts += [said for block in document.blocks if (said := "\n".join(_markdown(block)))]
    if document.footer:
        parts += ["---", escape_markdown(document.footer)]
    return "\n\n".join(parts) + "\n"


def _markdown(block: Block) -> list[str]:
    match block:
        case Heading():
            return [f"{'#' * block.level} {escape_markdown(block.text)}"]
        case Paragraph():
            text = escape_markdown(block.text)
            return [f"**{text}**" if block.role in ("limit", "verdict") and text else text]
        case Listing():
            return [line for item in block.items for line in _markdown_item(item)]
        case Table():
            return _markdown_table(block)
        case Strip():
            return []
        case Panel():
            return "\n\n".join(said for part in block.blocks if (said := "\n".join(_markdown(part)))).split("\n")


def _markdown_item(item: tuple[Block, ...]) -> list[str]:
    lines: list[str] = []
    for block in item:
        said = _markdown(block)
        lines += ["", *said] if lines and not isinstance(block, Listing) else said
    return [("- " if number == 0 else "  ") + line if line else "" for number, line in enumerate(lines)]


def _markdown_table(table: Table) -> list[str]:
    rows = ["| " + " | ".join(escape_markdown(cell) for cell in row) + " |" for row in (table.head, *table.rows)]
    return [escape_markdown(table.caption), "", rows[0], "|" + " --- |" * len(table.head), *rows[1:]]


# --- lines -------------------------------------------------------------------------------------------


def write_lines(blocks: Iterable[Block]) -> str:
    """A line for each heading, paragraph, item and row of a table, however long; an empty line before a heading."""
    lines: list[str] = []
    for block in blocks:
        lines += ["", *_lines(block)] if lines and isinstance(block, Heading) else _lines(block)
    return "\n".join(lines)


def _lines(block: Block) -> list[str]:
    match block:
        case Heading() | Paragraph():
            return [tidy(block.text)]
        case Listing():
            return [line for item in block.items for line in _item(line for part in item for line in _lines(part))]
        case Table():
            rows = (_row(block.head, row) for row in block.rows)
            return [tidy(block.caption), *(line for row in rows for line in _item([row]))]
        case Strip():
            return []
        case Panel():
            return [line for part in block.blocks for line in _lines(part)]


def _item(lines: Iterable[str]) -> list[str]:
    return [("* " if number == 0 else "  ") + line for number, line in enumerate(lines)]


def _row(head: Iterable[str], row: Iterable[str]) -> str:
    """A row that can be read without its table: each cell after what its column is called."""
    return " · ".join(f"{tidy(label)}: {tidy(cell)}" for label, cell in zip(head, row, strict=True))
