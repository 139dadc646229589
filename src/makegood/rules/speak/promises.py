"""What one standard promises, by when, what does not count, what follows, and how its time is counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..language import model as m
from ..working_time import DAY
from .amounts import Voice
from .choices import is_plain, table_of
from .document import Block, Listing, Panel, Paragraph
from .example import example_of
from .remedies import all_remedies, remedy_list


def bullets(points: Iterable[str]) -> Listing:
    """A list of single sentences."""
    return Listing(items=tuple((Paragraph(point),) for point in points))


def whose(standard: m.Standard) -> str:
    """What ends the ids of phrases about a standard: `.customer` when it is the customer's duty."""
    return ".customer" if standard.made_by == "customer" else ""


def promise_panel(voice: Voice, standard: m.Standard, day: date) -> Panel:
    """The promise of one standard: its time limit with a worked example, and what starts and stops the clock."""
    blocks: list[Block] = []
    strip = None
    if is_plain(standard.within):
        limit = standard.within[0].value
        blocks.append(Paragraph(voice.say("promise.limit", limit=voice.limit(limit)), role="limit"))
    blocks.append(Paragraph(_clock(voice, standard)))
    if standard.only_for:
        blocks.append(Paragraph(voice.say("promise.only-for", condition=voice.condition(standard.only_for))))
    if standard.made_by and not whose(standard):
        blocks.append(Paragraph(voice.say("promise.made-by", who=standard.made_by)))
    if is_plain(standard.within):
        example = example_of(voice, standard, standard.within[0].value, day)
        if example:
            blocks.append(Paragraph(example.sentence(voice), role="example"))
            strip = example.strip(voice)
        else:
            blocks.append(Paragraph(voice.say("example.none", date=voice.full_date(day)), role="example"))
    else:
        blocks.append(_limit_table(voice, standard, day))
    return Panel("promise", (*blocks, strip) if strip else tuple(blocks))


def _clock(voice: Voice, standard: m.Standard) -> str:
    said = [voice.say("promise.starts", start=voice.start(standard.start))]
    if standard.start.facts.together is m.Together.ALL:
        said.append(voice.say("promise.starts.all"))
    if standard.start.after_missing:
        missed = voice.promise(standard.start.after_missing).rstrip(".")
        said.append(voice.say("promise.after-missing", promise=missed))
    said.append(voice.say("promise.stops", finish=voice.facts(standard.finish)))
    if standard.finish.together is m.Together.ALL:
        said.append(voice.say("promise.stops.all"))
    if standard.early_counts:
        said.append(voice.say("promise.early-counts"))
    if standard.late_from:
        said.append(voice.say("promise.late-from", instant=voice.point(standard.late_from)))
    return " ".join(said)


def _limit_table(voice: Voice, standard: m.Standard, day: date) -> Block:
    def deadline(limit: m.Limit) -> str:
        example = example_of(voice, standard, limit, day)
        return example.deadline(voice) if example else voice.say("example.cell.none")

    ten = voice.say("instant", time=voice.time(10 * 3600), date=voice.full_date(day))
    return table_of(
        voice,
        voice.say("promise.table", when=ten),
        standard.within,
        [
            (voice.say("table.limit"), lambda limit: voice.sentence(voice.limit(limit)).rstrip(".")),
            (voice.say("table.example"), deadline),
        ],
    )


# --- what does not count -----------------------------------------------------------------------------


