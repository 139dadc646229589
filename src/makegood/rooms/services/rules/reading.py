"""A service's text, read strictly: every mistake with its place, what was expected, and the likely mend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from makegood.rules import Finding, PledgeError
from makegood.rules.errors import Severity, did_you_mean, listed
from makegood.rules.language.nodes import Reading
from makegood.rules.language.text import Mapping as Entries
from makegood.rules.language.text import Node, parse

from ..events import Choice, Closing, Exemption, FactKind, Kind, OnlyIf, Question, Service
from . import grammar

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,58}")
_DAYS = re.compile(r"(\d{1,3}) days?")
_ONLY_IF = re.compile(r"([\w-]+) is ([\w-]+(?: or [\w-]+)*)")
_WHO = ("staff", "crew", "resident")
_MOST = {"name": 80, "summary": 300, "ask": 200, "why": 300, "label": 200, "cause": 300}


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the pledge of a service knows: its facts, its details, and the values of details that are one of some."""

    facts: frozenset[str]
    details: frozenset[str]
    allowed: Mapping[str, frozenset[str]] = field(default_factory=dict)


def check_service(text: str, known: Known, file: str = "service") -> tuple[Service | None, list[Finding]]:
    """Read a service and hold it against its pledge: the service, if no finding is an error, and every finding."""
    try:
        root = parse(text, file)
    except PledgeError as error:
        return None, list(error.findings)
    reader = _Reader(known)
    service = reader.service(root, 0)
    failed = any(each.severity is Severity.ERROR for each in reader.findings)
    return (None if failed else service), sorted(reader.findings, key=lambda each: each.place)


@lru_cache(maxsize=512)
def read_service(text: str, version: int = 0) -> Service:
    """Read a service's text that was checked before. Raises `PledgeError` with every finding."""
    reader = _Reader(None)
    service = reader.service(parse(text, "service"), version)
    errors = [each for each in reader.findings if each.severity is Severity.ERROR]
    if errors:
        raise PledgeError(errors)
    return service


