"""Every pledge, fragment, calendar and mapping in the documentation is read and checked."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from makegood.records import read_mapping
from makegood.rules import Calendar, read_calendar
from makegood.rules.check import check_text
from makegood.rules.language.read import try_read
from makegood.rules.language.words import RESERVED
from makegood.schemes import CALENDARS

from .blocks import DOCS, Block, blocks

YAML = list(blocks("yaml"))
FRAME = next(block.text for block in YAML if block.info == "frame")


def in_the_frame(block: Block) -> str:
    """A fragment inside the pledge that declares its names."""
    if block.info == "standard":
        return FRAME + "standards:\n  fragment:\n" + textwrap.indent(block.text, "    ")
    if block.info == "standards":
        return FRAME + "standards:\n" + textwrap.indent(block.text, "  ")
    head = "standards:\n  fragment:\n    when: reported\n    we will: repaired\n    within: 24 hours\n"
    return FRAME + head + "    if we do not:\n" + textwrap.indent(block.text, "      ")


def calendars_on(page: Path) -> dict[str, Calendar]:
    """The calendars that a page shows, besides those that ship."""
    shown = [block for block in YAML if block.page == page and block.text.startswith("calendar:")]
    own = [read_calendar(block.text, str(block), calendars=CALENDARS) for block in shown]
    return {**CALENDARS, **{calendar.name: calendar for calendar in own}}


@pytest.mark.parametrize("block", YAML, ids=str)
def test_what_the_documentation_shows_is_right(block: Block) -> None:
    calendars = calendars_on(block.page)
    if block.text.startswith("calendar:") or "broken on purpose" in block.text:
        return
    if block.text.startswith("service:"):
        return  # published by test_services
    if block.text.startswith("case id:"):
        assert read_mapping(block.text, str(block)).case_id
        return
    if block.info == "frame":
        findings = try_read(block.text, str(block), calendars=calendars)[1]
    else:
        assert block.info.split(" ")[0] in ("", "file", "standard", "standards", "remedies"), f"{block}: {block.info}"
        text = in_the_frame(block) if block.info.startswith(("standard", "remedies")) else block.text
        findings = check_text(text, str(block), calendars=calendars)[1]
    wrong = [str(finding) for finding in findings if finding.severity == "error"]
    assert not wrong, "\n".join(wrong)


def first_columns(heading: str) -> list[str]:
    """The code spans in the first column of the tables under a heading."""
    text = (DOCS / "reference" / "language.md").read_text(encoding="utf-8")
    section = re.split(r"^#+ ", text.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [span for row in rows for span in re.findall(r"`([^`]+)`", row)]


PHRASES = [
    (heading, phrase)
    for heading in ("By when", "Conditions", "Amounts")
    for phrase in first_columns(heading)
    if not phrase.startswith("…") and "A and B" not in phrase and not phrase.endswith("…")
]
KEYS_OF_LIMITS = {"cut-off", "start on a closed day", "first day", "on a closed day", "calendar", "version by"}


@pytest.mark.parametrize(("heading", "phrase"), [each for each in PHRASES if each[1] not in KEYS_OF_LIMITS])
def test_every_phrase_in_the_tables_of_the_reference_is_read(heading: str, phrase: str) -> None:
    bare_operator = {"under", "at most", "over", "under · at most · over", "after", "later than", "by", "no later than"}
    if phrase in bare_operator | {"not before"}:
        phrase = f"customers {phrase} 5" if phrase in ("under", "at most", "over") else f"warned {phrase} slot_start"
    repair = "when: reported\nwe will: repaired\n"
    fragments = {
        "By when": f"{repair}within: {phrase}\n",
        "Conditions": f"{repair}within: 24 hours\nif we do not:\n  - apologise: in words\n    if: {phrase}\n",
        "Amounts": f"{repair}within: 24 hours\nif we do not:\n  - pay: {phrase}\n",
    }
    text = FRAME + "standards:\n  fragment:\n" + textwrap.indent(fragments[heading], "    ")
    _, findings = try_read(text, phrase, calendars=CALENDARS)
    assert not [str(finding) for finding in findings if finding.severity == "error"]


def test_the_reference_names_every_word_that_cannot_be_a_name() -> None:
    text = (DOCS / "reference" / "language.md").read_text(encoding="utf-8")
    listed = text.split("the words that phrases are made of:\n", 1)[1].split(".\n", 1)[0]
    assert set(re.findall(r"`(\w+)`", listed)) == RESERVED
