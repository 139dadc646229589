"""What a promise says, in the promise engine's own words, as lines for a message."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from makegood.rules import Calendar, Pledge
from makegood.rules.speak import explain

_REMEDIES = re.compile(r'<div class="panel remedies">\n?(.*?)</div>', re.DOTALL)
_HEADING = re.compile(r"<h\d[^>]*>.*?</h\d>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def promise_of(pledge: Pledge, standard: str) -> str:
    """What a standard promises."""
    every = [*pledge.standards, *(each for version in pledge.versions for each in version.standards)]
    return next((each.says for each in every if each.name == standard and each.says), pledge.title)


def if_we_fail(pledge: Pledge, calendars: Mapping[str, Calendar], standard: str, day: date) -> str:
    """What there is if a standard is not held, a line for each; empty for nothing."""
    every = [*(each for version in pledge.versions for each in version.standards), *pledge.standards]
    alone = next((each for each in every if each.name == standard), None)
    if alone is None:
        return ""
    page = explain(
        replace(pledge, standards=(alone,), versions=(), paid_once=()), calendars, example_day=day, form="html"
    )
    found = _REMEDIES.search(page)
    told = _HEADING.sub("", found[1]).replace("<li>", "* ") if found else ""
    lines = (" ".join(html.unescape(_TAG.sub("", line)).split()) for line in told.splitlines())
    return "\n".join(line for line in lines if line and line != "*")
