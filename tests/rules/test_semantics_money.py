"""Money and other remedies, sentence by sentence."""

import pytest

from makegood.rules import PledgeError
from makegood.rules.outcomes import as_chosen
from makegood.rules.speak import say_deadline, say_outcome
from tests.rules.judging import at, judged, judged_all, owed, promise, written

START = "asked 2026-05-05 00:00"
LATER = "2026-06-20 00:00"
MONEY = "details: {price: money, charge: money, nights: number, kind: 'one of a, b'}"


def pays(amount: str, *, hours_late: str = "1", **details: str) -> str:
    """What an amount comes to so many hours after the deadline."""
    whole, _, minutes = hours_late.partition(":")
    finish = at("2026-05-05 12:00").timestamp() + int(whole) * 3600 + int(minutes or 0) * 60
    from datetime import UTC, datetime

    done = datetime.fromtimestamp(finish, UTC).isoformat()
    pledge = promise(f"within: 12 hours\nif we do not:\n  - pay: {amount}", MONEY)
    return owed(pledge, START, f"done {done}", as_of=LATER, **details)


@pytest.mark.parametrize(
    ("amount", "hours_late", "expected"),
    [
        ("£10", "1", "10.00"),
        ("£95, then £45 for each further full 12 hours", "11:59", "95.00"),
        ("£95, then £45 for each further full 12 hours", "12", "140.00"),
        ("£95, then £45 for each further 12 hours or part", "12:01", "185.00"),
        ("£95, then £45 for each further full 12 hours, at most £150", "48", "150.00"),
        ("£2 for each full 24 hours after the first 2", "72", "2.00"),
        ("£2 for each full 24 hours after the first 2", "30", "0.00"),
        ("£2 for each full 24 hours up to 3 times", "240", "6.00"),
        ("£5, then £1 for each full hour up to 2 times, then £3 for each full hour after the first 2", "5", "16.00"),
        ("the greater of £5 and £7", "1", "7.00"),
        ("the lesser of £5 and £7", "1", "5.00"),
        ("£1, at least £4", "1", "4.00"),
    ],
)
def test_an_amount_is_built_from_sums_periods_floor_and_cap(amount: str, hours_late: str, expected: str) -> None:
    assert pays(amount, hours_late=hours_late) == expected


@pytest.mark.parametrize(
    ("amount", "details", "expected"),
    [
        ("25% of price", {"price": "9.98"}, "2.50"),
        ("25% of price", {"price": "£9.95"}, "2.49"),
        ("the greater of 10% of price and £2", {"price": "19.99"}, "2.00"),
        ("price", {"price": "1,250.50"}, "1250.50"),
        ("price divided by 3", {"price": "10.00"}, "3.33"),
        ("nights times £10.34", {"nights": "3"}, "31.02"),
        ("50% of price divided by 464", {"price": "5800"}, "6.25"),
        ("10% of price, at least £20, at most £100", {"price": "100"}, "20.00"),
        ("10% of price, at least £20, at most £100", {"price": "5000"}, "100.00"),
        ("10% of price, at most 50% of charge", {"price": "100", "charge": "8.01"}, "4.01"),
    ],
)
def test_shares_and_named_sums_are_exact_until_rounded(amount: str, details: dict[str, str], expected: str) -> None:
    assert pays(amount, **details) == expected


def test_a_sum_is_rounded_half_up_once_and_not_at_each_step() -> None:
    assert pays("12.5% of price, then 12.5% of price for each full hour", hours_late="1", price="0.10") == "0.03"
    assert pays("12.5% of price, then 12.5% of price for each full hour", hours_late="3", price="0.10") == "0.05"


def test_the_floor_comes_before_rounding_and_the_cap_after() -> None:
    assert pays("12.5% of price, at least 12.5% of charge", price="0", charge="9.95") == "1.24"
    assert pays("12.5% of price, at least 12.5% of charge", price="9.94", charge="9.98") == "1.25"
    assert pays("£2, at most 12.5% of charge", charge="9.95") == "1.24"


def test_a_cap_below_the_floor_wins_because_it_comes_later() -> None:
    assert pays("£1, at least £10, at most £5") == "5.00"


