"""Who may load places."""

from __future__ import annotations

from makegood.rooms.journal.events import Actor, Who
from makegood.rooms.people.events import Role
from makegood.web.refusals import NotAllowed


def may_load_places(actor: Actor, **_: object) -> None:
    """Administrators; Makegood itself while a place is made."""
    if actor.who is not Who.SYSTEM and not actor.has(Role.ADMINISTRATOR):
        raise NotAllowed("Only an administrator can load wards and addresses.")
