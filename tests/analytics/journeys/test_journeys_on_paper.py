"""Small contact logs, read from text, whose every measure was counted on paper from the words of the reference."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from makegood.analytics.journeys.agreements import read_agreements
from makegood.analytics.journeys.building import build
from makegood.analytics.journeys.columns import Log
from makegood.analytics.journeys.costs import read_costs
from makegood.analytics.journeys.logs.reading import LogFile, read_log
from makegood.analytics.journeys.measures import Settings, measure
from makegood.analytics.journeys.store import DuckDBStore, PolarsStore, Store
from makegood.analytics.staging import connected
from makegood.records import Rejects
from makegood.schemes import CALENDARS

Told = dict[str, tuple[float | None, int, int]]
"""By the name of a measure, and of its part: its value, on how many it rests, of how many it is unknown."""


def on_paper(text: str, settings: Settings | None = None) -> tuple[list[str], Told]:
    """The journeys of a log in CSV, each as its contacts in order, and its measures; alike on both engines."""
    with tempfile.TemporaryDirectory() as made, connected(Path(made)) as database:
        folder = Path(made)
        (folder / "paper.csv").write_text(text.strip(), encoding="utf-8")
        rejects = Rejects()
        log = read_log(LogFile(path=folder / "paper.csv"), database, folder, rejects)
        assert not rejects.rows
        duck, polars = DuckDBStore(database), PolarsStore()
        for name, frame in (("c", log.contacts), ("i", log.items)):
            duck.write(frame, folder / f"{name}.parquet")
        contacts, items = (polars.parquet(folder / f"{name}.parquet") for name in "ci")
        journeys, told = _found(log, duck, settings or Settings())
        others = _found(Log(contacts=contacts, items=items, known=log.known), polars, settings or Settings())
        assert others[0] == journeys
        assert_told(others[1], told)
        return journeys, told


def assert_told(told: Told, expected: Told) -> None:
    """What was counted on paper is told, but for the last bits of a sum."""
    for name, (value, n, unknown) in expected.items():
        assert told[name][1:] == (n, unknown), name
        assert told[name][0] == pytest.approx(value, abs=1e-12), name


def _found(log: Log, store: Store, settings: Settings) -> tuple[list[str], Told]:
    journeys = build(log, store)
    told: dict[str, list[str]] = {}
    for row in store.rows(journeys.contacts.select("contact", "journey", "place").sort("journey", "place")):
        told.setdefault(str(row["journey"]), []).append(str(row["contact"]))
    measures: Told = {}
    for each in measure(journeys, store, settings, by=()):
        part = f"[{';'.join(each.by.values())}]" if each.by else ""
        measures[each.definition.name + part] = (each.value, each.n, each.unknown)
    return sorted(" ".join(contacts) for contacts in told.values()), measures


PILLAR = """
contact,subject,organisation,channel,kind,start,end,resolved,completed,handed_to,due,reason_adviser,reason_customer
c1,s1,Council,,new need,2026-06-01 09:00Z,2026-06-01 09:30Z,no,no,Jobs,2026-06-02 09:00Z,progress_chasing,not avoidable
c2,s1,Jobs,visit,clarification,2026-06-03T09:00Z,2026-06-03T10:00Z,no,no,,,,
c3,s1,Council,,chase,2026-06-03T12:00Z,,no,no,,,rubbish,
c4,s1,Jobs,visit,visit,2026-06-06T12:00Z,2026-06-06T12:20Z,yes,no,,,progress_chasing,progress_chasing
c5,s1,Council,post,outcome,2026-06-11T12:20Z,,yes,yes,,,,
c6,s1,Council,,complaint,2026-06-13T12:20Z,,no,no,,,,
d1,s2,Council,,new need,2026-06-02T10:00Z,,yes,no,,,,
d2,s2,Council,,repeat of information,2026-06-16T10:00Z,,yes,yes,,,,
e1,s3,Council,,new need,2026-06-02T10:00Z,,yes,yes,,,not avoidable,not avoidable
e2,s3,Council,,new need,2026-06-16T10:00:00.000001Z,,no,no,,,,
f1,s4,Council,,new need,2026-06-15T10:00Z,,yes,no,,,,
"""


def test_from_pillar_to_post_as_counted_on_paper() -> None:
    journeys, told = on_paper(PILLAR, Settings(calendar=CALENDARS["england-and-wales"]))
    assert journeys == ["c1 c2 c3 c4 c5 c6", "d1 d2", "e1 e2", "f1"]
    unowned = (47.5 + 2 + 72) / 24  # c1 passed on by name, c2 and c3 left unsettled and the next was elsewhere
    expected: Told = {
        "contacts_per_outcome": ((5 + 2 + 1) / 3, 3, 1),
        "all_contacts_per_outcome": (11 / 3, 4, 0),
        "resolved_at_first_contact": (1 / 3, 3, 1),  # d again at exactly 14 days, e a millionth later, f too young
        "contacts_per_resolved_request": (11 / 4, 4, 0),
        "avoidable_contact": (2 / 3, 3, 8),
        "avoidable_contact_to_customer": (1 / 3, 3, 8),
        "avoidable_contact_by_reason[progress_chasing]": (2 / 3, 3, 8),
        "avoidable_contact_to_customer_by_reason[progress_chasing]": (1 / 3, 3, 8),
        "agreement": (2 / 3, 3, 8),
        "agreement_beyond_chance": (0.4, 3, 8),
        "chases": (1, 11, 0),
        "chases_share": (1 / 11, 11, 0),
        "chases_after_due": (1, 1, 0),
        "chases_before_due": (0, 1, 0),
        "chases_without_promise": (0, 1, 0),
        "failure_demand": (6 / 11, 11, 0),  # c1, c2, c3, c4, c6, d2
        "hand_overs": (4 / 4, 4, 0),
        "returns": (3 / 4, 4, 0),
        "ping_pongs": (3 / 4, 4, 0),
        "ping_pong_pairs[Council;Jobs]": (3, 1, 0),
        "bodies_per_outcome": ((2 + 1 + 1) / 3, 3, 1),
        "unowned_days": (unowned / 4, 4, 0),
        "left_to_nobody": (3 / 7, 7, 0),
        "left_to_nobody_days": (unowned / 3, 3, 0),
        "sent_on": (4 / 7, 7, 0),
        "longest_wait": (14, 3, 0),
        "longest_wait_90": (14 + 0.8e-6 / 86_400, 3, 0),  # four fifths of the way from the second to the third
        "elapsed_days": ((10 + 200 / 1_440 + 14 + 0) / 3, 3, 1),
        "elapsed_days_middle": (10 + 200 / 1_440, 3, 1),
        "elapsed_working_days": ((8 + 10 + 0) / 3, 3, 1),
    }
    assert_told(told, expected)


ASKED = """
contact,subject,need,organisation,kind,start,asked,given,held
a1,p,benefit,Council,new need,2026-06-01T09:00:00Z,id,id,
a2,p,benefit,Council,chase,2026-06-02T09:00:00Z,id,,
a3,p,benefit,Jobcentre,visit,2026-06-03T09:00:00Z,id,,
a4,p,benefit,Housing,other,2026-06-04T09:00:00Z,id,,
a5,p,benefit,Jobcentre,visit,2026-06-05T09:00:00Z,,id,
a6,p,benefit,Housing,visit,2026-06-06T09:00:00Z,,id;payslip,
a7,p,benefit,Council,appointment,2026-06-07T09:00:00Z,id,id,
a8,p,benefit,Council,visit,2026-06-08T09:00:00Z,,letter,
a9,p,benefit,Council,other,2026-06-09T09:00:00Z,passport,,passport@Council
a10,p,benefit,College,other,2026-06-10T00:30:00+01:00,payslip,,
b1,,benefit,Council,other,2026-06-10T09:00:00Z,id,,
"""
AGREED = """
agreements:
  - {name: one, purpose: [benefit], items: [id], from: [Council], to: [Jobcentre], from date: 2026-06-03}
  - {name: two, purpose: any, items: any, from: [Housing], to: [College], from date: 2026-06-01,
     until date: 2026-06-09}
