"""Who may see a page: every view says it beside its name, and whoever may not is shown the way in.

`@open_to("visitor")` is for everybody; `"resident"` for whoever has opened a case; `"shop"` for a shop that gave its
key; `"staff"` for everybody who signs in; the name of a role (`"adviser"`, `"manager"`, …) for staff with that role.
Several may be named: one of them is enough. `view.open_to` keeps the names, so that a test can try every role against
every address. Write it as the outermost decorator but for those that say who looks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from .refusals import NotAllowed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

WHO = frozenset({"visitor", "resident", "shop", "staff"})
_WAYS_IN = {"resident": "/track/", "shop": "/shop/"}


def open_to(*names: str) -> Callable[[View[P]], View[P]]:
    """Open a page to these, and to nobody else.

    Others are sent to where they can show who they are; staff who are signed in but lack the role are refused with
    NotAllowed. Reads `request.actor`, a journal.events.Actor.
    """
    if not names:
        raise ValueError("open_to wants at least one name: who may see this page?")
    allowed = frozenset(names)

    def opened(view: View[P]) -> View[P]:
        @wraps(view)
        def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if is_open_to(getattr(request, "actor", None), allowed):
                return view(request, *args, **kwargs)
            return _way_in(request, allowed)

        shown.open_to = allowed  # type: ignore[attr-defined]  # read by the test of all roles against all addresses
        return shown

    return opened


def is_open_to(actor: Any, allowed: frozenset[str]) -> bool:
    """Whether this actor is one of those who are allowed; None is a visitor."""
    if "visitor" in allowed:
        return True
    if actor is None:
        return False
    if str(actor.who) != "staff":
        return str(actor.who) in allowed
    return "staff" in allowed or not actor.roles.isdisjoint(allowed)


def _way_in(request: HttpRequest, allowed: frozenset[str]) -> HttpResponseBase:
    for who, address in _WAYS_IN.items():
        if who in allowed:
            return redirect(address)
    if str(getattr(getattr(request, "actor", None), "who", "")) == "staff":
        raise NotAllowed("This page is for people with another task than yours.")
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
