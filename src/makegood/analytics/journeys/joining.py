"""Which earlier contact each contact is joined to, by each of the four rules that `building.build` states.

All contacts here are numbered in their order (`row`), so that a lesser row is an earlier contact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals.stable.v2 as nw

from ..program.build import Frame
from .columns import Because, Journeys, Log
from .components import components
from .store import Store

STRONGEST_FIRST = (Because.SAME_CASE, Because.QUOTED, Because.HANDED_OVER, Because.SAME_NEED)
"""Of several rules that join a contact, the first of these is its reason."""

NOTHING_JOINS = "a case, a subject, or references that others quote: nothing joins two contacts"
"""What a log lacks of which `can_join` is false."""


def can_join(journeys: Journeys, store: Store) -> bool:
    """Whether anything in the log of journeys could join two contacts; columns alone do not, they have to say a word.

    That is a case; a customer, with a need where the log tells needs; or that contacts were joined. A log without any
    contact joins as its columns say.
    """
    log = journeys.log
    if log.lacks("case") and log.lacks("subject") and log.lacks("reference", "follows"):
        return False
    (row,) = store.rows(journeys.whole.select(most=nw.col("contacts").max()))
    if (row["most"] or 0) > 1:
        return True
    named = ~nw.col("subject").is_null()
    named = named & ~nw.col("need").is_null() if "need" in log.known else named
    said = (named | ~nw.col("case").is_null()).cast(nw.Int64)
    (row,) = store.rows(log.contacts.select(said=said).select(nw.col("said").sum(), contacts=nw.len()))
    return not row["contacts"] or bool(row["said"]) or (journeys.is_part and _is_quoted(log, store))


def _is_quoted(log: Log, store: Store) -> bool:
    """Whether any contact of the log quotes a reference of another."""
    said = nw.concat_str("organisation", "reference", separator="/")
    used = [log.contacts.select(follows="reference"), log.contacts.select(follows=said)]
    quotes = log.contacts.select("follows").filter(~nw.col("follows").is_null())
    (row,) = store.rows(quotes.join(nw.concat(used), on="follows", how="semi").select(count=nw.len()))
    return bool(row["count"])


def link(rule: Because) -> str:
    """The column that holds the row to which a rule joins a contact; null where it joins it to none."""
    return f"by_{rule.name.lower()}"


_LINKED = ("row", "number", *map(link, STRONGEST_FIRST))

NEXT = ("start", "organisation", "team")
"""What is told of the contact that follows in the journey."""


def joined(contacts: Frame, log: Log, store: Store, along: Sequence[str]) -> Frame:
    """For each contact (`row`) the rows that it is joined to (`link`), and its journey: a kept frame.

    `number` is the first row of its journey, `place` counts from 1 there, `row_before` is the row before it there;
    `next_start` and so on (`NEXT`) tell of the one after it, as far as the log has such columns. `contacts` has,
    besides the columns of a log, `row` and `horizon`: until when a next contact belongs to it. Its columns `along` are
    in the frame too: carried along they cost less than looked up again for each contact.
    """
    after = [column for column in NEXT if column not in log.lacks("organisation", "team")]
    carried = list(dict.fromkeys((*after, *along)))
    far = _far_links(contacts, log, store)
    is_together = far or not log.lacks("case")
    rows = contacts.select("case", "subject", "need", "row", "horizon", *carried)
    needed = _by_need(rows, log, () if is_together else after)
    if is_together:
        chained = _by_case(needed, log).select(
            "row", "part", "case_part", link(Because.SAME_CASE), link(Because.SAME_NEED), *carried
        )
        chained = store.keep(chained)
        linked = store.keep(_in_order(_hanging_together(chained, far, store), after, carried))
        store.drop(chained, *far.values())
        return linked
    # Nothing brings chains together: they are the journeys, and their contacts are counted already.
    none = {link(rule): nw.lit(None, nw.Int64) for rule in STRONGEST_FIRST if rule is not Because.SAME_NEED}
    alone = needed.with_columns(**none, number="part", row_before=link(Because.SAME_NEED))
    # The next one of the same customer and need is of the same journey if it starts in time.
    follows = nw.col("next_start") <= nw.col("horizon")
    told = [nw.when(follows).then(nw.col(f"next_{column}")).alias(f"next_{column}") for column in after]
    return store.keep(alone.select(*_LINKED, "row_before", "place", *carried, *told))


def _after(columns: Sequence[str], by: str) -> nw.Expr:
    """Columns of the next row with the same value in a column."""
    return nw.col(*columns).shift(-1).over(by, order_by="row").name.prefix("next_")


def _in_order(linked: Frame, after: Sequence[str], carried: Sequence[str]) -> Frame:
    """With each contact's place in its journey, the row before it there, and columns of the one after it."""
    row = nw.col("row")
    return linked.select(
        *_LINKED,
        *carried,
        _after(after, "number"),
        row_before=row.shift(1).over("number", order_by="row"),
        place=row.cum_count().over("number", order_by="row").cast(nw.Int64),
    )


