"""The pure parts: voucher codes, and what a change of a sum does to the accounts."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from makegood.rooms.remedies.rules.accounts import Account, Stand, Transfer, plan
from makegood.rooms.remedies.rules.codes import ALPHABET, LENGTH, check_sign, new_code, qr_of, read_code, say_code

CODES = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1).map(lambda body: body + check_sign(body))


@given(CODES)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    said = say_code(code)
    assert [len(part) for part in said.split("-")] == [4, 4, 4]
    for typed in (said, said.lower(), code, f" {said.replace('-', ' ')} ", said.replace("-", "\u2013")):
        assert read_code(typed) == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_any_one_wrong_sign_is_noticed(code: str, place: int, sign: str) -> None:
    wrong = code[:place] + sign + code[place + 1 :]
    assert read_code(wrong) == (code if wrong == code else "")


@given(CODES)
def test_any_two_signs_changed_over_before_the_last_are_noticed(code: str) -> None:
    for first, second in combinations(range(LENGTH - 1), 2):
        signs = list(code)
        signs[first], signs[second] = signs[second], signs[first]
        changed = "".join(signs)
        assert read_code(changed) == (code if changed == code else "")


@given(st.text(max_size=40))
def test_what_is_no_code_is_read_as_none(text: str) -> None:
    assert read_code(text) in (
        "",
        text.upper().translate({ord(sign): None for sign in " -\t\u2010\u2011\u2012\u2013\u2014\u2212"}),
    )


def test_new_codes_differ_and_have_no_sign_that_can_be_mistaken() -> None:
    codes = {new_code() for _ in range(2_000)}
    assert len(codes) == 2_000
    assert not set("".join(codes)) & set("0O1ILUZ")


def test_the_qr_picture_has_neither_style_nor_script() -> None:
    svg = qr_of("ABCD-EFGH-JKMN")
    assert svg.startswith("<svg")
    assert "<title>ABCD-EFGH-JKMN</title>" in svg
    assert "style" not in svg
    assert "script" not in svg


SUMS = st.integers(1, 5_000)


@st.composite
def stands(draw: st.DrawFn) -> tuple[Stand, list[tuple[int, int]]]:
    live = [(number, pence) for number, pence in enumerate(draw(st.lists(SUMS, max_size=4)))]
    vouchers, paid = sum(pence for _, pence in live), draw(st.integers(0, 5_000))
    left = draw(st.integers(0, paid))
    return Stand(posted=draw(st.integers(0, 20_000)), vouchers=vouchers, paid=paid, left=left), live


def after(stand: Stand, transfers: tuple[Transfer, ...]) -> dict[Account, int]:
    sums = {
        Account.COST: stand.posted,
        Account.VOUCHERS: -stand.vouchers,
        Account.PAID: -stand.paid,
        Account.LEFT: stand.left,
        Account.OWED: -stand.outstanding,
    }
    for each in transfers:
        assert each.pence > 0
        sums[each.debit] += each.pence
        sums[each.credit] -= each.pence
    return sums


@given(stands(), st.integers(0, 20_000), st.booleans())
def test_a_plan_brings_the_cost_to_the_target_and_never_gives_too_much(
    before: tuple[Stand, list[tuple[int, int]]], target: int, issue: bool
) -> None:
    stand, live = before
    made = plan(stand, target, live, why="test", issue=issue)
    sums = after(stand, made.transfers)
    assert sums[Account.COST] == target
    assert sum(sums.values()) == 0
    assert sums[Account.PAID] == -stand.paid
    kept = sum(pence for number, pence in live if number not in made.cancel) + made.issue
    assert sums[Account.VOUCHERS] == -kept
    assert kept + stand.paid - sums[Account.LEFT] <= max(target, stand.paid - stand.left)
    assert made.overpaid == max(sums[Account.OWED], 0)
    if issue:
        assert sums[Account.OWED] >= 0


@given(stands(), st.integers(0, 20_000))
def test_a_plan_that_was_carried_out_leaves_nothing_to_do(
    before: tuple[Stand, list[tuple[int, int]]], target: int
) -> None:
    stand, live = before
    made = plan(stand, target, live, why="test", issue=True)
    sums = after(stand, made.transfers)
    now = [each for each in live if each[0] not in made.cancel] + ([(99, made.issue)] if made.issue else [])
    settled = Stand(
        posted=sums[Account.COST], vouchers=-sums[Account.VOUCHERS], paid=-sums[Account.PAID], left=sums[Account.LEFT]
    )
    again = plan(settled, target, now, why="test", issue=True)
    assert (again.transfers, again.cancel, again.issue) == ((), (), 0)
