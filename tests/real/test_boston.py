"""Boston's requests of 2011: our answers against the city's own flags and targets."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from makegood.records import Rejects, TableFile, read_mapping, read_table
from makegood.rules import evaluate_all, read_pledge
from makegood.schemes import CALENDARS
from tests.real import boston

FLAGGED = {"ONTIME": "kept", "OVERDUE": "broken"}
HEAD = "case_enquiry_id,open_dt,target_dt,closed_dt,ontime\n"


def test_every_closed_request_with_target_and_flag_is_kept_or_broken_as_the_city_says(shared: Path) -> None:
    closed = {key: count for key, count in boston.verdicts(shared).items() if key[2] == "closed"}
    judged = {key: count for key, count in closed.items() if key[0] != "left out" and key[1] != "none"}
    assert sum(judged.values()) == 43_664
    assert {(status, flag) for status, flag, _ in judged} == {(FLAGGED[flag], flag) for flag in FLAGGED}


def test_late_requests_without_a_flag_are_broken_all_the_same(shared: Path) -> None:
    assert boston.verdicts(shared)["broken", "none", "closed"] == 157


def test_no_request_is_lost(shared: Path) -> None:
    assert boston.verdicts(shared).total() == 58_251


def test_two_thirds_of_targets_agree_to_the_minute_and_nearly_all_to_the_day(shared: Path) -> None:
    assert boston.shares(boston.clock_reasons(shared)) == (37_044, 23_702, 35_299)


def test_nearly_every_other_target_has_a_known_reason(shared: Path) -> None:
    found: Counter[str] = Counter()
    for (reason, _), count in boston.clock_reasons(shared).items():
        found[reason] += count
    assert found[boston.LEFT] == 20


def statuses(tmp_path: Path, rows: str) -> dict[str, str]:
    """The statuses of a few rows in the shape of the city's table."""
    (tmp_path / "table.csv").write_text(HEAD + rows, encoding="utf-8")
    pledge = read_pledge((boston.HERE / "boston-311.yaml").read_text(encoding="utf-8"))
    mapping = read_mapping((boston.HERE / "boston-311-mapping.yaml").read_text(encoding="utf-8"))
    rejects = Rejects()
    cases = list(read_table(TableFile(path=tmp_path / "table.csv", mapping=mapping), pledge, rejects))
    assert not rejects
    outcomes = evaluate_all(pledge, cases, as_of=boston.AFTER_ALL, calendars=CALENDARS)
    return {outcome.case_id: str(outcome.status) for outcome in outcomes}


def test_closed_at_the_target_is_kept_and_a_second_later_is_broken(tmp_path: Path) -> None:
    rows = "1,2011-07-01 09:00:00,2011-07-05 09:00:00,2011-07-05 09:00:00,ONTIME\n"
    rows += "2,2011-07-01 09:00:00,2011-07-05 09:00:00,2011-07-05 09:00:01,OVERDUE\n"
    assert statuses(tmp_path, rows) == {"1": "kept", "2": "broken"}


def test_times_in_the_hour_that_occurs_twice_keep_their_order(tmp_path: Path) -> None:
    rows = "1,2011-11-05 09:00:00,2011-11-06 01:30:00,2011-11-06 01:29:00,ONTIME\n"
    rows += "2,2011-11-05 09:00:00,2011-11-06 01:30:00,2011-11-06 01:31:00,OVERDUE\n"
    rows += "3,2011-11-05 09:00:00,2011-11-06 00:59:00,2011-11-06 01:00:00,OVERDUE\n"
    rows += "4,2011-11-05 09:00:00,2011-11-06 02:00:00,2011-11-06 01:59:59,ONTIME\n"
    assert statuses(tmp_path, rows) == {"1": "kept", "2": "broken", "3": "broken", "4": "kept"}


def test_a_request_without_a_target_was_promised_nothing(tmp_path: Path) -> None:
    rows = "1,2011-07-01 09:00:00,,2011-07-05 09:00:00,ONTIME\n2,2011-07-01 09:00:00,NULL,,ONTIME\n"
    assert statuses(tmp_path, rows) == {"1": "left out", "2": "left out"}


def test_a_placeholder_target_is_a_target_like_any_other(tmp_path: Path) -> None:
    rows = "1,2011-07-01 09:00:00,2059-12-31 00:00:00,2011-12-05 09:00:00,ONTIME\n"
    assert statuses(tmp_path, rows) == {"1": "kept"}
    assert boston.AFTER_ALL.year > 2059
    assert boston.AFTER_ALL.utcoffset() == timedelta(0)
