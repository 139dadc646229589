"""Parts of a promise said alone: what one standard promises, by when, and what there is if it is not held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..language import model as m
from ..working_time import Calendar
from .amounts import Voice
from .catalogue import Catalogue
from .choices import is_plain
from .document import Part
from .english import ENGLISH
from .forms import write_part
from .promises import remedy_blocks


def say_promise(pledge: m.Pledge, standard: str) -> str:
    """What a standard promises in its own words, or the pledge's title where it has none.

    >>> from ..language.read import read_pledge
    >>> say_promise(read_pledge("pledge: tell\\ntitle: If you ask\\nfacts: {asked: you ask}"), "tell")
    'If you ask'
    """
    return next((each.says for each in pledge.every_standard if each.name == standard and each.says), pledge.title)


def say_limit(
    pledge: m.Pledge,
    standard: m.Standard,
    calendars: Mapping[str, Calendar],
    *,
    day: date,
    catalogue: Catalogue = ENGLISH,
) -> str:
    """The time limit of a standard as a sentence, with the values in force on a day; empty when it hangs on the case.

    >>> from ..language.read import read_pledge
    >>> pledge = read_pledge("pledge: tell\\ntitle: If you ask\\nfacts: {asked: you ask, told: we tell you}\\n"
    ...                      "standards: {tell: {when: asked, we will: told, within: 2 hours}}")
    >>> say_limit(pledge, pledge.standards[0], {}, day=date(2026, 5, 21))
    'Within 2 hours.'
    """
    if not is_plain(standard.within):
        return ""
    voice = Voice(catalogue, pledge, calendars, day).about(standard)
    return voice.sentence(voice.limit(standard.within[0].value))


def say_remedies(
    pledge: m.Pledge,
    standard: m.Standard,
    calendars: Mapping[str, Calendar],
    *,
    day: date,
    form: Part = "lines",
    catalogue: Catalogue = ENGLISH,
) -> str:
    """What there is if a standard is not held, with the sums in force on a day, to be put into a page or a message.

    Empty for a customer's standard without a charge. Raises `ValueError` for another form.

    >>> from ..language.read import read_pledge
    >>> pledge = read_pledge("pledge: tell\\ntitle: If you ask\\nfacts: {asked: you ask, told: we tell you}\\n"
    ...                      "standards: {tell: {when: asked, we will: told, within: 2 hours,"
    ...                      " if we do not: [apologise, pay: £5]}}")
    >>> print(say_remedies(pledge, pledge.standards[0], {}, day=date(2026, 5, 21)))
    * We say sorry.
    * You get £5.
    """
    return write_part(remedy_blocks(Voice(catalogue, pledge, calendars, day).about(standard), standard), form)
