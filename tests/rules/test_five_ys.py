"""The five Ys: stars from what a promise commits to, each with its reason, and never from how it is worded."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from string import Formatter
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import Pledge, read_pledge
from makegood.rules.five_ys import ENGLISH, Criterion, Raise, Reason, Scores, say_scores, score, scores_data
from makegood.rules.five_ys import thresholds as table
from makegood.rules.language import model as m
from makegood.schemes import CALENDARS, load, scheme_names

SCHEMES = scheme_names()
WORDS = frozenset({
    "title", "provider", "about", "source", "owner", "told_every", "says", "made_by", "because", "evidence",
    "decided_by", "words", "payer", "by_whom", "settled", "set_off", "where", "instead",
})  # fmt: skip


def stars(pledge: Pledge, criterion: str, **evidence: str) -> int | None:
    return score(pledge, evidence=evidence).stars[criterion]


def at_least(better: int | None, worse: int | None) -> bool:
    """Not lower, where unknown is lower than any star."""
    return (better or 0) >= (worse or 0)


def promise(remedies: str, *, rules: str = "within: 2 working days", head: str = "") -> Pledge:
    """A pledge with one standard and these remedies."""
    text = f"""
pledge: p
title: P
calendar: england-and-wales
short months: last day
{head}
facts: {{asked: you ask, done: we do it, stuck: we cannot work, paid: we pay}}
details: {{storm: yes or no, kind: "one of a, b, c, d"}}
standards:
  s: {{when: asked, we will: done, {rules}, if we do not: {remedies}}}
