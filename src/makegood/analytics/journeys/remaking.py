"""Journeys cut to a part of themselves, or remade after some of their contacts fell away or moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import narwhals.stable.v2 as nw

from ..program.build import Frame
from .columns import CONTACT_COLUMNS, JOURNEY_COLUMNS, ORDER, WHOLE_COLUMNS, Journeys, Log
from .store import Store

_ENDED = nw.coalesce("end", "start")


def part(journeys: Journeys, where: nw.Expr, store: Store) -> Journeys:
    """The journeys for which a condition on the columns of `whole` holds; the log stays whole."""
    whole = store.keep(journeys.whole.filter(where))
    contacts = store.keep(journeys.contacts.join(whole.select("journey"), on="journey", how="semi"))
    return Journeys(log=journeys.log, contacts=contacts, whole=whole, is_part=True)


def remade(journeys: Journeys, contacts: Frame, store: Store) -> Journeys:
    """The same journeys made of other contacts: those of them that are left, some perhaps at another time.

    `contacts` has `CONTACT_COLUMNS` and `journey`. A journey keeps its id, its block, its subject and its need, and a
    contact why it belongs, even where the first contact, or the one that it was joined to, fell away. A journey without
    any contact is gone.
    """
    known = journeys.contacts.select("contact", "because", "joined_to", "block", "number")
    rows = contacts.select("journey", *CONTACT_COLUMNS).join(known, on="contact")
    before = {"organisation": "organisation", "team": "team", "end": "ended"}
    rows = rows.with_columns(ended=_ENDED).with_columns(
        nw.col("contact").cum_count().over("journey", order_by=ORDER).cast(nw.Int64).alias("place"),
        nw.col("contact").shift(-1).over("journey", order_by=ORDER).is_null().alias("is_last"),
        *(nw.col(of).shift(1).over("journey", order_by=ORDER).alias(f"before_{name}") for name, of in before.items()),
    )
    told = store.keep(rows.select(*CONTACT_COLUMNS, *JOURNEY_COLUMNS))
    whole = store.keep(_whole(journeys, told))
    return Journeys(log=_log(journeys, told), contacts=told, whole=whole, is_part=journeys.is_part)


def without(contacts: Frame, fallen: Frame) -> Frame:
    """The contacts without those in `fallen` (column `contact`); what these settled, the one before them settles.

    `contacts` has `CONTACT_COLUMNS` and `journey`. Where what a contact settled is not known of any, nor is it then.
    """
    gone = fallen.select("contact").unique().with_columns(gone=nw.lit(1, nw.Int64))
    rows = contacts.join(gone, on="contact", how="left").with_columns(stays=1 - nw.col("gone").fill_null(0))
    rows = rows.with_columns(stay=nw.col("stays").cum_sum().over("journey", order_by=ORDER))
    settled = ("resolved", "completed")
    got = rows.group_by("journey", "stay").agg(
        *(nw.col(column).cast(nw.Int64).max().alias(f"{column}_then") for column in settled)
    )
    left = rows.filter(nw.col("stays") == 1).join(got, on=["journey", "stay"])
    left = left.with_columns(**{column: nw.col(f"{column}_then") == 1 for column in settled})
    return left.select("journey", *CONTACT_COLUMNS)


def _whole(journeys: Journeys, contacts: Frame) -> Frame:
    # By organisation first: counting what differs is slow where groups are many and small.
    parts = (
        contacts.with_columns(ended=_ENDED)
        .group_by("journey", "organisation")
        .agg(
            first=nw.col("start").min(),
            last=nw.when(nw.col("is_last")).then(nw.col("ended")).max(),
            contacts=nw.len().cast(nw.Int64),
            completed=nw.col("completed").cast(nw.Int64).max(),
            completed_at=nw.when(nw.col("completed")).then(nw.col("ended")).min(),
            completing=nw.when(nw.col("completed")).then(nw.col("place")).min(),
        )
    )
    whole = parts.group_by("journey").agg(
        *(nw.col(column).min() for column in ("first", "completed_at", "completing")),
        *(nw.col(column).max() for column in ("last", "completed")),
        contacts=nw.col("contacts").sum(),
        bodies=nw.col("organisation").count(),
    )
    heads = contacts.filter(nw.col("place") == 1).select("journey", "organisation", "channel")
    same = journeys.whole.select("journey", "number", "block", "subject", "need")
    counts = {column: nw.col(column).cast(nw.Int64) for column in ("contacts", "bodies")}
    found = same.join(whole, on="journey").join(heads, on="journey")
    return found.with_columns(completed=nw.col("completed") == 1, **counts).select(*WHOLE_COLUMNS)


def _log(journeys: Journeys, contacts: Frame) -> Log:
    """The log with these contacts in place of those that the journeys had."""
    log, contacts = journeys.log, contacts.select(*CONTACT_COLUMNS)
    if journeys.is_part:
        others = log.contacts.join(journeys.contacts.select("contact"), on="contact", how="anti")
        contacts = nw.concat([contacts, others.select(*CONTACT_COLUMNS)])
    items = log.items.join(contacts.select("contact"), on="contact", how="semi")
    return replace(log, contacts=contacts, items=items)


def within(journeys: Journeys, days: int, as_of: int, store: Store) -> Journeys:
    """What happened in the first `days` days of 24 hours of each journey, as far as the log goes on for so long.

    Journeys that began less than that before `as_of` (microseconds since 1970 UTC) are left out: nobody knows what
    will still happen in them. So journeys of any period are watched for equally long.
    """
    reach = days * 86_400_000_000
    old = journeys.whole.filter(nw.col("first") + reach <= as_of).select("journey", "first")
    contacts = journeys.contacts.join(old, on="journey").filter(nw.col("start") <= nw.col("first") + reach)
    return remade(journeys, contacts.select("journey", *CONTACT_COLUMNS), store)


def last_instant(journeys: Sequence[Journeys], store: Store) -> int:
    """The end of the last contact of several sets of journeys, in microseconds since 1970 UTC; 0 without any."""
    found = [store.rows(each.whole.select(nw.col("last").max()))[0]["last"] for each in journeys]
    return max((int(last) for last in found if last is not None), default=0)
