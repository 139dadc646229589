"""Telling residents what became of their remedies: one message for a case and an act, in the act's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from makegood.rooms.cases.queries import people_of, reachable
from makegood.rooms.journal.events import Act
from makegood.rooms.messages.actions import write_many
from makegood.rooms.messages.events import Draft, To
from makegood.rooms.services.queries import service
from makegood.rules import Outcome, Pledge
from makegood.rules.speak import say_promise
from makegood.web.refusals import NotFound, NotPossible
from makegood.web.saying import say_by

from ..models import Entitlement, Voucher
from ..rules import words as say
from ..rules.codes import say_code
from ..rules.kinds import DUE, PAYING, Kind, State
from ..rules.words import Reasoning
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
    `outcome_of` gives a case's outcome of a standard with its explanation, and the pledge.
    """
    people = people_of([change.reference for change in books.changes.values()])
    letters = _Letters(books, outcome_of)
    drafts: list[Draft] = []
    for case, change in books.changes.items():
        to = reachable(people.get(change.reference))
        if to:
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


def write_all(act: Act, drafts: Sequence[Draft]) -> set[int | None]:
    """Write messages; the cases of those that cannot be written, which hinder no other."""
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
    return write_all(act, drafts[:half]) | write_all(act, drafts[half:])


def service_name(code: str) -> str:
    """The service as a sentence names it."""
    try:
        return service(code).name.lower()
    except NotFound:
        return code.replace("-", " ")


class _Letters:
    """What is written about the changes of one act."""

    def __init__(self, books: Books, outcome_of: Callable[[int, str], tuple[Outcome, Pledge] | None]) -> None:
        self._books, self._outcome_of, self._reasoning = books, outcome_of, Reasoning()
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
            lines = list(dict.fromkeys(line for row in rows if (line := _line(row))))
            if found and lines:
                outcome, pledge = found
                due = say_by(outcome.due_at, zone()) if outcome.due_at else "in time"
                yield (
                    "promise-broken",
                    {
                        "promise": say_promise(pledge, name),
                        "due": due,
                        "explanation": self._reasoning.of(outcome, pledge),
                        "gets": _bullets(lines),
                    },
                )

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