"""


def test_what_is_asked_again_as_counted_on_paper() -> None:
    journeys, told = on_paper(ASKED, Settings(agreements=read_agreements(AGREED)))
    assert journeys == ["a1 a2 a3 a4 a5 a6 a7 a8 a9 a10", "b1"]
    expected: Told = {
        # a2, a7, a9 from its own record, a3 by the first agreement; the second had ended half an hour before a10
        "asked_again": (4, 7, 1),
        "asked_again_share": (4 / 7, 7, 1),
        "asked_again_per_journey": (4, 1, 1),
        "asked_again[Council;id]": (2, 3, 1),
        "asked_again[Council;passport]": (1, 1, 0),
        "asked_again[Jobcentre;id]": (1, 1, 0),
        "visits_to_bring": (2, 4, 0),  # a5 and a7; a6 brings what may not be shared, a8 what nobody asked for
        "visits_to_bring_share": (2 / 4, 4, 0),
    }
    assert_told(told, expected)


TALLIED = """
contact,organisation,channel,kind,start,resolved,reason_adviser,weight
t1,Council,phone,chase,2026-06-01T09:00:00Z,no,progress_chasing,3
t2,Council,phone,new need,2026-06-01T10:00:00Z,yes,not avoidable,1
t3,Council,phone,visit,2026-06-01T11:00:00Z,yes,,2
t4,Council,phone,chase,2026-06-01T12:00:00Z,no,not avoidable,4
t5,Council,counter,other,2026-06-01T13:00:00Z,,unnecessary_clarification,2.5
t6,Council,phone,other,2026-06-01T14:00:00Z,yes,,1
t7,Council,phone,,2026-06-01T15:00:00Z,no,,1.5
"""
COSTS = """
contacts:
  - {channel: phone, low: £2, high: £6, source: made up, date: 2026-04-01}
  - {channel: counter, low: £5, high: £10, source: made up, date: 2026-04-01}
