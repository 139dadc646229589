"""XML files read piece by piece, never the whole in memory.

A file with a document type or entities is refused: they can blow up, or fetch other files.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, cast
from xml.parsers import expat

from ....records.rows import UnreadableFile

_CHUNK = 1 << 16
_LONGEST_TAG = 1 << 25
_DEEPEST = 100


class XmlStream:
    """One file on its way to those who hear of its elements: `begin` with name and attributes, `finish`, and `words`.

    Names are without prefixes and in small letters, and the first has to be `root`.
    """

    def __init__(
        self, path: Path, encoding: str, root: str, *, begin: Callable[[str, Mapping[str, str]], None],
        finish: Callable[[str], None], words: Callable[[str], None] | None = None,
    ) -> None:  # fmt: skip
        self.path, self.encoding, self._root = path, encoding, root
        self._tell_begin, self._tell_finish, self._tell_words = begin, finish, words
        self._depth = 0

    @property
    def line(self) -> int:
        """The line that is being read, from 1."""
        return self._parser.CurrentLineNumber

    def chunks(self) -> Iterator[None]:
        """Read on, with a stop after each piece. Raises `UnreadableFile` for what is no XML, damaged, or dangerous."""
        plain = self.encoding.lower() in ("utf-8", "utf8")
        fed = 0
        try:
            self._parser = parser = expat.ParserCreate(None if plain else self.encoding)
            self._listen(parser)
            with _opened(self.path) as file:
                while chunk := file.read(_CHUNK):
                    fed += len(chunk)
                    parser.Parse(chunk, False)
                    if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                        raise UnreadableFile(f"{self.path}:{self.line}: a tag without end")
                    yield
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise UnreadableFile(f"{self.path}:{error.lineno}: this is no well-formed XML ({error})") from None
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(f"{self.path}: the file ends too early or is damaged ({error})") from None
        except (LookupError, ValueError) as error:
            if isinstance(error, UnreadableFile):
                raise
            raise UnreadableFile(f"{self.path}: the encoding cannot be read ({error})") from None
        yield

    def _listen(self, parser: expat.XMLParserType) -> None:
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._finish
        if self._tell_words:
            parser.CharacterDataHandler = self._tell_words
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise UnreadableFile(
            f"{self.path}:{self.line}: a document type or entities, which are never read: "
            "they can blow up or fetch other files; take the <!DOCTYPE …> out"
        )

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = _plain(name)
        if self._depth > _DEEPEST:
            raise UnreadableFile(f"{self.path}:{self.line}: elements over {_DEEPEST} deep")
        if not self._depth and tag != self._root:
            raise UnreadableFile(f"{self.path}: no event log: it begins with <{name[:40]}>, not with <{self._root}>")
        self._depth += 1
        self._tell_begin(tag, attributes)

    def _finish(self, name: str) -> None:
        self._depth -= 1
        self._tell_finish(_plain(name))


def _plain(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _opened(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked if it is packed, whatever its name says."""
    try:
        if path.exists() and not path.is_file():
            raise UnreadableFile(f"{path}: is no file but a folder, a pipe or a device; save it as a file first")
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        return cast(IO[bytes], gzip.open(path, "rb")) if packed else path.open("rb")
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None
