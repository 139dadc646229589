"""Files that appear only when they are whole, so that nobody reads half a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside the wanted file to write to; it takes the wanted one's place at the end, or is gone after an error.

    A link stays a link, to the new file.
    """
    wanted = Path(os.path.realpath(path))
    beside = wanted.with_name(f".{wanted.name}.part")
    try:
        yield beside
        beside.replace(wanted)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
