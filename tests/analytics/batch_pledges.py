"""Pledges that between them use the constructs of the language, and cases made to hurt: for the engines' contract."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from makegood.rules import Calendar, Case, Fact, Pledge, read_calendar, read_pledge
from makegood.rules.language.model import Kind

HOURS = read_calendar(
    """
calendar: counter
open: {monday to friday: "09:00 to 12:30, 13:00 to 17:00", saturday: 10:00 to 12:00}
closed: [2026-04-03 Good Friday, 2026-12-25 Christmas Day]
complete: 2025-06-01 to 2027-03-31
"""
)
DAYS = read_calendar(
    """
calendar: working
open: {monday to friday: all day}
closed: [2026-04-03 Good Friday, 2026-04-06 Easter Monday, 2026-05-04 May, 2026-05-25 Spring, 2026-12-25 Christmas]
complete: 2025-06-01 to 2027-03-31
"""
)
CALENDARS: dict[str, Calendar] = {"counter": HOURS, "working": DAYS}

_HEAD = """
pledge: odd
title: Odd
calendar: {working days: working, school days: working, service hours: counter}
facts: {fa: one, fb: two, fc: three, fd: four, fe: five, ff: six}
details:
  kind: one of x, y, z
  flag: yes or no
  words: text
  size: number
  price: money
  day: date
  moment: instant
rates:
  sum: [{is: £10, until: 2026-03-31}, {is: £12.50, from: 2026-04-01}]
  share: [{is: 12.5%, until: 2026-06-30}, {is: 25%, from: 2026-07-01}]
  parts: {is: 7}
  time: [{is: 3 working days, until: 2026-05-31}, {is: 36 hours, from: 2026-06-01}]
terms: {small: size under 3, winter: fa is from 1 November to 28 February}
standards:
"""

_STANDARDS = {
    "days": """
    within: 3 working days, by 17:30
    cut-off: 16:00
    start on a closed day: next open day
    if we do not: [{pay: "£5, then £1.33 for each full working day, at least £7, at most £20"}, {voucher: 50% of price}]
""",
    "service": """
    within: [6 service hours if flag is yes, 90 service minutes if flag is no]
    paused: [{from: fc, until: fd}]
    if we do not: [{pay: £2 for each working day or part}]
""",
    "elapsed with two pauses": """
    within: [30 hours if small, 50 hours if not small]
    paused: [{from: fc, until: fd}, {from: fe, until: ff}]
    excused if: [kind is z and flag is yes]
    if we do not: [{pay: "£95, then £45 for each further full 12 hours", if: kind is not y}, apologise]
""",
    "days with pauses": """
    within: [10 working days if kind is x, 4 working days if kind is y]
    paused: [{from: fc, until: fd}]
    if we do not: [{pay: share of price}]
""",
    "calendar days with pauses rolling forward": """
    within: [9 calendar days if kind is x, 1 week if kind is y, 1 month if kind is z]
    short months: last day
    on a closed day: next open day
    paused: [{from: fc, until: fd}]
    if we do not: [{pay: "£1 for each calendar day or part"}]
""",
    "extension to": """
    within: 5 working days
    extended: [{when: fc, to: [15 working days if flag is yes, 8 working days if flag is no]}]
    paused: [{from: fe, until: ff}]
    void if: [fd, {if: fe at any time and kind is z, because: so}]
    if we do not: [apologise, {pay: the lesser of £8 and 10% of price, nothing is owed if: ff}]
""",
    "extension by": """
    within: 40 hours
    extended: [{when: fc, by: 24 hours, times: 2}]
    void if: [fd before fa, fe later than 1 working day after day]
    if we do not: [{pay: the greater of £8 and size times £1.11}]
""",
    "windows": """
    within:
      - between 08:00 and 13:00 on day if kind is x
      - between 13:00 and 18:00 on day if kind is y
      - the end of day if kind is z
    excused if: [fc before 09:00 on day, the finish is on Sunday]
    if we do not:
      - pay: [£10 if the finish is on day, £20 if the finish is not on day]
      - give: flowers
        if: flag is yes
""",
    "instants": """
    within: [1 hour after moment if kind is x, moment if kind is y, 2 calendar days before day if kind is z]
    early counts: yes
    late from: moment
    if we do not:
      - pay:
          - 25% of price if under 30 minutes late
          - 50% of price if 30 to 59 minutes late
          - 100% of price if at least 60 minutes late
""",
    "whichever": """
    within: the earlier of 3 working days and 80 hours
    only for: kind is x or y
    void if: [price is not given, words is not none, price over £40]
    if we do not: [{pay: price divided by parts}]
""",
    "whichever later": """
    within: the later of 2 working days and 60 hours
    paused: [{from: fc, until: fd}]
    noted: [fe]
    if we do not: [{choose from: [{pay: £3.50, if: flag is yes}, {voucher: £5}]}]
""",
    "rated": """
    within: time
    if we do not: [{pay: sum for each full calendar day}]
""",
    "months": """
    within: [1 month if kind is x, 2 months if kind is y, 1 year if kind is z]
    short months: first of the next month
    first day: counts
    if we do not: [{pay: sum, if: winter}, explain]
