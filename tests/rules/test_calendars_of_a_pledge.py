"""Calendars that stand in a pledge: they may rest on one another, in whatever order they are written."""

import pytest

from makegood.rules import Pledge, PledgeError, read_pledge, write_pledge
from makegood.schemes import CALENDARS

PLEDGE = """\
pledge: p
title: P
calendar: both
facts: {asked: you ask, done: we do}
calendars:
%s
standards:
  s: {when: asked, we will: done, within: 2 working days}
"""
OFFICE = "  office: {open: {monday to friday: all day}, closed: [2026-07-03 Feast], complete: 2025-06-01 to 2027-12-31}"
BOTH = "  both: {union of: [office, scotland]}"


def read(*calendars: str) -> Pledge:
    return read_pledge(PLEDGE % "\n".join(calendars), calendars=CALENDARS)


@pytest.mark.parametrize("order", [(OFFICE, BOTH), (BOTH, OFFICE)])
def test_a_calendar_may_rest_on_another_of_the_pledge_in_any_order(order: tuple[str, str]) -> None:
    pledge = read(*order)
    both = pledge.calendars["both"]
    assert "Feast" in both.closed.values()
    assert set(CALENDARS["scotland"].closed.values()) < set(both.closed.values())
    assert list(pledge.calendars) == [each.split(":")[0].strip() for each in order]
    assert read_pledge(write_pledge(pledge), calendars=CALENDARS) == pledge


def test_a_calendar_of_the_pledge_comes_before_one_of_the_same_name_elsewhere() -> None:
    pledge = read(OFFICE.replace("office", "scotland"), BOTH.replace("[office, scotland]", "scotland"))
    assert list(pledge.calendars["both"].closed.values()) == ["Feast"]


def test_a_calendar_may_add_to_the_one_of_its_own_name_elsewhere() -> None:
    mine = "  both: {union of: [scotland, england-and-wales]}\n" + OFFICE.replace("office", "scotland").replace(
        "closed:", "closed as in: scotland, closed:"
    )
    closed = read(mine).calendars["scotland"].closed.values()
    assert {"Feast", "St Andrew's Day"} <= {why.replace("’", "'") for why in closed}


def test_calendars_that_rest_on_one_another_in_a_circle_are_found() -> None:
    with pytest.raises(PledgeError) as caught:
        read(OFFICE.replace("closed: [2026-07-03 Feast]", "closed as in: both"), BOTH)
    (finding,) = caught.value.findings
    assert (finding.code, finding.place.line in (6, 7)) == ("circle", True)
    assert "office" in finding.found
    assert "both" in finding.found


def test_what_is_wrong_with_a_calendar_is_told_once_and_not_for_those_that_rest_on_it() -> None:
    with pytest.raises(PledgeError) as caught:
        read(OFFICE.replace("monday to", "monady to"), BOTH)
    assert [finding.place.line for finding in caught.value.findings] == [6]
