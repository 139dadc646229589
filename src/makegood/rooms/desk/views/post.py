"""Letters to print, and mails of which somebody has to decide what became of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.rooms.journal.queries import now
from makegood.rooms.messages import actions
from makegood.rooms.messages import queries as post
from makegood.rooms.messages.queries import Letter
from makegood.web.access import open_to
from makegood.web.refusals import Conflict, NotPossible
from makegood.web.written import as_letter

from ..forms import LettersForm, MailForm
from .doing import WORKING, by, done, new_once

_DECIDE = ("officer", "manager")


@open_to(*WORKING)
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """Letters that wait: choose some, print them, and say that they were posted."""
    waiting = post.letters_to_print(limit=100)
    choices = [(str(each.id), f"{each.name or 'No name'}: {each.subject}") for each in waiting]
    form = LettersForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        numbers = [int(each) for each in form.cleaned_data["letters"]]
        if "print" in request.POST:
            chosen = [each for each in waiting if each.id in numbers]
            return render(request, "desk/paper.html", {"letters": [_paper(each) for each in chosen]})
        if done(form, lambda: actions.mark_printed(by(request), messages=numbers)):
            messages.success(request, "The letters are marked as printed and posted.")
            return redirect("desk:letters")
    shown = {"form": form, "letters": waiting, "now": now(), "once": new_once()}
    return render(request, "desk/letters.html", shown, status=422 if form.errors else 200)


@open_to(*WORKING)
@require_safe
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """One message as a page to print."""
    return render(request, "desk/paper.html", {"letters": [_paper(post.letter(number))]})


def _paper(each: Letter) -> dict[str, Any]:
    """A letter as the kit prints it."""
    return {
        "to": mark_safe(linebreaks("\n".join((each.name, *each.address)), autoescape=True)),  # noqa: S308 - escaped there
        "sender": "",
        "day": each.written_at,
        "about": each.about,
        "subject": each.subject,
        "body": as_letter(each.body),
        "link": "",
    }


@open_to(*_DECIDE)
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """Mails of which nobody knows whether they went out, and those that were refused."""
    shown = {
        "uncertain": [(each, MailForm(auto_id=f"m{each.id}_%s")) for each in post.uncertain(limit=100)],
        "failed": [(each, MailForm(auto_id=f"m{each.id}_%s", initial=_reach(each))) for each in post.failed(limit=100)],
        "now": now(),
        "once": new_once(),
    }
    return render(request, "desk/mails.html", shown)


def _reach(each: post.MessageSeen) -> dict[str, str]:
    return {"email": each.to_email, "address": each.to_address}


@open_to(*_DECIDE)
@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """It went out, it did not, send it elsewhere, or print it: as the pressed button says."""
    form = MailForm(request.POST)
    press, data = request.POST.get("press", ""), form.cleaned_data if form.is_valid() else {}
    try:
        match press:
            case "went-out":
                actions.resolve_uncertain(by(request), message=number, went_out=True)
                messages.success(request, "It is marked as sent.")
            case "did-not":
                actions.resolve_uncertain(by(request), message=number, went_out=False)
                messages.success(request, "It is sent again, as the same mail.")
            case "again":
                actions.send_again(by(request), message=number, email=data.get("email", ""))
                messages.success(request, "It is sent to this address.")
            case "print":
                actions.print_instead(by(request), message=number, address=data.get("address", ""))
                messages.success(request, "It waits with the letters to print.")
            case _:
                raise NotPossible("Press one of the buttons.")
    except (NotPossible, Conflict) as refusal:
        messages.warning(request, str(refusal))
    return redirect("desk:mails")
