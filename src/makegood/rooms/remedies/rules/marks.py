"""A mark of how a remedy stands, by which a page that was opened before it changed is told from one that was not."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32


def mark_of(state: str, pence: int, added: int, overpaid: int, chosen: int | None, vouchers: Iterable[int]) -> int:
    """A number that is another when something changed of what a page shows. `vouchers` are those not used or ended.

    >>> mark_of("owed", 500, 0, 0, None, [7]) == mark_of("owed", 500, 0, 0, None, [8])
    False
    """
    return crc32(repr((str(state), pence, added, overpaid, chosen, sorted(vouchers))).encode()) >> 1
