"""Who may do what the desk adds to the rooms below."""

from __future__ import annotations

from makegood.rooms.journal.events import Actor
from makegood.rooms.people.events import Role
from makegood.web.refusals import NotAllowed

WORKING = (Role.ADVISER, Role.OFFICER, Role.MANAGER)
"""Those who work on cases."""


def may_open_for_caller(actor: Actor, **_: object) -> None:
    """Staff who work on cases."""
    if not actor.has(*WORKING):
        raise NotAllowed("Only people who work on cases can open one for a caller.")
