"""The kit's tags and filters: `{% load kit %}`. Every page works without script; nothing is inline.

Pages extend `web/base.html`: blocks title, description, navigation, who, demo_links, home, phase, trail, messages,
errors, content, main_class, footer_links, footer_words, scripts, lang. Name the page's form `form`: then its error
summary stands above the content and the title begins with "Error: ". Plain HTML in
`content` (h1, h2, p, ul) needs no class. Classes for layout: mg-lead, mg-kicker, mg-columns (main and aside),
mg-columns--filter, mg-narrow, mg-stack, mg-buttons, mg-presses, mg-search, mg-doors, mg-hero, mg-small, mg-soft,
mg-reference, mg-number, mg-photo, mg-no-print, mg-only-print.

Say
    {{ at|says_by }} {{ at|says_by:now }}     by 6pm on Tuesday 16 June 2026; by 6pm tomorrow; by the end of today
    {{ at|says_instant }}                     the same as says_by
    {{ at|says_when:now }}                    on Tuesday 16 June at 6:05pm; today at midday
    {{ at|says_day:now }}                     Tuesday 16 June (of an instant or a day)
    {{ at|says_time }}                        6:05pm
    {{ until|says_left:now }}                 3 hours left; 2 days late
    {{ span|says_span }}                      1 day and 4 hours (of a timedelta, or of seconds)
    {{ pounds|says_money }}                   £5; £5.50 (of pounds)    {{ pence|says_pence }} (of whole pence)
    {{ count|says_count:"working day" }}      3 working days; {{ 2|says_count:"reply,replies" }}
    {{ at|machine }}                          for <time datetime="…">

Frame
    {% nav_link "/promises/" "Our promises" %}          in block navigation; knows which is current
    {% back_link "/report/" %}  {% crumbs "Desk|/desk/" "My cases|/desk/mine/" %}   in block trail
    {% icon "kept" %}  {% wordmark %}  {% mark %}

Forms (KitForm, or any Django form)
    {% form_for form %}…{% endform_for %}               method="post", action="", once=key; files by itself
    {% field form.name %}                               heading=True: the label is the h1; size="s|m|l"; hide=True
    {% fields form %}                                   all fields that have not their own place
    {% error_summary form %}                            base.html shows that of `form`; this is for others
    {% button "Continue" %}                             kind="secondary|warning|start", href="…", name="…", value="…"

Show
    {% tag "broken" "Promise broken" %}     kept done broken running due paused excused remedy unknown pending void
    {% banner title="Success" kind="success" %}…{% endbanner %}      kind "" or "success" or "alert"
    {% panel "Report sent" %}…{% endpanel %}            {% inset %}…{% endinset %}     {% warning %}…{% endwarning %}
    {% details "How we count" %}…{% enddetails %}       {% card "Title" kind="pine|marigold|brick|plum" %}…{% endcard %}
    {% door "/report/" "Report a problem" %}…{% enddoor %}           inside <ul class="mg-doors">
    {% summary %}{% row "Ward" change="/x/" %}…{% endrow %}{% endsummary %}        action="Choose" instead of Change
    {% table "My cases" "Reference|Due|#Open" stack=True %}          # marks a column of numbers
        <tr>{% rowhead %}…{% endrowhead %}{% cell "Due" %}…{% endcell %}{% cell "#Open" %}…{% endcell %}</tr>
    {% endtable %}
    {% tabs "Cases" %}{% tab "/desk/mine/" "Mine" count=3 %}{% endtabs %}          alarm=True for a red count; current=
    {% task_list %}{% task "Your address" "/x/" status="done" label="Done" hint="…" %}{% endtask_list %}
    {% numbers %}{% number "92%" "of promises kept" note="…" kind="broken" %}{% endnumbers %}
    {% pagination previous="?page=1" next="?page=3" said="Page 2 of 9" %}          {% pages page %} for a Django Page
    {% filters form %}                                  a GET form; the search and narrowing of lists
    {% nothing %}No case waits for you.{% endnothing %}

The promise
    {% promise "We will collect a missed bin" until=at now=now status="running" label="Running" %}what happens if we
        fail{% endpromise %}                            more="…" safe text between; without until: no deadline shown
    {% day_strip days today=day last=day late=False %}  days: objects with day, number, why, name (as in explanations)
    {% story %}{% moment "running" "We gave your report to Street Care" at now %}…{% endmoment %}{% endstory %}
                                                        the first word is as for tag, or told, wrote, photo, next
    {% said "us" "Sam, Street Care" at now %}…{% endsaid %}                        "us" or "you"
    {% voucher "£5" code="K7QF-2MXD" until=day link="https://…" spent=False %}where and how to use it{% endvoucher %}
    {% qr "https://…" "What it opens" %}

Paper: `web/letter.html`, `web/poster.html` and `web/components/letter.html`; each says what it needs at its top.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import segno
from django import forms, template
from django.core.paginator import Page
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from makegood.web import parts, saying
from makegood.web.forms import errors_of

register = template.Library()


# Filters -----------------------------------------------------------------------------------------------------------


_zone = parts.zone


def _local_day(day: date) -> date:
    return day.astimezone(_zone()).date() if isinstance(day, datetime) else day


@register.filter
def says_by(at: datetime | None, now: datetime | None = None) -> str:
    """A deadline in words; empty where there is none."""
    return saying.say_by(at, _zone(), now=now) if at else ""


register.filter("says_instant", says_by)


@register.filter
def says_when(at: datetime | None, now: datetime | None = None) -> str:
    """When something happened."""
    return saying.say_when(at, _zone(), now=now) if at else ""


@register.filter
def says_day(day: date | None, now: date | None = None) -> str:
    """The local day of an instant, or a day."""
    return saying.say_day(_local_day(day), today=_local_day(now) if now else None) if day else ""


@register.filter
def says_time(at: datetime | None) -> str:
    """The time of day in the place."""
    return saying.say_time(at, _zone()) if at else ""


@register.filter
def says_left(until: datetime | None, now: datetime) -> str:
    """How long is left until a deadline, or how late it is."""
    return saying.say_left(until, now) if until else ""


@register.filter
def says_span(span: timedelta | float | None) -> str:
    """A span of real time; a number is in seconds."""
    if span is None:
        return ""
    return saying.say_span(span if isinstance(span, timedelta) else timedelta(seconds=float(span)))


@register.filter
def says_money(pounds: Decimal | int | None) -> str:
    """An amount in pounds."""
    return "" if pounds is None else saying.say_money(Decimal(pounds))


@register.filter
def says_pence(pence: int | None) -> str:
    """An amount in whole pence, as pounds."""
    return "" if pence is None else saying.say_money(Decimal(pence) / 100)


@register.filter
def says_count(count: int, noun: str) -> str:
    """A number with its noun; the plural follows a comma where an s does not do."""
    one, _, many = noun.partition(",")
    return saying.plural(count, one, many)


register.filter("plural", says_count)


register.filter("machine", parts.machine)


# The frame ---------------------------------------------------------------------------------------------------------

register.simple_tag(parts.icon, name="icon")


@register.simple_tag
def mark() -> SafeString:
    """The mark: a ring that was broken, and made good."""
    return parts.drawn("mark")


@register.simple_tag
def wordmark() -> SafeString:
    """The name, drawn."""
    return parts.drawn("wordmark")


@register.simple_tag(takes_context=True)
def nav_link(context: Context, url: str, text: str, *, exact: bool = False) -> SafeString:
    """One entry of the navigation: current on its own page and, unless `exact`, on those below it."""
    path = getattr(context.get("request"), "path", "")
    current = path == url or (not exact and url != "/" and path.startswith(url))
    return format_html(
        '<li class="mg-nav__item"><a class="mg-nav__link" href="{}"{}>{}</a></li>',
        url,
        mark_safe(' aria-current="page"') if current else "",
        text,
    )


@register.simple_tag
def back_link(url: str, text: str = "Back") -> SafeString:
    """The way back, as the first thing of a page."""
    return format_html('<nav aria-label="Back"><a href="{}" class="govuk-back-link">{}</a></nav>', url, text)


@register.inclusion_tag("web/components/crumbs.html")
def crumbs(*steps: str) -> dict[str, Any]:
    """Where the page stands: each step is "words|address"; the last may have no address."""
    return {"steps": [step.rpartition("|")[::2] if "|" in step else (step, "") for step in steps]}


# Forms -------------------------------------------------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def form_for(
    context: Context,
    content: SafeString,
    form: forms.BaseForm | None = None,
    *,
    method: str = "post",
    action: str = "",
    once: str = "",
) -> SafeString:
    """A form: its token, its hidden fields, its encoding; browsers do not check it, we do, in words."""
    return _render(
        "form_for.html",
        content=content,
        form=form,
        method=method,
        action=action,
        once=once,
        csrf_token=context.get("csrf_token", ""),
    )


@register.inclusion_tag("web/forms/field.html")
def field(
    bound: forms.BoundField, *, heading: bool = False, size: str = "", hide: bool = False, hint: str = ""
) -> dict[str, Any]:
    """One field: label, hint, error and control, bound together for people who cannot see."""
    return {"field": bound, "heading": heading, "size": size or ("l" if heading else ""), "hide": hide, "hint": hint}


@register.inclusion_tag("web/forms/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every visible field of a form, in its order."""
    return {"form": form}


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(form: forms.BaseForm | None) -> dict[str, Any]:
    """What is wrong, at the top, each with the way to it; nothing where nothing is wrong."""
    return {"errors": list(errors_of(form)) if form is not None and form.is_bound else []}


