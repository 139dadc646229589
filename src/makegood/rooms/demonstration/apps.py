"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """The demonstration place."""

    name = "makegood.rooms.demonstration"
