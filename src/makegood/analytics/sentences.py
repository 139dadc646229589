"""What a back-test comes to, in sentences for the terminal and the report; dates and sums as people say them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from math import floor, log10

from ..rules import Status
from ..rules.money import from_pence, say_money
from .backtest import Backtest, Comparison, Period, Result, Tally
from .sureness import FEW, LEAST_WEEKS, MOST_WEEKS, Unsure

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def say_day(day: date) -> str:
    """A day as people say it.

    >>> say_day(date(2011, 7, 1))
    'Friday 1 July 2011'
    """
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_instant(at: datetime) -> str:
    """An instant as people say it, in its own zone."""
    seconds = f":{at.second:02d}" if at.second else ""
    return f"{say_day(at.date())}, {at.hour:02d}:{at.minute:02d}{seconds}"


def say_month(key: str) -> str:
    """A month as people say it.

    >>> say_month("2011-07")
    'July 2011'
    """
    return f"{_MONTHS[int(key[5:7]) - 1]} {key[:4]}"


def say_share(share: float | None) -> str:
    """A share in percent; a small one is not told as none.

    >>> say_share(0.1234), say_share(0.0001), say_share(None)
    ('12.3%', 'under 0.1%', 'none decided')
    """
    if share is None:
        return "none decided"
    return "under 0.1%" if 0 < share < 0.001 else f"{100 * share:.1f}%"


def say_pence(pence: int) -> str:
    """An exact sum, also a negative one."""
    return f"−{say_money(from_pence(-pence))}" if pence < 0 else say_money(from_pence(pence))


def say_about(pounds: float) -> str:
    """An estimated sum to three figures, whole pounds at least.

    >>> say_about(122_437.12), say_about(-8.4)
    ('£122,000', '−£8')
    """
    sign, size = ("−" if round(pounds) < 0 else ""), abs(pounds)
    digits = floor(log10(size)) - 2 if size >= 1000 else 0
    return f"{sign}£{round(round(size, -digits)):,}"


def say_number(number: int, one: str, many: str = "") -> str:
    """A number with what is counted: `1 case`, `2,000 cases`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def say_sure(tally: Tally) -> str:
    """Both ends of the interval of a broken share; few cases are called few."""
    sure = tally.sure
    if sure is None:
        return ""
    few = ", few cases" if tally.decided < FEW else ""
    return f"{say_share(sure.low)} to {say_share(sure.high)}{few}"


def coverage(test: Backtest) -> Iterator[str]:
    """What the figures rest on."""
    if test.period:
        yield (
            f"{say_number(test.read, 'case')} read; they began from {say_day(test.period.first_day)} to "
            f"{say_day(test.period.last_day)} ({say_number(test.period.days, 'day')}), "
            f"judged as of {say_instant(test.as_of)}."
        )
    else:
        yield (
            f"{say_number(test.read, 'case')} read; none had begun by {say_instant(test.as_of)}: "
            "there is nothing to judge."
        )
    if test.set_aside:
        total = sum(test.set_aside.values())
        why = "; ".join(f"{reason}: {number:,}" for reason, number in sorted(test.set_aside.items()))
        yield f"{say_number(total, 'row')} could not be used and {'was' if total == 1 else 'were'} set aside ({why})."
    if test.period and not test.period.is_a_year:
        yield "The cases do not cover one year: yearly costs assume that the rest of a year is like these days."
    if test.period:
        yield from _far_apart(test.period)


def _far_apart(period: Period) -> Iterator[str]:
    """Dates that lie far from the others, as one that was mistyped does, and what that leaves out."""
    before, after = period.apart
    for which, day, days, where in (
        ("first", period.first_day, before, "before"),
        ("last", period.last_day, after, "after"),
    ):
        if days:
            yield (
                f"The {which} case began on {say_day(day)}, {say_number(days, 'day')} {where} nearly all others: "
                "see whether that date is right, for the period and yearly costs rest on it."
            )
    if period.is_long:
        yield "The period is so long that months without a case are left out."


