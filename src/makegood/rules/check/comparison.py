"""Which of two limits or sums is the better one for the customer, where that can be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from ..clocks import with_rate
from ..errors import did_you_mean
from ..language import model as m
from ..language.write import say_amount, say_limit
from ..working_time import DAY
from .parts import Found
from .places import Findings

_FAMILY = {
    m.Unit.SECOND: ("elapsed", 1),
    m.Unit.MINUTE: ("elapsed", 60),
    m.Unit.HOUR: ("elapsed", 3600),
    m.Unit.SERVICE_MINUTE: ("service", 60),
    m.Unit.SERVICE_HOUR: ("service", 3600),
    m.Unit.CALENDAR_DAY: ("days", 1),
    m.Unit.WEEK: ("days", 7),
    m.Unit.MONTH: ("months", 1),
    m.Unit.YEAR: ("months", 12),
    m.Unit.WORKING_DAY: ("working days", 1),
    m.Unit.SCHOOL_DAY: ("school days", 1),
}


def compare_limits(limit: m.Limit, other: m.Limit, pledge: m.Pledge, of: m.Pledge | None = None) -> int | None:
    """-1, 0 or 1 as the first limit is shorter, the same or longer; `None` when it cannot be told.

    `of` is the pledge of the other limit, when it is another one.
    """
    if limit == other and of is None:
        return 0
    one, two = _length(limit, pledge), _length(other, of or pledge)
    if one is None or two is None or (one.anchor, one.before) != (two.anchor, two.before):
        return 0 if limit == other else None
    (family, size), (other_family, other_size) = _FAMILY[one.unit], _FAMILY[two.unit]
    length, other_length = one.count * size, two.count * other_size
    if family != other_family or one.calendar != two.calendar:
        return _across(family, length, other_family, other_length)
    mine, theirs = (length, _ending(one)), (other_length, _ending(two))
    return (mine > theirs) - (mine < theirs)


def _across(family: str, length: Fraction, other_family: str, other_length: Fraction) -> int | None:
    """So many calendar days are never more than as many working days."""
    if (family, other_family) == ("days", "working days") and length <= other_length:
        return -1
    if (family, other_family) == ("working days", "days") and length >= other_length:
        return 1
    return None


def _length(limit: m.Limit, pledge: m.Pledge) -> m.Within | None:
    if isinstance(limit, m.Rated):
        rates = pledge.rates.get(limit.rate, ())
        return with_rate(limit, rates[-1] if rates else None)
    return limit if isinstance(limit, m.Within) else None


def _ending(limit: m.Within) -> int:
    if limit.unit in m.DAYS:
        return DAY if limit.by is None else limit.by
    return -int(limit.less_than)


# --- sums -------------------------------------------------------------------------------------------------


def amount_is_worse(amount: m.Amount, other: m.Amount, pledge: m.Pledge, of: m.Pledge) -> bool | None:
    """Whether a sum can be less than another for the same lateness; `None` when it cannot be told."""
    verdicts = [
        _less(amount.first, other.first, pledge, of),
        _less(amount.floor, other.floor, pledge, of),
        False
        if amount.cap is None
        else True
        if other.cap is None and other.steps
        else _less(amount.cap, other.cap, pledge, of),
    ]
    mine = {step.period: step for step in amount.steps}
    for step in other.steps:
        own = mine.get(step.period)
        verdicts.append(
            True if own is None and not amount.steps else None if own is None else _step_is_worse(own, step, pledge, of)
        )
    return True if True in verdicts else None if None in verdicts else False


def _step_is_worse(own: m.Step, step: m.Step, pledge: m.Pledge, of: m.Pledge) -> bool | None:
    if own.skip > step.skip or (own.most is not None and (step.most is None or own.most < step.most)):
        return True
    return _less(own.part, step.part, pledge, of)


def _less(part: m.Part | None, other: m.Part | None, pledge: m.Pledge, of: m.Pledge) -> bool | None:
    if other is None or part == other:
        return False
    if part is None:
        return True
    mine, theirs = _value(part, pledge), _value(other, of)
    if mine is None or theirs is None:
        return None
    return mine < theirs


def _value(part: m.Part, pledge: m.Pledge) -> Fraction | None:
    """A sum that needs no case: the newest rate stands for a dated one."""
    match part:
        case m.Sum():
            return part.pounds
        case m.Named():
            return _newest(part.name, pledge)
        case m.Share():
            return _both(_value(part.of, pledge), _figure(part.percent, pledge), lambda sum_, by: sum_ * by / 100)
        case m.Divided():
            return _both(_value(part.part, pledge), _figure(part.by, pledge), lambda sum_, by: sum_ / by)
        case m.Times():
            return _both(_value(part.part, pledge), _figure(part.times, pledge), lambda sum_, by: sum_ * by)
        case m.GreaterOf():
            return _both(_value(part.parts[0], pledge), _value(part.parts[1], pledge), max)
        case m.LesserOf():
            return _both(_value(part.parts[0], pledge), _value(part.parts[1], pledge), min)


def _both(
    one: Fraction | None, other: Fraction | None, join: Callable[[Fraction, Fraction], Fraction]
) -> Fraction | None:
    return None if one is None or other is None else join(one, other)


def _figure(value: Fraction | str, pledge: m.Pledge) -> Fraction | None:
    return value if isinstance(value, Fraction) else _newest(value, pledge)


def _newest(name: str, pledge: m.Pledge) -> Fraction | None:
    rates = pledge.rates.get(name, ())
    value = rates[-1].value if rates else None
    return value if isinstance(value, Fraction) else None


# --- a standard and the one it must not fall behind ---------------------------------------------------------


def check_comparison(findings: Findings, pledge: m.Pledge, found: Found, others: Mapping[str, m.Pledge]) -> None:
    """“At least as good as”: no longer limit and no lesser sums than the standard that is named."""
    named = found.standard.at_least_as_good_as
    if not named:
        return
    path = (*found.path, "at least as good as")
    pledge_name, slash, standard_name = named.rpartition("/")
    if slash and pledge_name not in others:
        findings.wrong(
            path,
            "unknown-name",
            f"there is no pledge “{pledge_name[:60]}”",
            "a standard of this pledge, or PLEDGE/STANDARD of one that ships",
            did_you_mean(pledge_name, others),
        )
        return
    of = others[pledge_name] if slash else pledge
    parents = {each.name: each for version in of.versions for each in version.standards}
    parents |= {each.name: each for each in of.standards}
    if standard_name not in parents or (of is pledge and standard_name == found.standard.name):
        findings.wrong(
            path,
            "unknown-name",
            f"there is no other standard “{standard_name[:60]}” in {of.name}",
            "a standard",
            did_you_mean(standard_name, set(parents) - {found.standard.name}),
        )
        return
    parent = parents[standard_name]
    _compare_limits(findings, pledge, found, parent, of)
    _compare_remedies(findings, pledge, found, parent, of)


def _compare_limits(findings: Findings, pledge: m.Pledge, found: Found, parent: m.Standard, of: m.Pledge) -> None:
    path = (*found.path, "within")
    theirs = {option.condition: option.value for option in parent.within}
    only = next(iter(theirs.values())) if len(theirs) == 1 else None
    for index, option in enumerate(found.standard.within):
        other = theirs.get(option.condition, only)
        verdict = None if other is None else compare_limits(option.value, other, pledge, of)
        if verdict is None:
            findings.warn(
                (*path, index),
                "not-compared",
                f"“{say_limit(option.value)}”, which cannot be compared with {parent.name}",
                "a limit in the same unit and from the same start",
                "compare it by hand",
            )
        elif verdict > 0 and other is not None:
            findings.wrong(
                (*path, index),
                "worse",
                f"“{say_limit(option.value)}” is longer than “{say_limit(other)}” of {parent.name}",
                f"at most {say_limit(other)}",
            )


def _compare_remedies(findings: Findings, pledge: m.Pledge, found: Found, parent: m.Standard, of: m.Pledge) -> None:
    path = (*found.path, "if we do not")
    for remedy in parent.remedies:
        same = [(index, each) for index, each in enumerate(found.standard.remedies) if each.kind is remedy.kind]
        if not same:
            findings.wrong(
                path, "worse", f"no “{remedy.kind}”, which {parent.name} has", f"{remedy.kind}: as there, or more"
            )
            continue
        index, own = same[0]
        if own.route is m.Route.CLAIM and remedy.route is not m.Route.CLAIM:
            findings.wrong(
                (*path, index, "route"),
                "worse",
                f"a claim, where {parent.name} gives it without one",
                str(remedy.route),
            )
        theirs = {line.condition: line.value for line in remedy.amount}
        only = next(iter(theirs.values())) if len(theirs) == 1 else None
        for place, line in enumerate(own.amount):
            other = theirs.get(line.condition, only)
            worse = None if other is None else amount_is_worse(line.value, other, pledge, of)
            line_path = (*path, index, str(own.kind), place)
            if worse is None:
                findings.warn(
                    line_path,
                    "not-compared",
                    f"“{say_amount(line.value)}”, which cannot be compared with {parent.name}",
                    mend="compare it by hand",
                )
            elif worse and other is not None:
                findings.wrong(
                    line_path,
                    "worse",
                    f"“{say_amount(line.value)}” can be less than “{say_amount(other)}” of {parent.name}",
                    f"{say_amount(other)} at least",
                )
