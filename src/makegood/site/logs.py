"""Logs as lines of JSON. A fault is told by its place in the code, never by its values: those may be personal."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """One line of JSON for each record: when, how grave, what; the extra fields that it was given; a fault's place."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = [
                f"{frame.filename.rpartition('site-packages/')[2].rpartition('src/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=False)


def tell(event: str, **fields: object) -> None:
    """A line at level info from the service itself. Fields must never be personal."""
    logging.getLogger("makegood").info(event, extra={"fields": fields})


def tell_fault(event: str, fault: BaseException, **fields: object) -> None:
    """A line about a fault, with its place in the code."""
    logging.getLogger("makegood").error(event, exc_info=fault, extra={"fields": fields})
