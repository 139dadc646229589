"""Which changes, taken together, would save most: candidates found in the data, then chosen greedily or exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import ORDER, Journeys, Kind
from ..measures.asked import asked_again
from ..measures.demand import with_chases
from ..measures.settings import Settings
from ..store import Store
from .changes import Change, Saved
from .falling import DAY
from .proposals import Effect, Join, Promise, Proposal, Share
from .what_if import Trial, Tried

By = Literal["contacts", "minutes", "pounds"]
Method = Literal["exact", "greedy", ""]

MOST_EXACT = 15
"""Of more candidates than that not all combinations are tried."""
MOST_EACH = 40
"""Of each kind, no more candidates are found than that: those that most contacts speak for."""
_SUMS = ("contacts", "own", "travel", "cost_low", "cost_high")
_BETWEEN = (Kind.VISIT, Kind.APPOINTMENT)
_END = ("middle", "low", "high")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A change that was chosen, what it adds to those before it, and what all of them save so far."""

    change: Change
    adds: float
    together: Saved


@dataclass(frozen=True, kw_only=True)
class Best:
    """The chosen changes, the best first, and by which method: `exact` looked at every combination."""

    chosen: tuple[Chosen, ...]
    by: By
    method: str


# --- what could be changed ----------------------------------------------------------------------------------------


def candidates(
    journeys: Journeys, store: Store, settings: Settings, *, joined_within: int = 14, promised: int = 2
) -> list[Proposal]:
    """The changes that a log suggests, the most frequent of each kind first, at most `MOST_EACH` of each.

    Each item that was asked for again is one to share between asker and holder. Each two organisations at which a
    customer had visits or appointments in one journey, one after the other at most `joined_within` days apart, are two
    to be joined. Each step (each organisation, where a log has no steps) after which customers chased is one to promise
    within `promised` days. What a log does not have suggests nothing.
    """
    found: list[Proposal] = []
    if not journeys.log.lacks("subject", "organisation", "asked", "given"):
        found += _shares(journeys, store, settings)
    if not journeys.log.lacks("kind", "organisation"):
        found += _joins(journeys, store, joined_within)
    step = next((each for each in ("activity", "organisation") if each in journeys.log.known), "")
    if step and "kind" in journeys.log.known:
        found += _promises(journeys, store, step, promised)
    return found


def _shares(journeys: Journeys, store: Store, settings: Settings) -> Iterator[Proposal]:
    again = asked_again(journeys, store, settings.agreements)
    asker, holder = nw.col("asker"), nw.col("holder")
    named = again.filter(~asker.is_null(), ~holder.is_null()).with_columns(
        one=nw.when(asker <= holder).then(asker).otherwise(holder),
        other=nw.when(asker <= holder).then(holder).otherwise(asker),
    )
    for row in _most(named, ["item", "one", "other"], store):
        yield Share(item=row["item"], one=row["one"], other=row["other"])


def _joins(journeys: Journeys, store: Store, days: int) -> Iterator[Proposal]:
    visits = journeys.contacts.filter(nw.col("kind").is_in([str(kind) for kind in _BETWEEN]))
    visits = visits.filter(~nw.col("organisation").is_null()).select("journey", "kind", "organisation", *ORDER)
    before = {f"{name}_before": nw.col(name).shift(1).over("journey", order_by=ORDER) for name in _PAIR}
    pairs = visits.with_columns(**before).filter(nw.col("start") - nw.col("start_before") <= days * DAY)
    swap = (nw.col("organisation_before") > nw.col("organisation")) | (
        (nw.col("organisation_before") == nw.col("organisation")) & (nw.col("kind_before") > nw.col("kind"))
    )
    sides = {"one": "_before", "other": ""}
    named = {
        f"{side}_{name}": nw.when(swap).then(nw.col(f"{name}{theirs}")).otherwise(nw.col(f"{name}{ours}"))
        for side, ours, theirs in zip(sides, sides.values(), reversed(sides.values()), strict=True)
        for name in ("kind", "organisation")
    }
    for row in _most(pairs.select(**named), list(named), store):
        yield Join(
            kind=row["one_kind"],
            one=row["one_organisation"],
            other_kind=row["other_kind"],
            other=row["other_organisation"],
            days=days,
        )


_PAIR = ("kind", "organisation", "start")


def _promises(journeys: Journeys, store: Store, column: str, days: int) -> Iterator[Proposal]:
    rows = with_chases(journeys.contacts, journeys).with_columns(chase=nw.col("chase").fill_null(value=False))
    rows = rows.select("journey", "chase", *ORDER, step=nw.when(~nw.col("chase")).then(nw.col(column)))
    rows = rows.with_columns(step=nw.col("step").fill_null(strategy="forward").over("journey", order_by=ORDER))
    of = "step" if column == "activity" else "organisation"
    for row in _most(rows.filter(nw.col("chase"), ~nw.col("step").is_null()), ["step"], store):
        yield Promise(of=of, name=row["step"], days=days)


