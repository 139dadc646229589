"""The reasons of avoidable contact that advisers and customers may name: a list that a partnership edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import narwhals.stable.v2 as nw

from ....rules import PledgeError
from ....rules.language.grammar import Key
from ....rules.language.nodes import Reading
from ....rules.language.text import Node, parse
from ..columns import NOT_AVOIDABLE

REASON_LIST = {
    "title": Key("text", "What the list is called.", "Reasons of avoidable contact", required=True),
    "source": Key("text", "Where it is from, and how sure that is.", "Agreed by the partners in May", required=True),
    "not avoidable": Key("list", "Other words for a contact that had to be.", "[needed]"),
    "reasons": Key(
        "map", "The reasons by their codes.", "{progress_chasing: {title: Asks how far it is}}", required=True
    ),
}
_REASON = {
    "title": Key("text", "The reason as people are told of it.", "Asks how far it is", required=True),
    "also": Key("list", "Other words that logs have for it.", "[chase, status]"),
}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A reason of avoidable contact: its code, how people are told of it, and other words that logs have for it."""

    code: str
    title: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """A list of reasons, and where it is from.

    A log's word for a reason is its code, its title or one of its other words, in capital or small letters, with
    spaces, hyphens or underscores. A word that the list does not have says nothing: such a contact is unknown.
    """

    title: str
    source: str
    reasons: tuple[Reason, ...]
    not_avoidable: tuple[str, ...] = ()

    def code(self, column: str) -> nw.Expr:
        """The code of the reason that a column names, or `NOT_AVOIDABLE`; null where none of them is named."""
        word = nw.col(column).str.to_lowercase()
        expression = _code_if(word, (NOT_AVOIDABLE, *self.not_avoidable), NOT_AVOIDABLE, None)
        for reason in self.reasons:
            expression = _code_if(word, (reason.code, reason.title, *reason.also), reason.code, expression)
        return expression


def _code_if(word: nw.Expr, words: Iterable[str], code: str, otherwise: nw.Expr | None) -> nw.Expr:
    spelt = {plain.replace(" ", sign) for plain in map(_plain, words) for sign in " _-"}
    return nw.when(word.is_in(sorted(spelt))).then(nw.lit(code)).otherwise(otherwise)


def _plain(word: str) -> str:
    return word.lower().replace("_", " ").replace("-", " ")


def read_reasons(text: str, file: str = "<reasons>") -> Reasons:
    """Read a list of reasons. Raises `PledgeError` with all findings; no word may stand for two reasons.

    >>> text = "title: Ours\\nsource: us\\nreasons: {chase: {title: Asks how far it is, also: [status]}}"
    >>> read_reasons(text).reasons[0].also
    ('status',)
    """
    reading = Reading()
    node = parse(text, file)
    fields = reading.fields(node, REASON_LIST, "a list of reasons")
    entries = reading.entries(fields.get("reasons"), "reasons", names=False)
    found = Reasons(
        title=reading.text(fields.get("title")),
        source=reading.text(fields.get("source")),
        reasons=tuple(_reason(reading, code, entry) for code, entry in entries.items()),
        not_avoidable=_texts(reading, fields.get("not avoidable")),
    )
    _check_words(reading, node, found)
    if reading.findings:
        raise PledgeError(reading.findings)
    return found


def _reason(reading: Reading, code: str, node: Node) -> Reason:
    fields = reading.fields(node, _REASON, "a reason")
    return Reason(code=code, title=reading.text(fields.get("title")), also=_texts(reading, fields.get("also")))


def _texts(reading: Reading, node: Node | None) -> tuple[str, ...]:
    return tuple(reading.text(item) for item in reading.items(node))


def _check_words(reading: Reading, node: Node, found: Reasons) -> None:
    stands_for = {_plain(word): NOT_AVOIDABLE for word in (NOT_AVOIDABLE, *found.not_avoidable)}
    for reason in found.reasons:
        for word in (reason.code, reason.title, *reason.also):
            if stands_for.setdefault(_plain(word), reason.code) != reason.code:
                reading.wrong(node, f"“{word}” twice", "each word for one reason only", code="repeated")


@cache
def default_reasons() -> Reasons:
    """The list that ships."""
    return read_reasons(
        (files("makegood.analytics.journeys") / "data" / "reasons.yaml").read_text(encoding="utf-8"), "reasons.yaml"
    )
