"""Who may do what at the counter."""

from __future__ import annotations

from makegood.rooms.journal.events import Actor, Who
from makegood.web.refusals import NotAllowed


def may_report(actor: Actor, **_: object) -> None:
    """Whoever comes to the counter. Staff report for a caller at their own desk."""
    if actor.who not in (Who.VISITOR, Who.RESIDENT):
        raise NotAllowed("Use the desk to report for a caller.")
