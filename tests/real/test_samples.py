"""What ships as a sample is complete, small, and in working order."""

from __future__ import annotations

import pytest

from makegood.records import Rejects, TableFile, read_mapping, read_table
from makegood.rules import Status, evaluate_all, read_pledge
from makegood.samples import Sample, sample, sample_names
from makegood.schemes import CALENDARS

SAMPLES = [sample(name) for name in sample_names()]


@pytest.mark.parametrize("shipped", SAMPLES, ids=lambda each: each.name)
def test_a_sample_runs_as_it_ships(shipped: Sample) -> None:
    pledge = read_pledge(shipped.text, str(shipped.pledge), calendars=CALENDARS)
    mapping = read_mapping(shipped.mapping.read_text(encoding="utf-8"))
    rejects = Rejects()
    cases = read_table(TableFile(path=shipped.table, mapping=mapping), pledge, rejects)
    statuses = {outcome.status for outcome in evaluate_all(pledge, cases, as_of=shipped.as_of, calendars=CALENDARS)}
    assert not rejects
    assert {Status.KEPT, Status.BROKEN} <= statuses
    assert Status.RUNNING not in statuses


@pytest.mark.parametrize("shipped", SAMPLES, ids=lambda each: each.name)
def test_a_sample_is_small_and_says_where_it_comes_from(shipped: Sample) -> None:
    assert shipped.table.stat().st_size < 300_000
    assert shipped.licence in shipped.origin.read_text(encoding="utf-8")


def test_an_unknown_sample_is_looked_up_in_vain() -> None:
    with pytest.raises(LookupError, match="trams"):
        sample("trams")
