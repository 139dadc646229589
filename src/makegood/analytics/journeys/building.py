"""How contacts become journeys, by four stated rules, and why each contact belongs to its journey.

The same contacts give the same journeys whatever the order of their rows: only `columns.ORDER` counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import narwhals.stable.v2 as nw

from ..program.build import Frame
from .columns import CONTACT_COLUMNS, JOURNEY_COLUMNS, MICROSECONDS, ORDER, WHOLE_COLUMNS, Because, Journeys, Log
from .facts import COURSE_COLUMNS, Facts, facts, taken, turns_of, visits_of
from .joining import STRONGEST_FIRST, joined, link
from .store import Store, put_beside

DAY = 24 * 60 * 60 * MICROSECONDS
LONGEST_GAP = 36_525
"""No gap may be longer than this many days, a hundred years."""

BLOCKS = 100

_FAR = 1 << 40
"""More than any row number, so that a rule's place and a row fit into one whole number."""

_ALWAYS = {"contact", "line", "start", "offset", "sequence", "weight"}
"""Columns of contacts that are there whether the source has them or not."""

_NAMED = ("subject", "need")
"""What is told of a journey by the first contact that names it."""

_WORDS = ("need", "organisation", "team", "channel", "kind", "reason_adviser", "reason_customer", "handed_to")
"""Columns of texts that many contacts have alike."""

