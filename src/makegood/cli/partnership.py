"""What the commands for partners take: journeys, tally, pseudonymise."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_partnership_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands for partners: journeys, tally, pseudonymise."""
    _add_journeys(commands)
    _add_tally(commands)
    _add_pseudonymise(commands)


def _add_journeys(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    journeys = commands.add_parser("journeys", help="what customers go through across partners: map, measures, what if")
    journeys.add_argument("log", metavar="LOG", help="a contact log (.csv, .parquet, .xes, OCEL 2.0), or anyborough")
    journeys.add_argument("--mapping", type=Path, metavar="FILE", help="which column is what")
    journeys.add_argument("--encoding", default="utf-8", help="of CSV files; utf-8 unless said")
    journeys.add_argument("--need", action="append", default=[], metavar="NEED", help="journeys for this need")
    journeys.add_argument("--channel", action="append", default=[], metavar="CHANNEL", help="journeys that used it")
    journeys.add_argument("--partner", action="append", default=[], metavar="NAME", help="journeys that met it")
    journeys.add_argument("--from", dest="first", metavar="DATE", help="only journeys that began on this day or later")
    journeys.add_argument("--until", dest="last", metavar="DATE", help="only journeys that began on this day or before")
    journeys.add_argument("--gap", type=int, default=30, metavar="DAYS", help="a longer pause begins a new journey; 30")
    journeys.add_argument("--window", type=int, default=14, metavar="DAYS", help="for resolved at first contact; 14")
    journeys.add_argument("--as-of", metavar="WHEN", help="until when the log is complete; its last instant")
    journeys.add_argument("--agreements", type=Path, metavar="FILE", help="sharing agreements")
    journeys.add_argument("--costs", type=Path, metavar="FILE", help="unit costs, each from low to high")
    journeys.add_argument("--reasons", type=Path, metavar="FILE", help="your list of avoidable contact")
    journeys.add_argument(
        "--working-days", metavar="NAME",
        help="the calendar that tells working days; england-and-wales where the mapping names no zone but "
        "Europe/London, else none",
    )  # fmt: skip
    journeys.add_argument(
        "--calendar", action="append", default=[], type=Path, metavar="FILE", dest="calendars",
        help="a calendar of your own, besides those that ship",
    )  # fmt: skip
    journeys.add_argument(
        "--compare", metavar="DATE|LOG",
        help="journeys before a day with those from it on, or this log with another of the same form",
    )  # fmt: skip
    journeys.add_argument(
        "--same-days", type=int, metavar="DAYS",
        help="compare periods by the first so many days of each journey, so that both are watched alike",
    )  # fmt: skip
    journeys.add_argument(
        "--what-if", action="append", default=[], metavar="CHANGE",
        help="a change in words, such as 'share proof of income between Council and Jobcentre'; or a file of changes",
    )  # fmt: skip
    journeys.add_argument("--changes", type=int, default=3, metavar="K", help="how many changes to look for; 3")
    journeys.add_argument("--engine", choices=["batch", "polars"], default="batch")
    journeys.add_argument("--report", type=Path, metavar="FILE.html", help="one page for a meeting of partners")
    journeys.add_argument("--output", type=Path, metavar="FILE", help="the measures, .csv or .json")
    journeys.add_argument(
        "--contacts", type=Path, metavar="FILE",
        help="the contacts with their journeys, and why each belongs: .csv, .xes or OCEL .json",
    )  # fmt: skip
    journeys.add_argument("--rejects", type=Path, metavar="FILE", help="where rows that cannot be used are set aside")
    journeys.add_argument("--quiet", action="store_true", help="no progress and no summary")


def _add_tally(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    tally = commands.add_parser("tally", help="a two-week tally of contacts: hours to note, sheets, and weights")
    tally.add_argument("--organisation", required=True, metavar="NAME")
    tally.add_argument("--from", dest="first", metavar="DATE", help="the first of the two weeks")
    tally.add_argument(
        "--channel", action="append", default=[], metavar="NAME=HOURS",
        help="a channel and its hours, such as telephone=9-17; may be given more than once",
    )  # fmt: skip
    tally.add_argument("--days", type=int, default=3, help="on how many of the ten days each hour is noted; 3")
    tally.add_argument("--seed", type=int, default=1, help="draws the same hours again; 1 unless said")
    tally.add_argument("--need", action="append", default=[], metavar="WORDS", help="a need to offer on the sheets")
    tally.add_argument("--plan", type=Path, metavar="FILE.csv", help="the drawn hours: written, or read with --weigh")
    tally.add_argument("--sheets", type=Path, metavar="FILE.html", help="sheets to print, a page for each hour")
    tally.add_argument("--table", type=Path, metavar="FILE.csv", help="an empty table to fill in")
    tally.add_argument("--weigh", type=Path, metavar="FILE.csv", help="a filled-in table to turn into a contact log")
    tally.add_argument("--output", type=Path, metavar="FILE.csv", help="the contact log")
    tally.add_argument("--rejects", type=Path, metavar="FILE", help="where rows that cannot be used are set aside")


def _add_pseudonymise(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    hide = commands.add_parser("pseudonymise", help="the same person under the same pseudonym at every partner")
    hide.add_argument("file", nargs="?", type=Path, metavar="FILE.csv")
    hide.add_argument("--new-key", type=Path, metavar="FILE", help="make a key; one body holds it")
    hide.add_argument("--key", type=Path, metavar="FILE")
    hide.add_argument("--purpose", metavar="WORDS", help="what it is for; another purpose gives other pseudonyms")
    hide.add_argument("--by", action="append", default=[], metavar="COLUMN", help="what identifies a person; in order")
    hide.add_argument("--date", action="append", default=[], metavar="COLUMN", help="which of these are dates")
    hide.add_argument("--date-format", default="%Y-%m-%d", metavar="FORM", help="how dates are written, if not ISO")
    hide.add_argument("--drop", action="append", default=[], metavar="COLUMN", help="a further column to leave out")
    hide.add_argument("--keep", action="append", default=[], metavar="COLUMN", help="a column that tells nobody's name")
    hide.add_argument("--only-lines", action="store_true", help="write line and pseudonym alone, for a partner to join")
    hide.add_argument("--subjects", type=Path, metavar="FILE.csv", help="pseudonyms by line, from the key's holder")
    hide.add_argument("--encoding", default="utf-8")
    hide.add_argument("--output", type=Path, metavar="FILE.csv")
    hide.add_argument("--rejects", type=Path, metavar="FILE", help="where rows that cannot be used are set aside")
