"""What several measures need of the same journeys, worked out once: contacts by number, with what came next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import narwhals.stable.v2 as nw

from ...program.build import Frame
from ..columns import CONTACT_COLUMNS, Journeys
from ..store import Store


@dataclass(frozen=True, kw_only=True)
class Facts(Journeys):
    """Journeys with two narrow tables more, both kept.

    `numbered` has the columns of `whole`, `number`, which stands for the journey (numbers are sorted and joined faster
    than texts), and `completing`: the place of the first contact that completed it, null without one.

    `turns` has a row for each contact: `number` and `completing` of its journey, `place`, `followed` (another follows
    it in the journey), `ended` (its end, or start), `next_start`, `next_organisation` and `next_team` of the contact
    that follows it, and columns of its own, `TURN_COLUMNS`.
    """

    numbered: Frame
    turns: Frame


TURN_COLUMNS = (
    "organisation",
    "team",
    "channel",
    "start",
    "weight",
    "resolved",
    "kind",
    "handed_to",
    "minutes",
    "travel_minutes",
    "travel_miles",
)
"""`kind` and `handed_to` are null where the log does not have both: alone neither tells who was left to nobody."""

_ALWAYS = {"start", "weight"}
_NEXT = ("start", "organisation", "team")


@contextmanager
def facts_of(journeys: Journeys, store: Store) -> Iterator[Facts]:
    """The facts of journeys, for as long as they are needed; those that are facts already are left as they are."""
    if isinstance(journeys, Facts):
        yield journeys
        return
    numbered = store.numbered(_with_completing(journeys), ["journey"], "number")
    turns = store.keep(_turns(journeys, numbered))
    empty = {column: nw.lit(None).cast(CONTACT_COLUMNS[column]()) for column in _unknown(journeys)}
    empty |= {f"next_{column}": empty[column] for column in _NEXT if column in empty}
    yield Facts(
        log=journeys.log,
        contacts=journeys.contacts,
        whole=journeys.whole,
        is_part=journeys.is_part,
        numbered=numbered,
        turns=turns.with_columns(**empty) if empty else turns,
    )
    store.drop(numbered, turns)


def _unknown(journeys: Journeys) -> list[str]:
    """Columns that the log does not have: they are not carried along, and null again at the end."""
    without = {"kind", "handed_to"} if journeys.log.lacks("kind", "handed_to", "resolved") else set()
    return [column for column in TURN_COLUMNS if column not in (_ALWAYS | journeys.log.known) - without]


def _with_completing(journeys: Journeys) -> Frame:
    completing = journeys.contacts.filter(nw.col("completed")).group_by("journey").agg(completing=nw.col("place").min())
    return journeys.whole.join(completing, on="journey", how="left")


def _turns(journeys: Journeys, numbered: Frame) -> Frame:
    unknown = _unknown(journeys)
    held = [column for column in TURN_COLUMNS if column not in unknown]
    ended = nw.coalesce("end", "start") if "end" in journeys.log.known else nw.col("start")
    rows = journeys.contacts.select("journey", "place", *held, followed=~nw.col("is_last"), ended=ended)
    its = numbered.select("journey", "number", "completing")
    after = {f"next_{column}": _next(column) for column in _NEXT if column in held}
    return rows.join(its, on="journey").drop("journey").with_columns(**after)


def _next(column: str) -> nw.Expr:
    return nw.col(column).shift(-1).over("number", order_by="place")
