"""The values of messages: to whom, by which way, in what state; and what the room announces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from makegood.rooms.journal.events import Event


class Channel(StrEnum):
    """The ways by which we tell somebody something."""

    EMAIL = "email"
    LETTER = "letter"


class State(StrEnum):
    """What became of a message."""

    WAITING = "waiting"  # for sending hours, for its turn, or for another attempt
    SENDING = "sending"  # one of our processes is handing it over at this moment
    SENT = "sent"  # the mail server took it
    UNCERTAIN = "uncertain"  # it may have gone out or not; a person decides
    FAILED = "failed"  # the mail server refused it for good
    TO_PRINT = "to_print"
    PRINTED = "printed"


STATE_WORDS: Mapping[State, str] = {
    State.WAITING: "Waiting to go out",
    State.SENDING: "Going out now",
    State.SENT: "Sent",
    State.UNCERTAIN: "May not have gone out",
    State.FAILED: "Could not be delivered",
    State.TO_PRINT: "To be printed",
    State.PRINTED: "Printed and posted",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class To:
    """To whom and how. `address` is a postal address in lines; `language` is en or cy."""

    name: str = ""
    email: str = ""
    address: str = ""
    language: str = "en"
    channel: Channel = Channel.EMAIL


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A message that is to be written: its wording, the words that fill it, and the case that it is about.

    `about` is the case's reference and `case_number` its number, which decides who may read the message. An `urgent`
    one does not wait for sending hours.
    """

    wording: str
    to: To
    about: str = ""
    case_number: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """A mail server refused a message for good; somebody should look for another way."""

    message: int


@dataclass(frozen=True, kw_only=True)
class MessageUncertain(Event):
    """Nobody knows whether a message went out; a person should decide."""

    message: int


@dataclass(frozen=True, kw_only=True)
class WordingPublished(Event):
    """A wording was changed; `subject` is wording:NAME."""

    language: str
    version: int
