"""The contact log as two tables, whatever file it came from: what each column of a contact means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import narwhals.stable.v2 as nw

from ..program.build import Frame

MICROSECONDS = 1_000_000
"""Instants are whole microseconds since 1970, UTC: event logs have fractions of seconds."""


class Kind(StrEnum):
    """What a contact was, seen from the customer. A log's own words are mapped to these."""

    NEW_NEED = "new need"
    CHASE = "chase"
    REPEAT = "repeat of information"
    CLARIFICATION = "clarification"
    MISDIRECTED = "misdirected"
    HAND_OVER = "hand-over"
    COMPLAINT = "complaint"
    VISIT = "visit"
    APPOINTMENT = "appointment"
    INFORMATION_GIVEN = "information given"
    OUTCOME = "outcome"
    OTHER = "other"


CONTACT_COLUMNS: Mapping[str, type[nw.dtypes.DType]] = {
    "contact": nw.String,
    "line": nw.Int64,
    "case": nw.String,
    "subject": nw.String,
    "need": nw.String,
    "organisation": nw.String,
    "team": nw.String,
    "channel": nw.String,
    "kind": nw.String,
    "activity": nw.String,
    "start": nw.Int64,
    "end": nw.Int64,
    "offset": nw.Int64,
    "sequence": nw.Int64,
    "resolved": nw.Boolean,
    "completed": nw.Boolean,
    "reason_adviser": nw.String,
    "reason_customer": nw.String,
    "reference": nw.String,
    "follows": nw.String,
    "handed_to": nw.String,
    "due": nw.Int64,
    "minutes": nw.Float64,
    "travel_minutes": nw.Float64,
    "travel_miles": nw.Float64,
    "weight": nw.Float64,
    "words": nw.String,
}
"""The columns of `Log.contacts`, a row for each contact. All may be null but `contact`, `start`, `sequence`, `weight`.

- `contact`: its id, each once; when the log has none, made from the row's content, so that no order of rows matters.
- `line`: where it stands in its file. For messages only: nothing is ordered or decided by it.
- `case`: what the log itself keeps together across organisations, as an event log's case.
- `subject`: the customer, pseudonymous. `need`: what the customer is after.
- `kind`: one of `Kind`. `activity`: the step in the log's own words; for the map alone.
- `start`, `end`, `due`: microseconds since 1970 UTC; `offset`: seconds by which the log's clock was ahead of UTC at the
  start. `due`: when the next step had been promised for, as the customer was told at or before this contact.
- `sequence`: the order of contacts that began at one instant. All order is by `start`, `sequence`, `contact`.
- `resolved`: what was asked was settled in this contact. `completed`: with it the need itself was met for good.
- `reason_adviser`, `reason_customer`: a reason of avoidable contact, or `NOT_AVOIDABLE`; null where nobody said.
- `reference`: the record that the organisation made or used; `follows`: a reference that this contact quotes, of
  whichever organisation. `handed_to`: the organisation to which the customer was passed on.
- `minutes`: the customer's own time in the contact, waiting included; `travel_minutes`, `travel_miles`: getting there
  and back. `weight`: how many contacts this sampled one stands for; 1 where all were recorded.
"""

ITEM_COLUMNS: Mapping[str, type[nw.dtypes.DType]] = {
    "contact": nw.String,
    "item": nw.String,
    "how": nw.String,
    "holder": nw.String,
}
"""The columns of `Log.items`: an item of information that was, in a contact, `asked` of the customer, `given` by the
customer, or known to be `held` already, then by which organisation (`holder`; null elsewhere)."""

NOT_AVOIDABLE = "not avoidable"
"""What adviser or customer say of a contact that had to be."""

ORDER = ("start", "sequence", "contact")
"""By what contacts are ordered."""


@dataclass(frozen=True, kw_only=True)
class Log:
    """A contact log: its contacts, the items of information in them, and which columns the source has at all.

    `known` holds names of `CONTACT_COLUMNS` and `asked`, `given`, `held`: a measure whose columns are not all known is
    unknown, and says what it lacks.
    """

    contacts: Frame
    items: Frame
    known: frozenset[str]

    def lacks(self, *columns: str) -> tuple[str, ...]:
        """Those of the columns that the source does not have."""
        return tuple(column for column in columns if column not in self.known)


@dataclass(frozen=True, kw_only=True)
class Journeys:
    """Contacts put together into journeys.

    `contacts` has the columns of `Log.contacts` and those of `JOURNEY_COLUMNS`; `whole` a row for each journey, with
    the columns of `WHOLE_COLUMNS`. `is_part` says that `log` holds contacts of other journeys too: what a customer gave
    in those was given all the same.
    """

    log: Log
    contacts: Frame
    whole: Frame
    is_part: bool = False


JOURNEY_COLUMNS: Mapping[str, type[nw.dtypes.DType]] = {
    "journey": nw.String,
    "number": nw.Int64,
    "place": nw.Int64,
    "because": nw.String,
    "joined_to": nw.String,
    "block": nw.Int64,
    "before_organisation": nw.String,
    "before_team": nw.String,
    "before_end": nw.Int64,
    "is_last": nw.Boolean,
}
"""What building adds to a contact.

- `journey`: the id of its first contact. `number`: stands for it too, since numbers are sorted and joined faster than
  texts: how many contacts of the log come before that one in `ORDER`. `place`: 1 for that, 2 for the next, in `ORDER`.
  `is_last`: none follows.
- `because`: why it belongs, one of `Because`; `joined_to`: the contact that it was joined to, an earlier one but
  where two chains meet; null for the first.
- `before_organisation`, `before_team`: of the contact before it in the journey; `before_end`: that contact's `end`, or
  its `start` where it has no end. Null for the first.
- `block`: 0 to 99, the same for all contacts of a journey; intervals resample blocks (see `measures.sure`).
"""

WHOLE_COLUMNS: Mapping[str, type[nw.dtypes.DType]] = {
    "journey": nw.String,
    "number": nw.Int64,
    "block": nw.Int64,
    "subject": nw.String,
    "need": nw.String,
    "organisation": nw.String,
    "channel": nw.String,
    "first": nw.Int64,
    "last": nw.Int64,
    "contacts": nw.Int64,
    "completed": nw.Boolean,
    "completed_at": nw.Int64,
    "completing": nw.Int64,
    "bodies": nw.Int64,
}
"""A journey: `need` is the first that was named, `organisation` and `channel` those of its first contact; `first` the
start of the first contact, `last` the end (or start) of the last; `completed` whether one contact completed it (null
where `completed` is not known of any of its contacts), `completed_at` when that first was, `completing` the
place of the first contact that did; `bodies` the number of different organisations."""


class Because(StrEnum):
    """Why a contact belongs to its journey."""

    FIRST = "first contact"
    SAME_CASE = "same case in the log"
    SAME_NEED = "same customer and need, soon after"
    HANDED_OVER = "passed on to this organisation"
    QUOTED = "quotes an earlier reference"
