"""No number under ten can be reckoned from the counts that are shown."""

from __future__ import annotations

from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from makegood.rooms.cases.rules.counts import LEAST, suppressed


@given(st.lists(st.integers(0, 60), min_size=3, max_size=3))
@example([0, 0, 5])
@example([3, 50, 50])
@example([9, 0, 40])
def test_no_small_number_follows_from_what_is_shown(parts: list[int]) -> None:
    shown = suppressed(parts)
    for index, part in enumerate(parts):
        if 0 < part < LEAST:
            possible = {
                guess[index]
                for guess in product(range(61), repeat=3)
                if all(mark is None or mark == value for mark, value in zip(shown.parts, guess, strict=True))
                and (shown.total is None or sum(guess) == shown.total)
            }
            assert shown.parts[index] is None
            assert len(possible) > 1


@given(st.lists(st.integers(0, 60).filter(lambda part: part == 0 or part >= LEAST), min_size=3, max_size=3))
def test_where_no_number_is_small_all_are_shown(parts: list[int]) -> None:
    shown = suppressed(parts)
    assert (list(shown.parts), shown.total) == (parts, sum(parts))