def in_short(test: Backtest, result: Result) -> Iterator[str]:
    """What one pledge comes to: broken, owed, and how sure that is."""
    cases, period = result.cases, test.period
    if period is None:
        return
    if not cases.decided:
        yield f"None of {say_number(cases.total, 'case')} could be decided: nothing can be said of kept or broken."
        return
    yield (
        f"Of {say_number(cases.decided, 'case')} that could be decided, {cases.broken:,} "
        f"({say_share(cases.share)}) would have been broken, and {_owed(cases)} would have been owed."
    )
    yield _how_sure(cases)
    if cases.pence:
        yield _yearly(test, result)
    rest = [
        f"{cases.counts[status]:,} {words}"
        for status, words in (
            (Status.EXCUSED, "excused"),
            (Status.VOID, "not covered by the promise (void)"),
            (Status.UNKNOWN, "not to be judged (unknown)"),
            (Status.RUNNING, "still running: some of them may yet be broken"),
        )
        if cases.counts[status]
    ]
    without = test.read - cases.total
    rest += [f"{without:,} not started, or not what the promise is for"] if without else []
    if rest:
        yield f"Besides: {'; '.join(rest)}."
    if cases.counts[Status.UNKNOWN] > cases.total / 20:
        yield "So many cases are unknown that the rest may not speak for all: the reasons are listed below."


def _owed(cases: Tally) -> str:
    return say_money(cases.owed) if cases.pence else "no money"


def _how_sure(cases: Tally) -> str:
    sure = cases.sure
    if sure is None:
        return ""
    ends = f"between {say_share(sure.low)} and {say_share(sure.high)}"
    if cases.decided < FEW:
        return (
            f"Only {say_number(cases.decided, 'case')} could be decided: too few to build a promise on. "
            f"The true share could well be anything {ends}."
        )
    return f"How sure: taking these cases as a sample, the broken share lies {ends}, 95 times in 100."


def _yearly(test: Backtest, result: Result) -> str:
    period, interval = test.period, result.cost_interval
    if period is None:
        return ""
    if interval is None:
        return _no_yearly(period)
    cost = say_about(period.yearly(result.cases.pence))
    low, high = say_about(period.yearly(interval.low)), say_about(period.yearly(interval.high))
    return (
        f"A year would cost about {cost}: between {low} and {high}, 95 times in 100, "
        "had the weeks been others like these."
    )


def _no_yearly(period: Period) -> str:
    weeks = say_number(period.weeks, "week")
    match period.unsure:
        case Unsure.SPARSE:
            found = f"Most of the {weeks} are without a case: too unsteady"
        case Unsure.LONG:
            found = f"The cases are spread over {weeks}, more than {MOST_WEEKS:,}: too long"
        case _:
            found = f"The cases cover fewer than {LEAST_WEEKS} weeks: too short"
    return f"{found} to say what a year would cost, or how surely."


def who(groups: Mapping[str, Tally], whole: Tally) -> Iterator[str]:
    """Who causes most of it: the first group by money or, without money, by broken cases."""
    if not whole.broken or len(groups) < 2:
        return
    name, tally = max(groups.items(), key=lambda item: (item[1].pence, item[1].broken))
    money = f" and {say_share(tally.pence / whole.pence)} of the money" if whole.pence else ""
    yield (
        f"{name} has {say_share(tally.decided / whole.decided)} of the cases decided, "
        f"{say_share(tally.broken / whole.broken)} of those broken ({tally.broken:,} of {whole.broken:,}){money}."
    )


def compared(each: Comparison, first: str) -> Iterator[str]:
    """A pledge against the first; a difference is called one only when its interval allows."""
    differ = each.worse + each.better
    if not differ:
        decided = say_number(each.decided, "case")
        yield f"{each.label} and {first} have the same outcome in all {decided} decided by both."
    else:
        yield (
            f"For {differ:,} of {say_number(each.decided, 'case')} decided by both, the outcome differs: "
            f"{each.worse:,} broken only under {each.label}, {each.better:,} only under {first}. "
            + ("More than chance would explain." if each.sure_broken else "Chance alone could explain that.")
        )
    if each.interval is None:
        yield f"Over these cases {each.label} costs {_more(each.pence)}; {each.unsure} to say how surely."
        return
    ends = f"{say_about(each.interval.low / 100)} to {say_about(each.interval.high / 100)}"
    verdict = "so the costs differ" if each.sure_cost else "so no difference in cost can be claimed"
    yield f"Over these cases {each.label} costs {_more(each.pence)} ({ends}, 95 times in 100), {verdict}."


def _more(pence: int) -> str:
    if not pence:
        return "the same"
    return f"{say_pence(abs(pence))} {'more' if pence > 0 else 'less'}"
