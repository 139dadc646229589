"""Which nodes hang together, straight or through others, found in frames, in few rounds even for long chains."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from ..program.build import Frame
from .store import Store


def components(pairs: Frame, store: Store) -> Frame:
    """Each node of `pairs` (columns `a`, `b`) that hangs together with a lesser one, and the least such node.

    Columns `node`, `least`; kept in the store. Large stars and small stars in turn, whose rounds grow with the
    logarithm of the longest chain (Kiveris and others, Connected Components in MapReduce and Beyond, 2014).
    """
    higher, lower = nw.max_horizontal("a", "b"), nw.min_horizontal("a", "b")
    edges = store.keep(pairs.filter(nw.col("a") != nw.col("b")).select(node=higher, least=lower).unique())
    while not _all_stars(edges, store):
        large = store.keep(_large_stars(edges))
        small = store.keep(_small_stars(large))
        store.drop(edges, large)
        edges = small
    return edges


def _all_stars(edges: Frame, store: Store) -> bool:
    """Whether each node hangs on one lesser node alone, and that on none."""
    hanging = edges.join(edges.select(node="least").unique(), on="node", how="semi").select(count=nw.len())
    twice = edges.group_by("node").agg(count=nw.len()).filter(nw.col("count") > 1).select(count=nw.len())
    return all(row["count"] == 0 for row in store.rows(nw.concat([hanging, twice])))


def _large_stars(edges: Frame) -> Frame:
    """Every greater neighbour of a node hung on the least among the node and its neighbours."""
    both = nw.concat([edges.select("node", near="least"), edges.select(node="least", near="node")])
    least = both.group_by("node").agg(least=nw.col("near").min())
    greater = both.filter(nw.col("near") > nw.col("node")).join(least, on="node")
    return greater.select(node="near", least=nw.min_horizontal("node", "least")).unique()


def _small_stars(edges: Frame) -> Frame:
    """A node and all its lesser neighbours hung on the least of these."""
    least = edges.group_by("node").agg(lowest=nw.col("least").min())
    lesser = edges.join(least, on="node").filter(nw.col("least") > nw.col("lowest"))
    return nw.concat([least.select("node", least="lowest"), lesser.select(node="least", least="lowest")]).unique()
