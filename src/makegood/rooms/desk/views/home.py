"""The desk's first page, its lists, and the search."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from makegood.rooms.cases.queries import Listed, case_of, looks_like_reference, search
from makegood.rooms.journal.queries import now, who
from makegood.web.access import open_to
from makegood.web.refusals import NotFound

from ..forms import FindForm
from ..permissions import WORKING as _WORKING
from ..queries import home, lines_of, list_of
from ..queries.home import GROUPS, PAGE, Beyond, hand_overs_for, tasks_for, team_names
from .doing import DESK, WORKING

MOST_FOUND = 50


def _mine(request: HttpRequest) -> bool:
    return request.GET.get("whose") == "mine"


@open_to(*DESK)
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """What waits: mine or my team's, in groups; those with another task go to their own page."""
    actor = who(request)
    if not actor.has(*_WORKING):
        for role, route in (("crew", "desk:crew"), ("administrator", "desk:people"), ("auditor", "desk:journal")):
            if actor.has(role):
                return redirect(route)
    at = now()
    mine, waits = _mine(request), home(actor, at, mine=_mine(request))
    some = any(section.lines for section in waits.sections)
    shown = {"home": waits, "some": some, "now": at, "mine": mine, "team_now": not mine, "find": FindForm()}
    return render(request, "desk/home.html", shown)


@open_to(*WORKING)
@require_safe
def group(request: HttpRequest, show: str) -> HttpResponse:
    """One group of cases, a page at a time."""
    if show not in GROUPS:
        raise NotFound("There is no such list.")
    at, mine, beyond = now(), _mine(request), _read(request.GET.get("after", ""))
    listed = list_of(who(request), show, at, mine=mine, limit=PAGE + 1, beyond=beyond)
    title, about = GROUPS[show]
    whose = "mine" if mine else "team"
    shown = {
        "lines": lines_of(listed[:PAGE], at),
        "title": title,
        "about": about,
        "show": show,
        "groups": [(code, words) for code, (words, _) in GROUPS.items()],
        "mine": mine,
        "whose": whose,
        "now": at,
        "later": beyond is not None,
        "next": f"?{urlencode({'whose': whose, 'after': _write(listed[PAGE - 1])})}" if len(listed) > PAGE else "",
    }
    return render(request, "desk/group.html", shown)


def _write(last: Listed) -> str:
    """The place in a list after a case, for an address."""
    due = last.case.due_at
    return f"{last.case.number}.{due.astimezone(UTC):%Y%m%dT%H%M%SZ}" if due else f"{last.case.number}."


def _read(written: str) -> Beyond:
    """The place in a list that an address says; the beginning where it says none."""
    number, _, due = written.partition(".")
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        return None
    try:
        return (datetime.strptime(due, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if due else None), int(number)
    except ValueError:
        return None


@open_to(*WORKING)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Cases by reference, name, place or words; a whole reference opens its case."""
    form = FindForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    if looks_like_reference(words):
        try:
            return redirect("desk:case", reference=case_of(words).reference)
        except NotFound:
            pass
    at = now()
    listed = search(words, limit=MOST_FOUND) if words else []
    shown = {"find": form, "words": words, "lines": lines_of(listed, at), "now": at, "most": MOST_FOUND}
    return render(request, "desk/found.html", shown)


@open_to(*WORKING)
@require_safe
def hand_overs(request: HttpRequest) -> HttpResponse:
    """What my teams are asked to take."""
    shown = {"asked": hand_overs_for(who(request)), "teams": team_names(), "now": now()}
    return render(request, "desk/hand_overs.html", shown)


@open_to(*WORKING)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """What my teams have to do for remedies."""
    at, actor = now(), who(request)
    shown = {"tasks": tasks_for(actor, at)[:200], "may_finish": actor.has("adviser", "officer"), "now": at}
    return render(request, "desk/tasks.html", shown)
