"""The typed meaning of a pledge text: frozen values, no behaviour.

`read` makes these values from text and `write` makes text from them; everything that evaluates, explains,
checks or compiles a promise starts from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from ..working_time import Calendar

T = TypeVar("T")


class Unit(StrEnum):
    """What a limit or a lateness is counted in."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    SERVICE_MINUTE = "service minute"
    SERVICE_HOUR = "service hour"
    CALENDAR_DAY = "calendar day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    WORKING_DAY = "working day"
    SCHOOL_DAY = "school day"


SECONDS = {Unit.SECOND: 1, Unit.MINUTE: 60, Unit.HOUR: 3600, Unit.SERVICE_MINUTE: 60, Unit.SERVICE_HOUR: 3600}
"""Seconds in one elapsed or service unit."""
MOST = {unit: 3_155_760_000 // seconds for unit, seconds in SECONDS.items()} | {
    Unit.CALENDAR_DAY: 36_525,
    Unit.WEEK: 5_217,
    Unit.MONTH: 1_200,
    Unit.YEAR: 100,
    Unit.WORKING_DAY: 36_525,
    Unit.SCHOOL_DAY: 36_525,
}
"""The longest limit in each unit: a hundred years."""
ELAPSED = frozenset({Unit.SECOND, Unit.MINUTE, Unit.HOUR})
SERVICE = frozenset({Unit.SERVICE_MINUTE, Unit.SERVICE_HOUR})
OPEN_DAYS = frozenset({Unit.WORKING_DAY, Unit.SCHOOL_DAY})
DAYS = frozenset({Unit.CALENDAR_DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR}) | OPEN_DAYS


class Kind(StrEnum):
    """What a detail (an attribute of a case) holds."""

    TEXT = "text"
    YES_NO = "yes or no"
    CHOICE = "one of"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"


# --- conditions -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Is:
    """A detail has (or, negated, has not) one of some values: `hazard is emergency or significant`."""

    detail: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Compare:
    """A number, sum or date against another: `customers_off at least 5000`. `op` is <, <=, > or >=."""

    detail: str
    op: str
    value: Fraction | date
    money: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A detail is given at all: `serial_number is given`."""

    detail: str
    negated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """A fact is known, so many times at least. Without `any_time`, a void rule takes it up to the deadline."""

    fact: str
    times: int = 1
    negated: bool = False
    any_time: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Relative:
    """The first of a fact (or an instant detail, or `the finish`) against an instant. `op` is <, <=, > or >=."""

    subject: str
    op: str
    instant: Limit


@dataclass(frozen=True, kw_only=True, slots=True)
class Season:
    """The local day falls between two days of the year, both included: `from 1 November to 30 April`."""

    subject: str
    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class OnDay:
    """The local day is that of a date detail: `the finish is on appointment_date`."""

    subject: str
    detail: str
    negated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OnWeekday:
    """The local day is one of some weekdays (0 is Monday)."""

    subject: str
    weekdays: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Late:
    """Whole units of lateness between two numbers, both included: `15 to 29 minutes late`."""

    unit: Unit
    least: int
    most: int | None = None
    or_part: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A condition that the pledge has given a name to."""

    name: str
    negated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AllOf:
    """Every one of some conditions holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyOf:
    """At least one of some conditions holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NoneOf:
    """Not one of some conditions holds."""

    parts: tuple[Condition, ...]


