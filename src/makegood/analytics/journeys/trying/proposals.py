"""Changes that partners could make, as values: read from words or from a file, and said again in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ....rules import PledgeError
from ....rules.errors import Finding, Place
from ....rules.language.grammar import Key
from ....rules.language.nodes import Reading
from ....rules.language.text import Mapping as MappingNode
from ....rules.language.text import Node, Scalar, parse
from ..columns import Kind
from ..names import What

PROPOSALS = {
    "changes": Key("list", "The changes, in words or each with the keys below.", "[{share: …}]", required=True)
}
"""The key of a file of changes."""

SHARE = {
    "share": Key("text", "The item of information.", "proof of income", required=True),
    "between": Key("list", "The two organisations.", "[the council, the college]", required=True),
}
JOIN = {
    "join": Key("text", "Which kind of contact.", "visit", required=True),
    "at": Key("text", "At which organisation.", "the council", required=True),
    "with": Key("text", "Which other kind of contact.", "visit", required=True),
    "with at": Key("text", "At which organisation.", "the Jobcentre", required=True),
    "within": Key("number", "Days at most from the start of one to that of the other; 30 unless said.", "14"),
}
PROMISE = {
    "promise": Key("text", "The step, need or organisation.", "decision", required=True),
    "of": Key("word", "Whether that is a step, a need or an organisation.", "need", required=True),
    "within": Key("text", "How many days or working days.", "2 working days", required=True),
}
EFFECT = {"effect": Key("text", "Which share of the contacts falls away, from low to high.", "50 to 100 %")}
"""The keys of one change: those of its kind, and `EFFECT`."""

_OF: Mapping[str, What] = {"step": "step", "need": "need", "organisation": "organisation"}
KINDS_OF_PLACE = tuple(_OF)
LONGEST = 366
"""No promise is longer than so many days, nor are two contacts that become one further apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """Which share of what a change could save is saved: at least, and at most. 0 to 1."""

    low: float = 0.5
    high: float = 1.0

    @property
    def middle(self) -> float:
        """What is told as the value."""
        return (self.low + self.high) / 2

    def __str__(self) -> str:
        ends = dict.fromkeys(f"{100 * end:.0f}" for end in (self.low, self.high))
        return f"{' to '.join(ends)} %"


