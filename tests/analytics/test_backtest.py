"""Planned pledges over past cases: what is counted, where it is counted, and that the money adds up."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from makegood.analytics.backtest import Engine, Judged, backtest, past, scalar_engine
from makegood.analytics.figures import rows, write_csv, write_json
from makegood.analytics.sentences import compared, coverage, in_short, who
from makegood.records import CaseFiles, Rejects, read_case_files, result_row
from makegood.rules import Case, Fact, Pledge, Status, evaluate_all
from makegood.schemes import CALENDARS, load

from .trying import AS_OF, FIRST, case, pledge, tried

SCHEMES = Path(__file__).parents[1] / "schemes"


def many(count: int = 200) -> list[Case]:
    """Cases through half a year; every fourth takes eight days, the others between one and three."""
    return [
        case(f"c{number}", FIRST + timedelta(days=number % 180), 8 if number % 4 == 0 else 1 + number % 3,
             team="north" if number % 8 == 0 else "south")
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SCHEMES.glob("*/cases.csv")))
def test_the_money_is_the_sum_of_the_result_file(name: str) -> None:
    folder = SCHEMES / name
    scheme, rejects = load(name), Rejects()
    files = CaseFiles(cases=folder / "cases.csv", events=folder / "events.csv")
    cases = list(read_case_files(files, scheme, rejects))
    written = [
        result_row(outcome)
        for outcome in evaluate_all(scheme, cases, as_of=AS_OF, calendars=CALENDARS)
        if outcome.has_row
    ]
    [result] = tried(cases, scheme).results
    assert result.promises.total == len(written) > 0
    assert result.cases.owed == sum(Decimal(row["owed_gbp"]) for row in written)
    for parts in (result.months, result.categories, result.causes, result.standards):
        assert sum(tally.pence for tally in parts.values()) == result.cases.pence == sum(result.weekly)
    for status in Status:
        assert result.promises.counts[status] == sum(row["status"] == status for row in written)


def test_each_case_is_counted_once_as_it_stands() -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    cases = [
        case("kept", start, 2),
        case("late", start, 8),
        case("never", start, None),
        case("void", start, 2, kind="call"),
        Case(id="unknown", facts=[Fact(name="asked", at=start)]),
        case("running", AS_OF - timedelta(days=1), None),
        case("later", AS_OF + timedelta(days=1), None),
    ]
    [result] = tried(cases).results
    assert {str(status): count for status, count in result.cases.counts.items()} == {
        "kept": 1, "broken": 2, "void": 1, "unknown": 1, "running": 1,
    }  # fmt: skip
    assert (result.cases.broken, result.cases.decided) == (2, 3)
    assert result.reasons[Status.UNKNOWN, "missing: kind"] == 1
    assert result.reasons[Status.VOID, "kind is call"] == 1


def test_a_case_of_several_promises_is_broken_when_one_of_them_is() -> None:
    def engine(pledge: Pledge) -> Iterable[Judged]:
        yield Judged("c0", "one", Status.KEPT, 0)
        yield Judged("c0", "two", Status.BROKEN, 700)
        yield Judged("c1", "one", Status.KEPT, 0)
        yield Judged("c1", "two", Status.VOID, 0, "too late")

    test = backtest([pledge()], past(many(2), [pledge()], as_of=AS_OF), engine, calendars=CALENDARS)
    [result] = test.results
    assert (result.cases.broken, result.cases.decided, result.cases.pence) == (1, 2, 700)
    assert (result.promises.broken, result.promises.decided) == (1, 3)
    assert result.standards["two"].counts == {Status.BROKEN: 1, Status.VOID: 1}


def test_a_case_belongs_to_the_local_month_in_which_it_began() -> None:
    night = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July in London
    [result] = tried([case("night", night, 20), case("earlier", night - timedelta(days=70), 1)]).results
    assert list(result.months) == ["2026-04", "2026-05", "2026-06", "2026-07"]
    assert [tally.total for tally in result.months.values()] == [1, 0, 0, 1]
    assert result.months["2026-07"].broken == 1


def test_a_longer_limit_is_never_broken_more_often_and_the_value_now_is_marked() -> None:
    [curve] = tried(many(), vary="answer limit 1..9 calendar days").curves
    broken = [point.cases.broken for point in curve.points]
    assert broken == sorted(broken, reverse=True)
    assert broken[0] > broken[4] == 50
    assert broken[8] == 0
    assert curve.at == 4
    assert curve.now == "5 calendar days"
    assert curve.points[4].cases == tried(many()).results[0].cases


def test_a_lower_cap_never_costs_more() -> None:
    late = [case(f"c{number}", FIRST, 5 + number) for number in range(40)]
    [curve] = tried(late, vary="answer cap £5..£40 by £5").curves
    owed = [point.cases.pence for point in curve.points]
    assert owed == sorted(owed)
    assert curve.points[3].label == "£20"
    assert curve.at == 3


def test_pledges_are_compared_case_by_case() -> None:
    test = tried(many(), pledge(5), pledge(2, "swift"))
    [found] = test.comparisons
    firm, swift = test.results
    assert found.decided == 200
    assert (found.worse, found.better) == (swift.cases.broken - firm.cases.broken, 0)
    assert found.worse > 0
    assert found.pence == swift.cases.pence - firm.cases.pence
    assert found.sure_broken
    assert found.sure_cost
    assert "More than chance would explain" in " ".join(compared(found, "answers"))


def test_a_difference_that_chance_could_explain_is_not_called_one() -> None:
    cases = [*many(80), case("one", datetime(2026, 2, 2, 9, tzinfo=UTC), 5)]
    [found] = tried(cases, pledge(pay="£5"), pledge(4, "swift", pay="£5")).comparisons
    assert (found.worse, found.better) == (1, 0)
    assert not found.sure_broken
    assert not found.sure_cost
    said = " ".join(compared(found, "answers"))
    assert "For 1 of 81 cases decided by both, the outcome differs" in said
    assert "Chance alone could explain that." in said
    assert "no difference in cost can be claimed" in said


def test_the_same_pledge_twice_does_not_differ() -> None:
    test = tried(many(), pledge(), pledge())
    [found] = test.comparisons
    assert [result.label for result in test.results] == ["answers (1)", "answers (2)"]
    assert (found.worse, found.better, found.pence) == (0, 0, 0)
    assert "the same outcome in all 200 cases" in " ".join(compared(found, "answers (1)"))


def test_who_causes_it_is_told_with_counts() -> None:
    test = tried(many(), by="team")
    [result] = test.results
    assert {name: (tally.broken, tally.decided) for name, tally in result.causes.items()} == {
        "north": (25, 25), "south": (25, 175),
    }  # fmt: skip
    [said] = who(result.causes, result.cases)
    assert "(25 of 50)" in said
    assert sum(tally.pence for tally in result.causes.values()) == result.cases.pence


def test_cases_without_the_detail_stand_apart() -> None:
    cases = [*many(8), case("nameless", datetime(2026, 2, 2, 9, tzinfo=UTC), 1)]
    [result] = tried(cases, by="team").results
    assert result.causes["not given"].total == 1


def test_few_cases_are_called_few_in_words() -> None:
    test = tried(many(12))
    said = " ".join(in_short(test, test.results[0]))
    assert "Only 12 cases could be decided: too few to build a promise on" in said
    assert "too short to say what a year would cost" in said


def test_what_the_figures_rest_on_is_said() -> None:
    test = backtest(
        [pledge()], past(many(), [pledge()], as_of=AS_OF), scalar_engine(many(), AS_OF, CALENDARS),
        calendars=CALENDARS, set_aside={"no case id": 2},
    )  # fmt: skip
    said = " ".join(coverage(test))
    assert "200 cases read; they began from Monday 5 January 2026 to Friday 3 July 2026 (180 days)" in said
    assert "2 rows could not be used and were set aside (no case id: 2)" in said
    assert "do not cover one year" in said


def test_a_year_costs_what_a_year_of_cases_cost() -> None:
    first = datetime(2025, 1, 1, 9, tzinfo=UTC)
    cases = [case(f"c{day}", first + timedelta(days=day), 8) for day in range(365)]
    test = tried(cases)
    assert test.period is not None
    assert test.period.is_a_year
    assert test.period.yearly(test.results[0].cases.pence) == float(test.results[0].cases.owed) == 365 * 7


def with_dates(*asked: datetime) -> list[Case]:
    """Half a year of cases, and more that began then."""
    return [*many(), *(case(f"odd{number}", at, 8) for number, at in enumerate(asked))]


@pytest.mark.parametrize("year", [1001, 1900, 1990])
def test_one_case_of_long_ago_is_pointed_out_and_leaves_the_cost_unsure(year: int) -> None:
    test = tried(with_dates(datetime(year, 1, 2, 9, tzinfo=UTC)), pledge(), pledge(2, "swift"))
    said = " ".join(coverage(test))
    assert f"2 January {year}, " in said
    assert "days before nearly all others: see whether that date is right" in said
    assert "months without a case are left out" in said
    first = test.results[0]
    assert first.cost_interval is None
    assert len(first.months) == 8
    assert first.weekly == ()
    assert sum(tally.pence for tally in first.months.values()) == first.cases.pence > 0
    assert "more than 1,040: too long to say what a year would cost" in " ".join(in_short(test, first))
    [found] = test.comparisons
    assert found.interval is None
    assert not found.sure_cost
    assert "too many weeks to say how surely" in " ".join(compared(found, "answers"))


def test_a_case_of_ten_years_before_makes_most_weeks_empty() -> None:
    test = tried(with_dates(datetime(2016, 1, 5, 9, tzinfo=UTC)), pledge(), pledge(2, "swift"))
    [first, _] = test.results
    assert first.cost_interval is None
    assert len(first.months) == 127
    assert sum(first.weekly) == first.cases.pence
    assert "Most of the 548 weeks are without a case: too unsteady to say" in " ".join(in_short(test, first))
    assert "too many weeks without a case to say how surely" in " ".join(compared(test.comparisons[0], "answers"))


def test_a_last_case_far_after_the_rest_is_pointed_out() -> None:
    as_of = datetime(2031, 1, 1, 9, tzinfo=UTC)
    said = " ".join(coverage(tried(with_dates(datetime(2030, 7, 1, 9, tzinfo=UTC)), as_of=as_of)))
    assert "The last case began on Monday 1 July 2030, " in said
    assert "days after nearly all others" in said
    assert "The first case began" not in said


def test_cases_that_lie_evenly_are_not_called_far_apart() -> None:
    for step in (1, 7, 30, 100):
        cases = [case(f"c{number}", FIRST - timedelta(days=step * number), 2) for number in range(40)]
        assert "nearly all others" not in " ".join(coverage(tried(cases)))


def test_nothing_to_judge_is_said() -> None:
    test = tried([case("later", AS_OF + timedelta(days=3), None)])
    assert test.results == ()
    assert "none had begun by Tuesday 15 September 2026, 09:00" in " ".join(coverage(test))


def test_the_order_of_rows_does_not_matter() -> None:
    cases = many(60)

    def backwards(engine: Engine) -> Engine:
        return lambda pledge: list(engine(pledge))[::-1]

    engine = scalar_engine(cases, AS_OF, CALENDARS)
    placed = past(cases, [pledge()], as_of=AS_OF, category="kind", by="team")
    there = backtest([pledge()], placed, engine, calendars=CALENDARS)
    back = backtest([pledge()], placed, backwards(engine), calendars=CALENDARS)
    assert list(rows(there)) == list(rows(back))


def test_csv_and_json_hold_the_same_figures() -> None:
    test = tried(many(), vary="answer limit 4..6 calendar days", by="team")
    table, data = io.StringIO(), io.StringIO()
    write_csv(test, table)
    write_json(test, data)
    read = list(csv.DictReader(io.StringIO(table.getvalue())))
    found = json.loads(data.getvalue())
    assert [{key: "" if value is None else str(value) for key, value in row.items()} for row in found["rows"]] == read
    assert {row["group"] for row in read} == {"all", "standard", "month", "kind", "team", "answer limit"}
    whole = next(row for row in read if row["group"] == "all")
    assert (whole["broken"], whole["count"], whole["owed_gbp"]) == ("50", "200", "350.00")
    assert Decimal(whole["yearly_low_gbp"]) <= Decimal(whole["yearly_gbp"]) <= Decimal(whole["yearly_high_gbp"])
    assert found["days"] == 180


@pytest.mark.parametrize("team", ["a\rb", "a\nb", "a\r\nb", 'a"b', "a,b", "a\r\n"])
def test_a_name_comes_back_from_csv_as_it_was(team: str) -> None:
    table = io.StringIO()
    write_csv(tried([case("c", FIRST, 2, team=team)], by="team"), table)
    [row] = [row for row in csv.DictReader(io.StringIO(table.getvalue(), newline="")) if row["group"] == "team"]
    assert row["key"] == team
    assert table.getvalue().endswith(",\n")
