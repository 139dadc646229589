"""The command `journeys`: a contact log in, its journeys, measures, map, comparison and what-if out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import duckdb
from tqdm import tqdm

from ..analytics.journeys.agreements import read_agreements, strange_to
from ..analytics.journeys.building import Rules, build
from ..analytics.journeys.columns import MICROSECONDS, Journeys, Log
from ..analytics.journeys.compare import PERIODS
from ..analytics.journeys.costs import read_costs
from ..analytics.journeys.filtering import filtered
from ..analytics.journeys.logs.mapping import read_log_mapping
from ..analytics.journeys.logs.ocel import write_ocel
from ..analytics.journeys.logs.reading import LogFile, read_log
from ..analytics.journeys.logs.writing import whole, write_csv
from ..analytics.journeys.logs.xes import write_xes
from ..analytics.journeys.measure import Measure
from ..analytics.journeys.measures import Settings
from ..analytics.journeys.measures.reasons import default_reasons, read_reasons
from ..analytics.journeys.names import UnknownName
from ..analytics.journeys.pages.figures import write_measures
from ..analytics.journeys.pages.wording import say_ends, say_lack, say_value
from ..analytics.journeys.store import DuckDBStore, PolarsStore, Store
from ..analytics.journeys.study import Study, page_of, split, study
from ..analytics.journeys.trying.changes import Change
from ..analytics.journeys.trying.proposals import Proposal, read_proposal, read_proposals
from ..analytics.sentences import say_day, say_number
from ..analytics.staging import connected
from ..records import Rejects
from ..records.rows import UnreadableFile
from ..rules import Calendar, PledgeError
from ..rules.errors import did_you_mean
from ..rules.working_time import seconds_of, zone_named
from .judging import tell_rejects
from .sources import WrongUse, day_of, instant_of, must_be_apart, must_be_file, must_be_writable, read

FINE, FINDINGS = 0, 1
EXAMPLE = "anyborough"
"""The log that ships: out of work in Anyborough, which is fictional."""

HOME, HOME_CALENDAR = "Europe/London", "england-and-wales"
"""The zone of days where a mapping names none, and the calendar that tells working days there unless one is named."""

_TOLD = (
    "contacts_per_outcome", "all_contacts_per_outcome", "resolved_at_first_contact", "avoidable_contact",
    "chases_share", "hand_overs", "asked_again_share",
)  # fmt: skip
_SENTENCES = 5
T = TypeVar("T")


def journeys_command(given: argparse.Namespace, calendars: Mapping[str, Calendar]) -> int:
    """Study a contact log and write what was asked for; 1 when rows were set aside."""
    inputs = [given.log, given.mapping, given.agreements, given.costs, given.reasons, *given.calendars, *given.what_if]
    must_be_apart((given.report, given.output, given.contacts, given.rejects), [*inputs, given.compare])
    for path in filter(None, (given.report, given.output, given.contacts, given.rejects)):
        must_be_writable(path)
    if given.output and given.output.suffix.lower() not in (".csv", ".json"):
        raise WrongUse(f"{given.output}: the measures are written as .csv or .json")
    rejects = Rejects()
    with TemporaryDirectory(prefix="makegood-", ignore_cleanup_errors=True) as made, _files_of(given) as used:
        desk = _Desk(used, calendars, Path(made), rejects)
        try:
            desk.run()
        except (UnreadableFile, UnknownName) as error:
            raise WrongUse(str(error)) from None
    return tell_rejects(rejects, given.rejects, given.output)


@contextmanager
def _files_of(given: argparse.Namespace) -> Iterator[argparse.Namespace]:
    """What was given, the shipped example's files in place where it was named."""
    if given.log != EXAMPLE:
        yield given
        return
    used = argparse.Namespace(**vars(given))
    with as_file(files("makegood.samples") / EXAMPLE) as folder:
        used.log = str(folder / "contacts.csv.gz")
        used.mapping = given.mapping or folder / "mapping.yaml"
        used.agreements = given.agreements or folder / "agreements.yaml"
        used.costs = given.costs or folder / "costs.yaml"
        yield used


