"""The same journeys read in two ways: the same services joined (horizontal), or different ones (vertical).

After “Communities in Control: remedy review” (2008): horizontal integration gives economy of scale to producers,
vertical integration economy of effort to customers. Who gains is counted here, not taken for granted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import ORDER, Journeys, Kind
from ..measure import Definition, Measure
from ..measures.effort import with_costs
from ..measures.ratios import Quantity, told
from ..measures.settings import Settings
from ..store import Store
from .falling import DAY

NEAR_DAYS = 14
"""A contact elsewhere, at most so many days after the one before, could have been in one place with it."""

_SOURCE = "Communities in Control: remedy review (2008), horizontal and vertical integration"
_REPEATS = (
    "A contact is doubled when another organisation had already had a contact of the same step (of the same kind, "
    "where a log has no steps) for the same need, earlier in the journey. If those who do the same became one, the "
    "step would be done once. Chases and complaints are no steps."
)
_MOVES = (
    "A contact is one more place when the contact before it in the journey was at another organisation, at most "
    f"{NEAR_DAYS} days earlier, and its step (its kind, where a log has no steps) had not been done elsewhere in the "
    "journey. If the different services were in one place, the customer would be there already: the way there falls "
    "away. The work is still done, so nothing is counted for the partners. Chases and complaints are no steps."
)
_UNKNOWN = "Journeys with a contact of an unknown organisation or step are unknown."


def _definition(name: str, title: str, unit: str, says: str, formula: str, *needs: str) -> Definition:
    return Definition(
        name=name,
        title=title,
        unit=unit,
        of="journeys",
        says=f"{says} {_UNKNOWN}",
        formula=f"{formula} ÷ journeys",
        source=_SOURCE,
        needs=("organisation", "kind", *needs),
    )


DOUBLED = _definition(
    "doubled_contacts", "Contacts for a step done elsewhere already", "contacts", _REPEATS, "doubled contacts"
)
DOUBLED_LOW = _definition(
    "doubled_cost_low",
    "The partners gain per journey, at least",
    "pounds",
    f"The low end of what doubled contacts cost the organisations. {_REPEATS} Journeys with one of unknown cost are "
    "unknown.",
    "low unit cost of doubled contacts",
    "channel",
)
DOUBLED_HIGH = replace(
    DOUBLED_LOW,
    name="doubled_cost_high",
    title="The partners gain per journey, at most",
    says=DOUBLED_LOW.says.replace("The low end", "The high end"),
    formula=DOUBLED_LOW.formula.replace("low", "high"),
)
DOUBLED_MINUTES = _definition(
    "doubled_minutes",
    "The customer gains per journey: own time and travel",
    "minutes",
    f"The customer's minutes in doubled contacts and on the way to them. {_REPEATS} Journeys with one of unknown time "
    "are unknown.",
    "minutes and travel minutes of doubled contacts",
    "minutes",
    "travel_minutes",
)
PLACES = _definition("further_places", "Contacts that are one more place", "contacts", _MOVES, "such contacts")
PLACES_MINUTES = _definition(
    "further_places_minutes",
    "The customer gains per journey: travel",
    "minutes",
    f"The customer's minutes on the way to contacts that are one more place. {_MOVES} Journeys with one of unknown "
    "time are unknown.",
    "travel minutes of such contacts",
    "travel_minutes",
)
PLACES_MILES = _definition(
    "further_places_miles",
    "The customer gains per journey: miles",
    "miles",
    f"The customer's miles to contacts that are one more place. {_MOVES} Journeys with one of unknown miles are "
    "unknown.",
    "miles to such contacts",
    "travel_miles",
)
HORIZONTAL = (DOUBLED, DOUBLED_LOW, DOUBLED_HIGH, DOUBLED_MINUTES)
VERTICAL = (PLACES, PLACES_MINUTES, PLACES_MILES)

_NO_STEPS = (Kind.CHASE, Kind.COMPLAINT)
_WORTH = {
    "low": "doubled",
    "high": "doubled",
    "time": "doubled",
    "travel_minutes": "further",
    "travel_miles": "further",
}
"""What is summed, and over which contacts."""


def readings(journeys: Journeys, store: Store, settings: Settings) -> tuple[list[Measure], list[Measure]]:
    """What horizontal integration would spare, `HORIZONTAL`, and what vertical integration would, `VERTICAL`.

    Both on the same journeys, each per journey, the gain of partners and that of customers apart. They are what is
    there to be gained at most, not a forecast: what a merger or a shared office costs is not in a contact log.
    """
    known = journeys.log.known
    step = "activity" if "activity" in known else "kind"
    contacts = with_costs(_contacts(journeys, step), settings.costs, store)
    rows = store.keep(_by_journey(journeys, contacts))
    found = told(rows, _SUMS, _quantities(settings), store=store, by=(), known=known)
    named = {each.definition.name: each for each in found}
    across, along = ([named[each.name] for each in definitions] for definitions in (HORIZONTAL, VERTICAL))
    return across, along


def _contacts(journeys: Journeys, step: str) -> Frame:
    """Each contact: whether it is `doubled`, `further`, or neither, as 1 and 0; null where that is not known."""
    needs = journeys.whole.select("journey", its_need="need")
    rows = journeys.contacts.join(needs, on="journey")
    idle = nw.col("kind").is_in([str(kind) for kind in _NO_STEPS]).fill_null(value=False)
    rows = rows.with_columns(
        need=nw.coalesce("need", "its_need", nw.lit("")),
        step=nw.when(~idle).then(nw.col(step)),
        unknown=(nw.col("organisation").is_null() | (~idle & nw.col(step).is_null())).cast(nw.Int64),
        gap=nw.col("start") - nw.coalesce("before_end", "start"),
        time=nw.col("minutes") + nw.col("travel_minutes"),
    )
    # Somebody else did the step before when the first to do it was somebody else, or when somebody else came since.
    by = ("journey", "need", "step")
    others = rows.filter(~nw.col("step").is_null()).select(*by, "organisation", *ORDER)
    first = others.with_columns(turn=nw.col("contact").cum_count().over(*by, order_by=ORDER))
    before = first.with_columns(
        same=nw.col("contact").cum_count().over(*by, "organisation", order_by=ORDER)
    ).select("contact", elsewhere=(nw.col("turn") > nw.col("same")).cast(nw.Int64))  # fmt: skip
    rows = rows.join(before, on="contact", how="left").with_columns(elsewhere=nw.col("elsewhere").fill_null(0))
    moved = (nw.col("organisation") != nw.col("before_organisation")).fill_null(value=False)
    near = nw.col("gap") <= NEAR_DAYS * DAY
    further = moved & near & ~nw.col("step").is_null() & (nw.col("elsewhere") == 0)
    return rows.with_columns(doubled=nw.col("elsewhere"), further=further.cast(nw.Int64))


def _by_journey(journeys: Journeys, contacts: Frame) -> Frame:
    """Each journey with its sums; those of which something is not known of a contact that counts are null."""
    values = {name: nw.when(nw.col(which) == 1).then(nw.col(name)) for name, which in _WORTH.items()}
    missing = {
        f"no_{name}": ((nw.col(which) == 1) & nw.col(name).is_null()).cast(nw.Int64) for name, which in _WORTH.items()
    }
    counts = ("unknown", "doubled", "further", *missing)
    rows = contacts.with_columns(**missing).with_columns(**values).group_by("journey")
    told_of = rows.agg(nw.col(*counts, *values).sum())
    known = nw.col("unknown") == 0
    sums = {name: nw.when(known & (nw.col(f"no_{name}") == 0)).then(nw.col(name).fill_null(0)) for name in values}
    counted = {name: nw.when(known).then(nw.col(name)) for name in ("doubled", "further")}
    return journeys.whole.select("journey", "block").join(told_of, on="journey").with_columns(**sums, **counted)


_NAMES = ("doubled", "further", *_WORTH)
_SUMS: Mapping[str, nw.Expr] = {
    **{name: nw.col(name) for name in _NAMES},
    **{f"{name} told": ~nw.col(name).is_null() for name in _NAMES},
    **{f"{name} untold": nw.col(name).is_null() for name in _NAMES},
}


def _quantities(settings: Settings) -> Sequence[Quantity]:
    costs = () if settings.costs and settings.costs.contacts else ("unit costs",)
    of = {
        "doubled": DOUBLED,
        "low": DOUBLED_LOW,
        "high": DOUBLED_HIGH,
        "time": DOUBLED_MINUTES,
        "further": PLACES,
        "travel_minutes": PLACES_MINUTES,
        "travel_miles": PLACES_MILES,
    }
    return [
        Quantity(
            definition=definition,
            sums=(name, f"{name} told"),
            n=f"{name} told",
            unknown=f"{name} untold",
            lacks=costs if name in ("low", "high") else (),
        )
        for name, definition in of.items()
    ]
