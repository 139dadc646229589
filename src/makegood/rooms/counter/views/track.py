"""The ways to a case: the private link, or the reference with a code that goes to the address that we have."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.rooms.cases.actions import redeem_code, send_code
from makegood.web.access import open_to
from makegood.web.forms import refusal_to_form
from makegood.web.limits import network_of
from makegood.web.refusals import Refusal
from makegood.web.security import by_private_link

from ..forms import CodeForm, FindCaseForm, ToldCodeForm
from .doorway import by, close_case_in, open_case_in, private, resident_in

_ASKED = "asked-for"


@require_http_methods(["GET", "HEAD", "POST"])
@private
@open_to("visitor")
def track(request: HttpRequest) -> HttpResponse:
    """Ask for a code. What follows is the same whether or not there is such a case, or such an address."""
    form = FindCaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reference, email = form.cleaned_data["reference"], form.cleaned_data["email"]
        try:
            send_code(by(request), reference=reference, email=email, network=network_of(request))
        except Refusal as refusal:
            refusal_to_form(form, refusal)
        else:
            request.session[_ASKED] = reference
            return redirect("counter:code")
    return render(request, "counter/track.html", {"form": form, "opened": resident_in(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@private
@open_to("visitor")
def code(request: HttpRequest) -> HttpResponse:
    """Type the code that was sent."""
    reference = request.session.get(_ASKED)
    if not reference:
        return redirect("counter:track")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _opened(request, form, reference):
        return redirect("counter:case")
    return render(request, "counter/code.html", {"form": form, "field": form["code"], "reference": reference})


@require_http_methods(["GET", "HEAD", "POST"])
@private
@open_to("visitor")
def told_code(request: HttpRequest) -> HttpResponse:
    """Type the reference and a code that somebody read out on the telephone."""
    form = ToldCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _opened(request, form, form.cleaned_data["reference"]):
        return redirect("counter:case")
    return render(request, "counter/told_code.html", {"form": form})


def _opened(request: HttpRequest, form: CodeForm, reference: str) -> bool:
    """Whether the code in the form opens the case; where not, the form says so."""
    given = form.cleaned_data["code"]
    try:
        token = redeem_code(by(request), reference=reference, code=given, network=network_of(request))
    except Refusal as refusal:
        refusal_to_form(form, refusal)
        return False
    if token and open_case_in(request, token):
        request.session.pop(_ASKED, None)
        return True
    form.add_error("code", "This code is not right, or it is too old. Check it, or ask for a new one.")
    return False


@require_safe
@by_private_link
@open_to("visitor")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open a private link, and go on to an address that is no secret."""
    if open_case_in(request, token):
        return redirect("counter:case")
    return render(request, "counter/link_gone.html", status=404)


@require_POST
@open_to("visitor")
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the case in this browser; the link stays good."""
    close_case_in(request)
    return redirect("counter:home")