"""
    return read_pledge(text, calendars=CALENDARS)


# --- the review's own comparison ---------------------------------------------------------------------


def test_the_supermarket_of_the_review_beats_its_trains_on_four_lines_and_not_on_flexibility() -> None:
    van, train = score(load("supermarket-2008")).stars, score(load("train-2008")).stars
    for line in ("transparency", "simplicity", "speed", "ease"):
        assert van[line] > train[line], line  # type: ignore[operator]  # an unknown would fail, and should
    assert van["flexibility"] == train["flexibility"] == 1
    assert [van[line] for line in ("transparency", "simplicity", "speed", "ease")] == [5, 5, 5, 5]


# --- reasons -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMES)
def test_every_star_has_a_reason_and_the_stars_of_the_reasons_add_up(name: str) -> None:
    scores = score(load(name))
    assert [rating.criterion for rating in scores.ratings] == list(Criterion)
    for rating in scores.ratings:
        assert rating.reasons
        assert rating.stars is None or 1 <= rating.stars <= table.MOST_STARS
        assert rating.stars is None or rating.stars == sum(reason.stars for reason in rating.reasons)
        assert rating.raises or rating.stars == table.MOST_STARS


@pytest.mark.parametrize("name", SCHEMES)
def test_scores_are_said_with_stars_reasons_and_what_would_raise_them(name: str) -> None:
    scores = score(load(name))
    data = scores_data(scores)
    text, markdown = say_scores(scores), say_scores(scores, "markdown")
    for rating, said in zip(scores.ratings, data["ratings"], strict=True):
        drawn = "unknown" if rating.stars is None else "★" * rating.stars + "☆" * (5 - rating.stars)
        assert drawn in text
        assert drawn in markdown
        assert rating.stars is None or f"{rating.stars} of 5" in text
        for each in (*said["reasons"], *said["raise"]):
            assert each["words"] in text
            assert each["words"] in markdown
    assert json.loads(say_scores(scores, "json")) == data


def test_another_language_needs_only_another_catalogue() -> None:
    shouted = {key: text.upper() if "{" not in text else text for key, text in ENGLISH.items()}
    shouted["name.speed"] = "Cyflymder"
    assert "Cyflymder" in say_scores(score(load("foi")), words=shouted)


def test_every_message_that_is_given_has_words_and_the_words_use_only_its_values() -> None:
    given_ids = set()
    for name in SCHEMES:
        for rating in score(load(name)).ratings:
            messages: list[Reason | Raise] = [*rating.reasons, *rating.raises]
            for message in messages:
                given_ids.add(message.id)
                used = {field for _, field, _, _ in Formatter().parse(ENGLISH[message.id]) if field}
                assert used <= message.values.keys()
    assert len(given_ids) > 25


# --- transparency ------------------------------------------------------------------------------------

PUBLISHED = "published: [on the notice board]"


def test_a_claim_to_be_published_is_unknown_until_there_is_evidence() -> None:
    pledge = promise("[{pay: £5}]", head=f"{PUBLISHED}\nsource: the policy")
    assert stars(pledge, "transparency") is None
    shown = score(pledge, evidence={"on the notice board": "a photograph of 3 May 2026"})
    assert shown.stars["transparency"] == 4
    assert stars(pledge, "transparency", elsewhere="a photograph") is None
    assert score(pledge, evidence={"on the notice board": " "}).stars["transparency"] is None


def test_evidence_in_the_pledge_counts_as_well() -> None:
    head = "published: [{where: on the van, evidence: a photograph}]\nsource: the policy"
    assert stars(promise("[{pay: £5}]", head=head), "transparency") == 4


def test_a_promise_that_nobody_can_find_has_one_star_and_two_when_people_are_told() -> None:
    assert stars(promise("[{pay: £5}]"), "transparency") == 1
    assert stars(promise("[{pay: £5}]", head="told every: year"), "transparency") == 2


def test_telling_customers_and_naming_the_source_make_a_short_published_promise_five_stars() -> None:
    head = "published: [{where: on the van, evidence: a photograph}]\ntold every: visit\n"
    assert stars(promise("[{pay: £5}]", head=head), "transparency") == 4
    assert stars(promise("[{pay: £5}]", head=head + "source: the policy"), "transparency") == 5


def test_a_long_promise_is_less_transparent_where_it_stands() -> None:
    head = "published: [{where: on the van, evidence: a photograph}]\nsource: the policy"
    bands = "[{pay: [£1 if kind is a, £2 if kind is b, £3 if kind is c, £4 otherwise]}]"
    assert stars(promise(bands, head=head), "transparency") == 3
    longer = "void if: [storm, kind is a, kind is b], within: 2 working days"
    assert stars(promise(bands, rules=longer, head=head), "transparency") == 2


# --- simplicity --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remedies", "rules", "expected"),
    [
        ("[{pay: £5}]", "within: 2 working days", 5),
        ("[{pay: £5}]", "within: 2 working days, excused if: [storm]", 5),
        ("[{pay: £5}]", "within: 2 working days, excused if: [storm, kind is a]", 4),
        ("[{pay: [£5 if storm, £9 otherwise]}]", "within: 2 working days", 4),
        (
            "[{pay: '£5, then £2 for each full calendar day, at most £50'}]",
            "within: 2 working days, void if: [storm]",
            4,
        ),
        ("[{pay: [£1 if kind is a, £2 if kind is b, £3 otherwise]}]", "within: 2 working days, void if: [storm]", 3),
        (
            "[{pay: [£1 if kind is a, £2 if kind is b, £3 otherwise]}]",
            "within: [2 hours if kind is a, 3 hours otherwise]",
            3,
        ),
        (
            "[{pay: [£1 if kind is a, £2 if kind is b, £3 otherwise]}]",
            "within: [2 hours if kind is a, 3 hours otherwise], paused: [{from: stuck, until: asked}]",
            2,
        ),
        (
            "[{pay: [£1 if kind is a, £2 if kind is b, £3 otherwise]}]",
            "within: [1 hour if kind is a, 2 hours if kind is b, 3 hours if kind is c, 4 hours if kind is d], "
            "paused: [{from: stuck, until: asked}], void if: [storm, kind is a]",
            1,
        ),
    ],
)
def test_simplicity_counts_what_one_has_to_understand(remedies: str, rules: str, expected: int) -> None:
    assert stars(promise(remedies, rules=rules), "simplicity") == expected


# --- speed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remedy", "expected"),
    [
        ("pay: £5, within: 0 minutes", 5),
        ("pay: £5, within: 1 hour", 5),
        ("pay: £5, within: 61 minutes", 4),
        ("pay: £5, within: 3 calendar days", 4),
        ("pay: £5, within: 10 working days", 3),
        ("pay: £5, within: 5 weeks", 2),
        ("pay: £5, within: 36 calendar days", 1),
        ("pay: £5, within: 3 calendar days, route: claim", 3),
        ("pay: £5, within: 2 months, route: claim", 1),
        ("pay: £5, within: the later of 1 hour and 5 weeks", 2),
        ("pay: £5, within: the earlier of 1 hour and 5 weeks", 5),
        ("pay: £5", None),
        ("pay: £5, within: paid", None),
        ("deem: you have won", 5),
        ("charge: £5", None),
    ],
)
def test_speed_is_the_time_from_the_breach_to_the_remedy(remedy: str, expected: int | None) -> None:
    assert stars(promise(f"[{{{remedy}}}]"), "speed") == expected


def test_a_remedy_without_a_deadline_makes_the_speed_unknown_and_is_named() -> None:
    rating = score(promise("[{pay: £5, within: 1 hour}, {give: six stamps}]"))[Criterion.SPEED]
    assert rating.stars is None
    assert rating.reasons[0].values == {"standard": "s", "remedy": "give"}


def test_an_apology_needs_a_deadline_only_where_it_is_all_that_comes() -> None:
    assert stars(promise("[apologise, {pay: £5, within: 1 hour}]"), "speed") == 5
    assert stars(promise("[apologise]"), "speed") is None
    assert stars(promise("[{apologise: in person, within: 1 working day}]"), "speed") == 4


def test_a_deadline_that_is_a_dated_rate_counts_as_it_is_now() -> None:
    head = "rates: {payday: [{is: 30 working days, until: 2026-03-31}, {is: 1 calendar day, from: 2026-04-01}]}"
    assert stars(promise("[{pay: £5, within: payday}]", head=head), "speed") == 4


# --- ease --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remedy", "expected"),
    [
        ("pay: £5", 5),
        ("pay: £5, route: automatic after a report", 4),
        ("pay: £5, route: claim", 3),
        ("pay: £5, route: claim within 3 months", 3),
        ("pay: £5, route: claim within 28 calendar days", 2),
        ("pay: £5, route: claim, evidence: the ticket", 2),
        ("pay: £5, route: claim within 28 calendar days, evidence: the ticket", 1),
        ("pay: £5, evidence: the ticket", 4),
    ],
)
def test_ease_is_what_the_customer_need_not_do(remedy: str, expected: int) -> None:
    assert stars(promise(f"[{{{remedy}}}]"), "ease") == expected


def test_an_excuse_that_the_provider_need_not_prove_costs_a_star() -> None:
    bare = "within: 1 hour, excused if: [storm]"
    proven = "within: 1 hour, excused if: [{if: storm, evidence: a warning}]"
    decided = "within: 1 hour, excused if: [{if: storm, decided by: duty manager}]"
    assert [stars(promise("[{pay: £5}]", rules=rules), "ease") for rules in (bare, proven, decided)] == [4, 5, 5]


def test_everything_that_may_be_chosen_has_to_be_easy() -> None:
    easy = "[{choose from: [{pay: £5}, {give: six stamps}]}]"
    hard = "[{choose from: [{pay: £5}, {give: six stamps, route: claim}]}]"
    assert [stars(promise(each), "ease") for each in (easy, hard)] == [5, 3]


# --- flexibility -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remedies", "expected"),
    [
        ("[{pay: £5}]", 1),
        ("[apologise, {pay: £5}]", 2),
        ("[apologise, explain, {put right: again}, {pay: £5}]", 3),
        ("[{pay: £5, or instead: [a voucher]}]", 2),
        ("[{choose from: [{pay: £5}, {give: six stamps}]}]", 3),
        ("[apologise, explain, {choose from: [{pay: £5}, {give: six stamps}]}, {staff may add: £50}]", 5),
    ],
)
def test_flexibility_is_kinds_of_remedy_choice_and_discretion(remedies: str, expected: int) -> None:
    assert stars(promise(remedies), "flexibility") == expected


# --- the pledge as a whole ---------------------------------------------------------------------------

TWO = """
pledge: p
title: P
facts: {asked: you ask, done: we do it, let_in: you open}
standards:
  good: {when: asked, we will: done, within: 1 hour, if we do not: [apologise, {pay: £5, within: 1 hour}]}
  other: {when: asked, we will: let_in, within: 1 hour, if we do not: [%s]}
