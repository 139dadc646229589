"""Text to typed pledge to text: nothing is lost, nothing is gained, in YAML and in JSON."""

import pytest
from hypothesis import given

from makegood import schemes
from makegood.rules import Pledge, PledgeError, read_calendar, read_pledge, write_json, write_pledge
from makegood.rules.language.write import write_calendar
from tests.rules.pledges import CALENDARS, SOME, pledges


@SOME
@given(pledges())
def test_a_written_pledge_reads_as_the_same_pledge(pledge: Pledge) -> None:
    assert read_pledge(write_pledge(pledge), calendars=CALENDARS) == pledge


@SOME
@given(pledges())
def test_a_pledge_written_as_json_reads_as_the_same_pledge(pledge: Pledge) -> None:
    assert read_pledge(write_json(pledge), calendars=CALENDARS) == pledge


@SOME
@given(pledges())
def test_the_canonical_text_is_written_the_same_again(pledge: Pledge) -> None:
    text = write_pledge(pledge)
    assert write_pledge(read_pledge(text, calendars=CALENDARS)) == text


@pytest.mark.parametrize("name", schemes.scheme_names())
def test_a_shipped_scheme_survives_yaml_and_json(name: str) -> None:
    pledge = schemes.load(name)
    assert read_pledge(write_pledge(pledge), calendars=schemes.CALENDARS) == pledge
    assert read_pledge(write_json(pledge), calendars=schemes.CALENDARS) == pledge
    assert write_pledge(read_pledge(write_json(pledge), calendars=schemes.CALENDARS)) == write_pledge(pledge)


@pytest.mark.parametrize("name", schemes.calendar_names())
def test_a_shipped_calendar_survives_being_written(name: str) -> None:
    calendar = schemes.CALENDARS[name]
    assert read_calendar(write_calendar(calendar), calendars=schemes.CALENDARS) == calendar


@pytest.mark.parametrize(
    ("escape", "whole"),
    [(r"\ud800", False), (r"x\uDC00", False), (r"\ud83d x \ude00", False), (r"\ud83d\ude00", True), (r"\\ud800", True)],
)
def test_half_a_character_in_json_is_told_as_that_where_it_stands(escape: str, whole: bool) -> None:
    text = '{"pledge": "p",\n "title": "' + escape + '", "facts": {"asked": "you ask"}}'
    if whole:
        assert read_pledge(text).title in ("\N{GRINNING FACE}", r"\ud800")
        return
    with pytest.raises(PledgeError) as caught:
        read_pledge(text)
    (finding,) = caught.value.findings
    assert "half of a character" in finding.found
    assert (finding.place.line, finding.place.column) == (2, 12 + escape.index("\\"))
