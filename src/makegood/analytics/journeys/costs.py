"""Unit costs: what a contact costs an organisation, an hour and a mile the customer. Ranges, never points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ...rules import PledgeError
from ...rules.language.grammar import Key
from ...rules.language.nodes import Reading
from ...rules.language.text import Node, parse
from ...rules.money import parse_money

COSTS = {
    "contacts": Key("list", "What a contact costs the organisation.", "[{channel: telephone, low: £1, high: £2, …}]"),
    "hour": Key("map", "What an hour of the customer's time is worth.", "{low: £5, high: £15, source: …, date: …}"),
    "mile": Key("map", "What a mile costs the customer.", "{low: £0.10, high: £0.60, source: …, date: …}"),
}
"""The keys of a file of unit costs."""

_RANGE = {
    "low": Key("money", "What it costs at least.", "£1.50", required=True),
    "high": Key("money", "What it costs at most.", "£4", required=True),
    "source": Key("text", "Where the two sums come from.", "a count of our own, spring 2026", required=True),
    "date": Key("date", "When they were true.", "2026-04-01", required=True),
}
CONTACT_COST = {
    "organisation": Key("text", "Of which organisation; of all unless said.", "Anyborough Council"),
    "channel": Key("text", "By which channel; by all unless said.", "telephone"),
    **_RANGE,
}
"""The keys of a contact's cost; those of an hour and a mile are the same, without organisation and channel."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """Pounds from low to high, where they come from, and when they were true."""

    low: Decimal
    high: Decimal
    source: str
    date: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactCost:
    """What a contact costs an organisation; an empty `organisation` or `channel` stands for all."""

    organisation: str = ""
    channel: str = ""
    cost: Cost


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitCosts:
    """What is known of unit costs. Of several that fit a contact, the one for its organisation and channel counts,
    else that for its organisation, else that for its channel, else that for all. Of a contact of an unknown
    organisation or channel the cost is unknown where one for an organisation or a channel that it may be would count:
    nothing is assumed."""

    contacts: tuple[ContactCost, ...] = ()
    hour: Cost | None = None
    mile: Cost | None = None


def read_costs(text: str, file: str = "<costs>") -> UnitCosts:
    """Read a file of unit costs, YAML or JSON. Raises `PledgeError` with all findings.

    >>> read_costs("mile: {low: £0.10, high: £0.60, source: made up, date: 2026-04-01}").mile.high
    Decimal('0.60')
    """
    reading = Reading()
    fields = reading.fields(parse(text, file), COSTS, "a file of unit costs")
    costs = UnitCosts(
        contacts=tuple(_contacts(reading, fields.get("contacts"))),
        hour=_of_customer(reading, fields.get("hour"), "the cost of an hour"),
        mile=_of_customer(reading, fields.get("mile"), "the cost of a mile"),
    )
    if reading.findings:
        raise PledgeError(reading.findings)
    return costs


def _contacts(reading: Reading, node: Node | None) -> Iterator[ContactCost]:
    seen: set[tuple[str, str]] = set()
    for item in reading.items(node):
        fields = reading.fields(item, CONTACT_COST, "the cost of a contact")
        where = reading.text(fields.get("organisation")), reading.text(fields.get("channel"))
        for key in ("organisation", "channel"):
            if key in fields and not reading.text(fields[key]):
                reading.wrong(fields[key], f"nothing under “{key}”", f"a name, or no “{key}” at all", code="shape")
        if where in seen:
            reading.wrong(
                item, "a second cost of the same contacts", "each organisation and channel once", code="overlap"
            )
        seen.add(where)
        cost = _cost(reading, fields)
        if cost:
            yield ContactCost(organisation=where[0], channel=where[1], cost=cost)


def _of_customer(reading: Reading, node: Node | None, what: str) -> Cost | None:
    return None if node is None else _cost(reading, reading.fields(node, _RANGE, what))


def _cost(reading: Reading, fields: Mapping[str, Node]) -> Cost | None:
    """The range; `None` when something is wrong with it, which is noted."""
    low, high = _pounds(reading, fields.get("low")), _pounds(reading, fields.get("high"))
    source, day = reading.text(fields.get("source")), reading.date(fields.get("date"))
    if "source" in fields and not source:
        reading.wrong(fields["source"], "a source without words", "where the two sums come from", code="shape")
    if low is None or high is None or day is None:
        return None
    if high < low:
        reading.wrong(fields["high"], f"£{high} as the highest of a cost from £{low}", "“low” first", code="overlap")
    return Cost(low=low, high=high, source=source, date=day)


def _pounds(reading: Reading, node: Node | None) -> Decimal | None:
    text = reading.text(node)
    pounds = parse_money(text)
    if node is not None and pounds is None:
        reading.wrong(node, f"“{text[:40]}” is no sum of money", "a sum such as £1.50")
    return pounds
