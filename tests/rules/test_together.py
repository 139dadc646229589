"""Cases of one subject judged together: repetitions and caps in a period."""

import random

import pytest

from makegood.rules import Case, Pledge, evaluate
from tests.rules.judging import KNOWN, at, case, judged_together, promise, written

HEAD = "subject: home\ndetails: {home: text}"
LATER = "2028-01-01 00:00"


def pledge_with(lines: str, amount: str = "£10") -> Pledge:
    return promise(f"within: 12 hours\nif we do not:\n  - pay: {amount}\n    {lines}", HEAD)


def missed(*starts: str, home: str = "1", first: int = 1) -> list[Case]:
    """Cases that are never finished, by their starts, named in that order."""
    return [
        case(f"asked {start}", name=f"{home}-{number:02d}", home=home) for number, start in enumerate(starts, first)
    ]


def paid(lines: str, *starts: str, amount: str = "£10") -> list[str]:
    """What each of several missed cases of one subject is owed."""
    found = judged_together(pledge_with(lines, amount), missed(*starts), LATER)
    return [str(found[name].owed) for name in sorted(found)]


# --- repetitions ------------------------------------------------------------------------------------------------


def test_a_remedy_may_be_for_the_fourth_in_a_year_from_the_first_of_april() -> None:
    days = ["2026-04-01", "2026-07-01", "2026-12-01", "2027-03-31", "2027-04-01"]
    found = paid("repeated: the 4th in a year from 1 April", *[f"{day} 10:00" for day in days])
    assert found == ["0.00", "0.00", "0.00", "10.00", "0.00"]


def test_a_year_begins_on_the_day_that_the_pledge_names_in_local_time() -> None:
    days = ["2026-03-31 23:30+00:00", "2027-03-31 22:59:59+00:00"]
    assert paid("repeated: the 2nd in a year from 1 April", *days) == ["0.00", "10.00"]
    days = ["2026-03-31 22:59:59+00:00", "2027-03-31 22:59:59+00:00"]
    assert paid("repeated: the 2nd in a year from 1 April", *days) == ["0.00", "0.00"]
    assert paid("repeated: the 2nd in a year from 1 January", "2026-12-31 10:00", "2027-01-01 10:00") == ["0.00"] * 2


@pytest.mark.parametrize(("second", "expected"), [("2026-05-29", "10.00"), ("2026-05-30", "0.00")])
def test_within_so_many_days_includes_the_last_of_them(second: str, expected: str) -> None:
    found = paid("repeated: the 2nd in 28 calendar days", "2026-05-01 23:00", f"{second} 00:30")
    assert found == ["0.00", expected]


@pytest.mark.parametrize(("second", "expected"), [("2027-05-01", "10.00"), ("2027-05-02", "0.00")])
def test_a_case_counts_in_so_many_months(second: str, expected: str) -> None:
    assert paid("repeated: the 2nd in 12 months", "2026-05-01 10:00", f"{second} 10:00") == ["0.00", expected]


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("the 2nd", ["0", "1", "0", "0", "0"]),
        ("the 2nd and each after it", ["0", "1", "1", "1", "1"]),
        ("each 2nd", ["0", "1", "0", "1", "0"]),
    ],
)
def test_the_pledge_says_which_case_is_paid(which: str, expected: list[str]) -> None:
    starts = [f"2026-05-{day:02d} 10:00" for day in range(1, 6)]
    assert paid(f"repeated: {which} in a year from 1 April", *starts, amount="£1") == [
        f"{each}.00" for each in expected
    ]


def test_only_broken_cases_count() -> None:
    cases = [
        case("asked 2026-05-01 10:00", "done 2026-05-01 11:00", name="a", home="1"),
        case("asked 2026-05-02 10:00", name="b", home="1"),
        case("asked 2026-05-03 10:00", name="c", home="1"),
    ]
    found = judged_together(pledge_with("repeated: the 2nd in 28 calendar days"), cases, LATER)
    assert {name: str(outcome.owed) for name, outcome in found.items()} == {"a": "0.00", "b": "0.00", "c": "10.00"}


