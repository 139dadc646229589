"""Charts as SVG, drawn here and not in the browser: no script, no network, readable on a phone and on paper.

Positions across are percentages and positions down are pixels, so that a chart fills its place and its text keeps
its size. Colours are classes of the page's style; each state and series has its own lines too. Words are escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from ..rules.speak.document import tidy

SERIES = 4
"""So many pledges are drawn side by side; tables hold the rest."""
_LEFT, _TOP, _PLOT = 14.0, 26, 190


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A part of a bar: the class that dresses it, its words, and its size."""

    dress: str
    words: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A bar with its label, what its size is in words, and, if known, both ends of the interval around it."""

    label: str
    size: float
    said: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A point of a curve, with what it says, and both ends of the interval around it."""

    label: str
    size: float
    said: str
    low: float | None = None
    high: float | None = None


def swatch(dress: str) -> str:
    """A small square in a dress, for lists and tables that explain a chart."""
    inside = _rect(0, 0, 100, 14, dress)
    return f'<svg class="swatch" width="14" height="14" aria-hidden="true">{inside}</svg>'


def shares(name: str, title: str, says: str, rows: Sequence[tuple[str, Sequence[Segment]]]) -> str:
    """For each row a whole bar made of its segments, with the words of those that have room."""
    height, parts = 64, []
    for number, (label, segments) in enumerate(rows):
        top, left = number * height, 0.0
        whole = sum(segment.size for segment in segments) or 1
        parts.append(_text(0, top + 13, label, "label"))
        for segment in segments:
            width = 100 * segment.size / whole
            parts.append(_rect(left, top + 38, width, 22, segment.dress))
            if width >= 22:
                parts.append(_text(left, top + 32, segment.words, "small"))
            left += width
    return _svg(name, title, says, len(rows) * height, parts)


def bars(name: str, title: str, says: str, rows: Sequence[Bar], dress: str, *, whole: float | None = None) -> str:
    """Bars below each other, each under its label; `whole` is the size that fills the width, else the largest."""
    height, parts = 46, []
    widest = whole or max((max(row.size, row.high or 0) for row in rows), default=0) or 1
    for number, row in enumerate(rows):
        top = number * height
        parts.append(_text(0, top + 14, _cut(row.label, 30), "label"))
        parts.append(_text(100, top + 14, row.said, "value", anchor="end"))
        parts.append(_rect(0, top + 21, 100, 14, "track"))
        parts.append(_rect(0, top + 21, 100 * row.size / widest, 14, dress))
        if row.low is not None and row.high is not None:
            low, high = 100 * row.low / widest, 100 * row.high / widest
            parts.append(_whisker(low, high, top + 28))
    return _svg(name, title, says, len(rows) * height, parts)


def columns(
    name: str,
    title: str,
    says: str,
    labels: Sequence[tuple[str, str]],
    series: Sequence[Sequence[float]],
    say: Callable[[float], str],
) -> str:
    """Columns beside each other; a label has two lines. One to four series stand side by side in each place."""
    drawn = series[:SERIES]
    top = _nice(max((size for each in drawn for size in each), default=0))
    parts = _grid(top, say)
    step = (100 - _LEFT) / max(len(labels), 1)
    width = step * 0.72 / max(len(drawn), 1)
    every = ceil(len(labels) / 12)
    for place, (first, second) in enumerate(labels):
        left = _LEFT + place * step + step * 0.14
        for number, sizes in enumerate(drawn):
            tall = _PLOT * sizes[place] / top
            parts.append(_rect(left + number * width, _TOP + _PLOT - tall, width, tall, f"s{number}"))
        middle = _LEFT + (place + 0.5) * step
        if place % every == 0:
            parts.append(_text(middle, _TOP + _PLOT + 18, first, "small", anchor="middle"))
        if second:
            parts.append(_text(middle, _TOP + _PLOT + 36, second, "small", anchor="middle"))
    return _svg(name, title, says, _TOP + _PLOT + 44, parts)


