"""A two-week tally of contacts: which hours to record, a sheet to print, a table to fill in, and weights afterwards.

No organisation records what it asks although it is held already. So for some hours of two weeks each contact is noted,
in full; every hour of each channel is drawn equally often, and a noted contact stands for those of the hours not drawn.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from math import isfinite
from pathlib import Path

from ....records import Rejects
from ....records.rows import UnreadableFile, read_rows
from ....records.whole import written_whole
from ...sentences import say_number
from ..columns import Kind

PLAN_COLUMNS = ("date", "hour", "channel", "weight")
SHEET_COLUMNS = (
    "date", "hour", "channel", "subject", "need", "kind", "asked", "given", "held", "resolved", "handed_to",
    "reason_adviser", "reason_customer", "minutes", "words",
)  # fmt: skip
"""The columns of the table to fill in. `start`, `organisation` and `weight` are added from the plan."""

_ADDED = ("start", "organisation", "weight", "sequence")
"""The columns of the log that are not of the table."""
_ROWS = 12


@dataclass(frozen=True, kw_only=True)
class Hour:
    """An hour of a channel in which every contact is noted; each stands for `weight` contacts."""

    day: date
    hour: int
    channel: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What to draw from: the open days, each channel's first hour and the hour at which it closes, and how many days.

    `days` is on how many of the open days each hour of a channel is noted.
    """

    organisation: str
    open_days: Sequence[date]
    channels: Mapping[str, tuple[int, int]]
    days: int
    seed: int = 1


def two_weeks(first: date) -> list[date]:
    """The ten days from Monday to Friday in the two weeks from a day.

    >>> len(two_weeks(date(2026, 3, 4))), two_weeks(date(2026, 3, 4))[-1]
    (10, datetime.date(2026, 3, 17))
    """
    return [day for offset in range(14) if (day := first + timedelta(days=offset)).weekday() < 5]


def plan(tally: Tally) -> list[Hour]:
    """The hours to note, in order of time: each hour of each channel on `days` of the open days, drawn by the seed.

    Hours of one channel are drawn so that every day gets about as many. Raises `ValueError` for what cannot be drawn.

    >>> hours = plan(Tally(organisation="A", open_days=two_weeks(date(2026, 3, 2)), channels={"post": (9, 11)}, days=4))
    >>> len(hours), {hour.weight for hour in hours}
    (8, {2.5})
    """
    if not 1 <= tally.days <= len(tally.open_days):
        raise ValueError(f"each hour can be noted on 1 to {len(tally.open_days)} days, not on {tally.days}")
    chance = random.Random(tally.seed)  # noqa: S311 - a sample that anybody can draw again
    drawn: list[Hour] = []
    for channel, (opens, closes) in sorted(tally.channels.items()):
        if not 0 <= opens < closes <= 24:
            raise ValueError(f"{channel}: hours from {opens} to {closes} are no hours of a day")
        load = dict.fromkeys(tally.open_days, 0)
        for hour in range(opens, closes):
            days = sorted(tally.open_days, key=lambda day: (load[day], chance.random()))[: tally.days]
            for day in days:
                load[day] += 1
            weight = len(tally.open_days) / tally.days
            drawn += [Hour(day=day, hour=hour, channel=channel, weight=weight) for day in days]
    return sorted(drawn, key=lambda hour: (hour.day, hour.hour, hour.channel))


def write_plan(hours: Sequence[Hour], path: Path) -> None:
    """The plan as CSV: date, hour, channel, weight."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(PLAN_COLUMNS)
        writer.writerows((hour.day.isoformat(), hour.hour, hour.channel, f"{hour.weight:.10g}") for hour in hours)


def write_template(path: Path) -> None:
    """The table to fill in, a row for each contact: its header alone."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\r\n").writerow(SHEET_COLUMNS)


def read_plan(path: Path, rejects: Rejects) -> list[Hour]:
    """A plan that was written before. Raises `UnreadableFile`."""
    table = read_rows(path, rejects)
    if tuple(table.header) != PLAN_COLUMNS:
        raise UnreadableFile(f"{path}: the columns of a plan are {', '.join(PLAN_COLUMNS)}")
    hours = []
    for row in table.rows:
        if found := _planned(*row.fields):
            hours.append(found)
        else:
            rejects.add(str(path), row.line, "", "no hour of a plan", row.fields)
    return hours


def _planned(day: str, hour: str, channel: str, weight: str) -> Hour | None:
    """An hour of a plan; `None` where a part of it is none."""
    when, stands_for = _hour_of(day, hour), 0.0
    with suppress(ValueError):
        stands_for = float(weight)
    if when is None or not (isfinite(stands_for) and stands_for > 0):
        return None
    return Hour(day=when.date(), hour=when.hour, channel=channel, weight=stands_for)


def weighed(sheet: Path, output: Path, *, hours: Sequence[Hour], organisation: str, rejects: Rejects) -> int:
    """Write a filled-in table as a contact log: with start, organisation and weight; the answer is how many contacts.

    Contacts outside the hours that were drawn are set aside: they would count twice. Appears only when it is whole.
    """
    table = read_rows(sheet, rejects)
    lacking = [column for column in ("date", "hour", "channel") if column not in table.header]
    if lacking:
        raise UnreadableFile(f"{sheet}: there is no column “{lacking[0]}”")
    for column in _ADDED:
        if column in table.header:
            raise UnreadableFile(f"{sheet}: the column “{column}” is added here; leave it out")
    drawn = {(hour.day, hour.hour, hour.channel.strip().casefold()): hour for hour in hours}
    rest = [column for column in table.header if column not in ("date", "hour")]
    count = 0
    with written_whole(output) as beside, beside.open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*_ADDED, *rest])
        for row in table.rows:
            fields = dict(zip(table.header, row.fields, strict=True))
            when = _hour_of(fields["date"], fields["hour"])
            hour = when and drawn.get((when.date(), when.hour, fields["channel"].strip().casefold()))
            if not when or not hour:
                reason = "an hour that was not drawn" if when else "no such date and hour"
                rejects.add(str(sheet), row.line, "date" if not when else "hour", reason, row.fields)
                continue
            fields["channel"] = hour.channel.strip()  # as the plan spells it: one channel is not two
            writer.writerow([f"{when:%Y-%m-%dT%H:%M:%S}", organisation, f"{hour.weight:.10g}", row.line,
                             *(fields[column] for column in rest)])  # fmt: skip
            count += 1
    return count


