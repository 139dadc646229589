"""How a standard stands for a case: the order of statuses, versions, starts, finishes and lateness."""

import pytest

from makegood.rules import Status
from makegood.rules.check import check_pledge
from tests.rules.judging import KNOWN, at, judged, judged_all, owed, promise, status, written

START = "asked 2026-05-05 00:00"
LATER = "2026-05-20 00:00"
KINDS = "details: {kind: 'one of storm, plain', storm: yes or no}"
ALL = promise("within: [12 hours if kind is plain]\nvoid if: left\nexcused if: storm", KINDS)


# --- which status comes first -----------------------------------------------------------------------------------


def test_without_a_start_it_is_pending_and_has_no_row() -> None:
    outcome = judged(promise("within: 12 hours"), as_of=LATER)
    assert (str(outcome.status), outcome.has_row, outcome.due_at, outcome.pence) == ("pending", False, None, 0)
    assert status(promise("within: 12 hours"), "done 2026-05-05 10:00", as_of=LATER) == "pending"


@pytest.mark.parametrize(
    ("facts", "details", "expected"),
    [
        (["left 2026-05-05 01:00"], {"kind": "plain", "storm": "yes"}, "void"),
        ([], {"kind": "plain", "storm": "yes"}, "excused"),
        ([], {"storm": "yes"}, "excused"),
        (["left 2026-05-05 01:00"], {}, "unknown"),
        ([], {}, "unknown"),
        (["done 2026-05-05 02:00"], {"kind": "plain", "storm": "yes"}, "excused"),
        (["done 2026-05-06 02:00"], {"kind": "plain", "storm": "yes"}, "excused"),
        (["done 2026-05-05 02:00", "left 2026-05-05 03:00"], {"kind": "plain", "storm": "no"}, "void"),
        (["done 2026-05-05 02:00"], {"kind": "plain", "storm": "no"}, "kept"),
        (["done 2026-05-06 02:00"], {"kind": "plain", "storm": "no"}, "broken"),
        ([], {"kind": "plain", "storm": "no"}, "broken"),
    ],
)
def test_the_first_status_that_applies_is_taken(facts: list[str], details: dict[str, str], expected: str) -> None:
    assert status(ALL, START, *facts, as_of=LATER, **details) == expected


def test_an_unfinished_promise_runs_until_its_deadline_has_passed() -> None:
    pledge = promise("within: 12 hours")
    found = [status(pledge, START, as_of=f"2026-05-05 {time}") for time in ("00:00", "12:00:00", "12:00:01")]
    assert found == ["running", "running", "broken"]


@pytest.mark.parametrize("given", ["unknown", "void", "excused", "running", "pending"])
def test_what_is_not_broken_owes_nothing(given: str) -> None:
    pledge = promise(
        "within: [12 hours if kind is plain]\nvoid if: left\nexcused if: storm\nif we do not: [apologise, {pay: £5}]",
        KINDS,
    )
    facts = {"void": [START, "left 2026-05-05 01:00"], "pending": []}.get(given, [START])
    details = {"kind": "" if given == "unknown" else "plain", "storm": "yes" if given == "excused" else "no"}
    outcome = judged(pledge, *facts, as_of="2026-05-05 12:00" if given == "running" else LATER, **details)
    assert (str(outcome.status), outcome.pence, outcome.remedies) == (given, 0, ())


# --- void and left out ------------------------------------------------------------------------------------------


def test_only_for_is_a_filter_and_void_if_gives_a_row() -> None:
    only = promise("within: 12 hours\nonly for: kind is plain", KINDS)
    assert not judged(only, START, as_of=LATER, kind="storm").has_row
    assert judged(only, START, as_of=LATER, kind="plain").has_row
    void = promise("within: 12 hours\nvoid if: kind is not plain", KINDS)
    assert judged(void, START, as_of=LATER, kind="storm").has_row


def test_a_filter_that_cannot_be_told_gives_an_unknown_row() -> None:
    outcome = judged(promise("within: 12 hours\nonly for: kind is plain", KINDS), START, as_of=LATER)
    assert (outcome.status, outcome.missing) == ("unknown", ("kind",))


def test_a_void_condition_that_cannot_be_told_is_unknown_even_if_kept() -> None:
    pledge = promise("within: 12 hours\nvoid if: kind is storm", KINDS)
    assert judged(pledge, START, "done 2026-05-05 01:00", as_of=LATER).status == "unknown"


@pytest.mark.parametrize(("left", "expected"), [("2026-05-05 12:00:00", "void"), ("2026-05-05 12:00:01", "broken")])
def test_a_voiding_fact_counts_up_to_the_deadline(left: str, expected: str) -> None:
    pledge = promise("within: 12 hours\nvoid if: left")
    assert status(pledge, START, f"left {left}", as_of=LATER) == expected


