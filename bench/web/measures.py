"""What is measured of the web service, against what, and what is to be reached."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.running import Failed
from bench.table import Row
from makegood.database.embedded import Server, running

from . import ours, theirs
from .clients import Pace, Step, together
from .places import HELPDESK, Place, helpdesk, makegood, postgres, served
from .spent import spent
from .sweep import sweep

FEW, MANY = 2, 8
"""Clients: at the few it is looked at how soon a page comes, at the many how many come."""
SOON, LARGER = 50.0, 1.3
TIMES: Mapping[str, float] = {"desk list": 50, "search": 50, "case page": 5, "create": 2}
SWEPT_WITHIN = 60.0 / 50_000
"""Seconds for each of many promises that fall due at one second: fifty thousand within a minute."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How many cases each of our places gets, how many tickets theirs, and how long each page is asked for."""

    cases: tuple[int, ...]
    tickets: int
    due: int
    escalated: int
    seconds: float


def measure(sizes: Sizes, folder: Path) -> Iterator[Row | Failed]:
    """Every row of the table as it is measured; what could not be measured comes as the failure that it was."""
    with running(folder / "pg") as server:
        paces: dict[int, dict[str, Measured]] = {}
        places: dict[int, Place] = {}
        for cases in sizes.cases:
            places[cases] = place = makegood(server, folder, cases)
            yield _loaded(cases, place)
            paces[cases] = yield from _pages(server, place, cases, sizes.seconds)
        yield from _larger(paces)
        if sizes.tickets:
            yield from _against(server, folder, sizes, paces)
        if sizes.due:
            yield from _swept(places[sizes.cases[0]], sizes.due)


def _busy() -> str:
    """What else the machine does: its load, with the processors that it has."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def _loaded(cases: int, place: Place) -> Row:
    told = place.told
    counts = told["counts"]
    facts, entries = counts["cases_fact"], counts["journal_entry"]
    return Row(
        measure=f"{cases:,} cases taken in",
        ours=f"{told['seconds']:.0f} s, {place.size()}",
        yardstick=f"{facts:,} facts, {entries:,} entries sealed; {_busy()}",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """How quickly something was answered to a few clients and to many, and what one answer cost the processors (ms)."""

    few: Pace
    many: Pace
    cost: float


def _measured(steps: Callable[[int], list[Step]], seconds: float, expect: tuple[int, ...], *serving: int) -> Measured:
    together(steps(FEW), seconds / 4, expect=expect)
    few = together(steps(FEW), seconds, expect=expect)
    before = spent(*serving)
    many = together(steps(MANY), seconds, expect=expect)
    return Measured(few=few, many=many, cost=(spent(*serving) - before) * 1000 / many.count)


def _pages(
    server: Server, place: Place, cases: int, seconds: float
) -> Generator[Row | Failed, None, dict[str, Measured]]:
    """A row for each page; returns how quickly they came, by name."""
    found: dict[str, Measured] = {}
    with served(place, "makegood.site.wsgi:application") as pages, closing(ours.Work(place, MANY)) as work:
        for name, expect in ours.WORK.items():
            try:
                took = _measured(partial(work.steps, name), seconds, expect, pages, postgres(server))
            except Failed as failure:
                yield Failed(f"{name} with {cases:,} cases: {failure}")
                continue
            found[name] = took
            yield Row(
                measure=f"{name}, {cases:,} cases",
                ours=f"p50 {took.few.p50:.0f} ms, p95 {took.few.p95:.0f} ms at {FEW} clients; "
                f"{took.many.rate:.0f} a second at {MANY}, {took.cost:.0f} ms of processor each",
                yardstick=_busy(),
                aim=f"p95 under {SOON:.0f} ms",
                reached=took.few.p95 < SOON,
            )
    return found


def _larger(paces: Mapping[int, Mapping[str, Measured]]) -> Iterator[Row]:
    if len(paces) < 2:
        return
    small, large = min(paces), max(paces)
    for name in paces[small].keys() & paces[large].keys():
        one, other = paces[small][name].few, paces[large][name].few
        yield Row(
            measure=f"{name}, {large:,} cases against {small:,}",
            ours=f"p95 {other.p95:.0f} ms",
            yardstick=f"p95 {one.p95:.0f} ms",
            ratio=f"{other.p95 / one.p95:.2f} ×",
            aim=f"within {LARGER} ×",
            reached=other.p95 <= LARGER * one.p95,
        )


def _against(
    server: Server, folder: Path, sizes: Sizes, paces: Mapping[int, Mapping[str, Measured]]
) -> Iterator[Row | Failed]:
    """The yardstick with the same workers; ours is the place with as many cases, or the nearest."""
    try:
        place = helpdesk(server, folder, sizes.tickets, sizes.escalated)
    except Failed as failure:
        yield failure
        return
    nearest = min(paces, key=lambda cases: abs(cases - sizes.tickets))
    with served(place, "served:application") as pages, closing(theirs.Work(place, MANY)) as work:
        for name, expect in theirs.WORK.items():
            try:
                took = _measured(partial(work.steps, name), sizes.seconds, expect, pages, postgres(server))
            except Failed as failure:
                yield Failed(f"{name} of django-helpdesk: {failure}")
                continue
            if name not in paces[nearest]:
                continue
            mine = paces[nearest][name]
            yield Row(
                measure=f"{name} at {MANY} clients, {nearest:,} cases",
                ours=f"{mine.many.rate:.0f} a second",
                yardstick=f"django-helpdesk, {sizes.tickets:,} open tickets: {took.many.rate:.1f} a second, "
                f"{took.cost:.0f} ms of processor each ({took.cost / mine.cost:.1f} × ours); {_busy()}",
                ratio=f"{mine.many.rate / took.many.rate:.1f} ×",
                aim=f"{TIMES[name]:g} ×",
                reached=mine.many.rate >= TIMES[name] * took.many.rate,
            )
    if sizes.escalated:
        told = place.program(HELPDESK / "escalate.py")
        yield Row(
            measure="overdue sweep of the yardstick",
            ours="see the sweep",
            yardstick=f"django-helpdesk escalate_tickets: {told['tickets'] / told['seconds']:.0f} a second; {_busy()}",
        )


def _swept(place: Place, due: int) -> Iterator[Row | Failed]:
    try:
        swept = sweep(place, due)
    except Failed as failure:
        yield failure
        return
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in swept.seconds.items())
    last = max(swept.seconds.values())
    yield Row(
        measure=f"sweep of {due:,} due at one second",
        ours=f"{swept.rate:.0f} a second: {steps}; {swept.workers:.2f} ms of processor each for the workers,"
        f" {swept.database:.2f} ms for the database",
        yardstick=_busy(),
        aim=f"within {SWEPT_WITHIN * due:.0f} s",
        reached=last <= SWEPT_WITHIN * due,
    )
