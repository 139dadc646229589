"""What a map shows: steps, moves between them, variants, hand-overs and rework, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step at an organisation (empty where none is known): how often, in how many journeys, and how long it takes.

    `seconds` is the median from a contact's start to its end; `None` where no contact has an end.
    """

    name: str
    organisation: str
    contacts: int
    journeys: int
    seconds: float | None


@dataclass(frozen=True, kw_only=True)
class Move:
    """From one step straight to the next, each told by name and organisation.

    `wait` is the median of seconds from the end (or start, without an end) of the one to the start of the next, never
    below 0; `between_starts` the median of seconds from start to start.
    """

    before: tuple[str, str]
    after: tuple[str, str]
    count: int
    journeys: int
    wait: float
    between_starts: float


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A sequence of steps that whole journeys follow; `seconds` is the median from first start to last start."""

    steps: tuple[str, ...]
    journeys: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Handover:
    """How often a journey moved from one organisation (or team) straight to another."""

    giver: str
    taker: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Rework:
    """A step that came again in a journey: in how many journeys, and how many times more than once altogether."""

    step: str
    journeys: int
    repeats: int


@dataclass(frozen=True, kw_only=True)
class Flow:
    """All that a map shows. `starts` and `ends` count journeys by first and last step (name, organisation).

    Sorted by count downwards, then by name. `variants` holds the most frequent; `variant_count` is how many there are.
    """

    journeys: int
    contacts: int
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    starts: tuple[tuple[tuple[str, str], int], ...]
    ends: tuple[tuple[tuple[str, str], int], ...]
    variants: tuple[Variant, ...]
    variant_count: int
    handovers: tuple[Handover, ...]
    team_handovers: tuple[Handover, ...]
    rework: tuple[Rework, ...]
