"""Every act on a case that has a page of its own: one table, and one way to do them.

A form remembers which version of the case its person saw. Where somebody else changed the case since, nothing is done:
the page says what was changed and by whom, keeps what was typed, and lets the person go on or leave it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.journal.events import By
from makegood.rooms.journal.queries import now, who
from makegood.rooms.messages.queries import preview
from makegood.rooms.people.queries import teams
from makegood.rooms.pledges.queries import judging
from makegood.rooms.services.queries import service as service_of
from makegood.web.access import open_to
from makegood.web.refusals import Conflict, NotFound

from .. import forms as f
from ..forms import About, ActForm
from ..queries import changes_since, last_entry
from ..queries.case import fact_labels
from .doing import WORKING, by, done, new_once


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseAct:
    """An act on a case: its page's name and title, its form, what it does, and what is said then."""

    name: str
    title: str
    button: str
    form: type[ActForm]
    do: Callable[[By, About, dict[str, Any]], object]
    said: str
    roles: tuple[str, ...] = WORKING
    template: str = "desk/act.html"
    kind: str = ""
    about: str = ""


def about_case(request: HttpRequest, reference: str, **more: Any) -> About:
    """What a form has to know of a case. One that is sent knows itself what its person saw. Raises `NotFound`."""
    case = case_queries.case_of(reference)
    service = service_of(case.service)
    return About(
        case=case,
        service=service,
        actor=who(request),
        at=now(),
        since=0 if request.method == "POST" else last_entry(case.reference),
        labels=fact_labels(service, judging(case.pledge_version)[0]),
        **more,
    )


def _record(by: By, about: About, data: dict[str, Any]) -> object:
    return cases.record_fact(
        by, case=about.case.reference, fact=data["fact"], at=f.happened(data), note=data["note"], seen=data["seen"]
    )


def _correct(by: By, about: About, data: dict[str, Any]) -> object:
    reference, reason, seen = about.case.reference, data["reason"], data["seen"]
    fact = about.fact.id if about.fact else 0
    if data["how"] == "never":
        return cases.withdraw_fact(by, case=reference, fact=fact, reason=reason, seen=seen)
    return cases.correct_fact(by, case=reference, fact=fact, at=data["at"], reason=reason, seen=seen)


def _pause(by: By, about: About, data: dict[str, Any]) -> object:
    return cases.pause_for_resident(
        by, case=about.case.reference, reason=data["reason"], needed=data["needed"], seen=data["seen"]
    )


def _hand_over(by: By, about: About, data: dict[str, Any]) -> object:
    return cases.hand_over(by, case=about.case.reference, team=data["team"], context=data["context"], seen=data["seen"])


def _exempt(by: By, about: About, data: dict[str, Any]) -> object:
    return cases.exempt(by, case=about.case.reference, fact=data["fact"], evidence=data["evidence"], seen=data["seen"])


def _close(by: By, about: About, data: dict[str, Any]) -> object:
    closing = about.service.closing(data["closing"])
    at = f.happened(data) if closing and closing.fixed else None
    return cases.close_case(
        by, case=about.case.reference, closing=data["closing"], at=at, note=data["note"], seen=data["seen"]
    )


def _reopen(by: By, about: About, data: dict[str, Any]) -> object:
    return cases.reopen_case(by, case=about.case.reference, reason=data["reason"], seen=data["seen"])


def _photo(by: By, about: About, data: dict[str, Any]) -> object:
    return cases.add_photo(by, case=about.case.reference, data=data["photo"].read(), seen=data["seen"])


def _reach(by: By, about: About, data: dict[str, Any]) -> object:
    return cases.change_resident(by, case=about.case.reference, resident=data["resident"], seen=data["seen"])


def _said(by: By, about: About, data: dict[str, Any]) -> object:
    return cases.write_from_resident(by, case=about.case.reference, words=data["words"], channel=data["channel"])


