"""What the journal does by itself: seal what was committed."""

from __future__ import annotations

from datetime import datetime

from .actions import each_round, seal

_AT_ONCE = 5_000


@each_round("journal.seal")
def seal_committed(at: datetime) -> bool:
    """Chain the entries that were committed since the last round."""
    return seal(_AT_ONCE) == _AT_ONCE
