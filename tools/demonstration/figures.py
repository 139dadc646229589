"""What the year came to, by the queries that pages use: kept in the dump, and compared when it is loaded."""

from __future__ import annotations

from typing import Any

from makegood.rooms.cases.queries import performance
from makegood.rooms.journal.events import SYSTEM
from makegood.rooms.journal.queries import see_as
from makegood.rooms.messages.queries import counts
from makegood.rooms.pledges.queries import published
from makegood.rooms.remedies.queries import totals

from . import plan
from .acting import World


def figures(world: World) -> dict[str, Any]:
    """The planted cases by what they show, how often each thing happened, and the public figures."""
    return {
        "cases": world.planted,
        "happened": dict(sorted(world.counted.items())),
        "figures": public_figures(),
    }


def public_figures() -> dict[str, Any]:
    """How promises were kept, what remedies came to, and which messages a person has to see to, at the year's end."""
    see_as(SYSTEM)
    kept = {
        shown.name: {
            each.standard: [each.kept, each.broken, each.excused] for each in performance(shown.name, plan.ENDS)
        }
        for shown in published(plan.ENDS)
    }
    sums = totals()
    money = {name: str(getattr(sums, name)) for name in ("cost", "owed", "vouchers", "paid", "left")}
    return {"promises": kept, "remedies": money, "messages": {str(state): most for state, most in counts().items()}}
