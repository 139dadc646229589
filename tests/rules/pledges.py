"""Generators of pledges and of cases for them: every construct of the language, valid by construction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from makegood.rules import Calendar, Case, Fact
from makegood.rules.language import model as m
from makegood.rules.working_time import day_number

SOME = settings(
    max_examples=settings().max_examples * 2 // 5,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
"""Fewer examples than usual, since a whole pledge takes a tenth of a second to make up."""

FACTS = ("asked", "visited", "answered", "warned", "paid", "fee-asked", "fee-paid", "x-1_y")
NAMES = ("collect", "answer", "second-look", "s1")
ZONES = ("Europe/London", "UTC", "America/New_York", "Australia/Lord_Howe")
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Zs")), min_size=1, max_size=12
).map(lambda word: word.replace("\ufeff", "f") or "w")
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
BUSY = Calendar(
    name="busy",
    zone="Europe/London",
    hours=(((32_400, 45_000), (46_800, 61_200)),) * 5 + ((), ()),
    closed={day_number(date(2026, 5, 25)): "bank holiday"},
    first=day_number(date(2015, 1, 1)),
    last=day_number(date(2035, 12, 31)),
)
QUIET = Calendar(
    name="quiet",
    zone="Europe/London",
    hours=((), *(((0, 86_400),),) * 4, ((36_000, 50_400),), ()),
    closed={},
    first=day_number(date(2015, 1, 1)),
    last=day_number(date(2035, 12, 31)),
    title="Quiet hours",
    source="our own",
)
CALENDARS = {"busy": BUSY, "quiet": QUIET}

DETAILS = {
    "kind": m.Detail(name="kind", kind=m.Kind.CHOICE, values=("am", "pm", "category-1", "2nd class", "not")),
    "urgent": m.Detail(name="urgent", kind=m.Kind.YES_NO, says="it cannot wait"),
    "note": m.Detail(name="note", kind=m.Kind.TEXT),
    "people": m.Detail(name="people", kind=m.Kind.NUMBER),
    "fare": m.Detail(name="fare", kind=m.Kind.MONEY),
    "day": m.Detail(name="day", kind=m.Kind.DATE),
    "slot": m.Detail(name="slot", kind=m.Kind.INSTANT),
    "account": m.Detail(name="account", kind=m.Kind.TEXT, says="the account"),
}
RATES = {
    "daily-rate": (
        m.Rate(value=Fraction(976, 100), kind="money", last=date(2026, 3, 31), source="list of 2025"),
        m.Rate(value=Fraction(1034, 100), kind="money", first=date(2026, 4, 1)),
    ),
    "share": (m.Rate(value=Fraction(25, 2), kind="a percentage"),),
    "journeys": (m.Rate(value=Fraction(464), kind="a number"),),
    "answer-time": (m.Rate(value=m.Within(count=Fraction(10), unit=m.Unit.WORKING_DAY, by=64_800), kind="time"),),
    "quick-time": (m.Rate(value=m.Within(count=Fraction(3, 2), unit=m.Unit.HOUR, less_than=True), kind="time"),),
}

seconds_of_day = st.one_of(st.integers(0, 1440).map(lambda minute: minute * 60), st.integers(0, 86_400))
days_of_year = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day))
dates = st.dates(date(2024, 1, 1), date(2028, 12, 31))
moments = st.sampled_from(("the start", "the finish", "the deadline", "the breach"))
facts = st.sampled_from(FACTS)
pounds = st.integers(0, 5_000_00).map(lambda pence: Fraction(pence, 100))
numbers = st.one_of(st.integers(0, 9_999), st.integers(0, 99_999).map(lambda n: Fraction(n, 100))).map(Fraction)
lateness_units = st.sampled_from(
    (m.Unit.SECOND, m.Unit.MINUTE, m.Unit.HOUR, m.Unit.CALENDAR_DAY, m.Unit.WORKING_DAY, m.Unit.SCHOOL_DAY)
)


def _day(year: int, month: int, day: int) -> datetime:
    """Midnight without a zone, as the bounds of `datetimes` are."""
    return datetime.combine(date(year, month, day), time())


@cache
def maybe(strategy: st.SearchStrategy[Any], nothing: Any = None) -> st.SearchStrategy[Any]:
    """A value, or the one that stands for none."""
    return st.one_of(st.just(nothing), strategy)


# --- limits ---------------------------------------------------------------------------------------------


@cache
def anchors(*, moment: bool) -> st.SearchStrategy[str]:
    """What a limit may be counted from."""
    named = st.sampled_from((*FACTS, "day", "slot"))
    return st.one_of(named, moments) if moment else named


@cache
@st.composite
def lengths(draw: st.DrawFn, *, moment: bool = False) -> m.Within:
    """So much time, from the start or another instant."""
    unit = draw(st.sampled_from(list(m.Unit)))
    anchor = draw(maybe(anchors(moment=moment)))
    days = unit in m.DAYS
    count = draw(st.integers(0, 90) if days else st.one_of(st.integers(0, 200), st.just(Fraction(5, 2))))
    if unit is m.Unit.SECOND:
        count = Fraction(count).numerator
    return m.Within(
        count=Fraction(count),
        unit=unit,
        less_than=not days and draw(st.booleans()),
        by=draw(maybe(seconds_of_day)) if days else None,
        calendar=draw(maybe(st.sampled_from(("busy", "quiet")))) if unit not in m.ELAPSED else None,
        anchor=anchor,
        before=anchor is not None and draw(st.booleans()),
    )


@cache
@st.composite
def windows(draw: st.DrawFn) -> m.Window:
    """Between two times of day."""
    opens, closes = sorted(draw(st.lists(seconds_of_day, min_size=2, max_size=2, unique=True)))
    return m.Window(opens=opens, closes=closes, detail="day")


@cache
@st.composite
def rated(draw: st.DrawFn, *, moment: bool = False) -> m.Rated:
    """A limit that a rate holds."""
    name = draw(st.sampled_from(("answer-time", "quick-time")))
    anchor = draw(maybe(anchors(moment=moment)))
    days = name == "answer-time"
    return m.Rated(
        rate=name,
        by=draw(maybe(seconds_of_day)) if days else None,
        calendar=draw(maybe(st.just("quiet"))) if days else None,
        anchor=anchor,
        before=anchor is not None and draw(st.booleans()),
    )


@cache
@st.composite
def ats(draw: st.DrawFn, *, moment: bool = False) -> m.At:
    """An instant that the case names."""
    if draw(st.booleans()):
        return m.At(anchor="day", time=draw(seconds_of_day))
    return m.At(anchor=draw(anchors(moment=moment)), end_of_day=draw(st.booleans()))


@cache
def limits(*, moment: bool = False) -> st.SearchStrategy[m.Limit]:
    """Any limit."""
    plain: st.SearchStrategy[m.Limit] = st.one_of(
        lengths(moment=moment), windows(), rated(moment=moment), ats(moment=moment)
    )
    pairs = st.tuples(plain, plain)
    return st.one_of(
        plain,
        plain,
        plain,
        pairs.map(lambda pair: m.EarlierOf(limits=pair)),
        pairs.map(lambda pair: m.LaterOf(limits=pair)),
    )


# --- conditions -----------------------------------------------------------------------------------------


@cache
def subjects() -> st.SearchStrategy[str]:
    """What a condition about an instant may speak of."""
    return st.one_of(facts, st.just("slot"), moments)


@cache
def texts_of(detail: m.Detail) -> st.SearchStrategy[str]:
    """Values that a condition may compare a text with."""
    if detail.kind is m.Kind.YES_NO:
        return st.sampled_from(("yes", "no"))
    if detail.values:
        return st.sampled_from(detail.values)
    return st.one_of(
        TEXTS.filter(lambda text: '"' not in text), st.sampled_from(("none", "not", "given", "2nd", "10", "or"))
    )


@cache
@st.composite
def questions(draw: st.DrawFn) -> m.Condition:
    """One question about a detail."""
    name = draw(st.sampled_from(("kind", "urgent", "note")))
    values = tuple(draw(st.lists(texts_of(DETAILS[name]), min_size=1, max_size=3, unique=True)))
    return m.Is(detail=name, values=values, negated=draw(st.booleans()))


@cache
@st.composite
def comparisons(draw: st.DrawFn) -> m.Compare:
    """A number, sum or date against another."""
    op = draw(st.sampled_from(("<", "<=", ">", ">=")))
    name, value = draw(
        st.one_of(
            st.tuples(st.just("people"), numbers), st.tuples(st.just("fare"), pounds), st.tuples(st.just("day"), dates)
        )
    )
    return m.Compare(detail=name, op=op, value=value, money=name == "fare")


@cache
@st.composite
def happenings(draw: st.DrawFn) -> m.Happened:
    """Whether a fact is known, so many times."""
    times = draw(st.integers(1, 3))
    return m.Happened(
        fact=draw(facts), times=times, negated=times == 1 and draw(st.booleans()), any_time=draw(st.booleans())
    )


@cache
@st.composite
def bands(draw: st.DrawFn) -> m.Late:
    """A band of lateness."""
    least = draw(st.integers(0, 50))
    most = draw(maybe(st.integers(least, least + 60)))
    return m.Late(unit=draw(lateness_units), least=least, most=most, or_part=draw(st.booleans()))


@cache
def single_conditions(*, late: bool) -> st.SearchStrategy[m.Condition]:
    """Conditions that ask one thing."""
    ops = st.sampled_from(("<", "<=", ">", ">="))
    found: list[st.SearchStrategy[m.Condition]] = [
        questions(),
        comparisons(),
        happenings(),
        st.builds(m.Known, detail=st.sampled_from(list(DETAILS)), negated=st.booleans()),
        st.builds(m.Relative, subject=st.one_of(subjects(), st.just("day")), op=ops, instant=limits(moment=True)),
        st.builds(m.Season, subject=subjects(), first=days_of_year, last=days_of_year),
        st.builds(m.OnDay, subject=subjects(), detail=st.just("day"), negated=st.booleans()),
        st.builds(
            m.OnWeekday,
            subject=subjects(),
            weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found))),
        ),
    ]
    return st.one_of(*found, bands()) if late else st.one_of(*found)


@cache
def phrases(*, late: bool = False, terms: tuple[str, ...] = ()) -> st.SearchStrategy[m.Condition]:
    """Conditions that fit into one phrase."""
    single = single_conditions(late=late)
    if terms:
        single = st.one_of(single, st.builds(m.Term, name=st.sampled_from(terms), negated=st.booleans()))
    several = st.lists(single, min_size=2, max_size=3).map(lambda parts: m.AllOf(parts=tuple(parts)))
    return st.one_of(single, single, several)


@cache
def conditions(*, late: bool = False, terms: tuple[str, ...] = ()) -> st.SearchStrategy[m.Condition]:
    """Conditions of any depth."""

    def lists(inner: st.SearchStrategy[m.Condition]) -> st.SearchStrategy[m.Condition]:
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            parts.map(lambda found: m.AnyOf(parts=found)),
            parts.map(lambda found: m.NoneOf(parts=found)),
            parts.map(lambda found: m.AllOf(parts=found)),
        )

    return st.recursive(phrases(late=late, terms=terms), lists, max_leaves=6)


@cache
def choices(
    value: st.SearchStrategy[Any], *, late: bool = False, terms: tuple[str, ...] = ()
) -> st.SearchStrategy[m.Choice[Any]]:
    """One value, or some with conditions and perhaps a last one without."""
    line = st.builds(m.Option, value=value, condition=phrases(late=late, terms=terms))
    last = st.builds(m.Option, value=value)
    several = st.tuples(st.lists(line, min_size=1, max_size=3), maybe(last))
    return st.one_of(
        last.map(lambda only: (only,)),
        several.map(lambda found: (*found[0], *(() if found[1] is None else (found[1],)))),
    )


# --- amounts --------------------------------------------------------------------------------------------

figures = st.one_of(
    st.integers(1, 999).map(Fraction),
    st.sampled_from(("people", "journeys")),
    st.integers(1, 99).map(lambda n: Fraction(n, 4)),
)
percentages = st.one_of(
    st.sampled_from((Fraction(25), Fraction(25, 2), Fraction(100), Fraction(1, 8))), st.just("share")
)


@cache
def parts() -> st.SearchStrategy[m.Part]:
    """Sums of money of any depth."""
    single: st.SearchStrategy[m.Part] = st.one_of(
        st.builds(m.Sum, pounds=pounds), st.builds(m.Named, name=st.sampled_from(("fare", "daily-rate")))
    )

    def wider(inner: st.SearchStrategy[m.Part]) -> st.SearchStrategy[m.Part]:
        undivided = inner.filter(lambda part: not isinstance(part, m.Divided))
        pair = st.tuples(inner, inner)
        return st.one_of(
            st.builds(m.Share, of=undivided, percent=percentages),
            st.builds(m.Times, part=undivided, times=figures),
            st.builds(m.Divided, part=inner.filter(_ends_undivided), by=figures),
            pair.map(lambda both: m.GreaterOf(parts=both)),
            pair.map(lambda both: m.LesserOf(parts=both)),
        )

    return st.recursive(single, wider, max_leaves=4)


def _ends_undivided(part: m.Part) -> bool:
    """Whether “divided by” after this sum belongs to the whole of it: not after “the greater of A and B”."""
    return not isinstance(part, m.GreaterOf | m.LesserOf) and (
        _ends_undivided(part.of)
        if isinstance(part, m.Share)
        else not isinstance(part, m.Times) or _ends_undivided(part.part)
    )


@cache
@st.composite
def steps(draw: st.DrawFn) -> m.Step:
    """So much for each period."""
    unit = draw(st.one_of(lateness_units, st.just(m.Unit.WEEK)))
    period = m.Period(count=draw(st.integers(1, 24)), unit=unit, or_part=draw(st.booleans()))
    return m.Step(part=draw(parts()), period=period, skip=draw(st.integers(0, 3)), most=draw(maybe(st.integers(1, 9))))


@cache
@st.composite
def amounts(draw: st.DrawFn) -> m.Amount:
    """A whole sum."""
    first = draw(maybe(parts()))
    return m.Amount(
        first=first,
        steps=tuple(draw(st.lists(steps(), min_size=0 if first else 1, max_size=2))),
        floor=draw(maybe(parts())),
        cap=draw(maybe(parts())),
    )


# --- remedies -------------------------------------------------------------------------------------------

spans = st.one_of(
    days_of_year.map(lambda day: m.Span(count=1, unit=m.Unit.YEAR, year_from=day)),
    st.builds(
        m.Span,
        count=st.integers(1, 40),
        unit=st.sampled_from((m.Unit.CALENDAR_DAY, m.Unit.WEEK, m.Unit.MONTH, m.Unit.YEAR)),
    ),
)
repeats = st.builds(
    m.Repeated, nth=st.integers(1, 30), which=st.sampled_from(list(m.Which)), span=spans, fact=maybe(facts)
)
ceilings = st.one_of(
    st.builds(m.Ceiling, span=spans, payments=st.integers(1, 9)), st.builds(m.Ceiling, span=spans, pounds=pounds)
)
_PAYING = (m.Remedying.MONEY, m.Remedying.VOUCHER, m.Remedying.CHARGE)


@cache
@st.composite
def remedies(draw: st.DrawFn, *, terms: tuple[str, ...] = (), inside: bool = False) -> m.Remedy:
    """One remedy of any kind."""
    kind = draw(st.sampled_from([kind for kind in m.Remedying if not (inside and kind is m.Remedying.CHOICE)]))
    paying, choosing, adding = kind in _PAYING, kind is m.Remedying.CHOICE, kind is m.Remedying.DISCRETION
    route = draw(st.sampled_from(list(m.Route)))
    shared: dict[str, Callable[[], Any]] = {
        "condition": lambda: draw(maybe(conditions(late=True, terms=terms))),
        "extinguished": lambda: draw(maybe(conditions(late=True, terms=terms))),
        "within": lambda: draw(maybe(limits(moment=True))),
        "done": lambda: draw(maybe(facts)),
        "if_late": lambda: draw(maybe(choices(amounts(), late=True, terms=terms), ())),
        "repeated": lambda: draw(maybe(repeats)),
        "ceilings": lambda: tuple(draw(st.lists(ceilings, max_size=2))),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(shared)), max_size=3))
    return m.Remedy(
        kind=kind,
        words="" if paying or choosing or adding else draw(maybe(TEXTS, "")),
        amount=draw(choices(amounts(), late=True, terms=terms)) if paying else (),
        choices=tuple(draw(st.lists(remedies(terms=terms, inside=True), min_size=1, max_size=2))) if choosing else (),
        instead=tuple(draw(st.lists(TEXTS, max_size=2))),
        most=draw(pounds) if adding else None,
        route=route,
        claim_within=draw(maybe(limits(moment=True))) if route is m.Route.CLAIM else None,
        evidence=draw(maybe(TEXTS, "")),
        payer=draw(maybe(TEXTS, "")),
        by_whom=draw(maybe(TEXTS, "")),
        settled=draw(maybe(TEXTS, "")),
        set_off=draw(maybe(TEXTS, "")),
        **{name: shared[name]() for name in sorted(chosen)},
    )


# --- standards and pledges ------------------------------------------------------------------------------


@cache
def fact_lists() -> st.SearchStrategy[m.Facts]:
    """One fact, the first of several, or all of several."""
    names = st.lists(facts, min_size=1, max_size=3, unique=True).map(tuple)
    return st.tuples(names, st.sampled_from(list(m.Together))).map(
        lambda found: m.Facts(names=found[0], together=found[1] if len(found[0]) > 1 else m.Together.FIRST)
    )


@cache
@st.composite
def exclusions(draw: st.DrawFn, *, terms: tuple[str, ...]) -> m.Exclusion:
    """A reason."""
    return m.Exclusion(
        condition=draw(conditions(terms=terms)),
        because=draw(maybe(TEXTS, "")),
        evidence=draw(maybe(TEXTS, "")),
        decided_by=draw(maybe(TEXTS, "")),
    )


@cache
@st.composite
def extensions(draw: st.DrawFn, *, terms: tuple[str, ...]) -> m.Extension:
    """A longer limit, or so much more."""
    to = draw(maybe(choices(limits(), terms=terms), ()))
    return m.Extension(
        fact=draw(facts),
        to=to,
        by=None if to else draw(lengths()),
        times=draw(st.integers(1, 5)),
        because=draw(maybe(TEXTS, "")),
    )


pauses = st.builds(m.Pause, opens=facts, closes=facts, because=maybe(TEXTS, ""))
calendar_names = st.one_of(
    st.just({m.Unit.WORKING_DAY: "busy", m.Unit.SCHOOL_DAY: "busy", m.Unit.SERVICE_HOUR: "busy"}),
    st.just({m.Unit.WORKING_DAY: "busy", m.Unit.SCHOOL_DAY: "quiet", m.Unit.SERVICE_HOUR: "own-hours"}),
)


@cache
@st.composite
def standards(draw: st.DrawFn, name: str, earlier: tuple[str, ...], terms: tuple[str, ...]) -> m.Standard:
    """One standard; it may wait for those before it."""
    nth = draw(maybe(st.integers(2, 5)))
    start = m.Start(
        facts=draw(fact_lists()),
        or_when_runs_out=draw(maybe(st.sampled_from(earlier))) if earlier else None,
        after_missing=draw(maybe(st.sampled_from(earlier))) if earlier else None,
        nth=nth or 1,
        nth_within=draw(spans) if nth else None,
    )
    return m.Standard(
        name=name,
        says=draw(maybe(TEXTS, "")),
        made_by=draw(maybe(TEXTS, "")),
        only_for=draw(maybe(conditions(terms=terms))),
        start=start,
        finish=draw(fact_lists()),
        early_counts=draw(st.booleans()),
        within=draw(choices(limits(), terms=terms)),
        calendars=draw(calendar_names),
        short_months=draw(st.sampled_from(("last day", "first of the next month"))),
        roll_forward=draw(st.booleans()),
        cut_off=draw(maybe(seconds_of_day)),
        closed_start=draw(st.booleans()),
        first_day_counts=draw(st.booleans()),
        version_by_own_start=draw(st.booleans()),
        late_from=draw(maybe(limits(moment=True))),
        pauses=tuple(draw(st.lists(pauses, max_size=2))),
        extensions=tuple(draw(st.lists(extensions(terms=terms), max_size=2))),
        void=tuple(draw(st.lists(exclusions(terms=terms), max_size=2))),
        excused=tuple(draw(st.lists(exclusions(terms=terms), max_size=2))),
        noted=tuple(draw(st.lists(facts, max_size=2, unique=True))),
        remedies=tuple(draw(st.lists(remedies(terms=terms), max_size=3))),
        at_least_as_good_as=draw(maybe(st.just("collect"), "")),
    )


@cache
@st.composite
def some_standards(draw: st.DrawFn, terms: tuple[str, ...]) -> tuple[m.Standard, ...]:
    """One to three standards."""
    names = NAMES[: draw(st.integers(1, 3))]
    return tuple(draw(standards(name, names[:index], terms)) for index, name in enumerate(names))


@cache
@st.composite
def versions(draw: st.DrawFn, terms: tuple[str, ...]) -> tuple[m.Version, ...]:
    """Periods one after another, perhaps with standards of their own."""
    edges = sorted(draw(st.lists(dates, min_size=2, max_size=4, unique=True)))
    found = []
    for index, first in enumerate(edges[:-1]):
        last = edges[index + 1] - timedelta(1)
        found.append(
            m.Version(
                name=draw(st.sampled_from((f"from {first}", f"the {index + 1}. version"))),
                first=first,
                last=last if index < len(edges) - 2 or draw(st.booleans()) else None,
                source=draw(maybe(TEXTS, "")),
                standards=draw(maybe(some_standards(terms), ())),
            )
        )
    return tuple(found)


@cache
@st.composite
def examples_of(draw: st.DrawFn, names: tuple[str, ...]) -> m.Example:
    """A test case, which need not come out."""
    instants = st.datetimes(_day(2024, 1, 1), _day(2028, 1, 1), timezones=st.just(UTC)).map(
        lambda at: at.replace(microsecond=0)
    )
    fact = st.builds(m.ExampleFact, name=facts, at=instants, recorded_at=maybe(instants))
    cases = tuple(
        m.ExampleCase(
            name=name,
            details=draw(st.dictionaries(st.sampled_from(list(DETAILS)), TEXTS, max_size=3)),
            facts=tuple(sorted(draw(st.lists(fact, max_size=3)), key=lambda each: FACTS.index(each.name))),
        )
        for name in draw(st.lists(st.sampled_from(("first", "a/b", "case 3")), min_size=1, max_size=2, unique=True))
    )
    wanted = draw(
        st.lists(st.sampled_from([(case.name, name) for case in cases for name in names]), max_size=2, unique=True)
    )
    return m.Example(
        name=draw(TEXTS),
        as_of=draw(instants),
        cases=cases,
        expected=tuple(
            m.Expected(
                standard=name,
                case=case,
                status=draw(st.sampled_from(("kept", "broken", "unknown", "left out"))),
                due=draw(maybe(instants)),
                owed=draw(maybe(pounds)),
            )
            for case, name in wanted
        ),
    )


@cache
@st.composite
def pledges(draw: st.DrawFn, *, examples: bool = True) -> m.Pledge:
    """A pledge that can be written down, with any construct of the language; it need not make sense as a whole."""
    terms: dict[str, m.Condition] = {}
    for name in ("big-fault", "winter")[: draw(st.integers(0, 2))]:
        terms[name] = draw(conditions(terms=tuple(terms)))
    shared = draw(some_standards(tuple(terms)))
    names = tuple(standard.name for standard in shared)
    return m.Pledge(
        name=draw(st.sampled_from(("p", "missed-bin", "A_1"))),
        title=draw(TEXTS),
        provider=draw(maybe(TEXTS, "")),
        about=draw(maybe(TEXTS, "")),
        basis=draw(st.sampled_from(("", "statutory", "regulatory", "voluntary"))),
        source=draw(maybe(TEXTS, "")),
        owner=draw(maybe(TEXTS, "")),
        review=draw(maybe(dates)),
        told_every=draw(maybe(TEXTS, "")),
        published=tuple(draw(st.lists(st.builds(m.Published, where=TEXTS, evidence=maybe(TEXTS, "")), max_size=2))),
        zone=draw(st.sampled_from(ZONES)),
        subject=draw(st.sampled_from(("", "account"))),
        facts={name: draw(TEXTS) for name in FACTS},
        details=DETAILS,
        rates=RATES,
        terms=terms,
        calendars={"own-hours": replace(BUSY, name="own-hours")},
        versions=draw(maybe(versions(tuple(terms)), ())),
        standards=shared,
        paid_once=(names[:2],) if len(names) > 1 and draw(st.booleans()) else (),
        examples=tuple(draw(st.lists(examples_of(names), max_size=2))) if examples else (),
    )


# --- cases ----------------------------------------------------------------------------------------------


@cache
def detail_texts(detail: m.Detail) -> st.SearchStrategy[str]:
    """Values of a detail as a case may hold them, some of them of no use."""
    fitting: dict[m.Kind, st.SearchStrategy[str]] = {
        m.Kind.TEXT: st.sampled_from(("none", "10", "not", "elsewhere")),
        m.Kind.YES_NO: st.sampled_from(("yes", "no")),
        m.Kind.CHOICE: st.sampled_from(detail.values or ("",)),
        m.Kind.NUMBER: st.one_of(st.integers(0, 12_000).map(str), st.sampled_from(("0.5", "-3", "4999.99"))),
        m.Kind.MONEY: st.one_of(st.integers(0, 900_00).map(lambda n: f"{n / 100:.2f}"), st.just("£1,000")),
        m.Kind.DATE: dates.map(str),
        m.Kind.INSTANT: st.datetimes(_day(2025, 1, 1), _day(2027, 1, 1)).map(
            lambda at: at.replace(microsecond=0, tzinfo=UTC).isoformat()
        ),
    }
    return st.one_of(fitting[detail.kind], fitting[detail.kind], st.sampled_from(("", "?")))


@st.composite
def cases_for(draw: st.DrawFn, pledge: m.Pledge, name: str = "1") -> Case:
    """A case of a pledge: details given or missing, facts repeated, simultaneous, out of order, known late."""
    begin = draw(st.datetimes(_day(2025, 10, 1), _day(2026, 11, 1), timezones=st.just(UTC)))
    begin = begin.replace(microsecond=0)
    after = st.one_of(
        st.integers(-5, 60).map(lambda days: timedelta(days=days)),
        st.integers(-3_600, 200_000).map(lambda seconds: timedelta(seconds=seconds)),
        st.sampled_from((timedelta(0), timedelta(hours=1), timedelta(days=1))),
    )
    found = [
        Fact(name=fact, at=begin + draw(after), recorded_at=draw(maybe(st.just(begin + draw(after)))))
        for fact in draw(st.lists(st.sampled_from(list(pledge.facts)), max_size=8))
    ]
    details = {each.name: draw(detail_texts(each)) for each in pledge.details.values() if draw(st.integers(0, 9)) > 0}
    return Case(id=name, details=details, facts=found)
