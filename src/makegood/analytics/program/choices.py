"""Choices: which line of several applies to each case."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals.stable.v2 as nw

from ...rules.clocks import subjects_of
from ...rules.language import model as m
from ..columns import detail_column
from .build import Gap, always, guarded, nothing, whole
from .conditions import Place, State, truth_of


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The place of the first line that applies, null where none can be told; `gaps` then say what is missing."""

    line: nw.Expr
    gaps: list[Gap]
    certain: bool = False

    def and_then(self, gaps: list[Gap]) -> list[Gap]:
        """What is missing to tell the line; where it can be told, what is missing of its value."""
        if self.certain:
            return gaps
        return [*guarded(self.line.is_null(), self.gaps), *guarded(~self.line.is_null(), gaps)]


def choose(choice: m.Choice[m.T], place: Place, state: State) -> Chosen:
    """Which line of a choice applies, as in `rules.clocks.chooser`."""
    if choice[0].condition is None:
        return Chosen(line=whole(0), gaps=[], certain=True)
    if by_detail := _by_one_detail(choice, place, state):
        return by_detail
    chain = None
    gaps: list[Gap] = []
    so_far: nw.Expr = always()
    for index, option in enumerate(choice):
        if option.condition is None:
            assert chain is not None
            return Chosen(line=place.build.let(state.only(chain.otherwise(whole(index)))), gaps=gaps)
        truth = truth_of(option.condition, place, state)
        gaps += guarded(so_far, truth.told)
        chain = (nw.when(truth.holds.is_null()) if chain is None else chain.when(truth.holds.is_null())).then(nothing())
        chain = chain.when(truth.holds).then(whole(index))
        so_far = so_far & ~truth.holds
    names = dict.fromkeys(name for option in choice for name in subjects_of(option.condition))
    gaps += [(so_far, name) for name in names]
    assert chain is not None
    return Chosen(line=place.build.let(state.only(chain.otherwise(nothing()))), gaps=gaps)


def _by_one_detail(choice: m.Choice[m.T], place: Place, state: State) -> Chosen | None:
    """The line when each is for some values of the same detail: one test of membership a line, and no others."""
    names = {option.condition.detail if isinstance(option.condition, m.Is) else "" for option in choice}
    detail = place.pledge.details.get(next(iter(names)))
    if len(names) > 1 or detail is None or detail.kind not in (m.Kind.CHOICE, m.Kind.YES_NO):
        return None
    text = nw.col(detail_column(detail.name))
    chain = None
    for index, option in enumerate(choice):
        condition = option.condition
        if not isinstance(condition, m.Is) or condition.negated:
            return None
        is_one = text.is_in(list(condition.values))
        chain = (nw.when(is_one) if chain is None else chain.when(is_one)).then(whole(index))
    assert chain is not None
    return Chosen(line=place.build.let(state.only(chain.otherwise(nothing()))), gaps=[(always(), detail.name)])
