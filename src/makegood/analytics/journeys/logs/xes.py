"""Contact logs from and to XES, the standard form of event logs (IEEE 1849): lenient in, strict out.

In: one event is one contact, or a start and a complete together are. Out: a trace for each case, in the schema's order.
Streams both ways.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import quoteattr

from ....records import Rejects
from ....records.mapping import SourceColumn
from ....records.rows import FIELD_LIMIT, Row
from ...sentences import say_number
from ..columns import CONTACT_COLUMNS, Journeys, Log
from ..store import Store
from .mapping import LogMapping
from .staged import ITEM_SEPARATOR, Staged, check_mapped, staged_rows
from .writing import BUILT, HOWS, Contact, Replacing, Written, contacts_in_order, items_of, known_columns, log_in, whole
from .xml_stream import XmlStream

SUFFIXES = (".xes", ".xes.gz")
PLACE = "place in trace"
"""The column that says where in its trace an event stands, from 1."""

CASE, COMPLETE, OURS = "case:", "complete:", "makegood:"
"""What goes before a key: an attribute of the trace; one of the complete event that ends a contact; one of ours."""

_KNOWN = f"{OURS}known"
_STANDARD = {
    "case": "case:concept:name",
    "activity": "concept:name",
    "start": "time:timestamp",
    "end": f"{COMPLETE}time:timestamp",
    "team": "org:group",
}
_COLUMNS = [*(column for column in CONTACT_COLUMNS if column not in ("line", "offset")), *HOWS]
_TRANSITION, _INSTANCE, _NAME, _TIME = "lifecycle:transition", "concept:instance", "concept:name", "time:timestamp"
_NEEDED = frozenset((_TRANSITION, _INSTANCE, _NAME, _TIME))
_ASIDE = frozenset(("global", "extension", "classifier"))
_SIMPLE = frozenset(("string", "date", "int", "float", "boolean", "id"))
_LISTS = frozenset(("list", "container"))

_MOST_KEYS = 10_000
_MOST_WAITING = 100_000
_YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)


def is_xes(path: Path) -> bool:
    """Whether a file is called as XES files are."""
    return path.name.lower().endswith(SUFFIXES)


def key_of(column: str) -> str:
    """The XES attribute that holds a column of ours."""
    return _STANDARD.get(column, OURS + column)


def stage_xes(path: Path, mapping: LogMapping | None, encoding: str, folder: Path, rejects: Rejects) -> Staged:
    """The events of an XES file as rows of text, whose columns are the keys of the attributes.

    An attribute of the event is a column by its key, one of its trace by `case:` and its key, one inside another by
    both keys with a slash between; `place in trace` counts the events of a trace from 1. Values of a list stand
    together with the mapping's separator between them. Where the mapping uses a column that begins with `complete:`,
    an event with the lifecycle transition `complete` ends the contact that the `start` before it began: the one with
    the same activity and concept:instance, or, where there is no instance, the earliest of that activity still open
    in the trace. The two are one row, the later filling in what the earlier does not say. Any other event is a row of
    its own.

    Without a mapping, `case` is the name of the trace (a nameless one of several events is called by its place),
    `activity` concept:name, `start` time:timestamp, `end` that of the complete event, `team` org:group, `sequence`
    the place in the trace, and what `write_xes` wrote is taken back. Nothing else is taken over; of `org:resource`, a
    member of staff, never anything. Raises `UnreadableFile`.
    """
    reader = _Reader(path, mapping, encoding)
    relation = staged_rows(folder / "log.csv", reader.columns, reader.rows(), rejects, str(path))
    for transition, count in reader.others.most_common(20):
        are = "is a contact of its own" if count == 1 else "are contacts of their own"
        rejects.note(f"{path}: {say_number(count, 'event')} with the transition “{transition}” {are}")
    if reader.nameless:
        are = "is called by its place" if reader.nameless == 1 else "are called by their place"
        rejects.note(f"{path}: {say_number(reader.nameless, 'trace')} without a name {are} in the file")
    there = {*reader.seen, PLACE, *(COMPLETE + key for key in reader.seen if reader.pairs)}
    if mapping:
        check_mapped(path, mapping, there)
    return Staged(relation=relation, columns=reader.columns, mapping=mapping or _usual_mapping(reader, there))


def _usual_mapping(reader: _Reader, there: set[str]) -> LogMapping:
    if reader.known is not None:
        columns = {column for column in _COLUMNS if column in {*reader.known, "contact", "start"}}
        return LogMapping(
            columns={column: SourceColumn(column=key_of(column)) for column in sorted(columns)},
            separator=ITEM_SEPARATOR,
        )
    there -= set() if reader.paired else {key_of("end")}
    taken = {column: SourceColumn(column=key_of(column)) for column in _COLUMNS if key_of(column) in there}
    taken |= {"start": SourceColumn(column=_TIME), "sequence": SourceColumn(column=PLACE)}
    return LogMapping(columns=taken, separator=ITEM_SEPARATOR)


@dataclass(slots=True)
class _Event:
    """One event as it was read: the line where it begins, its place in its trace, and its attributes by key."""

    line: int
    place: int
    values: dict[str, str] = field(default_factory=dict)
    complete: dict[str, str] | None = None

    @property
    def activity(self) -> tuple[str, str]:
        return self.values.get(_NAME, ""), self.values.get(_INSTANCE, "")

    @property
    def transition(self) -> str:
        return self.values.get(_TRANSITION, "").strip().lower()


class _Reader:
    """One XES file on its way into rows: remembers the open trace, and what was seen."""

    def __init__(self, path: Path, mapping: LogMapping | None, encoding: str) -> None:
        self._xml = XmlStream(path, encoding, "log", begin=self._begin, finish=self._finish)
        given = (
            [column for each in mapping.columns.values() for column in each.columns] if mapping else _usual_columns()
        )
        self.columns = tuple(dict.fromkeys(given))
        self.pairs = any(column.startswith(COMPLETE) for column in self.columns)
        self.separator = mapping.separator if mapping else ITEM_SEPARATOR
        self.wanted = _NEEDED | {column.removeprefix(COMPLETE) for column in self.columns} | {CASE + _NAME}
        self.seen: set[str] = set()
        self.others: Counter[str] = Counter()
        self.known: frozenset[str] | None = None
        self.traces = self.nameless = self.paired = 0
        self._ready: list[Row] = []
        self._path: list[str | None] = []
        self._aside = 0
        self._lists = 0
        self._loose = 0
        self._trace: _Event | None = None
        self._event: _Event | None = None
        self._waiting: list[_Event] = []
        self._open: dict[tuple[str, str], deque[_Event]] = {}

    # --- the file -----------------------------------------------------------------------------------------

    def rows(self) -> Iterator[Row]:
        """The rows, while the file is read. Raises `UnreadableFile` for what is no XML, or dangerous."""
        for _ in self._xml.chunks():
            yield from self._take()
        self._settle(ended=True)
        yield from self._take()

    def _take(self) -> list[Row]:
        ready, self._ready = self._ready, []
        return ready

    # --- its elements -------------------------------------------------------------------------------------

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        key = None
        if self._aside or tag in _ASIDE:
            self._aside += 1
        elif tag == "trace":
            self._settle(ended=True)
            self.traces += 1
            self._trace = _Event(self._xml.line, 0)
        elif tag == "event":
            self._event = _Event(self._xml.line, 0)
        elif tag in _SIMPLE or tag in _LISTS:
            key = attributes.get("key", "")
            self._attribute(key, attributes.get("value"), tag in _LISTS)
        self._path.append(key)

    def _finish(self, tag: str) -> None:
        key = self._path.pop()
        if self._aside:
            self._aside -= 1
        elif tag == "trace":
            self._settle(ended=True)
            self._trace = None
        elif tag == "event" and self._event:
            self._end_event(self._event)
            self._event = None
        elif key is not None and tag in _LISTS:
            self._lists -= 1

    def _attribute(self, key: str, value: str | None, is_list: bool) -> None:
        keys = [each for each in self._path if each is not None]
        owner = self._event or self._trace
        prefix = "" if self._event else CASE
        if self._lists and keys and value is not None and owner:
            self._keep(owner, prefix + keys[0], value, added=True)
        elif value is not None and key and owner:
            self._keep(owner, prefix + "/".join((*keys, key)), value)
        elif value is not None and key == _KNOWN and not keys:
            self.known = frozenset(value.split())
        self._lists += is_list

    def _keep(self, owner: _Event, key: str, value: str, *, added: bool = False) -> None:
        if len(self.seen) < _MOST_KEYS:
            self.seen.add(key)
        if key not in self.wanted:
            return
        before = owner.values.get(key)
        if before is None:
            owner.values[key] = value
        elif added and len(before) <= FIELD_LIMIT:  # a longer one is set aside anyway
            owner.values[key] = before + self.separator + value

    # --- its contacts -------------------------------------------------------------------------------------

    def _end_event(self, event: _Event) -> None:
        if self._trace is None:
            self._loose += 1
            event.place = self._loose
            self._write(event, {})
            return
        self._trace.place += 1
        event.place = self._trace.place
        self._waiting.append(event)
        if len(self._waiting) >= _MOST_WAITING:
            self._settle(ended=False)

    def _settle(self, *, ended: bool) -> None:
        """Turn the waiting events of the trace into contacts, and those still open too when the trace has ended."""
        trace = self._trace
        if trace is None:
            return
        named = CASE + _NAME in trace.values or CASE + _NAME not in self.columns
        if not named and trace.place > 1 and self.known is None:
            self._keep(trace, CASE + _NAME, f"trace {self.traces}")
            self.nameless += 1
        waiting, self._waiting = self._waiting, []
        if not self.pairs:
            for event in waiting:
                self._write(event, trace.values)
            return
        for event in _in_time(waiting):
            self._pair(event, trace.values)
        if ended:
            for queue in self._open.values():
                for event in queue:
                    self._write(event, trace.values)
            self._open.clear()

    def _pair(self, event: _Event, trace: Mapping[str, str]) -> None:
        if event.transition == "start":
            self._open.setdefault(event.activity, deque()).append(event)
            return
        queue = self._open.get(event.activity)
        if event.transition == "complete" and queue:
            begun = queue.popleft()
            begun.complete = event.values
            self.paired += 1
            event = begun
        elif event.transition not in ("", "complete") and (event.transition in self.others or len(self.others) < 1000):
            self.others[event.transition] += 1
        self._write(event, trace)

    def _write(self, event: _Event, trace: Mapping[str, str]) -> None:
        later = event.complete or {}
        values = {**trace, **later, **event.values, PLACE: str(event.place)}
        values |= {COMPLETE + key: value for key, value in later.items()}
        self._ready.append(Row(event.line, [values.get(column, "") for column in self.columns]))


def _usual_columns() -> list[str]:
    return [*(key_of(column) for column in _COLUMNS), PLACE]


def _in_time(events: list[_Event]) -> list[_Event]:
    """Events by time, those of one instant as they stand; one whose time cannot be read stays after the one before."""
    keyed: list[tuple[int, int]] = []
    last = 0
    for place, event in enumerate(events):
        last = _instant(event.values.get(_TIME, ""), last)
        keyed.append((last, place))
    return [events[place] for _, place in sorted(keyed)]


def _instant(said: str, otherwise: int) -> int:
    """Microseconds since the year 1, UTC; good only to order by."""
    try:
        at = datetime.fromisoformat(said.strip())
    except ValueError:
        return otherwise
    since = at.replace(tzinfo=UTC) - _YEAR_ONE - (at.utcoffset() or timedelta())
    return since // timedelta(microseconds=1)


# --- out -----------------------------------------------------------------------------------------------------

_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Makegood", "makegood", "urn:makegood:contact-log"),
)
_UNHOLDABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHOWN = {code: chr(0x2400 + code) for code in range(32)}


def write_xes(what: Log | Journeys, store: Store, path: Path) -> Written:
    """Write a log as XES that validates against the schema of IEEE 1849; with `.gz` at the end, packed.

    A trace is a case, of journeys a journey; a contact without a case is a trace alone and nameless. A contact with
    an end is two events, start and complete, with its id as concept:instance; otherwise one. The activity is
    concept:name (its kind where the log has no activities), the team org:group; the other columns and the items stand
    under `makegood:`. Times keep the offset of the contact's clock. Read back without a mapping, the log is the same,
    but that in a file of journeys each is a case. Signs that XML cannot hold are shown as ␀ to ␟ or as �, and
    counted.
    """
    writer = _Writer(what)
    first = ("journey",) if isinstance(what, Journeys) else ("case",)
    with whole(path) as (out, folder):
        writer.head(out)
        for contact in contacts_in_order(what, store, folder, first):
            writer.contact(out, contact)
        writer.foot(out)
    return Written(contacts=writer.count, replaced=writer.replacing.count)


class _Writer:
    """Contacts on their way into traces."""

    def __init__(self, what: Log | Journeys) -> None:
        log = log_in(what)
        self.by_journey = isinstance(what, Journeys)
        self.known = known_columns(what)
        self.hows = [how for how in HOWS if how in log.known]
        self.replacing, self.count = Replacing(), 0
        self._case: str | None = None
        self._is_open = False
        aside = {"start", "end", "activity", "team", *([] if self.by_journey else ["case"])}
        self._own = [column for column in self.known if column not in aside]

    def head(self, out: TextIO) -> None:
        """All that stands before the traces."""
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xes.features="">\n')
        for name, prefix, uri in _EXTENSIONS:
            out.write(f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n')
        known = {*self.known, *self.hows, *(["case"] if self.by_journey else [])}
        out.write(self._said("string", _KNOWN, " ".join(sorted(known))))

    def foot(self, out: TextIO) -> None:
        """What closes the log."""
        out.write(("</trace>\n" if self._is_open else "") + "</log>\n")

    def contact(self, out: TextIO, contact: Contact) -> None:
        """One contact, in its trace."""
        case = contact.row["journey" if self.by_journey else "case"]
        if not self._is_open or case is None or case != self._case:
            out.write(("</trace>\n" if self._is_open else "") + "<trace>\n")
            if case is not None:
                out.write(self._said("string", _NAME, case))
            self._case, self._is_open = case, True
        start = self._instant(contact, "start")
        end = self._instant(contact, "end")
        ended = "end" in self.known and end is not None and start is not None
        out.write(
            f"<event>\n{self._step(contact, start, 'start' if ended else 'complete')}{self._rest(contact)}</event>\n"
        )
        if ended:
            out.write(f"<event>\n{self._step(contact, end, 'complete')}</event>\n")
        self.count += 1

    def _step(self, contact: Contact, at: str | None, transition: str) -> str:
        """What stands in both events of a contact."""
        row = contact.row
        activity = row["activity"] if "activity" in self.known else row["kind"] or "contact"
        parts = [(_NAME, activity), (_INSTANCE, row["contact"]), (_TRANSITION, transition)]
        said = "".join(self._said("string", key, value) for key, value in parts if value is not None)
        return said + (self._said("date", _TIME, at) if at else "")

    def _rest(self, contact: Contact) -> str:
        row = contact.row
        said = (
            self._said("string", "org:group", row["team"]) if "team" in self.known and row["team"] is not None else ""
        )
        said += "".join(self._column(contact, column) for column in self._own)
        if self.by_journey:
            said += "".join(self._said("string", OURS + each, row[each]) for each in BUILT if row[each] is not None)
        return said + "".join(self._list(how, items_of(contact, how, self.replacing)) for how in self.hows)

    def _column(self, contact: Contact, column: str) -> str:
        value, key = contact.row[column], OURS + column
        match value:
            case None:
                return ""
            case bool():
                return self._said("boolean", key, "true" if value else "false")
            case int() if column == "due":
                due = self._instant(contact, "due")
                return self._said("date", key, due) if due else ""
            case int():
                return self._said("int", key, str(value))
            case float():
                special = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}
                return self._said("float", key, special.get(repr(value), repr(value)))
            case _:
                return self._said("string", key, value)

    def _list(self, how: str, items: list[str]) -> str:
        if not items:
            return ""
        inside = "".join(self._said("string", "item", item) for item in items)
        return f'<list key="{OURS}{how}">\n<values key="items">\n{inside}</values>\n</list>\n'

    def _instant(self, contact: Contact, column: str) -> str | None:
        return self.replacing.instant(contact.row[column], contact.row["offset"])

    def _said(self, tag: str, key: str, value: str) -> str:
        """An attribute; line ends and tabs are written as numbers, or XML would turn them into spaces."""
        plain = value
        if _UNHOLDABLE.search(value):
            plain = self.replacing.of(value, _UNHOLDABLE.sub(lambda sign: _SHOWN.get(ord(sign[0]), "\ufffd"), value))
        return f"<{tag} key={quoteattr(key)} value={quoteattr(plain)}/>\n"
