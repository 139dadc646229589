"""Two periods or two places compared at the same mix of needs: what differs, by how much, and how surely."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import sqrt
from operator import itemgetter

import narwhals.stable.v2 as nw

from ..sentences import say_number, say_share
from ..sureness import Interval
from .columns import Journeys
from .measure import Measure, Parts
from .measures import measure
from .measures.settings import Settings
from .measures.sure import DRAWS, LEAST_BLOCKS, Draw, quotient
from .pages.wording import say_ends, say_lack, say_value
from .remaking import last_instant, part, within
from .store import Store
from .trying.changes import Compared

LEAST_JOURNEYS = 30
"""With fewer journeys on a side nothing is called a difference."""
PERIODS = ("before", "after")
_SEEDS = (20_26, 20_27)  # each side is drawn on its own
_LEAST_DRAWS = 950  # of 1,000, as many as must give a value
_TAIL = DRAWS // 40
_MOST_NAMED = 5
_NEARLY_ALL = 0.995

Names = tuple[str, str]
Sides = tuple[Measure, Measure]


def split(journeys: Journeys, at: int, store: Store, *, days: int | None = None) -> tuple[Journeys, Journeys]:
    """The journeys that began before an instant (microseconds since 1970 UTC), and those that began then or later.

    Journeys of the later period have had less time: those still open at the log's end look short. With `days`, each
    journey is told as far as its first so many days go, and journeys that have not been watched for so long are left
    out, so that both periods are seen alike.
    """
    if days is not None:
        journeys = within(journeys, days, last_instant([journeys], store), store)
    return part(journeys, nw.col("first") < at, store), part(journeys, nw.col("first") >= at, store)


def compare(
    before: Journeys, after: Journeys, store: Store, settings: Settings | None = None, names: Names = PERIODS
) -> list[Compared]:
    """Every measure of all journeys on both sides, what differs when both have the same mix of needs, and how surely.

    `names` say what the sides are called in sentences. Totals are left out: they depend on how long a log is.
    `compared` says how it is worked out. For both periods of one log, give its end as `settings.as_of`.
    """
    settings = settings or Settings()
    counts = [int(store.rows(side.whole.select(count=nw.len()))[0]["count"]) for side in (before, after)]
    first, second = (measure(side, store, settings, by=("need",)) for side in (before, after))
    return compared(first, second, journeys=(counts[0], counts[1]), names=names)


def compared(
    before: Sequence[Measure], after: Sequence[Measure], *, journeys: tuple[int, int], names: Names = PERIODS
) -> list[Compared]:
    """What `compare` tells, from the measures of both sides, each of all journeys and by need.

    The difference is directly standardised: each need has the same weight on both sides, its share of what the measure
    is divided by (of what it rests on, if it is no quotient), both sides taken together. Needs that only one side has,
    and those that fewer than `LEAST_BLOCKS` blocks of journeys on a side say something of, are left out and named.
    The interval comes from drawing blocks of journeys again on either side, all needs together, 1,000 times;
    percentiles 2.5 and 97.5. For medians and the like, which are no sums, the intervals of both sides are put together
    instead (G. Y. Zou and A. Donner, Construction of confidence limits about effect measures, 2008).

    A difference is `sure` when its interval leaves out 0, both sides have `LEAST_JOURNEYS` journeys and the measure
    rests on as many there, and a share's rarer outcome was met in at least `LEAST_BLOCKS` blocks. `chance` says how
    many of several would be called so by chance.
    """
    there = {_key(each): each for each in after if "need" not in each.by}
    needs = _by_need(before), _by_need(after)
    found = []
    for each in before:
        other = there.get(_key(each))
        if each.by or other is None or _is_total(each) or _is_total(other):
            continue
        strata = _Strata.of(needs[0].get(_key(each), {}), needs[1].get(_key(each), {}))
        found.append(_compared((each, other), strata, journeys, names))
    return found


def chance(found: Sequence[Compared]) -> str:
    """How many of so many differences would be called so by chance alone; nothing when fewer than two are compared."""
    tried = [each for each in found if each.interval]
    if len(tried) < 2:
        return ""
    sure = sum(each.sure for each in tried)
    return (
        f"{len(tried)} measures were compared, each so that chance alone would call it changed 5 times in 100: had "
        f"nothing changed, about {len(tried) * 0.05:.1f} of them would be called so. {sure} "
        f"{'is' if sure == 1 else 'are'}. No correction for that, such as Holm's, was made."
    )


# --- by need ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Strata:
    """The measures of each need on both sides with the need's weight; and the needs that are left out, and why.

    `size` is what the measure is divided by, or rests on, in all these needs on both sides.
    """

    needs: tuple[tuple[float, Sides], ...] = ()
    one_side: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    size: float = 0.0

    @classmethod
    def of(cls, before: Mapping[str, Measure], after: Mapping[str, Measure]) -> _Strata:
        both = {need: (before[need], after[need]) for need in sorted(before.keys() & after.keys())}
        told = {need: sides for need, sides in both.items() if all(_tells(side) for side in sides)}
        sizes = {need: sum(map(_size, sides)) for need, sides in told.items()}
        whole = sum(sizes.values())
        return cls(
            needs=tuple((sizes[need] / whole, sides) for need, sides in told.items()),
            one_side=tuple(sorted(before.keys() ^ after.keys())),
            rare=tuple(need for need in both if need not in told),
            size=whole,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known by need."""
        return not (self.needs or self.one_side or self.rare)


