"""The two promises of the benchmark and the instant from which their cases are looked at."""

from datetime import UTC, datetime
from pathlib import Path

from makegood.rules import Pledge, read_pledge
from makegood.schemes import CALENDARS

HERE = Path(__file__).parent
AS_OF = datetime(2026, 12, 1, 12, tzinfo=UTC)
CALENDAR = CALENDARS["england-and-wales"]


def promise(name: str) -> Pledge:
    """A promise of this folder by name."""
    file = HERE / f"{name}.yaml"
    return read_pledge(file.read_text(encoding="utf-8"), str(file), calendars=CALENDARS)
