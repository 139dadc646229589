"""One outcome as its story: what started the clock, how the time ran, what happened, and what is owed and why."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from ..explanation import Explanation, PauseStep, Stretch
from ..language import model as m
from ..language.phrases import Names, Phrase, PhraseError
from ..language.write import say_condition
from ..outcomes import Outcome, Status
from ..remedy import AmountLine, Owed
from .amounts import Voice
from .catalogue import Catalogue
from .days import counted_backwards, day_lines, strip_of
from .document import Block, Document, Form, Heading, Listing, Panel, Paragraph, Part
from .english import ENGLISH
from .forms import write
from .promises import bullets, whose
from .remedies import claim, kind_id

_MOST_STRETCHES = 8


def say_outcome(outcome: Outcome, pledge: m.Pledge, catalogue: Catalogue = ENGLISH) -> str:
    """An outcome in one or two short sentences: its status, its deadline or what is missing, and the sum owed.

    >>> from ..language.read import read_pledge
    >>> from ..working_time import zone_named
    >>> pledge = read_pledge("pledge: tell\\ntitle: If you ask\\nfacts: {asked: you ask}")
    >>> say_outcome(Outcome(case_id="1", standard="x", status=Status.LEFT_OUT, zone=zone_named("UTC")), pledge)
    'This part of the promise is not for this case.'
    """
    voice, standard = _voice_of(outcome, pledge, catalogue)
    slots = {
        "due": voice.deadline(outcome.due_at) if outcome.due_at else "",
        "finish": voice.instant(outcome.finished_at) if outcome.finished_at else "",
        "start": voice.start(standard.start) if standard else "",
    }
    customer = whose(standard) if standard else ""
    match outcome.status:
        case Status.KEPT | Status.BROKEN:
            ending = (
                "" if outcome.status is Status.KEPT else ".finished" if outcome.finish is not None else ".unfinished"
            )
            said = [voice.say(f"outcome.{outcome.status}{ending}{customer}", **slots)]
        case Status.RUNNING:
            said = [voice.say("outcome.running" if outcome.due is not None else "outcome.paused", **slots)]
        case Status.VOID | Status.EXCUSED:
            because = outcome.explanation.because if outcome.explanation else ""
            phrase = f"outcome.{outcome.status}"
            said = [voice.say(f"{phrase}.because", because=because) if because else voice.say(phrase)]
        case Status.UNKNOWN:
            said = [voice.say("outcome.unknown", missing=voice.all_of(_missing(voice, outcome)))]
        case Status.PENDING:
            said = [voice.say("outcome.pending", **slots)]
        case Status.LEFT_OUT:
            said = [voice.say("outcome.left-out")]
    if outcome.pence:
        said.append(voice.say("outcome.owed", sum=voice.money(Fraction(outcome.pence, 100))))
    return " ".join(said)


def say_deadline(
    outcome: Outcome,
    pledge: m.Pledge,
    catalogue: Catalogue = ENGLISH,
    form: Form | Part = "text",
    *,
    strip: bool = True,
) -> str:
    """The whole story of one outcome, for the person whom the promise was made to.

    How the time ran is told when the outcome carries its explanation (`evaluate(..., explain=True)`). Without its
    `strip`, it suits a page that draws the days itself. Raises `ValueError` for another form.

    >>> from ..language.read import read_pledge
    >>> from ..working_time import zone_named
    >>> pledge = read_pledge("pledge: tell\\ntitle: If you ask\\nfacts: {asked: you ask}")
    >>> outcome = Outcome(case_id="7", standard="x", status=Status.LEFT_OUT, zone=zone_named("UTC"))
    >>> print(say_deadline(outcome, pledge, form="markdown").split("\\n")[2])
    If you ask · case 7
    """
    voice, standard = _voice_of(outcome, pledge, catalogue)
    blocks: list[Block] = [Paragraph(say_outcome(outcome, pledge, catalogue), role="verdict")]
    if outcome.explanation and standard:
        told = outcome.explanation
        blocks += _timeline(voice, standard, outcome, told)
        drawn = strip_of(voice, told.days) if strip and outcome.status is not Status.UNKNOWN else None
        blocks += [drawn] if drawn else []
    if outcome.missing:
        blocks += [Heading(2, voice.say("story.missing")), bullets(_missing(voice, outcome))]
    if outcome.remedies and outcome.status is Status.BROKEN:
        blocks += [
            Heading(2, voice.say(f"story.owed{whose(standard) if standard else ''}")),
            Panel("remedies", (Listing(items=tuple(_owed(voice, each) for each in outcome.remedies)),)),
        ]
    footer = ""
    if outcome.explanation:
        as_of = voice.instant(outcome.explanation.as_of)
        footer = voice.say("story.footer", date=as_of)
        if outcome.version not in ("", "always"):
            footer = voice.say("story.footer.version", date=as_of, version=outcome.version)
    return write(
        Document(
            language=catalogue.language,
            title=voice.heading(standard).rstrip(".") if standard else pledge.title,
            kicker=voice.say("story.kicker", case=outcome.case_id, title=pledge.title),
            blocks=tuple(blocks),
            footer=footer,
        ),
        form,
    )


def _voice_of(outcome: Outcome, pledge: m.Pledge, catalogue: Catalogue) -> tuple[Voice, m.Standard | None]:
    """A voice for the outcome's standard; its rates are those of the day of the start."""
    day = outcome.started_at.date() if outcome.started_at else None
    voice = Voice(catalogue, pledge, {}, day)
    standard = pledge.standard(outcome.standard, outcome.version)
    return (voice.about(standard), standard) if standard else (voice, None)


