"""Variants: which journeys follow the same sequence of steps, found without holding any sequence in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import MICROSECONDS
from ..store import Store
from .flow import Variant
from .medians import grouped

_LANES = (
    (1_055_263_741, 873_500_241, (2_146_357_951, 2_052_058_037, 2_031_240_509)),
    (610_878_055, 992_905_951, (2_109_304_007, 1_920_627_053, 2_087_902_213)),
    (995_258_999, 832_883_725, (2_009_788_483, 2_065_961_357, 2_002_453_093)),
)
"""For each lane two odd factors below 2**30, by lot, and three primes below 2**31: their squares fit in 64 bits."""
_LANE_NAMES = tuple(f"lane_{number}" for number in range(len(_LANES)))


def variants_of(
    walked: Frame, store: Store, names: Sequence[str], *, most: int, at_once: bool
) -> tuple[tuple[Variant, ...], int]:
    """The most frequent variants, and how many there are at all; of equally frequent ones the shorter come first.

    `walked` has a row for each contact: `case`, `place` (from 1), `name` (the step as a place in `names`), `start`.
    """
    keys = ("length", *_LANE_NAMES)
    variants = store.keep(
        grouped(
            _sequences(walked),
            keys,
            store,
            medians=["took"],
            also=[nw.len().alias("journeys"), nw.col("case").min().alias("pattern")],
            at_once=at_once,
        )
    )
    count = int(store.rows(variants.select(nw.len().alias("count")))[0]["count"])
    top = store.keep(variants.sort("journeys", *keys, descending=[True, *(False for _ in keys)]).head(most))
    steps: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    chosen = walked.join(top.select(nw.col("pattern").alias("case")), on="case", how="inner")
    for row in store.rows(chosen.select("case", "place", "name")):
        steps[row["case"]].append((row["place"], row["name"]))
    found = [
        Variant(
            steps=tuple(names[name] for _, name in sorted(steps[row["pattern"]])),
            journeys=row["journeys"],
            seconds=row["took"] / MICROSECONDS,
        )
        for row in store.rows(top)
    ]
    return tuple(sorted(found, key=lambda variant: (-variant.journeys, variant.steps))), count


def _sequences(walked: Frame) -> Frame:
    """A row for each journey: how many steps it has, three numbers that stand for their sequence, how long it took.

    Each place and step gives a number below 2**31 that is as good as drawn by lot, in three lanes. The sums of two
    different sequences are alike about once in 2**90 pairs. Squares modulo one prime after another leave no rule by
    which sums could be made equal; a single square would, as sums of powers can be equal (Prouhet, Tarry, Escott).
    """
    drawn = walked.select(
        "case",
        "start",
        *(
            ((nw.col("place") * by_place + nw.col("name") * by_name) % primes[0]).alias(lane)
            for lane, (by_place, by_name, primes) in zip(_LANE_NAMES, _LANES, strict=True)
        ),
    )
    for squared in (1, 2):
        drawn = drawn.with_columns(
            ((nw.col(lane) * nw.col(lane) + 1) % primes[squared]).alias(lane)
            for lane, (_, _, primes) in zip(_LANE_NAMES, _LANES, strict=True)
        )
    whole = drawn.group_by("case").agg(
        nw.len().alias("length"),
        nw.col("start").min().alias("first"),
        nw.col("start").max().alias("last"),
        *(nw.col(lane).sum() for lane in _LANE_NAMES),
    )
    took = (nw.col("last") - nw.col("first")).alias("took")
    return whole.select("case", nw.col("length").cast(nw.Int64), took, nw.col(*_LANE_NAMES).cast(nw.Int64))