register.simple_tag(parts.button, name="button")


# Small parts -------------------------------------------------------------------------------------------------------


def _render(component: str, **context: Any) -> SafeString:
    return render_to_string(f"web/components/{component}", context)


register.simple_tag(parts.tag, name="tag")


@register.simple_block_tag
def banner(content: SafeString, *, title: str = "Important", kind: str = "") -> SafeString:
    """What just happened, or what everybody should know now."""
    return _render("banner.html", content=content, title=title, kind=kind)


@register.simple_block_tag
def panel(content: SafeString, title: str) -> SafeString:
    """The end of a way: it worked, and this is what to keep. Its title is the page's h1."""
    return _render("panel.html", content=content, title=title)


@register.simple_block_tag
def inset(content: SafeString) -> SafeString:
    """Words set apart."""
    return format_html('<div class="govuk-inset-text">{}</div>', content)


@register.simple_block_tag
def warning(content: SafeString) -> SafeString:
    """What has consequences."""
    return _render("warning.html", content=content)


register.simple_block_tag(parts.details, name="details")
register.simple_block_tag(parts.card, name="card")


@register.simple_block_tag
def door(content: SafeString, url: str, text: str) -> SafeString:
    """A large link to a next step, with a few words; a list item."""
    return _render("door.html", content=content, url=url, text=text)


