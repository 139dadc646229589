"""The door for acting: what an adviser does for somebody on the telephone, as one act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from makegood.rooms.cases.actions import log_contact, open_case, take_case
from makegood.rooms.cases.events import Resident
from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act, Json
from makegood.rooms.places.events import Place

from .permissions import may_open_for_caller


@action("desk.open_for_caller", may=may_open_for_caller)
def open_for_caller(
    act: Act,
    *,
    service: str,
    answers: Mapping[str, str],
    words: str,
    place: Place,
    resident: Resident,
    received_at: datetime | None,
    channel: str,
    mine: bool,
) -> dict[str, Json]:
    """Open a case as somebody told it to us: `{"number": …, "reference": …}`.

    Their getting in touch is logged as something that we needed to hear. With `mine`, whoever acts takes the case.
    """
    opened: dict[str, Json] = open_case(
        act.onward(act.actor),
        service_code=service,
        answers=answers,
        words=words,
        place=place,
        resident=resident,
        received_at=received_at,
        subject=place.address,
    )
    reference = str(opened["reference"])
    log_contact(act.onward(act.actor), case=reference, channel=channel, reason="needed", resolved=None)
    if mine:
        take_case(act.onward(act.actor), case=reference)
    act.about(reference, channel=channel)
    return opened
