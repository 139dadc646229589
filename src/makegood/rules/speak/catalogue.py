"""The fixed phrases of one language: ids, named slots and plural forms, with a visible fallback to another language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Phrase = str | Mapping[str, str]
"""One phrase with `{slots}`, or its forms by plural category (`one`, `two`, `few`, `many`, `other`)."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Every fixed phrase of one language.

    `language` is a BCP 47 tag. `plural` and `ordinal` give the category of a number (Unicode's names; `other` must
    exist wherever a phrase has forms). A phrase that is missing comes from `fallback`, marked with its language, so
    that nobody overlooks it. Raises `KeyError` for an id that neither has.

    >>> welsh = Catalogue(language="cy", phrases={"hello": "Helo {name}"}, plural=lambda n: "other",
    ...                   ordinal=lambda n: "other")
    >>> welsh.say("hello", name="Siân")
    'Helo Siân'
    """

    language: str
    phrases: Mapping[str, Phrase]
    plural: Callable[[Fraction], str]
    ordinal: Callable[[int], str]
    fallback: Catalogue | None = None

    def say(self, phrase: str, /, **slots: str) -> str:
        """The phrase of an id with its slots filled; what fills a slot is never read as a phrase again."""
        found = self.phrases.get(phrase)
        if found is None and self.fallback:
            return self._borrowed(self.fallback.say(phrase, **slots))
        return self._form(found, phrase, "other").format_map(slots)

    def count(self, phrase: str, number: Fraction | int, /, **slots: str) -> str:
        """As `say`, in the form that goes with a number."""
        found = self.phrases.get(phrase)
        if found is None and self.fallback:
            return self._borrowed(self.fallback.count(phrase, number, **slots))
        return self._form(found, phrase, self.plural(Fraction(number))).format_map(slots)

    def rank(self, phrase: str, number: int, /, **slots: str) -> str:
        """As `say`, in the form that goes with a place in an order (1st, 2nd)."""
        found = self.phrases.get(phrase)
        if found is None and self.fallback:
            return self._borrowed(self.fallback.rank(phrase, number, **slots))
        return self._form(found, phrase, self.ordinal(number)).format_map(slots)

    def _borrowed(self, text: str) -> str:
        return f"[{self.fallback.language}: {text}]" if self.fallback else text

    def _form(self, found: Phrase | None, phrase: str, category: str) -> str:
        if found is None:
            raise KeyError(phrase)
        return found if isinstance(found, str) else found.get(category, found["other"])