@register.simple_block_tag
def nothing(content: SafeString) -> SafeString:
    """An empty list says that it is empty."""
    return format_html('<div class="mg-nothing">{}</div>', content)


register.simple_block_tag(parts.said, name="said")


# Lists -------------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def summary(content: SafeString) -> SafeString:
    """Names and values, one below the other on a phone."""
    return format_html('<dl class="govuk-summary-list">{}</dl>', content)


register.simple_block_tag(parts.row, name="row")
register.simple_block_tag(parts.table, name="table")
register.simple_block_tag(parts.rowhead, name="rowhead")
register.simple_block_tag(parts.cell, name="cell")


@register.simple_block_tag
def tabs(content: SafeString, label: str) -> SafeString:
    """Views of one thing, each a page of its own."""
    return format_html('<nav class="mg-tabs" aria-label="{}"><ul class="mg-tabs__list">{}</ul></nav>', label, content)


@register.simple_tag(takes_context=True)
def tab(
    context: Context, url: str, text: str, *, count: int | None = None, alarm: bool = False, current: bool | None = None
) -> SafeString:
    """One of the tabs; current where its address is the page's, unless said."""
    here = getattr(context.get("request"), "path", "") == url.partition("?")[0] if current is None else current
    return parts.tab(url, text, count=count, alarm=alarm, current=here)


@register.simple_block_tag
def task_list(content: SafeString) -> SafeString:
    """What is to be done, and what is done."""
    return format_html('<ul class="govuk-task-list">{}</ul>', content)


