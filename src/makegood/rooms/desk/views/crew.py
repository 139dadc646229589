"""The crew's page, for a phone in the street: find a case, record what was done, hand over a voucher."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.queries import case_of, fact_list
from makegood.rooms.journal.queries import now, who
from makegood.rooms.pledges.queries import judging
from makegood.rooms.remedies.queries import remedies_of
from makegood.rooms.services.queries import service as service_of
from makegood.web.access import open_to
from makegood.web.forms import refusal_to_form
from makegood.web.refusals import NotFound

from ..forms import CrewForm, ReferenceForm
from ..queries.case import GIVE, fact_labels, place_in_words, remedy_shown
from .doing import CREW_TOO, by, done, new_once


@open_to(*CREW_TOO)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Find a case by its reference."""
    form = ReferenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("desk:crew-case", reference=case_of(form.cleaned_data["reference"]).reference)
        except NotFound as refusal:
            refusal_to_form(form, refusal)
    return render(request, "desk/crew.html", {"form": form}, status=422 if form.errors else 200)


@open_to(*CREW_TOO)
@require_http_methods(["GET", "HEAD", "POST"])
def crew_case(request: HttpRequest, reference: str) -> HttpResponse:
    """What it is and where; a button for each thing that a crew records; vouchers to hand over."""
    case, at = case_of(reference), now()
    service = service_of(case.service)
    labels = fact_labels(service, judging(case.pledge_version)[0])
    mine = [(each.name, labels.get(each.name, each.label)) for each in service.facts if each.who == "crew"]
    standing = {each.name: each.at for each in fact_list(case.reference) if each.stands}
    form = CrewForm(request.POST if request.method == "POST" else None)
    form.fields["fact"].choices = mine  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["fact"] in standing:
            messages.info(request, f"This was recorded before: {labels.get(data['fact'], data['fact'])}.")
            return redirect("desk:crew-case", reference=case.reference)
        if done(
            form, lambda: cases.record_fact(by(request), case=case.reference, fact=data["fact"], note=data["note"])
        ):
            messages.success(request, f"Recorded: {labels.get(data['fact'], data['fact'])}.")
            return redirect("desk:crew-case", reference=case.reference)
    works = who(request).has("adviser", "officer", "manager")
    shown: dict[str, Any] = {
        "form": form,
        "case": case,
        "service": service,
        "where": place_in_words(case),
        "facts": [] if service.done_fact in standing else [each for each in mine if each[0] not in standing],
        "recorded": [(labels.get(name, name), at) for name, at in standing.items() if name != service.start_fact],
        "vouchers": [
            each.seen
            for each in map(remedy_shown, remedies_of(case.reference, at))
            if ("give", GIVE) in each.acts and (works or case.team in who(request).teams)
        ],
        "works": works,
        "now": at,
        "once": new_once(),
    }
    return render(request, "desk/crew_case.html", shown, status=422 if form.errors else 200)