hour: {low: £6, high: £12, source: made up, date: 2026-04-01}
mile: {low: £0.10, high: £0.60, source: made up, date: 2026-04-01}
"""


def test_a_tally_of_sampled_contacts_as_counted_on_paper() -> None:
    _, told = on_paper(TALLIED, Settings(costs=read_costs(COSTS)))
    expected: Told = {
        "avoidable_contact": (5.5 / 10.5, 4, 3),
        "avoidable_contact_by_reason[progress_chasing]": (3 / 10.5, 4, 3),
        "avoidable_contact_by_reason[unnecessary_clarification]": (2.5 / 10.5, 4, 3),
        "chases": (7, 4, 3),  # which of the others came after another nobody knows
        "chases_share": (7 / 10, 4, 3),
        "failure_demand": (9.5 / 12.5, 5, 2),
        "avoidable_cost_low": (3 * 2 + 2.5 * 5, 4, 3),
        "avoidable_cost_high": (3 * 6 + 2.5 * 10, 4, 3),
    }
    assert_told(told, expected)
    assert told["contacts_per_resolved_request"][0] is None, "a sample cuts journeys to pieces"


WEIGHED = """
contact,subject,need,start,resolved,weight
a1,a,x,2026-06-01T09:00:00Z,no,2
a2,a,x,2026-06-02T09:00:00Z,yes,4
a3,a,x,2026-06-03T09:00:00Z,yes,6
b1,b,x,2026-06-01T09:00:00Z,no,1
c1,c,x,2026-06-01T09:00:00Z,,9
"""


def test_requests_in_a_sample_as_counted_on_paper() -> None:
    _, told = on_paper(WEIGHED)
    assert_told(told, {"contacts_per_resolved_request": (13 / 5, 2, 1)})  # 2 + 4 + 6 + 1 contacts; (4 + 6) / 2 requests


JOINED = """
contact,subject,need,organisation,start,end,sequence,reference,follows
g1,NA,x,A,2026-06-01T10:00:00Z,2026-06-01T11:00:00Z,0,,
g2,NA,x,A,2026-07-01T11:00:00Z,,0,,
g3,NA,x,A,2026-07-31T11:00:00.000001Z,,0,,
g4,null,x,A,2026-06-01T10:00:00Z,2026-06-01T10:00:00Z,0,,
g5,null,x,A,2026-06-02T10:00:00Z,,0,,
g6,,x,A,2026-06-01T10:00:00Z,,0,,
g7,,x,A,2026-06-02T10:00:00Z,,0,,
h1,q,y,Council,2026-06-01T10:00:00Z,,0,R1,
h2,,,Jobcentre,2026-09-02T10:00:00Z,,0,,Council/R1
h3,,,College,2026-09-03T10:00:00Z,,0,,R1
h4,,,Housing,2026-12-04T10:00:00Z,,0,R1,
h5,,,Council,2026-09-05T10:00:00Z,,0,,R1
h6,,,Housing,2026-09-06T10:00:00Z,,0,,R1
i0,r,z,A,2026-06-01T09:00:00Z,,7,,
i1,r,z,A,2026-06-01T10:00:00Z,,2,,
i2,r,z,B,2026-06-01T10:00:00Z,,1,,
"""


def test_what_joins_as_told_on_paper() -> None:
    journeys, told = on_paper(JOINED)
    # Thirty days after an end still joins, a millionth of a second more does not; NA and null are people, nobody is
    # not; R1 alone means one's own record, and of two others' nobody knows which, the later one included.
    assert journeys == ["g1 g2", "g3", "g4 g5", "g6", "g7", "h1 h2 h5", "h3", "h4", "h6", "i0 i2 i1"]
    assert_told(told, {"hand_overs": ((2 + 2) / 10, 10, 0), "returns": ((1 + 1) / 10, 10, 0)})


UNSAID = """
contact,subject,need,organisation,kind,start,resolved,handed_to
m1,s,x,A,visit,2026-06-01T09:00:00Z,no,B
m2,s,y,B,,2026-06-02T09:00:00Z,yes,
m3,s,y,B,visit,2026-06-03T09:00:00Z,yes,
n1,t,x,A,hand-over,2026-06-01T09:00:00Z,yes,
n2,t,x,A,visit,2026-06-04T09:00:00Z,yes,
o1,u,x,A,chase,2026-06-01T09:00:00Z,,
o2,u,x,B,visit,2026-06-02T09:00:00Z,yes,
p1,v,x,A,chase,2026-06-01T09:00:00Z,no,A
p2,v,x,A,visit,2026-06-03T09:00:00Z,yes,
"""


def test_what_nobody_said_stays_unknown_on_paper() -> None:
    journeys, told = on_paper(UNSAID)
    assert journeys == ["m1 m2 m3", "n1 n2", "o1 o2", "p1 p2"]
    expected: Told = {
        "unowned_days": (3 / 2, 2, 2),  # m2 may have been a hand-over to nobody, o1 may have been settled
        "left_to_nobody": (2 / 3, 3, 2),
        "left_to_nobody_days": ((1 + 3) / 2, 2, 2),
    }
    assert_told(told, expected)


EFFORT = """
contact,subject,need,organisation,channel,start,end,minutes,travel_minutes,travel_miles,completed
e1,a,x,A,phone,2026-06-01T09:00:00Z,2026-06-01T09:00:00Z,10,20,2,no
e2,a,x,A,phone,2026-06-02T09:00:00Z,,5,0,0,yes
e3,a,x,A,phone,2026-06-03T09:00:00Z,,100,100,100,yes
f1,b,x,A,phone,2026-06-01T09:00:00Z,,,60,4,yes
g1,c,x,A,phone,2026-06-01T09:00:00Z,2026-06-02T21:00:00Z,30,10,1,yes
h1,d,x,A,phone,2026-06-01T09:00:00Z,,7,7,7,no
"""


def test_the_customers_effort_as_counted_on_paper() -> None:
    _, told = on_paper(EFFORT, Settings(costs=read_costs(COSTS)))
    expected: Told = {
        "own_minutes": ((15 + 30) / 2, 2, 2),
        "travel_minutes": ((20 + 60 + 10) / 3, 3, 1),
        "travel_miles": ((2 + 4 + 1) / 3, 3, 1),
        "customer_cost_low": ((75 / 60 * 6 + 3 * 0.10) / 2, 2, 2),
        "customer_cost_high": ((75 / 60 * 12 + 3 * 0.60) / 2, 2, 2),
        "elapsed_days": ((1 + 0 + 1.5) / 3, 3, 1),
        "elapsed_days_middle": (1, 3, 1),
        "contacts_per_outcome": ((2 + 1 + 1) / 3, 3, 1),
        "all_contacts_per_outcome": ((3 + 1 + 1 + 1) / 3, 4, 0),
    }
    assert_told(told, expected)
