"""The year as it goes by: everybody acts at their instants, and Makegood notices, tells and seals in between."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.cases.events import Resident
from makegood.rooms.counter.actions import report as report_online
from makegood.rooms.journal.actions import READERS, ROUNDS, deliver, seal
from makegood.rooms.journal.events import SYSTEM, VISITOR, Actor, By, Who
from makegood.rooms.messages.actions import send_waiting
from makegood.rooms.people.actions import add_person, add_team
from makegood.rooms.places.actions import load_places
from makegood.rooms.places.events import Address, Place, Ward
from makegood.rooms.pledges.actions import publish_pledge
from makegood.rooms.pledges.queries import in_force, judging
from makegood.rooms.remedies import queries as remedy_queries
from makegood.rooms.remedies.actions import add_shop
from makegood.rooms.services.actions import publish_service
from makegood.schemes import CALENDARS

from . import plan
from .pictures import picture
from .plan import PLACE, ZONE, Report, Somebody

Story = Iterator[datetime]
"""What somebody does: at each instant that it asks for it goes on; what is beyond the end does not happen."""

NEW_TEXT = date(2026, 4, 1)
"""The day from which the missed bin's promise is the better one."""
_ROUND = timedelta(minutes=30)
"""How long a mail waits at most for its turn, so that not every step has a round of its own."""


def holidays() -> frozenset[date]:
    """The bank holidays of the year, as the promises' own calendar has them."""
    calendar, day, found = CALENDARS["england-and-wales"], plan.BEGINS, set()
    while day <= plan.ENDS.date():
        noon = int(datetime.combine(day, datetime.min.time(), UTC).timestamp()) + 12 * 3600
        if day.weekday() < 5 and calendar.add_service(noon, 0) != noon:
            found.add(day)
        day += timedelta(days=1)
    return frozenset(found)


