"""The tables beside the map: its steps, moves, ways, hand-overs and repeats. What is rare is counted, not named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...page import Cell, Row, table
from ...sentences import say_number, say_share
from ..flows.flow import Flow, Handover, Move
from .selection import Selection, effort
from .tall import on_tall
from .wording import say_node, say_place, say_wait

_MOVES = ("from", "to", "what it is", "times", "journeys", "half wait this or more", "journeys × wait", "on the map")
_ROWS = 100
"""A table has at most so many rows; the exports have all."""


def flow_tables(selection: Selection, *, name: str = "map") -> Iterator[str]:
    """Every table of a map whose ids begin with `name`; one without rows is left out."""
    yield f'<div class="wide">{moves(selection, name)}</div>'
    yield steps(selection, name)
    rest = (variants(selection), rework(selection), *handovers(selection), other_moves(selection, name))
    if any(rest):
        tables = "\n".join(each for each in rest if each)
        summary = "Whole ways, what came again, hand-overs, and rarer moves"
        yield f"<details><summary>{summary}</summary>\n{tables}\n</details>"


def moves(selection: Selection, name: str) -> str:
    """The moves of the map, the costliest detours first."""
    tall = on_tall(selection)
    rows = [_move(selection, number, move, name, tall=move in tall) for number, move in enumerate(selection.moves, 1)]
    rows += _rest(selection.more_moves, "rarer move", ", not drawn") + _rest(
        selection.few_moves, "move", _few(selection.least)
    )
    return table("Moves: the costliest detours first, then the most frequent", _MOVES, rows, words=(0, 1, 2))


def other_moves(selection: Selection, name: str) -> str:
    """Moves that the map leaves out for want of room, the most frequent first."""
    drawn = set(selection.moves)
    others = sorted(
        (move for move in selection.flow.moves if move.journeys >= selection.least and move not in drawn),
        key=lambda move: (-move.count, move.before, move.after),
    )
    shown = others[:_ROWS]
    rows = [_move(selection, len(drawn) + number, move, name) for number, move in enumerate(shown, 1)]
    rows += _rest(selection.more_moves - len(shown), "rarer move")
    return table("Moves that the map leaves out", _MOVES, rows, words=(0, 1, 2)) if shown else ""


def _move(selection: Selection, number: int, move: Move, name: str, *, tall: bool = False) -> Row:
    drawn = number <= len(selection.moves)
    what, dress = "", ""
    if move in selection.detours:
        what, dress = f"costly detour {number}", "detour"
    elif (move.before, move.after) in selection.usual_moves:
        what, dress = "usual way", "usual"
    elif move.before == move.after:
        what = "the same again"
    elif drawn and selection.order[move.after] < selection.order[move.before]:
        what = "back"
    says = f"Show on the map: from {say_node(move.before)} to {say_node(move.after)}"
    both, alone = (f"tall-line-{number}", "") if tall else ("", "on-wide")
    show = Cell(words="show", link=f"{name}-line-{number}", tall=both, dress=alone, says=says)
    seen = show if drawn else Cell(words="not drawn")
    return Row(
        cells=[
            say_node(move.before), say_node(move.after), what, f"{move.count:,}", f"{move.journeys:,}",
            say_wait(move.wait), say_wait(effort(move)), seen,
        ],
        name=f"{name}-move-{number}", dress=dress,
    )  # fmt: skip


def steps(selection: Selection, name: str) -> str:
    """The steps of the map, the most frequent first."""
    flow, least = selection.flow, selection.least
    starts, ends = dict(flow.starts), dict(flow.ends)
    rows = []
    for number, step in enumerate(selection.steps, 1):
        node = (step.name, step.organisation)
        link = Cell(
            words="show",
            link=f"{name}-box-{number}",
            tall=f"tall-box-{number}",
            says=f"Show on the map: {say_node(node)}",
        )
        cells: list[str | Cell] = [
            step.name or "no name", say_place(step.organisation), f"{step.contacts:,}", f"{step.journeys:,}",
            "not known" if step.seconds is None else say_wait(step.seconds),
            say_few(starts.get(node, 0), least), say_few(ends.get(node, 0), least), link,
        ]  # fmt: skip
        rows.append(Row(cells=cells, name=f"{name}-step-{number}"))
    rows += _rest(selection.more_steps, "more step", ", met less often")
    rows += _rest(selection.few_steps, "step", _few(least))
    head = ["step", "organisation", "contacts", "journeys", "half take at most", "first of", "last of", "on the map"]
    return table("Steps, the most frequent first", head, rows, words=(0, 1))


def variants(selection: Selection) -> str:
    """The ways that whole journeys take."""
    flow, least = selection.flow, selection.least
    shown = [variant for variant in flow.variants if variant.journeys >= least][:_ROWS]
    if not shown:
        return ""
    rows = [
        Row(
            cells=[
                " → ".join(step or "no name" for step in variant.steps), f"{len(variant.steps):,}",
                f"{variant.journeys:,}", say_share(variant.journeys / max(flow.journeys, 1)), say_wait(variant.seconds),
            ],
            dress="usual" if place == 0 and selection.usual else "",
        )
        for place, variant in enumerate(shown)
    ]  # fmt: skip
    rows += _rest(flow.variant_count - len(shown), "rarer way")
    head = ["way", "steps", "journeys", "of all", "half last this or more"]
    return table("Ways: what whole journeys go through", head, rows, words=(0,))


def handovers(selection: Selection) -> Iterator[str]:
    """Hand-overs between organisations, then between teams."""
    flow, least = selection.flow, selection.least
    for caption, found, sure in (
        ("Hand-overs between organisations", flow.handovers, _often(flow, least)),
        ("Hand-overs between teams", flow.team_handovers, None),
    ):
        named = [each for each in found if each.count >= least and (sure is None or (each.giver, each.taker) in sure)]
        if found:
            yield _handover_table(caption, found, named[:_ROWS], least)


def _handover_table(caption: str, found: Sequence[Handover], named: Sequence[Handover], least: int) -> str:
    counts = {(each.giver, each.taker): each.count for each in named}
    rows = [
        Row(
            cells=[
                say_place(each.giver), say_place(each.taker), f"{each.count:,}",
                f"{counts[each.taker, each.giver]:,}" if (each.taker, each.giver) in counts else "–",
            ]
        )
        for each in named
    ]  # fmt: skip
    rows += _rest(len(found) - len(named), "more pair", f", rare or perhaps in fewer than {least} journeys")
    return table(caption, ["from", "to", "times", "and back"], rows, words=(0, 1))


def _often(flow: Flow, least: int) -> frozenset[tuple[str, str]]:
    """Pairs of organisations between which one move alone has journeys enough; a count of hand-overs has none."""
    return frozenset((move.before[1], move.after[1]) for move in flow.moves if move.journeys >= least)


def rework(selection: Selection) -> str:
    """Steps that come again."""
    flow, least = selection.flow, selection.least
    shown = [each for each in flow.rework if each.journeys >= least][:_ROWS]
    if not flow.rework:
        return ""
    rows = [
        Row(
            cells=[
                each.step or "no name", f"{each.journeys:,}", say_share(each.journeys / max(flow.journeys, 1)),
                f"{each.repeats:,}",
            ]
        )
        for each in shown
    ]  # fmt: skip
    rows += _rest(len(flow.rework) - len(shown), "more step", ", rarer")
    return table("Steps that came again in a journey", ["step", "journeys", "of all", "times over"], rows, words=(0,))


def say_few(count: int, least: int) -> str:
    """A count of journeys; one that is above 0 and under `least` is not told.

    >>> say_few(0, 5), say_few(3, 5), say_few(5, 5)
    ('0', 'under 5', '5')
    """
    return f"under {least}" if 0 < count < least else f"{count:,}"


def _few(least: int) -> str:
    return f", in fewer than {say_number(least, 'journey')}"


def _rest(count: int, what: str, more: str = "") -> list[Row]:
    """A last row that says how much is not named."""
    return [Row(cells=[f"and {say_number(count, what)}{more}"], dress="rest")] if count > 0 else []
