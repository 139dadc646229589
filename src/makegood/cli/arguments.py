"""What each command of the command line takes."""

from __future__ import annotations

import argparse
from pathlib import Path

from .. import __version__
from .partnership import add_partnership_commands


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    made = argparse.ArgumentParser(
        prog="makegood", description="Promises that run: check, explain and judge by pledges written as text.",
        epilog="A PLEDGE is a file, or the name of a shipped scheme (see `makegood schemes`).",
    )  # fmt: skip
    made.add_argument("--version", action="version", version=f"makegood {__version__}")
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    _add_reading_commands(commands)
    _add_judging_commands(commands)
    add_partnership_commands(commands)
    commands.add_parser("demo", help="judge shipped cases by a shipped pledge and explain one deadline")
    completion = commands.add_parser("completion", help="print a completion script for your shell")
    completion.add_argument("shell", choices=["bash", "zsh", "tcsh"])
    return made


def _add_reading_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="check pledges: every mistake with its place and the likely mend")
    check.add_argument("pledges", nargs="+", metavar="PLEDGE")
    check.add_argument("--json", action="store_true", help="findings as JSON lines")
    explain = commands.add_parser("explain", help="a pledge in plain English")
    explain.add_argument("pledge", metavar="PLEDGE")
    explain.add_argument("--form", choices=["text", "markdown", "html"], default="text")
    explain.add_argument("--example-day", metavar="DATE", help="the day of the worked example")
    explain.add_argument("--output", metavar="FILE", type=Path)
    score = commands.add_parser("score", help="the five Ys: transparency, simplicity, speed, ease, flexibility")
    score.add_argument("pledges", nargs="+", metavar="PLEDGE")
    score.add_argument("--json", action="store_true", help="scores as JSON")
    schemes = commands.add_parser("schemes", help="the schemes and calendars that ship, or the text of one")
    schemes.add_argument("name", nargs="?", metavar="NAME")
    schemes.add_argument("--json", action="store_true", help="the scheme as JSON")
    deadline = commands.add_parser("deadline", help="by when, and why: day by day")
    deadline.add_argument("pledge", metavar="PLEDGE")
    deadline.add_argument("--start", metavar="WHEN", help="when the standard's first fact happened")
    deadline.add_argument("--standard", metavar="NAME", help="which standard; not needed when there is one")
    deadline.add_argument("--fact", action="append", default=[], metavar="NAME=WHEN", help="a further fact")
    deadline.add_argument("--detail", action="append", default=[], metavar="NAME=VALUE", help="a detail of the case")
    deadline.add_argument("--as-of", metavar="WHEN", help="the instant to look from; the last fact unless said")
    calendar = commands.add_parser("calendar", help="make a calendar file from iCalendar, CSV or GOV.UK's JSON")
    calendar.add_argument("source", metavar="FILE", type=Path, help=".ics, .csv (date,name) or .json")
    calendar.add_argument("--name", required=True)
    calendar.add_argument("--complete", required=True, metavar="'FROM to UNTIL'", help="the range it is complete for")
    calendar.add_argument("--open", default="monday to friday: all day", metavar="'DAYS: HOURS; …'")
    calendar.add_argument("--zone", default="Europe/London")
    calendar.add_argument("--division", default="england-and-wales", help="of GOV.UK's JSON")
    calendar.add_argument("--title", default="")
    calendar.add_argument("--source-note", default="", metavar="WORDS", help="where the closed days come from")
    for parser in (check, explain, score, deadline):
        _add_calendars(parser)


def _add_calendars(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--calendar", action="append", default=[], type=Path, metavar="FILE", dest="calendars",
        help="a calendar of your own, besides those that ship",
    )  # fmt: skip


def _add_cases(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cases", type=Path, metavar="FILE", help="case_id and details, CSV or Parquet")
    parser.add_argument("--events", type=Path, metavar="FILE", help="case_id,event,at[,recorded_at], CSV or Parquet")
    parser.add_argument("--table", type=Path, metavar="FILE", help="one wide table, CSV or Parquet")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="which column is what")
    parser.add_argument("--as-of", required=True, metavar="WHEN", help="the instant to look from, ISO with offset")
    parser.add_argument("--encoding", default="utf-8", help="of CSV files; utf-8 unless said")
    parser.add_argument("--rejects", type=Path, metavar="FILE", help="where rows that cannot be used are set aside")
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary")
    _add_calendars(parser)


def _add_judging_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = commands.add_parser("evaluate", help="judge cases by a pledge: one row for each case and standard")
    evaluate.add_argument("pledge", metavar="PLEDGE")
    _add_cases(evaluate)
    evaluate.add_argument("--engine", choices=["scalar", "batch", "polars"], default="scalar")
    evaluate.add_argument("--no-fallback", action="store_true", help="refuse what the batch engine cannot compile")
    evaluate.add_argument("--output", type=Path, metavar="FILE", help=".csv, .jsonl or .parquet; else CSV is printed")
    backtest = commands.add_parser("backtest", help="what planned pledges would have cost over past cases")
    backtest.add_argument("pledges", nargs="+", metavar="PLEDGE")
    _add_cases(backtest)
    backtest.add_argument(
        "--vary", action="append", default=[], metavar="WHAT",
        help="the cost curve: 'STANDARD limit 1..10 working days', 'STANDARD amount £5..£50 by £5', "
        "'STANDARD cap £100..£500 by £100'; of the first pledge; may be given more than once",
    )  # fmt: skip
    backtest.add_argument(
        "--category", metavar="DETAIL", help="the detail to count by; unless said, the pledge's first “one of” detail"
    )
    backtest.add_argument("--by", metavar="DETAIL", help="the detail that says who causes it")
    backtest.add_argument(
        "--engine", choices=["scalar", "batch"], help="scalar up to 200,000 cases and batch beyond, unless said"
    )
    backtest.add_argument("--report", type=Path, metavar="FILE.html", help="one page with charts and tables")
    backtest.add_argument("--output", type=Path, metavar="FILE", help=".csv or .json")
