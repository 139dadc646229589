"""A case for somebody on the telephone: choose the service, then one page with everything."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from makegood.rooms.journal.queries import now
from makegood.rooms.services.queries import find_services, services
from makegood.rooms.services.queries import service as service_of
from makegood.web.access import open_to
from makegood.web.forms import refusal_to_form
from makegood.web.refusals import NotPossible

from ..actions import open_for_caller
from ..forms import CallerForm, FindForm, happened
from .doing import WORKING, by, new_once


@open_to(*WORKING)
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Which service is it about?"""
    form = FindForm(request.GET, prefix=None)
    form.fields["words"].label = "What is it about?"
    words = form.cleaned_data["words"] if form.is_valid() else ""
    found = find_services(words) if words else services()
    return render(request, "desk/new.html", {"find": form, "words": words, "found": found})


@open_to(*WORKING)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Every question of the service, who they are, and when it reached us."""
    service, at = service_of(code), now()
    form = CallerForm(request.POST if request.method == "POST" else None, service=service, at=at)
    if request.method == "POST" and "look" in request.POST:
        form = form.again()
    elif request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            opened = open_for_caller(
                by(request),
                service=service.code,
                answers=form.answers(),
                words=data["words"],
                place=form.place_chosen(),
                resident=form.resident(),
                received_at=happened(data, "received_at"),
                channel=data["channel"],
                mine=data["mine"],
            )
        except NotPossible as refusal:
            if f"q_{refusal.field}" in form.fields:
                form.add_error(f"q_{refusal.field}", str(refusal))
            else:
                refusal_to_form(form, refusal)
        else:
            messages.success(request, f"The case is open. Its reference is {opened['reference']}: read it to them.")
            return redirect("desk:case", reference=str(opened["reference"]))
    shown = {"form": form, "service": service, "now": at, "once": new_once()}
    return render(request, "desk/new_case.html", shown, status=422 if form.errors else 200)
