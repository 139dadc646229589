"""Effort: the customer's own time and travel, how long it took in days and working days, and what it cost whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

import narwhals.stable.v2 as nw

from ....rules import Calendar
from ....rules.working_time import DAY as DAY_SECONDS
from ....rules.working_time import zone_named
from ...program.build import Frame
from ..columns import MICROSECONDS, NOT_AVOIDABLE, Journeys
from ..costs import ContactCost, UnitCosts
from ..facts import Facts
from ..measure import Definition, Measure
from ..store import Store, Value
from .completing import DAY, days, until_completed
from .pairs import total
from .ranked import Rank
from .ratios import Quantity, told
from .settings import Settings
from .sure import Sums, quotient
from .telling import Telling, told_by

NO_COSTS = "unit costs"
NO_CALENDAR = "a calendar of working days"
"""What a measure lacks when the settings do not hold it."""

_SOURCE = "Standard cost model of administrative burdens, as used of citizens: time × its value, and money spent"
_UNTIL = (
    "Only journeys that a contact completed count, each up to and including the first that completed it; those not "
    "completed, or of which that is not known, are unknown"
)
_GROUPS = "By need, organisation and channel of the journey: its first need, and those of its first contact."
_RANGE = (
    "The unit costs are a range, so that this is one end of one: the true cost lies between the two ends as far as the "
    "unit costs do, and no single figure is told. The interval tells only how much other journeys might differ."
)


def _per_outcome(name: str, title: str, unit: str, what: str, *needs: str) -> Definition:
    return Definition(
        name=name,
        title=title,
        unit=unit,
        of="journeys",
        says=f"{what} {_UNTIL}, and so are those with a contact until then of which it is not noted; where "
        f"there was none a log has to say 0. {_GROUPS}",
        formula=f"{unit} of completed journeys, up to the completing contact ÷ completed journeys",
        source=_SOURCE,
        needs=(*needs, "completed"),
        better="lower",
    )


OWN_MINUTES = _per_outcome(
    "own_minutes",
    "The customer's own time in contacts, per completed outcome",
    "minutes",
    "The customer's own minutes in contacts, waiting included.",
    "minutes",
)
TRAVEL_MINUTES = _per_outcome(
    "travel_minutes",
    "The customer's time on the way, per completed outcome",
    "minutes",
    "The customer's minutes to get to contacts and back.",
    "travel_minutes",
)
TRAVEL_MILES = _per_outcome(
    "travel_miles",
    "Miles travelled by the customer, per completed outcome",
    "miles",
    "The customer's miles to get to contacts and back.",
    "travel_miles",
)
ELAPSED = Definition(
    name="elapsed_days",
    title="Days from first contact to completion",
    unit="days",
    of="journeys",
    says="The mean of days, of 24 hours, from the start of the first contact to the first end (or start) of a contact "
    f"that completed the journey. Those not completed, or of which that is not known, are unknown. {_GROUPS}",
    formula="time from first contact to completion ÷ completed journeys",
    source="Elapsed time of public services, as the customer sees it",
    needs=("completed",),
    better="lower",
)
ELAPSED_MIDDLE = replace(
    ELAPSED,
    name="elapsed_days_middle",
    title="Days from first contact to completion: the middle journey",
    says=ELAPSED.says.replace("The mean of days", "The median of days"),
    formula="median over completed journeys of the time from first contact to completion",
)
WORKING_DAYS = Definition(
    name="elapsed_working_days",
    title="Working days from first contact to completion",
    unit="working days",
    of="journeys",
    says="The mean of working days, by the calendar given and in its time zone: open days after the day of the first "
    "contact, up to and including the day of completion, as pledges count. Journeys not completed, or of which that is "
    f"not known, and those beyond the days for which the calendar is complete are unknown. {_GROUPS}",
    formula="open days after that of the first contact up to that of completion ÷ completed journeys",
    source="The working days of this library's pledges",
    needs=("completed",),
    better="lower",
)


def _ends(low: Definition) -> tuple[Definition, Definition]:
    """The definition of the low end of a cost, and that of the high one."""
    high = replace(
        low,
        name=low.name.replace("_low", "_high"),
        title=low.title.replace("at least", "at most"),
        says=low.says.replace("The low end of", "The high end of"),
        formula=low.formula.replace("low", "high"),
    )
    return low, high


CUSTOMER_COST_LOW, CUSTOMER_COST_HIGH = _ends(
    Definition(
        name="customer_cost_low",
        title="What it costs the customer per completed outcome, at least",
        unit="pounds",
        of="journeys",
        says="The low end of what the customer's minutes in contacts and on the way, and the miles, are worth. "
        f"{_RANGE} {_UNTIL}, and so are those with a contact until then of which minutes or miles are not noted. "
        f"{_GROUPS}",
        formula="((minutes + travel minutes) ÷ 60 × low cost of an hour + miles × low cost of a mile) of completed "
        "journeys ÷ completed journeys",
        source=_SOURCE,
        needs=("minutes", "travel_minutes", "travel_miles", "completed"),
        better="lower",
    )
)
AVOIDABLE_COST_LOW, AVOIDABLE_COST_HIGH = _ends(
    Definition(
        name="avoidable_cost_low",
        title="What avoidable contact costs the organisations, at least",
        unit="pounds",
        of="contacts",
        says="The low end of what the contacts in the log cost the organisations that the adviser judged avoidable, "
        "each with its weight: as many as it stands for when contacts were sampled. It is of the time of the log, not "
        f"of a year, and not all of it is saved when a contact falls away. {_RANGE} Unknown are contacts on which the "
        "adviser gave no view, or a word that the list of reasons does not have, and avoidable ones without a unit "
        "cost, or of an unknown organisation or channel where one that it may be has a unit cost of its own that would "
        "count. By need, organisation and channel of the contact.",
        formula="sum over avoidable contacts of weight × low unit cost of organisation and channel",
        source="NI 14 guidance asked for a business case; unit costs are the partnership's own",
        needs=("organisation", "channel", "reason_adviser"),
        better="lower",
    )
)
DEFINITIONS = (
    OWN_MINUTES,
    TRAVEL_MINUTES,
    TRAVEL_MILES,
    ELAPSED,
    ELAPSED_MIDDLE,
    WORKING_DAYS,
    CUSTOMER_COST_LOW,
    CUSTOMER_COST_HIGH,
    AVOIDABLE_COST_LOW,
    AVOIDABLE_COST_HIGH,
)


def measures(journeys: Journeys, store: Store, settings: Settings, by: Sequence[str]) -> list[Measure]:
    """Every measure of `DEFINITIONS`, over all and by each column of `by`."""
    return told_by([telling], journeys, store, settings, by)


def telling(facts: Facts, store: Store, settings: Settings, by: Sequence[str]) -> Telling:
    """What journeys took until they were completed, and what avoidable contacts cost."""
    beside = [] if facts.log.lacks(*_NOTED) == _NOTED else [_noted(facts)]
    if settings.calendar is not None:
        beside.append(_working_days(facts.courses, settings.calendar, store))
    return Telling(
        beside=beside,
        sums=_JOURNEY_SUMS,
        quantities=list(_by_journey(settings)),
        ranked={"elapsed": _ELAPSED},
        ranks=_MIDDLE,
        rest=partial(_rest, store=store, settings=settings, by=by),
    )


def _rest(facts: Facts, *, store: Store, settings: Settings, by: Sequence[str]) -> list[Measure]:
    known = facts.log.known
    # Without unit costs nothing is told of contacts, and nothing made of them.
    contacts = with_costs(_judged(facts, settings), settings.costs, store) if settings.costs else facts.turns
    return told(contacts, _CONTACT_SUMS, list(_by_contact(settings)), store=store, by=by, known=known)


# --- journeys -----------------------------------------------------------------------------------------------------

_NOTED = ("minutes", "travel_minutes", "travel_miles")
_MIDDLE = (Rank(definition=ELAPSED_MIDDLE, share=0.5, value="elapsed", per=DAY),)


def _after_first(from_first: nw.Expr) -> nw.Expr:
    """Never below 0, as a contact may be completed at an instant before that of the first."""
    return nw.when(from_first > 0).then(from_first).when(~from_first.is_null()).then(0)


_ELAPSED = _after_first(nw.col("completed_at") - nw.col("first"))


def _noted(facts: Facts) -> Frame:
    """By journey what was noted until it was completed; null where that is not noted of every contact until then."""
    counted = until_completed(facts.beside(facts.turns, "completing")).group_by("number").agg(
        nw.len().alias("taken"),
        *(nw.col(column).sum() for column in _NOTED),
        *(nw.col(column).count().alias(f"{column}_noted") for column in _NOTED),
    )  # fmt: skip
    noted = {column: nw.when(nw.col(f"{column}_noted") == nw.col("taken")).then(nw.col(column)) for column in _NOTED}
    return counted.select("number", **noted)


def _working_days(courses: Frame, calendar: Calendar, store: Store) -> Frame:
    """By journey the open days after the day of the first contact up to that of completion; null where untold."""
    ends = [each(column) for column in ("first", "completed_at") for each in (nw.min, nw.max)]
    (span,) = store.rows(courses.select(*(end.alias(str(place)) for place, end in enumerate(ends))))
    known = [int(end) // DAY for end in span.values() if end is not None]
    rows = list(_day_rows(calendar, min(known), max(known))) if known else []
    found = courses.select("number", "first", "completed_at")
    for column in ("first", "completed_at"):
        at = nw.col(column)
        # Engines differ in what is left of a negative number.
        rest = nw.when(at % DAY < 0).then(at % DAY + DAY).otherwise(at % DAY)
        table = store.frame(dict.fromkeys(("day", "turn", "before", "after"), nw.Int64), rows)
        found = found.with_columns(day=((at - rest) / DAY).round().cast(nw.Int64)).join(table, on="day", how="left")
        opened = nw.when(at >= nw.col("turn")).then(nw.col("after")).otherwise(nw.col("before"))
        found = found.with_columns(opened.alias(f"opened_{column}")).drop("day", "turn", "before", "after")
    return found.select("number", working=_after_first(nw.col("opened_completed_at") - nw.col("opened_first")))


def _day_rows(calendar: Calendar, first: int, last: int) -> Iterator[Mapping[str, Value]]:
    """For each day of UTC the instant at which a local day ends in it, and the open days up to those two local days."""
    zone = zone_named(calendar.zone)

    def opened(day: int) -> int | None:
        return calendar.opened_up_to(day) if calendar.first <= day <= calendar.last else None

    for day in range(max(first, calendar.first - 1), min(last, calendar.last + 1) + 1):
        before, after = zone.day(day * DAY_SECONDS), zone.day((day + 1) * DAY_SECONDS - 1)
        turn = None if before == after else zone.instant(after * DAY_SECONDS, later=False) * MICROSECONDS
        yield {"day": day, "turn": turn, "before": opened(before), "after": opened(after)}


def _told_of(name: str, value: nw.Expr) -> dict[str, nw.Expr]:
    """What is summed of a value: it, and how many journeys have it and have it not."""
    return {name: value, f"{name} told": ~value.is_null(), f"{name} untold": value.is_null()}


_ALL_MINUTES = nw.col("minutes") + nw.col("travel_minutes")
_ALL_NOTED = _ALL_MINUTES + nw.col("travel_miles")
_JOURNEY_SUMS = {
    **{name: each for column in (*_NOTED, "working") for name, each in _told_of(column, nw.col(column)).items()},
    **_told_of("elapsed", _ELAPSED),
    **_told_of("all_noted", _ALL_NOTED),
    "all minutes": nw.when(~_ALL_NOTED.is_null()).then(_ALL_MINUTES),
    "all miles": nw.when(~_ALL_NOTED.is_null()).then(nw.col("travel_miles")),
}


def _by_journey(settings: Settings) -> Iterator[Quantity]:
    for column, definition in (
        ("minutes", OWN_MINUTES),
        ("travel_minutes", TRAVEL_MINUTES),
        ("travel_miles", TRAVEL_MILES),
        ("elapsed", ELAPSED),
        ("working", WORKING_DAYS),
    ):
        yield Quantity(
            definition=definition,
            sums=(column, f"{column} told"),
            n=f"{column} told",
            unknown=f"{column} untold",
            value=days if column == "elapsed" else quotient,
            lacks=(NO_CALENDAR,) if column == "working" and settings.calendar is None else (),
        )
    costs = settings.costs or UnitCosts()
    hour, mile = costs.hour, costs.mile
    ends = ((hour.low, mile.low), (hour.high, mile.high)) if hour and mile else (None, None)
    for definition, end in zip((CUSTOMER_COST_LOW, CUSTOMER_COST_HIGH), ends, strict=True):
        yield Quantity(
            definition=definition,
            sums=("all minutes", "all miles", "all_noted told"),
            n="all_noted told",
            unknown="all_noted untold",
            value=_Worth(*end) if end else _nothing,
            lacks=() if end else (NO_COSTS,),
        )


def _nothing(sums: Sums) -> None:
    return None


class _Worth:
    """What minutes and miles are worth over a number of journeys."""

    def __init__(self, hour: Decimal, mile: Decimal) -> None:
        self.minute, self.mile = float(hour) / 60, float(mile)

    def __call__(self, sums: Sums) -> float | None:
        minutes, miles, journeys = sums
        return quotient((minutes * self.minute + miles * self.mile, journeys))


# --- contacts -----------------------------------------------------------------------------------------------------


def _judged(facts: Facts, settings: Settings) -> Frame:
    """The contacts with the adviser's view as a reason of the list, and the need of their journey."""
    view = settings.reasons.code("reason_adviser")
    return facts.beside(facts.turns, "need", "block").select(
        "block", "need", "organisation", "channel", "weight", view=view
    )


