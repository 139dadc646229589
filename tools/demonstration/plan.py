"""The plan of the year: when people report what, who they are, and where. Pure; the same seed gives the same plan."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

ZONE = ZoneInfo("Europe/London")
BEGINS = date(2025, 11, 20)
ENDS = datetime(2026, 11, 19, 10, tzinfo=ZONE)
"""The instant at which the demonstration opens: a Thursday morning."""
SNOW = (date(2026, 1, 8), date(2026, 1, 13))
"""Days on which snow kept the lorries in, from and up to."""

_HERE = Path(__file__).parent
PLACE = _HERE.parents[1] / "src" / "makegood" / "rooms" / "demonstration" / "place"

SHARES = {"missed-bin": 60, "street-light": 26, "damp-repair": 14}

# Assumed; see the README beside this file.
_WEEKDAYS = (1.25, 1.15, 1.05, 1.0, 1.0, 0.5, 0.4)
_HOURS = (2, 1, 1, 1, 2, 6, 16, 36, 58, 64, 62, 56, 48, 46, 46, 44, 42, 44, 40, 32, 26, 20, 12, 6)
_SEASONS = {
    "missed-bin": (1.15, 1.0, 1.0, 1.05, 1.1, 1.05, 1.0, 1.0, 1.0, 1.0, 1.0, 1.2),
    "street-light": (1.4, 1.3, 1.05, 0.85, 0.65, 0.55, 0.6, 0.75, 1.0, 1.3, 1.5, 1.5),
    "damp-repair": (1.6, 1.5, 1.25, 0.9, 0.6, 0.45, 0.4, 0.45, 0.7, 1.1, 1.5, 1.6),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """An address of the place."""

    id: str
    line: str
    postcode: str
    ward: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Somebody:
    """A resident, plainly fictional; `wants` is email, letter or phone."""

    name: str
    email: str
    phone: str
    home: Home
    wants: str

    @property
    def post(self) -> str:
        """The postal address in lines."""
        return f"{self.home.line}\nAnyborough\n{self.home.postcode}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One report of the year: number, when, what, by whom, and the chance that decides the rest of its story."""

    number: int
    at: datetime
    service: str
    by: Somebody
    seed: int
    role: str = ""
    """What a report is planted for; empty for those that chance decides."""
    told: dict[str, Any] = field(default_factory=dict)


@cache
def place() -> dict[str, Any]:
    """The data of the place."""
    read: dict[str, Any] = yaml.safe_load((PLACE / "place.yaml").read_text(encoding="utf-8"))
    return read


@cache
def homes() -> list[Home]:
    """Every address of the place."""
    told = place()
    made = []
    for street_number, street in enumerate(told["streets"], start=1):
        postcode = (
            f"{told['postcode']}{1 + street_number // 7} {street_number % 10}{'ABDEFGHJLNPQ'[street_number % 12]}A"
        )
        for house in range(1, street["houses"] + 1):
            number = f"any-{street_number:02d}{house:03d}"
            made.append(Home(id=number, line=f"{house} {street['name']}", postcode=postcode, ward=street["ward"]))
    return made


def people(seed: int) -> list[Somebody]:
    """Who lives in the place: one in each home, and in some a second."""
    chance = random.Random(f"people {seed}")
    first, last = (place()["residents"][each] for each in ("first", "last"))
    names = [f"{one} {other}" for one in first for other in last]
    chance.shuffle(names)
    made = []
    for home in homes():
        for _ in range(1 + (chance.random() < 0.5)):
            name = names.pop()
            wants = chance.choices(("email", "letter", "phone"), (78, 17, 5))[0]
            mail = name.lower().replace(" ", ".") + "@anyborough.example"
            has_mail = wants == "email" or chance.random() < 0.3
            made.append(
                Somebody(
                    name=name,
                    email=mail if has_mail else "",
                    phone=f"01632 960{chance.randrange(1000):03d}",
                    home=home,
                    wants=wants,
                )
            )
    return made


def month_weights() -> tuple[float, ...]:
    """How much is reported in each month against an even year, from open counts; see the README beside this file."""
    with (_HERE / "reports-by-month.csv").open(encoding="utf-8") as file:
        counts = [int(row["reports"]) for row in csv.DictReader(file)]
    even = sum(counts) / 12
    return tuple(count / even for count in counts)


def reports(seed: int, count: int, begins: date = BEGINS) -> list[Report]:
    """So many reports by chance from a day to the end, in the order of time, without those that are planted."""
    chance = random.Random(f"reports {seed}")
    months, everybody = month_weights(), people(seed)
    days = [begins + timedelta(days=step) for step in range((ENDS.date() - begins).days + 1)]
    drawn = []
    for service in chance.choices(tuple(SHARES), tuple(SHARES.values()), k=count):
        season = _SEASONS[service]
        weights = [months[day.month - 1] * season[day.month - 1] * _WEEKDAYS[day.weekday()] for day in days]
        drawn.append((_instant(chance, chance.choices(days, weights)[0]), service))
    drawn = sorted((at, service) for at, service in drawn if at < ENDS)
    return [
        Report(number=number, at=at, service=service, by=chance.choice(everybody), seed=chance.randrange(1 << 30))
        for number, (at, service) in enumerate(drawn, start=1)
    ]


def _instant(chance: random.Random, day: date) -> datetime:
    hour = chance.choices(range(24), _HOURS)[0]
    return datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), ZONE)


# --- instants at which people work -----------------------------------------------------------------------------------


def works_on(day: date, holidays: Sequence[date] = ()) -> bool:
    """Whether offices and crews work on a day."""
    return day.weekday() < 5 and day not in holidays


def working_day_after(at: datetime, days: int, holidays: Sequence[date] = ()) -> date:
    """The so-manieth working day after an instant's day; 0 is the day itself or the next working day."""
    day = at.astimezone(ZONE).date()
    while not works_on(day, holidays):
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not works_on(day, holidays):
            day += timedelta(days=1)
    return day


def at_work(chance: random.Random, day: date, first: int = 8, last: int = 16) -> datetime:
    """An instant of a day between two hours."""
    return datetime.combine(day, time(chance.randrange(first, last), chance.randrange(60), chance.randrange(60)), ZONE)
