"""Which column of somebody's contact log is which column of ours: a small YAML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ....records.mapping import SourceColumn, read_source_column
from ....rules import PledgeError
from ....rules.language.grammar import Key
from ....rules.language.nodes import Reading
from ....rules.language.text import Node, parse
from .date_and_time import check_format

_PLACES = {
    "contact": ("contact", "The contact's own id; without it one is made from what the row says.", "id"),
    "case": ("case", "What the log itself keeps together across organisations.", "case_id"),
    "subject": ("subject", "The customer, pseudonymous.", "person"),
    "need": ("need", "What the customer is after.", "need"),
    "organisation": ("organisation", "Who was contacted.", "body"),
    "team": ("team", "The team within it.", "desk"),
    "channel": ("channel", "Telephone, post, counter, web and so on.", "channel"),
    "kind": ("kind", "What the contact was; `values` turn the log's words into ours.", "type"),
    "activity": ("activity", "The step in the log's own words, for the map.", "step"),
    "start": ("start", "When it began.", "began"),
    "end": ("end", "When it ended.", "ended"),
    "sequence": ("sequence", "The order of contacts at one instant: a column, or `row` for the order of rows.", "row"),
    "resolved": ("resolved", "Whether what was asked was settled in this contact.", "solved"),
    "completed": ("completed", "Whether with it the need itself was met for good.", "done"),
    "reason by adviser": ("reason_adviser", "The adviser's reason of avoidable contact.", "code"),
    "reason by customer": ("reason_customer", "The customer's own view of it.", "customer_code"),
    "reference": ("reference", "The record that the organisation made or used.", "ref"),
    "follows": ("follows", "A reference that the contact quotes.", "quoted"),
    "handed to": ("handed_to", "The organisation to which the customer was passed on.", "passed_to"),
    "due": ("due", "When the next step had been promised for.", "promised_by"),
    "asked": ("asked", "Items of information that the customer was asked for.", "asked"),
    "given": ("given", "Items that the customer gave.", "given"),
    "held": ("held", "Items known to be held already, each as item@organisation.", "held"),
    "minutes": ("minutes", "The customer's own time in the contact.", "minutes"),
    "travel minutes": ("travel_minutes", "The customer's time to get there and back.", "travel"),
    "travel miles": ("travel_miles", "The way there and back.", "miles"),
    "weight": ("weight", "How many contacts a sampled one stands for.", "weight"),
    "words": ("words", "What the customer said.", "words"),
}
"""By key of the mapping file: our column, what it says, and an example of a column's name."""

_WHAT = "a column of a contact log"

INSTANTS = ("start", "end", "due")
"""Of ours, what holds instants: it may be a date in one column and a time of day in another."""

CONDITIONS = {"resolved if": "resolved", "completed if": "completed"}

LOG_MAPPING = {key: Key("column", says, example) for key, (_, says, example) in _PLACES.items()} | {
    "resolved if": Key("map", "Columns of ours and the words that say that it was settled.", "{activity: [Close]}"),
    "completed if": Key("map", "Columns of ours and the words that say that the need was met.", "{kind: [outcome]}"),
    "zone": Key("zone", "The zone of times without an offset; without it such a row is set aside.", "Europe/London"),
    "format": Key("text", "How times are written, if not ISO: a strptime pattern.", "%d/%m/%Y %H:%M"),
    "missing": Key("list", "Words that stand for “not given” besides the empty cell.", "[NULL, n/a]"),
    "separated by": Key("text", "What stands between items of information in one cell; otherwise a semicolon.", "|"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class LogMapping:
    """How a file's columns become contacts. `columns` is by our names; `by_row` says that rows stand in order.

    `conditions` holds for `resolved` and `completed` the columns of ours, each with the words that make it so.
    """

    columns: dict[str, SourceColumn] = field(default_factory=dict)
    by_row: bool = False
    conditions: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    zone: str = ""
    format: str = ""
    missing: frozenset[str] = frozenset()
    separator: str = ";"


def plain_mapping(header: list[str]) -> LogMapping:
    """The mapping of a file whose columns are called as ours are, or as the mapping's keys; capitals do not matter.

    >>> plain_mapping(["Start", "Handed to", "who"]).columns["handed_to"].column
    'Handed to'
    """
    theirs = {_plainly(column): column for column in reversed(header)} | {column: column for column in header}
    columns = {
        ours: SourceColumn(column=theirs[said])
        for key, (ours, _, _) in _PLACES.items()
        if (said := next((each for each in (ours, _plainly(ours), key) if each in theirs), None)) is not None
    }
    return LogMapping(columns=columns)


def _plainly(column: str) -> str:
    return column.lower().replace("_", " ")


def read_log_mapping(text: str, file: str = "<mapping>") -> LogMapping:
    """Read a mapping file. Raises `PledgeError` with all findings.

    >>> read_log_mapping("start: began\\nkind: {column: type, values: {Status: chase}}\\n").columns["kind"].column
    'type'
    """
    reading = Reading()
    fields = reading.fields(parse(text, file), LOG_MAPPING, "a mapping of a contact log")
    columns = {
        ours: read_source_column(reading, fields[key], _WHAT, timed=ours in INSTANTS)
        for key, (ours, _, _) in _PLACES.items()
        if key in fields
    }
    by_row = "sequence" in columns and columns["sequence"].column == "row"
    if by_row:
        del columns["sequence"]
    mapping = LogMapping(
        columns=columns,
        by_row=by_row,
        conditions={ours: dict(_conditions(reading, fields[key])) for key, ours in CONDITIONS.items() if key in fields},
        zone=reading.zone_of(fields.get("zone"), ""),
        format=reading.text(fields.get("format")),
        missing=frozenset(reading.text(item) for item in reading.items(fields.get("missing"))),
        separator=reading.text(fields.get("separated by")) or ";",
    )
    if mapping.format and any(each.time for each in columns.values()):
        check_format(reading, fields["format"], mapping.format)
    if reading.findings:
        raise PledgeError(reading.findings)
    return mapping


def _conditions(reading: Reading, node: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    known = {ours for ours, _, _ in _PLACES.values()}
    for column, words in reading.entries(node, "conditions").items():
        if column not in known:
            reading.wrong(
                words, f"“{column}”", "one of our columns, such as activity, kind or team", code="unknown-key"
            )
        yield column, tuple(reading.text(item) for item in reading.items(words))
