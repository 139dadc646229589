"""The reference pages about journeys that are made from the program: measures, and the files of a study."""

from __future__ import annotations

import inspect

from makegood.analytics.journeys import columns
from makegood.analytics.journeys.agreements import AGREEMENT, AGREEMENTS
from makegood.analytics.journeys.columns import Because, Kind
from makegood.analytics.journeys.costs import CONTACT_COST, COSTS
from makegood.analytics.journeys.logs.mapping import LOG_MAPPING
from makegood.analytics.journeys.measures import DEFINITIONS
from makegood.analytics.journeys.measures.reasons import REASON_LIST, default_reasons
from makegood.analytics.journeys.trying.proposals import EFFECT, JOIN, PROMISE, PROPOSALS, SHARE, read_proposal

from .pages import MADE, key_table

_BETTER = {"lower": "lower is better for the customer", "higher": "higher is better for the customer"}


_FILES = """The name of a file tells what it is:

| name ends in | what it is | mapping |
|---|---|---|
| `.csv`, `.csv.gz` | a table, a contact in each row | which column is what; none where they are called as ours |
| `.parquet` | the same | the same |
| `.xes`, `.xes.gz` | an event log by the IEEE standard 1849 | needed only where its attributes are not the usual ones |
| `.json`, `.jsonocel` (also `.gz`) | OCEL 2.0 as JSON | the same |
| `.xml`, `.xmlocel` (also `.gz`) | OCEL 2.0 as XML | the same |
| `.sqlite`, `.sqliteocel` | OCEL 2.0 as an SQLite database | the same |

Written with `--contacts` are `.csv`, `.xes` and OCEL 2.0 as `.json`."""


def measures() -> str:
    """Every measure of journeys with its formula and source."""
    parts = [
        f"# The measures of journeys\n\n{MADE}Each is told with what it rests on, of how many it is not known, and an"
        " interval that holds the true value 95 times in 100. A measure whose columns the log does not have is told"
        " as not known. Where a log can show only some of what is counted, the measure is told all the same, as “at"
        " least” so much, and says why: in the report in its title, in the figures written with `--output` under"
        " `at_least`. So it is with what was asked again where nobody noted what is held already, and with failure"
        " demand where no adviser judged any contact. [The contact"
        " log](contact-log.md) says what the columns mean.\n"
    ]
    for each in DEFINITIONS.values():
        better = f"; {_BETTER[each.better]}" if each.better else ""
        needs = ", ".join(f"`{column}`" for column in each.needs) or "what its description says"
        parts.append(
            f"\n## {each.title}\n\n{each.says}\n\n"
            f"- Name: `{each.name}`; in {each.unit}, of {each.of}{better}.\n"
            f"- Formula: {each.formula}\n"
            f"- Needs: {needs}.\n" + (f"- Source: {each.source}\n" if each.source else "")
        )
    return "".join(parts)


def contact_log() -> str:
    """The contact log, its mapping, and the other files of a study."""
    said = {
        "Kinds of contact": ", ".join(f"`{kind}`" for kind in Kind),
        "Why a contact belongs to its journey": ", ".join(f"`{reason}`" for reason in Because),
        "Reasons of avoidable contact": ", ".join(f"`{reason.code}`" for reason in default_reasons().reasons),
    }
    parts = [f"# The contact log\n\n{MADE}{_documented('CONTACT_COLUMNS')}\n\n{_documented('ITEM_COLUMNS')}\n"]
    parts += [f"\n**{what}:** {words}.\n" for what, words in said.items()]
    parts.append(f"\nThe list of reasons is data: {default_reasons().source}\n")
    parts.append(f"\n## What building adds\n\n{_documented('JOURNEY_COLUMNS')}\n")
    parts.append(f"\n## Files\n\n{_FILES}\n")
    parts.append(
        "\n## Where a column comes from\n\nIn a mapping file, a column of ours is the name of one of theirs; or"
        " `{column: NAME, values: {their word: our word}}`; or `{always: WORD}`, the same for every contact.\n\n"
        "`start`, `end` and `due` may be `{date: NAME, time: NAME}`: a column of dates and one of times of day."
        " `format` is then parted before the hour; what it has no pattern for is read as ISO. Midnight behind a date,"
        " as spreadsheets write it, means nothing. A start without a time of day is set aside, an end without one is"
        " not known.\n\nA time without an offset that clocks showed twice, when they went back in autumn, is the later"
        " one, unless start and end together say more: of what they can mean, the shortest contact counts.\n"
    )
    for title, tables in {
        "Mapping file": [LOG_MAPPING],
        "Sharing agreements": [AGREEMENTS, AGREEMENT],
        "Unit costs": [COSTS, CONTACT_COST],
        "A list of reasons": [REASON_LIST],
        "A file of changes": [PROPOSALS, SHARE | EFFECT, JOIN | EFFECT, PROMISE | EFFECT],
    }.items():
        parts.append(f"\n## {title}\n")
        parts += [f"\n{key_table(table)}" for table in tables]
    parts.append(f"\nIn words: {inspect.getdoc(read_proposal)}\n")
    return "".join(parts)


def _documented(name: str) -> str:
    """The text that stands below a value of `columns`."""
    source = inspect.getsource(columns)
    after = source.split(f"\n{name}: ", 1)[1]
    return inspect.cleandoc(after.split('"""', 2)[1])
