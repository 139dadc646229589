"""Small parts of pages as functions, for the kit's tags and for rows that rooms put together many at a time.

What is repeated on a page (cells, rows, moments, days) is made here and not by a template each: it costs a tenth.
Words are escaped unless they are safe already; `content` is HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeData, SafeString, mark_safe

from . import saying

_ICONS = {
    "kept": "M4.5 12.5l5 5 10-11",
    "broken": "M6 6l12 12M18 6L6 18",
    "running": "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M12 7.5v5l3.5 2",
    "due": "M12 3.5L2.8 19.5h18.4zM12 10v4.2M12 17v.1",
    "paused": "M8.5 5.5v13M15.5 5.5v13",
    "excused": "M5 12h14",
    "remedy": "M3.5 9h17v11h-17zM3.5 13h17M12 9v11M12 9c-5 0-5-5.5-2.5-5.5S12 9 12 9s0-5.5 2.5-5.5S17 9 12 9",
    "unknown": "M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.1-1.5 2.3M12 18v.1",
    "told": "M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7",
    "wrote": "M4 5h16v11h-9l-4 4v-4H4z",
    "photo": "M3.5 8h4l1.5-2.5h6L16.5 8h4v11h-17zM12 10.2a3.1 3.1 0 1 0 0 6.2a3.1 3.1 0 1 0 0-6.2",
    "next": "M5 12h13M13 6.5l5.5 5.5-5.5 5.5",
    "moved": "M5 12h13M13 6.5l5.5 5.5-5.5 5.5",
    "start": "M7 4.5l11 7.5-11 7.5z",
    "pending": "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17",
}
_SAME = {"done": "kept", "void": "excused", "left out": "excused", "closed": "excused", "open": "running"}


def escaped(words: object) -> str:
    """Words as HTML: what is safe as it is, all else escaped. Django's own does the same, and slowly."""
    return str(words) if isinstance(words, SafeData) else escape(str(words))


def filled(markup: str, *words: object) -> SafeString:
    """Markup with words in its places, escaped: as Django's `format_html`."""
    return mark_safe(markup.format(*map(escaped, words)))  # noqa: S308 - every word is escaped


def each_filled(markup: str, lines: Iterable[Iterable[object]]) -> SafeString:
    """The same markup filled again and again."""
    return mark_safe("".join(filled(markup, *line) for line in lines))  # noqa: S308 - every word is escaped


def capfirst(words: str) -> str:
    """Words with a capital."""
    return words[:1].upper() + words[1:]


def zone() -> ZoneInfo:
    """The zone in which pages say instants."""
    return ZoneInfo(settings.PLACE_ZONE)


def machine(at: date | None) -> str:
    """An instant or a day for the datetime attribute of `<time>`."""
    return (at.astimezone(zone()) if isinstance(at, datetime) else at).isoformat() if at else ""


# Small parts -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64, typed=True)
def icon(name: str) -> SafeString:
    """A sign beside a word: it says nothing by itself, so readers of the screen pass over it."""
    path = _ICONS.get(_SAME.get(name, name), _ICONS["pending"])
    return filled(
        '<svg class="mg-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>', path
    )


@lru_cache(maxsize=4)
def drawn(component: str) -> SafeString:
    """A drawing that is the same on every page."""
    return render_to_string(f"web/components/{component}.html")


@lru_cache(maxsize=256, typed=True)  # what is safe is not taken for what is not
def tag(kind: str, text: str) -> SafeString:
    """A status: sign, word and colour."""
    known = _SAME.get(str(kind), str(kind))
    css = "done" if kind == "done" else known
    return filled('<strong class="mg-tag mg-tag--{}">{}{}</strong>', css, icon(known), text)


def details(content: SafeString, text: str, *, shown: bool = False) -> SafeString:
    """More for those who want it."""
    return filled(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        mark_safe(" open") if shown else "",
        text,
        content,
    )


def card(content: SafeString, title: str = "", *, kind: str = "", level: int = 2) -> SafeString:
    """Things that belong together."""
    head = filled('<h{0} class="mg-card__title">{1}</h{0}>', level, title) if title else ""
    return filled('<section class="mg-card{}">{}{}</section>', f" mg-card--{kind}" if kind else "", head, content)


def said(
    content: SafeString, who: str, name: str, at: datetime | None = None, now: datetime | None = None
) -> SafeString:
    """One message of a conversation: from "us" or from "you"."""
    said_at = filled(' <time datetime="{}">{}</time>', machine(at), saying.say_when(at, zone(), now=now)) if at else ""
    return filled(
        '<article class="mg-said mg-said--{}"><p class="mg-said__who"><strong>{}</strong>{}</p>'
        '<div class="mg-said__body">{}</div></article>',
        who,
        name,
        said_at,
        content,
    )


_START = mark_safe(
    '<svg class="govuk-button__start-icon" xmlns="http://www.w3.org/2000/svg" width="17.5" height="19"'
    ' viewBox="0 0 33 40" aria-hidden="true" focusable="false">'
    '<path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z"/></svg>'
)


