"""The map of a flow as SVG: lanes by organisation, steps from left to right, moves as wide as they are frequent.

Colour and dashes both tell the wait, the usual way runs on a broad band, and the costliest detours carry numbered
flags. Each step and move is a link to its row in the tables (`{name}-step-1`, `{name}-move-1`), which link back to
`{name}-box-1` and `{name}-line-1`. No script; colours are classes of the page's style; words are escaped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ....rules.speak.document import tidy
from ...page import plain
from ...sentences import say_number
from ..flows.flow import Flow, Move, Step
from .layout import BOX_HEIGHT, BOX_WIDTH, HEADER, Layout, Point, laid_out
from .selection import LEAST, Node, Selection, selected
from .wording import say_move, say_node, say_place, say_wait

WAITS: tuple[tuple[float, str], ...] = (
    (3_600, "within an hour"),
    (86_400, "within a day"),
    (7 * 86_400, "within a week"),
    (28 * 86_400, "within four weeks"),
    (float("inf"), "longer"),
)
"""Classes of waits: up to so many seconds, in words. Class 0 is dressed `w0`, and so on."""
_OFTEN = 0.1
"""A step where at least this share of journeys begins or ends is marked so."""
_FLAG = 11
_NARROW = frozenset("iljtfrI.,:;'|!()[] -")


def draw(
    flow: Flow, *, title: str, name: str = "map", least: int = LEAST, most_steps: int = 40, most_moves: int = 60
) -> str:
    """The map as one `<svg>`; `name` begins all its ids, so that a page may hold several maps."""
    return drawn(selected(flow, least=least, most_steps=most_steps, most_moves=most_moves), title=title, name=name)


def drawn(selection: Selection, *, title: str, name: str = "map") -> str:
    """The map of what was selected, as one `<svg>`."""
    weights = {(move.before, move.after): move.count for move in selection.moves}
    layout = laid_out(selection.order, weights, selection.usual)
    width, height = max(layout.width, 200.0), max(layout.height, 40.0)
    drawing = _Drawing(selection, layout, name)
    inside = "\n".join(drawing.parts())
    return (
        f'<svg class="map" role="group" aria-labelledby="{name}-title" aria-describedby="{name}-desc" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'xmlns="http://www.w3.org/2000/svg">\n<title id="{name}-title">{plain(title)}</title>\n'
        f'<desc id="{name}-desc">{plain(says(selection))}</desc>\n{inside}\n</svg>'
    )


def says(selection: Selection) -> str:
    """What the map shows, in sentences: how much, the usual way, and each costly detour."""
    detours = [f"Costly detour {number}: {say_move(move)}." for number, move in enumerate(selection.detours, 1)]
    return " ".join([usually(selection), *detours])


def usually(selection: Selection) -> str:
    """How much the map shows, and the usual way, in sentences."""
    flow = selection.flow
    lanes = len({step.organisation for step in selection.steps})
    told = [
        f"A map of {say_number(flow.journeys, 'journey')} with {say_number(len(selection.steps), 'step')} "
        f"at {say_number(lanes, 'organisation')}."
    ]
    if selection.usual:
        way = ", ".join(say_node(node) for node in selection.usual)
        told.append(f"The usual way, taken by {say_number(selection.usual_journeys, 'journey')}: {way}.")
    return " ".join(told)


def wait_class(seconds: float) -> int:
    """The place of a wait in `WAITS`.

    >>> wait_class(0), wait_class(86_400), wait_class(1e9)
    (0, 1, 4)
    """
    return next(place for place, (most, _) in enumerate(WAITS) if seconds <= most)


def key() -> str:
    """The items of a list that explains the map."""
    waits = "".join(
        f'<li><svg class="sample" width="42" height="12" aria-hidden="true">'
        f'<path class="move w{place}" d="M1 6H41" stroke-width="4"/></svg>{words}</li>'
        for place, (_, words) in enumerate(WAITS)
    )
    flag = '<circle class="flag" cx="8" cy="8" r="8"/><text class="number" x="8" y="12" text-anchor="middle">1</text>'
    box = '<rect class="box" x="1" y="1" width="26" height="14"/>'
    others = (
        ("the usual way", 42, '<path class="band" d="M1 8H41" stroke-width="14"/>'),
        ("a costly detour", 42, f'<path class="alarm" d="M1 8H41" stroke-width="10"/>{flag}'),
        ("many begin here", 28, f'{box}<path class="edge" d="M3 1V15"/>'),
        ("many end here", 28, f'{box}<path class="edge" d="M25 1V15"/>'),
    )
    return f"<li>Half move on:</li>{waits}" + "".join(
        f'<li><svg class="sample" width="{width}" height="16" aria-hidden="true">{inside}</svg>{words}</li>'
        for words, width, inside in others
    )


@dataclass(frozen=True, kw_only=True)
class Label:
    """Words or a flag on the map, by its middle and its size."""

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


class _Drawing:
    """The parts of one map, from back to front."""

    def __init__(self, selection: Selection, layout: Layout, name: str) -> None:
        self.selection = selection
        self.layout = layout
        self.name = name
        self.headers = _headers(layout)
        held = [label for label, _, _ in self.headers]
        held += [
            Label(words="", x=x + BOX_WIDTH / 2, y=y + BOX_HEIGHT / 2, width=BOX_WIDTH, height=BOX_HEIGHT)
            for x, y in layout.places.values()
        ]
        self.labels = _labels(selection, layout, held)

    def parts(self) -> Iterator[str]:
        """Lanes, the band of the usual way, moves with the detours last, steps, and the names of lanes."""
        for place, lane in enumerate(self.layout.lanes):
            yield (
                f'<rect class="lane{" odd" if place % 2 else ""}" x="0" y="{lane.top:.1f}" '
                f'width="{max(self.layout.width, 200):.0f}" height="{lane.bottom - lane.top:.1f}"/>'
            )
        most = max((move.count for move in self.selection.moves), default=1)
        for move in self.selection.detours:
            yield f'<path class="alarm" d="{_path(self.layout.routes[move.before, move.after])}" stroke-width="10"/>'
        for pair in sorted(self.selection.usual_moves):
            yield f'<path class="band" d="{_path(self.layout.routes[pair])}" stroke-width="16"/>'
        numbered = list(enumerate(self.selection.moves, 1))
        for number, move in reversed(numbered):
            yield self._move(number, move, most)
        for number, step in enumerate(self.selection.steps, 1):
            yield self._step(number, step)
        for label in self.labels.values():
            if not label.flag:
                yield _pill(label)
        for label, odd, hidden in self.headers:
            hide = ' aria-hidden="true"' if hidden else ""
            dress, x, y = "lane-name odd" if odd else "lane-name", label.x - label.width / 2, label.y + 5
            yield f'<text class="{dress}" x="{x:.1f}" y="{y:.1f}"{hide}>{plain(label.words)}</text>'

    def _move(self, number: int, move: Move, most: int) -> str:
        pair = (move.before, move.after)
        route = self.layout.routes[pair]
        wide = 1.5 + 5.5 * move.count / most
        dress = f"w{wait_class(move.wait)}"
        (x, y), tip = route[-1], 4 + wide / 2
        line = _path((*route[:-1], (x - 7, y)))
        label = self.labels.get(pair)
        said = f"{say_move(move)}. To its row in the table."
        return (
            f'<a id="{self.name}-line-{number}" class="way" href="#{self.name}-move-{number}" '
            f'aria-label="{plain(said)}"><title>{plain(say_move(move))}</title>'
            f'<path class="reach" d="{line}"/><path class="move {dress}" d="{line}" stroke-width="{wide:.1f}"/>'
            f'<path class="tip {dress}" d="M{x - 9:.1f} {y - tip:.1f}L{x:.1f} {y:.1f}L{x - 9:.1f} {y + tip:.1f}Z"/>'
            f"{_flag(label) if label and label.flag else ''}</a>"
        )

    def _step(self, number: int, step: Step) -> str:
        node = (step.name, step.organisation)
        x, y = self.layout.places[node]
        flow = self.selection.flow
        middle = x + BOX_WIDTH / 2
        takes = f", half take {say_wait(step.seconds)} or less" if step.seconds is not None else ""
        met = f"{say_number(step.contacts, 'contact')} in {say_number(step.journeys, 'journey')}"
        said = f"{say_node(node)}: {met}{takes}."
        lines = fitted(step.name or "no name", BOX_WIDTH - 16, 2)
        top = y + (19 if len(lines) == 2 else 25)
        words = "".join(
            f'<text class="name" x="{middle:.1f}" y="{top + 14 * place:.1f}" text-anchor="middle">{plain(line)}</text>'
            for place, line in enumerate(lines)
        )
        edges = "".join(
            f'<path class="edge" d="M{at:.1f} {y:.1f}v{BOX_HEIGHT}"/>'
            for at, ends in ((x + 2, flow.starts), (x + BOX_WIDTH - 2, flow.ends))
            if dict(ends).get(node, 0) >= max(_OFTEN * flow.journeys, 1)
        )
        usual = " usual" if node in self.selection.usual else ""
        return (
            f'<a id="{self.name}-box-{number}" class="stop" href="#{self.name}-step-{number}" '
            f'aria-label="{plain(said)} To its row in the table."><title>{plain(said)}</title>'
            f'<rect class="box{usual}" x="{x:.1f}" y="{y:.1f}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="4"/>'
            f'{edges}{words}<text class="count" x="{middle:.1f}" y="{y + BOX_HEIGHT - 7:.1f}" text-anchor="middle">'
            f"{step.contacts:,}</text></a>"
        )


def _headers(layout: Layout) -> list[tuple[Label, bool, bool]]:
    """The name of each lane, again and again across a wide map: whether the lane is odd, and whether it is a repeat."""
    apart, found = 800.0, []
    for number, lane in enumerate(layout.lanes):
        words = fitted(say_place(lane.organisation), min(apart - 60, max(layout.width, 200) - 24), 1, wide=1.2)[0]
        wide = 1.2 * wideness(words)
        for place in range(max(1, int((layout.width - 200) // apart) + 1)):
            middle = 10 + place * apart + wide / 2
            if not place or middle + wide / 2 < layout.width:
                label = Label(words=words, x=middle, y=lane.top + HEADER / 2 + 2, width=wide, height=18)
                found.append((label, number % 2 == 1, place > 0))
    return found


def _labels(selection: Selection, layout: Layout, held: Sequence[Label]) -> dict[tuple[Node, Node], Label]:
    """Flags of detours and waits of the usual way, none on a step or on another; what finds no place is left out."""
    taken, found = list(held), {}
    crossed = {pair: _lines(route) for pair, route in layout.routes.items()}
    flags = [((move.before, move.after), str(number)) for number, move in enumerate(selection.detours, 1)]
    waits = [
        ((move.before, move.after), say_wait(move.wait))
        for move in selection.moves
        if (move.before, move.after) in selection.usual_moves and move not in selection.detours
    ]
    for place, (pair, words) in enumerate([*flags, *waits]):
        flag = place < len(flags)
        wide, high = (2.0 * _FLAG, 2.0 * _FLAG) if flag else (wideness(words) + 8, 16.0)
        others = [line for each, lines in crossed.items() if each != pair for line in lines]
        for choice in _along(layout.routes[pair], flag):
            labels = [Label(words=words, x=x, y=y, width=wide, height=high, flag=flag) for x, y in choice]
            free = [label for label in labels if not any(label.meets(other) for other in taken)]
            if free:
                found[pair] = min(free, key=lambda label: sum(label.meets(line) for line in others))
                taken.append(found[pair])
                break
    return found


def _lines(route: Sequence[Point]) -> list[Label]:
    """The places that the parts of a route take."""
    return [
        Label(words="", x=(x1 + x2) / 2, y=(y1 + y2) / 2, width=abs(x2 - x1) + 4, height=abs(y2 - y1) + 4)
        for (x1, y1), (x2, y2) in pairwise(route)
    ]


def _along(route: Sequence[Point], flag: bool) -> list[list[Point]]:
    """Places for a label on a route, the middle of its longest part first; then, if need be, beside it."""
    parts = sorted(pairwise(route), key=lambda part: -_length(part))
    places = [
        (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
        for (x1, y1), (x2, y2) in parts
        for share in (0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9, 0.03, 0.97)
    ]
    beside = (-13.0, 13.0, -22.0, 22.0) if flag else (-10.0, 10.0)
    aside = [(x + off, y) for x, y in places for off in beside]
    return [places, aside, [(x, y + off) for x, y in places for off in beside]]


def _flag(label: Label) -> str:
    return (
        f'<circle class="flag" cx="{label.x:.1f}" cy="{label.y:.1f}" r="{_FLAG}"/>'
        f'<text class="number" x="{label.x:.1f}" y="{label.y + 5:.1f}" text-anchor="middle">{label.words}</text>'
    )


def _pill(label: Label) -> str:
    """The wait of a move in words; its link says the same, so screen readers need not read it again."""
    left, top, wide, high = label.x - label.width / 2, label.y - label.height / 2, label.width, label.height
    x, y = label.x, label.y + 4
    return (
        f'<g class="told" aria-hidden="true">'
        f'<rect class="pill" x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="3"/>'
        f'<text class="wait" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{plain(label.words)}</text></g>'
    )


def _path(route: Sequence[Point]) -> str:
    """A route with its corners rounded."""
    if not route:
        return ""
    parts = [f"M{route[0][0]:.1f} {route[0][1]:.1f}"]
    for before, (x, y), after in zip(route, route[1:], route[2:], strict=False):
        radius = min(16.0, _length((before, (x, y))) / 2, _length(((x, y), after)) / 2)
        (x1, y1), (x2, y2) = _toward((x, y), before, radius), _toward((x, y), after, radius)
        parts.append(f"L{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}")
    return "".join(parts) + f"L{route[-1][0]:.1f} {route[-1][1]:.1f}"


def _toward(start: Point, end: Point, far: float) -> Point:
    length = _length((start, end)) or 1.0
    return start[0] + (end[0] - start[0]) * far / length, start[1] + (end[1] - start[1]) * far / length


def _length(part: tuple[Point, Point]) -> float:
    (x1, y1), (x2, y2) = part
    return abs(x2 - x1) + abs(y2 - y1)


def wideness(words: str) -> float:
    """About how many pixels words take at 12 pixels, rather too many than too few."""
    return sum(_wide(letter) for letter in words)


def _wide(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 13.0
    if letter in _NARROW:
        return 4.8
    return 9.6 if letter.isupper() or letter in "mwMW@%&" else 7.2


def fitted(words: str, pixels: float, lines: int, *, wide: float = 1.0) -> list[str]:
    """Words in so many lines that are not wider; what has no room ends in `…`. `wide` is the size against 12 pixels."""
    found: list[str] = [""]
    rest = tidy(words).split(" ")
    while rest:
        longer = f"{found[-1]} {rest[0]}".strip()
        if wideness(longer) * wide <= pixels:
            found[-1] = longer
            rest.pop(0)
        elif found[-1] and len(found) < lines:
            found.append("")
        else:
            whole = longer if len(rest) == 1 or len(found) == lines else rest[0]
            cut = whole
            while cut and wideness(f"{cut}…") * wide > pixels:
                cut = cut[:-1]
            if len(found) == lines:
                found[-1] = f"{cut.rstrip()}…"
                break
            found[-1], rest[0] = cut, whole[len(cut) :]
            found.append("")
    return [line for line in found if line] or ["…"]
