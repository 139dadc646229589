"""From the typed pledge back to text: canonical phrases, YAML and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import yaml

from ..money import say_money
from ..working_time import DAY, WEEKDAYS, Calendar, day_of
from . import model as m
from .phrases import MONTHS

Data = dict[str, Any]


# --- phrases -----------------------------------------------------------------------------------------


def say_time(seconds: int) -> str:
    """A time of day as it is written: `09:00`, `24:00`, with seconds only when there are some."""
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second else "")


def say_number(number: Fraction) -> str:
    """A number without needless digits; exact for every number that a text can hold."""
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.15g}"


def _plural(count: Fraction | int, unit: str) -> str:
    return f"{say_number(Fraction(count))} {unit}{'' if count == 1 else 's'}"


def say_limit(limit: m.Limit) -> str:
    """A limit as a phrase.

    >>> say_limit(m.Within(count=Fraction(2), unit=m.Unit.WORKING_DAY, by=64800))
    '2 working days, by 18:00'
    """
    match limit:
        case m.Within():
            length = ("less than " if limit.less_than else "") + _plural(limit.count, limit.unit)
            return length + _tail(limit)
        case m.Rated():
            return limit.rate + _tail(limit)
        case m.At():
            if limit.end_of_day:
                return f"the end of {limit.anchor}"
            return f"{say_time(limit.time)} on {limit.anchor}" if limit.time is not None else limit.anchor
        case m.Window():
            return f"between {say_time(limit.opens)} and {say_time(limit.closes)} on {limit.detail}"
        case m.EarlierOf() | m.LaterOf():
            which = "earlier" if isinstance(limit, m.EarlierOf) else "later"
            return f"the {which} of {say_limit(limit.limits[0])} and {say_limit(limit.limits[1])}"


def _tail(limit: m.Within | m.Rated) -> str:
    tail = f" in {limit.calendar}" if limit.calendar else ""
    if limit.anchor:
        tail += f" {'before' if limit.before else 'after'} {limit.anchor}"
    return tail + (f", by {say_time(limit.by)}" if limit.by is not None else "")


_OPS = {"<": "under", "<=": "at most", ">": "over", ">=": "at least"}
_WHEN = {"<": "before", "<=": "by", ">": "after", ">=": "not before"}


def say_condition(condition: m.Condition) -> str:
    """A condition as one phrase; any-of and none-of lists, which have no phrase, are joined with semicolons."""
    match condition:
        case m.Is():
            values = " or ".join(_value(value) for value in condition.values)
            return f"{condition.detail} is {'not ' if condition.negated else ''}{values}"
        case m.Known():
            return f"{condition.detail} is {'not ' if condition.negated else ''}given"
        case m.Compare():
            return _compare(condition)
        case m.Happened():
            return _happened(condition)
        case m.Relative():
            return f"{condition.subject} is {_WHEN[condition.op]} {say_limit(condition.instant)}"
        case m.Season():
            return f"{condition.subject} is from {_day(condition.first)} to {_day(condition.last)}"
        case m.OnDay():
            return f"{condition.subject} is {'not ' if condition.negated else ''}on {condition.detail}"
        case m.OnWeekday():
            return f"{condition.subject} is on " + " or ".join(WEEKDAYS[day] for day in condition.weekdays)
        case m.Late():
            return _late(condition)
        case m.Term():
            return f"{'not ' if condition.negated else ''}{condition.name}"
        case m.AllOf():
            return " and ".join(say_condition(part) for part in condition.parts)
        case m.AnyOf():
            return "any of: " + "; ".join(say_condition(part) for part in condition.parts)
        case m.NoneOf():
            return "none of: " + "; ".join(say_condition(part) for part in condition.parts)


def _value(value: str) -> str:
    plain = value.isascii() and value[:1].isalpha() and all(letter.isalnum() or letter in "_-" for letter in value)
    return value if plain and value.lower() not in ("not", "given", "or", "and", "then", "at") else f'"{value}"'


def _compare(condition: m.Compare) -> str:
    value = condition.value
    if isinstance(value, date):
        return f"{condition.detail} is {_WHEN[condition.op]} {value}"
    return f"{condition.detail} {_OPS[condition.op]} {say_money(value) if condition.money else say_number(value)}"


def _happened(condition: m.Happened) -> str:
    at_any_time = " at any time" if condition.any_time else ""
    if condition.times > 1:
        return f"{condition.fact} happened at least {condition.times} times{at_any_time}"
    return f"{condition.fact} has {'not ' if condition.negated else ''}happened{at_any_time}"


def _late(condition: m.Late) -> str:
    unit = f"{condition.unit}s{' or part' if condition.or_part else ''} late"
    if condition.most is None:
        return f"at least {condition.least} {unit}"
    return f"{condition.least} to {condition.most} {unit}"


def _day(day: tuple[int, int]) -> str:
    return f"{day[1]} {MONTHS[day[0] - 1].capitalize()}"


def say_part(part: m.Part) -> str:
    """One sum as a phrase."""
    match part:
        case m.Sum():
            return say_money(part.pounds)
        case m.Named():
            return part.name
        case m.Share():
            share = part.percent if isinstance(part.percent, str) else f"{say_number(part.percent)}%"
            return f"{share} of {say_part(part.of)}"
        case m.Divided():
            return f"{say_part(part.part)} divided by {_figure(part.by)}"
        case m.Times():
            return f"{_figure(part.times)} times {say_part(part.part)}"
        case m.GreaterOf() | m.LesserOf():
            which = "greater" if isinstance(part, m.GreaterOf) else "lesser"
            return f"the {which} of {say_part(part.parts[0])} and {say_part(part.parts[1])}"


def _figure(value: Fraction | str) -> str:
    return value if isinstance(value, str) else say_number(value)


def say_amount(amount: m.Amount) -> str:
    """An amount as a phrase.

    >>> say_amount(m.Amount(first=m.Sum(pounds=Fraction(95)), cap=m.Sum(pounds=Fraction(360))))
    '£95, at most £360'
    """
    pieces = [say_part(amount.first)] if amount.first else []
    for step in amount.steps:
        text = f"{say_part(step.part)} for each {'further ' if pieces else ''}{say_period(step.period)}"
        text += f" after the first {step.skip}" if step.skip else ""
        text += f" up to {step.most} times" if step.most is not None else ""
        pieces.append(f"then {text}" if pieces else text)
    if amount.floor:
        pieces.append(f"at least {say_part(amount.floor)}")
    if amount.cap:
        pieces.append(f"at most {say_part(amount.cap)}")
    return ", ".join(pieces)


def say_period(period: m.Period) -> str:
    """A stretch of lateness as a phrase: `full 12 hours`, `working day or part`."""
    length = str(period.unit) if period.count == 1 else f"{period.count} {period.unit}s"
    return f"{length} or part" if period.or_part else f"full {length}"


def say_facts(facts: m.Facts) -> str:
    """Facts as a phrase: `a or b`, `a and b`."""
    return (" and " if facts.together is m.Together.ALL else " or ").join(facts.names)


def say_start(start: m.Start) -> str:
    """A start as a phrase."""
    text = say_facts(start.facts)
    if start.nth_within:
        text += f" the {_nth(start.nth)} time within {say_span(start.nth_within)}"
    return f"{text}, or when {start.or_when_runs_out} runs out" if start.or_when_runs_out else text


def _nth(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def say_span(span: m.Span) -> str:
    """A stretch of the calendar as a phrase."""
    return f"a year from {_day(span.year_from)}" if span.year_from else _plural(span.count, span.unit)


def say_repeated(repeated: m.Repeated) -> str:
    """A repetition as a phrase."""
    nth = _nth(repeated.nth)
    which = {
        m.Which.THAT_ONE: f"the {nth}",
        m.Which.FROM_THEN_ON: f"the {nth} and each after it",
        m.Which.EACH_SET: f"each {nth}",
    }[repeated.which]
    counting = f", counting {repeated.fact}" if repeated.fact else ""
    return f"{which} in {say_span(repeated.span)}{counting}"


def say_ceiling(ceiling: m.Ceiling) -> str:
    """A cap for one subject as a phrase."""
    if ceiling.pounds is not None:
        return f"{say_money(ceiling.pounds)} in {say_span(ceiling.span)}"
    return f"{ceiling.payments} payment{'' if ceiling.payments == 1 else 's'} in {say_span(ceiling.span)}"


# --- the whole as data -------------------------------------------------------------------------------


def pledge_data(pledge: m.Pledge) -> Data:
    """The pledge as plain data with the keys of a pledge text: the form that YAML and JSON share."""
    return _kept(
        {
            "pledge": pledge.name,
            "title": pledge.title,
            "provider": pledge.provider,
            "about": pledge.about,
            "basis": pledge.basis,
            "source": pledge.source,
            "owner": pledge.owner,
            "review": pledge.review and str(pledge.review),
            "published": [_kept({"where": each.where, "evidence": each.evidence}) for each in pledge.published],
            "told every": pledge.told_every,
            "zone": pledge.zone,
            "subject": pledge.subject,
            "facts": dict(pledge.facts),
            "details": {name: _detail(detail) for name, detail in pledge.details.items()},
            "rates": {name: [_rate(rate) for rate in rates] for name, rates in pledge.rates.items()},
            "terms": {name: _condition(term) for name, term in pledge.terms.items()},
            "calendars": {name: calendar_data(calendar) for name, calendar in pledge.calendars.items()},
            "versions": [
                _kept(
                    {
                        "name": version.name,
                        "from": version.first and str(version.first),
                        "until": version.last and str(version.last),
                        "source": version.source,
                        "standards": {each.name: _standard(each) for each in version.standards},
                    }
                )
                for version in pledge.versions
            ],
            "standards": {each.name: _standard(each) for each in pledge.standards},
            "paid once": [list(group) for group in pledge.paid_once],
            "examples": [_example(example) for example in pledge.examples],
        }
    )


def write_pledge(pledge: m.Pledge) -> str:
    """The canonical text of a pledge; reading it gives the same pledge again."""
    return yaml.dump(pledge_data(pledge), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def write_json(pledge: m.Pledge) -> str:
    """The pledge as JSON, the exact twin of its text."""
    return json.dumps(pledge_data(pledge), ensure_ascii=False, indent=2) + "\n"


class _Dumper(yaml.SafeDumper):
    """Writes every scalar as the text it is, without quotes where the reader needs none."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _kept(data: Mapping[str, Any]) -> Data:
    return {key: value for key, value in data.items() if value not in ("", None, [], {}, ())}