def button(
    text: str, *, kind: str = "", href: str = "", name: str = "", value: str = "", press: str = ""
) -> SafeString:
    """A button that sends the form around it, or a link that looks like one."""
    css = f" govuk-button--{kind}" if kind else ""
    if href:
        return filled(
            '<a href="{}" role="button" draggable="false" class="govuk-button{}" data-module="govuk-button">{}{}</a>',
            href,
            css,
            text,
            _START if kind == "start" else "",
        )
    return filled(
        '<button type="submit" class="govuk-button{}" data-module="govuk-button" data-prevent-double-click="true"'
        "{}{}>{}</button>",
        css,
        filled(' name="{}" value="{}"', name, value) if name else "",
        filled(' accesskey="{}"', press) if press else "",
        text,
    )


# Lists -------------------------------------------------------------------------------------------------------------


def row(content: SafeString, name: str, *, change: str = "", action: str = "Change") -> SafeString:
    """One row of a summary, with the way to change it where there is one."""
    way = (
        filled(
            '<dd class="govuk-summary-list__actions"><a class="govuk-link" href="{}">{}'
            '<span class="govuk-visually-hidden"> {}</span></a></dd>',
            change,
            action,
            name.lower(),
        )
        if change
        else ""
    )
    return filled(
        '<div class="govuk-summary-list__row{}"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd>{}</div>',
        "" if change else " govuk-summary-list__row--no-actions",
        name,
        content,
        way,
    )


def table(content: SafeString, caption: str, columns: str, *, stack: bool = False) -> SafeString:
    """A table that scrolls by itself where it is too wide, or stacks its rows as cards on a phone."""
    return filled(
        '<div class="mg-scroll"{}><table class="mg-table{}" role="table"><caption>{}</caption>'
        '<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table></div>',
        "" if stack else filled(' role="region" aria-label="{}" tabindex="0"', caption),
        " mg-table--stack" if stack else "",
        caption,
        _heads(columns),
        content,
    )


@lru_cache(maxsize=128, typed=True)
def _heads(columns: str) -> SafeString:
    return each_filled(
        '<th scope="col" role="columnheader"{}>{}</th>',
        (
            (mark_safe(' class="mg-table__number"') if name.startswith("#") else "", name.removeprefix("#"))
            for name in columns.split("|")
        ),
    )


def rowhead(content: str) -> SafeString:
    """The cell that names a row."""
    return mark_safe(f'<th scope="row" role="rowheader">{escaped(content)}</th>')  # noqa: S308 - escaped here


def cell(content: str, column: str) -> SafeString:
    """A cell; the column's name is its label where rows are stacked."""
    return mark_safe(f"{_cell(column)}{escaped(content)}</span></td>")  # noqa: S308 - escaped here


@lru_cache(maxsize=256, typed=True)
def _cell(column: str) -> str:
    css = "mg-table__number" if column.startswith("#") else "mg-table__words"
    return filled('<td role="cell" data-label="{}" class="{}"><span>', column.removeprefix("#"), css)


def tab(url: str, text: str, *, count: int | None, alarm: bool, current: bool) -> SafeString:
    """One of the tabs."""
    counted = (
        ""
        if count is None
        else filled(' <span class="mg-count{}">{}</span>', " mg-count--broken" if alarm and count else "", count)
    )
    return filled(
        '<li class="mg-tabs__item"><a class="mg-tabs__link" href="{}"{}>{}{}</a></li>',
        url,
        mark_safe(' aria-current="page"') if current else "",
        text,
        counted,
    )


# The promise -------------------------------------------------------------------------------------------------------


def moment(
    content: SafeString,
    kind: str,
    title: str,
    at: datetime | None = None,
    now: datetime | None = None,
    *,
    when: str = "",
    level: int = 3,
) -> SafeString:
    """One moment of the story. `when` says the time in words where it is not an instant."""
    if at:
        said_at = filled(
            '<time class="mg-moment__when" datetime="{}">{}</time>',
            machine(at),
            capfirst(saying.say_when(at, zone(), now=now)),
        )
    else:
        said_at = filled('<span class="mg-moment__when">{}</span>', when) if when else mark_safe("")
    return filled(
        '<li class="mg-moment mg-moment--{0}"><span class="mg-moment__sign">{1}</span>'
        '<h{2} class="mg-moment__title">{3}</h{2}>{4}{5}</li>',
        kind,
        icon(str(kind)),
        level,
        title,
        said_at,
        content,
    )


