"""The library: write a promise down, check it, explain it, and judge cases by it. Pure, and importable alone.

Owns what a promise means. Reads no clock, no file, no network; needs neither Django nor a batch engine.
"""

from .errors import Finding, PledgeError
from .evaluate import evaluate, evaluate_all
from .facts import Case, Fact
from .language.calendars import read_calendar
from .language.model import Pledge
from .language.read import read_pledge
from .language.write import write_json, write_pledge
from .outcomes import Outcome, Status
from .working_time import Calendar

__all__ = [
    "Calendar",
    "Case",
    "Fact",
    "Finding",
    "Outcome",
    "Pledge",
    "PledgeError",
    "Status",
    "evaluate",
    "evaluate_all",
    "read_calendar",
    "read_pledge",
    "write_json",
    "write_pledge",
]
