"""What the pages that do something have in common: in whose name, refusals in the form, and two people in two tabs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from makegood.rooms.journal.events import By
from makegood.rooms.journal.queries import who
from makegood.web.forms import mark_of, refusal_to_form
from makegood.web.refusals import Conflict, NotAllowed, NotFound, NotPossible

CREW_TOO = ("adviser", "officer", "manager", "crew")
WORKING = ("adviser", "officer", "manager")
DESK = ("adviser", "officer", "manager", "crew", "administrator", "auditor")


def by(request: HttpRequest, reason: str = "") -> By:
    """In whose name an action is called: a form that is sent twice is done once."""
    return By(actor=who(request), reason=reason, once=mark_of(request.POST))


def new_once() -> str:
    """A mark for a form."""
    return secrets.token_urlsafe(18)


def done(form: forms.BaseForm, act: Callable[[], Any]) -> bool:
    """Do it; whether it was done. What the person can mend is shown in the form; other refusals are let through."""
    try:
        act()
    except Conflict:
        raise
    except (NotPossible, NotFound) as refusal:
        refusal_to_form(form, refusal)
        return False
    except NotAllowed as refusal:
        if not refusal.field:
            raise
        refusal_to_form(form, refusal)
        return False
    return True
