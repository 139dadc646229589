"""Every need of real guarantee schemes has a shipped pledge that shows it, and what the newer pledges mean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from makegood.rules import Outcome, Pledge, PledgeError, evaluate_all, read_pledge, write_json, write_pledge
from makegood.rules.language import model as m
from makegood.schemes import CALENDARS, load, scheme_names, text_of

from .judging import at, case, of_example

FEATURES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "data" / "features.yaml").read_text(encoding="utf-8")
)
SHOWN = [(entry["feature"], place) for entry in FEATURES for place in entry["shown"]]
RUN = [(feature, place) for feature, place in SHOWN if "example" in place]


def named(shown: list[tuple[str, dict[str, str]]]) -> list[str]:
    return [f"{place['scheme']}: {feature}" for feature, place in shown]


def differences(pledge: Pledge, example: m.Example) -> Iterator[str]:
    """What comes out otherwise than an example expects."""
    found = {(outcome.case_id, outcome.standard): outcome for outcome in of_example(pledge, example)}
    for expected in example.expected:
        outcome = found[expected.case, expected.standard]
        got = (str(outcome.status), outcome.due_at, outcome.owed)
        if (
            got[0] != expected.status
            or expected.due not in (None, outcome.due_at)
            or expected.owed not in (None, outcome.owed)
        ):
            yield f"{expected.case}/{expected.standard}: {got}"


def lines(text: str) -> list[str]:
    return text.rstrip("\n").splitlines()


def places_of(text: str, snippet: str) -> list[int]:
    """The numbers of the lines at which a snippet stands in a text, whatever its indentation there."""
    whole, part = lines(text), lines(snippet)
    return [
        start
        for start in range(len(whole) - len(part) + 1)
        if whole[start : start + len(part)] == [indent_of(whole[start]) + line for line in part]
    ]


def indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def with_instead(scheme: str, snippet: str, instead: str) -> str:
    """The text of a scheme with other lines in every place where the snippet stands."""
    whole, length = lines(text_of(scheme)), len(lines(snippet))
    for start in reversed(places_of(text_of(scheme), snippet)):
        whole[start : start + length] = [indent_of(whole[start]) + line for line in lines(instead)]
    return "\n".join(whole) + "\n"


# --- the table of features ---------------------------------------------------------------------------


def test_every_need_of_a_real_scheme_is_in_the_table_once() -> None:
    assert len(FEATURES) == 35
    assert len({entry["feature"] for entry in FEATURES}) == 35


@pytest.mark.parametrize(("feature", "place"), SHOWN, ids=named(SHOWN))
def test_a_need_is_shown_by_lines_of_a_shipped_pledge(feature: str, place: dict[str, str]) -> None:
    assert places_of(text_of(place["scheme"]), place["snippet"])
    standards = {each.name for each in load(place["scheme"]).standards}
    assert place.get("standard") is None or place["standard"] in standards


@pytest.mark.parametrize(("feature", "place"), RUN, ids=named(RUN))
def test_the_example_runs_and_would_fail_without_what_it_shows(feature: str, place: dict[str, str]) -> None:
    pledge = load(place["scheme"])
    (example,) = [each for each in pledge.examples if each.name == place["example"]]
    assert list(differences(pledge, example)) == []
    other = read_pledge(with_instead(place["scheme"], place["snippet"], place["instead"]), calendars=CALENDARS)
    (changed,) = [each for each in other.examples if each.name == place["example"]]
    assert list(differences(other, changed))


# --- every shipped pledge ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", scheme_names())
def test_a_shipped_pledge_names_its_provider_basis_and_source(name: str) -> None:
    pledge = load(name)
    assert all((pledge.provider, pledge.about, pledge.basis, pledge.source))


@pytest.mark.parametrize("name", scheme_names())
def test_the_examples_in_a_shipped_pledge_hold(name: str) -> None:
    pledge = load(name)
    assert pledge.examples
    assert [(example.name, each) for example in pledge.examples for each in differences(pledge, example)] == []


@pytest.mark.parametrize("name", scheme_names())
def test_a_shipped_pledge_survives_being_written_as_text_and_as_json(name: str) -> None:
    assert read_pledge(write_pledge(load(name)), calendars=CALENDARS) == load(name)
    assert read_pledge(write_json(load(name)), calendars=CALENDARS) == load(name)


# --- what the newer pledges mean, beyond their examples ----------------------------------------------


def judged(scheme: str, standard: str, *facts: str, as_of: str, **details: str) -> Outcome:
    """The outcome of one standard of a shipped pledge for one case."""
    outcomes = evaluate_all(load(scheme), [case(*facts, **details)], as_of=at(as_of), calendars=CALENDARS)
    return next(outcome for outcome in outcomes if outcome.standard == standard)


def test_a_late_payment_brings_the_same_sum_again() -> None:
    facts = ("complaint_received 2026-06-01 10:00", "answered 2026-06-11 10:00")
    paid = {"in time": "payment_made 2026-06-24 10:00", "late": "payment_made 2026-06-25 10:00"}
    top_ups = {}
    for when, payment in paid.items():
        outcome = judged("water-complaint", "our-answer", *facts, payment, as_of="2026-07-01 12:00", vexatious="no")
        money = outcome.remedies[-1]
        top_ups[when] = money.top_up
        assert money.due_at == at("2026-06-24 23:59:59")
        assert outcome.owed == 40
    assert top_ups == {"in time": 0, "late": 4_000}


def test_six_stamps_are_owed_in_kind_and_on_a_claim_with_proof() -> None:
    details = {"due_date": "2026-06-08", "service": "first-class", "unreasonable_to_deliver": "no"}
    outcome = judged("delayed-post", "deliver-letter", "posted 2026-06-06 17:00", as_of="2026-06-20 12:00", **details)
    (stamps,) = outcome.remedies
    assert (stamps.kind, stamps.words, stamps.route) == (m.Remedying.IN_KIND, "six first class stamps", m.Route.CLAIM)


def test_whoever_waits_for_a_badge_has_three_things_to_choose_from() -> None:
    outcome = judged("blue-badge", "decide", "applied 2026-03-02 10:00", as_of="2026-05-26 12:00")
    apology, choice, more = outcome.remedies
    assert [each.kind for each in choice.choices] == [m.Remedying.IN_KIND, m.Remedying.IN_KIND, m.Remedying.MONEY]
    assert choice.due_at == at("2026-05-26 23:59:59")
    assert (apology.kind, more.kind, more.most) == (m.Remedying.APOLOGY, m.Remedying.DISCRETION, 2_500)


def test_silence_decides_for_the_motorist() -> None:
    facts = ("challenge_served 2026-04-29 10:00",)
    kept = judged("parking-challenge", "decide", *facts, as_of="2026-06-23 23:59:59", paid_already="35")
    lost = judged("parking-challenge", "decide", *facts, as_of="2026-06-24 00:00", paid_already="35")
    assert (str(kept.status), str(lost.status)) == ("running", "broken")
    assert lost.remedies[0].kind is m.Remedying.DEEMED
    assert lost.owed == 35


def test_the_second_visit_missed_by_a_tenant_is_charged_and_money_of_ours_is_not_mixed_with_it() -> None:
    details = {"tenancy": "T1", "good_reason": "no", "tenants_reason": "no"}
    cases = [
        case(f"visit_agreed {day} 08:00", f"we_called {day} 10:00", name=day, visit_date=day, **details)
        for day in ("2026-07-08", "2027-07-08", "2027-07-09")
    ]
    outcomes = evaluate_all(load("missed-visit"), cases, as_of=at("2027-08-01 12:00"), calendars=CALENDARS)
    doors = {each.case_id: each for each in outcomes if each.standard == "your-door"}
    charged = {day: [owed.pence for owed in outcome.remedies] for day, outcome in doors.items()}
    assert charged == {"2026-07-08": [], "2027-07-08": [10_000], "2027-07-09": [10_000]}
    assert {outcome.owed for outcome in doors.values()} == {0}


def test_each_supplier_pays_its_own_part() -> None:
    outcome = judged("energy-switch", "agree", "mistake_reported 2026-06-01 10:00", as_of="2026-07-01 12:00")
    assert {owed.payer: owed.pence for owed in outcome.remedies} == {
        "your old supplier": 3_000,
        "your new supplier": 3_000,
    }


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-06-03 06:59", "2026-06-03 10:00"),
        ("2026-06-03 16:00", "2026-06-03 19:00"),
        ("2026-06-03 18:00", "2026-06-04 09:00"),
        ("2026-06-03 19:00", "2026-06-04 10:00"),
        ("2026-05-22 19:30", "2026-05-26 10:00"),
    ],
)
def test_three_service_hours_run_only_while_calls_count_as_received(received: str, due: str) -> None:
    outcome = judged("main-fuse", "visit", f"fuse_reported {received}", as_of=received, third_party="no")
    assert outcome.due_at == at(due)


def test_a_call_about_a_fuse_at_the_weekend_is_left_out() -> None:
    outcome = judged("main-fuse", "visit", "fuse_reported 2026-06-06 10:00", as_of="2026-06-08 10:00", third_party="no")
    assert not outcome.has_row


def test_beyond_the_terms_that_are_known_a_school_cannot_tell_the_day() -> None:
    outcome = judged("school-foi", "answer", "request_received 2027-12-06 10:00", as_of="2027-12-07 10:00")
    assert str(outcome.status) == "unknown"


@pytest.mark.parametrize(
    ("customer", "hours", "owed"),
    [("household", 13, 95), ("business", 13, 190), ("household", 24, 140), ("business", 24, 235)],
)
def test_businesses_and_households_have_sums_of_their_own(customer: str, hours: int, owed: int) -> None:
    details = {"weather": "normal", "customers_off": "800", "customer": customer, "asked_to_stay_off": "no"}
    facts = ("network_aware 2026-02-02 00:00", f"power_restored 2026-02-0{2 + hours // 24} {hours % 24:02d}:00")
    outcome = judged("storm-power-cut", "restore-power", *facts, as_of="2026-03-01 12:00", **details)
    assert outcome.owed == owed


@pytest.mark.parametrize(
    ("reported", "due"), [("2026-04-30 10:00", "2026-05-01 23:59:59"), ("2026-05-01 10:00", "2026-05-07 23:59:59")]
)
def test_heating_is_more_urgent_until_the_end_of_april(reported: str, due: str) -> None:
    outcome = judged(
        "right-to-repair",
        "first-repair",
        f"repair_reported {reported}",
        as_of=reported,
        repair="heating",
        no_access="no",
    )
    assert outcome.due_at == at(due)


@pytest.mark.parametrize(
    ("agreed", "appealed", "owed"),
    [("", "", 258), ("2026-04-20", "", 0), ("", "2026-05-01", 0), ("", "2026-06-30", 258)],
)
def test_an_agreement_or_an_early_appeal_takes_the_planning_guarantee_away(
    agreed: str, appealed: str, owed: int
) -> None:
    facts = ["valid_application 2026-03-02 10:00"]
    facts += [f"longer_time_agreed {agreed} 10:00"] if agreed else []
    facts += [f"appealed {appealed} 10:00"] if appealed else []
    outcome = judged(
        "planning-decision", "planning-guarantee", *facts, as_of="2026-08-01 12:00", development="other", fee="258"
    )
    assert str(outcome.status) == "broken"
    assert outcome.owed == owed


def test_a_detail_that_is_missing_is_named_and_nothing_is_owed() -> None:
    outcome = judged(
        "flight-delay", "arrive", "planned_arrival 2026-06-01 10:00", as_of="2026-06-02 10:00", extraordinary="no"
    )
    assert (str(outcome.status), outcome.missing) == ("unknown", ("distance_km",))
    assert outcome.owed == 0


def test_a_pledge_that_is_changed_beyond_its_language_is_refused() -> None:
    with pytest.raises(PledgeError):
        read_pledge(text_of("flight-delay").replace("less than 3 hours", "less than 3 days"), calendars=CALENDARS)
