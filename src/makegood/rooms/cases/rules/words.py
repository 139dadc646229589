"""The words by which cases are found: the same way for what is kept and for what is asked."""

from __future__ import annotations

import unicodedata

LONGEST, MOST_KEPT, MOST_ASKED = 40, 400, 8


def words_in(text: str) -> list[str]:
    """The different words of a text: small letters and digits, without accents, in order.

    >>> words_in("Zoë O'Neil, MG-4X7K")
    ['zoe', 'o', 'neil', 'mg', '4x7k']
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(each if each.isalnum() else "" if unicodedata.combining(each) else " " for each in plain)
    return list(dict.fromkeys(word[:LONGEST] for word in kept.split()))


def to_find(*texts: str) -> str:
    """What a case is found by, words with a space between."""
    return " ".join(words_in(" ".join(texts))[:MOST_KEPT])


def as_vector(words: str) -> str:
    """Words, a space between, in the database's way of writing down what is searched.

    >>> as_vector("mg 4x7k")
    "'mg' '4x7k'"
    """
    return " ".join(f"'{word}'" for word in words.split())


def to_ask(text: str) -> list[str]:
    """The beginnings of words to look for; single letters find too much to be of use."""
    return [word for word in words_in(text[:300]) if len(word) > 1][:MOST_ASKED]