def test_a_voiding_fact_counts_up_to_the_deadline_as_moved_by_pauses() -> None:
    pledge = promise("within: 12 hours\nvoid if: left\npaused: [{from: held, until: freed}]")
    facts = [START, "held 2026-05-05 02:00", "freed 2026-05-05 05:00", "left 2026-05-05 14:00"]
    assert status(pledge, *facts, as_of=LATER) == "void"


def test_a_voiding_fact_counts_up_to_another_time_that_the_pledge_names() -> None:
    at_any_time = promise("within: 12 hours\nvoid if: left at any time")
    assert status(at_any_time, START, "left 2026-05-08 00:00", as_of=LATER) == "void"
    named = promise("within: 12 hours\nvoid if: left before 6 hours after asked")
    assert status(named, START, "left 2026-05-05 05:59:59", as_of=LATER) == "void"
    assert status(named, START, "left 2026-05-05 06:00:00", as_of=LATER) == "broken"
    too_late = promise("within: 12 hours\nvoid if: left later than 6 hours after asked")
    assert status(too_late, START, "left 2026-05-05 06:00:00", as_of=LATER) == "broken"
    assert status(too_late, START, "left 2026-05-08 06:00:01", as_of=LATER) == "void"


def test_a_voiding_fact_counts_even_before_the_start() -> None:
    pledge = promise("within: 12 hours\nvoid if: left")
    assert status(pledge, START, "left 2026-05-04 12:00", as_of=LATER) == "void"


# --- broken is final --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [["done 2026-05-05 13:00"], ["held 2026-05-05 13:00"], ["longer 2026-05-05 13:00"]])
def test_broken_is_final_against_later_finish_pause_and_extension(more: list[str]) -> None:
    pledge = promise("within: 12 hours\npaused: [{from: held, until: freed}]\nextended: [{when: longer, to: 24 hours}]")
    assert status(pledge, START, as_of="2026-05-05 12:30") == "broken"
    assert status(pledge, START, *more, as_of=LATER) == "broken"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("waived 2026-05-05 02:00 known 2026-05-06 00:00", "excused"),
        ("done 2026-05-05 02:00 known 2026-05-06 00:00", "kept"),
    ],
)
def test_a_fact_that_becomes_known_later_can_change_the_outcome(more: str, expected: str) -> None:
    pledge = promise("within: 12 hours\nexcused if: waived")
    assert status(pledge, START, more, as_of="2026-05-05 23:59:59") == "broken"
    assert status(pledge, START, more, as_of="2026-05-06 00:00") == expected


def test_asking_last_months_question_again_gives_last_months_answer() -> None:
    pledge = promise("within: 12 hours\nexcused if: waived")
    before = judged(pledge, START, as_of="2026-05-07 00:00")
    assert judged(pledge, START, "waived 2026-05-08 00:00", as_of="2026-05-07 00:00") == before


def test_a_fact_that_is_recorded_before_it_happens_is_known_when_it_happens() -> None:
    pledge = promise("within: 12 hours")
    early = "done 2026-05-05 11:00 known 2026-05-05 01:00"
    assert judged(pledge, START, early, as_of="2026-05-05 10:59:59").finish is None
    assert judged(pledge, START, early, as_of="2026-05-05 11:00").status == "kept"


# --- start and finish -------------------------------------------------------------------------------------------


def test_the_first_start_fact_starts_and_later_ones_are_ignored() -> None:
    outcome = judged(promise("within: 12 hours"), "asked 2026-05-06 00:00", START, as_of=LATER)
    assert outcome.started_at == at("2026-05-05 00:00")


def test_the_first_finish_fact_at_or_after_the_start_counts() -> None:
    facts = ["done 2026-05-04 23:59:59", "done 2026-05-05 02:00", "done 2026-05-05 01:00", START]
    assert judged(promise("within: 12 hours"), *facts, as_of=LATER).finished_at == at("2026-05-05 01:00")
    facts = ["done 2026-05-05 00:00", START]
    assert judged(promise("within: 12 hours"), *facts, as_of=LATER).status == "kept"
    assert status(promise("within: 12 hours"), "done 2026-05-04 23:59:59", START, as_of=LATER) == "broken"


def test_where_early_counts_the_first_finish_of_any_time_is_taken() -> None:
    pledge = promise("within: 12 hours\nearly counts: yes")
    assert judged(pledge, "done 2026-04-01 10:00", START, as_of=LATER).finished_at == at("2026-04-01 10:00")


def test_one_of_several_facts_or_all_of_them_may_finish() -> None:
    either, both = (
        promise("we will: done or left\nwithin: 12 hours"),
        promise("we will: done and left\nwithin: 12 hours"),
    )
    facts = [START, "done 2026-05-05 02:00", "left 2026-05-05 13:00"]
    assert [status(pledge, *facts, as_of=LATER) for pledge in (either, both)] == ["kept", "broken"]
    assert status(both, *facts[:2], as_of="2026-05-05 03:00") == "running"


