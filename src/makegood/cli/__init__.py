"""The command line: check, explain, score, deadline, evaluate, backtest, schemes, calendar, demo.

Commands print what people read on standard output and what went wrong on standard error.
Exit codes: 0 fine, 1 findings, 2 wrong use. Further commands come from the entry-point group `makegood.commands`.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence

from .arguments import parser
from .commands import COMMANDS, FINE, WRONG_USE
from .sources import WrongUse

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] not in COMMANDS and not arguments[0].startswith("-"):
        further = _further_command(arguments[0])
        if further:
            return further(arguments[1:])
    given = parser().parse_args(arguments)
    if not given.command:
        parser().print_help()
        return WRONG_USE
    _settle_encoding()
    try:
        code = COMMANDS[given.command](given)
        sys.stdout.flush()
    except WrongUse as error:
        return _refused(given.command, str(error))
    except BrokenPipeError:
        # The reader has gone (as `head` does): nothing is wrong, and nothing more can be said to it.
        _let_go_of_output()
        return FINE
    except OSError as error:
        _let_go_of_output()
        return _refused(given.command, f"{error.filename or 'the output'}: {error.strerror or error}")
    return code


def _settle_encoding() -> None:
    """Files and pipes get UTF-8, as every file that Makegood reads; a terminal gets what it has signs for."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def _refused(command: str, why: str) -> int:
    from ..rules.errors import visible

    print(f"makegood {command}: {visible(why)}", file=sys.stderr)
    return WRONG_USE


def _let_go_of_output() -> None:
    """Drop what waits for an output that takes nothing more, so that the end of the program does not fail by it."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _further_command(name: str) -> Callable[[list[str]], int] | None:
    """A command that another part of Makegood has registered."""
    from importlib.metadata import entry_points

    found = entry_points(group="makegood.commands", name=name)
    return next(iter(found)).load() if found else None
