"""Publishing from files: what a text is, and the action that publishes it."""

from __future__ import annotations

import re
from datetime import date

from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as
from makegood.rooms.pledges.actions import publish_calendar, publish_pledge
from makegood.rooms.pledges.queries import in_force, names_in
from makegood.rooms.services.actions import publish_service
from makegood.web.refusals import NotFound, NotPossible


def publish_text(text: str, *, first: date | None = None) -> str:
    """Publish a promise, a service or a calendar, whichever a text is; what was published, in words.

    `first` is the first day of a promise. Raises `NotPossible` with every finding, and for a service without a promise.
    """
    see_as(SYSTEM)
    by = By(actor=SYSTEM, reason="Published from a file")
    pledge, service = _value(text, "pledge"), _value(text, "service")
    if service:
        try:
            names = names_in(in_force(pledge, now()).id)
        except NotFound:
            raise NotPossible(f"No promise “{pledge}” is in force. Publish it first, then this service.") from None
        known = {"facts": names.facts, "details": names.details}
        return f"service {service}, version {publish_service(by, text=text, allowed=names.allowed, **known)}"
    if pledge:
        publish_pledge(by, text=text, valid_from=first)
        return f"promise {pledge}"
    publish_calendar(by, text=text)
    return f"calendar {_value(text, 'calendar')}"


def _value(text: str, key: str) -> str:
    """What a text gives for a key at the beginning of a line; empty without it."""
    found = re.search(rf"^{key}:[ \t]*([\w-]+)", text, re.MULTILINE)
    return found[1] if found else ""
