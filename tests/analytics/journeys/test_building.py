"""Journeys made by hand, each rule and its edges counted on paper."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from makegood.analytics.journeys.building import DAY, LONGEST_GAP, Rules, build
from makegood.analytics.journeys.columns import CONTACT_COLUMNS, JOURNEY_COLUMNS, WHOLE_COLUMNS, Because
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store, log_of

FIRST = (Because.FIRST, None)
MINUTE = 60_000_000


@pytest.fixture(params=["duckdb", "polars"])
def store(request: pytest.FixtureRequest) -> Store:
    return DuckDBStore(duckdb.connect()) if request.param == "duckdb" else PolarsStore()


Row = dict[str, Any]


def contact(name: str, day: float, **columns: object) -> Row:
    """A contact that starts on a day counted from 1970; `end` in such days too."""
    if isinstance(end := columns.get("end"), (int, float)):
        columns["end"] = int(end * DAY)
    return {"contact": name, "start": int(day * DAY), "sequence": 0, **columns}


def contacts(store: Store, *rows: Row, rules: Rules | None = None) -> dict[str, Row]:
    journeys = build(log_of(store, rows), store, rules or Rules())
    return {row["contact"]: row for row in store.rows(journeys.contacts)}


def whole(store: Store, *rows: Row) -> dict[str, Row]:
    return {row["journey"]: row for row in store.rows(build(log_of(store, rows), store).whole)}


def members(found: dict[str, Row]) -> dict[str, list[str]]:
    """The contacts of each journey, in their places."""
    told: dict[str, list[str]] = {}
    for row in sorted(found.values(), key=lambda row: row["place"]):
        told.setdefault(row["journey"], []).append(row["contact"])
    return told


def why(found: dict[str, Row]) -> dict[str, tuple[str, str | None]]:
    return {name: (row["because"], row["joined_to"]) for name, row in found.items()}


def test_contacts_of_one_case_are_a_journey_whatever_the_time_between(store: Store) -> None:
    found = contacts(store, contact("a", 0, case="1"), contact("b", 4_000, case="1"), contact("c", 1, case="2"))
    assert members(found) == {"a": ["a", "b"], "c": ["c"]}
    assert why(found) == {"a": FIRST, "b": (Because.SAME_CASE, "a"), "c": FIRST}


@pytest.mark.parametrize("column", ["case", "subject"])
def test_na_null_and_nothing_are_values_and_an_unknown_one_joins_nothing(store: Store, column: str) -> None:
    names = ["NA", "null", "None", "", "'; DROP TABLE x; --", 'quo"te', "\x1fodd\n", None]
    rows = [contact(f"{turn}{place}", turn, **{column: name}) for place, name in enumerate(names) for turn in (0, 1)]
    assert sorted(members(contacts(store, *rows)).values()) == [
        *([f"0{place}", f"1{place}"] for place in range(7)),
        ["07"],
        ["17"],
    ]


def test_same_customer_and_need_within_the_gap_from_end_to_start_is_a_journey(store: Store) -> None:
    rows = [
        contact("a", 0, end=5, subject="s", need="n"),
        contact("b", 35, end=36, subject="s", need="n"),
        contact("c", 66 + 1 / 24, subject="s", need="n"),
        contact("other need", 36, subject="s", need="m", end=None),
        contact("other customer", 36, subject="t", need="n", end=None),
    ]
    found = contacts(store, *rows)
    assert members(found) == {"a": ["a", "b"], "c": ["c"], **{row["contact"]: [row["contact"]] for row in rows[3:]}}
    assert why(found)["b"] == (Because.SAME_NEED, "a")


def test_the_gap_is_counted_from_the_start_where_the_end_is_unknown_or_before_it(store: Store) -> None:
    rows = [
        contact("a", 10, end=None, subject="s"),
        contact("b", 40, end=0, subject="s"),
        contact("c", 70, subject="s"),
    ]
    assert members(contacts(store, *rows)) == {"a": ["a", "b", "c"]}


def test_a_gap_of_a_need_goes_before_the_general_one_to_the_microsecond(store: Store) -> None:
    rows = [
        contact(f"{need}{day}", day, subject="s", need=need) for need in ("long", "short", "other") for day in (0, 2, 9)
    ]
    late = {**contact("late", 18, subject="s", need="long"), "start": 18 * DAY + 1}
    found = contacts(store, *rows, late, rules=Rules(gap_days=2, gaps={"long": 9, "short": 1, "never": 5}))
    assert members(found) == {
        "long0": ["long0", "long2", "long9"],
        "late": ["late"],
        "short0": ["short0"],
        "short2": ["short2"],
        "short9": ["short9"],
        "other0": ["other0", "other2"],
        "other9": ["other9"],
    }


def test_with_a_gap_of_no_days_only_what_begins_as_the_last_ends_belongs(store: Store) -> None:
    rows = [contact("a", 0, end=1, subject="s"), contact("b", 1, end=2, subject="s"), contact("c", 3, subject="s")]
    assert members(contacts(store, *rows, rules=Rules(gap_days=0))) == {"a": ["a", "b"], "c": ["c"]}


@pytest.mark.parametrize("days", [-1, LONGEST_GAP + 1, 0.5, 30.0, True])
def test_a_gap_that_is_no_number_of_whole_days_is_refused(days: Any) -> None:
    with pytest.raises(ValueError, match="a gap is a whole number of days"):
        Rules(gap_days=days)
    with pytest.raises(ValueError, match="a gap is a whole number of days"):
        Rules(gaps={"housing": days})


def test_an_unknown_need_joins_nothing_but_in_a_log_without_needs_a_customer_has_one(store: Store) -> None:
    rows = [contact("a", 0, subject="s"), contact("b", 1, subject="s")]
    assert members(contacts(store, *rows)) == {"a": ["a", "b"]}
    elsewhere = contact("c", 0, subject="t", need="housing")
    assert members(contacts(store, *rows, elsewhere)) == {"a": ["a"], "b": ["b"], "c": ["c"]}


def test_a_hand_over_joins_the_next_contacts_there_though_needs_differ_or_are_unknown(store: Store) -> None:
    found = contacts(
        store,
        contact("a", 0, subject="s", need="money", organisation="council", handed_to="jobcentre"),
        contact("b", 20, subject="s", need="work", organisation="jobcentre"),
        contact("c", 25, subject="s", organisation="jobcentre"),
        contact("late", 30.1, subject="s", organisation="jobcentre"),
        contact("elsewhere", 21, subject="s", organisation="college"),
        contact("somebody else", 21, subject="t", organisation="jobcentre"),
    )
    assert members(found) == {
        "a": ["a", "b", "c"],
        **{name: [name] for name in ("late", "elsewhere", "somebody else")},
    }
    assert why(found)["c"] == (Because.HANDED_OVER, "a")


def test_of_several_hand_overs_the_latest_counts_and_never_a_contacts_own(store: Store) -> None:
    found = contacts(
        store,
        contact("a", 0, subject="s", need="1", organisation="x", handed_to="y"),
        contact("b", 40, subject="s", need="2", organisation="x", handed_to="y"),
        contact("c", 41, subject="s", need="3", organisation="y", handed_to="y"),
        contact("d", 42, subject="s", need="4", organisation="y"),
    )
    assert why(found) == {
        "a": FIRST,
        "b": FIRST,
        "c": (Because.HANDED_OVER, "b"),
        "d": (Because.HANDED_OVER, "c"),
    }


def test_the_gap_after_a_hand_over_is_that_of_the_need_that_was_passed_on(store: Store) -> None:
    rows = [
        contact("a", 0, subject="s", need="planning", organisation="x", handed_to="y"),
        contact("b", 90, subject="s", need="other", organisation="y"),
    ]
    assert members(contacts(store, *rows, rules=Rules(gaps={"planning": 90}))) == {"a": ["a", "b"]}
    assert len(members(contacts(store, *rows, rules=Rules(gaps={"other": 90})))) == 2


def test_a_quoted_reference_joins_across_organisations_and_pseudonyms(store: Store) -> None:
    found = contacts(
        store,
        contact("a", 0, subject="s", need="n", organisation="council", reference="R/1"),
        contact("b", 300, subject="zz", need="m", organisation="college", follows="council/R/1"),
    )
    assert members(found) == {"a": ["a", "b"]}
    assert why(found)["b"] == (Because.QUOTED, "a")


def test_a_bare_reference_is_the_own_organisations_then_that_of_the_only_one_that_uses_it(store: Store) -> None:
    rows = [
        contact("a", 0, organisation="x", reference="7"),
        contact("a2", 1, organisation="x", reference="7"),
        contact("b", 2, organisation="y", reference="7"),
        contact("only", 3, organisation="y", reference="8"),
        contact("own", 4, organisation="x", follows="7"),
        contact("of two", 5, organisation="z", follows="7"),
        contact("of one", 6, organisation="z", follows="8"),
        contact("nobody's", 6, organisation="z", follows="9"),
    ]
    told = why(contacts(store, *rows))
    assert {name: told[name] for name in ("own", "of two", "of one", "nobody's")} == {
        "own": (Because.QUOTED, "a2"),
        "of two": FIRST,
        "of one": (Because.QUOTED, "only"),
        "nobody's": FIRST,
    }


def test_a_reference_that_only_this_or_a_later_contact_carries_joins_nothing(store: Store) -> None:
    rows = [contact("a", 0, reference="1", follows="1"), contact("b", 1, reference="2", follows=None)]
    assert len(members(contacts(store, *rows, contact("c", 0.5, reference=None, follows="2")))) == 3


def test_bodies_that_are_not_named_are_not_taken_for_the_same(store: Store) -> None:
    rows = [
        contact("a", 0, reference="1"),
        contact("b", 1, organisation="x", reference="1"),
        contact("c", 2, follows="1"),
    ]
    assert len(members(contacts(store, *rows))) == 3
    assert members(contacts(store, rows[0], rows[2])) == {"a": ["a", "c"]}


def test_the_reason_is_the_strongest_rule_that_joins_to_an_earlier_contact(store: Store) -> None:
    first: Row = {"subject": "s", "need": "n", "organisation": "x", "reference": "1", "handed_to": "x"}
    rows = [
        contact("a", 0, **first, case="k"),
        contact("need", 1, subject="s", need="n", organisation="y"),
        contact("hand", 2, subject="s", need="n", organisation="x"),
        contact("quote", 3, subject="s", need="n", organisation="x", follows="1"),
        contact("case", 4, subject="s", need="n", organisation="x", follows="1", case="k"),
    ]
    assert why(contacts(store, *rows)) == {
        "a": FIRST,
        "need": (Because.SAME_NEED, "a"),
        "hand": (Because.HANDED_OVER, "a"),
        "quote": (Because.QUOTED, "a"),
        "case": (Because.SAME_CASE, "a"),
    }


def test_where_two_chains_meet_the_later_chains_first_is_joined_to_what_joined_it(store: Store) -> None:
    found = contacts(
        store,
        contact("a", 0, subject="s", need="n", case="k"),
        contact("b", 1, subject="t", need="n", case="other"),
        contact("c", 2, subject="t", need="n"),
        contact("d", 3, subject="t", need="n", case="k"),
        contact("e", 4, subject="u", case="other"),
    )
    assert members(found) == {"a": ["a", "b", "c", "d", "e"]}
    assert why(found) == {
        "a": FIRST,
        # "c" is joined to it as well, earlier, but by a weaker rule.
        "b": (Because.SAME_CASE, "e"),
        "c": (Because.SAME_NEED, "b"),
        "d": (Because.SAME_CASE, "a"),
        "e": (Because.SAME_CASE, "b"),
    }


def test_contacts_without_case_customer_or_link_are_journeys_of_their_own(store: Store) -> None:
    found = contacts(store, contact("a", 0), contact("b", 0), contact("c", 0, organisation="x", handed_to="x"))
    assert members(found) == {"a": ["a"], "b": ["b"], "c": ["c"]}
    assert all(row["is_last"] and row["before_end"] is None for row in found.values())


def test_contacts_of_one_instant_follow_their_sequence_then_their_id(store: Store) -> None:
    rows = [("z", 0), ("b", 1), ("a", 1), ("c", 2)]
    found = contacts(store, *({"contact": name, "start": 5, "sequence": turn, "case": "k"} for name, turn in rows))
    assert members(found) == {"z": ["z", "a", "b", "c"]}


def test_a_contact_knows_what_came_before_it_in_its_journey(store: Store) -> None:
    found = contacts(
        store,
        contact("a", 0, end=0.5, case="k", organisation="x", team="t"),
        contact("b", 1, case="k", team="u"),
        contact("c", 2, case="k", organisation="y"),
    )
    columns = ("place", "before_organisation", "before_team", "before_end", "is_last")
    assert {name: tuple(row[column] for column in columns) for name, row in found.items()} == {
        "a": (1, None, None, None, False),
        "b": (2, "x", "t", DAY // 2, False),
        "c": (3, None, "u", DAY, True),
    }


def test_the_columns_are_those_of_the_contract_with_the_logs_own_values(store: Store) -> None:
    rows = [contact("a", 0, subject="s", words="said"), contact("b", 1, subject="s", words=None, minutes=2.5)]
    journeys = build(log_of(store, rows), store)
    assert list(journeys.contacts.collect_schema()) == [*CONTACT_COLUMNS, *JOURNEY_COLUMNS]
    assert dict(journeys.contacts.collect_schema()) == {**CONTACT_COLUMNS, **JOURNEY_COLUMNS}
    assert dict(journeys.whole.collect_schema()) == WHOLE_COLUMNS
    assert [(row["words"], row["minutes"]) for row in store.rows(journeys.contacts.sort("contact"))] == [
        ("said", None),
        (None, 2.5),
    ]


def test_a_journey_as_a_whole(store: Store) -> None:
    found = whole(
        store,
        contact("a", 0, case="k", channel="phone", organisation="x", completed=False),
        contact("b", 1, end=1.5, case="k", subject="s", channel="visit", organisation="y", completed=True),
        contact("c", 2, end=9, case="k", subject="t", need="n", organisation=None, completed=True),
        contact("d", 3, end=4, case="k", need="m", organisation="x", completed=None),
    )
    assert found == {
        "a": {
            "journey": "a",
            "number": 0,
            "block": 0,
            "subject": "s",
            "need": "n",
            "organisation": "x",
            "channel": "phone",
            "first": 0,
            "last": 4 * DAY,
            "contacts": 4,
            "completed": True,
            "completed_at": 1.5 * DAY,
            "completing": 2,
            "bodies": 2,
        }
    }


@pytest.mark.parametrize(
    ("said", "completed"), [([True, None], True), ([False, None], False), ([None, None], None), ([False, True], True)]
)
def test_a_journey_is_completed_by_any_contact_and_not_known_where_none_is(
    store: Store, said: list[bool | None], completed: bool | None
) -> None:
    rows = [contact(f"c{place}", place, case="k", completed=value) for place, value in enumerate(said)]
    assert whole(store, *rows)["c0"]["completed"] is completed


@pytest.mark.parametrize("count", [1, 99, 100, 250])
def test_blocks_are_ranks_of_ids_modulo_a_hundred_the_same_for_all_contacts_of_a_journey(
    store: Store, count: int
) -> None:
    rows = [contact(f"{half}{place:03}", half, case=str(place)) for place in range(count) for half in (0, 1)]
    journeys = build(log_of(store, rows[::-1]), store)
    assert {row["journey"]: row["block"] for row in store.rows(journeys.whole)} == {
        f"0{place:03}": place % 100 for place in range(count)
    }
    assert all(row["block"] == int(row["contact"][1:]) % 100 for row in store.rows(journeys.contacts))


@pytest.mark.parametrize("link", ["quoted", "cases and needs in turn", "handed over"])
def test_a_chain_of_a_thousand_links_is_one_journey(store: Store, link: str) -> None:
    rows = []
    for place in range(1_001):
        # Names that do not grow along the chain, so that none is least by chance.
        row = contact(f"{place * 7_919 % 1_009:04}", place)
        match link:
            case "quoted":
                row |= {"reference": f"r{place}", "follows": f"r{place - 1}"}
            case "handed over":
                row |= {"subject": "s", "need": str(place), "organisation": str(place), "handed_to": str(place + 1)}
            case _:
                row |= {"case": str(place // 2), "subject": str((place + 1) // 2), "need": "n"}
        rows.append(row)
    found = contacts(store, *rows)
    assert members(found) == {"0000": [row["contact"] for row in rows]}


def test_a_log_without_any_contact_has_no_journeys(store: Store) -> None:
    assert contacts(store) == {}
    assert whole(store) == {}


def test_whatever_column_a_log_lacks_the_rest_is_built(store: Store) -> None:
    full: Row = {
        "case": "k",
        "subject": "s",
        "need": "n",
        "organisation": "x",
        "handed_to": "x",
        "reference": "1",
        "follows": "1",
        "end": 1,
        "completed": True,
    }
    for lacking in full:
        columns = {name: value for name, value in full.items() if name != lacking}
        found = contacts(store, contact("a", 0, **columns), contact("b", 2, **columns))
        assert members(found) == {"a": ["a", "b"]}
    for alone, value in full.items():
        found = contacts(store, contact("a", 0, **{alone: value}), contact("b", 2, **{alone: value}))
        assert len(members(found)) == (1 if alone in {"case", "subject"} else 2)


def test_of_contacts_at_one_instant_the_one_without_a_sequence_comes_first(store: Store) -> None:
    rows = [
        contact("a", 1, case="1", sequence=2),
        contact("b", 1, case="1", sequence=None),
        contact("c", 0, case="1"),
    ]
    found = contacts(store, *rows)
    assert members(found) == {"c": ["c", "b", "a"]}
    assert why(found) == {"c": FIRST, "b": (Because.SAME_CASE, "c"), "a": (Because.SAME_CASE, "b")}