def _most(rows: Frame, by: Sequence[str], store: Store) -> list[dict[str, Any]]:
    counted = rows.group_by(*by).agg(count=nw.len())
    return store.rows(counted.sort("count", *by, descending=[True] + [False] * len(by)).head(MOST_EACH))


# --- which of them ------------------------------------------------------------------------------------------------


def best_changes(
    trial: Trial, k: int, store: Store, *, by: By = "contacts", method: Method = "", barred: bool = False
) -> Best:
    """The `k` changes that together save most of what `by` names, in the middle of their ranges; fewer if fewer save.

    A contact that several of them would make fall away is saved once, by the greatest effect. Exact looks at every
    combination of `k` and is for at most `MOST_EXACT` candidates that save anything; greedy takes at each step the one
    that adds most, and so saves at least 1 - 1/e, 63 %, of the most that `k` could save (G. L. Nemhauser, L. A. Wolsey
    and M. L. Fisher, 1978). Without a `method` it is exact where that is possible. Changes that no agreement allows are
    left out, unless `barred`. Raises `ValueError` when exact is asked of too many, or `by` is not known of this log.
    """
    if (by == "minutes" and not trial.timed) or (by == "pounds" and not trial.costed):
        raise ValueError(f"what changes save in {by} is not known of this log")
    open_to = [
        at for at, each in enumerate(trial.tried) if (each.change.allowed or barred) and _of(each.change, by) > 0
    ]
    if method == "exact" and len(open_to) > MOST_EXACT:
        raise ValueError(f"{len(open_to)} candidates are too many to try every combination: at most {MOST_EXACT}")
    if method != "greedy" and len(open_to) <= MOST_EXACT:
        order, steps = _exact(trial, open_to, k, store, by)
        return Best(chosen=tuple(_chosen(trial, order, steps, by)), by=by, method="exact")
    order, steps = _greedy(trial, open_to, k, store, by)
    return Best(chosen=tuple(_chosen(trial, order, steps, by)), by=by, method="greedy")


def _of(change: Change, by: By) -> float:
    saved: Saved | None = getattr(change, by)
    return saved.value if saved else 0.0


def _chosen(trial: Trial, order: Sequence[int], steps: Sequence[Saved], by: By) -> Iterator[Chosen]:
    before = 0.0
    for at, together in zip(order, steps, strict=True):
        yield Chosen(change=trial.tried[at].change, adds=together.value - before, together=together)
        before = together.value


# --- exact --------------------------------------------------------------------------------------------------------


def _exact(trial: Trial, open_to: Sequence[int], k: int, store: Store, by: By) -> tuple[list[int], list[Saved]]:
    """Over contacts put together by the set of changes that make them fall away: there are few such sets."""
    masks = _by_mask(trial.fallen, open_to, store)
    saves = _Saves(trial.tried, open_to, masks, by)
    size = min(max(k, 0), len(open_to))
    best = max(combinations(range(len(open_to)), size), key=saves.value, default=())
    order: list[int] = []
    left = list(best)
    while left:
        following = max(left, key=lambda each: (saves.value((*order, each)), -each))
        order.append(following)
        left.remove(following)
        if saves.value(order) <= saves.value(order[:-1]):
            order.pop()
            break
    steps = [saves.saved(order[: place + 1]) for place in range(len(order))]
    return [open_to[each] for each in order], steps


def _by_mask(fallen: Frame, open_to: Sequence[int], store: Store) -> dict[int, dict[str, float]]:
    """What contacts count for, summed by the set of changes (bits, in the order of `open_to`) that touch them."""
    if not open_to:
        return {}
    bits = store.frame(
        {"tried": nw.Int64, "bit": nw.Int64}, [{"tried": at, "bit": 1 << place} for place, at in enumerate(open_to)]
    )
    each = fallen.join(bits, on="tried").group_by("contact").agg(
        nw.col("bit").sum(), *(nw.col(name).max() for name in _SUMS)
    )  # fmt: skip
    rows = store.rows(each.group_by("bit").agg(*(nw.col(name).sum() for name in _SUMS)))
    return {int(row["bit"]): {name: float(row[name]) for name in _SUMS} for row in rows}


