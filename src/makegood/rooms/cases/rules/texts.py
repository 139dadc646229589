"""Words that people write, as they are kept."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def cleaned(words: str, *, lines: bool = False) -> str:
    """Words in one normal form, stripped; in one line unless `lines`.

    Raises `ValueError` for characters that nobody types: control characters, and signs that turn text around.

    >>> cleaned("  a \\n b "), cleaned("a\\r\\nb", lines=True)
    ('a b', 'a\\nb')
    """
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", words)).replace("\t", " ")
    for each in text:
        if each != "\n" and (
            unicodedata.category(each) in ("Cc", "Cs") or "\u202a" <= each <= "\u202e" or "\u2066" <= each <= "\u2069"
        ):
            raise ValueError(f"U+{ord(each):04X}")
    return text.strip() if lines else " ".join(text.split())
