"""What a rating is: stars, the reason for each of them, and what would raise them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Criterion(StrEnum):
    """The five Ys, in the order of the review."""

    TRANSPARENCY = "transparency"
    SIMPLICITY = "simplicity"
    SPEED = "speed"
    EASE = "ease"
    FLEXIBILITY = "flexibility"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why stars were given or taken: a message id, how many stars, and the values that the message speaks of."""

    id: str
    stars: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Raise:
    """What would raise a rating: a message id and the values that the message speaks of."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """One criterion: 1 to 5 stars, or `None` when it cannot be told; the stars of the reasons add up to them."""

    criterion: Criterion
    stars: int | None
    reasons: tuple[Reason, ...]
    raises: tuple[Raise, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """The five ratings of one pledge."""

    pledge: str
    ratings: tuple[Rating, ...]

    def __getitem__(self, criterion: Criterion) -> Rating:
        """The rating of one criterion."""
        return next(rating for rating in self.ratings if rating.criterion is criterion)

    @property
    def stars(self) -> dict[str, int | None]:
        """The stars by criterion; `None` where they cannot be told."""
        return {str(rating.criterion): rating.stars for rating in self.ratings}
