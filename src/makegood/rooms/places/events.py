"""Where something is, as a value that rooms above keep."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.rooms.journal.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place in words, the identifier of an address, the code of a ward: whichever are known."""

    words: str = ""
    address: str = ""
    ward: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ward:
    """A ward of the place."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """An address. `id` is text (a UPRN keeps its zeros); `ward` is the ward's code."""

    id: str
    line: str
    postcode: str
    ward: str

    def __str__(self) -> str:
        """The address in one line."""
        return ", ".join(part for part in (self.line, self.postcode) if part)


@dataclass(frozen=True, kw_only=True)
class PlacesLoaded(Event):
    """Wards and addresses were loaded; `subject` is places."""

    wards: int
    addresses: int