class _Reader(Reading):
    """Reads one service; without `known` its names are taken as they are."""

    def __init__(self, known: Known | None) -> None:
        super().__init__()
        self.known_here = known

    def service(self, root: Node, version: int) -> Service:
        fields = self.fields(root, grammar.SERVICE, "a service")
        waiting = self.fields(fields.get("waiting"), grammar.WAITING, "“waiting”")
        questions = self.questions(fields.get("questions"))
        service = Service(
            code=self.name(fields.get("service")),
            name=self.short(fields.get("name"), "name"),
            summary=self.short(fields.get("summary"), "summary"),
            also_called=tuple(self.text(item) for item in self.items(fields.get("also called"))),
            pledge=self.name(fields.get("pledge")),
            team=self.name(fields.get("team")),
            questions=questions,
            start_fact=self.fact(fields.get("starts with")),
            done_fact=self.fact(fields.get("done when")),
            pause_from=self.fact(waiting.get("from")),
            pause_until=self.fact(waiting.get("until")),
            wait_days=self.days(waiting.get("at most"), unsaid=28),
            facts=tuple(self.fact_kind(item) for item in self.items(fields.get("facts"))),
            exemptions=self.exemptions(fields.get("exemptions")),
            closings=self.closings(fields.get("closing reasons")),
            asks_place=self.yes(fields.get("place")),
            place_is_public=self.yes(fields.get("public place")),
            asks_photo=self.yes(fields.get("photo")),
            vouch_days=self.days(fields.get("reopen within")),
            version=version,
        )
        self.unfilled(root, service)
        return service

    # --- small things

    def name(self, node: Node | None) -> str:
        """A short name."""
        text = self.text(node)
        if node is not None and not _NAME.fullmatch(text):
            self.wrong(
                node,
                f"“{text[:60]}” cannot be a name",
                "letters, digits, - and _, beginning with a letter",
                code="name",
            )
        return text

    def short(self, node: Node | None, what: str) -> str:
        """Words that are not empty and not too long."""
        text, most = self.text(node), _MOST[what]
        if node is not None and not 0 < len(text) <= most:
            self.wrong(node, f"{len(text)} letters", f"words, at most {most} letters", code="length")
        return text

    def fact(self, node: Node | None) -> str:
        """A fact that the pledge declares."""
        return self.of_pledge(node, self.known_here.facts if self.known_here else None, "a fact of the promise")

    def of_pledge(self, node: Node | None, known: Iterable[str] | None, what: str) -> str:
        """A name that the pledge declares."""
        text = self.text(node)
        if node is not None and known is not None and text not in (names := sorted(known)):
            self.wrong(node, f"“{text[:60]}” is not {what}", what, did_you_mean(text, names), "unknown-name")
        return text

    def days(self, node: Node | None, *, unsaid: int = 14) -> int:
        """A number of days."""
        found = _DAYS.fullmatch(self.text(node))
        if node is not None and not (found and 1 <= int(found[1]) <= 365):
            self.wrong(node, f"“{self.text(node)[:40]}”", "a number of days from 1 to 365, such as 14 days")
        return int(found[1]) if found else unsaid

    def once(self, node: Node, names: Iterable[str], name: str, what: str) -> None:
        """Note a name that was used before."""
        if name and name in names:
            self.wrong(node, f"{what} “{name[:60]}” a second time", "each name once", code="repeated-name")

    # --- questions

    def questions(self, node: Node | None) -> tuple[Question, ...]:
        """The questions, in order."""
        found: dict[str, Question] = {}
        filled: dict[str, str] = {}
        for item in self.items(node):
            question = self.question(item, found)
            self.once(item, found, question.name, "the question")
            if question.detail and question.detail in filled:
                self.wrong(
                    item,
                    f"the detail “{question.detail}” is filled by “{filled[question.detail]}” already",
                    "one question for each detail",
                    code="repeated-name",
                )
            filled[question.detail] = question.name
            found[question.name] = question
        return tuple(found.values())

    def question(self, node: Node, before: Mapping[str, Question]) -> Question:
        """One question."""
        fields = self.fields(node, grammar.QUESTION, "a question")
        kind = self.word(fields.get("kind"), [each.value for each in Kind], Kind.WORDS.value)
        question = Question(
            name=self.name(fields.get("name")),
            ask=self.short(fields.get("ask"), "ask"),
            why=self.short(fields.get("why"), "why"),
            kind=Kind(kind),
            choices=self.choices(fields.get("choices")),
            required=self.word(fields.get("required"), ["yes", "no"], "yes") == "yes",
            detail=self.of_pledge(
                fields.get("detail"), self.known_here.details if self.known_here else None, "a detail of the promise"
            ),
            only_if=self.only_if(fields.get("only if"), before),
            past=self.yes(fields.get("past")),
            years_back=self.whole(fields.get("years back"), 10),
        )
        self.fits(node, question, fields)
        return question

    def fits(self, node: Node, question: Question, fields: Mapping[str, Node]) -> None:
        """Note parts of a question that do not go together."""
        if question.kind is Kind.CHOICE and len(question.choices) < 2 and "kind" in fields:
            self.wrong(
                node, "a choice without two answers", "choices: {green: Green bin, brown: Brown bin}", code="choices"
            )
        if question.kind is not Kind.CHOICE and "choices" in fields:
            self.wrong(
                fields["choices"], f"choices for a question of kind {question.kind}", "kind: choice", code="choices"
            )
        for key in ("past", "years back"):
            if key in fields and question.kind is not Kind.DATE:
                self.wrong(fields[key], f"“{key}” for a question of kind {question.kind}", "kind: date", code="value")
        self.fits_detail(node, question, fields)
        if question.detail and (question.only_if or not question.required) and self.known_here:
            self.wrong(
                node,
                f"“{question.name}” is not always answered, but fills a detail of the promise",
                "a question that everybody answers, or a promise that can do without",
                code="may-be-missing",
                severity=Severity.WARNING,
            )

    def fits_detail(self, node: Node, question: Question, fields: Mapping[str, Node]) -> None:
        """Note answers that the detail of the promise does not know."""
        allowed = self.known_here.allowed.get(question.detail) if self.known_here else None
        if not allowed:
            return
        possible = {choice.value for choice in question.choices}
        if question.kind is Kind.YES_NO:
            possible = {"yes", "no"}
        stray = sorted(possible - allowed) if possible else [f"answers of kind {question.kind}"]
        if stray:
            self.wrong(
                fields.get("choices", node),
                f"“{stray[0]}”, which the promise does not know as {question.detail}",
                f"of {listed(sorted(allowed))}",
                did_you_mean(stray[0], allowed),
                "unknown-name",
            )

    def choices(self, node: Node | None) -> tuple[Choice, ...]:
        """The answers to choose from."""
        found = []
        for value, item in (self.entries(node, "choices", names=False)).items():
            if not re.fullmatch(r"[\w-]{1,60}", value):
                self.wrong(item, f"“{value[:60]}” cannot be kept as an answer", "letters, digits, - and _", code="name")
            if isinstance(item, Entries):
                fields = self.fields(item, grammar.CHOICE, "a choice")
                label, hint = self.short(fields.get("says"), "label"), self.text(fields.get("hint"))
            else:
                label, hint = self.short(item, "label"), ""
            found.append(Choice(value=value, label=label, hint=hint))
        return tuple(found)

    def only_if(self, node: Node | None, before: Mapping[str, Question]) -> OnlyIf | None:
        """The answer after which a question is asked."""
        if node is None:
            return None
        text = self.text(node)
        found = _ONLY_IF.fullmatch(text)
        if not found:
            self.wrong(node, f"“{text[:60]}”", "QUESTION is ANSWER, or QUESTION is ANSWER or ANSWER", code="condition")
            return None
        earlier, answers = before.get(found[1]), frozenset(found[2].split(" or "))
        if earlier is None:
            self.wrong(
                node,
                f"“{found[1][:60]}” is no question above this one",
                "a question that was asked before",
                did_you_mean(found[1], before),
                "unknown-name",
            )
        elif earlier.kind not in (Kind.CHOICE, Kind.YES_NO):
            self.wrong(
                node, f"“{earlier.name}” has answers of any kind", "a choice or a yes-no question", code="condition"
            )
        else:
            possible = {choice.value for choice in earlier.choices} or {"yes", "no"}
            for stray in sorted(answers - possible):
                self.wrong(
                    node,
                    f"“{stray}” is no answer to “{earlier.name}”",
                    f"of {listed(sorted(possible))}",
                    did_you_mean(stray, possible),
                    "unknown-name",
                )
        return OnlyIf(question=found[1], answers=answers)

    # --- facts and endings

    def fact_kind(self, node: Node) -> FactKind:
        """A fact that people record."""
        fields = self.fields(node, grammar.FACT, "a fact")
        return FactKind(
            name=self.fact(fields.get("fact")),
            label=self.short(fields.get("label"), "label"),
            who=self.word(fields.get("who"), _WHO, "staff"),
            cause=self.short(fields.get("cause"), "cause"),
        )

    def exemptions(self, node: Node | None) -> tuple[Exemption, ...]:
        """Facts that excuse us."""
        found = []
        for name, item in self.entries(node, "exemptions").items():
            known = self.known_here.facts if self.known_here else None
            if known is not None and name not in known:
                self.wrong(
                    item, f"“{name}” is not a fact of the promise", "a fact", did_you_mean(name, known), "unknown-name"
                )
            found.append(Exemption(fact=name, label=self.short(item, "label")))
        return tuple(found)

    def closings(self, node: Node | None) -> tuple[Closing, ...]:
        """The reasons for closing."""
        found: dict[str, Closing] = {}
        for item in self.items(node):
            fields = self.fields(item, grammar.CLOSING, "a closing reason")
            closing = Closing(
                code=self.name(fields.get("code")),
                label=self.short(fields.get("label"), "label"),
                fixed=self.yes(fields.get("fixed")),
            )
            self.once(item, found, closing.code, "the closing reason")
            found[closing.code] = closing
        if node is not None and not {True, False} <= {each.fixed for each in found.values()}:
            self.wrong(
                node,
                "closing reasons of one sort alone",
                "at least one with fixed: yes, and one with fixed: no",
                "what was not fixed must never count as fixed",
                "closing",
            )
        return tuple(found.values())

    def unfilled(self, root: Node, service: Service) -> None:
        """Note details of the pledge that no question fills."""
        if self.known_here is None:
            return
        for detail in sorted(self.known_here.details - {question.detail for question in service.questions}):
            self.wrong(
                root,
                f"no question fills the detail “{detail}” of the promise",
                f"a question with detail: {detail}",
                code="unfilled",
                severity=Severity.WARNING,
            )
