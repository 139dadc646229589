"""The door for reading services: all, one, those that some words mean, and what makes an answer good."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.postgres.search import TrigramStrictWordSimilarity

from makegood.database.looking import remembered
from makegood.database.reading import rows
from makegood.web.refusals import NotFound

from .events import Question, Service
from .models import Listed, ServiceText
from .rules.answers import checked_answers, open_questions, say_answer
from .rules.reading import read_service
from .rules.words import searchable

_LIKE_ENOUGH = 0.4
_EVERY = "SELECT t.text, t.version FROM services_listed l JOIN services_servicetext t ON t.id = l.current_id"
_TEXT = "SELECT text, version FROM services_servicetext WHERE code = %s"
_LATEST = f"{_TEXT} ORDER BY version DESC LIMIT 1"


def services() -> list[Service]:
    """Every service, by name."""
    every = (read_service(text, version) for text, version in rows(_EVERY))
    return sorted(every, key=lambda each: each.name.casefold())


def service(code: str, version: int | None = None) -> Service:
    """A service as it is now, or as a version said it. Raises `NotFound`."""
    return read_service(*_text(code, version))


@remembered
def _text(code: str, version: int | None) -> tuple[str, int]:
    """The text of a service and its version: the latest, or the one that is asked for. Raises `NotFound`."""
    found = rows(_LATEST, [code]) if not version else rows(f"{_TEXT} AND version = %s", [code, version])
    if not found:
        raise NotFound("There is no such service.")
    [(text, number)] = found
    return text, number


def service_text(code: str, version: int | None = None) -> str:
    """The text of a service as it was published. Raises `NotFound`."""
    return _text(code, version)[0]


def versions(code: str) -> list[int]:
    """The versions of a service, newest first."""
    return list(ServiceText.objects.filter(code=code).order_by("-version").values_list("version", flat=True))


def find_services(words: str) -> list[Service]:
    """Services that plain words mean, misspelt ones too, best first. No words: every service."""
    wanted = searchable(words)[:200]
    if not wanted:
        return services()
    each_word = [word for word in wanted.split() if len(word) > 2] or [wanted]
    alike = {f"like_{n}": TrigramStrictWordSimilarity(word, "words") for n, word in enumerate(each_word[:12])}
    ranked = []
    for row in Listed.objects.select_related("current").annotate(**alike):
        likeness = [getattr(row, name) for name in alike]
        if max(likeness) >= _LIKE_ENOUGH:
            ranked.append((-sum(likeness), row.code, row.current))
    return [_service(current) for _, _, current in sorted(ranked, key=lambda found: found[:2])]


def question(of: Service, name: str) -> Question:
    """A question of a service. Raises `NotFound`."""
    found = next((each for each in of.questions if each.name == name), None)
    if found is None:
        raise NotFound("There is no such question.")
    return found


def _service(row: ServiceText) -> Service:
    return read_service(row.text, row.version)


Answers = Mapping[str, str]
"""Answers by question, each as text."""

__all__ = [
    "Answers",
    "checked_answers",
    "find_services",
    "open_questions",
    "question",
    "say_answer",
    "service",
    "service_text",
    "services",
    "versions",
]
