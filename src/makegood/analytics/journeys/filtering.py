"""Which journeys a map or a measure is about: by need, channel, partner and period. Journeys are never cut."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import narwhals.stable.v2 as nw

from .columns import Journeys
from .store import Store

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def filtered(
    journeys: Journeys,
    store: Store,
    *,
    need: Collection[str] = (),
    channel: Collection[str] = (),
    partner: Collection[str] = (),
    began_from: datetime | None = None,
    began_before: datetime | None = None,
) -> Journeys:
    """The journeys for which all that is given holds, each with all of its contacts.

    `need` is the first that was named in the journey. A journey counts for a `channel` or `partner` when at least one
    of its contacts was by one of the channels, or with one of the organisations: what happened elsewhere stays to be
    seen. For a period the start of the first contact counts: at or after `began_from`, and before `began_before`.

    The log stays whole: what a customer gave in other journeys was given all the same.
    """
    whole, contacts = journeys.whole, journeys.contacts
    if need:
        whole = whole.filter(nw.col("need").is_in(_several(need)))
    if began_from is not None:
        whole = whole.filter(nw.col("first") >= _microseconds(began_from))
    if began_before is not None:
        whole = whole.filter(nw.col("first") < _microseconds(began_before))
    for column, values in (("channel", channel), ("organisation", partner)):
        if values:
            some = contacts.filter(nw.col(column).is_in(_several(values))).select("journey")
            whole = whole.join(some, on="journey", how="semi")
    whole = store.keep(whole)
    kept = store.keep(contacts.join(whole.select("journey"), on="journey", how="semi"))
    return Journeys(log=journeys.log, contacts=kept, whole=whole, is_part=True)


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _several(words: Collection[str]) -> list[str]:
    """The words; one alone stands for itself and not for its letters."""
    return [words] if isinstance(words, str) else list(words)
