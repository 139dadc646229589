"""The front page, and the pages that help."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from makegood.rooms.journal.queries import now
from makegood.rooms.pledges.queries import published
from makegood.rooms.services.queries import services
from makegood.web.access import open_to
from makegood.web.security import for_everybody

from ..forms import FindForm

_ROBOTS = """User-agent: *
Disallow: /case/
Disallow: /track/
Disallow: /report/sent/
Disallow: /shop/
Disallow: /desk/
Disallow: /account/
"""


@require_safe
@open_to("visitor")
@for_everybody
def home(request: HttpRequest) -> HttpResponse:
    """Report, track, our promises."""
    at = now()
    shown = {"search": FindForm(), "services": services(), "pledges": published(at), "now": at}
    return render(request, "counter/home.html", shown)


@require_safe
@open_to("visitor")
@for_everybody
def help_page(request: HttpRequest) -> HttpResponse:
    """How all of it works, and whom to call."""
    return render(request, "counter/help.html", {"services": services()})


@require_safe
@open_to("visitor")
@for_everybody
def accessibility(request: HttpRequest) -> HttpResponse:
    """How these pages can be used, and what does not work yet."""
    return render(request, "counter/accessibility.html")


@require_safe
@open_to("visitor")
@for_everybody
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep of people, and for how long."""
    return render(request, "counter/privacy.html")


@require_safe
@open_to("visitor")
@for_everybody
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone."""
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")
