"""The batch engine as a back-test uses it: each pledge is one run over the files, and no case is held in memory."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from ..records import CaseFiles, TableFile
from ..rules import Calendar, Pledge, Status
from .backtest import Engine, Judged
from .batch import run


def batch_engine(
    source: CaseFiles | TableFile,
    as_of: datetime,
    calendars: Mapping[str, Calendar],
    say: Callable[[str], None],
    *,
    careful: str,
) -> Engine:
    """The engine that runs a pledge over the files themselves.

    `say` hears what had to be judged one by one, and the words `careful` when files had to be read row by row.
    """

    def judge(pledge: Pledge) -> Iterable[Judged]:
        with tempfile.TemporaryDirectory(prefix="makegood-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "outcomes.csv"
            summary = run(pledge, source, as_of=as_of, calendars=calendars, output=path, say=say)
            if summary.careful:
                say(careful)
            with path.open(newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    pence = int(Decimal(row["owed_gbp"]) * 100)
                    yield Judged(row["case_id"], row["standard"], Status(row["status"]), pence, row["reason"])

    return judge
