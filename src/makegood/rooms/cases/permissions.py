"""Who may do what with cases."""

from __future__ import annotations

from makegood.rooms.journal.events import Actor, Who
from makegood.rooms.people.events import Role
from makegood.web.refusals import NotAllowed

from .rules.references import read_reference

_WORKING = (Role.ADVISER, Role.OFFICER, Role.MANAGER)


def _works(actor: Actor) -> bool:
    return actor.who is Who.SYSTEM or actor.has(*_WORKING)


def _is_hers(actor: Actor, case: str) -> bool:
    return actor.who is Who.RESIDENT and bool(actor.case) and actor.case == read_reference(case)


def may_open(actor: Actor, **_: object) -> None:
    """Everybody may report something: visitors, staff for a caller."""
    if actor.who in (Who.VISITOR, Who.RESIDENT) or _works(actor) or actor.has(Role.CREW):
        return
    raise NotAllowed("You cannot report something with this account.")


def may_work(actor: Actor, **_: object) -> None:
    """Staff who work on cases, and Makegood itself."""
    if not _works(actor):
        raise NotAllowed("Only people who work on cases can do this.")


def may_record(actor: Actor, **_: object) -> None:
    """Staff who work on cases, and crews; which facts a crew may record is the service's to say."""
    if not _works(actor) and not actor.has(Role.CREW):
        raise NotAllowed("Only people who work on cases can record this.")


def may_decide(actor: Actor, **_: object) -> None:
    """Officers: corrected times and exemptions change what is owed."""
    if actor.who is not Who.SYSTEM and not actor.has(Role.OFFICER):
        raise NotAllowed("Only an officer can do this.")


def may_answer(actor: Actor, *, case: str, **_: object) -> None:
    """The resident whose case it is; staff may do it for a caller."""
    if not _is_hers(actor, case) and not _works(actor):
        raise NotAllowed("Only the person whose case this is can do this.")


def may_attach(actor: Actor, *, case: str, **_: object) -> None:
    """Whoever has just reported it, the resident, and staff."""
    if actor.who is Who.VISITOR or actor.has(Role.CREW):
        return
    may_answer(actor, case=case)


def may_ask_code(actor: Actor, **_: object) -> None:
    """Everybody may ask for a code: it goes only to the address that we have."""


def may_let_in(actor: Actor, **_: object) -> None:
    """Links are made by Makegood when a case is opened or a message is written, and by staff for a caller."""
    may_work(actor)


def may_notice(actor: Actor, **_: object) -> None:
    """Makegood by itself."""
    if actor.who is not Who.SYSTEM:
        raise NotAllowed("Makegood does this by itself.")


def may_import(actor: Actor, **_: object) -> None:
    """Makegood's own commands."""
    if actor.who is not Who.SYSTEM:
        raise NotAllowed("Cases are imported by a command on the server.")