def _key(measure: Measure) -> tuple[str, frozenset[tuple[str, str]]]:
    return measure.definition.name, frozenset(item for item in measure.by.items() if item[0] != "need")


def _by_need(measures: Sequence[Measure]) -> dict[tuple[str, frozenset[tuple[str, str]]], dict[str, Measure]]:
    found: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, Measure]] = {}
    for each in measures:
        if "need" in each.by and (each.n or each.unknown):
            found.setdefault(_key(each), {})[each.by["need"]] = each
    return found


def _is_total(measure: Measure) -> bool:
    return measure.parts is not None and len(measure.parts.sums) == 1


def _size(measure: Measure) -> float:
    parts = measure.parts
    return sum(parts.sums[1]) if parts is not None and parts.value is quotient else float(measure.n)


def _tells(measure: Measure) -> bool:
    """Whether enough blocks say something of the measure for a drawing without any to be rare."""
    parts = measure.parts
    if measure.value is None or not _size(measure):
        return False
    if parts is None:
        return measure.interval is not None
    under = parts.sums[1] if parts.value is quotient else [any(sums) for sums in zip(*parts.sums, strict=True)]
    return sum(1 for each in under if each) >= LEAST_BLOCKS


# --- the difference and its interval ------------------------------------------------------------------------------


def _compared(sides: Sides, strata: _Strata, journeys: tuple[int, int], names: Names) -> Compared:
    before, after = sides
    weighted = ((1.0, sides),) if strata.is_empty else strata.needs
    difference, interval, refusal = None, None, ""
    if before.value is None or after.value is None:
        lack = before if before.value is None else after
        refusal = f"not to be compared: not known in {names[0 if before.value is None else 1]}. {say_lack(lack)}"
    elif not weighted:
        refusal = "not to be compared: no need has enough on both sides to compare like with like."
    else:
        difference = sum(weight * ((b.value or 0.0) - (a.value or 0.0)) for weight, (a, b) in weighted)
        interval = _interval(weighted, sides)
        refusal = _too_few(sides, journeys, names, interval)
    sure = interval is not None and not refusal and not interval.low <= 0 <= interval.high
    found = Compared(
        definition=before.definition,
        before=before,
        after=after,
        difference=difference,
        interval=interval,
        sure=sure,
        sentence="",
    )
    return replace(found, sentence=" ".join(_sentences(found, strata, names, refusal)))


def _too_few(sides: Sides, journeys: tuple[int, int], names: Names, interval: Interval | None) -> str:
    for name, count in zip(names, journeys, strict=True):
        if count < LEAST_JOURNEYS:
            return f"too few to say: {name} has {say_number(count, 'journey')}."
    for name, side in zip(names, sides, strict=True):
        if side.n < LEAST_JOURNEYS:
            return f"too few to say: in {name} it rests on {side.n} {side.definition.of}."
    if interval is None:
        return "too few to say how sure it is."
    if sides[0].definition.unit == "share" and _rarer(sides) < LEAST_BLOCKS:
        return "too few to say: what it counts was met, or missed, too rarely."
    return ""


def _rarer(sides: Sides) -> int:
    """In how many blocks of both sides that was met which is rarer, what a share counts or what it does not."""
    met = missed = 0
    for side in sides:
        if side.parts is None or side.parts.value is not quotient:
            return LEAST_BLOCKS
        over, under = side.parts.sums
        met += sum(1 for each in over if each)
        missed += sum(1 for x, y in zip(over, under, strict=True) if y > x)
    return min(met, missed)


def _interval(weighted: Sequence[tuple[float, Sides]], whole: Sides) -> Interval | None:
    parts = [(side.parts for side in sides) for _, sides in weighted]
    if any(each is None for sides in parts for each in sides):
        return _put_together(weighted)
    drawn = []
    for place, seed in enumerate(_SEEDS):
        of = [(weight, found) for weight, sides in weighted if (found := sides[place].parts) is not None]
        blocks = sorted({block for _, each in of for block in each.blocks} | _blocks(whole[place]))
        drawn.append(_drawn(of, blocks, seed))
    values = sorted(after - before for before, after in zip(*drawn, strict=True) if None not in (before, after))
    if len(values) < _LEAST_DRAWS or min(len(_blocks(side)) for side in whole) < LEAST_BLOCKS:
        return None
    cut = round(len(values) * _TAIL / DRAWS)
    return Interval(values[cut - 1], values[-cut])


