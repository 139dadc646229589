"""The page of a case, and what is done on it with one or two presses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases.queries import hand_overs_of, photo_of
from makegood.rooms.journal.events import By
from makegood.rooms.journal.queries import now, who
from makegood.web.access import open_to
from makegood.web.refusals import Conflict, NotFound, NotPossible

from ..forms import About, ContactForm, DealtForm, JustDo
from ..queries import CaseFile, case_file
from .acts import about_case, conflict_page
from .doing import WORKING, by, done, new_once
from .remedies import REMEDY_ACTS


@open_to(*WORKING)
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything about a case, and everything that can be done with it."""
    at = now()
    return render(request, "desk/case.html", shown(request, case_file(reference, at)))


def shown(request: HttpRequest, file: CaseFile) -> dict[str, Any]:
    """What the page of a case shows."""
    actor, at = who(request), now()
    about = About(
        case=file.case, service=file.service, actor=actor, at=at, since=file.last_entry, labels={}, person=file.person
    )
    asked = next((each for each, _, _ in file.hand_overs if not each.answer), None)
    return {
        "file": file,
        "case": file.case,
        "now": at,
        "today": at.astimezone(settings.ZONE).date(),
        "contact": ContactForm(about=about),
        "dealt": DealtForm(about=about) if file.case.unread else None,
        "just": JustDo(about=about, auto_id=False),
        "once": new_once(),
        "asked": asked,
        "asked_us": asked is not None and asked.to_team in actor.teams,
        "is_owner": file.case.owner == actor.id,
        "is_officer": actor.has("officer"),
        "remedy_acts": {act.name for act in REMEDY_ACTS if actor.has(*act.roles)},
        "has_photo": file.has_photo,
    }


@open_to(*WORKING)
@require_safe
def photo(request: HttpRequest, reference: str) -> HttpResponse:
    """The photo of the report."""
    found = photo_of(reference)
    if found is None:
        raise NotFound("There is no photo.")
    return HttpResponse(found.jpeg, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@open_to(*WORKING)
@require_POST
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Note that somebody got in touch: the way, and the reason on the button that was pressed."""
    about = about_case(request, reference)
    form = ContactForm(request.POST, about=about)
    if form.is_valid() and done(
        form,
        lambda: cases.log_contact(
            by(request),
            case=reference,
            channel=form.cleaned_data["channel"],
            reason=form.cleaned_data["reason"],
            resolved=form.cleaned_data["resolved"],
        ),
    ):
        messages.success(request, "The contact is noted.")
        return redirect("desk:case", reference=about.case.reference)
    return _again(request, about, form)


@open_to(*WORKING)
@require_POST
def dealt(request: HttpRequest, reference: str) -> HttpResponse:
    """What the resident wrote is dealt with."""
    about = about_case(request, reference)
    form = DealtForm(request.POST, about=about)
    if form.is_valid():
        reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen"]
        try:
            if done(form, lambda: cases.mark_seen(by(request), case=reference, reason=reason, seen=seen)):
                messages.success(request, "It is marked as dealt with.")
                return redirect("desk:case", reference=about.case.reference)
        except Conflict as conflict:
            title = "What the resident wrote"
            return conflict_page(request, about, DealtForm, conflict, title=title, button="It is dealt with")
    return _again(request, about, form)


@open_to(*WORKING)
@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the case on."""
    return _press(
        request,
        reference,
        "Take the case",
        "You have the case now.",
        lambda seen: cases.take_case(by(request), case=reference, seen=seen),
    )


@open_to(*WORKING)
@require_POST
def resume(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the clock run on."""
    return _press(
        request,
        reference,
        "Let the clock run on",
        "The clock runs again.",
        lambda seen: cases.end_pause(by(request), case=reference, seen=seen),
    )


@open_to(*WORKING)
@require_POST
def accept(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Take the case for my team."""
    _asked(reference, number)
    return _press(
        request,
        reference,
        "Take the case",
        "Your team has the case now.",
        lambda _: cases.accept_hand_over(by(request), hand_over=number),
    )


@open_to(*WORKING)
@require_POST
def unlink(request: HttpRequest, reference: str, original: str) -> HttpResponse:
    """These two are not about the same after all."""
    return _press(
        request,
        reference,
        "Unlink the cases",
        "The cases are no longer linked.",
        lambda _: cases.unlink_duplicate(by(request), case=reference, original=original),
    )


@open_to(*WORKING)
@require_POST
def end_links(request: HttpRequest, reference: str) -> HttpResponse:
    """End every private link of the case."""
    return _press(
        request,
        reference,
        "End every link",
        "No private link opens this case any more.",
        lambda _: cases.revoke_links(by(request), case=reference),
    )


@open_to(*WORKING)
@require_POST
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """Make a private link, to print for somebody without email; it is shown this once."""
    about = about_case(request, reference)
    token = cases.make_link(By(actor=who(request)), case=reference)  # no mark of a form: its answer would be kept
    address = settings.PLACE_ADDRESS.rstrip("/") + reverse("counter:open", kwargs={"token": token})
    return render(request, "desk/link.html", {"about": about, "case": about.case, "link": address, "now": about.at})


@open_to(*WORKING)
@require_POST
def code(request: HttpRequest, reference: str) -> HttpResponse:
    """Make a code to read out on the telephone; it is shown this once."""
    about = about_case(request, reference)
    made = cases.make_code(By(actor=who(request)), case=reference)
    return render(request, "desk/code.html", {"about": about, "case": about.case, "code": made, "now": about.at})


def _asked(reference: str, number: int) -> None:
    if number not in {each.id for each in hand_overs_of(reference)}:
        raise NotFound("There is no such hand-over.")


def _press(
    request: HttpRequest, reference: str, title: str, said: str, act: Callable[[int | None], object]
) -> HttpResponse:
    about = about_case(request, reference)
    form = JustDo(request.POST, about=about)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    try:
        act(seen)
    except Conflict as conflict:
        return conflict_page(request, about, JustDo, conflict, title=title, button=title)
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("desk:case", reference=about.case.reference)


def _again(request: HttpRequest, about: About, form: Any) -> HttpResponse:
    """The case's page with what is wrong above it."""
    page = shown(request, case_file(about.case.reference, about.at))
    name = "contact" if isinstance(form, ContactForm) else "dealt"
    return render(request, "desk/case.html", page | {name: form, "form": form}, status=422)
