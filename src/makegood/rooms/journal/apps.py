"""The journal as a Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The ground floor."""

    name = "makegood.rooms.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take up the rounds."""
        from . import tasks  # noqa: F401 - registers itself
