"""The page of a resident's own case, and what she can do there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from makegood.rooms.cases.actions import rate_ease, revoke_links, say_not_fixed, write_from_resident
from makegood.rooms.cases.queries import photo_of
from makegood.rooms.journal.queries import now
from makegood.rooms.remedies.actions import accept_remedy, choose_remedy, decline_remedy
from makegood.rooms.remedies.queries import RemedySeen, VoucherSeen, remedies_of
from makegood.web.forms import Hinted, KitForm, mark_of, refusal_to_form
from makegood.web.refusals import NotFound, Refusal

from ..forms import AnswerUsForm, ChooseRemedyForm, EaseForm, MessageForm, NotFixedForm
from ..queries import CaseTold, case_told
from .doorway import actor_of, by, close_case_in, for_resident, new_once, token_in


def _told(request: HttpRequest) -> CaseTold:
    return case_told(actor_of(request).case, now())


def _once(request: HttpRequest) -> str:
    return mark_of(request.POST) or new_once()


@require_safe
@for_resident
def case(request: HttpRequest) -> HttpResponse:
    """The story in plain words: who has it, what next and when, what was promised, and what we owe."""
    told = _told(request)
    form = AnswerUsForm() if told.waits else MessageForm()
    shown = {
        "told": told,
        "case": told.case,
        "now": now(),
        "message_form": form,
        "once": new_once(),
        "ease": EaseForm(),
    }
    return render(request, "counter/case.html", shown)


@require_safe
@for_resident
def photo(request: HttpRequest) -> HttpResponse:
    """The photo that she sent."""
    found = photo_of(actor_of(request).case)
    if found is None:
        raise NotFound("There is no photo.")
    return HttpResponse(found.jpeg, content_type="image/jpeg")


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def write(request: HttpRequest) -> HttpResponse:
    """Write to us. While we wait for her, what she writes is the answer, and the clock runs again."""
    told = _told(request)
    kind = AnswerUsForm if told.waits else MessageForm
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = by(request, once=_once(request))
        if _done(form, lambda: write_from_resident(act, case=told.case.reference, words=form.cleaned_data["words"])):
            said = "Thank you. The clock runs again." if told.waits else "We have your message. Somebody will read it."
            messages.success(request, said)
            return redirect("counter:case")
    shown = {"form": form, "field": form["words"], "told": told, "case": told.case, "once": _once(request)}
    return render(request, "counter/write.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def not_fixed(request: HttpRequest) -> HttpResponse:
    """Say that it is not fixed: the report opens again."""
    told = _told(request)
    if told.not_fixed_until is None:
        return redirect("counter:case")
    form = NotFixedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = by(request, once=_once(request))
        if _done(form, lambda: say_not_fixed(act, case=told.case.reference, words=form.cleaned_data["words"])):
            messages.success(request, "We are sorry that it is not fixed. Your report is open again.")
            return redirect("counter:case")
    shown = {"form": form, "field": form["words"], "told": told, "case": told.case, "once": _once(request)}
    return render(request, "counter/not_fixed.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def ease(request: HttpRequest) -> HttpResponse:
    """One question at the end: how easy was it?"""
    told = _told(request)
    form = EaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = by(request, once=_once(request))
        score, words = int(form.cleaned_data["score"]), form.cleaned_data["words"]
        if _done(form, lambda: rate_ease(act, case=told.case.reference, score=score, words=words)):
            messages.success(request, "Thank you. It helps us to do better.")
            return redirect("counter:case")
    return render(request, "counter/ease.html", {"form": form, "told": told, "case": told.case, "once": _once(request)})


# --- remedies --------------------------------------------------------------------------------------------------------


def _remedy(request: HttpRequest, number: int) -> RemedySeen:
    """One of the remedies of her case. Raises `NotFound` for any other."""
    found = next((each for each in remedies_of(actor_of(request).case, now()) if each.id == number), None)
    if found is None:
        raise NotFound("We cannot find this remedy.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for a remedy that is on offer."""
    remedy = _remedy(request, number)
    form = KitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = by(request, once=_once(request))
        if _done(form, lambda: accept_remedy(act, remedy=remedy.id)):
            messages.success(request, "You asked for this. It is on its way.")
            return redirect("counter:case")
    return render(request, "counter/remedy_accept.html", {"form": form, "remedy": remedy, "once": _once(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def choose(request: HttpRequest, number: int) -> HttpResponse:
    """Choose among several remedies."""
    remedy = _remedy(request, number)
    if not remedy.choices:
        raise NotFound("There is nothing to choose here.")
    choices = [(str(each.index), Hinted(each.offer, hint=each.hint)) for each in remedy.choices]
    chosen = {} if remedy.chosen is None else {"choice": str(remedy.chosen)}
    form = ChooseRemedyForm(request.POST if request.method == "POST" else None, choices=choices, initial=chosen)
    if request.method == "POST" and form.is_valid():
        act = by(request, once=_once(request))
        if _done(form, lambda: choose_remedy(act, remedy=remedy.id, choice=int(form.cleaned_data["choice"]))):
            messages.success(request, "Thank you. We give you what you chose.")
            return redirect("counter:case")
    shown = {"form": form, "field": form["choice"], "remedy": remedy, "now": now(), "once": _once(request)}
    return render(request, "counter/remedy_choose.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """Say no to a remedy, after a page that says what that means."""
    remedy = _remedy(request, number)
    form = KitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act, mark = by(request, once=_once(request)), request.POST.get("seen", "")[:12]
        seen = int(mark) if mark.isdecimal() else None
        if _done(form, lambda: decline_remedy(act, remedy=remedy.id, seen=seen)):
            messages.success(request, "You said no to this. Nothing more happens with it.")
            return redirect("counter:case")
    return render(request, "counter/remedy_decline.html", {"form": form, "remedy": remedy, "once": _once(request)})


@require_safe
@for_resident
def voucher(request: HttpRequest, number: int) -> HttpResponse:
    """A voucher to show or print."""
    remedies = remedies_of(actor_of(request).case, now())
    found = next((each for remedy in remedies for each in remedy.vouchers if each.id == number), None)
    if found is None:
        raise NotFound("We cannot find this voucher.")
    return render(request, "counter/voucher.html", {"voucher": found, "link": shop_link(found), "now": now()})


def shop_link(found: VoucherSeen) -> str:
    """What the square on a voucher opens: the page for shops, with the code."""
    return settings.PLACE_ADDRESS.rstrip("/") + reverse("counter:voucher", kwargs={"code": found.code})


# --- the link --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_resident
def link(request: HttpRequest) -> HttpResponse:
    """Show the private link again; or stop every link, when one got into other hands."""
    told = _told(request)
    form = KitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _done(form, lambda: revoke_links(by(request), case=told.case.reference)):
        close_case_in(request)
        return render(request, "counter/link_stopped.html")
    address = settings.PLACE_ADDRESS.rstrip("/") + reverse("counter:open", kwargs={"token": token_in(request)})
    return render(request, "counter/link.html", {"form": form, "link": address, "told": told, "case": told.case})


def _done(form: KitForm, act: Any) -> bool:
    """Do it; a refusal is shown in the form. Whether it was done."""
    try:
        act()
    except Refusal as refusal:
        refusal_to_form(form, refusal)
        return False
    return True
