"""Who may publish."""

from __future__ import annotations

from makegood.rooms.journal.events import Actor, Who
from makegood.rooms.people.events import Role
from makegood.web.refusals import NotAllowed


def may_publish(actor: Actor, **_: object) -> None:
    """Managers; Makegood itself while a place is made."""
    if actor.who is not Who.SYSTEM and not actor.has(Role.MANAGER):
        raise NotAllowed("Only a manager can publish a service.")
