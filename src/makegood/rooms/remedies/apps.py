"""Remedies as a Django app."""

from django.apps import AppConfig


class RemediesConfig(AppConfig):
    """What a broken promise owes."""

    name = "makegood.rooms.remedies"
    label = "remedies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to cases, and take up the rounds."""
        from . import handlers, tasks  # noqa: F401 - both register themselves
