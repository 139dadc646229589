"""What measures need of journeys, in narrow tables: contacts by number, with what came next, and journeys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields

import narwhals.stable.v2 as nw

from ..program.build import Frame
from .columns import CONTACT_COLUMNS, WHOLE_COLUMNS, Journeys, Log
from .joining import NEXT
from .store import Store


@dataclass(frozen=True, kw_only=True)
class Facts(Journeys):
    """Journeys with three narrow tables more. Their texts may be words of a list: a store compares those faster.

    `turns` has a row for each contact: `number` of its journey, `place`, `followed` (another follows it in the
    journey), `ended` (its end, or start), `next_start`, `next_organisation` and `next_team` of the contact that follows
    it, and columns of its own, `TURN_COLUMNS`. `visits` has a row for each organisation of each journey, one that is
    not known too: `number`, `organisation` and the `place` of the first contact with it. `courses` has a row for each
    journey, with `COURSE_COLUMNS`.
    """

    turns: Frame
    visits: Frame
    courses: Frame

    def beside(self, turns: Frame, *columns: str) -> Frame:
        """Rows of `turns`, each with columns of its journey in `courses`."""
        return turns.join(self.courses.select("number", *columns), on="number")


TURN_COLUMNS = (
    "contact",
    "organisation",
    "team",
    "channel",
    "start",
    "weight",
    "resolved",
    "kind",
    "handed_to",
    "due",
    "reason_adviser",
    "reason_customer",
    "minutes",
    "travel_minutes",
    "travel_miles",
)
"""`contact` is null in a log without any items of information: those alone are joined to contacts."""

COURSE_COLUMNS = tuple(column for column in WHOLE_COLUMNS if column not in ("journey", "subject"))
"""What measures need of the columns of `Journeys.whole`."""

_ALWAYS = {"start", "weight"}
_ITEMS = {"asked", "given", "held"}


@contextmanager
def facts_of(journeys: Journeys, store: Store) -> Iterator[Facts]:
    """The facts of journeys, for as long as they are needed; those that are facts already are left as they are."""
    if isinstance(journeys, Facts):
        yield journeys
        return
    rows = journeys.contacts
    after = {f"next_{column}": nw.col(column) for column in NEXT}
    following = rows.select("number", place=nw.col("place") - 1, **after)
    # The next one joined by its place takes half the time of a window, which sorts whole rows.
    turns = store.keep(turns_of(rows.join(following, on=["number", "place"], how="left"), journeys.log))
    visits = store.keep(visits_of(turns))
    yield facts(journeys, turns=turns, visits=visits, courses=journeys.whole.select(*COURSE_COLUMNS))
    store.drop(turns, visits)


def facts(journeys: Journeys, *, turns: Frame, visits: Frame, courses: Frame) -> Facts:
    """The same journeys with their facts."""
    held = {each.name: getattr(journeys, each.name) for each in fields(Journeys)}
    return Facts(**held, turns=turns, visits=visits, courses=courses)


def taken(log: Log) -> list[str]:
    """The columns of contacts that the log has and turns need."""
    known = _ALWAYS | log.known - {"contact"} | ({"contact"} if _ITEMS & log.known else set())
    return [column for column in (*TURN_COLUMNS, "end") if column in known]


def turns_of(rows: Frame, log: Log) -> Frame:
    """The columns of `Facts.turns` of contacts in journeys, with `next_...` of the one that follows.

    Of the columns of contacts the rows need only have those `taken`; the others are null.
    """
    known = taken(log)
    ended = nw.coalesce("end", "start") if "end" in known else nw.col("start")
    told = {column: nw.col(column) if column in known else _empty(column) for column in TURN_COLUMNS}
    after = {f"next_{column}": nw.col(f"next_{column}") if column in known else _empty(column) for column in NEXT}
    return rows.select("number", "place", **told, **after, followed=~nw.col("is_last"), ended=ended)


def visits_of(turns: Frame) -> Frame:
    """The rows of `Facts.visits`."""
    return turns.group_by("number", "organisation").agg(nw.col("place").min())


def _empty(column: str) -> nw.Expr:
    return nw.lit(None).cast(CONTACT_COLUMNS[column]())