def test_bands_are_by_lateness_and_by_a_second_dimension() -> None:
    amount = """
      - £1 if under 2 hours late and kind is a
      - £2 if under 2 hours late and kind is b
      - £3 if 2 to 3 hours late
      - £4 if at least 4 hours late
"""
    found = [pays(amount, hours_late=late, kind=kind) for late, kind in (("1:59", "a"), ("1:59", "b"), ("2", "a"))]
    assert found == ["1.00", "2.00", "3.00"]
    assert [pays(amount, hours_late=late, kind="a") for late in ("3:59", "4", "100")] == ["3.00", "4.00", "4.00"]


@pytest.mark.parametrize("price", ["", "12.345", "-5", "ten", "1e3", "£"])
def test_a_sum_that_the_case_does_not_give_makes_the_outcome_unknown(price: str) -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: 10% of price}]", MONEY)
    outcome = judged(pledge, START, as_of=LATER, price=price)
    assert (str(outcome.status), outcome.missing, outcome.due_at, outcome.pence) == ("unknown", ("price",), None, 0)


def test_what_the_amount_needs_does_not_matter_to_a_promise_that_is_kept() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: 10% of price}]", MONEY)
    assert judged(pledge, START, "done 2026-05-05 01:00", as_of=LATER).status == "kept"


def test_broken_and_unfinished_owes_what_a_finish_at_that_instant_would_owe() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: '£95, then £45 for each further full 12 hours'}]")
    for as_of in ("2026-05-05 12:00:01", "2026-05-06 00:00:00", "2026-05-08 12:34:56"):
        assert owed(pledge, START, as_of=as_of) == owed(pledge, START, f"done {as_of}", as_of=LATER)


def test_an_amount_that_grows_is_one_entitlement_and_says_when_it_is_settled() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: £1 for each full hour, settled: when it is back}]")
    found = [judged(pledge, START, as_of=f"2026-05-05 {hour}:00") for hour in (13, 14, 23)]
    assert [len(outcome.remedies) for outcome in found] == [1, 1, 1]
    assert [str(outcome.owed) for outcome in found] == ["1.00", "2.00", "11.00"]
    assert found[0].remedies[0].settled == "when it is back"


def test_extinguished_comes_before_the_caps_so_that_it_uses_no_payment_up() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: '£1, at least £3', nothing is owed if: waived}]")
    assert owed(pledge, START, "waived 2026-05-05 01:00", as_of=LATER) == "0.00"


# --- kinds of remedy --------------------------------------------------------------------------------------------


def test_a_remedy_may_be_in_kind() -> None:
    pledge = promise(
        "within: 12 hours\nif we do not: [apologise, explain, find out why, support: a heater, "
        "put right: the leak, give: six stamps]"
    )
    outcome = judged(pledge, START, as_of=LATER)
    assert [str(remedy.kind) for remedy in outcome.remedies] == [
        "apologise", "explain", "find out why", "support", "put right", "give",
    ]  # fmt: skip
    assert outcome.remedies[-1].words == "six stamps"
    assert outcome.owed == 0


def test_a_voucher_is_owed_like_money() -> None:
    assert owed(promise("within: 12 hours\nif we do not: [{voucher: £10}]"), START, as_of=LATER) == "10.00"


def test_a_customer_may_choose_among_several() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{choose from: [{give: six stamps}, {pay: £10}]}]")
    outcome = judged(pledge, START, as_of=LATER)
    assert [str(choice.kind) for choice in outcome.remedies[0].choices] == ["give", "pay"]
    assert str(outcome.owed) == "10.00"


def test_what_was_chosen_comes_instead_of_the_choice() -> None:
    pledge = promise(
        "within: 12 hours\nif we do not: [apologise, {pay: £1}, {choose from: [{pay: £5}, {voucher: £8}, "
        "{give: six stamps}], within: 5 working days}]"
    )
    outcome = judged(pledge, START, as_of=LATER)
    voucher = as_chosen(outcome, {2: 1})
    assert (str(outcome.owed), str(voucher.owed)) == ("6.00", "9.00")
    assert [str(remedy.kind) for remedy in voucher.remedies] == ["apologise", "pay", "voucher"]
    assert voucher.remedies[2].due_at == outcome.remedies[2].due_at
    assert "£8" in say_deadline(voucher, pledge)
    assert "£5" not in say_deadline(voucher, pledge)
    assert say_outcome(voucher, pledge).endswith("We owe you £9.")
    stamps = as_chosen(outcome, {2: 2})
    assert (str(stamps.owed), stamps.remedies[2].words) == ("1.00", "six stamps")


