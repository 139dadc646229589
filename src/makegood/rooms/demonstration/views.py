"""The pages to play with a demonstration place. None of them is there in any other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from makegood.rooms.cases.queries import next_breach
from makegood.rooms.journal.events import SYSTEM, By
from makegood.rooms.journal.queries import now, see_as, who
from makegood.rooms.messages.queries import message, out_box
from makegood.rooms.remedies.queries import shops
from makegood.web.access import open_to
from makegood.web.refusals import NotFound
from makegood.web.saying import say_when

from .actions import FURTHEST, enter_case, let_pass, new_shop_key
from .queries import cast, happened, last_message, to_see

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_SIGNED_IN_BY = "allauth.account.auth_backends.AuthenticationBackend"
_MOVED = "demonstration-moved"
_ON_A_PAGE = 40


def _only_here(view: View[P]) -> View[P]:
    """Everybody, but only in a demonstration place; with the eyes of the system, since one may be anybody here."""

    @open_to("visitor")
    @never_cache
    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not settings.PLACE_DEMO:
            raise Http404
        with _seeing_all(request):
            return view(request, *args, **kwargs)

    return shown


@contextmanager
def _seeing_all(request: HttpRequest) -> Iterator[None]:
    see_as(SYSTEM)
    try:
        yield
    finally:
        see_as(who(request))


# --- who to be -------------------------------------------------------------------------------------------------------


@require_safe
@_only_here
def front(request: HttpRequest) -> HttpResponse:
    """Who to be, what time it is, and what went out."""
    at = now()
    shown = {
        "now": at,
        "steps": [each for each in steps(at) if each.to is not None],
        "cast": cast(),
        "shops": [each for each in shops() if each.active],
        "to_see": to_see(),
        "actor": who(request),
    }
    return render(request, "demonstration/front.html", shown)


@require_POST
@_only_here
def sign_in(request: HttpRequest) -> HttpResponse:
    """Be a member of staff, by one press."""
    number = request.POST.get("person", "")
    users = get_user_model().objects.filter(is_active=True)
    user = users.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if user is None:
        raise NotFound("There is nobody of that number here.")
    login(request, user, backend=_SIGNED_IN_BY)
    return redirect("/desk/")


@require_POST
@_only_here
def sign_out(request: HttpRequest) -> HttpResponse:
    """Be nobody in particular again."""
    logout(request)
    return redirect("demonstration:front")


@require_POST
@_only_here
def be_resident(request: HttpRequest) -> HttpResponse:
    """Open a case as the person whose case it is."""
    token = enter_case(By(actor=who(request)), case=request.POST.get("case", "")[:40])
    return redirect(f"/track/{token}/")


@require_POST
@_only_here
def be_shop(request: HttpRequest) -> HttpResponse:
    """A new key for a shop, and the way to its page."""
    code = request.POST.get("shop", "")[:40]
    key = new_shop_key(By(actor=who(request)), code=code)
    name = next(each.name for each in shops() if each.code == code)
    return render(request, "demonstration/shop.html", {"key": key, "name": name})


# --- the clock -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A way to move the clock on. `to` is `None` where there is nothing to go to; `case` breaks its promise then."""

    code: str
    words: str
    to: datetime | None
    case: str = ""


def steps(at: datetime) -> list[Step]:
    """The ways to move the clock on from an instant."""
    local = at.astimezone(settings.ZONE)
    six = local.replace(hour=18, minute=0, second=1)
    if six <= local:
        six += timedelta(days=1)
    breaks = next_breach(at, at + FURTHEST)
    return [
        Step(
            code="break",
            words="Watch the next promise break",
            to=breaks[1] if breaks else None,
            case=breaks[0] if breaks else "",
        ),
        Step(code="hour", words="1 hour on", to=at + timedelta(hours=1)),
        Step(code="six", words="To 6pm", to=six),
        Step(code="day", words="1 day on", to=at + timedelta(days=1)),
        Step(code="week", words="1 week on", to=at + timedelta(days=7)),
    ]


@require_POST
@_only_here
def move(request: HttpRequest) -> HttpResponse:
    """Move the clock on, and show what happened then."""
    at = now()
    chosen = next((each for each in steps(at) if each.code == request.POST.get("step", "") and each.to), None)
    if chosen is None or chosen.to is None:
        raise NotFound("The clock cannot be moved like that.")
    after = last_message()
    let_pass(By(actor=who(request)), to=chosen.to)
    request.session[_MOVED] = {"from": at.isoformat(), "after": after, "case": chosen.case}
    return redirect("demonstration:then")


@require_safe
@_only_here
def then(request: HttpRequest) -> HttpResponse:
    """What happened while the clock was last moved in this browser."""
    moved = request.session.get(_MOVED)
    if not moved:
        return redirect("demonstration:front")
    at, began = now(), datetime.fromisoformat(moved["from"])
    foreseen = moved.get("case", "")
    found = happened(since=began, after=int(moved["after"]), at=at, also=[foreseen] if foreseen else [])
    shown = {
        "now": at,
        "began": say_when(began, settings.ZONE),
        "happened": found,
        "steps": [each for each in steps(at) if each.to is not None],
    }
    return render(request, "demonstration/then.html", shown)


# --- the post --------------------------------------------------------------------------------------------------------


@require_safe
@_only_here
def post(request: HttpRequest) -> HttpResponse:
    """Every mail and letter that was written, newest first."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    found = out_box(before=before, limit=_ON_A_PAGE + 1)
    older = found[_ON_A_PAGE - 1].id if len(found) > _ON_A_PAGE else None
    older_page = f"{reverse('demonstration:post')}?before={older}" if older else ""
    shown = {"messages_shown": found[:_ON_A_PAGE], "older": older_page, "newest": before is None, "now": now()}
    return render(request, "demonstration/post.html", shown)


@require_safe
@_only_here
def one_message(request: HttpRequest, number: int) -> HttpResponse:
    """One message as its reader sees it: plain text, whose links to this place can be followed."""
    found = message(number)
    return render(
        request, "demonstration/message.html", {"message": found, "parts": parts_of(found.body), "now": now()}
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A piece of a message: words, or with `path` a link into this place."""

    words: str
    path: str = ""


_LINK = re.compile(r"https?://[^\s/]+(/(?:track|voucher|promises|case|report)/[\w\-/]*)")


def parts_of(body: str) -> list[Part]:
    """The text of a message in pieces; links to this place lead to the address at which it is now.

    >>> [part.path for part in parts_of("Look: http://127.0.0.1:8000/track/abc/ or http://elsewhere.example/x")]
    ['', '/track/abc/', '']
    """
    pieces, end = [], 0
    for found in _LINK.finditer(body):
        pieces += [Part(words=body[end : found.start()]), Part(words=found[0], path=found[1])]
        end = found.end()
    return [each for each in (*pieces, Part(words=body[end:])) if each.words]
