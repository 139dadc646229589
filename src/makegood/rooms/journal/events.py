"""Who acts, in whose name and when; and the base of every event that a room announces. Values only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Self

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class Who(StrEnum):
    """The kinds of actors."""

    VISITOR = "visitor"  # anybody on the public pages
    RESIDENT = "resident"  # somebody with the private link or the code of one case
    STAFF = "staff"
    SHOP = "shop"  # where vouchers are redeemed
    SYSTEM = "system"  # Makegood by itself


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts. `id` is stable and says nothing personal; `case` is the reference that a resident's link opens."""

    who: Who
    id: str = ""
    name: str = ""
    roles: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    case: str = ""

    def has(self, *roles: str) -> bool:
        """Whether a member of staff has one of these roles."""
        return self.who is Who.STAFF and not self.roles.isdisjoint(roles)


SYSTEM = Actor(who=Who.SYSTEM, id="makegood", name="Makegood")
VISITOR = Actor(who=Who.VISITOR, id="visitor", name="Visitor")


@dataclass(frozen=True, kw_only=True, slots=True)
class By:
    """In whose name an action is called, and why.

    `at` fixes the instant of the act (an aware datetime); without it the place's clock says. `once` is a key, new for
    each intention: an action called twice with the same key is done once and answers the same. `within` is the act that
    calls this one.
    """

    actor: Actor
    reason: str = ""
    at: datetime | None = None
    once: str = ""
    within: Act | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, past tense. Fields are JSON values or aware datetimes, never personal data.

    `subject` is the thing that it happened to, for a case its reference.
    """

    subject: str

    kind: ClassVar[str] = ""
    KINDS: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        room = cls.__module__.split(".")[-2]
        cls.kind = f"{room}.{cls.__name__}"
        Event.KINDS[cls.kind] = cls

    def data(self) -> dict[str, Json]:
        """The fields as JSON; instants as ISO 8601 with their offset."""
        values = ((name, getattr(self, name)) for name, _ in _fields(self.kind))
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """The event that `data` was made from; fields that came later take their defaults."""
        made: dict[str, Any] = {}
        for name, may_be_instant in _fields(cls.kind):
            if name in data:
                value = data[name]
                made[name] = datetime.fromisoformat(value) if may_be_instant and isinstance(value, str) else value
        return cls(**made)


@cache
def _fields(kind: str) -> tuple[tuple[str, bool], ...]:
    """The names of the fields of a kind of event, and whether each may be an instant."""
    return tuple((each.name, "datetime" in str(each.type)) for each in fields(Event.KINDS[kind]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """An event as a reader hears it: its number, when it happened in the place, and the entry that announced it."""

    number: int
    at: datetime
    entry: int
    event: Event


@dataclass(kw_only=True, slots=True)
class Act:
    """An action under way: who, when, and what it has to tell. Given to the action's function as its first argument.

    `parts` are the acts that were carried out within it, `numbers` those of entries that it may still give away.
    """

    by: By
    verb: str
    at: datetime
    entry: int = 0
    subject: str = ""
    told: dict[str, Json] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    more: list[tuple[str, dict[str, Json]]] = field(default_factory=list)
    parts: list[Act] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.by.actor

    def about(self, subject: str, **told: Json) -> None:
        """What the journal entry is about, and facts for it; never personal data (reasons go apart)."""
        self.subject = subject
        self.told.update(told)

    def also(self, subject: str, **told: Json) -> None:
        """One more entry, for an act on many things at once."""
        self.more.append((subject, told))

    def announce(self, *events: Event) -> None:
        """What happened, for the rooms above."""
        self.events.extend(events)

    def say_once(self, *names: str) -> None:
        """Parts of the answer that are told to the caller alone: a repeated intention is answered without them."""
        self.secrets.update(names)

    def onward(self, actor: Actor = SYSTEM, reason: str = "") -> By:
        """To call another action as part of this one, at the same instant."""
        return By(actor=actor, reason=reason, at=self.at, within=self)

    def all(self) -> Iterator[Act]:
        """The acts within this one, each after its own parts, and this one at the end."""
        for part in self.parts:
            yield from part.all()
        yield self
