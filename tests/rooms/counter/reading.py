"""The Flesch-Kincaid grade of a page: 0.39 words a sentence + 11.8 syllables a word - 15.59, over its sentences.

Syllables are counted by groups of vowels, without a silent e at the end. Every block of a page (a paragraph, an item,
a heading, a cell) ends a sentence. What has fewer than four words is no sentence, so that labels and links make no page
look easy. Names, references, sums and dates in digits count as words of one syllable.
"""

from __future__ import annotations

import re
from html import unescape

_BLOCK = re.compile(r"</(p|li|h[1-6]|dt|dd|td|th|caption|legend|label|summary|div|button|a|time)>", re.IGNORECASE)
_LEFT_OUT = re.compile(r"<(svg|script|style|form-data)\b.*?</\1>", re.DOTALL)


def sentences(page: str) -> list[list[str]]:
    """The words of each sentence of what the page says."""
    main = re.search(r"<main[^>]*>(.*)</main>", page, re.DOTALL)
    text = _LEFT_OUT.sub(" ", main[1] if main else page)
    text = re.sub(r"</?(strong|em|span|b)\b[^>]*>", "", text)
    text = unescape(re.sub(r"<[^>]+>", " ", _BLOCK.sub(". ", text)))
    found = [re.findall(r"[A-Za-z][A-Za-z'’-]*|£?\d[\d.,:%a-z]*", part) for part in re.split(r"[.!?:;]+(?:\s|$)", text)]
    return [words for words in found if len(words) >= 4] or [words for words in found if words]


def syllables(word: str) -> int:
    """About how many syllables a word has."""
    if not word[0].isalpha() or word.isupper():
        return 1
    plain = re.sub(r"[^a-z]", "", word.casefold())
    plain = re.sub(
        r"(?<=[^aeiouy])(es|ed)$",
        lambda end: "" if not re.search(r"(t|d|s|x|z|ch|sh|g|c)$", plain[: -len(end[0])]) else end[0],
        plain,
    )
    groups = re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeiouyl])e$", "", plain))
    return max(len(groups), 1)


def grade(page: str) -> float:
    """The grade of a page's words."""
    said = sentences(page)
    words = [word for sentence in said for word in sentence]
    return 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
