"""Contact logs from files: rows become contacts, or are set aside with their line and the reason."""
# ruff: noqa: S608 - every name and text from outside goes into SQL by `conversions.name` and `conversions.text`

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ....records import Rejects
from ....records.mapping import SourceColumn
from ....records.rows import UnreadableFile, read_rows
from ....rules.errors import did_you_mean
from ....rules.working_time import zone_named
from ...conversions import earlier_utc, local_to_utc, name, offset_at, stripped, text
from ...engine import lazy
from ...sources import reading
from ..columns import CONTACT_COLUMNS, ITEM_COLUMNS, Kind, Log
from ..store import DuckDBStore
from .date_and_time import Half, joined, unfit
from .mapping import INSTANTS, LogMapping, plain_mapping
from .ocel import is_ocel, stage_ocel
from .spelling import look_alikes
from .staged import staged_name, staged_rows
from .xes import is_xes, stage_xes

_TEXTS = ("case", "subject", "need", "organisation", "team", "channel", "activity", "reason_adviser",
          "reason_customer", "reference", "follows", "handed_to", "words")  # fmt: skip
_TRUTHS = ("resolved", "completed")
_CLOSED = ("kind", *_TRUTHS)
_NUMBERS = ("minutes", "travel_minutes", "travel_miles", "weight")
_ITEMS = ("asked", "given", "held")
_YES = ("yes", "y", "true", "1")
_NO = ("no", "n", "false", "0")

_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?"
_OFFSET = r" ?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
_FIRST_YEAR, _LAST_YEAR = 1000, 9000
_SHOWN = 200_000
_DECIMAL_COMMA = "^[0-9]+,[0-9]{1,2}$"
"""12,5 is twelve and a half; 1,250 may be meant as either."""
_NO_NUMBER = "no such number, or below the least; written 1250 or 12.5"
_ROW = "file_row_number"
"""What DuckDB calls the place of a row in a Parquet file, from 0."""
_HOW = "not ISO: give the mapping a “format”; without an offset: a “zone”"
_HOW_OF_TWO = "not like 2026-03-31 and 09:30: give the mapping a “format”; without an offset: a “zone”"


@dataclass(frozen=True, kw_only=True)
class LogFile:
    """A contact log in a file: CSV or XES (plain or gzip), Parquet, or OCEL 2.0 (JSON, XML or SQLite): its name tells.

    Without a mapping, columns are called as ours are; for XES and OCEL see `stage_xes` and `stage_ocel`.
    """

    path: Path
    mapping: LogMapping | None = None
    encoding: str = "utf-8"


def read_log(file: LogFile, database: duckdb.DuckDBPyConnection, folder: Path, rejects: Rejects) -> Log:
    """The contacts of a file. Rows that are no contacts are set aside in `rejects`; the rest is kept in the folder.

    Raises `UnreadableFile` for a file that is no table, or lacks a column that the mapping names.
    """
    return _Reading(file, database, folder, rejects).log()


@dataclass(frozen=True, slots=True)
class _Instant:
    """Instants as SQL: microseconds since 1970 UTC, the clock's seconds ahead of UTC, and tests with what is wrong.

    `earlier` is the first instant at which clocks showed a time that they showed twice; else null.
    """

    at: str = "NULL::BIGINT"
    offset: str = "NULL::BIGINT"
    earlier: str = "NULL::BIGINT"
    problems: tuple[tuple[str, str], ...] = ()

    def unless_read(self, there: str, how: str) -> _Instant:
        """The same, with the problem that something is there and was not understood; `how` says how it should be."""
        why = f"no such instant, or too far away{f'; {how}' if how else ''}"
        return replace(self, problems=((f"({there} AND ({self.at}) IS NULL)", why),))


