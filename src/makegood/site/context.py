"""What every page knows of the place."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def place(request: HttpRequest) -> dict[str, object]:
    """The place's name and how to reach it, and who looks."""
    return {
        "place": settings.PLACE_NAME,
        "place_telephone": settings.PLACE_TELEPHONE,
        "demo": settings.PLACE_DEMO,
        "actor": getattr(request, "actor", None),
    }