def test_a_standard_may_start_when_several_facts_have_happened() -> None:
    pledge = promise("when: asked and paid\nwithin: 12 hours")
    assert status(pledge, START, as_of=LATER) == "pending"
    assert judged(pledge, START, "paid 2026-05-07 00:00", as_of=LATER).started_at == at("2026-05-07 00:00")


# --- chains -----------------------------------------------------------------------------------------------------

CHAIN = """
standards:
  before-it: {when: asked, we will: done, within: 12 hours}
  s: {when: "%s", we will: left, within: 24 hours}
"""


def test_a_chained_standard_whose_first_never_finished_stays_pending() -> None:
    found = judged_all(written(CHAIN % "done"), START, as_of=LATER)
    assert [str(outcome.status) for outcome in found.values()] == ["broken", "pending"]


def test_a_chained_standard_may_start_when_the_first_limit_runs_out() -> None:
    pledge = written(CHAIN % "done, or when before-it runs out")
    found = judged_all(pledge, START, as_of="2026-05-05 12:00:01")
    assert (found["s"].status, found["s"].due_at) == ("running", at("2026-05-06 12:00"))
    assert judged_all(pledge, START, as_of="2026-05-05 12:00:00")["s"].status == "pending"
    found = judged_all(pledge, START, "done 2026-05-05 10:00", as_of=LATER)
    assert found["s"].due_at == at("2026-05-06 10:00")


SECOND_CHANCE = """
standards:
  before-it: {when: asked, we will: done, within: 12 hours}
  s: {after missing: before-it, when: left, we will: done, within: 24 hours}
"""


@pytest.mark.parametrize(
    ("left", "expected"),
    [("2026-05-05 12:00:00", "pending"), ("2026-05-05 12:00:01", "running"), ("2026-05-05 20:00:00", "pending")],
)
def test_a_second_chance_starts_only_while_the_first_is_missed_and_not_finished(left: str, expected: str) -> None:
    finished = ["done 2026-05-05 20:00"] if left.endswith("20:00:00") else []
    found = judged_all(written(SECOND_CHANCE), START, f"left {left}", *finished, as_of="2026-05-05 21:00")
    assert [str(outcome.status) for outcome in found.values()] == ["broken", expected]


# --- versions ---------------------------------------------------------------------------------------------------

VERSIONS = """
versions:
  - {name: old, from: 2026-01-01, until: 2026-03-31, standards: {s: {when: asked, we will: done, within: 24 hours}}}
  - {name: new, from: 2026-04-01, until: 2026-06-30, standards: {s: {when: asked, we will: done, within: 12 hours}}}
"""


@pytest.mark.parametrize(
    ("start", "version"),
    [
        ("2026-01-01 00:00", "old"),
        ("2026-03-31 23:59:59", "old"),
        ("2026-04-01 00:00", "new"),
        ("2026-03-31 23:00+00:00", "new"),
        ("2026-06-30 23:59:59", "new"),
    ],
)
def test_the_version_on_the_local_date_of_the_start_decides(start: str, version: str) -> None:
    assert judged(written(VERSIONS), f"asked {start}", as_of="2026-12-01 00:00").version == version


@pytest.mark.parametrize("start", ["2025-12-31 23:59:59", "2026-07-01 00:00"])
def test_no_version_in_force_is_unknown(start: str) -> None:
    outcome = judged(written(VERSIONS), f"asked {start}", "done 2026-07-01 00:30", as_of="2026-12-01 00:00")
    assert (outcome.status, outcome.missing, outcome.due_at) == ("unknown", ("a version in force",), None)


def test_a_gap_between_versions_is_a_warning_at_check_time() -> None:
    gap = written(VERSIONS.replace("from: 2026-04-01", "from: 2026-04-02"))
    found = [(finding.severity, finding.found) for finding in check_pledge(gap, KNOWN)]
    assert any(severity == "warning" and "2026-04-01" in said for severity, said in found), found


TWO_STARTS = """
rates: {sum: [{is: £5, until: 2026-03-31}, {is: £6, from: 2026-04-01}]}
versions: [{name: old, until: 2026-03-31}, {name: new, from: 2026-04-01}]
standards:
  before-it: {when: asked, we will: done, within: 12 hours, if we do not: [{pay: sum}]}
  s: {when: done, we will: left, within: 12 hours, %s if we do not: [{pay: sum}]}
"""


def test_the_first_start_of_any_standard_decides_the_version_of_all() -> None:
    facts = ["asked 2026-03-31 12:00", "done 2026-04-02 12:00"]
    found = judged_all(written(TWO_STARTS % ""), *facts, as_of=LATER)
    assert [(each.version, str(each.owed)) for each in found.values()] == [("old", "5.00"), ("old", "5.00")]