def _hour_of(day: str, hour: str) -> datetime | None:
    """The hour that was written down: the day as 2026-03-02 or, day first, as 02/03/2026."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            at = datetime.strptime(day.strip(), form)  # noqa: DTZ007 - a wall clock
            return at.replace(hour=int(hour.strip().partition(":")[0]))
    return None


def sheets(hours: Sequence[Hour], tally: Tally, needs: Sequence[str], reasons: Sequence[str]) -> str:
    """The sheets to print, one page for each drawn hour of a day and channel, as one HTML page without script."""
    pages = "".join(_page(hour, tally, needs, reasons) for hour in hours)
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Contact tally: {escape(tally.organisation)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>Contact tally: {escape(tally.organisation)}</h1>{_how(hours)}{pages}</main></body></html>\n"
    )


def _how(hours: Sequence[Hour]) -> str:
    return (
        "<p>Note every contact in these hours, and only in these. One line for each contact. Do not write down names:"
        " the customer's own number goes into the first column, and is replaced before anything is put together."
        f" {'There is' if len(hours) == 1 else 'There are'} {say_number(len(hours), 'hour')}, each on a sheet of its"
        f" own:</p>{_days(hours)}"
    )


def _days(hours: Sequence[Hour]) -> str:
    """The hours of each day, so that whoever is on duty sees them at once."""
    days: dict[str, list[str]] = {}
    for hour in hours:
        days.setdefault(_day(hour), []).append(f"{_clock(hour)} {hour.channel}")
    items = (f"<li><strong>{day}:</strong> {escape('; '.join(each))}</li>" for day, each in days.items())
    return f"<ul>{''.join(items)}</ul>"


def _day(hour: Hour) -> str:
    return f"{hour.day:%A} {hour.day.day} {hour.day:%B %Y}"


def _clock(hour: Hour) -> str:
    return f"{hour.hour}:00 to {hour.hour + 1}:00"


def _page(hour: Hour, tally: Tally, needs: Sequence[str], reasons: Sequence[str]) -> str:
    heads = (
        "Customer", "What do they need?", "Kind", "Asked for", "Given", "Held already, by whom", "Settled? yes / no",
        "Passed on to", "Could it have been avoided? (adviser)", "Could it have been avoided? (customer)", "Minutes",
        "In the customer's own words",
    )  # fmt: skip
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    empty = f"<tr>{'<td></td>' * len(heads)}</tr>" * _ROWS
    title = f"{_day(hour)}, {_clock(hour)}, {hour.channel}: {tally.organisation}"
    offered = {"Needs": needs, "Kinds": tuple(Kind), "Could it have been avoided": ("not avoidable", *reasons)}
    lists = "".join(_words(what, words) for what, words in offered.items())
    region = f'<div class="wide" tabindex="0" role="region" aria-label="{escape(title)}">'
    return (
        f"<section><h2>{escape(title)}</h2>{lists}{region}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{empty}</tbody></table></div></section>"
    )


def _words(what: str, words: Sequence[str]) -> str:
    return f"<p><strong>{what}:</strong> {escape('; '.join(words))}.</p>" if words else ""


def channels_of(said: Sequence[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Channels with their hours, each written as `telephone=9-17`, each channel once. Raises `ValueError`.

    >>> dict(channels_of(["telephone=9-17"]))
    {'telephone': (9, 17)}
    """
    seen: set[str] = set()
    for each in said:
        channel, _, hours = each.partition("=")
        opens, _, closes = hours.partition("-")
        if not (channel.strip() and opens.strip().isdecimal() and closes.strip().isdecimal()):
            raise ValueError(f"“{each}” is no channel with its hours; write, for example, telephone=9-17")
        if channel.strip().casefold() in seen:
            raise ValueError(f"“{channel.strip()}” twice: give the hours of a channel once, from the first to the last")
        seen.add(channel.strip().casefold())
        yield channel.strip(), (int(opens), int(closes))


_STYLE = """
body{font:1rem/1.5 Arial,Helvetica,sans-serif;color:#111;background:#fff;margin:1rem}
section{break-before:page;margin-top:2rem}h1{font-size:1.6rem}h2{font-size:1.2rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;min-width:60rem}
th,td{overflow-wrap:anywhere;border:1px solid #444;padding:.2rem .3rem;text-align:left;vertical-align:top;
font-size:.8rem}
td{height:2rem}
table{table-layout:fixed}th{width:8.5%}th:nth-child(7){width:6%}
th:nth-child(11){width:6.5%}th:nth-child(12){width:13%}
p,li{max-width:60rem}section p{margin:.3rem 0}
@page{size:A4 landscape;margin:10mm}
@media print{body{margin:0;font-size:10pt}.wide{overflow:visible}table{min-width:0}th{font-size:7.5pt}
td{height:9mm}
section{margin:0;break-inside:avoid}h2{margin:0 0 .3rem}}
"""
