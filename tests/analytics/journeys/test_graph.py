"""The map's figures against graphs counted by hand, and against a plain loop over lists, on both engines."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.analytics.journeys.columns import CONTACT_COLUMNS
from makegood.analytics.journeys.flows.flow import Flow, Handover, Move, Rework, Step, Variant
from makegood.analytics.journeys.flows.graph import TooManySteps, flow_of, with_steps
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store

Contact = dict[str, Any]
SECOND = 1_000_000
COLUMNS = {
    name: CONTACT_COLUMNS.get(name, nw.String)
    for name in ("journey", "contact", "activity", "kind", "organisation", "team", "start", "end", "sequence")
}


def stores() -> list[Store]:
    return [DuckDBStore(duckdb.connect()), PolarsStore()]


@pytest.fixture(params=["duckdb", "polars"])
def store(request: pytest.FixtureRequest) -> Store:
    return stores()[request.param == "polars"]


def at(journey: str | None, activity: str | None, seconds: float, **more: Any) -> Contact:
    """A contact so many seconds after 1970; `end` too is in seconds."""
    row = {"journey": journey, "activity": activity, "start": round(seconds * SECOND), "sequence": 0, **more}
    return row | ({"end": round(row["end"] * SECOND)} if row.get("end") is not None else {})


def numbered(contacts: Sequence[Contact]) -> list[Contact]:
    return [{"contact": f"c{place:06}", **row} for place, row in enumerate(contacts)]


def flow(store: Store, contacts: Sequence[Contact], **more: Any) -> Flow:
    return flow_of(store.frame(COLUMNS, numbered(contacts)), store, **more)


# --- an independent account -------------------------------------------------------------------------------------


def by_hand(contacts: Sequence[Contact]) -> Flow:
    """The same figures by a plain loop."""
    journeys = _in_order(contacts)
    moves: defaultdict[tuple[Any, Any], list[tuple[str, float, float]]] = defaultdict(list)
    steps: defaultdict[Any, list[tuple[str, float | None]]] = defaultdict(list)
    variants: defaultdict[tuple[str, ...], list[float]] = defaultdict(list)
    rework: defaultdict[str, list[int]] = defaultdict(list)
    starts, ends = Counter[Any](), Counter[Any]()
    handed, team_handed = _handed(journeys)
    for journey, rows in journeys.items():
        nodes = [_node(row) for row in rows]
        starts[nodes[0]] += 1
        ends[nodes[-1]] += 1
        names = tuple(name for name, _ in nodes)
        variants[names].append((rows[-1]["start"] - rows[0]["start"]) / SECOND)
        for name, times in Counter(names).items():
            rework[name] += [times] if times > 1 else []
        for row, node in zip(rows, nodes, strict=True):
            ended = _end(row)
            steps[node].append((journey, None if ended is None else (ended - row["start"]) / SECOND))
        for one, other in pairwise(rows):
            ended = _end(one)
            wait = max(other["start"] - (one["start"] if ended is None else ended), 0) / SECOND
            between = (other["start"] - one["start"]) / SECOND
            moves[_node(one), _node(other)].append((journey, wait, between))

    def ranked(counts: Counter[Any]) -> list[tuple[Any, int]]:
        return sorted(counts.items(), key=lambda each: (-each[1], each[0]))

    found_steps = [
        Step(name=name, organisation=where, contacts=len(seen), journeys=len({journey for journey, _ in seen}),
             seconds=_median([taken for _, taken in seen if taken is not None]))
        for (name, where), seen in steps.items()
    ]  # fmt: skip
    found_moves = [
        Move(before=before, after=after, count=len(made), journeys=len({journey for journey, _, _ in made}),
             wait=median(wait for _, wait, _ in made), between_starts=median(between for _, _, between in made))
        for (before, after), made in moves.items()
    ]  # fmt: skip
    return Flow(
        journeys=len(journeys),
        contacts=sum(map(len, journeys.values())),
        steps=tuple(sorted(found_steps, key=lambda step: (-step.contacts, step.name, step.organisation))),
        moves=tuple(sorted(found_moves, key=lambda move: (-move.count, move.before, move.after))),
        starts=tuple(ranked(starts)),
        ends=tuple(ranked(ends)),
        variants=tuple(
            Variant(steps=names, journeys=len(took), seconds=median(took))
            for names, took in sorted(variants.items(), key=lambda each: (-len(each[1]), each[0]))
        ),
        variant_count=len(variants),
        handovers=tuple(Handover(giver=giver, taker=taker, count=n) for (giver, taker), n in ranked(handed)),
        team_handovers=tuple(Handover(giver=giver, taker=taker, count=n) for (giver, taker), n in ranked(team_handed)),
        rework=tuple(
            sorted(
                (Rework(step=s, journeys=len(n), repeats=sum(n) - len(n)) for s, n in rework.items() if n),
                key=lambda each: (-each.repeats, each.step),
            )
        ),
    )


def _in_order(contacts: Sequence[Contact]) -> dict[str, list[Contact]]:
    journeys: defaultdict[str, list[Contact]] = defaultdict(list)
    for row in numbered(contacts):
        if row["journey"] is not None:
            journeys[row["journey"]].append(row)
    for rows in journeys.values():
        rows.sort(key=lambda row: (row["start"], row["sequence"], row["contact"]))
    return journeys


def _handed(journeys: dict[str, list[Contact]]) -> tuple[Counter[Any], Counter[Any]]:
    """Moves between organisations, and between teams."""
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for row in chain.from_iterable(journeys.values()):
        homes[row.get("team") or ""].add(row.get("organisation") or "")
    handed, team_handed = Counter[Any](), Counter[Any]()
    for rows in journeys.values():
        for pair in pairwise(rows):
            for counter, labels in (
                (handed, [row.get("organisation") or "" for row in pair]),
                (team_handed, [_team(row, homes) for row in pair]),
            ):
                if all(labels) and labels[0] != labels[1]:
                    counter[tuple(labels)] += 1
    return handed, team_handed


def _node(row: Contact) -> tuple[str, str]:
    where = row.get("organisation")
    if row["activity"] is not None:
        return row["activity"], where or ""
    kind = row.get("kind") or "contact"
    return kind if where is None else f"{kind} at {where}", where or ""


def _team(row: Contact, homes: Mapping[str, set[str]]) -> str:
    team, where = row.get("team") or "", row.get("organisation") or ""
    return f"{team} ({where})" if team and where and len(homes[team]) > 1 else team


def _end(row: Contact) -> int | None:
    end: int | None = row.get("end")
    return None if end is None or end < row["start"] else end


def _median(values: list[float]) -> float | None:
    return median(values) if values else None


def assert_same(found: Flow, expected: Flow) -> None:
    """All figures are the same, down to half a microsecond: a median may lie between two instants."""
    assert _rounded(found) == _rounded(expected)


def _rounded(flow: Flow) -> Mapping[str, Any]:
    return {
        **vars(flow),
        "steps": [{**vars(step), "seconds": _halves(step.seconds)} for step in flow.steps],
        "moves": [
            {**vars(move), "wait": _halves(move.wait), "between_starts": _halves(move.between_starts)}
            for move in flow.moves
        ],
        "variants": [{**vars(variant), "seconds": _halves(variant.seconds)} for variant in flow.variants],
    }


def _halves(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 2 * SECOND)


# --- counted by hand ----------------------------------------------------------------------------------------------

TWO_JOURNEYS = [
    at("one", "claim", 0, end=60, organisation="council", team="front"),
    at("one", "evidence", 3660, end=3720, organisation="council", team="back"),
    at("one", "claim", 7200, organisation="jobcentre", team="front"),
    at("one", "claim", 7300, organisation="jobcentre", team="front"),
    at("two", "claim", 100, end=220, organisation="council", team="front"),
    at("two", "evidence", 720, organisation="council"),
]
"""Two people who claim: one is sent on to the jobcentre and has to claim there twice."""


def test_steps_are_told_by_organisation_with_their_median_time(store: Store) -> None:
    assert flow(store, TWO_JOURNEYS).steps == (
        Step(name="claim", organisation="council", contacts=2, journeys=2, seconds=90.0),
        Step(name="claim", organisation="jobcentre", contacts=2, journeys=1, seconds=None),
        Step(name="evidence", organisation="council", contacts=2, journeys=2, seconds=60.0),
    )


def test_moves_are_told_with_the_wait_and_the_time_between_starts(store: Store) -> None:
    claim, evidence, again = ("claim", "council"), ("evidence", "council"), ("claim", "jobcentre")
    assert flow(store, TWO_JOURNEYS).moves == (
        Move(before=claim, after=evidence, count=2, journeys=2, wait=(3600 + 500) / 2, between_starts=2140.0),
        Move(before=again, after=again, count=1, journeys=1, wait=100.0, between_starts=100.0),
        Move(before=evidence, after=again, count=1, journeys=1, wait=3480.0, between_starts=3540.0),
    )


def test_journeys_are_told_by_where_they_start_and_end_and_by_their_variants(store: Store) -> None:
    found = flow(store, TWO_JOURNEYS)
    assert (found.journeys, found.contacts, found.variant_count) == (2, 6, 2)
    assert found.starts == ((("claim", "council"), 2),)
    assert found.ends == ((("claim", "jobcentre"), 1), (("evidence", "council"), 1))
    assert found.variants == (
        Variant(steps=("claim", "evidence"), journeys=1, seconds=620.0),
        Variant(steps=("claim", "evidence", "claim", "claim"), journeys=1, seconds=7300.0),
    )


def test_a_hand_over_is_counted_where_both_sides_are_known(store: Store) -> None:
    found = flow(store, TWO_JOURNEYS)
    assert found.handovers == (Handover(giver="council", taker="jobcentre", count=1),)
    assert found.team_handovers == (
        Handover(giver="back", taker="front (jobcentre)", count=1),
        Handover(giver="front (council)", taker="back", count=1),
    )


def test_rework_counts_how_often_a_step_came_again_wherever_it_was_done(store: Store) -> None:
    assert flow(store, TWO_JOURNEYS).rework == (Rework(step="claim", journeys=1, repeats=2),)


def test_contacts_of_one_instant_stand_in_their_sequence(store: Store) -> None:
    contacts = [
        at("a", "third", 5, sequence=3),
        at("a", "first", 5, sequence=1),
        at("a", "last", 5.000001, sequence=0),
        at("a", "second", 5, sequence=2),
    ]
    assert flow(store, contacts).variants[0].steps == ("first", "second", "third", "last")


def test_with_the_same_sequence_the_contact_decides_so_that_the_order_of_rows_does_not(store: Store) -> None:
    contacts = [at("a", name, 5, contact=name) for name in ("y", "x", "z")]
    assert flow(store, contacts) == flow(store, contacts[::-1])
    assert flow(store, contacts).variants[0].steps == ("x", "y", "z")


def test_a_wait_is_never_below_nothing(store: Store) -> None:
    overlapping = [at("a", "x", 0, end=100), at("a", "y", 40)]
    assert [(move.wait, move.between_starts) for move in flow(store, overlapping).moves] == [(0.0, 40.0)]


def test_an_end_before_its_start_counts_as_not_known(store: Store) -> None:
    found = flow(store, [at("a", "x", 50, end=20), at("a", "y", 60)])
    assert found.steps[0].seconds is None
    assert found.moves[0].wait == 10.0


def test_cases_called_na_or_null_are_cases_and_those_without_a_name_are_none(store: Store) -> None:
    names = ["NA", "null", "None", "", "nan"]
    found = flow(store, [*(at(name, "x", 1) for name in names), at(None, "x", 1)])
    assert (found.journeys, found.contacts) == (5, 5)


def test_hostile_names_come_through_as_they_are(store: Store) -> None:
    odd = ["'; DROP TABLE kept_1; --", '"', "€ \u202e", "\\", "NULL", "a\nb", "%s", "{}"]
    contacts = [at(f"'{name}\"", name, place, organisation=name, team=name) for place, name in enumerate(odd)]
    assert {step.name for step in flow(store, contacts).steps} == set(odd)
    assert_same(flow(store, contacts), by_hand(contacts))


def test_an_empty_log_gives_an_empty_map(store: Store) -> None:
    for contacts in ([], [at(None, "x", 1)]):
        found = flow(store, contacts)
        assert (found.journeys, found.contacts, found.moves, found.variants, found.variant_count) == (0, 0, (), (), 0)


def test_any_column_may_hold_the_case(store: Store) -> None:
    frame = store.frame(COLUMNS, numbered(TWO_JOURNEYS)).rename({"journey": "permit"})
    assert flow_of(frame, store, case="permit") == flow(store, TWO_JOURNEYS)


def test_a_log_without_activities_teams_or_ends_is_mapped_by_kind_and_organisation(store: Store) -> None:
    rows: list[Contact] = [
        {"journey": "a", "contact": "1", "start": 0, "sequence": 0, "kind": "new need", "organisation": "council"},
        {"journey": "a", "contact": "2", "start": 1, "sequence": 0, "kind": "chase", "organisation": None},
        {"journey": "a", "contact": "3", "start": 2, "sequence": 0, "kind": None, "organisation": "college"},
        {"journey": "a", "contact": "4", "start": 3, "sequence": 0, "kind": None, "organisation": None},
    ]
    columns = ("journey", "contact", "start", "sequence", "kind", "organisation")
    frame = store.frame({name: COLUMNS[name] for name in columns}, rows)
    steps = ("new need at council", "chase", "contact at college", "contact")
    assert flow_of(frame, store).variants == (Variant(steps=steps, journeys=1, seconds=3e-6),)
    assert sorted(row["step"] for row in store.rows(with_steps(frame))) == sorted(steps)


def test_the_most_frequent_variants_are_kept_and_of_equal_ones_the_shorter(store: Store) -> None:
    journeys = {"a": "xy", "b": "xy", "c": "xyz", "d": "z"}
    contacts = [at(name, step, place) for name, steps in journeys.items() for place, step in enumerate(steps)]
    found = flow(store, contacts, most_variants=2)
    assert [variant.steps for variant in found.variants] == [("x", "y"), ("z",)]
    assert found.variant_count == 3


def test_sequences_whose_sums_of_powers_are_equal_are_told_apart(store: Store) -> None:
    contacts = []
    for length in (16, 64, 256):
        one = [place.bit_count() % 2 for place in range(length)]  # Thue and Morse: equal sums of powers of the places
        for name, steps in (("one", one), ("other", [1 - step for step in one])):
            contacts += [at(f"{name} {length}", "xy"[step], place) for place, step in enumerate(steps)]
    assert flow(store, contacts).variant_count == 6


def test_all_short_sequences_are_told_apart() -> None:
    store = DuckDBStore(duckdb.connect())
    contacts = [
        at(f"{length} {number}", "abc"[number // 3**place % 3], place)
        for length in range(1, 8)
        for number in range(3**length)
        for place in range(length)
    ]
    assert flow(store, contacts).variant_count == sum(3**length for length in range(1, 8))


def test_free_text_in_place_of_steps_is_refused_in_words(store: Store) -> None:
    contacts = [at("a", f"somebody said {number}", number) for number in range(4)]
    with pytest.raises(TooManySteps, match="more than 3 different steps"):
        flow(store, contacts, most_places=3)


# --- against the loop ------------------------------------------------------------------------------------------------

ROWS = st.lists(
    st.builds(
        at,
        st.sampled_from(["a", "b", "c", "NA", None]),
        st.sampled_from(["x", "y", "z", None]),
        st.integers(min_value=-3, max_value=9),
        organisation=st.sampled_from(["council", "college", None]),
        team=st.sampled_from(["front", "back", None]),
        kind=st.sampled_from(["chase", None]),
        end=st.one_of(st.none(), st.integers(min_value=-3, max_value=12)),
        sequence=st.integers(min_value=0, max_value=2),
    ),
    max_size=14,
)


@settings(max_examples=max(settings.default.max_examples // 4, 1) if settings.default else 25)
@given(ROWS, st.sampled_from([0, 10_000]), st.randoms())
def test_any_log_gives_what_a_plain_loop_counts_on_both_engines(
    contacts: list[Contact], at_once: int, lots: Random
) -> None:
    shuffled = numbered(contacts)
    lots.shuffle(shuffled)
    for store in stores():
        found = flow_of(store.frame(COLUMNS, shuffled), store, at_once=at_once)
        assert_same(found, by_hand(contacts))


@pytest.mark.parametrize("at_once", [0, 1_000_000])
def test_a_large_random_log_gives_what_a_plain_loop_counts(store: Store, at_once: int) -> None:
    lots = Random(3)
    contacts = []
    for _ in range(4_000):
        start = lots.choice([0, lots.randrange(100), lots.randrange(10**9)]) + lots.random()
        contacts.append(
            at(f"j{lots.randrange(900)}", lots.choice("abcdefgh"), start, organisation=lots.choice(["c", "d", "e"]),
               team=lots.choice(["front", "back"]), end=lots.choice([None, start, start + 10 ** lots.uniform(-5, 8)]))
        )  # fmt: skip
    assert_same(flow(store, contacts, most_variants=5_000, at_once=at_once), by_hand(contacts))


def test_permit_receipts_give_what_a_plain_loop_counts(shared: Path, store: Store) -> None:
    contacts = [
        at(row["case:concept:name"], row["concept:name"], 0, organisation="municipality", team=row["org:group"])
        | {"start": _microseconds(row["time:timestamp"]), "sequence": place}
        for place, row in enumerate(_rows(shared / "data/event-logs/permit-receipts.csv.gz"))
    ]
    found = flow(store, contacts, most_variants=10_000)
    assert (found.journeys, found.contacts) == (1_434, 8_577)
    assert_same(found, by_hand(contacts))


def test_the_service_desk_gives_what_a_plain_loop_counts(shared: Path, store: Store) -> None:
    contacts = [
        at(row["incident_id"], row["incident_activity_type"], 0, team=row["assignment_group"])
        | {"start": _microseconds(row["data_stamp"]), "contact": row["incident_activity_number"]}
        for row in _rows(shared / "data/event-logs/incident-activities-2014.csv.gz")
    ]
    found = flow(store, contacts, most_variants=50_000)
    assert found.contacts == 39_911
    assert_same(found, by_hand(contacts))


def _rows(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _microseconds(written: str) -> int:
    instant = datetime.fromisoformat(written)
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
