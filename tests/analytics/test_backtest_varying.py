"""A pledge with one thing changed: the change and nothing else, or an error that says what was expected."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from makegood.analytics.varying import CannotVary, current, read_variation, varied
from makegood.rules import Pledge, read_pledge, write_pledge
from makegood.rules.language import model as m
from makegood.schemes import CALENDARS, load

VERSIONS = """
pledge: two-years
title: A promise in two editions
calendar: england-and-wales
facts: {asked: you ask, done: we do it}
details:
  kind: {is: "one of big, small", says: how big}
rates:
  sum: {is: £20, source: the minutes of the meeting}
versions:
  - name: first
    until: 2025-03-31
    standards:
      do-it:
        when: asked
        we will: done
        within: 5 working days, by 18:00
        if we do not:
          - choose from: [{pay: sum}, {give: a day pass}]
  - name: second
    from: 2025-04-01
    standards:
      do-it:
        when: asked
        we will: done
        within: 4 working days
        if we do not:
          - pay: £2 for each working day
"""


def two_years() -> Pledge:
    return read_pledge(VERSIONS, calendars=CALENDARS)


def made(pledge: Pledge, text: str) -> list[tuple[str, Pledge]]:
    return varied(pledge, read_variation(text, pledge), CALENDARS)


def limit_of(pledge: Pledge) -> m.Limit:
    return pledge.standards[0].within[0].value


def test_a_limit_runs_from_the_first_to_the_last_value() -> None:
    values = made(load("missed-bin"), "return-for-bin limit 1..3 working days")
    assert [label for label, _ in values] == ["1 working day", "2 working days", "3 working days"]
    assert [limit_of(pledge) for _, pledge in values] == [
        m.Within(count=Fraction(days), unit=m.Unit.WORKING_DAY, by=18 * 3600) for days in (1, 2, 3)
    ]


def test_nothing_else_changes_and_the_pledge_itself_stays_as_it_was() -> None:
    pledge = load("missed-bin")
    before = write_pledge(pledge)
    [_, (_, same), _] = made(pledge, "limit 1..3 working days")
    assert same == replace(pledge, examples=())
    assert write_pledge(pledge) == before


def test_one_line_of_several_is_named_by_its_condition() -> None:
    text = "first-repair limit 2..4 working days if repair is heating and cold-season"
    for days, (_, pledge) in zip((2, 3, 4), made(load("right-to-repair"), text), strict=True):
        counts = [option.value.count for option in pledge.standards[0].within if isinstance(option.value, m.Within)]
        assert counts == [1, 3, 7, days, 3]


def test_a_sum_takes_steps_and_replaces_a_dated_rate() -> None:
    values = made(load("right-to-repair"), "second-repair amount £5..£20 by £7.50")
    assert [label for label, _ in values] == ["£5", "£12.50", "£20"]
    firsts = [pledge.standards[1].remedies[1].amount[0].value.first for _, pledge in values]
    assert firsts == [m.Sum(pounds=Fraction(pence, 100)) for pence in (500, 1250, 2000)]


def test_a_cap_is_put_where_there_was_none() -> None:
    pledge = two_years()
    [(_, capped)] = made(pledge, "cap £30..£30")
    assert [version.standards[0].remedies[0] for version in pledge.versions] != [
        version.standards[0].remedies[0] for version in capped.versions
    ]
    assert capped.versions[1].standards[0].remedies[0].amount[0].value.cap == m.Sum(pounds=Fraction(30))


def test_every_version_changes_and_a_choice_of_remedies_too() -> None:
    [(_, changed)] = made(two_years(), "do-it amount £7..£7")
    first, second = (version.standards[0].remedies[0] for version in changed.versions)
    assert first.choices[0].amount[0].value.first == m.Sum(pounds=Fraction(7))
    assert second.amount[0].value.steps[0].part == m.Sum(pounds=Fraction(7))


def test_a_share_is_varied_in_percent() -> None:
    text = "arrive-on-time amount 10%..30% by 10% if 0 to 29 minutes late and ticket is single"
    shares = [pledge.standards[0].remedies for _, pledge in made(load("delay-repay"), text)]
    found = [next(each for each in remedies if each.amount).amount[0].value.first for remedies in shares]
    assert [part.percent for part in found if isinstance(part, m.Share)] == [10, 20, 30]


def test_the_value_now_is_said_in_the_words_of_the_pledge() -> None:
    pledge = load("right-to-repair")
    assert current(pledge, read_variation("second-repair amount £1..£2", pledge)) == "first-sum"
    assert current(pledge, read_variation("second-repair cap £1..£2", pledge)) == "highest-sum"
    bin_pledge = load("missed-bin")
    assert current(bin_pledge, read_variation("limit 1..2 weeks", bin_pledge)) == "2 working days, by 18:00"


@pytest.mark.parametrize(
    ("scheme", "text", "found", "said"),
    [
        ("missed-bin", "make it faster", "does not say what to vary", "limit 1..10 working days"),
        (
            "missed-bin",
            "return-for-bn limit 1..3 weeks",
            "no standard “return-for-bn”",
            "did you mean “return-for-bin”",
        ),
        ("right-to-repair", "limit 1..3 weeks", "no standard named", "first-repair"),
        ("missed-bin", "limit 1..3 wroking days", "“wroking days” is no unit of time", "did you mean “working days”"),
        ("missed-bin", "limit 1..3", "a limit without a unit", "working days"),
        ("missed-bin", "limit £1..£3 days", "“£1” is no length of time", "1..10 working days"),
        ("missed-bin", "limit 3..1 weeks", "goes down", "smaller to the larger"),
        ("missed-bin", "limit 1..5 weeks by 0", "goes down", "smaller to the larger"),
        ("missed-bin", "limit 1..500 weeks", "500 values", "at most 60"),
        ("missed-bin", "limit 1..3 hours", "a time of day with hours", "a limit in days"),
        ("missed-bin", "limit 1.5..3 working days", "1.5 working days", "whole number"),
        ("missed-bin", "amount £1..£3", "no remedy with a sum of money", "one remedy in money"),
        ("right-to-repair", "first-repair limit 1..3 weeks", "has 5 lines", "1 working day if repair is power-total"),
        (
            "right-to-repair",
            "first-repair limit 1..3 weeks if repair is lift",
            "no line “repair is lift”",
            "power-total",
        ),
        ("right-to-repair", "second-repair amount 1%..3%", "the amount now is first-sum", "£5..£50 by £5"),
        ("right-to-repair", "second-repair amount £1..£3 weeks", "“weeks” after a sum", "without a unit"),
        ("right-to-repair", "second-repair amount £1.234..£3", "“£1.234” is no sum of money", "£7.50"),
        ("supermarket", "cap 1%..3%", "“1%” is no sum of money", "£7.50"),
    ],
)
def test_a_variation_that_cannot_be_made_says_what_was_expected(scheme: str, text: str, found: str, said: str) -> None:
    with pytest.raises(CannotVary) as error:
        made(load(scheme), text)
    assert found in str(error.value)
    assert "expected: " in str(error.value)
    assert said in str(error.value)
