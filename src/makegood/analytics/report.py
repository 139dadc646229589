"""The report of a back-test: one HTML page, without network or script, with a table beside every chart.

Whatever comes from pledges, cases or the command line is escaped; titles and descriptions say what the charts show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ..rules import Pledge
from ..rules.language.model import Standard
from ..rules.language.write import say_amount, say_condition, say_limit
from ..rules.money import say_money
from . import charts
from .backtest import STATUSES, Backtest, Curve, Result, Tally
from .page import Row, figure, page, paragraphs, plain, table
from .report_style import STYLE
from .sentences import (
    compared,
    coverage,
    in_short,
    say_about,
    say_month,
    say_number,
    say_pence,
    say_share,
    say_sure,
    who,
)
from .sureness import LEAST_WEEKS, MOST_WEEKS
from .varying import Subject

_BARS = 12
"""So many groups are drawn; the table has all."""
_REASONS = 15


def report(test: Backtest) -> str:
    """The whole page as HTML. Nothing in it depends on when or where it is made."""
    title = "Nothing to judge"
    if len(test.results) == 1:
        title = test.results[0].pledge.title or test.results[0].label
    elif test.results:
        title = f"{_listed([result.label for result in test.results])}, side by side"
    return page(
        title=f"Back-test: {title}", kicker="Makegood back-test: a promise tried on past cases", heading=title,
        about=next(coverage(test)), body="\n".join(part for part in _body(test) if part), style=STYLE,
        footer="<p>Money is the gross entitlement, before any claim is made or refused. Shares are of the cases that "
        "were decided: kept or broken. A case counts as broken when any of its promises is. A case belongs to the "
        "month and week in which it began. What people would have done differently under another promise, no "
        "back-test can know.</p>",
    )  # fmt: skip


def _body(test: Backtest) -> Iterator[str]:
    if not test.results:
        yield f"<h2>What was read</h2>\n{paragraphs(coverage(test))}"
        return
    yield _short(test)
    yield _statuses(test)
    if len(test.results) > 1:
        yield _comparison(test)
    for number, curve in enumerate(test.curves):
        yield _curve(test, curve, f"curve{number}")
    yield _months(test)
    groups = [("category", test.category, [result.categories for result in test.results])] if test.category else []
    if test.by and test.by != test.category:
        groups.append(("by", test.by, [result.causes for result in test.results]))
    for kind, detail, tallies in groups:
        yield _group(test, kind, detail, tallies)
    yield _promises(test)
    yield _basis(test)


# --- sections ----------------------------------------------------------------------------------------


def _short(test: Backtest) -> str:
    parts = ["<h2>In short</h2>"]
    for result in test.results:
        if len(test.results) > 1:
            parts.append(f"<h3>{plain(result.label)}</h3>")
        parts.append(_figures(test, result))
        sentences = list(in_short(test, result))
        few = [said for said in sentences if said.startswith(("Only", "None"))]
        parts.append(paragraphs(few, "warning") + paragraphs(said for said in sentences if said not in few))
        for detail, groups in ((test.by, result.causes), (test.category, result.categories)):
            if detail:
                parts.append(paragraphs(who(groups, result.cases)))
                break
    return "\n".join(parts)


def _figures(test: Backtest, result: Result) -> str:
    cases, period, cost = result.cases, test.period, result.cost_interval
    boxes = [("", "Cases decided", f"{cases.decided:,}", f"of {say_number(cases.total, 'case')} with an outcome")]
    if cases.decided:
        boxes.append(("is-broken", "Broken", say_share(cases.share), f"{cases.broken:,} cases; {say_sure(cases)}"))
    boxes.append(("is-broken", "Owed", say_money(cases.owed), "over the cases here" if cases.pence else "no money"))
    if period and cost and cases.pence:
        ends = f"{say_about(period.yearly(cost.low))} to {say_about(period.yearly(cost.high))}"
        boxes.append(("is-broken", "A year, about", say_about(period.yearly(cases.pence)), ends))
    inside = "".join(
        f'<div class="{dress}"><dt>{plain(name)}</dt><dd>{plain(said)}</dd><dd class="note">{plain(note)}</dd></div>'
        for dress, name, said, note in boxes
    )
    return f'<dl class="figures">{inside}</dl>'


def _statuses(test: Backtest) -> str:
    rows = [
        (
            result.label,
            [
                charts.Segment(dress=str(status), words=f"{status} {count:,}", size=count)
                for status in STATUSES
                if (count := result.cases.counts[status])
            ],
        )
        for result in test.results
    ]
    says = "; ".join(f"{label}: {', '.join(each.words for each in segments)}" for label, segments in rows)
    shown = [status for status in STATUSES if any(result.cases.counts[status] for result in test.results)]
    alone = test.results[0].cases.counts if len(test.results) == 1 else None
    key = "".join(
        f"<li>{charts.swatch(str(status))}{status}{f' {alone[status]:,}' if alone else ''}</li>" for status in shown
    )
    chart = charts.shares("outcomes", "How the cases would have come out", says, rows)
    counts = table(
        "Cases by outcome",
        ["pledge", *[str(status) for status in STATUSES], "cases"],
        [
            Row(cells=[row.label, *[f"{row.cases.counts[each]:,}" for each in STATUSES], f"{row.cases.total:,}"])
            for row in test.results
        ],
    )
    standards = ""
    if any(len(result.standards) > 1 for result in test.results):
        standards = "<h3>Promise by promise</h3>" + "".join(
            _tallies(f"Promises of {result.label}", "promise", result.standards.items(), result.promises)
            for result in test.results
        )
    return f"<h2>Kept and broken</h2>\n{figure('Cases by outcome', chart, key)}\n{counts}\n{standards}"


def _comparison(test: Backtest) -> str:
    first = test.results[0].label
    parts = ["<h2>Side by side</h2>"]
    for each in test.comparisons:
        parts += [f"<h3>{plain(each.label)} against {plain(first)}</h3>", paragraphs(compared(each, first))]
    return "\n".join(parts)


def _months(test: Backtest) -> str:
    keys = list(test.results[0].months)
    names = {key: say_month(key) for key in keys}
    labels = [(names[key][:3], key[:4] if key[:4] != before[:4] else "") for before, key in pairwise(["", *keys])]
    series = [[result.months[key].pence / 100 for key in keys] for result in test.results]
    key = _series_key(test)
    said = ". ".join(
        f"{result.label}: " + "; ".join(f"{names[each]} {say_pence(result.months[each].pence)}" for each in keys)
        for result in test.results
    )
    chart = ""
    if any(result.cases.pence for result in test.results):
        title = "Owed by the month in which the case began"
        chart = figure(title, charts.columns("months", title, said, labels, series, _short_money), key)
    return f"<h2>Month by month</h2>\n{chart}\n{_month_table(test, names)}"


def _group(test: Backtest, kind: str, detail: str, tallies: Sequence[Mapping[str, Tally]]) -> str:
    heading = f"By {detail}" if kind == "category" else f"Who causes it: by {detail}"
    parts = [f"<h2>{plain(heading)}</h2>"]
    if kind == "by":
        parts.append(paragraphs(who(tallies[0], test.results[0].cases)))
    for number, (result, groups) in enumerate(zip(test.results, tallies, strict=True)):
        if len(test.results) > 1:
            parts.append(f"<h3>{plain(result.label)}</h3>")
        parts += _group_charts(f"{kind}{number}", detail, result, groups)
        parts.append(_tallies(f"Cases by {detail}", detail, groups.items(), result.cases))
    return "\n".join(parts)


def _group_charts(name: str, detail: str, result: Result, groups: Mapping[str, Tally]) -> Iterator[str]:
    drawn = [(key, tally) for key, tally in groups.items() if tally.decided][:_BARS]
    more = f" (the first {_BARS} of {len(groups)})" if len(groups) > _BARS else ""
    if result.cases.pence:
        rows = [
            charts.Bar(
                label=key, size=tally.pence,
                said=f"{say_pence(tally.pence)}, {say_share(tally.pence / result.cases.pence)} of it",
            )
            for key, tally in drawn
        ]  # fmt: skip
        title = f"Owed, by {detail}{more}"
        yield figure(title, charts.bars(f"{name}-owed", title, _says(rows), rows, "s0"))
    rows = [
        charts.Bar(
            label=key, size=tally.share or 0, said=f"{say_share(tally.share)} of {tally.decided:,}",
            low=tally.sure.low if tally.sure else None, high=tally.sure.high if tally.sure else None,
        )
        for key, tally in drawn
    ]  # fmt: skip
    title = f"Share broken, by {detail}{more}; the black line is how sure that is"
    yield figure(title, charts.bars(f"{name}-broken", title, _says(rows), rows, "s1", whole=1))


def _says(rows: Iterable[charts.Bar]) -> str:
    return "; ".join(f"{row.label}: {row.said}" for row in rows)


def _curve(test: Backtest, curve: Curve, name: str) -> str:
    what, period = curve.variation, test.period
    subject = f"{what.standard}, {what.subject}" + (f" if {what.line}" if what.line else "")
    ends = [(point, point.cost_interval) for point in curve.points]
    money = [
        charts.Point(
            label=_bare(point.label), size=point.cases.pence / 100, said=_short_money(point.cases.pence / 100),
            low=cost.low / 100 if cost else None, high=cost.high / 100 if cost else None,
        )
        for point, cost in ends
    ]  # fmt: skip
    broken = [
        charts.Point(
            label=_bare(point.label), size=point.cases.share or 0, said=say_share(point.cases.share),
            low=point.cases.sure.low if point.cases.sure else None,
            high=point.cases.sure.high if point.cases.sure else None,
        )
        for point in curve.points
    ]  # fmt: skip
    axis = f"{what.subject}" + (f" in {what.unit}s" if what.unit else "")
    titles = (f"Owed over the cases, against the {what.subject}", f"Share broken, against the {what.subject}")
    drawn = []
    for title, points, say, suffix in (
        (titles[0], money, _short_money, "owed"),
        (titles[1], broken, _percent, "broken"),
    ):
        said = "; ".join(f"{point.label}: {row.said}" for point, row in zip(curve.points, points, strict=True))
        moves = suffix == "owed" or what.subject is Subject.LIMIT
        if moves and any(row.size for row in points):
            drawn.append(
                figure(title, charts.curve(f"{name}-{suffix}", title, said, points, say, axis=axis, at=curve.at))
            )
    rows: list[Row] = []
    for point, cost in ends:
        yearly = say_about(period.yearly(point.cases.pence)) if period and cost else f"{point.unsure} to say"
        sure = (
            f"{say_about(period.yearly(cost.low))} to {say_about(period.yearly(cost.high))}" if period and cost else ""
        )
        cases = point.cases
        cells = [
            point.label, f"{cases.broken:,} of {cases.decided:,}", say_share(cases.share), say_sure(cases),
            say_money(cases.owed), yearly, sure,
        ]  # fmt: skip
        rows.append(Row(cells=cells, dress="now" if len(rows) == curve.at else ""))
    head = [str(what.subject), "broken", "share", "95 times in 100", "owed", "a year, about", "95 times in 100"]
    marked = "" if curve.at is None else "; that line is marked"
    now = paragraphs([f"As it is written, the {what.subject} is {curve.now}{marked}."])
    costs = table(f"The cost against the {what.subject}", head, rows)
    return f"<h2>What another {what.subject} would cost: {plain(subject)}</h2>\n{now}\n" + "\n".join([*drawn, costs])


def _bare(label: str) -> str:
    """The number of a label alone; its unit stands on the axis."""
    return label.split(" ", maxsplit=1)[0]


def _promises(test: Backtest) -> str:
    parts = ["<h2>The promises that were tried</h2>"]
    for result in test.results:
        parts.append(f"<h3>{plain(result.pledge.title or result.label)}</h3>")
        rows = [Row(cells=[each.name, each.says, _lines(each), _money(each)]) for each in _standards(result.pledge)]
        head = ["promise", "what it says", "within", "owed"]
        parts.append(table(f"Promises of {result.label}", head, rows, words=(1, 2, 3)))
    return "\n".join(parts)


def _standards(pledge: Pledge) -> list[Standard]:
    return list(pledge.standards) or [each for version in pledge.versions for each in version.standards]


def _lines(standard: Standard) -> str:
    return "; ".join(
        say_limit(option.value) + (f" if {say_condition(option.condition)}" if option.condition else "")
        for option in standard.within
    )


def _money(standard: Standard) -> str:
    said = [
        say_amount(option.value) + (f" if {say_condition(option.condition)}" if option.condition else "")
        for remedy in standard.remedies
        for option in remedy.amount
    ]
    return "; ".join(said) or "no money"


def _basis(test: Backtest) -> str:
    parts = ["<h2>What these figures rest on</h2>", paragraphs(coverage(test))]
    for result in test.results:
        found = sorted(result.reasons.items(), key=lambda item: (-item[1], item[0]))
        if not found:
            continue
        rows = [Row(cells=[str(status), why, f"{number:,}"]) for (status, why), number in found[:_REASONS]]
        if len(found) > _REASONS:
            rest = sum(number for _, number in found[_REASONS:])
            rows.append(Row(cells=["", f"{len(found) - _REASONS} other reasons", f"{rest:,}"]))
        head = ["outcome", "why", "promises"]
        parts.append(table(f"Why promises of {result.label} were void, excused or unknown", head, rows, words=(1,)))
    parts.append(
        "<h3>How the intervals are made</h3><p>Shares: Wilson's score interval, as if the cases were independent. "
        "Costs: 2,000 resamples of whole weeks with a fixed seed, because failures come together; the middle 95 in "
        "100. Two promises are compared over the same cases and the same resampled weeks. Below 30 decided cases the "
        f"report says “few cases”; below {LEAST_WEEKS} weeks, beyond {MOST_WEEKS:,}, and when most weeks are without "
        "a case, it gives no interval for the cost. None of this covers seasons that are missing from the cases.</p>"
    )
    return "\n".join(parts)


# --- pieces ------------------------------------------------------------------------------------------


def _tallies(caption: str, what: str, groups: Iterable[tuple[str, Tally]], whole: Tally) -> str:
    rows = [
        Row(cells=[
            key, f"{tally.total:,}", f"{tally.broken:,} of {tally.decided:,}", say_share(tally.share), say_sure(tally),
            _part(tally.broken, whole.broken), say_money(tally.owed), _part(tally.pence, whole.pence),
        ])
        for key, tally in groups
    ]  # fmt: skip
    head = [
        what, "all", "broken", "share", "95 times in 100", "of all broken", "owed", "of all owed",
    ]  # fmt: skip
    return table(caption, head, rows)


def _part(some: int, whole: int) -> str:
    return say_share(some / whole) if whole else "–"


def _month_table(test: Backtest, months: Mapping[str, str]) -> str:
    if len(test.results) == 1:
        result = test.results[0]
        groups = [(name, result.months[key]) for key, name in months.items()]
        return _tallies("Month by month", "month", groups, result.cases)
    head = ["month"]
    for result in test.results:
        head += [f"{result.label}: broken", f"{result.label}: owed"]
    rows = []
    for key, name in months.items():
        row = [name]
        for result in test.results:
            tally = result.months[key]
            row += [f"{tally.broken:,} of {tally.decided:,}", say_money(tally.owed)]
        rows.append(Row(cells=row))
    return table("Month by month", head, rows)


def _series_key(test: Backtest) -> str:
    if len(test.results) == 1:
        return ""
    drawn = test.results[: charts.SERIES]
    return "".join(
        f"<li>{charts.swatch(f's{number}')}{plain(result.label)}</li>" for number, result in enumerate(drawn)
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _short_money(pounds: float) -> str:
    """A sum for an axis: `£950`, `£12k`, `£1.5m`."""
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if abs(pounds) >= size:
            return f"£{pounds / size:.3g}{letter}"
    return f"£{pounds:.3g}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"