def curve(
    name: str,
    title: str,
    says: str,
    points: Sequence[Point],
    say: Callable[[float], str],
    *,
    axis: str,
    at: int | None = None,
) -> str:
    """A line through points with their intervals; the first, the last and the one `at` are told in words."""
    top = _nice(max((max(point.size, point.high or 0) for point in points), default=0))
    parts = _grid(top, say)
    step = (100 - _LEFT) / max(len(points), 1)
    across = [_LEFT + (place + 0.5) * step for place in range(len(points))]
    down = [_TOP + _PLOT * (1 - point.size / top) for point in points]
    if at is not None:
        parts.append(_rect(across[at] - step / 2, _TOP, step, _PLOT, "now"))
        parts.append(_text(across[at], _TOP + _PLOT - 8, "as written", "small", anchor="middle"))
    for place in range(len(points) - 1):
        parts.append(
            f'<line class="curve" x1="{across[place]:.2f}%" y1="{down[place]:.1f}" '
            f'x2="{across[place + 1]:.2f}%" y2="{down[place + 1]:.1f}"/>'
        )
    told = {at} | {end for end in (0, len(points) - 1) if at is None or abs(end - at) > 1}
    every = ceil(len(points) / 10)
    for place, point in enumerate(points):
        parts.append(_marker(across[place], down[place], point, top))
        if place in told:
            anchor = "start" if place == 0 else "end" if place == len(points) - 1 else "middle"
            highest = _TOP + _PLOT * (1 - max(point.size, point.high or 0) / top)
            parts.append(_text(across[place], highest - 10, point.said, "value halo", anchor=anchor))
        if place == at or (place % every == 0 and (at is None or abs(place - at) >= every)):
            parts.append(_text(across[place], _TOP + _PLOT + 18, point.label, "small", anchor="middle"))
    parts.append(_text((_LEFT + 100) / 2, _TOP + _PLOT + 40, axis, "small", anchor="middle"))
    return _svg(name, title, says, _TOP + _PLOT + 48, parts)


# --- the pieces --------------------------------------------------------------------------------------


def _svg(name: str, title: str, says: str, height: int, parts: Sequence[str]) -> str:
    inside = "\n".join(parts)
    return (
        f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc" width="100%" height="{height}" '
        f'xmlns="http://www.w3.org/2000/svg">\n<title id="{name}-title">{escape(tidy(title))}</title>\n'
        f'<desc id="{name}-desc">{escape(tidy(says))}</desc>\n{inside}\n</svg>'
    )


def _text(across: float, down: float, words: str, dress: str, *, anchor: str = "start") -> str:
    return f'<text class="{dress}" x="{across:.2f}%" y="{down:.1f}" text-anchor="{anchor}">{escape(tidy(words))}</text>'


_LINES = {"broken": 4, "excused": 5, "unknown": 5, "running": 7, "s1": 4, "s2": 5, "s3": 6}
"""Dresses that are lined, with pixels from line to line; the style says whether solid, dotted or dashed."""


def _rect(left: float, top: float, width: float, height: float, dress: str) -> str:
    """A rectangle in its dress. Lines, not pattern fills: browsers turn those into large pictures when printing."""
    if width <= 0 or height <= 0:
        return ""
    whole = f'<rect class="{dress}" x="{left:.3f}%" y="{top:.1f}" width="{width:.3f}%" height="{height:.1f}"/>'
    apart = _LINES.get(dress)
    if apart is None:
        return whole
    downs = [top + down for down in range(apart // 2 + 1, int(height), apart)]
    across = f'class="on-{dress}" x1="{left:.3f}%" x2="{left + width:.3f}%"'
    return whole + "".join(f'<line {across} y1="{down:.1f}" y2="{down:.1f}"/>' for down in downs)


def _whisker(low: float, high: float, down: float) -> str:
    ends = "".join(
        f'<line class="whisker" x1="{end:.2f}%" y1="{down - 5}" x2="{end:.2f}%" y2="{down + 5}"/>'
        for end in (low, high)
    )
    return f'<line class="whisker" x1="{low:.2f}%" y1="{down}" x2="{high:.2f}%" y2="{down}"/>{ends}'


def _marker(across: float, down: float, point: Point, top: float) -> str:
    whisker = ""
    if point.low is not None and point.high is not None:
        high, low = (_TOP + _PLOT * (1 - end / top) for end in (point.high, point.low))
        whisker = f'<path class="whisker" d="M0 {high:.1f}V{low:.1f}M-5 {high:.1f}h10M-5 {low:.1f}h10"/>'
    dot = f'<circle class="point" cx="0" cy="{down:.1f}" r="4.5"/>'
    return f'<svg x="{across:.2f}%" overflow="visible">{whisker}{dot}</svg>'


def _grid(top: float, say: Callable[[float], str]) -> list[str]:
    parts = []
    for part in range(5):
        down = _TOP + _PLOT * (1 - part / 4)
        parts.append(f'<line class="grid" x1="{_LEFT}%" y1="{down}" x2="100%" y2="{down}"/>')
        parts.append(_text(_LEFT - 1.5, down + 4, say(top * part / 4), "small", anchor="end"))
    return parts


def _nice(size: float) -> float:
    """The next round number that four gridlines divide well.

    >>> _nice(37), _nice(101), _nice(0)
    (40.0, 120.0, 1.0)
    """
    if size <= 0:
        return 1.0
    scale = 10.0 ** floor(log10(size))
    return next(step * scale for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10, 12) if step * scale >= size)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
