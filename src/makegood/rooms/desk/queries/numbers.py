"""How promises stand, by service: for those who answer for them. Nothing here counts what one person did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from makegood.rooms.cases.queries import Load, Performance, loads, performance
from makegood.rooms.pledges.queries import in_force, judging
from makegood.rooms.remedies.queries import Totals, totals
from makegood.rooms.services.events import Service
from makegood.rooms.services.queries import services
from makegood.web.refusals import NotFound

from .home import team_names


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceNumbers:
    """One service: its promises since `counted_from` a day, its open cases by team, and what remedies came to."""

    service: Service
    team: str
    promises: list[tuple[str, Performance, int | None]]
    loads: list[tuple[str, Load]]
    totals: Totals
    received: int
    paused: int | None


def numbers(at: datetime) -> list[ServiceNumbers]:
    """How the promises of every service stand."""
    teams, every = team_names(), loads(at)
    return [_of(service, teams, every, at) for service in services()]


def _of(service: Service, teams: dict[str, str], every: list[Load], at: datetime) -> ServiceNumbers:
    mine = [each for each in every if each.service == service.code]
    received = sum(each.received for each in mine)
    stood = sum(each.paused for each in mine)
    says = _says(service.pledge, at)
    places = {name: place for place, name in enumerate(says)}
    kept = sorted(performance(service.pledge, at), key=lambda seen: places.get(seen.standard, len(places)))
    return ServiceNumbers(
        service=service,
        team=teams.get(service.team, service.team),
        promises=[(says.get(each.standard) or each.standard, each, _share(each)) for each in kept],
        loads=[(teams.get(each.team, each.team), each) for each in mine],
        totals=totals(service=service.code),
        received=received,
        paused=stood * 100 // received if received else None,
    )


def _says(pledge: str, at: datetime) -> dict[str, str]:
    try:
        return {each.name: each.says for each in judging(in_force(pledge, at).id)[0].standards}
    except NotFound:
        return {}


def _share(seen: Performance) -> int | None:
    if seen.kept is None or seen.broken is None or not seen.kept + seen.broken:
        return None
    return seen.kept * 100 // (seen.kept + seen.broken)
