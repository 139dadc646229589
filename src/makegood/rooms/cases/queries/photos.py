"""A photo before there is a case that it belongs to, and whether a case has one."""

from __future__ import annotations

from makegood.database.looking import looking
from makegood.web.refusals import NotPossible

from ..models import Photo
from ..rules.photos import CannotOpen, remade
from .whole import row_of, whole


def photo_ready(data: bytes) -> bytes:
    """A photo as it will be kept: a JPEG of modest size made anew from its pixels, with nothing that the camera wrote.

    Raises `NotPossible`, saying how to mend it, for files that are too large, damaged, or no photo.
    """
    try:
        return remade(data).jpeg
    except CannotOpen as error:
        raise NotPossible(str(error), field="photo") from None


def has_photo(reference: str) -> bool:
    """Whether a photo came with the report; the photo itself is not read."""
    case = row_of(reference)
    if looking():
        return bool(whole(case.reference)["photo"])
    return Photo.objects.filter(case=case).exists()
