"""What the tests of the sayings share: a pledge that uses every construct, its cases, and a way to say all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from makegood import schemes
from makegood.rules import Case, Fact, Outcome, Pledge, evaluate_all, read_pledge
from makegood.rules.speak import ENGLISH, Catalogue, Form, explain, say_deadline, say_outcome
from makegood.rules.working_time import Calendar
from makegood.schemes import CALENDARS

from .judging import of_example

FORMS: tuple[Form, ...] = ("text", "markdown", "html")
THURSDAY = date(2026, 5, 21)
"""The Thursday before the spring bank holiday."""

EVERYTHING = """
pledge: everything
title: If anything goes wrong
provider: Anyborough Council
about: Everything
basis: voluntary
source: Cabinet decision of 3 March 2026
owner: Head of Everything
review: 2027-03-31
told every: year
published: [on every van, {where: in the library, evidence: a photograph}]
subject: property
calendar: {working days: england-and-wales, school days: scotland, service hours: desk}
short months: first of the next month
calendars:
  desk:
    title: Desk hours
    open: {monday to thursday: "09:00 to 12:30, 13:00 to 17:00", friday: 09:00 to 12:00}
    closed: [2026-05-29]
    complete: 2026-01-01 to 2026-12-31
facts:
  asked: you ask us
  visited: we visit you
  answered: we answer you
  warned: we warn you
  paid: we pay you
  fee-asked: we ask for a fee
  fee-paid: you pay the fee
  bare-fact: you write to us
details:
  property: {is: text, says: your home}
  size: {is: "one of small, big, very-big", says: how big it is}
  urgent: {is: yes or no, says: it cannot wait}
  plain: yes or no
  note: {is: text, says: what you wrote}
  people: {is: number, says: how many of you there are}
  fare: {is: money, says: what you paid}
  divisor: number
  day: {is: date, says: the day that we agreed}
  slot: {is: instant, says: the beginning of your slot}
rates:
  day-sum:
    - {is: £9.76, until: 2026-03-31, source: list of 2025}
    - {is: £10.34, from: 2026-04-01, until: 2026-12-31, source: list of 2026}
  fare-part: {is: 12.5%, source: the fares office}
  journeys: 464
  long-time: {is: "10 working days, by 18:00"}
  new-time:
    - {is: 3 weeks, from: 2027-01-01}
terms:
  holiday-time: the finish is from 1 November to 6 January
  early-start: the start is on a monday or tuesday
  late-end: the deadline is no later than 17:00 on day
versions:
  - name: old
    until: 2026-03-31
    source: Cabinet decision of 2024
    standards:
      flat:
        says: We answer you.
        when: asked
        we will: answered
        within: 1 month
        if we do not: [find out why]
  - {name: new, from: 2026-04-01, until: 2027-12-31}