def test_the_pledge_may_count_facts_instead() -> None:
    pledge = pledge_with("repeated: the 3rd in 28 calendar days, counting stuck")
    cases = [
        case("asked 2026-05-01 10:00", "stuck 2026-05-01 11:00", "stuck 2026-05-02 11:00", name="a", home="1"),
        case("asked 2026-05-03 10:00", "stuck 2026-05-29 11:00", name="b", home="1"),
    ]
    found = judged_together(pledge, cases, LATER)
    assert [str(found[name].owed) for name in "ab"] == ["0.00", "10.00"]
    moved = [cases[0], case("asked 2026-05-03 10:00", "stuck 2026-05-30 11:00", name="b", home="1")]
    found = judged_together(pledge, moved, LATER)
    assert [str(found[name].owed) for name in "ab"] == ["0.00", "0.00"]


def test_cases_of_another_subject_do_not_count() -> None:
    cases = [*missed("2026-05-01 10:00", home="1"), *missed("2026-05-02 10:00", home="2")]
    found = judged_together(pledge_with("repeated: the 2nd in 28 calendar days"), cases, LATER)
    assert {str(outcome.owed) for outcome in found.values()} == {"0.00"}


def test_a_case_is_placed_by_its_start_and_taken_in_the_order_of_its_breach() -> None:
    pledge = promise(
        "within: 12 hours\npaused: [{from: held, until: freed}]\n"
        "if we do not: [{pay: £10, no more than: 1 payment in a year from 1 April}]",
        HEAD,
    )
    slow = case("asked 2026-05-01 10:00", "held 2026-05-01 11:00", "freed 2026-05-08 11:00", name="a", home="1")
    quick = case("asked 2026-05-03 10:00", name="b", home="1")
    found = judged_together(pledge, [slow, quick], LATER)
    assert [str(found[name].owed) for name in "ab"] == ["0.00", "10.00"]


def test_cases_broken_at_the_same_instant_are_taken_in_the_order_of_their_ids() -> None:
    cases = [case("asked 2026-05-01 10:00", name=name, home="1") for name in ("c", "a", "b")]
    found = judged_together(pledge_with("no more than: 2 payments in a year from 1 April"), cases, LATER)
    assert {name: str(outcome.owed) for name, outcome in found.items()} == {"a": "10.00", "b": "10.00", "c": "0.00"}


# --- caps -------------------------------------------------------------------------------------------------------


def test_at_most_five_payments_in_a_financial_year() -> None:
    starts = [f"2026-05-{day:02d} 10:00" for day in range(1, 8)] + ["2027-04-01 10:00"]
    assert paid("no more than: 5 payments in a year from 1 April", *starts) == ["10.00"] * 5 + ["0.00"] * 2 + ["10.00"]


def test_a_cap_in_pounds_cuts_the_payment_that_goes_over_it() -> None:
    starts = [f"2026-05-{day:02d} 10:00" for day in range(1, 5)]
    assert paid("no more than: £25 in 12 months", *starts) == ["10.00", "10.00", "5.00", "0.00"]


def test_a_cap_in_payments_and_one_in_pounds_hold_together() -> None:
    starts = [f"2026-05-{day:02d} 10:00" for day in range(1, 5)]
    lines = "no more than: [3 payments in a year from 1 April, £15 in 1 calendar day]"
    assert paid(lines, *starts) == ["10.00", "5.00", "10.00", "0.00"]


def test_what_is_extinguished_uses_up_no_payment() -> None:
    pledge = promise(
        "within: 12 hours\nif we do not: "
        "[{pay: £10, nothing is owed if: waived, no more than: 1 payment in a year from 1 April}]",
        HEAD,
    )
    cases = [
        case("asked 2026-05-01 10:00", "waived 2026-05-01 11:00", name="a", home="1"),
        *missed("2026-05-02 10:00", first=2),
    ]
    found = judged_together(pledge, cases, LATER)
    assert {name: str(outcome.owed) for name, outcome in found.items()} == {"a": "0.00", "1-02": "10.00"}


