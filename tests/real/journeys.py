"""Real logs through the library of journeys: what it makes of them, for the page and for tests that count again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill

import narwhals.stable.v2 as nw

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import CONTACT_COLUMNS, MICROSECONDS, Journeys, Log
from makegood.analytics.journeys.flows.flow import Flow, Move
from makegood.analytics.journeys.flows.graph import flow_of
from makegood.analytics.journeys.logs.mapping import LogMapping, read_log_mapping
from makegood.analytics.journeys.logs.reading import LogFile, read_log
from makegood.analytics.journeys.measure import Measure
from makegood.analytics.journeys.measures import Settings, measure
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store
from makegood.analytics.staging import connected
from makegood.records import Rejects

HERE = Path(__file__).parent
DAY = 86_400
WIDTH = 120
ALL_VARIANTS = 10_000
Figure = int | float | str


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the library says of a log, each measure of the whole.

    - `longest_seconds`: the longest wait between two contacts of a journey.
    - `promised`: how many contacts tell a date; `late`: how many journeys have a contact after the date that it tells.
    - `channels`: how many contacts by each channel.
    - `moved_journeys`: how many journeys change from one organisation to another.
    - `with_team`: how many contacts name a team; `most_team_moves`: how often the team changes in the worst journey.
    """

    set_aside: int
    notes: tuple[str, ...]
    flow: Flow
    because: Mapping[str, int]
    measures: Sequence[Measure] = field(repr=False)
    longest_seconds: float
    late: int
    promised: int
    channels: Counter[str]
    moved_journeys: int
    with_team: int
    most_team_moves: int

    def measure(self, name: str) -> Measure:
        """A measure of the whole."""
        (found,) = (each for each in self.measures if each.definition.name == name and not each.by)
        return found

    def value(self, name: str) -> float:
        """What a measure says; it has to say something."""
        value = self.measure(name).value
        assert value is not None, f"{name}: {self.measure(name).lacks}"
        return value

    def lacks(self) -> list[str]:
        """The columns of contacts that this log would need for the measures that it cannot tell."""
        lacking = {column for each in self.measures for column in each.lacks}
        return [column for column in (*CONTACT_COLUMNS, "asked", "given") if column in lacking]


def mapping_of(name: str) -> LogMapping:
    """One of the mappings here."""
    return read_log_mapping((HERE / name).read_text(encoding="utf-8"), name)


def found_in(log: Path, mapping: LogMapping, *, polars: bool = False) -> Found:
    """What the library makes of a log file, on DuckDB or on Polars."""
    rejects = Rejects()
    with TemporaryDirectory() as made, connected(Path(made)) as database:
        read = read_log(LogFile(path=log, mapping=mapping), database, Path(made), rejects)
        store: Store = DuckDBStore(database)
        if polars:
            store, read = _in_polars(store, read, Path(made))
        return _found(build(read, store), store, rejects)


def _in_polars(store: Store, log: Log, folder: Path) -> tuple[Store, Log]:
    contacts, items = folder / "contacts-again.parquet", folder / "items-again.parquet"
    store.write(log.contacts, contacts)
    store.write(log.items, items)
    other = PolarsStore()
    return other, Log(contacts=other.parquet(contacts), items=other.parquet(items), known=log.known)


def _found(journeys: Journeys, store: Store, rejects: Rejects) -> Found:
    contacts = journeys.contacts
    reasons = store.rows(contacts.group_by("because").agg(nw.len().alias("n")))
    wait, late = nw.col("start") - nw.col("before_end"), nw.col("start") > nw.col("due")
    channels = store.rows(contacts.filter(~nw.col("channel").is_null()).group_by("channel").agg(nw.len().alias("n")))
    (row,) = store.rows(
        contacts.select(longest=wait.max(), promised=nw.col("due").count(), with_team=nw.col("team").count())
    )
    (overdue,) = store.rows(contacts.filter(late).select("journey").unique().select(n=nw.len()))
    changed = contacts.filter(nw.col("organisation") != nw.col("before_organisation"))
    (passed_on,) = store.rows(changed.select("journey").unique().select(n=nw.len()))
    moved = contacts.filter(nw.col("team") != nw.col("before_team")).group_by("journey").agg(nw.len().alias("n"))
    (most,) = store.rows(moved.select(nw.col("n").max()))
    return Found(
        set_aside=len(rejects),
        notes=tuple(rejects.notes),
        flow=flow_of(contacts, store, most_variants=ALL_VARIANTS),
        because=Counter({str(each["because"]): int(each["n"]) for each in reasons}),
        measures=measure(journeys, store, Settings(), by=()),
        longest_seconds=(row["longest"] or 0) / MICROSECONDS,
        late=int(overdue["n"]),
        promised=int(row["promised"]),
        channels=Counter({str(each["channel"]): int(each["n"]) for each in channels}),
        moved_journeys=int(passed_on["n"]),
        with_team=int(row["with_team"]),
        most_team_moves=int(most["n"] or 0),
    )


def slowest_move(found: Found, least: int) -> Move:
    """Of the moves that at least so many journeys make, the one that half of them wait longest for."""
    return max((move for move in found.flow.moves if move.journeys >= least), key=lambda move: move.wait)


# --- words ------------------------------------------------------------------------------------------------------


def said(sentences: str, figures: Mapping[str, Figure]) -> str:
    """Paragraphs and lists with the figures that they name put in, and then wrapped as the pages are."""
    blocks = sentences.format_map(figures).strip().split("\n\n")
    return "\n\n".join("\n".join(map(_wrapped, re.split(r"\n(?=- )", block))) for block in blocks)


def _wrapped(item: str) -> str:
    indent = "  " if item.startswith("- ") else ""
    words = " ".join(item.split())
    return fill(words, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def listed(words: Sequence[str]) -> str:
    """Names of columns as a line.

    >>> listed(["kind", "asked", "given"])
    '`kind`, `asked` and `given`'
    """
    named = [f"`{word}`" for word in words]
    return " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else "".join(named)
