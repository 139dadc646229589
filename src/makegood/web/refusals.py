"""What a room says when it will not: one small family, each with a code, the field concerned and a sentence for people.

A refusal is no fault: nothing is logged as an error, and nothing was done. Every door has one table that turns these
into its own words: pages in `web.errors`, the JSON interface in `counter.rest`.
"""

from __future__ import annotations


class Refusal(Exception):
    """An action or query that was refused. `str()` is the sentence for people.

    `code` is stable and machine readable; `field` names the input concerned, or is empty.
    """

    code = "refused"

    def __init__(self, sentence: str, *, field: str = "", code: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        self.code = code or type(self).code


class NotAllowed(Refusal):
    """Whoever asks may not do this."""

    code = "not-allowed"


class NotFound(Refusal):
    """There is no such thing, or nobody may tell this person that there is."""

    code = "not-found"


class NotPossible(Refusal):
    """The input, or the state of things, does not allow it; the sentence says how to mend it."""

    code = "not-possible"


class Conflict(Refusal):
    """Somebody else was quicker: what the person saw is no longer how things stand."""

    code = "conflict"


class TooOften(Refusal):
    """The same person asked too many times in a short while."""

    code = "too-often"
