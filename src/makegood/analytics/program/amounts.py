"""Sums as expressions: exact fractions of a penny in whole numbers, rounded half up once."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction

import narwhals.stable.v2 as nw

from ...rules.language import model as m
from ...rules.remedy import PAYING
from ..columns import NotCompiled, detail_column
from .build import (
    Gap,
    Moment,
    always,
    check_size,
    chosen_by,
    floor_divided,
    guarded,
    nothing,
    when_all,
    when_any,
    whole,
)
from .choices import choose
from .conditions import Place, State, lateness_in, truth_of


@dataclass(frozen=True, kw_only=True)
class Figure:
    """An exact number of each case, `over / under`, null where missing; `most` and `most_under` bound the two."""

    over: nw.Expr
    under: int | nw.Expr = 1
    most: int
    most_under: int = 1
    gaps: list[Gap] = field(default_factory=list)

    @property
    def missing(self) -> nw.Expr:
        """Where it is missing."""
        return self.over.is_null() if isinstance(self.under, int) else self.over.is_null() | self.under.is_null()


def figure_of(part: m.Part, place: Place) -> Figure:
    """One sum, in pence."""
    match part:
        case m.Sum():
            pence = int(part.pounds * 100)
            return Figure(over=whole(pence), most=pence)
        case m.Named():
            return _named(part.name, place)
        case m.Share():
            share = _number(part.percent, place)
            hundredth = replace(share, under=_product(share.under, 100), most_under=check_size(share.most_under * 100))
            return _multiplied(figure_of(part.of, place), hundredth)
        case m.Times():
            return _multiplied(figure_of(part.part, place), _number(part.times, place))
        case m.Divided():
            return _divided(figure_of(part.part, place), _number(part.by, place))
        case m.GreaterOf() | m.LesserOf():
            one, other = (figure_of(each, place) for each in part.parts)
            return better(one, other, greater=isinstance(part, m.GreaterOf))


def _named(name: str, place: Place) -> Figure:
    if name in place.pledge.rates:
        return _rate(name, place, 100)
    if place.pledge.details[name].kind is not m.Kind.MONEY:
        raise NotCompiled(f"{name} as a sum of money")
    return Figure(over=nw.col(detail_column(name)), most=place.build.extent.most.get(name, 0), gaps=[(always(), name)])


def _rate(name: str, place: Place, times: int) -> Figure:
    values: list[Fraction | None] = []
    for rates in place.rates:
        rate = rates.get(name)
        value = rate.value * times if rate and isinstance(rate.value, Fraction) else None
        values.append(Fraction(int(value)) if value is not None and times == 100 else value)
    known = [value for value in values if value is not None]
    under = math.lcm(*(value.denominator for value in known)) if known else 1
    overs = [None if value is None else int(value * under) for value in values]
    most = max((abs(over) for over in overs if over is not None), default=0)
    first = overs[0]
    if first is not None and len(set(overs)) == 1:
        return Figure(over=whole(first), under=under, most=most, most_under=under)
    chosen = chosen_by(place.edition, [None if over is None else whole(over) for over in overs])
    return Figure(over=chosen, under=under, most=check_size(most), most_under=under, gaps=[(always(), name)])


def _number(value: Fraction | str, place: Place) -> Figure:
    if isinstance(value, Fraction):
        return Figure(
            over=whole(value.numerator), under=value.denominator, most=value.numerator, most_under=value.denominator
        )
    if value in place.pledge.rates:
        return _rate(value, place, 1)
    if place.pledge.details[value].kind is not m.Kind.NUMBER:
        raise NotCompiled(f"{value} as a number")
    extent = place.build.extent
    number = nw.col(detail_column(value))
    under = 10 ** extent.places.get(value, 0)
    return Figure(
        over=nw.when(number >= 0).then(number).otherwise(nothing()),
        under=under,
        most=check_size(extent.most.get(value, 0)),
        most_under=check_size(under),
        gaps=[(always(), value)],
    )


def _product(one: int | nw.Expr, other: int | nw.Expr) -> int | nw.Expr:
    if isinstance(one, int) and isinstance(other, int):
        return one * other
    if isinstance(one, int):
        one, other = other, one
    assert isinstance(one, nw.Expr)
    return one if isinstance(other, int) and other == 1 else one * other


def _over(value: nw.Expr, by: int | nw.Expr) -> nw.Expr:
    return value if isinstance(by, int) and by == 1 else value * by


def _both(one: Figure, other: Figure) -> list[Gap]:
    """What is missing of two: the first one's, or else the second's."""
    return [*guarded(one.missing, one.gaps), *guarded(~one.missing & other.missing, other.gaps)]


def _multiplied(one: Figure, other: Figure) -> Figure:
    under, most_under = _product(one.under, other.under), check_size(one.most_under * other.most_under)
    return Figure(
        over=one.over * other.over,
        under=under,
        most=check_size(one.most * other.most),
        most_under=most_under,
        gaps=_both(one, other),
    )


def _divided(one: Figure, by: Figure) -> Figure:
    constant = by.gaps == []
    if constant and by.most == 0:
        return Figure(
            over=nothing(), most=0, gaps=[*guarded(one.missing, one.gaps), (~one.missing, "a number other than 0")]
        )
    under: int | nw.Expr = (
        _product(one.under, by.most)
        if constant
        else nw.when(by.over > 0).then(_over(by.over, one.under)).otherwise(nothing())
    )
    gaps = _both(one, by)
    if not constant:
        gaps.append((~one.missing & (by.over == 0), "a number other than 0"))
    return Figure(
        over=_over(one.over, by.under),
        under=under,
        most=check_size(one.most * by.most_under),
        most_under=check_size(one.most_under * by.most),
        gaps=gaps,
    )


def _alike(one: Figure, other: Figure) -> tuple[nw.Expr, nw.Expr, int | nw.Expr, int, int]:
    """Two figures over the same number: both upper parts, the number below, and the bounds of the two sorts."""
    if isinstance(one.under, int) and isinstance(other.under, int):
        under = math.lcm(one.under, other.under)
        by, with_ = under // one.under, under // other.under
        most = max(one.most * by, other.most * with_)
        return _over(one.over, by), _over(other.over, with_), under, check_size(most), under
    most = max(one.most * other.most_under, other.most * one.most_under)
    most_under = check_size(one.most_under * other.most_under)
    return (
        _over(one.over, other.under), _over(other.over, one.under), _product(one.under, other.under),
        check_size(most), most_under,
    )  # fmt: skip


def better(one: Figure, other: Figure, *, greater: bool) -> Figure:
    """The greater, or the lesser, of two; missing when one of them is."""
    left, right, under, most, most_under = _alike(one, other)
    pick = (nw.max_horizontal if greater else nw.min_horizontal)(left, right)
    return Figure(
        over=nw.when(one.missing | other.missing).then(nothing()).otherwise(pick),
        under=under,
        most=most,
        most_under=most_under,
        gaps=_both(one, other),
    )


def _added(one: Figure, other: Figure) -> Figure:
    left, right, under, most, most_under = _alike(one, other)
    return Figure(
        over=left + right, under=under, most=check_size(2 * most), most_under=most_under, gaps=_both(one, other)
    )


def rounded(figure: Figure) -> Moment:
    """Half up to the whole penny."""
    if isinstance(figure.under, int):
        if figure.under == 1:
            pence = figure.over
        else:
            bound = check_size(2 * figure.most + figure.under)
            pence = floor_divided(figure.over * 2 + figure.under, 2 * figure.under, bound)
    else:
        check_size(2 * figure.most + 2 * figure.most_under)
        under = nw.when(figure.under > 0).then(figure.under).otherwise(nothing())
        pence = (figure.over * 2 + under) // (under * 2)
    return Moment(at=pence, low=0, high=figure.most, gaps=figure.gaps)


def amount_of(amount: m.Amount, place: Place, state: State) -> Moment:
    """A whole amount in pence: first sum, steps, floor, rounding, cap."""
    total = figure_of(amount.first, place) if amount.first else Figure(over=whole(0), most=0)
    for step in amount.steps:
        periods = _periods(step.period, place, state)
        count = nw.max_horizontal(periods.at - step.skip, whole(0)) if step.skip else periods.at
        most = periods.high
        if step.most is not None:
            count, most = nw.min_horizontal(count, whole(step.most)), min(most, step.most)
        if periods.gaps and count is not periods.at:  # the greatest and least of several leave out what is missing
            count = nw.when(periods.at.is_null()).then(nothing()).otherwise(count)
        times = Figure(over=count, most=most, gaps=periods.gaps)
        each = figure_of(step.part, place)
        product = _multiplied(each, times)
        product = replace(product, gaps=_both(times, each))
        total = _added(total, product)
    if amount.floor:
        total = better(total, figure_of(amount.floor, place), greater=True)
    pence = rounded(total)
    if amount.cap:
        cap = rounded(figure_of(amount.cap, place))
        capped = nw.when(cap.at < pence.at).then(cap.at).otherwise(pence.at)
        if cap.gaps:
            capped = nw.when(cap.at.is_null()).then(nothing()).otherwise(capped)
        gaps = [*guarded(pence.at.is_null(), pence.gaps), *guarded(~pence.at.is_null() & cap.at.is_null(), cap.gaps)]
        pence = Moment(at=capped, low=0, high=min(pence.high, cap.high), gaps=gaps)
    return pence


def _periods(period: m.Period, place: Place, state: State) -> Moment:
    size, unit = period.count, period.unit
    if unit in m.ELAPSED:
        size, unit = size * m.SECONDS[unit], m.Unit.SECOND
        count = lateness_in(unit, place, state, or_part=False)
    else:
        if unit is m.Unit.WEEK:
            size, unit = size * 7, m.Unit.CALENDAR_DAY
        count = lateness_in(unit, place, state, or_part=period.or_part)
    if size == 1:
        return count
    begun = count.at + (size - 1) if period.or_part else count.at
    return replace(count, at=floor_divided(begun, size, count.high + size), high=count.high // size + 1)


# --- remedies ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Given:
    """One remedy of each broken case: whether it is owed, how many pence, and where that cannot be told."""

    remedy: m.Remedy
    owed: nw.Expr | None
    pence: Moment
    unknown: nw.Expr | None
    gaps: list[Gap]

    @property
    def pays(self) -> bool:
        """Whether its sum counts as owed."""
        return self.remedy.kind in PAYING or bool(self.remedy.choices)


def given(remedy: m.Remedy, place: Place, state: State) -> Given:
    """A remedy as it is owed, as in `rules.remedy.Putting`."""
    if remedy.repeated or remedy.ceilings:
        raise NotCompiled("repeats and caps over the cases of one subject")
    gaps: list[Gap] = []
    unknown: list[nw.Expr] = []
    owed: nw.Expr | None = None
    if remedy.condition:
        truth = truth_of(remedy.condition, place, state)
        unknown.append(truth.holds.is_null())
        gaps += truth.told
        owed = nw.coalesce(truth.holds, always(holds=False))
    pence = Moment(at=whole(0), low=0, high=0)
    if remedy.amount:
        pence = _amount(remedy.amount, place, state)
    if pence.gaps:
        _add_unknown(pence.at.is_null(), pence.gaps, owed, unknown, gaps)
    parts = [given(choice, place, state) for choice in remedy.choices]
    for part in parts:
        _add_unknown(part.unknown, part.gaps, owed, unknown, gaps)
    if parts:
        pence = _first_paying(parts)
    if remedy.extinguished:
        gone = nw.coalesce(truth_of(remedy.extinguished, place, state).holds, always(holds=False))
        pence = replace(pence, at=nw.when(gone).then(whole(0)).otherwise(pence.at))
    return Given(remedy=remedy, owed=owed, pence=pence, unknown=when_any(unknown) if unknown else None, gaps=gaps)


def _add_unknown(
    more: nw.Expr | None, names: list[Gap], owed: nw.Expr | None, unknown: list[nw.Expr], gaps: list[Gap]
) -> None:
    """Add what is missing of a further part, where the remedy is owed and nothing was missing before it."""
    if more is None:
        return
    here = when_all([always() if owed is None else owed, *(~each for each in unknown), more])
    gaps += guarded(here, names)
    unknown.append(here)


def _first_paying(parts: list[Given]) -> Moment:
    chain = None
    for part in parts:
        if part.remedy.kind in PAYING:
            owed = always() if part.owed is None else part.owed
            chain = (nw.when(owed) if chain is None else chain.when(owed)).then(part.pence.at)
    high = max((part.pence.high for part in parts), default=0)
    return Moment(at=whole(0) if chain is None else chain.otherwise(whole(0)), low=0, high=high)


def _amount(choice: m.Choice[m.Amount], place: Place, state: State) -> Moment:
    chosen = choose(choice, place, state)
    amounts = [amount_of(option.value, place, state) for option in choice]
    if chosen.certain:
        return amounts[0]
    gaps = []
    for index, amount in enumerate(amounts):
        gaps += guarded((chosen.line == index) & amount.at.is_null(), amount.gaps)
    return Moment(
        at=place.build.let(state.only(chosen_by(chosen.line, [amount.at for amount in amounts]))),
        low=0,
        high=max(amount.high for amount in amounts),
        gaps=chosen.and_then(gaps),
    )