def _hanging_together(chained: Frame, far: Mapping[Because, Frame], store: Store) -> Frame:
    """With `number`, and the far links: chains (`part`) that any link brings together are one journey."""
    at, to = chained.select("row", a="part"), chained.select(row_before="row", b="part")
    pairs = [chained.filter(nw.col("case_part") != nw.col("part")).select(a="part", b="case_part")]
    pairs += [found.join(at, on="row").join(to, on="row_before").select("a", "b") for found in far.values()]
    parts = components(nw.concat(pairs), store)
    linked = chained.join(parts.select(part="node", number="least"), on="part", how="left")
    linked = linked.with_columns(number=nw.coalesce("number", "part"))
    for rule in (Because.QUOTED, Because.HANDED_OVER):
        if rule in far:
            found = far[rule].select("row", nw.col("row_before").alias(link(rule)))
            linked = linked.join(found, on="row", how="left")
        else:
            linked = linked.with_columns(nw.lit(None, nw.Int64).alias(link(rule)))
    return linked


def _by_need(contacts: Frame, log: Log, after: Sequence[str]) -> Frame:
    """With the link by customer and need, `part`, the first row of the chain that they make, and `place` there.

    The columns `after` are told of the next contact of the same customer and need, too, however late.
    """
    by_need = link(Because.SAME_NEED)
    if log.lacks("subject"):
        none = {f"next_{column}": nw.when(nw.lit(value=False)).then(nw.col(column)) for column in after}
        alone = contacts.with_columns(nw.lit(None, nw.Int64).alias(by_need), **none)
        return alone.with_columns(part="row", place=nw.lit(1, nw.Int64))
    by = ["subject", *({"need"} & log.known)]
    row = nw.col("row")
    # The first row of all with the same keys stands for them: numbers are sorted faster than texts.
    alike = contacts.group_by(*by).agg(alike=row.min())
    alone = contacts.join(alike, on=by, how="left").with_columns(alike=nw.coalesce("alike", "row"))
    ahead = [_after(after, "alike")] if after else []
    before = alone.with_columns(
        *ahead,
        nw.col("row", "horizon").shift(1).over("alike", order_by="row").name.suffix("_before"),
        nth=row.cum_count().over("alike", order_by="row").cast(nw.Int64),
    )
    near = nw.when(nw.col("start") <= nw.col("horizon_before")).then(nw.col("row_before"))
    begins = {column: nw.when(nw.col(by_need).is_null()).then(column).otherwise(-1) for column in ("row", "nth")}
    began = {column: begin.cum_max().over("alike", order_by="row") for column, begin in begins.items()}
    chains = before.with_columns(near.alias(by_need)).with_columns(part=began["row"], first=began["nth"])
    return chains.with_columns(place=nw.col("nth") - nw.col("first") + 1)


def _by_case(contacts: Frame, log: Log) -> Frame:
    """With the link by case, and `case_part`, the part of the contact to which it leads."""
    by_case = link(Because.SAME_CASE)
    if log.lacks("case"):
        return contacts.with_columns(nw.lit(None, nw.Int64).alias(by_case), case_part=nw.lit(None, nw.Int64))
    apart = contacts.with_columns(case_apart=_apart(["case"]))
    before = nw.col("row").shift(1).over("case", "case_apart", order_by="row")
    if log.lacks("subject"):
        first = nw.col("row").min().over("case", "case_apart")
        return apart.with_columns(before.alias(by_case), part=first, case_part=first)
    part = nw.col("part").shift(1).over("case", "case_apart", order_by="row")
    return apart.with_columns(before.alias(by_case), case_part=part)


