"""Parts of a promise said alone are the words of its page and of its story."""

from __future__ import annotations

from dataclasses import replace

import pytest

from makegood import schemes
from makegood.rules import Pledge
from makegood.rules.language import model as m
from makegood.rules.speak import explain, say_deadline, say_limit, say_promise, say_remedies
from makegood.schemes import CALENDARS
from tests.rules.speaking import THURSDAY, everything, example_outcomes

ALL = [everything(), *map(schemes.load, schemes.scheme_names())]
EACH = [pytest.param(pledge, each, id=f"{pledge.name}-{each.name}") for pledge in ALL for each in pledge.every_standard]


@pytest.mark.parametrize(("pledge", "standard"), EACH)
def test_the_remedies_alone_are_those_of_the_page(pledge: Pledge, standard: m.Standard) -> None:
    alone = replace(pledge, standards=(standard,), versions=(), paid_once=())
    page = explain(alone, CALENDARS, example_day=THURSDAY, form="html")
    assert say_remedies(pledge, standard, CALENDARS, day=THURSDAY, form="fragment") in page
    lines = say_remedies(pledge, standard, CALENDARS, day=THURSDAY).splitlines()
    assert all(line.strip() == line.strip("* ") or line.lstrip().startswith("* ") for line in lines)
    assert "<" not in "".join(lines)


def test_a_row_of_a_table_can_be_read_in_a_message() -> None:
    pledge = everything()
    [duty] = [each for each in pledge.every_standard if each.name == "yours"]
    assert say_remedies(pledge, duty, CALENDARS, day=THURSDAY).splitlines() == [
        "If this is not done:",
        "* You pay a sum. How much depends on the case.",
        "  The first line that fits you counts.",
        "  * It cannot wait: yes · You pay: £20",
        "  * It cannot wait: in all other cases · You pay: £30",
    ]


def test_a_limit_that_hangs_on_the_case_is_not_said_in_one_sentence() -> None:
    pledge = everything()
    limits = {each.name: say_limit(pledge, each, CALENDARS, day=THURSDAY) for each in pledge.standards}
    assert limits["visit"] == ""
    assert limits["yours"] == "Within 1 working day."


def test_a_promise_is_said_in_its_own_words_else_by_its_pledge() -> None:
    pledge = everything()
    assert say_promise(pledge, "visit") == "We visit you."
    assert say_promise(pledge, "flat") == "We answer you."  # only a version of the pledge has it
    assert say_promise(pledge, "again") == "If anything goes wrong"


def test_a_standard_is_the_one_of_its_version() -> None:
    pledge = everything()
    flat = pledge.standard("flat", "old")
    assert flat is not None
    assert flat in pledge.versions[0].standards
    assert pledge.standard("visit", "old") is pledge.standards[0]
    assert pledge.standard("nothing") is None


def test_a_part_is_the_body_of_the_page_and_the_days_can_be_left_to_others() -> None:
    pledge = schemes.load("missed-bin")
    page, part = (explain(pledge, CALENDARS, example_day=THURSDAY, form=form) for form in ("html", "fragment"))
    assert page.partition("<main>\n")[2].partition("\n</main>")[0] == part
    outcome = next(iter(example_outcomes(pledge)))
    assert 'class="strip"' in say_deadline(outcome, pledge, form="fragment")
    assert 'class="strip"' not in say_deadline(outcome, pledge, form="fragment", strip=False)
