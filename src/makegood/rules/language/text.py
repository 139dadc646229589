"""YAML or JSON text as nodes that know their place; every scalar stays the text that was written.

A value gets its type from where it stands in a pledge and never from how YAML would guess it, so `no`,
`09:00` and `1.10` mean what a reader sees. Anchors, tags, repeated keys and oversized texts are refused.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..errors import Finding, Place, PledgeError

SIZE_LIMIT = 2_000_000
_DEPTH_LIMIT = 40
_NODE_LIMIT = 200_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_TABBED = re.compile(r"[ -]*\t")
_COMMENT = re.compile(r"[ \t]+#[^\s#]")
_LONE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.S
)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """One piece of text."""

    place: Place
    text: str
    inset: int = 0
    """Characters before the text: the opening quote."""
    cut: bool = False
    """Whether a `#` that looks like a part of the text made the rest of it a comment."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of nodes."""

    place: Place
    items: list[Node] = field(default_factory=list)
    flow: bool = False
    """Written between brackets, with commas."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Named nodes in the order written, each with the scalar that is its key."""

    place: Place
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)
    flow: bool = False
    """Written between braces, with commas."""


Node = Scalar | Listing | Mapping


def parse(text: str, file: str = "<text>") -> Node:
    """Read a text into nodes. JSON is read as what it is too. Raises `PledgeError` with the place."""
    if len(text) > SIZE_LIMIT:
        raise PledgeError(
            [
                Finding(
                    place=Place(file=file),
                    code="too-large",
                    found=f"a text of {len(text):,} characters",
                    expected=f"at most {SIZE_LIMIT:,}",
                )
            ]
        )
    lone = _LONE.search(text)
    if lone:
        raise _half(text, lone.start(), file)
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] == "{":
        read_json(text, file)
        text = _ESCAPED.sub(_whole_character, text.replace("\t", " "))
    try:
        return _Tree(file, text).build(text)
    except yaml.YAMLError as error:
        raise PledgeError([_syntax(error, file, _LINE_END.split(text))]) from None
    except RecursionError:
        raise PledgeError(
            [
                Finding(
                    place=Place(file=file),
                    code="syntax",
                    found="a text that is nested too deeply",
                )
            ]
        ) from None


def _whole_character(escape: re.Match[str]) -> str:
    """An escape of JSON as YAML has it, where characters beyond 16 bits are written whole."""
    if len(escape[0]) != len(r"\ud83d\ude00"):
        return escape[0]
    high, low = int(escape[0][2:6], 16), int(escape[0][8:], 16)
    return f"\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08x}"


def _half(text: str, at: int, file: str) -> PledgeError:
    place = Place(file=file, line=text.count("\n", 0, at) + 1, column=at - text.rfind("\n", 0, at))
    return PledgeError([Finding(place=place, code="syntax", found="half of a character (a lone surrogate)")])


def read_json(text: str, file: str) -> Any:
    """What a JSON text holds, its numbers as text. Raises `PledgeError` with the place."""
    lone = next((escape for escape in _ESCAPED.finditer(text) if escape["lone"]), None)
    if lone:
        raise _half(text, lone.start(), file)
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        place = Place(file=file, line=error.lineno, column=error.colno)
        raise PledgeError([Finding(place=place, code="syntax", found=f"JSON: {error.msg}")]) from None
    except RecursionError:
        raise PledgeError(
            [
                Finding(
                    place=Place(file=file),
                    code="syntax",
                    found="JSON that is nested too deeply",
                )
            ]
        ) from None


def _syntax(error: yaml.YAMLError, file: str, lines: list[str]) -> Finding:
    mark = getattr(error, "problem_mark", None)
    place = Place(file=file, line=mark.line + 1, column=mark.column + 1) if mark else Place(file=file)
    problem = str(getattr(error, "problem", "") or getattr(error, "reason", "") or "not readable as YAML")
    context = getattr(error, "context_mark", None)
    if context and "quoted scalar" in str(getattr(error, "context", "")):
        place = Place(file=file, line=context.line + 1, column=context.column + 1)
        problem, mend = "a quotation mark that is not closed", "close it, or take it away"
    else:
        mend = _syntax_mend(problem, lines[: place.line])
    return Finding(place=place, code="syntax", found=problem, expected="lines of the form “key: value”", mend=mend)


