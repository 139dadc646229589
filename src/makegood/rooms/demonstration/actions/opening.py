"""Opening the place: an empty database becomes Anyborough, at the instant at which its year ends."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import SYSTEM, Act, By

from ..permissions import may_play
from ..queries import YEAR
from .dump import is_empty, load_dump


def open_place(file: Path = YEAR) -> bool:
    """Fill an empty database with the demonstration's year; whether it did. A place in use is left as it is.

    Raises `CannotLoad` when the dump does not fit, and `RuntimeError` where the settings are not a demonstration's.
    """
    if not settings.PLACE_DEMO:
        raise RuntimeError("The demonstration's year is only loaded with PLACE_KIND=demo")
    if not is_empty():
        return False
    manifest = load_dump(file)
    note_opening(By(actor=SYSTEM), cases=manifest.rows["cases_case"])
    return True


@action("demonstration.note_opening", may=may_play)
def note_opening(act: Act, *, cases: int) -> None:
    """Write down that the place was opened: the first entry of its new life."""
    act.about("demonstration", cases=cases)
