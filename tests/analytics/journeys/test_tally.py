"""The two-week tally: what is drawn, what is printed, and what a noted contact stands for."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from makegood.analytics.journeys.logs.tally import (
    Tally,
    channels_of,
    plan,
    read_plan,
    sheets,
    two_weeks,
    weighed,
    write_plan,
    write_template,
)
from makegood.records import Rejects
from makegood.records.rows import UnreadableFile

TALLY = Tally(
    organisation="Anyborough <Council>", open_days=two_weeks(date(2026, 3, 2)),
    channels={"telephone": (9, 17), "counter": (10, 12)}, days=4,
)  # fmt: skip


def test_every_hour_of_every_channel_is_drawn_equally_often() -> None:
    hours = plan(TALLY)
    drawn = Counter((hour.channel, hour.hour) for hour in hours)
    assert set(drawn.values()) == {4}
    assert len(drawn) == 10
    assert len({(hour.day, hour.hour, hour.channel) for hour in hours}) == len(hours)
    a_day = Counter(hour.day for hour in hours if hour.channel == "telephone")
    assert max(a_day.values()) - min(a_day.values()) <= 1
    assert plan(TALLY) == hours


def test_weights_bring_the_noted_contacts_up_to_all_of_them() -> None:
    hours = plan(TALLY)
    assert sum(hour.weight for hour in hours) == pytest.approx(10 * 10)


def test_a_plan_is_written_and_read_again(tmp_path: Path) -> None:
    write_plan(plan(TALLY), tmp_path / "plan.csv")
    rejects = Rejects()
    assert read_plan(tmp_path / "plan.csv", rejects) == plan(TALLY)
    assert not rejects
    (tmp_path / "odd.csv").write_text("date,hour,channel,weight\n2026-02-30,9,x,1\n", "utf-8")
    assert not read_plan(tmp_path / "odd.csv", rejects)
    assert len(rejects) == 1
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UnreadableFile, match="columns of a plan"):
        read_plan(tmp_path / "other.csv", rejects)


@pytest.mark.parametrize(
    "hour",
    [
        "2026-03-02,24,t,2",
        "2026-03-02,9,t,nan",
        "2026-03-02,9,t,0",
        "2026-03-02,9,t,-3",
        "2026-03-02,9,t,inf",
        ",9,t,2",
    ],
)
def test_an_hour_or_a_weight_that_is_none_is_set_aside(tmp_path: Path, hour: str) -> None:
    (tmp_path / "plan.csv").write_text(f"date,hour,channel,weight\n{hour}\n2026-03-02,10,t,2\n", "utf-8")
    rejects = Rejects()
    assert [each.hour for each in read_plan(tmp_path / "plan.csv", rejects)] == [10]
    assert [(each.line, each.reason) for each in rejects.rows] == [(2, "no hour of a plan")]


@pytest.mark.parametrize("column", ["start", "organisation", "weight", "sequence"])
def test_a_table_with_a_column_that_is_added_is_refused(tmp_path: Path, column: str) -> None:
    (tmp_path / "sheet.csv").write_text(f"date,hour,channel,{column}\n", "utf-8")
    with pytest.raises(UnreadableFile, match=f"the column “{column}” is added here"):
        weighed(tmp_path / "sheet.csv", tmp_path / "log.csv", hours=[], organisation="C", rejects=Rejects())


def test_a_channel_is_named_once() -> None:
    with pytest.raises(ValueError, match="“Post” twice"):
        dict(channels_of(["post=9-10", "Post=10-12"]))


def test_a_filled_in_table_becomes_a_log_and_other_hours_are_set_aside(tmp_path: Path) -> None:
    hours = plan(TALLY)
    drawn = hours[0]
    left = next(hour for hour in range(9, 17) if (drawn.day, hour, "telephone") not in {
        (each.day, each.hour, each.channel) for each in hours})  # fmt: skip
    write_template(tmp_path / "sheet.csv")
    with (tmp_path / "sheet.csv").open("a", encoding="utf-8") as file:
        file.write(f"{drawn.day},{drawn.hour}:00, {drawn.channel.upper()},NA,job,chase,,,,yes,,,,5,where is it?\n")
        file.write(f"{drawn.day},{left},telephone,p2,job,chase,,,,yes,,,,5,x\n")
        file.write("yesterday,9,telephone,p3,job,chase,,,,yes,,,,5,x\n")
    rejects = Rejects()
    count = weighed(tmp_path / "sheet.csv", tmp_path / "log.csv", hours=hours, organisation="Council", rejects=rejects)
    assert count == 1
    assert [(each.line, each.reason) for each in rejects.rows] == [
        (3, "an hour that was not drawn"), (4, "no such date and hour"),
    ]  # fmt: skip
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as written:
        (row,) = csv.DictReader(written)
    assert row["start"] == f"{drawn.day}T{drawn.hour:02}:00:00"
    assert (row["organisation"], row["weight"], row["subject"]) == ("Council", "2.5", "NA")
    assert row["channel"] == drawn.channel  # as in the plan, not “ TELEPHONE”


def test_days_may_be_written_as_people_in_britain_write_them(tmp_path: Path) -> None:
    hours = plan(TALLY)
    drawn = hours[0]
    write_template(tmp_path / "sheet.csv")
    with (tmp_path / "sheet.csv").open("a", encoding="utf-8") as file:
        file.write(f"{drawn.day:%d/%m/%Y},{drawn.hour},{drawn.channel},p1,job,chase,,,,yes,,,,5,x\n")
        file.write(
            f"{drawn.day.day}/{drawn.day.month}/{drawn.day.year},{drawn.hour}:00,{drawn.channel},p2,,,,,,,,,,,\n"
        )
        file.write(f"31/02/2026,{drawn.hour},{drawn.channel},p3,,,,,,,,,,,\n")
        file.write(f"{drawn.day},25,{drawn.channel},p4,,,,,,,,,,,\n")
    rejects = Rejects()
    count = weighed(tmp_path / "sheet.csv", tmp_path / "log.csv", hours=hours, organisation="Council", rejects=rejects)
    assert count == 2
    assert [each.reason for each in rejects.rows] == ["no such date and hour"] * 2
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as written:
        assert {row["start"] for row in csv.DictReader(written)} == {f"{drawn.day}T{drawn.hour:02}:00:00"}


def test_the_first_page_lists_the_hours_of_each_day_and_each_sheet_names_its_organisation() -> None:
    hours = plan(TALLY)
    page = sheets(hours, TALLY, ["job"], ["chasing"])
    first, *rest = page.split("<section>")
    assert first.count("<li>") == len({hour.day for hour in hours})
    assert first.count(":00 to ") == len(hours)
    assert all("Anyborough &lt;Council&gt;</h2>" in each for each in rest)


def test_the_sheets_have_a_page_for_each_hour_and_nothing_to_run() -> None:
    page = sheets(plan(TALLY), TALLY, ["job <b>"], ["chasing"])
    assert page.count("<section>") == len(plan(TALLY))
    assert "<script" not in page
    assert "Anyborough &lt;Council&gt;" in page
    assert "job &lt;b&gt;" in page
    assert "<b>" not in page


@pytest.mark.parametrize("days", [0, 11])
def test_more_days_than_there_are_cannot_be_drawn(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 10 days"):
        plan(Tally(organisation="A", open_days=TALLY.open_days, channels={"post": (9, 10)}, days=days))
