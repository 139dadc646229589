"""The values of a service as its text says them, and what the room announces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from makegood.rooms.journal.events import Event


class Kind(StrEnum):
    """The kinds of answers."""

    CHOICE = "choice"
    YES_NO = "yes-no"
    DATE = "date"
    WORDS = "words"
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True, slots=True)
class OnlyIf:
    """A question is asked only if an earlier one was answered with one of these."""

    question: str
    answers: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One of the answers to choose from: how it is kept, how it is said, and a hint where one helps."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question: what it asks, why, and how it is answered. `detail` is the pledge's detail that it fills, or empty.

    Answers are kept as text: a choice’s value, yes or no, an ISO date, words, or digits. A `past` date may not lie
    ahead, and none may lie more than `years_back` years back: so early a year is a slip.
    """

    name: str
    ask: str
    why: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    required: bool = True
    detail: str = ""
    only_if: OnlyIf | None = None
    past: bool = False
    years_back: int = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class FactKind:
    """A fact that people record about cases of the service; `who` is staff, crew or resident.

    `cause` is for a fact that says why a promise was broken: the cause, as the resident is told it.
    """

    name: str
    label: str
    who: str = "staff"
    cause: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exemption:
    """A fact that excuses us, in words."""

    fact: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """A reason for which a case is closed, and whether the need was met."""

    code: str
    label: str
    fixed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A service as people ask for it. `pledge` names the promise, `team` the code of the team that works on it.

    `place_is_public`: a report tells nothing of somebody's home, so others may hear that there is one.
    `wait_days` is for how many days a case may wait for the resident, all its waitings together.
    `vouch_days` is for how many days after closing a resident may say that it is not fixed. `version` counts from 1.
    """

    code: str
    name: str
    summary: str
    also_called: tuple[str, ...]
    pledge: str
    team: str
    questions: tuple[Question, ...]
    start_fact: str
    done_fact: str
    pause_from: str = ""
    pause_until: str = ""
    wait_days: int = 28
    facts: tuple[FactKind, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    closings: tuple[Closing, ...] = ()
    asks_place: bool = False
    place_is_public: bool = False
    asks_photo: bool = False
    vouch_days: int = 14
    version: int = 0

    def closing(self, code: str) -> Closing | None:
        """The closing reason of that code."""
        return next((each for each in self.closings if each.code == code), None)

    def details(self, answers: Mapping[str, str]) -> dict[str, str]:
        """The details of the pledge that checked answers fill."""
        return {q.detail: answers[q.name] for q in self.questions if q.detail and answers.get(q.name)}


@dataclass(frozen=True, kw_only=True)
class ServicePublished(Event):
    """A service has a new text; `subject` is service:CODE."""

    version: int
