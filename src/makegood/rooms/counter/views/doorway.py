"""Who looks at a page of the counter: the resident of the case that this session opened, or a shop with its key."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase

from makegood.rooms.cases.queries import case_by_link
from makegood.rooms.journal.events import Actor, By, Who
from makegood.rooms.journal.queries import see_as
from makegood.rooms.remedies.queries import shops
from makegood.web.access import open_to

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_LINK, _SHOP = "link", "shop"


def actor_of(request: HttpRequest) -> Actor:
    """Who looks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the site's middleware for every page
    return actor


def by(request: HttpRequest, *, once: str = "") -> By:
    """In whose name an action is called from a page. `once` is the mark of the form that was sent."""
    return By(actor=actor_of(request), once=once[:40])


def new_once() -> str:
    """A mark for a form: sent twice, it is done once."""
    return secrets.token_urlsafe(18)


def open_case_in(request: HttpRequest, token: str) -> bool:
    """Open the case of a private link in this session; whether there is one.

    The session keeps the token, so that a link that was stopped opens nothing any more, here neither.
    """
    if case_by_link(token) is None:
        return False
    request.session.cycle_key()
    request.session[_LINK] = token
    return True


def close_case_in(request: HttpRequest) -> None:
    """Forget the case that this session opened."""
    request.session.pop(_LINK, None)


def token_in(request: HttpRequest) -> str:
    """The token of the link that this session was opened with; empty without one."""
    return str(request.session.get(_LINK, ""))


def resident_in(request: HttpRequest) -> Actor | None:
    """The resident of the case that this session opened; None where it opened none, or its link was stopped."""
    token = token_in(request)
    opened = case_by_link(token) if token else None
    if opened is None:
        return None
    return Actor(who=Who.RESIDENT, id=str(opened.number), name="Resident", case=opened.reference)


def sign_in_shop(request: HttpRequest, code: str) -> None:
    """Let a shop use this session."""
    request.session.cycle_key()
    request.session[_SHOP] = code


def sign_out_shop(request: HttpRequest) -> None:
    """Forget the shop."""
    request.session.pop(_SHOP, None)


def shop_in(request: HttpRequest) -> Actor | None:
    """The shop that uses this session; None without one, and for one that takes no vouchers any more."""
    code = request.session.get(_SHOP, "")
    shop = next((each for each in shops() if each.code == code and each.active), None) if code else None
    return Actor(who=Who.SHOP, id=shop.code, name=shop.name) if shop else None


def _as(find: Callable[[HttpRequest], Actor | None], view: View[P]) -> View[P]:
    """Let a view run as whom `find` finds; the database is told, and told back. Others stay who they are."""

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        before, found = actor_of(request), find(request)
        if found is None:
            return view(request, *args, **kwargs)
        request.actor = found  # type: ignore[attr-defined]
        see_as(found)
        try:
            return view(request, *args, **kwargs)
        finally:
            request.actor = before  # type: ignore[attr-defined]
            see_as(before)

    return shown


def private(view: View[P]) -> View[P]:
    """A page that no cache keeps and no search engine lists.

    Its address is told to no other site; to our own it is, since a form that tells nothing of where it came from is
    refused as forged.
    """

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        return response

    return shown


def for_resident(view: View[P]) -> View[P]:
    """A page of the one case that this session opened: private, and for nobody else."""
    return private(_as(resident_in, open_to("resident")(view)))


def for_shop(view: View[P]) -> View[P]:
    """A page for a shop that gave its key."""
    return _as(shop_in, open_to("shop")(view))


def for_shop_or_visitor(view: View[P]) -> View[P]:
    """A page for everybody that knows the shop where there is one."""
    return _as(shop_in, open_to("visitor")(view))
