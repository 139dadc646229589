"""The words of a phrase, and a cursor over them that knows what it expects and where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from ..errors import did_you_mean
from ..money import parse_money
from . import model as m

T = TypeVar("T")

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MOMENTS = ("start", "finish", "deadline", "breach")
"""Instants that every standard has; written with `the` before them."""
RESERVED = frozenset(
    """
    a an and any after all at before between breach by deadline each end finish first for from full if in is late
    less most no none not of on or otherwise over part start the then times to under within yes
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
"""Words that cannot be names, because phrases are made of them."""

_TOKEN = re.compile(
    r"""
    (?P<money>£[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?)
  | (?P<date>[0-9]{4}-[0-9][0-9]-[0-9][0-9])(?![\w:-])
  | (?P<time>[0-9]{1,2}:[0-9][0-9](?::[0-9][0-9])?)(?![\w:])
  | (?P<percent>[0-9]+(?:\.[0-9]+)?\s?%)
  | (?P<ordinal>[0-9]+(?:st|nd|rd|th)\b)
  | (?P<number>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(?![\w-])
  | "(?P<quoted>[^"]*)"
  | (?P<word>[^\W_]?[\w][\w'/-]*)
  | (?P<mark>[,()])
    """,
    re.VERBOSE,
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LIMIT_OF_DEPTH = 24
_COUNT_LIMIT = 100_000


class PhraseError(ValueError):
    """A phrase that cannot be understood, with the place (characters from its start) and a likely mend."""

    def __init__(self, offset: int, found: str, expected: str, mend: str = "", code: str = "phrase") -> None:
        self.offset, self.found, self.expected, self.mend, self.code = offset, found, expected, mend, code
        super().__init__(found)


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a phrase may speak of: the names that the pledge declares."""

    facts: Collection[str] = ()
    details: Mapping[str, m.Detail] = field(default_factory=dict)
    rates: Mapping[str, str] = field(default_factory=dict)
    terms: Collection[str] = ()
    standards: Collection[str] = ()

    def all(self) -> list[str]:
        """Every declared name, for suggestions."""
        return [*self.facts, *self.details, *self.rates, *self.terms]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def is_name(text: str) -> bool:
    """Whether a word can be a name in a pledge: letters, digits, - and _, beginning with a letter.

    >>> is_name("bin_collected"), is_name("2nd"), is_name("if")
    (True, False, False)
    """
    return bool(_NAME.fullmatch(text)) and text.lower() not in RESERVED


class Cursor:
    """A position in one phrase, with the single things that every phrase is made of."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.names = text, names
        self.tokens = self._split(text)
        self.index = 0
        self.depth = 0

    @staticmethod
    def _split(text: str) -> list[_Token]:
        tokens, at = [], 0
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            match = _TOKEN.match(text, at)
            if not match or match.end() == at:
                raise PhraseError(at, f"“{text[at]}” means nothing here", "words, numbers, sums and times of day")
            kind = match.lastgroup or "mark"
            tokens.append(_Token(kind, match[kind], at))
            at = match.end()
        return tokens

    # -- the cursor

    def peek(self, ahead: int = 0) -> _Token:
        index = self.index + ahead
        return self.tokens[index] if index < len(self.tokens) else _Token("end", "", len(self.text))

    def next(self) -> _Token:
        token = self.peek()
        self.index += 1
        return token

    def at_words(self, words: str) -> bool:
        return all(
            self.peek(ahead).kind == "word" and self.peek(ahead).text.lower() == word
            for ahead, word in enumerate(words.split())
        )

    def take(self, *choices: str) -> str:
        """Take the first of some word sequences that stands here; the empty string if none does."""
        for words in choices:
            if self.at_words(words):
                self.index += len(words.split())
                return words
        return ""

    def mark(self, text: str) -> bool:
        if self.peek().kind == "mark" and self.peek().text == text:
            self.index += 1
            return True
        return False

    def wrong(self, expected: str, mend: str = "", code: str = "phrase") -> PhraseError:
        token = self.peek()
        found = f"“{token.text}”" if token.kind != "end" else "the end of the phrase"
        return PhraseError(token.at, f"{found} does not fit here in “{self.text[:120]}”", expected, mend, code)

    def need(self, words: str) -> None:
        if not self.take(words):
            raise self.wrong(f"“{words}”")

    def end(self) -> None:
        if self.peek().kind != "end":
            raise self.wrong("the end of the phrase")

    def whole(self, rule: Callable[[], T]) -> T:
        """Parse the whole phrase by one rule."""
        value = rule()
        self.end()
        return value

    def _nest(self, rule: Callable[[], T]) -> T:
        self.depth += 1
        if self.depth > _LIMIT_OF_DEPTH:
            raise self.wrong("a phrase with less inside itself", "give parts of it names of their own")
        value = rule()
        self.depth -= 1
        return value

    # -- single things

    def name(self, known: Collection[str], what: str, alike: Collection[str] = ()) -> str:
        """Take a known name; a wrong one is compared with those that are `alike` too, for the suggestion."""
        token = self.peek()
        if token.kind == "word" and token.text in known:
            self.index += 1
            return token.text
        raise PhraseError(
            token.at,
            f"“{token.text}” is not {what} of this pledge" if token.kind != "end" else "the phrase ends too early",
            what,
            did_you_mean(token.text, alike or known),
            "unknown-name",
        )

    def whole_number(self, what: str = "a whole number") -> int:
        token = self.peek()
        text = token.text.replace(",", "")
        if token.kind != "number" or not (text.isascii() and text.isdigit()):
            raise self.wrong(what)
        if len(text) > 12 or int(text) > _COUNT_LIMIT:
            raise self.wrong(f"{what} of at most {_COUNT_LIMIT:,}")
        self.index += 1
        return int(text)

    def number(self) -> Fraction:
        token = self.peek()
        if token.kind != "number" or len(token.text) > 15:
            raise self.wrong("a number")
        self.index += 1
        return Fraction(token.text.replace(",", ""))

    def time(self) -> int:
        token = self.peek()
        parts = [int(part) for part in token.text.split(":")] if token.kind == "time" else []
        seconds = sum(part * scale for part, scale in zip(parts, (3600, 60, 1), strict=False))
        if not parts or any(part > 59 for part in parts[1:]) or seconds > 86_400:
            raise self.wrong("a time of day from 00:00 to 24:00, such as 09:00 or 17:30")
        self.index += 1
        return seconds

    def day_of_year(self) -> tuple[int, int]:
        day = self.whole_number("a day of the month, such as 1 April")
        word = self.peek().text.lower()
        if word not in MONTHS:
            raise self.wrong("the name of a month", did_you_mean(word, MONTHS))
        self.index += 1
        month = MONTHS.index(word) + 1
        if not 1 <= day <= MONTH_DAYS[month - 1]:
            raise self.wrong(f"a day that {word} has")
        return month, day

    def ordinal(self) -> int:
        if self.peek().kind != "ordinal":
            raise self.wrong("which one, such as 2nd or 4th")
        value = int(self.next().text[:-2][:6])
        if value < 1:
            raise self.wrong("1st or more")
        return value

    def unit(self) -> m.Unit:
        two = f"{self.peek().text} {self.peek(1).text}".lower()
        for length, words in ((2, two), (1, self.peek().text.lower())):
            for unit in m.Unit:
                if words in (unit, f"{unit}s"):
                    self.index += length
                    return unit
        if self.peek().text.lower() in ("day", "days"):
            raise self.wrong("which days are meant", "write calendar days, working days or school days", "unit")
        raise self.wrong("a unit of time", did_you_mean(two, [f"{unit}s" for unit in m.Unit]), "unit")

    def _money(self, token: _Token) -> Fraction:
        pounds = parse_money(token.text)
        if pounds is None:
            raise PhraseError(token.at, f"“{token.text}” is no sum of money", "a sum such as £2,000 or £9.95")
        return Fraction(pounds)