@register.inclusion_tag("web/components/task.html")
def task(text: str, url: str = "", *, status: str = "", label: str = "", hint: str = "") -> dict[str, Any]:
    """One task; without an address it cannot be begun yet."""
    return {"text": text, "url": url, "status": status, "label": label, "hint": hint}


@register.simple_block_tag
def numbers(content: SafeString) -> SafeString:
    """Figures that matter, large."""
    return format_html('<dl class="mg-numbers">{}</dl>', content)


@register.inclusion_tag("web/components/number.html")
def number(value: object, text: str, *, note: str = "", kind: str = "") -> dict[str, Any]:
    """One figure."""
    return {"value": value, "text": text, "note": note, "kind": kind}


@register.inclusion_tag("web/components/pagination.html")
def pagination(*, previous: str = "", next: str = "", said: str = "", label: str = "Pages") -> dict[str, Any]:
    """The way to the neighbouring pages of a list."""
    return {"previous": previous, "next": next, "said": said, "label": label}


@register.inclusion_tag("web/components/pagination.html", takes_context=True)
def pages(context: Context, page: Page[Any], *, label: str = "Pages") -> dict[str, Any]:
    """As `pagination`, for a Django Page; the rest of the address's question stays."""
    query = context["request"].GET.copy()

    def to(page_number: int) -> str:
        query["page"] = str(page_number)
        return f"?{query.urlencode()}"

    return {
        "previous": to(page.previous_page_number()) if page.has_previous() else "",
        "next": to(page.next_page_number()) if page.has_next() else "",
        "said": f"Page {page.number} of {page.paginator.num_pages}",
        "label": label,
    }


@register.inclusion_tag("web/components/filters.html")
def filters(form: forms.BaseForm, *, title: str = "Narrow the list", text: str = "Show") -> dict[str, Any]:
    """What a list may be narrowed by."""
    return {"form": form, "title": title, "text": text}


# The promise -------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def promise(
    content: SafeString,
    title: str,
    *,
    until: datetime | None = None,
    now: datetime | None = None,
    status: str = "",
    label: str = "",
    more: str = "",
    fails: str = "If we do not",
    level: int = 2,
) -> SafeString:
    """What we promise, until when, and (the block) what happens if we fail."""
    left = saying.say_left(until, now) if until and now and status not in {"kept", "excused", "paused"} else ""
    return parts.promise(
        content,
        title,
        until=until,
        now=now,
        status=str(status),
        label=label,
        left=left,
        more=more,
        fails=fails,
        level=level,
    )


register.simple_tag(parts.day_strip, name="day_strip")


@register.simple_block_tag
def story(content: SafeString) -> SafeString:
    """What happened, in order."""
    return format_html('<ol class="mg-story">{}</ol>', content)


register.simple_block_tag(parts.moment, name="moment")


@register.simple_block_tag
def voucher(
    content: SafeString, worth: str, *, code: str, until: date | None = None, link: str = "", spent: bool = False
) -> SafeString:
    """A voucher: its worth, its code, its picture, until when, and (the block) where to use it."""
    by = ""
    if until:
        by = says_by(until) if isinstance(until, datetime) else f"by the end of {saying.say_day(until)}"
    return _render("voucher.html", content=content, worth=worth, code=code, by=by, link=link, spent=spent)


@register.simple_tag
def qr(text: str, title: str) -> SafeString:
    """A square code as a drawing within the page."""
    code = segno.make(text, error="m", micro=False)
    rows: Sequence[Sequence[int]] = [tuple(line) for line in code.matrix_iter(border=4)]
    runs = "".join(_runs(y, line) for y, line in enumerate(rows))
    side = len(rows)
    return format_html(
        '<svg class="mg-qr" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path d="{}"/></svg>',
        side,
        side,
        title,
        side,
        side,
        runs,
    )


def _runs(y: int, line: Sequence[int]) -> str:
    """The dark stretches of one row as path commands."""
    path, x = [], 0
    while x < len(line):
        end = x
        while end < len(line) and line[end]:
            end += 1
        if end > x:
            path.append(f"M{x} {y}h{end - x}v1H{x}z")
        x = end + 1
    return "".join(path)
