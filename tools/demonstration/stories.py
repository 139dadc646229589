"""What becomes of a report, service by service: how it is dealt with, well or badly, and what people say to that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

from makegood.rooms.cases import actions as cases
from makegood.rooms.cases import queries as case_queries
from makegood.rooms.journal.events import Actor, By, Who
from makegood.rooms.remedies import actions as remedies
from makegood.rooms.remedies import queries as remedy_queries
from makegood.rooms.remedies.queries import RemedySeen

from . import plan
from .acting import Hand, Story
from .plan import ZONE

_DAY = timedelta(days=1)


# --- what several services have in common ----------------------------------------------------------------------------


def after_remedies(hand: Hand) -> Story:
    """What the resident does with what she gets: chooses, declines, has her voucher taken in a shop."""
    yield hand.later(30)
    choosing = next((each for each in _owed(hand) if each.may_choose), None)
    if choosing and hand.luck(0.6):
        kinds = [each.index for each in choosing.choices]
        remedies.choose_remedy(hand.hers(), remedy=choosing.id, choice=hand.chance.choice(kinds))
        hand.count("chosen")
    elif hand.luck(0.05):
        declined = next((each for each in _owed(hand) if each.may_decline and each.pays), None)
        if declined:
            remedies.decline_remedy(hand.hers(), remedy=declined.id)
            hand.plant("declined")
            hand.count("declined")
    yield hand.later(24 * hand.chance.randint(3, 25))
    shop = Actor(who=Who.SHOP, id=hand.chance.choice(sorted(plan.place()["shops"])))
    for each in _owed(hand):
        for voucher in each.vouchers:
            if voucher.state == "live" and hand.luck(0.6):
                remedies.redeem_voucher(By(actor=shop, at=hand.at), code=voucher.code)
                hand.plant("redeemed")
                hand.count("redeemed")


def _owed(hand: Hand) -> list[RemedySeen]:
    return remedy_queries.remedies_of(hand.reference, hand.at)


def chase(hand: Hand) -> None:
    """The resident calls or writes to ask how far it is."""
    if hand.luck(0.5):
        by, settled = hand.staff("Ada"), hand.luck(0.7)
        cases.log_contact(by, case=hand.reference, channel="telephone", reason="progress_chasing", resolved=settled)
    else:
        cases.write_from_resident(hand.hers(), case=hand.reference, words=hand.chance.choice(_CHASING))


_CHASING = (
    "Is there any news?",
    "It is still the same here. When will somebody come?",
    "I was told that it would be done by now.",
)


def ask_and_wait(hand: Hand, adviser: str, reason: str, needed: str, answer: str) -> Story:
    """The clock stops until she answers, or for as long as it may."""
    cases.pause_for_resident(hand.staff(adviser), case=hand.reference, reason=reason, needed=needed)
    hand.plant("paused")
    hand.count("paused")
    if hand.luck(0.88):
        yield hand.later(hand.chance.choice((3, 9, 26, 50)))
        cases.write_from_resident(hand.hers(), case=hand.reference, words=answer)
        yield hand.soon(2)
        cases.write_to_resident(hand.staff(adviser), case=hand.reference, words="Thank you, that is what we needed.")
    else:
        yield hand.at + 28 * _DAY + timedelta(hours=1)


def rate(hand: Hand) -> Story:
    """One question at the end, which some answer."""
    if hand.luck(0.35):
        yield hand.later(20)
        broken = bool(case_queries.breaches_of(hand.reference))
        score = hand.chance.choices((1, 2, 3, 4, 5), (20, 25, 25, 20, 10) if broken else (2, 5, 13, 40, 40))[0]
        cases.rate_ease(hand.hers(), case=hand.reference, score=score)


def add_something(hand: Hand, name: str) -> None:
    """Staff add to a remedy of their own judgement."""
    row = next((each for each in _owed(hand) if each.kind == "discretion" and each.most), None)
    if row:
        by = hand.staff(name, "It was the second time this month.")
        remedies.add_at_discretion(by, remedy=row.id, amount=Decimal(hand.chance.choice((3, 5, 8))))
        hand.plant("added by staff")
        hand.count("added by staff")


def end(hand: Hand, closing: str, adviser: str) -> None:
    """Close it, unless somebody has."""
    if case_queries.case_of(hand.reference).open:
        cases.close_case(hand.staff(adviser), case=hand.reference, closing=closing)
        hand.count(f"closed {closing}")


def finish(hand: Hand, closing: str, adviser: str) -> Story:
    """Close it as done; some find that it is not."""
    yield hand.soon(3)
    end(hand, closing, adviser)
    if hand.luck(0.03):
        yield hand.later(22)
        cases.say_not_fixed(hand.hers(), case=hand.reference, words="I am sorry, but it is not done.")
        hand.plant("not fixed")
        hand.count("reopened")
        yield hand.work(1)
        end(hand, closing, adviser)
    if hand.luck(0.02):
        yield hand.later(40)
        cases.write_from_resident(hand.hers(), case=hand.reference, words="Thank you. When do you come again?")
        hand.plant("wrote after closing")
    yield from rate(hand)


def hand_to(hand: Hand, team: str, context: str, asker: str, answerer: str, *, takes: bool, why: str = "") -> Story:
    """Ask another team; it takes the case or says why not."""
    asked = cases.hand_over(hand.staff(asker), case=hand.reference, team=team, context=context)
    yield hand.soon(4)
    if takes:
        cases.accept_hand_over(hand.staff(answerer), hand_over=asked)
        hand.plant("handed over")
        hand.count("handed over")
    else:
        cases.decline_hand_over(hand.staff(answerer), hand_over=asked, reason=why)
        hand.plant("declined to take")
        hand.count("declined to take")


# --- missed bins -----------------------------------------------------------------------------------------------------


def missed_bin(hand: Hand) -> Story:
    """A bin that was missed, or is said to have been."""
    local = hand.at.astimezone(ZONE)
    due = local.date() - _DAY * hand.chance.choice((0, 0, 1, 1, 1, 2))
    while due.weekday() > 4:
        due -= _DAY
    late_to_tell = hand.luck(0.03)
    answers = {
        "bin": hand.chance.choices(("rubbish", "recycling", "garden", "food"), (40, 33, 15, 12))[0],
        "collection_date": (due - 9 * _DAY if late_to_tell else due).isoformat(),
        "tag": "no",
    }
    hand.open(answers, hand.chance.choice(_BIN_WORDS))
    if hand.luck(0.6):
        yield hand.soon(1)
        cases.take_case(hand.staff("Asif"), case=hand.reference)
    yield from (_told_late if late_to_tell else _bin_way(hand, local))(hand)


def _bin_way(hand: Hand, local: datetime) -> Callable[[Hand], Story]:
    if plan.SNOW[0] - 2 * _DAY <= local.date() < plan.SNOW[1]:
        return _bin_in_snow
    ways: dict[Callable[[Hand], Story], int] = {
        _bin_kept: 68,
        _bin_late: 15,
        _bin_tagged: 5,
        _bin_asked: 4,
        _bin_corrected: 2,
        _bin_withdrawn: 2,
        _bin_not_ours: 1,
        _bin_passed_on: 2,
        _bin_never: 1,
    }
    return hand.chance.choices(list(ways), list(ways.values()))[0]


_BIN_WORDS = ("", "", "", "The whole street was missed.", "It stood out from 6am.", "Second time this month.")


def _told_late(hand: Hand) -> Story:
    yield hand.work(3)
    cases.record_fact(hand.staff("Cas"), case=hand.reference, fact="bin_collected")
    yield from finish(hand, "emptied", "Asif")


def _bin_kept(hand: Hand) -> Story:
    yield hand.work(hand.chance.choice((0, 1, 1, 2)), 7, 17)
    cases.record_fact(hand.staff("Cas"), case=hand.reference, fact="bin_collected")
    yield from finish(hand, "emptied", "Asif")


def _bin_late(hand: Hand) -> Story:
    opened = hand.at
    days = 2 + hand.chance.choices((1, 2, 3, 4, 5, 7), (42, 25, 14, 10, 5, 4))[0]
    if days > 4:
        yield hand.work(4, since=opened)
        chase(hand)
        if hand.luck(0.25):
            add_something(hand, "Asif")
    yield hand.work(days, 7, 15, since=opened)
    cases.record_fact(hand.staff("Cas"), case=hand.reference, fact="bin_collected")
    if hand.luck(0.15):
        _hand_over_voucher(hand, "Cas")
    yield from finish(hand, "emptied", "Asif")
    yield from after_remedies(hand)


def _hand_over_voucher(hand: Hand, crew: str) -> None:
    hand.world.hear()
    row = next((each for each in _owed(hand) if each.pays == "voucher" and each.amount > 0 and not each.grows), None)
    if row and row.state != "declined":
        remedies.give_voucher(hand.staff(crew), remedy=row.id)
        hand.plant("voucher on the spot")
        hand.count("voucher on the spot")


def _bin_in_snow(hand: Hand) -> Story:
    opened = hand.at
    if hand.luck(0.4):
        yield max(hand.work(1), datetime.combine(plan.SNOW[0], time(9), ZONE))
    else:  # decided only after the promise was broken
        yield max(hand.work(4), datetime.combine(plan.SNOW[1], time(11), ZONE))
    evidence = "Met Office amber warning for snow, 8 to 12 January; the depot was closed by the duty manager."
    cases.exempt(hand.staff("Olu"), case=hand.reference, fact="severe_weather_declared", evidence=evidence)
    hand.plant("exempt")
    hand.count("exempt")
    thaw = datetime.combine(plan.SNOW[1], time(8), ZONE) + hand.chance.random() * timedelta(hours=8)
    yield max(hand.work(5, since=opened), thaw)
    cases.record_fact(hand.staff("Cas"), case=hand.reference, fact="bin_collected")
    yield from finish(hand, "emptied", "Asif")


def _bin_tagged(hand: Hand) -> Story:
    yield hand.work(1)
    cases.record_fact(
        hand.staff("Cas"), case=hand.reference, fact="bin_tagged", note="Building rubble in the bin; tag left."
    )
    yield hand.soon(4)
    end(hand, "tagged", "Asif")


def _bin_asked(hand: Hand) -> Story:
    yield hand.soon(3)
    yield from ask_and_wait(
        hand,
        "Asif",
        "There are two gates, and the crew could not find the bin.",
        "Please tell us at which gate the bin stands.",
        "It stands at the gate on the side of the garages.",
    )
    yield hand.work(1)
    cases.record_fact(hand.staff("Cas"), case=hand.reference, fact="bin_collected")
    yield from finish(hand, "emptied", "Asif")
    yield from after_remedies(hand)


def _bin_corrected(hand: Hand) -> Story:
    """Logged days after it was done, which looked like a breach until an officer put the time right."""
    opened = hand.at
    really = hand.work(1, since=opened)
    yield hand.work(4, since=opened)
    fact = cases.record_fact(hand.staff("Cas"), case=hand.reference, fact="bin_collected")
    yield hand.work(1)
    cases.correct_fact(
        hand.staff("Olu"),
        case=hand.reference,
        fact=fact,
        at=really,
        reason="The lorry’s log shows that the bin was emptied then; it was entered late.",
    )
    hand.plant("corrected")
    hand.count("corrected")
    yield from finish(hand, "emptied", "Asif")


def _bin_withdrawn(hand: Hand) -> Story:
    yield hand.soon(6)
    cases.log_contact(hand.staff("Ada"), case=hand.reference, channel="telephone", reason="needed", resolved=True)
    end(hand, "withdrawn", "Ada")


def _bin_not_ours(hand: Hand) -> Story:
    yield hand.work(1)
    end(hand, "not-ours", "Asif")


def _bin_passed_on(hand: Hand) -> Story:
    yield hand.work(0)
    yield from hand_to(
        hand,
        "repairs",
        "The bin store of the flats is locked; the lock is yours.",
        "Asif",
        "Ansel",
        takes=hand.luck(0.5),
        why="The lock was changed in spring; your crew has the new key.",
    )
    yield hand.work(1)
    cases.record_fact(hand.staff("Cas"), case=hand.reference, fact="bin_collected")
    yield from finish(hand, "emptied", "Asif")
    yield from after_remedies(hand)


def _bin_never(hand: Hand) -> Story:
    """Forgotten, until it is found open and closed without having been done."""
    yield hand.work(12)
    chase(hand)
    yield hand.work(3)
    end(hand, "withdrawn", "Asif")
    yield from after_remedies(hand)