def _missing(voice: Voice, outcome: Outcome) -> list[str]:
    """What is missing, each in the pledge's words."""
    said = []
    for name in outcome.missing:
        if name in voice.pledge.details:
            said.append(voice.detail(name))
        elif name in voice.pledge.facts:
            said.append(voice.say("missing.fact", fact=voice.fact(name)))
        elif name in voice.pledge.rates:
            said.append(voice.say("missing.rate", rate=voice.readable(name)))
        elif name.startswith("calendar "):
            said.append(voice.say("missing.calendar", calendar=voice.readable(name.removeprefix("calendar "))))
        elif name in _PLAIN_MISSING:
            said.append(voice.say(f"missing.{_PLAIN_MISSING[name]}"))
        else:
            said.append(voice.readable(name))
    return said


_PLAIN_MISSING = {
    "a version in force": "version",
    "the deadline": "deadline",
    "lateness": "lateness",
    "a number other than 0": "zero",
}


# --- how the time ran ----------------------------------------------------------------------------------


def _timeline(voice: Voice, standard: m.Standard, outcome: Outcome, told: Explanation) -> list[Block]:
    limit = _limit(voice, told)
    blocks: list[Block] = []
    if limit:
        blocks.append(Paragraph(voice.say("promise.limit", limit=voice.limit(limit)), role="limit"))
    lines = [voice.say("story.start", when=voice.instant(told.start), fact=_what_started(voice, standard, told))]
    if outcome.status is not Status.UNKNOWN:
        lines += _counting(voice, standard, told, limit)
    if told.because or told.condition:
        lines.append(voice.say("story.because", because=told.because or _condition(voice, outcome, standard)))
    lines += _ending(voice, standard, outcome, told)
    return [
        *blocks,
        Heading(2, voice.say("story.time")),
        Listing(items=tuple((Paragraph(line),) for line in lines), role="timeline"),
    ]


def _what_started(voice: Voice, standard: m.Standard, told: Explanation) -> str:
    if len(told.start_facts) == 1 and not standard.start.or_when_runs_out:
        return voice.fact(told.start_facts[0])
    return voice.start(standard.start)


def _limit(voice: Voice, told: Explanation) -> m.Limit | None:
    """The limit that decided, read back from the phrase in which the explanation keeps it."""
    pledge = voice.pledge
    names = Names(
        facts=pledge.facts,
        details=pledge.details,
        rates={name: dated[0].kind for name, dated in pledge.rates.items() if dated},
        terms=pledge.terms,
        standards=[standard.name for standard in pledge.every_standard],
    )
    try:
        return Phrase(told.limit, names).limit() if told.limit else None
    except PhraseError:
        return None


