"""The pieces of a report on one page: the page itself, figures and tables, with all words escaped.

Nothing is fetched and nothing runs: the page forbids it to itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from ..rules.speak.document import tidy


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """Words in a table; `link` is where they lead on this page, `tall` where on a narrow screen, `says` names it."""

    words: str
    dress: str = ""
    link: str = ""
    tall: str = ""
    says: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row whose first cell is its header, all across when it is alone; `name` is its id, `dress` its class."""

    cells: Sequence[str | Cell]
    name: str = ""
    dress: str = ""


def page(*, title: str, kicker: str, heading: str, about: str, body: str, footer: str, style: str) -> str:
    """The whole page as HTML; `body` and `footer` are HTML already, the others words."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{plain(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<header>\n<p class="kicker">{plain(kicker)}</p>\n<h1>{plain(heading)}</h1>\n'
        f'<p class="about">{plain(about)}</p>\n</header>\n<main>\n{body}\n</main>\n'
        f"<footer>{footer}</footer>\n</body>\n</html>\n"
    )


def figure(caption: str, picture: str, key: str = "", dress: str = "") -> str:
    """A picture with its caption and, if any, the list items of its key."""
    keys = f'<ul class="key">{key}</ul>\n' if key else ""
    return f"<figure{_class(dress)}>\n<figcaption>{plain(caption)}</figcaption>\n{keys}{picture}\n</figure>"


def table(caption: str, head: Sequence[str], rows: Iterable[Row], *, words: Iterable[int] = ()) -> str:
    """A table that scrolls in itself; a narrow screen stacks its cells. `words` are the columns that hold words."""
    worded = frozenset(words)
    top = "".join(
        f'<th scope="col" role="columnheader"{_class("words" if place in worded else "")}>{plain(each)}</th>'
        for place, each in enumerate(head)
    )
    lines = "\n".join(_row(row, worded, head) for row in rows)
    # The roles say what the elements say, also where a narrow screen stacks the cells and so takes that from them.
    return scroller(
        caption,
        f'<table role="table">\n<caption>{plain(caption)}</caption>\n<thead role="rowgroup"><tr role="row">{top}</tr>'
        f'</thead>\n<tbody role="rowgroup">\n{lines}\n</tbody>\n</table>',
    )


def scroller(label: str, inside: str, dress: str = "") -> str:
    """What may be wider than the page, in a place that scrolls and that the keyboard reaches."""
    kind = f"scroll {dress}".strip()
    return f'<div class="{kind}" tabindex="0" role="region" aria-label="{plain(label)}">\n{inside}\n</div>'


def paragraphs(sentences: Iterable[str], dress: str = "") -> str:
    """Each of the sentences as a paragraph; empty ones are left out."""
    return "\n".join(f"<p{_class(dress)}>{plain(said)}</p>" for said in sentences if said)


def plain(text: str) -> str:
    """Words as they may stand in HTML, in text and in attributes."""
    return escape(tidy(text))


def _row(row: Row, worded: frozenset[int], head: Sequence[str]) -> str:
    cells = []
    for place, each in enumerate(row.cells):
        cell = each if isinstance(each, Cell) else Cell(words=each)
        inside = plain(cell.words)
        if cell.link:
            inside = _link(cell, inside)
        dress = _class(" ".join(part for part in ("words" if place in worded else "", cell.dress) if part))
        span = f' colspan="{len(head)}"' if len(row.cells) == 1 < len(head) else ""
        if place == 0:
            cells.append(f'<th scope="row" role="rowheader"{span}{dress}>{inside}</th>')
        else:
            cells.append(f'<td role="cell" data-head="{plain(head[place])}"{dress}>{inside}</td>')
    name = f' id="{row.name}"' if row.name else ""
    return f'<tr role="row"{name}{_class(row.dress)}>{"".join(cells)}</tr>'


def _link(cell: Cell, inside: str) -> str:
    """The link of a cell, or two of which the style shows the one that leads to what is to be seen."""
    says = f' aria-label="{plain(cell.says)}"' if cell.says else ""
    if not cell.tall:
        return f'<a href="#{cell.link}"{says}>{inside}</a>'
    ways = (("on-wide", cell.link), ("on-tall", cell.tall))
    return "".join(f'<a class="{dress}" href="#{to}"{says}>{inside}</a>' for dress, to in ways)


def _class(dress: str) -> str:
    return f' class="{dress}"' if dress else ""
