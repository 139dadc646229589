"""A log with one row for each request: what the library says of it, and that it says when it cannot know."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from functools import cache
from pathlib import Path

from tests.real import journeys_boston as boston
from tests.real.counted_again import differing

PLACEHOLDER = "2059-12-31 19:00:00"


@cache
def rows(shared: Path) -> list[dict[str, str]]:
    file = shared / "data/service-requests/boston-311-2011.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as packed:
        return list(csv.DictReader(packed))


def test_every_figure_is_what_counting_the_rows_gives(shared: Path) -> None:
    mine = rows(shared)
    bodies = Counter(row["department"] for row in mine)
    channels = Counter(row["source"] for row in mine)
    dated = [row for row in mine if row["target_dt"] not in ("", PLACEHOLDER)]
    by_hand: dict[str, float | str] = {
        "contacts": len(mine),
        "set_aside": 0,
        "journeys": len(mine),
        "bodies": len(bodies),
        "first_body_share": bodies.most_common(1)[0][1] / len(mine),
        "promised": len(dated),
        "promised_share": len(dated) / len(mine),
        "late": sum(row["open_dt"] > row["target_dt"] for row in dated),
    }
    for place, nth in enumerate(("first", "second", "third")):
        by_hand[f"{nth}_body"], by_hand[f"{nth}_body_count"] = bodies.most_common(3)[place]
        by_hand[f"{nth}_channel"], by_hand[f"{nth}_channel_count"] = channels.most_common(3)[place]
    assert not differing(boston.figures(shared), by_hand)


def test_placeholders_are_all_one_date_and_no_promises(shared: Path) -> None:
    far = [row["target_dt"] for row in rows(shared) if row["target_dt"] >= "2020"]
    assert set(far) == {PLACEHOLDER}
    assert boston.found(shared).promised == sum(row["target_dt"] not in ("", PLACEHOLDER) for row in rows(shared))


def test_nothing_joins_two_rows(shared: Path) -> None:
    assert boston.found(shared).because == {"first contact": len(rows(shared))}
    assert boston.found(shared).flow.moves == ()


def test_what_needs_a_second_contact_or_a_customer_is_unknown(shared: Path) -> None:
    found = boston.found(shared)
    for name in (
        "contacts_per_outcome", "resolved_at_first_contact", "avoidable_contact", "chases", "chases_after_due",
        "failure_demand", "bodies_per_outcome", "unowned_days", "sent_on", "longest_wait", "asked_again",
        "own_minutes", "elapsed_days",
    ):  # fmt: skip
        assert found.measure(name).value is None, name
        assert found.measure(name).lacks, name
