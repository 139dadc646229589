"""What the resident is told about a case: one message for each thing that happened, by the way that she wishes.

Promises that were broken, and what she gets, are told by the remedies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from makegood.rooms.journal.actions import hears
from makegood.rooms.journal.events import SYSTEM, By, Event, Heard
from makegood.rooms.messages.actions import write
from makegood.rooms.people.queries import team
from makegood.rooms.pledges.queries import judging, local_day
from makegood.rooms.services.queries import service
from makegood.rules import Calendar, Outcome, Pledge, Status
from makegood.rules.speak import say_outcome, say_promise, say_remedies
from makegood.web.refusals import NotPossible
from makegood.web.saying import say_by

from . import queries
from .actions import make_link
from .events import (
    CaseClosed,
    CaseOpened,
    CaseReopened,
    ClockPaused,
    ClockResumed,
    ExemptionDecided,
    HandOverAccepted,
    StaffWrote,
)

Told = tuple[str, dict[str, str]]


@hears(
    "cases.telling",
    CaseOpened,
    CaseClosed,
    CaseReopened,
    ClockPaused,
    ClockResumed,
    ExemptionDecided,
    HandOverAccepted,
    StaffWrote,
)
def tell_resident(heard: Sequence[Heard]) -> None:
    """Write to the residents; those who cannot be written to are left to the people who speak with them."""
    for each in heard:
        reference = each.event.subject
        case = queries.cases_of([reference]).get(reference)
        to = queries.reachable(queries.people_of([reference]).get(reference))
        if case is None or to is None:
            continue
        told = _told(case, each.event, each.at)
        if told is None:
            continue
        wording, words = told
        about = {"service": service(case.service).name.lower(), "link": _link(reference, each.at)}
        try:
            write(
                By(actor=SYSTEM, at=each.at),
                wording=wording,
                to=to,
                about=reference,
                case_number=case.number,
                words=about | {name: said for name, said in words.items() if said},
            )
        except NotPossible:  # an address to which nothing can be sent
            continue


def _link(reference: str, at: datetime) -> str:
    """A private link of this message's own."""
    token = make_link(By(actor=SYSTEM, at=at), case=reference)
    return f"{settings.PLACE_ADDRESS.rstrip('/')}/track/{token}/"


def _told(case: queries.CaseSeen, event: Event, at: datetime) -> Told | None:
    """Which message an event asks for, and its words."""
    match event:
        case CaseOpened():
            return None if event.imported else _opened(case, at)
        case CaseClosed():
            return _closed(case, event, at)
        case CaseReopened():
            return "case-reopened", {"due": _due(case)}
        case ClockPaused():
            asked = next((each for each in queries.pauses_of(case.reference) if each.began_at == event.at), None)
            return ("we-need-something", {"what": asked.needed, "why": asked.reason}) if asked else None
        case ClockResumed():
            return ("clock-running-again", {"due": _due(case)}) if event.why == "answered" and case.due_at else None
        case ExemptionDecided():
            return _exempted(case, event)
        case HandOverAccepted():
            found = team(event.to_team)
            return "handed-over", {"team": found.name if found else event.to_team}
        case StaffWrote():
            said = {each.id: each.words for each in queries.conversation(case.reference)}
            return ("message-from-us", {"text": said[event.message]}) if said.get(event.message) else None
        case _:
            return None


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.PLACE_ZONE)


def _due(case: queries.CaseSeen) -> str:
    return say_by(case.due_at, _zone()) if case.due_at else ""


def _opened(case: queries.CaseSeen, at: datetime) -> Told:
    pledge, calendars = judging(case.pledge_version)
    outcomes = queries.judged(case.reference, at, explain=False).outcomes
    running = [each for each in outcomes if each.status is Status.RUNNING]
    if not running and any(each.status is Status.VOID for each in outcomes):
        told = [say_outcome(each, pledge) for each in queries.promises_of(case.reference, at)]
        return "case-opened", {"promise": "\n".join(dict.fromkeys(told))}
    fails = {each.standard: _fails(pledge, each, calendars, at) for each in running}
    if len(running) > 1:  # each has its own deadline, and its own remedies
        said = [(each, say_promise(pledge, each.standard)) for each in running]
        return "case-opened", {
            "promise": "\n".join(f"* {words} {_until(each)}".rstrip() for each, words in said),
            "if_we_fail": "\n\n".join(f"{words}\n{fails[each.standard]}" for each, words in said),
        }
    return "case-opened", {
        "promise": next((say_promise(pledge, each.standard) for each in running), pledge.title),
        "due": _due(case),
        "if_we_fail": "".join(fails.values()) or _SORRY,
    }


_SORRY = "We will say sorry and tell you why."


def _fails(pledge: Pledge, outcome: Outcome, calendars: Mapping[str, Calendar], at: datetime) -> str:
    standard = pledge.standard(outcome.standard, outcome.version)
    return (say_remedies(pledge, standard, calendars, day=local_day(at)) if standard else "") or _SORRY


def _until(outcome: Outcome) -> str:
    return f"We do it {say_by(outcome.due_at, _zone())}." if outcome.due_at else ""


def _closed(case: queries.CaseSeen, event: CaseClosed, at: datetime) -> Told:
    of = service(case.service)
    reason = of.closing(event.closing)
    wording = "case-closed-fixed" if event.fixed else "case-closed-not-fixed"
    until = say_by(queries.vouched_until(case, of.vouch_days, at), _zone())
    return wording, {"reason": reason.label if reason else "", "until": until}


def _exempted(case: queries.CaseSeen, event: ExemptionDecided) -> Told:
    pledge, _ = judging(case.pledge_version)
    labels = {each.fact: each.label for each in service(case.service).exemptions}
    decided = next((each for each in queries.exemptions_of(case.reference) if each.id == event.exemption), None)
    standards = [each.standard for each in queries.standings_of(case.reference)]
    return "not-our-fault", {
        "promise": "\n".join(dict.fromkeys(say_promise(pledge, name) for name in standards)) or pledge.title,
        "reason": labels.get(event.fact, event.fact),
        "evidence": decided.evidence if decided else "",
    }
