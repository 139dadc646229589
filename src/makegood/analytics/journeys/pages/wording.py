"""Waits, moves, values and how sure they are, in plain words with their units."""

from __future__ import annotations

from dataclasses import replace

from ...sentences import say_about, say_number, say_share
from ..columns import CONTACT_COLUMNS
from ..flows.flow import Move
from ..measure import Measure
from .selection import LEAST, Node

NOWHERE = "no organisation named"


def say_wait(seconds: float) -> str:
    """A length of time to one unit, as people would say it.

    >>> say_wait(0), say_wait(95 * 60), say_wait(26 * 3600), say_wait(12 * 86_400)
    ('no time', '95 minutes', '26 hours', '12 days')
    """
    if seconds < 1:
        return "no time"
    for size, word, most in ((1, "second", 90), (60, "minute", 120), (3_600, "hour", 48)):
        if seconds < most * size:
            return say_number(max(round(seconds / size), 1), word)
    return say_number(round(seconds / 86_400), "day")


def say_place(organisation: str) -> str:
    """An organisation, also where none is named."""
    return organisation or NOWHERE


def say_node(node: Node) -> str:
    """A step with its organisation.

    >>> say_node(("Claim", "the council")), say_node(("Claim", ""))
    ('Claim (the council)', 'Claim')
    """
    name, organisation = node
    return f"{name or 'no name'} ({organisation})" if organisation else name or "no name"


def say_move(move: Move) -> str:
    """A move with how often, and how long half of them waited."""
    to = "again" if move.before == move.after else f"to {say_node(move.after)}"
    return (
        f"from {say_node(move.before)} {to}: {say_number(move.count, 'time')} in "
        f"{say_number(move.journeys, 'journey')}, half waited {say_wait(move.wait)} or more"
    )


def say_value(value: float | None, unit: str) -> str:
    """A value with its unit; the digits are those that matter.

    >>> say_value(4.5, "contacts"), say_value(0.62, "share"), say_value(1, "days"), say_value(3.2, "pounds")
    ('4.5 contacts', '62.0%', '1 day', '£3.20')
    """
    if value is None:
        return "not known"
    if unit == "share":
        return f"−{say_share(-value)}" if value < 0 else say_share(value)
    if unit == "pounds":
        return say_about(value) if abs(value) >= 100 else f"{'−' if value < 0 else ''}£{abs(value):.2f}"
    if unit == "agreement":
        return _signed(value, 2)
    digits = next(digits for digits, least in enumerate((1000, 1, 0.1, 0)) if abs(value) >= least)
    number = _signed(value, 0 if value == int(value) else digits)
    return f"{number} {unit.removesuffix('s') if number in ('1', '−1') else unit}".rstrip()


def say_ends(low: float, high: float, unit: str) -> str:
    """Both ends of a range, the unit said once where it can be.

    >>> say_ends(4.1, 4.9, "contacts"), say_ends(0.1, 0.2, "share"), say_ends(0, 0.0026, "moves")
    ('4.1 to 4.9 contacts', '10.0% to 20.0%', '0 to 0.003 moves')
    """
    first, last = say_value(low, unit), say_value(high, unit)
    if unit in ("share", "pounds", "agreement"):
        return f"{first} to {last}"
    bare = first.split(" ", maxsplit=1)[0]
    return f"{bare}.0 to {last}" if "." in last and "." not in bare and bare != "0" else f"{bare} to {last}"


def say_rests(measure: Measure) -> str:
    """What a measure rests on, and of how many it could not be told."""
    of = measure.definition.of
    n = say_number(measure.n, of.removesuffix("s"))
    return f"{n}; not known for {measure.unknown:,} more" if measure.unknown else n


def say_lack(measure: Measure) -> str:
    """Why a measure has no value: the columns that the log would need, or what else it would take."""
    if not measure.lacks:
        return "There is nothing here to work it out from."
    known = {*CONTACT_COLUMNS, "asked", "given", "held", *measure.definition.needs}
    if known.issuperset(measure.lacks):
        named = [f"“{column}”" for column in measure.lacks]
        listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
        return f"The log would need the {'column' if len(named) == 1 else 'columns'} {listed}."
    columns = [each for each in measure.lacks if each in known]
    reasons = " ".join(f"It would take {reason}." for reason in measure.lacks if reason not in columns)
    return f"{reasons} {say_lack(replace(measure, lacks=tuple(columns)))}" if columns else reasons


def too_few(measure: Measure, least: int = LEAST) -> bool:
    """Whether a measure rests on so few that it is not shown.

    What counts contacts or items may rest on fewer journeys: no more than there are blocks with any of them.
    """
    blocks = least if measure.parts is None else len(measure.parts.blocks)
    return measure.value is not None and (0 < measure.n < least or blocks < least)


def unnamed(measure: Measure, least: int = LEAST) -> bool:
    """Whether the part of which a measure tells is not named: so few are behind it, or none that could be told."""
    return measure.n < least or too_few(measure, least)


def _signed(value: float, digits: int) -> str:
    said = f"{abs(value):,.{digits}f}"
    return f"−{said}" if value < 0 and float(said.replace(",", "")) else said
