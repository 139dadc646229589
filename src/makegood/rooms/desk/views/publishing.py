"""What managers publish: promises, services, calendars, wordings; and the shops that take vouchers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.rooms.journal.queries import now
from makegood.rooms.messages import actions as post
from makegood.rooms.messages import queries as wordings_of
from makegood.rooms.pledges import actions as pledges
from makegood.rooms.pledges import queries as pledges_of
from makegood.rooms.remedies.actions import add_shop, close_shop
from makegood.rooms.remedies.queries import shops as shops_of
from makegood.rooms.services import actions as services
from makegood.rooms.services import queries as services_of
from makegood.rules import Finding
from makegood.web.access import open_to
from makegood.web.refusals import NotFound, NotPossible

from ..forms import PledgeForm, ShopForm, TextForm, WordingForm
from .doing import by, done, new_once

_NAME = re.compile(r"[a-z0-9-]{1,80}")
_MAIN = re.compile(r"<main>\n?(.*)</main>", re.DOTALL)


# --- promises --------------------------------------------------------------------------------------------------------


@open_to("manager")
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """Every promise in force."""
    at = now()
    return render(request, "desk/promises.html", {"published": pledges_of.published(at), "now": at})


@open_to("manager")
@require_safe
def promise(request: HttpRequest, name: str) -> HttpResponse:
    """A promise in its own words, its text, and every version of it."""
    versions = pledges_of.versions(name)
    if not versions:
        raise NotFound("There is no such promise.")
    asked = request.GET.get("version", "")
    chosen = next((each for each in versions if str(each.number) == asked), versions[0])
    found = _MAIN.search(pledges_of.say(chosen.id, pledges_of.local_day(now())))
    words = mark_safe(found[1]) if found else ""  # noqa: S308 - the engine escapes what it writes
    shown = {"versions": versions, "chosen": chosen, "words": words, "ratings": pledges_of.five_ys(chosen.id)}
    return render(request, "desk/promise.html", shown)


@open_to("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def publish_promise(request: HttpRequest) -> HttpResponse:
    """Write a promise or a new version of one, check it, publish it."""
    known = pledges_of.versions(_start(request))
    initial = {"text": known[0].text} if known else {}
    form = PledgeForm(request.POST if request.method == "POST" else None, initial=initial)

    def publish() -> str:
        data = form.cleaned_data
        number = pledges.publish_pledge(by(request), text=data["text"], valid_from=data["valid_from"])
        return pledges_of.version(number).name

    return _publish(
        request,
        form,
        title="Publish a promise",
        check=pledges.check,
        publish=publish,
        then="desk:promise",
        about="Open cases keep the version that they were opened under.",
    )


# --- services --------------------------------------------------------------------------------------------------------


@open_to("manager")
@require_safe
def services_list(request: HttpRequest) -> HttpResponse:
    """Every service."""
    return render(request, "desk/services.html", {"services": services_of.services()})


@open_to("manager")
@require_safe
def service_page(request: HttpRequest, name: str) -> HttpResponse:
    """A service's text, and every version of it."""
    versions = services_of.versions(name)
    asked = request.GET.get("version", "")
    number = next((each for each in versions if str(each) == asked), None)
    shown = {
        "service": services_of.service(name, number),
        "text": services_of.service_text(name, number),
        "versions": versions,
    }
    return render(request, "desk/service.html", shown)


