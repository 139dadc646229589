"""Demand that failure causes: chasing, said or found, joined to the promise that stood; failure against value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import NOT_AVOIDABLE, Journeys, Kind
from ..joining import NOTHING_JOINS
from ..measure import Definition
from .pairs import total
from .ratios import Quantity

_RULE = (
    "A contact is a chase when its kind says so. Where the kind is missing or “other”, a contact after the first of "
    "its journey is one when nothing happened in it: no information was asked or given, the customer was not handed "
    "on, nothing was resolved or completed. To find these the log needs “asked”, “given”, “handed_to” and “resolved”; "
    "without them, and where it is not said whether anything was resolved, such a contact is unknown. In a log in "
    "which nothing joins two contacts each without a kind is unknown."
)
_PROMISE = (
    "The promise is the last one told in an earlier contact of the journey, or in the chase itself. A chase is late "
    "when either had run out before it began: a new date that is told in the chase does not mend the old one. Not told "
    "of a log in which nothing joins two contacts."
)
_STUDY = "Failure demand: J. Seddon, demand caused by a failure to do something or to do it right for the customer"


def _chases(name: str, title: str, says: str, *, needs: tuple[str, ...] = ("due",)) -> tuple[Definition, Definition]:
    """Definitions of a number of chases and of their share."""
    whole = "chases" if needs else "contacts"
    share = Definition(
        name=f"{name}_share",
        title=f"{title}, as a share of {whole}",
        unit="share",
        of="contacts",
        says=f"{says} Weighted.",
        formula=f"{title.lower()} ÷ {whole}",
        source=_STUDY,
        needs=needs,
        better="lower" if name in ("chases", "chases_after_due") else "",
    )
    count = Definition(
        name=name,
        title=title,
        unit="contacts",
        of="contacts",
        says=f"{says} How many there are in the log, each counted with its weight.",
        formula=f"{title.lower()}, counted",
        source=_STUDY,
        needs=needs,
        better=share.better,
    )
    return count, share


CHASES, CHASES_SHARE = _chases("chases", "Chases", _RULE, needs=())
AFTER_DUE, AFTER_DUE_SHARE = _chases(
    "chases_after_due",
    "Chases after a promise had run out",
    f"A kept promise would have prevented them. {_PROMISE}",
)
BEFORE_DUE, BEFORE_DUE_SHARE = _chases(
    "chases_before_due",
    "Chases before the promise was due",
    f"A promise that is shorter, or told better, might prevent them. {_PROMISE}",
)
NO_PROMISE, NO_PROMISE_SHARE = _chases(
    "chases_without_promise",
    "Chases without any promise",
    "Nobody had told the customer by when the next step would come; a promise might prevent them.",
)
FAILURE_DEMAND = Definition(
    name="failure_demand",
    title="Failure demand",
    unit="share",
    of="contacts",
    says=(
        "The share of contacts that a failure caused: a chase (said, or found where the kind is missing or “other”), "
        "a repeat of information, a clarification, a misdirected contact, a complaint, or a contact that the adviser "
        "judged avoidable. All other kinds but “other” are value demand: what the service is for. A contact of the "
        "kind “other”, or of an unknown kind, is value demand only when the adviser judged it not avoidable and it was "
        "not found to be a chase; without the adviser's view it is unknown. Of all other contacts without the "
        "adviser's view the kind alone tells, which finds fewer failures. Weighted."
    ),
    formula="failure demand ÷ (failure demand + value demand)",
    source=_STUDY,
    needs=("kind",),
    better="lower",
)
NO_VIEWS = (
    "no adviser judged any contact of this log, so that failures which the kind of a contact does not show are not "
    "counted."
)
"""Why failure demand is only the least that it can be."""
DEFINITIONS = (
    CHASES,
    CHASES_SHARE,
    AFTER_DUE,
    AFTER_DUE_SHARE,
    BEFORE_DUE,
    BEFORE_DUE_SHARE,
    NO_PROMISE,
    NO_PROMISE_SHARE,
    FAILURE_DEMAND,
)

_FAILURES = (Kind.CHASE, Kind.REPEAT, Kind.CLARIFICATION, Kind.MISDIRECTED, Kind.COMPLAINT)
_SAYING = tuple(kind for kind in Kind if kind != Kind.OTHER)
"""The kinds that say what a contact was."""
_NEEDED_BY_RULE = ("asked", "given", "handed_to", "resolved")


def with_chases(contacts: Frame, journeys: Journeys, *, joined: bool = True) -> Frame:
    """The contacts of journeys with `chase`: whether it is one; null where that is unknown.

    Without `joined` nothing in the log joins two contacts (`joining.can_join`): nobody knows then which is the first.
    """
    said = nw.col("kind").is_in(_SAYING).fill_null(value=False)
    if not joined:
        quiet = nw.lit(None, nw.Boolean)
    elif journeys.log.lacks(*_NEEDED_BY_RULE):
        quiet = nw.when(nw.col("place") == 1).then(nw.lit(False))
    else:
        contacts = contacts.join(_quiet(journeys, ~said), on="contact", how="left")
        quiet = nw.when(nw.col("unsettled").is_null()).then(nw.lit(False)).when(nw.col("unsettled")).then(nw.lit(True))
    return contacts.with_columns(chase=nw.when(said).then(nw.col("kind") == Kind.CHASE).otherwise(quiet))


def _quiet(journeys: Journeys, unsaid: nw.Expr) -> Frame:
    """Contacts without a kind in which nothing is known to have happened.

    `unsettled` says that nothing was resolved, and is false where that is not known.
    """
    happened = nw.col("resolved").fill_null(value=False) | nw.col("completed").fill_null(value=False)
    passed_on = ~nw.col("handed_to").is_null()
    candidates = journeys.contacts.filter((nw.col("place") > 1) & unsaid & ~happened & ~passed_on)
    touched = journeys.log.items.filter(nw.col("how").is_in(["asked", "given"])).select("contact")
    return candidates.select("contact", unsettled=~nw.col("resolved").is_null()).join(touched, on="contact", how="anti")


def with_promises(contacts: Frame) -> Frame:
    """The chases, and contacts that may be chases, with how each stands to the promise told: `late`, `promised`.

    Both are null where it is not known whether it is a chase.
    """
    # Contacts that are no chase and tell no promise have no part in it.
    rows = contacts.filter(nw.col("chase").fill_null(value=True) | ~nw.col("due").is_null())
    own, start = nw.col("due"), nw.col("start")
    told = own.fill_null(strategy="forward").over("number", order_by="place")
    rows = rows.with_columns(told=told)
    rows = rows.with_columns(before=nw.col("told").shift(1).over("number", order_by="place"))
    rows = rows.filter(nw.col("chase").fill_null(value=True))
    chase, before = nw.col("chase"), nw.col("before")
    late = (own < start).fill_null(value=False) | (before < start).fill_null(value=False)
    promised = ~nw.col("told").is_null()
    return rows.with_columns(late=nw.when(chase).then(late), promised=nw.when(chase).then(promised))


SAID = ("said", "failed")


def said() -> dict[str, nw.Expr]:
    """Of a contact with `kind`: whether that says what it was, and whether that was the work of a failure."""
    kind = nw.col("kind")
    return {"said": kind.is_in(_SAYING).fill_null(value=False), "failed": kind.is_in(_FAILURES).fill_null(value=False)}


def chase_sums() -> Mapping[str, nw.Expr]:
    """What is summed over rows of alike contacts, which have `chase`, what `said` gives, and `adviser`, a code."""
    contacts = nw.col("contacts")
    chase, weight = nw.col("chase"), nw.col("weight")
    avoidable = nw.col("adviser") != NOT_AVOIDABLE
    failed = chase.fill_null(value=False) | nw.col("failed") | avoidable.fill_null(value=False)
    known = failed | nw.col("said") | ~avoidable.is_null()
    return {
        "chases": nw.when(chase).then(weight),
        "weight of known": nw.when(~chase.is_null()).then(weight),
        "known whether chase": nw.when(~chase.is_null()).then(contacts),
        "unknown whether chase": nw.when(chase.is_null()).then(contacts),
        "failures": nw.when(failed).then(weight),
        "failures and values": nw.when(known).then(weight),
        "known demand": nw.when(known).then(contacts),
        "unknown demand": nw.when(~known).then(contacts),
    }


def _lacks(known: Collection[str], *, joined: bool) -> tuple[str, ...]:
    """What chases lack to be told at all: kinds, and then what the rule needs to find them."""
    missing = tuple(column for column in ("kind", *_NEEDED_BY_RULE) if column not in known)
    if "kind" not in missing:
        return ()
    return (NOTHING_JOINS, *missing) if not joined else missing if len(missing) > 1 else ()


def chase_quantities(known: Collection[str], *, joined: bool) -> Iterator[Quantity]:
    """Chases among all contacts, and failure demand."""
    lacks = _lacks(known, joined=joined)
    n, unknown = "known whether chase", "unknown whether chase"
    yield Quantity(definition=CHASES, sums=("chases",), n=n, unknown=unknown, value=total, lacks=lacks)
    yield Quantity(definition=CHASES_SHARE, sums=("chases", "weight of known"), n=n, unknown=unknown, lacks=lacks)
    yield Quantity(
        definition=FAILURE_DEMAND, sums=("failures", "failures and values"), n="known demand", unknown="unknown demand"
    )


def promise_sums() -> Mapping[str, nw.Expr]:
    """What is summed over the rows of `with_promises`."""
    late, promised, weight = nw.col("late"), nw.col("promised"), nw.col("weight")
    return {
        "chases": nw.when(nw.col("chase")).then(weight),
        "known": ~late.is_null(),
        "unknown": late.is_null(),
        "after": nw.when(late).then(weight),
        "before": nw.when(promised & ~late).then(weight),
        "none": nw.when(~promised).then(weight),
    }


def promise_quantities(known: Collection[str], *, joined: bool) -> Iterator[Quantity]:
    """Chases by how they stand to the promise told, of which nobody knows anything where nothing joins two contacts."""
    lacks = _lacks(known, joined=joined)
    lacks = lacks if joined or lacks else (NOTHING_JOINS,)
    for count, share, name in (
        (AFTER_DUE, AFTER_DUE_SHARE, "after"),
        (BEFORE_DUE, BEFORE_DUE_SHARE, "before"),
        (NO_PROMISE, NO_PROMISE_SHARE, "none"),
    ):
        yield Quantity(definition=count, sums=(name,), n="known", unknown="unknown", value=total, lacks=lacks)
        yield Quantity(definition=share, sums=(name, "chases"), n="known", unknown="unknown", lacks=lacks)
