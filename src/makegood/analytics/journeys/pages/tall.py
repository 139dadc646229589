"""The same map for narrow screens: organisations one below the other, their steps in one column, moves beside it.

What does not find room beside the steps is left to the table, the rarest first; the detours and the usual way stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...sentences import say_number
from ..flows.flow import Move
from .drawing import lane, lane_name, move_link, says, step_link, wait_scale
from .layout import HEADER
from .selection import Node, Selection
from .shapes import BOX_HEIGHT, FLAG, Label, Point, flag, line, path, picture, width_of

WIDTH = 480
_BOX, _LEFT, _ROW = 230, 12, BOX_HEIGHT + 12
_FIRST, _TRACK, _TRACKS = _LEFT + _BOX + 42, 20, 9


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A move with its route: out of a box, along its track up or down, and back to a box."""

    move: Move
    route: tuple[Point, ...]


def drawn_tall(selection: Selection, *, title: str, name: str = "tall", rows: str = "map") -> str:
    """The map of what was selected as one `<svg>`; its links lead to tables whose ids begin with `rows`."""
    drawing = _Tall(selection, name, rows)
    inside = "\n".join(drawing.parts())
    left = len(selection.moves) - len(drawing.lines)
    more = f" It leaves out {say_number(left, 'more move')}: the table has them." if left else ""
    return picture(name, title, says(selection) + more, (WIDTH, max(drawing.height, 40.0)), inside, "tall")


def on_tall(selection: Selection) -> frozenset[Move]:
    """The moves that the map for narrow screens has room for."""
    return frozenset(each.move for each in _Tall(selection, "tall", "map").lines)


class _Tall:
    """The parts of one tall map, from back to front."""

    def __init__(self, selection: Selection, name: str, rows: str) -> None:
        self.selection, self.name, self.rows = selection, name, rows
        self.scale = wait_scale(selection)
        self.places: dict[Node, Point] = {}
        self.lanes: list[tuple[str, Label]] = []
        self.height = self._downwards()
        self.lines = list(self._lines())

    def _downwards(self) -> float:
        """Lanes in the order of who is met first, the steps of each in the typical order; the whole height."""
        order = sorted(self.selection.order, key=lambda node: self.selection.order[node])
        y = 0.0
        for number, organisation in enumerate(dict.fromkeys(organisation for _, organisation in order)):
            top, steps = y, [node for node in order if node[1] == organisation]
            self.places |= {node: (_LEFT, top + HEADER + 8 + _ROW * at) for at, node in enumerate(steps)}
            y = top + HEADER + 8 + _ROW * len(steps)
            self.lanes.append(lane(number, organisation, top, y, WIDTH))
        return y

    def _lines(self) -> Iterator[_Line]:
        """As many moves as find a track, the detours first, then the usual way, then by count; short ones inside."""
        usual = self.selection.usual_moves
        wanted = sorted(self.selection.moves, key=lambda move: move not in self.selection.detours)
        wanted.sort(key=lambda move: move not in self.selection.detours and (move.before, move.after) not in usual)
        kept: list[Move] = []
        tracks: dict[Move, int] = {}
        for move in wanted:
            tried = self._tracks([*kept, move])
            certain = move in self.selection.detours or (move.before, move.after) in usual
            if certain or max(tried.values()) < _TRACKS:
                kept, tracks = [*kept, move], tried
        ports = self._ports(kept)
        across = max(_TRACKS, max(tracks.values(), default=0) + 1)
        pitch = (WIDTH - FLAG - 4 - _FIRST) / (across - 1)
        for move in kept:
            x = _FIRST + pitch * tracks[move]
            out, into = ports[move, "out"], ports[move, "into"]
            yield _Line(move=move, route=((_LEFT + _BOX, out), (x, out), (x, into), (_LEFT + _BOX, into)))

    def _tracks(self, moves: Sequence[Move]) -> dict[Move, int]:
        """A track for each move on which it meets no other, short ones first."""
        taken: list[list[tuple[float, float]]] = []
        found = {}
        for move in sorted(moves, key=lambda each: (self._end(each) - self._start(each), each.before, each.after)):
            run = (self._start(move), self._end(move))
            free = (at for at, held in enumerate(taken) if all(run[1] < low or high < run[0] for low, high in held))
            track = next(free, len(taken))
            if track == len(taken):
                taken.append([])
            taken[track].append(run)
            found[move] = track
        return found

    def _start(self, move: Move) -> float:
        return min(self.places[end][1] for end in (move.before, move.after))

    def _end(self, move: Move) -> float:
        return max(self.places[end][1] for end in (move.before, move.after))

    def _ports(self, moves: Sequence[Move]) -> dict[tuple[Move, str], float]:
        """How far down moves leave and enter their boxes, in the order of where they go or come from."""
        sides: dict[Node, list[tuple[float, float, Move, str]]] = {}
        for move in moves:
            (_, above), (_, below) = self.places[move.before], self.places[move.after]
            sides.setdefault(move.before, []).append((below, -above, move, "out"))
            sides.setdefault(move.after, []).append((above, -below, move, "into"))
        found = {}
        for node, ends in sides.items():
            ends.sort(key=lambda end: (end[0], end[3] == "into", end[2].after, end[2].before))
            top, pitch = self.places[node][1], min(14.0, (BOX_HEIGHT - 16) / max(len(ends) - 1, 1))
            for at, (_, _, move, end) in enumerate(ends):
                found[move, end] = top + BOX_HEIGHT / 2 + (at - (len(ends) - 1) / 2) * pitch
        return found

    def parts(self) -> Iterator[str]:
        """Lanes, the bands of detours and of the usual way, moves with the detours last, steps, names of lanes."""
        yield from (strip for strip, _ in self.lanes)
        usual, detours = self.selection.usual_moves, self.selection.detours
        for each in self.lines:
            if each.move in detours:
                yield f'<path class="alarm" d="{path(each.route)}" stroke-width="18"/>'
        for each in self.lines:
            if (each.move.before, each.move.after) in usual:
                yield f'<path class="band" d="{path(each.route)}" stroke-width="20"/>'
        numbers = {move: number for number, move in enumerate(self.selection.moves, 1)}
        most = max((each.move.count for each in self.lines), default=1)
        flags = self._flags()
        for each in reversed(self.lines):
            inside = line(each.route, self.scale.dress(each.move.wait), width_of(each.move.count, most))
            yield move_link(numbers[each.move], each.move, inside + flags.get(each.move, ""), self.name, self.rows)
        for number, step in enumerate(self.selection.steps, 1):
            place = self.places[step.name, step.organisation]
            yield step_link(self.selection, number, step, place, self.name, self.rows, _BOX)
        yield from (lane_name(number, label) for number, (_, label) in enumerate(self.lanes))

    def _flags(self) -> dict[Move, str]:
        """The flags of detours on their tracks, none on another."""
        taken: list[Label] = []
        found = {}
        for number, move in enumerate(self.selection.detours, 1):
            (_, (x, start), (_, end), _) = next(each.route for each in self.lines if each.move == move)
            tried = [
                Label(words=str(number), x=x, y=start + (end - start) * share, width=2 * FLAG, height=2 * FLAG)
                for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9, 0.0, 1.0)
            ]
            free = [label for label in tried if not any(label.meets(other) for other in taken)]
            taken.append((free or tried)[0])
            found[move] = flag(taken[-1])
        return found
