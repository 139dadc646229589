"""Telling residents what became of their remedies: one message for a case and an act, in the act's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from makegood.rooms.cases.actions import make_links
from makegood.rooms.cases.queries import last_of, people_of, reachable
from makegood.rooms.journal.events import Act
from makegood.rooms.messages.actions import write_many
from makegood.rooms.messages.events import Draft, To
from makegood.rooms.services.events import FactKind
from makegood.rooms.services.queries import service
from makegood.rules import Outcome, Pledge
from makegood.rules.speak import say_promise
from makegood.web.refusals import NotFound, NotPossible
from makegood.web.saying import say_by

from ..models import Entitlement, Voucher
from ..rules import words as say
from ..rules.codes import say_code
from ..rules.kinds import DUE, PAYING, Kind, State
from .books import Books, Change
from .standing import give_to_team, gives, is_said, undecided


def zone() -> ZoneInfo:
    """The place's zone."""
    return ZoneInfo(settings.PLACE_ZONE)


def tell(
    books: Books, outcome_of: Callable[[int, str], tuple[Outcome, Pledge] | None] = lambda case, name: None
) -> None:
    """Write to the resident of each case that something happened in, and settle what is given by being said.

    Whoever cannot be written to is to be told by the case's team: what would have been said becomes a task.
    `outcome_of` gives a case's outcome of a standard, and the pledge.
    """
    people = people_of([change.reference for change in books.changes.values()])
    letters = _Letters(books, outcome_of, causes_of(books))
    drafts: list[Draft] = []
    for case, change in books.changes.items():
        to = reachable(people.get(change.reference))
        if to:
            _leave_to_people(books, case, cause=letters.causes.get(case, ""))
            drafts += letters.about(case, change, to)
    missed = write_all(books.act, drafts)
    told = {draft.case_number for draft in drafts} - missed
    for case in books.changes:
        for row in books.all(case):
            if row.state in DUE and is_said(row):
                if case in told:
                    row.state, row.settled_at = State.SETTLED, books.at
                else:
                    row.by_whom = row.by_whom or "in person, as we cannot write to you"
            give_to_team(row, books.cases[case].team, books.at)


def causes_of(books: Books) -> dict[int, str]:
    """Why a promise was broken, as the resident is told it, for each case in which a fact says so."""
    numbers = {change.reference: number for number, change in books.changes.items() if change.new}
    causes: dict[str, dict[str, str]] = {}
    for code in {books.cases[number].service for number in numbers.values()}:
        causes[code] = {each.name: each.cause for each in facts_of(code) if each.cause}
    names = {name for known in causes.values() for name in known}
    found = last_of(list(numbers), names) if names else {}
    said = {number: causes[books.cases[number].service].get(found.get(ref, ""), "") for ref, number in numbers.items()}
    return {number: cause for number, cause in said.items() if cause}


def _leave_to_people(books: Books, case: int, *, cause: str) -> None:
    """Give a team what no message can give, before the message says by when: why it went wrong, where nobody knows.

    Where the pledge has somebody find out anyway, that is the explanation, and there is no second task.
    """
    rows = books.all(case)
    found_out = {row.standard for row in rows if row.kind == Kind.ENQUIRY and row.state in DUE}
    for row in rows:
        if row.kind == Kind.EXPLANATION and row.state in DUE and not cause and row.standard not in found_out:
            row.by_whom = row.by_whom or "a person, once we know why"
        give_to_team(row, books.cases[case].team, books.at)


def write_all(act: Act, drafts: Sequence[Draft]) -> set[int | None]:
    """Write messages, each with a private link; the cases of those that cannot be written, which hinder no other."""
    return _write(act, _with_links(act, drafts))


