"""From pillar to post: how often a journey changes hands, comes back, is left to nobody, and how long it waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import Journeys, Kind, Log
from ..facts import Facts
from ..measure import Definition, Measure
from ..store import Store
from .completing import DAY, days, until_completed
from .pairs import told_by_pairs, total
from .ranked import Rank
from .ratios import Quantity, told
from .settings import Settings
from .telling import Telling, told_by

_SOURCE = "this library's own; the idea of an index across organisations"
_GROUPS = "By need, organisation and channel of the journey: its first need, and those of its first contact."
_WHOLE_ONLY = "Journeys with a contact of an unknown organisation are unknown."

HAND_OVERS = Definition(
    name="hand_overs",
    title="Hand-overs per journey",
    unit="moves",
    of="journeys",
    says="How often a customer had to move on to another organisation than that of the contact before. "
    f"{_WHOLE_ONLY} {_GROUPS}",
    formula="contacts at another organisation than the contact before ÷ journeys",
    source=_SOURCE,
    needs=("organisation",),
    better="lower",
)
TEAM_MOVES = Definition(
    name="team_moves",
    title="Moves between teams of one organisation, per journey",
    unit="moves",
    of="journeys",
    says="How often a customer met another team of the same organisation than in the contact before. Journeys in which "
    f"an organisation, or a team of two contacts at one organisation, is unknown are unknown. {_GROUPS}",
    formula="contacts at the same organisation as the contact before, at another team ÷ journeys",
    source=_SOURCE,
    needs=("organisation", "team"),
    better="lower",
)
RETURNS = Definition(
    name="returns",
    title="Returns to somebody already visited, per journey",
    unit="moves",
    of="journeys",
    says="How often a customer came back to an organisation that the journey had already been to and left. "
    f"{_WHOLE_ONLY} {_GROUPS}",
    formula="(hand-overs + 1 - different organisations) ÷ journeys, summed over journeys",
    source=_SOURCE,
    needs=("organisation",),
    better="lower",
)
BODIES = Definition(
    name="bodies_per_outcome",
    title="Organisations per completed outcome",
    unit="organisations",
    of="journeys",
    says="How many different organisations a customer whose need was met had been to by then. Only journeys that a "
    "contact completed count, each up to and including the first that completed it; those not completed, or of which "
    f"that is not known, or with a contact of an unknown organisation until then, are unknown. {_GROUPS}",
    formula="different organisations in completed journeys, up to the completing contact ÷ completed journeys",
    source=_SOURCE,
    needs=("organisation", "completed"),
    better="lower",
)
_LEFT = (
    "Nobody owns it from the end (or start, without an end) of a contact until the start of the next when either the "
    "contact passed the customer on (to another organisation by name, or it was a hand-over and names nobody), or what "
    "was asked was not settled and the next contact is at another organisation. Not counted: waits for the same "
    "organisation's own work; the time after the last contact, however it ended. Whether a promise was running, or an "
    "organisation worked on it unseen by the log, makes no difference. A contact of an unknown kind may have been a "
    "hand-over that names nobody: where that alone would decide, it is not known."
)
UNOWNED = Definition(
    name="unowned_days",
    title="Days when nobody owned it, per journey",
    unit="days",
    of="journeys",
    says=f"{_LEFT} Journeys in which this cannot be told of a contact are unknown. {_GROUPS}",
    formula="days of waits without an owner ÷ journeys",
    source=_SOURCE,
    needs=("organisation", "kind", "handed_to", "resolved"),
    better="lower",
)
LEFT = Definition(
    name="left_to_nobody",
    title="Contacts that left the customer to nobody",
    unit="share",
    of="contacts",
    says=f"{_LEFT} By organisation and channel of the contact that left it so, and need of the journey.",
    formula="contacts after which nobody owned it ÷ contacts that another followed in the journey",
    source=_SOURCE,
    needs=UNOWNED.needs,
    better="lower",
)
LEFT_DAYS = Definition(
    name="left_to_nobody_days",
    title="How long a customer left to nobody was left so",
    unit="days",
    of="contacts",
    says=f"{_LEFT} By organisation and channel of the contact that left it so, and need of the journey.",
    formula="days of waits without an owner ÷ contacts that left the customer to nobody",
    source=_SOURCE,
    needs=UNOWNED.needs,
    better="lower",
)
SENT_ON = Definition(
    name="sent_on",
    title="Contacts after which the customer went elsewhere",
    unit="share",
    of="contacts",
    says="Of the contacts that another followed, the share that one at another organisation followed. By "
    "organisation and channel of the contact that came before, and need of the journey.",
    formula="contacts followed by one at another organisation ÷ contacts that another followed in the journey",
    source=_SOURCE,
    needs=("organisation",),
    better="lower",
)
PING_PONGS = Definition(
    name="ping_pongs",
    title="Ping-pong moves per journey",
    unit="moves",
    of="journeys",
    says="How often a customer was sent from one organisation to a second and straight back: of A, B, A the second "
    "move, of A, B, A, B two. Several contacts in a row at one organisation are one stay. "
    f"{_WHOLE_ONLY} {_GROUPS}",
    formula="moves straight back to the organisation that the move before came from ÷ journeys",
    source=_SOURCE,
    needs=("organisation",),
    better="lower",
)
PING_PONG_PAIRS = Definition(
    name="ping_pong_pairs",
    title="Ping-pong moves between two organisations",
    unit="moves",
    of="journeys",
    says="The ping-pong moves between each two organisations, whichever sent first; n counts the journeys in which "
    "there was one.",
    formula="moves straight back, counted for each two organisations",
    source=_SOURCE,
    needs=("organisation",),
    better="lower",
)
_WAIT = (
    "The longest time of a journey from the end (or start, without an end) of a contact to the start of the next, "
    f"never below 0; journeys of one contact have none and are left out. {_GROUPS}"
)
LONGEST_WAIT = Definition(
    name="longest_wait",
    title="Longest wait between contacts: the middle journey",
    unit="days",
    of="journeys",
    says=f"{_WAIT} Half of the journeys waited no longer than this.",
    formula="median over journeys of the longest wait",
    source=_SOURCE,
    needs=(),
    better="lower",
)
LONGEST_WAIT_90 = replace(
    LONGEST_WAIT,
    name="longest_wait_90",
    title="Longest wait between contacts: nine journeys in ten",
    says=f"{_WAIT} Nine in ten of the journeys waited no longer than this.",
    formula="90th percentile over journeys of the longest wait",
)
DEFINITIONS = (
    HAND_OVERS,
    TEAM_MOVES,
    RETURNS,
    BODIES,
    UNOWNED,
    LEFT,
    LEFT_DAYS,
    SENT_ON,
    PING_PONGS,
    PING_PONG_PAIRS,
    LONGEST_WAIT,
    LONGEST_WAIT_90,
)


def measures(journeys: Journeys, store: Store, settings: Settings, by: Sequence[str]) -> list[Measure]:
    """Every measure of `DEFINITIONS`, over all and by each column of `by`; ping-pong by pair of organisations."""
    return told_by([telling], journeys, store, settings, by)


def telling(facts: Facts, store: Store, settings: Settings, by: Sequence[str]) -> Telling:
    """Moves, returns, owners and waits of journeys, and what followed each contact."""
    back = store.keep(_back(facts.turns.with_columns(**_told_of_contacts())))
    return Telling(
        summed=_of_journey(facts.log),
        beside=[back.group_by("number").agg(nw.col("back").sum()), _visited(facts)],
        sums=_JOURNEY_SUMS,
        quantities=_BY_JOURNEY,
        ranked={"longest": nw.col("longest")},
        ranks=_WAITS,
        rest=partial(_rest, back=back, store=store, by=by),
        kept=[back],
    )


def _rest(facts: Facts, *, back: Frame, store: Store, by: Sequence[str]) -> list[Measure]:
    known = facts.log.known
    contacts = facts.beside(facts.turns.with_columns(**_told_of_contacts()), "need", "block")
    return [
        *told(contacts, _CONTACT_SUMS, _BY_CONTACT, store=store, by=by, known=known),
        *_pairs(facts, back, store),
    ]


# --- rows ---------------------------------------------------------------------------------------------------------


def _told_of_contacts() -> dict[str, nw.Expr]:
    """Of each contact the microseconds to the next, whether nobody owned it then, and whether that was elsewhere."""
    elsewhere = nw.col("organisation") != nw.col("next_organisation")
    here = nw.col("organisation") == nw.col("next_organisation")
    named = ~nw.col("handed_to").is_null() & ~(nw.col("handed_to") == nw.col("organisation")).fill_null(value=False)
    # Of an unknown kind it may have been a hand-over: null, as long as nothing else tells that it was left so.
    unnamed = nw.col("handed_to").is_null() & (nw.col("kind") == Kind.HAND_OVER)
    left = named | unnamed | (~nw.col("resolved") & elsewhere)
    wait = nw.when(nw.col("next_start") > nw.col("ended")).then(nw.col("next_start") - nw.col("ended")).otherwise(0)
    followed = nw.col("followed")
    return {
        "elsewhere": nw.when(followed).then(elsewhere),
        "left": nw.when(followed).then(left),
        "wait": nw.when(followed).then(wait),
        "is_team_moved": here & (nw.col("team") != nw.col("next_team")),
        "is_team_unknown": here & (nw.col("team").is_null() | nw.col("next_team").is_null()),
    }


def _back(contacts: Frame) -> Frame:
    """By journey and the two organisations, how many moves between these went straight back.

    Only journeys of which all organisations are known.
    """
    unknown = contacts.filter(nw.col("organisation").is_null()).select("number").unique()
    came, went = nw.col("organisation"), nw.col("next_organisation")
    swapped = came > went
    moves = contacts.filter(nw.col("elsewhere")).join(unknown, on="number", how="anti")
    moves = moves.with_columns(came_before=came.shift(1).over("number", order_by="place"))
    pairs = moves.filter(nw.col("came_before") == went).select(
        "number",
        organisation=nw.when(swapped).then(went).otherwise(came),
        other_organisation=nw.when(swapped).then(came).otherwise(went),
    )
    return pairs.group_by("number", *_PAIR).agg(back=nw.len().cast(nw.Int64))


def _count(condition: nw.Expr) -> nw.Expr:
    return condition.cast(nw.Int64).sum()


def _of_journey(log: Log) -> Mapping[str, nw.Expr]:
    """What is needed of the contacts of each journey: `Telling.summed`."""
    told = _told_of_contacts()
    counts = {
        "unknown_organisations": _count(nw.col("organisation").is_null()),
        "moves": _count(told["elsewhere"]),
        "longest": told["wait"].max(),
    }
    # What no measure will be told of is not counted.
    if not log.lacks(*TEAM_MOVES.needs):
        counts |= {"team_moves": _count(told["is_team_moved"]), "unknown_teams": _count(told["is_team_unknown"])}
    if not log.lacks(*UNOWNED.needs):
        counts |= {
            "unowned": nw.when(told["left"]).then(told["wait"]).otherwise(0).sum(),
            "unknown_owners": _count(nw.col("followed") & told["left"].is_null()),
        }
    return counts


def _visited(facts: Facts) -> Frame:
    """By journey how many organisations it took, and how many that are not known, until it was completed."""
    return until_completed(facts.beside(facts.visits, "completing")).group_by("number").agg(
        nw.col("organisation").count().alias("taken"), _count(nw.col("organisation").is_null()).alias("taken_unknown")
    )  # fmt: skip


# --- sums and what is made of them --------------------------------------------------------------------------------

_ROUTE_KNOWN = nw.col("unknown_organisations") == 0
_TEAMS_KNOWN = _ROUTE_KNOWN & (nw.col("unknown_teams") == 0)
_OWNERS_KNOWN = nw.col("unknown_owners") == 0
_OUTCOME_KNOWN = (nw.col("taken_unknown") == 0).fill_null(value=False)


def _where(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(value)


_JOURNEY_SUMS = {
    "routes": _ROUTE_KNOWN,
    "no_routes": ~_ROUTE_KNOWN,
    "moves": _where(_ROUTE_KNOWN, nw.col("moves")),
    "returns": _where(_ROUTE_KNOWN, nw.col("moves") + 1 - nw.col("bodies")),
    "back": _where(_ROUTE_KNOWN, nw.col("back")),
    "teams": _TEAMS_KNOWN,
    "no_teams": ~_TEAMS_KNOWN,
    "team_moves": _where(_TEAMS_KNOWN, nw.col("team_moves")),
    "outcomes": _OUTCOME_KNOWN,
    "no_outcomes": ~_OUTCOME_KNOWN,
    "taken": _where(_OUTCOME_KNOWN, nw.col("taken")),
    "owners": _OWNERS_KNOWN,
    "no_owners": ~_OWNERS_KNOWN,
    "unowned": _where(_OWNERS_KNOWN, nw.col("unowned")),
}
_BY_JOURNEY = (
    Quantity(definition=HAND_OVERS, sums=("moves", "routes"), n="routes", unknown="no_routes"),
    Quantity(definition=TEAM_MOVES, sums=("team_moves", "teams"), n="teams", unknown="no_teams"),
    Quantity(definition=RETURNS, sums=("returns", "routes"), n="routes", unknown="no_routes"),
    Quantity(definition=BODIES, sums=("taken", "outcomes"), n="outcomes", unknown="no_outcomes"),
    Quantity(definition=UNOWNED, sums=("unowned", "owners"), n="owners", unknown="no_owners", value=days),
    Quantity(definition=PING_PONGS, sums=("back", "routes"), n="routes", unknown="no_routes"),
)
_CONTACT_SUMS = {
    "followed": ~nw.col("elsewhere").is_null(),
    "not_followed": nw.col("followed") & nw.col("elsewhere").is_null(),
    "elsewhere": nw.col("elsewhere"),
    "owner_told": ~nw.col("left").is_null(),
    "owner_untold": nw.col("followed") & nw.col("left").is_null(),
    "left": nw.col("left"),
    "left_wait": _where(nw.col("left"), nw.col("wait")),
}
_BY_CONTACT = (
    Quantity(definition=SENT_ON, sums=("elsewhere", "followed"), n="followed", unknown="not_followed"),
    Quantity(definition=LEFT, sums=("left", "owner_told"), n="owner_told", unknown="owner_untold"),
    Quantity(definition=LEFT_DAYS, sums=("left_wait", "left"), n="left", unknown="owner_untold", value=days),
)
_PAIR = ("organisation", "other_organisation")
_PAIR_SUMS = {"back": nw.col("back"), "journeys": ~nw.col("back").is_null()}
_BY_PAIR = (Quantity(definition=PING_PONG_PAIRS, sums=("back",), n="journeys", value=total),)
_WAITS = (
    Rank(definition=LONGEST_WAIT, share=0.5, value="longest", per=DAY, may_lack=True),
    Rank(definition=LONGEST_WAIT_90, share=0.9, value="longest", per=DAY, may_lack=True),
)


def _pairs(facts: Facts, back: Frame, store: Store) -> list[Measure]:
    """The moves straight back, all of them and by pair of organisations."""
    rows = store.keep(facts.courses.select("number", "block").join(back, on="number", how="left"))
    found = told_by_pairs(rows, _PAIR_SUMS, _BY_PAIR, store=store, by=_PAIR, known=facts.log.known)
    store.drop(rows)
    return found
