"""The style sheet, scripts and pictures of the pages: each address carries a digest of what is in the file.

So a browser keeps a file for good, and never shows an old one with a new page.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedFiles(StaticFilesStorage):
    """Files where they lie, under addresses that change with them."""

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        """The address of a file; without a version where there is no such file."""
        address = super().url(name, *args, **kwargs)
        version = _version(name) if name else ""
        return f"{address}?v={version}" if version else address


@cache  # files do not change while the service runs
def _version(name: str) -> str:
    found = finders.find(name)
    return sha256(Path(str(found)).read_bytes()).hexdigest()[:12] if found else ""