def test_a_standard_may_be_decided_by_its_own_start() -> None:
    facts = ["asked 2026-03-31 12:00", "done 2026-04-02 12:00"]
    found = judged_all(written(TWO_STARTS % "version by: own start,"), *facts, as_of=LATER)
    assert [(each.version, str(each.owed)) for each in found.values()] == [("old", "5.00"), ("new", "6.00")]


# --- lateness ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_of", "expected"), [("2026-05-05 12:00:01", 1), ("2026-05-06 12:00", 86_400)])
def test_lateness_runs_to_the_instant_of_looking_while_unfinished(as_of: str, expected: int) -> None:
    assert judged(promise("within: 12 hours"), START, as_of=as_of).lateness == expected


def test_lateness_runs_to_the_finish() -> None:
    assert judged(promise("within: 12 hours"), START, "done 2026-05-05 13:00", as_of=LATER).lateness == 3600


def test_lateness_may_run_from_a_timetable() -> None:
    pledge = promise("within: less than 15 minutes after train\nlate from: train", "details: {train: instant}")
    facts = [START, "done 2026-05-05 10:15"]
    outcome = judged(pledge, *facts, as_of=LATER, train="2026-05-05T10:00:00+01:00")
    assert (outcome.status, outcome.lateness) == ("broken", 900)


PAY = "within: 1 calendar day, by 18:00\nif we do not: [{pay: £1 for each %s}]"


@pytest.mark.parametrize(
    ("unit", "finish", "expected"),
    [
        ("calendar day", "2026-05-06 20:00", "0.00"),
        ("calendar day or part", "2026-05-06 20:00", "1.00"),
        ("calendar day", "2026-05-07 00:00", "0.00"),
        ("calendar day or part", "2026-05-07 00:00", "1.00"),
        ("calendar day", "2026-05-08 00:00", "1.00"),
        ("calendar day", "2026-05-11 23:00", "4.00"),
        ("working day", "2026-05-11 23:00", "2.00"),
        ("working day or part", "2026-05-11 23:00", "3.00"),
        ("working day or part", "2026-05-10 23:00", "2.00"),
        ("24 hours", "2026-05-07 17:59:59", "0.00"),
        ("24 hours", "2026-05-07 18:00:00", "1.00"),
        ("24 hours or part", "2026-05-06 18:00:01", "1.00"),
        ("24 hours or part", "2026-05-07 18:00:00", "1.00"),
        ("24 hours or part", "2026-05-07 18:00:01", "2.00"),
        ("week", "2026-05-14 00:00", "1.00"),
        ("week", "2026-05-13 00:00", "0.00"),
    ],
)
def test_lateness_is_counted_in_full_periods_or_days_between(unit: str, finish: str, expected: str) -> None:
    pledge = promise(PAY % unit)
    assert owed(pledge, "asked 2026-05-05 10:00", f"done {finish}", as_of=LATER) == expected


def test_lateness_in_days_that_leaves_the_calendar_is_unknown() -> None:
    pledge = promise("within: 1 working day\nif we do not: [{pay: £1 for each full working day}]")
    outcome = judged(pledge, "asked 2028-12-27 10:00", "done 2029-01-03 10:00", as_of="2029-02-01 00:00")
    assert (outcome.status, outcome.missing) == ("unknown", ("calendar england-and-wales",))


def test_every_status_has_been_spoken_of() -> None:
    assert {str(each) for each in Status} == {
        "left out", "pending", "void", "excused", "unknown", "kept", "broken", "running"
    }  # fmt: skip


def test_a_voiding_fact_cannot_be_placed_against_a_deadline_that_cannot_be_told() -> None:
    pledge = promise(
        "within: [2 hours if kind is small, 4 hours if kind is big]\nvoid if: left",
        "details: {kind: 'one of small, big'}",
    )
    facts = ["asked 2026-05-05 08:00", "left 2026-06-05 08:00"]
    assert status(pledge, *facts, as_of="2026-07-01 00:00") == "unknown"
    assert status(pledge, *facts, as_of="2026-07-01 00:00", kind="big") == "broken"


@pytest.mark.parametrize(
    ("condition", "excused"),
    [
        ("other is on day", False),
        ("other is not on day", True),
        ("other is on saturday", False),
        ("other is from 1 May to 3 June", False),
        ("other before 08:00 on day", False),
    ],
)
def test_a_fact_that_has_not_happened_was_on_no_day(condition: str, excused: bool) -> None:
    pledge = promise(f"within: 2 hours\nvoid if: {condition}", "details: {day: date}")
    found = status(pledge, "asked 2026-05-05 08:00", as_of="2026-07-01 00:00", day="2026-05-05")
    assert found == ("void" if excused else "broken")