def _condition(voice: Voice, outcome: Outcome, standard: m.Standard) -> str:
    """The exclusion that applied, in words, when it gives no reason of its own."""
    for exclusion in (*standard.void, *standard.excused):
        if say_condition(exclusion.condition) == outcome.reason:
            return voice.condition(exclusion.condition)
    return outcome.reason


def _counting(voice: Voice, standard: m.Standard, told: Explanation, limit: m.Limit | None) -> list[str]:
    """Each day or stretch on the way to the deadline, with what stopped or lengthened the clock."""
    lines: list[str] = []
    anchor = limit.anchor if isinstance(limit, m.Within | m.Rated) else None
    if told.kind == "days" or any(pause.until is None for pause in told.pauses):
        lines += [_pause(voice, standard, pause) for pause in told.pauses]
    if told.kind == "days":
        lines += _days(voice, told, anchor)
    elif told.kind in ("elapsed", "service"):
        if anchor and anchor != "the start" and told.stretches:
            first = voice.instant(told.stretches[0].first)
            lines.append(voice.say("story.counted-from", what=voice.thing(anchor), when=first))
        lines += _stretches(voice, standard, told)
    elif told.kind == "window" and told.opens:
        lines.append(voice.say("story.opens", when=voice.instant(told.opens)))
    lines += [
        voice.say("story.extended", when=voice.instant(at), fact=voice.fact(fact)) + _why_longer(voice, standard, fact)
        for fact, at in told.extensions
    ]
    if told.deadline:
        lines.append(voice.say("story.deadline", due=voice.deadline(told.deadline)))
    return lines


def _days(voice: Voice, told: Explanation, anchor: str | None) -> list[str]:
    lines = []
    if anchor and anchor != "the start" and told.days:
        phrase = "story.counted-back" if counted_backwards(told.days) else "story.counted-from"
        when = voice.full_date(told.days[0].day)
        lines.append(voice.say(phrase, what=voice.thing(anchor), when=when))
    return lines + day_lines(voice, told.days, told.count)


def _pause(voice: Voice, standard: m.Standard, pause: PauseStep) -> str:
    reasons = [pause.because for pause in standard.pauses if pause.because]
    because = voice.all_of(list(dict.fromkeys(reasons)))
    first = voice.instant(pause.first)
    if pause.until:
        said = voice.say("story.paused", first=first, last=voice.instant(pause.until))
    else:
        said = voice.say("story.paused.still", first=first)
    return f"{said} {voice.sentence(because)}" if because else said


def _why_longer(voice: Voice, standard: m.Standard, fact: str) -> str:
    because = next((each.because for each in standard.extensions if each.fact == fact and each.because), "")
    return f" {voice.say('extension.because', because=because)}" if because else ""


def _stretches(voice: Voice, standard: m.Standard, told: Explanation) -> list[str]:
    if len(told.stretches) <= _MOST_STRETCHES:
        return [_stretch(voice, standard, each) for each in told.stretches]
    lines = []
    for paused, run in groupby(told.stretches, key=lambda each: each.why == "paused"):
        parts = list(run)
        if paused:
            lines += [_stretch(voice, standard, each) for each in parts]
        else:
            ran = sum(each.seconds for each in parts if each.runs)
            span = voice.stretch(parts[0].first, parts[-1].last)
            lines.append(voice.say("stretch.summed", span=span, duration=voice.hours(ran)))
    return lines


def _stretch(voice: Voice, standard: m.Standard, stretch: Stretch) -> str:
    span, duration = voice.stretch(stretch.first, stretch.last), voice.hours(stretch.seconds)
    if stretch.runs:
        return voice.say("stretch.runs", span=span, duration=duration)
    if stretch.why == "paused":
        reasons = [pause.because for pause in standard.pauses if pause.because]
        because = voice.all_of(list(dict.fromkeys(reasons))) or voice.say("paused.plain")
        return voice.say("stretch.paused", span=span, duration=duration, because=voice.capital(because))
    return voice.say("stretch.closed", span=span)


