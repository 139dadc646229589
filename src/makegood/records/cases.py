"""From files to cases: cases with long events, or one wide table by a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..rules import Case, Fact, Pledge
from ..rules.conditions import number_of_text
from ..rules.errors import did_you_mean
from ..rules.facts import pence_of
from ..rules.language.model import Kind
from .instants import NoInstant, instant_reader, iso_date
from .mapping import Mapping, SourceColumn
from .rejects import Rejects
from .rows import Row, Table, UnreadableFile, read_rows


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFiles:
    """A file of cases (`case_id` and details) and one of events (`case_id,event,at` and, if known, `recorded_at`)."""

    cases: Path
    events: Path
    mapping: Mapping = field(default_factory=Mapping)
    encoding: str = "utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class TableFile:
    """One wide table, a row for each case, with the mapping that says which column is what."""

    path: Path
    mapping: Mapping
    encoding: str = "utf-8"


class Unfit(ValueError):
    """A row that cannot be used, with the column concerned."""

    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason
        super().__init__(reason)


def read_case_files(files: CaseFiles, pledge: Pledge, rejects: Rejects) -> Iterator[Case]:
    """The cases of a pair of files, in the order of the file of cases. Raises `UnreadableFile`."""
    cases = read_rows(files.cases, rejects, encoding=files.encoding)
    details = _read_details(cases, files.mapping, pledge, rejects, str(files.cases))
    for name in sorted(set(pledge.details) - set(cases.header) - set(files.mapping.details)):
        rejects.note(f"{files.cases}: no column for the detail “{name}”; {did_you_mean(name, cases.header)}")
    events = read_rows(files.events, rejects, encoding=files.encoding)
    facts = _read_events(events, files.mapping, details, rejects, str(files.events))
    _note_unknown_facts(facts, pledge, rejects, str(files.events))
    for case_id, given in details.items():
        if given is not None:
            yield Case(id=case_id, details=given, facts=facts.get(case_id, ()))


def read_table(file: TableFile, pledge: Pledge, rejects: Rejects, table: Table | None = None) -> Iterator[Case]:
    """The cases of a wide table, in its order; `table` gives rows that were read otherwise. Raises `UnreadableFile`."""
    name = str(file.path)
    table = table or read_rows(file.path, rejects, encoding=file.encoding)
    where = _columns(table.header, file.mapping.columns(), name)
    read = instant_reader(file.mapping)
    details = _detail_readers(file.mapping.details, pledge, where, file.mapping)
    seen: dict[str, int] = {}
    for row in table.rows:
        try:
            case_id = _new_case(row, where[file.mapping.case_id], seen)
            facts = _wide_facts(row, file.mapping, where, read)
            given = {detail: value for detail, take in details.items() if (value := take(row))}
        except Unfit as unfit:
            rejects.add(name, row.line, unfit.column, unfit.reason, row.fields)
            continue
        seen[case_id] = row.line
        yield Case(id=case_id, details=given, facts=facts)


def _columns(header: list[str], wanted: list[str], name: str) -> dict[str, int]:
    where = {column: index for index, column in enumerate(header)}
    for column in wanted:
        if column not in where:
            raise UnreadableFile(f"{name}: there is no column “{column}”; {did_you_mean(column, header)}")
    return where


def _new_case(row: Row, column: int, seen: dict[str, int]) -> str:
    case_id = row.fields[column].strip()
    if not case_id:
        raise Unfit("case_id", "no case id")
    if case_id in seen:
        raise Unfit("case_id", f"a case id again: “{case_id[:60]}” stands first in line {seen[case_id]}")
    return case_id


def _wide_facts(row: Row, mapping: Mapping, where: dict[str, int], read: Callable[[str], datetime]) -> list[Fact]:
    facts = []
    for fact, column in mapping.facts.items():
        text = row.fields[where[column]].strip()
        if not text or text in mapping.missing:
            continue
        recorded = None
        if fact in mapping.recorded:
            known = row.fields[where[mapping.recorded[fact]]].strip()
            recorded = _instant(known, mapping.recorded[fact], read) if known and known not in mapping.missing else None
        facts.append(Fact(name=fact, at=_instant(text, column, read), recorded_at=recorded))
    return facts


def _instant(text: str, column: str, read: Callable[[str], datetime]) -> datetime:
    try:
        return read(text)
    except NoInstant as error:
        raise Unfit(column, str(error)) from None


def _date(text: str, column: str, pattern: str) -> str:
    try:
        return iso_date(text, pattern)
    except NoInstant as error:
        raise Unfit(column, str(error)) from None


# --- details -----------------------------------------------------------------------------------------


def _read_details(
    table: Table, mapping: Mapping, pledge: Pledge, rejects: Rejects, name: str
) -> dict[str, dict[str, str] | None]:
    """The details of each case; `None` for a case whose row was set aside."""
    where = _columns(table.header, [mapping.case_id], name)
    columns = {each: SourceColumn(column=each) for each in table.header if each in pledge.details}
    columns.update(mapping.details)
    _columns(table.header, [each.column for each in columns.values() if each.column], name)
    readers = _detail_readers(columns, pledge, where, mapping)
    cases: dict[str, dict[str, str] | None] = {}
    lines: dict[str, int] = {}
    for row in table.rows:
        try:
            case_id = _new_case(row, where[mapping.case_id], lines)
        except Unfit as unfit:
            rejects.add(name, row.line, unfit.column, unfit.reason, row.fields)
            continue
        lines[case_id] = row.line
        try:
            cases[case_id] = {detail: value for detail, take in readers.items() if (value := take(row))}
        except Unfit as unfit:
            cases[case_id] = None
            rejects.add(name, row.line, unfit.column, unfit.reason, row.fields)
    return cases


def _detail_readers(
    columns: dict[str, SourceColumn], pledge: Pledge, where: dict[str, int], mapping: Mapping
) -> dict[str, Callable[[Row], str]]:
    read = instant_reader(mapping)
    return {
        name: _detail_reader(each, pledge.details[name].kind, where, mapping, read)
        for name, each in columns.items()
        if name in pledge.details
    }


_EXPECTED = {
    Kind.MONEY: "no sum of money: “{}” is not like 9.95",
    Kind.NUMBER: "no number: “{}”",
}


def _detail_reader(
    given: SourceColumn, kind: Kind, where: dict[str, int], mapping: Mapping, read: Callable[[str], datetime]
) -> Callable[[Row], str]:
    fits: dict[Kind, Callable[[str], object]] = {Kind.MONEY: pence_of, Kind.NUMBER: number_of_text}
    fit, index, values, missing = fits.get(kind), where.get(given.column, -1), given.values, mapping.missing
    pattern = mapping.date_format if given.always is None else ""

    def take(row: Row) -> str:
        text = given.always if given.always is not None else row.fields[index].strip()
        if text in missing:
            return ""
        text = values.get(text, text)
        if not text:
            return ""
        if kind is Kind.DATE:
            return _date(text, given.column, pattern)
        if fit and fit(text) is None:
            raise Unfit(given.column, _EXPECTED[kind].format(text[:40]))
        return _instant(text, given.column, read).isoformat() if kind is Kind.INSTANT else text

    return take


# --- events ------------------------------------------------------------------------------------------


def _read_events(
    table: Table, mapping: Mapping, cases: dict[str, dict[str, str] | None], rejects: Rejects, name: str
) -> dict[str, list[Fact]]:
    where = _columns(table.header, ["case_id", "event", "at"], name)
    case_at, event_at, at_at = where["case_id"], where["event"], where["at"]
    recorded_at = where.get("recorded_at")
    read = instant_reader(mapping)
    facts: dict[str, list[Fact]] = {}
    for row in table.rows:
        fields = row.fields
        case_id = fields[case_at].strip()
        try:
            if cases.get(case_id) is None:
                raise Unfit("case_id", _no_case(case_id, case_id in cases))
            if not fields[event_at].strip():
                raise Unfit("event", "no event named")
            known = fields[recorded_at].strip() if recorded_at is not None else ""
            fact = Fact(
                name=fields[event_at].strip(),
                at=_instant(fields[at_at], "at", read),
                recorded_at=_instant(known, "recorded_at", read) if known else None,
            )
        except Unfit as unfit:
            rejects.add(name, row.line, unfit.column, unfit.reason, fields)
            continue
        facts.setdefault(case_id, []).append(fact)
    return facts


def _note_unknown_facts(facts: dict[str, list[Fact]], pledge: Pledge, rejects: Rejects, name: str) -> None:
    """Tell which events are no facts of the pledge: they are without effect, or somebody's spelling mistake."""
    counts = Counter(fact.name for of_case in facts.values() for fact in of_case if fact.name not in pledge.facts)
    for event, count in sorted(counts.items())[:20]:
        known = did_you_mean(event, pledge.facts)
        rejects.note(f"{name}: {count:,} × “{event[:60]}”, which is no fact of the pledge and without effect; {known}")


def _no_case(case_id: str, set_aside: bool) -> str:
    if not case_id:
        return "no case id"
    if set_aside:
        return f"its case was set aside: “{case_id[:60]}”"
    return f"an event of an unknown case: “{case_id[:60]}”"
