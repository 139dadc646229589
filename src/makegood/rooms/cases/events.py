"""What happens to a case. Every event's subject is the case's reference; none says anything personal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from makegood.rooms.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """A case was opened: a promise may be running now. An `imported` one is known to its resident already."""

    service: str
    pledge: str
    team: str
    received_at: datetime
    imported: bool = False


@dataclass(frozen=True, kw_only=True)
class FactRecorded(Event):
    """A fact of a case became known: when it happened, by the name that the pledge knows it by."""

    fact: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FactCorrected(Event):
    """A fact was put right; `at` is `None` when it was withdrawn because it never happened."""

    fact: str
    was: datetime
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ClockPaused(Event):
    """We wait for the resident; `until` is when the pause ends by itself. What is needed is in `queries.pauses_of`."""

    at: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class ClockResumed(Event):
    """The waiting is over. `why` is answered, ended (by staff) or lapsed (so many days are enough)."""

    at: datetime
    why: str


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(Event):
    """A promise was broken for the first time; this stays true whatever follows. `due_at` is the deadline missed."""

    standard: str
    due_at: datetime
    breached_at: datetime


@dataclass(frozen=True, kw_only=True)
class OutcomeChanged(Event):
    """A standard stands otherwise than before, or owes another sum (`pence`), or has another deadline.

    `was` is the status before, empty when it is judged for the first time.
    """

    standard: str
    status: str
    was: str = ""
    pence: int = 0


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """A case was closed; only where `fixed` was the need met."""

    closing: str
    fixed: bool


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """A closed case is open again. `not_fixed` when it had been called fixed and was not."""

    not_fixed: bool


@dataclass(frozen=True, kw_only=True)
class CaseTaken(Event):
    """Somebody took a case on. `owner` is the id of an actor."""

    team: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class HandedOver(Event):
    """A team was asked to take a case; until it answers, the case stays where it is."""

    hand_over: int
    from_team: str
    to_team: str


@dataclass(frozen=True, kw_only=True)
class HandOverAccepted(Event):
    """A team took the case."""

    hand_over: int
    from_team: str
    to_team: str


@dataclass(frozen=True, kw_only=True)
class HandOverDeclined(Event):
    """A team did not take the case, with a reason; it is with the sender still."""

    hand_over: int
    from_team: str
    to_team: str


@dataclass(frozen=True, kw_only=True)
class ExemptionDecided(Event):
    """An officer decided, with evidence, that the promise could not be held. `fact` is the exemption's."""

    exemption: int
    fact: str


@dataclass(frozen=True, kw_only=True)
class ResidentWrote(Event):
    """The resident wrote; `closed` when the case was closed already, which nothing but a person reopens."""

    message: int
    closed: bool


@dataclass(frozen=True, kw_only=True)
class StaffWrote(Event):
    """Staff wrote to the resident."""

    message: int


@dataclass(frozen=True, kw_only=True)
class ContactLogged(Event):
    """Somebody got in touch. `reason` is a code of the avoidable-contact list, or `unknown`."""

    channel: str
    reason: str
    resolved: bool | None


@dataclass(frozen=True, kw_only=True)
class ResidentErased(Event):
    """Who a case was for was erased; whoever keeps words about them erases these too."""


@dataclass(frozen=True, kw_only=True)
class DuplicateLinked(Event):
    """Two cases are about the same; each keeps its reference, clock and entitlement."""

    other: str


@dataclass(frozen=True, kw_only=True)
class DuplicateUnlinked(Event):
    """Two cases are not about the same after all."""

    other: str


@dataclass(frozen=True, kw_only=True)
class CodeAsked(Event):
    """Somebody asked for a code for a case; announced only when a code went out."""


@dataclass(frozen=True, kw_only=True)
class EaseRated(Event):
    """The resident said how easy it was: 1 very hard to 5 very easy."""

    score: int


# --- values that the actions take ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Resident:
    """Who a case is for. `wants` is how to tell them things: email, letter or phone; `post` their address in lines."""

    name: str = ""
    email: str = ""
    phone: str = ""
    post: str = ""
    language: str = "en"
    wants: str = "letter"


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedFact:
    """A fact of an imported case: when it happened, and when it was logged (at once, unless said)."""

    name: str
    at: datetime
    recorded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedCase:
    """A case from elsewhere, taken as it is. `details` are the pledge's; `owner` is an actor's id or empty.

    `pledge_version` is the id of the version that it was opened under. Closed where `closed_at` is given. Without a
    reference it is given one.
    """

    service: str
    pledge: str
    pledge_version: int
    team: str
    received_at: datetime
    opened_at: datetime
    facts: Sequence[ImportedFact]
    details: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    place_words: str = ""
    address: str = ""
    ward: str = ""
    subject: str = ""
    owner: str = ""
    closed_at: datetime | None = None
    closing: str = ""
    fixed: bool = False
    reference: str = ""
    resident: Resident = field(default_factory=Resident)
