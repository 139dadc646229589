"""What is said about each mistake: what it is, exactly where it stands, and how to mend it."""

import pytest

from makegood import schemes
from makegood.rules import Calendar
from makegood.rules.check import check_text
from makegood.rules.working_time import every_day
from tests.rules.mistakes import MISTAKES, SOUND, Mistake

ENGLAND = schemes.CALENDARS["england-and-wales"]
OPEN = Calendar(
    name="open",
    zone="Europe/London",
    hours=every_day(((0, 86_400),), range(5)),
    closed={},
    first=ENGLAND.first,
    last=ENGLAND.last,
)
CALENDARS = {"england-and-wales": ENGLAND, "scotland": schemes.CALENDARS["scotland"], "open": OPEN}


def test_the_pledge_without_mistakes_has_no_finding() -> None:
    pledge, findings = check_text(SOUND, "damp.yaml", CALENDARS)
    assert pledge
    assert findings == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.written.strip()[:50])
def test_a_mistake_is_found_where_it_stands_with_its_mend(mistake: Mistake) -> None:
    assert SOUND.count(mistake.instead) == 1
    marked = SOUND.replace(mistake.instead, mistake.written)
    before, mark, _ = marked.partition("▸")
    pledge, findings = check_text(marked.replace("▸", ""), "damp.yaml", CALENDARS)
    if not mistake.code:
        assert pledge
        assert findings == []
        return
    found = [finding for finding in findings if finding.code == mistake.code]
    assert found, findings
    if mark:
        place = (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        assert place in {(each.place.line, each.place.column) for each in found}, found
        found = [each for each in found if (each.place.line, each.place.column) == place]
    assert any(
        mistake.mend in each.mend and mistake.found in each.found and mistake.expected in each.expected
        for each in found
    ), found
    assert all(each.place.file == "damp.yaml" and each.found for each in findings)


def test_many_mistakes_are_told_at_once_in_the_order_of_the_text() -> None:
    text = (
        SOUND.replace("title:", "tilte:")
        .replace("when: reported", "when: repotred")
        .replace("rent: money", "rent: mony")
    )
    _, findings = check_text(text, "damp.yaml", CALENDARS)
    assert {"missing-key", "unknown-key", "unknown-name", "value"} <= {finding.code for finding in findings}
    assert findings == sorted(findings, key=lambda finding: finding.place)