standards:
  visit:
    says: We visit you.
    when: asked and warned
    we will: visited and answered
    early counts: yes
    within:
      - 3 hours if size is not small and people at least 3 and people at most 3
      - 90 service minutes if fare over £25 and fare at most £50
      - 0 calendar days if urgent and plain
      - 0 calendar days after day if not urgent and not plain
      - 0 minutes if note is not given and day before 2026-05-01
      - the earlier of 2 working days before day and slot if day not before 2026-05-01 and note is given
      - the later of 2 school days, by 10:30 and the end of day if late-end
      - 30 minutes after slot if day after 2026-05-01 and day by 2026-06-01 and not late-end
      - new-time if visited before 09:00 on day
      - long-time if visited later than 2 working days, by 18:00 after day
      - 2 months if visited by slot
      - 1 year if visited not before 1 week before day
      - 12:00 on day otherwise
    late from: slot
    cut-off: 17:00
    start on a closed day: next open day
    on a closed day: next open day
    version by: own start
    at least as good as: reply
    paused:
      - {from: fee-asked, until: fee-paid}
      - {from: warned, until: answered, because: we could not go on}
    extended:
      - when: warned
        to:
          - 20 working days if size is big
          - 40 working days otherwise
        times: 2
      - when: bare-fact
        by: 5 working days
        because: it is hard
    void if:
      - warned happened at least 2 times at any time
      - any of:
          - answered has not happened
          - none of:
              - visited on day
              - visited is not on day
              - asked is on a sunday
      - if: slot before 09:00 on day
        because: the slot was too early
      - slot after 10:00 on day
      - slot by 10:00 on day
      - slot not before 10:00 on day
      - holiday-time
      - not early-start
    excused if:
      - if: note is elsewhere or gone
        because: it was somewhere else
        evidence: a note
        decided by: duty manager
    noted: [fee-paid]
    if we do not:
      - apologise: by letter
      - explain
      - explain: why
      - find out why: the manager looks into it
      - support
      - support: a heater
      - deem
      - give
      - give:
        route: claim
      - put right
      - put right: we come again
      - deem: your case is accepted
        if: size is big
      - give: six stamps
        route: claim
      - voucher: £5
        handed over by: the driver
      - voucher:
          - £5 if size is big
          - £6 otherwise
      - pay: £10, then £2 for each further hour or part after the first 2 up to 3 times, at least £1, at most £50
        within: 5 working days
        done when: paid
        if late:
          - £4 if size is big
          - £5 otherwise
        nothing is owed if: warned
        or instead: [a voucher, a plant]
        repeated: the 3rd and each after it in 12 months
        no more than: [5 payments in a year from 1 April, 1 payment in 2 weeks, £500 in 3 years]
        settled: when it is over
        paid by: the contractor
        set off against: rent
        route: claim within 28 calendar days after the finish
        evidence: a bill
      - pay:
          - the greater of £5 and 25% of fare if 0 to 2 working days late
          - the lesser of £5 and fare-part of fare if 3 working days late
          - fare divided by journeys if at least 4 calendar days or part late
          - people times £2 if under 20 minutes late and size is small
          - day-sum for each working day otherwise
        if late: £3
        route: automatic after a report
        repeated: each 2nd in 28 calendar days, counting visited
      - pay: £1 for each school day
        repeated: the 4th in a year from 1 September, counting visited
      - pay: £1 for each week, then £2 for each further minute, then £3 for each further second
        repeated: the 2nd and each after it in 6 months, counting visited
        if: at least 1 hours or part late
      - choose from:
          - pay: £7
          - give: a plant
      - staff may add: £50
  reply:
    says: We answer you.
    made by: the contractor
    only for: size is small
    when: warned the 3rd time within 6 months, or when visit runs out
    we will: answered
    within: between 09:00 and 12:00 on day
  again:
    when: answered
    after missing: reply
    we will: visited or answered
    within: less than 15 minutes
    first day: counts
    if we do not:
      - charge: £20
  yours:
    says: You let us in.
    made by: customer
    when: asked
    we will: visited
    within: 1 working day
    excused if: [urgent]
    void if: [warned]
    if we do not:
      - charge:
          - £20 if urgent
          - £30 otherwise
  yours-too:
    says: You answer us.
    made by: customer
    when: asked
    we will: answered
    within: 3 service hours
paid once: [[visit, reply]]
"""


def everything() -> Pledge:
    """The pledge that uses every construct."""
    return read_pledge(EVERYTHING, "everything.yaml", calendars=CALENDARS)


def example_outcomes(pledge: Pledge, calendars: Mapping[str, Calendar] = CALENDARS) -> Iterator[Outcome]:
    """The outcomes of the examples in a pledge."""
    for example in pledge.examples:
        yield from of_example(pledge, example, calendars, explain=True)


def story(pledge: Pledge, outcome: Outcome, catalogue: Catalogue = ENGLISH) -> str:
    """An outcome's story as text, its sentence first."""
    return say_outcome(outcome, pledge, catalogue) + "\n" + say_deadline(outcome, pledge, catalogue)


def outcomes_of(
    pledge: Pledge,
    facts: Mapping[str, str | list[str]],
    as_of: str,
    details: Mapping[str, str] | None = None,
    calendars: Mapping[str, Calendar] = CALENDARS,
) -> dict[str, Outcome]:
    """The outcomes of one case by standard; instants are written with their offset."""
    found = [
        Fact(name=name, at=datetime.fromisoformat(at))
        for name, instants in facts.items()
        for at in ([instants] if isinstance(instants, str) else instants)
    ]
    case = Case(id="1", details=details or {}, facts=found)
    outcomes = evaluate_all(pledge, [case], as_of=datetime.fromisoformat(as_of), calendars=calendars, explain=True)
    return {outcome.standard: outcome for outcome in outcomes}


def shipped_pages(catalogue: Catalogue = ENGLISH, form: Form = "text") -> Iterator[tuple[str, str]]:
    """The page of each shipped scheme, with its name."""
    for name in schemes.scheme_names():
        yield name, explain(schemes.load(name), CALENDARS, form=form, example_day=THURSDAY, catalogue=catalogue)


# --- outcomes that no example of a shipped scheme has --------------------------------------------------