_END = nw.coalesce("end", "start")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How long a journey may rest: `gap_days` days of 24 hours, or for a need named in `gaps`, that many.

    A gap is counted from the end of the earlier contact (its start, if it has no end or one before its start) to the
    start of the later; exactly that long is still within. Whole days, 0 to `LONGEST_GAP`, else `ValueError`.
    """

    gap_days: int = 30
    gaps: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for days in (self.gap_days, *self.gaps.values()):
            if type(days) is not int or not 0 <= days <= LONGEST_GAP:
                raise ValueError(f"a gap is a whole number of days, 0 to {LONGEST_GAP}, not {days!r}")


USUAL_RULES = Rules()


def build(log: Log, store: Store, rules: Rules = USUAL_RULES) -> Facts:
    """The journeys of a log. Contacts joined by any rule, straight or through others, are one journey.

    "Earlier" is earlier in `columns.ORDER`. A contact is joined to the earlier contact that

    - `SAME_CASE`: is the last before it in the same `case`, whatever the time between;
    - `QUOTED`: is the latest to carry the `reference` that its `follows` quotes, of whichever customer. Written
      "organisation/reference", it is that organisation's. Bare, it is its own organisation's; if none of its own is
      earlier, that of the only organisation in the log which uses it; if several do, it is not joined;
    - `HANDED_OVER`: is the latest of the same `subject` with its organisation in `handed_to`, whatever the needs, if
      this contact starts within the gap (of the earlier one's need);
    - `SAME_NEED`: is the last before it of the same `subject` and `need`, if it starts within the gap. Where `need` is
      null nothing is joined; in a log without any column of needs a customer's contacts count as of one need.

    A rule whose columns the log does not have joins nothing; nor does a null. What nothing joins is a journey of its
    own.

    The journey is named by its first contact, whose `because` is `FIRST`. Of any other contact `because` is the
    strongest rule that joins it to an earlier one, in the order above, and `joined_to` that contact. A contact may
    belong only because a later one brings its journey together with an earlier journey, by joining both. Its reason
    is then the strongest rule by which a later contact is joined to it, and `joined_to` the first such later contact.

    In `whole`, `subject` and `need` are the first that are known, `completed` is false when it is known of at least one
    contact and true of none, and `completed_at` is the earliest end (or start) of a contact that completed it. `block`
    is the place of the journey's id among all ids, modulo 100: with up to 100 journeys, each is a block.

    What measures need is kept. `contacts` is put together each time that it is read: who reads it often keeps it.
    """
    # Columns that the source does not have are not carried along: they are null again at the end.
    held = [column for column in CONTACT_COLUMNS if column in _ALWAYS | log.known]
    empty = {column: nw.lit(None).cast(CONTACT_COLUMNS[column]()) for column in CONTACT_COLUMNS if column not in held}
    words = [column for column in _WORDS if column in held]
    numbered = store.numbered(log.contacts.select(*held), ORDER, "row", words)
    contacts = numbered.with_columns("row", **empty)
    narrow = [column for column in held if column in {*taken(log), "completed"}]
    linked = joined(_with_horizon(contacts, store, rules), log, store, narrow)
    # Sorted on disk where it has to be, which no window over all journeys at once could.
    ranked = store.numbered(_heads(linked, contacts), ["journey"], "rank")
    heads = ranked.with_columns(block=nw.col("rank") % BLOCKS).drop("rank")
    unnamed = store.rows(heads.select(nw.col(column).is_null().cast(nw.Int64).sum() for column in _NAMED))[0]
    first_named = {column: _first_named(column, heads, linked, contacts) for column in _NAMED if unnamed[column]}
    found = linked.with_columns(is_last=nw.col("next_start").is_null())
    turns = turns_of(found, log)
    visits = store.keep(visits_of(turns))
    whole = _whole(found.with_columns("row", **empty), visits, heads, first_named, store)
    store.drop(ranked)
    reasoned, reasons = _with_reasons(found, contacts, store)
    told = numbered.join(reasoned.select("row", "number", "place", "is_last", *reasons), on="row")
    told = _told(told.join(whole.select("number", "journey", "block"), on="number"), reasons)
    told = told.with_columns(**empty, **_before(held))
    journeys = Journeys(
        log=log,
        contacts=_as_texts(told, {**CONTACT_COLUMNS, **JOURNEY_COLUMNS}),
        whole=_as_texts(whole, WHOLE_COLUMNS),
    )
    return facts(journeys, turns=turns, visits=visits, courses=whole.select(*COURSE_COLUMNS))


def _with_horizon(contacts: Frame, store: Store, rules: Rules) -> Frame:
    """With `horizon`, the last instant at which a next contact still belongs."""
    ends = nw.max_horizontal("start", "end")
    if not rules.gaps:
        return contacts.with_columns(horizon=ends + rules.gap_days * DAY)
    days = store.frame({"need": nw.String, "gap": nw.Int64}, [{"need": n, "gap": d} for n, d in rules.gaps.items()])
    gaps = contacts.join(days, on="need", how="left")
    return gaps.with_columns(horizon=ends + nw.coalesce("gap", nw.lit(rules.gap_days)) * DAY)


def _heads(linked: Frame, contacts: Frame) -> Frame:
    """A row for each journey (`number`): what is told of its first contact."""
    firsts = contacts.select("subject", "need", "organisation", "channel", number="row", journey="contact")
    return linked.filter(nw.col("place") == 1).select("number").join(firsts, on="number")


def _with_reasons(linked: Frame, contacts: Frame, store: Store) -> tuple[Frame, list[str]]:
    """With the columns that tell why a contact belongs, and which they are.

    `reason` is the rule's place in `STRONGEST_FIRST`; null where none joins it to an earlier contact. Where some are
    joined to another contact than the last before them, there are `odd_reason` and `odd_contact` too.
    """
    links = [nw.col(link(rule)) for rule in STRONGEST_FIRST]
    reasons = (nw.when(~to.is_null()).then(nw.lit(place)) for place, to in enumerate(links))
    reasoned = linked.with_columns(to=nw.coalesce(*links), reason=nw.coalesce(*reasons))
    to = nw.col("to")
    odd = reasoned.filter(~nw.col("row_before").is_null(), to.is_null() | (to != nw.col("row_before")))
    odd = store.keep(odd.select("row", "to", "reason"))
    if not store.rows(odd.select(count=nw.len()))[0]["count"]:
        return reasoned, ["reason"]
    return reasoned.join(_odd_reasons(odd, linked, contacts), on="row", how="left"), [
        "reason",
        "odd_reason",
        "odd_contact",
    ]


def _as_texts(frame: Frame, columns: Mapping[str, type[nw.dtypes.DType]]) -> Frame:
    """Some columns of a frame; no text is a word of a list any more."""
    texts = [nw.col(column).cast(nw.String) for column, kind in columns.items() if kind is nw.String]
    return frame.with_columns(*texts).select(*columns)


def _told(found: Frame, reasons: Sequence[str]) -> Frame:
    """With `because` and `joined_to`, worked out only where they are asked for."""
    reason, joined_to = nw.col("reason"), _last("contact")
    if len(reasons) > 1:
        reason, joined_to = nw.coalesce("reason", "odd_reason"), nw.coalesce(nw.col("odd_contact"), joined_to)
    because = [nw.when(reason == place).then(nw.lit(str(rule))) for place, rule in enumerate(STRONGEST_FIRST)]
    return found.with_columns(because=nw.coalesce(*because, nw.lit(str(Because.FIRST))), joined_to=joined_to)


def _last(column: str) -> nw.Expr:
    """A column of the contact before in the journey; numbers are sorted faster than the texts that they stand for."""
    return nw.col(column).shift(1).over("number", order_by="row")


def _before(held: Collection[str]) -> dict[str, nw.Expr]:
    """What came before a contact, worked out only where it is asked for."""
    texts = {
        f"before_{column}": _last(column) if column in held else nw.lit(None).cast(nw.String())
        for column in ("organisation", "team")
    }
    ended = nw.coalesce(_last("end"), _last("start")) if "end" in held else _last("start")
    return {**texts, "before_end": ended}


def _odd_reasons(odd: Frame, linked: Frame, contacts: Frame) -> Frame:
    """The reasons and contacts of those that are joined to another than the last before them in their journey.

    Those joined to none before them get the strongest rule, and of that the first row, that joins a later one to them.
    """
    alone = odd.filter(nw.col("to").is_null()).select("row")
    ways = [
        linked.select(later=nw.col("row") + place * _FAR, row=link(rule)).filter(~nw.col("row").is_null())
        for place, rule in enumerate(STRONGEST_FIRST)
    ]
    later = nw.concat(ways).join(alone, on="row", how="semi").group_by("row").agg(nw.col("later").min())
    place = nw.sum_horizontal(*((nw.col("later") >= n * _FAR).cast(nw.Int64) for n in range(1, len(ways))))
    told = odd.join(later, on="row", how="left").select(
        "row", odd_reason=nw.coalesce("reason", place), odd_to=nw.coalesce("to", nw.col("later") % _FAR)
    )
    return told.join(contacts.select(odd_to="row", odd_contact="contact"), on="odd_to")


def _whole(found: Frame, visits: Frame, heads: Frame, first_named: Mapping[str, Frame], store: Store) -> Frame:
    """A row for each journey: `WHOLE_COLUMNS`."""
    rows = found.select("number", "start", "completed", "place", "is_last", ended=_END)
    summed = rows.group_by("number").agg(
        nw.col("start").min().alias("first"),
        nw.when(nw.col("is_last")).then(nw.col("ended")).max().alias("last"),
        nw.len().alias("contacts"),
        nw.col("completed").cast(nw.Int64).max(),
        nw.when(nw.col("completed")).then(nw.col("ended")).min().alias("completed_at"),
        nw.when(nw.col("completed")).then(nw.col("place")).min().alias("completing"),
    )
    bodies = visits.group_by("number").agg(bodies=nw.col("organisation").count())
    whole = put_beside(store, heads, [summed, bodies, *first_named.values()], on="number")
    named = {column: nw.coalesce(column, f"first_{column}") for column in first_named}
    counts = {column: nw.col(column).cast(nw.Int64) for column in ("contacts", "bodies")}
    return whole.with_columns(completed=nw.col("completed") == 1, **named, **counts)


def _first_named(column: str, heads: Frame, linked: Frame, contacts: Frame) -> Frame:
    """Of journeys whose first contact does not name it, the first that any does: few journeys, as a rule."""
    without = heads.filter(nw.col(column).is_null()).select("number")
    named = contacts.filter(~nw.col(column).is_null()).select("row", nw.col(column).alias(f"first_{column}"))
    named = linked.select("number", "row").join(without, on="number", how="semi").join(named, on="row")
    first = named.group_by("number").agg(nw.col("row").min())
    return named.join(first.select("row"), on="row", how="semi").drop("row")