def _ending(voice: Voice, standard: m.Standard, outcome: Outcome, told: Explanation) -> list[str]:
    """What happened in the end, and how late it was."""
    lines = []
    if told.finish:
        what = voice.facts(standard.finish)
        lines.append(voice.say("story.finish", when=voice.instant(told.finish), fact=what))
    elif outcome.status is Status.BROKEN:
        lines.append(voice.say("story.unfinished", when=voice.instant(told.as_of)))
    if outcome.status is Status.BROKEN and outcome.lateness:
        lines.append(voice.say("story.late", duration=voice.duration(outcome.lateness)))
        if told.late_from and told.late_from != told.deadline:
            lines.append(voice.say("story.late-from", when=voice.instant(told.late_from)))
    return lines


# --- what is owed --------------------------------------------------------------------------------------


def _owed(voice: Voice, owed: Owed) -> tuple[Block, ...]:
    phrase = f"remedy.{kind_id(owed.kind)}"
    amount = voice.money(Fraction(owed.pence, 100))
    if owed.source.amount:
        head = voice.say(phrase, amount=amount)
    elif owed.most is not None:
        head = voice.say(phrase, amount=voice.money(Fraction(owed.most, 100)))
    else:
        head = voice.sentence(voice.say(f"{phrase}.words", words=owed.words)) if owed.words else voice.say(phrase)
    points = _sum_lines(voice, owed)
    if owed.why_nothing:
        known = owed.why_nothing in ("extinguished", "ceiling")
        reason = owed.why_nothing.removeprefix("paid under ")
        points.append(
            voice.say(f"nothing.{owed.why_nothing}")
            if known
            else voice.say("nothing.paid", promise=voice.promise(reason))
        )
    if owed.due_at and owed.pence:
        points.append(voice.say("owed.due", due=voice.deadline(owed.due_at)))
    if owed.top_up:
        points.append(voice.say("owed.top-up", sum=voice.money(Fraction(owed.top_up, 100))))
    if owed.route is m.Route.CLAIM:
        points.append(claim(voice, owed.source))
    blocks: list[Block] = [Paragraph(head)]
    if owed.choices:
        blocks.append(Listing(items=tuple(_owed(voice, choice) for choice in owed.choices)))
    return (*blocks, bullets(points)) if points else tuple(blocks)


def _sum_lines(voice: Voice, owed: Owed) -> list[str]:
    """How the sum came about; nothing when it is one flat sum."""
    if len(owed.lines) < 2:
        return []
    periods = _periods(voice, owed)
    steps = iter(periods)
    return [_line(voice, line, next(steps, "") if line.what == "step" else "") for line in owed.lines]


def _line(voice: Voice, line: AmountLine, period: str) -> str:
    each = voice.money(Fraction(line.each) / 100)
    if line.what != "step":
        return voice.say(f"line.{line.what}", sum=each)
    total = voice.money(Fraction(line.each) * line.count / 100)
    phrase = "line.step.period" if period else "line.step"
    return voice.count(phrase, line.count, sum=each, total=total, period=period)


def _periods(voice: Voice, owed: Owed) -> list[str]:
    """The periods of a sum's further steps, when the lines of the sum fit one length of them only."""
    said = set()
    for option in owed.source.amount:
        if _fits(option.value, owed.lines):
            said.add(tuple(voice.period(step.period) for step in option.value.steps))
    return list(said.pop()) if len(said) == 1 else []


def _fits(amount: m.Amount, lines: Sequence[AmountLine]) -> bool:
    steps = [line for line in lines if line.what == "step"]
    firsts = [line for line in lines if line.what == "first"]
    parts: list[tuple[m.Part, AmountLine]] = [
        (step.part, line) for step, line in zip(amount.steps, steps, strict=False)
    ]
    if amount.first and firsts:
        parts.append((amount.first, firsts[0]))
    return (
        len(steps) == len(amount.steps)
        and bool(amount.first) == bool(firsts)
        and all(str(step.period.unit) == line.unit for step, line in zip(amount.steps, steps, strict=True))
        and all(not isinstance(part, m.Sum) or part.pounds * 100 == line.each for part, line in parts)
    )
