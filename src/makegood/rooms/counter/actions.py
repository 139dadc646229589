"""The door for acting: a report, with its photo and its links to reports of the same thing, as one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from makegood.rooms.cases.actions import add_photo, link_duplicate, make_link, open_case
from makegood.rooms.cases.events import Resident
from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import SYSTEM, Act, By, Json
from makegood.rooms.places.events import Place

from .permissions import may_report


@action("counter.report", may=may_report, parts=1)
def report(
    act: Act,
    *,
    service: str,
    answers: Mapping[str, str],
    words: str,
    place: Place,
    resident: Resident,
    photo: bytes = b"",
    same_as: Sequence[str] = (),
) -> dict[str, Json]:
    """Open a case as somebody reported it: `{"number": …, "reference": …, "token": …}`, the token of a private link.

    A repeated intention is answered without the token, since only digests of tokens are kept.
    `same_as` are references of cases about the same thing: they are linked, never merged. All of it happens, or
    nothing. Raises `NotPossible` naming the field that does not do.
    """
    opened: dict[str, Json] = open_case(
        act.onward(act.actor),
        service_code=service,
        answers=answers,
        words=words,
        place=place,
        resident=resident,
        subject=place.address,
        link=True,
    )
    act.say_once("token")
    reference = str(opened["reference"])
    if photo:
        add_photo(act.onward(), case=reference, data=photo)
    for original in same_as:
        link_duplicate(act.onward(), case=reference, original=original)
    act.about(reference, photo=bool(photo), same_as=len(same_as))
    return opened


def link_of(reported: Mapping[str, Json]) -> str:
    """The token of a private link to what was reported: the one made with it, or another where it was sent again."""
    return str(reported.get("token") or make_link(By(actor=SYSTEM), case=str(reported["reference"])))