def exception_blocks(voice: Voice, standard: m.Standard) -> list[Block]:
    """When the promise does not cover a case, is excused, waits, or may take longer; empty when never."""
    blocks: list[Block] = []
    if standard.void:
        blocks += [
            Paragraph(voice.say("void.intro")),
            Listing(items=tuple(tuple(_exclusion(voice, each)) for each in standard.void)),
        ]
        if any(_asks_a_fact(each.condition) for each in standard.void):
            blocks.append(Paragraph(voice.say("void.up-to-deadline"), role="note"))
    if standard.excused:
        blocks += [
            Paragraph(voice.say(f"excused.intro{whose(standard)}")),
            Listing(items=tuple(tuple(_exclusion(voice, each)) for each in standard.excused)),
        ]
        if not whose(standard):
            blocks.append(Paragraph(voice.say("excused.proof"), role="note"))
    if standard.pauses:
        blocks += [Paragraph(voice.say("pause.intro")), bullets(_pause(voice, each) for each in standard.pauses)]
        limits = [option.value for option in standard.within]
        days = any(isinstance(limit, m.Within) and limit.unit in m.DAYS for limit in limits)
        blocks.append(Paragraph(voice.say("pause.days" if days else "pause.exact"), role="note"))
    if standard.extensions:
        blocks.append(Paragraph(voice.say("extension.intro")))
        blocks.append(Listing(items=tuple(tuple(_extension(voice, each)) for each in standard.extensions)))
    if standard.noted:
        noted = voice.any_of([voice.fact(name) for name in standard.noted])
        blocks.append(Paragraph(voice.say("noted", facts=noted)))
    return blocks


def _exclusion(voice: Voice, exclusion: m.Exclusion) -> list[Block]:
    rule = voice.condition(exclusion.condition)
    if not exclusion.because:
        head, points = rule, []
    else:
        head = exclusion.because
        points = [] if _says_itself(exclusion.condition) else [voice.say("exclusion.rule", condition=rule)]
    if exclusion.evidence:
        points.append(voice.say("exclusion.evidence", evidence=exclusion.evidence))
    if exclusion.decided_by:
        points.append(voice.say("exclusion.decided-by", who=exclusion.decided_by))
    blocks: list[Block] = [Paragraph(voice.sentence(head))]
    return [*blocks, bullets(points)] if points else blocks


def _says_itself(condition: m.Condition) -> bool:
    """Whether a reason in words says all that the condition does."""
    if isinstance(condition, m.Is):
        return condition.values == ("yes",) and not condition.negated
    return isinstance(condition, m.Happened) and condition.times == 1 and not condition.negated


def _asks_a_fact(condition: m.Condition) -> bool:
    match condition:
        case m.Happened():
            return not condition.any_time
        case m.AllOf() | m.AnyOf() | m.NoneOf():
            return any(_asks_a_fact(part) for part in condition.parts)
        case _:
            return False


def _pause(voice: Voice, pause: m.Pause) -> str:
    slots = {"opens": voice.fact(pause.opens), "closes": voice.fact(pause.closes)}
    return voice.say("pause.because", because=pause.because, **slots) if pause.because else voice.say("pause", **slots)


def _extension(voice: Voice, extension: m.Extension) -> list[Block]:
    said = [voice.say("extension.if", fact=voice.fact(extension.fact))]
    blocks: list[Block] = []
    if extension.by:
        length = voice.limit_length(extension.by) if isinstance(extension.by, m.Within | m.Rated) else ""
        said.append(voice.say("extension.by", length=length))
    elif is_plain(extension.to):
        said.append(voice.say("extension.to", limit=voice.limit(extension.to[0].value)))
    else:
        blocks.append(
            table_of(
                voice,
                voice.say("extension.table"),
                extension.to,
                [(voice.say("table.limit"), lambda limit: voice.sentence(voice.limit(limit)).rstrip("."))],
            )
        )
    if extension.because:
        said.append(voice.say("extension.because", because=extension.because))
    said.append(voice.count("extension.times", extension.times))
    return [Paragraph(" ".join(said)), *blocks]


# --- what follows ------------------------------------------------------------------------------------


def remedy_blocks(voice: Voice, standard: m.Standard) -> list[Block]:
    """What people get if the standard is not held, or what they pay if it is theirs; empty when they pay nothing."""
    theirs = bool(whose(standard))
    if not standard.remedies:
        return [] if theirs else [Paragraph(voice.say("remedies.none"))]
    listed = remedy_list(voice, standard.remedies)
    return [Paragraph(voice.say("charges.intro")), listed] if theirs else [listed]


