"""Cases that are there to be looked at: one of everything, in the last days before the demonstration opens."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from makegood.rooms.cases import actions as cases

from . import plan
from .acting import Hand, Story, World
from .pictures import picture
from .plan import ENDS, ZONE, Home, Report, Somebody
from .stories import ask_and_wait

_BIN = {"bin": "recycling", "collection_date": "2026-11-16", "tag": "no"}


def plant(world: World) -> int:
    """Let each planted story begin; how many there are."""
    for number, (name, service, at, how) in enumerate(_PLANTED):
        report = Report(number=-number, at=at, service=service, by=_somebody(number, name), seed=number, role=name)
        world.begin(at, how(Hand(world, report)))
    return len(_PLANTED)


def _somebody(number: int, role: str) -> Somebody:
    home = plan.homes()[number * 7 % len(plan.homes())]
    wants = "letter" if role == "a letter to print" else "email"
    name, mail = _NAMES.get(role, (f"Sam {plan.place()['residents']['last'][number]}", ""))
    mail = mail or name.lower().replace(" ", ".") + ".demo@anyborough.example"
    home = Home(id=home.id, line=home.line, postcode=home.postcode, ward=home.ward)
    return Somebody(name=name, email=mail, phone="01632 960555", home=home, wants=wants)


_NAMES = {
    "breaks at 6pm today": ("Rosa Fable", "rosa.fable@anyborough.example"),
    "a mail that may not have gone out": ("Dylan Cutoff", "cut-off@anyborough.example"),
    "a mail that could not be delivered": ("Nia Gone", "gone-away@anyborough.example"),
}


# --- the stories -----------------------------------------------------------------------------------------------------


def _about_to_break(hand: Hand) -> Story:
    hand.open(_BIN, "The whole bin is still full.", photo=picture("missed-bin", random.Random(1)))
    yield hand.at + timedelta(hours=1)
    cases.take_case(hand.staff("Asif"), case=hand.reference)
    yield datetime(2026, 11, 18, 16, 40, tzinfo=ZONE)
    cases.write_from_resident(hand.hers(), case=hand.reference, words="The lorry drove past this morning again.")


def _growing(hand: Hand) -> Story:
    hand.open(_BIN | {"collection_date": "2026-11-10"})
    yield hand.at + timedelta(hours=2)
    cases.take_case(hand.staff("Asif"), case=hand.reference)


def _left_alone(answers: dict[str, str]) -> Callable[[Hand], Story]:
    def story(hand: Hand) -> Story:
        hand.open(answers)
        yield ENDS

    return story


def _waiting(hand: Hand) -> Story:
    hand.open({"danger": "no", "problem": "flickers"})
    yield hand.work(1)
    yield from ask_and_wait(
        hand,
        "Amber",
        "Two lights in this street have the same number.",
        "Please tell us the nearest house number.",
        "It is next to number 7.",
    )


def _choosing(hand: Hand) -> Story:
    hand.open(_DAMP)
    yield datetime(2026, 11, 18, 11, 5, tzinfo=ZONE)
    cases.record_fact(hand.staff("Cyril"), case=hand.reference, fact="investigated")


def _handing_over(hand: Hand) -> Story:
    hand.open({"danger": "no", "problem": "out"}, "The light is in the yard of the flats.")
    yield datetime(2026, 11, 19, 9, 20, tzinfo=ZONE)
    context = "This light stands in the yard of your flats. The resident is at home in the mornings."
    cases.hand_over(hand.staff("Amber"), case=hand.reference, team="repairs", context=context)


def _unread_after_closing(hand: Hand) -> Story:
    hand.open(_BIN | {"collection_date": "2026-11-12"})
    yield datetime(2026, 11, 16, 8, 12, tzinfo=ZONE)
    cases.close_case(hand.staff("Asif"), case=hand.reference, closing="emptied")
    yield datetime(2026, 11, 19, 7, 48, tzinfo=ZONE)
    cases.write_from_resident(hand.hers(), case=hand.reference, words="Can I have a second green bin?")


def _neighbours(hand: Hand) -> Story:
    hand.open({"danger": "no", "problem": "out", "how_many": "3"}, "All three lights by the school are out.")
    first = hand.reference
    yield hand.at + timedelta(minutes=55)
    other = Hand(hand.world, Report(number=0, at=hand.at, service="street-light", by=_somebody(15, ""), seed=40))
    other.open({"danger": "no", "problem": "out"}, same_as=(first,))
    other.plant("same as another")


_DAMP = {"hazard": "serious", "rooms": "The back bedroom", "water": "no", "visit": "morning"}
_DANGER = _DAMP | {"hazard": "emergency", "water": "yes", "water_where": "From the flat above", "visit": "any"}


def _at(day: int, hour: int, minute: int, month: int = 11) -> datetime:
    return datetime.combine(date(2026, month, day), datetime.min.time(), ZONE).replace(hour=hour, minute=minute)


_PLANTED: tuple[tuple[str, str, datetime, Callable[[Hand], Story]], ...] = (
    ("breaks at 6pm today", "missed-bin", _at(17, 9, 12), _about_to_break),
    ("a voucher that grows", "missed-bin", _at(11, 10, 3), _growing),
    ("broken since today", "street-light", _at(9, 19, 30), _left_alone({"danger": "no", "problem": "out"})),
    ("an emergency", "damp-repair", _at(19, 8, 20), _left_alone(_DANGER)),
    ("a remedy to choose", "damp-repair", _at(2, 9, 45), _choosing),
    ("waits for the resident", "street-light", _at(17, 16, 5), _waiting),
    ("offered to another team", "street-light", _at(18, 20, 11), _handing_over),
    ("wrote after closing", "missed-bin", _at(13, 8, 2), _unread_after_closing),
    ("a letter to print", "missed-bin", _at(18, 14, 30), _left_alone(_BIN)),
    ("two neighbours", "street-light", _at(18, 18, 40), _neighbours),
    ("a mail that may not have gone out", "missed-bin", _at(18, 11, 14), _left_alone(_BIN)),
    ("a mail that could not be delivered", "missed-bin", _at(18, 15, 51), _left_alone(_BIN)),
)
