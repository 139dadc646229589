"""Who may do what in a demonstration: everybody, and in a real place nobody."""

from __future__ import annotations

from django.conf import settings

from makegood.rooms.journal.events import Actor
from makegood.web.refusals import NotFound


def may_play(actor: Actor, **_: object) -> None:
    """Everybody who looks at a demonstration place; raises `NotFound` in any other."""
    if not settings.PLACE_DEMO:
        raise NotFound("This is no demonstration place.")
