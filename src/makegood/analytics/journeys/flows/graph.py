"""The map as figures: steps, moves between them, hand-overs and rework, from one pass over contacts in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import narwhals.stable.v2 as nw

from ...program.build import Frame, floor_divided
from ..columns import CONTACT_COLUMNS, MICROSECONDS, ORDER
from ..store import Columns, Store, Value
from .flow import Flow, Handover, Move, Rework, Step
from .medians import AT_ONCE, grouped
from .variants import variants_of

MOST_PLACES = 100_000
"""How many different steps, organisations and teams, taken together, a map may have."""

Node = tuple[str, str]
_KEYS = ("name", "organisation", "team")


class TooManySteps(ValueError):
    """A log whose steps are hardly ever the same, as when free text stands for the activity."""


def with_steps(contacts: Frame) -> Frame:
    """The contacts with a column `step`: the activity, else the kind of contact and the organisation, in words.

    Without an activity a chase at the Jobcentre is the step “chase at Jobcentre”; with neither kind nor organisation
    known, a contact is the step “contact”.
    """
    given = _completed(contacts, "activity", "kind", "organisation")
    kind, organisation = nw.coalesce(nw.col("kind"), nw.lit("contact")), nw.col("organisation")
    at = nw.concat_str([kind, nw.lit(" at "), organisation])
    built = nw.when(organisation.is_null()).then(kind).otherwise(at)
    step = nw.when(nw.col("activity").is_null()).then(built).otherwise(nw.col("activity"))
    return given.with_columns(step.alias("step"))


def flow_of(
    contacts: Frame,
    store: Store,
    *,
    case: str = "journey",
    most_variants: int = 50,
    most_places: int = MOST_PLACES,
    at_once: int = AT_ONCE,
) -> Flow:
    """All that a map shows, from contacts put together by the column `case`; those without a case belong to none.

    The frame has the columns of a contact log, of which only `case`, `contact`, `start` and `sequence` must be there;
    steps are named as `with_steps` says. An `end` before its `start` counts as not known. A hand-over is counted where
    both organisations (or teams) are known. A team's name that several organisations have is told with its
    organisation. Rework and variants go by the names of steps alone. Of equally frequent variants at the end of the
    list the shorter are kept. Up to `at_once` contacts the engine's own median is used.

    Raises `TooManySteps` when there are more than `most_places` different steps, organisations and teams together.
    """
    listed = _listed(contacts, case)
    places = _places(listed, store, min(most_places, MOST_PLACES))
    walked = store.keep(_walked(listed, store.frame(_CODE_COLUMNS, places.codes), places))
    pairs = _Pairs(store.rows(walked.group_by("before", "code").agg(nw.len().alias("n"))), places)
    few = pairs.contacts <= at_once
    names = walked.select("case", "place", "name", "start")
    variants, variant_count = variants_of(names, store, places.names, most=most_variants, at_once=few)
    visits = _visits(walked, "step", store)
    # The same steps by name alone are counted again only where organisations share a name.
    repeated = (
        _visits(walked, "name", store) if places.share_names else {places.name_of(s): v for s, v in visits.items()}
    )
    return Flow(
        journeys=pairs.journeys,
        contacts=pairs.contacts,
        steps=_steps(pairs, visits, _durations(walked, store, few), places),
        moves=_moves(walked, store, few, places),
        starts=_ranked_nodes(pairs.starts, places),
        ends=_ranked_nodes(pairs.ends, places),
        variants=variants,
        variant_count=variant_count,
        handovers=_handovers(pairs.counts, places.organisation),
        team_handovers=_handovers(pairs.counts, places.team),
        rework=_rework(repeated, places),
    )


def _completed(frame: Frame, *columns: str) -> Frame:
    """The frame with those columns too that it lacks, as nulls."""
    there = frame.collect_schema().names()
    missing = [column for column in columns if column not in there]
    return frame.select(nw.all(), *(nw.lit(None, dtype=CONTACT_COLUMNS[column]()).alias(column) for column in missing))


def _listed(contacts: Frame, case: str) -> Frame:
    """What the map needs of each contact that belongs to a case."""
    stepped = with_steps(_completed(contacts, "team", "end")).filter(~nw.col(case).is_null())
    sure_end = nw.when(nw.col("end") >= nw.col("start")).then(nw.col("end"))
    return stepped.select(
        nw.col(case).alias("case"),
        nw.col("step").alias("name"),
        nw.col("organisation").fill_null(""),
        nw.col("team").fill_null(""),
        *ORDER,
        sure_end.alias("end"),
    )


# --- steps, organisations and teams as whole numbers ---------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Places:
    """Each step, organisation and team that there is, as one whole number: (name, organisation, team) in mixed radix.

    A `code` stands for all three, a `step` (code // teams) for name and organisation.
    """

    rows: Sequence[tuple[str, str, str]]
    names: Sequence[str]
    organisations: Sequence[str]
    teams: Sequence[str]

    @property
    def by_step(self) -> int:
        """What a code is divided by to get its step."""
        return len(self.teams)

    @property
    def by_name(self) -> int:
        """What a code is divided by to get its name."""
        return len(self.teams) * len(self.organisations)

    @property
    def codes(self) -> list[dict[str, Value]]:
        """The table by which contacts get their codes."""
        name, organisation, team = (_places_in(each) for each in (self.names, self.organisations, self.teams))
        return [
            {
                **dict(zip(_KEYS, row, strict=True)),
                "code": name[row[0]] * self.by_name + organisation[row[1]] * self.by_step + team[row[2]],
            }
            for row in self.rows
        ]

    @cached_property
    def share_names(self) -> bool:
        """Whether a name is a step of several organisations."""
        return len({row[:2] for row in self.rows}) > len(self.names)

    @cached_property
    def _shared_teams(self) -> frozenset[str]:
        homes = Counter(team for _, team in {row[1:] for row in self.rows})
        return frozenset(team for team, count in homes.items() if count > 1)

    def step_of(self, code: int) -> int:
        """The step of a code."""
        return code // self.by_step

    def name_of(self, step: int) -> int:
        """The place in `names` of a step."""
        return step // len(self.organisations)

    def node(self, step: int) -> Node:
        """A step's name and organisation."""
        return self.names[self.name_of(step)], self.organisations[step % len(self.organisations)]

    def organisation(self, code: int) -> str:
        """The organisation's name, empty where it is not known."""
        return self.node(self.step_of(code))[1]

    def team(self, code: int) -> str:
        """The team's name, with its organisation where several have one of that name; empty where it is not known."""
        team, organisation = self.teams[code % len(self.teams)], self.organisation(code)
        return f"{team} ({organisation})" if team in self._shared_teams and team and organisation else team


_CODE_COLUMNS: Columns = {**dict.fromkeys(_KEYS, nw.String), "code": nw.Int64}


def _places_in(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _places(listed: Frame, store: Store, most: int) -> _Places:
    found = store.rows(listed.group_by(*_KEYS).agg(nw.len().alias("n")).head(most + 1))
    if len(found) > most:
        raise TooManySteps(
            f"more than {most:,} different steps, organisations and teams: give contacts a few kinds of activity"
        )
    rows = sorted((row["name"], row["organisation"], row["team"]) for row in found)
    names, organisations, teams = (sorted({row[place] for row in rows}) for place in range(3))
    return _Places(rows=rows, names=names, organisations=organisations, teams=teams)


def _walked(listed: Frame, codes: Frame, places: _Places) -> Frame:
    """A row for each contact with its place in the journey, and the step and the time before it.

    `before` is the code of the contact before, null for the first; `wait` may be negative.
    """
    coded = listed.join(codes, on=list(_KEYS), how="inner").select(
        "case", "code", *ORDER, "end", nw.coalesce(nw.col("end"), nw.col("start")).alias("ended")
    )

    def before(column: str) -> nw.Expr:
        return nw.col(column).shift(1).over("case", order_by=ORDER)

    return coded.select(
        "case",
        "code",
        "start",
        (nw.col("end") - nw.col("start")).alias("took"),
        before("code").alias("before"),
        (nw.col("start") - before("start")).alias("between"),
        (nw.col("start") - before("ended")).alias("wait"),
        nw.col("start").cum_count().over("case", order_by=ORDER).cast(nw.Int64).alias("place"),
    ).with_columns(
        _divided("code", places.by_step).alias("step"),
        _divided("before", places.by_step).alias("step_before"),
        _divided("code", places.by_name).alias("name"),
    )


def _divided(column: str, by: int) -> nw.Expr:
    return floor_divided(nw.col(column), by, MOST_PLACES**3)


# --- figures ---------------------------------------------------------------------------------------------------


class _Pairs:
    """How often which code came straight after which, and all counts that follow from that."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], places: _Places) -> None:
        self.counts: dict[tuple[int, int], int] = {}
        self.steps: Counter[int] = Counter()
        self.starts: Counter[int] = Counter()
        self.ends: Counter[int] = Counter()
        for row in rows:
            after = places.step_of(row["code"])
            self.steps[after] += row["n"]
            self.ends[after] += row["n"]
            if row["before"] is None:
                self.starts[after] += row["n"]
            else:
                self.counts[row["before"], row["code"]] = row["n"]
                self.ends[places.step_of(row["before"])] -= row["n"]
        self.contacts, self.journeys = self.steps.total(), self.starts.total()


def _visits(walked: Frame, column: str, store: Store) -> dict[int, tuple[int, int, int]]:
    """Of each step (or name): journeys with it, journeys with it more than once, and times more than once."""
    times = walked.group_by("case", column).agg(nw.len().cast(nw.Int64).alias("n"))
    repeats = (nw.col("n") - 1).alias("repeats")
    again = (nw.col("n") > 1).cast(nw.Int64).alias("again")
    whole = times.select(column, again, repeats).group_by(column)
    rows = store.rows(whole.agg(nw.len().alias("journeys"), nw.col("again").sum(), nw.col("repeats").sum()))
    return {row[column]: (row["journeys"], int(row["again"]), int(row["repeats"])) for row in rows}


def _durations(walked: Frame, store: Store, few: bool) -> dict[int, float]:
    taken = walked.filter(~nw.col("took").is_null()).select("step", "took")
    rows = store.rows(grouped(taken, ["step"], store, medians=["took"], at_once=few))
    return {row["step"]: row["took"] / MICROSECONDS for row in rows}


def _steps(
    pairs: _Pairs, visits: Mapping[int, tuple[int, int, int]], durations: Mapping[int, float], places: _Places
) -> tuple[Step, ...]:
    found = []
    for step, contacts in pairs.steps.items():
        name, organisation = places.node(step)
        journeys, seconds = visits[step][0], durations.get(step)
        found.append(Step(name=name, organisation=organisation, contacts=contacts, journeys=journeys, seconds=seconds))
    return _ranked(found, lambda step: step.contacts, lambda step: (step.name, step.organisation))


def _moves(walked: Frame, store: Store, few: bool, places: _Places) -> tuple[Move, ...]:
    moved = walked.filter(~nw.col("before").is_null()).select(
        "case", "step_before", "step", "between", nw.col("wait").clip(lower_bound=0)
    )
    counted = [nw.len().alias("n"), nw.col("case").n_unique().alias("journeys")]
    whole = grouped(moved, ["step_before", "step"], store, medians=["wait", "between"], also=counted, at_once=few)
    found = [
        Move(
            before=places.node(row["step_before"]),
            after=places.node(row["step"]),
            count=row["n"],
            journeys=row["journeys"],
            wait=row["wait"] / MICROSECONDS,
            between_starts=row["between"] / MICROSECONDS,
        )
        for row in store.rows(whole)
    ]
    return _ranked(found, lambda move: move.count, lambda move: (move.before, move.after))


def _ranked_nodes(counts: Counter[int], places: _Places) -> tuple[tuple[Node, int], ...]:
    found = [(places.node(step), count) for step, count in counts.items() if count]
    return _ranked(found, lambda each: each[1], lambda each: each[0])


def _handovers(counts: Mapping[tuple[int, int], int], whose: Callable[[int], str]) -> tuple[Handover, ...]:
    between: Counter[tuple[str, str]] = Counter()
    for (before, after), count in counts.items():
        giver, taker = whose(before), whose(after)
        if giver and taker and giver != taker:
            between[giver, taker] += count
    found = [Handover(giver=giver, taker=taker, count=count) for (giver, taker), count in between.items()]
    return _ranked(found, lambda each: each.count, lambda each: (each.giver, each.taker))


def _rework(repeated: Mapping[int, tuple[int, int, int]], places: _Places) -> tuple[Rework, ...]:
    found = [
        Rework(step=places.names[name], journeys=again, repeats=repeats)
        for name, (_, again, repeats) in repeated.items()
        if again
    ]
    return _ranked(found, lambda each: each.repeats, lambda each: each.step)


T = TypeVar("T")


def _ranked(found: Iterable[T], count: Callable[[T], int], name: Callable[[T], Hashable]) -> tuple[T, ...]:
    """Those with the highest count first, equal ones by name."""
    return tuple(sorted(found, key=lambda each: (-count(each), name(each))))
