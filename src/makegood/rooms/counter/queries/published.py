"""What we promise and how we are doing, as pages and the JSON API show it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from makegood.rooms.cases.queries import Performance, performance
from makegood.rooms.pledges import queries as pledges
from makegood.rooms.pledges.queries import PledgeShown, Version
from makegood.rooms.remedies.queries import totals
from makegood.rules import Pledge
from makegood.rules.five_ys import scores_data
from makegood.rules.language.model import Standard
from makegood.rules.speak import say_limit

from .told import local_day


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How one standard was kept of late. `share` is the percentage kept, None where it may not be shown."""

    says: str
    seen: Performance
    share: int | None


def figures_of(version: Version, at: datetime) -> list[Figures]:
    """How each standard of a promise was kept since `counted_from` a day; in their order, older ones last."""
    says = {each.name: each.says for each in _standards(pledges.judging(version.id)[0])}
    places = {name: place for place, name in enumerate(says)}
    return [
        Figures(says=says.get(each.standard) or each.standard, seen=each, share=_share(each))
        for each in sorted(performance(version.name, at), key=lambda seen: places.get(seen.standard, len(places)))
    ]


def _share(seen: Performance) -> int | None:
    if seen.kept is None or seen.broken is None or not seen.kept + seen.broken:
        return None
    return seen.kept * 100 // (seen.kept + seen.broken)


def _standards(pledge: Pledge) -> list[Standard]:
    """A standard for each name; where versions differ, the latest one counts."""
    parts = [*(part.standards for part in pledge.versions), pledge.standards]
    return list({each.name: each for part in parts for each in part}.values())


def big_words(version: Version, at: datetime) -> list[dict[str, str]]:
    """A poster's words: what each standard says, and its time limit in the engine's words where it has one line."""
    pledge, calendars = pledges.judging(version.id)
    return [
        {"title": each.says, "words": say_limit(pledge, each, calendars, day=local_day(at))}
        for each in _standards(pledge)
        if each.says
    ]


def page_of(name: str) -> str:
    """The whole address of a promise's page."""
    return settings.PLACE_ADDRESS.rstrip("/") + reverse("counter:promise", kwargs={"name": name})


def listed_data(each: PledgeShown) -> dict[str, Any]:
    """A promise in a list, as JSON."""
    return {
        "name": each.name,
        "title": each.title,
        "version": each.version,
        "valid_from": each.valid_from.isoformat(),
        "says": list(each.says),
        "page": page_of(each.name),
    }


def as_data(version: Version, at: datetime) -> dict[str, Any]:
    """A promise as JSON: its text, its words, how we are doing, the five Ys, and its versions."""
    return {
        "name": version.name,
        "title": version.title,
        "version": version.number,
        "valid_from": version.valid_from.isoformat(),
        "page": page_of(version.name),
        "pledge": json.loads(pledges.as_json(version.id)),
        "words": pledges.say(version.id, local_day(at), "markdown"),
        "how_we_are_doing": [_told(each.seen) for each in figures_of(version, at)],
        "remedies_cost": str(totals(version.name).cost),
        "five_ys": scores_data(pledges.five_ys(version.id))["ratings"],
        "versions": [
            {"version": each.number, "valid_from": each.valid_from.isoformat()}
            for each in pledges.versions(version.name)
        ],
    }


def _told(seen: Performance) -> dict[str, Any]:
    return {
        "standard": seen.standard,
        "kept": seen.kept,
        "broken": seen.broken,
        "excused": seen.excused,
        "total": seen.total,
        "typical_seconds": int(seen.typical.total_seconds()) if seen.typical else None,
    }