BEGUN, LATER = "2026-05-21T09:00:00+01:00", "2026-08-03T12:00:00+01:00"
HEAD = """
pledge: small
title: A small promise
calendar: england-and-wales
facts: {asked: you ask, answered: we answer, paid: you pay, queried: we ask}
details: {day: date, people: number}
rates: {sum: [{is: £1, until: 2025-01-01}]}
calendars: {desk: {open: {monday to friday: 09:00 to 17:00}, closed: [2026-05-22], complete: 2026-01-01 to 2026-12-31}}
standards:
  answer:
    when: asked
    we will: answered
"""
LATE = {"asked": BEGUN, "answered": "2026-06-30T10:00:00+01:00"}
HOUR = "within: 1 hour"
WAITING = ("within: 2 hours", "paused: [{from: queried, until: paid}]")
PAYING = """if we do not:
      - pay:
          - £1, then £2 for each full 2 hours if paid
          - £1, then £2 for each full 3 hours otherwise"""
ODD: tuple[tuple[tuple[str, ...], Mapping[str, str], str, Mapping[str, str]], ...] = (
    (WAITING, {"asked": BEGUN, "queried": BEGUN}, LATER, {}),
    (WAITING, {"asked": BEGUN, "queried": BEGUN, "paid": "2026-05-21T10:00:00+01:00"}, LATER, {}),
    (("within: 2 working days", WAITING[1]), {"asked": BEGUN, "queried": BEGUN, "paid": LATER}, LATER, {}),
    (("within: 2 working days", "cut-off: 08:00"), {"asked": BEGUN}, BEGUN, {}),
    (("within: 9 service hours", "calendar: desk"), {"asked": BEGUN}, BEGUN, {}),
    (("within: 90 service hours", "calendar: desk"), {"asked": BEGUN}, BEGUN, {}),
    (("within: 2 working days", "calendar: desk"), {"asked": BEGUN}, BEGUN, {}),
    ((*WAITING, "void if: [queried after the deadline]"), {"asked": BEGUN, "queried": BEGUN}, LATER, {}),
    (("within: 2 working days before day",), {"asked": BEGUN}, BEGUN, {"day": "2026-06-01"}),
    ((HOUR, "void if: [queried]"), {"asked": BEGUN, "queried": BEGUN}, LATER, {}),
    ((HOUR, "excused if: [queried]"), {"asked": BEGUN, "queried": BEGUN}, LATER, {}),
    (("within: 999 working days",), {"asked": BEGUN}, LATER, {}),
    ((HOUR, "made by: customer"), LATE, LATER, {}),
    ((HOUR, "made by: customer"), {"asked": BEGUN, "answered": BEGUN}, LATER, {}),
    (("within: 1 hour after paid",), {"asked": BEGUN}, LATER, {}),
    ((HOUR, "if we do not: [{pay: sum}]"), LATE, LATER, {}),
    ((HOUR, "if we do not: [{pay: £1 divided by people}]"), LATE, LATER, {"people": "0"}),
    ((HOUR, "if we do not: [{pay: [£1 if 1 to 2 minutes late]}]"), LATE, LATER, {}),
    ((HOUR, PAYING), LATE, LATER, {}),
)


def odd_outcomes(change: Callable[[Any], Any] = lambda value: value) -> Iterator[tuple[Outcome, Pledge]]:
    """Outcomes of small pledges, each with its pledge, for what only a story says; `change` is made to each pledge."""
    for lines, facts, as_of, details in ODD:
        pledge = read_pledge(HEAD + "".join(f"    {line}\n" for line in lines), calendars=CALENDARS)
        calendars = {change(name): change(CALENDARS[name]) for name in CALENDARS}
        known, given = ({change(key): value for key, value in each.items()} for each in (facts, details))
        for outcome in outcomes_of(change(pledge), known, as_of, given, calendars).values():
            yield outcome, change(pledge)


# --- a pledge whose own words are all in capitals ------------------------------------------------------

KEPT = {"zone", "op", "basis", "short_months", "kind"}
"""Fields whose texts are no words of the pledge but belong to the language of pledges."""
WORDS_OF_THE_LANGUAGE = {"the start", "the finish", "the deadline", "the breach", "yes", "no", "customer", "closed"}


def shouted(value: Any) -> Any:
    """The same value with every own word of the pledge in capitals, names included."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return value if value in WORDS_OF_THE_LANGUAGE else value.upper()
    if isinstance(value, Mapping):
        return {shouted(key): shouted(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(shouted(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: shouted(getattr(value, field.name))
            for field in fields(value)
            if field.init and field.name not in KEPT
        }
        return replace(value, **changed)
    return value


def shouted_calendars() -> dict[str, Calendar]:
    """The shipped calendars with their words in capitals."""
    return {name.upper(): shouted(CALENDARS[name]) for name in CALENDARS}
