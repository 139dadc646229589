"""What people of Anyborough go through: a benefit claim when out of work, a blue badge, a missed bin.

Causes are planted here, never totals: how many contacts a claim takes follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from ..columns import MICROSECONDS, Kind
from ..store import Value
from .anyborough import ADVICE, COLLEGE, COUNCIL, HEALTH, HOUSING, JOBCENTRE, TAX_OFFICE, Place, Recording, Story

BENEFIT_CLAIM, JOB_SEARCH, BLUE_BADGE, MISSED_BIN = "benefit claim", "job search", "blue badge", "missed bin"
INCOME, RENT, EARNINGS, FIT_NOTE, ENROLMENT = (
    "proof of income",
    "rent letter",
    "proof of last earnings",
    "fit note",
    "proof of enrolment",
)

_CLAIM_BY = (("telephone", 0.45), ("visit", 0.3), ("web", 0.25))
_BRING_BY = (("web", 0.6), ("post", 0.4))
_RARE = (
    (TAX_OFFICE, EARNINGS, "telephone", 0.15),
    (HEALTH, FIT_NOTE, "visit", 0.12),
    (COLLEGE, ENROLMENT, "visit", 0.08),
)
"""Where else a paper has to be fetched: from whom, which, how, and of what share of claims."""


@dataclass(frozen=True, kw_only=True)
class Planted:
    """The causes that the worked example plants: all are probabilities, but for minutes, miles and working days.

    Of benefit claims:

    - `misdirected`: the customer first goes to a wrong organisation.
    - `held_at_jobcentre`: the Jobcentre has the proof of income, given when signing on.
    - `asked_again`, `asked_again_later`: the council asks for it all the same, before and from the day of sharing.
    - `brought_at_once`: the customer has what is asked for at hand.
    - `visits_to_bring`: who has not, and was asked again, makes a visit for nothing but to bring it.
    - `rents`, `sent_back`: a letter from the housing association is needed; it sends the customer back for a form.
    - `unclear_letter`: the council's letter about what is missing has to be asked about.
    - `told_when`: a date is promised, `promised_days` working days on.
    - `chases_after_due`, `chases_before_due`, `chases_without_promise`: on a working day between claim and decision
      the customer chases, after the promised day, up to it, or when nothing was promised.
    - `decided_at_once`: a claim for which nothing has to be brought is decided in the contact itself.

    Of all contacts: `minutes` by channel, `travel_minutes` and `travel_miles` of a visit, all means; an avoidable
    contact is named as such by the adviser (`adviser_sees`) and by the customer (`customer_sees`), who is asked in
    `customer_asked` of contacts.
    """

    misdirected: float = 0.2
    held_at_jobcentre: float = 0.65
    asked_again: float = 0.92
    asked_again_later: float = 0.12
    brought_at_once: float = 0.2
    visits_to_bring: float = 0.55
    rents: float = 0.37
    sent_back: float = 0.3
    unclear_letter: float = 0.2
    told_when: float = 0.85
    promised_days: int = 10
    chases_after_due: float = 0.09
    chases_before_due: float = 0.015
    chases_without_promise: float = 0.05
    decided_at_once: float = 0.35
    minutes: Mapping[str, float] = field(
        default_factory=lambda: {"telephone": 16.0, "visit": 42.0, "web": 22.0, "post": 9.0}
    )
    travel_minutes: float = 38.0
    travel_miles: float = 3.6
    adviser_sees: float = 0.65
    customer_sees: float = 0.9
    customer_asked: float = 0.08

    @property
    def recording(self) -> Recording:
        """How contacts are noted."""
        return Recording(
            minutes=self.minutes,
            travel_minutes=self.travel_minutes,
            travel_miles=self.travel_miles,
            adviser_sees=self.adviser_sees,
            customer_sees=self.customer_sees,
            customer_asked=self.customer_asked,
        )


class Claim:
    """One benefit claim from losing a job to the decision; `shares_from` is the day number of the change."""

    def __init__(self, place: Place, planted: Planted, shares_from: int, number: int, chance: Random) -> None:
        self.planted, self.shares_from, self.place, self.chance = planted, shares_from, place, chance
        self.story = Story(place, planted.recording, BENEFIT_CLAIM, chance)
        self.reference = f"BEN-{number:05}"
        self.is_held = self.story.happens(planted.held_at_jobcentre)

    def told(self) -> Story:
        """The whole story, as if the log went on for ever."""
        day = self._before()
        channel = self._channel(_CLAIM_BY)
        day = self.place.open_day(COUNCIL, channel, day)
        wanted = self._wanted(day)
        at_hand = [each for each in wanted if self.story.happens(self.planted.brought_at_once)]
        missing = [each for each in wanted if each not in at_hand]
        rents = self.story.happens(self.planted.rents)
        elsewhere = self._elsewhere()
        is_decided = not (missing or rents or elsewhere) and self.story.happens(self.planted.decided_at_once)
        is_promised = not is_decided and self.story.happens(self.planted.told_when)
        due = self.place.working_day(day, self.planted.promised_days) if is_promised else None
        asked = ["name", "address", *wanted, *(item for _, item, _ in elsewhere), *([RENT] if rents else [])]
        self.story.note(
            day, COUNCIL, channel, Kind.NEW_NEED, "Claims benefit", asked=asked, given=["name", "address", *at_hand],
            held=[(EARNINGS, TAX_OFFICE)] if EARNINGS in asked else (),
            team="Customer services", reference=self.reference, resolved=is_decided, completed=is_decided,
            due=None if due is None else self.place.end_of_day(due) * MICROSECONDS,
        )  # fmt: skip
        if is_decided:
            return self.story
        last = max([day, *self._papers(day, missing, elsewhere), *([self._rent(day)] if rents else [])])
        self._decision(day, due, last)
        return self.story

    # --- before the claim --------------------------------------------------------------------------------------

    def _before(self) -> int:
        """Signing on, a wrong door, or help with the form; the answer is the day on which the council is found."""
        story = self.story
        day = self.place.some_day(self.chance)
        self._sign_on(day - self.chance.randint(6, 20))  # a holiday may put it off by a few days
        if story.happens(self.planted.misdirected):
            body = self.chance.choices((JOBCENTRE, TAX_OFFICE, ADVICE, HOUSING), (5, 3, 1, 1))[0]
            channel = self.chance.choice(("telephone", "visit"))
            went = story.note(
                day, body, channel, Kind.MISDIRECTED, "Comes to the wrong place", handed_to=COUNCIL, completed=None
            )
            return self.place.working_day(went, self.chance.randint(1, 4))
        if story.happens(0.1):
            went = story.note(
                day, ADVICE, "visit", Kind.APPOINTMENT, "Gets help with the form", asked=["name"], given=["name"],
                resolved=True, completed=None,
            )  # fmt: skip
            return self.place.working_day(went, self.chance.randint(1, 3))
        return day

    def _sign_on(self, day: int) -> None:
        """Signing on at the Jobcentre, where the two halves of the visit are noted at the same instant."""
        if not self.is_held:
            return
        items = ["name", "address", INCOME]
        day = self.place.open_day(JOBCENTRE, "visit", day)
        at = self.place.moment(JOBCENTRE, "visit", day, self.chance)
        self.story.note(
            day, JOBCENTRE, "visit", Kind.NEW_NEED, "Signs on", asked=items, given=items, at=at,
            need=JOB_SEARCH, team="Front desk", resolved=True,
        )  # fmt: skip
        if self.story.happens(0.35):
            self.story.note(
                day, JOBCENTRE, "visit", Kind.APPOINTMENT, "Work interview", at=at, sequence=1, need=JOB_SEARCH,
                team="Work coaches", resolved=True, completed=True, travel_minutes=0.0, travel_miles=0.0,
            )  # fmt: skip

    # --- what is wanted ----------------------------------------------------------------------------------------

    def _wanted(self, day: int) -> list[str]:
        """The proof of income, unless the Jobcentre's is used."""
        planted = self.planted
        asks = planted.asked_again_later if day >= self.shares_from else planted.asked_again
        return [INCOME] if not self.is_held or self.story.happens(asks) else []

    def _elsewhere(self) -> list[tuple[str, str, str]]:
        """What else has to be fetched, as (organisation, item, channel)."""
        return [(body, item, channel) for body, item, channel, often in _RARE if self.story.happens(often)]

    def _papers(self, day: int, missing: list[str], elsewhere: list[tuple[str, str, str]]) -> list[int]:
        """The letter, its question, the ways to other offices, and bringing it; the answers are days."""
        story, days = self.story, []
        if missing and story.happens(self.planted.unclear_letter):
            asks = self.place.working_day(day, self.chance.randint(1, 3))
            story.note(
                asks, COUNCIL, "telephone", Kind.CLARIFICATION, "Asks what a letter means", quoting=self._quoting(),
                team="Customer services", resolved=True,
            )  # fmt: skip
        for body, item, channel in elsewhere:
            went = self.place.working_day(day, self.chance.randint(1, 6))
            went = story.note(
                went, body, channel, Kind.INFORMATION_GIVEN, f"Fetches a {item}", asked=["name"],
                given=["name"], resolved=True, completed=None,
            )  # fmt: skip
            days.append(went)
        if missing:
            days.append(self._brings(self.place.working_day(day, self.chance.randint(3, 11))))
        return days

    def _brings(self, day: int) -> int:
        """The customer brings the proof of income: in person for nothing else, or sends it."""
        quoting = self._quoting()
        if self.story.happens(self.planted.visits_to_bring):
            return self.story.note(
                day, COUNCIL, "visit", Kind.VISIT, "Brings a paper", given=[INCOME], avoidable=self.is_held,
                team="Customer services", quoting=quoting,
            )  # fmt: skip
        kind = Kind.REPEAT if self.is_held else Kind.INFORMATION_GIVEN
        return self.story.note(
            day, COUNCIL, self._channel(_BRING_BY), kind, "Sends a paper", given=[INCOME],
            team="Customer services", quoting=quoting,
        )  # fmt: skip

    def _rent(self, day: int) -> int:
        """The housing association's letter, with or without being sent back for a form."""
        story, place, asked = self.story, self.place, ["name", "address"]
        day = place.working_day(day, self.chance.randint(1, 5))
        is_sent_back = story.happens(self.planted.sent_back)
        quoting: dict[str, Value] = {"follows": f"{COUNCIL}/{self.reference}"} if story.happens(0.5) else {}
        day = story.note(
            day, HOUSING, "telephone", Kind.HAND_OVER if is_sent_back else Kind.INFORMATION_GIVEN,
            "Asks for a rent letter", asked=asked, given=asked, handed_to=COUNCIL if is_sent_back else None,
            resolved=not is_sent_back, completed=None, avoidable=is_sent_back, quoting=quoting,
        )  # fmt: skip
        if not is_sent_back:
            return day
        day = story.note(
            place.working_day(day, self.chance.randint(1, 3)), COUNCIL, "visit", Kind.HAND_OVER, "Asks for a form",
            handed_to=HOUSING, team="Benefits", avoidable=True, quoting=self._quoting(),
        )  # fmt: skip
        return story.note(
            place.working_day(day, self.chance.randint(1, 3)), HOUSING, "visit", Kind.INFORMATION_GIVEN,
            "Gets the rent letter", given=["council's form"], resolved=True, completed=None,
        )  # fmt: skip

    # --- the decision ------------------------------------------------------------------------------------------

    def _decision(self, claimed: int, due: int | None, last: int) -> None:
        """Working days until the decision, on each of which the customer may chase."""
        decided = self.place.working_day(last, 3 + min(int(self.chance.expovariate(1 / 4)), 25))
        planted, day = self.planted, claimed
        while (day := self.place.working_day(day, 1)) < decided:
            likely = planted.chases_after_due
            if due is None:
                likely = planted.chases_without_promise
            elif day <= due:
                likely = planted.chases_before_due
            if self.story.happens(likely):
                self.story.note(
                    day, COUNCIL, "telephone", Kind.CHASE, "Asks how far it is", team="Customer services",
                    quoting=self._quoting(),
                )  # fmt: skip
        self.story.note(
            decided, COUNCIL, self.chance.choice(("telephone", "post")), Kind.OUTCOME, "Is told the decision",
            team="Benefits", follows=self.reference, reference=self.reference, resolved=True, completed=True,
        )  # fmt: skip

    def _quoting(self) -> dict[str, Value]:
        """The claim's number, which most people quote; of a few who do, nobody notes who they are."""
        if not self.story.happens(0.8):
            return {}
        return {"follows": self.reference, **({"subject": None} if self.story.happens(0.03) else {})}

    def _channel(self, ways: tuple[tuple[str, float], ...]) -> str:
        return self.chance.choices([way for way, _ in ways], [often for _, often in ways])[0]


