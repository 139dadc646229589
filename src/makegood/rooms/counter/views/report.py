"""Reporting something: find the service, one question a page, check the answers, send; a draft in the session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.rooms.cases.events import Resident
from makegood.rooms.cases.queries import photo_ready
from makegood.rooms.journal.queries import answered, now
from makegood.rooms.places.queries import address, find_addresses, place_of
from makegood.rooms.pledges.queries import in_force
from makegood.rooms.services.events import Kind, Question, Service
from makegood.rooms.services.queries import checked_answers, find_services, question, service, services
from makegood.web.access import open_to
from makegood.web.forms import KitForm, refusal_to_form
from makegood.web.limits import limit
from makegood.web.refusals import NotFound, NotPossible

from ..actions import link_of, report
from ..forms import (
    FIELD_OF,
    NONE_OF_THESE,
    REACHED_BY,
    AnswerForm,
    ChoosePlaceForm,
    FindForm,
    NameForm,
    PhotoForm,
    PlaceForm,
    ReachForm,
)
from ..queries import answer_told, big_words, case_told, local_day, same_things
from ..rules.draft import ADDRESS, CHECK, NAME, PHOTO, PLACE, REACH, Draft, asked, next_step, step_before, steps
from .doorway import actor_of, by, for_resident, new_once, open_case_in, token_in

_DRAFTS, _SENT = "drafts", "sent"
_MARK = len(new_once())
_HOUR = 3600


# --- the draft in the session ----------------------------------------------------------------------------------------


def _draft(request: HttpRequest, code: str) -> Draft | None:
    kept = request.session.get(_DRAFTS, {}).get(code)
    return Draft.of(kept) if kept else None


def _keep(request: HttpRequest, draft: Draft) -> None:
    request.session[_DRAFTS] = request.session.get(_DRAFTS, {}) | {draft.service: draft.data()}


def _forget(request: HttpRequest, draft: Draft) -> None:
    request.session[_DRAFTS] = {k: v for k, v in request.session.get(_DRAFTS, {}).items() if k != draft.service}
    if draft.photo:
        SessionStore(draft.photo).delete()


def _sent(request: HttpRequest, once: str) -> str:
    """The token of the case that a draft became in this session; empty while it was not sent."""
    return str(request.session.get(_SENT, {}).get(once, ""))


def _sent_elsewhere(request: HttpRequest, once: str) -> str:
    """The same, where the session moved on between two presses; only the form that was sent knows its mark."""
    opened = answered(by(request, once=once), "counter.report") if len(once) >= _MARK else None
    return link_of(opened) if isinstance(opened, dict) else ""


def _to(draft: Draft, step: str) -> HttpResponse:
    if step.startswith("question/"):
        return redirect("counter:report-question", code=draft.service, name=step.removeprefix("question/"))
    return redirect(f"counter:report-{step}", code=draft.service)


def _onward(request: HttpRequest, of: Service, draft: Draft) -> HttpResponse:
    _keep(request, draft)
    return _to(draft, next_step(of, draft))


def _page(request: HttpRequest, of: Service, draft: Draft, step: str, **shown: Any) -> HttpResponse:
    before = step_before(of, draft, step)
    if before.startswith("question/"):
        back = reverse("counter:report-question", kwargs={"code": of.code, "name": before.removeprefix("question/")})
    else:
        back = reverse(f"counter:report-{before}", kwargs={"code": of.code}) if before else reverse("counter:report")
    every = steps(of, draft)
    place = every.index(step) + 1 if step in every else 1
    template = shown.pop("template", "counter/report/question.html")
    context = {"service": of, "draft": draft, "back": back, "step": place, "steps": len(every)} | shown
    return render(request, template, context, status=200)


def _begun(request: HttpRequest, code: str) -> tuple[Service, Draft] | HttpResponse:
    """The service and its draft; else where to go: a new draft, or what this session has sent already."""
    draft = _draft(request, code)
    if draft is not None:
        return service(code), draft
    if request.session.get(_SENT):
        return redirect("counter:report-sent")
    return redirect("counter:report-begin", code=service(code).code)


def _step(asks: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A page of a report that was begun: `asks(request, service, draft)`, or it sends on to where there is one."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @open_to("visitor")
    @wraps(asks)
    def page(request: HttpRequest, /, *, code: str, **named: str) -> HttpResponse:
        begun = _begun(request, code)
        return begun if isinstance(begun, HttpResponse) else asks(request, *begun, **named)

    return page


# --- finding the service ---------------------------------------------------------------------------------------------


@require_safe
@open_to("visitor")
def find(request: HttpRequest) -> HttpResponse:
    """What is wrong, in plain words; and the list of everything."""
    words = request.GET.get("words", "").strip()
    form = FindForm(request.GET if words else None)
    found, every = [], services()
    if words and form.is_valid():
        limit(request, "find", most=120, seconds=600, at=now())
        found = find_services(form.cleaned_data["words"])
    shown = {"form": form, "words": words, "found": found, "services": every}
    return render(request, "counter/report/find.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to("visitor")
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """What we promise for this service, and what we are going to ask."""
    of = service(code)
    if request.method == "POST":
        draft = Draft(service=of.code, once=new_once())
        return _onward(request, of, draft)
    at = now()
    version = in_force(of.pledge, at)
    says = [each["title"] for each in big_words(version, at)]
    shown = {"service": of, "says": says, "title": version.title, "draft": _draft(request, code)}
    least = len(steps(of, Draft(service=code, once="")))
    most = least + len(of.questions) - len(asked(of, {}))
    return render(request, "counter/report/begin.html", shown | {"steps": least, "more_steps": most - least})


# --- one question a page ---------------------------------------------------------------------------------------------


@_step
def one_question(request: HttpRequest, of: Service, draft: Draft, name: str) -> HttpResponse:
    """One of the questions that this service needs."""
    wanted = question(of, name)
    if wanted not in asked(of, draft.answers):
        return _to(draft, next_step(of, draft))
    kept = {"answer": draft.answers.get(name, "")}
    form = AnswerForm(
        request.POST if request.method == "POST" else None, question=wanted, initial=_initial(wanted, kept)
    )
    if request.method == "POST" and form.is_valid() and _is_good(of, draft, wanted, form):
        draft.answers = _still_asked(of, draft.answers | {name: form.as_text()})
        return _onward(request, of, draft)
    return _page(request, of, draft, f"question/{name}", form=form, field=form["answer"])


def _initial(wanted: Question, kept: dict[str, str]) -> dict[str, Any]:
    if wanted.kind is Kind.DATE and kept["answer"]:
        return {"answer": date.fromisoformat(kept["answer"])}
    return dict(kept)


def _is_good(of: Service, draft: Draft, wanted: Question, form: AnswerForm) -> bool:
    """Let the service check the answer; a refusal that is about it is shown beside it."""
    try:
        checked_answers(of, draft.answers | {wanted.name: form.as_text()}, on=local_day(now()))
    except NotPossible as refusal:
        if refusal.field == wanted.name:
            form.add_error("answer", str(refusal))
            return False
    return True


def _still_asked(of: Service, answers: dict[str, str]) -> dict[str, str]:
    """The answers without those to questions that are no longer asked."""
    names = {each.name for each in asked(of, answers)}
    return {name: answer for name, answer in answers.items() if name in names}


# --- where -----------------------------------------------------------------------------------------------------------


@_step
def where(request: HttpRequest, of: Service, draft: Draft) -> HttpResponse:
    """Where it is: words, by which addresses are looked up."""
    form = PlaceForm(request.POST if request.method == "POST" else None, initial={"words": draft.place_words})
    if request.method == "POST" and form.is_valid():
        limit(request, "place", most=120, seconds=600, at=now())
        draft.looked_for = form.cleaned_data["words"]
        if find_addresses(draft.looked_for, 8):
            _keep(request, draft)
            return redirect("counter:report-which-place", code=of.code)
        draft.place_words, draft.place_address = draft.looked_for, ""
        draft.has(PLACE)
        return _onward(request, of, draft)
    return _page(request, of, draft, PLACE, form=form, field=form["words"])


@_step
def which_place(request: HttpRequest, of: Service, draft: Draft) -> HttpResponse:
    """Which of the addresses that were found it is, if it is one of them."""
    found = find_addresses(draft.looked_for, 8) if draft.looked_for else []
    if not found:
        return redirect("counter:report-place", code=of.code)
    form = ChoosePlaceForm(
        request.POST if request.method == "POST" else None,
        found=found,
        words=draft.looked_for,
        initial={"address": draft.place_address},
    )
    if request.method == "POST" and form.is_valid():
        chosen = next((each for each in found if each.id == form.cleaned_data["address"]), None)
        draft.place_address = chosen.id if chosen else ""
        draft.place_words = str(chosen) if chosen else draft.looked_for
        draft.has(PLACE)
        return _onward(request, of, draft)
    back = reverse("counter:report-place", kwargs={"code": of.code})
    return _page(request, of, draft, PLACE, form=form, field=form["address"], back=back, none=NONE_OF_THESE)


# --- a photo ---------------------------------------------------------------------------------------------------------


@_step
def photo(request: HttpRequest, of: Service, draft: Draft) -> HttpResponse:
    """A photo, if there is one; made anew at once, so that nothing else of the file is kept."""
    form = PhotoForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["photo"]
        if given:
            limit(request, "photo", most=30, seconds=_HOUR, at=now())
        if _take_photo(draft, form, given, "without" in request.POST):
            draft.has(PHOTO)
            return _onward(request, of, draft)
    return _page(request, of, draft, PHOTO, form=form, field=form["photo"], template="counter/report/photo.html")


def _take_photo(draft: Draft, form: KitForm, given: UploadedFile[Any] | None, without: bool) -> bool:
    """Keep the photo beside the session, or forget the one that was there; whether all is well."""
    if given or without:
        if draft.photo:
            SessionStore(draft.photo).delete()
        draft.photo = ""
    if not given or without:
        return True
    try:
        jpeg = photo_ready(given.read())
    except NotPossible as refusal:
        form.add_error("photo", str(refusal))
        return False
    store = SessionStore()
    store["jpeg"] = jpeg.hex()
    store.set_expiry(2 * _HOUR)
    store.create()
    draft.photo = str(store.session_key)
    return True


def _photo_of(draft: Draft) -> bytes:
    return bytes.fromhex(SessionStore(draft.photo).get("jpeg", "")) if draft.photo else b""


@require_safe
@open_to("visitor")
def draft_photo(request: HttpRequest, code: str) -> HttpResponse:
    """The photo of a report that was not sent yet."""
    draft = _draft(request, code)
    jpeg = _photo_of(draft) if draft else b""
    if not jpeg:
        raise NotFound("There is no photo.")
    return HttpResponse(jpeg, content_type="image/jpeg")


# --- who -------------------------------------------------------------------------------------------------------------


@_step
def who(request: HttpRequest, of: Service, draft: Draft) -> HttpResponse:
    """Who reports it."""
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": draft.name})
    if request.method == "POST" and form.is_valid():
        draft.name = form.cleaned_data["name"]
        draft.has(NAME)
        return _onward(request, of, draft)
    return _page(request, of, draft, NAME, form=form, field=form["name"])


@_step
def reach(request: HttpRequest, of: Service, draft: Draft) -> HttpResponse:
    """By which way we may tell her."""
    form = ReachForm(request.POST if request.method == "POST" else None, initial={"wants": draft.wants})
    if request.method == "POST" and form.is_valid():
        if draft.wants != form.cleaned_data["wants"]:
            draft.wants = form.cleaned_data["wants"]
            draft.done = [step for step in draft.done if step != ADDRESS]
        draft.has(REACH)
        return _onward(request, of, draft)
    return _page(request, of, draft, REACH, form=form, field=form["wants"])


@_step
def reach_at(request: HttpRequest, of: Service, draft: Draft) -> HttpResponse:
    """The address of that way."""
    if not draft.wants:
        return redirect("counter:report-reach", code=of.code)
    name = FIELD_OF[draft.wants]
    initial = {name: getattr(draft, name) or _home(draft, name)}
    form = REACHED_BY[draft.wants](request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        setattr(draft, name, form.cleaned_data[name])
        draft.has(ADDRESS)
        return _onward(request, of, draft)
    return _page(request, of, draft, ADDRESS, form=form, field=form[name])


def _home(draft: Draft, name: str) -> str:
    """For a letter, the address that was chosen already."""
    if name != "post" or not draft.place_address:
        return ""
    found = address(draft.place_address)
    return f"{found.line}\n{found.postcode}"


# --- check and send --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@open_to("visitor")
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Everything once more, and the way to change it. Sending makes one case, however often it is sent."""
    once = request.POST.get("once", "")
    if request.method == "POST" and _sent(request, once):
        return _done(request, _sent(request, once))
    begun = _begun(request, code)
    if isinstance(begun, HttpResponse):
        token = _sent_elsewhere(request, once) if request.method == "POST" else ""
        return _done(request, token) if token else begun
    of, draft = begun
    if next_step(of, draft) != CHECK:
        return _to(draft, next_step(of, draft))
    form = KitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        limit(request, "report", most=20, seconds=_HOUR, at=now())
        try:
            return _send(request, of, draft)
        except NotPossible as refusal:
            if refusal.field in draft.answers:
                return redirect("counter:report-question", code=code, name=refusal.field)
            refusal_to_form(form, refusal)
    same = same_things(of, draft.place_words, actor_of(request))
    shown = {
        "form": form,
        "rows": _rows(of, draft),
        "same": same,
        "now": now(),
        "template": "counter/report/check.html",
    }
    return _page(request, of, draft, CHECK, **shown)


