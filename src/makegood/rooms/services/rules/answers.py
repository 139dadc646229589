"""What makes an answer good, and which questions are still open. Answers are text; see `events.Question`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from makegood.web.refusals import NotPossible

from ..events import Kind, Question, Service

MOST_WORDS = 2_000
_YEARS_AHEAD = 10
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_ORDERED = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_SPOKEN = re.compile(r"(\d\d?)[ /.-](\d\d?)[ /.-](\d{4})")


def is_asked(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether a question is to be asked, after the answers so far."""
    condition = question.only_if
    return condition is None or answers.get(condition.question, "") in condition.answers


def asked(service: Service, answers: Mapping[str, str]) -> list[Question]:
    """The questions that these answers lead to, answered or not, in order."""
    kept: dict[str, str] = {}
    found = []
    for question in service.questions:
        if is_asked(question, kept):
            found.append(question)
            kept[question.name] = answers.get(question.name, "")
    return found


def open_questions(service: Service, answers: Mapping[str, str]) -> list[Question]:
    """The questions still to be asked, in order; one that need not be answered is closed by an empty answer."""
    return [each for each in asked(service, answers) if each.name not in answers]


def checked_answers(service: Service, answers: Mapping[str, str], *, on: date | None = None) -> dict[str, str]:
    """Good answers to the questions that are asked, and to no others.

    `on` is the day in the place, against which dates are held. Raises `NotPossible` with the name of the question as
    its field.
    """
    kept: dict[str, str] = {}
    for question in service.questions:
        if is_asked(question, kept):
            kept[question.name] = checked(question, answers.get(question.name, ""), on=on)
    return {name: answer for name, answer in kept.items() if answer}


def checked(question: Question, answer: str, *, on: date | None = None) -> str:
    """One good answer, in the form in which it is kept; empty for one that need not be given."""
    said = answer.replace("\r\n", "\n").strip()
    if not said:
        if question.required:
            raise NotPossible(_MISSING[question.kind], field=question.name)
        return ""
    if _UNSEEN.search(said):
        raise NotPossible(
            "Your answer has a sign in it that we cannot read. Please type it again.", field=question.name
        )
    match question.kind:
        case Kind.CHOICE:
            good = said if said in {choice.value for choice in question.choices} else ""
        case Kind.YES_NO:
            good = {"yes": "yes", "no": "no"}.get(said.casefold(), "")
        case Kind.DATE:
            return _date(question, said, on)
        case Kind.NUMBER:
            good = str(int(said)) if said.isascii() and said.isdigit() and len(said) <= 9 else ""
        case Kind.WORDS:
            if len(said) > MOST_WORDS:
                raise NotPossible(f"Your answer must be {MOST_WORDS:,} letters or fewer.", field=question.name)
            good = said
    if not good:
        raise NotPossible(_MISSING[question.kind], field=question.name)
    return good


_MISSING = {
    Kind.CHOICE: "Select one of the answers.",
    Kind.YES_NO: "Select yes or no.",
    Kind.DATE: "Enter a date, such as 27 3 2026.",
    Kind.WORDS: "Enter an answer.",
    Kind.NUMBER: "Enter a number, such as 2.",
}


def _date(question: Question, said: str, on: date | None) -> str:
    ordered, spoken = _ORDERED.fullmatch(said), _SPOKEN.fullmatch(said)
    parts = ordered.groups() if ordered else spoken.groups()[::-1] if spoken else None
    try:
        if parts is None:
            raise ValueError
        day = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise NotPossible("Enter a real date, such as 27 3 2026.", field=question.name) from None
    if on is not None and not on.year - question.years_back <= day.year <= on.year + _YEARS_AHEAD:
        raise NotPossible("Check the year of the date.", field=question.name)
    if on is not None and question.past and day > on:
        raise NotPossible("The date must be today or in the past.", field=question.name)
    return day.isoformat()


def say_answer(question: Question, answer: str) -> str:
    """An answer as people read it; a date as it was kept."""
    match question.kind:
        case Kind.CHOICE:
            return next((choice.label for choice in question.choices if choice.value == answer), answer)
        case Kind.YES_NO:
            return {"yes": "Yes", "no": "No"}.get(answer, answer)
        case Kind.DATE | Kind.NUMBER | Kind.WORDS:
            return answer