def _apart(by: Sequence[str]) -> nw.Expr:
    """Null, but of a contact that lacks one of the columns its own row: so that it is with none in a window."""
    return nw.when(nw.any_horizontal(*(nw.col(column).is_null() for column in by), ignore_nulls=False)).then(
        nw.col("row")
    )


def _far_links(contacts: Frame, log: Log, store: Store) -> dict[Because, Frame]:
    """Links by hand-over and by reference: columns `row`, `row_before`."""
    links = {}
    if not log.lacks("subject", "organisation", "handed_to"):
        links[Because.HANDED_OVER] = store.keep(_handed_over(contacts))
    if not log.lacks("follows", "reference"):
        links[Because.QUOTED] = _quoted(contacts, store)
    return links


def _handed_over(contacts: Frame) -> Frame:
    given = contacts.filter(~nw.col("handed_to").is_null(), ~nw.col("subject").is_null())
    givers = given.select("row", "subject", organisation="handed_to")
    takers = contacts.select("row", "subject", "organisation")
    latest = _latest_before(takers, givers, "subject", "organisation")
    horizons, starts = given.select("horizon", row_before="row"), contacts.select("row", "start")
    near = latest.join(horizons, on="row_before").join(starts, on="row").filter(nw.col("start") <= nw.col("horizon"))
    return near.select("row", "row_before")


def _quoted(contacts: Frame, store: Store) -> Frame:
    reference = nw.col("reference")
    quotes = contacts.filter(~nw.col("follows").is_null()).select("row", "organisation", reference="follows")
    used = contacts.filter(~reference.is_null()).select("row", "organisation", "reference")
    # Most references are quoted nowhere: only what is quoted is looked into further.
    quotes, wanted = store.keep(quotes), quotes.select("reference").unique()
    bare = store.keep(used.join(wanted, on="reference", how="semi"))
    full_quotes = quotes.filter(reference.str.contains("/", literal=True))
    full = used.with_columns(reference=nw.concat_str("organisation", "reference", separator="/"))
    full = store.keep(full.join(full_quotes.select("reference").unique(), on="reference", how="semi"))
    users = bare.group_by("reference").agg(users=nw.col("organisation").n_unique())
    alone = bare.join(users.filter(nw.col("users") == 1).select("reference"), on="reference", how="semi")
    found = quotes.select("row")
    for place, latest in enumerate(
        (
            _latest_before(full_quotes, full, "reference"),
            _latest_before(quotes, bare, "reference", "organisation"),
            _latest_before(quotes, alone, "reference"),
        )
    ):
        found = found.join(latest.select("row", **{f"way_{place}": nw.col("row_before")}), on="row", how="left")
    ways = found.with_columns(row_before=nw.coalesce("way_0", "way_1", "way_2"))
    found = store.keep(ways.filter(~nw.col("row_before").is_null()).select("row", "row_before"))
    store.drop(quotes, bare, full)
    return found


def _latest_before(later: Frame, earlier: Frame, *by: str) -> Frame:
    """The rows of `later` that have one in `earlier` before them with the same columns: with the last, `row_before`.

    Nulls are the same as nothing.
    """
    # The first row of all with the same columns stands for them: numbers are sorted faster than texts.
    alike = earlier.group_by(*by).agg(alike=nw.col("row").min())
    wanted, known = later.join(alike, on=list(by)), earlier.join(alike, on=list(by))
    # A contact is not earlier than itself: its row as a seeker stands before its row as one that is sought.
    both = nw.concat(
        [
            wanted.select("alike", "row", turn=2 * nw.col("row"), sought=nw.lit(-1, nw.Int64)),
            known.select("alike", "row", turn=2 * nw.col("row") + 1, sought="row"),
        ]
    )
    both = both.with_columns(row_before=nw.col("sought").cum_max().over("alike", order_by="turn"))
    return both.filter(nw.col("sought") == -1, nw.col("row_before") >= 0).select("row", "row_before")
