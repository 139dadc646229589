"""What of a flow a picture can hold: the typical order, the usual way, the costliest detours, and the most frequent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..flows.flow import Flow, Move, Step

Node = tuple[str, str]
"""A step's name and its organisation."""

LEAST = 5
"""What fewer journeys than these went through is not shown by name: somebody might be recognised."""
DETOURS = 5
_CONSIDERED = 200
"""Beyond so many steps the rare ones have no part in the typical order; a picture has room for far fewer."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The part of a flow that is drawn, and how much is not.

    `moves` has the `detours` first, the costliest at the top, then the others by count. `usual` is the most frequent
    variant; `order` places each drawn step in the typical order. `more_steps` and `more_moves` are not drawn for want
    of room; `few_steps` and `few_moves` because fewer than `least` journeys made them.
    """

    flow: Flow
    least: int
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    detours: tuple[Move, ...]
    usual: tuple[Node, ...]
    usual_journeys: int
    order: Mapping[Node, int]
    more_steps: int
    more_moves: int
    few_steps: int
    few_moves: int

    @property
    def usual_moves(self) -> frozenset[tuple[Node, Node]]:
        """The moves of the usual way."""
        return frozenset(pairwise(self.usual))


def selected(flow: Flow, *, least: int = LEAST, most_steps: int = 40, most_moves: int = 60) -> Selection:
    """The steps and moves to draw: the usual way, the costliest detours, then the most frequent up to the limits.

    Every drawn step keeps its most frequent move, so that none stands alone; the limit is passed only for that.
    """
    known = [step for step in _by_journeys(flow.steps) if step.journeys >= least]
    nodes = [_node(step) for step in known[:_CONSIDERED]]
    among = frozenset(nodes)
    named = [move for move in flow.moves if move.journeys >= least and {move.before, move.after} <= among]
    usual, usual_journeys = _usual(flow, least, among)
    order = typical_order(nodes, {(move.before, move.after): move.count for move in named}, usual)
    against = [move for move in named if order[move.after] <= order[move.before] and effort(move) > 0]
    detours = sorted(against, key=lambda move: (-effort(move), -move.count, move.before, move.after))[:DETOURS]
    first = dict.fromkeys([*usual, *(end for move in detours for end in (move.before, move.after))])
    shown = set(list(dict.fromkeys([*first, *nodes]))[: max(most_steps, len(first))])
    moves = _moves([move for move in named if {move.before, move.after} <= shown], detours, usual, shown, most_moves)
    if moves:  # a step whose every move is rare would stand alone, as if journeys began and ended there
        shown &= {*usual, *(end for move in moves for end in (move.before, move.after))}
    all_few = sum(move.journeys < least for move in flow.moves)
    return Selection(
        flow=flow, least=least, steps=tuple(step for step in known if _node(step) in shown), moves=tuple(moves),
        detours=tuple(detours), usual=usual, usual_journeys=usual_journeys,
        order={node: place for node, place in order.items() if node in shown},
        more_steps=len(known) - len(shown), more_moves=len(flow.moves) - all_few - len(moves),
        few_steps=len(flow.steps) - len(known), few_moves=all_few,
    )  # fmt: skip


def effort(move: Move) -> float:
    """How much waiting a move stands for: its journeys times its median wait, in seconds."""
    return move.journeys * move.wait


def typical_order(
    nodes: Sequence[Node], weights: Mapping[tuple[Node, Node], float], usual: Sequence[Node] = ()
) -> dict[Node, int]:
    """The order of steps against which the fewest moves go, nearly; the usual way goes forward.

    Source: Eades, Lin, Smyth, A fast and effective heuristic for the feedback arc set problem, 1993.
    """
    first = {node: place for place, node in reversed(list(enumerate(usual)))}
    whole = sum(weights.values()) + 1.0
    out: dict[Node, dict[Node, float]] = {node: {} for node in nodes}
    into: dict[Node, dict[Node, float]] = {node: {} for node in nodes}
    pinned = {pair: whole for pair in pairwise(usual) if first[pair[0]] < first[pair[1]]}
    for (before, after), weight in (dict(weights) | pinned).items():
        back = before in first and after in first and first[after] < first[before]
        if before != after and not back:
            out[before][after] = weight
            into[after][before] = weight
    return {node: place for place, node in enumerate(_peeled(nodes, out, into))}


def _peeled(
    nodes: Iterable[Node], out: dict[Node, dict[Node, float]], into: dict[Node, dict[Node, float]]
) -> list[Node]:
    """Steps in order: those that nothing follows go to the end, those that follow nothing to the front."""
    left = dict.fromkeys(nodes)
    lead = {node: sum(out[node].values()) - sum(into[node].values()) for node in left}
    front: list[Node] = []
    back: list[Node] = []
    while left:
        sink = next((node for node in reversed(left) if not out[node]), None)
        node = sink or next((node for node in left if not into[node]), None)
        if node is None:
            node = max(left, key=lambda each: lead[each])
        (back if sink else front).append(node)
        del left[node]
        for after in out.pop(node):
            lead[after] += into[after].pop(node)
        for before in into.pop(node):
            lead[before] -= out[before].pop(node)
    return front + back[::-1]


def _usual(flow: Flow, least: int, among: frozenset[Node]) -> tuple[tuple[Node, ...], int]:
    """The most frequent variant with the organisation of each step, and its journeys; nothing where it is rare."""
    best = max(flow.variants, key=lambda variant: variant.journeys, default=None)
    if best is None or best.journeys < least:
        return (), 0
    placed = _placed(best.steps, flow)
    return (placed, best.journeys) if placed and among.issuperset(placed) else ((), 0)


def _placed(names: Sequence[str], flow: Flow) -> tuple[Node, ...]:
    """The steps behind names: where several organisations have a step of that name, those most often moved between."""
    counts = {(move.before, move.after): move.count for move in flow.moves}
    starts = dict(flow.starts)
    places: defaultdict[str, list[Node]] = defaultdict(list)
    for step in flow.steps:
        places[step.name].append(_node(step))
    ways: list[tuple[float, tuple[Node, ...]]] = []
    if names:
        ways = [(starts.get(node, 0), (node,)) for node in places[names[0]]]
    for name in names[1:]:
        ways = [
            max((size + counts[way[-1], node], (*way, node)) for size, way in ways if (way[-1], node) in counts)
            for node in places[name]
            if any((way[-1], node) in counts for _, way in ways)
        ]
    return max(ways)[1] if ways else ()


def _moves(
    named: Sequence[Move], detours: Sequence[Move], usual: Sequence[Node], shown: set[Node], most: int
) -> list[Move]:
    """The moves to draw, detours first, then by count."""
    pairs = set(pairwise(usual))
    by_count = sorted(named, key=lambda move: (-move.count, move.before, move.after))
    kept = [move for move in by_count if (move.before, move.after) in pairs or move in detours]
    lonely = set(shown)
    for move in by_count:
        if move.before != move.after and lonely & {move.before, move.after}:
            lonely -= {move.before, move.after}
            kept.append(move)
    chosen = list(dict.fromkeys([*kept, *by_count]))[: max(most, len(set(kept)))]
    rest = sorted((move for move in chosen if move not in detours), key=lambda move: (-move.count, move.before))
    return [*detours, *rest]


def _by_journeys(steps: Iterable[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: (-step.journeys, -step.contacts, step.name, step.organisation))


def _node(step: Step) -> Node:
    return step.name, step.organisation
