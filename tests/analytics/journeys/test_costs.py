"""Reading unit costs: ranges with their source, and what is said of mistakes in them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from makegood.analytics.journeys.costs import read_costs
from makegood.rules import PledgeError

DATED = "source: made up, date: 2026-04-01"


def findings(written: str) -> list[str]:
    with pytest.raises(PledgeError) as error:
        read_costs(written, "file.yaml")
    return [str(finding) for finding in error.value.findings]


def test_a_cost_is_a_range_with_its_source_and_date() -> None:
    found = read_costs(
        f"contacts: [{{channel: telephone, organisation: NA, low: £1.05, high: 2, {DATED}}}]\n"
        f"hour: {{low: £0, high: £1,000, {DATED}}}".replace("£1,000", '"£1,000"')
    )
    (contact,) = found.contacts
    assert (contact.organisation, contact.channel) == ("NA", "telephone")
    assert (contact.cost.low, contact.cost.high) == (Decimal("1.05"), Decimal(2))
    assert (contact.cost.source, contact.cost.date) == ("made up", date(2026, 4, 1))
    assert found.hour is not None
    assert found.hour.high == 1000
    assert found.mile is None


def test_the_example_that_ships_can_be_read_and_says_that_it_is_made_up() -> None:
    example = (files("makegood.analytics.journeys") / "data" / "costs-example.yaml").read_text(encoding="utf-8")
    costs = read_costs(example)
    assert example.startswith("# Made up")
    every = [each.cost for each in costs.contacts] + [costs.hour, costs.mile]
    assert all(each is not None and each.low < each.high and each.source.startswith("made up") for each in every)


def test_no_costs_at_all_is_a_file_as_well() -> None:
    assert read_costs("{}").contacts == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (f"hour: {{low: £2, high: £1, {DATED}}}", "as the highest of a cost from £2"),
        (f"hour: {{low: £2, {DATED}}}", "lacks “high”"),
        ("hour: {low: £1, high: £2, date: 2026-04-01}", "lacks “source”"),
        ("hour: {low: £1, high: £2, source: made up}", "lacks “date”"),
        ('hour: {low: £1, high: £2, source: "", date: 2026-04-01}', "a source without words"),
        ("hour: {low: £1, high: £2, source: made up, date: 2026-13-01}", "is no date"),
        (f"hour: {{low: £-1, high: £2, {DATED}}}", "is no sum of money"),
        (f"hour: {{low: 1.234, high: £2, {DATED}}}", "is no sum of money"),
        (f"hour: {{low: nan, high: inf, {DATED}}}", "is no sum of money"),
        (f"hour: {{low: 1e3, high: £2, {DATED}}}", "is no sum of money"),
        ("hour: £5", "instead of the cost of an hour"),
        (f"mile: {{channel: bus, low: £1, high: £2, {DATED}}}", "has no key “channel”"),
        (f"miles: {{low: £1, high: £2, {DATED}}}", "did you mean “mile”?"),
        (f"contacts: [{{low: £1, high: £2, {DATED}}}, {{low: £1, high: £3, {DATED}}}]", "a second cost"),
        (f'contacts: [{{channel: "", low: £1, high: £2, {DATED}}}]', "nothing under “channel”"),
        ("contacts: [£5]", "instead of the cost of a contact"),
        ("- £5", "instead of a file of unit costs"),
        ("hour: *a", "a YAML alias"),
        ("hour: {", "error"),
    ],
)
def test_a_mistake_is_told_with_its_place(written: str, said: str) -> None:
    told = findings(written)
    assert any(said in each for each in told), told
    assert all(each.startswith("file.yaml:") for each in told)


def test_all_mistakes_are_told_at_once() -> None:
    assert len(findings(f"hour: {{low: x, high: y, {DATED}}}\nmile: {{low: £2, high: £1, {DATED}}}\nday: 3")) == 4
