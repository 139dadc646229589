"""One standard as a frame of outcomes, in the order of `rules.evaluate`: which editions, which start, which status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product

import narwhals.stable.v2 as nw

from ...rules.clocks import reckoner_of
from ...rules.conditions import Missing, Scope
from ...rules.evaluate import Edition, Judge
from ...rules.language import model as m
from ...rules.language.write import say_condition
from ...rules.outcomes import Status
from ...rules.working_time import Calendar
from ..columns import CASE_ID, Extent, NotCompiled
from .amounts import Given, given
from .build import Build, Frame, Gap, Moment, Tables, _tree, always, chosen_by, guarded, nothing, when_any, whole
from .choices import choose
from .conditions import Place, State, fact_instants, finish_or_now, truth_of
from .limits import Lines, instant_of_limit, resolved_lines
from .pauses import Due, extended, paused, pauses_of
from .words import words

OUTCOME_COLUMNS = (
    "case_id", "standard", "status", "due", "due_offset", "owed", "version", "finish", "finish_offset", "lateness",
    "remedies", "reason",
)  # fmt: skip
"""What an outcome row holds: instants are UTC seconds with the zone's offset beside them, `owed` is pence."""

WHOLE_NUMBERS = frozenset({"due", "due_offset", "owed", "finish", "finish_offset", "lateness"})
"""The columns of an outcome row that are no texts."""

_STATUS = words(status.value for status in Status)
_MOST_KINDS = 6


@dataclass(frozen=True, kw_only=True)
class Era:
    """Editions whose standards are the same and only whose rates, name or force differ: their places and values."""

    places: tuple[int, ...]
    editions: tuple[Edition, ...]

    def standard(self, name: str) -> m.Standard:
        """A standard as it runs in this era."""
        return self.editions[0].standards[name].standard


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The columns of one standard's outcomes."""

    shown: nw.Expr
    status: nw.Expr
    broken: nw.Expr
    due: Moment
    finish: nw.Expr
    owed: nw.Expr
    version: nw.Expr
    lateness: nw.Expr
    remedies: nw.Expr
    reason: nw.Expr


def eras_of(judge: Judge) -> list[Era]:
    """The editions of a pledge, those with the same standards together."""
    days = _first_days(judge)
    groups: list[list[int]] = []
    editions = [judge.edition(day) for day in days]
    for place, edition in enumerate(editions):
        like = next((group for group in groups if _alike(editions[group[0]], edition, _shared(judge.pledge))), None)
        if like is None:
            groups.append([place])
        else:
            like.append(place)
    return [Era(places=tuple(group), editions=tuple(editions[place] for place in group)) for group in groups]


def _first_days(judge: Judge) -> list[int]:
    """A day of each edition."""
    return [judge.breaks[0] - 1, *judge.breaks] if judge.breaks else [0]


def _shared(pledge: m.Pledge) -> frozenset[str]:
    return frozenset(standard.name for standard in pledge.standards)


def _cleared(edition: Edition, name: str, shared: frozenset[str]) -> bool:
    """Whether a standard that other versions have is shown without its exclusions, where no version is in force."""
    return edition.standards[name].version == "" and name not in shared


def _alike(one: Edition, other: Edition, shared: frozenset[str]) -> bool:
    return one.names == other.names and all(
        one.standards[name].standard == other.standards[name].standard
        and _cleared(one, name, shared) == _cleared(other, name, shared)
        for name in one.names
    )


def compile_standard(
    pledge: m.Pledge, calendars: Mapping[str, Calendar], wide: Frame, extent: Extent, as_of: int,
    tables: Tables, name: str,
) -> list[Frame]:  # fmt: skip
    """The frames of one standard, an era each. Raises `NotCompiled`."""
    judge = Judge(pledge, calendars)
    eras = eras_of(judge)
    return [
        _Program(judge, eras, era, Build(wide, tables, extent, as_of, judge.zone)).rows(name)
        for era in eras
        if name in era.editions[0].names
    ]


