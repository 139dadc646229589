"""What people get when a promise is broken, remedy by remedy."""

from __future__ import annotations

from fractions import Fraction

from ..language import model as m
from .amounts import Voice
from .choices import is_plain, table_of
from .document import Block, Listing, Paragraph

_WORDED = (
    m.Remedying.APOLOGY,
    m.Remedying.EXPLANATION,
    m.Remedying.ENQUIRY,
    m.Remedying.SUPPORT,
    m.Remedying.CORRECTION,
    m.Remedying.IN_KIND,
    m.Remedying.DEEMED,
)


def kind_id(kind: m.Remedying) -> str:
    """How a kind of remedy is called in the ids of phrases: `pay`, `find-out-why`."""
    return str(kind).replace(" ", "-")


def remedy_list(voice: Voice, remedies: tuple[m.Remedy, ...]) -> Listing:
    """Every remedy of a standard as an item of a list."""
    return Listing(items=tuple(tuple(_remedy(voice, remedy)) for remedy in remedies))


def _remedy(voice: Voice, remedy: m.Remedy) -> list[Block]:
    blocks = _head(voice, remedy)
    if remedy.choices:
        blocks.append(remedy_list(voice, remedy.choices))
    points = [*_conditions(voice, remedy), *_delivery(voice, remedy), *_asking(voice, remedy)]
    if remedy.if_late and not is_plain(remedy.if_late):
        blocks.append(
            table_of(
                voice,
                voice.say("remedy.if-late.caption"),
                remedy.if_late,
                [(voice.say("table.you-get"), voice.amount)],
            )
        )
    if points:
        blocks.append(Listing(items=tuple((Paragraph(point),) for point in points)))
    return blocks


def _head(voice: Voice, remedy: m.Remedy) -> list[Block]:
    phrase = f"remedy.{kind_id(remedy.kind)}"
    if remedy.amount:
        if is_plain(remedy.amount):
            return [Paragraph(voice.say(phrase, amount=voice.amount(remedy.amount[0].value)))]
        columns = [(voice.say("table.you-pay" if remedy.kind is m.Remedying.CHARGE else "table.you-get"), voice.amount)]
        return [
            Paragraph(voice.say(f"{phrase}.depends")),
            table_of(voice, voice.say("table.first-line"), remedy.amount, columns),
        ]
    if remedy.kind is m.Remedying.DISCRETION:
        return [Paragraph(voice.say(phrase, amount=voice.money(remedy.most or Fraction(0))))]
    if remedy.kind in _WORDED and remedy.words:
        return [Paragraph(voice.sentence(voice.say(f"{phrase}.words", words=remedy.words)))]
    return [Paragraph(voice.say(phrase))]


def _conditions(voice: Voice, remedy: m.Remedy) -> list[str]:
    points = []
    if remedy.condition:
        points.append(voice.say("remedy.if", condition=voice.condition(remedy.condition)))
    if remedy.repeated:
        points.append(voice.repeated(remedy.repeated))
    points += [voice.ceiling(ceiling) for ceiling in remedy.ceilings]
    if (remedy.repeated or remedy.ceilings) and voice.pledge.subject:
        points.append(voice.say("remedy.subject", subject=voice.detail(voice.pledge.subject)))
    if remedy.extinguished:
        points.append(voice.say("remedy.extinguished", condition=voice.condition(remedy.extinguished)))
    if remedy.instead:
        points.append(voice.say("remedy.instead", things=voice.any_of(remedy.instead)))
    return points


def _delivery(voice: Voice, remedy: m.Remedy) -> list[str]:
    points = []
    if remedy.within:
        points.append(voice.say("remedy.within", limit=voice.limit(remedy.within, "the breach")))
    if remedy.done:
        points.append(voice.say("remedy.done", fact=voice.fact(remedy.done)))
    if remedy.if_late and is_plain(remedy.if_late):
        points.append(voice.say("remedy.if-late", amount=voice.amount(remedy.if_late[0].value)))
    if remedy.settled:
        points.append(voice.say("remedy.settled", when=remedy.settled))
    if remedy.payer:
        points.append(voice.say("remedy.payer", who=remedy.payer))
    if remedy.by_whom:
        points.append(voice.say("remedy.by-whom", who=remedy.by_whom))
    if remedy.set_off:
        points.append(voice.say("remedy.set-off", debt=remedy.set_off))
    return points


def _asking(voice: Voice, remedy: m.Remedy) -> list[str]:
    """Who must act; nothing is said of what comes by itself, since the page says that once for all."""
    points = []
    if remedy.route is m.Route.AFTER_REPORT:
        points.append(voice.say("remedy.after-report"))
    elif remedy.route is m.Route.CLAIM:
        points.append(claim(voice, remedy))
    if remedy.evidence:
        points.append(voice.say("remedy.evidence", evidence=remedy.evidence))
    return points


def claim(voice: Voice, remedy: m.Remedy) -> str:
    """That one must ask, and by when, as a sentence."""
    if remedy.claim_within:
        return voice.say("remedy.claim-within", limit=voice.limit(remedy.claim_within, "the breach"))
    return voice.say("remedy.claim")


def all_remedies(remedies: tuple[m.Remedy, ...]) -> list[m.Remedy]:
    """The remedies of a standard and, after each, those that it lets people choose from."""
    return [each for remedy in remedies for each in (remedy, *all_remedies(remedy.choices))]
