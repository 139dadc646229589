"""The kinds and states of remedies, and the terms on which they are given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from makegood.rules.language.model import Remedying


class Kind(StrEnum):
    """What a remedy is, as pages and lists call it."""

    APOLOGY = "apology"
    EXPLANATION = "explanation"
    ENQUIRY = "enquiry"
    SUPPORT = "support"
    CORRECTION = "correction"
    MONEY = "money"
    VOUCHER = "voucher"
    IN_KIND = "in kind"
    DEEMED = "deemed"
    CHARGE = "charge"
    CHOICE = "choice"
    DISCRETION = "discretion"


KIND_OF = {
    Remedying.APOLOGY: Kind.APOLOGY,
    Remedying.EXPLANATION: Kind.EXPLANATION,
    Remedying.ENQUIRY: Kind.ENQUIRY,
    Remedying.SUPPORT: Kind.SUPPORT,
    Remedying.CORRECTION: Kind.CORRECTION,
    Remedying.MONEY: Kind.MONEY,
    Remedying.VOUCHER: Kind.VOUCHER,
    Remedying.IN_KIND: Kind.IN_KIND,
    Remedying.DEEMED: Kind.DEEMED,
    Remedying.CHARGE: Kind.CHARGE,
    Remedying.CHOICE: Kind.CHOICE,
    Remedying.DISCRETION: Kind.DISCRETION,
}

KIND_WORDS = {
    Kind.APOLOGY: "An apology",
    Kind.EXPLANATION: "An explanation",
    Kind.ENQUIRY: "We find out why it went wrong",
    Kind.SUPPORT: "Support",
    Kind.CORRECTION: "We put it right",
    Kind.MONEY: "A payment",
    Kind.VOUCHER: "A voucher",
    Kind.IN_KIND: "Something in kind",
    Kind.DEEMED: "It counts as decided for you",
    Kind.CHARGE: "A charge",
    Kind.CHOICE: "Your choice",
    Kind.DISCRETION: "Something more, if we think it right",
}

PAYING = frozenset({Kind.MONEY, Kind.VOUCHER})
SAID = frozenset({Kind.APOLOGY, Kind.EXPLANATION, Kind.DEEMED})
"""Given by being said: the message itself gives them, unless the pledge names a person who is to."""


class State(StrEnum):
    """How a remedy stands. `SETTLED` means that it reached the person."""

    OFFERED = "offered"  # she has to ask for it
    OPEN = "open"  # staff may add something; nobody has
    OWED = "owed"
    ACCEPTED = "accepted"  # she asked for it, so it is owed
    DECLINED = "declined"
    LAPSED = "lapsed"  # nobody asked in time
    SETTLED = "settled"
    REVERSED = "reversed"  # it is not owed after all


STATE_WORDS = {
    State.OFFERED: "You can ask for this",
    State.OPEN: "Not decided",
    State.OWED: "On its way",
    State.ACCEPTED: "On its way",
    State.DECLINED: "You said no",
    State.LAPSED: "The time to ask has passed",
    State.SETTLED: "Done",
    State.REVERSED: "Not due after all",
}

DUE = frozenset({State.OWED, State.ACCEPTED})
"""States in which we still have to do something."""

COUNTS = frozenset({State.OWED, State.ACCEPTED, State.SETTLED})
"""States in which a sum is owed or was given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """On what terms remedies are given, where a pledge says nothing: data of the place, in `terms.yaml`."""

    voucher_months: int
    choose_days: int
    task_days: int
    wrong_codes: int
    wrong_codes_minutes: int


@cache
def terms() -> Terms:
    """The terms of this place."""
    text = files("makegood.rooms.remedies").joinpath("terms.yaml").read_text(encoding="utf-8")
    return Terms(**yaml.safe_load(text))
