"""The room as a Django app."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The app of the room."""

    name = "makegood.rooms.messages"
    label = "messages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take up the rounds."""
        from . import tasks  # noqa: F401 - registers itself
