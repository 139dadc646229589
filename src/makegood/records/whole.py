"""Files that appear only when they are whole, so that nobody reads half a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LONGEST_NAME = 40
"""So much of a file's name is in that of a folder for what stands in for it."""


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside the wanted file to write to; it takes the wanted one's place at the end, or is gone after an error.

    A link stays a link, to the new file. What cannot be written is told by the name of the wanted file.
    """
    wanted = Path(os.path.realpath(path))
    beside = wanted.with_name(f".{wanted.name}.part")
    try:
        with told_by_name(path):
            yield beside
            beside.replace(wanted)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


@contextmanager
def told_by_name(path: Path) -> Iterator[None]:
    """Errors of a file that stands in for the wanted one until it is whole are told as those of the wanted one.

    Such a file, or the folder in which it lies, is beside the wanted one and called as that with a dot before it.
    """
    wanted = Path(os.path.realpath(path))
    stand_in = str(wanted.with_name(f".{wanted.name[:LONGEST_NAME]}"))
    try:
        yield
    except OSError as error:
        if str(error.filename).startswith(stand_in):
            raise type(error)(error.errno, error.strerror, str(path)) from error
        raise
