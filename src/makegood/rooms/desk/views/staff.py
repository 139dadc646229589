"""People and teams for administrators, the journal for auditors, and the numbers for managers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.rooms.cases.queries import counted_from, looks_like_reference
from makegood.rooms.journal.queries import done_to, now, verify, who
from makegood.rooms.people.actions import add_person, add_team, change_person
from makegood.rooms.people.events import ROLE_WORDS, Role
from makegood.rooms.people.queries import member, teams
from makegood.rooms.people.queries import people as everybody
from makegood.web.access import open_to
from makegood.web.refusals import NotFound

from ..forms import ChangePersonForm, NewPersonForm, SubjectForm, TeamForm
from ..queries import numbers as numbers_of
from ..queries.case import entries
from .doing import by, done, new_once

MOST_ENTRIES = 500


@open_to("administrator")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account, and the teams."""
    names = {each.code: each.name for each in teams()}
    shown = [
        (
            each,
            [ROLE_WORDS[Role(role)] for role in sorted(each.roles)],
            [names.get(code, code) for code in sorted(each.teams)],
        )
        for each in everybody()
    ]
    return render(request, "desk/people.html", {"people": shown, "teams": teams()})


@open_to("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Give somebody an account."""
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    form.offer_teams(teams())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if done(
            form,
            lambda: add_person(
                by(request),
                email=data["email"],
                name=data["name"],
                roles=data["roles"],
                teams=data["teams"],
                discretion_pence=int((data["discretion"] or 0) * 100),
            ),
        ):
            messages.success(request, f"{data['name']} has an account. They set a password by “I forgot my password”.")
            return redirect("desk:people")
    shown = {"form": form, "title": "Add a person", "button": "Add them", "once": new_once()}
    return render(request, "desk/person.html", shown, status=422 if form.errors else 200)


@open_to("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change what somebody may do, or close the account."""
    person = member(str(number))
    if person is None:
        raise NotFound("There is no such person.")
    form = ChangePersonForm(
        request.POST if request.method == "POST" else None, initial=ChangePersonForm.initially(person)
    )
    form.offer_teams(teams())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if done(
            form,
            lambda: change_person(
                by(request),
                person=str(number),
                roles=data["roles"],
                teams=data["teams"],
                discretion_pence=int((data["discretion"] or 0) * 100),
                active=data["active"],
            ),
        ):
            messages.success(request, f"{person.name}’s account is changed.")
            return redirect("desk:people")
    shown = {"form": form, "title": person.name, "person": person, "button": "Save", "once": new_once()}
    return render(request, "desk/person.html", shown, status=422 if form.errors else 200)


@open_to("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    """Add a team, or rename one."""
    start = next((each for each in teams() if each.code == request.GET.get("code")), None)
    initial = {"code": start.code, "name": start.name, "organisation_name": start.organisation} if start else {}
    form = TeamForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if done(form, lambda: add_team(by(request), **data)):
            messages.success(request, f"The team {data['name']} is there.")
            return redirect("desk:people")
    shown = {"form": form, "title": "Add or rename a team", "button": "Save the team", "once": new_once()}
    return render(request, "desk/person.html", shown, status=422 if form.errors else 200)


@open_to("auditor", "officer", "manager")
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """What was done to a subject. Reasons are free words: auditors see only that there was one."""
    form = SubjectForm(request.GET if "subject" in request.GET else None)
    subject = form.cleaned_data["subject"].strip() if form.is_bound and form.is_valid() else ""
    if looks_like_reference(subject):
        subject = _reference(subject)
    found = entries(done_to(subject, limit=MOST_ENTRIES)) if subject else []
    shown = {
        "search": form,
        "subject": subject,
        "found": found,
        "most": MOST_ENTRIES,
        "reasons": who(request).has("officer", "manager"),
        "now": now(),
        "once": new_once(),
    }
    return render(request, "desk/journal.html", shown)


def _reference(words: str) -> str:
    letters = "".join(each for each in words.upper() if each.isalnum()).removeprefix("MG")
    return f"MG-{letters[:4]}-{letters[4:]}"


@open_to("auditor")
@require_POST
def verify_journal(request: HttpRequest) -> HttpResponse:
    """Recompute the chain of the journal."""
    return render(request, "desk/verified.html", {"verified": verify()})


@open_to("manager")
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """How the promises of every service stand. Nobody's own work is counted."""
    at = now()
    return render(request, "desk/numbers.html", {"services": numbers_of(at), "since": counted_from(at), "now": at})
