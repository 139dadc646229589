"""How a case is told to the resident: statuses, steps and remedies in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from makegood.rules import Status
from makegood.web.saying import say_money

STATUS_WORDS: Mapping[Status, tuple[str, str]] = {
    Status.RUNNING: ("running", "The clock is running"),
    Status.KEPT: ("kept", "Promise kept"),
    Status.BROKEN: ("broken", "Promise broken"),
    Status.EXCUSED: ("excused", "Not our fault"),
    Status.VOID: ("void", "Does not apply"),
    Status.UNKNOWN: ("unknown", "Not known yet"),
    Status.PENDING: ("pending", "Not begun"),
    Status.LEFT_OUT: ("void", "Does not apply"),
}
"""Each status: the kit's name for its colour and sign, and the words beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One moment of the story: what happened, when, and a few words more. `kind` is the kit's."""

    at: datetime
    kind: str
    title: str
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """The words for the codes in a case: facts, exemptions, teams, standards and closings."""

    facts: Mapping[str, str]
    exemptions: Mapping[str, str]
    teams: Mapping[str, str]
    standards: Mapping[str, str]
    closings: Mapping[str, str]
    start_fact: str


def moment_of(kind: str, at: datetime, name: str, words: str, names: Names) -> Moment | None:
    """One step of a case's story in plain words; None for a step that says nothing new.

    `kind`, `name` and `words` are those of `cases.queries.Step`.
    """
    team = names.teams.get(name, "another team")
    match kind:
        case "received":
            return Moment(at=at, kind="wrote", title="You told us")
        case "fact" if name == names.start_fact:
            return None
        case "fact":
            return Moment(at=at, kind="done", title=_fact(name, names))
        case "corrected":
            return Moment(
                at=at, kind="told", title="We put a time right", words=f"It is about this: {_fact(name, names)}"
            )
        case "withdrawn":
            return Moment(at=at, kind="told", title="We took back something we had noted", words=_fact(name, names))
        case "paused":
            return Moment(
                at=at, kind="paused", title="We asked you for something. The clock stands still.", words=words
            )
        case "resumed":
            return Moment(at=at, kind="running", title=_RESUMED.get(name, "The clock runs again"))
        case "broken":
            return Moment(at=at, kind="broken", title="We broke our promise", words=names.standards.get(name, ""))
        case "wrote":
            mine = name == "resident"
            title = "You wrote to us" if mine else "We wrote to you"
            return Moment(at=at, kind="wrote" if mine else "told", title=title, words=words)
        case "handed-over":
            return Moment(at=at, kind="told", title=f"We asked {team} to take this on")
        case "accepted":
            return Moment(at=at, kind="running", title=f"{team[:1].upper()}{team[1:]} took this on")
        case "declined":
            return Moment(at=at, kind="told", title=f"It stayed where it was: {team} could not take it")
        case "exempted":
            why = names.exemptions.get(name, "")
            return Moment(
                at=at, kind="excused", title="We could not hold our promise, and it was not our fault", words=why
            )
        case "closed":
            return Moment(at=at, kind="done", title="We closed your report", words=names.closings.get(name, ""))
        case _:
            return None


_RESUMED = {
    "answered": "You answered. The clock runs again.",
    "ended": "We stopped waiting. The clock runs again.",
    "lapsed": "We waited long enough. The clock runs again.",
}


def _fact(name: str, names: Names) -> str:
    said = names.facts.get(name) or name.replace("_", " ").replace("-", " ")
    return said[:1].upper() + said[1:]


def in_order(moments: Iterable[Moment | None]) -> list[Moment]:
    """The moments that say something, the newest first."""
    found = sorted((each for each in moments if each is not None), key=lambda each: each.at)
    return found[::-1]


# --- remedies --------------------------------------------------------------------------------------------------------


class Remedy(Protocol):
    """What is told of a remedy: `remedies.queries.RemedySeen` is one."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def state(self) -> str:
        """How it stands."""

    @property
    def standard(self) -> str:
        """The standard that it is for."""

    @property
    def rule(self) -> str:
        """Its place among the standard's remedies, with a + for the top-up of one that came late."""

    @property
    def late(self) -> bool:
        """Whether its own deadline was missed."""

    @property
    def told(self) -> str:
        """What a person wrote who gave it."""

    @property
    def words(self) -> str:
        """The pledge's words."""

    @property
    def amount(self) -> Decimal:
        """Pounds due in all."""

    @property
    def pays(self) -> str:
        """Voucher or money, or empty."""

    @property
    def settles(self) -> str:
        """When a growing sum is given, in the pledge's words."""

    @property
    def grows(self) -> bool:
        """Whether the sum still rises."""

    @property
    def owed_at(self) -> datetime:
        """Since when it is owed."""

    @property
    def due_at(self) -> datetime | None:
        """Its own deadline."""

    @property
    def settled_at(self) -> datetime | None:
        """When it reached the person."""

    @property
    def may_decline(self) -> bool:
        """Whether it can still be declined."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RemedyTold:
    """A remedy for its card: a title, a sentence, and the kit's tag (`kind`, `label`); `remedy` has the rest."""

    title: str
    words: str
    kind: str
    label: str
    until: datetime | None
    late: bool
    remedy: Remedy

    @property
    def may_decline(self) -> bool:
        """Whether "no, thank you" is asked of her: not of what she has, nor of words that we owe."""
        return self.remedy.may_decline and self.kind != "done" and str(self.remedy.kind) not in _WORDS


