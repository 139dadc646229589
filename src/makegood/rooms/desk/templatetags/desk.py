"""The desk's tags: rows that come many at a time, put together from the kit's parts. `{% load desk %}`

{% case_rows lines now %}                   the rows of a list of cases
{% moments file.story now %}                what happened in a case
{% fact_rows file.facts case.reference now correct=is_officer %}
{% entry_rows entries reasons=True %}       the journal
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from makegood.web import saying
from makegood.web.parts import capfirst, cell, filled, moment, rowhead, tag, zone

from ..queries import Entry, Line
from ..queries.case import FactShown, Moment

register = template.Library()


def _addresses(route: str) -> Callable[[str], str]:
    """The addresses of a route for many cases: found once, since finding them costs more than the row."""
    before, _, after = reverse(route, kwargs={"reference": "-"}).rpartition("-")
    return lambda reference: f"{before}{reference}{after}"


def _together(rows: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(rows))  # noqa: S308 - each of them is safe


@register.simple_tag
def case_rows(lines: Iterable[Line], now: datetime) -> SafeString:
    """A row for each case: reference and name, service, deadline, who has it, and how it stands."""
    address = _addresses("desk:case")
    return _together(_case_row(line, address(line.case.reference), now) for line in lines)


def _case_row(line: Line, address: str, now: datetime) -> SafeString:
    case = line.case
    name = filled('<br><span class="mg-small">{}</span>', line.person) if line.person else ""
    head = filled(
        '<a class="mg-reference" href="{}">{}</a>{}{}',
        address,
        case.reference,
        name,
        mark_safe("<br>" + tag("wrote", "Wrote")) if case.unread else "",  # noqa: S308 - a tag of the kit
    )
    return filled(
        "<tr>{}{}{}{}{}</tr>",
        rowhead(head),
        cell(line.service, "Service"),
        cell(_ends(line, now), "Promise ends"),
        cell(line.owner or line.team, "Who has it"),
        cell(tag(line.kind, line.label), "State"),
    )


def _ends(line: Line, now: datetime) -> str:
    case = line.case
    if not case.open:
        today = now.astimezone(zone()).date()
        closed = saying.say_day(case.closed_at.astimezone(zone()).date(), today=today) if case.closed_at else ""
        return f"Closed {closed}"
    if case.due_at:
        return _deadline(case.due_at, saying.say_left(case.due_at, now), now)
    if case.waiting:
        return "The clock stands still"
    if line.passed_at:
        return _deadline(line.passed_at, f"passed {saying.say_span(now - line.passed_at)} ago", now)
    return "It has passed" if case.standing == "broken" else "No clock runs"


def _deadline(due_at: datetime, left: str, now: datetime) -> str:
    by = capfirst(saying.say_by(due_at, zone(), now=now))
    return filled('{}<br><span class="mg-small mg-soft">{}</span>', by, left)


@register.simple_tag
def moments(story: Iterable[Moment], now: datetime) -> SafeString:
    """What happened in a case, one after the other."""
    return _together(moment(_about(each, now), each.kind, each.title, each.at, now) for each in story)


def _about(each: Moment, now: datetime) -> SafeString:
    def when(at: datetime) -> str:
        return saying.say_when(at, zone(), now=now)

    words = filled("<p>{}</p>", _broken_lines(each.words)) if each.words else mark_safe("")
    if each.was:
        to = f"; it is {when(each.to)} now" if each.to else ""
        return words + filled('<p class="mg-small mg-soft">It was {}{}.</p>', when(each.was), to)
    if each.logged_at:
        return words + filled('<p class="mg-small mg-soft">Logged {}</p>', when(each.logged_at))
    return words


def _broken_lines(words: str) -> SafeString:
    """Words with their line ends, as the filter `linebreaksbr` shows them."""
    return mark_safe(filled("{}", words).replace("\n", "<br>"))  # noqa: S308 - escaped before


@register.simple_tag
def fact_rows(facts: Iterable[FactShown], reference: str, now: datetime, *, correct: bool = False) -> SafeString:
    """A row for each fact; with `correct` its time may be put right."""
    return _together(_fact_row(each, reference, now, correct) for each in facts)


def _fact_row(each: FactShown, reference: str, now: datetime, correct: bool) -> SafeString:
    def when(at: datetime) -> str:
        return saying.say_when(at, zone(), now=now)

    seen = each.seen
    label = filled("{}" if seen.stands else "<del>{}</del>", each.label)
    reason = filled('<br><span class="mg-small mg-soft">{}</span>', seen.reason) if seen.reason else ""
    before = filled('<br><span class="mg-small mg-soft">before: {}</span>', when(each.was)) if each.was else ""
    if seen.withdrawn:
        state = "Never happened"
    elif seen.corrected_by:
        state = "Corrected"
    elif correct:
        state = filled(
            '<a href="{}">Put right<span class="govuk-visually-hidden">: {}</span></a>',
            reverse("desk:correct", args=[reference, seen.id]),
            each.label,
        )
    else:
        state = "Counts"
    return filled(
        "<tr>{}{}{}{}{}</tr>",
        rowhead(filled("{}{}", label, reason)),
        cell(filled("{}{}", capfirst(when(seen.at)), before), "Happened"),
        cell(capfirst(when(seen.recorded_at)), "Logged"),
        cell(each.by or "Makegood", "By"),
        cell(state, "State"),
    )


@register.simple_tag
def entry_rows(entries: Iterable[Entry], *, reasons: bool = False) -> SafeString:
    """A row for each entry of the journal; with `reasons` what was given as one."""
    return _together(_entry_row(each, reasons) for each in entries)


def _entry_row(each: Entry, reasons: bool) -> SafeString:
    what = capfirst(each.deed)
    if each.done.reason and reasons:
        what = f"{what}: “{each.done.reason}”"
    return filled(
        "<tr>{}{}{}{}</tr>",
        rowhead(capfirst(saying.say_when(each.done.at, zone()))),
        cell(each.who, "Who"),
        cell(what, "What"),
        cell(each.particulars or "–", "Particulars"),
    )