""",
}


def _standard(name: str, body: str, start: str = "fa", finish: str = "fb") -> str:
    name = name.replace(" ", "-")
    return f"  {name}:\n    when: {start}\n    we will: {finish}\n{body.strip(chr(10))}\n"


def texts() -> dict[str, str]:
    """The pledges by name."""
    found = {name: _HEAD + _standard(name, body) for name, body in _STANDARDS.items()}
    first = _standard("early", "    within: 24 hours\n    if we do not: [{pay: £5}]\n")
    found["after missing"] = (
        _HEAD
        + first
        + _standard(
            "again",
            "    after missing: early\n    within: 1 working day\n    if we do not: [{pay: £7}]\n",
            start="fc or fd",
        )
    )
    found["runs out"] = (
        _HEAD
        + first
        + _standard(
            "next",
            "    within: 2 working days\n    if we do not: [apologise]\n",
            "fc and fd, or when early runs out",
            "fe or ff",
        )
    )
    found["both"] = _HEAD + _standard(
        "twain", "    within: 3 calendar days\n    if we do not: [{pay: £1}]\n", "fa or fc", "fb and fd"
    )
    found["paid once"] = (
        _HEAD + first + _standard("second", "    within: 30 hours\n    if we do not: [{pay: £9}]\n", "fc", "fd")
    ).replace("standards:", "paid once: [[early, second]]\nstandards:")
    found["versions"] = (_HEAD + first + _standard("slow", _STANDARDS["rated"])).replace(
        "standards:",
        "versions:\n  - {name: one, until: 2026-02-28}\n  - name: two\n    from: 2026-04-01\n    until: 2026-08-31\n"
        "    standards:\n"
        + "".join(f"    {line}\n" for line in first.replace("24 hours", "48 hours").splitlines())
        + "\nstandards:",
        1,
    )
    return found


def pledges() -> dict[str, Pledge]:
    """The pledges, read."""
    return {name: read_pledge(text, f"{name}.yaml", calendars=CALENDARS) for name, text in texts().items()}


_ZONE = ZoneInfo("Europe/London")
_MOMENTS = [
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 3, 31, 23, 30, tzinfo=_ZONE), datetime(2026, 4, 1, 0, 0, tzinfo=_ZONE),
    datetime(2026, 4, 2, 16, 0, tzinfo=_ZONE), datetime(2026, 4, 2, 16, 0, 1, tzinfo=_ZONE),
    datetime(2026, 4, 2, 17, 0, tzinfo=_ZONE), datetime(2026, 5, 23, 23, 59, 59, tzinfo=_ZONE),
    datetime(2026, 5, 25, 12, 0, tzinfo=_ZONE), datetime(2026, 1, 31, 9, 0, tzinfo=_ZONE),
    datetime(2025, 6, 1, 0, 0, tzinfo=_ZONE), datetime(2025, 5, 30, 8, 0, tzinfo=_ZONE),
    datetime(2027, 3, 24, 10, 0, tzinfo=_ZONE), datetime(2027, 3, 31, 12, 0, tzinfo=_ZONE),
]  # fmt: skip


def cases(pledge: Pledge, random: Random, count: int) -> list[Case]:
    """Cases with repeated and simultaneous facts, several pauses, missing details, facts known late, and bad edges."""
    return [_case(pledge, random, number) for number in range(count)]


def _case(pledge: Pledge, random: Random, number: int) -> Case:
    base = (
        random.choice(_MOMENTS)
        if random.random() < 0.5
        else datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(400 * 86_400))
    )
    facts: list[Fact] = []
    for name in pledge.facts:
        for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3)) if name != "fa" else random.choice((1, 1, 1, 2, 0))):
            facts.append(_fact(name, base, random, facts))
    details = {name: _detail(each.kind, base, random) for name, each in pledge.details.items()}
    return Case(id=f"case {number}", details=details, facts=facts)


def _fact(name: str, base: datetime, random: Random, others: list[Fact]) -> Fact:
    if others and random.random() < 0.15:
        at = random.choice(others).at
    elif name == "fa" and random.random() < 0.7:
        at = base
    else:
        spread = random.choice((3_600, 86_400, 5 * 86_400, 20 * 86_400))
        at = base.astimezone(UTC) + timedelta(seconds=random.randrange(-spread // 4, spread))
        if random.random() < 0.3:
            at = at.replace(hour=random.choice((0, 9, 16, 17, 23)), minute=0, second=0)
    recorded = at + timedelta(seconds=random.randrange(-86_400, 30 * 86_400)) if random.random() < 0.15 else None
    return Fact(name=name, at=at, recorded_at=recorded)


def _detail(kind: Kind, base: datetime, random: Random) -> str:
    if random.random() < 0.08:
        return ""
    day = base.astimezone(_ZONE).date() + timedelta(days=random.randrange(-2, 4))
    match kind:
        case Kind.CHOICE:
            return random.choice(("x", "y", "z", " x", "other"))
        case Kind.YES_NO:
            return random.choice(("yes", "no", "no ", "maybe"))
        case Kind.NUMBER:
            return random.choice(("0", "1", "2.5", "3", "14", "-2", "2.999"))
        case Kind.MONEY:
            return random.choice(("9.95", "0.30", "40", "£1,234.56", "40.01"))
        case Kind.DATE:
            return day.isoformat()
        case Kind.INSTANT:
            return (base + timedelta(minutes=random.randrange(-200, 200))).isoformat()
        case _:
            return random.choice(("none", "some words", "NA"))
