"""Waiting for the resident: the one thing that stops a clock, for so many days at most."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from makegood.database.values import among
from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.rooms.services.queries import service
from makegood.web.refusals import NotPossible
from makegood.web.saying import plural

from .. import permissions as p
from ..events import ClockPaused, ClockResumed
from ..models import Breach, Case, Fact, Pause, Promise
from ..rules.waiting import days_left, lapse_after
from .steps import add_fact, held, service_of, settle, touched, words_of


@action("cases.pause_for_resident", may=p.may_work)
def pause_for_resident(act: Act, *, case: str, reason: str, needed: str, seen: int | None = None) -> None:
    """Stop the clock, from now, because we wait for the resident; she is told at once what is needed.

    Raises `NotPossible` without a reason or what is needed, while the clock stands already, when no promise runs, after
    a breach, and when the days for which this case may wait are used up. There is no way to pause in the past.
    """
    row = held(act, case, seen, open=True)
    service = service_of(row)
    if not service.pause_from or not service.pause_until:
        raise NotPossible("The clock of this service does not stop.")
    why = words_of(reason, "reason", needed="Say why we cannot go on without the resident.")
    what = words_of(needed, "needed", needed="Say what we need from the resident, as you would tell them.")
    if Pause.objects.filter(case=row, ended_at=None).exists():
        raise NotPossible("We are waiting for the resident already.")
    if Breach.objects.filter(case=row).exists() or (row.due_at is not None and row.due_at < act.at):
        raise NotPossible(
            "The promise is broken already, so its clock cannot be stopped. Write to the resident instead."
        )
    if not Promise.objects.filter(case=row, status="running").exists():
        raise NotPossible("No promise is running, so there is no clock to stop.")
    earlier = ((each.began_at, each.ended_at or act.at) for each in Pause.objects.filter(case=row))
    left = days_left(service.wait_days, earlier)
    if not left:
        most = plural(service.wait_days, "day")
        raise NotPossible(f"This case has waited for the resident for {most}, which is the most there is.")
    until = lapse_after(act.at, left)
    fact = add_fact(act, row, service.pause_from, act.at)
    Pause.objects.create(case=row, opened=fact, reason=why, needed=what, began_at=act.at, lapses_at=until)
    act.about(row.reference, until=until.isoformat())
    act.announce(ClockPaused(subject=row.reference, at=act.at, until=until))
    touched(row)
    settle(act, [row])


@action("cases.end_pause", may=p.may_work)
def end_pause(act: Act, *, case: str, seen: int | None = None) -> None:
    """The clock runs on: we have what we needed, or go on without it."""
    row = held(act, case, seen)
    if not resume(act, row, "ended"):
        raise NotPossible("We are not waiting for the resident.")
    touched(row)
    settle(act, [row])


def resume(act: Act, case: Case, why: str) -> bool:
    """End the waiting, if we wait; whether we did. Judging is the caller's."""
    pause = Pause.objects.filter(case=case, ended_at=None).first()
    if pause is None:
        return False
    fact = add_fact(act, case, service_of(case).pause_until, act.at)
    pause.closed, pause.ended_at, pause.why_ended = fact, act.at, why
    pause.save(update_fields=["closed", "ended_at", "why_ended"])
    act.about(case.reference, waiting_ended=why)
    act.announce(ClockResumed(subject=case.reference, at=act.at, why=why))
    return True


def end_lapsed(act: Act, rows: Iterable[Case]) -> None:
    """End every waiting of these cases whose time is over, at the instant when it was over. Judging is the caller's.

    The fact is logged when it is noticed: what was asked in between got the answer of then.
    """
    cases = {row.number: row for row in rows}
    over = Pause.objects.filter(case__in=among(cases), ended_at=None, lapses_at__lte=act.at).order_by("id")
    for pause in over:
        case = cases[pause.case_id]
        fact = Fact.objects.create(
            case=case,
            name=service(case.service).pause_until,
            at=pause.lapses_at,
            recorded_at=act.at,
            by="system:makegood",
            entry=act.entry,
        )
        pause.closed, pause.ended_at, pause.why_ended = fact, pause.lapses_at, "lapsed"
        pause.save(update_fields=["closed", "ended_at", "why_ended"])
        act.announce(ClockResumed(subject=case.reference, at=pause.lapses_at, why="lapsed"))


def lapses_of(numbers: Collection[int]) -> dict[int, datetime]:
    """When the open waitings of cases end by themselves, by the case's number."""
    open_pauses = Pause.objects.filter(case__in=list(numbers), ended_at=None)
    return dict(open_pauses.values_list("case_id", "lapses_at"))


__all__ = ["end_lapsed", "end_pause", "lapses_of", "pause_for_resident", "resume"]
