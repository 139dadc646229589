"""The command `evaluate`: cases in, one row for each case and standard out, what cannot be used set aside."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ..records import CaseFiles, Rejects, TableFile, read_case_files, read_mapping, read_table, write_results
from ..records import Mapping as ColumnMapping
from ..records.rows import UnreadableFile
from ..rules import Calendar, Case, Outcome, Pledge, PledgeError, evaluate, evaluate_all
from ..rules.errors import did_you_mean, visible
from .sources import WrongUse, must_be_apart, must_be_file, must_be_writable, read

NEEDS_BATCH = "Parquet and the batch engines need the extra “batch”: pip install 'makegood[batch]'"
CAREFULLY = (
    "The files were read row by row, which takes longer: something in them is not written plainly."
    " No outcome differs for it."
)
_SHOWN = 20
_FORMS = {".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet"}


def source_of(given: argparse.Namespace) -> CaseFiles | TableFile:
    """The files that a command was given. Raises `WrongUse` when they do not go together, or cannot be used."""
    report = getattr(given, "report", None)  # of a back-test
    must_be_apart((given.output, given.rejects, report), (given.cases, given.events, given.table, given.mapping))
    for path in filter(None, (given.output, given.rejects)):
        must_be_writable(path)
    mapping = ColumnMapping()
    if given.mapping:
        try:
            mapping = read_mapping(read(given.mapping), str(given.mapping))
        except PledgeError as error:
            raise WrongUse(f"the mapping cannot be used\n{error}") from None
    if given.table:
        if given.cases or given.events or not given.mapping:
            raise WrongUse("--table goes with --mapping, and without --cases and --events")
        must_be_file(given.table)
        return TableFile(path=given.table, mapping=mapping, encoding=given.encoding)
    if not (given.cases and given.events):
        raise WrongUse("give --cases and --events, or --table and --mapping")
    for path in (given.cases, given.events):
        must_be_file(path)
    return CaseFiles(cases=given.cases, events=given.events, mapping=mapping, encoding=given.encoding)


def evaluate_command(
    given: argparse.Namespace, pledge: Pledge, calendars: Mapping[str, Calendar], as_of: datetime
) -> int:
    """Judge the cases with the engine that was asked for; 1 when rows were set aside."""
    source = source_of(given)
    check_names(source.mapping, pledge, str(given.mapping))
    form = _FORMS.get(given.output.suffix.lower() if given.output else ".csv")
    if form is None:
        raise WrongUse(f"{given.output}: the output ends in .csv, .jsonl or .parquet")
    rejects = Rejects()
    try:
        if given.engine == "scalar":
            written = _scalar(source, pledge, calendars, as_of, given.output, form, rejects)
        else:
            written = _batch(given, source, pledge, calendars, as_of, form, rejects)
    except UnreadableFile as error:
        raise WrongUse(str(error)) from None
    if not given.quiet:
        _say_how_many(written, pledge, given.output)
    return tell_rejects(rejects, given.rejects, given.output)


def check_names(mapping: ColumnMapping, pledge: Pledge, file: str) -> None:
    """Refuse a mapping that speaks of facts or details which the pledge does not declare."""
    for what, names, known in (
        ("fact", {*mapping.facts, *mapping.recorded}, pledge.facts),
        ("detail", set(mapping.details), pledge.details),
    ):
        for name in sorted(names - set(known)):
            raise WrongUse(f"{file}: “{name}” is no {what} of the pledge; {did_you_mean(name, known)}")


def _say_how_many(written: int, pledge: Pledge, output: Path | None) -> None:
    if output:
        print(f"{written:,} outcomes in {output}", file=sys.stderr)
    if not written:
        starts = sorted({name for standard in pledge.standards for name in standard.start.facts.names})
        print(f"No case has an outcome: none was started by {' or '.join(starts)} as of this instant.", file=sys.stderr)


def tell_rejects(rejects: Rejects, wanted: Path | None, output: Path | None) -> int:
    """Tell the remarks and the first rows that were set aside, and write these to a file; the exit code."""
    for note in dict.fromkeys(rejects.notes):
        print(visible(note), file=sys.stderr)
    if not rejects:
        return 0
    path = wanted or (output.with_name(f"{output.name}.rejects.csv") if output else Path("rejects.csv"))
    rejects.write(path)
    for reject in rejects.rows[:_SHOWN]:
        print(reject, file=sys.stderr)
    if len(rejects) > _SHOWN:
        print(f"and {len(rejects) - _SHOWN:,} more", file=sys.stderr)
    rows = "1 row was" if len(rejects) == 1 else f"{len(rejects):,} rows were"
    print(f"{rows} set aside in {path}; the rest was judged without.", file=sys.stderr)
    return 1


def cases_of(source: CaseFiles | TableFile, pledge: Pledge, rejects: Rejects) -> Iterator[Case]:
    """The cases of a source, row by row; Parquet needs the extra “batch”."""
    paths = [source.cases, source.events] if isinstance(source, CaseFiles) else [source.path]
    if any(path.suffix.lower() == ".parquet" for path in paths):
        try:
            from ..analytics.parquet import cases_in_parquet
        except ModuleNotFoundError:
            raise WrongUse(NEEDS_BATCH) from None
        return cases_in_parquet(source, pledge, rejects)
    if isinstance(source, CaseFiles):
        return read_case_files(source, pledge, rejects)
    return read_table(source, pledge, rejects)


def _scalar(
    source: CaseFiles | TableFile,
    pledge: Pledge,
    calendars: Mapping[str, Calendar],
    as_of: datetime,
    output: Path | None,
    form: str,
    rejects: Rejects,
) -> int:
    cases = cases_of(source, pledge, rejects)
    outcomes: Iterable[Outcome]
    if pledge.subject:
        outcomes = evaluate_all(pledge, cases, as_of=as_of, calendars=calendars)
    else:
        outcomes = (
            outcome
            for case in cases
            for outcome in evaluate(pledge, case, as_of=as_of, calendars=calendars, explain=False)
        )
    if form != "parquet" or output is None:
        return write_results(outcomes, output or sys.stdout, form)
    try:
        from ..analytics.parquet import parquet_of
    except ModuleNotFoundError:
        raise WrongUse(NEEDS_BATCH) from None
    with TemporaryDirectory(prefix="makegood-") as folder:
        results = Path(folder) / "results.csv"
        written = write_results(outcomes, results, "csv")
        parquet_of(results, output)
    return written


def _batch(
    given: argparse.Namespace,
    source: CaseFiles | TableFile,
    pledge: Pledge,
    calendars: Mapping[str, Calendar],
    as_of: datetime,
    form: str,
    rejects: Rejects,
) -> int:
    try:
        from ..analytics.batch import Refused, run
    except ModuleNotFoundError:
        raise WrongUse(NEEDS_BATCH) from None
    try:
        summary = run(
            pledge,
            source,
            as_of=as_of,
            calendars=calendars,
            output=given.output or sys.stdout,
            form=form,
            engine=given.engine,
            no_fallback=given.no_fallback,
            rejects=rejects,
            say=_tell,
            progress=not given.quiet and sys.stderr.isatty(),
        )
    except Refused as refused:
        raise WrongUse(str(refused)) from None
    except Exception as error:
        if _is_of_a_file(error):
            raise WrongUse(f"the engine cannot read or write a file: {str(error).splitlines()[0]}") from None
        raise
    if summary.careful:
        _tell(CAREFULLY)
    return summary.rows


def _is_of_a_file(error: Exception) -> bool:
    """Whether an engine failed by the disk; the engines' own errors are told by name, since they may be absent."""
    return type(error).__name__ == "IOException"


def _tell(message: str) -> None:
    print(message, file=sys.stderr)
