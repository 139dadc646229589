"""What the desk's pages show, put together from the rooms below."""

from .case import CaseFile, Change, Entry, PromiseShown, RemedyShown, case_file, changes_since, last_entry
from .home import Home, Line, Section, Todo, home, lines_of, list_of, risk_and_today, team_names
from .numbers import ServiceNumbers, numbers

__all__ = [
    "CaseFile",
    "Change",
    "Entry",
    "Home",
    "Line",
    "PromiseShown",
    "RemedyShown",
    "Section",
    "ServiceNumbers",
    "Todo",
    "case_file",
    "changes_since",
    "home",
    "last_entry",
    "lines_of",
    "list_of",
    "numbers",
    "risk_and_today",
    "team_names",
]
