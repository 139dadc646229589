"""Which contacts fall away under proposed changes, and by how much what comes after them comes sooner: as frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import narwhals.stable.v2 as nw

from ....rules import Calendar
from ....rules.working_time import DAY as DAY_SECONDS
from ....rules.working_time import OutOfRange, Zone, zone_named
from ...program.build import Frame
from ..agreements import NOT_SHAREABLE, UNKNOWN
from ..columns import MICROSECONDS, ORDER, Journeys, Kind
from ..measures.asked import asked_again
from ..measures.demand import with_chases
from ..measures.settings import Settings
from ..store import Store, Value
from .proposals import Join, Promise, Proposal, Share

DAY = DAY_SECONDS * MICROSECONDS

_PURPOSES = (
    Kind.NEW_NEED, Kind.CHASE, Kind.CLARIFICATION, Kind.MISDIRECTED, Kind.HAND_OVER, Kind.COMPLAINT, Kind.OUTCOME,
)  # fmt: skip
"""Kinds of contacts that serve something else than asking for information or bringing it."""
_SHARE_NEEDS = ("subject", "organisation", "asked", "given")
_JOIN_NEEDS = ("kind", "organisation")
_COLUMNS = {"step": "activity", "need": "need", "organisation": "organisation"}


@dataclass(frozen=True, kw_only=True)
class Falling:
    """What proposals, by their places in a sequence (`change`), do to journeys; each frame is kept.

    - `contacts`: `change`, `contact`, `barred`: a contact that would fall away; `barred` is 1 where information would
      have to be shared which no agreement is known to allow, else 0.
    - `items`: `change`, `contact`, `journey`, `need`, `item`, `asker`, `barred`, `shareable`: an item that would not
      have to be asked for.
    - `sooner`: `change`, `contact`, `cut`, `chase`: how many microseconds a contact would have come sooner after the
      one before; `chase` when it is a chase, which moves no other.
    - `lacks`: for proposals that this log cannot tell of, what it lacks, in words.
    """

    contacts: Frame
    items: Frame
    sooner: Frame
    lacks: Mapping[int, tuple[str, ...]]


def falling(journeys: Journeys, proposals: Sequence[Proposal], store: Store, settings: Settings) -> Falling:
    """What proposals would do, each on its own.

    A contact falls away when information is shared if it is not the first of its journey, passes the customer on to
    nobody, is of no kind that serves something else (a new need, chase, complaint…), and one item alone was asked for
    or given in it: one that was asked for here though the other organisation held it, or that was given here after it
    had been so asked for here earlier in the journey. When two kinds of contact are joined, they are paired in their
    order: each with the next of the other sort that begins at most so many days later; the later one falls away. Under
    a promise, chases fall away that began after the promise for what came before them was due, and what came next,
    later than that, comes then. Days are local days, of the calendar's zone; the promise is due as the last one ends.
    """
    lacks = {place: lack for place, each in enumerate(proposals) if (lack := _lacks(each, journeys, settings))}
    able = {place: each for place, each in enumerate(proposals) if place not in lacks}
    shares = {place: each for place, each in able.items() if isinstance(each, Share)}
    joins = {place: each for place, each in able.items() if isinstance(each, Join)}
    promises = {place: each for place, each in able.items() if isinstance(each, Promise)}
    contacts: list[Frame] = []
    items, sooner = store.frame(_ITEMS, []), store.frame(_SOONER, [])
    if shares:
        items = _askings(journeys, shares, store, settings)
        contacts.append(_for_information(journeys, items))
    if joins:
        contacts.append(_joined(journeys, joins, store))
    if promises:
        late = _late(journeys, promises, store, settings)
        contacts.append(_plain(late.filter(nw.col("chase"))))
        sooner = late
    found = store.keep(nw.concat(contacts)) if contacts else store.frame(_CONTACTS, [])
    return Falling(contacts=found, items=items, sooner=sooner, lacks=lacks)


_CONTACTS = {"change": nw.Int64, "contact": nw.String, "barred": nw.Int64}
_ITEMS = {
    "change": nw.Int64,
    "contact": nw.String,
    "journey": nw.String,
    "place": nw.Int64,
    "need": nw.String,
    "item": nw.String,
    "asker": nw.String,
    "barred": nw.Int64,
    "shareable": nw.String,
}
_SOONER = {"change": nw.Int64, "contact": nw.String, "cut": nw.Int64, "chase": nw.Boolean}


def _lacks(proposal: Proposal, journeys: Journeys, settings: Settings) -> tuple[str, ...]:
    match proposal:
        case Share():
            return journeys.log.lacks(*_SHARE_NEEDS)
        case Join():
            return journeys.log.lacks(*_JOIN_NEEDS)
        case Promise():
            calendar = ("a calendar of working days",) if proposal.working and settings.calendar is None else ()
            return (*journeys.log.lacks("kind", _COLUMNS[proposal.of]), *calendar)


def _plain(frame: Frame) -> Frame:
    return frame.select("change", "contact", barred=nw.lit(0, dtype=nw.Int64))


# --- information shared -------------------------------------------------------------------------------------------


def _askings(journeys: Journeys, shares: Mapping[int, Share], store: Store, settings: Settings) -> Frame:
    """The items asked for again that one of the proposals would have spared, each once for a proposal; kept."""
    rows: list[Mapping[str, Value]] = [
        {"change": place, "item": each.item, "asker": asker, "holder": holder}
        for place, each in shares.items()
        for asker, holder in {(each.one, each.other), (each.other, each.one)}
    ]
    wanted = store.frame(
        {"change": nw.Int64, "item": nw.String, "asker": nw.String, "holder": nw.String}, rows
    )  # fmt: skip
    again = asked_again(journeys, store, settings.agreements)
    places = journeys.contacts.select("contact", "place")
    found = again.join(wanted, on=["item", "asker", "holder"]).join(places, on="contact")
    barred = nw.col("shareable").is_in([NOT_SHAREABLE, UNKNOWN]).cast(nw.Int64)
    items = store.keep(found.with_columns(barred=barred).select(*_ITEMS))
    store.drop(again)
    return items


def _for_information(journeys: Journeys, askings: Frame) -> Frame:
    """The contacts that only served to ask for such an item, or to bring it."""
    noted = journeys.log.items.filter(nw.col("how").is_in(["asked", "given"])).select(
        "contact", "item", given=(nw.col("how") == "given").cast(nw.Int64)
    )
    noted = noted.with_columns(item=nw.col("item").fill_null(""))
    each = noted.group_by("contact", "item").agg(nw.col("given").max())
    alone = each.group_by("contact").agg(nw.col("item").min(), nw.col("given").max(), count=nw.len())
    other = nw.col("kind").is_in([str(kind) for kind in _PURPOSES]).fill_null(value=False)
    idle = journeys.contacts.filter(nw.col("place") > 1, nw.col("handed_to").is_null(), ~other)
    idle = idle.select("contact", "journey", "place", asker="organisation")
    idle = idle.join(alone.filter(nw.col("count") == 1).drop("count"), on="contact")
    asking = idle.select("contact", "item").join(askings.select(*_ITEMS), on=["contact", "item"])
    asked = askings.select("change", "journey", "item", "asker", "barred", asked="place")
    brought = idle.filter(nw.col("given") == 1).join(asked, on=["journey", "item", "asker"])
    # What was brought answers the last asking before it.
    brought = brought.filter(nw.col("asked") < nw.col("place"))
    last = brought.with_columns(last=nw.col("asked").max().over("change", "contact"))
    last = last.filter(nw.col("asked") == nw.col("last"))
    both = nw.concat([asking.select(*_CONTACTS), last.select(*_CONTACTS)])
    return both.group_by("change", "contact").agg(nw.col("barred").max()).select(*_CONTACTS)


# --- contacts joined ----------------------------------------------------------------------------------------------


def _joined(journeys: Journeys, joins: Mapping[int, Join], store: Store) -> Frame:
    """The later contact of each pair."""
    rows: list[Mapping[str, Value]] = []
    for place, each in joins.items():
        sorts = dict.fromkeys(((each.kind, each.one), (each.other_kind, each.other)))
        rows += [
            {"change": place, "kind": kind, "organisation": at, "sort": sort, "sorts": len(sorts), "reach": each.days}
            for sort, (kind, at) in enumerate(sorts)
        ]
    whole = dict.fromkeys(("change", "sort", "sorts", "reach"), nw.Int64)
    table = store.frame({**whole, "kind": nw.String, "organisation": nw.String}, rows)
    found = journeys.contacts.select("contact", "journey", "kind", "organisation", *ORDER[:2])
    found = found.join(table, on=["kind", "organisation"])
    by = ("change", "journey")
    before = {f"{name}_before": nw.col(name).shift(1).over(*by, order_by=ORDER) for name in ("sort", "start")}
    far = nw.col("start") - nw.col("start_before") > nw.col("reach") * DAY
    alike = (nw.col("sorts") > 1) & (nw.col("sort") == nw.col("sort_before"))
    begins = (nw.col("start_before").is_null() | far | alike).cast(nw.Int64)
    found = found.with_columns(**before).with_columns(begins=begins)
    found = found.with_columns(run=nw.col("begins").cum_sum().over(*by, order_by=ORDER))
    found = found.with_columns(turn=nw.col("contact").cum_count().over(*by, "run", order_by=ORDER).cast(nw.Int64))
    return _plain(found.filter(nw.col("turn") % 2 == 0))


# --- promises -----------------------------------------------------------------------------------------------------


def _late(journeys: Journeys, promises: Mapping[int, Promise], store: Store, settings: Settings) -> Frame:
    """The contacts that came after a promise was due, as the next in the journey, or as a chase until then; kept."""
    needs = journeys.whole.select("journey", its_need="need")
    rows = with_chases(journeys.contacts, journeys).join(needs, on="journey")
    rows = rows.with_columns(chase=nw.col("chase").fill_null(value=False), need=nw.coalesce("need", "its_need"))
    rows = store.keep(rows.select("journey", *ORDER, "end", "activity", "need", "organisation", "chase"))
    before = nw.when(~nw.col("chase")).then(nw.col("contact"))
    after = rows.with_columns(so_far=before).with_columns(
        so_far=nw.col("so_far").fill_null(strategy="forward").over("journey", order_by=ORDER)
    )
    after = after.with_columns(since=nw.col("so_far").shift(1).over("journey", order_by=ORDER))
    after = after.filter(~nw.col("since").is_null()).select("contact", "start", "chase", "since")
    steps = _with_due(rows.filter(~nw.col("chase")), promises, store, settings)
    late = after.join(steps.rename({"contact": "since"}), on="since").filter(nw.col("start") >= nw.col("due"))
    found = store.keep(late.with_columns(cut=nw.col("start") - nw.col("due")).select(*_SOONER))
    store.drop(rows)
    return found


def _with_due(rows: Frame, promises: Mapping[int, Promise], store: Store, settings: Settings) -> Frame:
    """The contacts to which promises apply: `change`, `contact` and `due`."""
    at = nw.max_horizontal("start", "end")
    rest = nw.when(at % DAY < 0).then(at % DAY + DAY).otherwise(at % DAY)  # engines differ below 0
    rows = rows.with_columns(at=at).with_columns(day=((nw.col("at") - rest) / DAY).round().cast(nw.Int64))
    (span,) = store.rows(rows.select(first=nw.col("day").min(), last=nw.col("day").max()))
    days = range(span["first"], span["last"] + 1) if span["first"] is not None else range(0)
    limits = sorted({(each.days, each.working) for each in promises.values()})
    found = []
    for of, column in _COLUMNS.items():
        table: list[Mapping[str, Value]] = [
            {"change": place, column: each.name, "limit": limits.index((each.days, each.working))}
            for place, each in promises.items()
            if each.of == of
        ]
        named = store.frame({"change": nw.Int64, column: nw.String, "limit": nw.Int64}, table)
        found.append(rows.select("contact", "at", "day", column).join(named, on=column).drop(column))
    whole = dict.fromkeys(("limit", "day", "turn", "before", "after"), nw.Int64)
    dues = store.frame(whole, list(_dues(limits, days, settings.calendar)))
    due = nw.when(nw.col("at") >= nw.col("turn")).then(nw.col("after")).otherwise(nw.col("before"))
    told = nw.concat(found).join(dues, on=["limit", "day"]).with_columns(due=due)
    return told.select("change", "contact", "due")


def _dues(limits: Sequence[tuple[int, bool]], days: range, calendar: Calendar | None) -> Iterator[Mapping[str, Value]]:
    """For each day of UTC when a local day ends in it, and when promises made before and after that are due."""
    zone = zone_named(calendar.zone if calendar else "Europe/London")
    for place, (count, working) in enumerate(limits):
        for day in days:
            first, last = zone.day(day * DAY_SECONDS), zone.day((day + 1) * DAY_SECONDS - 1)
            due = [_due(local, count, zone, calendar if working else None) for local in (first, last)]
            turn = None if first == last else zone.instant(last * DAY_SECONDS, later=False) * MICROSECONDS
            yield {"limit": place, "day": day, "turn": turn, "before": due[0], "after": due[1]}


def _due(day: int, count: int, zone: Zone, calendar: Calendar | None) -> int | None:
    """When the last day of a promise ends; `None` beyond the days for which the calendar is complete."""
    try:
        last = calendar.add(day, count) if calendar else day + count
    except OutOfRange:
        return None
    return zone.instant((last + 1) * DAY_SECONDS, later=False) * MICROSECONDS
