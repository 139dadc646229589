"""From somebody's files to the wide table of `columns`, with DuckDB: fast where a file is clean, careful where not.

A clean file is converted in SQL. As soon as anything in it is odd, the careful reader of `makegood.records` reads the
whole of it, sets bad rows aside with file and line, and hands the good ones over: both ways lead to the same table.
"""
# ruff: noqa: S608 - every name and text from outside goes into SQL by `conversions.name` and `conversions.text`

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from ..records import CaseFiles, Rejects, TableFile
from ..records.mapping import Mapping, SourceColumn
from ..records.rows import open_text, read_rows, said_separator, separator_of
from ..rules import Case, Pledge
from ..rules.facts import day_of_text, instant_of_text, pence_of
from ..rules.language.model import Kind
from ..rules.working_time import seconds_of as seconds_of_datetime
from ..rules.working_time import zone_named
from .columns import CASE_ID, LARGEST, TEXTS, Extent, detail_column, fact_column, given_column
from .conversions import FAR, Converted, detail, instant, local_to_utc, name, plain, stripped, text
from .sources import Source, cases_of, is_parquet


@dataclass(frozen=True, kw_only=True)
class Staged:
    """The wide table, as SQL over files, and what it holds at most."""

    sql: str
    extent: Extent


_Ends = dict[str, Sequence[Any]]
"""The least and the most value of each column."""


class _Odd(Exception):
    """Something that the fast way does not understand; the careful reader decides."""


def connected(folder: Path, *, progress: bool = False) -> duckdb.DuckDBPyConnection:
    """A database in memory that streams, and spills into a folder what does not fit."""
    database = duckdb.connect(config={"preserve_insertion_order": False})
    database.execute("SET TimeZone = 'UTC'")
    database.execute(f"SET temp_directory = {text(str(folder))}")
    database.execute(f"SET enable_progress_bar = {str(progress).lower()}")
    return database


