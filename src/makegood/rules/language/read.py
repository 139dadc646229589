"""From pledge text to the typed pledge: every mistake found, each with its place."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from fractions import Fraction
from typing import cast

from ..errors import Finding, PledgeError, Severity, did_you_mean
from ..working_time import Calendar, zone_named
from . import grammar
from . import model as m
from .examples import Examples
from .phrases import Names, Phrase, is_name
from .text import Listing, Mapping, Node, Scalar, parse

_HOUR = m.Within(count=Fraction(1), unit=m.Unit.HOUR)
_NOTHING = m.Amount(first=None)
_ALWAYS: m.Condition = m.AllOf(parts=())
_JOINED: dict[str, type[m.AllOf | m.AnyOf | m.NoneOf]] = {"all of": m.AllOf, "any of": m.AnyOf, "none of": m.NoneOf}


def read_pledge(text: str, file: str = "<text>", *, calendars: AnyMapping[str, Calendar] | None = None) -> m.Pledge:
    """Read a pledge from YAML or JSON text.

    `calendars` are those that calendars of the text may refer to. Raises `PledgeError` with all findings.

    >>> read_pledge("pledge: x\\ntitle: X\\nfacts: {asked: you ask}\\n").title
    'X'
    """
    pledge, findings = try_read(text, file, calendars=calendars)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if pledge is None or errors:
        raise PledgeError(errors)
    return pledge


def try_read(
    text: str, file: str = "<text>", *, calendars: AnyMapping[str, Calendar] | None = None
) -> tuple[m.Pledge | None, list[Finding]]:
    """As `read_pledge`, but gives the findings back, and the pledge only when none of them is an error."""
    try:
        root = parse(text, file)
    except PledgeError as error:
        return None, list(error.findings)
    return read_nodes(root, calendars=calendars)


def read_nodes(
    root: Node, *, calendars: AnyMapping[str, Calendar] | None = None
) -> tuple[m.Pledge | None, list[Finding]]:
    """As `try_read`, from the nodes of a text that was parsed."""
    reader = _PledgeReader(calendars or {})
    pledge = reader.pledge(root)
    failed = any(finding.severity is Severity.ERROR for finding in reader.findings)
    return (None if failed else pledge), sorted(reader.findings, key=lambda finding: finding.place)


class _PledgeReader(Examples):
    def __init__(self, calendars: AnyMapping[str, Calendar]) -> None:
        super().__init__()
        self.known_calendars = calendars

    # -- the whole

    def pledge(self, root: Node) -> m.Pledge:
        fields = self.fields(root, grammar.PLEDGE, "a pledge")
        zone = self.zone_of(fields.get("zone"), "Europe/London")
        self.zone = zone_named(zone)
        facts = {name: self.text(node) for name, node in self.entries(fields.get("facts"), "facts").items()}
        details = {
            name: self.detail(name, node) for name, node in self.entries(fields.get("details"), "details").items()
        }
        rates = {name: self.rates(node) for name, node in self.entries(fields.get("rates"), "rates").items()}
        term_nodes = self.entries(fields.get("terms"), "terms")
        self._clashes(fields)
        versions = self.items(fields.get("versions"))
        self.names = Names(
            facts=facts,
            details=details,
            terms=term_nodes,
            rates={name: dated[0].kind for name, dated in rates.items() if dated},
            standards=self._standard_names(fields, versions),
        )
        terms = {name: self.condition(node) or _ALWAYS for name, node in term_nodes.items()}
        self._circles(terms, term_nodes)
        calendars = self.calendars(fields.get("calendars"))
        shared = _Shared(self.calendar_names(fields.get("calendar")), self.text(fields.get("short months")))
        self._short_months(fields.get("short months"))
        subject = self.known(fields.get("subject"), details, "a detail")
        return m.Pledge(
            name=self._pledge_name(fields.get("pledge")),
            title=self.text(fields.get("title")),
            provider=self.text(fields.get("provider")),
            about=self.text(fields.get("about")),
            basis=self.word(fields.get("basis"), ["statutory", "regulatory", "voluntary"]),
            source=self.text(fields.get("source")),
            owner=self.text(fields.get("owner")),
            review=self.date(fields.get("review")),
            told_every=self.text(fields.get("told every")),
            published=tuple(self.published(node) for node in self.items(fields.get("published"))),
            zone=zone,
            subject=subject,
            facts=facts,
            details=details,
            rates=rates,
            terms=terms,
            calendars=calendars,
            versions=tuple(self.version(node, shared) for node in versions),
            standards=self.standards(fields.get("standards"), shared),
            paid_once=self.paid_once(fields.get("paid once")),
            examples=tuple(self.example(node) for node in self.items(fields.get("examples"))),
        )

    def _pledge_name(self, node: Node | None) -> str:
        name = self.text(node)
        if node is not None and not is_name(name):
            self.wrong(node, f"“{name[:60]}” cannot be a pledge's name", grammar.SHAPES["name"], code="name")
        return name

    def _clashes(self, fields: dict[str, Node]) -> None:
        seen: dict[str, str] = {}
        for section in ("facts", "details", "rates", "terms"):
            node = fields.get(section)
            for name in node.entries if isinstance(node, Mapping) else ():
                if name in seen:
                    self.wrong(
                        cast(Mapping, node).keys[name],
                        f"“{name}” stands under {seen[name]} too",
                        "a name once",
                        "give one of them another name",
                        "repeated-name",
                    )
                seen.setdefault(name, section)

    def _standard_names(self, fields: dict[str, Node], versions: list[Node]) -> set[str]:
        names: set[str] = set()
        for node in [
            fields.get("standards"),
            *(version.entries.get("standards") for version in versions if isinstance(version, Mapping)),
        ]:
            names.update(node.entries if isinstance(node, Mapping) else ())
        return names

    def _circles(self, terms: AnyMapping[str, m.Condition], nodes: AnyMapping[str, Node]) -> None:
        for name in terms:
            seen: set[str] = set()
            waiting = [name]
            while waiting:
                for used in terms_in(terms[waiting.pop()]):
                    if used == name:
                        self.wrong(
                            nodes[name], f"the term “{name}” is explained by itself", "other conditions", code="circle"
                        )
                        return
                    if used not in seen:
                        seen.add(used)
                        waiting.append(used)

    def _short_months(self, node: Node | None) -> str:
        return self.word(node, ["last day", "first of the next month"])

    # -- conditions

    def condition(self, node: Node | None) -> m.Condition | None:
        if node is None:
            return None
        if isinstance(node, Listing):
            return m.AnyOf(parts=tuple(self.condition(item) or _ALWAYS for item in node.items))
        if isinstance(node, Mapping):
            key = next(iter(node.entries), "")
            if len(node.entries) != 1 or key not in _JOINED:
                value = node.entries.get(key)
                plain = key in self.names.details and isinstance(value, Scalar)
                self.wrong(
                    node,
                    f"keys {', '.join(node.entries)[:80]} in a condition",
                    "one of: all of, any of, none of",
                    f"write “{key} is {self.text(value)}”" if plain else did_you_mean(key, _JOINED),
                    "unknown-key",
                )
                return _ALWAYS
            parts = tuple(self.condition(item) or _ALWAYS for item in self.items(node.entries[key]))
            return _JOINED[key](parts=parts)
        return self.phrase(node, Phrase.condition, _ALWAYS)

    def exclusions(self, node: Node | None) -> tuple[m.Exclusion, ...]:
        found = []
        for item in self.items(node):
            if isinstance(item, Mapping) and "if" in item.entries:
                fields = self.fields(item, grammar.EXCLUSION, "a reason")
                found.append(
                    m.Exclusion(
                        condition=self.condition(fields["if"]) or _ALWAYS,
                        because=self.text(fields.get("because")),
                        evidence=self.text(fields.get("evidence")),
                        decided_by=self.text(fields.get("decided by")),
                    )
                )
            else:
                found.append(m.Exclusion(condition=self.condition(item) or _ALWAYS))
        return tuple(found)

    # -- standards

    def version(self, node: Node, shared: _Shared) -> m.Version:
        fields = self.fields(node, grammar.VERSION, "a version")
        first, last = self.date(fields.get("from")), self.date(fields.get("until"))
        self._order(node, first, last)
        default = f"from {first}" if first else "first"
        return m.Version(
            name=self.text(fields.get("name")) or default,
            first=first,
            last=last,
            source=self.text(fields.get("source")),
            standards=self.standards(fields.get("standards"), shared),
        )

    def standards(self, node: Node | None, shared: _Shared) -> tuple[m.Standard, ...]:
        return tuple(self.standard(name, entry, shared) for name, entry in self.entries(node, "standards").items())

    def standard(self, name: str, node: Node, shared: _Shared) -> m.Standard:
        fields = self.fields(node, grammar.STANDARD, "a standard")
        empty = m.Facts(names=("",))
        start = self.phrase(fields.get("when"), Phrase.start, m.Start(facts=empty))
        after = self.known(fields.get("after missing"), self.names.standards, "a standard")
        late_from = self.phrase(fields.get("late from"), Phrase.limit, None)
        roll = self.word(fields.get("on a closed day"), ["next open day"])
        noted = tuple(self.known(item, self.names.facts, "a fact") for item in self.items(fields.get("noted")))
        return m.Standard(
            name=name,
            says=self.text(fields.get("says")),
            made_by=self.text(fields.get("made by")),
            only_for=self.condition(fields.get("only for")),
            start=m.Start(
                facts=start.facts,
                or_when_runs_out=start.or_when_runs_out,
                after_missing=after or None,
                nth=start.nth,
                nth_within=start.nth_within,
            ),
            finish=self.phrase(fields.get("we will"), Phrase.facts, empty),
            early_counts=self.yes(fields.get("early counts")),
            within=self.choice(fields.get("within"), Phrase.limit, cast(m.Limit, _HOUR)),
            calendars=self.calendar_names(fields.get("calendar")) or shared.calendars,
            short_months=self._short_months(fields.get("short months")) or shared.short_months,
            roll_forward=bool(roll),
            cut_off=self.phrase(fields.get("cut-off"), Phrase.time, None),
            closed_start=bool(self.word(fields.get("start on a closed day"), ["next open day"])),
            first_day_counts=bool(self.word(fields.get("first day"), ["counts"])),
            version_by_own_start=bool(self.word(fields.get("version by"), ["own start"])),
            late_from=late_from,
            pauses=tuple(self.pause(item) for item in self.items(fields.get("paused"))),
            extensions=tuple(self.extension(item) for item in self.items(fields.get("extended"))),
            void=self.exclusions(fields.get("void if")),
            excused=self.exclusions(fields.get("excused if")),
            noted=noted,
            remedies=tuple(self.remedy(item) for item in self.items(fields.get("if we do not"))),
            at_least_as_good_as=self.text(fields.get("at least as good as")),
        )

    def pause(self, node: Node) -> m.Pause:
        fields = self.fields(node, grammar.PAUSE, "a pause")
        return m.Pause(
            opens=self.known(fields.get("from"), self.names.facts, "a fact"),
            closes=self.known(fields.get("until"), self.names.facts, "a fact"),
            because=self.text(fields.get("because")),
        )

    def extension(self, node: Node) -> m.Extension:
        fields = self.fields(node, grammar.EXTENSION, "an extension")
        if ("to" in fields) == ("by" in fields):
            self.wrong(node, "an extension without “to” or “by”, or with both", "one of them", code="missing-key")
        return m.Extension(
            fact=self.known(fields.get("when"), self.names.facts, "a fact"),
            to=self.choice(fields.get("to"), Phrase.limit, cast(m.Limit, _HOUR)),
            by=self.phrase(fields.get("by"), Phrase.limit, None),
            times=self.whole(fields.get("times"), 1),
            because=self.text(fields.get("because")),
        )

    # -- remedies

    def remedy(self, node: Node) -> m.Remedy:
        if isinstance(node, Scalar):
            kind = self.word(node, list(grammar.REMEDY_KINDS), "apologise")
            if kind in ("pay", "voucher", "charge", "choose from", "staff may add"):
                self.wrong(node, f"“{kind}” alone", f"{kind}: {grammar.REMEDY_KINDS[kind].example}", code="missing-key")
            return m.Remedy(kind=m.Remedying(kind))
        fields = self.fields(node, grammar.REMEDY, "a remedy")
        kinds = [key for key in fields if key in grammar.REMEDY_KINDS]
        if len(kinds) != 1:
            self.wrong(
                node,
                f"{len(kinds)} kinds of remedy in one",
                f"one of {', '.join(grammar.REMEDY_KINDS)}",
                code="missing-key",
            )
            return m.Remedy(kind=m.Remedying.APOLOGY)
        kind = m.Remedying(kinds[0])
        paying = kind in (m.Remedying.MONEY, m.Remedying.VOUCHER, m.Remedying.CHARGE)
        worded = not paying and kind not in (m.Remedying.CHOICE, m.Remedying.DISCRETION)
        route, claim = self.route(fields.get("route"))
        ceilings = tuple(self.phrase(item, Phrase.ceiling, None) for item in self.items(fields.get("no more than")))
        return m.Remedy(
            kind=kind,
            words=self.text(fields[kind]) if worded else "",
            amount=self.choice(fields[kind], Phrase.amount, _NOTHING) if paying else (),
            choices=tuple(self.remedy(item) for item in self.items(fields[kind])) if kind is m.Remedying.CHOICE else (),
            instead=tuple(self.text(item) for item in self.items(fields.get("or instead"))),
            most=self.pounds(fields[kind]) if kind is m.Remedying.DISCRETION else None,
            condition=self.condition(fields.get("if")),
            extinguished=self.condition(fields.get("nothing is owed if")),
            within=self.phrase(fields.get("within"), Phrase.limit, None),
            done=self.known(fields.get("done when"), self.names.facts, "a fact") or None,
            if_late=self.choice(fields.get("if late"), Phrase.amount, _NOTHING),
            route=route,
            claim_within=claim,
            evidence=self.text(fields.get("evidence")),
            payer=self.text(fields.get("paid by")),
            by_whom=self.text(fields.get("handed over by")),
            settled=self.text(fields.get("settled")),
            set_off=self.text(fields.get("set off against")),
            repeated=self.phrase(fields.get("repeated"), Phrase.repeated, None),
            ceilings=tuple(ceiling for ceiling in ceilings if ceiling),
        )

    def route(self, node: Node | None) -> tuple[m.Route, m.Limit | None]:
        text = self.text(node)
        if node is None or text == m.Route.AUTOMATIC:
            return m.Route.AUTOMATIC, None
        if text == m.Route.AFTER_REPORT:
            return m.Route.AFTER_REPORT, None
        if text == "claim":
            return m.Route.CLAIM, None
        if text.startswith("claim within ") and isinstance(node, Scalar):
            inner = Scalar(
                node.place, node.text[node.text.index("within") + 7 :], node.inset + node.text.index("within") + 7
            )
            return m.Route.CLAIM, self.phrase(inner, Phrase.limit, None)
        self.wrong(node, f"“{text[:60]}”", grammar.SHAPES["route"], did_you_mean(text, list(m.Route)))
        return m.Route.AUTOMATIC, None


class _Shared:
    """What standards take from the pledge when they do not say it themselves."""

    def __init__(self, calendars: dict[m.Unit, str], short_months: str) -> None:
        self.calendars, self.short_months = calendars, short_months


def terms_in(condition: m.Condition) -> list[str]:
    """The names of the terms that a condition uses."""
    if isinstance(condition, m.Term):
        return [condition.name]
    if isinstance(condition, m.AllOf | m.AnyOf | m.NoneOf):
        return [name for part in condition.parts for name in terms_in(part)]
    return []
