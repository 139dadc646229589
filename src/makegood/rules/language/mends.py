"""What somebody probably meant by a phrase that cannot be read: the usual slips, put right.

A mend is only ever a suggestion; whoever suggests it first reads it by the rule that the phrase failed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

COMMA = "put a phrase with a comma in quotes"
ALTERNATIVES = "put the alternatives in a list (any of), or give one of them a name under “terms”"
OPPOSITE = "write “if” and the opposite of the condition"

_LONGEST = 400
"""Characters of a phrase that a person would write; a longer one is not worth the search."""
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split(),  # noqa: SIM905 - a list of words reads better as words
        start=1,
    )
} | {"twenty": 20, "twenty-four": 24, "twenty-eight": 28, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
_SHORT = {"h": "hour", "m": "minute", "s": "second", "w": "week"}
"""By first letter; a lone m is left alone, because it may be a month."""
_UNIT = r"(?:(?:working|business|calendar|school|service)[ ])?(?:second|minute|hour|day|week|month|year)"
_END = r"(?:by\s)?(?:(?:the\s)?end\sof\s)?"
_SUM = r"£[0-9][0-9,.]*|[0-9.]+\s?%\sof\s[\w-]+"
_MOST = r"(?:up\sto|to|with)?\s?(?:an?\s)?(?:max(?:imum)?\.?(?:\sof)?|cap(?:ped)?(?:\sat|\sof)?)|up\sto|no\smore\sthan"


def _time_of_day(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour:02}:{match[2] or '00'}"


def _counted(match: re.Match[str]) -> str:
    unit = "working day" if match[2][0] in "wW" and "d" in match[2].lower() else _SHORT[match[2][0].lower()]
    return f"{match[1]} {unit}{'' if match[1] == '1' else 's'}"


_SLIPS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), written)
    for pattern, written in (
        (r"[“”„]", '"'),
        (r"(?<!\w)['‘]([^'‘’]*)['’](?!\w)", r'"\1"'),
        (r"\s*(?:!=|<>|≠)\s*", " is not "),
        (r"\s*(?:>=|=>|≥)\s*", " at least "),
        (r"\s*(?:<=|=<|≤)\s*", " at most "),
        (r"\s*>\s*", " over "),
        (r"\s*<\s*", " under "),
        (r"\s*==?\s*|\sequals\s", " is "),
        # numbers, sums and shares
        (
            rf"\b({'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?=\s(?:{_UNIT}|pounds?|per\s?cent|fortnight))",
            lambda match: str(_NUMBERS[match[1].lower()]),
        ),
        (r"([0-9])\s?per\s?cent\b", r"\1%"),
        (r"£\s+(?=[0-9])|\bGBP\s?(?=[0-9])", "£"),
        (r"\b([0-9][0-9,]*(?:\.[0-9]{1,2})?)\s?(?:pounds?|quid|GBP)\b", r"£\1"),
        (r"\b([0-9]{1,2})p\b(?!\.?m)", lambda match: f"£0.{match[1]:0>2}"),
        (r"\bhalf(?:\sof)?\s(?=[a-z])", "50% of "),
        (r"%\s(?!of\b|if\b)(?=[a-z])", "% of "),
        (r"\s*\(([^()]*)\)$", r", \1"),
        (r",?\s(?:plus\s|\+\s?)(?=£)", ", then "),
        (rf"({_SUM})\s(?:per|an?|(?:for\s)?every|each)\s(?=\w)", r"\1 for each "),
        (rf"\s?\b(?:{_MOST})\s(?=£|[0-9.,]+\s*(?:$|,|if\b|otherwise\b)|[0-9.]+\s?%)", " at most "),
        # lengths of time and times of day
        (r"\b(?:work|business|office)[ -]?(days?)\b", r"working \1"),
        (r"\b([0-9]+)\s?(h(?:rs?)?|mins?|secs?|wks?|w/?ds?)\b", _counted),
        (r"\b([0-9]+)(?=(?:second|minute|hour|week|month|year)s?\b)", r"\1 "),
        (r"\b(?:an?\s|1\s)?fortnight\b", "2 weeks"),
        (r"\b([0-9]+)\sfortnights\b", lambda match: f"{2 * int(match[1])} weeks"),
        (rf"^{_END}(?:the\s)?next\s(working|school)\sday\b", r"1 \1 day"),
        (rf"^{_END}(?:the\s)?same\s(?:calendar\s)?day\b", "0 calendar days"),
        (rf"^{_END}(?:the\s)?same\s(working|school)\sday\b", r"0 \1 days"),
        (rf"\ban?\s(?={_UNIT}\b(?!\sfrom))", "1 "),
        (rf"^(?:within|in|at\smost|{_MOST})\s(?=[0-9]+\s{_UNIT})(?!.*\blate\b)", ""),
        (r"\b(1[0-2]|0?[1-9])(?:[:.]([0-5][0-9]))?\s?([ap])\.?m\b\.?", _time_of_day),
        (r"\b(?:noon|midday)\b", "12:00"),
        (r"\bby\s([01]?[0-9]|2[0-3])\.([0-5][0-9])\b", r"by \1:\2"),
        (r"^by\s(?=[0-9]{1,2}:[0-9]{2}$)", "0 calendar days, by "),
        # conditions
        (r"^if\s", ""),
        (r"\sis\strue\b", " is yes"),
        (r"\sis\sfalse\b", " is no"),
        (r"\b(?:greater|higher|bigger)\sthan\b", "over"),
        (r"\b(?:fewer|lower|smaller)\sthan\b", "under"),
        (r"\b(?:between\s)?([0-9]+)\s?(?:[-–—]|and)\s?([0-9]+)(?=\s[\w ]*\blate\b)", r"\1 to \2"),
        (r"\b([0-9]+)\+(?=\s)", r"at least \1"),
        (r"\b([\w-]+)\sis\s((?:(?!\band\b).)+?)\sor\s\1\sis\s(?!not\b)", r"\1 is \2 or "),
        (r"\s(?:when|where|provided)\s", " if "),
        (r",?\s?\b(?:or\s)?else$", " otherwise"),
    )
)
_BARE = re.compile(
    r"(?<![\w£.,:%-])(?<!first )([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})?"
    r"(?=\s*(?:$|,(?![0-9])|(?:for each|otherwise|then|and|at most|at least)\b))"
)


def likely(text: str) -> list[str]:
    """What may have been meant by a phrase, the likeliest first; empty when it has none of the usual slips.

    >>> likely("five business days, by 6pm")
    ['5 working days, by 18:00']
    >>> likely("5")
    ['£5']
    """
    if len(text) > _LONGEST:
        return []
    meant = " ".join(text.split())
    for slip, written in _SLIPS:
        meant = slip.sub(written, meant)
    meant = " ".join(meant.replace(" ,", ",").split())
    value, joint, condition = meant.partition(" if ")
    found = [meant, _BARE.sub(r"£\1\2", value) + joint + condition]
    return [each for each in dict.fromkeys(found) if each != text]
