"""What becomes of street lights and of damp homes, and what the office does on its days."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.journal.events import By
from makegood.rooms.messages.actions import mark_printed
from makegood.rooms.messages.queries import letters_to_print
from makegood.rooms.remedies import actions as remedies
from makegood.rooms.remedies import queries as remedy_queries

from . import plan
from .acting import Hand, Story, World
from .plan import ZONE
from .stories import after_remedies, ask_and_wait, chase, end, finish, hand_to

_DAY = timedelta(days=1)


# --- street lights ---------------------------------------------------------------------------------------------------


def street_light(hand: Hand) -> Story:
    """A light that is out, flickers or is damaged."""
    danger = hand.luck(0.07)
    problem = "damaged" if danger else hand.chance.choices(("out", "flickers", "day"), (70, 20, 10))[0]
    answers = {"danger": "yes" if danger else "no", "problem": problem}
    if problem == "damaged":
        answers["what_else"] = "The door of the post hangs open and I can see wires."
    if hand.luck(0.5):
        answers["post_number"] = f"{hand.report.by.home.ward[:2].upper()}{hand.chance.randrange(10, 99)}"
    hand.open(answers)
    opened = hand.at
    if hand.luck(0.92):
        yield hand.work(hand.chance.choice((0, 1, 1, 2)), since=opened)
        cases.record_fact(hand.staff("Amber"), case=hand.reference, fact="update_sent")
        cases.write_to_resident(hand.staff("Amber"), case=hand.reference, words=hand.chance.choice(_NEWS))
    ways: dict[Callable[[Hand, datetime, bool], Story], int] = {
        _light_kept: 66,
        _light_late: 14,
        _light_cable: 7,
        _light_no_fault: 6,
        _light_asked: 3,
        _light_passed_on: 3,
        _light_not_ours: 1,
    }
    yield from hand.chance.choices(list(ways), list(ways.values()))[0](hand, opened, danger)


_NEWS = (
    "We have looked at your report and our crew has it for this week.",
    "The crew has been there. A new lamp is on its way.",
    "We know of this light. The part is in our store, and the crew comes in the next days.",
)


def _mend(hand: Hand, days: int, opened: datetime) -> Story:
    yield hand.work(days, 8, 17, since=opened)
    cases.record_fact(hand.staff("Cleo"), case=hand.reference, fact="light_repaired")
    yield from finish(hand, "mended", "Amber")


def _light_kept(hand: Hand, opened: datetime, danger: bool) -> Story:
    yield from _mend(hand, 1 if danger else hand.chance.choice((2, 3, 4, 5, 6)), opened)


def _light_late(hand: Hand, opened: datetime, danger: bool) -> Story:
    limit = 1 if danger else 7
    late = hand.chance.choices((1, 2, 4, 8, 15), (35, 25, 20, 12, 8))[0]
    yield hand.work(limit + 1, since=opened)
    if hand.luck(0.4):
        chase(hand)
    yield from _mend(hand, limit + late + 1, opened)
    yield from after_remedies(hand)


def _light_cable(hand: Hand, opened: datetime, danger: bool) -> Story:
    del danger
    yield hand.work(hand.chance.choice((1, 3, 9)), since=opened)
    job = f"electricity company’s job number {hand.chance.randrange(10_000, 99_999)}"
    cases.exempt(hand.staff("Olu"), case=hand.reference, fact="cable_fault_found", evidence=f"The {job}.")
    hand.plant("exempt")
    hand.count("exempt")
    yield hand.work(1)
    end(hand, "passed-on", "Amber")


def _light_no_fault(hand: Hand, opened: datetime, danger: bool) -> Story:
    del danger
    yield hand.work(2, since=opened)
    end(hand, "no-fault", "Amber")


def _light_not_ours(hand: Hand, opened: datetime, danger: bool) -> Story:
    del danger
    yield hand.work(1, since=opened)
    end(hand, "not-ours", "Amber")


def _light_asked(hand: Hand, opened: datetime, danger: bool) -> Story:
    if not danger:
        yield hand.soon(3)
        yield from ask_and_wait(
            hand,
            "Amber",
            "There are three lights in this part of the street, and all were on when we came.",
            "Please tell us the number on the post, or the nearest door.",
            "It is the one in front of the green door.",
        )
    yield from _mend(hand, 1, hand.at)
    yield from after_remedies(hand)


def _light_passed_on(hand: Hand, opened: datetime, danger: bool) -> Story:
    del danger
    yield hand.work(1, since=opened)
    takes = hand.luck(0.6)
    yield from hand_to(
        hand,
        "repairs",
        "This light stands in the yard of our flats.",
        "Amber",
        "Ansel",
        takes=takes,
        why="The yard was given to the highways years ago; the light is on your list.",
    )
    yield from _mend(hand, hand.chance.choice((3, 5, 8)), opened)
    yield from after_remedies(hand)


# --- damp homes ------------------------------------------------------------------------------------------------------


def damp_repair(hand: Hand) -> Story:
    """Damp or mould in a council home."""
    hazard = hand.chance.choices(("emergency", "serious", "small"), (8, 45, 47))[0]
    answers = {
        "hazard": hazard,
        "rooms": hand.chance.choice(("The bathroom", "The back bedroom", "The kitchen and the hall")),
        "water": "yes" if hazard == "emergency" else "no",
        "visit": hand.chance.choice(("morning", "afternoon", "any")),
    }
    if hazard == "emergency":
        answers["water_where"] = "Through the ceiling, near the light."
    hand.open(answers)
    opened = hand.at
    if hazard == "emergency":
        yield hand.later(hand.chance.choices((5, 14, 34, 60), (45, 35, 12, 8))[0])
        cases.record_fact(hand.staff("Cyril"), case=hand.reference, fact="made_safe")
    if hand.luck(0.06):
        yield from _no_access(hand, opened)
        return
    if hand.luck(0.08):
        yield hand.work(1)
        if not case_queries.breaches_of(hand.reference):
            yield from ask_and_wait(
                hand,
                "Ansel",
                "We need to know when somebody is at home.",
                "Please give us two days in the next week on which we can come.",
                "Tuesday or Thursday, in the morning.",
            )
    yield hand.work(hand.chance.choices((3, 6, 8, 10, 13, 18), (20, 30, 20, 15, 10, 5))[0], since=opened)
    cases.record_fact(hand.staff("Cyril"), case=hand.reference, fact="investigated")
    if hand.luck(0.05):
        yield hand.work(1)
        end(hand, "refused" if hand.luck(0.5) else "not-our-home", "Ansel")
        return
    limit = 40 if hazard == "small" else 20
    yield hand.work(int(limit * hand.chance.choices((0.5, 0.8, 0.95, 1.2, 1.6), (25, 30, 25, 13, 7))[0]), since=opened)
    cases.record_fact(hand.staff("Cyril"), case=hand.reference, fact="works_done")
    yield from finish(hand, "repaired", "Ansel")
    yield from after_remedies(hand)


def _no_access(hand: Hand, opened: datetime) -> Story:
    yield hand.work(3, since=opened)
    evidence = "A card was left at 10:20, with a photograph of the door."
    cases.exempt(hand.staff("Orla"), case=hand.reference, fact="no_access", evidence=evidence)
    hand.plant("exempt")
    hand.count("exempt")
    yield hand.work(hand.chance.choice((12, 25)), since=opened)
    cases.record_fact(hand.staff("Cyril"), case=hand.reference, fact="works_done")
    yield from finish(hand, "repaired", "Ansel")


# --- the office ------------------------------------------------------------------------------------------------------

_LAST_PRINTED = plan.ENDS - 2 * _DAY
_TASK_WORDS = {
    "enquiry": "We looked into it. The crew’s list had been printed before your report came in. It is now made afresh "
    "each morning, so that this does not happen again.",
    "support": "We brought you a heater and a dehumidifier, and they stay until the work is done.",
}


def office(world: World, seed: int, begins: date) -> Story:
    """Each working day letters are posted, money is paid and what people have to do is done, mostly in time."""
    chance = random.Random(f"office {seed}")
    day = begins
    while day <= plan.ENDS.date():
        if plan.works_on(day, world.holidays):
            yield datetime.combine(day, time(15, 10), ZONE)
            if world.at < _LAST_PRINTED:
                _post_letters(world)
            _do_tasks(world, chance)
            if day.weekday() in (1, 4):
                _pay(world, chance)
        day += _DAY


def _post_letters(world: World) -> None:
    numbers = [letter.id for letter in letters_to_print()]
    if numbers:
        mark_printed(By(actor=world.staff["Ada"], at=world.at), messages=numbers)


def _do_tasks(world: World, chance: random.Random) -> None:
    for team, name in (("waste", "Asif"), ("lighting", "Amber"), ("repairs", "Ansel")):
        for task in remedy_queries.tasks_of(team, world.at):
            soon = 0.6 if task.kind == "support" else 0.14
            if chance.random() < soon:
                words = _TASK_WORDS.get(task.kind, "We called you, said sorry and told you what went wrong.")
                remedies.finish_task(By(actor=world.staff[name], at=world.at), remedy=task.remedy, words=words)


def _pay(world: World, chance: random.Random) -> None:
    for owed in remedy_queries.to_pay(world.at):
        if owed.amount > 0 and chance.random() < 0.8:
            mark = f"BACS {chance.randrange(100_000, 999_999)}"
            remedies.settle_remedy(By(actor=world.staff["Orla"], at=world.at), remedy=owed.remedy, how=mark)
            world.counted["paid"] += 1
