"""Fenced blocks of the documentation, with the place of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
README = DOCS.parent / "README.md"
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: the page, the line of its first text, what follows the fence, and the text."""

    page: Path
    line: int
    info: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(DOCS.parent)}:{self.line}"


def blocks(language: str) -> Iterator[Block]:
    """Every block of a language in the README and the documentation, page by page."""
    for page in [README, *sorted(DOCS.rglob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        for match in _FENCE.finditer(text):
            words = match["info"].split()
            if words and words[0] == language:
                line = text[: match.start("text")].count("\n") + 1
                yield Block(page, line, " ".join(words[1:]), match["text"])
