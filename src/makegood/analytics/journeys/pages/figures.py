"""Measures as rows for other programs: CSV or JSON, one for each measure and group."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ....records.whole import written_whole
from ..measure import Measure

COLUMNS = (
    "measure", "by", "group", "value", "unit", "low", "high", "method", "n", "of", "unknown", "lacks", "at_least",
)  # fmt: skip
"""`by` and `group` say of which part it tells, joined by “; ” where it is of several; `lacks` what would be needed;
`at_least` why the value is only the least that it can be."""


def rows_of(measures: Sequence[Measure]) -> Iterator[Mapping[str, str | int | float | None]]:
    """A row for each measure. What is not known is `None`."""
    for measure in measures:
        interval = measure.interval
        values = (
            measure.definition.name, "; ".join(measure.by), "; ".join(measure.by.values()), measure.value,
            measure.definition.unit, interval.low if interval else None, interval.high if interval else None,
            measure.method, measure.n,
            measure.definition.of, measure.unknown, "; ".join(measure.lacks),
            measure.definition.at_least,
        )  # fmt: skip
        yield dict(zip(COLUMNS, values, strict=True))


def write_measures(measures: Sequence[Measure], path: Path) -> None:
    """Write them as CSV, or as JSON where the file is called so; the file appears only when it is whole."""
    with written_whole(path) as beside, beside.open("w", newline="", encoding="utf-8") as file:
        if path.suffix.lower() == ".json":
            json.dump(list(rows_of(measures)), file, ensure_ascii=False, indent=1)
        else:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows_of(measures))
