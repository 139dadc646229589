"""Who may change people and teams."""

from __future__ import annotations

from makegood.rooms.journal.events import SYSTEM, Actor
from makegood.web.refusals import NotAllowed

from .events import Role


def may_change_people(actor: Actor, **_: object) -> None:
    """Administrators, and the service's own commands."""
    if actor != SYSTEM and not actor.has(Role.ADMINISTRATOR):
        raise NotAllowed("Only an administrator may change who works here.")