class Stage:
    """The reading of one source for one pledge as of an instant."""

    def __init__(
        self, database: duckdb.DuckDBPyConnection, folder: Path, pledge: Pledge, source: Source, as_of: int,
        rejects: Rejects,
    ) -> None:  # fmt: skip
        self.database, self.folder, self.pledge, self.source, self.as_of = database, folder, pledge, source, as_of
        self.rejects = rejects
        self._plain: frozenset[str] = frozenset()
        self._aside = ThreadPoolExecutor(max_workers=1)
        self._looking: Future[None] | None = None
        self.careful = False
        self.mapping = source.mapping if isinstance(source, CaseFiles | TableFile) else Mapping()
        if self.mapping.zone:
            database.execute(local_to_utc(zone_named(self.mapping.zone)))

    def staged(self) -> Staged:
        """The wide table. Raises `UnreadableFile` for a file that is no table at all."""
        try:
            staged = self._quickly()
            if max(abs(staged.extent.first), abs(staged.extent.last)) < FAR:
                return staged
        except (_Odd, duckdb.Error):
            pass
        return self._carefully()

    def staged_after_all(self) -> Staged | None:
        """The wide table in the careful way, when looking through the case ids meanwhile found something odd."""
        if self._looking is None or self.careful:
            return None
        try:
            self._looking.result()
        except (_Odd, duckdb.Error):
            return self._carefully()
        return None

    def close(self) -> None:
        """Wait for what still runs beside."""
        self._aside.shutdown()

    def _quickly(self) -> Staged:
        if isinstance(self.source, TableFile):
            return self._table(self.source)
        if isinstance(self.source, CaseFiles):
            return self._case_files(self.source)
        raise _Odd

    # --- wide tables ---------------------------------------------------------------------------------

    def _table(self, source: TableFile) -> Staged:
        relation, types = self._relation(source.path, self.mapping.columns())
        in_parquet = is_parquet(source.path)
        if in_parquet:
            ids = f"(SELECT {name(self.mapping.case_id)} AS {CASE_ID} FROM {relation})"
            self._looking = self._aside.submit(self._check_ids, ids, self.database.cursor())
        self._plain = self._plain_texts(relation, types)
        details, read = self._details(types)
        facts, instants = [], list[Converted]()
        for fact in self.pledge.facts:
            value, found = self._wide_fact(fact, types)
            instants += found
            facts += [f"{value} AS {name(fact_column(fact, 1))}"] if value else []
        times = {fact: int(fact in self.mapping.facts) for fact in self.pledge.facts}
        parts = [*details, *facts]
        if in_parquet and not any(each.odd for each in (*read, *instants)):
            every = [f"{each.value} AS {name(f'instant {place}')}" for place, each in enumerate(instants)]
            far = _any([each.far for each in (*read, *instants) if each.far])
            known_or_not = [f"instant {place}" for place in range(len(instants))]
            typed = f"SELECT {', '.join([*details, *every])}, {far} AS far FROM {relation}"
            ends = self._ends(typed, known_or_not, odd="bool_or(far)")
            return Staged(
                sql=f"SELECT {', '.join(parts)} FROM {relation}", extent=self._extent(ends, known_or_not, times)
            )
        odd = [test for each in (*read, *instants) for test in each.tests]
        self._write("wide", f"SELECT {', '.join(parts)}, {_any(odd)} AS odd FROM {relation}")
        self._check("wide", relation, types)
        return self._measured(f"SELECT * FROM {self._file('wide')}", times)

    def _wide_fact(self, fact: str, types: dict[str, str]) -> tuple[str, list[Converted]]:
        """The instant of a fact where it is known, and the columns that it is read from."""
        column = self.mapping.facts.get(fact)
        if column is None:
            return "", []
        at = self._instant(column, types)
        conditions = [f"{at.value} <= {self.as_of}"]
        if types[column] == "TIMESTAMP WITH TIME ZONE":
            conditions = [f"{name(column)} < to_timestamp({self.as_of + 1})"]
        read = [at]
        if recorded := self.mapping.recorded.get(fact):
            known = self._instant(recorded, types)
            conditions.append(f"coalesce({known.value}, {self.as_of}) <= {self.as_of}")
            read.append(known)
        return f"CASE WHEN {' AND '.join(conditions)} THEN {at.value} END", read

    def _plain_texts(self, relation: str, types: dict[str, str]) -> frozenset[str]:
        """The text columns of details in which no text is empty or has spaces at its ends, in a Parquet file."""
        if self.mapping.missing or not relation.startswith("read_parquet"):
            return frozenset()
        plain_ones = []
        for each, given in self.mapping.details.items():
            declared = self.pledge.details.get(each)
            if declared is None or declared.kind not in TEXTS or given.values or types.get(given.column) != "VARCHAR":
                continue
            column = name(given.column)
            usual = ", ".join(text(value) for value in declared.values or ("yes", "no"))
            common = plain(column) if declared.kind is Kind.TEXT else f"contains([{usual}], {column})"
            (spaced,) = self._row(
                f"SELECT count(*) FROM {relation} WHERE NOT {common} AND ({stripped(column)}) IS DISTINCT FROM {column}"
            )
            if not spaced:
                plain_ones.append(given.column)
        return frozenset(plain_ones)

    def _instant(self, column: str, types: dict[str, str]) -> Converted:
        given = self._without_missing(name(column), types[column])
        return instant(given, types[column], zoned=bool(self.mapping.zone))

    def _without_missing(self, column: str, kind: str) -> str:
        if kind != "VARCHAR" or not self.mapping.missing:
            return column
        words = ", ".join(text(word) for word in sorted(self.mapping.missing))
        return f"CASE WHEN ({stripped(column)}) NOT IN ({words}) THEN {column} END"

    def _details(self, types: dict[str, str]) -> tuple[list[str], list[Converted]]:
        """The case id and the columns of the details as SQL, and what they are read from."""
        columns = dict(self.mapping.details)
        if isinstance(self.source, CaseFiles):
            columns = {each: SourceColumn(column=each) for each in types if each in self.pledge.details} | columns
        parts, read = [f"{name(self.mapping.case_id)}::VARCHAR AS {CASE_ID}"], list[Converted]()
        for each, declared in self.pledge.details.items():
            converted = self._detail(columns[each], declared.kind, types) if each in columns else None
            if converted is None:
                kind = "VARCHAR" if declared.kind in (*TEXTS, Kind.NUMBER) else "BIGINT"
                converted = Converted(value=f"NULL::{kind}")
            parts.append(f"{converted.value} AS {name(detail_column(each))}")
            parts.append(f"({converted.value}) IS NOT NULL AS {name(given_column(each))}")
            read.append(converted)
        return parts, read

    def _detail(self, given: SourceColumn, kind: Kind, types: dict[str, str]) -> Converted:
        if given.always is not None:
            column, of_type = text(given.always), "VARCHAR"
        else:
            column, of_type = name(given.column), types[given.column]
        if given.values and of_type != "VARCHAR":
            raise _Odd
        if given.column in self._plain and kind in TEXTS:
            return Converted(value=column)
        column = self._without_missing(column, of_type)
        if given.values:
            cases = " ".join(f"WHEN {text(theirs)} THEN {text(ours)}" for theirs, ours in given.values.items())
            column = f"CASE ({stripped(column)}) {cases} ELSE {column} END"
        return detail(column, of_type, kind, zoned=bool(self.mapping.zone))

    # --- cases and events ----------------------------------------------------------------------------

    def _case_files(self, source: CaseFiles) -> Staged:
        mapped = [each.column for each in self.mapping.details.values() if each.column]
        cases, types = self._relation(source.cases, [self.mapping.case_id, *mapped])
        events, event_types = self._relation(source.events, ["case_id", "event", "at"])
        parts, read = self._details(types)
        odd = _any([test for each in read for test in each.tests])
        self._write("cases", f"SELECT {', '.join(parts)}, {odd} AS odd FROM {cases}")
        self._check("cases", cases, types)
        at = instant(name("at"), event_types["at"], zoned=bool(self.mapping.zone))
        known, tests = (
            at.value,
            [*at.tests, f"({stripped(name('event') + '::VARCHAR')}) IS DISTINCT FROM {name('event')}::VARCHAR"],
        )
        if "recorded_at" in event_types:
            recorded = instant(name("recorded_at"), event_types["recorded_at"], zoned=bool(self.mapping.zone))
            known = f"greatest({at.value}, {recorded.value})"
            tests += recorded.tests
        tests += [f"{name('at')} IS NULL", f"{name('event')} IS NULL"]
        self._write(
            "events",
            f'SELECT {name("case_id")}::VARCHAR AS case_id, {name("event")}::VARCHAR AS fact, {at.value} AS "at",'
            f" {known} AS known, {_any(tests)} AS odd FROM {events}",
        )
        (odd_events,) = self._row(f"SELECT count(*) FILTER (odd) FROM {self._file('events')}")
        (unknown,) = self._row(
            f"SELECT count(*) FROM {self._file('events')} WHERE case_id IS NULL OR"
            f" case_id NOT IN (SELECT {CASE_ID} FROM {self._file('cases')})"
        )
        if odd_events or unknown:
            raise _Odd
        return self._joined()

    def _joined(self) -> Staged:
        """The wide table of the written cases and events."""
        events = f"(SELECT * FROM {self._file('events')} WHERE known <= {self.as_of})"
        found = self.database.execute(
            f"SELECT fact, max(times)::BIGINT FROM (SELECT fact, count(*) AS times FROM {events}"
            " GROUP BY case_id, fact) GROUP BY fact"
        ).fetchall()
        times = dict.fromkeys(self.pledge.facts, 0) | {fact: n for fact, n in found if fact in self.pledge.facts}
        picked = [part for fact, most in times.items() for part in _instants(fact, most)]
        if not picked:
            return self._measured(f"SELECT * FROM {self._file('cases')}", times)
        names = [name(fact_column(fact, nth)) for fact, most in times.items() for nth in range(1, most + 1)]
        self._write(
            "wide",
            f"SELECT c.*, {', '.join('f.' + each for each in names)} FROM {self._file('cases')} c LEFT JOIN"
            f" (SELECT case_id, {', '.join(picked)} FROM {events} GROUP BY case_id) f ON c.{CASE_ID} = f.case_id",
        )
        return self._measured(f"SELECT * FROM {self._file('wide')}", times)

    # --- the careful way -----------------------------------------------------------------------------

    def _carefully(self) -> Staged:
        self.careful = True
        details = self.pledge.details
        event_columns = {"case_id": "VARCHAR", "fact": "VARCHAR", "at": "BIGINT", "known": "BIGINT"}
        case_columns = {CASE_ID: "VARCHAR"}
        for each in details.values():
            case_columns[detail_column(each.name)] = "VARCHAR" if each.kind in (*TEXTS, Kind.NUMBER) else "BIGINT"
            case_columns[given_column(each.name)] = "BOOLEAN"
        with (
            (self.folder / "cases.csv").open("w", newline="", encoding="utf-8") as cases_file,
            (self.folder / "events.csv").open("w", newline="", encoding="utf-8") as events_file,
        ):
            cases, events = (csv.writer(file, lineterminator="\n") for file in (cases_file, events_file))
            for writer, columns in ((cases, case_columns), (events, event_columns)):
                writer.writerow(columns)  # so that no case's text stands where a byte-order mark could
            for case in cases_of(self.source, self.pledge, self.rejects, self.database, self.folder):
                values = [_value(case, each.name, each.kind) for each in details.values()]
                cases.writerow([case.id, *(part for value in values for part in value)])
                for fact in case.facts:
                    at = seconds_of_datetime(fact.at)
                    known = at if fact.recorded_at is None else max(at, seconds_of_datetime(fact.recorded_at))
                    events.writerow([case.id, fact.name, at, known])
        self._load("cases", case_columns)
        self._load("events", event_columns)
        return self._joined()

    def _load(self, what: str, columns: dict[str, str]) -> None:
        typed = ", ".join(f"{text(column)}: {text(kind)}" for column, kind in columns.items())
        path = self.folder / f"{what}.csv"
        self._write(
            what,
            f"SELECT * FROM read_csv({text(str(path))}, header = true, columns = {{{typed}}}, auto_detect = false,"
            " delim = ',', quote = '\"', escape = '\"', max_line_size = 33554432, parallel = false, new_line = '\\n')",
        )
        path.unlink()

    # --- parts ---------------------------------------------------------------------------------------

    def _relation(self, path: Path, wanted: Sequence[str]) -> tuple[str, dict[str, str]]:
        """A file as a relation, with the types of its columns."""
        relation = f"read_parquet({text(str(path))})" if is_parquet(path) else self._clean_csv(path)
        described = self.database.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        types = {row[0]: row[1] for row in described}
        if any(column not in types for column in wanted):
            raise _Odd
        return relation, types

    def _clean_csv(self, path: Path) -> str:
        assert isinstance(self.source, CaseFiles | TableFile)
        if self.source.encoding.lower().replace("_", "-") not in ("utf-8", "utf8") or self.mapping.format:
            raise _Odd
        header = read_rows(path, Rejects(), name=str(path)).header
        separator = csv_separator(path)
        columns = ", ".join(f"{text(column)}: 'VARCHAR'" for column in header)
        return (
            f"read_csv({text(str(path))}, header = true, columns = {{{columns}}}, auto_detect = false,"
            f" delim = {text(separator)}, quote = '\"', escape = '\"', strict_mode = true, max_line_size = 100000)"
        )

    def _check(self, what: str, relation: str, types: dict[str, str]) -> None:
        """Whether the written rows are clean, and the fields of the file that they come from."""
        (odd,) = self._row(f"SELECT count(*) FILTER (odd) FROM {self._file(what)}")
        if odd:
            raise _Odd
        self._check_ids(self._file(what), self.database)

    def _check_ids(self, relation: str, database: duckdb.DuckDBPyConnection) -> None:
        """Case ids are there, without spaces at their ends, and each once. Raises `_Odd`."""
        spaced = f"CASE WHEN {plain('id')} THEN false ELSE {stripped('id')} IS DISTINCT FROM id END"
        unordered, odd = database.execute(
            f"SELECT count(*) FILTER (previous >= {CASE_ID}), count(*) FILTER ({CASE_ID} IS NULL OR {spaced}) FROM"
            f" (SELECT {CASE_ID}, {CASE_ID}::VARCHAR AS id, lag({CASE_ID}) OVER () AS previous FROM {relation})"
        ).fetchone() or (0, 0)
        if odd:
            raise _Odd
        # Ids in order are each there once; only without order they have to be held side by side.
        if unordered and _counted(database, f"SELECT count(*) - count(DISTINCT {CASE_ID}) FROM {relation}"):
            raise _Odd

    def _measured(self, sql: str, times: dict[str, int]) -> Staged:
        """The wide table with its numbers scaled, and what it holds at most."""
        numbers = self._declared(Kind.NUMBER)
        asked = [
            f"max(length(split_part({each}, '.', 2))), max(abs({each}::DECIMAL(38, 15)))"
            for each in (name(detail_column(number)) for number in numbers)
        ]
        found = self._row(f"SELECT {', '.join(asked)} FROM ({sql})") if asked else ()
        places = {each: found[2 * place] or 0 for place, each in enumerate(numbers)}
        most = {each: int((found[2 * place + 1] or 0) * 10 ** places[each]) for place, each in enumerate(numbers)}
        if numbers:
            scaled = ", ".join(_scaled(name(detail_column(each)), places[each], most[each]) for each in numbers)
            sql = f"SELECT * REPLACE ({scaled}) FROM ({sql})"
        facts = [fact_column(fact, nth) for fact, most in times.items() for nth in range(1, most + 1)]
        extent = self._extent(self._ends(sql, facts), facts, times)
        return Staged(sql=sql, extent=replace(extent, places=places, most={**extent.most, **most}))

    def _ends(self, sql: str, instants: list[str], *, odd: str = "false") -> _Ends:
        """The least and the most of the columns `instants` and of the details that are whole numbers.

        Raises `_Odd` where `odd`, which is asked in passing, holds.
        """
        kinds = (Kind.INSTANT, Kind.DATE, Kind.MONEY)
        columns = [*instants, *(detail_column(each) for kind in kinds for each in self._declared(kind))]
        if not columns:
            return {}
        asked = ", ".join(f"min({name(each)}), max({name(each)})" for each in columns)
        *row, is_odd = self._row(f"SELECT {asked}, {odd} FROM ({sql})")
        if is_odd:
            raise _Odd
        return {each: row[2 * place : 2 * place + 2] for place, each in enumerate(columns)}

    def _extent(self, ends: _Ends, facts: list[str], times: dict[str, int]) -> Extent:
        """What is known of a wide table by the ends of its columns, the columns `facts` being those of all facts."""
        seen = [self.as_of, *(min(at, self.as_of) for at in _among(ends, facts))]
        seen += _among(ends, map(detail_column, self._declared(Kind.INSTANT)))
        days = _among(ends, map(detail_column, self._declared(Kind.DATE)))
        return Extent(
            first=min(seen),
            last=max(seen),
            days=(min(days), max(days)) if days else None,
            times=times,
            most={
                each: max(map(abs, _among(ends, [detail_column(each)])), default=0)
                for each in self._declared(Kind.MONEY)
            },
        )

    def _declared(self, kind: Kind) -> list[str]:
        return [each.name for each in self.pledge.details.values() if each.kind is kind]

    def _file(self, what: str) -> str:
        return f"read_parquet({text(str(self.folder / f'{what}.parquet'))})"

    def _write(self, what: str, sql: str) -> None:
        self.database.execute(f"COPY ({sql}) TO {text(str(self.folder / f'{what}.parquet'))} (FORMAT parquet)")

    def _row(self, sql: str) -> Sequence[Any]:
        return self.database.execute(sql).fetchone() or ()


