"""The pieces of which maps are drawn: words that fit, boxes, lines with tips, flags.

Sizes are in units of a map, of which about five make three pixels on a screen: a map is scaled to fit its page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ....rules.speak.document import tidy
from ...page import plain

Point = tuple[float, float]

BOX_WIDTH, BOX_HEIGHT, INSIDE = 164, 104, 12
SIZE = 19
"""The height of letters; the style says the same."""
FLAG = 17
"""The radius of a flag."""
SCALE = 0.65
"""No map is shown larger than so many pixels for each unit."""
_LINE = 22
_NARROW = frozenset("iljtfrI.,:;'|!()[] -")


@dataclass(frozen=True, kw_only=True)
class Label:
    """Words or a flag on a map, by its middle and its size."""

    words: str
    x: float
    y: float
    width: float
    height: float
    flag: bool = False

    def meets(self, other: Label) -> bool:
        """Whether the two share any place."""
        across = abs(self.x - other.x) * 2 < self.width + other.width
        return across and abs(self.y - other.y) * 2 < self.height + other.height


def picture(name: str, title: str, says: str, size: tuple[float, float], inside: str, dress: str) -> str:
    """A whole `<svg>` with its title and description; it shrinks to fit its page, and keyboards reach into it."""
    width, height = size
    return (
        f'<svg class="map {dress}" role="group" aria-labelledby="{name}-title" aria-describedby="{name}-desc" '
        f'width="{SCALE * width:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" xmlns="http://www.w3.org/2000/svg">\n'
        f'<title id="{name}-title">{plain(title)}</title>\n<desc id="{name}-desc">{plain(says)}</desc>\n'
        f"{inside}\n</svg>"
    )


def box(words: str, place: Point, *, below: str = "", dress: str = "box", width: float = BOX_WIDTH) -> str:
    """A box by its top left corner: words in up to three lines, and with less weight what stands below them."""
    (x, y), lines = place, fitted(words, width - INSIDE, 3)
    middle, top = x + width / 2, y + (BOX_HEIGHT - _LINE * (len(lines) + bool(below))) / 2 + 18
    named = "".join(
        f'<text class="name" x="{middle:.1f}" y="{top + _LINE * at:.1f}" text-anchor="middle">{plain(line)}</text>'
        for at, line in enumerate(lines)
    )
    y2 = top + _LINE * len(lines)
    under = f'<text class="count" x="{middle:.1f}" y="{y2:.1f}" text-anchor="middle">{plain(below)}</text>'
    return (
        f'<rect class="{dress}" x="{x:.1f}" y="{y:.1f}" width="{width}" height="{BOX_HEIGHT}" rx="6"/>'
        f"{named}{under if below else ''}"
    )


def line(route: Sequence[Point], dress: str, wide: float) -> str:
    """A move along a route that ends running across: a place to point at, the line itself, and its tip."""
    (x0, _), (x, y) = route[-2], route[-1]
    way, half = (1 if x > x0 else -1), 6 + wide / 2
    along = path((*route[:-1], (x - 10 * way, y)))
    return (
        f'<path class="reach" d="{along}"/><path class="move {dress}" d="{along}" stroke-width="{wide:.1f}"/>'
        f'<path class="tip {dress}" d="M{x - 14 * way:.1f} {y - half:.1f}L{x:.1f} {y:.1f}'
        f'L{x - 14 * way:.1f} {y + half:.1f}Z"/>'
    )


def width_of(count: int, most: int) -> float:
    """How wide the line of a move is that is made so often, of one that is made most often."""
    return 2.5 + 9.5 * count / max(most, 1)


def flag(label: Label) -> str:
    """The number of a detour in a circle."""
    return (
        f'<circle class="flag" cx="{label.x:.1f}" cy="{label.y:.1f}" r="{FLAG}"/>'
        f'<text class="number" x="{label.x:.1f}" y="{label.y + 7:.1f}" text-anchor="middle">{label.words}</text>'
    )


def pill(label: Label) -> str:
    """The wait of a move in words; its link says the same, so screen readers need not read it again."""
    left, top, wide, high = label.x - label.width / 2, label.y - label.height / 2, label.width, label.height
    words = plain(label.words)
    return (
        f'<g class="told" aria-hidden="true">'
        f'<rect class="pill" x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="4"/>'
        f'<text class="wait" x="{label.x:.1f}" y="{label.y + 6:.1f}" text-anchor="middle">{words}</text></g>'
    )


def path(route: Sequence[Point]) -> str:
    """A route with its corners rounded."""
    if not route:
        return ""
    parts = [f"M{route[0][0]:.1f} {route[0][1]:.1f}"]
    for before, (x, y), after in zip(route, route[1:], route[2:], strict=False):
        radius = min(16.0, length((before, (x, y))) / 2, length(((x, y), after)) / 2)
        (x1, y1), (x2, y2) = _toward((x, y), before, radius), _toward((x, y), after, radius)
        parts.append(f"L{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}")
    return "".join(parts) + f"L{route[-1][0]:.1f} {route[-1][1]:.1f}"


def _toward(start: Point, end: Point, far: float) -> Point:
    whole = length((start, end)) or 1.0
    return start[0] + (end[0] - start[0]) * far / whole, start[1] + (end[1] - start[1]) * far / whole


def length(part: tuple[Point, Point]) -> float:
    """How long a part of a route is that runs across or down."""
    (x1, y1), (x2, y2) = part
    return abs(x2 - x1) + abs(y2 - y1)


def lines_of(route: Sequence[Point]) -> list[Label]:
    """The places that the parts of a route take."""
    return [
        Label(words="", x=(x1 + x2) / 2, y=(y1 + y2) / 2, width=abs(x2 - x1) + 4, height=abs(y2 - y1) + 4)
        for (x1, y1), (x2, y2) in pairwise(route)
    ]


def wideness(words: str, size: float = SIZE) -> float:
    """About how wide words are, rather too much than too little."""
    return sum(_wide(letter) for letter in words) * size / 12


def _wide(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 13.5
    if letter in _NARROW:
        return 5.0
    return 10.2 if letter.isupper() or letter in "mwMW@%&" else 7.8


def fitted(words: str, room: float, lines: int, *, size: float = SIZE) -> list[str]:
    """Words in so many lines that are not wider than the room; what has none ends in `…`."""
    found: list[str] = [""]
    rest = tidy(words).split(" ")
    while rest:
        longer = f"{found[-1]} {rest[0]}".strip()
        if wideness(longer, size) <= room:
            found[-1] = longer
            rest.pop(0)
        elif found[-1] and len(found) < lines:
            found.append("")
        else:
            whole = longer if len(rest) == 1 or len(found) == lines else rest[0]
            cut = whole
            while cut and wideness(f"{cut}…", size) > room:
                cut = cut[:-1]
            if len(found) == lines:
                found[-1] = f"{cut.rstrip()}…"
                break
            found[-1], rest[0] = cut, whole[len(cut) :]
            found.append("")
    return [line for line in found if line] or ["…"]