"""


def test_the_weakest_standard_decides() -> None:
    scores = score(read_pledge(TWO % "{pay: £5, within: 5 weeks, route: claim}"))
    assert (scores.stars["speed"], scores.stars["ease"], scores.stars["flexibility"]) == (1, 3, 1)
    assert scores[Criterion.EASE].reasons[0].values["standard"] == "other"


def test_a_standard_without_a_remedy_has_one_star_for_what_comes_of_it() -> None:
    scores = score(read_pledge(TWO % ""))
    assert (scores.stars["speed"], scores.stars["ease"], scores.stars["flexibility"]) == (1, 1, 1)
    assert scores[Criterion.SPEED].raises[0].id == "add-remedy"


def test_a_duty_of_the_customer_counts_as_a_rule_and_not_as_a_remedy() -> None:
    scores = score(read_pledge(TWO % "{charge: £100}"))
    assert (scores.stars["simplicity"], scores.stars["speed"], scores.stars["ease"]) == (5, 5, 5)
    assert score(read_pledge(TWO % "{charge: £100}")).ratings[1].reasons[0].values["standards"] == "2"


def test_a_pledge_without_a_promise_to_the_customer_cannot_be_rated() -> None:
    empty = read_pledge("pledge: p\ntitle: P\nfacts: {asked: you ask}\n")
    assert score(empty).stars["speed"] is None


def test_the_latest_version_is_rated() -> None:
    pledge = load("foi")
    slow = promise("[{pay: £5, within: 5 weeks}]").standards
    quick = promise("[{pay: £5, within: 1 hour}]").standards
    versions = (
        m.Version(name="new", first=date(2026, 4, 1), standards=quick),
        m.Version(name="old", last=date(2026, 3, 31), standards=slow),
    )
    assert stars(replace(pledge, versions=versions), "speed") == 5


# --- not the wording ---------------------------------------------------------------------------------


def paraphrased(value: Any, words: bool = False) -> Any:
    """The same value with every free text replaced by other words."""
    if is_dataclass(value) and not isinstance(value, type):
        changes = {each.name: paraphrased(getattr(value, each.name), each.name in WORDS) for each in fields(value)}
        if isinstance(value, Pledge):
            changes |= {"facts": dict.fromkeys(value.facts, "other words"), "title": "Something else"}
        return replace(value, **changes)
    if isinstance(value, str) and type(value) is str and words and value:
        return "quite other words, nothing like the first ones"
    if isinstance(value, tuple):
        return tuple(paraphrased(each, words) for each in value)
    if isinstance(value, dict | MappingProxyType):
        return {key: paraphrased(each) for key, each in value.items()}
    return value


def outline(scores: Scores) -> list[Any]:
    """The scores without the words in them."""
    return [
        (rating.criterion, rating.stars, [(each.id, each.stars) for each in rating.reasons])
        for rating in scores.ratings
    ]


@pytest.mark.parametrize("name", SCHEMES)
def test_ratings_survive_a_paraphrase(name: str) -> None:
    pledge = load(name)
    other = paraphrased(pledge)
    assert other != pledge
    assert other.source != pledge.source
    assert outline(score(other)) == outline(score(pledge))


# --- better promises are never rated lower -----------------------------------------------------------

Change = Callable[[m.Remedy], m.Remedy]

LIMITS = st.builds(
    lambda count, unit: m.Within(count=Fraction(count), unit=unit),
    st.integers(0, 60),
    st.sampled_from([unit for unit in m.Unit if unit not in m.SERVICE]),
)
AMOUNTS = st.integers(1, 50).map(lambda pounds: m.Amount(first=m.Sum(pounds=Fraction(pounds))))
BANDS = st.lists(AMOUNTS, max_size=5).map(lambda sums: tuple(m.Option(value=each) for each in sums))
PLAIN = st.builds(
    lambda kind, **rest: m.Remedy(kind=kind, **rest),
    st.sampled_from([kind for kind in m.Remedying if kind is not m.Remedying.CHOICE]),
    amount=BANDS,
    within=st.none() | LIMITS,
    route=st.sampled_from(list(m.Route)),
    claim_within=st.none() | LIMITS,
    evidence=st.sampled_from(["", "the ticket"]),
    instead=st.sampled_from([(), ("a voucher",)]),
    if_late=BANDS,
)
REMEDIES = PLAIN | st.builds(
    lambda choices, **rest: m.Remedy(kind=m.Remedying.CHOICE, choices=tuple(choices), **rest),
    st.lists(PLAIN, max_size=3),
    within=st.none() | LIMITS,
    route=st.sampled_from(list(m.Route)),
)
FACTS = m.Facts(names=("asked",))
EXCLUSIONS = st.builds(
    lambda evidence, decided: m.Exclusion(condition=m.Happened(fact="stuck"), evidence=evidence, decided_by=decided),
    st.sampled_from(["", "a record"]),
    st.sampled_from(["", "duty manager"]),
)
STANDARDS = st.builds(
    lambda limits, excused, void, remedies: m.Standard(
        name="s",
        start=m.Start(facts=FACTS),
        finish=FACTS,
        within=tuple(m.Option(value=limit) for limit in limits),
        excused=tuple(excused),
        void=tuple(void),
        remedies=tuple(remedies),
    ),
    st.lists(LIMITS, min_size=1, max_size=4),
    st.lists(EXCLUSIONS, max_size=2),
    st.lists(EXCLUSIONS, max_size=2),
    st.lists(REMEDIES, max_size=3),
)
PLACES = st.builds(
    lambda where, evidence: m.Published(where=where, evidence=evidence),
    st.sampled_from(["van", "website", "leaflet"]),
    st.sampled_from(["", "a photograph"]),
)
WRITTEN = st.builds(
    lambda standards, published, told, source: m.Pledge(
        name="p",
        title="P",
        facts={"asked": "", "stuck": ""},
        standards=tuple(replace(each, name=f"s{index}") for index, each in enumerate(standards)),
        published=tuple(published),
        told_every=told,
        source=source,
    ),
    st.lists(STANDARDS, min_size=1, max_size=3),
    st.lists(PLACES, max_size=2),
    st.sampled_from(["", "year"]),
    st.sampled_from(["", "the law"]),
)
PLEDGES = WRITTEN | st.sampled_from(SCHEMES).map(load)


def changed(pledge: Pledge, change: Change, seed: int) -> Pledge:
    """The pledge with one of its remedies changed, be it one to choose from."""
    where = [(s, r) for s, standard in enumerate(pledge.standards) for r in range(len(standard.remedies))]
    if not where:
        return pledge
    place, number = where[seed % len(where)]
    standard = pledge.standards[place]
    remedy = standard.remedies[number]
    inside = seed // len(where)
    if remedy.choices and inside % 2:
        index = inside % len(remedy.choices)
        choices = tuple(change(each) if spot == index else each for spot, each in enumerate(remedy.choices))
        new = replace(remedy, choices=choices)
    else:
        new = change(remedy)
    remedies = tuple(new if spot == number else each for spot, each in enumerate(standard.remedies))
    return with_standard(pledge, place, replace(standard, remedies=remedies))


def with_standard(pledge: Pledge, place: int, standard: m.Standard) -> Pledge:
    standards = tuple(standard if spot == place else each for spot, each in enumerate(pledge.standards))
    return replace(pledge, standards=standards)


SEEDS = st.integers(0, 1_000)


@given(PLEDGES, SEEDS)
def test_making_a_claim_automatic_never_lowers_ease(pledge: Pledge, seed: int) -> None:
    better = changed(pledge, lambda remedy: replace(remedy, route=m.Route.AUTOMATIC, claim_within=None), seed)
    assert at_least(stars(better, "ease"), stars(pledge, "ease"))


@given(PLEDGES, SEEDS)
def test_asking_for_no_proof_never_lowers_ease(pledge: Pledge, seed: int) -> None:
    better = changed(pledge, lambda remedy: replace(remedy, evidence=""), seed)
    assert at_least(stars(better, "ease"), stars(pledge, "ease"))


@given(PLEDGES, SEEDS, st.fractions(0, 1))
def test_shortening_the_deadline_of_a_remedy_never_lowers_speed(pledge: Pledge, seed: int, share: Fraction) -> None:
    def sooner(remedy: m.Remedy) -> m.Remedy:
        if not isinstance(remedy.within, m.Within):
            return remedy
        return replace(remedy, within=replace(remedy.within, count=remedy.within.count * share))

    assert at_least(stars(changed(pledge, sooner, seed), "speed"), stars(pledge, "speed"))


@given(PLEDGES, SEEDS)
def test_adding_a_choice_never_lowers_flexibility(pledge: Pledge, seed: int) -> None:
    def wider(remedy: m.Remedy) -> m.Remedy:
        voucher = m.Remedy(kind=m.Remedying.VOUCHER)
        if remedy.kind is m.Remedying.CHARGE:
            return remedy
        if remedy.kind is m.Remedying.CHOICE:
            return replace(remedy, choices=(*remedy.choices, voucher))
        return m.Remedy(kind=m.Remedying.CHOICE, choices=(remedy, voucher))

    assert at_least(stars(changed(pledge, wider, seed), "flexibility"), stars(pledge, "flexibility"))


@given(PLEDGES, SEEDS)
def test_letting_the_staff_add_something_never_lowers_flexibility(pledge: Pledge, seed: int) -> None:
    place = seed % len(pledge.standards)
    standard = pledge.standards[place]
    added = m.Remedy(kind=m.Remedying.DISCRETION, most=Fraction(50))
    better = with_standard(pledge, place, replace(standard, remedies=(*standard.remedies, added)))
    assert at_least(stars(better, "flexibility"), stars(pledge, "flexibility"))


@given(PLEDGES, SEEDS)
def test_evidence_of_publication_never_lowers_transparency(pledge: Pledge, seed: int) -> None:
    where = [place.where for place in pledge.published]
    shown = {where[seed % len(where)]: "a photograph"} if where else {}
    assert at_least(stars(pledge, "transparency", **shown), stars(pledge, "transparency"))


@given(PLEDGES, SEEDS)
def test_removing_a_band_never_lowers_simplicity_or_transparency(pledge: Pledge, seed: int) -> None:
    better = changed(pledge, lambda remedy: replace(remedy, amount=remedy.amount[1:]), seed)
    assert at_least(stars(better, "simplicity"), stars(pledge, "simplicity"))
    assert at_least(stars(better, "transparency"), stars(pledge, "transparency"))


@given(PLEDGES, SEEDS)
def test_removing_an_excuse_never_lowers_simplicity_or_ease(pledge: Pledge, seed: int) -> None:
    place = seed % len(pledge.standards)
    standard = pledge.standards[place]
    better = with_standard(pledge, place, replace(standard, excused=standard.excused[1:]))
    for criterion in ("simplicity", "ease"):
        assert at_least(stars(better, criterion), stars(pledge, criterion))


@given(PLEDGES)
def test_every_generated_pledge_is_rated_and_said(pledge: Pledge) -> None:
    scores = score(pledge)
    assert len(say_scores(scores).splitlines()) > 10
    assert score(pledge) == scores
    for rating in scores.ratings:
        assert rating.stars is None or rating.stars == sum(reason.stars for reason in rating.reasons)


# --- what would raise a rating does raise it ----------------------------------------------------------


def followed(pledge: Pledge, raise_: Raise) -> Pledge:
    """The pledge with one standard and one remedy, after the advice was followed."""
    (standard,) = pledge.standards
    (remedy,) = standard.remedies
    more = standard.remedies
    match raise_.id:
        case "speed.set-deadline":
            remedy = replace(remedy, within=m.Within(count=Fraction(1), unit=m.Unit.HOUR))
        case "speed.sooner":
            remedy = replace(remedy, within=m.Within(count=Fraction(raise_.values["hours"]), unit=m.Unit.HOUR))
        case "speed.without-claim" | "ease.without-claim" | "ease.without-report":
            remedy = replace(remedy, route=m.Route.AUTOMATIC, claim_within=None)
        case "ease.without-hurry":
            remedy = replace(remedy, claim_within=None)
        case "ease.without-proof":
            remedy = replace(remedy, evidence="")
        case "ease.without-unproven-excuse":
            proven = tuple(replace(each, evidence="a record") for each in standard.excused)
            return replace(pledge, standards=(replace(standard, excused=proven),))
        case "flexibility.offer-choice":
            remedy = replace(remedy, instead=("a voucher",))
        case "flexibility.allow-discretion":
            more = (*more, m.Remedy(kind=m.Remedying.DISCRETION))
            return replace(pledge, standards=(replace(standard, remedies=more),))
        case "flexibility.more-kinds":
            kinds = [m.Remedying.APOLOGY, m.Remedying.EXPLANATION, m.Remedying.ENQUIRY, m.Remedying.SUPPORT]
            more = (*more, *(m.Remedy(kind=kind) for kind in kinds[: int(raise_.values["least"])]))
            return replace(pledge, standards=(replace(standard, remedies=more),))
        case _:
            raise AssertionError(raise_.id)
    return replace(pledge, standards=(replace(standard, remedies=(remedy,)),))


@given(STANDARDS, PLAIN)
def test_each_piece_of_advice_raises_the_rating_by_itself(standard: m.Standard, remedy: m.Remedy) -> None:
    kinds = (m.Remedying.CHARGE, m.Remedying.DISCRETION)
    if remedy.kind in kinds:
        remedy = replace(remedy, kind=m.Remedying.MONEY)
    alone = replace(standard, remedies=(remedy,))
    pledge = m.Pledge(name="p", title="P", facts={"asked": "", "stuck": ""}, standards=(alone,))
    for rating in score(pledge).ratings[2:]:
        for raise_ in rating.raises:
            better = stars(followed(pledge, raise_), rating.criterion)
            assert better is not None
            assert better > (rating.stars or 0), raise_.id


def test_all_that_are_as_bad_as_the_worst_are_named() -> None:
    pledge = promise("[{pay: £5}, {give: six stamps}, {support: a heater, within: 1 hour}]")
    raises = score(pledge)[Criterion.SPEED].raises
    assert [each.values["remedy"] for each in raises] == ["pay", "give"]


# --- the table ---------------------------------------------------------------------------------------


def test_the_thresholds_leave_no_star_out() -> None:
    assert [stars for _, stars in table.SIMPLICITY] == [5, 4, 3, 2]
    assert [stars for _, stars in table.SPEED] == [5, 4, 3, 2]
    for steps in (table.SIMPLICITY, table.SPEED, table.READABLE):
        assert list(steps) == sorted(steps)
    assert table.PUBLISHED + table.READABLE[0][1] + table.TOLD == table.MOST_STARS
    assert 1 + table.KINDS[0][1] + table.CHOICE + table.DISCRETION == table.MOST_STARS
    worst = table.MUST_CLAIM + table.MUST_HURRY + table.MUST_PROVE + table.EXCUSED_WITHOUT_PROOF
    assert table.MOST_STARS - worst <= 1
    assert set(table.HOURS) == set(m.Unit)
