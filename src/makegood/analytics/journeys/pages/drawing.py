"""The map of a flow as SVG, for wide screens and paper: lanes by organisation, steps from left to right.

Colour and dashes both tell the wait, the usual way runs on a broad band, and the costliest detours carry numbered
flags. Each step and move is a link to its row in the tables (`{name}-step-1`, `{name}-move-1`), which link back to
`{name}-box-1` and `{name}-line-1`. No script; colours are classes of the page's style; words are escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ...page import plain
from ...sentences import say_number, say_share
from ..flows.flow import Flow, Move, Step
from .layout import HEADER, Layout, laid_out
from .selection import LEAST, Node, Selection, selected
from .shapes import (
    BOX_HEIGHT,
    BOX_WIDTH,
    FLAG,
    Label,
    Point,
    box,
    fitted,
    flag,
    length,
    line,
    lines_of,
    path,
    picture,
    pill,
    wideness,
    width_of,
)  # fmt: skip
from .waits import Scale, scale_of
from .wording import say_move, say_node, say_place, say_wait

_OFTEN = 0.1
"""A step where at least this share of journeys begins or ends is marked so."""
LANE_SIZE = 21
"""The height of the letters of a lane's name."""


def draw(
    flow: Flow, *, title: str, name: str = "map", least: int = LEAST, most_steps: int = 40, most_moves: int = 60
) -> str:
    """The map as one `<svg>`; `name` begins all its ids, so that a page may hold several maps."""
    return drawn(selected(flow, least=least, most_steps=most_steps, most_moves=most_moves), title=title, name=name)


def drawn(selection: Selection, *, title: str, name: str = "map") -> str:
    """The map of what was selected, as one `<svg>`."""
    weights = {(move.before, move.after): move.count for move in selection.moves}
    layout = laid_out(selection.order, weights, selection.usual)
    inside = "\n".join(_Drawing(selection, layout, name).parts())
    size = max(layout.width, 200.0), max(layout.height, 40.0)
    return picture(name, title, says(selection), size, inside, "wide-map")


def says(selection: Selection) -> str:
    """What the map shows, in sentences: how much, the usual way, and each costly detour."""
    detours = [f"Costly detour {number}: {say_move(move)}." for number, move in enumerate(selection.detours, 1)]
    return " ".join([usually(selection), *detours])


def usually(selection: Selection) -> str:
    """How much the map shows, and the usual way and its share, in sentences."""
    flow = selection.flow
    lanes = len({step.organisation for step in selection.steps})
    told = [
        f"A map of {say_number(flow.journeys, 'journey')} with {say_number(len(selection.steps), 'step')} "
        f"at {say_number(lanes, 'organisation')}."
    ]
    if selection.usual:
        way, share = ", ".join(say_node(node) for node in selection.usual), selection.usual_journeys / flow.journeys
        told.append(
            f"The usual way, taken by {say_number(selection.usual_journeys, 'journey')} ({say_share(share)} of all): "
            f"{way}."
        )
        told.append(f"Altogether there are {say_number(flow.variant_count, 'different way')}.")
    return " ".join(told)


def wait_scale(selection: Selection) -> Scale:
    """The classes of waits that tell the moves of a map apart."""
    return scale_of([move.wait for move in selection.moves])


def key(scale: Scale) -> str:
    """The items of a list that explains the map."""
    waits = "".join(
        f'<li><svg class="sample" width="42" height="12" viewBox="0 0 66 19" aria-hidden="true">'
        f'<path class="move {dress}" d="M2 9H64" stroke-width="6"/></svg>{words}</li>'
        for dress, words in scale.told()
    )
    number = Label(words="1", x=33, y=18, width=0, height=0)
    outline = '<rect class="box" x="2" y="4" width="42" height="28"/>'
    others = (
        ("the usual way", 66, '<path class="band" d="M2 18H64" stroke-width="22"/>'),
        ("a costly detour", 66, f'<path class="alarm" d="M2 18H64" stroke-width="16"/>{flag(number)}'),
        ("many begin here", 46, f'{outline}<path class="edge" d="M5 4V32"/>'),
        ("many end here", 46, f'{outline}<path class="edge" d="M41 4V32"/>'),
    )
    return f"<li>Half of the customers wait:</li>{waits}" + "".join(
        f'<li><svg class="sample" width="{width * 0.65:.0f}" height="23" viewBox="0 0 {width} 36" aria-hidden="true">'
        f"{inside}</svg>{words}</li>"
        for words, width, inside in others
    )


def move_link(number: int, move: Move, inside: str, name: str, rows: str) -> str:
    """What is drawn of a move, as a link to its row of the tables whose ids begin with `rows`."""
    said = say_move(move)
    return (
        f'<a id="{name}-line-{number}" class="way" href="#{rows}-move-{number}" '
        f'aria-label="{plain(said)}. To its row in the table."><title>{plain(said)}</title>{inside}</a>'
    )