class _Program:
    """The standards of one era over one frame."""

    def __init__(self, judge: Judge, eras: Sequence[Era], era: Era, build: Build) -> None:
        self.judge, self.eras, self.era, self.build, self.pledge = judge, eras, era, build, judge.pledge
        self.edition = self._edition()
        self.judged: dict[str, Judged] = {}
        editions = [judge.edition(day) for day in _first_days(judge)]
        self.standard = words(name for edition in editions for name in edition.names)
        self.version = words(running.version for edition in editions for running in edition.standards.values())

    def _edition(self) -> nw.Expr:
        if not self.judge.breaks:
            return whole(0)
        firsts = [instants[0] for name in self.judge.start_facts if (instants := fact_instants(self.build, name))]
        if not firsts:
            return whole(0)
        extent = self.build.extent
        first = self.build.let(nw.min_horizontal(*firsts) if len(firsts) > 1 else firsts[0])
        return self._edition_of(Moment(at=first, low=extent.first, high=extent.last))

    def _edition_of(self, moment: Moment) -> nw.Expr:
        """The place of the edition in force on an instant's local day."""
        day = self.build.day(moment)
        changes = [(day.low, 0), *((each, place + 1) for place, each in enumerate(self.judge.breaks))]
        return self.build.let(_tree(day.at, changes))

    def rows(self, name: str) -> Frame:
        """The outcome rows of a standard."""
        group = [names for names in self.pledge.paid_once if name in names]
        if len(self.judge.pledge.paid_once) > 1 and group:
            everyone = [each for names in self.pledge.paid_once for each in names]
        else:
            everyone = [each for names in group for each in names]
        for each in (*everyone, name):
            if each in self.era.editions[0].standards:
                self.judge_standard(each)
        self._pay_once()
        judged, build = self.judged[name], self.build
        shown = judged.shown
        if len(self.eras) > 1:
            shown = shown & when_any(self.edition == place for place in self.era.places)
        due, finish = judged.due, Moment(at=judged.finish, low=build.extent.first, high=build.extent.last)
        values = (
            nw.col(CASE_ID), self.standard(name), judged.status, due.at, build.offset(due), judged.owed, judged.version,
            finish.at, build.offset(finish), judged.lateness, judged.remedies, judged.reason,
        )  # fmt: skip
        return build.rows(shown, dict(zip(OUTCOME_COLUMNS, values, strict=True)))

    def _pay_once(self) -> None:
        for group in self.pledge.paid_once:
            names = [name for name in group if name in self.judged]
            before = {name: self.judged[name] for name in names}
            for place, name in enumerate(names):
                mine = before[name]
                my_due = nw.coalesce(mine.due.at, whole(0))
                earlier: list[nw.Expr] = []
                for other_place, other_name in enumerate(names):
                    if other_name == name:
                        continue
                    other = before[other_name]
                    due = nw.coalesce(other.due.at, whole(0))
                    first = due <= my_due if other_place < place else due < my_due
                    earlier.append(other.shown & (other.owed > 0) & first)
                paid = self.build.let(nw.coalesce(when_any(earlier), always(holds=False)))
                owed = self.build.let(nw.when(paid).then(whole(0)).otherwise(mine.owed))
                self.judged[name] = replace(mine, owed=owed)

    def judge_standard(self, name: str) -> Judged:
        """The columns of a standard, made once."""
        if name not in self.judged:
            self.judged[name] = self._judge(self.era.standard(name))
        return self.judged[name]

    # --- one standard --------------------------------------------------------------------------------

    def _judge(self, standard: m.Standard) -> Judged:
        build = self.build
        start = self._start(standard)
        edition, era = self.edition, self.era
        if standard.version_by_own_start and self.judge.breaks:
            if len(self.eras) > 1:
                raise NotCompiled("a version by a standard's own start, where versions have standards of their own")
            edition = self._edition_of(start)
        runnings = [each.standards[standard.name] for each in era.editions]
        scope = Scope(self.pledge, standard, self.judge.calendars, {})
        scope.limits = reckoner_of
        place = Place(
            build=build, scope=scope, edition=edition, rates=self._rates(),
            instant_of_limit=lambda limit, state: instant_of_limit(limit, place, state),
        )  # fmt: skip
        versions = dict.fromkeys(running.version for running in runnings)
        version = self.version(runnings[0].version)
        if len(versions) > 1:
            by_place = dict(zip(era.places, runnings, strict=True))
            places = range(max(era.places) + 1)
            version = chosen_by(
                edition, [self.version(by_place[at].version) if at in by_place else None for at in places]
            )
        unready = {at: running.unready for at, running in zip(era.places, runnings, strict=True) if running.unready}
        cleared = _cleared(era.editions[0], standard.name, _shared(self.pledge))
        return _Judging(standard, place, start, unready, as_of=build.as_of, cleared=cleared).judged(version)

    def _rates(self) -> tuple[Mapping[str, m.Rate | None], ...]:
        return tuple(self.judge.edition(day).rates for day in _first_days(self.judge))

    def _start(self, standard: m.Standard) -> Moment:
        build, start, extent = self.build, standard.start, self.build.extent
        if start.after_missing:
            first = self.judge_standard(start.after_missing)
            asked: list[nw.Expr] = []
            for name in start.facts.names:
                for at in fact_instants(build, name):
                    fits = first.broken & (at > first.due.at) & (first.finish.is_null() | (at < first.finish))
                    asked.append(nw.when(fits).then(at).otherwise(nothing()))
            found = nw.min_horizontal(*asked) if asked else nothing()
            return Moment(at=build.let(found), low=extent.first, high=extent.last)
        if start.nth_within:
            raise NotCompiled("a start by the nth time that something happens within a span")
        at = _first_of(start.facts, build, None)
        low, high = extent.first, extent.last
        if start.or_when_runs_out:
            first = self.judge_standard(start.or_when_runs_out)
            out = nw.when(first.broken).then(first.due.at).otherwise(nothing())
            at = nw.min_horizontal(at, out)
            low, high = min(low, first.due.low), max(high, first.due.high)
        return Moment(at=build.let(at), low=low, high=high)


