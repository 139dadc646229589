"""The door for loading wards and addresses."""

from __future__ import annotations

from collections.abc import Sequence

from makegood.rooms.journal.actions import action
from makegood.rooms.journal.events import Act
from makegood.web.refusals import NotPossible

from .events import Address, PlacesLoaded, Ward
from .models import AddressRow, WardRow
from .permissions import may_load_places
from .queries import searchable


@action("places.load_places", may=may_load_places)
def load_places(act: Act, *, wards: Sequence[Ward], addresses: Sequence[Address]) -> int:
    """Add wards and addresses, or bring those that are there up to date; how many addresses. None is taken away.

    Raises `NotPossible` for an address in a ward that nobody knows.
    """
    WardRow.objects.bulk_create(
        [WardRow(code=each.code, name=each.name) for each in wards],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )
    known = set(WardRow.objects.values_list("code", flat=True))
    stray = sorted({each.ward for each in addresses} - known)
    if stray:
        raise NotPossible(f"There is no ward “{stray[0][:20]}”: load it with the addresses.", field="addresses")
    rows = {each.id: each for each in addresses}.values()
    AddressRow.objects.bulk_create(
        [
            AddressRow(
                id=each.id,
                line=each.line,
                postcode=each.postcode,
                ward_id=each.ward,
                words=searchable(f"{each.line} {each.postcode} {each.postcode.replace(' ', '')}"),
            )
            for each in rows
        ],
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["line", "postcode", "ward", "words"],
    )
    act.about("places", wards=len(wards), addresses=len(rows))
    act.announce(PlacesLoaded(subject="places", wards=len(wards), addresses=len(rows)))
    return len(rows)
