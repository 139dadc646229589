"""Classes of waits that tell the moves of one map apart: up to five, with bounds that people say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

CLASSES = 5
"""So many dresses there are for waits: `w0`, the shortest, to `w4`."""
_HOUR, _DAY = 3_600, 86_400
_BOUNDS: tuple[tuple[int, str], ...] = (
    (_HOUR, "an hour"), (4 * _HOUR, "4 hours"), *((hours * _HOUR, f"{hours} hours") for hours in (24, 36)),
    *((days * _DAY, f"{days} days") for days in (2, 3, 4, 5, 6, 7, 10, 14, 21, 28, 42, 56, 91, 182, 365)),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Classes of waits: up to each of the bounds (seconds, in words), and a last one beyond them."""

    bounds: tuple[tuple[int, str], ...]

    def dress(self, seconds: float) -> str:
        """The dress of a wait; where there are fewer classes than dresses, they lie as far apart as they can."""
        said = _as_said(seconds)
        return self._dress(next((at for at, (most, _) in enumerate(self.bounds) if said <= most), len(self.bounds)))

    def told(self) -> list[tuple[str, str]]:
        """Each class: its dress, and its waits in words."""
        words = [f"up to {said}" for _, said in self.bounds]
        words.append(f"over {self.bounds[-1][1]}" if self.bounds else "all alike")
        return [(self._dress(place), said) for place, said in enumerate(words)]

    def _dress(self, place: int) -> str:
        return f"w{round(place * (CLASSES - 1) / max(len(self.bounds), 1))}"


def scale_of(waits: Sequence[float]) -> Scale:
    """The scale whose classes share out these waits (seconds) most evenly.

    >>> [said for _, said in scale_of([1_800, 2 * 86_400, 5 * 86_400]).told()]
    ['up to an hour', 'up to 2 days', 'over 2 days']
    >>> scale_of([60, 90]).told()
    [('w0', 'all alike')]
    """
    counts = Counter(_place(wait) for wait in waits)
    met = sorted(counts)
    cuts = met[:-1]
    if len(met) > CLASSES:
        cuts = list(min(combinations(met[:-1], CLASSES - 1), key=lambda each: _crowding(list(each), counts)))
    return Scale(bounds=tuple(_BOUNDS[cut] for cut in cuts))


def _place(seconds: float) -> int:
    return next((place for place, (most, _) in enumerate(_BOUNDS) if _as_said(seconds) <= most), len(_BOUNDS))


def _as_said(seconds: float) -> float:
    """A wait in whole days where it is told so: what is told alike is drawn alike."""
    return round(seconds / _DAY) * _DAY if seconds >= 2 * _DAY else seconds


def _crowding(cuts: Sequence[int], counts: Counter[int]) -> int:
    """How unevenly cuts share out: the sum of squares of what is in each class."""
    edges = [-1, *cuts, len(_BOUNDS)]
    return sum(
        sum(count for place, count in counts.items() if low < place <= high) ** 2 for low, high in pairwise(edges)
    )
