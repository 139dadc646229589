"""Medians by group that stay exact and within bounded memory however many rows there are.

An engine's own median holds every value of a group in memory. Beyond `AT_ONCE` rows it is found in two steps instead:
rows are counted in buckets, and only those of the bucket in the middle are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..store import Store

AT_ONCE = 10_000_000
"""Up to so many rows an engine's own median is used: it is faster, and they fit."""


def grouped(
    frame: Frame,
    keys: Sequence[str],
    store: Store,
    *,
    medians: Sequence[str],
    also: Sequence[nw.Expr] = (),
    at_once: bool = True,
) -> Frame:
    """A row for each group: its keys, what `also` aggregates, and the median of each of the columns `medians`.

    These hold whole numbers from 0, without nulls, and so do the keys. `at_once` leaves the medians to the engine.
    """
    if at_once:
        return frame.group_by(*keys).agg(*also, *(nw.col(value).median() for value in medians))
    frame = store.keep(frame)
    whole = frame.group_by(*keys).agg(*also)
    for value in medians:
        whole = whole.join(store.keep(_middle(frame, keys, value, store)), on=list(keys), how="left")
    return whole


def _middle(frame: Frame, keys: Sequence[str], value: str, store: Store) -> Frame:
    """The median of one column for each group."""
    # Any function that never falls would do; this one parts seconds as well as years into narrow buckets.
    bucket = nw.col(value).sqrt().sqrt().floor().cast(nw.Int64).alias("bucket")
    placed = frame.select(*keys, value, bucket)
    counted = placed.group_by(*keys, "bucket").agg(nw.len().alias("n"))
    total = nw.col("n").sum().over(*keys).cast(nw.Int64).alias("total")
    buckets = _in_the_middle(counted.with_columns(total, nw.lit(0, dtype=nw.Int64).alias("passed")), keys, "bucket")
    near = store.keep(buckets.select(*keys, "bucket", "total", (nw.col("upto") - nw.col("n")).alias("passed")))
    singly = (
        placed.join(near, on=[*keys, "bucket"], how="inner")
        .group_by(*keys, value)
        .agg(nw.len().alias("n"), nw.col("total").min(), nw.col("passed").min())
    )
    return _in_the_middle(singly, keys, value).group_by(*keys).agg(nw.col(value).mean())


def _in_the_middle(counted: Frame, keys: Sequence[str], value: str) -> Frame:
    """Of counted values, those that the row in the middle, or one of the two in the middle, has.

    `total` is how many rows the group has, `passed` how many of them come before all or some of the values here.
    """
    passed = nw.col("passed").min().over(*keys)
    upto = (nw.col("n").cast(nw.Int64).cum_sum().over(*keys, order_by=value).cast(nw.Int64) + passed).alias("upto")
    ends, begins = nw.col("upto"), nw.col("upto") - nw.col("n")
    return counted.with_columns(upto).filter(ends * 2 >= nw.col("total"), begins * 2 <= nw.col("total"))
