"""The days on the way to a deadline, told in runs: which count, which do not and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from ..explanation import DayStep
from .amounts import Voice
from .document import Strip, StripDay

_MOST_IN_STRIP = 16
_IDLE = ("closed", "paused")
"""Days that do not count, told by their reasons; those of a cut-off are told apart."""


def counted_backwards(steps: Sequence[DayStep]) -> bool:
    """Whether the days were counted back from their start."""
    return bool(steps) and steps[-1].day < steps[0].day


def reason_of(voice: Voice, steps: Sequence[DayStep]) -> str:
    """Why some days do not count: `weekend and Spring bank holiday`."""
    names = [_name(voice, step) for step in steps]
    return voice.all_of(list(dict.fromkeys(names)))


def _name(voice: Voice, step: DayStep) -> str:
    if step.why == "paused":
        return step.name or voice.say("paused.plain")
    return voice.say(f"closed.{step.name}") if step.name in ("weekend", "closed") else step.name


def gap(voice: Voice, steps: Sequence[DayStep]) -> str:
    """One run of days that do not count, as a sentence."""
    days = voice.days(steps[0].day, steps[-1].day)
    return voice.count("days.gap", len(steps), days=days, why=reason_of(voice, steps))


def gaps_of(voice: Voice, steps: Sequence[DayStep], most: int = 4) -> list[str]:
    """Every run of days that do not count; when they are many, only those with a reason other than the weekend."""
    runs = [list(run) for idle, run in groupby(steps, key=lambda step: step.why in _IDLE) if idle]
    if len(runs) > most:
        named = [[step for step in run if step.name != "weekend"] for run in runs]
        told = [voice.say("days.weekends"), *(gap(voice, run) for run in named[: 3 * most] if run)]
    else:
        told = [gap(voice, run) for run in runs]
    told = [*([cut_off(voice, late)] if (late := [each for each in steps if each.why == "cut-off"]) else []), *told]
    return [*told, moved(voice, steps[-1])] if steps and steps[-1].why == "moved" else told


def moved(voice: Voice, step: DayStep) -> str:
    """That the deadline moves off a closed day, as a sentence."""
    why = _name(voice, replace(step, why="closed"))
    return voice.say("days.moved", why=why, date=voice.short_date(step.day))


def cut_off(voice: Voice, steps: Sequence[DayStep]) -> str:
    """That something came too late in the day to count as received then, as a sentence."""
    days = voice.days(steps[0].day, steps[-1].day)
    return voice.count("days.cut-off", len(steps), days=days, time=_time(voice, steps[0]))


def _time(voice: Voice, step: DayStep) -> str:
    """The cut-off, which a step carries as it is written in a pledge text."""
    hour, minute, *second = (int(part) for part in step.name.split(":"))
    return voice.time(hour * 3600 + minute * 60 + sum(second))


def strip_of(voice: Voice, steps: Sequence[DayStep]) -> Strip | None:
    """The days to look at; `None` when they are too many, or counted backwards."""
    if not 2 <= len(steps) <= _MOST_IN_STRIP:
        return None
    days = []
    for step in sorted(steps, key=lambda each: each.day):
        last = step is steps[-1]
        says = {
            "start": voice.say("strip.start"),
            "counted": voice.say("strip.day", n=voice.number(step.number or 0)),
            "moved": voice.say("strip.moved"),
            "cut-off": voice.say("strip.cut-off", time=_time(voice, step)) if step.why == "cut-off" else "",
        }.get(step.why) or reason_of(voice, [step])
        days.append(
            StripDay(
                weekday=voice.say(f"weekday.short.{step.day.weekday()}"),
                day=voice.say("date.strip", day=str(step.day.day), month=voice.say(f"month.short.{step.day.month}")),
                state=step.why,
                says=voice.say("strip.last", says=says) if last else says,
                last=last,
            )
        )
    return Strip(caption=voice.say("strip.caption"), days=tuple(days))


def day_lines(voice: Voice, steps: Sequence[DayStep], count: int) -> list[str]:
    """The count of days line by line: each day when they are few, else in runs broken only by named closed days."""
    lines: list[str] = []
    for why, run in groupby(steps, key=lambda step: _kind(step, each=count <= 10)):
        days = list(run)
        if why == "idle":
            lines.append(gap(voice, days))
        elif why == "moved":
            lines.append(moved(voice, days[-1]))
        elif why == "cut-off":
            lines.append(cut_off(voice, days))
        elif why == "counted":
            lines += _counted(voice, days, each=count <= 10)
    return lines


def _kind(step: DayStep, *, each: bool) -> str:
    if step.why not in _IDLE:
        return step.why
    return "counted" if step.name == "weekend" and not each else "idle"


def _counted(voice: Voice, steps: list[DayStep], *, each: bool) -> list[str]:
    numbered = [step for step in steps if step.number is not None]
    if each or len(numbered) == 1:
        return [
            voice.say("days.day", n=voice.number(step.number or 0), date=voice.short_date(step.day))
            for step in numbered
        ]
    if not numbered:
        return [gap(voice, steps)]
    first, last = numbered[0], numbered[-1]
    return [
        voice.say(
            "days.run.weekends" if len(numbered) <= abs((last.day - first.day).days) else "days.run",
            first=voice.number(first.number or 0),
            last=voice.number(last.number or 0),
            days=voice.days(first.day, last.day),
        )
    ]
