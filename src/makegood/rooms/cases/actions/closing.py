"""Closing a case, and opening it again when it was not fixed.

Closed is not fixed: only a closing of the service that says so records the fact that the promise asks for. When a case
that was closed as fixed turns out not to be, that fact is withdrawn (kept, shown, and corrected by a row that says it
never happened): so the clock has run all along, a promise whose deadline passed meanwhile is broken as of its deadline,
and questions about the time before still get the answer of then. A breach on record stays, and the start stays.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models.functions import Now

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act, Json
from makegood.web.refusals import NotPossible

from .. import permissions as p
from ..events import CaseClosed, CaseReopened, EaseRated, ResidentWrote
from ..models import Case, Ease, HandOver, Link, Message
from ..queries.cases import seen, vouched_until
from .facts import withdraw
from .pausing import resume
from .steps import add_fact, changed, happened, held, service_of, settle, standing_facts, words_of

LINKS_LAST = timedelta(days=90)


@action("cases.close_case", may=p.may_work)
def close_case(
    act: Act, *, case: str, closing: str, at: datetime | None = None, note: str = "", seen: int | None = None
) -> None:
    """Close a case for a reason of its service. `at` is when it was done, for reasons that mean fixed.

    Only those record that it was done; with any other reason the clock runs on, and the promise may still be broken.
    An open waiting ends, and an unanswered hand-over too. A note goes with what was done, else with the act's reason.
    """
    row = held(act, case, seen, open=True)
    service = service_of(row)
    chosen = next((each for each in service.closings if each.code == closing), None)
    if chosen is None:
        raise NotPossible("Choose why the case is closed.", field="closing")
    words = words_of(note, "note")
    if chosen.fixed and not standing_facts(row, [service.done_fact]):
        add_fact(act, row, service.done_fact, happened(act, row, at), words)
    elif words:
        act.by = replace(act.by, reason=act.by.reason or words)
    resume(act, row, "ended")
    HandOver.objects.filter(case=row, answer="").update(
        answer="declined", answered_at=act.at, answered_by=act.actor.id, reason="The case was closed."
    )
    row.state, row.closed_at, row.closing, row.fixed = "closed", act.at, chosen.code, chosen.fixed
    changed(row, "state", "closed_at", "closing", "fixed")
    Link.objects.filter(case=row, revoked=None).update(expires=Now() + LINKS_LAST)
    told: dict[str, Json] = {"closing": chosen.code, "fixed": chosen.fixed}
    act.about(row.reference, **told)
    act.announce(CaseClosed(subject=row.reference, closing=chosen.code, fixed=chosen.fixed))
    settle(act, [row])


@action("cases.reopen_case", may=p.may_work)
def reopen_case(act: Act, *, case: str, reason: str, seen: int | None = None) -> None:
    """Open a closed case again. Where it was closed as fixed, that is withdrawn: see the head of this module."""
    row = held(act, case, seen, open=False)
    _reopen(act, row, words_of(reason, "reason", needed="Say why the case is opened again."))


@action("cases.say_not_fixed", may=p.may_answer)
def say_not_fixed(act: Act, *, case: str, words: str = "") -> None:
    """The resident says that it is not fixed: the case opens again, within the days that its service allows.

    Raises `NotPossible` later, and for cases that were not closed as fixed; a message is always possible.
    """
    row = held(act, case, open=False)
    said = words_of(words, "words")
    if not row.fixed:
        raise NotPossible("We did not close this as fixed. Write to us, and somebody will look at it.")
    if act.at > vouched_until(seen(row), service_of(row).vouch_days, act.at):
        raise NotPossible("We closed this some time ago. Write to us, and somebody will look at it.")
    if said:
        message = Message.objects.create(case=row, at=act.at, from_resident=True, words=said, by=act.actor.id)
        act.announce(ResidentWrote(subject=row.reference, message=message.pk, closed=False))
    row.unread = True
    _reopen(act, row, "The resident says that it is not fixed.")


def _reopen(act: Act, case: Case, why: str) -> None:
    not_fixed = case.fixed
    if not_fixed:
        for fact in standing_facts(case, [service_of(case).done_fact]):
            withdraw(act, case, fact, why)
    case.state, case.closed_at, case.closing, case.fixed = "open", None, "", False
    changed(case, "state", "closed_at", "closing", "fixed", "unread")
    Link.objects.filter(case=case, revoked=None).update(expires=None)
    act.about(case.reference, not_fixed=not_fixed)
    act.announce(CaseReopened(subject=case.reference, not_fixed=not_fixed))
    settle(act, [case])


@action("cases.rate_ease", may=p.may_answer)
def rate_ease(act: Act, *, case: str, score: int, words: str = "") -> None:
    """The resident says how easy it was, 1 very hard to 5 very easy; the last answer counts."""
    row = held(act, case)
    if score not in range(1, 6):
        raise NotPossible("Choose how easy it was.", field="score")
    kept = {"score": score, "words": words_of(words, "words"), "rated_at": act.at}
    Ease.objects.update_or_create(case=row, defaults=kept)
    act.about(row.reference, score=score)
    act.announce(EaseRated(subject=row.reference, score=score))
