"""The measures of contacts, on journeys of which every number was counted on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pytest

from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import CONTACT_COLUMNS, Kind
from makegood.analytics.journeys.joining import NOTHING_JOINS
from makegood.analytics.journeys.measure import Definition, Measure
from makegood.analytics.journeys.measures import DEFINITIONS, GROUPS, asked, contacts, effort, measure, pillar
from makegood.analytics.journeys.measures.avoidable import kappa
from makegood.analytics.journeys.measures.reasons import default_reasons, read_reasons
from makegood.analytics.journeys.measures.settings import Settings
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store, log_of
from makegood.rules import PledgeError

DAY = 86_400_000_000
Row = dict[str, Any]
No, Yes = False, True
NOT = "not avoidable"


@pytest.fixture(params=["duckdb", "polars"])
def store(request: pytest.FixtureRequest) -> Store:
    return DuckDBStore(duckdb.connect()) if request.param == "duckdb" else PolarsStore()


def _contact(
    name: str,
    day: float,
    where: tuple[str, str, str],
    kind: str | None,
    settled: tuple[bool | None, bool | None],
    views: tuple[str | None, str | None],
    **more: Any,
) -> Row:
    need, organisation, channel = where
    return {
        "contact": name,
        "start": round(day * DAY),
        "subject": name[0],
        "need": need,
        "organisation": organisation,
        "channel": channel,
        "kind": kind,
        "resolved": settled[0],
        "completed": settled[1],
        "reason_adviser": views[0],
        "reason_customer": views[1],
        **more,
    }


# Four journeys, by the first letter. c2: nobody said whether anything was resolved, and “weather” is in no list.
CONTACTS = [
    _contact(
        "a1",
        0,
        ("benefit", "council", "phone"),
        "new need",
        (No, No),
        (NOT, NOT),
        due=5 * DAY,
        handed_to="jobcentre",
    ),
    _contact("a2", 3, ("benefit", "council", "phone"), "chase", (No, No), ("progress_chasing", NOT)),
    _contact("a3", 8, ("benefit", "council", "web"), None, (No, No), ("Progress-Chasing", "chase")),
    _contact("a4", 9, ("benefit", "jobcentre", "counter"), "outcome", (Yes, Yes), (NOT, None)),
    _contact(
        "a5", 12, ("benefit", "council", "phone"), "clarification", (Yes, No), ("unnecessary_clarification", None)
    ),
    _contact("b1", 0, ("benefit", "council", "phone"), "new need", (Yes, Yes), (NOT, NOT)),
    _contact("c1", 1, ("housing", "landlord", "web"), "new need", (Yes, None), (None, "repeat_same_information")),
    _contact("c2", 20, ("housing", "landlord", "phone"), None, (None, No), ("weather", None)),
    _contact("d1", 30, ("housing", "council", "counter"), "new need", (No, No), (NOT, None)),
    _contact("d2", 31, ("housing", "council", "phone"), "chase", (No, No), ("chase", "chase")),
]
ITEMS = [
    {"contact": "a1", "item": "payslip", "how": "asked"},
    {"contact": "b1", "item": "payslip", "how": "given"},
]


def _told(
    store: Store,
    rows: Sequence[Mapping[str, Any]] = CONTACTS,
    items: Sequence[Mapping[str, Any]] = ITEMS,
    *,
    settings: Settings | None = None,
    by: Sequence[str] = (),
) -> dict[tuple[str, ...], Measure]:
    """The measures by name and the values of what they are told by."""
    journeys = build(log_of(store, rows, items), store)
    found = contacts.measures(journeys, store, settings or Settings(), by)
    told = {(measure.definition.name, *measure.by.values()): measure for measure in found}
    assert len(told) == len(found)
    return told


BY_HAND: dict[str, tuple[float, int, int]] = {
    # Value, n, unknown.
    "contacts_per_outcome": ((4 + 1) / 2, 2, 2),  # a4 is the fourth of its journey, b1 the first; c and d are open
    "all_contacts_per_outcome": (10 / 2, 4, 0),
    "resolved_at_first_contact": (2 / 3, 3, 1),  # b, and c, which came again after 19 days; d is a day old
    "contacts_per_resolved_request": (10 / 3, 4, 0),  # a, b and c
    "avoidable_contact": (4 / 8, 8, 2),  # a2, a3, a5, d2 of all but c1 and c2
    "avoidable_contact_to_customer": (3 / 6, 6, 4),  # a3, c1, d2 of those and a1, a2, b1
    "agreement": (4 / 5, 5, 5),  # a1, a3, b1, d2, and a2 where they differ
    # By chance: both say avoidable 3/5 × 2/5, both say not 2/5 × 3/5; so (0.8 - 0.48) / (1 - 0.48).
    "agreement_beyond_chance": (0.32 / 0.52, 5, 5),
    "chases": (3, 9, 1),  # a2 and d2 by kind, a3 because nothing happened in it; of c2 it is not known
    "chases_share": (3 / 9, 9, 1),
    "chases_after_due": (1, 3, 1),  # a3: promised for day 5, on day 8
    "chases_after_due_share": (1 / 3, 3, 1),
    "chases_before_due": (1, 3, 1),  # a2, on day 3
    "chases_before_due_share": (1 / 3, 3, 1),
    "chases_without_promise": (1, 3, 1),  # d2
    "chases_without_promise_share": (1 / 3, 3, 1),
    "failure_demand": (4 / 9, 9, 1),  # a2, a3, a5, d2; of c2 it is not known
}
BY_REASON: dict[tuple[str, ...], tuple[float, int, int]] = {
    ("avoidable_contact_by_reason", "progress_chasing"): (3 / 8, 8, 2),
    ("avoidable_contact_by_reason", "unnecessary_clarification"): (1 / 8, 8, 2),
    ("avoidable_contact_by_reason", "repeat_same_information"): (0, 8, 2),
    ("avoidable_contact_by_reason", "poor_signposting_or_transfer"): (0, 8, 2),
    ("avoidable_contact_by_reason", "repeat_contact_premature_closure"): (0, 8, 2),
    ("avoidable_contact_to_customer_by_reason", "progress_chasing"): (2 / 6, 6, 4),
    ("avoidable_contact_to_customer_by_reason", "unnecessary_clarification"): (0, 6, 4),
    ("avoidable_contact_to_customer_by_reason", "repeat_same_information"): (1 / 6, 6, 4),
    ("avoidable_contact_to_customer_by_reason", "poor_signposting_or_transfer"): (0, 6, 4),
    ("avoidable_contact_to_customer_by_reason", "repeat_contact_premature_closure"): (0, 6, 4),
}


def test_every_measure_is_what_was_counted_on_paper(store: Store) -> None:
    told = _told(store)
    expected = dict(BY_REASON)
    expected.update({(name,): value for name, value in BY_HAND.items()})
    assert told.keys() == expected.keys()
    for name, (value, n, unknown) in expected.items():
        measure = told[name]
        assert measure.value == pytest.approx(value), name
        assert (measure.n, measure.unknown, measure.lacks) == (n, unknown, ()), name


def test_the_order_of_rows_does_not_matter(store: Store) -> None:
    rows = [{"sequence": 0, **row} for row in CONTACTS]
    assert _told(store, rows[::-1], ITEMS[::-1]) == _told(store, rows)


BY_GROUP = {
    ("contacts_per_outcome", "benefit"): (5 / 2, 2, 0),
    ("contacts_per_outcome", "phone"): (5 / 2, 2, 0),  # a and b began by phone
    ("contacts_per_outcome", "council"): (5 / 2, 2, 1),  # d is open
    ("all_contacts_per_outcome", "council"): (8 / 2, 3, 0),
    ("avoidable_contact", "council"): (4 / 7, 7, 0),  # the contact's own organisation: all of a, b, d but a4
    ("avoidable_contact", "jobcentre"): (0, 1, 0),
    ("avoidable_contact", "phone"): (3 / 5, 5, 1),  # a2, a5, d2 of those and a1, b1; not c2
    ("avoidable_contact", "housing"): (1 / 2, 2, 2),
    ("chases_share", "web"): (1 / 2, 2, 0),
    ("chases_after_due_share", "benefit"): (1 / 2, 2, 0),
}


def test_measures_are_told_by_need_organisation_and_channel(store: Store) -> None:
    told = _told(store, by=("need", "organisation", "channel"))
    for key, (value, n, unknown) in BY_GROUP.items():
        assert told[key].value == pytest.approx(value), key
        assert (told[key].n, told[key].unknown) == (n, unknown), key
    for name, lacks in (
        ("contacts_per_outcome", "journeys of which it is known"),
        ("all_contacts_per_outcome", "a completed journey"),
    ):
        assert (told[name, "housing"].value, told[name, "housing"].lacks) == (None, (lacks,))


DELETED = {
    "completed": {"contacts_per_outcome", "all_contacts_per_outcome"},
    "resolved": {"resolved_at_first_contact", "contacts_per_resolved_request"},
    "reason_adviser": {"avoidable_contact", "avoidable_contact_by_reason", "agreement", "agreement_beyond_chance"},
    "reason_customer": {
        "avoidable_contact_to_customer",
        "avoidable_contact_to_customer_by_reason",
        "agreement",
        "agreement_beyond_chance",
    },
    "due": {name for name in BY_HAND if name.startswith("chases_") and name != "chases_share"},
    "kind": {"failure_demand"},
    "organisation": set(),
    "channel": set(),
    "need": set(),
    "handed_to": set(),
}


@pytest.mark.parametrize("column", DELETED)
def test_a_missing_column_turns_exactly_its_measures_unknown(store: Store, column: str) -> None:
    rows = [{name: value for name, value in row.items() if name != column} for row in CONTACTS]
    told = _told(store, rows)
    untold = {name for (name, *_), measure in told.items() if measure.value is None}
    assert untold == DELETED[column]
    assert all(told[name].lacks == (column,) for name in told if name[0] in untold)


@pytest.mark.parametrize("column", ["handed_to", "resolved", "asked", "given"])
def test_without_what_the_rule_needs_only_kinds_tell_chases(store: Store, column: str) -> None:
    rows = [{name: value for name, value in row.items() if name != column} for row in CONTACTS]
    items = [item for item in ITEMS if item["how"] != column]
    told = _told(store, rows, items)
    assert (told["chases",].value, told["chases",].unknown) == (2, 2)  # a3 and c2 have no kind
    without = _told(store, [{k: v for k, v in row.items() if k != "kind"} for row in rows], items)
    assert without["chases",].lacks == ("kind", column)
    assert without["chases_after_due",].lacks == ("kind", column)


def test_a_log_without_kinds_has_its_chases_found(store: Store) -> None:
    rows = [{name: value for name, value in row.items() if name != "kind"} for row in CONTACTS]
    told = _told(store, rows)
    assert (told["chases",].value, told["chases",].n, told["chases",].unknown) == (3, 9, 1)


def test_failure_demand_that_no_adviser_judged_is_told_as_the_least_that_it_can_be(store: Store) -> None:
    def definition(rows: Sequence[Row], **by: str) -> Definition:
        told = _told(store, rows, by=("need",))
        return told["failure_demand", *by.values()].definition

    lacking = [{k: v for k, v in row.items() if k != "reason_adviser"} for row in CONTACTS]
    empty = [{**row, "reason_adviser": None} for row in CONTACTS]
    for rows in (lacking, empty):
        for found in (definition(rows), definition(rows, need="benefit")):
            assert found.title == "Failure demand, at least"
            assert found.says.startswith("At least so much: no adviser judged any contact")
            assert found.at_least
    assert not definition(CONTACTS).at_least


HAPPENED: list[tuple[Row, list[str], int]] = [
    ({}, [], 1),
    ({"kind": "other"}, [], 1),
    ({"kind": "a word of nobody's"}, [], 1),
    ({"resolved": True}, [], 0),
    ({"completed": True}, [], 0),
    ({"handed_to": "college"}, [], 0),
    ({}, ["asked"], 0),
    ({}, ["given"], 0),
    ({}, ["asked", "given", "held"], 0),
    ({}, ["held"], 1),
    *(({"kind": str(kind)}, [], 0) for kind in Kind if kind not in (Kind.CHASE, Kind.OTHER)),
]


def test_a_contact_in_which_nothing_happened_is_a_chase(store: Store) -> None:
    rows, items = [], []
    for case, (what, hows, _) in enumerate(HAPPENED):
        first = {"contact": f"x{case}", "start": 0, "subject": f"s{case}", "need": f"n{case}", "resolved": False}
        rows += [first, {**first, "contact": f"y{case}", "start": DAY, **what}]
        items += [{"contact": f"y{case}", "item": "name", "how": how} for how in hows]
    told = _told(store, rows, items, by=("need",))
    found = [told["chases", f"n{case}"].value for case in range(len(HAPPENED))]
    assert found == [chases for *_, chases in HAPPENED]


PROMISES: list[tuple[float | None, float | None, float | None, str]] = [
    # Told on day 0, on day 4, and in the chase on day 10.
    (None, None, None, "without_promise"),
    (5, None, None, "after_due"),
    (10, None, None, "before_due"),  # not yet late
    (9.99, None, None, "after_due"),
    (5, 15, None, "before_due"),  # a new date was told in time
    (15, 5, None, "after_due"),
    (5, None, 20, "after_due"),  # a new date told in the chase does not mend the old one
    (None, None, 20, "before_due"),
    (None, None, 5, "after_due"),
    (15, None, 5, "after_due"),
]


def test_a_chase_is_joined_to_the_promise_that_stood(store: Store) -> None:
    rows: list[Row] = []
    for case, (*dues, _) in enumerate(PROMISES):
        for day, due in zip((0, 4, 10), dues, strict=True):
            kind = "chase" if day == 10 else "visit"
            about = {"subject": f"s{case}", "need": f"n{case}", "kind": kind}
            when = {"start": day * DAY, "due": None if due is None else round(due * DAY)}
            rows.append({"contact": f"{case} on {day}", **about, **when})
    told = _told(store, rows, [], by=("need",))
    for case, (*_, which) in enumerate(PROMISES):
        found = {name: told[f"chases_{name}", f"n{case}"].value for name in {name for *_, name in PROMISES}}
        assert found == {"after_due": 0, "before_due": 0, "without_promise": 0, which: 1}, case


@pytest.mark.parametrize(
    ("window", "as_of", "share", "unknown"),
    [
        (14, None, 2 / 3, 1),
        (19, None, 1 / 3, 1),  # c came again after exactly 19 days
        (18, None, 2 / 3, 1),
        (31, None, 1 / 2, 2),  # a and b are exactly 31 days old
        (32, None, None, 4),
        (14, 44, 2 / 4, 0),
        (14, 43, 2 / 3, 1),
    ],
)
def test_a_journey_younger_than_the_window_is_unknown(
    store: Store, window: int, as_of: int | None, share: float | None, unknown: int
) -> None:
    settings = Settings(window_days=window, as_of=as_of and as_of * DAY)
    told = _told(store, settings=settings)["resolved_at_first_contact",]
    assert told.value == (None if share is None else pytest.approx(share))
    assert (told.n, told.unknown) == (4 - unknown, unknown)


def test_sampled_contacts_count_with_their_weight(store: Store) -> None:
    weights = {"a1": 3.0, "a2": 2.0, "a4": 4.0, "a5": 2.0, "b1": 0.5}
    told = _told(store, [{**row, "weight": weights.get(row["contact"], 1.0)} for row in CONTACTS])
    # Adviser: a2 2, a3 1, a5 2, d2 1 of those and a1 3, a4 4, b1 0.5, d1 1.
    assert told["avoidable_contact",].value == pytest.approx(6 / 14.5)
    assert told["avoidable_contact",].n == 8
    # All 16.5; resolved: a (4 + 2) / 2, b 0.5, c 1.
    assert told["contacts_per_resolved_request",].value == pytest.approx(16.5 / 4.5)
    assert told["chases",].value == pytest.approx(4)
    assert told["chases_before_due_share",].value == pytest.approx(2 / 4)
    assert told["failure_demand",].value == pytest.approx(6 / 15.5)
    assert told["agreement",].value == pytest.approx((3 + 1 + 0.5 + 1) / 7.5)


def test_a_resolved_request_counts_once_however_often_it_was_resolved(store: Store) -> None:
    rows = [
        {"contact": f"x{n}", "start": n * DAY, "subject": "x", "need": "work", "resolved": n > 1} for n in range(1, 6)
    ]
    assert _told(store, rows, [])["contacts_per_resolved_request",].value == 5


def test_shares_of_journeys_have_exact_intervals_and_those_of_contacts_resampled_ones(store: Store) -> None:
    many = [
        {**row, "contact": f"{row['contact']}-{n}", "subject": f"{row['subject']}{n}"}
        for n in range(15)
        for row in CONTACTS
    ]
    items = [{**item, "contact": f"{item['contact']}-{n}"} for n in range(15) for item in ITEMS]
    told = _told(store, many, items)
    first, avoidable, outcome = (
        told[name,] for name in ("resolved_at_first_contact", "avoidable_contact", "contacts_per_outcome")
    )
    assert first.value == pytest.approx(2 / 3)
    assert (first.n, first.method) == (45, "exact (Clopper-Pearson)")
    assert (avoidable.value, avoidable.method) == (0.5, "bootstrap over journeys")
    for each in (first, avoidable, outcome):
        assert each.interval is not None
        assert each.value is not None
        assert each.interval.low < each.value < each.interval.high
    nobody = told["avoidable_contact_by_reason", "poor_signposting_or_transfer"]
    assert nobody.interval is not None
    assert nobody.interval.low == 0 < nobody.interval.high  # that nobody said it does not make it certain
    assert nobody.method == "exact (Clopper-Pearson)"


def test_few_journeys_have_no_resampled_interval(store: Store) -> None:
    told = _told(store)["contacts_per_outcome",]
    assert (told.interval, told.method) == (None, "")


def test_an_empty_log_has_no_value_and_says_why(store: Store) -> None:
    rows = [{**row, "start": 0, "kind": None, "reason_adviser": None, "completed": None} for row in CONTACTS[:1]]
    told = _told(store, rows)
    assert told["avoidable_contact",].lacks == ("contacts of which it is known",)
    assert (told["avoidable_contact",].n, told["avoidable_contact",].unknown) == (0, 1)


def test_any_word_is_a_group(store: Store) -> None:
    words = ["NA", "null", "None", "", "'; drop table x", "sum_0", "rows", "block", "\u202e\N{PILE OF POO}"]
    rows = [
        {**row, "need": word, "contact": f"{row['contact']} {word}", "subject": f"{row['subject']} {word}"}
        for word in words
        for row in CONTACTS
    ]
    told = _told(store, rows, by=("need",))
    for word in words:
        assert told["contacts_per_outcome", word].value == 2.5
        assert told["avoidable_contact", word].value == 0.5


@pytest.mark.parametrize(
    ("table", "value"),
    [
        # Both yes, first alone, second alone, both no: the three tables by which kappa is usually taught.
        ((20, 5, 10, 15), 0.4),
        ((45, 15, 25, 15), 0.1304),
        ((25, 35, 5, 35), 0.2593),
        ((5, 0, 0, 5), 1.0),
        ((0, 5, 5, 0), -1.0),
        ((7, 0, 0, 0), None),
        ((0, 0, 0, 0), None),
    ],
)
def test_kappa_is_that_of_the_textbooks(table: Sequence[float], value: float | None) -> None:
    found = kappa(table)
    assert found == (None if value is None else pytest.approx(value, abs=5e-5))


def test_the_default_reasons_say_that_they_were_not_verified() -> None:
    reasons = default_reasons()
    assert "not verified" in reasons.source
    assert [reason.code for reason in reasons.reasons] == [
        "unnecessary_clarification",
        "poor_signposting_or_transfer",
        "repeat_same_information",
        "progress_chasing",
        "repeat_contact_premature_closure",
    ]


def test_a_partnership_has_its_own_reasons(store: Store) -> None:
    reasons = read_reasons("title: Ours\nsource: us\nreasons: {avoidable: {title: Rain, also: [Weather]}}")
    told = _told(store, settings=Settings(reasons=reasons))
    assert told["avoidable_contact",].value == pytest.approx(1 / 5)  # c2; a1, a4, b1, d1 are not avoidable
    assert told["avoidable_contact_by_reason", "avoidable"].value == pytest.approx(1 / 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("title: x\nsource: y\nreasons: {a: {title: T, also: [o-n]}, b: {title: U, also: [O N]}}", "repeated"),
        ("title: x\nsource: y\nreasons: {a: {title: Not avoidable}}", "repeated"),
        ("title: x\nsource: y\nreasons: {a: {also: [b]}}", "missing-key"),
        ("title: x\nreasons: {a: {title: T}}", "missing-key"),
        ("title: x\nsource: y\nreasons: {a: {title: T}}\nreason: {}", "unknown-key"),
        ("[]", "shape"),
    ],
)
def test_a_wrong_list_of_reasons_is_refused(text: str, code: str) -> None:
    with pytest.raises(PledgeError) as refused:
        read_reasons(text)
    assert [finding.code for finding in refused.value.findings] == [code]


def test_all_measures_are_told_together_each_by_a_name_of_its_own(store: Store) -> None:
    told = measure(build(log_of(store, CONTACTS, ITEMS), store), store)
    assert {each.definition.name for each in told} == set(DEFINITIONS)
    assert len(DEFINITIONS) == sum(len(module.DEFINITIONS) for module in (contacts, pillar, asked, effort))
    assert all((each.value is None) == bool(each.lacks) for each in told)


def test_what_is_told_of_all_modules_in_one_pass_is_what_each_tells_alone(store: Store) -> None:
    journeys = build(log_of(store, CONTACTS, ITEMS), store)
    modules = (contacts, pillar, asked, effort)
    alone = [each for module in modules for each in module.measures(journeys, store, Settings(), GROUPS)]
    assert measure(journeys, store) == alone


def test_where_nothing_joins_two_contacts_no_measure_of_journeys_is_told(store: Store) -> None:
    rows: list[dict[str, Any]] = [
        {"contact": str(n), "start": n, "organisation": "A", "completed": True, "kind": "chase"} for n in range(9)
    ]
    found = {each.definition.name: each for each in measure(build(log_of(store, rows), store), store, by=())}
    assert found["contacts_per_outcome"].value is None
    assert found["contacts_per_outcome"].lacks[0].startswith("a case, a subject, or references")
    assert found["hand_overs"].value is None
    assert found["failure_demand"].value == 1


JOINING: list[tuple[Row, Row, bool]] = [
    ({"case": None}, {"case": None}, False),
    ({"subject": None}, {"subject": None}, False),
    ({"subject": "p", "need": None}, {"subject": "p", "need": None}, False),  # customers are joined by their needs
    ({"subject": "p", "need": None, "handed_to": "B"}, {"subject": "p", "need": None, "organisation": "B"}, True),
    ({"reference": "1", "follows": None}, {"reference": "2", "follows": None}, False),
    ({"reference": None, "follows": "1"}, {"reference": None, "follows": "2"}, False),
    ({"reference": "1", "follows": None}, {"reference": "2", "follows": "elsewhere"}, False),
    ({"reference": "1", "follows": None}, {"reference": "2", "follows": "1"}, True),
    ({"case": "a"}, {"case": None}, True),  # that the other has none is said: it is a journey of its own
    ({"subject": "p"}, {"subject": "q"}, True),  # of two customers
]


@pytest.mark.parametrize(("one", "other", "joins"), JOINING)
def test_joining_columns_without_a_word_in_them_join_nothing(store: Store, one: Row, other: Row, joins: bool) -> None:
    plain: Row = {"organisation": "A", "completed": True, "kind": None, "due": 5 * DAY, "resolved": False}
    rows = [{"contact": str(n), "start": n, **plain, **row} for n, row in enumerate((one, other))]
    items = [{"contact": "9", "item": "x", "how": how} for how in ("asked", "given")]
    rows = [{"handed_to": None, **row} for row in rows]
    found = {each.definition.name: each for each in measure(build(log_of(store, rows, items), store), store, by=())}
    assert (found["contacts_per_outcome"].value is not None) == joins
    # Without journeys nobody can tell whether a contact of an unknown kind is the first of one.
    assert (found["chases"].value is None, found["chases"].unknown) == ((False, 0) if joins else (True, 2))
    for name in ("chases_after_due", "contacts_per_outcome"):
        assert (NOTHING_JOINS in found[name].lacks) == (not joins)


def test_where_nothing_joins_only_kinds_tell_chases_and_no_promise_is_known(store: Store) -> None:
    rows: list[Row] = [
        {"contact": str(n), "start": n, "kind": kind, "due": DAY} for n, kind in enumerate(("chase", "visit", None))
    ]
    found = {each.definition.name: each for each in measure(build(log_of(store, rows), store), store, by=())}
    assert (found["chases"].value, found["chases"].n, found["chases"].unknown) == (1, 2, 1)
    for name in ("chases_after_due", "chases_before_due_share", "chases_without_promise"):
        assert (found[name].value, found[name].n) == (None, 0)


def test_a_count_of_which_nothing_is_known_is_no_zero(store: Store) -> None:
    rows: list[Row] = [
        {"contact": str(n), "start": n, "case": "a", "kind": None, "due": DAY, "resolved": None} for n in range(3)
    ]
    found = _told(store, rows, [])["chases_after_due",]
    assert (found.value, found.n, found.unknown) == (None, 0, 2)  # whether two of them are chases is unknown
    assert found.lacks == ("contacts of which it is known",)
    one = [{**row, "kind": "chase" if row["contact"] == "1" else "visit"} for row in rows]
    assert _told(store, one, [])["chases_after_due",].value == 0


def test_what_was_never_seen_may_still_come(store: Store) -> None:
    rows: list[dict[str, Any]] = [
        {"contact": str(n), "start": n, "organisation": "A", "case": str(n // 2)} for n in range(80)
    ]
    found = {each.definition.name: each for each in measure(build(log_of(store, rows), store), store, by=())}
    hand_overs = found["hand_overs"]
    assert (hand_overs.value, hand_overs.n, hand_overs.method) == (0, 40, "exact for none seen (Poisson)")
    assert hand_overs.interval is not None
    assert hand_overs.interval.high == pytest.approx(0.0922, abs=1e-4)


def test_a_log_with_every_column_is_measured_too(store: Store) -> None:
    text = {column: "x" for column, kind in CONTACT_COLUMNS.items() if kind is nw.String}
    rest = {column: 1 for column, kind in CONTACT_COLUMNS.items() if kind in (nw.Int64, nw.Float64)}
    row: dict[str, Any] = {**text, **rest, "resolved": True, "completed": True, "kind": "outcome"}
    items = [{"contact": "x", "item": "i", "how": how} for how in ("asked", "given", "held")]
    found = measure(build(log_of(store, [row], items), store), store, by=())
    assert {each.definition.name: each.value for each in found}["contacts_per_outcome"] == 1
