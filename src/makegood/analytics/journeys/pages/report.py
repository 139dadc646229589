"""The report of journeys for a meeting of partners: one HTML page, without network or script.

First what would save most effort, in words; then the measures, the map, and what they rest on. Words from logs are
escaped, and a table stands beside every picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ...page import Cell, Row, figure, page, paragraphs, plain, table
from ...sentences import say_number
from ..flows.flow import Flow
from ..measure import Definition, Measure
from ..trying.changes import Change, Compared, Saved
from .detours import each_contact, ranked
from .drawing import drawn, key, usually, wait_scale
from .report_style import STYLE
from .selection import LEAST, Selection, selected
from .tables import flow_tables, say_few
from .tall import drawn_tall
from .wording import say_ends, say_lack, say_place, say_rests, say_value, too_few, unnamed

_CHANGES = 3
_SHORT = 24
"""Names of sides that are longer stand above their table, not in it."""
_ROWS = 60
_ASKERS, _ITEMS = 40, 12
"""So many partners are rows, and items of information columns, of the matrix; the rest are only counted."""
_PARTS = {
    "need": "by need", "organisation": "by organisation", "channel": "by way of contact", "item": "by item",
    "asker": "by who asked", "holder": "by who held it", "reason": "by reason",
    "other_organisation": "with the other organisation",
}  # fmt: skip
_CANNOT_SAY = (
    "They say what was written down. A contact that nobody logged is not in them.",
    "They do not say how a customer felt, unless the customer was asked.",
    "They do not say whose fault a contact is. Most contacts that should not be needed start somewhere else.",
    "They say nothing about any member of staff, and must not be used to rank people.",
    "A saving is what would have been saved in these journeys. The next ones may differ.",
)
_RANKED = (
    "A detour is a move that goes back, or comes again. They are ranked by the journeys that make them times the wait "
    "of the middle one."
)
_NO_DETOUR = "No move that enough journeys make goes back or comes again after a wait."
_READINGS = (
    (
        "One service, joined up",
        "Horizontal integration: those who give the same service join up. They gain most, for it costs them less to "
        "run. The customer may see little of it, or have further to go.",
    ),
    (
        "Different services, joined up",
        "Vertical integration: those who give different services join up around the customer. The customer gains "
        "most: fewer contacts, fewer places, and nothing told twice.",
    ),
)


def report_page(
    *,
    title: str,
    about: str,
    changes: Sequence[Change] | None = None,
    measures: Sequence[Measure] | None = None,
    flow: Flow | None = None,
    asked: Sequence[Measure] | None = None,
    pillar: Sequence[Measure] | None = None,
    compared: Sequence[Compared] | None = None,
    names: tuple[str, str] = ("before", "after"),
    readings: tuple[Sequence[Measure], Sequence[Measure]] | None = None,
    cannot_say: Sequence[str] = (),
    counted: Sequence[str] = (),
    least: int = LEAST,
) -> str:
    """The whole page as HTML; a section whose input is `None` is left out.

    `changes` come with the best first. Of `asked`, the counts of items by asker and item become a matrix. `pillar` are
    the measures of being sent from pillar to post; `names` say what the two sides that are `compared` are called;
    `readings` are those of horizontal, then of vertical integration.
    `cannot_say` and `counted` are sentences that stand besides those that are always said. What rests on fewer than
    `least` journeys is not shown by name.
    """
    sections = [
        ("changes", "What would save most effort", None if changes is None else _changes(changes, least)),
        ("journey-map", "The map", None if flow is None else _map(flow, measures or (), least)),
        ("measures", "The journeys in numbers", None if measures is None else _measures(measures, least)),
        ("asked", "Asked again, though somebody had it", None if asked is None else _asked(asked, least)),
        ("pillar", "From pillar to post", None if pillar is None else _measures(pillar, least)),
        ("compared", "What has changed", None if compared is None else _compared(compared, least, names)),
        ("readings", "Two ways to join up", None if readings is None else _readings(readings, least)),
        ("cannot-say", "What these numbers cannot say", _listed([*_CANNOT_SAY, *cannot_say])),
        ("counted", "How it was counted", _counted(counted, least)),
    ]
    shown = [(name, heading, body) for name, heading, body in sections if body is not None]
    contents = "".join(f'<li><a href="#{name}">{plain(heading)}</a></li>' for name, heading, _ in shown)
    body = "\n".join(
        f'<section aria-labelledby="{name}">\n<h2 id="{name}">{plain(heading)}</h2>\n{inside}\n</section>'
        for name, heading, inside in shown
    )
    return page(
        title=f"Journeys: {title}", kicker="Makegood: for a meeting of partners", heading=title, about=about,
        body=f'<nav aria-label="On this page"><ul class="contents">{contents}</ul></nav>\n{body}', style=STYLE,
        footer="<p>Nothing here is told by member of staff.</p>",
    )  # fmt: skip


# --- what would save most ----------------------------------------------------------------------------


_LOOKED_FOR = (
    "Changes are looked for in what is asked again, for which the log needs the columns “subject”, “organisation”, "
    "“asked” and “given”, and in visits and chases, for which it needs “kind” and “organisation”."
)


def _changes(changes: Sequence[Change], least: int) -> str:
    named = [change for change in changes if change.journeys >= least]
    if not named:
        return paragraphs(["No change was found that would save effort in these journeys.", _LOOKED_FOR])
    items = "\n".join(f"<li><h3>{plain(change.title)}</h3>\n{_change(change)}</li>" for change in named[:_CHANGES])
    parts = [f'<ol class="changes">\n{items}\n</ol>']
    if len(named) > _CHANGES:
        rows = [
            Row(cells=[change.title, *(_saved(*each) for each in _savings(change)), change.assumption])
            for change in named[_CHANGES:]
        ]
        head = ["change", "contacts", "customers' time", "partners' cost", "if"]
        parts.append(table("Other changes that were tried", head, rows, words=(0, 4)))
    parts.append(
        paragraphs(
            ["Savings do not simply add up: one change may already save what the next would have saved."]
            * (len(named) > 1)
        )
    )
    return "\n".join(parts)


def _change(change: Change) -> str:
    known = [(saved, unit) for saved, unit in _savings(change) if saved is not None]
    words = {"contacts": "", "minutes": " of customers' time", "pounds": " of partners' cost"}
    told = [f"about {_saved(saved, unit, words[unit])}" for saved, unit in known]
    first = f"It would save {_and(told)}." if told else "What it would save is not known."
    return paragraphs(
        [
            f"{first} It touches {say_number(change.journeys, 'journey')}.",
            f"This holds if: {_ended(change.assumption)}" if change.assumption else "",
            _under(change),
        ]
    )


def _under(change: Change) -> str:
    if change.allowed:
        return f"Allowed under: {_ended(change.agreement)}" if change.agreement else "It needs no sharing agreement."
    return f"Not allowed yet. It would have to be agreed first: {_ended(change.agreement or 'a sharing agreement')}"


def _savings(change: Change) -> tuple[tuple[Saved | None, str], ...]:
    return (change.contacts, "contacts"), (change.minutes, "minutes"), (change.pounds, "pounds")


def _saved(saved: Saved | None, unit: str, of: str = "") -> str:
    """A saving with its range; many minutes are told in hours."""
    if saved is None:
        return "not known"
    scale, said = (1, unit) if unit != "minutes" or abs(saved.value) < 300 else (60, "hours")
    value, low, high = (_rounded(each / scale) for each in (saved.value, saved.low, saved.high))
    ends = say_ends(low, high, said)
    short = ends if unit == "pounds" else ends.rsplit(" ", maxsplit=1)[0]
    return f"{say_value(value, said)}{of} ({short})"


def _rounded(value: float) -> float:
    return float(round(value)) if abs(value) >= 10 else value


# --- measures ----------------------------------------------------------------------------------------


def _measures(measures: Sequence[Measure], least: int) -> str:
    whole = [measure for measure in measures if not measure.by]
    told = [measure for measure in whole if measure.value is not None]
    parts = [_boxes(told, least)] if told else []
    if untold := [measure for measure in measures if measure.value is None and measure.lacks]:
        parts.append(_untold(untold))
    groups: dict[tuple[str, str], list[Measure]] = {}
    for measure in measures:
        if measure.by:
            groups.setdefault((measure.definition.name, ", ".join(measure.by)), []).append(measure)
    # One part alone is the whole again.
    several = [group for group in groups.values() if len(group) > 1]
    known = [group for group in several if any(measure.value is not None for measure in group)]
    if known:
        by = dict.fromkeys(part.replace("_", " ") for group in known for part in group[0].by)
        tables = "\n".join(_by(group, least) for group in known)
        parts.append(f"<details><summary>The same by {_and(list(by))}</summary>\n{tables}\n</details>")
    return "\n".join(parts)


def _untold(measures: Sequence[Measure]) -> str:
    """What this log cannot tell, out of the way, with what it would take."""
    lacks = {measure.definition.title: say_lack(measure) for measure in measures}
    rows = [Row(cells=each) for each in lacks.items()]
    listed = table("Not known from this log", ["measure", "why"], rows, words=(0, 1))
    head = f"{say_number(len(lacks), 'measure')} cannot be told from this log"
    return f"<details><summary>{head}</summary>{listed}</details>"


def _boxes(measures: Iterable[Measure], least: int) -> str:
    return f'<dl class="figures">{"".join(_box(measure, least) for measure in measures)}</dl>'


def _box(measure: Measure, least: int) -> str:
    what = measure.definition
    dress, value, notes = "", say_value(measure.value, what.unit), [_sure(measure), _capital(say_rests(measure))]
    if measure.value is None:
        dress, notes = ' class="is-unknown"', [say_lack(measure)]
    elif too_few(measure, least):
        dress, value, notes = ' class="is-unknown"', "too few to show", [f"Fewer than {least} {what.of}."]
    noted = "".join(f'<dd class="note">{plain(note)}</dd>' for note in notes if note)
    meaning = f'<dd class="note">{_meaning(what, measure)}</dd>'
    return f"<div{dress}><dt>{plain(what.title)}</dt><dd>{plain(value)}</dd>{noted}{meaning}</div>"


def _sure(measure: Measure) -> str:
    if measure.interval is None:
        return "Too few to say how sure this is"
    return f"{say_ends(measure.interval.low, measure.interval.high, measure.definition.unit)}, 95 times in 100"


def _meaning(what: Definition, measure: Measure) -> str:
    better = {"lower": "Lower is better for the customer.", "higher": "Higher is better for the customer."}
    said = [
        what.says,
        f"Formula: {what.formula}" if what.formula else "",
        better.get(what.better, ""),
        f"How sure: {measure.method}." if measure.method and measure.interval else "",
        f"Source: {what.source}" if what.source else "",
    ]
    summary = f'What this means<span class="unseen">: {plain(what.title)}</span>'
    return f"<details><summary>{summary}</summary>{paragraphs(said)}</details>"


def _by(group: Sequence[Measure], least: int) -> str:
    """One measure by parts; those that rest on too few are only counted."""
    what, parts = group[0].definition, list(group[0].by)
    caption = f"{what.title}, {' and '.join(_PARTS.get(part, f'by {part}') for part in parts)}"
    if all(measure.value is None and measure.lacks for measure in group):
        return paragraphs([f"{caption}: not known. {say_lack(group[0])}"])
    enough = [measure for measure in group if not unnamed(measure, least)]
    named = enough[:_ROWS]
    rows = [
        Row(
            cells=[
                ", ".join(measure.by[part] or "not named" for part in parts), say_value(measure.value, what.unit),
                _ends(measure), f"{measure.n:,}", f"{measure.unknown:,}",
            ]
        )
        for measure in named
    ]  # fmt: skip
    for left, why in (
        (len(enough) - len(named), ""),
        (len(group) - len(enough), f" with fewer than {least} {what.of}"),
    ):
        if left:
            rows.append(Row(cells=[f"and {left:,} more{why}"], dress="rest"))
    head = [" and ".join(part.replace("_", " ") for part in parts), "value", "95 times in 100", what.of, "not known"]
    return table(caption, head, rows, words=(0,))


def _ends(measure: Measure) -> str:
    interval = measure.interval
    return say_ends(interval.low, interval.high, measure.definition.unit) if interval else ""


# --- the map -----------------------------------------------------------------------------------------


def _map(flow: Flow, measures: Sequence[Measure], least: int) -> str:
    """The detours, ranked; the map in two shapes, of which the page shows the one that fits; its tables."""
    selection = selected(flow, least=least)
    if not selection.steps:
        none = f"No step was met in {least} journeys or more: there is nothing to draw."
        return "\n".join([paragraphs([none]), *flow_tables(selection)])
    title = "The map: steps by organisation, and the moves between them"
    pictures = f"{drawn(selection, title=title)}\n{drawn_tall(selection, title=title)}"
    return "\n".join([
        paragraphs([usually(selection)]),
        "<h3>The costliest detours</h3>",
        paragraphs([_RANKED if selection.detours else _NO_DETOUR]),
        ranked(selection, each_contact(measures)),
        "<h3>The whole map</h3>",
        paragraphs(_map_words(selection)),
        '<p class="skip"><a href="#after-map">Skip the map, to its tables</a></p>',
        figure("Who customers go to, in what order", pictures, key(wait_scale(selection)), "wide"),
        '<p class="skip" id="after-map"><a href="#after-tables">Skip the tables of the map</a></p>',
        *flow_tables(selection),
        '<div id="after-tables"></div>',
    ])  # fmt: skip


def _map_words(selection: Selection) -> Iterator[str]:
    yield (
        "A wide line is a frequent move; its colour and its dashes tell how long half of the customers wait. A flag "
        "has the number of its detour in the list above. Every step and line leads to its row in a table."
    )
    left = [
        say_number(count, what)
        for count, what in ((selection.more_steps, "rarer step"), (selection.more_moves, "rarer move"))
        if count
    ]
    if left:
        yield f"So that the map stays readable, it leaves out {_and(left)}."


# --- asked again -------------------------------------------------------------------------------------


def _asked(asked: Sequence[Measure], least: int) -> str:
    """The measures of asking again, with those by asker and item as a matrix."""
    both = [each for each in asked if set(each.by) == {"asker", "item"} and each.definition.unit == "items"]
    return "\n".join(
        part for part in (_matrix(both, least) if both else "", _measures([*_without(asked, both)], least)) if part
    )


def _without(measures: Iterable[Measure], shown: Sequence[Measure]) -> Iterator[Measure]:
    held = {id(measure) for measure in shown}
    return (measure for measure in measures if id(measure) not in held)


def _matrix(asked: Sequence[Measure], least: int) -> str:
    """Partner by item: how often an item was asked again, of all the times it was asked for; darker is more."""
    again = {(each.by["asker"], each.by["item"]): round(each.value or 0) for each in asked}
    shown = {pair: count for pair, count in again.items() if count >= least}
    if not any(again.values()):
        return paragraphs(["Nothing was found to be asked again though a partner held it and could share it."])
    if not shown:
        return paragraphs([f"No partner asked again for one item {least} times or more."])
    by_asker, by_item = Counter[str](), Counter[str]()
    for (asker, item), count in shown.items():
        by_asker[asker] += count
        by_item[item] += count
    askers = [name for name, _ in sorted(by_asker.items(), key=_most)][:_ASKERS]
    items = [name for name, _ in sorted(by_item.items(), key=_most)][:_ITEMS]
    (asker, item), worst = min(shown.items(), key=lambda each: (-each[1], each[0]))
    cells = {(each.by["asker"], each.by["item"]): each for each in asked}
    rows = [
        Row(cells=[say_place(name), *(_matrix_cell(cells.get((name, each)), worst, least) for each in items)])
        for name in askers
    ]
    said = [
        f"The most often: {say_place(asker)} asked for {item} {say_number(worst, 'time')} though it was held already "
        "and could be shared.",
        f"Each number says how often a partner asked for something again, of all the times it asked. "
        f"The darker, the more often. What was asked again fewer than {least} times is shown as “under {least}”.",
        _left_out({asker for (asker, _), count in again.items() if count}, askers, "partner"),
        _left_out({item for (_, item), count in again.items() if count}, items, "item"),
    ]
    grid = table("Asked again, by partner and item", ["partner", *items], rows, words=(0,))
    return f'{paragraphs(said)}\n<div class="matrix">{grid}</div>'


def _most(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


def _left_out(found: set[str], shown: Sequence[str], what: str) -> str:
    left = len(found) - len(shown)
    return f"Not shown: {say_number(left, f'more {what}')} with less of it." if left else ""


def _matrix_cell(each: Measure | None, worst: int, least: int) -> Cell:
    if each is None:
        return Cell(words="–")
    if each.value is None:
        return Cell(words="not known")
    again = round(each.value)
    if again < least:
        return Cell(words=say_few(again, least))
    return Cell(words=f"{again:,} of {each.n:,}", dress=f"h{1 + 4 * again // (worst + 1)}")


# --- compared, and read in two ways ------------------------------------------------------------------


def _compared(compared: Sequence[Compared], least: int, names: tuple[str, str]) -> str:
    """What differs in one sentence, then every measure as a row, those that differ first."""
    if not compared:
        return paragraphs(["Nothing was compared."])
    enough = [each for each in compared if not (too_few(each.before, least) or too_few(each.after, least))]
    shown = sorted((each for each in enough if each.difference is not None), key=lambda each: not each.sure)
    rows = [Row(cells=_compared_cells(each), dress="sure" if each.sure else "") for each in shown]
    for left, why in (
        (len(enough) - len(shown), "cannot be compared"),
        (len(compared) - len(enough), "rest on too few"),
    ):
        if left:
            rows.append(Row(cells=[f"and {left} more that {why}"], dress="rest"))
    sides = [name if len(name) <= _SHORT else short for name, short in zip(names, ("before", "after"), strict=True)]
    meant = [f"“{short.capitalize()}” is {name}." for name, short in zip(names, sides, strict=True) if name != short]
    head = ["measure", *sides, "difference, like for like", "95 times in 100", "how sure"]
    sentences = (
        f"<details><summary>The same in sentences</summary>{_listed([each.sentence for each in enough])}</details>"
    )
    grid = table("What was compared: those that differ first", head, rows, words=(0, 5))
    said = f"{paragraphs([_differ(shown)], 'lead')}\n{paragraphs([' '.join(meant)])}"
    return f'{said}\n<div class="wide">{grid}</div>\n{sentences}'


def _differ(compared: Sequence[Compared]) -> str:
    """How many differ by more than chance, and for whom it is better."""
    sure = [each for each in compared if each.sure]
    tried = say_number(len(compared), "measure")
    if not sure:
        return f"None of {tried} differs by more than chance alone would explain."
    counted = Counter(_verdict(each) for each in sure)
    told = [f"{count} {words}" for words, count in sorted(counted.items(), key=lambda each: (-each[1], each[0]))]
    if len(sure) == 1:
        return f"1 of {tried} differs by more than chance would explain, and is {_verdict(sure[0])}."
    return f"{len(sure)} of {tried} differ by more than chance would explain: {_and(told)}."


def _verdict(each: Compared) -> str:
    if not each.definition.better or not each.difference:
        return "neither better nor worse in itself"
    good = (each.difference < 0) == (each.definition.better == "lower")
    return "better for the customer" if good else "worse for the customer"


def _compared_cells(each: Compared) -> list[str]:
    unit = each.definition.unit
    scale, apart = (100, "points") if unit == "share" else (1, unit)
    ends = say_ends(each.interval.low * scale, each.interval.high * scale, apart) if each.interval else "not known"
    said = f"more than chance: {_verdict(each)}" if each.sure else "may be chance: no difference can be claimed"
    return [
        each.definition.title, say_value(each.before.value, unit), say_value(each.after.value, unit),
        say_value(None if each.difference is None else each.difference * scale, apart), ends, said,
    ]  # fmt: skip


def _readings(readings: tuple[Sequence[Measure], Sequence[Measure]], least: int) -> str:
    parts = [
        f"<div><h3>{plain(heading)}</h3>\n{paragraphs([said])}\n{_boxes(measures, least)}</div>"
        for (heading, said), measures in zip(_READINGS, readings, strict=True)
    ]
    intro = paragraphs(["The same journeys, read in two ways: who would gain, the partners or the customer?"])
    return f'{intro}\n<div class="two">{"".join(parts)}</div>'


# --- what it rests on --------------------------------------------------------------------------------


def _counted(counted: Sequence[str], least: int) -> str:
    return _listed(
        [
            *counted,
            f"Small numbers: what fewer than {least} journeys went through is counted but not named, so that nobody "
            f"is recognised. Where only items or hand-overs are counted, it is so below {least} of them. What is then "
            "left of a total may still tell: take care before you pass this page on.",
            "How sure: “95 times in 100” means that the true value would lie between both ends in 95 of 100 such logs.",
            "Half wait: the middle one of all waits. Half of the journeys waited less, half more.",
            "A costly detour is a move against the usual order, or to the same step again. Detours are ranked by the "
            "journeys that make them times the wait of the middle one.",
        ]
    )


def _listed(sentences: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{plain(said)}</li>' for said in sentences if said)}</ul>"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _ended(words: str) -> str:
    return words if words.rstrip().endswith((".", "?", "!")) else f"{words.rstrip()}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