def test_the_cap_per_case_comes_before_the_cap_per_subject() -> None:
    starts = ["2026-05-01 10:00", "2026-05-02 10:00"]
    found = paid("no more than: £25 in 12 months", *starts, amount="£1 for each full hour, at most £20")
    assert found == ["20.00", "5.00"]


# --- the rest ---------------------------------------------------------------------------------------------------


def test_a_broken_case_without_its_subject_is_unknown_and_does_not_count() -> None:
    pledge = pledge_with("no more than: 1 payment in a year from 1 April")
    cases = [case("asked 2026-05-01 10:00", name="a", home=""), *missed("2026-05-02 10:00", first=2)]
    found = judged_together(pledge, cases, LATER)
    assert (found["a"].status, found["a"].missing, found["a"].due_at) == ("unknown", ("home",), None)
    assert found["a"].explanation is not None
    assert found["a"].explanation.missing == ("home",)
    assert str(found["1-02"].owed) == "10.00"


def test_a_kept_case_needs_no_subject() -> None:
    pledge = pledge_with("no more than: 1 payment in a year from 1 April")
    kept = case("asked 2026-05-01 10:00", "done 2026-05-01 11:00", name="a", home="")
    assert judged_together(pledge, [kept], LATER)["a"].status == "kept"


def test_the_order_of_the_cases_never_matters() -> None:
    pledge = pledge_with("no more than: [3 payments in a year from 1 April, £35 in 28 calendar days]")
    cases = [case(f"asked 2026-05-{day % 27 + 1:02d} 10:00", name=str(day), home=str(day % 3)) for day in range(40)]
    straight = judged_together(pledge, cases, LATER)
    random.Random(7).shuffle(cases)
    assert judged_together(pledge, cases, LATER) == straight


def test_one_case_may_be_judged_with_the_others_of_its_subject() -> None:
    pledge = pledge_with("no more than: 1 payment in a year from 1 April")
    first, second = missed("2026-05-01 10:00", "2026-05-02 10:00")
    (alone,) = evaluate(pledge, second, as_of=at(LATER), calendars=KNOWN)
    (among,) = evaluate(pledge, second, as_of=at(LATER), calendars=KNOWN, others=[first])
    assert [str(alone.owed), str(among.owed)] == ["10.00", "0.00"]


VERSIONS = """
subject: home
details: {home: text}
versions:
  - name: old
    until: 2026-05-03
    standards:
      s:
        when: asked
        we will: done
        within: 12 hours
        if we do not: [{pay: £10, %s}]
  - name: new
    from: 2026-05-04
    standards:
      s:
        when: asked
        we will: done
        within: 24 hours
        if we do not: [{pay: £20, %s}]
"""


def test_repetitions_and_caps_hold_across_the_versions_of_a_standard() -> None:
    starts = [f"2026-05-{day:02d} 10:00" for day in range(1, 7)]
    for rule, expected in (
        ("no more than: 4 payments in a year from 1 April", ["10", "10", "10", "20", "0", "0"]),
        ("no more than: £45 in a year from 1 April", ["10", "10", "10", "15", "0", "0"]),
        ("repeated: each 2nd in a year from 1 April", ["0", "10", "0", "20", "0", "20"]),
    ):
        found = judged_together(written(VERSIONS % (rule, rule)), missed(*starts), LATER)
        assert [str(found[name].owed) for name in sorted(found)] == [f"{each}.00" for each in expected]


def test_the_explanation_tells_what_is_owed_after_all() -> None:
    found = judged_together(
        pledge_with("no more than: £15 in 12 months"), missed("2026-05-01 10:00", "2026-05-02 10:00"), LATER
    )
    explanation = found["1-02"].explanation
    assert explanation is not None
    assert [(line.what, line.each) for line in explanation.amounts[0].lines] == [("first", 1_000), ("ceiling", 500)]
    assert explanation.amounts[0].pence == 500
