"""Measures told by two columns at once, such as partner and item, and sums that stand for themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..measure import Measure
from ..store import Store
from .ratios import Quantity, told
from .sure import Sums


def total(sums: Sums) -> float:
    """The only sum."""
    return sums[0]


def told_by_pairs(
    rows: Frame,
    sums: Mapping[str, nw.Expr],
    quantities: Sequence[Quantity],
    *,
    store: Store,
    by: tuple[str, str],
    known: Collection[str],
) -> list[Measure]:
    """Every quantity over all rows, then by each pair of values of two columns that the rows have; as `ratios.told`.

    Rows without a value in either column are in no pair; their blocks are drawn nevertheless when intervals are made.
    """
    columns = [nw.col(column) for column in by]
    pairs = store.keep(
        rows.filter(~columns[0].is_null(), ~columns[1].is_null())
        .select(*by)
        .unique()
        .with_columns(every=nw.lit(1, dtype=nw.Int64))
        .with_columns(pair=nw.col("every").cum_count().over("every", order_by=list(by)).cast(nw.String))
        .drop("every")
    )
    # The names themselves may hold any text, so no text put between the two would keep them apart.
    measures = told(
        rows.join(pairs, on=list(by), how="left"),
        sums,
        quantities,
        store=store,
        by=["pair"],
        known={*known, "pair"},
    )
    found = {each.by["pair"] for each in measures if "pair" in each.by}
    wanted = store.rows(pairs.filter(nw.col("pair").is_in(sorted(found)))) if found else []
    store.drop(pairs)
    names = {str(row["pair"]): {column: str(row[column]) for column in by} for row in wanted}
    return [
        replace(each, by={**{key: name for key, name in each.by.items() if key != "pair"}, **names[each.by["pair"]]})
        if "pair" in each.by
        else each
        for each in measures
    ]