def _detail(detail: m.Detail) -> Data | str:
    kind = f"one of {', '.join(detail.values)}" if detail.kind is m.Kind.CHOICE else str(detail.kind)
    return {"is": kind, "says": detail.says} if detail.says else kind


def _rate(rate: m.Rate) -> Data:
    if isinstance(rate.value, m.Within):
        value = say_limit(rate.value)
    else:
        value = {"money": say_money(rate.value), "a percentage": f"{say_number(rate.value)}%"}.get(
            rate.kind, say_number(rate.value)
        )
    return _kept(
        {
            "is": value,
            "from": rate.first and str(rate.first),
            "until": rate.last and str(rate.last),
            "source": rate.source,
        }
    )


def _condition(condition: m.Condition | None) -> Any:
    match condition:
        case None:
            return None
        case m.AnyOf():
            return {"any of": [_condition(part) for part in condition.parts]}
        case m.NoneOf():
            return {"none of": [_condition(part) for part in condition.parts]}
        case m.AllOf() if len(condition.parts) < 2 or any(_needs_lines(part) for part in condition.parts):
            return {"all of": [_condition(part) for part in condition.parts]}
    return say_condition(condition)


def _needs_lines(condition: m.Condition) -> bool:
    return isinstance(condition, m.AnyOf | m.NoneOf | m.AllOf)


