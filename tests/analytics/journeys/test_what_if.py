"""What changes would save, counted on paper; the same on both engines."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations
from math import e
from typing import Any

import duckdb
import pytest

from makegood.analytics.journeys.agreements import Agreement
from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import Journeys
from makegood.analytics.journeys.costs import ContactCost, Cost, UnitCosts
from makegood.analytics.journeys.measures import Settings
from makegood.analytics.journeys.measures.asked import asked_again
from makegood.analytics.journeys.names import UnknownName
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store, Value, log_of
from makegood.analytics.journeys.study import study
from makegood.analytics.journeys.trying.changes import Change, Saved
from makegood.analytics.journeys.trying.proposals import (
    Effect,
    Join,
    Promise,
    Proposal,
    Share,
    read_proposal,
    read_proposals,
)
from makegood.analytics.journeys.trying.search import best_changes, candidates
from makegood.analytics.journeys.trying.what_if import (
    changed,
    check_names,
    recomputed,
    say_yearly,
    span_in_days,
    tried_on,
    what_if,
    yearly,
)
from makegood.rules import Calendar, PledgeError
from makegood.rules.working_time import day_number

HOUR = 3_600_000_000
DAY = 24 * HOUR
MONDAY = day_number(date(2026, 1, 5)) * DAY  # in winter, when London has no offset
ALL = Effect(low=1.0, high=1.0)
Row = Mapping[str, Any]


@pytest.fixture(params=[lambda: DuckDBStore(duckdb.connect()), PolarsStore], ids=["duckdb", "polars"])
def store(request: pytest.FixtureRequest) -> Store:
    make: Callable[[], Store] = request.param
    return make()


def contact(name: str, day: float, organisation: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "contact": name,
        "subject": "s",
        "need": "claim",
        "organisation": organisation,
        "kind": kind,
        "start": MONDAY + int(day * DAY),
        "minutes": 20.0,
        "travel_minutes": 40.0,
        "channel": "visit" if kind == "visit" else "telephone",
        "handed_to": None,
        "resolved": False,
        "completed": False,
        "due": None,
        "activity": kind,
        **more,
    }


def item(name: str, what: str, how: str, holder: str | None = None) -> dict[str, Any]:
    return {"contact": name, "item": what, "how": how, "holder": holder}


def journeys_of(store: Store, contacts: Sequence[Row], items: Sequence[Row] = ()) -> Journeys:
    return build(log_of(store, contacts, items), store)


AGREED = Agreement(
    name="Once only",
    purposes=("claim",),
    items=("payslip",),
    givers=("council",),
    takers=("college",),
    first=date(2026, 1, 1),
)
CLAIM = [
    contact("1", 0, "council", "new need"),  # gives the payslip
    contact("2", 1, "college", "new need"),  # is asked for it again, and for something else
    contact("3", 2, "college", "visit"),  # brings it, and nothing else
    contact("4", 3, "college", "visit"),  # brings it with something else
    contact("5", 4, "college", "repeat of information", completed=True, resolved=True),  # is asked for it alone
]
PAPERS = [
    item("1", "payslip", "given"),
    item("2", "payslip", "asked"),
    item("2", "address", "asked"),
    item("3", "payslip", "given"),
    item("4", "payslip", "given"),
    item("4", "address", "given"),
    item("5", "payslip", "asked"),
]
COSTS = UnitCosts(
    contacts=(
        ContactCost(channel="visit", cost=Cost(low=Decimal(8), high=Decimal(20), source="x", date=date(2026, 1, 1))),
    )
)
SHARED = Share(item="payslip", one="council", other="college")


def test_names_that_the_log_does_not_have_are_refused_with_what_may_be_meant() -> None:
    rows: list[dict[str, Value]] = [
        {"contact": str(n), "start": n, "case": "a", "organisation": body, "activity": "Decide", "need": "rent"}
        for n, body in enumerate(("the council", "the college"))
    ]
    items = [
        {"contact": "0", "item": "payslip", "how": "held", "holder": "the tax office"},
        {"contact": "0", "item": "payslip", "how": "asked"},
    ]
    for store in (DuckDBStore(duckdb.connect()), PolarsStore()):
        journeys = build(log_of(store, rows, items), store)
        for words, says in (
            ("share payslp between the council and the college", "has the item “payslp”; did you mean “payslip”?"),
            ("share payslip between the concil and the tax office", "organisation “the concil”; did you mean “the c"),
            ("promise step Decde within 2 days", "has the step “Decde”; did you mean “Decide”?"),
            ("promise need rnt within 2 days", "has the need “rnt”; did you mean “rent”?"),
            ("promise organisation the tax office within 2 days", "has the organisation “the tax office”"),
            ("join visit at the council with visit at the colege", "organisation “the colege”; did you mean “the coll"),
        ):
            with pytest.raises(UnknownName) as refused:
                check_names(journeys, [read_proposal(words)], store)
            assert says in str(refused.value), words
        known = ["share payslip between the council and the tax office", "promise step Decide within 1 day"]
        check_names(journeys, [read_proposal(words) for words in known], store)


def test_a_shared_item_saves_the_contacts_that_only_asked_for_it_or_brought_it(store: Store) -> None:
    journeys = journeys_of(store, CLAIM, PAPERS)
    (change,) = what_if(journeys, [SHARED], store, Settings(agreements=(AGREED,), costs=COSTS))
    assert change.allowed
    assert change.agreement == "Once only"
    assert change.journeys == 1
    assert change.contacts == Saved(value=1.5, low=1, high=2)
    assert change.minutes == Saved(value=90, low=60, high=120)
    # The visit costs £8 to £20; what the other costs is not known, and that is said.
    assert change.pounds == Saved(value=14 * 0.75, low=4, high=20)
    assert "The cost of 1 of them is not known" in change.assumption
    assert "50 to 100 % of the 2 contacts" in change.assumption
    assert "2 askings would be spared" in change.assumption


def test_what_no_agreement_allows_is_told_apart_and_says_what_would_have_to_be_agreed(store: Store) -> None:
    later = Agreement(**{**_fields(AGREED), "first": date(2026, 1, 8)})
    journeys = journeys_of(store, CLAIM, PAPERS)
    allowed, barred = what_if(journeys, [SHARED], store, Settings(agreements=(later,)))
    assert (allowed.allowed, barred.allowed) == (True, False)
    assert allowed.contacts == Saved(value=0.75, low=0.5, high=1)  # contact 5, asked on the 9th
    assert barred.contacts == Saved(value=0.75, low=0.5, high=1)  # contact 3, which answers the asking of the 6th
    assert "may pass each other “payslip” for “claim”" in barred.agreement
    assert allowed.pounds is None


@pytest.mark.parametrize(
    "other",
    [{"purposes": ("rent",)}, {"items": ("address",)}, {"givers": ("tax office",)}, {"takers": ("tax office",)}],
)
def test_an_agreement_has_to_cover_purpose_item_giver_and_taker(store: Store, other: dict[str, Any]) -> None:
    journeys = journeys_of(store, CLAIM, PAPERS)
    settings = Settings(agreements=(Agreement(**{**_fields(AGREED), **other}),))
    (change,) = what_if(journeys, [SHARED], store, settings)
    assert not change.allowed
    assert changed_contacts(store, journeys, [SHARED], settings) == list("12345")


def _fields(agreement: Agreement) -> dict[str, Any]:
    return {name: getattr(agreement, name) for name in Agreement.__slots__}


def changed_contacts(store: Store, journeys: Journeys, proposals: Sequence[Proposal], settings: Settings) -> list[str]:
    made = changed(journeys, proposals, store, settings, end="high")
    return sorted(row["contact"] for row in store.rows(made.contacts))


def test_the_journeys_are_made_again_without_what_fell_away_and_nothing_is_asked_again(store: Store) -> None:
    journeys = journeys_of(store, CLAIM, PAPERS)
    settings = Settings(agreements=(AGREED,))
    made = changed(journeys, [SHARED], store, settings, end="high")
    assert sorted(row["contact"] for row in store.rows(made.contacts)) == ["1", "2", "4"]
    assert store.rows(asked_again(made, store, settings.agreements)) == []
    (whole,) = store.rows(made.whole)
    assert (whole["contacts"], whole["completed"]) == (3, True)  # the one before completes what the last did


def test_half_an_effect_takes_half_of_the_contacts(store: Store) -> None:
    journeys = journeys_of(store, CLAIM, PAPERS)
    made = changed(journeys, [SHARED], store, Settings(agreements=(AGREED,)), end="low")
    assert sorted(row["contact"] for row in store.rows(made.contacts)) == ["1", "2", "3", "4"]


def test_ones_own_record_needs_no_agreement(store: Store) -> None:
    rows = [contact("1", 0, "council", "new need"), contact("2", 1, "council", "visit")]
    journeys = journeys_of(store, rows, [item("1", "payslip", "given"), item("2", "payslip", "asked")])
    (change,) = what_if(journeys, [Share(item="payslip", one="council", other="council")], store, Settings())
    assert change.allowed
    assert not change.agreement
    assert change.contacts is not None
    assert change.contacts.high == 1


VISITS = [
    contact("1", 0, "council", "new need"),
    contact("2", 1, "council", "visit"),
    contact("3", 5, "college", "visit"),  # paired with 2
    contact("4", 6, "college", "visit"),
    contact("5", 7, "council", "visit"),  # paired with 4
    contact("6", 9, "council", "visit"),
    contact("7", 25, "college", "visit"),  # too late for 6
]
JOINED = Join(kind="visit", one="council", other_kind="visit", other="college", days=14)


def test_two_visits_become_one_and_each_is_joined_once(store: Store) -> None:
    journeys = journeys_of(store, VISITS)
    (change,) = what_if(journeys, [JOINED], store, Settings())
    assert change.contacts == Saved(value=1.5, low=1, high=2)
    # The way: 80 minutes, half to all of it. Their own 40 minutes: none to half of them.
    assert change.minutes == Saved(value=60 + 10, low=40, high=80 + 20)
    assert changed_contacts(store, journeys, [JOINED], Settings()) == ["1", "2", "4", "6", "7"]


def test_visits_are_joined_only_so_many_days_apart(store: Store) -> None:
    journeys = journeys_of(store, VISITS)
    near = Join(kind="visit", one="council", other_kind="visit", other="college", days=3)
    assert changed_contacts(store, journeys, [near], Settings()) == ["1", "2", "3", "4", "6", "7"]


def test_visits_to_one_place_are_joined_by_twos(store: Store) -> None:
    rows = [contact(str(place), place, "council", "visit") for place in range(1, 6)]
    journeys = journeys_of(store, rows)
    twice = Join(kind="visit", one="council", other_kind="visit", other="council", days=3)
    assert changed_contacts(store, journeys, [twice], Settings()) == ["1", "3", "5"]


CHASED = [
    contact("1", 0.5, "council", "new need", activity="apply"),  # Monday
    contact("2", 2.5, "council", "chase"),  # Wednesday: not yet late
    contact("3", 4.5, "council", "chase"),  # Friday
    contact("4", 10.5, "council", "outcome", activity="decide", completed=True, due=MONDAY + 11 * DAY),
    contact("5", 11.5, "college", "new need"),
]
PROMISED = Promise(of="step", name="apply", days=2, effect=ALL)
WEEK = Calendar(
    name="week",
    zone="Europe/London",
    hours=(((0, 86_400),),) * 5 + ((), ()),
    closed={},
    first=day_number(date(2025, 1, 1)),
    last=day_number(date(2027, 12, 31)),
)


def test_a_promise_saves_the_chases_after_it_and_cuts_the_wait(store: Store) -> None:
    journeys = journeys_of(store, CHASED)
    (change,) = what_if(journeys, [PROMISED], store, Settings())
    assert change.contacts == Saved(value=1, low=1, high=1)
    made = changed(journeys, [PROMISED], store, Settings())
    rows = {row["contact"]: row for row in store.rows(made.contacts)}
    assert sorted(rows) == ["1", "2", "4", "5"]
    # Due by the end of Wednesday: what came on the Thursday of the week after comes 7 and a half days sooner.
    assert rows["2"]["start"] == MONDAY + int(2.5 * DAY)
    assert rows["4"]["start"] == MONDAY + 3 * DAY
    assert rows["4"]["due"] == MONDAY + int(3.5 * DAY)
    assert rows["5"]["start"] == MONDAY + 4 * DAY
    (whole,) = store.rows(made.whole)
    assert (whole["contacts"], whole["completed_at"], whole["last"]) == (4, MONDAY + 3 * DAY, MONDAY + 4 * DAY)


@pytest.mark.parametrize(("days", "left"), [(2, "1245"), (3, "1245"), (4, "12345"), (5, "12345")])
def test_a_promise_in_working_days_ends_with_its_last_day(store: Store, days: int, left: str) -> None:
    journeys = journeys_of(store, CHASED)
    promise = Promise(of="need", name="claim", days=days, working=True, effect=ALL)
    assert changed_contacts(store, journeys, [promise], Settings(calendar=WEEK)) == list(left)


def test_a_wait_shortened_in_part_keeps_the_order(store: Store) -> None:
    journeys = journeys_of(store, CHASED)
    half = Promise(of="organisation", name="council", days=2, effect=Effect(low=0.5, high=0.5))
    made = changed(journeys, [half], store, Settings())
    rows = sorted(store.rows(made.contacts), key=lambda row: row["start"])
    assert [row["contact"] for row in rows] == ["1", "2", "3", "4", "5"]
    # Half of the one and a half days that the chase came late, and half of the seven and a half of the decision.
    assert rows[2]["start"] == MONDAY + int((4.5 - 0.75) * DAY)
    assert rows[3]["start"] == MONDAY + int((10.5 - 3.75) * DAY)


def test_what_a_log_does_not_have_is_said_and_nothing_saved(store: Store) -> None:
    rows = [{"contact": str(at), "start": at * DAY, "subject": "s"} for at in range(3)]
    journeys = journeys_of(store, rows)
    working = Promise(of="step", name="apply", days=2, working=True)
    found = what_if(journeys, [SHARED, JOINED, working], store, Settings())
    assert [(each.contacts, each.minutes, each.pounds) for each in found] == [(None, None, None)] * 3
    said = " ".join(each.assumption for each in found)
    assert "organisation, asked, given" in said
    assert "a calendar of working days" in said
    assert candidates(journeys, store, Settings()) == []


def test_nothing_found_saves_nothing(store: Store) -> None:
    journeys = journeys_of(store, CLAIM, PAPERS)
    (change,) = what_if(journeys, [JOINED], store, Settings())
    assert change.contacts == Saved(value=0, low=0, high=0)
    assert change.journeys == 0


def test_sampled_contacts_count_with_their_weight(store: Store) -> None:
    journeys = journeys_of(store, [{**row, "weight": 10.0} for row in VISITS])
    (change,) = what_if(journeys, [JOINED], store, Settings())
    assert change.contacts == Saved(value=15, low=10, high=20)


def test_the_order_of_rows_does_not_matter(store: Store) -> None:
    settings = Settings(agreements=(AGREED,))
    proposals: list[Proposal] = [SHARED, JOINED, PROMISED]
    found = []
    for seed in (0, 1):
        rows = [{**row, "sequence": at} for at, row in enumerate([*CLAIM])]
        random.Random(seed).shuffle(rows)
        journeys = journeys_of(store, rows, random.Random(seed).sample(PAPERS, len(PAPERS)))
        found.append(what_if(journeys, proposals, store, settings))
    assert found[0] == found[1]


def test_a_name_may_hold_anything(store: Store) -> None:
    wild = 'Robert\'); DROP TABLE "x";-- “and” between NA'
    rows = [{**row, "organisation": wild if row["organisation"] == "college" else "council"} for row in VISITS]
    journeys = journeys_of(store, rows)
    join = Join(kind="visit", one="council", other_kind="visit", other=wild, days=14)
    assert changed_contacts(store, journeys, [join], Settings()) == ["1", "2", "4", "6", "7"]


def test_the_span_of_a_log_is_from_its_first_contact_to_the_end_of_its_last(store: Store) -> None:
    assert span_in_days(journeys_of(store, VISITS), store) == 25


def test_measures_are_told_as_they_are_and_as_they_would_be(store: Store) -> None:
    journeys = journeys_of(store, CLAIM, PAPERS)
    told = recomputed(journeys, [SHARED], store, Settings(agreements=(AGREED,)))
    (each,) = [each for each in told if each.now.definition.name == "contacts_per_outcome"]
    assert (each.now.value, each.low.value, each.high.value) == (5, 4, 3)
    (again,) = [each for each in told if each.now.definition.name == "asked_again"]
    assert (again.now.value, again.low.value, again.high.value) == (2, 1, 0)


def test_a_year_is_told_only_of_eight_weeks_or_more() -> None:
    assert yearly(Saved(value=10, low=5, high=20), 73) == Saved(value=50, low=25, high=100)
    assert yearly(Saved(value=10, low=5, high=20), 55) is None
    change = Change(title="x", assumption="", journeys=9, contacts=Saved(value=10, low=5, high=20))
    assert say_yearly(change, 73).endswith("it would save about 50 contacts (25 to 100) in one.")
    assert "55 days: too short" in say_yearly(change, 55)


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("share payslip between council and college", SHARED),
        ("share “name and address” between “A and B” and C", Share(item="name and address", one="A and B", other="C")),
        ("join visit at council with visit at college within 14 days", JOINED),
        ("promise step apply within 2 days, avoiding 100 %", PROMISED),
        ("promise need rent within 1 working day", Promise(of="need", name="rent", days=1, working=True)),
        (
            "share x between a and b avoiding 10 to 20%",
            Share(item="x", one="a", other="b", effect=Effect(low=0.1, high=0.2)),
        ),
    ],
)
def test_a_change_is_read_from_words_and_says_the_same_again(words: str, expected: Proposal) -> None:
    assert read_proposal(words) == expected
    if expected.effect == Effect():
        assert read_proposal(str(expected)) == expected


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", "no change that is known"),
        ("share payslip", "no change that is known"),
        ("share payslip between A and B and C", "not clear where a name ends"),
        ("promise step decide within two days", "no promise"),
        ("promise step decide within 900 days", "900"),
        ("join dance at A with visit at B", "no change that is known"),
        ("share x between a and b, avoiding 90 to 10 %", "no range of shares"),
    ],
)
def test_words_that_are_no_change_are_refused_with_what_is_expected(words: str, found: str) -> None:
    with pytest.raises(PledgeError, match=found):
        read_proposal(words)


def test_a_file_of_changes_is_read_with_keys_or_words() -> None:
    text = """
    changes:
      - {share: payslip, between: [council, college]}
      - {join: visit, at: council, with: visit, with at: college, within: 14}
      - promise step apply within 2 days, avoiding 100 %
      - {promise: apply, of: step, within: 2 days, effect: 100 %}
    """
    assert read_proposals(text) == (SHARED, JOINED, PROMISED, PROMISED)


def test_all_that_is_wrong_with_a_file_of_changes_is_told_at_once() -> None:
    text = """
    changes:
      - {share: a, between: [b]}
      - {join: dance, at: a, with: visit, with at: b}
      - {dance: x}
      - tango
      - {promise: x}
    """
    with pytest.raises(PledgeError) as wrong:
        read_proposals(text)
    assert len(wrong.value.findings) == 6


# --- search -------------------------------------------------------------------------------------------------------


def test_candidates_are_what_the_log_suggests(store: Store) -> None:
    rows = [*CLAIM, *({**row, "contact": f"v{row['contact']}", "subject": "t"} for row in VISITS)]
    rows += [{**row, "contact": f"c{row['contact']}", "subject": "u"} for row in CHASED]
    found = candidates(journeys_of(store, rows, PAPERS), store, Settings(), joined_within=14, promised=2)
    assert SHARED in [
        Share(item=each.item, one=each.other, other=each.one) for each in found if isinstance(each, Share)
    ]
    assert Join(kind="visit", one="college", other_kind="visit", other="council", days=14) in found
    assert Promise(of="step", name="apply", days=2) in found


def crowd(seed: int, places: int = 5) -> tuple[list[dict[str, Any]], list[Proposal]]:
    """Customers who go from place to place; every two places could be joined, so that joins overlap."""
    chance = random.Random(seed)
    rows = []
    for subject in range(40):
        for step in range(chance.randint(2, 7)):
            at = f"place {chance.randrange(places)}"
            row = contact(f"{subject}-{step}", step + chance.random() / 2, at, "visit")
            rows.append({**row, "subject": str(subject), "minutes": float(chance.randint(0, 60))})
    joins: list[Proposal] = [
        Join(
            kind="visit",
            one=f"place {one}",
            other_kind="visit",
            other=f"place {other}",
            days=3,
            effect=chance.choice([Effect(), ALL, Effect(low=0.2, high=0.6)]),
        )
        for one, other in combinations(range(places), 2)
    ]
    return rows, joins


def by_hand(rows: Sequence[Row], chosen: Sequence[int], proposals: Sequence[Proposal], by: str) -> float:
    """What the middle of the ranges saves: of each contact (`tried` and what it counts for) the greatest effect."""
    saved: dict[str, float] = {}
    own: dict[str, float] = {}
    worth = {row["contact"]: row for row in rows}
    for row in rows:
        proposal = proposals[row["tried"]]
        if row["tried"] in chosen and isinstance(proposal, Join):
            saved[row["contact"]] = max(saved.get(row["contact"], 0), proposal.effect.middle)
            own[row["contact"]] = max(own.get(row["contact"], 0), proposal.own_time.middle)
    if by == "contacts":
        return sum(worth[name]["contacts"] * share for name, share in saved.items())
    return sum(worth[name]["travel"] * share + worth[name]["own"] * own[name] for name, share in saved.items())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("by", ["contacts", "minutes"])
def test_exact_search_finds_what_trying_every_combination_finds_and_greedy_is_near(
    store: Store, seed: int, by: Any
) -> None:
    rows, joins = crowd(seed)
    trial = tried_on(journeys_of(store, rows), joins, store, Settings())
    fallen = store.rows(trial.fallen)
    for k in (1, 2, 3):
        most = max(by_hand(fallen, chosen, joins, by) for chosen in combinations(range(len(joins)), k))
        exact, greedy = (best_changes(trial, k, store, by=by, method=method) for method in ("exact", "greedy"))
        assert exact.chosen[-1].together.value == pytest.approx(most)
        assert most >= greedy.chosen[-1].together.value - 1e-9
        assert greedy.chosen[-1].together.value >= (1 - 1 / e) * most
        titles = [str(each) for each in joins]
        picked = [titles.index(each.change.title[0].lower() + each.change.title[1:]) for each in greedy.chosen]
        assert by_hand(fallen, picked, joins, by) == pytest.approx(greedy.chosen[-1].together.value)
        for best in (exact, greedy):
            assert sum(each.adds for each in best.chosen) == pytest.approx(best.chosen[-1].together.value)
            last = best.chosen[-1].together
            assert last.low <= last.value <= last.high


def test_two_changes_that_save_the_same_contact_save_it_once(store: Store) -> None:
    journeys = journeys_of(store, VISITS)
    again = Join(kind="visit", one="council", other_kind="visit", other="college", days=13)
    trial = tried_on(journeys, [JOINED, again], store, Settings())
    for method in ("exact", "greedy"):
        best = best_changes(trial, 2, store, method=method)
        assert len(best.chosen) == 1
        assert best.chosen[0].together == Saved(value=1.5, low=1, high=2)


def test_what_is_not_allowed_is_chosen_only_when_asked_for(store: Store) -> None:
    trial = tried_on(journeys_of(store, CLAIM, PAPERS), [SHARED], store, Settings())
    assert best_changes(trial, 3, store).chosen == ()
    (found,) = best_changes(trial, 3, store, barred=True).chosen
    assert found.together.high == 2


def test_a_change_that_was_asked_for_is_told_once_though_the_search_finds_it_too(store: Store) -> None:
    rows = [*CLAIM, *({**row, "contact": f"v{row['contact']}", "subject": "t"} for row in VISITS)]
    journeys, settings = journeys_of(store, rows, PAPERS), Settings(agreements=(AGREED,))
    best = study(journeys, store, settings).best
    assert best is not None
    assert len(best.chosen) > 1
    asked = candidates(journeys, store, settings)
    changes = study(journeys, store, settings, proposals=asked).changes
    assert changes is not None
    told = [(each.title, each.assumption) for each in changes]
    assert {(each.change.title, each.change.assumption) for each in best.chosen} <= set(told)
    assert len(told) == len(set(told)) == len(what_if(journeys, asked, store, settings))


def test_a_search_for_what_is_not_known_is_refused(store: Store) -> None:
    trial = tried_on(journeys_of(store, CLAIM, PAPERS), [SHARED], store, Settings())
    with pytest.raises(ValueError, match="pounds is not known"):
        best_changes(trial, 1, store, by="pounds")
    rows, _ = crowd(0)
    many = [
        Join(kind="visit", one=f"place {at}", other_kind="visit", other="place 0", days=days)
        for at in range(1, 5)
        for days in range(1, 6)
    ]
    crowded = tried_on(journeys_of(store, rows), many, store, Settings())
    with pytest.raises(ValueError, match="too many"):
        best_changes(crowded, 2, store, method="exact")
    assert best_changes(crowded, 2, store).method == "greedy"