def _counted(database: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = database.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _among(ends: _Ends, columns: Iterable[str]) -> list[int]:
    return [value for each in columns for value in ends[each] if value is not None]


def _scaled(column: str, places: int, most: int) -> str:
    """A column of numbers as whole ones. Where `most` does not fit it stays empty: then nothing compiled reads it."""
    value = f"({column}::DECIMAL(38, 15) * {10**places})::BIGINT" if most <= LARGEST else "NULL::BIGINT"
    return f"{value} AS {column}"


def _any(tests: list[str]) -> str:
    return f"coalesce({' OR '.join(tests)}, false)" if tests else "false"


def _instants(fact: str, most: int) -> list[str]:
    """The first so many instants of a fact in order, as aggregates that keep little in memory."""
    mine = f"FILTER (fact = {text(fact)})"
    columns = [name(fact_column(fact, nth)) for nth in range(1, most + 1)]
    if most == 1:
        return [f'min("at") {mine} AS {columns[0]}']
    if most == 2:
        return [
            f'min("at") {mine} AS {columns[0]}',
            f'CASE WHEN count(*) {mine} > 1 THEN max("at") {mine} END AS {columns[1]}',
        ]
    return [f'list_sort(list("at") {mine})[{nth}] AS {column}' for nth, column in enumerate(columns, start=1)]


def csv_separator(path: Path) -> str:
    """What separates the fields of a file, by its header. Raises `_Odd` where another line stands before that."""
    with open_text(path) as file:
        head = file.readline()
    if said_separator(head.removeprefix("\ufeff")):
        raise _Odd
    return separator_of(head)


def _value(case: Case, detail_name: str, kind: Kind) -> tuple[str | int | None, bool]:
    """A detail as the wide table holds it, and whether it is given at all."""
    given = case.details.get(detail_name, "").strip()
    match kind:
        case Kind.MONEY:
            return pence_of(given), bool(given)
        case Kind.DATE:
            return day_of_text(given), bool(given)
        case Kind.INSTANT:
            return instant_of_text(given), bool(given)
        case _:
            return given or None, bool(given)