@pytest.mark.parametrize("chosen", [{}, {0: 0}, {2: 0}, {1: 2}, {1: -1}])
def test_a_remedy_without_such_a_choice_stays_as_it_is(chosen: dict[int, int]) -> None:
    pledge = promise("within: 12 hours\nif we do not: [apologise, {choose from: [{pay: £5}, {voucher: £8}]}]")
    outcome = judged(pledge, START, as_of=LATER)
    assert as_chosen(outcome, chosen) == outcome


def test_discretion_goes_on_top_and_never_below_the_entitlement() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: £10}, {staff may add: up to £50}]")
    outcome = judged(pledge, START, as_of=LATER)
    assert (str(outcome.owed), outcome.remedies[1].most, outcome.remedies[1].pence) == ("10.00", 5_000, 0)
    with pytest.raises(PledgeError):
        promise("within: 12 hours\nif we do not: [{staff may add: -£5}]")


def test_a_remedy_may_be_for_some_customers_only() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: £10, if: kind is a}]", MONEY)
    assert [owed(pledge, START, as_of=LATER, kind=kind) for kind in "ab"] == ["10.00", "0.00"]
    assert judged(pledge, START, as_of=LATER).missing == ("kind",)


def test_what_a_customer_owes_is_not_owed_to_them() -> None:
    pledge = promise("made by: customer\nwithin: 12 hours\nif we do not: [{charge: £100}]")
    outcome = judged(pledge, START, as_of=LATER)
    assert (outcome.pence, outcome.remedies[0].pence) == (0, 10_000)


# --- a remedy is a promise too ----------------------------------------------------------------------------------

OWN = """
within: 12 hours
if we do not:
  - pay: £50
    within: 5 working days%s
    done when: paid
    if late: £40
    route: claim within 28 calendar days
    paid by: the operator
"""


def test_a_remedy_has_a_deadline_a_route_and_a_payer() -> None:
    remedy = judged(promise(OWN % ""), START, as_of="2026-05-06 00:00").remedies[0]
    assert (remedy.due_at, str(remedy.route), remedy.payer) == (at("2026-05-12 23:59:59"), "claim", "the operator")


@pytest.mark.parametrize(
    ("paid", "top_up"), [("2026-05-12 23:59:59", 0), ("2026-05-13 00:00:00", 4_000), (None, 4_000)]
)
def test_a_remedy_that_is_late_has_a_top_up_that_is_not_part_of_the_gross_entitlement(
    paid: str | None, top_up: int
) -> None:
    facts = [START, *([f"paid {paid}"] if paid else [])]
    outcome = judged(promise(OWN % ""), *facts, as_of=LATER)
    assert (outcome.remedies[0].top_up, str(outcome.owed)) == (top_up, "50.00")


def test_a_remedy_that_is_due_after_the_finish_is_not_due_before_it() -> None:
    pledge = promise(OWN % " after done")
    assert judged(pledge, START, as_of=LATER).remedies[0].due_at is None
    facts = [START, "done 2026-05-08 10:00"]
    assert judged(pledge, *facts, as_of=LATER).remedies[0].due_at == at("2026-05-15 23:59:59")


def test_an_extinguished_remedy_has_no_deadline_of_its_own() -> None:
    pledge = promise("within: 12 hours\nif we do not: [{pay: £5, within: 5 working days, nothing is owed if: waived}]")
    remedy = judged(pledge, START, "waived 2026-05-05 01:00", as_of=LATER).remedies[0]
    assert (remedy.due_at, remedy.top_up) == (None, 0)


# --- one failure is paid once -----------------------------------------------------------------------------------

TWICE = """
standards:
  visit: {when: asked, we will: done, within: 12 hours, if we do not: [{pay: £20}]}
  notice: {when: asked, we will: left, within: 6 hours, if we do not: [apologise, {pay: £30}]}
  other: {when: asked, we will: freed, within: 6 hours, if we do not: [{pay: £7}]}
paid once: [[visit, notice]]
"""


def test_one_failure_is_paid_once_under_the_standard_that_was_broken_first() -> None:
    found = judged_all(written(TWICE), START, as_of=LATER)
    assert {name: (str(each.status), str(each.owed)) for name, each in found.items()} == {
        "visit": ("broken", "0.00"), "notice": ("broken", "30.00"), "other": ("broken", "7.00"),
    }  # fmt: skip
    assert found["visit"].remedies[0].why_nothing == "paid under notice"
    facts = [START, "left 2026-05-05 01:00"]
    assert str(judged_all(written(TWICE), *facts, as_of=LATER)["visit"].owed) == "20.00"
