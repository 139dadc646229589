"""The promise engine's own words, cut out of the pages that it makes, to be put into ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from makegood.rules import Outcome, Pledge
from makegood.rules.speak import explain, say_deadline

_MAIN = re.compile(r"<main>\n?(.*)</main>", re.DOTALL)
_STRIP = re.compile(r'<ol class="strip".*?</ol>\n?', re.DOTALL)
_REMEDIES = re.compile(r'<div class="panel remedies">\n?(.*?)</div>', re.DOTALL)


def body_of(page: str) -> str:
    """The words of a page of the engine without its head and frame: safe HTML, escaped by the engine.

    >>> body_of("<main>\\n<p>We come back.</p>\\n</main>")
    '<p>We come back.</p>'
    """
    found = _MAIN.search(page)
    return found[1].strip() if found else ""


def standard_of(pledge: Pledge, outcome: Outcome) -> Any:
    """The standard that an outcome is about, as the version says it that judged the case; None where it is gone."""
    versions = [each for each in pledge.versions if each.name == outcome.version]
    every = [*(each for version in versions for each in version.standards), *pledge.standards]
    every += [each for version in pledge.versions for each in version.standards]
    return next((each for each in every if each.name == outcome.standard), None)


def if_we_fail(pledge: Pledge, calendars: Mapping[str, Any], outcome: Outcome, day: date) -> str:
    """What the resident gets if this standard is not held, in the engine's words: safe HTML, empty for nothing."""
    standard = standard_of(pledge, outcome)
    if standard is None:
        return ""
    alone = replace(pledge, standards=(standard,), versions=(), paid_once=())
    found = _REMEDIES.search(explain(alone, calendars, example_day=day, form="html"))
    return found[1].strip() if found else ""


def how_it_ran(pledge: Pledge, outcome: Outcome) -> str:
    """The story of one outcome in the engine's words: safe HTML, without its picture of the days."""
    return _STRIP.sub("", body_of(say_deadline(outcome, pledge, form="html")))