ACTS = (
    CaseAct(
        name="record", title="Record what happened", button="Record it", form=f.RecordForm, do=_record,
        said="It is recorded.",
    ),
    CaseAct(
        name="pause", title="Wait for the resident", button="Stop the clock and ask them", form=f.PauseForm, do=_pause,
        said="The clock stands still. The resident is told now.", template="desk/pause.html",
    ),
    CaseAct(
        name="hand-over", title="Hand over to another team", button="Ask them", form=f.HandOverForm, do=_hand_over,
        said="The other team is asked. Until it answers, the case stays here.",
        about="The case stays with your team until the other one accepts. The clock runs on.",
    ),
    CaseAct(
        name="exempt", title="Decide that the promise could not be held", button="Decide, and tell the resident",
        form=f.ExemptForm, do=_exempt, said="It is decided. The resident is told.", roles=("officer",), kind="warning",
        about="What is owed for this promise is reversed. A breach on record stays. The resident is told.",
    ),
    CaseAct(
        name="close", title="Close the case", button="Close the case", form=f.CloseForm, do=_close,
        said="The case is closed. The resident is told.",
    ),
    CaseAct(
        name="reopen", title="Open the case again", button="Open it again", form=f.ReasonForm, do=_reopen,
        said="The case is open again. The resident is told.",
        about="Where it was closed as fixed, that is taken back: the clock has then run all along.",
    ),
    CaseAct(
        name="not-fixed", title="The resident says that it is not fixed", button="Open it again", form=f.NotFixedForm,
        do=lambda by, about, data: cases.say_not_fixed(by, case=about.case.reference, words=data["words"]),
        said="The case is open again. The resident is told.",
    ),
    CaseAct(
        name="said", title="Write down what the resident said", button="Save it", form=f.SaidForm, do=_said,
        said="It is in the case. If we waited for it, the clock runs again.",
    ),
    CaseAct(
        name="same", title="Link a case about the same thing", button="Link it", form=f.DuplicateForm,
        do=lambda by, about, data: cases.link_duplicate(
            by, case=about.case.reference, original=case_queries.case_of(data["original"]).reference
        ),
        said="The cases are linked.",
    ),
    CaseAct(
        name="resident", title="Change how to reach the resident", button="Save", form=f.ResidentForm,
        do=_reach, said="The details are changed.",
    ),
    CaseAct(
        name="photo/add", title="Add a photo", button="Add it", form=f.PhotoForm, do=_photo, said="The photo is added.",
    ),
    CaseAct(
        name="erase", title="Erase who this case was for", button="Erase it for good", form=f.JustDo,
        do=lambda by, about, data: cases.erase_resident(by, case=about.case.reference, seen=data["seen"]),
        said="The personal details are erased.", roles=("officer",), kind="warning",
        about="Names, addresses, messages, notes and the photo go. Times, promises and sums stay. This is for good.",
    ),
)  # fmt: skip
"""Every act on a whole case, by the name in its address."""

CORRECT = CaseAct(
    name="correct", title="Put a time right", button="Put it right", form=f.CorrectForm, do=_correct,
    said="It is put right. Both times stay on the record.", roles=("officer",), template="desk/correct.html",
)  # fmt: skip
DECLINE = CaseAct(
    name="decline", title="Do not take this case", button="Do not take it", form=f.ReasonForm,
    do=lambda by, about, data: cases.decline_hand_over(by, hand_over=data["number"], reason=data["reason"]),
    said="The case stays with the team that asked.",
)  # fmt: skip


def act_view(act: CaseAct) -> Callable[..., HttpResponseBase]:
    """The page of an act."""

    @open_to(*act.roles)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, reference: str) -> HttpResponse:
        person = case_queries.person_of(reference) if act.form is f.ResidentForm else None
        others = tuple(teams()) if act.form is f.HandOverForm else ()
        about = about_case(request, reference, teams=others, person=person)
        return carry_out(request, act, about)

    view.__doc__ = f"{act.title}."
    return view


@open_to("officer")
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Put right when something happened, or that it never did."""
    fact = next((each for each in case_queries.fact_list(reference) if each.id == number), None)
    if fact is None:
        raise NotFound("There is no such fact in this case.")
    about = about_case(request, reference, fact=fact)
    return carry_out(request, CORRECT, about, fact=fact, label=about.labels.get(fact.name, fact.name))


@open_to(*WORKING)
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Do not take a case that was offered, and say why."""
    if number not in {each.id for each in case_queries.hand_overs_of(reference)}:
        raise NotFound("There is no such hand-over.")
    return carry_out(request, DECLINE, about_case(request, reference), number=number)


