"""Which column of somebody's table is which fact or detail of a pledge: a small YAML file."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..rules import Finding, PledgeError
from ..rules.language.grammar import Key
from ..rules.language.nodes import Reading
from ..rules.language.text import Listing, Node, parse
from ..rules.language.text import Mapping as MappingNode

MAPPING = {
    "case id": Key("text", "The column that names the case.", "case_enquiry_id", required=True),
    "zone": Key("zone", "The zone of times without an offset; without it such a row is set aside.", "America/New_York"),
    "facts": Key("map", "For each fact the column that holds its instant.", "{reported: open_dt}"),
    "recorded": Key("map", "For each fact the column that says when it became known.", "{answered: entered_dt}"),
    "details": Key(
        "map",
        "For each detail its column, or {always: VALUE}, or {column: …, values: {theirs: ours}}.",
        "{type: type}",
    ),
    "format": Key("text", "How times are written, if not ISO: a strptime pattern.", "%d/%m/%Y %H:%M"),
    "date format": Key("text", "How details that are dates are written, if not ISO.", "%d/%m/%Y"),
    "missing": Key("list", "Words that stand for “not given” besides the empty cell.", "[NULL, n/a]"),
}
SOURCE_COLUMN = {
    "column": Key("text", "The column.", "ward"),
    "always": Key("text", "The same value for every row.", "household"),
    "values": Key("map", "Their words to ours.", "{Y: yes, N: no}"),
}
"""The keys by which a mapping says where a value comes from, if not by a column's name alone."""

DATE_AND_TIME = {
    "date": Key("text", "The column of dates, where times of day stand in another.", "Date"),
    "time": Key("text", "The column of times of day.", "Time"),
}
"""The keys for an instant that stands in two columns; a mapping has both and nothing else."""
_TWO = "{date: Date, time: Time}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceColumn:
    """Where a value of ours comes from: a column, with their words turned into ours, or always the same value.

    `time` is a column of times of day, where `column` holds the dates alone.
    """

    column: str = ""
    always: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    time: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it asks for."""
        return tuple(filter(None, (self.column, self.time)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Mapping:
    """How a table's columns become a case. `zone` is empty when times without an offset are not wanted."""

    case_id: str = "case_id"
    zone: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    recorded: dict[str, str] = field(default_factory=dict)
    details: dict[str, SourceColumn] = field(default_factory=dict)
    format: str = ""
    date_format: str = ""
    missing: frozenset[str] = frozenset()

    def columns(self) -> list[str]:
        """Every column that the mapping asks for."""
        details = [each.column for each in self.details.values() if each.column]
        return list(dict.fromkeys([self.case_id, *self.facts.values(), *self.recorded.values(), *details]))


def read_mapping(text: str, file: str = "<mapping>") -> Mapping:
    """Read a mapping file. Raises `PledgeError` with all findings.

    >>> read_mapping("case id: id\\nfacts: {reported: opened}\\n").facts
    {'reported': 'opened'}
    """
    reading = Reading()
    fields = reading.fields(parse(text, file), MAPPING, "a mapping")
    zone = reading.zone_of(fields.get("zone"), "")
    mapping = Mapping(
        case_id=reading.text(fields.get("case id")) or "case_id",
        zone=zone,
        facts=_columns(reading, fields.get("facts")),
        recorded=_columns(reading, fields.get("recorded")),
        details={
            name: read_source_column(reading, node, "a detail's column")
            for name, node in reading.entries(fields.get("details"), "details").items()
        },
        format=reading.text(fields.get("format")),
        date_format=reading.text(fields.get("date format")),
        missing=frozenset(reading.text(item) for item in reading.items(fields.get("missing"))),
    )
    errors: list[Finding] = reading.findings
    if errors:
        raise PledgeError(errors)
    return mapping


def _columns(reading: Reading, node: Node | None) -> dict[str, str]:
    return {name: reading.text(item) for name, item in reading.entries(node, "columns").items()}


def read_source_column(reading: Reading, node: Node, what: str, *, timed: bool = False) -> SourceColumn:
    """Where a value comes from: the name of a column, or `SOURCE_COLUMN`'s keys; `what` names it in findings.

    `timed` allows `DATE_AND_TIME` as well.
    """
    if not isinstance(node, MappingNode):
        if timed and isinstance(node, Listing):
            reading.wrong(node, f"a list instead of {what}", f"one column’s name, or {_TWO}", code="shape")
            return SourceColumn()
        return SourceColumn(column=reading.text(node))
    fields = reading.fields(node, SOURCE_COLUMN | DATE_AND_TIME if timed else SOURCE_COLUMN, what)
    if not fields.keys().isdisjoint(DATE_AND_TIME):
        return _date_and_time(reading, node, fields, what)
    values = reading.entries(fields.get("values"), "values", names=False)
    if ("column" in fields) == ("always" in fields):
        reading.wrong(node, f"{what} without “column” or “always”, or with both", "one of them", code="missing-key")
    return SourceColumn(
        column=reading.text(fields.get("column")),
        always=reading.text(fields["always"]) if "always" in fields else None,
        values={theirs: reading.text(item) for theirs, item in values.items()},
    )


def _date_and_time(reading: Reading, node: Node, fields: dict[str, Node], what: str) -> SourceColumn:
    if fields.keys() != DATE_AND_TIME.keys():
        found = f"{what} with {' and '.join(f'“{key}”' for key in fields)}"
        mend = "where one column has both, write its name alone"
        reading.wrong(node, found, f"“date” and “time” and nothing else: {_TWO}", mend, code="missing-key")
    date, time = reading.text(fields.get("date")), reading.text(fields.get("time"))
    if date and date == time:
        reading.wrong(node, f"“{date}” for both the date and the time", "two columns", f"write {date} alone")
    return SourceColumn(column=date, time=time)
