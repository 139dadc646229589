"""Sharing agreements: which organisations may pass which items of information to which others, what for, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import date

from ...rules import PledgeError
from ...rules.language.grammar import Key
from ...rules.language.nodes import Reading
from ...rules.language.text import Listing, Mapping, Node, Scalar, parse
from ...rules.working_time import DAY, day_number, zone_named
from .columns import MICROSECONDS, Log
from .names import What, strange_names
from .store import Store

OWN_RECORD = "own record"
NOT_SHAREABLE = "not shareable"
UNKNOWN = "unknown"
"""What is said in place of an agreement's name; so no agreement may be called so."""

AGREEMENTS = {
    "agreements": Key("list", "The agreements, each with the keys below.", "[{name: …}]", required=True),
    "zone": Key("zone", "The zone of their dates; Europe/London unless said.", "Europe/London"),
}
"""The keys of a file of agreements."""

AGREEMENT = {
    "name": Key("text", "What it is called; each once.", "Benefits and rent", required=True),
    "purpose": Key("list", "The needs for which information may be used, or any.", "[benefit claim]", required=True),
    "items": Key("list", "The items of information that may be passed on, or any.", "[payslip]", required=True),
    "from": Key("list", "The organisations that may pass them on.", "[Anyborough Council]", required=True),
    "to": Key("list", "The organisations that may be given them.", "[Anyborough Jobcentre]", required=True),
    "from date": Key("date", "The first day on which it is in force.", "2026-04-01", required=True),
    "until date": Key("date", "The last day on which it is in force; no end unless said.", "2027-03-31"),
    "source": Key("text", "Where it is written down.", "Register of agreements, number 12"),
}
"""The keys of one agreement."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """Under which information may be passed from some organisations to others.

    `purposes` (needs) and `items` are `None` where any will do. `first` and `last` are local days of `zone`, both
    included; `None` for `last` is no end.
    """

    name: str
    purposes: tuple[str, ...] | None
    items: tuple[str, ...] | None
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    first: date
    last: date | None = None
    zone: str = "Europe/London"
    source: str = ""

    @property
    def begins(self) -> int:
        """The instant from which it is in force, in microseconds since 1970 UTC."""
        return _midnight(self.first, 0, self.zone)

    @property
    def ends(self) -> int | None:
        """The instant from which it is no longer in force; `None` when it has no end."""
        return None if self.last is None else _midnight(self.last, 1, self.zone)


def _midnight(day: date, later: int, zone: str) -> int:
    return zone_named(zone).instant((day_number(day) + later) * DAY, later=False) * MICROSECONDS


def read_agreements(text: str, file: str = "<agreements>") -> tuple[Agreement, ...]:
    """Read a file of sharing agreements, YAML or JSON. Raises `PledgeError` with all findings.

    >>> text = "agreements: [{name: a, purpose: any, items: [payslip], from: X, to: [Y], from date: 2026-04-01}]"
    >>> read_agreements(text)[0].takers
    ('Y',)
    """
    reading = Reading()
    fields = reading.fields(parse(text, file), AGREEMENTS, "a file of sharing agreements")
    zone = reading.zone_of(fields.get("zone"), "Europe/London")
    nodes = fields.get("agreements")
    if isinstance(nodes, Mapping) or (isinstance(nodes, Scalar) and nodes.text):
        reading.wrong(nodes, "agreements that are no list", "- name: …", code="shape")
    listed = nodes.items if isinstance(nodes, Listing) else []
    agreements = tuple(_agreements(reading, listed, zone))
    if reading.findings:
        raise PledgeError(reading.findings)
    return agreements


def strange_to(log: Log, agreements: Iterable[Agreement], store: Store) -> list[str]:
    """Sentences on the names in agreements that a log does not have: nothing is shared under a name that is misspelt.

    No mistakes as such: an agreement may cover needs, items and organisations that come in other logs.
    """
    return [
        f"agreement “{each.name}”: {said}"
        for each in agreements
        for said in strange_names(_names_in(each), log, store)
    ]  # fmt: skip


def _names_in(agreement: Agreement) -> Iterator[tuple[What, str]]:
    yield from (("need", name) for name in agreement.purposes or ())
    yield from (("item", name) for name in agreement.items or ())
    yield from (("holder", name) for name in agreement.givers)
    yield from (("organisation", name) for name in agreement.takers)


def _agreements(reading: Reading, nodes: list[Node], zone: str) -> Iterator[Agreement]:
    names: set[str] = set()
    for node in nodes:
        fields = reading.fields(node, AGREEMENT, "a sharing agreement")
        name = _name(reading, fields.get("name"), names)
        first, last = reading.date(fields.get("from date")), reading.date(fields.get("until date"))
        if first and last and last < first:
            reading.wrong(
                fields["until date"],
                "an agreement that ends before it begins",
                "“until date” on or after “from date”",
                code="overlap",
            )
        yield Agreement(
            name=name,
            purposes=_any_or_listed(reading, fields, "purpose"),
            items=_any_or_listed(reading, fields, "items"),
            givers=_listed(reading, fields, "from"),
            takers=_listed(reading, fields, "to"),
            first=first or date.min,
            last=last,
            zone=zone,
            source=reading.text(fields.get("source")),
        )


def _name(reading: Reading, node: Node | None, taken: set[str]) -> str:
    name = reading.text(node)
    if node is None:
        return name
    if name in taken:
        reading.wrong(node, f"an agreement “{name[:60]}” a second time", "another name", code="repeated-key")
    if name in ("", OWN_RECORD, NOT_SHAREABLE, UNKNOWN):
        reading.wrong(
            node, f"“{name}” cannot be the name of an agreement", "such as Benefits and rent", code="name"
        )  # fmt: skip
    taken.add(name)
    return name


def _any_or_listed(reading: Reading, fields: AnyMapping[str, Node], key: str) -> tuple[str, ...] | None:
    node = fields.get(key)
    if isinstance(node, Scalar) and node.text == "any":
        return None
    found = _listed(reading, fields, key)
    if node is not None and "any" in found:
        reading.wrong(node, "“any” in a list", "any alone, or a list of words", f"write “{key}: any”")
    return found


def _listed(reading: Reading, fields: AnyMapping[str, Node], key: str) -> tuple[str, ...]:
    """The different words of a list, none of them empty."""
    if key not in fields:
        return ()
    items = [(item, reading.text(item)) for item in reading.items(fields[key])]
    for item, words in items:
        if not words and isinstance(item, Scalar):
            reading.wrong(item, f"nothing under “{key}”", AGREEMENT[key].example, code="shape")
    if not items:
        reading.wrong(fields[key], f"an empty list under “{key}”", AGREEMENT[key].example, code="shape")
    return tuple(dict.fromkeys(words for _, words in items))
