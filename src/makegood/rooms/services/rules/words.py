"""The words by which a service is found."""

from __future__ import annotations

import re

from ..events import Service

_LITTLE = re.compile(
    r"a|an|and|are|at|be|been|by|can|do|for|from|has|have|i|in|is|it|me|my|no|not|of|on|or|our|that|the|there|to|was|we|"
    r"what|when|where|with|you|your"
)


def searchable(text: str) -> str:
    """The words of a text that mean something, in small letters.

    >>> searchable("My bin was NOT emptied!")
    'bin emptied'
    """
    plain = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return " ".join(word for word in plain.split() if not _LITTLE.fullmatch(word))


def words_of(service: Service) -> str:
    """What a service is found by: its name, what else it is called, its summary."""
    return searchable(" ".join([service.name, *service.also_called, service.summary]))
