"""What proposed changes would save, each with its assumption and range, and the journeys as they would be then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ...sentences import say_number
from ...sureness import LEAST_WEEKS, YEAR
from ..columns import CONTACT_COLUMNS, ORDER, Journeys
from ..measure import Measure
from ..measures import measure
from ..measures.effort import with_costs
from ..measures.settings import Settings
from ..names import UnknownName, strange_names
from ..remaking import remade, without
from ..store import Store, Value
from .changes import Change, Saved
from .falling import DAY, Falling, falling
from .proposals import Effect, Join, Promise, Proposal, Share, names_in

End = Literal["low", "middle", "high"]
Sums = Mapping[str, Any]
_MOST_NAMED = 5
_THOUSAND = 1_000
_SUMS = ("contacts", "own", "travel", "cost_low", "cost_high", "untimed", "uncosted")


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A proposal and what it would save: as far as it is allowed, or as far as it is not (`change.allowed`)."""

    proposal: Proposal
    change: Change
    lacks: tuple[str, ...] = ()

    @property
    def own_time(self) -> Effect:
        """Which share of the customer's own time in a contact is saved with it."""
        return self.proposal.own_time if isinstance(self.proposal, Join) else self.proposal.effect


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Proposals tried on journeys.

    `fallen`, kept, has a row for each contact that would fall away under one of `tried` (its place: `tried`), with what
    the contact counts for: `contacts` (its weight), the customer's minutes in it (`own`) and on the way (`travel`), and
    what it costs its organisation (`cost_low`, `cost_high`), all times the weight; `untimed`, `uncosted` are 1 where
    that is not known, which then counts as 0. `timed` and `costed` say whether it is known of any contact at all.
    """

    tried: tuple[Tried, ...]
    fallen: Frame
    timed: bool
    costed: bool


def what_if(journeys: Journeys, proposals: Sequence[Proposal], store: Store, settings: Settings) -> list[Change]:
    """What each proposal would save on its own, with its range; those that no agreement allows stand last.

    A share of information is told in two parts where it is allowed for some contacts and not for others. A change that
    names what the log does not have changes nothing: see `check_names`.
    """
    changes = [each.change for each in tried_on(journeys, proposals, store, settings).tried]
    return sorted(changes, key=lambda change: not change.allowed)


def check_names(journeys: Journeys, proposals: Sequence[Proposal], store: Store) -> None:
    """Raise `UnknownName` for names in proposals that no contact of the log has, each with what may be meant."""
    named = [(str(each), name) for each in proposals for name in names_in(each)]
    strange = [f"{title}: {said}" for title, name in named for said in strange_names([name], journeys.log, store)]
    if strange:
        raise UnknownName("\n".join(strange))


def tried_on(journeys: Journeys, proposals: Sequence[Proposal], store: Store, settings: Settings) -> Trial:
    """The proposals with what they would save, and the contacts that would fall away. `falling` says which."""
    found = falling(journeys, proposals, store, settings)
    timed = not {"minutes", "travel_minutes"}.isdisjoint(journeys.log.known)
    costed = bool(settings.costs and settings.costs.contacts)
    parts = _parts(proposals, found, store)
    numbers = store.frame(
        {"change": nw.Int64, "barred": nw.Int64, "tried": nw.Int64},
        [{"change": change, "barred": int(not allowed), "tried": at} for at, (change, allowed) in enumerate(parts)],
    )
    rows = found.contacts.join(numbers, on=["change", "barred"])
    fallen = store.keep(rows.select("tried", "contact").join(_worth(journeys, settings, store), on="contact"))
    sums = _summed(fallen, store)
    words = _under(found, store)
    tried = []
    for at, (change, allowed) in enumerate(parts):
        each = Tried(proposal=proposals[change], change=_NOTHING, lacks=found.lacks.get(change, ()))
        told = _change(each, sums.get(at, {}), allowed, words.get((change, allowed), {}), (timed, costed))
        tried.append(replace(each, change=told))
    store.drop(found.contacts, found.items, found.sooner)
    return Trial(tried=tuple(tried), fallen=fallen, timed=timed, costed=costed)


_NOTHING = Change(title="", assumption="", journeys=0)


def _parts(proposals: Sequence[Proposal], found: Falling, store: Store) -> list[tuple[int, bool]]:
    """Each proposal, as far as it is allowed and as far as it is not: its place, and whether."""
    touched = [frame.select("change", "barred").unique() for frame in (found.contacts, found.items)]
    there = {(int(row["change"]), not row["barred"]) for frame in touched for row in store.rows(frame)}
    parts: list[tuple[int, bool]] = []
    for place in range(len(proposals)):
        parts += [(place, allowed) for allowed in (True, False) if (place, allowed) in there] or [(place, True)]
    return parts


def _worth(journeys: Journeys, settings: Settings, store: Store) -> Frame:
    """What each contact counts for, as `Trial.fallen` has it."""
    columns = ("contact", "journey", "organisation", "channel", "weight", "minutes", "travel_minutes")
    rows = with_costs(journeys.contacts.select(*columns), settings.costs, store)
    weight = nw.col("weight")
    known = [nw.col(column) for column in ("minutes", "travel_minutes") if column in journeys.log.known]
    untimed = (
        nw.any_horizontal(*(each.is_null() for each in known), ignore_nulls=False) if known else nw.lit(value=True)
    )
    return rows.select(
        "contact",
        "journey",
        contacts=weight,
        own=weight * nw.col("minutes").fill_null(0.0),
        travel=weight * nw.col("travel_minutes").fill_null(0.0),
        cost_low=weight * nw.col("low").fill_null(0.0),
        cost_high=weight * nw.col("high").fill_null(0.0),
        untimed=untimed.cast(nw.Int64),
        uncosted=nw.col("low").is_null().cast(nw.Int64),
    )


def _summed(fallen: Frame, store: Store) -> dict[int, Sums]:
    each = fallen.group_by("tried", "journey").agg(nw.col(*_SUMS).sum(), rows=nw.len())
    whole = each.group_by("tried").agg(nw.col(*_SUMS).sum(), nw.col("rows").sum(), journeys=nw.len())
    return {int(row["tried"]): row for row in store.rows(whole)}


# --- in words -----------------------------------------------------------------------------------------------------


def _under(found: Falling, store: Store) -> dict[tuple[int, bool], dict[str, Any]]:
    """By proposal, and whether it is allowed: the askings it would spare, under which agreements, for which needs."""
    rows = found.items
    words: dict[tuple[int, bool], dict[str, Any]] = {}
    counted = rows.group_by("change", "barred", "journey").agg(askings=nw.len()).group_by("change", "barred")
    for row in store.rows(counted.agg(nw.col("askings").sum(), journeys=nw.len())):
        counts = {name: int(row[name]) for name in ("askings", "journeys")}
        words[int(row["change"]), not row["barred"]] = {**counts, "shareable": [], "need": []}
    for column in ("shareable", "need"):
        for row in store.rows(rows.select("change", "barred", column).unique().sort("change", column)):
            if row[column] is not None:
                words[int(row["change"]), not row["barred"]][column].append(str(row[column]))
    return words


def _change(tried: Tried, sums: Sums, allowed: bool, words: Mapping[str, Any], known: tuple[bool, bool]) -> Change:
    proposal = tried.proposal
    title = str(proposal)
    if isinstance(proposal, Share) and proposal.one == proposal.other:
        title = f"at “{proposal.one}” look up “{proposal.item}” in its own record"
    if isinstance(proposal, Promise):
        title = proposal.title
    change = Change(
        title=title[0].upper() + title[1:],
        assumption=_assumption(proposal, sums, words),
        journeys=int(words.get("journeys") or sums.get("journeys", 0)),
        agreement=_agreement(proposal, words, allowed=allowed) if isinstance(proposal, Share) else "",
        allowed=allowed,
    )
    if tried.lacks:
        return replace(change, assumption=f"This cannot be told: the log lacks {', '.join(tried.lacks)}.")
    saved = saving(sums, proposal.effect, tried.own_time)
    unknown = _unknown(sums, known)
    return replace(
        change,
        assumption=" ".join([change.assumption, *unknown]),
        contacts=saved["contacts"],
        minutes=saved["minutes"] if known[0] else None,
        pounds=saved["pounds"] if known[1] else None,
    )


def saving(sums: Sums, effect: Effect, own_time: Effect) -> dict[str, Saved]:
    """What is saved of the sums of contacts that would fall away, by `contacts`, `minutes` and `pounds`."""
    contacts, own, travel, low, high = (float(sums.get(name, 0.0)) for name in _SUMS[:5])
    ends = ((effect.middle, own_time.middle), (effect.low, own_time.low), (effect.high, own_time.high))
    return {
        "contacts": Saved(**{at: contacts * share for at, (share, _) in zip(_ENDS, ends, strict=True)}),
        "minutes": Saved(**{at: travel * share + own * time for at, (share, time) in zip(_ENDS, ends, strict=True)}),
        "pounds": Saved(value=(low + high) / 2 * effect.middle, low=low * effect.low, high=high * effect.high),
    }


_ENDS = ("value", "low", "high")


def _assumption(proposal: Proposal, sums: Sums, words: Mapping[str, Any]) -> str:
    count, effect = int(sums.get("rows", 0)), proposal.effect
    match proposal:
        case Share():
            askings = say_number(int(words.get("askings", 0)), "asking")
            return (
                f"{effect} of the {say_number(count, 'contact')} that only served to ask for it again, or to bring it, "
                f"would not be made, and {askings} would be spared; what is held is still true."
            )
        case Join():
            return (
                f"{effect} of the {say_number(count, 'later contact')} that followed the other sort within "
                f"{say_number(proposal.days, 'day')} could be dealt with in the earlier one; the way there is saved, "
                f"and {proposal.own_time} of the customer's own time in them."
            )
        case Promise():
            return (
                f"{effect} of the {say_number(count, 'chase')} made after the promise was due would not be made; the "
                "wait was the organisation's to shorten, and what came next could have come by then."
            )


def _unknown(sums: Sums, known: tuple[bool, bool]) -> list[str]:
    told = []
    if known[0] and sums.get("untimed"):
        told.append(f"The time of {int(sums['untimed']):,} of them is not wholly known; the rest counts as none.")
    if known[1] and sums.get("uncosted"):
        told.append(f"The cost of {int(sums['uncosted']):,} of them is not known and counts as none.")
    return told


def _agreement(share: Share, words: Mapping[str, Any], *, allowed: bool) -> str:
    """Under what it is allowed, or what would have to be agreed."""
    if share.one == share.other:
        return ""
    if allowed:
        return ", ".join(words.get("shareable", ()))
    needs = words.get("need", [])
    named = ", ".join(f"“{need}”" for need in needs[:_MOST_NAMED])
    more = f" and {len(needs) - _MOST_NAMED} more" if len(needs) > _MOST_NAMED else ""
    purpose = f" for {named}{more}" if needs else ""
    return (
        f"no agreement allows it on the days concerned: “{share.one}” and “{share.other}” would have to agree that "
        f"they may pass each other “{share.item}”{purpose}"
    )


# --- a year -------------------------------------------------------------------------------------------------------


def span_in_days(journeys: Journeys, store: Store) -> float:
    """From the start of the first contact to the end of the last, in days."""
    (row,) = store.rows(journeys.whole.select(first=nw.col("first").min(), last=nw.col("last").max()))
    return 0.0 if row["first"] is None else float(row["last"] - row["first"]) / DAY


def yearly(saved: Saved, days: float) -> Saved | None:
    """A saving over so many days as that of a year, if the year is like these days; `None` below eight weeks."""
    if days < LEAST_WEEKS * 7:
        return None
    return Saved(**{end: getattr(saved, end) * YEAR / days for end in _ENDS})


def say_yearly(change: Change, days: float) -> str:
    """What a change would save in a year, if the year is like the days of the log; or why that is not said."""
    said = say_number(round(days), "day")
    if change.contacts is None:
        return ""
    year = yearly(change.contacts, days)
    if year is None:
        return f"The log covers {said}: too short to say what a year would save."
    value, low, high = (f"{round(each):,}" for each in (year.value, year.low, year.high))
    return f"If a year is like the {said} of the log, it would save about {value} contacts ({low} to {high}) in one."


# --- the journeys then --------------------------------------------------------------------------------------------


def changed(
    journeys: Journeys,
    proposals: Sequence[Proposal],
    store: Store,
    settings: Settings,
    *,
    end: End = "middle",
    barred: bool = False,
) -> Journeys:
    """The journeys as they would be had all proposals been made, at one end of their effects.

    Of the contacts that a proposal with an effect below 1 makes fall away, as many stay in their order as that share
    says; where several proposals touch one contact, the greatest effect counts. What a contact that falls away had
    settled, the one before it settles. Items that would not have to be asked for are noted as held by the asker.
    Shares of information that no agreement allows change nothing, unless `barred`.
    """
    found = falling(journeys, proposals, store, settings)
    shares: list[Mapping[str, Value]] = [
        {"change": place, "share": round(_THOUSAND * getattr(each.effect, end))} for place, each in enumerate(proposals)
    ]
    effects = store.frame({"change": nw.Int64, "share": nw.Int64}, shares)
    allowed = nw.col("barred") <= int(barred)
    places = journeys.contacts.select(*ORDER)
    gone = found.contacts.filter(allowed).join(effects, on="change").group_by("contact").agg(nw.col("share").max())
    gone = store.keep(_so_many(gone.join(places, on="contact"), ORDER))
    moved = store.keep(_moved(journeys, found.sooner.join(effects, on="change")))
    made = remade(journeys, without(moved, gone), store)
    spared = found.items.filter(allowed).join(effects, on="change")
    spared = spared.group_by("contact", "item", "asker").agg(nw.col("share").max())
    spared = store.keep(_so_many(spared.join(places, on="contact"), (*ORDER, "item")))
    made = replace(made, log=replace(made.log, items=store.keep(_items(made.log.items, spared))))
    store.drop(gone, moved, spared, found.contacts, found.items, found.sooner)
    return made


def _so_many(rows: Frame, order: Sequence[str]) -> Frame:
    """Of rows in their order, as many as their shares in a thousand say, evenly spread."""
    rows = rows.with_columns(every=nw.lit(1, dtype=nw.Int64))
    rows = rows.with_columns(so_far=nw.col("share").cum_sum().over("every", order_by=list(order)))
    # The last thousand below the sum so far: engines divide whole numbers differently.
    after = nw.col("so_far") - nw.col("so_far") % _THOUSAND
    before = nw.col("so_far") - nw.col("share")
    return rows.filter(before < after)


def _moved(journeys: Journeys, sooner: Frame) -> Frame:
    """The contacts, moved by what those before them come sooner, and a chase by what it comes sooner itself."""
    cut = (nw.col("cut") * nw.col("share") / _THOUSAND).round().cast(nw.Int64)
    cuts = sooner.with_columns(cut=cut).group_by("contact").agg(
        nw.col("cut").max(), chase=nw.col("chase").cast(nw.Int64).max()
    )  # fmt: skip
    rows = journeys.contacts.join(cuts, on="contact", how="left")
    rows = rows.with_columns(nw.col("cut", "chase").fill_null(0))
    lasting = nw.when(nw.col("chase") == 0).then(nw.col("cut")).otherwise(0)
    rows = rows.with_columns(lasting=lasting).with_columns(
        by=nw.col("lasting").cum_sum().over("journey", order_by=ORDER)
    )
    by = nw.col("by") + nw.col("cut") - nw.col("lasting")
    rows = rows.with_columns(**{column: nw.col(column) - by for column in ("start", "end", "due")})
    return rows.select("journey", *CONTACT_COLUMNS)


def _items(items: Frame, spared: Frame) -> Frame:
    """The items, those spared noted as held by the asker instead of asked for and given."""
    spared = spared.select("contact", "item", "asker")
    active = items.filter(nw.col("how") != "held").join(spared, on=["contact", "item"], how="anti")
    noted = spared.select("contact", "item", how=nw.lit("held"), holder="asker")
    return nw.concat([frame.select("contact", "item", "how", "holder") for frame in (active, _held(items), noted)])


def _held(items: Frame) -> Frame:
    return items.filter(nw.col("how") == "held")


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """A measure as it is, and as it would be at both ends of the proposals' effects."""

    now: Measure
    low: Measure
    high: Measure


def recomputed(journeys: Journeys, proposals: Sequence[Proposal], store: Store, settings: Settings) -> list[Recomputed]:
    """Every measure of all journeys, as it is and as it would be with all proposals that are allowed."""
    made = [changed(journeys, proposals, store, settings, end=end) for end in ("low", "high")]
    now, low, high = (
        {each.definition.name: each for each in measure(side, store, settings, by=()) if not each.by}
        for side in (journeys, *made)
    )
    return [Recomputed(now=now[name], low=low[name], high=high[name]) for name in now if name in low and name in high]
