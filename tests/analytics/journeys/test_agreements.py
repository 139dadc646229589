"""Reading sharing agreements: what they say, and what is said of mistakes in them."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from makegood.analytics.journeys.agreements import read_agreements, strange_to
from makegood.analytics.journeys.store import PolarsStore, Value, log_of
from makegood.rules import PledgeError

GOOD = {
    "name": "Benefits",
    "purpose": "[benefit, rent]",
    "items": "any",
    "from": "council",
    "to": "[jobcentre, NA]",
    "from date": "2026-04-01",
    "until date": "2026-04-30",
}


def text(**changes: str) -> str:
    """A file of one agreement, some of its lines changed; a key with an underscore stands for one with a space."""
    lines = {**GOOD, **{key.replace("_", " ").strip(): value for key, value in changes.items()}}
    return "agreements:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in lines.items() if value) + "\n"


def findings(written: str) -> list[str]:
    with pytest.raises(PledgeError) as error:
        read_agreements(written, "file.yaml")
    return [str(finding) for finding in error.value.findings]


def test_names_that_the_log_does_not_have_are_told_with_what_may_be_meant() -> None:
    text = """
agreements:
  - {name: Rent, purpose: [rnt], items: [payslip, passport], from: [Tax office, Councl], to: [Council],
     from date: 2026-04-01}
  - {name: All, purpose: any, items: any, from: [Council], to: [Collge], from date: 2026-04-01}
"""
    rows: list[dict[str, Value]] = [{"contact": "0", "start": 0, "organisation": "Council", "need": "rent"}]
    items = [{"contact": "0", "item": "payslip", "how": "held", "holder": "Tax office"}]
    store = PolarsStore()
    assert strange_to(log_of(store, rows, items), read_agreements(text), store) == [
        "agreement “Rent”: no contact in the log has the need “rnt”; did you mean “rent”?",
        "agreement “Rent”: no contact in the log has the item “passport”; known here: payslip",
        "agreement “Rent”: no contact in the log has the organisation “Councl”; did you mean “Council”?",
        "agreement “All”: no contact in the log has the organisation “Collge”; known here: Council",
    ]
    bare = log_of(store, [{"contact": "0", "start": 0}])  # of what the log does not tell nothing is misspelt
    assert strange_to(bare, read_agreements(text), store) == []


def test_an_agreement_says_purpose_items_organisations_and_dates() -> None:
    (found,) = read_agreements(text())
    assert (found.name, found.purposes, found.items) == ("Benefits", ("benefit", "rent"), None)
    assert (found.givers, found.takers) == (("council",), ("jobcentre", "NA"))
    assert (found.first, found.last) == (date(2026, 4, 1), date(2026, 4, 30))


def test_it_is_in_force_from_the_first_midnight_to_that_after_the_last_day_in_its_zone() -> None:
    (found,) = read_agreements(text())
    day = 86_400 * 1_000_000
    assert found.begins % day == 23 * 3_600_000_000  # midnight in London is 23:00 UTC in summer
    assert found.ends is not None
    assert found.ends - found.begins == 30 * day
    (elsewhere,) = read_agreements("zone: Asia/Tokyo\n" + text())
    assert found.begins - elsewhere.begins == 8 * 3_600_000_000
    (endless,) = read_agreements(text(until_date=""))
    assert endless.ends is None


def test_the_example_that_ships_can_be_read_and_says_that_it_is_made_up() -> None:
    example = (files("makegood.analytics.journeys") / "data" / "agreements-example.yaml").read_text(encoding="utf-8")
    agreements = read_agreements(example)
    assert len(agreements) == 2
    assert example.startswith("# Made up")
    assert all(
        body.startswith("Anyborough") and each.source == "made up for this example"
        for each in agreements
        for body in (*each.givers, *each.takers)
    )


def test_json_is_read_too_and_no_agreement_at_all_is_a_file_as_well() -> None:
    assert read_agreements('{"agreements": []}') == ()
    assert read_agreements("agreements:\n") == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (text(purpose=""), "lacks “purpose”"),
        (text(items="[any]"), "write “items: any”"),
        (text(items="[]"), "an empty list under “items”"),
        (text(to='["", jobcentre]'), "nothing under “to”"),
        (text(to="[[jobcentre]]"), "instead of words"),
        (text(name="own record"), "cannot be the name"),
        (text(name="unknown"), "cannot be the name"),
        (text(name='""'), "cannot be the name"),
        (text(from_date="2026-02-30"), "is no date"),
        (text(until_date="2026-03-31"), "ends before it begins"),
        (text().replace("purpose", "purposes"), "did you mean “purpose”?"),
        (text() + text().removeprefix("agreements:\n"), "a second time"),
        ("zone: Europe/Anyborough\n" + text(), "is no time zone"),
        ("zone: ../../etc/passwd\n" + text(), "is no time zone"),
        ("agreements: {Benefits: {to: council}}", "that are no list"),
        ("agreements: Benefits", "that are no list"),
        ("- name: Benefits", "instead of a file of sharing agreements"),
        ("agreements: [Benefits]", "instead of a sharing agreement"),
        ("", "instead of a file of sharing agreements"),
        (text(items="&a [payslip]"), "a YAML anchor"),
        (text(items="!!python/object:os.system x"), "a YAML tag"),
        (text(name="Benefits #3"), "cut off at a “#”"),
        ("agreements: " + "[" * 500, "nested"),
        ("agreements: [{name: a", "error"),
    ],
)
def test_a_mistake_is_told_with_its_place(written: str, said: str) -> None:
    told = findings(written)
    assert any(said in each for each in told), told
    assert all(each.startswith("file.yaml:") for each in told)


def test_all_mistakes_are_told_at_once() -> None:
    written = text(from_date="soon", items="[any, x]", name="unknown") + "    colour: red\n"
    assert len(findings(written)) == 4
