"""Every working-time example of other libraries: the same answer, or exactly what their stated convention gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from makegood.rules.working_time import Calendar, day_number, every_day
from tests.real.working_time_of_others import (
    BACK_TO_THE_OPENING,
    ON_THE_NEXT_OPENING,
    SOURCES,
    TIME_OF_DAY_KEPT,
    Convention,
    Example,
    convention_of,
    examples,
    ours,
    theirs,
)


def all_of(shared: Path, source: str) -> list[Example]:
    return list(examples(shared / "data" / "working-time" / f"{source}.csv"))


def test_no_file_of_examples_is_left_out(shared: Path) -> None:
    assert {file.stem for file in (shared / "data" / "working-time").glob("*.csv")} == set(SOURCES)


@pytest.mark.parametrize("source", SOURCES)
def test_a_librarys_convention_carried_out_with_our_calendars_gives_what_it_expects(shared: Path, source: str) -> None:
    _, conventions = SOURCES[source]
    found = all_of(shared, source)
    assert found
    wrong = [(each.name, each.expected, theirs(each, conventions)) for each in found]
    assert [each for each in wrong if each[1] != each[2]] == []


@pytest.mark.parametrize("source", SOURCES)
def test_every_example_that_differs_from_ours_falls_under_a_convention(shared: Path, source: str) -> None:
    _, conventions = SOURCES[source]
    differing = [each for each in all_of(shared, source) if ours(each) != each.expected]
    assert [each.name for each in differing if convention_of(each, conventions) is None] == []


@pytest.mark.parametrize("source", SOURCES)
def test_no_convention_is_stated_without_an_example_that_needs_it(shared: Path, source: str) -> None:
    _, conventions = SOURCES[source]
    differing = [each for each in all_of(shared, source) if ours(each) != each.expected]
    assert {convention_of(each, conventions) for each in differing} == set(conventions)


def test_how_many_examples_agree(shared: Path) -> None:
    found: Counter[str] = Counter()
    for source, (_, conventions) in SOURCES.items():
        for each in all_of(shared, source):
            convention = None if ours(each) == each.expected else convention_of(each, conventions)
            found["same" if convention is None else _kind(convention)] += 1
    assert found == {"same": 596, "same day": 37, "another convention": 79}


def _kind(convention: Convention) -> str:
    return "same day" if convention is TIME_OF_DAY_KEPT else "another convention"


@pytest.mark.parametrize("source", ["business-time-ruby", "dayjs-business-time-js", "uk-consensus-hours-sample"])
def test_other_libraries_too_end_at_closing_time(shared: Path, source: str) -> None:
    at_closing = [each for each in all_of(shared, source) if ON_THE_NEXT_OPENING.applies(each)]
    assert at_closing
    assert [each.name for each in at_closing if ours(each) != each.expected] == []


# --- the conventions themselves, without the files --------------------------------------------------------

DESK = Calendar(
    name="desk",
    zone="UTC",
    hours=every_day(((9 * 3600, 17 * 3600),), range(5)),
    closed={},
    first=day_number(date(2026, 1, 1)),
    last=day_number(date(2026, 12, 31)),
)
EIGHT_HOURS = Example(
    name="eight hours from opening time",
    calendar=DESK,
    unit="hour",
    amount=Decimal(8),
    start="2026-05-21T09:00:00",
    expected="2026-05-21T17:00:00",
    back=False,
)


def test_eight_hours_from_opening_time_end_at_closing_time_with_us_and_at_the_next_opening_with_some() -> None:
    assert ours(EIGHT_HOURS) == "2026-05-21T17:00:00"
    assert theirs(EIGHT_HOURS, (ON_THE_NEXT_OPENING,)) == "2026-05-22T09:00:00"


def test_eight_hours_back_from_closing_time_reach_the_closing_time_before_with_us_and_the_opening_with_some() -> None:
    back = replace(EIGHT_HOURS, amount=Decimal(-8), start="2026-05-21T17:00:00", back=True)
    assert ours(back) == "2026-05-20T17:00:00"
    assert theirs(back, (BACK_TO_THE_OPENING,)) == "2026-05-21T09:00:00"


def test_a_convention_that_does_not_apply_changes_nothing() -> None:
    seven = replace(EIGHT_HOURS, amount=Decimal(7))
    assert theirs(seven, (ON_THE_NEXT_OPENING, BACK_TO_THE_OPENING)) == ours(seven) == "2026-05-21T16:00:00"