def _with_links(act: Act, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts with a private link to the case, new for each act: it is kept only in what goes out."""
    about = {draft.about for draft in drafts if draft.wording not in _WITHOUT_LINK}
    tokens = make_links(act.onward(), cases=sorted(about)) if about else {}
    address = settings.PLACE_ADDRESS.rstrip("/")
    return [
        replace(draft, words={**draft.words, "link": f"{address}/track/{tokens[draft.about]}/"})
        if draft.about in tokens and draft.wording not in _WITHOUT_LINK
        else draft
        for draft in drafts
    ]


_WITHOUT_LINK = {"voucher"}
"""Wordings that have no place for a link to the case."""


def _write(act: Act, drafts: Sequence[Draft]) -> set[int | None]:
    if not drafts:
        return set()
    try:
        with transaction.atomic():
            write_many(act.onward(), drafts=drafts)
        return set()
    except NotPossible:
        if len(drafts) == 1:
            return {drafts[0].case_number}
    half = len(drafts) // 2
    return _write(act, drafts[:half]) | _write(act, drafts[half:])


def facts_of(code: str) -> Sequence[FactKind]:
    """The facts that people record about cases of a service."""
    try:
        return service(code).facts
    except NotFound:
        return ()


def service_name(code: str) -> str:
    """The service as a sentence names it."""
    try:
        return service(code).name.lower()
    except NotFound:
        return code.replace("-", " ")


class _Letters:
    """What is written about the changes of one act."""

    def __init__(
        self,
        books: Books,
        outcome_of: Callable[[int, str], tuple[Outcome, Pledge] | None],
        causes: Mapping[int, str],
    ) -> None:
        self._books, self._outcome_of, self.causes = books, outcome_of, causes
        self._names: dict[str, str] = {}

    def about(self, case: int, change: Change, to: To) -> list[Draft]:
        """The messages about one case: what was broken, what is late, what changed, and each voucher."""
        made = [
            *self._broken(case, change),
            *(self._late(row) for row in change.late),
            *self._changed(case, change),
            *(self._voucher(voucher) for _, voucher in change.issued),
        ]
        seen = self._books.cases[case]
        named = {"service": self._name(seen.service)}
        return [
            Draft(wording=wording, to=to, about=seen.reference, case_number=case, words=named | words)
            for wording, words in made
        ]

    def _name(self, code: str) -> str:
        if code not in self._names:
            self._names[code] = service_name(code)
        return self._names[code]

    def _broken(self, case: int, change: Change) -> Iterator[tuple[str, dict[str, str]]]:
        by_standard: dict[str, list[Entitlement]] = defaultdict(list)
        for row in change.new:
            if not row.rule.endswith("+"):
                by_standard[row.standard].append(row)
        for name, rows in by_standard.items():
            found = self._outcome_of(case, name)
            lines = {line: row for row in rows if (line := _line(row))}
            if found and lines:
                yield "promise-broken", self._told(case, *found, lines)

    def _told(self, case: int, outcome: Outcome, pledge: Pledge, lines: Mapping[str, Entitlement]) -> dict[str, str]:
        """The words of the message of one broken promise: what was promised, what happened, why, and what there is."""
        finding_out = [row.due_at for row in lines.values() if row.kind in _FIND_OUT and row.team]
        cause = self.causes.get(case, "")
        told_above = {Kind.APOLOGY} if cause else {Kind.APOLOGY, Kind.EXPLANATION}
        more = {line: row for line, row in lines.items() if row.team or row.kind not in told_above}
        offered = [row.state == State.OFFERED for row in more.values()]
        said = {
            "promise": say_promise(pledge, outcome.standard),
            "due": say_by(outcome.due_at, zone()) if outcome.due_at else "in time",
            "explanation": say.what_happened(outcome, zone()),
            "why": say.why(cause, next(filter(None, finding_out), None), zone()),
            "gets": _bullets(list(more)) or "Our apology. We mean it.",
            "asking": say.asking(some_come=not all(offered), some_asked_for=any(offered)),
        }
        return {word: words for word, words in said.items() if words}

    def _late(self, row: Entitlement) -> tuple[str, dict[str, str]]:
        due = say_by(row.due_at, zone()) if row.due_at else "by now"
        top_up = self._books.top_up(row)
        more = {"more": f"Because it is late, you get {say.money(top_up)} more."} if top_up else {}
        return "remedy-late", {"remedy": _line(row) or "What we promised you.", "due": due, **more}

    def _changed(self, case: int, change: Change) -> Iterator[tuple[str, dict[str, str]]]:
        was = [line for row in change.reversed if (line := _was(self._books, row))]
        if was:
            why = dict.fromkeys(change.why[row.standard] for row in change.reversed if row.standard in change.why)
            yield (
                "remedy-changed",
                {
                    "was": _bullets(was),
                    "now": "Nothing.",
                    "why": " ".join(why) or "The times on your report were put right.",
                },
            )

    def _voucher(self, voucher: Voucher) -> tuple[str, dict[str, str]]:
        code = say_code(voucher.code)
        return "voucher", {
            "amount": say.money(voucher.pence),
            "voucher_code": code,
            "voucher_link": f"{settings.PLACE_ADDRESS.rstrip('/')}/voucher/{code}/",
            "expires": say.day_of(voucher.expires_at, zone()),
        }


_FIND_OUT = frozenset({Kind.ENQUIRY, Kind.EXPLANATION})
"""Remedies by which a person tells the resident why it went wrong."""


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def _line(row: Entitlement) -> str:
    if row.state == State.OFFERED:
        until = f" Please do so {say_by(row.offered_until, zone())}." if row.offered_until else ""
        offers = [_offer(offer) for offer in row.choices] or [say.offer_of(Kind(row.kind), row.words, row.entitled)]
        return f"You can ask us for {', or '.join(offers)}.{until}"
    if undecided(row):
        offers = [_offer(offer) for offer in row.choices]
        first = next((place for place, offer in enumerate(row.choices) if offer["kind"] in PAYING), 0)
        return say.choice_of(offers, first, row.choose_until, zone())
    due_at = None if row.state == State.SETTLED else row.due_at
    return say.line_of(gives(row), words=row.words, pence=row.target, due_at=due_at, grows=row.grows, zone=zone())


def _offer(offer: Mapping[str, object]) -> str:
    pence = offer["pence"]
    return say.offer_of(Kind(str(offer["kind"])), str(offer["words"]), pence if isinstance(pence, int) else 0)


def _was(books: Books, row: Entitlement) -> str:
    """What somebody had been told to get, now that it is not owed."""
    state, pence = books.before.get(row.id, ("", 0))
    if pence:
        return say.line_of(gives(row), words=row.words, pence=pence, zone=zone())
    return say.line_of(Kind(row.kind), words=row.words, zone=zone()) if state == State.OWED else ""
