"""What remedies do when something happens in a case: work out again what it owes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from makegood.rooms.cases.events import (
    CaseClosed,
    ExemptionDecided,
    FactCorrected,
    FactRecorded,
    OutcomeChanged,
    PromiseBroken,
    ResidentErased,
)
from makegood.rooms.journal.actions import hears
from makegood.rooms.journal.events import SYSTEM, By, Event, Heard

from .actions import erase_told, reconcile_cases
from .models import Standing


def _at_once(event: Event) -> bool:
    """Whether what is owed may change: whoever acts sees that on the next page. The rest waits for the worker."""
    if isinstance(event, OutcomeChanged):
        return "broken" in (event.status, event.was)
    return isinstance(event, PromiseBroken | FactCorrected | ExemptionDecided | CaseClosed)


@hears(
    "remedies",
    PromiseBroken,
    OutcomeChanged,
    FactRecorded,  # work done late may leave the sum as it is, and yet end its growing
    FactCorrected,
    ExemptionDecided,
    CaseClosed,
    prompt=_at_once,
)
def on_case(heard: Sequence[Heard]) -> None:
    """Reconcile each case once, as of the last instant at which something happened in it."""
    last: dict[str, datetime] = {}
    owing: set[str] = set()
    for each in heard:
        last[each.event.subject] = max(each.at, last.get(each.event.subject, each.at))
        if _may_owe(each.event):
            owing.add(each.event.subject)
    others = Standing.objects.filter(reference__in=last.keys() - owing).values_list("reference", flat=True)
    groups: dict[datetime, list[str]] = defaultdict(list)
    for reference in sorted(owing.union(others)):
        groups[last[reference]].append(reference)
    for at, references in sorted(groups.items()):
        reconcile_cases(By(actor=SYSTEM, at=at), cases=references)


@hears("remedies.erasing", ResidentErased, prompt=lambda _: True)
def on_erased(heard: Sequence[Heard]) -> None:
    """Erase what a person told the resident of a task; the task and that it was done stay."""
    for each in heard:
        erase_told(By(actor=SYSTEM, at=each.at), case=each.event.subject)


def _may_owe(event: Event) -> bool:
    """Whether something may be owed that was not before; the others only matter where something was."""
    return isinstance(event, PromiseBroken) or (isinstance(event, OutcomeChanged) and event.status == "broken")
