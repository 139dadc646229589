"""What a seal covers: the digest of an entry, chained to the one before. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FIRST = bytes(32)
"""What the first link is chained to."""


def text_digest(salt: bytes, text: str) -> bytes:
    """The digest of a reason; with its salt, so that an erased text cannot be guessed from it."""
    return hashlib.sha256(salt + text.encode()).digest()


def link(before: bytes, entry: Mapping[str, Any]) -> bytes:
    """The digest of an entry and of all before it. `entry` has the columns of a journal entry by name.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 6, 1, tzinfo=UTC)
    >>> entry = dict(id=1, act=None, verb="cases.open_case", who="visitor", actor="visitor", subject="MB-1", told={},
    ...              text_digest=None, at=at, written=at)
    >>> link(FIRST, entry).hex()[:8] == link(FIRST, entry | {"subject": "MB-2"}).hex()[:8]
    False
    """
    return hashlib.sha256(before + _canonical(entry)).digest()


def _canonical(entry: Mapping[str, Any]) -> bytes:
    return _ENCODER.encode({name: _plain(entry[name]) for name in _SEALED}).encode()


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


_SEALED = ("id", "act", "verb", "who", "actor", "subject", "told", "text_digest", "at", "written")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value
