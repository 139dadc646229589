"""What a measure may be told beside the journeys themselves: windows, lists and agreements, all of them data."""

from __future__ import annotations

from dataclasses import dataclass, field

from ....rules import Calendar
from ..agreements import Agreement
from ..costs import UnitCosts
from .reasons import Reasons, default_reasons


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the measures are told.

    - `window_days`: for so many days after the first contact nothing further may come, else it was not resolved then.
    - `reasons`: the reasons of avoidable contact that advisers and customers may have named.
    - `agreements`: under which information may be shared between organisations; none means that none may.
    - `costs`: what an hour, a mile and a contact cost, each from low to high; `None` leaves all costs untold.
    - `calendar`: tells working days; `None` leaves them untold.
    - `as_of`: microseconds since 1970 UTC up to which the log is complete; `None` stands for its last instant.
    """

    window_days: int = 14
    reasons: Reasons = field(default_factory=default_reasons)
    agreements: tuple[Agreement, ...] = ()
    costs: UnitCosts | None = None
    calendar: Calendar | None = None
    as_of: int | None = None