class _Desk:
    """One run of the command."""

    def __init__(
        self, given: argparse.Namespace, calendars: Mapping[str, Calendar], folder: Path, rejects: Rejects
    ) -> None:
        self.given, self.folder, self.rejects = given, folder, rejects
        self.mapping = _read(given.mapping, read_log_mapping)
        self.zone = (self.mapping.zone if self.mapping else "") or HOME
        self.settings = self._settings(calendars)
        self.proposals = list(_proposals(given.what_if))

    def _settings(self, calendars: Mapping[str, Calendar]) -> Settings:
        given = self.given
        working_days = given.working_days or (HOME_CALENDAR if self.zone == HOME else None)
        if working_days is not None and working_days not in calendars:
            raise WrongUse(f"there is no calendar “{working_days}”; {did_you_mean(working_days, calendars)}")
        if given.window < 0:
            raise WrongUse("--window is a number of days, 0 or more")
        as_of = None
        if given.as_of:
            as_of = seconds_of(instant_of(given.as_of, self.zone)) * MICROSECONDS
        return Settings(
            window_days=given.window,
            reasons=_read(given.reasons, read_reasons) or default_reasons(),
            agreements=_read(given.agreements, read_agreements) or (),
            costs=_read(given.costs, read_costs),
            calendar=None if working_days is None else calendars[working_days],
            as_of=as_of,
        )

    def run(self) -> None:
        """Read, build, study, and write."""
        with connected(self.folder) as database, self._steps() as step:
            store: Store = DuckDBStore(database)
            log = read_log(self._file(self.given.log), database, self.folder, self.rejects)
            store, log = self._in_engine(store, log, self.folder)
            told = strange_to(log, self.settings.agreements, store)
            self.rejects.notes += [f"{self.given.agreements}: {each}" for each in told]
            step("building journeys")
            journeys = self._filtered(self._built(log, store), store)
            against, names = self._sides(journeys, store, database)
            step("measuring")
            # Of two periods, what may still be changed is the later one.
            found = study(
                journeys, store, self.settings, proposals=self.proposals, changes=self.given.changes, against=against,
                names=names, tried_on_after=against is not None and not Path(self.given.compare).is_file(),
            )  # fmt: skip
            if self.settings.calendar is None:
                self.rejects.notes.append(self._working_days())
            step("writing")
            self._write(found, journeys, store)
        if not self.given.quiet:
            _tell(found)

    def _working_days(self) -> str:
        """Which calendar tells working days, or why none does."""
        calendar = self.settings.calendar
        if calendar is None:
            return f"Working days are not told: for {self.zone} no calendar was named with --working-days."
        return f"Working days are those of the calendar “{calendar.name}”; --working-days names another."

    @contextmanager
    def _steps(self) -> Iterator[Callable[[str], None]]:
        """A bar on a terminal that says what is being done."""
        with tqdm(total=4, desc="reading", leave=False, disable=self.given.quiet or None, file=sys.stderr) as bar:

            def step(what: str) -> None:
                bar.set_description(what)
                bar.update()

            yield step

    def _file(self, path: str) -> LogFile:
        must_be_file(Path(path))
        return LogFile(path=Path(path), mapping=self.mapping, encoding=self.given.encoding)

    def _in_engine(self, store: Store, log: Log, folder: Path) -> tuple[Store, Log]:
        if self.given.engine != "polars":
            return store, log
        paths = [folder / f"{what}-for-polars.parquet" for what in ("contacts", "items")]
        for frame, path in zip((log.contacts, log.items), paths, strict=True):
            store.write(frame, path)
        other = PolarsStore()
        contacts, items = (other.parquet(path) for path in paths)
        return other, Log(contacts=contacts, items=items, known=log.known)

    def _built(self, log: Log, store: Store) -> Journeys:
        try:
            journeys = build(log, store, Rules(gap_days=self.given.gap))
        except ValueError as error:
            raise WrongUse(str(error)) from None
        return replace(journeys, contacts=store.keep(journeys.contacts))  # measured, drawn, compared: read often

    def _filtered(self, journeys: Journeys, store: Store) -> Journeys:
        given = self.given
        for column, names in (("need", given.need), ("channel", given.channel), ("organisation", given.partner)):
            _check_names(column, names, journeys, store)
        began_from = self._midnight(given.first, 0) if given.first else None
        if given.first and given.last and day_of(given.last) < day_of(given.first):
            raise WrongUse(f"--until {given.last} is before --from {given.first}")
        began_before = self._midnight(given.last, 1) if given.last else None
        return filtered(
            journeys, store, need=given.need, channel=given.channel, partner=given.partner, began_from=began_from,
            began_before=began_before,
        )  # fmt: skip

    def _midnight(self, day: str, later: int) -> datetime:
        """The first instant of a day, or of that so many days later."""
        at = day_of(day) + timedelta(days=later)
        local = seconds_of(datetime(at.year, at.month, at.day, tzinfo=UTC))
        return datetime.fromtimestamp(zone_named(self.zone).instant(local, later=False), UTC)

    def _sides(
        self, journeys: Journeys, store: Store, database: duckdb.DuckDBPyConnection
    ) -> tuple[tuple[Journeys, Journeys] | None, tuple[str, str]]:
        """What is to be compared, and what the sides are called."""
        asked = self.given.compare
        if not asked:
            return None, PERIODS
        if Path(asked).is_file():
            folder = self.folder / "other"
            folder.mkdir()
            log = read_log(self._file(asked), database, folder, self.rejects)
            _, log = self._in_engine(DuckDBStore(database), log, folder)
            sides = journeys, self._filtered(self._built(log, store), store)
            return sides, (Path(self.given.log).name, Path(asked).name)
        at = int(self._midnight(asked, 0).timestamp()) * MICROSECONDS
        day = say_day(day_of(asked))
        sides = split(journeys, at, store, days=self.given.same_days)
        return sides, (f"the period before {day}", f"the period from {day}")

    def _write(self, found: Study, journeys: Journeys, store: Store) -> None:
        given = self.given
        if given.output:
            write_measures(found.measures, given.output)
        if given.contacts:
            ending = given.contacts.name.lower()
            if ".xes" in ending:
                write_xes(journeys, store, given.contacts)
            elif ".json" in ending:
                write_ocel(journeys, store, given.contacts)
            else:
                write_csv(journeys, store, given.contacts)
        if given.report:
            needs = f"{' and '.join(given.need)}: " if given.need else ""
            title = f"{needs}what customers go through"
            title = title[:1].upper() + title[1:]
            page = page_of(found, title=title, about=_about(found), counted=[*_counted(given), self._working_days()])
            with whole(given.report) as (file, _):
                file.write(page)