def _choice(choice: m.Choice[Any], say: Any) -> Any:
    lines = []
    for option in choice:
        text = say(option.value)
        if option.condition is not None:
            text += f" if {say_condition(option.condition)}"
        elif len(choice) > 1:
            text += " otherwise"
        lines.append(text)
    return lines[0] if len(lines) == 1 else lines


def _exclusions(exclusions: tuple[m.Exclusion, ...]) -> list[Any]:
    return [
        {"if": _condition(each.condition)}
        | _kept(
            {
                "because": each.because,
                "evidence": each.evidence,
                "decided by": each.decided_by,
            }
        )
        for each in exclusions
    ]


def _calendar_names(names: Mapping[m.Unit, str]) -> Any:
    if len(names) == 3 and len(set(names.values())) == 1:
        return next(iter(names.values()))
    return {f"{unit}s": name for unit, name in names.items()}


def _standard(standard: m.Standard) -> Data:
    return _kept(
        {
            "says": standard.says,
            "made by": standard.made_by,
            "only for": _condition(standard.only_for),
            "when": say_start(standard.start),
            "after missing": standard.start.after_missing,
            "we will": say_facts(standard.finish),
            "early counts": "yes" if standard.early_counts else "",
            "within": _choice(standard.within, say_limit),
            "calendar": _calendar_names(standard.calendars),
            "short months": standard.short_months,
            "on a closed day": "next open day" if standard.roll_forward else "",
            "cut-off": say_time(standard.cut_off) if standard.cut_off is not None else "",
            "start on a closed day": "next open day" if standard.closed_start else "",
            "first day": "counts" if standard.first_day_counts else "",
            "version by": "own start" if standard.version_by_own_start else "",
            "late from": say_limit(standard.late_from) if standard.late_from else "",
            "paused": [
                _kept({"from": each.opens, "until": each.closes, "because": each.because}) for each in standard.pauses
            ],
            "extended": [
                _kept(
                    {
                        "when": each.fact,
                        "to": _choice(each.to, say_limit) if each.to else "",
                        "by": say_limit(each.by) if each.by else "",
                        "times": str(each.times) if each.times != 1 else "",
                        "because": each.because,
                    }
                )
                for each in standard.extensions
            ],
            "void if": _exclusions(standard.void),
            "excused if": _exclusions(standard.excused),
            "noted": list(standard.noted),
            "at least as good as": standard.at_least_as_good_as,
            "if we do not": [_remedy(remedy) for remedy in standard.remedies],
        }
    )


