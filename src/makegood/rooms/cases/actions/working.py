"""Who has a case: taking it, and handing it over to another team that accepts or declines."""

from __future__ import annotations

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act, Who
from makegood.rooms.people.queries import team as team_of
from makegood.web.refusals import Conflict, NotAllowed, NotFound, NotPossible

from .. import permissions as p
from ..events import CaseTaken, HandedOver, HandOverAccepted, HandOverDeclined
from ..models import Case, HandOver
from .steps import changed, held, touched, words_of


@action("cases.take_case", may=p.may_work)
def take_case(act: Act, *, case: str, seen: int | None = None) -> None:
    """Take a case on: whoever acts is its owner from now."""
    row = held(act, case, seen, open=True)
    row.owner = act.actor.id
    changed(row, "owner")
    act.about(row.reference, owner=row.owner)
    act.announce(CaseTaken(subject=row.reference, team=row.team, owner=row.owner))


@action("cases.hand_over", may=p.may_work)
def hand_over(act: Act, *, case: str, team: str, context: str, seen: int | None = None) -> int:
    """Ask another team to take a case, with all that it needs to know; the number of the hand-over.

    Until that team accepts, the case stays where it is: there is always somebody who has it. The clock runs on.
    """
    row = held(act, case, seen, open=True)
    if team_of(team) is None:
        raise NotPossible("Choose a team.", field="team")
    if team == row.team:
        raise NotPossible("This team has the case already.", field="team")
    told = words_of(context, "context", needed="Say what the other team needs to know.")
    if HandOver.objects.filter(case=row, answer="").exists():
        raise Conflict("This case is being handed over already.")
    made = HandOver.objects.create(
        case=row, from_team=row.team, to_team=team, context=told, asked_at=act.at, asked_by=act.actor.id
    )
    touched(row)
    act.about(row.reference, hand_over=made.pk, from_team=row.team, to_team=team)
    act.announce(HandedOver(subject=row.reference, hand_over=made.pk, from_team=row.team, to_team=team))
    return int(made.pk)


@action("cases.accept_hand_over", may=p.may_work)
def accept_hand_over(act: Act, *, hand_over: int) -> None:
    """Take the case that your team was asked to take: your team has it from now, and you own it."""
    asked, row = _asked(act, hand_over)
    _answer(act, asked, "accepted", "")
    row.team, row.owner = asked.to_team, act.actor.id
    changed(row, "team", "owner")
    act.announce(
        HandOverAccepted(subject=row.reference, hand_over=asked.pk, from_team=asked.from_team, to_team=asked.to_team)
    )


@action("cases.decline_hand_over", may=p.may_work)
def decline_hand_over(act: Act, *, hand_over: int, reason: str) -> None:
    """Do not take the case, and say why: it is with the team that asked."""
    why = words_of(reason, "reason", needed="Say why your team cannot take this case.")
    asked, row = _asked(act, hand_over)
    _answer(act, asked, "declined", why)
    touched(row)
    act.announce(
        HandOverDeclined(subject=row.reference, hand_over=asked.pk, from_team=asked.from_team, to_team=asked.to_team)
    )


def _asked(act: Act, number: int) -> tuple[HandOver, Case]:
    reference = HandOver.objects.filter(pk=number).values_list("case__reference", flat=True).first()
    if reference is None:
        raise NotFound("There is no such hand-over.")
    row = held(act, reference)
    asked = HandOver.objects.get(pk=number)
    if asked.answer:
        raise Conflict(f"This hand-over was {asked.answer} already.")
    if act.actor.who is Who.STAFF and asked.to_team not in act.actor.teams:
        raise NotAllowed("Only the team that was asked can answer.")
    return asked, row


def _answer(act: Act, asked: HandOver, answer: str, why: str) -> None:
    asked.answer, asked.answered_at, asked.answered_by, asked.reason = answer, act.at, act.actor.id, why
    asked.save(update_fields=["answer", "answered_at", "answered_by", "reason"])
    act.about(asked.case.reference, hand_over=asked.pk, from_team=asked.from_team, to_team=asked.to_team)
