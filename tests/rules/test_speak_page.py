"""The page of a promise says all that the promise says, in words that people read with ease."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from makegood import schemes
from makegood.rules import Case, Fact, Pledge, evaluate, read_pledge
from makegood.rules.language import model as m
from makegood.rules.money import say_money
from makegood.rules.speak import ENGLISH, explain
from makegood.rules.working_time import zone_named
from makegood.schemes import CALENDARS
from tests.rules.speaking import THURSDAY, everything, shipped_pages

ALL = [everything(), *map(schemes.load, schemes.scheme_names())]


def page_of(pledge: Pledge, day: date = THURSDAY) -> str:
    """The page as one line of text."""
    return " ".join(explain(pledge, CALENDARS, example_day=day, form="markdown").replace("\\", "").split())


def small(standard: str, top: str = "") -> Pledge:
    """A pledge of one standard, from the lines of both."""
    head = "pledge: p\ntitle: P\ncalendar: england-and-wales\n"
    head += "facts: {asked: you ask, answered: we answer, moved: you move, paid: we pay}\n"
    lines = ["when: asked", "we will: answered", *standard.strip().split("\n")]
    text = head + top + "standards:\n  s:\n" + "".join(f"    {line}\n" for line in lines)
    return read_pledge(text, calendars=CALENDARS)


def values(thing: Any) -> Iterator[Any]:
    """Every value inside a typed pledge, examples left out."""
    yield thing
    if isinstance(thing, m.Example):
        return
    if is_dataclass(thing) and not isinstance(thing, type) and type(thing).__module__ == m.__name__:
        for field in fields(thing):
            yield from values(getattr(thing, field.name))
    elif isinstance(thing, dict):
        for item in thing.values():
            yield from values(item)
    elif isinstance(thing, tuple):
        for item in thing:
            yield from values(item)


# --- nothing is left out -------------------------------------------------------------------------------


@pytest.mark.parametrize("pledge", ALL, ids=lambda pledge: pledge.name)
def test_every_sum_share_and_length_of_a_pledge_is_on_its_page(pledge: Pledge) -> None:
    page = page_of(pledge)
    for value in values(pledge):
        match value:
            case m.Sum():
                assert say_money(value.pounds) in page
            case m.Share(percent=Fraction() as percent):
                assert f"{float(percent):g}% of" in page
            case m.Within(count=count) if count:
                assert re.search(rf"\b{float(count):g} \w+", page), value
                assert value.by is None or re.search(r"by (\d+(:\d\d)?[ap]m|midday|midnight)", page)
            case m.Late():
                assert str(value.least or (value.most or 0) + 1) in page
            case m.Rate(value=Fraction() as number, kind="money"):
                assert say_money(number) in page
            case _:
                pass


@pytest.mark.parametrize("pledge", ALL, ids=lambda pledge: pledge.name)
def test_every_word_that_a_pledge_has_for_people_is_on_its_page(pledge: Pledge) -> None:
    page = page_of(pledge).lower()
    words = [pledge.title, pledge.provider, pledge.about, pledge.source, pledge.owner]
    for value in values(pledge):
        match value:
            case m.Standard():
                words += [value.says, value.made_by.replace("customer", "")]
            case m.Exclusion():
                words += [value.because, value.evidence, value.decided_by]
            case m.Pause() | m.Extension():
                words += [value.because]
            case m.Remedy():
                words += [value.words, value.evidence, value.payer, value.by_whom, value.settled, value.set_off]
                words += value.instead
            case m.Published():
                words += [value.where, value.evidence]
            case m.Version() | m.Rate():
                words += [value.source]
            case _:
                pass
    for said in words:
        assert " ".join(said.split()).rstrip(".").lower() in page, said


@pytest.mark.parametrize("pledge", ALL, ids=lambda pledge: pledge.name)
def test_every_fact_that_starts_stops_or_moves_a_clock_is_told_in_its_own_words(pledge: Pledge) -> None:
    page = page_of(pledge).lower()
    for value in values(pledge):
        names: tuple[str, ...] = ()
        match value:
            case m.Facts():
                names = value.names
            case m.Pause():
                names = (value.opens, value.closes)
            case m.Extension():
                names = (value.fact,)
            case m.Standard():
                names = value.noted
            case _:
                pass
        for name in names:
            assert pledge.facts[name].lower() in page


def test_a_page_shows_no_names_of_the_language() -> None:
    for name, page in shipped_pages():
        pledge = schemes.load(name)
        underscored = [each for each in [*pledge.facts, *pledge.details] if "_" in each]
        assert not [each for each in underscored if each in page]


# --- worked examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["missed-bin", "ofcom-delayed-repair", "foi", "complaint-lgsco"])
@pytest.mark.parametrize("days", [0, 1, 2, 214])
def test_the_deadline_of_the_example_is_the_one_that_a_case_gets(name: str, days: int) -> None:
    pledge, day = schemes.load(name), THURSDAY + timedelta(days=days)
    standard = pledge.standards[0]
    zone = zone_named(pledge.zone)
    at = zone.datetime(
        zone.instant(day.toordinal() * 86_400 - date(1970, 1, 1).toordinal() * 86_400 + 36_000, later=False)
    )
    details = {"bin_problem": "none", "collection_date": str(day), "severe_weather": "no"}
    case = Case(id="1", details=details, facts=[Fact(name=standard.start.facts.names[0], at=at)])
    due = evaluate(pledge, case, as_of=at, calendars=CALENDARS)[0].due_at
    assert due is not None
    said = f"{due.day} {ENGLISH.say(f'month.{due.month}')} {due.year}"
    found = re.search(r"Then the deadline is (.*?)\. ", page_of(pledge, day))
    assert found
    assert said in found[1]


def test_the_example_names_the_days_that_do_not_count_and_why() -> None:
    page = page_of(schemes.load("missed-bin"))
    assert "Then the deadline is 6pm on Tuesday 26 May 2026." in page
    assert "Saturday 23 to Monday 25 May do not count: weekend and Spring bank holiday." in page


def test_a_day_beyond_the_calendar_has_no_example_and_says_so() -> None:
    page = page_of(schemes.load("missed-bin"), date(2028, 12, 29))
    assert "We cannot give an example for Friday 29 December 2028." in page


def test_sums_of_the_page_are_those_of_its_day() -> None:
    scheme = schemes.load("ofcom-delayed-repair")
    assert "the daily rate (£10.34 on 21 May 2026) for each full day" in page_of(scheme)
    assert "the daily rate (£9.76 on 3 March 2025) for each full day" in page_of(scheme, date(2025, 3, 3))
    between = page_of(scheme, date(2025, 6, 2))
    assert "No rules are in force on Monday 2 June 2025." in between
    assert "You get the daily rate for each full day." in between


def test_rules_of_another_time_stand_under_a_heading_of_their_own() -> None:
    page = page_of(everything())
    assert "## Other rules: old (until 31 March 2026)" in page
    assert "## Other rules: new" in page_of(everything(), date(2026, 3, 2))


# --- how it is said ------------------------------------------------------------------------------------


def test_bands_are_a_table_with_a_column_for_each_thing_that_decides() -> None:
    page = explain(schemes.load("delay-repay"), CALENDARS, example_day=THURSDAY, form="markdown")
    assert "| How late it is | The kind of ticket | You get |" in page
    assert "| 30 to 59 minutes | single | 50% of what you paid for it |" in page
    assert "| 120 minutes or more | single or return | 100% of what you paid for it |" in page


def test_usually_people_need_to_do_nothing() -> None:
    assert "Once the clock has started: nothing." in page_of(schemes.load("storm-power-cut"))
    claim = page_of(schemes.load("delay-repay"))
    assert "Ask us for the money within 28 calendar days" in claim
    assert "Please show us this: the ticket." in claim
    assert "nothing. What we owe" not in claim


def test_a_duty_of_the_customer_stands_apart() -> None:
    page = page_of(schemes.load("missed-visit"))
    promise, duty = page.split("## Your part")
    assert "You let us in" not in promise
    assert "You pay £100." in duty


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("within: 2 working days, by 12:00", "Time limit: within 2 working days, by midday."),
        ("within: 1 calendar day", "Time limit: within 1 calendar day."),
        ("within: less than 90 minutes", "Time limit: in less than 90 minutes."),
        ("within: 1.5 hours after moved", "Time limit: within 1.5 hours after you move."),
        ("within: 2 weeks before day", "Time limit: at least 2 weeks before the day we agreed."),
        ("within: between 00:00 and 12:30 on day", "Time limit: between midnight and 12:30pm on the day we agreed."),
        ("within: the end of day", "Time limit: by the end of the day we agreed."),
        ("within: 08:55 on day", "Time limit: by 8:55am on the day we agreed."),
        (
            "within: the earlier of 2 hours and moved",
            "within 2 hours, or by the time when you move, whichever is sooner",
        ),
        ("within: 1 hour\nif we do not: [{pay: £9.90}]", "You get £9.90."),
        ("within: 1 hour\nif we do not: [{pay: 50% of fare}]", "You get 50% of what you paid."),
        (
            "within: 1 hour\nif we do not: [{pay: £1 for each 2 weeks or part}]",
            "You get £1 for each 2 weeks or part of it.",
        ),
        (
            "within: 1 hour\nvoid if: [moved from 1 November to 30 April]",
            "You move on a day from 1 November to 30 April.",
        ),
        ("within: 1 hour\nvoid if: [moved on a sunday]", "You move on a Sunday."),
        ("within: 1 hour\nvoid if: [kind is not a]", "It is “b” or “c” (the kind)."),
        ("within: 1 hour\nvoid if: fare at least £1,000", "It is £1,000 or more (what you paid)."),
        ("within: 1 hour\nvoid if: [not bad]", "It is not so that the weather was bad."),
        ("within: 1 hour\nvoid if: [moved before the start]", "You move before the time when you ask."),
    ],
)
def test_a_phrase_of_the_language_is_said_as_people_say_it(line: str, said: str) -> None:
    details = "details: {day: {is: date, says: the day we agreed}, fare: {is: money, says: what you paid}, "
    details += "kind: {is: 'one of a1, b, c', says: the kind}, bad: {is: yes or no, says: the weather was bad}}\n"
    assert said in page_of(small(line.replace("is not a", "is not a1"), details))


# --- how easy it is to read ----------------------------------------------------------------------------


def syllables(word: str) -> int:
    """An estimate that errs upwards: groups of vowels, a silent e at the end left out."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", letters))
    return max(groups - (letters.endswith("e") and not letters.endswith("le")), 1)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade; a heading, an item or a row of a table ends a sentence as a full stop does."""
    sentences = [part for part in re.split(r"[.!?]\s+|\n\s*\n|\n(?=\s*- )", text) if re.search(r"\w", part)]
    words = re.findall(r"[\w£][\w'’,.%£-]*", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("name", schemes.scheme_names())
def test_a_page_can_be_read_by_a_fourteen_year_old(name: str) -> None:
    page = explain(schemes.load(name), CALENDARS, example_day=THURSDAY)
    assert grade(page) <= 9


def test_the_fixed_phrases_can_be_read_by_a_twelve_year_old() -> None:
    said = [
        form
        for phrase in ENGLISH.phrases.values()
        for form in ([phrase] if isinstance(phrase, str) else phrase.values())
    ]
    sentences = [re.sub(r"\{\w+\}", "this thing", form) for form in said if form.endswith(".") and " " in form]
    assert len(sentences) > 100
    assert grade("\n\n".join(sentences)) <= 7


def test_the_grade_of_a_known_sentence_is_right() -> None:
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45, abs=0.01)
    assert grade("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.") > 11
