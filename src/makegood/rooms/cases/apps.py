"""The cases as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """One need of one resident, from the report to the end."""

    name = "makegood.rooms.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen, and take up the rounds."""
        from . import handlers, tasks  # noqa: F401 - they register themselves
