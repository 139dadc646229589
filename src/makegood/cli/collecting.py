"""The commands `tally` and `pseudonymise`: how partners come to a contact log that may be put together."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..analytics.journeys.logs.pseudonyms import (
    SUBJECT,
    Identity,
    Undated,
    UnfitKey,
    by_key,
    by_lines,
    new_key,
    pseudonymised,
    read_key,
    telling_columns,
)
from ..analytics.journeys.logs.tally import (
    Tally,
    channels_of,
    plan,
    read_plan,
    sheets,
    two_weeks,
    weighed,
    write_plan,
    write_template,
)
from ..analytics.journeys.measures.reasons import default_reasons
from ..analytics.sentences import say_number
from ..records import Rejects
from ..records.rows import UnreadableFile, read_rows
from ..rules.errors import did_you_mean
from .judging import tell_rejects
from .sources import WrongUse, day_of, must_be_apart, must_be_file, must_be_writable

FINE = 0


def tally_command(given: argparse.Namespace) -> int:
    """Draw the hours of a two-week tally and write its sheets, or turn a filled-in table into a contact log."""
    try:
        return _weigh(given) if given.weigh else _draw(given)
    except (ValueError, UnreadableFile) as error:
        raise WrongUse(str(error)) from None


def _draw(given: argparse.Namespace) -> int:
    if not (given.first and given.channel and given.plan):
        raise WrongUse("give --from, --channel and --plan to draw hours, or --weigh to make a log of a filled-in table")
    must_be_apart((given.plan, given.sheets, given.table), ())
    days = two_weeks(day_of(given.first))
    tally = Tally(
        organisation=given.organisation, open_days=days, channels=dict(channels_of(given.channel)), days=given.days,
        seed=given.seed,
    )  # fmt: skip
    hours = plan(tally)
    for path in filter(None, (given.plan, given.sheets, given.table)):
        must_be_writable(path)
    write_plan(hours, given.plan)
    if given.sheets:
        page = sheets(hours, tally, given.need, [reason.title for reason in default_reasons().reasons])
        given.sheets.write_text(page, encoding="utf-8")
    if given.table:
        write_template(given.table)
    noted = say_number(len(hours), "hour")
    print(f"{noted} to note, each contact in them stands for {hours[0].weight:.3g}; the plan: {given.plan}")
    return FINE


def _weigh(given: argparse.Namespace) -> int:
    if not (given.plan and given.output):
        raise WrongUse("--weigh goes with --plan, as it was drawn, and --output")
    must_be_apart((given.output, given.rejects), (given.weigh, given.plan))
    must_be_file(given.weigh)
    must_be_file(given.plan)
    must_be_writable(given.output)
    rejects = Rejects()
    hours = read_plan(given.plan, rejects)
    count = weighed(given.weigh, given.output, hours=hours, organisation=given.organisation, rejects=rejects)
    print(f"{say_number(count, 'contact')} in {given.output}")
    return tell_rejects(rejects, given.rejects, given.output)


def pseudonymise_command(given: argparse.Namespace) -> int:
    """Make a key, or write a file again with pseudonyms in place of what identifies people."""
    if given.new_key:
        try:
            new_key(given.new_key)
        except FileExistsError:
            raise WrongUse(f"{given.new_key} exists; a key is never written over") from None
        print(f"A new key is in {given.new_key}. Whoever has it can tell who is who: one body holds it.")
        return FINE
    if not (given.file and given.output):
        raise WrongUse("give a FILE and --output, or --new-key")
    must_be_apart((given.output, given.rejects), (given.file, given.key, given.subjects))
    must_be_file(given.file)
    must_be_writable(given.output)
    try:
        return _pseudonymise(given)
    except (UnfitKey, UnreadableFile) as error:
        raise WrongUse(str(error)) from None


def _pseudonymise(given: argparse.Namespace) -> int:
    header = read_rows(given.file, Rejects(), encoding=given.encoding).header
    left_out = [*given.by, *given.drop]
    for column in (*left_out, *given.date, *given.keep):
        if column not in header:
            raise WrongUse(f"{given.file}: there is no column “{column}”; {did_you_mean(column, header)}")
    for column in given.date:
        if column not in given.by:
            raise WrongUse(
                f"--date {column}: only a column of --by is read as a date; {did_you_mean(column, given.by)}"
            )
    if not given.only_lines:
        _refuse_telling_columns(header, left_out, given.keep)
    rejects, undated = Rejects(), Undated()
    if given.subjects:
        of = by_lines(given.subjects, rejects)
    else:
        if not (given.key and given.by and given.purpose):
            raise WrongUse("give --key, --purpose and --by, or --subjects from the holder of the key")
        identity = Identity(columns=given.by, dates=given.date, date_format=given.date_format)
        of = by_key(read_key(given.key), given.purpose, identity, undated)
    done = pseudonymised(
        given.file, given.output, of=of, left_out=left_out, rejects=rejects, only_lines=given.only_lines,
        encoding=given.encoding,
    )  # fmt: skip
    rows, nameless = say_number(done.rows, "row"), say_number(done.nameless, "row")
    people = f"{done.people:,} {'person' if done.people == 1 else 'people'}"
    print(f"{rows}, {people}, {nameless} without a pseudonym: {given.output}")
    _tell_undated(undated, given)
    code = max(tell_rejects(rejects, given.rejects, given.output), min(undated.count, 1))
    if done.rows and not done.people:
        hint = " Are its dates written as --date-format says?" if given.date and not given.subjects else ""
        print(f"Nobody in {given.file} could be given a pseudonym: a part was empty or unfit.{hint}", file=sys.stderr)
        return 1
    return code


def _tell_undated(undated: Undated, given: argparse.Namespace) -> None:
    """Say where dates could not be read, but not what stands there: it is personal."""
    for line, column in undated.first:
        reason = f"no date written as {given.date_format} or %Y-%m-%d, so that the row has no pseudonym"
        print(f"{given.file}:{line}, column {column}: {reason}", file=sys.stderr)
    if undated.count > len(undated.first):
        print(f"and {undated.count - len(undated.first):,} more", file=sys.stderr)


def _refuse_telling_columns(header: Sequence[str], left_out: Sequence[str], keep: Sequence[str]) -> None:
    telling = [column for column in telling_columns(header) if column not in {*left_out, *keep, SUBJECT}]
    if telling:
        named = ", ".join(f"“{column}”" for column in telling)
        raise WrongUse(
            f"{named} may tell who somebody is: leave it out with --drop, or, if you are sure, keep it with --keep"
        )
