"""Who may do what with messages."""

from __future__ import annotations

from makegood.rooms.journal.events import Actor, Who
from makegood.rooms.people.events import Role
from makegood.web.refusals import NotAllowed


def may_write(actor: Actor, **_: object) -> None:
    """Makegood itself, staff who work on cases, and whoever's own act tells somebody something."""
    if actor.who is Who.STAFF and not actor.has(Role.ADVISER, Role.OFFICER, Role.MANAGER, Role.CREW):
        raise NotAllowed("Only people who work on cases can write to residents.")
    if actor.who not in (Who.STAFF, Who.SYSTEM):
        raise NotAllowed("Only staff can send messages.")


def may_send(actor: Actor, **_: object) -> None:
    """Makegood alone hands messages to the mail server."""
    if actor.who is not Who.SYSTEM:
        raise NotAllowed("Messages are sent by Makegood itself.")


def may_erase(actor: Actor, **_: object) -> None:
    """Makegood, as a part of erasing a resident."""
    if actor.who is not Who.SYSTEM:
        raise NotAllowed("Messages are erased together with whom they were for.")


def may_print(actor: Actor, **_: object) -> None:
    """Staff who work on cases."""
    if not actor.has(Role.ADVISER, Role.OFFICER, Role.MANAGER):
        raise NotAllowed("Only advisers, officers and managers can print letters.")


def may_settle(actor: Actor, **_: object) -> None:
    """Officers and managers decide what became of a message."""
    if not actor.has(Role.OFFICER, Role.MANAGER):
        raise NotAllowed("Only an officer or a manager can decide what happens to this message.")


def may_publish(actor: Actor, **_: object) -> None:
    """Managers publish wordings and sending hours; Makegood does while a place is made."""
    if actor.who is not Who.SYSTEM and not actor.has(Role.MANAGER):
        raise NotAllowed("Only a manager can change wordings and sending hours.")
