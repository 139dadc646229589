"""Where things stand on a map: steps in columns by typical order and in lanes by organisation, moves around them.

Moves leave a step on its right and enter on its left. Between the columns and between the rows are channels with a
track for each move, so that no move runs behind a step and no two run on each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .selection import Node
from .shapes import BOX_HEIGHT, BOX_WIDTH, FLAG, Point

HEADER = 34
"""So much at the top of a lane holds its name."""
_TRACK = 11
_MARGIN = 14
_LONGEST = 9
"""So many columns are tried for; a usual way that is longer gets as many as it has steps."""

Pair = tuple[Node, Node]


@dataclass(frozen=True, kw_only=True)
class Lane:
    """The strip of an organisation, from top to bottom."""

    organisation: str
    top: float
    bottom: float


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A map in its units: `places` are the top left corners of steps, `routes` the corners that a move goes along.

    Routes run across and down by turns, and begin and end running across.
    """

    width: float
    height: float
    lanes: tuple[Lane, ...]
    places: Mapping[Node, Point]
    routes: Mapping[Pair, tuple[Point, ...]]


def laid_out(order: Mapping[Node, int], weights: Mapping[Pair, float], usual: Sequence[Node] = ()) -> Layout:
    """Steps of a typical order, and the moves between them, on a map; lanes stand in the order of who is met first."""
    columns = _columns(order, weights, usual)
    lanes = sorted(
        {organisation for _, organisation in order},
        key=lambda lane: min((columns[node], order[node]) for node in order if node[1] == lane),
    )
    grid = _Grid(columns, lanes, order, weights, frozenset(usual))
    return _Tracks(grid, weights, frozenset(pairwise(usual))).layout()


def _columns(order: Mapping[Node, int], weights: Mapping[Pair, float], usual: Sequence[Node]) -> dict[Node, int]:
    """For each step its column: after whatever comes to it in the typical order, rare moves left out if need be."""
    forward = {pair: weight for pair, weight in weights.items() if order[pair[0]] < order[pair[1]]}
    most = max(_LONGEST, len(dict.fromkeys(usual)))
    columns: dict[Node, int] = {}
    for share in (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 1.0):
        columns = _longest(order, forward, share)
        if max(columns.values(), default=0) < most:
            break
    return columns


def _longest(order: Mapping[Node, int], forward: Mapping[Pair, float], share: float) -> dict[Node, int]:
    """Columns by the longest way of moves that are at least a share of what comes to a step, or the most of it."""
    into: defaultdict[Node, list[tuple[float, Node]]] = defaultdict(list)
    for (before, after), weight in forward.items():
        into[after].append((weight, before))
    columns: dict[Node, int] = {}
    for node in sorted(order, key=lambda each: order[each]):
        comes = into[node]
        enough = min(share * sum(weight for weight, _ in comes), max((weight for weight, _ in comes), default=0.0))
        columns[node] = max((columns[before] + 1 for weight, before in comes if weight >= enough), default=0)
    for node in columns:  # what nothing comes to stands just before what follows it, not at the far left
        follows = [columns[pair[1]] for pair in forward if pair[0] == node]
        if not into[node] and follows:
            columns[node] = max(0, min(follows) - 1)
    return columns