def step_link(
    selection: Selection, number: int, step: Step, place: Point, name: str, rows: str, width: float = BOX_WIDTH
) -> str:
    """The box of a step with its marks, as a link to its row of the tables whose ids begin with `rows`."""
    node, flow, (x, y) = (step.name, step.organisation), selection.flow, place
    takes = f", half take {say_wait(step.seconds)} or less" if step.seconds is not None else ""
    met = f"{say_number(step.contacts, 'contact')} in {say_number(step.journeys, 'journey')}"
    said = f"{say_node(node)}: {met}{takes}."
    edges = "".join(
        f'<path class="edge" d="M{at:.1f} {y:.1f}v{BOX_HEIGHT}"/>'
        for at, ends in ((x + 3, flow.starts), (x + width - 3, flow.ends))
        if dict(ends).get(node, 0) >= max(_OFTEN * flow.journeys, 1)
    )
    dress = "box usual" if node in selection.usual else "box"
    inside = box(step.name or "no name", place, below=f"{step.contacts:,}", dress=dress, width=width)
    return (
        f'<a id="{name}-box-{number}" class="stop" href="#{rows}-step-{number}" '
        f'aria-label="{plain(said)} To its row in the table."><title>{plain(said)}</title>{inside}{edges}</a>'
    )


def lane(number: int, organisation: str, top: float, bottom: float, width: float) -> tuple[str, Label]:
    """The strip of an organisation and, to be drawn over what crosses it, its name."""
    words = fitted(say_place(organisation), width - 24, 1, size=LANE_SIZE)[0]
    wide = wideness(words, LANE_SIZE)
    strip = (
        f'<rect class="lane{" odd" if number % 2 else ""}" x="0" y="{top:.1f}" width="{width:.0f}" '
        f'height="{bottom - top:.1f}"/>'
    )
    return strip, Label(words=words, x=10 + wide / 2, y=top + HEADER / 2 + 2, width=wide, height=26)


def lane_name(number: int, label: Label) -> str:
    """The name of a lane, drawn."""
    dress = "lane-name odd" if number % 2 else "lane-name"
    return (
        f'<text class="{dress}" x="{label.x - label.width / 2:.1f}" y="{label.y + 7:.1f}">{plain(label.words)}</text>'
    )


class _Drawing:
    """The parts of one map, from back to front."""

    def __init__(self, selection: Selection, layout: Layout, name: str) -> None:
        self.selection = selection
        self.layout = layout
        self.name = name
        self.scale = wait_scale(selection)
        wide = max(layout.width, 200.0)
        self.lanes = [
            lane(place, each.organisation, each.top, each.bottom, wide) for place, each in enumerate(layout.lanes)
        ]
        held = [label for _, label in self.lanes]
        held += [
            Label(words="", x=x + BOX_WIDTH / 2, y=y + BOX_HEIGHT / 2, width=BOX_WIDTH, height=BOX_HEIGHT)
            for x, y in layout.places.values()
        ]
        self.labels = _labels(selection, layout, held)

    def parts(self) -> Iterator[str]:
        """Lanes, the band of the usual way, moves with the detours last, steps, and the names of lanes."""
        yield from (strip for strip, _ in self.lanes)
        most = max((move.count for move in self.selection.moves), default=1)
        for move in self.selection.detours:
            yield f'<path class="alarm" d="{path(self.layout.routes[move.before, move.after])}" stroke-width="18"/>'
        for pair in sorted(self.selection.usual_moves):
            yield f'<path class="band" d="{path(self.layout.routes[pair])}" stroke-width="26"/>'
        numbered = list(enumerate(self.selection.moves, 1))
        for number, move in reversed(numbered):
            pair = (move.before, move.after)
            inside = line(self.layout.routes[pair], self.scale.dress(move.wait), width_of(move.count, most))
            label = self.labels.get(pair)
            inside += flag(label) if label and label.flag else ""
            yield move_link(number, move, inside, self.name, self.name)
        for number, step in enumerate(self.selection.steps, 1):
            place = self.layout.places[step.name, step.organisation]
            yield step_link(self.selection, number, step, place, self.name, self.name)
        yield from (pill(label) for label in self.labels.values() if not label.flag)
        yield from (lane_name(number, label) for number, (_, label) in enumerate(self.lanes))


def _labels(selection: Selection, layout: Layout, held: Sequence[Label]) -> dict[tuple[Node, Node], Label]:
    """Flags of detours and waits of the usual way, none on a step or on another; what finds no place is left out."""
    taken, found = list(held), {}
    crossed = {pair: lines_of(route) for pair, route in layout.routes.items()}
    flags = [((move.before, move.after), str(number)) for number, move in enumerate(selection.detours, 1)]
    waits = [
        ((move.before, move.after), say_wait(move.wait))
        for move in selection.moves
        if (move.before, move.after) in selection.usual_moves and move not in selection.detours
    ]
    for place, (pair, words) in enumerate([*flags, *waits]):
        is_flag = place < len(flags)
        wide, high = (2.0 * FLAG, 2.0 * FLAG) if is_flag else (wideness(words) + 8, 26.0)
        others = [line for each, lines in crossed.items() if each != pair for line in lines]
        for choice in _along(layout.routes[pair], is_flag):
            labels = [Label(words=words, x=x, y=y, width=wide, height=high, flag=is_flag) for x, y in choice]
            free = [label for label in labels if not any(label.meets(other) for other in taken)]
            if free:
                found[pair] = min(free, key=lambda label: sum(label.meets(line) for line in others))
                taken.append(found[pair])
                break
    return found


def _along(route: Sequence[Point], is_flag: bool) -> list[list[Point]]:
    """Places for a label on a route, the middle of its longest part first; then, if need be, beside it."""
    parts = sorted(pairwise(route), key=lambda part: -length(part))
    places = [
        (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
        for (x1, y1), (x2, y2) in parts
        for share in (0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9, 0.03, 0.97)
    ]
    beside = (-20.0, 20.0, -34.0, 34.0) if is_flag else (-16.0, 16.0)
    aside = [(x + off, y) for x, y in places for off in beside]
    return [places, aside, [(x, y + off) for x, y in places for off in beside]]