def _syntax_mend(problem: str, lines: list[str]) -> str:
    """The likely mend of lines of which the last one cannot be read."""
    if any(_TABBED.match(line) for line in lines[-2:]):
        return "indent with spaces, not tabs"
    for number, line in enumerate(lines, start=1):
        if line.count('"') % 2:
            return f"a quotation mark in line {number} may not be closed"
    return "put a text that contains “: ” in quotes" if "mapping values are not allowed" in problem else ""


class _Tree:
    """Builds nodes from parser events, without recursion."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = _LINE_END.split(text) if _COMMENT.search(text) else []
        self.findings: list[Finding] = []

    def build(self, text: str) -> Node:
        open_nodes: list[Listing | Mapping] = []
        waiting: list[Scalar | None] = []
        root: Node | None = None
        documents = count = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, "a second document", "one pledge in a file", "many-documents")
                    break
            elif isinstance(event, yaml.AliasEvent):
                self.refuse(event, "a YAML alias (*)", "the value itself", "alias")
                self._place_in(open_nodes, waiting, Scalar(self.at(event), ""))
            elif isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent):
                count += 1
                if count > _NODE_LIMIT or len(open_nodes) > _DEPTH_LIMIT:
                    self.refuse(
                        event, "more, or more deeply nested, than a pledge needs", "a smaller text", "too-large"
                    )
                    break
                node = self.node(event)
                if not self._place_in(open_nodes, waiting, node):
                    root = node
                if not isinstance(node, Scalar):
                    open_nodes.append(node)
                    waiting.append(None)
            elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                open_nodes.pop()
                waiting.pop()
        if self.findings:
            raise PledgeError(self.findings)
        return root if root is not None else Scalar(Place(file=self.file), "")

    def node(self, event: Any) -> Node:
        if event.anchor:
            self.refuse(event, f"a YAML anchor (&{event.anchor})", "the value itself", "alias")
        if event.tag and event.tag != "!":
            self.refuse(event, f"a YAML tag ({event.tag})", "plain text", "tag")
        if isinstance(event, yaml.ScalarEvent):
            value = _SURROGATES.sub(
                lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), event.value
            )
            return Scalar(self.at(event), value, 1 if event.style in ("'", '"') else 0, self._is_cut(event))
        kind = Listing if isinstance(event, yaml.SequenceStartEvent) else Mapping
        return kind(self.at(event), flow=bool(event.flow_style))

    def _is_cut(self, event: Any) -> bool:
        """Whether ` #3` follows a text without quotes; a comment of its own has a space after the `#`."""
        end = event.end_mark
        if event.style in ("'", '"', "|", ">") or not event.value or end.line >= len(self.lines):
            return False
        return bool(_COMMENT.match(self.lines[end.line], end.column))

    def _place_in(self, open_nodes: list[Listing | Mapping], waiting: list[Scalar | None], node: Node) -> bool:
        """Put a node where it belongs; false when it is the root."""
        if not open_nodes:
            return False
        parent = open_nodes[-1]
        if isinstance(parent, Listing):
            parent.items.append(node)
        elif waiting[-1] is None:
            if not isinstance(node, Scalar):
                self.findings.append(
                    Finding(
                        place=node.place,
                        code="syntax",
                        found="a key that is not plain text",
                        expected="“key: value”",
                    )
                )
                node = Scalar(node.place, "?")
            elif node.text in parent.entries:
                self.findings.append(
                    Finding(
                        place=node.place,
                        code="repeated-key",
                        found=f"“{node.text}” a second time",
                        expected="each key once",
                        mend=f"it stands first in line {parent.keys[node.text].place.line}",
                    )
                )
            waiting[-1] = node
        else:
            parent.entries[waiting[-1].text] = node
            parent.keys[waiting[-1].text] = waiting[-1]
            waiting[-1] = None
        return True

    def at(self, event: Any) -> Place:
        return Place(file=self.file, line=event.start_mark.line + 1, column=event.start_mark.column + 1)

    def refuse(self, event: Any, found: str, expected: str, code: str) -> None:
        self.findings.append(Finding(place=self.at(event), code=code, found=found, expected=expected))
