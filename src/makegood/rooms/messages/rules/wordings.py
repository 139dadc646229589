"""Wordings: texts with places for words. Read strictly, filled wholly or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from makegood.web.refusals import NotPossible

MOST_SUBJECT, MOST_BODY, MOST_WORD = 200, 20_000, 8_000

SECRET = frozenset({"code", "link", "voucher_code", "voucher_link"})
"""Words that open something; only the reader of a message should see them."""

GIVEN = frozenset({"hello", "place", "telephone", "reference", "link"})
"""Words that this room gives itself where the caller does not."""

_MARK = re.compile(r"\{([a-z_]+)(\??)\}")
_BRACE = re.compile(r"[{}]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """A wording as it was read. `needs` must be given, `may_have` may; `version` 0 is the one that ships."""

    name: str
    language: str
    subject: str
    body: str
    needs: frozenset[str]
    may_have: frozenset[str]
    version: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A subject in one line, a body in lines, and the words in them that open something."""

    subject: str
    body: str
    secrets: tuple[str, ...]


def read_wording(text: str, name: str, language: str, version: int = 0) -> Wording:
    """Read a wording: the first line is the subject, then a blank line, then the body in paragraphs.

    `{word}` is filled, a paragraph with an unfilled `{word?}` is left out, lines before the subject that begin with #
    are notes. Raises `NotPossible` with a sentence for the manager who wrote it.
    """
    lines = _LINE_ENDS.sub("\n", text).strip("\n").split("\n")
    while lines and lines[0].startswith("#"):
        lines.pop(0)
    subject, rest = (lines[0].strip(), lines[1:]) if lines else ("", [])
    body = "\n".join(line.rstrip() for line in rest).strip("\n")
    if not subject or len(subject) > MOST_SUBJECT:
        raise _wrong(f"The first line is the subject: it needs words, at most {MOST_SUBJECT} letters.")
    if not rest or rest[0].strip() or not body:
        raise _wrong("After the subject comes an empty line, then what the message says.")
    if len(body) > MOST_BODY:
        raise _wrong(f"The message has more than {MOST_BODY:,} letters.")
    for part in (subject, body):
        left = _BRACE.search(_MARK.sub("", part))
        if left:
            raise _wrong("A place for a word is written {like_this}, or {like_this?} where it may be missing.")
    marks = _MARK.findall(subject) + _MARK.findall(body)
    needs = frozenset(word for word, optional in marks if not optional)
    may_have = frozenset(word for word, _ in marks) - needs
    if any(optional for _, optional in _MARK.findall(subject)):
        raise _wrong("A word in the subject cannot be left out: write it without the question mark.")
    return Wording(
        name=name, language=language, subject=subject, body=body, needs=needs, may_have=may_have, version=version
    )


def _wrong(sentence: str) -> NotPossible:
    return NotPossible(sentence, field="text")


def check_replaces(new: Wording, shipped: Wording) -> None:
    """Refuse a wording that lacks words which the shipped one needs, or has places that nothing fills."""
    places = new.needs | new.may_have
    missing = shipped.needs - places - GIVEN
    if missing:
        raise _wrong(f"This message must say {_listed(missing)}: put it into the text.")
    unknown = places - shipped.needs - shipped.may_have - GIVEN
    if unknown:
        raise _wrong(
            f"Nothing fills {_listed(unknown)}. This message can say {_listed(shipped.needs | shipped.may_have)}."
        )


def _listed(words: frozenset[str]) -> str:
    return ", ".join(f"{{{word}}}" for word in sorted(words))


def fill(wording: Wording, words: Mapping[str, str]) -> Filled:
    """Fill every place. Raises `NotPossible` when a needed word is missing or empty, or one has no place.

    A word takes one line, but for one that stands alone on a line of the body, which keeps its own lines. Filled words
    are never read for places again.
    """
    unknown = frozenset(words) - wording.needs - wording.may_have - GIVEN
    missing = frozenset(word for word in wording.needs if not words.get(word, "").strip())
    if unknown or missing:
        what = f"no place for {_listed(unknown)}" if unknown else f"nothing for {_listed(missing)}"
        raise NotPossible(f"The message “{wording.name}” has {what}, so it was not written.", field="words")
    for word, value in words.items():
        if len(value) > MOST_WORD:
            raise NotPossible(f"Please use at most {MOST_WORD:,} letters.", field=word)
    subject, paragraphs, opening = _parts_of(wording)
    body = "\n\n".join(said for each in paragraphs if (said := each.filled(words))) + "\n"
    secrets = tuple(sorted({one_line(words[word]) for word in opening if words.get(word)}))
    return Filled(subject=subject.filled(words)[:MOST_SUBJECT], body=body, secrets=secrets)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph taken apart: words as they are, and places with how what fills them is said."""

    parts: tuple[str | tuple[str, Callable[[str], str]], ...]
    places: frozenset[str]

    def filled(self, words: Mapping[str, str]) -> str:
        """With its places filled; empty when one of them is not."""
        for place in self.places:
            if not words.get(place, "").strip():
                return ""
        return "".join([part if isinstance(part, str) else part[1](words[part[0]]) for part in self.parts])


@lru_cache(maxsize=128)
def _parts_of(wording: Wording) -> tuple[_Paragraph, tuple[_Paragraph, ...], frozenset[str]]:
    """A wording's subject and paragraphs, taken apart once, and which of its words open something."""
    paragraphs = tuple(_paragraph(each) for each in re.split(r"\n\n+", wording.body))
    subject = _Paragraph(tuple(_taken_apart(wording.subject, one_line)), frozenset())
    return subject, paragraphs, SECRET & (wording.needs | wording.may_have)


def _paragraph(text: str) -> _Paragraph:
    parts: list[str | tuple[str, Callable[[str], str]]] = []
    for line in text.split("\n"):
        parts += ["\n"] if parts else []
        parts += _taken_apart(line, several_lines if _MARK.fullmatch(line.strip()) else one_line)
    return _Paragraph(tuple(parts), frozenset(word for word, _optional in _MARK.findall(text)))


def _taken_apart(line: str, said: Callable[[str], str]) -> Iterator[str | tuple[str, Callable[[str], str]]]:
    since = 0
    for mark in _MARK.finditer(line):
        yield line[since : mark.start()]
        yield mark[1], said
        since = mark.end()
    yield line[since:]


def one_line(text: str) -> str:
    """Words in one line, without anything that is not seen.

    >>> one_line("Ann\\r\\nBcc: everybody@example.org")
    'Ann Bcc: everybody@example.org'
    """
    if text.isprintable():  # so there is nothing that is not seen
        return " ".join(text.split())
    return " ".join(_UNSEEN.sub("", _LINE_ENDS.sub("\n", text)).split())


def several_lines(text: str) -> str:
    """Words in their own lines, without anything that is not seen."""
    lines = text.split("\n")
    if not all(map(str.isprintable, lines)):
        lines = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def hide(text: str, secrets: tuple[str, ...] | list[str], instead: str = "[only in the message itself]") -> str:
    """A text without the words that open something."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, instead)
    return text