def blue_badge(place: Place, planted: Planted, chance: Random) -> Story:
    """An application for a blue badge: form, photograph, a letter from the health centre, chases, the badge."""
    story = Story(place, planted.recording, BLUE_BADGE, chance)
    day = story.note(
        place.some_day(chance), COUNCIL, chance.choice(("web", "telephone", "visit")), Kind.NEW_NEED,
        "Applies for a badge", asked=["name", "address", "photograph"], given=["name", "address"],
        team="Customer services",
    )  # fmt: skip
    if story.happens(0.6):
        day = story.note(
            place.working_day(day, chance.randint(2, 8)), HEALTH, "visit", Kind.APPOINTMENT, "Fetches a letter",
            asked=["name"], given=["name"], resolved=True, completed=None,
        )  # fmt: skip
    for _ in range(3):
        if story.happens(0.3):
            day = story.note(
                place.working_day(day, chance.randint(4, 9)), COUNCIL, "telephone", Kind.CHASE, "Asks how far it is",
                team="Customer services",
            )  # fmt: skip
    story.note(
        place.working_day(day, chance.randint(3, 12)), COUNCIL, "post", Kind.OUTCOME, "Gets the badge",
        team="Customer services", resolved=True, completed=True,
    )  # fmt: skip
    return story


def missed_bin(place: Place, planted: Planted, chance: Random) -> Story:
    """A bin that was not emptied: reported, and reported again when nobody came."""
    story = Story(place, planted.recording, MISSED_BIN, chance)
    day, channel = place.some_day(chance), chance.choice(("web", "telephone"))
    is_emptied = story.happens(0.7)
    day = story.note(
        day, COUNCIL, channel, Kind.NEW_NEED, "Reports a bin", asked=["address"], given=["address"],
        team="Customer services", resolved=is_emptied, completed=is_emptied,
    )  # fmt: skip
    if not is_emptied:
        story.note(
            place.working_day(day, chance.randint(2, 4)), COUNCIL, "telephone", Kind.CHASE, "Reports it again",
            asked=["address"], given=["address"], team="Customer services", resolved=True, completed=True,
        )  # fmt: skip
    return story
