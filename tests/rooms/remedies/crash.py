"""What is left after a crash at any point: a harness that breaks off at every statement, one after the other.

`every_crash` runs something again and again, each time from the same beginning. In the n-th run the connection to the
database dies before the n-th statement; then the same thing is done again, as after a restart. `photograph` says what
the database holds, without the numbers that differ from run to run, so that two endings can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection

Photograph = dict[str, list[str]]


class Crashed(BaseException):
    """The process died, as far as this test is concerned: nobody handles it and goes on."""


class Fuse:
    """Lets so many statements pass, then breaks the connection; `seen` are all that came by."""

    def __init__(self, after: int | None) -> None:
        self.after, self.seen = after, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        if self.after is not None and self.seen > self.after:
            context["connection"].connection.close()  # whatever was not committed is gone, as with a dead process
            raise Crashed(f"before statement {self.seen}: {sql[:80]}")
        return execute(sql, params, many, context)


@contextmanager
def fused(after: int | None) -> Iterator[Fuse]:
    """Break off after so many statements inside the block; with `None` only count them."""
    fuse = Fuse(after)
    with connection.execute_wrapper(fuse):
        yield fuse


def every_crash(begin: Callable[[], None], work: Callable[[], None], end: Callable[[], Photograph]) -> int:
    """Check that a crash before any statement of `work`, and `work` again, end as undisturbed work does.

    `begin` brings the database to the beginning; `end` photographs what is left. How many crashes there were.
    """
    begin()
    work()
    undisturbed = end()
    for after in count():
        begin()
        with fused(after):
            try:
                work()
            except BaseException as broken:
                if not _is_crash(broken):
                    raise
                crashed = True
            else:
                crashed = False
        connection.close()
        work()  # after an undisturbed run too: a process may die when all is done and nobody was told
        left = end()
        assert left == undisturbed, (
            f"a crash before statement {after + 1} leaves something else: {_other(left, undisturbed)}"
        )
        if not crashed:
            return after
    return 0


def _is_crash(broken: BaseException | None) -> bool:
    while broken is not None:
        if isinstance(broken, Crashed):
            return True
        broken = broken.__cause__ or broken.__context__
    return False


def _other(left: Photograph, right: Photograph) -> str:
    return "; ".join(
        f"{table}: {set(left[table]) ^ set(right[table])} of {len(left[table])} and {len(right[table])}"
        for table in left
        if left[table] != right[table]
    )


def photograph(queries: dict[str, str]) -> Photograph:
    """What some queries answer, as sorted lines of text."""
    found: Photograph = {}
    with connection.cursor() as cursor:
        for name, query in queries.items():
            cursor.execute(query)
            found[name] = sorted(str(row) for row in cursor.fetchall())
    return found
