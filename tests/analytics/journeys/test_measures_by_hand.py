"""Hand-overs and askings of logs drawn by chance, beside the same rules in plain Python, contact by contact."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest

from makegood.analytics.journeys.agreements import read_agreements
from makegood.analytics.journeys.measures import asked, pillar
from makegood.analytics.journeys.measures.settings import Settings
from makegood.analytics.journeys.store import PolarsStore
from tests.analytics.journeys.counting import DAY, Row, at, journeys_of, measured, of, stores

AGREEMENTS = read_agreements("""
agreements:
  - {name: one, purpose: [benefit], items: any, from: [A], to: [B, C], from date: 2026-06-03}
  - {name: two, purpose: any, items: [x, y], from: [B, C], to: [A, "null"], from date: 2026-06-01,
     until date: 2026-06-05}
""")


def drawn(seed: int) -> tuple[list[Row], list[Row]]:
    """A log with nulls everywhere, and with contacts that begin at one instant."""
    chance = random.Random(seed)

    def some(*values: Any) -> Any:
        return chance.choice([*values, *values, None])

    contacts: list[Row] = []
    items: list[Row] = []
    for number in range(60):
        name, case = f"c{number:02}", chance.randrange(8)
        contacts.append({
            "contact": name, "case": str(case), "subject": some(str(case % 5)), "need": some("benefit", "rent"),
            "start": (start := at(chance.randrange(9))), "sequence": chance.randrange(2),
            "end": some(start + chance.randrange(3) * DAY // 2), "channel": "telephone",
            "organisation": chance.choice(["A", "B", "C", "null", None] if case < 3 else ["A", "B", "C"]),
            "team": some("desk", "NA"), "kind": some("visit", "hand-over", "other"),
            "handed_to": some("A", "B") if number % 3 == 0 else None,
            "resolved": some(True, False) if case < 4 else chance.random() < 0.5,
            "completed": some(True, False, False),
        })  # fmt: skip
        for how in ("asked", "given", "held"):
            for item in ("x", "y", "z"):
                if chance.random() < 0.25:
                    holder = some("A", "B", "C") if how == "held" else None
                    items.append({"contact": name, "item": item, "how": how, "holder": holder})
    return contacts, items


def in_order(contacts: Sequence[Row]) -> list[Row]:
    return sorted(contacts, key=lambda row: (row["start"], row["sequence"], row["contact"]))


def in_journeys(contacts: Sequence[Row]) -> list[list[Row]]:
    """The contacts as they were built into journeys, which has oracles of its own."""
    store = PolarsStore()
    found = store.rows(journeys_of(contacts, store=store).contacts.select("contact", "journey"))
    journey = {row["contact"]: row["journey"] for row in found}
    journeys = defaultdict(list)
    for row in in_order(contacts):
        journeys[journey[row["contact"]]].append(row)
    return list(journeys.values())


def ended(row: Row) -> int:
    return row["start"] if row["end"] is None else row["end"]


def is_left(before: Row, after: Row) -> bool | None:
    """Whether nobody owned it between two contacts; `None` when that cannot be told."""
    if before["handed_to"] is not None:
        if before["handed_to"] != before["organisation"]:
            return True
    elif before["kind"] == "hand-over":
        return True
    may_be_hand_over = before["handed_to"] is None and before["kind"] is None
    bodies = (before["organisation"], after["organisation"])
    if before["resolved"] or (None not in bodies and bodies[0] == bodies[1]):
        return None if may_be_hand_over else False
    return None if before["resolved"] is None or None in bodies else True


def by_hand(contacts: Sequence[Row]) -> dict[str, tuple[float, int, int]]:
    """Sums over journeys, over how many, and of how many it is unknown."""
    found: dict[str, list[float | None]] = defaultdict(list)
    for rows in in_journeys(contacts):
        stays = [row["organisation"] for row in rows]
        stays = [body for place, body in enumerate(stays) if not place or body != stays[place - 1]]
        known = None not in stays
        found["hand_overs"].append(len(stays) - 1 if known else None)
        found["returns"].append(sum(body in stays[:place] for place, body in enumerate(stays)) if known else None)
        back = sum(one == three for one, three in zip(stays, stays[2:], strict=False))
        found["ping_pongs"].append(back if known else None)
        done = [place for place, row in enumerate(rows) if row["completed"]]
        until = {row["organisation"] for row in rows[: done[0] + 1]} if done else {None}
        found["bodies_per_outcome"].append(None if None in until else len(until))
        pairs = list(pairwise(rows))
        waits = [max(after["start"] - ended(before), 0) / DAY for before, after in pairs]
        left = [is_left(before, after) for before, after in pairs]
        days = sum(wait for wait, is_so in zip(waits, left, strict=True) if is_so)
        found["unowned_days"].append(None if None in left else days)
    return {
        name: (sum(each for each in values if each is not None), len(values) - values.count(None), values.count(None))
        for name, values in found.items()
    }


def asked_by_hand(contacts: Sequence[Row], items: Sequence[Row]) -> dict[tuple[str, str, str | None], str]:
    """By contact, item and holder how it was shareable."""
    order = in_order(contacts)
    whole = {
        row["contact"]: {
            column: next((each[column] for each in rows if each[column] is not None), None)
            for column in ("subject", "need")
        }
        for rows in in_journeys(contacts)
        for row in rows
    }
    noted = {(row["contact"], row["how"], row["item"], row["holder"]) for row in items}
    held: dict[tuple[str | None, str], set[str | None]] = defaultdict(set)
    found = {}
    for row in order:
        customer, need = (row[column] or whole[row["contact"]][column] for column in ("subject", "need"))
        mine = [(how, item, holder) for contact, how, item, holder in noted if contact == row["contact"]]
        for how, item, holder in mine:
            if how == "held":
                held[customer, item].add(holder)
        for how, item, _ in mine:
            for holder in held[customer, item] if how == "asked" and customer is not None else ():
                found[row["contact"], item, holder] = shareable(row, need, item, holder)
        for how, item, _ in mine:
            if how == "given":
                held[customer, item].add(row["organisation"])
    return found


def shareable(row: Mapping[str, Any], need: str | None, item: str, holder: str | None) -> str:
    asker, unsure = row["organisation"], False
    if asker is None or holder is None:
        return "unknown"
    if asker == holder:
        return "own record"
    for each in AGREEMENTS:
        inside = each.begins <= row["start"] and (each.ends is None or row["start"] < each.ends)
        if inside and holder in each.givers and asker in each.takers and (each.items is None or item in each.items):
            if each.purposes is None or need in each.purposes:
                return each.name
            unsure |= need is None
    return "unknown" if unsure else "not shareable"


@pytest.mark.parametrize("seed", range(4))
def test_moves_and_waits_are_as_counted_by_hand(seed: int) -> None:
    contacts, items = drawn(seed)
    found = measured(pillar, contacts, items)
    for name, (total, n, unknown) in by_hand(contacts).items():
        told = of(found, name)
        assert (told.n, told.unknown) == (n, unknown), name
        assert told.value == (pytest.approx(total / n) if n else None), name


@pytest.mark.parametrize("seed", range(4))
def test_askings_are_as_counted_by_hand(seed: int) -> None:
    contacts, items = drawn(seed)
    expected = asked_by_hand(contacts, items)
    for store in stores():
        rows = store.rows(asked.asked_again(journeys_of(contacts, items, store=store), store, AGREEMENTS))
        assert {(row["contact"], row["item"], row["holder"]): row["shareable"] for row in rows} == expected
        assert len({(row["contact"], row["item"]) for row in rows}) == sum(row["counts"] for row in rows)
    best: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (contact, item, _), how in expected.items():
        best[contact, item].add(how)
    again = sum(1 for how in best.values() if how - {"unknown", "not shareable"})
    told = of(measured(asked, contacts, items, settings=Settings(agreements=AGREEMENTS)), "asked_again")
    assert told.value == again
    assert again > 5