def _blocks(side: Measure) -> set[int]:
    return set(side.parts.blocks) if side.parts else set()


def _drawn(needs: Sequence[tuple[float, Parts]], blocks: Sequence[int], seed: int) -> list[float | None]:
    """The weighted mean over needs in each of 1,000 drawings of a side's blocks; `None` where a need gives no value."""
    totals: list[float | None] = [0.0] * DRAWS
    draws = _draws(len(blocks), seed)
    for weight, parts in needs:
        columns = [_filled(parts.blocks, each, blocks) for each in parts.sums]
        for place, draw in enumerate(draws):
            so_far, value = totals[place], parts.value([sum(draw(column)) for column in columns])
            totals[place] = None if so_far is None or value is None else so_far + weight * value
    return totals


def _filled(at: Sequence[int], sums: Sequence[float], blocks: Sequence[int]) -> list[float]:
    known = dict(zip(at, sums, strict=True))
    return [known.get(block, 0.0) for block in blocks]


@lru_cache(maxsize=8)  # all measures of a side have the same blocks
def _draws(blocks: int, seed: int) -> tuple[Draw, ...]:
    by_chance = random.Random(seed)  # noqa: S311 - a fixed seed is wanted: the same journeys, the same interval
    places = range(blocks)
    if blocks == 1:
        return (tuple,) * DRAWS
    return tuple(itemgetter(*by_chance.choices(places, k=blocks)) for _ in range(DRAWS))


def _put_together(weighted: Sequence[tuple[float, Sides]]) -> Interval | None:
    """The interval of a sum of differences from the intervals of what they are between."""
    difference = low = high = 0.0
    for weight, (before, after) in weighted:
        if before.value is None or after.value is None or before.interval is None or after.interval is None:
            return None
        difference += weight * (after.value - before.value)
        low += weight**2 * ((after.value - after.interval.low) ** 2 + (before.interval.high - before.value) ** 2)
        high += weight**2 * ((after.interval.high - after.value) ** 2 + (before.value - before.interval.low) ** 2)
    return Interval(difference - sqrt(low), difference + sqrt(high))


# --- in words -----------------------------------------------------------------------------------------------------


def _sentences(found: Compared, strata: _Strata, names: Names, refusal: str) -> Iterator[str]:
    unit, (first, second) = found.definition.unit, names
    if found.before.value is None or found.after.value is None or found.difference is None:
        yield f"{found.definition.title}: {refusal}"
        return
    raw = found.after.value - found.before.value
    yield (
        f"{found.definition.title}: {say_value(found.before.value, unit)} in {first}, "
        f"{say_value(found.after.value, unit)} in {second}, {_more(raw, unit)} as it stands."
    )
    alike = "Needs are not known, so it is not adjusted" if strata.is_empty else "At the same mix of needs it is"
    ends = f" ({_ends(found.interval, unit)}, 95 times in 100)" if found.interval else ""
    said = f"{alike}{':' if strata.is_empty else ''} {_more(found.difference, unit)}{ends}"
    if refusal:
        yield f"{said}: {refusal}"
    elif found.sure:
        yield f"{said}: {_verdict(found)}."
    else:
        yield f"{said}: chance alone could explain that, so no difference can be claimed."
    yield from _left_out(strata)
    covered = strata.size / (_size(found.before) + _size(found.after) or 1.0)
    if strata.needs and covered < _NEARLY_ALL:
        yield f"That rests on {say_share(covered)} of what the whole rests on."


def _verdict(found: Compared) -> str:
    better = found.definition.better
    if not better or not found.difference:
        return "more than chance would explain"
    good = (found.difference < 0) == (better == "lower")
    return f"more than chance would explain, and {'better' if good else 'worse'} for the customer"


def _left_out(strata: _Strata) -> Iterator[str]:
    if strata.one_side:
        yield f"Left out of that, as only one side has them: {_listed(strata.one_side)}."
    if strata.rare:
        yield f"Left out of that, as they are too rare: {_listed(strata.rare)}."


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"


def _more(difference: float, unit: str) -> str:
    said = _amount(abs(difference), unit)
    return f"{said} {'more' if difference > 0 else 'less'}" if _amount(0.0, unit) != said else "the same"


def _ends(interval: Interval, unit: str) -> str:
    low, high = interval.low, interval.high
    if unit == "share":
        return f"{_amount(low, unit)} to {_amount(high, unit)}, where below 0 is less"
    return f"{say_ends(low, high, unit)}, where below 0 is less"


def _amount(value: float, unit: str) -> str:
    if unit != "share":
        return say_value(value, unit)
    said = f"{abs(100 * value):.1f}"
    return f"{'−' if value < 0 and float(said) else ''}{said} percentage points"
