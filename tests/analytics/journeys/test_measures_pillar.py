"""Hand-overs, returns, ping-pong, days without an owner and waits, counted on paper first."""

from __future__ import annotations

from statistics import median, quantiles

import pytest

from makegood.analytics.journeys.measures import pillar
from tests.analytics.journeys.counting import BY, Row, at, gone_without, measured, of


def contact(name: str, day: float, organisation: str | None, **more: object) -> Row:
    """A contact of an hour at a desk by telephone that left things open, in the journey of its first letter."""
    return {
        "contact": name,
        "case": name[0],
        "subject": f"customer {name[0]}",
        "need": "benefit",
        "channel": "telephone",
        "start": at(day),
        "end": at(day, 1),
        "organisation": organisation,
        "team": "desk",
        "kind": "other",
        "resolved": False,
        "completed": False,
        "handed_to": None,
        **more,
    }


# j: council, jobcentre, council, jobcentre, tax office; completed at the tax office.
# k: council twice at two desks, then NA (an organisation); not completed.
# m: one contact, completed.
JOURNEYS = (
    contact("j1", 0, "council", handed_to="jobcentre"),
    contact("j2", 4, "jobcentre"),
    contact("j3", 5, "council", resolved=True),
    contact("j4", 6, "jobcentre", kind="hand-over"),
    contact("j5", 16, "tax office", completed=True, resolved=True),
    contact("k1", 0, "council", need="rent"),
    contact("k2", 2, "council", need="rent", team="back office"),
    contact("k3", 3, "NA", need="rent", resolved=True),
    contact("m1", 1, "council", completed=True, resolved=True),
)
HOUR = 1 / 24


def test_moves_to_another_organisation_are_hand_overs_and_those_within_one_are_told_apart() -> None:
    found = measured(pillar, JOURNEYS, by=BY)
    assert of(found, "hand_overs").value == pytest.approx((4 + 1 + 0) / 3)
    assert of(found, "hand_overs", need="benefit").value == pytest.approx(4 / 2)
    assert of(found, "hand_overs", need="rent").value == 1
    assert of(found, "team_moves").value == pytest.approx(1 / 3)
    assert (of(found, "hand_overs").n, of(found, "hand_overs").unknown) == (3, 0)


def test_a_return_is_a_move_to_an_organisation_that_was_visited_and_left() -> None:
    found = measured(pillar, JOURNEYS)
    assert of(found, "returns").value == pytest.approx(2 / 3)  # j3 to the council, j4 to the jobcentre


def test_bodies_are_counted_until_the_contact_that_completed_the_journey() -> None:
    after = contact("m2", 9, "college")
    found = of(measured(pillar, [*JOURNEYS, after]), "bodies_per_outcome")
    assert (found.value, found.n, found.unknown) == ((3 + 1) / 2, 2, 1)


def test_nobody_owns_it_after_a_hand_over_or_when_an_open_matter_goes_on_elsewhere() -> None:
    found = measured(pillar, JOURNEYS, by=BY)
    # j1 handed over: 4 days less the hour of the contact; j2 left open and went on elsewhere: 1 day less the hour;
    # j3 was settled: nothing; j4 was a hand-over: 10 days less the hour. k1 went on at the council: nothing; k2 left
    # open and went on elsewhere: 1 day less the hour. j5, k3 and m1 are the last: nothing.
    days = (4 - HOUR) + (1 - HOUR) + (10 - HOUR) + (1 - HOUR)
    assert of(found, "unowned_days").value == pytest.approx(days / 3)
    assert of(found, "left_to_nobody").value == pytest.approx(4 / 6)
    assert of(found, "left_to_nobody_days").value == pytest.approx(days / 4)
    assert of(found, "left_to_nobody_days", organisation="jobcentre").value == pytest.approx((11 - 2 * HOUR) / 2)


def test_a_contact_of_which_nobody_said_whether_it_settled_anything_leaves_the_owner_unknown() -> None:
    rows = [{**row, "resolved": None} if row["contact"] == "k2" else row for row in JOURNEYS]
    found = measured(pillar, rows)
    assert (of(found, "unowned_days").n, of(found, "unowned_days").unknown) == (2, 1)
    assert (of(found, "left_to_nobody").n, of(found, "left_to_nobody").unknown) == (5, 1)
    # whether k1 settled anything makes no difference: the council went on with it
    rows = [{**row, "resolved": None} if row["contact"] == "k1" else row for row in JOURNEYS]
    assert of(measured(pillar, rows), "unowned_days") == of(measured(pillar, JOURNEYS), "unowned_days")


def test_a_contact_of_an_unknown_kind_may_have_been_a_hand_over_and_is_not_guessed_at() -> None:
    def told(before: Row, after: Row) -> tuple[float | None, int, int]:
        found = measured(pillar, [before, after])
        days, share = of(found, "unowned_days"), of(found, "left_to_nobody")
        assert (share.n, share.unknown) == (days.n, days.unknown)
        return days.value, days.n, days.unknown

    def first(**more: object) -> Row:
        return contact("a1", 0, "council", kind=None, end=None, **more)

    # settled, or gone on with at the same place: only a hand-over that names nobody would have left it to nobody
    assert told(first(resolved=True), contact("a2", 5, "college")) == (None, 0, 1)
    assert told(first(), contact("a2", 5, "council")) == (None, 0, 1)
    # what it was makes no difference where it was left open and went on elsewhere, or where somebody is named
    assert told(first(), contact("a2", 5, "college")) == (5, 1, 0)
    assert told(first(handed_to="college", resolved=True), contact("a2", 5, "college")) == (5, 1, 0)
    assert told(first(handed_to="council"), contact("a2", 5, "council")) == (0, 1, 0)
    # of the last contact nobody asks
    assert told(contact("a1", 0, "council"), contact("a2", 5, "council", kind=None)) == (0, 1, 0)


