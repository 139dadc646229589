"""What a message says about remedies, line by line, in plain English."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from makegood.rules import Outcome, Pledge
from makegood.rules.money import from_pence
from makegood.rules.speak import say_run
from makegood.web.saying import say_by, say_day, say_money

from .kinds import PAYING, Kind


class Reasoning:
    """How a deadline came about, in words: told once for all cases whose clocks ran the same, to the minute."""

    def __init__(self) -> None:
        self._told: dict[object, str] = {}

    def of(self, outcome: Outcome, pledge: Pledge) -> str:
        """How the time ran, and what happened; without what is owed, and without the case's number."""
        explanation = outcome.explanation
        if explanation is None:
            return ""
        if explanation.kind == "days":  # such deadlines do not hang on the second, and neither do their words
            explanation = replace(explanation, start=explanation.start.replace(second=0), amounts=())
        plain = replace(outcome, case_id="", remedies=(), pence=0, explanation=explanation)
        key = (id(pledge), outcome.standard, outcome.status, outcome.finish, explanation)
        told = self._told.get(key)
        if told is None:
            told = self._told[key] = say_run(plain, pledge)
        return told


def money(pence: int) -> str:
    """A sum as people write it."""
    return say_money(Decimal(from_pence(pence)))


def line_of(
    kind: Kind,
    *,
    words: str = "",
    pence: int = 0,
    due_at: datetime | None = None,
    grows: bool = False,
    zone: ZoneInfo,
) -> str:
    """One remedy as a line; empty for those that people are not told of at once."""
    by = f" {say_by(due_at, zone)}" if due_at else ""
    what = words.rstrip(".")
    match kind:
        case Kind.APOLOGY:
            return "We are sorry."
        case Kind.EXPLANATION:
            return "We explain above what went wrong."
        case Kind.ENQUIRY:
            return f"We find out why it went wrong and tell you{by}."
        case Kind.SUPPORT:
            return f"We help you{f': {what}' if what else ''}. We get in touch{by}."
        case Kind.CORRECTION:
            return f"We put it right{f': {what}' if what else ''}."
        case Kind.IN_KIND:
            return f"We give you {what or 'something in return'}{by}."
        case Kind.DEEMED:
            return f"It counts as decided for you{f': {what}' if what else ''}."
        case Kind.MONEY | Kind.VOUCHER if grows:
            return f"We owe you {money(pence)} so far. It grows until the work is done. Then we send it to you."
        case Kind.MONEY:
            return f"We pay you {money(pence)}{by}."
        case Kind.VOUCHER:
            return f"You get a voucher for {money(pence)}{by}."
        case Kind.CHOICE | Kind.CHARGE | Kind.DISCRETION:
            return ""


def offer_of(kind: Kind, words: str, pence: int) -> str:
    """One thing to choose or to ask for, as part of a sentence."""
    if kind in PAYING:
        return f"{money(pence)} {'as a voucher' if kind is Kind.VOUCHER else 'in money'}"
    return words.rstrip(".") or {Kind.APOLOGY: "an apology"}.get(kind, "something in kind")


def choice_of(offers: list[str], first: int, until: datetime | None, zone: ZoneInfo) -> str:
    """A choice as a line: what there is, until when, and what comes by itself."""
    listed = ", or ".join(offers)
    by = f" {say_by(until, zone)}" if until else ""
    return f"You can choose{by}: {listed}. If you do not choose, you get {offers[first]}."


def day_of(at: datetime, zone: ZoneInfo) -> str:
    """The day of an instant."""
    return say_day(at.astimezone(zone).date())