@open_to("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def publish_service(request: HttpRequest) -> HttpResponse:
    """Write a service or a new version of one, check it against its promise, publish it."""
    start = _start(request)
    form = TextForm(
        request.POST if request.method == "POST" else None,
        initial={"text": services_of.service_text(start)} if start else {},
    )

    def publish() -> str:
        text = form.cleaned_data["text"]
        services.publish_service(by(request), text=text, **_known(text))
        return _named("service", text)

    return _publish(
        request,
        form,
        title="Publish a service",
        check=lambda text: services.check(text, **_known(text)),
        publish=publish,
        then="desk:service",
        about="It names its promise by name: publish that first.",
    )


def _start(request: HttpRequest) -> str:
    """The name of what a new version begins from; empty without one, and for what can be no name."""
    name = request.GET.get("from", "")
    return name if _NAME.fullmatch(name) else ""


def _known(text: str) -> dict[str, Any]:
    """The names that a service's promise knows; none where it names no promise in force."""
    try:
        names = pledges_of.names_in(pledges_of.in_force(_named("pledge", text), now()).id)
    except NotFound:
        wanted = _named("pledge", text)
        raise NotPossible(
            f"No promise “{wanted}” is in force. Publish it first, then this service."
            if wanted
            else "Name the promise of this service in a line such as “pledge: missed-bin”.",
            field="text",
        ) from None
    return {"facts": names.facts, "details": names.details, "allowed": names.allowed}


def _named(what: str, text: str) -> str:
    found = re.search(rf"^{what}:\s*[\"']?([A-Za-z][\w-]*)", text, re.MULTILINE)
    return found[1] if found else ""


# --- calendars -------------------------------------------------------------------------------------------------------


@open_to("manager")
@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """Every calendar that promises can count in."""
    return render(request, "desk/calendars.html", {"calendars": pledges_of.calendars_shown()})


@open_to("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def publish_calendar(request: HttpRequest) -> HttpResponse:
    """Write a calendar or a new version of one, and publish it."""
    start = _start(request)
    own = next((each.text for each in pledges_of.calendars_shown() if each.name == start), "")
    form = TextForm(request.POST if request.method == "POST" else None, initial={"text": own})

    def publish() -> str:
        pledges.publish_calendar(by(request), text=form.cleaned_data["text"])
        return ""

    return _publish(
        request,
        form,
        title="Publish a calendar",
        check=None,
        publish=publish,
        then="desk:calendars",
        about="It counts at once, for open cases too: their deadlines may move.",
    )


# --- what they have in common ----------------------------------------------------------------------------------------


def _publish(
    request: HttpRequest,
    form: TextForm,
    *,
    title: str,
    check: Callable[[str], Sequence[Finding]] | None,
    publish: Callable[[], str],
    then: str,
    about: str,
) -> HttpResponse:
    """Check a text or publish it; findings are shown by line and column."""
    findings: Sequence[Finding] = ()
    checked = False
    if request.method == "POST" and form.is_valid():
        try:
            if "check" in request.POST and check:
                findings, checked = check(form.cleaned_data["text"]), True
            else:
                name = publish()
                messages.success(request, "It is published.")
                return redirect(then, name=name) if name else redirect(then)
        except (pledges.Findings, services.Findings) as refused:
            findings = refused.findings
            form.add_error("text", str(refused).partition("\n")[0])
        except NotPossible as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    shown = {
        "form": form,
        "title": title,
        "about": about,
        "findings": findings,
        "checked": checked,
        "may_check": bool(check),
    }
    page = shown | {"once": new_once(), "lines": _lines(form, findings)}
    return render(request, "desk/publish.html", page, status=422 if form.errors else 200)


def _lines(form: TextForm, findings: Sequence[Finding]) -> list[tuple[Finding, str]]:
    """Each finding with the line of the text that it is about."""
    text = form.cleaned_data.get("text", "") if form.is_bound and hasattr(form, "cleaned_data") else ""
    written = text.split("\n") or str(form.data.get("text", "")).replace("\r\n", "\n").split("\n")
    return [(each, written[each.place.line - 1] if 0 < each.place.line <= len(written) else "") for each in findings]


# --- wordings --------------------------------------------------------------------------------------------------------


@open_to("manager")
@require_safe
def wordings(request: HttpRequest) -> HttpResponse:
    """Every wording in every language."""
    return render(
        request, "desk/wordings.html", {"wordings": wordings_of.wordings(), "languages": wordings_of.LANGUAGES}
    )


@open_to("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """A wording as it would go out, and its text to change."""
    chosen = next((each for each in wordings_of.wordings() if (each.name, each.language) == (name, language)), None)
    if chosen is None:
        raise NotFound("There is no such wording.")
    form = WordingForm(request.POST if request.method == "POST" else None, initial={"text": chosen.text})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if done(form, lambda: post.publish_wording(by(request), name=name, language=language, text=text)):
            messages.success(request, "The wording is published. Messages written from now on say it.")
            return redirect("desk:wording", name=name, language=language)
    sample = {each: f"[{each}]" for each in (*chosen.needs, *chosen.may_have)}
    shown = {
        "wording": chosen,
        "form": form,
        "preview": wordings_of.preview(name, language, sample),
        "once": new_once(),
    }
    return render(request, "desk/wording.html", shown, status=422 if form.errors else 200)


# --- shops -----------------------------------------------------------------------------------------------------------


@open_to("manager", "administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def shops(request: HttpRequest) -> HttpResponse:
    """The shops that take vouchers; a new one gets its key, shown this once."""
    form = ShopForm(request.POST if request.method == "POST" else None)
    shown: dict[str, Any] = {"form": form, "once": new_once()}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            key = add_shop(by(request), code=data["code"], name=data["name"])
            shown |= {"key": key, "added": data["name"], "form": ShopForm()}
        except NotPossible as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return render(request, "desk/shops.html", shown | {"shops": shops_of()}, status=422 if form.errors else 200)


@open_to("manager", "administrator")
@require_POST
def end_shop(request: HttpRequest, code: str) -> HttpResponse:
    """A shop takes no more vouchers."""
    close_shop(by(request), code=code)
    messages.success(request, "The shop takes no more vouchers.")
    return redirect("desk:shops")
