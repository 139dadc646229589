"""A report on its way: which step comes next, which came before. Kept in the session as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from makegood.rooms.services.events import Question, Service

PLACE, PHOTO, NAME, REACH, ADDRESS, CHECK = "place", "photo", "name", "reach", "address", "check"
"""The steps after the questions: where, a photo, who, by which way, at which address, and all of it once more."""


@dataclass(kw_only=True, slots=True)
class Draft:
    """A report on its way. `once` marks the intention: it makes one case, however often it is sent.

    `photo` is the key of the store that holds the photo; empty without one. `done` are the steps after the questions
    that were answered.
    """

    service: str
    once: str
    answers: dict[str, str] = field(default_factory=dict)
    place_words: str = ""
    place_address: str = ""
    looked_for: str = ""
    photo: str = ""
    name: str = ""
    wants: str = ""
    email: str = ""
    phone: str = ""
    post: str = ""
    done: list[str] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """The draft that `data` was made from."""
        return cls(**data)

    def has(self, step: str) -> None:
        """Note that a step was answered."""
        if step not in self.done:
            self.done.append(step)


def asked(service: Service, answers: Mapping[str, str]) -> list[Question]:
    """The questions that these answers lead to, in order, the answered ones too."""
    kept: dict[str, str] = {}
    found = []
    for question in service.questions:
        condition = question.only_if
        if condition is None or kept.get(condition.question, "") in condition.answers:
            found.append(question)
            kept[question.name] = answers.get(question.name, "")
    return found


def steps(service: Service, draft: Draft) -> list[str]:
    """Every step of this report in order: `question/NAME`, then those after the questions."""
    found = [f"question/{each.name}" for each in asked(service, draft.answers)]
    found += [PLACE] * service.asks_place + [PHOTO] * service.asks_photo
    return [*found, NAME, REACH, ADDRESS, CHECK]


def is_done(draft: Draft, step: str) -> bool:
    """Whether a step was answered."""
    if step.startswith("question/"):
        return step.removeprefix("question/") in draft.answers
    return step in draft.done


def next_step(service: Service, draft: Draft) -> str:
    """The first step that is not answered; checking the answers is the last."""
    return next(step for step in steps(service, draft) if not is_done(draft, step))


def step_before(service: Service, draft: Draft, step: str) -> str:
    """The step before; empty for the first, and for one that this report does not have."""
    every = steps(service, draft)
    place = every.index(step) if step in every else 0
    return every[place - 1] if place else ""
