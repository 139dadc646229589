"""The customer's time and travel, days, working days and costs, counted on paper first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from makegood.analytics.journeys.costs import read_costs
from makegood.analytics.journeys.measures import effort
from makegood.analytics.journeys.measures.settings import Settings
from makegood.schemes import CALENDARS
from tests.analytics.journeys.counting import BY, Row, at, gone_without, measured, of

DATED = "source: made up, date: 2026-04-01"
COSTS = f"""
contacts:
  - {{low: £1, high: £8, {DATED}}}
  - {{channel: telephone, low: £2, high: £4, {DATED}}}
  - {{organisation: council, low: £3, high: £5, {DATED}}}
  - {{organisation: council, channel: telephone, low: £7, high: £9, {DATED}}}
hour: {{low: £6, high: £15, {DATED}}}
mile: {{low: £0.25, high: £0.50, {DATED}}}
"""
SETTINGS = Settings(costs=read_costs(COSTS), calendar=CALENDARS["england-and-wales"])


def contact(name: str, day: float, **more: object) -> Row:
    """A contact of ten minutes with the council, without travel, in the journey of its first letter."""
    return {
        "contact": name,
        "case": name[0],
        "subject": name[0],
        "need": "benefit",
        "organisation": "council",
        "channel": "telephone",
        "start": at(day),
        "end": at(day, 1),
        "minutes": 10.0,
        "travel_minutes": 0.0,
        "travel_miles": 0.0,
        "reason_adviser": "not avoidable",
        "completed": False,
        **more,
    }


# j: Monday to the Tuesday of the week after; a visit of 30 minutes, an hour and 8 miles on the way; what comes after
# completion does not count. k: one contact. m: never completed. n: completed, but nobody noted the way.
JOURNEYS = (
    contact("j1", 0),
    contact("j2", 3, channel="visit", minutes=30.0, travel_minutes=60.0, travel_miles=8.0, need="rent"),
    contact("j3", 8, completed=True),
    contact("j4", 9, minutes=500.0),
    contact("k1", 0, completed=True, need="rent"),
    contact("m1", 0, minutes=500.0),
    contact("n1", 0, travel_minutes=None, travel_miles=None, completed=True),
)
HOUR = 1 / 24


def test_the_customers_time_and_travel_are_counted_until_completion() -> None:
    found = measured(effort, JOURNEYS, settings=SETTINGS, by=BY)
    minutes, travel, miles = (of(found, name) for name in ("own_minutes", "travel_minutes", "travel_miles"))
    assert (minutes.value, minutes.n, minutes.unknown) == ((50 + 10 + 10) / 3, 3, 1)
    assert (travel.value, travel.n, travel.unknown) == (60 / 2, 2, 2)
    assert miles.value == 4
    assert of(found, "own_minutes", need="benefit").value == 30
    assert of(found, "own_minutes", need="rent").value == 10


def test_days_run_from_the_first_contact_to_completion_in_real_and_in_working_days() -> None:
    found = measured(effort, JOURNEYS, settings=SETTINGS)
    assert of(found, "elapsed_days").value == pytest.approx((8 + 3 * HOUR) / 3)
    assert of(found, "elapsed_days_middle").value == pytest.approx(HOUR)
    working = of(found, "elapsed_working_days")
    assert (working.value, working.n, working.unknown) == (6 / 3, 3, 1)  # Tuesday to Friday, two more


@pytest.mark.parametrize(
    ("first", "completed", "days"),
    [
        ("2026-05-22T10:00Z", "2026-05-26T10:00Z", 1),  # Friday to Tuesday over a bank holiday
        ("2026-05-23T10:00Z", "2026-05-24T10:00Z", 0),  # Saturday to Sunday
        ("2026-06-01T22:59Z", "2026-06-01T23:01Z", 1),  # midnight in London is at 23:00 in summer
        ("2026-01-05T22:59Z", "2026-01-05T23:01Z", 0),  # and not in winter
        ("2026-01-05T23:59Z", "2026-01-06T00:00Z", 1),
        ("2026-03-27T23:59Z", "2026-03-30T23:00Z", 2),  # clocks go forward; Friday to Tuesday
        ("2026-10-23T12:00Z", "2026-10-26T23:59Z", 1),  # clocks go back; Friday to Monday
    ],
)
def test_working_days_are_local_days_of_the_calendar(first: str, completed: str, days: int) -> None:
    start, end = (
        int(datetime.fromisoformat(each).astimezone(UTC).timestamp()) * 1_000_000 for each in (first, completed)
    )
    row = contact("a1", 0, start=start, end=end, completed=True)
    assert of(measured(effort, [row], settings=SETTINGS), "elapsed_working_days").value == days


def test_working_days_agree_with_the_calendar_for_every_pair_of_days() -> None:
    calendar = CALENDARS["england-and-wales"]
    rows = []
    total = 0
    first = 20_450  # in December 2025, over Christmas
    for number in range(40):
        start, end = first + number % 7, first + number
        total += calendar.between(start, max(start, end))
        spans = [day * 86_400_000_000 + 43_200_000_000 for day in (start, end)]
        rows.append(contact(f"{chr(65 + number)}1", 0, start=spans[0], end=spans[1], completed=True))
    found = of(measured(effort, rows, settings=SETTINGS), "elapsed_working_days")
    assert (found.value, found.n) == (total / 40, 40)


def test_days_beyond_the_calendar_are_unknown_and_never_guessed() -> None:
    far = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
    ancient = int(datetime(1950, 1, 3, 12, tzinfo=UTC).timestamp()) * 1_000_000
    rows = [
        contact("a1", 0, end=far, completed=True),
        contact("b1", 0, start=ancient, completed=True),
        contact("c1", 0, completed=True),
    ]
    found = measured(effort, rows, settings=SETTINGS)
    assert (of(found, "elapsed_working_days").n, of(found, "elapsed_working_days").unknown) == (1, 2)
    assert of(found, "elapsed_days").n == 3


def test_what_it_costs_the_customer_is_told_as_a_low_and_a_high_end() -> None:
    found = measured(effort, JOURNEYS, settings=SETTINGS)
    low, high = of(found, "customer_cost_low"), of(found, "customer_cost_high")
    # j: 110 minutes and 8 miles; k: 10 minutes; n is unknown
    assert low.value == pytest.approx(((110 + 10) / 60 * 6 + 8 * 0.25) / 2)
    assert high.value == pytest.approx(((110 + 10) / 60 * 15 + 8 * 0.50) / 2)
    assert (low.n, low.unknown) == (2, 2)
    assert "low end" in low.definition.says
    assert "high end" in high.definition.says
    assert "low" not in high.definition.formula


def test_avoidable_contact_costs_each_organisation_from_low_to_high_by_the_nearest_unit_cost() -> None:
    chase = {"reason_adviser": "progress_chasing"}
    rows = [
        contact("a1", 0, **chase),  # council by telephone: 7 to 9
        contact("a2", 1, **chase, channel="letter", weight=4.0),  # council: 3 to 5, four times
        contact("a3", 2, **chase, organisation="jobcentre"),  # by telephone: 2 to 4
        contact("a4", 3, **chase, organisation="jobcentre", channel="post"),  # of all: 1 to 8
        contact("a5", 4),  # had to be
        contact("a6", 5, reason_adviser=None),  # nobody said
        contact("a7", 6, reason_adviser="word that the list does not have"),
    ]
    found = measured(effort, rows, settings=SETTINGS, by=BY)
    low, high = of(found, "avoidable_cost_low"), of(found, "avoidable_cost_high")
    assert (low.value, high.value) == (7 + 4 * 3 + 2 + 1, 9 + 4 * 5 + 4 + 8)
    assert (low.n, low.unknown) == (5, 2)
    assert of(found, "avoidable_cost_high", organisation="council").value == 29
    assert of(found, "avoidable_cost_high", organisation="jobcentre").value == 12


def test_an_avoidable_contact_without_a_unit_cost_is_unknown_and_not_free() -> None:
    costs = read_costs(f"contacts: [{{channel: telephone, low: £2, high: £4, {DATED}}}]")
    rows = [contact("a1", 0, reason_adviser="progress_chasing"), contact("a2", 1, channel="letter")]
    rows.append(contact("a3", 2, channel="letter", reason_adviser="progress_chasing"))
    found = measured(effort, rows, settings=Settings(costs=costs))
    assert (of(found, "avoidable_cost_low").value, of(found, "avoidable_cost_low").n) == (2, 2)
    assert of(found, "avoidable_cost_low").unknown == 1
    assert of(found, "customer_cost_low").lacks == ("unit costs",)


@pytest.mark.parametrize(
    ("own", "channel", "low"),
    [
        ("organisation: council", "post", None),  # it may be the council
        ("organisation: council", None, None),
        ("organisation: council, channel: telephone", "telephone", None),
        ("organisation: council, channel: telephone", None, None),
        ("organisation: council, channel: telephone", "post", 1),
        ("channel: telephone", "telephone", 2),  # no organisation has a cost of its own
        ("channel: telephone", "post", 1),
    ],
)
def test_a_contact_of_an_unknown_organisation_may_be_of_one_with_a_unit_cost_of_its_own(
    own: str, channel: str | None, low: float | None
) -> None:
    costs = f"contacts: [{{low: £1, high: £8, {DATED}}}, {{{own}, low: £2, high: £4, {DATED}}}]"
    about = {"organisation": None, "channel": channel, "reason_adviser": "progress_chasing"}
    settings = Settings(costs=read_costs(costs))
    found = of(measured(effort, [contact("a1", 0, **about)], settings=settings), "avoidable_cost_low")
    assert (found.value, found.unknown) == (low, int(low is None))


@pytest.mark.parametrize(
    ("own", "low"),
    [
        ("channel: telephone", None),  # it may have been by telephone
        ("organisation: council, channel: telephone", None),
        ("organisation: council", 2),  # by whichever channel
        ("organisation: jobcentre, channel: telephone", 1),
    ],
)
def test_a_contact_by_an_unknown_channel_may_be_by_one_with_a_unit_cost_of_its_own(own: str, low: float | None) -> None:
    costs = f"contacts: [{{low: £1, high: £8, {DATED}}}, {{{own}, low: £2, high: £4, {DATED}}}]"
    about = {"organisation": "council", "channel": None, "reason_adviser": "progress_chasing"}
    settings = Settings(costs=read_costs(costs))
    found = of(measured(effort, [contact("a1", 0, **about)], settings=settings), "avoidable_cost_low")
    assert (found.value, found.unknown) == (low, int(low is None))


def test_the_cost_of_an_organisation_comes_before_that_of_a_channel_even_of_an_unknown_one() -> None:
    costs = "organisation: council, low: £2, high: £4", "channel: telephone, low: £3, high: £6"
    text = f"contacts: [{', '.join(f'{{{each}, {DATED}}}' for each in costs)}]"
    about = {"organisation": "council", "channel": None, "reason_adviser": "progress_chasing"}
    found = measured(effort, [contact("a1", 0, **about)], settings=Settings(costs=read_costs(text)))
    assert of(found, "avoidable_cost_low").value == 2


def test_without_unit_costs_and_calendar_their_measures_say_what_they_lack() -> None:
    found = measured(effort, JOURNEYS)
    for name in ("customer_cost_low", "customer_cost_high", "avoidable_cost_low", "avoidable_cost_high"):
        assert (of(found, name).value, of(found, name).lacks) == (None, ("unit costs",))
    assert of(found, "elapsed_working_days").lacks == ("a calendar of working days",)
    assert of(found, "own_minutes").value is not None


def test_a_completion_noted_before_the_beginning_takes_no_time() -> None:
    found = measured(effort, [contact("a1", 5, end=at(0), completed=True)], settings=SETTINGS)
    assert of(found, "elapsed_days").value == 0
    assert of(found, "elapsed_working_days").value == 0


def test_a_deleted_column_leaves_its_measures_unknown_and_the_others_as_they_were() -> None:
    gone = {
        "completed": {each.name for each in effort.DEFINITIONS if not each.name.startswith("avoidable")},
        "minutes": {"own_minutes", "customer_cost_low", "customer_cost_high"},
        "travel_minutes": {"travel_minutes", "customer_cost_low", "customer_cost_high"},
        "travel_miles": {"travel_miles", "customer_cost_low", "customer_cost_high"},
        "reason_adviser": {"avoidable_cost_low", "avoidable_cost_high"},
        "organisation": {"avoidable_cost_low", "avoidable_cost_high"},
        "channel": {"avoidable_cost_low", "avoidable_cost_high"},
        "need": set(),
    }
    assert gone_without(effort, list(gone), JOURNEYS, settings=SETTINGS) == gone


def test_every_measure_is_told_of_a_log_in_which_nothing_was_completed() -> None:
    found = measured(effort, [contact("a1", 0)], settings=SETTINGS)
    assert {name for name, _ in found} == {each.name for each in effort.DEFINITIONS}
    assert of(found, "elapsed_working_days").value is None