class _Grid:
    """Rows for steps: in a lane each column's steps are ordered by where their neighbours stand (barycentres)."""

    def __init__(
        self,
        columns: Mapping[Node, int],
        lanes: Sequence[str],
        order: Mapping[Node, int],
        weights: Mapping[Pair, float],
        usual: frozenset[Node],
    ) -> None:
        self.columns = columns
        self.lanes = lanes
        self.usual = usual
        self.cells: defaultdict[tuple[str, int], list[Node]] = defaultdict(list)
        for node in sorted(order, key=lambda each: order[each]):
            self.cells[node[1], columns[node]].append(node)
        self.first_row: dict[str, int] = {}
        rows = 0
        for lane in lanes:
            self.first_row[lane] = rows
            rows += max(len(cell) for (each, _), cell in self.cells.items() if each == lane)
        self.row_count = rows
        self.rows: dict[Node, int] = {}
        self._order_rows(weights)

    def level(self, node: Node) -> int:
        """Where a step stands among rows and channels, from the top; a lane has a channel around each of its rows."""
        row, lane = self.rows[node], node[1]
        return 2 * row + 1 + self.lanes.index(lane)

    def lane_rows(self, lane: str) -> int:
        """How many rows a lane has."""
        after = [row for row in self.first_row.values() if row > self.first_row[lane]]
        return min(after, default=self.row_count) - self.first_row[lane]

    def _order_rows(self, weights: Mapping[Pair, float]) -> None:
        near: defaultdict[Node, list[tuple[Node, float]]] = defaultdict(list)
        for (before, after), weight in weights.items():
            near[before].append((after, weight))
            near[after].append((before, weight))
        for (lane, _), cell in self.cells.items():
            self.rows |= {node: self.first_row[lane] + place for place, node in enumerate(cell)}
        keys = sorted(self.cells, key=lambda cell: (cell[1], self.first_row[cell[0]]))
        for sweep in range(4):
            for lane, column in keys if sweep % 2 == 0 else reversed(keys):
                self._order_cell(lane, self.cells[lane, column], near)

    def _order_cell(self, lane: str, cell: list[Node], near: Mapping[Node, Sequence[tuple[Node, float]]]) -> None:
        """Steps of the usual way stay in the top row, so that it runs straight; the others go to their neighbours."""
        first, most = self.first_row[lane], self.lane_rows(lane)

        def wanted(node: Node) -> float:
            if node in self.usual:
                return -1.0
            total = sum(weight for _, weight in near.get(node, ()))
            middle = sum(self.rows[each] * weight for each, weight in near.get(node, ())) / total if total else first
            return min(max(middle - first, 0.0), most - 1.0)

        want = {node: wanted(node) for node in cell}
        cell.sort(key=lambda node: want[node])
        row = -1
        for place, node in enumerate(cell):
            row = max(row + 1, min(round(want[node]), most - (len(cell) - place)))
            self.rows[node] = first + row


@dataclass(frozen=True, kw_only=True)
class _Run:
    """The part of a move in one channel, over a stretch of it."""

    pair: Pair
    end: str
    low: float
    high: float