_WORDS = ("apology", "explanation", "enquiry")


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeGood:
    """What one broken promise gives: what it says, why we failed if a person wrote it, and what is more than words."""

    title: str
    sorry: bool
    why: str
    remedies: list[RemedyTold]


_TITLES = {
    "apology": "We are sorry",
    "explanation": "Why it went wrong",
    "enquiry": "We find out why it went wrong",
    "support": "Help for you",
    "correction": "We put it right",
    "in kind": "Something for you",
    "deemed": "It counts as decided for you",
    "choice": "You can choose",
    "discretion": "Something more for you",
}
_LABELS = {
    "offered": ("due", "You can ask for this"),
    "owed": ("running", "On its way"),
    "accepted": ("running", "On its way"),
    "declined": ("void", "You said no"),
    "lapsed": ("void", "The time to ask has passed"),
    "settled": ("done", "Done"),
    "reversed": ("void", "Not due after all"),
}


def remedy_told(remedy: Remedy) -> RemedyTold | None:
    """A remedy in plain words; None for what nobody has decided yet, and for what is no concern of the resident."""
    if str(remedy.state) == "open" or str(remedy.kind) == "charge":
        return None
    kind, label = _LABELS[str(remedy.state)]
    waits = str(remedy.state) in ("owed", "accepted") and not remedy.settled_at
    return RemedyTold(
        title=_title(remedy),
        words=_sentence(remedy),
        kind=kind,
        label=label,
        until=remedy.due_at if waits and not remedy.grows and not remedy.late else None,
        late=waits and remedy.late and not remedy.grows,
        remedy=remedy,
    )


def made_good(remedies: Iterable[Remedy], standards: Mapping[str, str]) -> list[MadeGood]:
    """The remedies by the promise that was broken. What was given by being said becomes words above the others."""
    by_standard: dict[str, list[RemedyTold]] = {}
    for each in remedies:
        told = remedy_told(each)
        if told:
            by_standard.setdefault(each.standard, []).append(told)
    found = []
    for standard, told_ones in by_standard.items():
        said = {str(each.remedy.kind): each for each in told_ones if each.kind == "done" and not each.remedy.pays}
        why = said.get("explanation")
        rest = [
            each for each in told_ones if str(each.remedy.kind) not in ("apology", "explanation") or each.kind != "done"
        ]
        found.append(
            MadeGood(
                title=standards.get(standard, ""),
                sorry="apology" in said,
                why=why.remedy.told if why else "",
                remedies=rest,
            )
        )
    return found


def _title(remedy: Remedy) -> str:
    if remedy.pays and remedy.amount:
        worth = say_money(remedy.amount) + (" more" if remedy.rule.endswith("+") else "")
        return f"A voucher for {worth}" if remedy.pays == "voucher" else f"{worth} for you"
    return _TITLES.get(str(remedy.kind), "Something for you")


def _sentence(remedy: Remedy) -> str:
    if remedy.rule.endswith("+"):
        return "Because what we owed you came late."
    if remedy.grows and remedy.amount:
        when = f" You get it {remedy.settles.rstrip('.')}." if remedy.settles else " You get it when the work is done."
        return f"This is what we owe you so far. It grows until the work is done.{when}"
    if remedy.pays and remedy.amount:
        return ""
    words = remedy.words.strip().rstrip(".")
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def remedy_moments(remedies: Iterable[Remedy]) -> list[Moment]:
    """The moments at which remedies came to be owed and reached her."""
    found = []
    for each in remedies:
        told = remedy_told(each)
        if told is None:
            continue
        if each.pays and each.amount:
            so_far = " so far" if each.grows else ""
            title = f"We began to owe you: {say_money(each.amount)}{so_far}"
            found.append(Moment(at=each.owed_at, kind="remedy", title=title))
        if each.settled_at and str(each.state) == "settled":
            title = f"You got {say_money(each.amount)}" if each.pays and each.amount else _DONE.get(str(each.kind), "")
            if title:
                found.append(Moment(at=each.settled_at, kind="done", title=title))
    return found


_DONE = {
    "apology": "We said sorry",
    "explanation": "We told you why it went wrong",
    "enquiry": "We found out why it went wrong",
    "support": "We gave you help",
    "correction": "We put it right",
    "in kind": "We gave you what we promised",
}