Condition = (
    Is | Compare | Known | Happened | Relative | Season | OnDay | OnWeekday | Late | Term | AllOf | AnyOf | NoneOf
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Option(Generic[T]):
    """One line of a choice: this value if the condition holds; without condition, always."""

    value: T
    condition: Condition | None = None


Choice = tuple[Option[T], ...]
"""Lines of which the first that applies is taken; none applies: unknown."""


# --- limits -----------------------------------------------------------------------------------------


def time_on(name: str) -> tuple[int, str] | None:
    """The time of day and the date detail of an instant such as `08:00 on visit_date`; `None` for other names.

    >>> time_on("08:30 on visit_date"), time_on("reported")
    ((30600, 'visit_date'), None)
    """
    time, on, detail = name.partition(" on ")
    if not on:
        return None
    return sum(int(part) * scale for part, scale in zip(time.split(":"), (3600, 60, 1), strict=False)), detail


@dataclass(frozen=True, kw_only=True, slots=True)
class Within:
    """So much time from the start or, if named, from (or before) another instant."""

    count: Fraction
    unit: Unit
    less_than: bool = False
    by: int | None = None
    calendar: str | None = None
    anchor: str | None = None
    before: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class At:
    """An instant that the case names: an instant detail or fact, or a date detail at a time of day (or its end)."""

    anchor: str
    time: int | None = None
    end_of_day: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Between two times of day on a date detail: the first instant included, the last excluded."""

    opens: int
    closes: int
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rated:
    """A limit whose length is a named, dated value."""

    rate: str
    by: int | None = None
    calendar: str | None = None
    anchor: str | None = None
    before: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierOf:
    """Whichever of two limits runs out first."""

    limits: tuple[Limit, Limit]


@dataclass(frozen=True, kw_only=True, slots=True)
class LaterOf:
    """Whichever of two limits runs out last."""

    limits: tuple[Limit, Limit]


Limit = Within | At | Window | Rated | EarlierOf | LaterOf


# --- amounts ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """A flat sum in pounds."""

    pounds: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A sum held by a money detail or a dated rate."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A part of another sum: `12.5% of fare`; the share may be a dated percentage."""

    of: Part
    percent: Fraction | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Divided:
    """A sum divided by a number: `season_price divided by 464`; the number may be a dated one."""

    part: Part
    by: Fraction | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """A sum so many times, by a number or a number detail: `nights times £10`."""

    part: Part
    times: Fraction | str


@dataclass(frozen=True, kw_only=True, slots=True)
class GreaterOf:
    """The greater of two sums."""

    parts: tuple[Part, Part]


@dataclass(frozen=True, kw_only=True, slots=True)
class LesserOf:
    """The lesser of two sums."""

    parts: tuple[Part, Part]


Part = Sum | Named | Share | Divided | Times | GreaterOf | LesserOf


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A stretch of lateness that is paid for: so many units, full ones or begun ones too."""

    count: int
    unit: Unit
    or_part: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """So much for each period of lateness, from after the first `skip` ones and for `most` of them at most."""

    part: Part
    period: Period
    skip: int = 0
    most: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """A first sum, further sums for each period, not less than a floor, and not more than a cap."""

    first: Part | None
    steps: tuple[Step, ...] = ()
    floor: Part | None = None
    cap: Part | None = None


# --- repeats and caps over the cases of one subject ---------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of the calendar: a year from a day of the year, or so many days, months or years running."""

    count: int
    unit: Unit
    year_from: tuple[int, int] | None = None


class Which(StrEnum):
    """Which case of a repetition is the one that counts."""

    THAT_ONE = "that one"
    FROM_THEN_ON = "and each after it"
    EACH_SET = "each"


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeated:
    """Owed only at the nth broken case (or nth fact) of the same subject within a span."""

    nth: int
    which: Which
    span: Span
    fact: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceiling:
    """At most so many payments, or so much money, for one subject in a span."""

    span: Span
    payments: int | None = None
    pounds: Fraction | None = None


# --- remedies ---------------------------------------------------------------------------------------


class Remedying(StrEnum):
    """The kinds of remedy, in the words of a pledge text."""

    APOLOGY = "apologise"
    EXPLANATION = "explain"
    ENQUIRY = "find out why"
    SUPPORT = "support"
    CORRECTION = "put right"
    MONEY = "pay"
    VOUCHER = "voucher"
    IN_KIND = "give"
    DEEMED = "deem"
    CHARGE = "charge"
    CHOICE = "choose from"
    DISCRETION = "staff may add"


class Route(StrEnum):
    """Who has to do what before the remedy comes."""

    AUTOMATIC = "automatic"
    AFTER_REPORT = "automatic after a report"
    CLAIM = "claim"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remedy:
    """What is owed when a standard is broken: a promise of its own, with its deadline, route and payer."""

    kind: Remedying
    words: str = ""
    amount: Choice[Amount] = ()
    choices: tuple[Remedy, ...] = ()
    instead: tuple[str, ...] = ()
    most: Fraction | None = None
    condition: Condition | None = None
    extinguished: Condition | None = None
    within: Limit | None = None
    done: str | None = None
    if_late: Choice[Amount] = ()
    route: Route = Route.AUTOMATIC
    claim_within: Limit | None = None
    evidence: str = ""
    payer: str = ""
    by_whom: str = ""
    settled: str = ""
    set_off: str = ""
    repeated: Repeated | None = None
    ceilings: tuple[Ceiling, ...] = ()


# --- standards --------------------------------------------------------------------------------------


class Together(StrEnum):
    """How several facts make one instant."""

    FIRST = "first"
    ALL = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """One instant made of one or more facts: the first of any of them, or when all have happened."""

    names: tuple[str, ...]
    together: Together = Together.FIRST


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """What starts a standard."""

    facts: Facts
    or_when_runs_out: str | None = None
    after_missing: str | None = None
    nth: int = 1
    nth_within: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """The clock does not run between two facts."""

    opens: str
    closes: str
    because: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """A fact that makes the limit longer: to another limit, or by so much each time."""

    fact: str
    to: Choice[Limit] = ()
    by: Limit | None = None
    times: int = 1
    because: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusion:
    """A condition that voids or excuses, with the words, the evidence and who decides."""

    condition: Condition
    because: str = ""
    evidence: str = ""
    decided_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standard:
    """When `start` happens, `finish` follows within `within`; if not, `remedies` are owed."""

    name: str
    says: str = ""
    made_by: str = ""
    only_for: Condition | None = None
    start: Start
    finish: Facts
    early_counts: bool = False
    within: Choice[Limit]
    calendars: Mapping[Unit, str] = field(default_factory=dict)
    short_months: str = ""
    roll_forward: bool = False
    cut_off: int | None = None
    closed_start: bool = False
    first_day_counts: bool = False
    version_by_own_start: bool = False
    late_from: Limit | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    void: tuple[Exclusion, ...] = ()
    excused: tuple[Exclusion, ...] = ()
    noted: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    at_least_as_good_as: str = ""


# --- the pledge -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """A declared attribute of a case."""

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """One dated value: money, a percentage, a number or a length of time, with the source it comes from."""

    value: Fraction | Within
    kind: str
    first: date | None = None
    last: date | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """A period in which the pledge is in force; with `standards` of its own when its rules differ."""

    name: str
    first: date | None = None
    last: date | None = None
    source: str = ""
    standards: tuple[Standard, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """Where the promise can be found, with the evidence that it is there."""

    where: str
    evidence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExampleFact:
    """A fact of an example case."""

    name: str
    at: datetime
    recorded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExampleCase:
    """One case of an example: its details and facts."""

    name: str
    details: Mapping[str, str]
    facts: tuple[ExampleFact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What an example says of one standard; what is not said is not compared."""

    standard: str
    case: str
    status: str
    due: datetime | None = None
    owed: Fraction | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A test case that lives in the pledge: given these facts, expect this outcome."""

    name: str
    as_of: datetime
    cases: tuple[ExampleCase, ...]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pledge:
    """An explicit promise of an organisation about a service."""

    name: str
    title: str
    provider: str = ""
    about: str = ""
    basis: str = ""
    source: str = ""
    owner: str = ""
    review: date | None = None
    told_every: str = ""
    published: tuple[Published, ...] = ()
    zone: str = "Europe/London"
    subject: str = ""
    facts: Mapping[str, str]
    details: Mapping[str, Detail] = field(default_factory=dict)
    rates: Mapping[str, tuple[Rate, ...]] = field(default_factory=dict)
    terms: Mapping[str, Condition] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    versions: tuple[Version, ...] = ()
    standards: tuple[Standard, ...] = ()
    paid_once: tuple[tuple[str, ...], ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def every_standard(self) -> tuple[Standard, ...]:
        """Its standards, then those of its versions: a name comes once for each that has one of its own."""
        return (*self.standards, *(each for version in self.versions for each in version.standards))

    def standard(self, name: str, version: str = "") -> Standard | None:
        """The standard of a name: as that version has it, or as it comes first; `None` where there is none."""
        own = (each for known in self.versions if known.name == version for each in known.standards)
        return next((each for each in (*own, *self.every_standard) if each.name == name), None)
