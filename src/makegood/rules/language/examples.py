"""Reading the test cases that live in a pledge."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import cast

from ..errors import did_you_mean
from . import grammar
from . import model as m
from .declarations import Declarations
from .text import Mapping, Node, Scalar

STATUSES = ("pending", "left out", "void", "excused", "unknown", "kept", "broken", "running")


class Examples(Declarations):
    """The readers of examples."""

    def example(self, node: Node) -> m.Example:
        fields = self.fields(node, grammar.EXAMPLE, "an example")
        if "cases" in fields:
            cases = tuple(
                self.example_case(name, item)
                for name, item in self.entries(fields["cases"], "cases", names=False).items()
            )
        else:
            inside: dict[str, Node] = {key: fields[key] for key in grammar.EXAMPLE_CASE if key in fields}
            cases = (self._case("example", inside),)
        expected = tuple(
            self.expected(name, item, cases)
            for name, item in self.entries(fields.get("expect"), "outcomes", names=False).items()
        )
        as_of = self.instant(fields.get("as of")) or self.zone.datetime(0)
        return m.Example(name=self.text(fields.get("name")), as_of=as_of, cases=cases, expected=expected)

    def example_case(self, name: str, node: Node) -> m.ExampleCase:
        return self._case(name, self.fields(node, grammar.EXAMPLE_CASE, "a case"))

    def _case(self, name: str, fields: dict[str, Node]) -> m.ExampleCase:
        details = {}
        for key, item in self.entries(fields.get("details"), "details", names=False).items():
            self._declared(item, key, self.names.details, "a detail")
            details[key] = self.text(item)
        facts: list[m.ExampleFact] = []
        for key, item in self.entries(fields.get("facts"), "facts", names=False).items():
            self._declared(item, key, self.names.facts, "a fact")
            facts += [fact for each in self.items(item) if (fact := self.example_fact(key, each))]
        return m.ExampleCase(name=name, details=details, facts=tuple(facts))

    def _declared(self, node: Node, name: str, known: object, what: str) -> None:
        names = list(cast(AnyMapping[str, object], known))
        if name not in names:
            self.wrong(
                node, f"“{name[:60]}” is not {what} of this pledge", what, did_you_mean(name, names), "unknown-name"
            )

    def example_fact(self, name: str, node: Node) -> m.ExampleFact | None:
        recorded = None
        if isinstance(node, Mapping):
            fields = self.fields(node, grammar.RECORDED, "a fact")
            recorded = self.instant(fields.get("recorded at"))
            at = self.instant(fields.get("at"))
        else:
            at = self.instant(node)
        return m.ExampleFact(name=name, at=at, recorded_at=recorded) if at else None

    def expected(self, name: str, node: Node, cases: tuple[m.ExampleCase, ...]) -> m.Expected:
        case, _, standard = name.rpartition("/")
        if standard not in self.names.standards:
            self.wrong(
                node,
                f"“{standard[:60]}” is not a standard of this pledge",
                "a standard",
                did_you_mean(standard, self.names.standards),
                "unknown-name",
            )
        names = [each.name for each in cases]
        if (case and case not in names) or (not case and len(cases) > 1):
            self.wrong(
                node,
                f"no case “{case[:60]}” in this example",
                "CASE/STANDARD",
                did_you_mean(case, names),
                "unknown-name",
            )
        case = case or (names[0] if names else "")
        if isinstance(node, Scalar):
            return m.Expected(standard=standard, case=case, status=self.word(node, STATUSES, "kept"))
        fields = self.fields(node, grammar.EXPECTED, "an outcome")
        owed = fields.get("owed")
        return m.Expected(
            standard=standard,
            case=case,
            status=self.word(fields.get("status"), STATUSES, "kept"),
            due=self.instant(fields.get("due")),
            owed=None if owed is None else self.pounds(owed),
        )