def _read(path: Path | None, reader: Callable[[str, str], T]) -> T | None:
    if path is None:
        return None
    must_be_file(path)
    try:
        return reader(read(path), str(path))
    except PledgeError as error:
        raise WrongUse(f"{path} cannot be used\n{error}") from None


def _check_names(column: str, names: Sequence[str], journeys: Journeys, store: Store) -> None:
    """Refuse a name that the log does not have: no journey at all would be told of."""
    if not names:
        return
    known = [row[column] for row in store.rows(journeys.contacts.select(column).unique()) if row[column] is not None]
    for name in names:
        if name not in known:
            raise WrongUse(f"no contact in the log has the {column} “{name}”; {did_you_mean(name, known)}")


def _proposals(said: Sequence[str]) -> Iterator[Proposal]:
    """Changes in words, or from files."""
    for each in said:
        if each.lower().endswith((".yaml", ".yml", ".json")):
            yield from _read(Path(each), read_proposals) or ()
            continue
        try:
            yield read_proposal(each)
        except PledgeError as error:
            raise WrongUse(f"--what-if “{each}”\n{error}") from None


def _about(found: Study) -> str:
    return f"{say_number(found.flow.contacts, 'contact')} in {say_number(found.flow.journeys, 'journey')}."


def _counted(given: argparse.Namespace) -> list[str]:
    """How it was counted, in sentences."""
    lie = f"{say_number(given.gap, 'day')} {'lies' if given.gap == 1 else 'lie'}"
    told = [f"A customer's contacts for one need are one journey unless more than {lie} between them."]
    for what, values in (("need", given.need), ("channel", given.channel), ("partner", given.partner)):
        if values:
            told.append(f"Only journeys with this {what}: {', '.join(values)}.")
    if given.first or given.last:
        told.append(f"Only journeys that began from {given.first or 'the start'} until {given.last or 'the end'}.")
    return told


def _tell(found: Study) -> None:
    """The study in short."""
    print(_about(found))
    for measure in (found.value(name) for name in _TOLD):
        print(f"  {measure.definition.title}: {_said(measure)}")
    for change in (found.changes or ())[:3]:
        print(_change_said(change))
    differ = [compared for compared in found.compared or () if compared.sure]
    if found.compared is not None:
        differs = "differs" if len(differ) == 1 else "differ"
        measures = say_number(len(found.compared), "measure")
        print(f"{len(differ)} of {measures} {differs} by more than chance would explain.")
    for compared in sorted(differ, key=lambda each: each.definition.name not in _TOLD)[:_SENTENCES]:
        print(f"  {compared.sentence}")


def _said(measure: Measure) -> str:
    if measure.value is None:
        return f"not known: {say_lack(measure)}"
    unit = measure.definition.unit
    interval = measure.interval
    sure = f" ({say_ends(interval.low, interval.high, unit)})" if interval else ""
    return (
        f"{say_value(measure.value, unit)}{sure}, of {say_number(measure.n, measure.definition.of.removesuffix('s'))}"
    )


def _change_said(change: Change) -> str:
    if not change.journeys:
        return f"  {change.title}: nothing in this log would change"
    allowed = "" if change.allowed else " (not allowed by any agreement yet)"
    saved = change.contacts
    fewer = saved and say_number(round(saved.value), "contact")
    range_said = f": {fewer} fewer ({saved.low:,.0f} to {saved.high:,.0f})" if saved else ""
    return f"  {change.title}{range_said}{allowed}"