USUAL = Effect()


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Two organisations share an item of information, or one looks into its own record when both are the same.

    The contacts that only served to ask for it, or to bring it, fall away.
    """

    item: str
    one: str
    other: str
    effect: Effect = USUAL

    def __str__(self) -> str:
        return f"share {_quoted(self.item)} between {_quoted(self.one)} and {_quoted(self.other)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Join:
    """Two contacts of one journey at most `days` days apart become one: the later falls away with its travel.

    Of the customer's own time in the later, `own_time` is saved.
    """

    kind: str
    one: str
    other_kind: str
    other: str
    days: int = 30
    effect: Effect = USUAL
    own_time: Effect = Effect(low=0.0, high=0.5)

    def __str__(self) -> str:
        first, second = (f"{self.kind} at {_quoted(self.one)}", f"{self.other_kind} at {_quoted(self.other)}")
        return f"join {first} with {second} within {_days_said(self.days)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """What comes next after a contact comes within so many days, or working days, and the customer knows it.

    `of` says whether `name` is a step (`activity`), a need or an organisation.
    """

    of: str
    name: str
    days: int
    working: bool = False
    effect: Effect = USUAL

    @property
    def title(self) -> str:
        """The promise as people say it."""
        where = {"step": "after", "need": "for", "organisation": "at"}[self.of]
        return f"{where} {_quoted(self.name)}, promise what comes next within {self._span}"

    @property
    def _span(self) -> str:
        return _days_said(self.days, "working day" if self.working else "day")

    def __str__(self) -> str:
        return f"promise {self.of} {_quoted(self.name)} within {self._span}"


Proposal = Share | Join | Promise


def _quoted(name: str) -> str:
    return f"“{name}”"


def _days_said(days: int, word: str = "day") -> str:
    return f"{days} {word}{'' if days == 1 else 's'}"


def names_in(proposal: Proposal) -> Iterator[tuple[What, str]]:
    """What a change names, with what each name is of."""
    match proposal:
        case Share():
            yield "item", proposal.item
            yield from (("holder", name) for name in (proposal.one, proposal.other))
        case Join():
            yield from (("organisation", name) for name in (proposal.one, proposal.other))
        case Promise():
            yield _OF[proposal.of], proposal.name


# --- from words ---------------------------------------------------------------------------------------------------

_QUOTES = re.compile(r"“([^”]*)”|\"([^\"]*)\"")
_HIDDEN = re.compile("\x00(\\d+)\x00")
_KINDS = "|".join(re.escape(kind) for kind in sorted(Kind, key=len, reverse=True))
_SHARE = re.compile(r"share (.+) between (.+) and (.+)")
_JOIN = re.compile(rf"join ({_KINDS}) at (.+) with ({_KINDS}) at (.+?)(?: within (\d+) days?)?")
_PROMISE = re.compile(rf"promise ({'|'.join(KINDS_OF_PLACE)}) (.+) within (.+)")
_WITHIN = re.compile(r"(\d{1,3}) (working )?days?")
_EFFECT = re.compile(r"(\d{1,3}) ?%?(?: (?:to|-|–) (\d{1,3}) ?%?)?")
_SAYING = {
    "share": "share ITEM between ORGANISATION and ORGANISATION",
    "join": "join visit at ORGANISATION with visit at ORGANISATION within 14 days",
    "promise": "promise step (or need, organisation) NAME within 2 working days",
}
_MEND = "put names in quotes: “trading and planning”"


class _NoChangeError(ValueError):
    """Words that are no change: what was found, what is expected, and perhaps a mend."""

    def __init__(self, found: str, expected: str, mend: str = "") -> None:
        super().__init__(found)
        self.found, self.expected, self.mend = found, expected, mend


def read_proposal(words: str, place: Place | None = None) -> Proposal:
    """A change said in words, one of those of `_SAYING`; “, avoiding 60 to 90 %” behind it says its effect.

    A name with a word in it that parts two names has to stand in quotes. Raises `PledgeError`.

    >>> read_proposal("share proof of income between the council and the college").item
    'proof of income'
    >>> str(read_proposal("promise need “rent” within 2 working days, avoiding 60 to 90 %").effect)
    '60 to 90 %'
    """
    try:
        return _proposal(words)
    except _NoChangeError as wrong:
        place = place or Place(file="<change>")
        finding = Finding(place=place, code="shape", found=wrong.found, expected=wrong.expected, mend=wrong.mend)
        raise PledgeError([finding]) from wrong


def _proposal(words: str) -> Proposal:
    quoted: list[str] = []

    def hidden(found: re.Match[str]) -> str:
        quoted.append(found[1] or found[2] or "")
        return f"\x00{len(quoted) - 1}\x00"

    def name(text: str, *parting: str) -> str:
        if any(f" {word} " in f" {text} " for word in parting):
            raise _NoChangeError(f"“{text[:60]}”, in which it is not clear where a name ends", "", _MEND)
        return _HIDDEN.sub(lambda found: quoted[int(found[1])], text.strip())

    plain = " ".join(_QUOTES.sub(hidden, words.replace("\x00", " ")).split())
    plain, _, avoiding = plain.partition(" avoiding ")
    effect = _effect(avoiding) if avoiding else USUAL
    plain = plain.rstrip(",; ")
    kind = plain.partition(" ")[0]
    if found := _SHARE.fullmatch(plain):
        item, one, other = found.groups()
        return Share(item=name(item, "between"), one=name(one, "and"), other=name(other, "and"), effect=effect)
    if found := _JOIN.fullmatch(plain):
        kind, one, other_kind, other, days = found.groups()
        return Join(
            kind=kind,
            one=name(one, "with", "at"),
            other_kind=other_kind,
            other=name(other, "with", "at", "within"),
            days=_days(days or "30"),
            effect=effect,
        )
    if found := _PROMISE.fullmatch(plain):
        of, promised, limit = found.groups()
        days, working = _within(limit)
        return Promise(of=of, name=name(promised, "within"), days=days, working=working, effect=effect)
    raise _NoChangeError(f"“{words.strip()[:80]}” is no change that is known", _expected(kind))


def _expected(kind: str) -> str:
    return _SAYING.get(kind) or "; or ".join(_SAYING.values())


def _effect(words: str) -> Effect:
    found = _EFFECT.fullmatch(words.strip())
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not 0 <= low <= high <= 100:
        raise _NoChangeError(f"“{words.strip()[:40]}” is no range of shares", "such as 50 to 100 %")
    return Effect(low=low / 100, high=high / 100)


def _within(words: str) -> tuple[int, bool]:
    found = _WITHIN.fullmatch(" ".join(words.split()))
    if not found:
        raise _NoChangeError(f"“{words.strip()[:40]}” is no promise", "such as 2 days, or 2 working days")
    return _days(found[1]), bool(found[2])


def _days(words: str) -> int:
    if not (words.isascii() and words.isdigit() and int(words[:9]) <= LONGEST):
        raise _NoChangeError(f"“{words[:40]}” days", f"a whole number of days, 0 to {LONGEST}")
    return int(words)


# --- from a file --------------------------------------------------------------------------------------------------


def read_proposals(text: str, file: str = "<changes>") -> tuple[Proposal, ...]:
    """Read a file of changes, YAML or JSON: each in words, or with keys. Raises `PledgeError` with all findings.

    >>> text = "changes: [{share: payslip, between: [A, B]}, promise step decision within 2 days]"
    >>> [str(each) for each in read_proposals(text)]
    ['share “payslip” between “A” and “B”', 'promise step “decision” within 2 days']
    """
    reading = Reading()
    nodes = reading.items(reading.fields(parse(text, file), PROPOSALS, "a file of changes").get("changes"))
    found = [each for node in nodes if (each := _from_node(reading, node)) is not None]
    if reading.findings:
        raise PledgeError(reading.findings)
    return tuple(found)


def _from_node(reading: Reading, node: Node) -> Proposal | None:
    try:
        if isinstance(node, Scalar):
            return _proposal(reading.text(node))
        for kind, table, read in (("share", SHARE, _share), ("join", JOIN, _join), ("promise", PROMISE, _promise)):
            if isinstance(node, MappingNode) and kind in node.entries:
                before = len(reading.findings)
                fields = reading.fields(node, {**table, **EFFECT}, f"a change of the kind “{kind}”")
                said = {key: reading.text(value) for key, value in fields.items() if key != "between"}
                between = [reading.text(each) for each in reading.items(fields.get("between"))]
                if len(reading.findings) > before:
                    return None
                effect = _effect(said["effect"]) if "effect" in said else USUAL
                return read(said, between, effect)
        raise _NoChangeError("a change of no known kind", "; or ".join(_SAYING.values()))
    except _NoChangeError as wrong:
        reading.wrong(node, wrong.found, wrong.expected, wrong.mend, code="shape")
        return None


def _share(said: Mapping[str, str], between: Sequence[str], effect: Effect) -> Proposal:
    if len(between) != 2:
        raise _NoChangeError(f"{len(between)} organisations under “between”", SHARE["between"].example)
    return Share(item=said["share"], one=between[0], other=between[1], effect=effect)


def _join(said: Mapping[str, str], _: Sequence[str], effect: Effect) -> Proposal:
    for key in ("join", "with"):
        if said[key] not in list(Kind):
            raise _NoChangeError(f"“{said[key][:40]}” is no kind of contact", ", ".join(Kind))
    return Join(
        kind=said["join"],
        one=said["at"],
        other_kind=said["with"],
        other=said["with at"],
        days=_days(said.get("within", "30")),
        effect=effect,
    )


def _promise(said: Mapping[str, str], _: Sequence[str], effect: Effect) -> Proposal:
    if said["of"] not in KINDS_OF_PLACE:
        raise _NoChangeError(f"“{said['of'][:40]}” under “of”", ", ".join(KINDS_OF_PLACE))
    days, working = _within(said["within"])
    return Promise(of=said["of"], name=said["promise"], days=days, working=working, effect=effect)