def with_costs(contacts: Frame, costs: UnitCosts | None, store: Store) -> Frame:
    """With the low and high unit cost of each contact; null where none is known, or where a nearer one may fit."""
    given = () if costs is None else costs.contacts
    lows, highs = [], []
    for level, keys in enumerate((("organisation", "channel"), ("organisation",), ("channel",))):
        low, high = f"low_{level}", f"high_{level}"
        rows: list[Mapping[str, Value]] = [
            {**{key: getattr(each, key) for key in keys}, low: float(each.cost.low), high: float(each.cost.high)}
            for each in given
            if tuple(key for key in ("organisation", "channel") if getattr(each, key)) == keys
        ]
        table = store.frame({**dict.fromkeys(keys, nw.String), low: nw.Float64, high: nw.Float64}, rows)
        contacts = contacts.join(table, on=list(keys), how="left")
        lows.append(nw.col(low))
        highs.append(nw.col(high))
    of_all = next((each.cost for each in given if not each.organisation and not each.channel), None)
    certain = ~_may_be_nearer(given, lows[1])
    lowest = nw.coalesce(*lows, nw.lit(float(of_all.low) if of_all else None, nw.Float64))
    highest = nw.coalesce(*highs, nw.lit(float(of_all.high) if of_all else None, nw.Float64))
    return contacts.with_columns(low=nw.when(certain).then(lowest), high=nw.when(certain).then(highest))