class _Saves:
    """What any set of candidates saves, from what contacts count for by the set of candidates that touch them.

    Of a contact that several touch, the greatest effect counts: the sum over the different effects, from the least up,
    of what each is above the one before, times what the candidates with at least that effect touch.
    """

    def __init__(
        self, tried: Sequence[Tried], open_to: Sequence[int], masks: Mapping[int, Mapping[str, float]], by: By
    ) -> None:
        self._by, self._whole = by, (1 << len(open_to)) - 1
        self._effects = [(tried[at].proposal.effect, tried[at].own_time) for at in open_to]
        self._untouched = {name: self._inside(masks, name) for name in _SUMS}

    def _inside(self, masks: Mapping[int, Mapping[str, float]], name: str) -> list[float]:
        """For each set of candidates the sum over contacts that no other candidate touches."""
        sums = [0.0] * (self._whole + 1)
        for mask, row in masks.items():
            sums[mask] = row[name]
        bit = 1
        while bit <= self._whole:
            for mask in range(self._whole + 1):
                if mask & bit:
                    sums[mask] += sums[mask ^ bit]
            bit <<= 1
        return sums

    def _touched(self, name: str, chosen: Collection[int]) -> float:
        sums, mask = self._untouched[name], sum(1 << each for each in chosen)
        return sums[self._whole] - sums[self._whole ^ mask]

    def _saved(self, name: str, chosen: Collection[int], end: str, *, own: bool) -> float:
        shares = {each: float(getattr(self._effects[each][own], end)) for each in chosen}
        total = before = 0.0
        for share in sorted(set(shares.values())):
            total += (share - before) * self._touched(name, [each for each in chosen if shares[each] >= share])
            before = share
        return total

    def _at(self, chosen: Collection[int], end: str) -> float:
        if self._by == "contacts":
            return self._saved("contacts", chosen, end, own=False)
        if self._by == "minutes":
            return self._saved("travel", chosen, end, own=False) + self._saved("own", chosen, end, own=True)
        if end != "middle":
            return self._saved(f"cost_{end}", chosen, end, own=False)
        return sum(self._saved(name, chosen, end, own=False) for name in ("cost_low", "cost_high")) / 2

    def value(self, chosen: Collection[int]) -> float:
        """What is saved in the middle of the ranges."""
        return self._at(chosen, "middle")

    def saved(self, chosen: Collection[int]) -> Saved:
        """What is saved, with both ends."""
        middle, low, high = (self._at(chosen, end) for end in _END)
        return Saved(value=middle, low=low, high=high)


# --- greedy -------------------------------------------------------------------------------------------------------


def _greedy(trial: Trial, open_to: Sequence[int], k: int, store: Store, by: By) -> tuple[list[int], list[Saved]]:
    """The engine works out at each step what each candidate adds: only a row for each candidate is fetched."""
    effects = store.frame(
        {"tried": nw.Int64, **{f"{which}_{end}": nw.Float64 for which in ("effect", "time") for end in _END}},
        [{"tried": at, **_effects(trial.tried[at])} for at in open_to],
    )
    rows = store.keep(trial.fallen.join(effects, on="tried"))
    order: list[int] = []
    steps: list[Saved] = []
    values = [0.0, 0.0, 0.0]
    while len(order) < min(k, len(open_to)):
        added = {int(row["tried"]): [float(row[end]) for end in _END] for row in store.rows(_adds(rows, order, by))}
        at = max((each for each in open_to if each not in order), key=lambda each: (added[each][0], -each))
        if added[at][0] <= 0:
            break
        order.append(at)
        values = [value + more for value, more in zip(values, added[at], strict=True)]
        steps.append(Saved(value=values[0], low=values[1], high=values[2]))
    store.drop(rows)
    return order, steps


def _effects(tried: Tried) -> dict[str, float]:
    both: tuple[tuple[str, Effect], ...] = (("effect", tried.proposal.effect), ("time", tried.own_time))
    return {f"{which}_{end}": float(getattr(effect, end)) for which, effect in both for end in _END}


def _adds(rows: Frame, order: Sequence[int], by: By) -> Frame:
    """What each candidate adds to those chosen, at the middle and both ends."""
    shares = [f"{which}_{end}" for which in ("effect", "time") for end in _END]
    chosen = rows.filter(nw.col("tried").is_in(list(order)))
    have = chosen.group_by("contact").agg(*(nw.col(share).max().alias(f"had_{share}") for share in shares))
    joined = rows.join(have, on="contact", how="left")
    more = {share: nw.col(share) - nw.col(f"had_{share}").fill_null(0.0) for share in shares}
    more = {share: nw.when(each > 0).then(each).otherwise(0.0) for share, each in more.items()}
    sums = {end: _worth(by, end, more).sum() for end in _END}
    return joined.group_by("tried").agg(**sums)


def _worth(by: By, end: str, more: Mapping[str, nw.Expr]) -> nw.Expr:
    effect, time = more[f"effect_{end}"], more[f"time_{end}"]
    if by == "contacts":
        return nw.col("contacts") * effect
    if by == "minutes":
        return nw.col("travel") * effect + nw.col("own") * time
    cost = nw.col(f"cost_{end}") if end != "middle" else (nw.col("cost_low") + nw.col("cost_high")) / 2
    return cost * effect