def _remedy(remedy: m.Remedy) -> Data:
    head: Any = remedy.words
    if remedy.amount:
        head = _choice(remedy.amount, say_amount)
    elif remedy.kind is m.Remedying.CHOICE:
        head = [_remedy(choice) for choice in remedy.choices]
    elif remedy.most is not None:
        head = say_money(remedy.most)
    route = "" if remedy.route is m.Route.AUTOMATIC else str(remedy.route)
    if remedy.claim_within:
        route = f"claim within {say_limit(remedy.claim_within)}"
    return {str(remedy.kind): head} | _kept(
        {
            "or instead": list(remedy.instead),
            "if": _condition(remedy.condition),
            "nothing is owed if": _condition(remedy.extinguished),
            "within": say_limit(remedy.within) if remedy.within else "",
            "done when": remedy.done,
            "if late": _choice(remedy.if_late, say_amount) if remedy.if_late else "",
            "route": route,
            "evidence": remedy.evidence,
            "paid by": remedy.payer,
            "handed over by": remedy.by_whom,
            "settled": remedy.settled,
            "set off against": remedy.set_off,
            "repeated": say_repeated(remedy.repeated) if remedy.repeated else "",
            "no more than": [say_ceiling(ceiling) for ceiling in remedy.ceilings],
        }
    )


def _example(example: m.Example) -> Data:
    cases = {case.name: _kept({"details": dict(case.details), "facts": _facts(case.facts)}) for case in example.cases}
    expect = {
        f"{each.case}/{each.standard}": _kept(
            {
                "status": each.status,
                "due": each.due and each.due.isoformat(),
                "owed": None if each.owed is None else say_money(each.owed),
            }
        )
        for each in example.expected
    }
    return {"name": example.name, "cases": cases, "as of": example.as_of.isoformat(), "expect": expect}


def _facts(facts: tuple[m.ExampleFact, ...]) -> Data:
    data: Data = {}
    for fact in facts:
        at: Any = fact.at.isoformat()
        if isinstance(fact.recorded_at, datetime):
            at = {"at": at, "recorded at": fact.recorded_at.isoformat()}
        data.setdefault(fact.name, []).append(at)
    return data


def calendar_data(calendar: Calendar) -> Data:
    """A calendar as plain data with the keys of a calendar text."""
    week = {
        WEEKDAYS[day]: ", ".join(f"{say_time(opens)} to {say_time(closes)}" for opens, closes in hours).replace(
            f"00:00 to {say_time(DAY)}", "all day"
        )
        for day, hours in enumerate(calendar.hours)
        if hours
    }
    return _kept(
        {
            "calendar": calendar.name,
            "title": calendar.title,
            "zone": calendar.zone,
            "open": week,
            "closed": {str(day_of(day)): why for day, why in sorted(calendar.closed.items())},
            "complete": f"{day_of(calendar.first)} to {day_of(calendar.last)}",
            "source": calendar.source,
        }
    )


def write_calendar(calendar: Calendar) -> str:
    """The canonical text of a calendar."""
    return yaml.dump(calendar_data(calendar), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
