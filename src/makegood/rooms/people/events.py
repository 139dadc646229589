"""What the room announces, and the roles that there are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from makegood.rooms.journal.events import Event


class Role(StrEnum):
    """What a member of staff may do, in general; each action asks for what it needs."""

    ADVISER = "adviser"  # works on cases, speaks with residents
    OFFICER = "officer"  # corrects times, decides exemptions, settles what is uncertain
    MANAGER = "manager"  # publishes promises, services and wordings
    CREW = "crew"  # works outside: records what was done, hands over vouchers
    ADMINISTRATOR = "administrator"  # people and teams
    AUDITOR = "auditor"  # reads the journal, sees no personal data


ROLE_WORDS = {
    Role.ADVISER: "Adviser",
    Role.OFFICER: "Officer",
    Role.MANAGER: "Service manager",
    Role.CREW: "Crew",
    Role.ADMINISTRATOR: "Administrator",
    Role.AUDITOR: "Auditor",
}


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """Somebody was given an account; `subject` is person:NUMBER."""

    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """Somebody's roles, teams or limits changed, or the account was closed."""

    roles: list[str]
    active: bool