def _first_of(facts: m.Facts, build: Build, least: nw.Expr | None) -> nw.Expr:
    """When one of several facts, or all of them, happened, as in `rules.clocks.instants_of`."""
    each: list[nw.Expr] = []
    for name in facts.names:
        instants = fact_instants(build, name)
        if least is not None and instants:
            fits = [nw.when(at >= least).then(at).otherwise(nothing()) for at in instants]
            each.append(nw.min_horizontal(*fits) if len(fits) > 1 else fits[0])
        else:
            each.append(instants[0] if instants else nothing())
    if len(each) == 1:
        return each[0]
    if facts.together is m.Together.ALL:
        lacking = when_any(at.is_null() for at in each)
        return nw.when(lacking).then(nothing()).otherwise(nw.max_horizontal(*each))
    return nw.min_horizontal(*each)


class _Judging:
    """One standard on its way from start to outcome."""

    def __init__(
        self, standard: m.Standard, place: Place, start: Moment, unready: Mapping[int, Missing], *, as_of: int,
        cleared: bool,
    ) -> None:  # fmt: skip
        self.standard, self.place, self.build, self.as_of = standard, place, place.build, as_of
        self.start, self.unready = start, unready
        self.void = () if cleared else standard.void
        self.excused = () if cleared else standard.excused
        self.gaps: list[Gap] = []
        self.unknown: list[nw.Expr] = []

    def _lacks(self, where: nw.Expr, gaps: list[Gap]) -> None:
        """Note what is missing, where nothing was missing before."""
        here = ~when_any(self.unknown) & where if self.unknown else where
        self.gaps += guarded(self.build.let(here), gaps) if gaps else []
        self.unknown.append(where)

    def judged(self, version: nw.Expr) -> Judged:
        """The columns of the outcome."""
        build, standard, name = self.build, self.standard, self.standard.name
        state = State(name=f"{name}.start", start=self.start)
        shown = ~self.start.at.is_null()
        if standard.only_for:
            only = truth_of(standard.only_for, self.place, state)
            shown = shown & nw.coalesce(only.holds, always())
            self._lacks(only.holds.is_null(), only.told)
        if self.unready:
            where = when_any(self.place.edition == at for at in self.unready)
            gaps = [(self.place.edition == at, each) for at, names in self.unready.items() for each in names]
            self._lacks(where, gaps)
        ready = build.let(~when_any(self.unknown)) if self.unknown else None
        due, finish = self._settled(state, ready)
        lost = build.let(when_any(self.unknown)) if self.unknown else None
        state = State(name=f"{name}.end", start=self.start, finish=finish, deadline=due.moment, lost=lost)
        void, excused, reason = self._exclusions(state)
        unknown = build.let(when_any(self.unknown))
        end = finish_or_now(build, state)
        past = build.let(nw.coalesce(end.at > due.moment.at, always(holds=False)) & ~unknown & ~void & ~excused)
        if due.inside is not None:
            past = build.let(past & ~due.inside)
        late_from, given_remedies, lapsed = self._remedies(state, due, past)
        broken = build.let(past & ~lapsed)
        unknown = build.let((unknown & ~void & ~excused) | (past & lapsed))
        status = build.let(
            nw.when(void).then(_STATUS("void")).when(excused).then(_STATUS("excused"))
            .when(unknown).then(_STATUS("unknown")).when(broken).then(_STATUS("broken"))
            .when(finish.is_null()).then(_STATUS("running")).otherwise(_STATUS("kept"))
        )  # fmt: skip
        blank = nothing()
        return Judged(
            shown=shown,
            status=status,
            broken=broken & shown,
            due=replace(due.moment, at=build.let(nw.when(unknown).then(blank).otherwise(due.moment.at))),
            finish=build.let(nw.when(unknown).then(blank).otherwise(finish)),
            owed=build.let(self._owed(given_remedies, broken)),
            version=version,
            lateness=nw.when(broken).then(nw.max_horizontal(end.at - late_from.at, whole(0))).otherwise(whole(0)),
            remedies=_kinds(build, given_remedies, broken),
            reason=_reason(void | excused, reason, unknown, self.gaps),
        )

    def _settled(self, state: State, ready: nw.Expr | None) -> tuple[Due, nw.Expr]:
        """The deadline and the finish; both null where the limit cannot be told."""
        build, place, standard = self.build, self.place, self.standard
        chosen = choose(standard.within, place, state)
        limits, line = resolved_lines([option.value for option in standard.within], chosen.line, place)
        has_pauses = any(fact_instants(build, pause.opens) for pause in standard.pauses)
        lines = Lines(limits, line, place, state, paused=has_pauses)
        first = build.let_moment(lines.deadline())
        least = None if standard.early_counts else self.start.at
        if first.opens is not None:
            least = build.let(first.opens if least is None else nw.max_horizontal(least, first.opens))
            if standard.early_counts:
                least = nw.coalesce(least, whole(-(2**45)))
        finish = _first_of(standard.finish, build, least)
        settles = ~first.at.is_null() if ready is None else ready & ~first.at.is_null()
        finish = build.let(nw.when(settles).then(finish).otherwise(nothing()))
        spans = pauses_of(standard.pauses, build, self.start.at) if has_pauses else []
        due = (
            paused(lines, spans, finish, place)
            if spans
            else Due(moment=replace(first, gaps=guarded(first.at.is_null(), first.gaps)))
        )
        if standard.extensions:
            later = State(name=f"{standard.name}.ext", start=self.start, finish=finish, deadline=due.moment)
            due = extended(standard, due, first, spans, finish, place, later)
        self._lacks(due.unknown, chosen.and_then(due.moment.gaps))
        if ready is not None:
            at = build.let(nw.when(ready).then(due.moment.at).otherwise(nothing()))
            due = replace(due, moment=replace(due.moment, at=at))
        return due, finish

    def _exclusions(self, state: State) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
        """Whether it is void, whether excused, and by which condition in words."""
        build = self.build
        reason = None
        for exclusion in (*self.void, *self.excused):
            truth = truth_of(exclusion.condition, self.place, state, by_deadline=exclusion in self.void)
            words = nw.lit(say_condition(exclusion.condition))
            reason = (nw.when(truth.holds) if reason is None else reason.when(truth.holds)).then(words)
        voids = [truth_of(each.condition, self.place, state, by_deadline=True) for each in self.void]
        excuses = [truth_of(each.condition, self.place, state) for each in self.excused]
        for truth in voids:
            self._lacks(truth.holds.is_null(), truth.told)
        no = always(holds=False)
        void = build.let(nw.coalesce(when_any(each.holds for each in voids), no)) if voids else no
        excused = no
        if excuses:
            excused = build.let(nw.coalesce(when_any(each.holds for each in excuses), no) & ~void)
        return void, excused, nw.lit("") if reason is None else reason.otherwise(nw.lit(""))

    def _remedies(self, state: State, due: Due, past: nw.Expr) -> tuple[Moment, list[Given], nw.Expr]:
        """The instant lateness runs from, the remedies, and where these cannot be told of a broken standard."""
        late_from = due.moment
        lacking: list[nw.Expr] = []
        if self.standard.late_from:
            late_from = self.build.let_moment(instant_of_limit(self.standard.late_from, self.place, state))
            lacking.append(late_from.at.is_null())
            self.gaps += guarded(past & late_from.at.is_null(), late_from.gaps)
        broken = State(
            name=f"{self.standard.name}.broken", start=state.start, finish=state.finish, deadline=due.moment,
            late_from=late_from, where=past,
        )  # fmt: skip
        found = [given(remedy, self.place, broken) for remedy in self.standard.remedies]
        for each in found:
            if each.unknown is not None:
                before = past & ~when_any(lacking) if lacking else past
                self.gaps += guarded(before & each.unknown, each.gaps)
                lacking.append(each.unknown)
        lapsed = self.build.let(when_any(lacking)) if lacking else always(holds=False)
        return late_from, found, lapsed

    def _owed(self, remedies: list[Given], broken: nw.Expr) -> nw.Expr:
        total = None
        for each in remedies:
            if not each.pays:
                continue
            pence = each.pence.at
            if each.owed is not None:
                pence = nw.when(each.owed).then(pence).otherwise(whole(0))
            total = pence if total is None else total + pence
        return whole(0) if total is None else nw.when(broken).then(total).otherwise(whole(0))


