"""The room as a Django app."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """The app of the room."""

    name = "makegood.rooms.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"