class _Reading:
    """One file on its way into the two tables of a log."""

    def __init__(self, file: LogFile, database: duckdb.DuckDBPyConnection, folder: Path, rejects: Rejects) -> None:
        self.path, self.database, self.folder, self.rejects = file.path, database, folder, rejects
        self.types: dict[str, str] = {}
        self.named: dict[str, str] = {}
        self.relation, usual = self._raw(file)
        self.mapping = usual or plain_mapping(list(self.types))
        self._check_columns()
        if self.mapping.zone:
            zone = zone_named(self.mapping.zone)
            database.execute(local_to_utc(zone))
            database.execute(earlier_utc(zone))
            database.execute(offset_at(zone))

    def log(self) -> Log:
        """The log, its rows written down once."""
        with reading(self.path):
            return self._log()

    def _log(self) -> Log:
        written = self.folder / "contacts.parquet"
        self.database.execute(f"COPY ({self._contacts()}) TO {text(str(written))} (FORMAT parquet)")
        self._set_aside(written)
        self._note_unknown_words(written)
        fine = f"SELECT * FROM read_parquet({text(str(written))}) WHERE problem IS NULL"
        columns = ", ".join(name(column) for column in CONTACT_COLUMNS)
        store = DuckDBStore(self.database)
        contacts = lazy(self.database.sql(f"SELECT {columns} FROM ({fine})"))
        parts = [self._items(how, fine) for how in _ITEMS if how in self.mapping.columns]
        items = (
            store.keep(lazy(self.database.sql(" UNION ALL ".join(parts)))) if parts else store.frame(ITEM_COLUMNS, ())
        )
        known = {*self.mapping.columns, *self.mapping.conditions} | ({"sequence"} if self.mapping.by_row else set())
        log = Log(contacts=contacts, items=items, known=frozenset(known))
        for said in look_alikes(log, store):
            self.rejects.note(f"{self.path}: {said}")
        return log

    # --- the file as it is -------------------------------------------------------------------------------

    def _raw(self, file: LogFile) -> tuple[str, LogMapping | None]:
        """The file's rows as a relation, and the mapping; none where names are ours."""
        if file.path.suffix.lower() in (".parquet", ".pq"):
            return self._parquet(file), file.mapping
        relation, columns, mapping = self._staged(file)
        self.line = "line"
        self.types = dict.fromkeys(columns, "VARCHAR")
        self.named = {column: name(staged_name(place)) for place, column in enumerate(columns)}
        return relation, mapping

    def _parquet(self, file: LogFile) -> str:
        given = text(str(file.path))
        with reading(file.path):
            described = self.database.execute(f"DESCRIBE SELECT * FROM read_parquet({given})").fetchall()
        self.types = {row[0]: row[1] for row in described}
        self.named = {column: name(column) for column in self.types}
        if _ROW not in self.types:
            self.line = f"{_ROW} + 1"
            return f"read_parquet({given}, file_row_number = true)"
        self.line = name(f"our {_ROW}")
        return f"(SELECT *, row_number() OVER () AS {self.line} FROM read_parquet({given}))"

    def _staged(self, file: LogFile) -> tuple[str, Sequence[str], LogMapping | None]:
        """The rows of a file of text, whatever its form, encoding, marks and quotes, written again in one form."""
        given, folder, rejects = file.mapping, self.folder, self.rejects
        if is_xes(file.path):
            staged = stage_xes(file.path, given, file.encoding, folder, rejects)
        elif is_ocel(file.path):
            staged = stage_ocel(file.path, given, file.encoding, folder, rejects, self.database)
        else:
            table = read_rows(file.path, rejects, encoding=file.encoding)
            relation = staged_rows(folder / "log.csv", table.header, table.rows, rejects, str(file.path))
            return relation, table.header, given
        return staged.relation, staged.columns, staged.mapping

    def _check_columns(self) -> None:
        for ours, given in self.mapping.columns.items():
            for column in given.columns:
                if column not in self.types:
                    mend = did_you_mean(column, filter(None, self.types))
                    raise UnreadableFile(f"{self.path}: there is no column “{column}” for {ours}; {mend}")
        if "start" not in self.mapping.columns:
            there = did_you_mean("start", filter(None, self.types))
            two = "{date: …, time: …} if it stands in two"
            raise UnreadableFile(f"{self.path}: no column says when a contact began; map “start”, {two}; {there}")

    # --- contacts ----------------------------------------------------------------------------------------

    def _contacts(self) -> str:
        """Every row with its contact's columns, the items still in one text each, and what is wrong with it."""
        texts = {ours: self._text(ours) for ours in (*_TEXTS, *_ITEMS, "contact")}
        parts = [f"{self.line} AS line", f"{self._row_text()} AS content"]
        parts += [f"{sql} AS {name(ours)}" for ours, sql in texts.items()]
        parts += [f"{self._text(ours)} AS {ours}_said" for ours in _CLOSED]
        problems: list[str] = []
        for ours in INSTANTS:
            found = self._instant(ours)
            parts.append(f"{found.at} AS {name(ours)}")
            if ours != "due":
                parts.append(f"{found.earlier} AS earlier_{ours}")
            if ours == "start":
                parts.append(f"{found.offset} AS {name('offset')}")
            if ours == "due":  # a date that nobody meant, as in the year 9999, must not lose the contact
                tests = " OR ".join(test for test, _ in found.problems) or "false"
                parts.append(f"coalesce({tests}, false) AS due_odd")
            else:
                problems += [f"WHEN {test} THEN {text(f'{ours}: {why}')}" for test, why in found.problems]
        for ours in _NUMBERS:
            value, odd = self._number(ours)
            parts.append(f"{value} AS {name(ours)}")
            problems += [f"WHEN {odd} THEN {text(f'{ours}: {_NO_NUMBER}')}"] if odd else []
        parts.append(f"{self._sequence()} AS sequence")
        if given := self._given("sequence"):
            wrong = f"{given[1]} IS NOT NULL AND NOT {_whole(given[1])}"
            problems.append(f"WHEN {wrong} THEN 'sequence: no whole number; “row” takes the order of rows'")
        parts.append(f"CASE {' '.join(problems)} END AS problem" if problems else "NULL::VARCHAR AS problem")
        rows = _with_likely_times(f"SELECT {', '.join(parts)} FROM {self.relation}", zoned=bool(self.mapping.zone))
        closed = f"CASE WHEN lower(kind_said) IN ({_listed(Kind)}) THEN lower(kind_said) END AS kind"
        closed += "".join(f", {self._truth(ours)} AS {ours}" for ours in _TRUTHS)
        judged = (
            f"SELECT * REPLACE (coalesce(problem, CASE WHEN {name('start')} IS NULL THEN 'start: none is given'"
            f" WHEN {name('end')} < {name('start')} THEN 'end: before the start' END) AS problem,"
            f" coalesce(weight, 1) AS weight), {closed} FROM ({rows})"
        )
        return self._with_ids(judged)

    def _with_ids(self, rows: str) -> str:
        """Contacts with an id each: the log's own, of which each counts once, or one made from what the row says."""
        if "contact" in self.mapping.columns:
            best_first = f"problem IS NOT NULL, {name('start')}, content"
            again = f"row_number() OVER (PARTITION BY contact ORDER BY {best_first}) > 1"
            wrong = f"CASE WHEN contact IS NULL THEN 'contact: no id' WHEN {again} THEN 'contact: an id again' END"
            return f"SELECT * REPLACE (coalesce(problem, {wrong}) AS problem) FROM ({rows})"
        nth = "row_number() OVER (PARTITION BY content)"
        made = f"content || CASE WHEN {nth} > 1 THEN '-' || {nth} ELSE '' END"
        return f"SELECT * REPLACE ({made} AS contact) FROM ({rows})"

    def _row_text(self) -> str:
        fields = ", ".join(f"coalesce({self.named[column]}::VARCHAR, '')" for column in sorted(self.types))
        return f"substr(md5(concat_ws(chr(31), {fields})), 1, 16)"

    def _given(self, ours: str) -> tuple[SourceColumn, str] | None:
        """The column as text without spaces at its ends, and without the words for “not given”."""
        given = self.mapping.columns.get(ours)
        if given is None:
            return None
        if given.always is not None:
            return given, text(given.always)
        return given, self._plain(given.column)

    def _plain(self, column: str) -> str:
        plain = f"({stripped(self._as_text(column))})"
        if self.mapping.missing:
            words = ", ".join(text(word) for word in sorted(self.mapping.missing))
            plain = f"(CASE WHEN {plain} NOT IN ({words}) THEN {plain} END)"
        return plain

    def _as_text(self, column: str) -> str:
        """A column of any type as text, as somebody would write it down."""
        kind, value = self.types[column], self.named[column]
        if kind == "VARCHAR":
            return value
        if kind in ("FLOAT", "DOUBLE"):  # whole numbers are kept so where some are missing: 1001.0 is the number 1001
            whole = f"CASE WHEN {value} = trunc({value}) AND abs({value}) < 1e15 THEN {value}::BIGINT::VARCHAR"
            return f"CASE WHEN NOT isnan({value}) THEN {whole} ELSE {value}::VARCHAR END END"
        if kind.endswith("[]"):
            return f"array_to_string({value}::VARCHAR[], {text(self.mapping.separator)})"
        return f"{value}::VARCHAR"

    def _text(self, ours: str) -> str:
        found = self._given(ours)
        if found is None:
            return "NULL::VARCHAR"
        given, sql = found
        if given.values:
            cases = " ".join(f"WHEN {text(theirs)} THEN {text(mine)}" for theirs, mine in given.values.items())
            sql = f"CASE {sql} {cases} ELSE {sql} END"
        return sql

    def _truth(self, ours: str) -> str:
        """Yes, no, or not known; from a column, or from other columns of ours by the words that make it so."""
        if conditions := self.mapping.conditions.get(ours):
            tests = (f"coalesce({name(column)} IN ({_listed(words)}), false)" for column, words in conditions.items())
            return f"({' OR '.join(tests)})"
        said = f"lower({ours}_said)"
        return f"CASE WHEN {said} IN ({_listed(_YES)}) THEN true WHEN {said} IN ({_listed(_NO)}) THEN false END"

    def _sequence(self) -> str:
        if self.mapping.by_row:
            return self.line
        found = self._given("sequence")
        if found is None:
            return "0::BIGINT"
        return f"coalesce(CASE WHEN {_whole(found[1])} THEN {found[1]}::BIGINT END, 0)"

    def _number(self, ours: str) -> tuple[str, str]:
        found = self._given(ours)
        if found is None:
            return "NULL::DOUBLE", ""
        said = f"CASE WHEN regexp_matches({found[1]}, {text(_DECIMAL_COMMA)}) THEN replace({found[1]}, ',', '.')"
        value = f"try_cast({said} ELSE {found[1]} END AS DOUBLE)"
        least = "> 0" if ours == "weight" else ">= 0"
        return value, f"({found[1]} IS NOT NULL AND NOT coalesce(isfinite({value}) AND {value} {least}, false))"

    # --- time ----------------------------------------------------------------------------------------------

    def _instant(self, ours: str) -> _Instant:
        """The instants of a column, or of a column of dates and one of times of day."""
        given = self.mapping.columns.get(ours)
        if given is None or given.always is not None:
            return _Instant()
        if given.time:
            return self._of_two(ours, given)
        kind, column = self.types[given.column], self.named[given.column]
        there = f"{column} IS NOT NULL"
        if kind == "TIMESTAMPTZ_NS":
            kind, column = "TIMESTAMP WITH TIME ZONE", f"{column}::TIMESTAMPTZ"
        if kind == "TIMESTAMP WITH TIME ZONE":
            at = f"CASE WHEN isfinite({column}) AND {_in_reach(column)} THEN epoch_us({column}) END"
            return _Instant(at, "0::BIGINT").unless_read(there, "")
        if kind.startswith("TIMESTAMP") or kind == "DATE":
            local = f"CASE WHEN isfinite({column}) AND {_in_reach(column)} THEN {column}::TIMESTAMP END"
            return self._of_local(local).unless_read(there, "without an offset: give the mapping a “zone”")
        if kind != "VARCHAR":
            return _Instant().unless_read(there, f"the file has no times there but the type {kind}")
        said = self._plain(given.column)
        there = f"{said} IS NOT NULL"
        if not self.mapping.format:
            return self._of_iso(said).unless_read(there, _HOW)
        read = f"try_strptime({said}, {text(self.mapping.format)})"
        found = _Instant(f"epoch_us({read})", "0::BIGINT") if "%z" in self.mapping.format else self._of_local(read)
        return found.unless_read(there, self._not_as_format())

    def _not_as_format(self) -> str:
        return f"not written as “{self.mapping.format}”, the mapping's “format”"

    def _of_two(self, ours: str, given: SourceColumn) -> _Instant:
        """Of a date and a time of day. An end whose time of day is not given is not known; a start has to have one."""
        date, time = (
            Half(kind, self._plain(column) if kind == "VARCHAR" else self.named[column])
            for column, kind in ((column, self.types[column]) for column in given.columns)
        )
        is_date, is_time = f"{date.value} IS NOT NULL", f"{time.value} IS NOT NULL"
        if why := unfit(date, time):
            return _Instant().unless_read(f"({is_date} OR {is_time})", why)
        how = self._not_as_format() if self.mapping.format else _HOW_OF_TWO
        found = self._of_iso(joined(date, time, self.mapping.format)).unless_read(f"{is_date} AND {is_time}", how)
        alone = [(f"({is_time} AND NOT {is_date})", "a time of day without a date")]
        if ours != "end":
            alone.append((f"({is_date} AND NOT {is_time})", "a date without a time of day"))
        return replace(found, problems=(*found.problems, *alone))

    def _of_iso(self, said: str) -> _Instant:
        plain = f"replace({said}, ',', '.')"
        is_fixed = f"regexp_matches({said}, '^{_DAY}[T ]{_CLOCK}{_OFFSET}$')"
        clock = f"regexp_extract({plain}, '^({_DAY}[T ][0-9:.]+)', 1)"
        ahead = f"regexp_extract({said}, '{_OFFSET}$', 1)"
        hours, minutes = f"substr({ahead}, 2, 2)", f"substr(replace({ahead}, ':', ''), 4, 2)"
        seconds = (
            f"CASE WHEN {ahead} = 'Z' THEN 0 ELSE (CASE WHEN {ahead} LIKE '-%' THEN -1 ELSE 1 END)"
            f" * (try_cast({hours} AS BIGINT) * 3600 + coalesce(try_cast({minutes} AS BIGINT), 0) * 60) END"
        )
        fixed = f"epoch_us({_reachable(f'try_cast({clock} AS TIMESTAMP)')}) - ({seconds}) * 1000000"
        is_local = f"regexp_matches({said}, '^{_DAY}([T ]{_CLOCK})?$')"
        local = self._of_local(_reachable(f"try_cast({plain} AS TIMESTAMP)"))
        return _Instant(
            f"CASE WHEN {is_fixed} THEN {fixed} WHEN {is_local} THEN {local.at} END",
            f"CASE WHEN {is_fixed} THEN {seconds} WHEN {is_local} THEN {local.offset} END",
            f"CASE WHEN {is_local} THEN {local.earlier} END",
        )

    def _of_local(self, local: str) -> _Instant:
        """Of a wall-clock time without an offset: nothing without a zone, since nothing is guessed.

        A time that no clock showed, when clocks go forward, is the instant at which they do. Of two, when they go back,
        it is the later, and `earlier` is the other.
        """
        if not self.mapping.zone:
            return _Instant()
        micros = f"epoch_us({local})"
        whole = f"to_utc(({micros}) // 1000000)"
        rest = f"({micros}) % 1000000"
        earlier = f"(earlier_utc(({micros}) // 1000000) * 1000000 + {rest})"
        return _Instant(f"({whole} * 1000000 + {rest})", f"offset_at({whole})", earlier)

    # --- items, and what is told -------------------------------------------------------------------------

    def _items(self, how: str, fine: str) -> str:
        """An item a row; of `held` ones, what stands after the last @ is the holder."""
        each = f"unnest(string_split({name(how)}, {text(self.mapping.separator)}))"
        rows = f"SELECT DISTINCT contact, trim(said) AS said FROM (SELECT contact, {each} AS said FROM ({fine}))"
        item, holder = "said", "NULL::VARCHAR"
        if how == "held":
            item = "trim(regexp_extract(said, '^(.*?)(@[^@]*)?$', 1))"
            holder = "nullif(trim(regexp_extract(said, '@([^@]*)$', 1)), '')"
        return f"SELECT contact, {item} AS item, {text(how)} AS how, {holder} AS holder FROM ({rows}) WHERE said <> ''"

    def _set_aside(self, written: Path) -> None:
        relation = f"read_parquet({text(str(written))})"
        (odd,) = self.database.execute(f"SELECT count(problem) FROM {relation}").fetchone() or (0,)
        if odd:
            self._set_rows_aside(relation)
        (left,) = self.database.execute(f"SELECT count(*) FROM {relation} WHERE problem IS NULL").fetchone() or (0,)
        if not left:
            self.rejects.note(f"{self.path}: no row is a contact")

    def _set_rows_aside(self, written: str) -> None:
        """With the row as it was read; several events of one line are told apart by what they say."""
        fields = ", ".join(f"coalesce({column}::VARCHAR, '')" for column in self.named.values())
        found = self.database.execute(
            f"WITH odd AS (SELECT line, problem, content FROM {written} WHERE problem IS NOT NULL"
            f" ORDER BY line, problem LIMIT {_SHOWN}), said AS (SELECT {self.line} AS line,"
            f" {self._row_text()} AS content, [{fields}] AS row_said FROM {self.relation}), told AS (SELECT line,"
            " content, any_value(row_said) AS row_said FROM said SEMI JOIN odd USING (line, content) GROUP BY ALL)"
            " SELECT line, problem, row_said FROM odd LEFT JOIN told USING (line, content) ORDER BY line, problem"
        )
        for line, problem, row in found.fetchall():
            column, _, reason = problem.partition(": ")
            self.rejects.add(str(self.path), line, self._their_name(column), f"{column}: {reason}", row or ())

    def _their_name(self, ours: str) -> str:
        given = self.mapping.columns.get(ours)
        return ", ".join(given.columns) if given else ours

    def _note_unknown_words(self, written: Path) -> None:
        """Say which words of a closed list are not ours, and which promised dates are none: they count as not known."""
        relation = f"(SELECT * FROM read_parquet({text(str(written))}) WHERE problem IS NULL)"
        (odd,) = self.database.execute(f"SELECT count(*) FILTER (due_odd) FROM {relation}").fetchone() or (0,)
        if odd:
            self.rejects.note(f"{self.path}: {odd:,} × due that is no such instant, or too far away: not known")
        for ours, words in (("kind", tuple(Kind)), ("resolved", (*_YES, *_NO)), ("completed", (*_YES, *_NO))):
            given = self.mapping.columns.get(ours)
            if given is None or ours in self.mapping.conditions:
                continue
            said = f"{ours}_said"
            found = self.database.execute(
                f"SELECT {said}, count(*) FROM {relation} WHERE {said} IS NOT NULL AND"
                f" lower({said}) NOT IN ({_listed(words)}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"
            )
            for word, count in found.fetchall():
                self.rejects.note(
                    f"{self.path}: {count:,} × {ours} “{word}”, a word that is not ours: it counts as not known"
                )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(text(str(word)) for word in words)


def _whole(said: str) -> str:
    return f"regexp_matches({said}, '^[+-]?[0-9]{{1,18}}$')"


def _in_reach(column: str) -> str:
    return f"year({column}) BETWEEN {_FIRST_YEAR} AND {_LAST_YEAR}"


def _reachable(timestamp: str) -> str:
    return f"CASE WHEN {_in_reach(timestamp)} THEN {timestamp} END"


def _with_likely_times(rows: str, *, zoned: bool) -> str:
    """Rows in which of times that clocks showed twice, in autumn, those are taken that make the contact shortest.

    Otherwise it is the later one. Only a contact that would end before it began begins at the earlier one.
    """
    if not zoned:
        return rows
    start, end, offset = name("start"), name("end"), name("offset")
    sooner = f"{end} < {start} AND earlier_start < {start}"
    return (
        f"SELECT * REPLACE (CASE WHEN earlier_end >= {start} THEN earlier_end ELSE {end} END AS {end}) FROM (SELECT *"
        f" REPLACE (CASE WHEN {sooner} THEN offset_at(earlier_start // 1000000) ELSE {offset} END AS {offset},"
        f" CASE WHEN {sooner} THEN earlier_start ELSE {start} END AS {start}) FROM ({rows}))"
    )
