"""A page as one complete HTML file: no script, no network, everything escaped, readable on paper and on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .document import Block, Document, Heading, Listing, Panel, Paragraph, Strip, Table, tidy
from .style import STYLE


def write_html(document: Document) -> str:
    """A complete, self-contained HTML page."""
    title = _plain(document.title)
    kicker = f'<p class="kicker">{_plain(document.kicker)}</p>\n' if document.kicker else ""
    footer = f"<footer><p>{_plain(document.footer)}</p></footer>\n" if document.footer else ""
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{_plain(document.language)}">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n"
        f"<style>{STYLE}</style>\n"
        "</head>\n"
        "<body>\n"
        f"<header><div>\n{kicker}<h1>{title}</h1>\n</div></header>\n"
        f"<main>\n{write_fragment(document.blocks)}\n</main>\n"
        f"{footer}"
        "</body>\n"
        "</html>\n"
    )


def write_fragment(blocks: Iterable[Block]) -> str:
    """Blocks as HTML to be put into another page, which brings its own style and headings above level 2."""
    return "\n".join(_html(block) for block in blocks)


def _plain(text: str) -> str:
    return escape(tidy(text))


def _html(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{_plain(block.text)}</h{block.level}>"
        case Paragraph():
            kind = f' class="{block.role}"' if block.role else ""
            return f"<p{kind}>{_plain(block.text)}</p>"
        case Listing():
            return _list(block)
        case Table():
            return _table(block)
        case Strip():
            return _strip(block)
        case Panel():
            return f'<div class="panel {block.role}">\n{write_fragment(block.blocks)}\n</div>'


def _list(listing: Listing) -> str:
    tag, kind = ("ol", f' class="{listing.role}"') if listing.role else ("ul", "")
    items = "\n".join(f"<li>{''.join(_html(block) for block in item)}</li>" for item in listing.items)
    return f"<{tag}{kind}>\n{items}\n</{tag}>"


def _table(table: Table) -> str:
    """A table; its roles are written out because a phone's style shows each row as a block of its own."""
    head = "".join(f'<th role="columnheader" scope="col">{_plain(cell)}</th>' for cell in table.head)
    rows = "\n".join(
        '<tr role="row">'
        + "".join(
            f'<td role="cell" data-label="{_plain(label)}"><span>{_plain(cell)}</span></td>'
            for label, cell in zip(table.head, row, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    return (
        f'<table role="table">\n<caption>{_plain(table.caption)}</caption>\n'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{rows}\n</tbody>\n</table>'
    )


def _strip(strip: Strip) -> str:
    days = "\n".join(
        f'<li class="{day.state}{" last" if day.last else ""}"><span class="weekday">{_plain(day.weekday)}</span> '
        f'<span class="day">{_plain(day.day)}</span> <span class="why">{_plain(day.says)}</span></li>'
        for day in strip.days
    )
    return f'<ol class="strip" aria-label="{_plain(strip.caption)}">\n{days}\n</ol>'