class World:
    """The place with its people, and the queue of what is to come. `planted` are references by what they show."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.holidays = tuple(sorted(holidays()))
        self.staff: dict[str, Actor] = {}
        self.planted: dict[str, list[str]] = {}
        self.counted: Counter[str] = Counter()
        self._queue: list[tuple[datetime, int, Story]] = []
        self.recent: dict[tuple[str, str], tuple[datetime, str]] = {}
        self._order = count()
        self._unheard: set[int] = set()
        self._last_round = at

    # --- the place

    def furnish(self) -> None:
        """Make the place: people, teams, addresses, promises, services, shops."""
        told = plan.place()
        body = told["organisation"]
        for code, name in told["teams"].items():
            add_team(self._by(SYSTEM), code=code, name=name, organisation=body["code"], organisation_name=body["name"])
        for person in told["people"]:
            self._employ(person)
        load_places(
            self._by(SYSTEM),
            wards=[Ward(code=code, name=name) for code, name in told["wards"].items()],
            addresses=[
                Address(id=home.id, line=f"{home.line}, Anyborough", postcode=home.postcode, ward=home.ward)
                for home in plan.homes()
            ],
        )
        for name in ("missed-bin", "street-light", "damp-repair"):
            self._publish(name)
        for code, name in told["shops"].items():
            add_shop(self._by(self.staff["Mina"]), code=code, name=name)

    def _employ(self, person: dict[str, object]) -> None:
        first = str(person["name"]).split()[0]
        mail = str(person["name"]).lower().replace(" ", ".") + "@anyborough.example"
        roles, teams = (list(person.get(each, ())) for each in ("roles", "teams"))  # type: ignore[call-overload]
        pence = int(str(person.get("discretion", 0)))
        number = add_person(
            self._by(SYSTEM), email=mail, name=str(person["name"]), roles=roles, teams=teams, discretion_pence=pence
        )
        self.staff[first] = Actor(
            who=Who.STAFF, id=number, name=str(person["name"]), roles=frozenset(roles), teams=frozenset(teams)
        )

    def _publish(self, name: str) -> None:
        earlier, text = PLACE / "earlier" / f"{name}.yaml", (PLACE / "pledges" / f"{name}.yaml").read_text("utf-8")
        improved = earlier.exists() and self.at.date() < NEW_TEXT
        publish_pledge(self._by(self.staff["Mina"]), text=earlier.read_text("utf-8") if improved else text)
        if improved:
            publish_pledge(self._by(self.staff["Mina"], "More for a bin that stays."), text=text, valid_from=NEW_TEXT)
        pledge, _ = judging(in_force(name, self.at).id)
        publish_service(
            self._by(self.staff["Mina"]),
            text=(PLACE / "services" / f"{name}.yaml").read_text("utf-8"),
            facts=frozenset(pledge.facts),
            details=frozenset(pledge.details),
        )

    def _by(self, actor: Actor, reason: str = "") -> By:
        return By(actor=actor, reason=reason, at=self.at)

    # --- time

    def begin(self, at: datetime, story: Story) -> None:
        """Let a story begin at an instant."""
        if at < plan.ENDS:
            heapq.heappush(self._queue, (at.astimezone(UTC), next(self._order), story))

    def run(self, tell: Callable[[datetime], object] = lambda at: None) -> None:
        """Let the year go by, to its end."""
        while self._queue:
            at, _, story = heapq.heappop(self._queue)
            self._let_pass(at)
            self.at = at
            if id(story) in self._unheard:
                self.hear()
            following = next(story, None)
            self._unheard.add(id(story))
            if following is not None:
                self.begin(max(following, self.at + timedelta(seconds=1)), story)
            tell(at)
        self._let_pass(plan.ENDS.astimezone(UTC))
        self.at = plan.ENDS.astimezone(UTC)
        self._round()

    def _let_pass(self, until: datetime) -> None:
        """What Makegood does by itself before an instant: each thing when it falls due."""
        looked_at: Counter[datetime] = Counter()
        while True:
            due = [each for each in (case_queries.next_wake(), remedy_queries.next_wake()) if each is not None]
            first = min(due, default=until)
            morning = _next_morning(self._last_round)
            if min(first, morning) >= until:
                break
            looked_at[first] += first <= self.at
            if looked_at[first] > 3:
                raise RuntimeError(f"What fell due at {first} was looked at, and falls due then still")
            self.at = max(self.at, min(first, morning))
            self._round()
        if until - self._last_round >= _ROUND:
            self._round()

    def _round(self) -> None:
        for name in ("cases.notice", "remedies.wake"):
            while ROUNDS[name](self.at):
                pass
        self.send()
        self._last_round = self.at

    def send(self) -> None:
        """Tell what there is to tell, in sending hours."""
        self.hear()
        while send_waiting(self.at, seconds=60):
            pass

    def hear(self) -> None:
        """Let every reader hear what was said."""
        for name in READERS:
            while deliver(name):
                pass
        self._unheard.clear()

    def seal(self) -> None:
        """Chain every entry of the journal."""
        while seal():
            pass


def _next_morning(at: datetime) -> datetime:
    local = at.astimezone(ZONE)
    day = local.date() if local.hour < 8 else local.date() + timedelta(days=1)
    return datetime.combine(day, datetime.min.time(), ZONE).replace(hour=8).astimezone(UTC)


class Hand:
    """One case in the hands of those who deal with it: says who acts on what, at the world's instant."""

    def __init__(self, world: World, report: Report) -> None:
        self.world, self.report = world, report
        self.chance = random.Random(f"story {report.seed}")
        self.reference = ""

    @property
    def at(self) -> datetime:
        """The instant at which the story is."""
        return self.world.at

    @property
    def resident(self) -> Actor:
        """Whoever holds the private link of the case."""
        number = str(case_queries.case_of(self.reference).number)
        return Actor(who=Who.RESIDENT, id=number, case=self.reference)

    def staff(self, name: str, reason: str = "") -> By:
        """By a member of staff, known by the first name."""
        return By(actor=self.world.staff[name], reason=reason, at=self.at)

    def hers(self) -> By:
        """By the resident."""
        return By(actor=self.resident, at=self.at)

    def luck(self, share: float) -> bool:
        """True in so many cases of one."""
        return self.chance.random() < share

    def is_called_in(self) -> bool:
        """Whether somebody calls about it, in office hours."""
        local = self.at.astimezone(ZONE)
        return plan.works_on(local.date(), self.world.holidays) and 9 <= local.hour < 17 and self.luck(0.3)

    def open(
        self, answers: dict[str, str], words: str = "", *, photo: bytes = b"", same_as: tuple[str, ...] = ()
    ) -> None:
        """Report it: online, or by telephone."""
        who = self.report.by
        place = Place(words=who.home.line, address=who.home.id, ward=who.home.ward)
        told = {"answers": answers, "words": words, "place": place, "resident": _resident(who)}
        same_as = same_as or self._same_as_a_neighbour()
        if not photo and self.luck(0.02):
            photo = picture(self.report.service, self.chance)
        if not photo and not same_as and (who.wants == "phone" or self.is_called_in()):
            by = self.staff("Ada")
            opened = cases.open_case(by, service_code=self.report.service, **told)  # type: ignore[arg-type]
            self.reference = str(opened["reference"])
            cases.log_contact(by, case=self.reference, channel="telephone", reason="needed", resolved=False)
        else:
            by = By(actor=VISITOR, at=self.at)
            opened = report_online(by, service=self.report.service, photo=photo, same_as=same_as, **told)  # type: ignore[arg-type]
            self.reference = str(opened["reference"])
        self.plant(self.report.role)
        if same_as:
            self.plant("same as another")
            self.count("same as another")
        self.world.recent[self.report.service, who.home.postcode] = (self.at, self.reference)

    def _same_as_a_neighbour(self) -> tuple[str, ...]:
        """What a neighbour reported a short while ago, which online is offered as the same; some say that it is."""
        at, reference = self.world.recent.get((self.report.service, self.report.by.home.postcode), (None, ""))
        near = at is not None and self.at - at < timedelta(days=2) and self.report.service != "damp-repair"
        return (reference,) if near and self.luck(0.5) else ()

    def plant(self, what: str) -> None:
        """Remember the case for what it shows."""
        if what:
            self.world.planted.setdefault(what, []).append(self.reference)

    def work(self, days: int, first: int = 8, last: int = 16, *, since: datetime | None = None) -> datetime:
        """An instant of the so-manieth working day from now (or from `since`), in working hours and still to come."""
        start = since or self.at
        at = plan.at_work(self.chance, plan.working_day_after(start, days, self.world.holidays), first, last)
        if at <= self.at:
            at = plan.at_work(self.chance, plan.working_day_after(self.at, 1, self.world.holidays), first, last)
        return at

    def soon(self, hours: float) -> datetime:
        """An instant about so many hours from now at which offices work: if need be on the next working day."""
        at = self.later(hours)
        local = at.astimezone(ZONE)
        if plan.works_on(local.date(), self.world.holidays) and 8 <= local.hour < 18:
            return at
        return self.work(0 if local.hour < 8 else 1, 8, 11, since=at)

    def later(self, hours: float) -> datetime:
        """An instant about so many hours from now."""
        return self.at + timedelta(seconds=int(hours * 3600 * self.chance.uniform(0.6, 1.4)))

    def count(self, what: str) -> None:
        """Count what was planted, for the dump's manifest."""
        self.world.counted[what] += 1


def _resident(who: Somebody) -> Resident:
    post = who.post if who.wants == "letter" else ""
    return Resident(name=who.name, email=who.email, phone=who.phone, post=post, wants=who.wants)