def test_who_passes_on_within_the_organisation_leaves_nobody_without_an_owner() -> None:
    rows = [contact("a1", 0, "council", handed_to="council"), contact("a2", 5, "council")]
    assert of(measured(pillar, rows), "unowned_days").value == 0


def test_ping_pong_is_straight_back_and_counted_for_each_two_organisations() -> None:
    found = measured(pillar, JOURNEYS)
    assert of(found, "ping_pongs").value == pytest.approx(2 / 3)  # council, jobcentre, council, jobcentre
    pair = of(found, "ping_pong_pairs", organisation="council", other_organisation="jobcentre")
    assert (pair.value, pair.n) == (2, 1)
    assert of(found, "ping_pong_pairs").value == 2
    assert sum(1 for name, by in found if name == "ping_pong_pairs" and by) == 1


def test_a_longer_stay_in_the_middle_is_ping_pong_and_a_way_round_is_not() -> None:
    stay = [contact(f"a{n}", n, body) for n, body in enumerate(["X", "Y", "Y", "X"])]
    round_trip = [contact(f"b{n}", n, body) for n, body in enumerate(["X", "Y", "Z", "X"])]
    assert of(measured(pillar, stay), "ping_pongs").value == 1
    assert of(measured(pillar, round_trip), "ping_pongs").value == 0
    assert of(measured(pillar, round_trip), "returns").value == 1


def test_a_journey_with_an_unknown_organisation_is_unknown_and_no_guess() -> None:
    rows = [*JOURNEYS, *(contact(f"z{n}", n, body) for n, body in enumerate(["X", None, "X"]))]
    found = measured(pillar, rows)
    for name in ("hand_overs", "returns", "ping_pongs", "team_moves"):
        assert (of(found, name).n, of(found, name).unknown) == (3, 1), name
    assert of(found, "hand_overs").value == of(measured(pillar, JOURNEYS), "hand_overs").value


def test_the_longest_wait_is_told_for_the_middle_journey_and_for_nine_in_ten() -> None:
    waits = [1.0, 2, 3, 5, 8, 13, 21, 34, 55, 89]
    rows = [
        row
        for place, wait in enumerate(waits)
        for row in (
            contact(f"{chr(65 + place)}1", 0, "X", end=None),
            contact(f"{chr(65 + place)}2", wait, "X", end=at(wait) + 1),
            contact(f"{chr(65 + place)}3", wait + 0.5, "X", case=chr(65 + place)),
        )
    ]
    found = measured(pillar, [*rows, contact("z1", 0, "X")])
    middle, nine = of(found, "longest_wait"), of(found, "longest_wait_90")
    assert middle.value == pytest.approx(median(waits))
    assert middle.n == 10
    assert nine.value == pytest.approx(quantiles(waits, n=10, method="inclusive")[-1])
    assert middle.interval is not None
    assert middle.interval.low == pytest.approx(2)  # the second of ten
    assert middle.interval.high == pytest.approx(55)  # the ninth
    assert nine.interval is None


def test_contacts_that_overlap_have_no_wait_between_them() -> None:
    rows = [contact("a1", 0, "X", end=at(9), handed_to="Y"), contact("a2", 1, "Y")]
    found = measured(pillar, rows)
    assert of(found, "longest_wait").value == 0
    assert of(found, "unowned_days").value == 0


def test_names_hold_any_text() -> None:
    bodies = ["O'Brien; DROP TABLE kept_1 --", "null", "O'Brien; DROP TABLE kept_1 --", "", "\x1f\u202e🦆", ""]
    rows = [contact(f"a{n}", n, body) for n, body in enumerate(bodies)]
    found = measured(pillar, rows)
    pairs = {by for name, by in found if name == "ping_pong_pairs" and by}
    assert pairs == {
        frozenset({"organisation": "O'Brien; DROP TABLE kept_1 --", "other_organisation": "null"}.items()),
        frozenset({"organisation": "", "other_organisation": "\x1f\u202e🦆"}.items()),
    }


def test_the_order_of_rows_makes_no_difference() -> None:
    rows = [{**row, "sequence": place} for place, row in enumerate(JOURNEYS)]
    assert measured(pillar, rows) == measured(pillar, rows[::-1])


def test_a_deleted_column_leaves_its_measures_unknown_and_the_others_as_they_were() -> None:
    gone = {
        "organisation": {each.name for each in pillar.DEFINITIONS} - {"longest_wait", "longest_wait_90"},
        "team": {"team_moves"},
        "completed": {"bodies_per_outcome"},
        "resolved": {"unowned_days", "left_to_nobody", "left_to_nobody_days"},
        "kind": {"unowned_days", "left_to_nobody", "left_to_nobody_days"},
        "handed_to": {"unowned_days", "left_to_nobody", "left_to_nobody_days"},
        "channel": set(),
        "need": set(),
    }
    assert gone_without(pillar, list(gone), JOURNEYS) == gone


def test_every_measure_is_told_of_a_log_without_any_journey() -> None:
    found = measured(pillar, [contact("a1", 0, "X")])
    assert {name for name, _ in found} == {each.name for each in pillar.DEFINITIONS}
    assert of(found, "longest_wait").value is None