def _kinds(build: Build, remedies: list[Given], broken: nw.Expr) -> nw.Expr:
    """The kinds of remedy owed, in order."""
    doubtful = [each.owed for each in remedies if each.owed is not None]
    if len(doubtful) > _MOST_KINDS:
        raise NotCompiled(f"more than {_MOST_KINDS} remedies each with a condition of its own")
    # Of n remedies with a condition, 2**n texts are possible: each is told by its place, in binary.
    texts = []
    for answers in product((False, True), repeat=len(doubtful)):
        owed = iter(answers)
        texts.append("; ".join(each.remedy.kind for each in remedies if each.owed is None or next(owed)))
    word = words(("", *texts))
    if not doubtful:
        return nw.when(broken).then(word(texts[0])).otherwise(word(""))
    place = whole(0)
    for owes in doubtful:
        place = place * 2 + nw.when(owes).then(whole(1)).otherwise(whole(0))
    place = build.let(nw.when(broken).then(place).otherwise(nothing()))
    return nw.coalesce(chosen_by(place, [word(text) for text in texts]), word(""))


def _reason(excluded: nw.Expr, words: nw.Expr, unknown: nw.Expr, gaps: list[Gap]) -> nw.Expr:
    """Why it is void or excused, or what is missing, each name once, in the order in which it was found missing."""
    found = nw.when(excluded).then(words)
    if not gaps:
        return found.otherwise(nw.lit(""))
    seen: dict[str, nw.Expr] = {}
    pieces: list[nw.Expr] = []
    for name, run in groupby(gaps, key=lambda gap: gap[1]):
        when = when_any(when for when, _ in run)
        sure = nw.coalesce(when, always(holds=False))
        fresh = sure & ~seen[name] if name in seen else sure
        pieces.append(nw.when(fresh).then(nw.lit(f"; {name}")).otherwise(nw.lit("")))
        seen[name] = seen[name] | sure if name in seen else sure
    joined = nw.concat_str(pieces, separator="") if len(pieces) > 1 else pieces[0]
    text = nw.concat_str([nw.lit("missing: "), joined.str.slice(2)], separator="")
    return found.when(unknown).then(text).otherwise(nw.lit(""))
