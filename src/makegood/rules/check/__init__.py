"""A pledge against itself: what cannot be meant as it is written, and whether its examples come out.

Reading finds what a text says wrongly; this finds what only the whole shows. All findings at once, each with
its place, the errors before anything is judged by the pledge.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Finding, PledgeError, Severity
from ..language import model as m
from ..language.read import read_nodes
from ..language.text import parse
from ..working_time import Calendar
from .choices import check_choices
from .comparison import check_comparison
from .examples import check_examples
from .owing import check_owing
from .parts import standards_of
from .places import Findings, Path, Places, nowhere, places_in
from .units import check_units
from .whole import check_whole

__all__ = ["Path", "Places", "check_pledge", "check_text"]


def check_text(
    text: str,
    file: str = "<text>",
    calendars: Mapping[str, Calendar] | None = None,
    *,
    others: Mapping[str, m.Pledge] | None = None,
) -> tuple[m.Pledge | None, list[Finding]]:
    """Read a pledge and check it: the pledge, if no finding is an error, and every finding in the order of the text.

    `others` are pledges by name that this one may call itself “at least as good as”.

    >>> pledge, findings = check_text("pledge: x\\ntitle: X\\nfacts: {asked: you ask}\\n")
    >>> print(findings[0])
    <text>:1:1: error: a pledge without a standard [missing-key]
        expected: standards: {collect: {when: …, we will: …, within: …}}
    """
    try:
        root = parse(text, file)
    except PledgeError as error:
        return None, list(error.findings)
    pledge, findings = read_nodes(root, calendars=calendars)
    if pledge is not None:
        findings = [*findings, *check_pledge(pledge, calendars or {}, places=places_in(root), others=others)]
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return None if failed else pledge, sorted(findings, key=lambda finding: finding.place)


def check_pledge(
    pledge: m.Pledge,
    calendars: Mapping[str, Calendar],
    *,
    places: Places = nowhere,
    others: Mapping[str, m.Pledge] | None = None,
) -> list[Finding]:
    """Check a pledge that was read; `places` says where in its text a path stands.

    Its examples are run only if nothing else is wrong with it.
    """
    findings = Findings(places)
    standards = standards_of(pledge)
    check_whole(findings, pledge, standards)
    for found in standards:
        check_units(findings, pledge, found, calendars)
        check_owing(findings, pledge, found)
        check_choices(findings, pledge, found)
        check_comparison(findings, pledge, found, others or {})
    if not findings.failed:
        check_examples(findings, pledge, calendars)
    return findings.found