# --- how time is counted -----------------------------------------------------------------------------


def counting_points(voice: Voice, standard: m.Standard) -> tuple[str, ...]:
    """How the time of a standard is counted, as sentences."""
    limits = [leaf for limit in limits_of(standard) for leaf in leaves_of(voice, limit)]
    units = {limit.unit for limit in limits}
    points = []
    if units & m.ELAPSED:
        points.append(voice.say("count.elapsed"))
    if units & m.SERVICE:
        points += _calendar(voice, standard, m.Unit.SERVICE_HOUR, limits)
    for unit in (m.Unit.WORKING_DAY, m.Unit.SCHOOL_DAY):
        if unit in units:
            points += _calendar(voice, standard, unit, limits)
    if units & m.DAYS:
        points.append(voice.say("count.first-day.counts" if standard.first_day_counts else "count.first-day"))
        if any(limit.by is None for limit in limits if limit.unit in m.DAYS):
            points.append(voice.say("count.end-of-day"))
    if standard.cut_off is not None:
        points.append(voice.say("count.cut-off", time=voice.time(standard.cut_off % DAY)))
    if standard.closed_start:
        points.append(voice.say("count.closed-start"))
    if standard.roll_forward:
        points.append(voice.say("count.roll-forward"))
    if units & {m.Unit.MONTH, m.Unit.YEAR} and standard.short_months:
        points.append(voice.say(f"count.short-months.{standard.short_months.replace(' ', '-')}"))
    if any(unit in m.DAYS for unit in _lateness_units(standard)):
        points.append(voice.say("count.late-days"))
    return tuple(points)


def _lateness_units(standard: m.Standard) -> set[m.Unit]:
    amounts = [option for remedy in all_remedies(standard.remedies) for option in (*remedy.amount, *remedy.if_late)]
    units = {step.period.unit for option in amounts for step in option.value.steps}
    for option in amounts:
        condition = option.condition
        parts = condition.parts if isinstance(condition, m.AllOf | m.AnyOf | m.NoneOf) else (condition,)
        units |= {part.unit for part in parts if isinstance(part, m.Late)}
    return units


def _calendar(voice: Voice, standard: m.Standard, unit: m.Unit, limits: list[m.Within]) -> list[str]:
    names = [
        limit.calendar or standard.calendars.get(unit) or "" for limit in limits if _counted_as(limit.unit) is unit
    ]
    points = []
    for name in dict.fromkeys(names):
        calendar = voice.pledge.calendars.get(name) or voice.calendars.get(name)
        if calendar:
            hours = voice.opening_hours(calendar)
            title = calendar.title or voice.readable(calendar.name)
            points.append(voice.say(f"count.{unit}", days=hours, calendar=title))
    return points


def _counted_as(unit: m.Unit) -> m.Unit:
    return m.Unit.SERVICE_HOUR if unit in m.SERVICE else unit


def limits_of(standard: m.Standard) -> list[m.Limit]:
    """Every limit that a standard names: its own, of its extensions, and of its remedies."""
    limits = [option.value for option in standard.within]
    for extension in standard.extensions:
        limits += [option.value for option in extension.to] + ([extension.by] if extension.by else [])
    for remedy in all_remedies(standard.remedies):
        limits += [limit for limit in (remedy.within, remedy.claim_within) if limit]
    return limits


def leaves_of(voice: Voice, limit: m.Limit) -> list[m.Within]:
    """The lengths of time that a limit is made of."""
    match limit:
        case m.Within():
            return [limit] if limit.count else []
        case m.Rated():
            return [rate.value for rate in voice.pledge.rates.get(limit.rate, ()) if isinstance(rate.value, m.Within)]
        case m.EarlierOf() | m.LaterOf():
            return [leaf for part in limit.limits for leaf in leaves_of(voice, part)]
        case m.At() | m.Window():
            return []
