"""A difference is called one when it is there, seldom when it is chance, and never when only the needs are others."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pytest

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import Journeys
from makegood.analytics.journeys.compare import chance, compare, compared, split
from makegood.analytics.journeys.measure import Definition, Measure
from makegood.analytics.journeys.measures import Settings
from makegood.analytics.journeys.measures.ratios import Quantity, told
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store, log_of
from makegood.analytics.journeys.trying.changes import Compared

DAY = 86_400_000_000
CONTACTS = Definition(
    name="contacts", title="Contacts", unit="contacts", of="journeys", says="", formula="", source="", needs=(),
    better="lower",
)  # fmt: skip
CHASED = replace(CONTACTS, name="chased", title="Chased", unit="share")
COUNTED = replace(CONTACTS, name="counted", title="Counted")
QUANTITIES = (
    Quantity(definition=CONTACTS, sums=("contacts", "journeys"), n="journeys"),
    Quantity(definition=CHASED, sums=("chased", "journeys"), n="journeys", exact=True),
    Quantity(definition=COUNTED, sums=("contacts",), n="journeys", value=lambda sums: sums[0]),
)
SUMS = {"contacts": nw.col("contacts"), "chased": nw.col("chased"), "journeys": nw.lit(1)}
Row = Mapping[str, Any]


@pytest.fixture(params=[lambda: DuckDBStore(duckdb.connect()), PolarsStore], ids=["duckdb", "polars"])
def store(request: pytest.FixtureRequest) -> Store:
    make: Callable[[], Store] = request.param
    return make()


def drawn(by_chance: random.Random, needs: Mapping[str, tuple[int, float]]) -> list[dict[str, Any]]:
    """So many journeys of each need, with so many contacts on average."""
    return [
        {"need": need, "contacts": 1 + sum(by_chance.random() < mean / 10 for _ in range(10)), "chased": 0}
        for need, (count, mean) in needs.items()
        for _ in range(count)
    ]


def measured(rows: Sequence[Row]) -> list[Measure]:
    store = PolarsStore()
    columns = {"block": nw.Int64, "need": nw.String, "contacts": nw.Int64, "chased": nw.Int64}
    frame = store.frame(columns, [{**row, "block": place % 100} for place, row in enumerate(rows)])
    return told(frame, SUMS, QUANTITIES, store=store, by=("need",), known={"need"})


def differ(before: Sequence[Row], after: Sequence[Row]) -> dict[str, Compared]:
    found = compared(measured(before), measured(after), journeys=(len(before), len(after)), names=("2025", "2026"))
    return {each.definition.name: each for each in found}


def test_two_random_halves_are_seldom_called_different() -> None:
    by_chance = random.Random(1)
    called = 0
    for _ in range(100):
        rows = drawn(by_chance, {"rent": (100, 3.0), "tax": (60, 5.0), "school": (40, 1.0)})
        rows = [{**row, "chased": int(by_chance.random() < 0.3)} for row in rows]
        by_chance.shuffle(rows)
        called += sum(each.sure for each in differ(rows[::2], rows[1::2]).values())
    # Two measures, 100 times: 10 are expected; more than 19 would come in one of 400 such tests.
    assert 1 <= called <= 19


def test_a_planted_difference_is_found_and_lies_in_its_interval() -> None:
    by_chance = random.Random(2)
    found = within = 0
    for _ in range(30):
        before = drawn(by_chance, {"rent": (150, 3.0), "tax": (150, 5.0)})
        after = drawn(by_chance, {"rent": (150, 2.0), "tax": (150, 4.0)})
        each = differ(before, after)["contacts"]
        found += each.sure
        within += each.interval is not None and each.interval.low <= -1 <= each.interval.high
    assert found == 30
    assert within >= 25


def test_other_needs_alone_are_not_called_a_difference() -> None:
    by_chance = random.Random(3)
    called = raw = 0
    for _ in range(40):
        before = drawn(by_chance, {"rent": (200, 2.0), "tax": (60, 6.0)})
        after = drawn(by_chance, {"rent": (60, 2.0), "tax": (200, 6.0)})
        each = differ(before, after)["contacts"]
        called += each.sure
        assert each.before.value is not None
        assert each.after.value is not None
        raw += each.after.value - each.before.value > 1
    assert raw == 40
    assert called <= 6


def test_the_difference_is_that_at_the_same_mix_of_needs() -> None:
    # Rent: 2 before and 3 after; tax: 6 and 5. Of 160 journeys 100 are of rent and 60 of tax.
    rows = {need: {"need": need, "chased": 0} for need in ("rent", "tax")}
    before = [{**rows["rent"], "contacts": 2}] * 60 + [{**rows["tax"], "contacts": 6}] * 20
    after = [{**rows["rent"], "contacts": 3}] * 40 + [{**rows["tax"], "contacts": 5}] * 40
    each = differ(before, after)["contacts"]
    assert (each.before.value, each.after.value) == (3, 4)
    assert each.difference == pytest.approx(1 * 100 / 160 - 1 * 60 / 160)
    assert each.sentence.startswith("Contacts: 3 contacts in 2025, 4 contacts in 2026, 1 contact more as it stands.")
    assert "0.25 contacts more" in each.sentence
    assert "worse for the customer" in each.sentence


def test_with_one_mix_of_needs_both_differences_are_the_same() -> None:
    by_chance = random.Random(4)
    before, after = (drawn(by_chance, {"rent": (50, mean), "tax": (70, mean)}) for mean in (2, 3))
    each = differ(before, after)["contacts"]
    assert each.before.value is not None
    assert each.after.value is not None
    assert each.difference == pytest.approx(each.after.value - each.before.value)


def test_needs_of_one_side_and_rare_needs_are_named_and_left_out() -> None:
    by_chance = random.Random(5)
    before = drawn(by_chance, {"rent": (50, 2), "tax": (50, 2), "old": (20, 9), "few": (3, 9)})
    after = drawn(by_chance, {"rent": (50, 2), "tax": (50, 2), "new": (20, 1), "few": (30, 1)})
    each = differ(before, after)["contacts"]
    assert "only one side has them: “new”, “old”." in each.sentence
    assert "too rare: “few”." in each.sentence
    assert "rests on 73.3% of" in each.sentence
    assert not each.sure


def test_too_few_journeys_are_never_called_a_difference() -> None:
    rows = [{"need": "rent", "contacts": 1, "chased": 0}] * 29
    more = [{"need": "rent", "contacts": 9, "chased": 0}] * 300
    each = differ(rows, more)["contacts"]
    assert each.difference == 8
    assert not each.sure
    assert "too few to say: 2025 has 29 journeys" in each.sentence


def test_what_was_hardly_met_is_never_called_a_difference() -> None:
    rows = [{"need": "rent", "contacts": 1, "chased": 0}] * 60
    more = [{**row, "chased": int(place < 7)} for place, row in enumerate(rows)]
    each = differ(rows, more)["chased"]
    assert each.interval is not None
    assert each.interval.low > 0
    assert not each.sure
    assert "too rarely" in each.sentence


def test_totals_are_not_compared() -> None:
    rows = drawn(random.Random(6), {"rent": (50, 2)})
    assert set(differ(rows, rows)) == {"contacts", "chased"}


def test_needs_that_share_nothing_allow_no_comparison() -> None:
    by_chance = random.Random(7)
    each = differ(drawn(by_chance, {"rent": (50, 2)}), drawn(by_chance, {"tax": (50, 9)}))["contacts"]
    assert (each.difference, each.interval, each.sure) == (None, None, False)
    assert "no need has enough on both sides" in each.sentence


def test_of_many_measures_it_is_said_how_many_chance_would_call_changed() -> None:
    by_chance = random.Random(8)
    found = differ(drawn(by_chance, {"rent": (50, 2)}), drawn(by_chance, {"rent": (50, 6)}))
    said = chance(list(found.values()) * 10)
    assert "20 measures were compared" in said
    assert "about 1.0 of them would be called so. 10 are." in said
    assert not chance([])


# --- whole logs ---------------------------------------------------------------------------------------------------


def log_rows(by_chance: random.Random, prefix: str, first: int, count: int, chases: float) -> list[dict[str, Any]]:
    """A journey a day: a first contact, chases a day apart, and the outcome."""
    rows = []
    for number in range(count):
        many = sum(by_chance.random() < chases / 4 for _ in range(4))
        for place in range(many + 2):
            rows.append(
                {
                    "contact": f"{prefix}{number}-{place}",
                    "subject": f"{prefix}{number}",
                    "need": "rent" if number % 3 else "tax",
                    "organisation": "council",
                    "kind": "new need" if place == 0 else "chase" if place <= many else "outcome",
                    "start": first + number * DAY + place * DAY // 2,
                    "completed": place == many + 1,
                }
            )
    return rows


def both(store: Store, *, chases: tuple[float, float], count: int = 80) -> Journeys:
    by_chance = random.Random(9)
    rows = log_rows(by_chance, "a", 0, count, chases[0]) + log_rows(by_chance, "b", 400 * DAY, count, chases[1])
    return build(log_of(store, rows), store)


def test_two_periods_of_a_log_are_compared_by_every_measure(store: Store) -> None:
    journeys = both(store, chases=(3.0, 1.0))
    before, after = split(journeys, 300 * DAY, store)
    found = {each.definition.name: each for each in compare(before, after, store, Settings(), ("2025", "2026"))}
    each = found["contacts_per_outcome"]
    assert each.sure
    assert each.difference is not None
    assert -2.6 < each.difference < -1.4
    assert "better for the customer" in each.sentence
    assert found["longest_wait"].interval is not None  # a median, which is no sum
    assert found["chases_share"].sure
    unknown = found["resolved_at_first_contact"]
    assert (unknown.difference, unknown.sure) == (None, False)
    assert "would need the column “resolved”" in unknown.sentence


def test_nothing_is_called_changed_where_nothing_did(store: Store) -> None:
    journeys = both(store, chases=(2.0, 2.0))
    before, after = split(journeys, 300 * DAY, store)
    found = compare(before, after, store)
    assert sum(each.sure for each in found) <= 1
    assert sum("no difference can be claimed" in each.sentence for each in found) >= 5


def test_both_engines_compare_alike() -> None:
    told = []
    for store in (DuckDBStore(duckdb.connect()), PolarsStore()):
        journeys = both(store, chases=(2.0, 1.0), count=40)
        found = compare(*split(journeys, 300 * DAY, store), store)
        told.append([(each.sentence, each.sure) for each in found])
    assert told[0] == told[1]


def test_a_split_puts_each_journey_where_it_began(store: Store) -> None:
    journeys = both(store, chases=(4.0, 4.0), count=3)
    before, after = split(journeys, 2 * DAY, store)
    assert sorted(row["journey"] for row in store.rows(before.whole)) == ["a0-0", "a1-0"]
    assert len(store.rows(before.contacts)) == 12
    assert len(store.rows(after.contacts)) == 24


def test_with_a_time_to_watch_each_journey_is_seen_for_equally_long(store: Store) -> None:
    journeys = both(store, chases=(4.0, 4.0), count=3)
    before, after = split(journeys, 200 * DAY, store, days=2)
    # Six contacts each, half a day apart: the first five are within two days. The last began 2.5 days before the end.
    assert [row["contacts"] for row in store.rows(before.whole)] == [5, 5, 5]
    assert [row["contacts"] for row in store.rows(after.whole)] == [5, 5, 5]
    longer = split(journeys, 200 * DAY, store, days=3)[1]
    assert sorted(row["journey"] for row in store.rows(longer.whole)) == ["b0-0", "b1-0"]
