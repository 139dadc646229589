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
    """Journeys with a narrow table more, kept.

    `turns` has a row for each contact: `number`, `block`, `need` and `completing` of its journey, `place`, `followed`
    (another follows it in the journey), `ended` (its end, or start), `next_start`, `next_organisation` and `next_team`
    of the contact that follows it, and columns of its own, `TURN_COLUMNS`.
    """

    turns: Frame


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

_ALWAYS = {"start", "weight"}
_ITEMS = {"asked", "given", "held"}
_NEXT = ("start", "organisation", "team")


@contextmanager
def facts_of(journeys: Journeys, store: Store) -> Iterator[Facts]:
    """The facts of journeys, for as long as they are needed; those that are facts already are left as they are."""
    if isinstance(journeys, Facts):
        yield journeys
        return
    turns = store.keep(_turns(journeys))
    empty = {column: nw.lit(None).cast(CONTACT_COLUMNS[column]()) for column in _unknown(journeys)}
    empty |= {f"next_{column}": empty[column] for column in _NEXT if column in empty}
    yield Facts(
        log=journeys.log,
        contacts=journeys.contacts,
        whole=journeys.whole,
        is_part=journeys.is_part,
        turns=turns.with_columns(**empty) if empty else turns,
    )
    store.drop(turns)


def _unknown(journeys: Journeys) -> list[str]:
    """Columns that the log does not have: they are not carried along, and null again at the end."""
    known = _ALWAYS | journeys.log.known - {"contact"} | ({"contact"} if _ITEMS & journeys.log.known else set())
    return [column for column in TURN_COLUMNS if column not in known]


def _turns(journeys: Journeys) -> Frame:
    unknown = _unknown(journeys)
    held = [column for column in TURN_COLUMNS if column not in unknown]
    ended = nw.coalesce("end", "start") if "end" in journeys.log.known else nw.col("start")
    rows = journeys.contacts.select("number", "block", "place", *held, followed=~nw.col("is_last"), ended=ended)
    its = journeys.whole.select("number", "need", "completing")
    # The next one joined by its place takes half the time of a window, which sorts whole rows.
    after = {f"next_{column}": nw.col(column) for column in _NEXT if column in held}
    following = rows.select("number", place=nw.col("place") - 1, **after)
    return rows.join(its, on="number").join(following, on=["number", "place"], how="left")
