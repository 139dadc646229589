"""Journeys built in plain Python, contact by contact, as an oracle: slow, and without any of the engines' ideas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from makegood.analytics.journeys.building import DAY, Rules

Contact = dict[str, Any]
REASONS = (
    "same case in the log",
    "quotes an earlier reference",
    "passed on to this organisation",
    "same customer and need, soon after",
)


def journeys_by_hand(
    rows: Sequence[Mapping[str, Any]], known: frozenset[str], rules: Rules
) -> tuple[dict[str, Contact], dict[str, Contact]]:
    """What building adds to each contact, and the journeys, both by id."""
    contacts = sorted((dict(row) for row in rows), key=lambda row: (row["start"], row["sequence"], row["contact"]))
    links = {
        row["contact"]: _links(row, contacts[:place], contacts, known, rules) for place, row in enumerate(contacts)
    }
    mates = _mates(links)
    groups: dict[str, list[Contact]] = defaultdict(list)
    for row in contacts:
        groups[mates(row["contact"])].append(row)
    ids = sorted(group[0]["contact"] for group in groups.values())
    told: dict[str, Contact] = {}
    whole: dict[str, Contact] = {}
    for group in groups.values():
        journey = group[0]["contact"]
        block = ids.index(journey) % 100
        number = contacts.index(group[0])
        whole[journey] = {"journey": journey, "number": number, "block": block, **_whole(group)}
        for place, row in enumerate(group):
            before = group[place - 1] if place else {}
            because, joined_to = _reason(row["contact"], links, contacts) if place else ("first contact", None)
            told[row["contact"]] = {
                "journey": journey,
                "number": number,
                "place": place + 1,
                "because": because,
                "joined_to": joined_to,
                "block": block,
                "before_organisation": before.get("organisation"),
                "before_team": before.get("team"),
                "before_end": _end(before) if before else None,
                "is_last": place == len(group) - 1,
            }
    return told, whole


def _end(row: Mapping[str, Any]) -> int:
    return row["start"] if row.get("end") is None else row["end"]


def _within(earlier: Contact, later: Contact, rules: Rules) -> bool:
    days = rules.gaps.get(earlier.get("need") or "", rules.gap_days)
    return later["start"] - max(earlier["start"], _end(earlier)) <= days * DAY


def _last(rows: Iterator[Contact]) -> Contact | None:
    return next(rows, None)


def _links(
    row: Contact, before: Sequence[Contact], everything: Sequence[Contact], known: frozenset[str], rules: Rules
) -> list[str | None]:
    """The contacts that it is joined to by each rule, in the order of `REASONS`."""
    back = before[::-1]
    case, subject, need = row.get("case"), row.get("subject"), row.get("need")
    by_case = None if case is None else _last(b for b in back if b.get("case") == case)
    mine = [] if subject is None else [b for b in back if b.get("subject") == subject]
    alike = [] if need is None and "need" in known else [b for b in mine if b.get("need") == need]
    by_need = alike[0] if alike and _within(alike[0], row, rules) else None
    here = row.get("organisation")
    givers = [] if here is None else [b for b in mine if b.get("handed_to") == here]
    by_hand = givers[0] if givers and _within(givers[0], row, rules) else None
    found = (by_case, _quoted(row, back, everything), by_hand, by_need)
    return [None if contact is None else contact["contact"] for contact in found]


def _quoted(row: Contact, back: Sequence[Contact], everything: Sequence[Contact]) -> Contact | None:
    quote, here = row.get("follows"), row.get("organisation")
    if quote is None:
        return None
    carry = [b for b in back if b.get("reference") is not None]
    for found in (
        [b for b in carry if b.get("organisation") is not None and f"{b['organisation']}/{b['reference']}" == quote],
        [b for b in carry if here is not None and b.get("organisation") == here and b["reference"] == quote],
    ):
        if found:
            return found[0]
    users = {e.get("organisation") for e in everything if e.get("reference") == quote}
    return _last(b for b in carry if b["reference"] == quote) if len(users) == 1 else None


def _mates(links: Mapping[str, Sequence[str | None]]) -> Any:
    parent = {contact: contact for contact in links}

    def root(contact: str) -> str:
        while parent[contact] != contact:
            contact = parent[contact]
        return contact

    for contact, others in links.items():
        for other in others:
            if other is not None:
                parent[root(contact)] = root(other)
    return root


def _reason(
    contact: str, links: Mapping[str, Sequence[str | None]], contacts: Sequence[Contact]
) -> tuple[str, str | None]:
    for place, other in enumerate(links[contact]):
        if other is not None:
            return REASONS[place], other
    for place, reason in enumerate(REASONS):
        for later in contacts:
            if links[later["contact"]][place] == contact:
                return reason, later["contact"]
    raise AssertionError(f"{contact} is joined to nothing")


def _whole(group: Sequence[Contact]) -> Contact:
    completed = [row["completed"] for row in group if row.get("completed") is not None]
    return {
        "subject": next((row["subject"] for row in group if row.get("subject") is not None), None),
        "need": next((row["need"] for row in group if row.get("need") is not None), None),
        "organisation": group[0].get("organisation"),
        "channel": group[0].get("channel"),
        "first": group[0]["start"],
        "last": _end(group[-1]),
        "contacts": len(group),
        "completed": any(completed) if completed else None,
        "completed_at": min((_end(row) for row in group if row.get("completed")), default=None),
        "completing": next((place for place, row in enumerate(group, start=1) if row.get("completed")), None),
        "bodies": len({row["organisation"] for row in group if row.get("organisation") is not None}),
    }