def promise(
    fail: SafeString,
    title: str,
    *,
    until: datetime | None,
    now: datetime | None,
    status: str,
    label: str,
    left: str,
    more: str,
    fails: str,
    level: int,
) -> SafeString:
    """A promise with its deadline, and (`fail`) what happens if it is not kept."""
    parts = [
        filled(
            '<section class="mg-promise{0}"><div class="mg-promise__head"><h{1} class="mg-promise__title">'
            '<span class="mg-promise__label">Our promise</span>{2}</h{1}>{3}</div>',
            f" mg-promise--{status}" if status else "",
            level,
            title,
            tag(status, label) if label else "",
        )
    ]
    if until:
        parts.append(
            filled(
                '<p class="mg-promise__until"><span class="mg-promise__label">Until when</span>'
                '<strong><time datetime="{}">{}</time></strong>{}</p>',
                machine(until),
                capfirst(saying.say_by(until, zone(), now=now)),
                filled('<span class="mg-promise__left">{}</span>', capfirst(left)) if left else "",
            )
        )
    if more:
        parts.append(filled('<div class="mg-promise__more">{}</div>', more))
    if fail.strip():
        parts.append(
            filled('<div class="mg-promise__fail"><span class="mg-promise__label">{}</span>{}</div>', fails, fail)
        )
    return mark_safe("".join([*parts, "</section>"]))  # noqa: S308 - every part is escaped


class DayToShow(Protocol):
    """One day on the way to a deadline: `why` is start, counted, paused, closed, cut-off, moved or named."""

    @property
    def day(self) -> date:
        """The local day."""

    @property
    def number(self) -> int | None:
        """Its number in the count, if it counts."""

    @property
    def why(self) -> str:
        """Why it counts or does not."""

    @property
    def name(self) -> str:
        """The holiday, or the reason."""


_DAYS = {
    "start": ("start", "The day we count from"),
    "counted": ("counted", "Counted"),
    "named": ("counted", "The day that was agreed"),
    "paused": ("paused", "Waiting: not counted"),
    "closed": ("closed", "Closed: not counted"),
    "cut-off": ("closed", "Came in too late in the day: counted from the next"),
    "moved": ("moved", "Moved on to an open day"),
}
_KEY = (
    ("start", "start", "The day we count from"),
    ("counted", "1", "A day that counts"),
    ("closed", "closed", "A day that does not count"),
    ("paused", "paused", "We were waiting for you"),
    ("moved", "moved", "Moved on to the next open day"),
    ("last", "1", "The deadline"),
    ("late", "1", "The deadline, which we missed"),
)
_WEEK = each_filled("<span>{}</span>", zip(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")))


def day_strip(
    days: Iterable[DayToShow], *, today: date | None = None, last: date | None = None, late: bool = False
) -> SafeString:
    """A picture of the days on the way to a deadline, with the same as a list. `last` is the deadline's day."""
    shown = [_shown_day(step, last=last, late=late) for step in days]
    kinds = {css for _, css, _ in shown}
    key = each_filled(
        '<li><span class="mg-day mg-day--{}">{}</span>{}</li>',
        ((css, "1" if sign == "1" else icon(sign), text) for css, sign, text in _KEY if css in kinds),
    )
    listed = each_filled(
        "<li><strong>{}</strong>: {}{}</li>",
        ((saying.say_day(step.day), words, " (today)" if step.day == today else "") for step, _, words in shown),
    )
    return filled(
        '<div class="mg-days"><div class="mg-days__week" aria-hidden="true">{}</div>'
        '<ol class="mg-days__list" aria-hidden="true">{}</ol><ul class="mg-key" aria-hidden="true">{}</ul></div>{}',
        _WEEK,
        _days_drawn(shown, today),
        key,
        details(filled('<ol class="govuk-list">{}</ol>', listed), "The same days as a list"),
    )


def _shown_day(step: DayToShow, *, last: date | None, late: bool) -> tuple[DayToShow, str, str]:
    """A day with its look and its words."""
    css, words = _DAYS.get(step.why, ("closed", step.why))
    if step.number is not None and css == "counted":
        words = f"Day {step.number}"
    elif step.name:
        words = f"{words} ({step.name})"
    if step.day == last:
        css, words = ("late" if late else "last"), f"{words}: the deadline"
    return step, css, words


def _days_drawn(shown: Sequence[tuple[DayToShow, str, str]], today: date | None) -> SafeString:
    def look(place: int, step: DayToShow, css: str) -> str:
        begins = f" mg-day--from-{step.day.isoweekday()}" if place == 0 else ""
        return f"{css}{' mg-day--now' if step.day == today else ''}{begins}"

    def month(place: int, day: date) -> str:
        named = place == 0 or day.day == 1
        return filled('<span class="mg-day__month"> {}</span>', f"{day:%b}") if named else ""

    drawn_days: list[tuple[Any, ...]] = [
        (
            look(place, step, css),
            step.day.day,
            month(place, step.day),
            step.number if step.number and css != "start" else icon(step.why),
        )
        for place, (step, css, _) in enumerate(shown)
    ]
    return each_filled(
        '<li class="mg-day mg-day--{}"><span class="mg-day__date">{}{}</span><span class="mg-day__sign">{}</span></li>',
        drawn_days,
    )
