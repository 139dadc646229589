"""Sample cases that ship: open records of real services, each with a pledge and a mapping to run over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

__all__ = ["Sample", "sample", "sample_names"]

_HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """Sample cases and what runs over them, as files: a pledge, a wide table, and the mapping between the two.

    `as_of` is an instant by which every case of the table is over; `licence` is that of the table; `words` say in a
    sentence what it is, and `origin` is the file that says where it comes from.
    """

    name: str
    pledge: Path
    table: Path
    mapping: Path
    origin: Path
    as_of: datetime
    licence: str
    words: str

    @property
    def text(self) -> str:
        """The pledge's text."""
        return self.pledge.read_text(encoding="utf-8")


def _shipped(name: str, *, as_of: str, licence: str, words: str) -> Sample:
    folder = _HERE / name
    return Sample(
        name=name,
        pledge=folder / "pledge.yaml",
        table=folder / "table.csv.gz",
        mapping=folder / "mapping.yaml",
        origin=folder / "LICENCE.md",
        as_of=datetime.fromisoformat(as_of),
        licence=licence,
        words=words,
    )


_SAMPLES = {
    each.name: each
    for each in [
        _shipped(
            "flights",
            as_of="2014-01-31T12:00:00-05:00",
            licence="CC0 1.0",
            words="Every fiftieth of the 336,776 flights that left New York in 2013, "
            "and a made-up promise for those that arrive late.",
        ),
    ]
}


def sample_names() -> list[str]:
    """The names of the shipped samples, in order.

    >>> sample_names()
    ['flights']
    """
    return sorted(_SAMPLES)


def sample(name: str) -> Sample:
    """A shipped sample. Raises `LookupError` when there is none of that name.

    >>> sample("flights").table.name
    'table.csv.gz'
    """
    if name not in _SAMPLES:
        raise LookupError(name)
    return _SAMPLES[name]