@open_to(*WORKING)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the resident: first as it will look, then sent by email or as a letter, as they wish."""
    about = about_case(request, reference, person=case_queries.person_of(reference))
    form = f.WriteForm(request.POST if request.method == "POST" else None, about=about)
    shown: dict[str, Any] = {"form": form, "about": about, "case": about.case, "once": new_once(), "now": about.at}
    if request.method == "POST" and form.is_valid():
        words, seen = form.cleaned_data["words"], form.cleaned_data["seen"]
        if "send" in request.POST:
            try:
                if done(form, lambda: cases.write_to_resident(by(request), case=reference, words=words, seen=seen)):
                    messages.success(request, "Your message is on its way.")
                    return redirect("desk:case", reference=about.case.reference)
            except Conflict as conflict:
                return conflict_page(
                    request, about, f.WriteForm, conflict, title="Write to the resident", button="Send it", press="send"
                )
        given = {
            "service": about.service.name,
            "text": words,
            "from": about.actor.name,
            "reference": about.case.reference,
        }
        shown["preview"] = preview("message-from-us", about.person.language if about.person else "en", given)
    return render(request, "desk/write.html", shown, status=422 if form.errors else 200)


def carry_out(request: HttpRequest, act: CaseAct, about: About, **more: Any) -> HttpResponse:
    """Show the form of an act, or do it."""
    posted = request.method == "POST"
    form = act.form(request.POST if posted else None, request.FILES if posted else None, about=about)
    if posted and form.is_valid():
        data = form.cleaned_data | more
        if isinstance(form, f.ResidentForm):
            data["resident"] = form.resident()
        reason = str(data.get("reason") or data.get("evidence") or "")
        try:
            if done(form, lambda: act.do(by(request, reason), about, data)):
                messages.success(request, act.said)
                return redirect("desk:case", reference=about.case.reference)
        except Conflict as conflict:
            return conflict_page(request, about, act.form, conflict, title=act.title, button=act.button, **more)
    if act.name == "pause":
        more |= _waiting(about)
    shown = {"act": act, "title": act.title, "button": act.button, "words": act.about, "kind": act.kind}
    page = shown | {"form": form, "about": about, "case": about.case, "once": new_once(), "now": about.at} | more
    return render(request, act.template, page, status=422 if form.errors else 200)


_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


def _waiting(about: About) -> dict[str, Any]:
    """What waiting does to each deadline, if the resident answers at once, tomorrow, in a week, or never."""
    most = case_queries.days_to_wait(about.case.reference, about.at)
    asked = [("at once", _MINUTE), ("tomorrow", _DAY), ("in a week", 7 * _DAY), ("never", most * _DAY)]
    after = [(words, span) for words, span in asked if words == "never" or span < most * _DAY]
    answers = [about.at + span for _, span in after]
    says = {each.name: each.says for each in judging(about.case.pledge_version)[0].standards}
    shown = case_queries.if_waiting(about.case.reference, about.at, answers) if most else []
    rows = [
        {
            "promise": says.get(each.standard, "") or each.standard,
            "due_at": each.due_at,
            "then": [(words, due) for (words, _), (_, due) in zip(after, each.then, strict=False)],
        }
        for each in shown
    ]
    return {"waiting": rows, "wait_days": about.service.wait_days, "wait_left": most}


def conflict_page(
    request: HttpRequest, about: About, form: type[ActForm], conflict: Conflict, *, title: str, button: str, **more: Any
) -> HttpResponse:
    """What somebody else changed meanwhile, and the form as it was filled in, to send again or to leave.

    `press` is the name of the button, where the form has several.
    """
    since = request.POST.get("since", "")
    again = request.POST.copy()
    again["seen"], again["since"] = str(about.seen), str(last_entry(about.case.reference))
    filled = form(again, about=about)
    changes = changes_since(about.case.reference, int(since)) if since.isdecimal() and len(since) < 19 else []
    shown = {
        "sentence": str(conflict),
        "changes": changes,
        "conflicted": filled,
        "title": title,
        "button": f"{button} all the same",
        "about": about,
        "case": about.case,
        "once": new_once(),
        "now": about.at,
    }
    return render(request, "desk/conflict.html", shown | more, status=409)


__all__ = ["ACTS", "About", "CaseAct", "about_case", "act_view", "carry_out", "conflict_page"]
