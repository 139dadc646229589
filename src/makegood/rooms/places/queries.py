"""The door for finding wards and addresses."""

from __future__ import annotations

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F

from makegood.web.refusals import NotFound

from .events import Address, Place, Ward
from .models import AddressRow, WardRow


def searchable(text: str) -> str:
    """Words as addresses are found by: small letters, digits and single spaces, a postcode's space left out."""
    plain = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return " ".join(plain.split())


def wards() -> list[Ward]:
    """The wards, by name."""
    return [Ward(code=row.code, name=row.name) for row in WardRow.objects.order_by("name")]


def ward(code: str) -> Ward:
    """A ward by its code. Raises `NotFound`."""
    row = WardRow.objects.filter(code=code).first()
    if row is None:
        raise NotFound("There is no such ward.")
    return Ward(code=row.code, name=row.name)


def address(id: str) -> Address:
    """An address by its identifier. Raises `NotFound`."""
    row = AddressRow.objects.filter(id=id).first() if id.isprintable() else None
    if row is None:
        raise NotFound("There is no such address.")
    return _address(row)


def find_addresses(words: str, limit: int = 20) -> list[Address]:
    """Addresses that are most like some words (a street, a number, a postcode, misspelt too), best first."""
    wanted = searchable(words)[:100]
    if len(wanted) < 2:
        return []
    alike = AddressRow.objects.filter(TrigramWordSimilar(F("words"), wanted))
    ranked = alike.annotate(like=TrigramWordSimilarity(wanted, "words")).order_by("-like", "line", "id")
    return [_address(row) for row in ranked[: min(limit, 100)]]


def place_of(*, words: str = "", address_id: str = "") -> Place:
    """Where something is, with its ward where the address tells it. Raises `NotFound` for an unknown address."""
    said = " ".join(words.split())[:300]
    if not address_id:
        return Place(words=said)
    found = address(address_id)
    return Place(words=said, address=found.id, ward=found.ward)


def _address(row: AddressRow) -> Address:
    return Address(id=row.id, line=row.line, postcode=row.postcode, ward=row.ward_id)


__all__ = ["address", "find_addresses", "place_of", "searchable", "ward", "wards"]
