"""A pledge against itself: what the whole shows, and that no text whatever ends in a traceback."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given

from makegood import schemes
from makegood.rules import Pledge, read_pledge
from makegood.rules.check import check_pledge, check_text
from makegood.rules.errors import Severity
from tests.rules.pledges import CALENDARS, SOME, pledges

NAUGHTY: list[str] = json.loads(
    (Path(__file__).parents[1] / "data" / "naughty-strings.json").read_text(encoding="utf-8")
)
WORD = re.compile(r"[\w£%:.-]+")

PARENT = """\
pledge: x
title: X
calendar: england-and-wales
short months: last day
facts: {asked: you ask, answered: we answer}
details: {kind: "one of big, small", size: number, fare: money}
standards:
  law: {when: asked, we will: answered, within: 10 working days, if we do not: [apologise, pay: £40]}
"""
CHILD = """\
  ours:
    when: asked
    we will: answered
    within: %s
    at least as good as: law
    if we do not: %s
"""


def codes(text: str, severity: Severity | None = None) -> set[str]:
    """The codes of the findings of a text, apart from names that nothing uses."""
    _, findings = check_text(text, "x.yaml", schemes.CALENDARS)
    return {each.code for each in findings if severity in (None, each.severity)} - {"unused"}


@pytest.mark.parametrize("name", schemes.scheme_names())
def test_a_shipped_scheme_has_no_error_and_its_examples_come_out(name: str) -> None:
    pledge, findings = check_text(schemes.text_of(name), f"{name}.yaml", schemes.CALENDARS)
    assert [each for each in findings if each.severity is Severity.ERROR] == []
    assert pledge == schemes.load(name)


def test_a_pledge_without_text_is_checked_with_paths_for_places() -> None:
    pledge = read_pledge(PARENT.replace("10 working days", "10 years").replace("short months: last day\n", ""))
    found = [each for each in check_pledge(pledge, schemes.CALENDARS) if each.code == "short-months"]
    assert found[0].place.file == "standards › law › within › 1"


# --- at least as good as ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("within", "remedies", "expected"),
    [
        ("7 working days", "[apologise, pay: £40]", set()),
        ("10 calendar days", "[apologise, pay: £40]", set()),
        ("10 working days", '[apologise, pay: "£50, then £5 for each further working day"]', set()),
        ("10 working days, by 17:00", "[apologise, pay: £40]", set()),
        ("11 working days", "[apologise, pay: £40]", {"worse"}),
        ("7 working days", "[apologise, pay: £39.99]", {"worse"}),
        ("7 working days", "[pay: £40]", {"worse"}),
        ("7 working days", "[apologise, {pay: £40, route: claim}]", {"worse"}),
        ("7 working days", "[apologise, pay: 50% of fare]", {"not-compared"}),
        ("14 calendar days", "[apologise, pay: £40]", {"not-compared"}),
        ("1 month", "[apologise, pay: £40]", {"not-compared"}),
    ],
)
def test_an_own_promise_is_compared_with_the_one_above_it(within: str, remedies: str, expected: set[str]) -> None:
    assert codes(PARENT + CHILD % (within, remedies)) == expected


def test_a_standard_of_another_pledge_is_compared_by_its_name() -> None:
    text = (PARENT + CHILD % ("12 working days", "apologise")).replace("good as: law", "good as: water/law")
    _, findings = check_text(text, calendars=schemes.CALENDARS, others={"water": read_pledge(PARENT)})
    assert [each.code for each in findings if each.code != "unused"] == ["worse", "worse"]


# --- lists of lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "error", "warning"),
    [
        (["1 hour if kind is big", "2 hours if kind is small"], set(), set()),
        (["1 hour if kind is big", "2 hours otherwise"], set(), set()),
        (["1 hour if kind is big"], {"gap"}, set()),
        (["1 hour if size under 5", "2 hours if size at least 5"], set(), set()),
        (["1 hour if size under 5", "2 hours if size over 5"], {"gap"}, set()),
        (["1 hour if size at most 5", "2 hours if size at least 6"], set(), {"gap"}),
        (["1 hour if size under 5", "2 hours if size under 9", "3 hours otherwise"], set(), set()),
        (["1 hour if size under 9", "2 hours if size at least 5"], {"overlap"}, set()),
        (["1 hour if size under 9", "1 hour if size at least 5"], set(), set()),
        (["1 hour if size under 9", "2 hours if kind is big", "3 hours otherwise"], set(), {"overlap"}),
        (["1 hour if fare under £5", "2 hours if fare at least £5"], set(), set()),
        (["1 hour if fare at most £4.99", "2 hours if fare at least £5"], set(), set()),
        (
            ["1 hour if asked is from 1 May to 31 October", "2 hours if asked is from 1 November to 30 April"],
            set(),
            set(),
        ),
        (
            ["1 hour if asked is from 1 May to 30 October", "2 hours if asked is from 1 November to 30 April"],
            {"gap"},
            set(),
        ),
        (["1 hour if asked is on a monday to be", "2 hours if kind is big"], {"phrase"}, set()),
        (["1 hour if kind is given", "2 hours if kind is not given"], set(), set()),
        (["1 hour if kind is given", "2 hours if kind is big"], {"never-reached"}, set()),
        (["1 hour if kind is big", "2 hours if kind is not big", "3 hours otherwise"], set(), {"never-reached"}),
    ],
)
def test_every_case_has_one_line(lines: list[str], error: set[str], warning: set[str]) -> None:
    text = PARENT.replace("within: 10 working days", f"within: {json.dumps(lines)}")
    assert codes(text, Severity.ERROR) == error
    assert codes(text, Severity.WARNING) == warning


def test_a_text_that_no_line_names_is_unknown_by_design_and_no_gap() -> None:
    text = PARENT.replace("size: number", "size: text")
    assert codes(text.replace("10 working days", '["1 hour if size is S", "2 hours if size is M"]')) == set()


def test_a_case_that_is_void_anyway_needs_no_line() -> None:
    text = PARENT.replace("within: 10 working days", "void if: kind is small, within: [1 hour if kind is big]")
    assert codes(text) == set()


def test_lateness_runs_from_the_timetable_so_that_bands_begin_at_the_limit() -> None:
    text = PARENT.replace("within: 10 working days", "within: less than 15 minutes, late from: asked")
    bands = "[£1 if 15 to 29 minutes late, £2 if at least 30 minutes late]"
    assert codes(text.replace("pay: £40", f"pay: {bands}")) == set()
    assert codes(text.replace("pay: £40", f"pay: {bands.replace('15 to', '16 to')}")) == {"gap"}
    assert codes(text.replace("pay: £40", f"pay: {bands.replace('£1 if', '£9 if under 15 minutes late, £1 if')}")) == {
        "never-reached"
    }


# --- no text ends in a traceback --------------------------------------------------------------------------


def test_hostile_strings_anywhere_are_findings_and_never_a_traceback() -> None:
    dice = random.Random(7)
    texts = [schemes.text_of(name) for name in ("water-supply", "delay-repay", "missed-appointment")]
    for string in NAUGHTY:
        text = dice.choice(texts)
        place = dice.choice(list(WORD.finditer(text)))
        for written in (string, json.dumps(string)):
            check_text(text[: place.start()] + written + text[place.end() :], "x.yaml", schemes.CALENDARS)


def test_hostile_strings_are_kept_as_words_for_people() -> None:
    kept = 0
    for string in NAUGHTY:
        data = {
            "pledge": "x",
            "title": string,
            "facts": {"asked": string, "answered": string},
            "standards": {"s": {"when": "asked", "we will": "answered", "within": "1 hour"}},
        }
        pledge, findings = check_text(json.dumps(data))
        assert (pledge is None) == bool(findings)
        kept += pledge is not None and pledge.title == " ".join(string.split())
    assert kept > len(NAUGHTY) * 0.9


@pytest.mark.parametrize("name", schemes.scheme_names())
def test_a_scheme_with_damaged_bytes_is_findings_and_never_a_traceback(name: str) -> None:
    dice = random.Random(name)
    for _ in range(12):
        text = bytearray(schemes.text_of(name).encode())
        for _ in range(dice.randint(1, 6)):
            text[dice.randrange(len(text))] = dice.randrange(256)
        check_text(text.decode("utf-8", "replace"), "x.yaml", schemes.CALENDARS)


ODD = {
    "nothing": "",
    "blanks": " \n\n",
    "a scalar": "hello",
    "a list": "[a, b]",
    "a tab": "pledge:\tx\n\ttitle: X",
    "two documents": "pledge: x\n---\npledge: y",
    "text after the end": "pledge: x\n...\nfoo",
    "an anchor": "pledge: &a x\ntitle: *a",
    "a bomb of aliases": "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]",
    "an object of a program": "pledge: !!python/object:os.system x",
    "a merge": "<<: {a: b}",
    "a key that is a list": "? [a]\n: b",
    "a control character": "pledge: \0",
    "half a character": "pledge: \ud800",
    "half a character, escaped": '{"pledge": "\\ud800"}',
    "a directive": "%FOO\n---\npledge: x",
    "brackets without end": "[" * 50_000,
    "deep JSON": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "a huge number": '{"pledge":' + "9" * 5_000 + "}",
    "a huge text": "x" * 2_000_001,
    "many keys": "\n".join(f"k{number}: x" for number in range(2_000)),
    "a huge power": "rates: {r: 1e9999999999}",
    "a path for a zone": "zone: ../../etc/passwd",
    "many terms in a circle": "terms: {" + ", ".join(f"t{n}: t{n + 1}" for n in range(99)) + ", t99: t0}",
    "deep conditions": "terms: {t: " + "{all of: [" * 15 + "asked" + "]}" * 15 + "}",
    "a limit in a limit": "standards: {s: {within: " + "the earlier of " * 500 + "1 hour}}",
    "the first and the last day": (
        "standards: {s: {within: [1 hour if d before 0001-01-01, 2 hours if d after 9999-12-31]}}\ndetails: {d: date}"
    ),
    "remedies of no shape": (
        "standards: {s: {if we do not: [pay, {}, [], {pay: {}}, {choose from: []}, {staff may add: x}]}}"
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_text_is_findings_and_never_a_traceback(name: str) -> None:
    pledge, findings = check_text(ODD[name], "x.yaml", schemes.CALENDARS)
    assert pledge is None
    assert findings


@pytest.mark.parametrize(
    "change", [("\n", "\r\n"), ("\n", "\r"), ("pledge:", "\ufeffpledge:"), ("pledge:", "# x\n\n  \npledge:")]
)
def test_ways_of_ending_lines_and_a_byte_order_mark_change_nothing(change: tuple[str, str]) -> None:
    text = schemes.text_of("supermarket")
    assert check_text(text.replace(*change), "x.yaml", schemes.CALENDARS)[0] == schemes.load("supermarket")


def test_the_longest_limits_come_out_and_longer_ones_are_refused() -> None:
    example = "examples: [{name: far, facts: {asked: 2026-01-01 10:00}, as of: 2026-01-02, expect: {law: running}}]\n"
    for limit in ("100 years", "5217 weeks", "876600 hours"):
        assert codes(PARENT.replace("10 working days", limit) + example) == set()
    for limit in ("101 years", "99999 weeks", "999999999999999 hours"):
        assert codes(PARENT.replace("10 working days", limit)) == {"phrase"}


@SOME
@given(pledges())
def test_any_pledge_that_can_be_written_can_be_checked(pledge: Pledge) -> None:
    for finding in check_pledge(pledge, CALENDARS):
        assert finding.found
        assert str(finding)
