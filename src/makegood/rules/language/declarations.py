"""Reading what a pledge declares: details, rates, calendars, places of publication."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping as AnyMapping
from collections.abc import MutableMapping
from datetime import date
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import cast

from ..errors import did_you_mean, listed
from ..money import parse_money
from ..working_time import Calendar
from . import grammar
from . import model as m
from .calendars import calendars_in, read_calendar_node
from .mends import likely
from .nodes import Reading, shown
from .phrases import Phrase
from .text import Listing, Mapping, Node, Scalar

_NUMBER = re.compile(r"(-?[0-9]{1,3}(?:,[0-9]{3})+|-?[0-9]{1,12}(?:\.[0-9]{1,9})?)\s?(%?)")


_OTHER_KINDS = {
    "boolean": "yes or no",
    "bool": "yes or no",
    "yes/no": "yes or no",
    "string": "text",
    "words": "text",
    "integer": "number",
    "whole number": "number",
    "pounds": "money",
    "date and time": "instant",
    "datetime": "instant",
    "time": "instant",
}
"""Words of other languages for the kinds of detail."""


class Declarations(Reading):
    """The readers of declarations."""

    known_calendars: AnyMapping[str, Calendar]

    def detail(self, name: str, node: Node) -> m.Detail:
        says, place = "", node
        if isinstance(node, Mapping):
            fields = self.fields(node, grammar.DETAIL, "a detail")
            says, place = self.text(fields.get("says")), fields.get("is", node)
        text = self.text(place) if isinstance(place, Scalar) else ""
        listed_values = [self.text(item) for item in place.items] if isinstance(place, Listing) else text.split(",")
        if text.startswith("one of "):
            values = tuple(value.strip().strip('"') for value in text.removeprefix("one of ").split(","))
            if not all(values) or len(set(values)) != len(values):
                self.wrong(place, f"“{text[:80]}”", "different values with commas between them, such as one of am, pm")
            return m.Detail(name=name, kind=m.Kind.CHOICE, values=values, says=says)
        kinds = {str(kind): kind for kind in m.Kind if kind is not m.Kind.CHOICE}
        if text not in kinds:
            self.wrong(
                place,
                f"{shown(place)} is no kind of detail",
                "text, yes or no, one of A, B, number, money, date or instant",
                f"write “one of {', '.join(value.strip() for value in listed_values)}”"
                if len(listed_values) > 1
                else did_you_mean(_OTHER_KINDS.get(text.lower(), text), [*kinds, "one of"]),
            )
        return m.Detail(name=name, kind=kinds.get(text, m.Kind.TEXT), says=says)

    def rates(self, node: Node) -> tuple[m.Rate, ...]:
        rates = tuple(rate for item in self.items(node) if (rate := self.rate(item)))
        for earlier, later in pairwise(rates):
            if earlier.kind != later.kind:
                self.wrong(node, f"a rate that is {earlier.kind} and then {later.kind}", "one kind", code="units")
            if earlier.last is None or later.first is None or later.first <= earlier.last:
                self.wrong(
                    node,
                    "periods of a rate that overlap or are out of order",
                    "earlier ones first, each with “until” before the next “from”",
                    code="overlap",
                )
        return rates

    def rate(self, node: Node) -> m.Rate | None:
        fields = self.fields(node, grammar.RATE, "a rate") if isinstance(node, Mapping) else {"is": node}
        place = fields.get("is")
        text = self.text(place)
        if place is None:
            return None
        value: Fraction | m.Within
        pounds = parse_money(text) if text.startswith("£") else None
        if pounds is not None:
            value, kind = Fraction(pounds), "money"
        else:
            number = _NUMBER.fullmatch(text)
            if number:
                value = Fraction(number[1].replace(",", ""))
                kind = "a percentage" if number[2] else "a number"
            elif mend := _figure_meant(text):
                self.wrong(place, f"“{text[:60]}”", "a sum, a percentage, a number or a length of time", mend)
                return None
            else:
                limit = self.phrase(place, Phrase.limit, None)
                if not isinstance(limit, m.Within):
                    self.wrong(place, f"“{text[:60]}”", "a sum, a percentage, a number or a length of time")
                    return None
                value, kind = limit, "time"
        if isinstance(value, Fraction) and value < 0:
            self.wrong(place, f"“{text[:60]}”", "a value that is not negative")
        first, last = self.date(fields.get("from")), self.date(fields.get("until"))
        self._order(node, first, last)
        return m.Rate(value=value, kind=kind, first=first, last=last, source=self.text(fields.get("source")))

    def _order(self, node: Node, first: date | None, last: date | None) -> None:
        if first and last and last < first:
            self.wrong(node, "a period that ends before it begins", "“until” on or after “from”", code="overlap")

    def published(self, node: Node) -> m.Published:
        if isinstance(node, Scalar):
            return m.Published(where=self.text(node))
        fields = self.fields(node, grammar.PUBLISHED, "a place of publication")
        return m.Published(where=self.text(fields.get("where")), evidence=self.text(fields.get("evidence")))

    def calendars(self, node: Node | None) -> dict[str, Calendar]:
        """The calendars of the text, which may name one another in any order, and those known elsewhere."""
        nodes = self.entries(node, "calendars")
        needs = {name: [other for other in calendars_in(each) if other in nodes] for name, each in nodes.items()}
        # One that names itself means the calendar of that name which is known elsewhere.
        sorter = TopologicalSorter({name: set(others) - {name} for name, others in needs.items()})
        try:
            order = list(sorter.static_order())
        except CycleError as error:
            circle: list[str] = error.args[1]
            self.wrong(
                nodes[circle[0]],
                f"calendars that name one another in a circle: {listed(circle[::-1])}",
                "other calendars",
                code="circle",
            )
            return {}
        read: dict[str, Calendar] = {}
        known = ChainMap(read, cast(MutableMapping[str, Calendar], self.known_calendars))  # never written through
        for name in order:
            if all(other in read or other == name for other in needs[name]):  # else what is wrong has been noted
                calendar = read_calendar_node(self, nodes[name], known, name)
                if calendar:
                    read[name] = calendar
        return {name: read[name] for name in nodes if name in read}

    def calendar_names(self, node: Node | None) -> dict[m.Unit, str]:
        units = {
            "working days": m.Unit.WORKING_DAY,
            "school days": m.Unit.SCHOOL_DAY,
            "service hours": m.Unit.SERVICE_HOUR,
        }
        if isinstance(node, Mapping):
            for key in node.entries:
                if key not in units:
                    self.wrong(
                        node.keys[key],
                        f"“{key[:60]}”",
                        "working days, school days or service hours",
                        did_you_mean(key, units),
                        "unknown-key",
                    )
            return {units[key]: self.text(item) for key, item in node.entries.items() if key in units}
        name = self.text(node)
        return dict.fromkeys(units.values(), name) if name else {}

    def paid_once(self, node: Node | None) -> tuple[tuple[str, ...], ...]:
        groups = []
        for item in self.items(node):
            names = tuple(self.known(each, self.names.standards, "a standard") for each in self.items(item))
            if not isinstance(item, Listing) or len(names) < 2:
                self.wrong(item, "a group of fewer than two standards", "[[first, second]]", code="shape")
            groups.append(names)
        return tuple(groups)

    def pounds(self, node: Node) -> Fraction:
        text = self.text(node).removeprefix("up to ")
        pounds = parse_money(text)
        if pounds is None:
            self.wrong(node, f"“{text[:40]}” is no sum of money", "a sum such as £100", _figure_meant(text))
        return Fraction(pounds or 0)


def _figure_meant(text: str) -> str:
    """The mend for a sum, a percentage or a number that is written in another way; empty if it is none."""
    meant = (each for each in likely(text) if _NUMBER.fullmatch(each.removeprefix("£")))
    return next((f"write “{each}”" for each in meant), "")
