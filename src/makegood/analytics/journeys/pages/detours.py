"""The costliest detours, ranked, each as a small picture beside words: where, how often, how long, at what cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...page import paragraphs, plain
from ...sentences import say_number, say_share
from ..flows.flow import Move
from ..measure import Measure
from .drawing import wait_scale
from .selection import Selection, effort
from .shapes import BOX_HEIGHT, BOX_WIDTH, SCALE, Label, Point, box, fitted, flag, line, path, pill, wideness
from .waits import Scale
from .wording import say_node, say_place, say_wait

_WIDE, _TOP, _HIGH = 520, 6.0, BOX_HEIGHT + 60


@dataclass(frozen=True, kw_only=True)
class Each:
    """What one contact costs the customer, from the means of a log: minutes, and pounds from low to high."""

    minutes: float | None = None
    low: float | None = None
    high: float | None = None


def each_contact(measures: Sequence[Measure]) -> Each:
    """The customer's time and cost per completed outcome, shared among its contacts; unknown stays unknown."""
    known: Mapping[str, float | None] = {each.definition.name: each.value for each in measures if not each.by}
    contacts = known.get("contacts_per_outcome")

    def share(*names: str) -> float | None:
        values = [known.get(name) for name in names]
        return None if not contacts or None in values else sum(value or 0.0 for value in values) / contacts

    return Each(
        minutes=share("own_minutes", "travel_minutes"), low=share("customer_cost_low"), high=share("customer_cost_high")
    )


def ranked(selection: Selection, each: Each, *, name: str = "map") -> str:
    """The list of detours, the costliest first; nothing where there is none."""
    scale = wait_scale(selection)
    items = "\n".join(
        f'<li id="{name}-detour-{number}">{_picture(number, move, scale)}'
        f"<div><h4>{plain(_heading(move))}</h4>\n{paragraphs(_told(selection, move, each))}\n"
        f"{_links(number, name)}</div></li>"
        for number, move in enumerate(selection.detours, 1)
    )
    return f'<ol class="detours">\n{items}\n</ol>' if items else ""


def _heading(move: Move) -> str:
    """Where from and where to; the organisation once where it is the same."""
    (before, first), (after, second) = move.before, move.after
    if move.before == move.after:
        return f"From {say_node(move.before)} to the same again"
    if first == second and first:
        return f"From {before or 'no name'} to {after or 'no name'} (both {first})"
    return f"From {say_node(move.before)} to {say_node(move.after)}"


def _told(selection: Selection, move: Move, each: Each) -> list[str]:
    share = say_share(move.journeys / selection.flow.journeys)
    return [
        f"How often: {say_number(move.count, 'time')}, in {say_number(move.journeys, 'journey')} ({share} of all).",
        f"How long: half wait {say_wait(move.wait)} or more. Taken together, these journeys wait about "
        f"{say_wait(effort(move))} there.",
        _cost(move.count, each),
    ]


def _cost(count: int, each: Each) -> str:
    """What the customer loses: one more contact each time, at the log's mean cost of a contact."""
    more = f"What it costs the customer: {say_number(count, 'contact')} more"
    if each.minutes is None:
        return f"{more}. What time a contact takes them is not known from this log."
    said = f"{more}, about {say_number(max(round(count * each.minutes / 60), 1), 'hour')} of their own time"
    if each.low is None or each.high is None:
        return f"{said}."
    return f"{said}, worth £{count * each.low:,.0f} to £{count * each.high:,.0f}."


def _links(number: int, name: str) -> str:
    which = f'<span class="unseen">: detour {number}</span>'
    return (
        f'<p><a class="on-wide" href="#{name}-line-{number}">On the map{which}</a>'
        f'<a class="on-tall" href="#tall-line-{number}">On the map{which}</a>'
        f' · <a href="#{name}-move-{number}">In the table{which}</a></p>'
    )


def _picture(number: int, move: Move, scale: Scale) -> str:
    """Two boxes and the way between them, or one box and the way back to it; the words beside it say the same."""
    left, right, again = 14.0, _WIDE - BOX_WIDTH - 12.0, move.before == move.after
    out, top, bottom = left + BOX_WIDTH, _TOP + 20, _TOP + BOX_HEIGHT - 20
    turn, middle, words = right - 30, _TOP + BOX_HEIGHT / 2, say_wait(move.wait)
    wide = wideness(words) + 8
    route: tuple[Point, ...] = ((out, middle), (right, middle))
    at, beside = ((out + right) / 2 - 6, middle - 14), ((out + right) / 2, bottom + 12)
    if again:
        route = ((out, top), (turn, top), (turn, bottom), (out, bottom))
        at, beside = (turn, middle), (turn + 30 + wide / 2, middle)
    mark = Label(words=str(number), x=at[0], y=at[1], width=0, height=0)
    label = Label(words=words, x=beside[0], y=beside[1], width=wide, height=26)
    parts = [f'<path class="alarm" d="{path(route)}" stroke-width="18"/>', line(route, scale.dress(move.wait), 6)]
    for node, x in ((move.before, left), *(((move.after, right),) if not again else ())):
        parts += [
            box(node[0] or "no name", (x, _TOP)),
            *_below(say_place(node[1]), x + BOX_WIDTH / 2, _TOP + BOX_HEIGHT + 22),
        ]
    parts += [flag(mark), pill(label)]
    return (
        f'<svg class="map" width="{SCALE * _WIDE:.0f}" viewBox="0 0 {_WIDE} {_HIGH}" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _below(words: str, middle: float, top: float) -> Iterator[str]:
    """Words in two lines below a box."""
    for place, said in enumerate(fitted(words, BOX_WIDTH + 24, 2)):
        y = top + 21 * place
        yield f'<text class="count" x="{middle:.1f}" y="{y:.1f}" text-anchor="middle">{plain(said)}</text>'
