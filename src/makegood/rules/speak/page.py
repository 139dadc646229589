"""A pledge as one page that could be published as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from ..language import model as m
from ..working_time import Calendar, day_of
from .amounts import Voice
from .catalogue import Catalogue
from .document import Block, Document, Form, Heading, Panel, Paragraph, Part, Table
from .english import ENGLISH
from .forms import write
from .promises import (
    bullets,
    counting_points,
    exception_blocks,
    leaves_of,
    limits_of,
    promise_panel,
    remedy_blocks,
    whose,
)
from .remedies import all_remedies, kind_id


def explain(
    pledge: m.Pledge,
    calendars: Mapping[str, Calendar],
    *,
    example_day: date,
    form: Form | Part = "text",
    catalogue: Catalogue = ENGLISH,
) -> str:
    """A pledge in plain words, as one page of text, Markdown or HTML, or as the body of one.

    Worked examples, and the sums and rules that are in force, are those of `example_day`; no clock is read.
    Raises `ValueError` for another form and `LookupError` for an unknown calendar.

    >>> from ..language.read import read_pledge
    >>> pledge = read_pledge("pledge: tell\\ntitle: If you ask\\nfacts: {asked: you ask, told: we tell you}\\n"
    ...                      "standards: {tell: {when: asked, we will: told, within: 2 hours}}")
    >>> "Time limit: within 2 hours." in explain(pledge, {}, example_day=date(2026, 5, 21))
    True
    """
    voice = Voice(catalogue, pledge, calendars, example_day)
    current = version_on(pledge, example_day)
    standards = (current.standards if current else ()) or pledge.standards or pledge.every_standard
    blocks = [
        Paragraph(_opening(voice), role="lead"),
        *_rules(voice, standards, example_day, 2),
        *_other_rules(voice, standards, example_day),
        *_rates(voice),
        *_versions(voice, current, example_day),
        *_words(voice),
        *_about(voice),
    ]
    return write(
        Document(
            language=catalogue.language,
            title=pledge.title,
            kicker=voice.say("page.kicker", provider=pledge.provider, about=pledge.about)
            if pledge.provider and pledge.about
            else pledge.provider or pledge.about,
            blocks=tuple(blocks),
            footer=voice.say("page.footer", name=pledge.name, date=voice.full_date(example_day)),
        ),
        form,
    )


def version_on(pledge: m.Pledge, day: date) -> m.Version | None:
    """The version in force on a day."""
    return next((each for each in pledge.versions if _in_force(each, day)), None)


def _in_force(version: m.Version, day: date) -> bool:
    return (version.first is None or version.first <= day) and (version.last is None or day <= version.last)


def _opening(voice: Voice) -> str:
    basis = voice.pledge.basis
    said = [voice.say("page.opening")]
    if basis:
        said.append(voice.say(f"basis.{basis}"))
    return " ".join(said)


# --- the rules ---------------------------------------------------------------------------------------


def _rules(voice: Voice, standards: Sequence[m.Standard], day: date, level: int) -> list[Block]:
    """What the standards of one set of rules say, under headings of a level."""
    ours = [each for each in standards if not whose(each)]
    theirs = [each for each in standards if whose(each)]
    blocks: list[Block] = []
    if ours:
        blocks += _promises(voice, ours, day, level, "page.promise")
        blocks += _counting(voice, ours, level)
        blocks += [Heading(level, voice.say("page.remedies")), *_grouped(voice, ours, level, remedy_blocks, "remedies")]
        blocks += _exceptions(voice, ours, level)
        blocks += [Heading(level, voice.say("page.to-do")), *_to_do(voice, ours)]
    if theirs:
        blocks += _promises(voice, theirs, day, level, "page.your-part")
        blocks += _grouped(voice, theirs, level, exception_blocks, "exceptions")
        blocks += _grouped(voice, theirs, level, remedy_blocks, "remedies")
    return blocks


def _promises(voice: Voice, standards: Sequence[m.Standard], day: date, level: int, title: str) -> list[Block]:
    blocks: list[Block] = [Heading(level, voice.say(title))]
    for standard in standards:
        said = voice.heading(standard)
        if len(standards) > 1:
            blocks.append(Heading(level + 1, said.rstrip(".")))
        else:
            blocks.append(Paragraph(voice.sentence(said), role="says"))
        blocks.append(promise_panel(voice.about(standard), standard, day))
    return blocks


def _counting(voice: Voice, standards: Sequence[m.Standard], level: int) -> list[Block]:
    def points(voice: Voice, standard: m.Standard) -> list[Block]:
        said = counting_points(voice, standard)
        return [bullets(said)] if said else []

    blocks = _grouped(voice, standards, level, points, "counting")
    return [Heading(level, voice.say("page.counting")), *blocks] if blocks else []


def _exceptions(voice: Voice, standards: Sequence[m.Standard], level: int) -> list[Block]:
    blocks = _grouped(voice, standards, level, exception_blocks, "exceptions")
    return [Heading(level, voice.say("page.exceptions")), *(blocks or [Paragraph(voice.say("exceptions.none"))])]


def _grouped(
    voice: Voice,
    standards: Sequence[m.Standard],
    level: int,
    make: Callable[[Voice, m.Standard], list[Block]],
    role: str,
) -> list[Block]:
    """What `make` says of each standard, said once for all those of which it says the same."""
    groups: dict[tuple[Block, ...], list[m.Standard]] = {}
    for standard in standards:
        said = tuple(make(voice.about(standard), standard))
        if said:
            groups.setdefault(said, []).append(standard)
    blocks: list[Block] = []
    for said, members in groups.items():
        if len(members) < len(standards):
            blocks.append(Heading(level + 1, " ".join(voice.heading(member) for member in members).rstrip(".")))
        blocks.append(Panel(role, said))
    return blocks


def _to_do(voice: Voice, standards: Sequence[m.Standard]) -> list[Block]:
    """What people must do to get what they are owed: usually nothing."""
    points: list[str] = []
    rest = False
    for standard in standards:
        about = voice.about(standard)
        for remedy in all_remedies(standard.remedies):
            named = remedy.words if remedy.kind is m.Remedying.IN_KIND else ""
            thing = named or voice.say(f"thing.{kind_id(remedy.kind)}")
            if remedy.route is m.Route.CLAIM:
                points.append(_claim(about, remedy, thing))
            elif remedy.route is m.Route.AFTER_REPORT:
                points.append(voice.say("to-do.report", thing=thing))
            else:
                rest = True
            if remedy.evidence:
                points.append(voice.say("remedy.evidence", evidence=remedy.evidence))
    if not points:
        return [Paragraph(voice.say("to-do.nothing"), role="verdict")]
    said: list[Block] = [bullets(dict.fromkeys(points))]
    return [*said, Paragraph(voice.say("to-do.rest"))] if rest else said


def _claim(voice: Voice, remedy: m.Remedy, thing: str) -> str:
    if remedy.claim_within is None:
        return voice.say("to-do.claim", thing=thing)
    return voice.say("to-do.claim-within", thing=thing, limit=voice.limit(remedy.claim_within, "the breach"))


def _other_rules(voice: Voice, spoken: Sequence[m.Standard], day: date) -> list[Block]:
    """The rules of other times, when they differ from those on the page."""
    blocks: list[Block] = []
    shown: list[Sequence[m.Standard]] = [spoken]
    for version in voice.pledge.versions:
        standards = version.standards or voice.pledge.standards
        if standards not in shown:
            shown.append(standards)
            on = day if _in_force(version, day) else version.first or version.last or day
            other = Voice(voice.catalogue, voice.pledge, voice.calendars, on)
            blocks.append(Heading(2, voice.say("page.other-rules", name=version.name, period=_period(voice, version))))
            blocks += _rules(other, standards, on, 3)
    return blocks


# --- dated values and facts about the promise ----------------------------------------------------------


def _period(voice: Voice, dated: m.Version | m.Rate) -> str:
    if dated.first and dated.last:
        first, last = voice.plain_date(dated.first), voice.plain_date(dated.last)
        return voice.say("period.between", first=first, last=last)
    if dated.first:
        return voice.say("period.from", date=voice.plain_date(dated.first))
    return voice.say("period.until", date=voice.plain_date(dated.last)) if dated.last else voice.say("period.always")


def _rates(voice: Voice) -> list[Block]:
    if not voice.pledge.rates:
        return []
    rows = tuple(
        (
            voice.capital(voice.readable(name)),
            voice.rate_value(rate),
            _period(voice, rate),
            rate.source or voice.say("source.none"),
        )
        for name, dated in voice.pledge.rates.items()
        for rate in dated
    )
    head = tuple(voice.say(f"rates.{column}") for column in ("name", "value", "period", "source"))
    return [Heading(2, voice.say("page.rates")), Table(voice.say("rates.caption"), head, rows)]


def _versions(voice: Voice, current: m.Version | None, day: date) -> list[Block]:
    versions = voice.pledge.versions
    if not versions:
        return []
    rows = tuple((each.name, _period(voice, each), each.source or voice.say("source.none")) for each in versions)
    head = tuple(voice.say(f"rates.{column}") for column in ("name", "period", "source"))
    own = any(each.version_by_own_start for each in voice.pledge.every_standard)
    said = [Paragraph(voice.say("versions.own-start" if own else "versions.rule"))]
    if current is None:
        said.append(Paragraph(voice.say("versions.none", date=voice.full_date(day)), role="note"))
    return [Heading(2, voice.say("page.versions")), *said, Table(voice.say("versions.caption"), head, rows)]


def _words(voice: Voice) -> list[Block]:
    """The conditions that have a name of their own."""
    terms = voice.pledge.terms
    if not terms:
        return []
    said = [
        voice.say("words.means", term=voice.quoted(name), meaning=voice.condition(term)) for name, term in terms.items()
    ]
    return [Heading(2, voice.say("page.words")), bullets(said)]


def _about(voice: Voice) -> list[Block]:
    pledge = voice.pledge
    points = [
        voice.say(
            "about.published.shown" if each.evidence else "about.published", where=each.where, evidence=each.evidence
        )
        for each in pledge.published
    ]
    if pledge.told_every:
        points.append(voice.say("about.told-every", span=pledge.told_every))
    if pledge.source:
        points.append(voice.say("about.source", source=pledge.source))
    if pledge.owner:
        points.append(voice.say("about.owner", who=pledge.owner))
    if pledge.review:
        points.append(voice.say("about.review", date=voice.plain_date(pledge.review)))
    for group in pledge.paid_once:
        names = [voice.promise(name).rstrip(".") for name in group]
        points.append(voice.say("about.paid-once", promises=voice.all_of([_quote(voice, name) for name in names])))
    for standard in voice.pledge.every_standard:
        if standard.at_least_as_good_as:
            named = standard.at_least_as_good_as
            ours = any(each.name == named for each in voice.pledge.every_standard)
            other = voice.promise(named) if ours else voice.readable(named)
            mine = voice.heading(standard).rstrip(".")
            points.append(voice.say("about.as-good-as", promise=mine, other=other))
    points += [_calendar(voice, name) for name in _calendars(voice)]
    points = list(dict.fromkeys(points))
    return [Heading(2, voice.say("page.about")), bullets(points)] if points else []


def _quote(voice: Voice, words: str) -> str:
    return voice.say("quoted", words=words)


def _calendars(voice: Voice) -> list[str]:
    """The calendars that the limits of the pledge are counted in."""
    names: dict[str, None] = {}
    for standard in voice.pledge.every_standard:
        for limit in limits_of(standard):
            for leaf in leaves_of(voice, limit):
                unit = m.Unit.SERVICE_HOUR if leaf.unit in m.SERVICE else leaf.unit
                if unit in m.OPEN_DAYS or leaf.unit in m.SERVICE:
                    names[leaf.calendar or standard.calendars.get(unit) or ""] = None
    return [name for name in names if name in voice.pledge.calendars or name in voice.calendars]


def _calendar(voice: Voice, name: str) -> str:
    calendar = voice.pledge.calendars.get(name) or voice.calendars[name]
    slots = {
        "calendar": calendar.title or voice.readable(calendar.name),
        "first": voice.plain_date(day_of(calendar.first)),
        "last": voice.plain_date(day_of(calendar.last)),
    }
    said = voice.say("about.calendar", **slots)
    return f"{said} {voice.say('about.source', source=calendar.source)}" if calendar.source else said
