"""The figures of a back-test as plain rows and as data: what CSV and JSON hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from ..rules.money import from_pence
from .backtest import STATUSES, Backtest, Result, Tally

Row = dict[str, str | int | float | None]


def rows(test: Backtest) -> Iterator[Row]:
    """One row for each pledge and group, and for each value of a variation.

    `counted` says whether cases or promises are counted; shares are of those decided (kept or broken).
    """
    for result in test.results:
        yield _row(test, result, "all", "", "cases", result.cases, whole=True)
        for name, tally in result.standards.items():
            yield _row(test, result, "standard", name, "promises", tally)
        groups: list[tuple[str, Mapping[str, Tally]]] = [("month", result.months)]
        groups += [(test.category, result.categories)] if test.category else []
        groups += [(test.by, result.causes)] if test.by and test.by != test.category else []
        for group, tallies in groups:
            for key, tally in tallies.items():
                yield _row(test, result, group, key, "cases", tally)
    for curve in test.curves:
        group = f"{curve.variation.standard} {curve.variation.subject}"
        for point in curve.points:
            yield {
                **_row(test, point, group, point.label, "cases", point.cases, whole=True),
                "pledge": test.results[0].label,
            }


def _row(
    test: Backtest, result: Result, group: str, key: str, counted: str, tally: Tally, *, whole: bool = False
) -> Row:
    sure, cost = tally.sure, result.cost_interval if whole else None
    return {
        "pledge": result.label,
        "group": group,
        "key": key,
        "counted": counted,
        "count": tally.total,
        **{str(status): tally.counts[status] for status in STATUSES},
        "broken_share": _rounded(tally.share),
        "broken_share_low": _rounded(sure.low if sure else None),
        "broken_share_high": _rounded(sure.high if sure else None),
        "owed_gbp": f"{tally.owed:.2f}",
        "yearly_gbp": _yearly(test, tally.pence) if whole else None,
        "yearly_low_gbp": _yearly(test, cost.low if cost else None),
        "yearly_high_gbp": _yearly(test, cost.high if cost else None),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _yearly(test: Backtest, pence: float | None) -> str | None:
    return None if pence is None or test.period is None else f"{test.period.yearly(pence):.2f}"


class _Lines:
    """The file for a CSV writer that ends rows in \\r\\n and so quotes either sign in a value; here they end in \\n."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, row: str) -> int:
        """One whole row."""
        return self._file.write(row.removesuffix("\r\n") + "\n")


def write_csv(test: Backtest, file: IO[str]) -> None:
    """All rows as CSV with lines that end in \\n; an empty cell is a figure that cannot be told."""
    writer: csv.DictWriter[str] | None = None
    for row in rows(test):
        if writer is None:
            writer = csv.DictWriter(_Lines(file), row, lineterminator="\r\n")
            writer.writeheader()
        writer.writerow(row)


def write_json(test: Backtest, file: IO[str]) -> None:
    """The whole back-test as JSON: what it covers, why cases could not be judged, the rows, the comparisons."""
    period = test.period
    data: dict[str, Any] = {
        "as_of": test.as_of.isoformat(),
        "first_day": period and str(period.first_day),
        "last_day": period and str(period.last_day),
        "days": period and period.days,
        "cases_read": test.read,
        "rows_set_aside": dict(test.set_aside),
        "category": test.category,
        "by": test.by,
        "rows": list(rows(test)),
        "reasons": [
            {"pledge": result.label, "status": str(status), "reason": why, "promises": number}
            for result in test.results
            for (status, why), number in sorted(result.reasons.items(), key=lambda item: -item[1])
        ],
        "comparisons": [
            {
                "pledge": each.label,
                "against": test.results[0].label,
                "decided_in_both": each.decided,
                "broken_only_here": each.worse,
                "broken_only_there": each.better,
                "broken_differs_surely": each.sure_broken,
                "owed_more_gbp": str(from_pence(each.pence)),
                "owed_more_low_gbp": each.interval and round(each.interval.low / 100, 2),
                "owed_more_high_gbp": each.interval and round(each.interval.high / 100, 2),
                "owed_differs_surely": each.sure_cost,
            }
            for each in test.comparisons
        ],
    }
    json.dump(data, file, ensure_ascii=False, indent=2)
    file.write("\n")
