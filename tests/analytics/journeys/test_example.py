"""The worked example: what was planted in Anyborough's log is what the measures find in it."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pytest

from makegood.analytics.journeys import example
from makegood.analytics.journeys.agreements import NOT_SHAREABLE, UNKNOWN, read_agreements
from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import NOT_AVOIDABLE, Journeys, Kind
from makegood.analytics.journeys.compare import compare
from makegood.analytics.journeys.costs import read_costs
from makegood.analytics.journeys.example import AGREEMENTS, COSTS, ENDED, FOLDER, LOG, MAPPING, SEED, made, write_log
from makegood.analytics.journeys.example.anyborough import CLERKS, COUNCIL, HOUSING, JOBCENTRE
from makegood.analytics.journeys.example.anyborough_needs import (
    BENEFIT_CLAIM,
    ENROLMENT,
    INCOME,
    MISSED_BIN,
    RENT,
    Planted,
)
from makegood.analytics.journeys.filtering import filtered
from makegood.analytics.journeys.logs.mapping import read_log_mapping
from makegood.analytics.journeys.logs.reading import LogFile, read_log
from makegood.analytics.journeys.measure import Measure
from makegood.analytics.journeys.measures import asked, contacts, pillar
from makegood.analytics.journeys.measures.settings import Settings
from makegood.analytics.journeys.measures.sure import exact, resampled
from makegood.analytics.journeys.store import DuckDBStore
from makegood.analytics.sureness import Interval
from makegood.records import Rejects
from makegood.rules.working_time import day_number, zone_named
from makegood.schemes import CALENDARS

SEEDS = (SEED, 5, 8)
LONDON = zone_named("Europe/London")
WORKING = CALENDARS["england-and-wales"]
SETTINGS = Settings(agreements=read_agreements((FOLDER / AGREEMENTS).read_text(encoding="utf-8")))
Row = Mapping[str, Any]


def day(micros: int) -> int:
    return LONDON.day(micros // 1_000_000)


@dataclass(frozen=True)
class Claim:
    """A benefit claim as the journeys have it: its contacts in order, the items of each, and who held its income."""

    rows: Sequence[Row]
    items: dict[str, dict[str, set[str]]]
    is_held: bool

    @cached_property
    def claimed(self) -> Row:
        return next(row for row in self.rows if row["activity"] == "Claims benefit")

    def noted(self, row: Row, how: str) -> set[str]:
        return self.items.get(row["contact"], {}).get(how, set())

    @property
    def is_asked(self) -> bool:
        return INCOME in self.noted(self.claimed, "asked")

    @property
    def is_at_hand(self) -> bool:
        return INCOME in self.noted(self.claimed, "given")

    @property
    def has_all(self) -> bool:
        return not self.noted(self.claimed, "asked") - self.noted(self.claimed, "given")

    @property
    def completed(self) -> Row | None:
        return next((row for row in self.rows if row["completed"]), None)

    def count(self, **wanted: Any) -> int:
        return sum(all(row[column] == value for column, value in wanted.items()) for row in self.rows)

    def waiting(self) -> Iterator[str]:
        """For each working day between claim and decision how it stands to the promise."""
        assert self.completed
        promised = self.claimed["due"]
        current = WORKING.add(day(self.claimed["start"]), 1)
        while current < day(self.completed["start"]):
            yield "none" if promised is None else "after" if current > day(promised) else "before"
            current = WORKING.add(current, 1)


class Town:
    """One made log, its journeys, and what the measures say of claims before the change."""

    def __init__(self, seed: int, planted: Planted = example.PLANTED) -> None:
        self.made = made(seed, planted)
        self.store = DuckDBStore(duckdb.connect())
        self.journeys = build(self.made.log(self.store), self.store)
        at = self.made.shares_from
        self.before = filtered(self.journeys, self.store, need=(BENEFIT_CLAIM,), began_before=at)
        self.after = filtered(self.journeys, self.store, need=(BENEFIT_CLAIM,), began_from=at)

    @cached_property
    def items(self) -> dict[str, dict[str, set[str]]]:
        found: dict[str, dict[str, set[str]]] = {}
        for row in self.made.items:
            found.setdefault(str(row["contact"]), {}).setdefault(str(row["how"]), set()).add(str(row["item"]))
        return found

    @cached_property
    def held(self) -> set[str]:
        """Whose proof of income the Jobcentre was given."""
        given = {contact for contact, items in self.items.items() if INCOME in items.get("given", ())}
        return {
            str(row["subject"])
            for row in self.made.contacts
            if row["contact"] in given and row["organisation"] == JOBCENTRE
        }

    def claims(self, journeys: Journeys) -> list[Claim]:
        rows = self.store.rows(journeys.contacts.sort("journey", "place"))
        told = [list(group) for _, group in groupby(rows, key=lambda row: row["journey"])]
        told = [claim for claim in told if any(row["activity"] == "Claims benefit" for row in claim)]
        return [Claim(claim, self.items, any(row["subject"] in self.held for row in claim)) for claim in told]

    def measured(self, module: Any, journeys: Journeys, name: str, **by: str) -> Measure:
        """One measure of a module."""
        found = module.measures(journeys, self.store, SETTINGS, tuple({"organisation"} & by.keys()))
        return next(each for each in found if each.definition.name == name and dict(each.by) == by)


@cache
def town(seed: int) -> Town:
    return Town(seed)


def asked_again(at: Town, claims: list[Claim]) -> int:
    """In how many of the claims the council asks for income though the Jobcentre holds it and may share it."""
    found = asked.asked_again(at.journeys, at.store, SETTINGS.agreements)
    again = {
        row["contact"]
        for row in at.store.rows(found)
        if row["counts"] and (row["asker"], row["item"], row["holder"]) == (COUNCIL, INCOME, JOBCENTRE)
        and row["shareable"] not in (NOT_SHAREABLE, UNKNOWN)
    }  # fmt: skip
    return sum(claim.claimed["contact"] in again for claim in claims)


def found_in(at: Town) -> Iterator[tuple[str, float, Interval | None]]:
    """Each planted cause with its value and the interval that the log and its measures give it."""
    planted, claims, later = at.made.planted, at.claims(at.before), at.claims(at.after)
    held = [claim for claim in claims if claim.is_held]
    asks = [claim for claim in claims if claim.is_asked]
    missing = [claim for claim in asks if not claim.is_at_hand]
    slow = [claim for claim in claims if not claim.claimed["completed"]]
    renting = [claim for claim in claims if RENT in claim.noted(claim.claimed, "asked")]

    def share(name: str, count: float, of: int) -> tuple[str, float, Interval | None]:
        return name, getattr(planted, name), exact(round(count), of)

    yield share("misdirected", sum(claim.rows[0]["kind"] == Kind.MISDIRECTED for claim in claims), len(claims))
    yield share("held_at_jobcentre", len(held), len(claims))
    yield share("asked_again", asked_again(at, claims), len(held))
    yield share("asked_again_later", asked_again(at, later), sum(claim.is_held for claim in later))
    yield share("brought_at_once", sum(claim.is_at_hand for claim in asks), len(asks))
    visits = at.measured(asked, at.journeys, "visits_to_bring", organisation=COUNCIL).value or 0
    sent = sum(claim.count(kind=Kind.REPEAT) for claim in (*claims, *later))
    yield share("visits_to_bring", visits, round(visits) + sent)
    yield share("rents", len(renting), len(claims))
    yield share("sent_back", sum(claim.count(organisation=HOUSING, handed_to=COUNCIL,
                                             activity="Asks for a rent letter") for claim in renting),
                len(renting))  # fmt: skip
    yield share("unclear_letter", sum(claim.count(kind=Kind.CLARIFICATION) for claim in missing), len(missing))
    yield share("told_when", sum(claim.claimed["due"] is not None for claim in slow), len(slow))
    ready = [claim for claim in claims if claim.has_all]
    yield share("decided_at_once", sum(bool(claim.claimed["completed"]) for claim in ready), len(ready))
    days = [how for claim in slow for how in claim.waiting()]
    for name, measure, how in (
        ("chases_after_due", "chases_after_due", "after"),
        ("chases_before_due", "chases_before_due", "before"),
        ("chases_without_promise", "chases_without_promise", "none"),
    ):
        yield share(name, at.measured(contacts, at.before, measure).value or 0, days.count(how))
    yield from recorded(at)


def recorded(at: Town) -> Iterator[tuple[str, float, Interval | None]]:
    """What was planted of how contacts are noted."""
    planted, rows = at.made.planted, at.store.rows(at.journeys.contacts)
    failures = [row for row in rows if row["kind"] in (Kind.CHASE, Kind.CLARIFICATION, Kind.MISDIRECTED, Kind.REPEAT)]
    for name, column in (("adviser_sees", "reason_adviser"), ("customer_sees", "reason_customer")):
        views = [row[column] for row in failures if row[column] is not None]
        yield name, getattr(planted, name), exact(sum(view != NOT_AVOIDABLE for view in views), len(views))
    asked_for = [row["reason_customer"] is not None for row in rows]
    yield "customer_asked", planted.customer_asked, exact(sum(asked_for), len(asked_for))
    for channel, minutes in planted.minutes.items():
        mine = [row for row in rows if row["channel"] == channel]
        yield f"minutes by {channel}", minutes, resampled(by_block(mine, "minutes"))
    travelling = [row for row in rows if row["travel_minutes"]]
    for name in ("travel_minutes", "travel_miles"):
        yield name, getattr(planted, name), resampled(by_block(travelling, name))


def by_block(rows: Sequence[Row], column: str) -> list[tuple[float, float]]:
    blocks: dict[int, tuple[float, float]] = {}
    for row in rows:
        over, under = blocks.get(row["block"], (0.0, 0.0))
        blocks[row["block"]] = over + row[column], under + 1
    return list(blocks.values())


# --- what was planted is found ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_every_planted_cause_is_found_within_its_interval(seed: int) -> None:
    outside = [
        f"{name}: {planted} is not in {interval}"
        for name, planted, interval in found_in(town(seed))
        if interval is None or not interval.low <= planted <= interval.high
    ]
    assert not outside, "\n".join(outside)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_claim_is_one_journey(seed: int) -> None:
    at = town(seed)
    whole = at.store.rows(at.journeys.whole)
    people = {row["subject"] for row in at.made.contacts if row["need"] == BENEFIT_CLAIM} - {None}
    assert sum(row["need"] == BENEFIT_CLAIM for row in whole) == len(people)
    assert all(len({row["need"] for row in claim.rows}) == 1 for claim in at.claims(at.before))


def test_a_claim_takes_four_and_a_half_contacts_and_fewer_once_two_partners_share() -> None:
    at = town(SEED)
    name = "contacts_per_outcome"
    before, after = (at.measured(contacts, each, name) for each in (at.before, at.after))
    assert before.value == pytest.approx(4.5, abs=0.05)
    assert before.interval
    assert after.interval
    assert after.interval.high < before.interval.low


def test_the_promise_is_always_the_planted_number_of_working_days() -> None:
    promised = {
        WORKING.between(day(claim.claimed["start"]), day(claim.claimed["due"]))
        for claim in town(SEED).claims(town(SEED).before)
        if claim.claimed["due"] is not None and WORKING.is_open(day(claim.claimed["start"]))
    }
    assert promised == {example.PLANTED.promised_days}


def test_the_worst_ping_pong_is_between_council_and_housing_association() -> None:
    at = town(SEED)
    pairs = [
        each
        for each in pillar.measures(at.before, at.store, SETTINGS, ())
        if each.definition.name == "ping_pong_pairs" and each.by
    ]
    worst = max(pairs, key=lambda each: each.value or 0)
    assert set(worst.by.values()) == {COUNCIL, HOUSING}


def test_another_cause_changes_the_later_journeys_alone() -> None:
    never = Town(SEED, replace(example.PLANTED, asked_again_later=example.PLANTED.asked_again))
    at = town(SEED)
    kept, other = (
        {(row["subject"], row["start"], row["activity"]) for claim in each.claims(each.before) for row in claim.rows}
        for each in (at, never)
    )
    assert kept == other
    after = [each.measured(contacts, each.after, "contacts_per_outcome").value or 0 for each in (at, never)]
    assert after[1] > after[0] + 0.3


def test_the_change_is_called_a_difference_for_claims_and_none_for_bins() -> None:
    at = town(SEED)
    end = max(row["last"] for row in at.store.rows(at.journeys.whole))
    settings = replace(SETTINGS, as_of=end)
    bins = (
        filtered(at.journeys, at.store, need=(MISSED_BIN,), began_before=at.made.shares_from),
        filtered(at.journeys, at.store, need=(MISSED_BIN,), began_from=at.made.shares_from),
    )
    for sides, differs in (((at.before, at.after), True), (bins, False)):
        found = compare(*sides, at.store, settings)
        (one,) = (each for each in found if each.definition.name == "contacts_per_outcome")
        assert one.sure is differs, one.sentence


# --- the log is such as logs are ----------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_log_and_another_seed_another() -> None:
    assert made(SEED).contacts == town(SEED).made.contacts
    assert made(SEEDS[1]).contacts != town(SEED).made.contacts


def test_nobody_answers_on_a_bank_holiday_or_at_night() -> None:
    for row in town(SEED).made.contacts:
        start = row["start"]
        assert isinstance(start, int)
        hour = LONDON.local(start // 1_000_000) % 86_400 / 3600
        assert 7 <= hour < 23, row
        if row["channel"] != "web":
            assert day(start) not in WORKING.closed, row
            assert 8 <= hour < 18, row


def test_the_log_is_as_incomplete_as_logs_are() -> None:
    at = town(SEED)
    rows = at.made.contacts
    assert sum(row["reason_customer"] is None for row in rows) > len(rows) * 0.9
    assert all(row["reason_adviser"] is None for row in rows if row["organisation"] not in CLERKS)
    assert any(row["subject"] is None and row["follows"] for row in rows)
    assert {row["weight"] for row in rows} == {1.0}
    assert {row["sequence"] for row in rows} == {0, 1}
    open_at_end = at.store.rows(at.after.whole.filter(~nw.col("completed")))
    assert len(open_at_end) > 10
    assert max(day(int(str(row["start"]))) for row in rows) <= day_number(ENDED)


# --- what ships ---------------------------------------------------------------------------------------------------


def test_the_shipped_log_is_what_the_generator_makes(tmp_path: Path) -> None:
    write_log(town(SEED).made, tmp_path / "again.csv")
    shipped = gzip.decompress((FOLDER / LOG).read_bytes())
    assert (tmp_path / "again.csv").read_bytes() == shipped


def test_the_shipped_files_are_read_without_a_word(tmp_path: Path) -> None:
    mapping = read_log_mapping((FOLDER / MAPPING).read_text(encoding="utf-8"))
    header = next(csv.reader(io.StringIO(gzip.decompress((FOLDER / LOG).read_bytes()).decode())))
    assert {column.column for column in mapping.columns.values()} == set(header)
    rejects, database = Rejects(), duckdb.connect()
    log = read_log(LogFile(path=FOLDER / LOG, mapping=mapping), database, tmp_path, rejects)
    store = DuckDBStore(database)
    assert len(store.rows(log.contacts)) == len(town(SEED).made.contacts)
    assert len(store.rows(log.items)) == len(town(SEED).made.items)
    assert not rejects
    costs = read_costs((FOLDER / COSTS).read_text(encoding="utf-8"))
    assert costs.hour
    assert costs.mile
    assert len(costs.contacts) >= 4
    bodies = {str(row["organisation"]) for row in town(SEED).made.contacts}
    named = {body for each in SETTINGS.agreements for body in (*each.givers, *each.takers)}
    items = {str(row["item"]) for row in town(SEED).made.items}
    assert named <= bodies
    assert {item for each in SETTINGS.agreements for item in each.items or ()} | {ENROLMENT} <= items


def test_the_files_are_put_where_one_likes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example.main([str(tmp_path / "out" / "of-work")])
    assert (tmp_path / "out" / "of-work" / LOG).read_bytes() == (FOLDER / LOG).read_bytes()
    assert capsys.readouterr().out.count("\n") == len(example.FILES)
    example.main([str(tmp_path), "--seed", "7"])
    assert (tmp_path / LOG).read_bytes() != (FOLDER / LOG).read_bytes()
