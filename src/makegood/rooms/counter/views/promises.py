"""The promises: each in the engine's own words, how we are doing, what was promised before, and a poster."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from makegood.rooms.cases.queries import counted_from
from makegood.rooms.journal.queries import now
from makegood.rooms.pledges import queries as pledges
from makegood.rooms.pledges.queries import Version
from makegood.rooms.remedies.queries import totals
from makegood.rooms.services.queries import services
from makegood.rules.five_ys import scores_data
from makegood.web.access import open_to
from makegood.web.refusals import NotFound
from makegood.web.security import for_everybody

from ..queries import big_words, figures_of, local_day, page_of


@require_safe
@open_to("visitor")
@for_everybody
def all_promises(request: HttpRequest) -> HttpResponse:
    """Every promise in force."""
    return render(request, "counter/promises.html", {"pledges": pledges.published(now())})


@require_safe
@open_to("visitor")
@for_everybody
def one_promise(request: HttpRequest, name: str) -> HttpResponse:
    """A promise in force, in the engine's own words, and how we are doing."""
    at = now()
    version = pledges.in_force(name, at)
    shown = _words(version, at) | {
        "figures": figures_of(version, at),
        "since": counted_from(at),
        "paid": totals(name),
        "ratings": scores_data(pledges.five_ys(version.id))["ratings"],
        "others": [each for each in pledges.versions(name) if each.id != version.id],
        "services": [each for each in services() if each.pledge == name],
    }
    return render(request, "counter/promise.html", shown)


@require_safe
@open_to("visitor")
@for_everybody
def one_version(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """A version of a promise: as it is, was, or will be."""
    version = next((each for each in pledges.versions(name) if each.number == number), None)
    if version is None:
        raise NotFound("There is no such version of this promise.")
    return render(request, "counter/promise_version.html", _words(version, now()))


@require_safe
@open_to("visitor")
@for_everybody
def poster(request: HttpRequest, name: str) -> HttpResponse:
    """A page to print for a wall or a van."""
    at = now()
    version = pledges.in_force(name, at)
    link = page_of(name)
    shown = {
        "headline": version.title,
        "promises": big_words(version, at),
        "link": link,
        "address": link.partition("://")[2],
        "name": name,
        "paper": "a4",
    }
    return render(request, "counter/poster.html", shown)


def _words(version: Version, at: datetime) -> dict[str, Any]:
    """A version in the engine's own words, which the engine has escaped."""
    words = mark_safe(pledges.say(version.id, local_day(at), "fragment"))  # noqa: S308 - escaped by the engine
    pledge, _ = pledges.judging(version.id)
    return {"version": version, "pledge": pledge, "words": words, "now": at, "today": local_day(at)}