def _send(request: HttpRequest, of: Service, draft: Draft) -> HttpResponse:
    told = [
        draft.answers[q.name] for q in asked(of, draft.answers) if q.kind is Kind.WORDS and draft.answers.get(q.name)
    ]
    opened = report(
        by(request, once=draft.once),
        service=of.code,
        answers=draft.answers,
        words="\n".join(told),
        place=place_of(words=draft.place_words, address_id=draft.place_address),
        resident=_resident(draft),
        photo=_photo_of(draft),
        same_as=[each.reference for each in same_things(of, draft.place_words, actor_of(request))],
    )
    token = link_of(opened)
    _forget(request, draft)
    request.session[_SENT] = dict(list(request.session.get(_SENT, {}).items())[-9:]) | {draft.once: token}
    return _done(request, token)


def _resident(draft: Draft) -> Resident:
    """Only the way that she chose: what she wrote before she changed her mind is not kept."""
    chosen = {FIELD_OF[draft.wants]: getattr(draft, FIELD_OF[draft.wants])}
    return Resident(name=draft.name, wants=draft.wants, **chosen)


def _done(request: HttpRequest, token: str) -> HttpResponse:
    open_case_in(request, token)
    return redirect("counter:report-sent")


def _rows(of: Service, draft: Draft) -> list[dict[str, str]]:
    """The answers to check, each with the way to change it."""
    rows = []
    for each in asked(of, draft.answers):
        change = reverse("counter:report-question", kwargs={"code": of.code, "name": each.name})
        rows.append({"name": each.ask, "value": answer_told(each, draft.answers.get(each.name, "")), "change": change})
    more = [("Where it is", draft.place_words, PLACE)] * of.asks_place
    more += [("Photo", "A photo" if draft.photo else "No photo", PHOTO)] * of.asks_photo
    more += [("Your name", draft.name, NAME), ("How we tell you", _WAYS[draft.wants], REACH)]
    more.append((_ADDRESSES[draft.wants], getattr(draft, FIELD_OF[draft.wants]), ADDRESS))
    for name, value, step in more:
        rows.append(
            {"name": name, "value": value, "change": reverse(f"counter:report-{step}", kwargs={"code": of.code})}
        )
    return rows


_WAYS = {"email": "By email", "letter": "By letter", "phone": "By phone"}
_ADDRESSES = {"email": "Email address", "letter": "Postal address", "phone": "Phone number"}


@require_safe
@for_resident
def sent(request: HttpRequest) -> HttpResponse:
    """What to keep: the reference, the private link, what we promise now, until when, and what if we fail."""
    at = now()
    told = case_told(actor_of(request).case, at)
    link = settings.PLACE_ADDRESS.rstrip("/") + reverse("counter:open", kwargs={"token": token_in(request)})
    return render(request, "counter/report/sent.html", {"told": told, "case": told.case, "link": link, "now": at})


@require_POST
@open_to("visitor")
def forget(request: HttpRequest, code: str) -> HttpResponse:
    """Throw a draft away."""
    draft = _draft(request, code)
    if draft:
        _forget(request, draft)
    return redirect("counter:home")
