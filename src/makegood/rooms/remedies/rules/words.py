"""What a message says about remedies, line by line, in plain English."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from makegood.rules import Outcome
from makegood.rules.money import from_pence
from makegood.web.saying import say_by, say_day, say_money, say_when

from .kinds import PAYING, Kind


def what_happened(outcome: Outcome, zone: ZoneInfo) -> str:
    """When the time began, and that the work was not done when it ended; how the days were counted is on her page."""
    said = [f"Our time to do this began {say_when(outcome.started_at, zone)}."] if outcome.started_at else []
    said += [f"It was not done {say_by(outcome.due_at, zone)}."] if outcome.due_at else ["It was not done in time."]
    done = outcome.finished_at
    said.append(f"It was done {say_when(done, zone)}." if done else "When we wrote this, it was still not done.")
    return " ".join(said)


def why(cause: str, found_out_by: datetime | None, zone: ZoneInfo) -> str:
    """The cause where it is known; else that it is not, and by when it is found out if somebody has to."""
    if cause:
        return cause
    if found_out_by:
        return f"We do not know yet. A person is finding out, and tells you {say_by(found_out_by, zone)}."
    return "We do not know yet. Ask us, and we tell you what we know."


def asking(*, some_come: bool, some_asked_for: bool) -> str:
    """Whether somebody has to ask for what there is; empty when there is nothing."""
    if not some_asked_for:
        return "You do not have to ask for it or prove anything." if some_come else ""
    how = "You can ask on the page below, or call us. You do not have to prove anything."
    return f"Some of this you have to ask for. {how}" if some_come else f"You get this if you ask for it. {how}"


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
            return f"We find out why it went wrong and tell you{by}." if by else "We tell you above why it went wrong."
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