def _may_be_nearer(costs: Sequence[ContactCost], of_organisation: nw.Expr) -> nw.Expr:
    """Whether another cost may come before the one that was found, as a contact's organisation or channel is unknown.

    Of an unknown organisation: one for an organisation, for that channel or any. Of an unknown channel: one for the
    organisation and a channel, or for a channel where the organisation has no cost of its own (`of_organisation`).
    """
    organisation, channel = nw.col("organisation"), nw.col("channel")
    own = [each.channel for each in costs if each.organisation]
    fits = channel.is_null() | channel.is_in(own) if own and "" not in own else nw.lit(bool(own))
    by_both = sorted({each.organisation for each in costs if each.organisation and each.channel})
    nearer = organisation.is_in(by_both).fill_null(value=False) if by_both else nw.lit(value=False)
    if any(each.channel and not each.organisation for each in costs):
        nearer = nearer | of_organisation.is_null()
    return (organisation.is_null() & fits) | (channel.is_null() & nearer)


_AVOIDABLE = nw.col("view") != NOT_AVOIDABLE
_COST_TOLD = ~nw.col("view").is_null() & (~_AVOIDABLE | ~nw.col("low").is_null())
_CONTACT_SUMS = {
    "told": _COST_TOLD,
    "untold": ~_COST_TOLD,
    **{end: nw.when(_AVOIDABLE).then(nw.col("weight") * nw.col(end)) for end in ("low", "high")},
}


def _by_contact(settings: Settings) -> Iterator[Quantity]:
    lacks = () if settings.costs and settings.costs.contacts else (NO_COSTS,)
    for definition, end in ((AVOIDABLE_COST_LOW, "low"), (AVOIDABLE_COST_HIGH, "high")):
        yield Quantity(definition=definition, sums=(end,), n="told", unknown="untold", value=total, lacks=lacks)