class _Tracks:
    """Each move's tracks, then the places that follow from how many tracks each channel has."""

    def __init__(self, grid: _Grid, weights: Mapping[Pair, float], usual: frozenset[Pair]) -> None:
        self.grid = grid
        self.usual = usual
        self.pairs = sorted(weights, key=lambda pair: (-weights[pair], pair))
        self.across: dict[Pair, int] = {}
        self.load: defaultdict[int, list[_Run]] = defaultdict(list)
        for pair in self.pairs:
            if grid.columns[pair[1]] != grid.columns[pair[0]] + 1:
                self._choose(pair)
        self.row_tracks = {channel: _tracks(runs) for channel, runs in self.load.items()}
        gaps: defaultdict[int, list[_Run]] = defaultdict(list)
        for pair in self.pairs:
            for gap, run in self._downs(pair):
                gaps[gap].append(run)
        self.gap_tracks = {gap: _tracks(runs) for gap, runs in gaps.items()}

    def layout(self) -> Layout:
        """The places that follow."""
        grid = self.grid
        lefts, x = [], float(_MARGIN)
        gaps = []
        for column in range(max(grid.columns.values(), default=0) + 2):
            gaps.append(x)
            x += max(_room(self.gap_tracks.get(column, {}), 30), 0 if column == 0 else 58)
            lefts.append(x)
            x += BOX_WIDTH
        width = x - BOX_WIDTH + _MARGIN
        tops, levels, lanes, height = self._downwards()
        places = {node: (lefts[grid.columns[node]], tops[row]) for node, row in grid.rows.items()}
        ports = self._ports(places)
        routes = {pair: self._route(pair, ports, gaps, levels) for pair in self.pairs}
        return Layout(width=width, height=height, lanes=lanes, places=places, routes=routes)

    def _choose(self, pair: Pair) -> None:
        """The channel between rows that a long move takes: the emptiest between its ends, else the nearest."""
        before, after = (self.grid.level(node) for node in pair)
        low, high = sorted((before, after))
        left, right = sorted((self.grid.columns[pair[0]] + 1, self.grid.columns[pair[1]]))
        if low == high:
            forward = self.grid.columns[pair[1]] > self.grid.columns[pair[0]]
            channels = [before - 1] if forward else [before + 1]
        else:
            channels = sorted({low + 1, high - 1})
        run = _Run(pair=pair, end="across", low=left, high=right)
        best = min(channels, key=lambda each: (_crowd(self.load[each], run), abs(each - after)))
        self.across[pair] = best
        self.load[best].append(run)

    def _downs(self, pair: Pair) -> list[tuple[int, _Run]]:
        """The parts of a move in the channels between columns, from level to level."""
        before, after = (self.grid.level(node) for node in pair)
        out, into = self.grid.columns[pair[0]] + 1, self.grid.columns[pair[1]]
        if pair not in self.across:
            low, high = sorted((before, after))
            return [(out, _Run(pair=pair, end="out", low=low, high=high))]
        channel = self.across[pair]
        return [
            (gap, _Run(pair=pair, end=end, low=min(row, channel), high=max(row, channel)))
            for gap, end, row in ((out, "out", before), (into, "into", after))
        ]

    def _downwards(self) -> tuple[list[float], list[float], tuple[Lane, ...], float]:
        """The tops of rows, the tops of all levels, the lanes, and the whole height."""
        tops: list[float] = []
        levels: list[float] = []
        lanes = []
        y = 0.0
        for lane in self.grid.lanes:
            top = y
            y += HEADER
            for _ in range(self.grid.lane_rows(lane)):
                y = self._past_channel(levels, y)
                tops.append(y)
                levels.append(y)
                y += BOX_HEIGHT
            y = self._past_channel(levels, y)
            lanes.append(Lane(organisation=lane, top=top, bottom=y))
        return tops, levels, tuple(lanes), y

    def _past_channel(self, levels: list[float], y: float) -> float:
        levels.append(y)
        return y + _room(self.row_tracks.get(len(levels) - 1, {}), 8)

    def _ports(self, places: Mapping[Node, Point]) -> dict[tuple[Pair, str], Point]:
        """Where moves leave and enter; on each side they are in the order of where they go or come from."""
        sides: defaultdict[tuple[Node, str], list[Pair]] = defaultdict(list)
        for pair in self.pairs:
            sides[pair[0], "out"].append(pair)
            sides[pair[1], "into"].append(pair)
        found = {}
        for (node, end), pairs in sides.items():
            other = 1 if end == "out" else 0
            pairs.sort(key=lambda pair: (self._heading(pair, other), places[pair[other]][0]))
            usual = next((place for place, pair in enumerate(pairs) if pair in self.usual), (len(pairs) - 1) / 2)
            pitch = min(12.0, (BOX_HEIGHT - 14) / max(len(pairs) - 1, 1))
            left, top = places[node]
            for place, pair in enumerate(pairs):
                down = min(max(BOX_HEIGHT / 2 + (place - usual) * pitch, 6), BOX_HEIGHT - 6)
                found[pair, end] = (left + (BOX_WIDTH if end == "out" else 0), top + down)
        return found

    def _heading(self, pair: Pair, other: int) -> float:
        """How far up or down a move turns after this end."""
        return self.across[pair] if pair in self.across else self.grid.level(pair[other])

    def _route(
        self, pair: Pair, ports: Mapping[tuple[Pair, str], Point], gaps: Sequence[float], levels: Sequence[float]
    ) -> tuple[Point, ...]:
        (x1, y1), (x2, y2) = ports[pair, "out"], ports[pair, "into"]
        out, into = self.grid.columns[pair[0]] + 1, self.grid.columns[pair[1]]
        x = gaps[out] + _MARGIN + _TRACK * (self.gap_tracks[out][pair, "out"] + 0.5)
        if pair not in self.across:
            return ((x1, y1), (x2, y2)) if abs(y1 - y2) < 1 else ((x1, y1), (x, y1), (x, y2), (x2, y2))
        channel = self.across[pair]
        y = levels[channel] + _MARGIN + _TRACK * (self.row_tracks[channel][pair, "across"] + 0.5)
        last = gaps[into] + _MARGIN + _TRACK * (self.gap_tracks[into][pair, "into"] + 0.5)
        return ((x1, y1), (x, y1), (x, y), (last, y), (last, y2), (x2, y2))


def _tracks(runs: Sequence[_Run]) -> dict[tuple[Pair, str], int]:
    """A track for each run, so that runs on one track do not meet; short runs first."""
    taken: list[list[_Run]] = []
    found = {}
    for run in sorted(runs, key=lambda each: (each.high - each.low, each.pair, each.end)):
        track = next((place for place, held in enumerate(taken) if not _crowd(held, run)), len(taken))
        if track == len(taken):
            taken.append([])
        taken[track].append(run)
        found[run.pair, run.end] = track
    return found


def _crowd(runs: Sequence[_Run], run: _Run) -> int:
    return sum(run.low <= each.high and each.low <= run.high for each in runs)


def _room(tracks: Mapping[tuple[Pair, str], int], empty: float) -> float:
    """The room of a channel: with any track at all it has room for a flag."""
    return max(2 * _MARGIN + _TRACK * (max(tracks.values()) + 1), 2 * FLAG + 4) if tracks else empty
